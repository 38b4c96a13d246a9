package content

import (
	"math"
	"strings"

	"elkhorn/internal/event"
)

// dialects are the names of what is read, by number.
var dialects = []string{"otel", "openinference", "traceloop", "openlit", "langfuse", "litellm", "vercel", "openai", "anthropic", "gemini", "bedrock", "ollama", "plain"}

const (
	dialectOTel = iota
	dialectOpenInference
	dialectTraceloop
	dialectOpenLIT
	dialectLangfuse
	dialectLiteLLM
	dialectVercel
	dialectOpenAI
	dialectAnthropic
	dialectGemini
	dialectBedrock
	dialectOllama
	dialectPlain
)

// The canonical fields, below the target: OpenTelemetry's names for generative AI, without gen_ai.
const (
	slotOperation = iota
	slotProvider
	slotRequestModel
	slotResponseModel
	slotResponseID
	slotFinish
	slotTimeToFirst
	slotDuration
	slotInputTokens
	slotOutputTokens
	slotTotalTokens
	slotCacheRead
	slotCacheWrite
	slotReasoning
	slotConversation
	slotUser
	slotTemperature
	slotTopP
	slotTopK
	slotMaxTokens
	slotSeed
	slotStop
	slotFrequencyPenalty
	slotPresencePenalty
	slotStream
	slotChoices
	slotToolName
	slotToolCallID
	slotToolArguments
	slotToolResult
	slotAgentName
	slotAgentID
	slotWorkflow
	slotPromptName
	slotSystem
	slotToolDefinitions
	slotOutputType
	slotDimensions
	slotInputMessages
	slotOutputMessages
	slotCount
)

var slotNames = [slotCount]string{"operation.name", "provider.name", "request.model", "response.model", "response.id", "response.finish_reasons", "response.time_to_first_chunk",
	"client.operation.duration", "usage.input_tokens", "usage.output_tokens", "usage.total_tokens", "usage.cache_read.input_tokens", "usage.cache_creation.input_tokens",
	"usage.reasoning.output_tokens", "conversation.id", "user.id", "request.temperature", "request.top_p", "request.top_k", "request.max_tokens", "request.seed", "request.stop_sequences",
	"request.frequency_penalty", "request.presence_penalty", "request.stream", "request.choice.count", "tool.name", "tool.call.id", "tool.call.arguments", "tool.call.result",
	"agent.name", "agent.id", "workflow.name", "prompt.name", "system_instructions", "tool.definitions", "output.type", "embeddings.dimension.count", "input.messages", "output.messages"}

// rule is what to do with a field of a dialect.
type rule struct {
	dialect uint8
	whole   bool // what is inside is no matter of other rules
	when    func(v event.Value) bool
	take    func(x *reading, v event.Value)
}

// rules are all fields that are known, by dotted name.
var rules = map[string]rule{}

// rulePrefixes are the objects that hold them.
var rulePrefixes = map[string]bool{}

// to makes a rule that fills a slot with a text or number; rank tells which source goes before which.
func to(slot, rank uint8) func(*reading, event.Value) {
	return func(x *reading, v event.Value) {
		switch v.Kind() {
		case event.Object, event.Array:
			if slot == slotFinish || slot == slotStop || slot == slotToolArguments || slot == slotToolResult || slot == slotSystem || slot == slotToolDefinitions {
				x.put(slot, rank, v.Clone())
			}
			return
		}
		if slot == slotToolArguments || slot == slotToolResult || slot == slotSystem || slot == slotToolDefinitions {
			v = unquoted(v)
		}
		x.put(slot, rank, v)
	}
}

// count makes a rule for a number, also one that is written as text.
func count(slot, rank uint8) func(*reading, event.Value) { return scaled(slot, rank, 1) }

// scaled makes a rule for a number in another unit.
func scaled(slot, rank uint8, factor float64) func(*reading, event.Value) {
	return func(x *reading, v event.Value) {
		n, ok := number(v)
		if !ok || n < 0 {
			return
		}
		if factor == 1 {
			x.put(slot, rank, wholeNumber(n))
			return
		}
		x.put(slot, rank, event.FloatOf(math.Round(n*factor*1e9)/1e9))
	}
}

// cost makes a rule for a cost as reported.
func cost(rank uint8) func(*reading, event.Value) {
	return func(x *reading, v event.Value) {
		if n, ok := number(v); ok && n >= 0 && (x.costRank == 0 || rank < x.costRank) {
			x.cost, x.costRank = n, rank
		}
	}
}

