package content

import (
	"strings"

	"elkhorn/internal/event"
)

// plainFields are what programs write by hand. They are read where the record is one of a language model: it has a prompt, or a model
// and tokens.
var (
	plainPrompt   = mustFields("prompt", "user_prompt", "question", "input_text", "messages", "input.value")
	plainResponse = mustFields("response", "completion", "answer", "output_text", "output.value")
	plainModel    = mustFields("model", "model_name", "llm_model", "model_id")
	plainInput    = mustFields("prompt_tokens", "input_tokens", "tokens_in", "tokens_prompt", "tokens.prompt", "tokens.input", "usage.prompt_tokens", "usage.input_tokens")
	plainOutput   = mustFields("completion_tokens", "output_tokens", "tokens_out", "tokens_completion", "tokens.completion", "tokens.output", "usage.completion_tokens", "usage.output_tokens")
	plainTotal    = mustFields("tokens_used", "total_tokens", "token_count", "tokens.total", "usage.total_tokens")
	plainLatency  = mustFields("latency_ms", "duration_ms", "response_time_ms")
	plainUser     = mustFields("user_id", "user.id", "end_user")
	plainSession  = mustFields("session_id", "session.id", "conversation_id", "sessionId")
	plainCost     = mustFields("cost_usd", "cost", "total_cost")
	plainTool     = mustFields("tool_name", "tool.name")
)

// plain reads prompt, response, model, tokens_used and the like, at the root of the record or of its attributes.
func (x *reading) plain(root event.Value) {
	prompt, hasPrompt := first(plainPrompt, root)
	model, hasModel := first(plainModel, root)
	_, hasTokens := first(plainTotal, root)
	if _, f := first(plainInput, root); f != nil {
		hasTokens = f
	}
	isPlain := hasPrompt != nil && (prompt.Kind() == event.String && hasPrompt.flat != "question" && hasPrompt.flat != "input.value" || hasModel != nil) || hasModel != nil && hasTokens != nil && model.Kind() == event.String
	if !isPlain && !x.strong {
		return
	}
	if isPlain && !x.strong {
		x.dialects |= 1 << dialectPlain
		x.strong = true
	}
	const rank = 150
	x.input.take(rank, readMessages(unquoted(prompt), "user", 0))
	if v, f := first(plainResponse, root); f != nil && v.Kind() != event.Object && !v.IsNumber() {
		x.output.take(rank, readMessages(unquoted(v), "assistant", 0))
	}
	for _, p := range []struct {
		fields []Field
		take   func(*reading, event.Value)
	}{{plainModel, to(slotRequestModel, rank)}, {plainInput, count(slotInputTokens, rank)}, {plainOutput, count(slotOutputTokens, rank)}, {plainTotal, count(slotTotalTokens, rank)},
		{plainLatency, scaled(slotDuration, rank, 0.001)}, {plainUser, to(slotUser, rank)}, {plainSession, to(slotConversation, rank)}, {plainCost, cost(rank)}, {plainTool, to(slotToolName, rank)}} {
		if v, f := first(p.fields, root); f != nil {
			p.take(x, v)
		}
	}
	usageOf(rank+1, false)(x, member(root, "usage")) // as the vendor's library gave it: the cached tokens and the like
	x.put(slotStream, rank, member(root, "stream"))
}

func member(v event.Value, name string) event.Value {
	m, _ := v.Member(name)
	return m
}

// litellm reads LiteLLM's standard logging payload.
func (x *reading) litellm(root event.Value) {
	provider, ok := root.Member("custom_llm_provider")
	if !ok {
		return
	}
	x.dialects |= 1 << dialectLiteLLM
	x.strong = true
	const rank = 30
	to(slotProvider, rank)(x, provider)
	to(slotOperation, rank)(x, liteOperation(member(root, "call_type")))
	to(slotRequestModel, rank)(x, member(root, "model"))
	usageOf(rank, false)(x, root)
	cost(rank)(x, member(root, "response_cost"))
	parameters(rank)(x, member(root, "model_parameters"))
	to(slotUser, rank)(x, member(root, "end_user"))
	to(slotConversation, rank)(x, member(root, "session_id"))
	x.input.take(rank, readMessages(member(root, "messages"), "user", 0))
	start, ok1 := number(member(root, "startTime"))
	end, ok2 := number(member(root, "endTime"))
	if ok1 && ok2 && end >= start {
		x.put(slotDuration, rank, event.FloatOf(end-start))
		if begun, ok := number(member(root, "completionStartTime")); ok && begun > start && begun < end {
			x.put(slotTimeToFirst, rank, event.FloatOf(begun-start))
		}
	}
}

