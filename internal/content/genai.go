package content

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// GenAI reads what programs report of language models.
var GenAI = Kind{
	Name: "genai",
	Summary: "Reads the dialects in which calls of language models are logged (OpenTelemetry, OpenInference, Langfuse, LiteLLM, Vercel AI SDK, the answers of " +
		"OpenAI, Anthropic, Gemini, Bedrock and Ollama, plain prompt/response), and writes one set of fields, gen_ai.*, with the cost. What it reads stays.",
	Options: []plugin.Option{
		{Name: "target", Kind: plugin.Field, Default: "gen_ai", Help: "Object that gets the fields: operation.name, provider.name, request.*, response.*, usage.*, input.messages, output.messages, conversation.id, tool.*, agent.*, cost.*."},
		{Name: "messages", Kind: plugin.String, Default: "keep", Allowed: []string{"keep", "sizes", "none"}, Help: "keep writes the messages in OpenTelemetry's form; sizes writes how many there are and how many characters they have; none leaves them out. What was read stays in either case: remove or redact it with filters of their own."},
		{Name: "prices_path", Kind: plugin.Path, Help: "A JSON or YAML file of prices that goes before the built-in ones: {models: {name: {input: 2.5, output: 10, cache_read: 1.25, cache_write: 0}}}, per million tokens. It is read again when it changes."},
		{Name: "prices", Kind: plugin.Hash, Help: "Such prices in the configuration: name => { input => 2.5 output => 10 }."},
		{Name: "currency", Kind: plugin.String, Default: "USD", Help: "The currency of the prices; it is written beside the cost."},
		{Name: "reload_interval", Kind: plugin.Seconds, Default: 60, Help: "How often prices_path is looked at; 0 never again."},
		{Name: "cached_tokens", Kind: plugin.String, Default: "auto", Allowed: []string{"auto", "included", "separate"}, Help: "Whether input_tokens has the cached ones in it, as OpenTelemetry wants, or beside it, as Anthropic counts: auto goes by dialect and by what adds up. What was applied is written to usage.cache_rule; usage.input_tokens has them in it afterwards."},
		{Name: "tag_on_unknown_model", Kind: plugin.String, Default: "", Help: "Tag for an event whose model has no price; its name is written to cost.unknown_model in any case."},
	},
	New: newGenAI,
}

type genAI struct {
	target   string
	messages string
	rule     string
	currency string
	tag      string
	slots    []Field // the canonical fields below target, by slot
	extra    map[string]*Field
	prices   *priceBook
	env      Env
}

func newGenAI(env Env, s *plugin.Settings) (Worker, error) {
	g := &genAI{messages: s.String("messages"), rule: s.String("cached_tokens"), currency: s.String("currency"), tag: s.String("tag_on_unknown_model"), env: env, extra: map[string]*Field{}}
	f, err := fieldOption(s, "target")
	if err != nil {
		return nil, err
	}
	g.target = f.flat
	for _, name := range slotNames {
		g.slots = append(g.slots, mustField(g.target+"."+name))
	}
	for _, name := range []string{"dialects", "cost.total", "cost.input", "cost.output", "cost.currency", "cost.source", "cost.priced_as", "cost.estimated", "cost.unknown_model", "usage.cache_rule", "usage.uncached_input_tokens",
		"input.message_count", "input.characters", "output.message_count", "output.characters"} {
		f := mustField(g.target + "." + name)
		g.extra[name] = &f
	}
	g.prices, err = newPriceBook(env, s)
	return g, err
}

// reading is what was found in one record.
type reading struct {
	values   [slotCount]event.Value
	ranks    [slotCount]uint8 // 1 is the best; 0: nothing yet
	dialects uint32
	strong   bool // something that only a language model's log has
	key      []byte
	leaves   int
	input    messageList
	output   messageList
	cost     float64 // as reported
	costRank uint8
	separate bool // the cached tokens are beside the input tokens
}

// maxLeaves bounds the fields of a record that are looked at, maxGenDepth how deep.
const (
	maxLeaves   = 20_000
	maxGenDepth = 12
)

// put keeps a value for a slot unless a better source had one.
func (x *reading) put(slot, rank uint8, v event.Value) {
	if v.Kind() == event.Null || v.Kind() == event.String && v.Str() == "" {
		return
	}
	if have := x.ranks[slot]; have == 0 || rank < have {
		x.values[slot], x.ranks[slot] = v, rank
	}
}