// parameters makes a rule for an object of request parameters, or its JSON.
func parameters(rank uint8) func(*reading, event.Value) {
	return func(x *reading, v event.Value) {
		v = unquoted(v)
		for name, slot := range parameterSlots {
			p, ok := v.Member(name)
			if n, isNumber := parseNumber(p.Str()); isNumber && slot != slotStop {
				p = wholeNumber(n)
			}
			if ok && (p.Kind() != event.Object || slot == slotStop) {
				x.put(slot, rank, p.Clone())
			}
		}
		if m, ok := v.Member("model"); ok && m.Kind() == event.String {
			x.put(slotRequestModel, rank+10, m)
		}
	}
}

var parameterSlots = map[string]uint8{"temperature": slotTemperature, "top_p": slotTopP, "topP": slotTopP, "top_k": slotTopK, "max_tokens": slotMaxTokens, "max_completion_tokens": slotMaxTokens,
	"max_output_tokens": slotMaxTokens, "maxTokens": slotMaxTokens, "maxOutputTokens": slotMaxTokens, "seed": slotSeed, "stop": slotStop, "stop_sequences": slotStop, "frequency_penalty": slotFrequencyPenalty,
	"presence_penalty": slotPresencePenalty, "stream": slotStream, "n": slotChoices}

// usageOf makes a rule for an object of token counts, or its JSON, by Langfuse's names and those of the vendors.
func usageOf(rank uint8, separate bool) func(*reading, event.Value) {
	return func(x *reading, v event.Value) {
		v = unquoted(v)
		for i, n := range v.Items() {
			if slot, ok := usageSlots[v.NameAt(i)]; ok {
				count(slot, rank)(x, n)
			}
		}
		for _, details := range []string{"prompt_tokens_details", "input_tokens_details"} {
			d, _ := v.Member(details)
			cached, _ := d.Member("cached_tokens")
			count(slotCacheRead, rank)(x, cached)
		}
		for _, details := range []string{"completion_tokens_details", "output_tokens_details"} {
			d, _ := v.Member(details)
			reasoning, _ := d.Member("reasoning_tokens")
			count(slotReasoning, rank)(x, reasoning)
		}
		x.separate = x.separate || separate
	}
}

var usageSlots = map[string]uint8{"input": slotInputTokens, "input_tokens": slotInputTokens, "prompt_tokens": slotInputTokens, "promptTokens": slotInputTokens, "inputTokens": slotInputTokens,
	"output": slotOutputTokens, "output_tokens": slotOutputTokens, "completion_tokens": slotOutputTokens, "completionTokens": slotOutputTokens, "outputTokens": slotOutputTokens,
	"total": slotTotalTokens, "total_tokens": slotTotalTokens, "totalTokens": slotTotalTokens,
	"cache_read_input_tokens": slotCacheRead, "input_cached_tokens": slotCacheRead, "cachedInputTokens": slotCacheRead, "cacheReadInputTokens": slotCacheRead, "cached_tokens": slotCacheRead,
	"cache_creation_input_tokens": slotCacheWrite, "input_cache_creation": slotCacheWrite, "cacheWriteInputTokens": slotCacheWrite,
	"reasoning_tokens": slotReasoning, "output_reasoning_tokens": slotReasoning, "reasoningTokens": slotReasoning}

// add adds rules of one dialect: name, what to do, name, what to do …
func add(dialect uint8, table map[string]func(*reading, event.Value)) {
	for name, take := range table {
		rules[name] = rule{dialect: dialect, take: take}
		for at := range len(name) {
			if name[at] == '.' {
				rulePrefixes[name[:at]] = true
			}
		}
	}
}

// whole marks rules whose value is read as a whole.
func whole(names ...string) {
	for _, name := range names {
		r := rules[name]
		r.whole = true
		rules[name] = r
	}
}

