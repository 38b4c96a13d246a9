package content

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"elkhorn/internal/event"
)

// maxMessageJSON bounds a text that is read as JSON: attributes are cut by most exporters far below.
const maxMessageJSON = 8 << 20

// unquoted reads a text that is JSON; any other value stays.
func unquoted(v event.Value) event.Value {
	text := strings.TrimSpace(v.Str())
	if text == "" || text[0] != '{' && text[0] != '[' || len(text) > maxMessageJSON {
		return v
	}
	if parsed, err := event.ParseJSON([]byte(text)); err == nil {
		return parsed
	}
	return v
}

// jsonInput makes a rule for what was asked, jsonOutput for what was answered: messages, their JSON, or plain text.
func jsonInput(rank uint8) func(*reading, event.Value) {
	return func(x *reading, v event.Value) { x.input.take(rank, readMessages(unquoted(v), "user", 0)) }
}

func jsonOutput(rank uint8) func(*reading, event.Value) {
	return func(x *reading, v event.Value) { x.output.take(rank, readMessages(unquoted(v), "assistant", 0)) }
}

// maxMessages bounds a conversation.
const maxMessages = 10_000

// readMessages reads the forms in which messages come: OpenTelemetry's, those of the vendors, a prompt with messages in it, text.
func readMessages(v event.Value, role string, depth int) []message {
	if depth > maxGenDepth {
		return nil
	}
	switch v.Kind() {
	case event.Array:
		var list []message
		for _, item := range v.Items() {
			if len(list) >= maxMessages {
				break
			}
			list = append(list, readMessages(item, role, depth+1)...)
		}
		return list
	case event.Object:
		for _, holder := range []string{"messages", "choices", "candidates", "contents"} {
			if inner, ok := v.Member(holder); ok && inner.Kind() == event.Array {
				list := readMessages(inner, role, depth+1)
				if system, ok := v.Member("system"); ok && role == "user" {
					list = append(readMessages(system, "system", depth+1), list...)
				}
				return list
			}
		}
		if inner, ok := v.Member("message"); ok && inner.Kind() == event.Object {
			list := readMessages(inner, role, depth+1)
			if finish, ok := v.Member("finish_reason"); ok && len(list) > 0 {
				list[len(list)-1].finish = finish.Str()
			}
			return list
		}
		if m, ok := readMessage(v, role); ok {
			return []message{m}
		}
		if _, typed := v.Member("type"); typed { // a call or a thought of OpenAI's that stands beside the messages
			m := message{role: role}
			m.part(v)
			return []message{m}
		}
		if _, ok := v.Member("prompt"); ok {
			prompt, _ := v.Member("prompt")
			return readMessages(unquoted(prompt), role, depth+1)
		}
	case event.Null, event.Bool:
		return nil
	}
	m := message{role: role}
	m.text(v.Text())
	return []message{m}
}

// readMessage reads one message of any vendor's form.
func readMessage(v event.Value, role string) (message, bool) {
	m := message{role: role}
	if r, ok := v.Member("role"); ok && r.Kind() == event.String {
		m.role = r.Str()
	}
	if m.role == "model" { // Gemini's name
		m.role = "assistant"
	}
	if finish, ok := v.Member("finish_reason"); ok {
		m.finish = finish.Str()
	}
	known := false
	for _, name := range []string{"parts", "content", "text", "output_text"} {
		c, ok := v.Member(name)
		if !ok {
			continue
		}
		known = true
		m.content(c)
		if len(m.parts) > 0 {
			break
		}
	}
	if calls, ok := v.Member("tool_calls"); ok {
		known = true
		for _, call := range calls.Items() {
			m.toolCall(call)
		}
	}
	return m, known
}

// content reads text, or parts of any vendor's form.
func (m *message) content(c event.Value) {
	switch c.Kind() {
	case event.String:
		m.text(c.Str())
	case event.Object:
		m.part(c)
	case event.Array:
		for _, item := range c.Items() {
			if item.Kind() == event.String {
				m.text(item.Str())
				continue
			}
			m.part(item)
		}
	}
}

// part reads one part. What is no text and no call is kept as it is.
func (m *message) part(p event.Value) {
	kind, _ := p.Member("type")
	switch kind.Str() {
	case "text", "input_text", "output_text", "":
		for _, name := range []string{"content", "text"} {
			if text, ok := p.Member(name); ok && text.Kind() == event.String {
				m.text(text.Str())
				return
			}
		}
		if call, ok := p.Member("functionCall"); ok {
			m.toolCall(call)
			return
		}
	case "tool_use", "function_call", "tool-call":
		m.toolCall(p)
		return
	}
	m.parts = append(m.parts, p.Clone())
}