// Work reads the record and writes the canonical fields.
func (g *genAI) Work(rec *Record) Result {
	x := &reading{}
	x.object(rec.Root, 0)
	x.litellm(rec.Root)
	x.langfuse(rec.Root)
	x.raws(rec.Root)
	x.plain(rec.Root)
	if x.dialects == 0 || !x.strong {
		return Unmatched
	}
	x.finish()
	g.write(rec, x)
	return Matched
}

// scopes are members whose own members are attributes, wherever an exporter put them.
var scopes = map[string]bool{"attributes": true, "Attributes": true, "span_attributes": true, "SpanAttributes": true, "LogAttributes": true, "log_attributes": true, "span.attributes": true}

// object looks at the members of an object whose names begin with what is in key.
func (x *reading) object(o event.Value, depth int) {
	at := len(x.key)
	for i, v := range o.Items() {
		if x.leaves++; x.leaves > maxLeaves {
			return
		}
		name := o.NameAt(i)
		if at == 0 && scopes[name] {
			x.attributes(v, depth)
			continue
		}
		if at > 0 {
			x.key = append(x.key, '.')
		}
		x.key = append(x.key, name...)
		x.field(v, depth)
		x.key = x.key[:at]
	}
}

// attributes looks at an object of attributes, or at OTLP's list of key and value.
func (x *reading) attributes(v event.Value, depth int) {
	if depth > maxGenDepth {
		return
	}
	if v.Kind() == event.Object {
		x.object(v, depth+1)
		return
	}
	for _, item := range v.Items() {
		key, _ := item.Member("key")
		value, ok := item.Member("value")
		if key.Kind() != event.String || !ok {
			return
		}
		x.key = append(x.key[:0], key.Str()...)
		x.field(otlpValue(value, 0), depth+1)
	}
	x.key = x.key[:0]
}

// otlpValue takes {stringValue: x} and its like apart.
func otlpValue(v event.Value, depth int) event.Value {
	if v.Kind() != event.Object || v.Len() != 1 || depth > maxGenDepth {
		return v
	}
	inner := v.At(0)
	switch v.NameAt(0) {
	case "intValue":
		if n, err := strconv.ParseInt(inner.Str(), 10, 64); err == nil {
			return event.IntOf(n)
		}
		return inner
	case "stringValue", "doubleValue", "boolValue":
		return inner
	case "arrayValue":
		values, _ := inner.Member("values")
		list := event.ArrayOf()
		for _, item := range values.Items() {
			list.Append(otlpValue(item, depth+1))
		}
		return list
	case "kvlistValue":
		values, _ := inner.Member("values")
		o := event.NewObject()
		for _, item := range values.Items() {
			key, _ := item.Member("key")
			value, _ := item.Member("value")
			o.SetMember(key.Str(), otlpValue(value, depth+1))
		}
		return o
	}
	return v
}

// field looks at one value, whose dotted name is in key.
func (x *reading) field(v event.Value, depth int) {
	if r, ok := rules[string(x.key)]; ok {
		if r.when == nil || r.when(v) {
			x.dialects |= 1 << r.dialect
			x.strong = true
			r.take(x, v)
		}
		if r.whole {
			return
		}
	} else if x.indexed(v) {
		return
	}
	switch {
	case depth >= maxGenDepth:
	case v.Kind() == event.Object && mayContain(x.key):
		x.object(v, depth+1)
	case v.Kind() == event.Array && isMessagePrefix(x.key):
		at := len(x.key)
		for i, item := range v.Items() {
			x.key = strconv.AppendInt(append(x.key, '.'), int64(i), 10)
			x.field(item, depth+1)
			x.key = x.key[:at]
		}
	}
}

// mayContain tells whether rules have names that begin so: other objects are not looked into.
func mayContain(key []byte) bool {
	if isMessagePrefix(key) {
		return true
	}
	_, ok := rulePrefixes[string(key)]
	return ok
}

// finish makes the values that follow from others.
func (x *reading) finish() {
	x.messages()
	x.normalize()
}

