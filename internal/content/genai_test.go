package content

import (
	"strings"
	"testing"
)

// chatSpan is what an instrumented program sends of one call.
const chatSpan = `{"name":"chat gpt-4o","service_name":"assistant","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","attributes":{"gen_ai.operation.name":"chat","gen_ai.provider.name":"openai","gen_ai.request.model":"gpt-4o","gen_ai.response.model":"gpt-4o-2024-08-06","gen_ai.response.id":"chatcmpl-1","gen_ai.usage.input_tokens":1000,"gen_ai.usage.output_tokens":200,"gen_ai.request.temperature":0.2,"gen_ai.conversation.id":"c7","gen_ai.input.messages":"[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Where is the train to Lisbon?\"}]}]","gen_ai.output.messages":"[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"It left an hour ago.\"}],\"finish_reason\":\"stop\"}]"}}`

// TestGenAITwice: a record that went through once already is not changed by a second time.
func TestGenAITwice(t *testing.T) {
	w := mustWorker(t, &GenAI, `{}`)
	for _, text := range []string{chatSpan, `{"prompt":"a","response":"b","model":"gpt-4o","prompt_tokens":3,"completion_tokens":4}`} {
		root := parse(t, text)
		w.Work(&Record{Root: root, Time: noon})
		once := string(root.AppendJSON(nil))
		w.Work(&Record{Root: root, Time: noon})
		twice := string(root.AppendJSON(nil))
		if strings.ReplaceAll(twice, `"dialects":["otel"]`, "") != strings.NewReplacer(`"dialects":["otel"]`, "", `"dialects":["plain"]`, "").Replace(once) {
			t.Errorf("once  %s\ntwice %s", once, twice)
		}
	}
}

// TestModelNames finds prices by the names that gateways and vendors make of models.
func TestModelNames(t *testing.T) {
	for name, want := range map[string]string{
		"gpt-4o": "gpt-4o", "GPT-4o": "gpt-4o", "gpt-4o-2024-08-06": "gpt-4o", "gpt-4o-2024-05-13": "gpt-4o-2024-05-13", "openai/gpt-4o-mini": "gpt-4o-mini", "azure/eu/gpt-4o": "gpt-4o", "gpt-4-0613": "gpt-4", "gpt-3.5-turbo-0125": "gpt-3.5-turbo",
		"gpt-4-turbo-preview": "gpt-4-turbo", "claude-3-5-sonnet-latest": "claude-3-5-sonnet", "us.anthropic.claude-3-5-sonnet-20241022-v2:0": "claude-3-5-sonnet", "anthropic.claude-3-haiku-20240307-v1:0": "claude-3-haiku", "claude-sonnet-4@20250514": "claude-sonnet-4",
		"models/gemini-2.0-flash-001": "gemini-2.0-flash", "mistral-large-2411": "mistral-large", "o1-2024-12-17": "o1",
		"gpt-4o-audio": "", "gpt-4b": "", "gpt-4.5": "", "claude-opus-4-9": "", "my/own/model": "", "": "", "-": "", "gpt": "", "o": "", strings.Repeat("a/", 200): "",
	} {
		if _, got, _ := lookUpPrice(builtInPrices, name); got != want {
			t.Errorf("%q has the price of %q, want %q", name, got, want)
		}
	}
}

// TestGenAIEndsOnHostileRecords: depth, width and size cost no more than their bytes.
func TestGenAIEndsOnHostileRecords(t *testing.T) {
	w := mustWorker(t, &GenAI, `{}`)
	deep := strings.Repeat(`{"message":`, 90) + `1` + strings.Repeat(`}`, 90)
	for _, text := range []string{
		`{"gen_ai.input.messages":` + deep + `,"gen_ai.request.model":"m"}`,
		`{"llm":` + strings.Repeat(`{"input_messages":`, 50) + `{}` + strings.Repeat(`}`, 50) + `}`,
		`{"llm.input_messages.99999999999999999999.message.role":"x","llm.input_messages.-1.message.role":"x","llm.input_messages.5.message.content":"ok"}`,
		`{"gen_ai.request.model":"m","gen_ai.usage.input_tokens":1e300,"gen_ai.usage.output_tokens":-5}`,
		`{"gen_ai.request.model":"m","gen_ai.usage.input_tokens":"NaN","gen_ai.usage.output_tokens":"many"}`,
		`{"gen_ai.request.model":["m"],"gen_ai.usage":[1],"gen_ai.response.finish_reasons":{"a":1}}`,
		`{"gen_ai":{"request":"text","usage":5,"operation":{"name":"chat"}},"prompt":"x","model":"gpt-4o","tokens_used":5}`,
		`{"prompt":"x","model":"gpt-4o","response":"` + strings.Repeat("a", 1<<20) + `"}`,
		`{"prompt":` + strings.Repeat(`[`, 90) + `"x"` + strings.Repeat(`]`, 90) + `,"model":"gpt-4o"}`,
		`{"attributes":[{"key":"gen_ai.request.model","value":` + strings.Repeat(`{"arrayValue":{"values":[`, 40) + strings.Repeat(`]}}`, 40) + `}]}`,
	} {
		root := parse(t, text)
		w.Work(&Record{Root: root, Time: noon})
		if out := root.AppendJSON(nil); len(out) > 10*len(text)+1000 {
			t.Errorf("%.80s… grows from %d to %d bytes", text, len(text), len(out))
		}
	}
}

func FuzzGenAI(f *testing.F) {
	for _, s := range []string{chatSpan, `{"prompt":"a","model":"b","tokens_used":3}`, `{"type":"message","content":[],"usage":{}}`, `{"llm.input_messages.0.message.tool_calls.0.tool_call.id":1}`} {
		f.Add(s)
	}
	w := mustWorker(f, &GenAI, `{}`)
	f.Fuzz(func(t *testing.T, text string) {
		if !strings.HasPrefix(text, "{") {
			return
		}
		root, err := eventObject(text)
		if err != nil {
			return
		}
		w.Work(&Record{Root: root, Time: noon})
		if _, err := eventObject(string(root.AppendJSON(nil))); err != nil {
			t.Fatalf("%s: what came out is not JSON: %v", text, err)
		}
	})
}

func BenchmarkGenAI(b *testing.B) {
	w := mustWorker(b, &GenAI, `{}`)
	for name, text := range map[string]string{"span": chatSpan, "other": `{"message":"GET /x 200","host":{"name":"a"},"service_name":"web","latency_ms":3,"status":200,"user_id":"u","tags":["a"]}`} {
		root := parse(b, text)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				w.Work(&Record{Root: root.Clone(), Time: noon})
			}
		})
	}
}