// liteOperation tells LiteLLM's completion, which is a chat, from a text completion.
func liteOperation(v event.Value) event.Value {
	if v.Str() == "completion" {
		return event.StringOf("acompletion")
	}
	return v
}

// langfuse reads an observation as Langfuse exports it.
func (x *reading) langfuse(root event.Value) {
	kind, _ := root.Member("type")
	switch kind.Str() {
	case "GENERATION", "EMBEDDING", "AGENT", "TOOL", "RETRIEVER", "CHAIN":
	default:
		return
	}
	trace, hasTrace := root.Member("traceId")
	if _, ok := root.Member("modelParameters"); !ok && (!hasTrace || trace.Kind() != event.String) {
		return
	}
	x.dialects |= 1 << dialectLangfuse
	x.strong = true
	const rank = 30
	to(slotOperation, rank)(x, kind)
	to(slotRequestModel, rank)(x, member(root, "model"))
	to(slotRequestModel, rank+1)(x, member(root, "providedModelName"))
	parameters(rank)(x, member(root, "modelParameters"))
	if details, ok := root.Member("usageDetails"); ok && details.Len() > 0 {
		usageOf(rank, true)(x, details)
	}
	usageOf(rank+1, false)(x, member(root, "usage"))
	usageOf(rank+2, false)(x, root)
	cost(rank)(x, member(member(root, "costDetails"), "total"))
	cost(rank+1)(x, member(root, "calculatedTotalCost"))
	to(slotConversation, rank)(x, member(root, "sessionId"))
	to(slotUser, rank)(x, member(root, "userId"))
	to(slotPromptName, rank)(x, member(root, "promptName"))
	scaled(slotDuration, rank, 1)(x, member(root, "latency"))
	scaled(slotTimeToFirst, rank, 1)(x, member(root, "timeToFirstToken"))
	x.input.take(rank, readMessages(unquoted(member(root, "input")), "user", 0))
	x.output.take(rank, readMessages(unquoted(member(root, "output")), "assistant", 0))
}

// holders are members in which programs keep a vendor's whole answer or request.
var holders = []string{"response", "raw_response", "response_body", "body", "result", "completion", "llm_response", "output", "data"}

// raws reads vendors' answers at the root, and in members that hold one, whole or as JSON text.
func (x *reading) raws(root event.Value) {
	if x.answer(root) {
		return
	}
	for _, name := range holders {
		v, ok := root.Member(name)
		if !ok {
			continue
		}
		if v.Kind() == event.String && (!strings.Contains(v.Str(), "usage") && !strings.Contains(v.Str(), "choices")) {
			continue
		}
		if v = unquoted(v); v.Kind() == event.Object && x.answer(v) {
			break
		}
	}
	x.events(root)
}

// answer reads a vendor's answer; it tells whether it is one.
func (x *reading) answer(v event.Value) bool {
	object := member(v, "object").Str()
	usage := member(v, "usage")
	model := member(v, "model")
	const rank = 50
	switch {
	case strings.HasPrefix(object, "chat.completion") || object == "text_completion":
		x.vendor(dialectOpenAI, rank, v, usage, false)
		x.output.take(rank, readMessages(member(v, "choices"), "assistant", 0))
		if object == "text_completion" {
			x.put(slotOperation, rank, event.StringOf("text_completion"))
		} else {
			x.put(slotOperation, rank, event.StringOf("chat"))
		}
	case object == "response" && member(v, "output").Kind() == event.Array:
		x.vendor(dialectOpenAI, rank, v, usage, false)
		x.output.take(rank, readMessages(member(v, "output"), "assistant", 0))
		x.put(slotOperation, rank, event.StringOf("chat"))
		to(slotFinish, rank)(x, member(v, "status"))
		parameters(rank)(x, v)
	case object == "list" && usage.Kind() == event.Object && model.Kind() == event.String:
		x.vendor(dialectOpenAI, rank, v, usage, false)
		x.put(slotOperation, rank, event.StringOf("embeddings"))
	case member(v, "type").Str() == "message" && usage.Kind() == event.Object && member(v, "content").Kind() == event.Array:
		x.vendor(dialectAnthropic, rank, v, usage, true)
		x.put(slotProvider, rank, event.StringOf("anthropic"))
		x.put(slotOperation, rank, event.StringOf("chat"))
		to(slotFinish, rank)(x, member(v, "stop_reason"))
		x.output.take(rank, readMessages(v, "assistant", 0))
	case member(v, "usageMetadata").Kind() == event.Object && member(v, "candidates").Kind() == event.Array:
		x.gemini(v, rank)
	case member(v, "stopReason").Kind() == event.String && usage.Kind() == event.Object:
		x.vendor(dialectBedrock, rank, v, usage, true)
		x.put(slotProvider, rank, event.StringOf("aws.bedrock"))
		to(slotFinish, rank)(x, member(v, "stopReason"))
		x.output.take(rank, readMessages(member(v, "output"), "assistant", 0))
	case member(v, "eval_count").IsNumber() && member(v, "done").Kind() == event.Bool:
		x.vendor(dialectOllama, rank, v, event.NullValue, false)
		x.put(slotProvider, rank, event.StringOf("ollama"))
		count(slotInputTokens, rank)(x, member(v, "prompt_eval_count"))
		count(slotOutputTokens, rank)(x, member(v, "eval_count"))
		to(slotFinish, rank)(x, member(v, "done_reason"))
		scaled(slotDuration, rank, 1e-9)(x, member(v, "total_duration"))
		if m, ok := v.Member("message"); ok {
			x.output.take(rank, readMessages(m, "assistant", 0))
		}
	default:
		return false
	}
	return true
}