// normalize brings operation, provider and models to the names that OpenTelemetry has.
func (x *reading) normalize() {
	if v := x.values[slotProvider]; v.Kind() == event.String {
		x.values[slotProvider] = event.StringOf(providerName(v.Str()))
	}
	model := x.values[slotRequestModel]
	if model.Kind() != event.String {
		model = x.values[slotResponseModel]
	}
	if x.ranks[slotProvider] == 0 && model.Kind() == event.String {
		if p := providerOfModel(model.Str()); p != "" {
			x.put(slotProvider, 200, event.StringOf(p))
		}
	}
	if v := x.values[slotOperation]; v.Kind() == event.String {
		if op := operationName(v.Str()); op != "" {
			x.values[slotOperation] = event.StringOf(op)
		}
	} else if x.ranks[slotToolName] > 0 && model.Kind() != event.String {
		x.put(slotOperation, 200, event.StringOf("execute_tool"))
	} else if model.Kind() == event.String {
		op := "chat"
		if strings.Contains(model.Str(), "embed") {
			op = "embeddings"
		}
		x.put(slotOperation, 200, event.StringOf(op))
	}
	if v := x.values[slotFinish]; v.Kind() != event.Null && v.Kind() != event.Array {
		x.values[slotFinish] = event.ArrayOf(v)
	}
}

// tokens are the counts of a call.
type tokens struct {
	input, output, cacheRead, cacheWrite float64 // input with the cached ones in it
	split                                bool    // input and output are known apart
	estimated                            bool
}

// count works out what was used, and by which rule cached tokens were counted; counted tells that the input has them in it for certain.
func (g *genAI) count(x *reading, counted bool) (t tokens, rule string) {
	get := func(slot uint8) (float64, bool) {
		v := x.values[slot]
		n, ok := number(v)
		return n, ok && v.Kind() != event.Null && n >= 0 && n < 1e12
	}
	input, hasInput := get(slotInputTokens)
	output, hasOutput := get(slotOutputTokens)
	total, hasTotal := get(slotTotalTokens)
	t.cacheRead, _ = get(slotCacheRead)
	t.cacheWrite, _ = get(slotCacheWrite)
	cached := t.cacheRead + t.cacheWrite
	if cached > 0 && hasInput {
		switch rule = g.rule; {
		case counted:
			rule = "included"
		case rule != "auto":
		case x.separate || cached > input || hasTotal && hasOutput && total == input+output+cached:
			rule = "separate"
		default:
			rule = "included"
		}
		if rule == "separate" {
			input += cached
		}
	}
	switch {
	case hasInput && !hasOutput && hasTotal && total >= input:
		output, hasOutput = total-input, true
	case hasOutput && !hasInput && hasTotal && total >= output:
		input, hasInput = total-output, true
	case !hasInput && !hasOutput && hasTotal:
		in, out := x.input.characters(), x.output.characters()
		if in+out > 0 {
			t.estimated = true
			t.input = math.Round(total * float64(in) / float64(in+out))
			t.output = total - t.input
		}
		return t, rule
	}
	t.input, t.output = input, output
	t.split = hasInput || hasOutput
	if hasInput {
		x.values[slotInputTokens] = wholeNumber(input)
	}
	if hasOutput {
		x.values[slotOutputTokens] = wholeNumber(output)
	}
	if t.split && (!hasTotal || rule == "separate") {
		x.values[slotTotalTokens] = wholeNumber(input + output)
	}
	return t, rule
}

func wholeNumber(f float64) event.Value {
	if f == math.Trunc(f) {
		return event.IntOf(int64(f))
	}
	return event.FloatOf(f)
}

// write sets the canonical fields.
func (g *genAI) write(rec *Record, x *reading) {
	_, counted := g.extra["usage.cache_rule"].Get(rec.Root) // an earlier filter brought the counts together
	t, rule := g.count(x, counted)
	for slot, v := range x.values {
		if v.Kind() == event.Null || slot == slotInputMessages || slot == slotOutputMessages {
			continue
		}
		g.slots[slot].Set(rec.Root, v)
	}
	g.writeMessages(rec, &x.input, slotInputMessages, "input")
	g.writeMessages(rec, &x.output, slotOutputMessages, "output")
	if rule != "" && !counted {
		g.extra["usage.cache_rule"].Set(rec.Root, event.StringOf(rule))
		if rule == "separate" {
			g.extra["usage.uncached_input_tokens"].Set(rec.Root, wholeNumber(t.input-t.cacheRead-t.cacheWrite))
		}
	}
	g.extra["dialects"].Set(rec.Root, dialectNames(x.dialects))
	g.writeCost(rec, x, t)
}