func init() { // since rules and what they are made of refer to each other
	rulesOTel()
	add(dialectOpenInference, map[string]func(*reading, event.Value){
		"openinference.span.kind": to(slotOperation, 40), "llm.model_name": to(slotRequestModel, 20), "embedding.model_name": to(slotRequestModel, 21), "llm.provider": to(slotProvider, 20), "llm.system": to(slotProvider, 25),
		"llm.token_count.prompt": count(slotInputTokens, 20), "llm.token_count.completion": count(slotOutputTokens, 20), "llm.token_count.total": count(slotTotalTokens, 20),
		"llm.token_count.prompt_details.cache_read": count(slotCacheRead, 20), "llm.token_count.prompt_details.cache_write": count(slotCacheWrite, 20), "llm.token_count.completion_details.reasoning": count(slotReasoning, 20),
		"llm.cost.total": cost(20), "llm.invocation_parameters": parameters(20), "llm.finish_reason": to(slotFinish, 20), "llm.prompt_template.template": nothing, "llm.tools": to(slotToolDefinitions, 20),
		"tool_call.function.name": to(slotToolName, 22), "tool_call.function.arguments": to(slotToolArguments, 22), "tool_call.id": to(slotToolCallID, 22)})
	add(dialectTraceloop, map[string]func(*reading, event.Value){
		"traceloop.span.kind": to(slotOperation, 45), "traceloop.workflow.name": to(slotWorkflow, 20), "traceloop.entity.name": nothing, "llm.request.type": to(slotOperation, 30), "llm.usage.total_tokens": count(slotTotalTokens, 15),
		"gen_ai.usage.cache_read_input_tokens": count(slotCacheRead, 15), "gen_ai.usage.cache_creation_input_tokens": count(slotCacheWrite, 15), "gen_ai.usage.reasoning_tokens": count(slotReasoning, 15),
		"traceloop.association.properties.user_id": to(slotUser, 20), "traceloop.association.properties.session_id": to(slotConversation, 25), "traceloop.entity.input": jsonInput(60), "traceloop.entity.output": jsonOutput(60),
		"llm.is_streaming": to(slotStream, 20), "llm.response.finish_reason": to(slotFinish, 22), "llm.chat.stop_sequences": to(slotStop, 20)})
	add(dialectOpenLIT, map[string]func(*reading, event.Value){"gen_ai.usage.cost": cost(15), "gen_ai.session.id": to(slotConversation, 15), "gen_ai.user.id": to(slotUser, 15),
		"gen_ai.server.ttft": to(slotTimeToFirst, 15), "gen_ai.server.time_to_first_token": to(slotTimeToFirst, 14)})
	rulesLangfuse()
	rulesVercel()
	whole("llm.invocation_parameters", "langfuse.observation.usage_details", "langfuse.observation.cost_details", "langfuse.observation.model.parameters", "gen_ai.input.messages", "gen_ai.output.messages",
		"gen_ai.tool.call.arguments", "gen_ai.tool.call.result", "gen_ai.system_instructions", "gen_ai.tool.definitions")
}

// nothing is for fields that only tell the dialect.
func nothing(*reading, event.Value) {}

func rulesOTel() {
	add(dialectOTel, map[string]func(*reading, event.Value){
		"gen_ai.operation.name": to(slotOperation, 1), "gen_ai.provider.name": to(slotProvider, 1), "gen_ai.system": to(slotProvider, 2),
		"gen_ai.request.model": to(slotRequestModel, 1), "gen_ai.response.model": to(slotResponseModel, 1), "gen_ai.response.id": to(slotResponseID, 1), "gen_ai.response.finish_reasons": to(slotFinish, 1), "gen_ai.response.finish_reason": to(slotFinish, 3),
		"gen_ai.response.time_to_first_chunk": to(slotTimeToFirst, 1), "gen_ai.client.operation.duration": to(slotDuration, 1),
		"gen_ai.usage.input_tokens": count(slotInputTokens, 1), "gen_ai.usage.output_tokens": count(slotOutputTokens, 1), "gen_ai.usage.prompt_tokens": count(slotInputTokens, 2), "gen_ai.usage.completion_tokens": count(slotOutputTokens, 2), "gen_ai.usage.total_tokens": count(slotTotalTokens, 2),
		"gen_ai.usage.cache_read.input_tokens": count(slotCacheRead, 1), "gen_ai.usage.cache_creation.input_tokens": count(slotCacheWrite, 1), "gen_ai.usage.reasoning.output_tokens": count(slotReasoning, 1),
		"gen_ai.conversation.id": to(slotConversation, 1), "gen_ai.request.temperature": to(slotTemperature, 1), "gen_ai.request.top_p": to(slotTopP, 1), "gen_ai.request.top_k": to(slotTopK, 1), "gen_ai.request.max_tokens": to(slotMaxTokens, 1),
		"gen_ai.request.seed": to(slotSeed, 1), "gen_ai.openai.request.seed": to(slotSeed, 2), "gen_ai.request.stop_sequences": to(slotStop, 1), "gen_ai.request.frequency_penalty": to(slotFrequencyPenalty, 1), "gen_ai.request.presence_penalty": to(slotPresencePenalty, 1),
		"gen_ai.request.stream": to(slotStream, 1), "gen_ai.request.is_stream": to(slotStream, 3), "gen_ai.request.choice.count": to(slotChoices, 1), "gen_ai.tool.name": to(slotToolName, 1), "gen_ai.tool.call.id": to(slotToolCallID, 1),
		"gen_ai.tool.call.arguments": to(slotToolArguments, 1), "gen_ai.tool.call.result": to(slotToolResult, 1), "gen_ai.tool.definitions": to(slotToolDefinitions, 1), "gen_ai.agent.name": to(slotAgentName, 1), "gen_ai.agent.id": to(slotAgentID, 1),
		"gen_ai.workflow.name": to(slotWorkflow, 1), "gen_ai.prompt.name": to(slotPromptName, 1), "gen_ai.system_instructions": to(slotSystem, 1), "gen_ai.output.type": to(slotOutputType, 1), "gen_ai.embeddings.dimension.count": to(slotDimensions, 1),
		"gen_ai.input.messages": jsonInput(1), "gen_ai.output.messages": jsonOutput(1), "gen_ai.prompt": jsonInput(5), "gen_ai.completion": jsonOutput(5), "gen_ai.input.text": jsonInput(6), "gen_ai.output.text": jsonOutput(6)})
	rules["event.name"] = rule{dialect: dialectOTel, take: nothing, when: func(v event.Value) bool { return strings.HasPrefix(v.Str(), "gen_ai.") }}
	rulePrefixes["event"] = true
}