// toolCall reads a call: {id, function: {name, arguments}}, {id, name, input}, {name, args} or the AI SDK's.
func (m *message) toolCall(call event.Value) {
	part := event.NewObject()
	part.SetMember("type", event.StringOf("tool_call"))
	from := call
	if f, ok := call.Member("function"); ok && f.Kind() == event.Object {
		from = f
	}
	pick := func(to string, where event.Value, names ...string) {
		for _, name := range names {
			if v, ok := where.Member(name); ok && v.Kind() != event.Null {
				part.SetMember(to, unquoted(v).Clone())
				return
			}
		}
	}
	pick("id", call, "call_id", "toolCallId", "id")
	pick("name", from, "name", "toolName")
	pick("arguments", from, "arguments", "input", "args")
	m.parts = append(m.parts, part)
}

func vercelToolCalls(x *reading, v event.Value) {
	m := message{role: "assistant"}
	for _, call := range unquoted(v).Items() {
		m.toolCall(call)
	}
	x.output.take(20, []message{m})
}

// messagePrefixes begin the numbered attributes of OpenInference and of OpenTelemetry's early days.
var messagePrefixes = []struct {
	prefix  string
	output  bool
	dialect uint8
}{
	{"llm.input_messages", false, dialectOpenInference}, {"llm.output_messages", true, dialectOpenInference},
	{"gen_ai.prompt", false, dialectTraceloop}, {"gen_ai.completion", true, dialectTraceloop}, {"llm.prompts", false, dialectTraceloop}, {"llm.completions", true, dialectTraceloop},
}

// isMessagePrefix tells whether numbered messages are below a name.
func isMessagePrefix(key []byte) bool {
	for _, p := range messagePrefixes {
		if len(key) <= len(p.prefix) {
			if strings.HasPrefix(p.prefix, string(key)) && (len(key) == len(p.prefix) || p.prefix[len(key)] == '.') {
				return true
			}
			continue
		}
		if string(key[:len(p.prefix)]) == p.prefix && key[len(p.prefix)] == '.' {
			return true
		}
	}
	return false
}

// indexedPart is one numbered attribute.
type indexedPart struct {
	index int
	name  string
	value event.Value
}

// indexed keeps a numbered attribute, such as llm.input_messages.0.message.content, until all are there.
func (x *reading) indexed(v event.Value) bool {
	for _, p := range messagePrefixes {
		rest, ok := bytes.CutPrefix(x.key, []byte(p.prefix+"."))
		if !ok {
			continue
		}
		number, name, _ := strings.Cut(string(rest), ".")
		index, err := strconv.Atoi(number)
		if err != nil || index < 0 || index >= maxMessages || v.Kind() == event.Object && name == "" {
			return false
		}
		name = strings.TrimPrefix(name, "message.")
		switch {
		case name == "" && v.Kind() == event.Object, name == "message":
			return false
		}
		list := &x.input
		if p.output {
			list = &x.output
		}
		if len(list.indexed) < maxMessages {
			list.indexed = append(list.indexed, indexedPart{index, name, v})
			x.dialects |= 1 << p.dialect
			x.strong = true
		}
		return true
	}
	return false
}

// messages makes messages of the numbered attributes.
func (x *reading) messages() {
	x.input.assemble("user")
	x.output.assemble("assistant")
	if x.ranks[slotFinish] == 0 {
		var reasons []event.Value
		for _, m := range x.output.messages {
			if m.finish != "" {
				reasons = append(reasons, event.StringOf(m.finish))
			}
		}
		if len(reasons) > 0 {
			x.put(slotFinish, 100, event.ArrayOf(reasons...))
		}
	}
}

func (l *messageList) assemble(role string) {
	slices.SortStableFunc(l.indexed, func(a, b indexedPart) int { return cmp.Compare(a.index, b.index) })
	var list []message
	last := -1
	var call event.Value // the tool call that is being put together
	var callKey string
	for _, p := range l.indexed {
		if p.index != last {
			list, last, callKey = append(list, message{role: role}), p.index, ""
		}
		m := &list[len(list)-1]
		switch {
		case p.name == "role":
			m.role = p.value.Str()
		case p.name == "content":
			m.content(unquotedParts(p.value))
		case p.name == "finish_reason":
			m.finish = p.value.Str()
		case strings.HasPrefix(p.name, "contents.") && strings.HasSuffix(p.name, ".text"):
			m.text(p.value.Str())
		case strings.HasPrefix(p.name, "tool_calls."):
			key, name := callName(p.name)
			if key != callKey {
				call, callKey = event.NewObject(), key
				call.SetMember("type", event.StringOf("tool_call"))
				m.parts = append(m.parts, call)
			}
			if name != "" {
				call.SetMember(name, unquoted(p.value).Clone())
			}
		}
	}
	l.take(8, list)
}

// unquotedParts reads content that is the JSON of a list of parts.
func unquotedParts(v event.Value) event.Value {
	if parts := unquoted(v); parts.Kind() == event.Array {
		return parts
	}
	return v
}

// callName takes tool_calls.0.tool_call.function.name apart: which call, and what of it.
func callName(name string) (key, member string) {
	rest := strings.TrimPrefix(name, "tool_calls.")
	key, rest, _ = strings.Cut(rest, ".")
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "tool_call."), "function.")
	switch rest {
	case "id", "name", "arguments":
		return key, rest
	}
	return key, ""
}