func (g *genAI) writeMessages(rec *Record, l *messageList, slot int, side string) {
	if len(l.messages) == 0 {
		return
	}
	switch g.messages {
	case "keep":
		g.slots[slot].Set(rec.Root, l.value())
	case "sizes":
		g.extra[side+".message_count"].Set(rec.Root, event.IntOf(int64(len(l.messages))))
		g.extra[side+".characters"].Set(rec.Root, event.IntOf(int64(l.characters())))
	}
}

// writeCost writes what the call cost: as reported, or by the price table. A model without a price is named.
func (g *genAI) writeCost(rec *Record, x *reading, t tokens) {
	set := func(name string, v event.Value) { g.extra[name].Set(rec.Root, v) }
	if x.costRank > 0 {
		set("cost.total", event.FloatOf(x.cost))
		set("cost.currency", event.StringOf("USD")) // the only one that the dialects know
		set("cost.source", event.StringOf("reported"))
		return
	}
	if !t.split && !t.estimated {
		return
	}
	var models []string
	for _, slot := range []int{slotResponseModel, slotRequestModel} {
		if m := x.values[slot]; m.Kind() == event.String {
			models = append(models, m.Str())
		}
	}
	if len(models) == 0 {
		return
	}
	price, name, ok := g.prices.find(g.env, models)
	if !ok {
		set("cost.unknown_model", event.StringOf(models[0]))
		rec.tag(g.tag)
		return
	}
	input := (max(t.input-t.cacheRead-t.cacheWrite, 0)*price.input + t.cacheRead*price.cacheRead + t.cacheWrite*price.cacheWrite) / 1e6
	output := t.output * price.output / 1e6
	set("cost.input", money(input))
	set("cost.output", money(output))
	set("cost.total", money(input+output))
	set("cost.currency", event.StringOf(g.currency))
	set("cost.source", event.StringOf("computed"))
	set("cost.priced_as", event.StringOf(name))
	if t.estimated {
		set("cost.estimated", event.BoolOf(true))
	}
}

// money rounds to a billionth, which is far below the price of a token.
func money(f float64) event.Value { return event.FloatOf(math.Round(f*1e9) / 1e9) }

// dialectNames lists what was recognized.
func dialectNames(bits uint32) event.Value {
	list := event.ArrayOf()
	for i, name := range dialects {
		if bits&(1<<i) != 0 {
			list.Append(event.StringOf(name))
		}
	}
	return list
}

// messageList is a conversation's side.
type messageList struct {
	messages []message
	rank     uint8
	indexed  []indexedPart // of flat, numbered attributes, until all are there
}

// message is one message in OpenTelemetry's form.
type message struct {
	role   string
	finish string
	parts  []event.Value
}

func (m *message) text(content string) {
	if content == "" {
		return
	}
	part := event.NewObject()
	part.SetMember("type", event.StringOf("text"))
	part.SetMember("content", event.StringOf(content))
	m.parts = append(m.parts, part)
}

// take keeps messages unless a better source had some.
func (l *messageList) take(rank uint8, messages []message) {
	messages = slices.DeleteFunc(messages, func(m message) bool { return len(m.parts) == 0 })
	if len(messages) > 0 && (l.rank == 0 || rank < l.rank) {
		l.messages, l.rank = messages, rank
	}
}

// characters counts the texts.
func (l *messageList) characters() int {
	n := 0
	for _, m := range l.messages {
		for _, p := range m.parts {
			content, _ := p.Member("content")
			n += utf8.RuneCountInString(content.Str())
		}
	}
	return n
}

func (l *messageList) value() event.Value {
	list := event.ArrayOf()
	for _, m := range l.messages {
		o := event.NewObject()
		o.SetMember("role", event.StringOf(m.role))
		o.SetMember("parts", event.ArrayOf(m.parts...))
		if m.finish != "" {
			o.SetMember("finish_reason", event.StringOf(m.finish))
		}
		list.Append(o)
	}
	return list
}