func rulesLangfuse() {
	add(dialectLangfuse, map[string]func(*reading, event.Value){
		"langfuse.observation.type": to(slotOperation, 35), "langfuse.observation.model.name": to(slotRequestModel, 10), "langfuse.observation.model": to(slotRequestModel, 11), "langfuse.observation.model.parameters": parameters(10),
		"langfuse.observation.usage_details": usageOf(10, true), "langfuse.observation.cost_details": langfuseCost, "langfuse.observation.prompt.name": to(slotPromptName, 10), "langfuse.prompt.name": to(slotPromptName, 11),
		"langfuse.observation.input": jsonInput(20), "langfuse.observation.output": jsonOutput(20), "langfuse.trace.name": to(slotWorkflow, 30), "langfuse.session.id": to(slotConversation, 10), "langfuse.user.id": to(slotUser, 10),
		"langfuse.trace.session_id": to(slotConversation, 11), "langfuse.trace.user_id": to(slotUser, 11)})
}

func langfuseCost(x *reading, v event.Value) {
	total, ok := unquoted(v).Member("total")
	if ok {
		cost(10)(x, total)
	}
}

func rulesVercel() {
	add(dialectVercel, map[string]func(*reading, event.Value){
		"ai.operationId": to(slotOperation, 38), "ai.model.id": to(slotRequestModel, 12), "ai.model.provider": to(slotProvider, 12), "ai.response.model": to(slotResponseModel, 12), "ai.response.id": to(slotResponseID, 12), "ai.response.finishReason": to(slotFinish, 12),
		"ai.usage.promptTokens": count(slotInputTokens, 12), "ai.usage.completionTokens": count(slotOutputTokens, 12), "ai.usage.inputTokens": count(slotInputTokens, 11), "ai.usage.outputTokens": count(slotOutputTokens, 11), "ai.usage.tokens": count(slotInputTokens, 13),
		"ai.usage.totalTokens": count(slotTotalTokens, 12), "ai.usage.reasoningTokens": count(slotReasoning, 12), "ai.usage.cachedInputTokens": count(slotCacheRead, 12),
		"ai.response.msToFirstChunk": scaled(slotTimeToFirst, 12, 0.001), "ai.stream.msToFirstChunk": scaled(slotTimeToFirst, 13, 0.001), "ai.response.msToFinish": scaled(slotDuration, 12, 0.001),
		"ai.settings.temperature": to(slotTemperature, 12), "ai.settings.maxTokens": to(slotMaxTokens, 12), "ai.settings.maxOutputTokens": to(slotMaxTokens, 11), "ai.settings.topP": to(slotTopP, 12), "ai.settings.topK": to(slotTopK, 12), "ai.settings.seed": to(slotSeed, 12),
		"ai.prompt.messages": jsonInput(12), "ai.prompt": jsonInput(14), "ai.prompt.tools": nothing, "ai.response.text": jsonOutput(12), "ai.response.object": jsonOutput(13), "ai.response.toolCalls": vercelToolCalls,
		"ai.toolCall.name": to(slotToolName, 12), "ai.toolCall.id": to(slotToolCallID, 12), "ai.toolCall.args": to(slotToolArguments, 12), "ai.toolCall.result": to(slotToolResult, 12),
		"ai.telemetry.functionId": to(slotWorkflow, 25), "ai.telemetry.metadata.userId": to(slotUser, 12), "ai.telemetry.metadata.sessionId": to(slotConversation, 12), "ai.telemetry.metadata.chatId": to(slotConversation, 13)})
}