// vendor reads what all answers have.
func (x *reading) vendor(dialect, rank uint8, v, usage event.Value, separate bool) {
	x.dialects |= 1 << dialect
	x.dialects &^= 1 << dialectPlain
	x.strong = true
	to(slotResponseModel, rank)(x, member(v, "model"))
	to(slotResponseID, rank)(x, member(v, "id"))
	if dialect == dialectOpenAI && x.ranks[slotProvider] == 0 && providerOfModel(member(v, "model").Str()) == "openai" {
		x.put(slotProvider, rank, event.StringOf("openai"))
	}
	usageOf(rank, separate && x.ranks[slotInputTokens] == 0)(x, usage)
}

func (x *reading) gemini(v event.Value, rank uint8) {
	x.vendor(dialectGemini, rank, v, event.NullValue, false)
	x.put(slotProvider, rank, event.StringOf("gcp.gemini"))
	x.put(slotOperation, rank, event.StringOf("generate_content"))
	to(slotResponseModel, rank)(x, member(v, "modelVersion"))
	to(slotResponseID, rank)(x, member(v, "responseId"))
	usage := member(v, "usageMetadata")
	count(slotInputTokens, rank)(x, member(usage, "promptTokenCount"))
	count(slotCacheRead, rank)(x, member(usage, "cachedContentTokenCount"))
	count(slotReasoning, rank)(x, member(usage, "thoughtsTokenCount"))
	output, _ := number(member(usage, "candidatesTokenCount"))
	thoughts, _ := number(member(usage, "thoughtsTokenCount"))
	x.put(slotOutputTokens, rank, wholeNumber(output+thoughts)) // thoughts are paid for as output
	count(slotTotalTokens, rank)(x, member(usage, "totalTokenCount"))
	for i, c := range member(v, "candidates").Items() {
		if i == 0 {
			to(slotFinish, rank)(x, member(c, "finishReason"))
		}
	}
	var list []message
	for _, c := range member(v, "candidates").Items() {
		list = append(list, readMessages(member(c, "content"), "assistant", 0)...)
	}
	x.output.take(rank, list)
}

// events reads the events of OpenTelemetry's earlier conventions: the message is the body.
func (x *reading) events(root event.Value) {
	name := member(root, "event.name")
	if name.Kind() != event.String {
		name = member(member(root, "event"), "name")
	}
	if name.Kind() != event.String {
		name = member(member(root, "attributes"), "event.name")
	}
	role, ok := strings.CutPrefix(name.Str(), "gen_ai.")
	if !ok {
		return
	}
	body := member(root, "body")
	if body.Kind() != event.Object {
		body = member(root, "Body")
	}
	body = unquoted(otlpValue(body, 0))
	switch role {
	case "system.message", "user.message", "tool.message":
		x.input.take(3, readMessages(body, strings.TrimSuffix(role, ".message"), 0))
	case "assistant.message", "choice":
		x.output.take(3, readMessages(body, "assistant", 0))
	}
}