// providerNames bring the names of dialects and gateways to OpenTelemetry's.
var providerNames = map[string]string{"az.ai.openai": "azure.ai.openai", "azure": "azure.ai.openai", "azure_openai": "azure.ai.openai", "azure-openai": "azure.ai.openai", "az.ai.inference": "azure.ai.inference", "azure_ai": "azure.ai.inference",
	"bedrock": "aws.bedrock", "aws": "aws.bedrock", "amazon-bedrock": "aws.bedrock", "bedrock_converse": "aws.bedrock", "vertex_ai": "gcp.vertex_ai", "vertexai": "gcp.vertex_ai", "google.vertex": "gcp.vertex_ai", "vertex_ai_beta": "gcp.vertex_ai",
	"gemini": "gcp.gemini", "google": "gcp.gen_ai", "google.generative-ai": "gcp.gemini", "google_genai": "gcp.gen_ai", "mistral": "mistral_ai", "mistralai": "mistral_ai", "xai": "x_ai", "watsonx": "ibm.watsonx.ai", "ibm": "ibm.watsonx.ai",
	"moonshot": "moonshot_ai", "moonshotai": "moonshot_ai", "together_ai": "together_ai", "cohere_chat": "cohere", "text-completion-openai": "openai", "chatgpt": "openai"}

// providerName is OpenTelemetry's name; names that it does not have stay as they are.
func providerName(name string) string {
	lower := strings.ToLower(name)
	if known, ok := providerNames[lower]; ok {
		return known
	}
	if base, _, dotted := strings.Cut(lower, "."); dotted && (strings.HasSuffix(lower, ".chat") || strings.HasSuffix(lower, ".responses") || strings.HasSuffix(lower, ".messages") || strings.HasSuffix(lower, ".completion") || strings.HasSuffix(lower, ".embedding")) {
		return providerName(base) // as the Vercel AI SDK names them: openai.chat
	}
	return lower
}

// providerOfModel guesses from a model's name, where nothing else tells.
func providerOfModel(model string) string {
	model = strings.ToLower(model)
	if vendor, _, ok := strings.Cut(model, "/"); ok {
		return providerName(vendor)
	}
	for _, p := range []struct{ prefix, provider string }{{"gpt-", "openai"}, {"o1", "openai"}, {"o3", "openai"}, {"o4", "openai"}, {"chatgpt", "openai"}, {"text-embedding", "openai"}, {"claude", "anthropic"}, {"gemini", "gcp.gemini"},
		{"mistral", "mistral_ai"}, {"codestral", "mistral_ai"}, {"command", "cohere"}, {"deepseek", "deepseek"}, {"grok", "x_ai"}, {"sonar", "perplexity"}, {"kimi", "moonshot_ai"}} {
		if strings.HasPrefix(model, p.prefix) {
			return p.provider
		}
	}
	return ""
}

// operations bring what dialects call a kind of span to OpenTelemetry's operations.
var operations = map[string]string{"llm": "chat", "generation": "chat", "chat": "chat", "completion": "text_completion", "text_completion": "text_completion", "atext_completion": "text_completion", "acompletion": "chat", "responses": "chat", "aresponses": "chat", "anthropic_messages": "chat",
	"embedding": "embeddings", "aembedding": "embeddings", "embeddings": "embeddings", "tool": "execute_tool", "agent": "invoke_agent", "retriever": "retrieval", "reranker": "retrieval", "workflow": "invoke_workflow", "chain": "invoke_workflow", "task": "invoke_workflow", "rerank": "retrieval"}

// operationName is OpenTelemetry's name of an operation; "" for what has none.
func operationName(name string) string {
	if op, ok := operations[strings.ToLower(name)]; ok {
		return op
	}
	if id, ok := strings.CutPrefix(name, "ai."); ok { // the Vercel AI SDK's operationId
		switch {
		case strings.HasPrefix(id, "embed"):
			return "embeddings"
		case strings.HasPrefix(id, "toolCall"):
			return "execute_tool"
		}
		return "chat"
	}
	return ""
}
