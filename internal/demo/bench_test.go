package demo

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func TestBenchIsDeterministic(t *testing.T) {
	first, second, other := NewBench(7, 2000), NewBench(7, 2000), NewBench(8, 2000)
	same := true
	for i := range 2000 {
		a, b, c := first.Append(nil), second.Append(nil), other.Append(nil)
		if !bytes.Equal(a, b) {
			t.Fatalf("document %d differs between two generators of the same seed:\n%s\n%s", i, a, b)
		}
		same = same && bytes.Equal(a, c)
	}
	if same {
		t.Error("another seed gave the same documents")
	}
}

// TestBenchShape checks the numbers that the benchmark's description states.
func TestBenchShape(t *testing.T) {
	const docs = 60_000
	b := NewBench(1, docs)
	var sizes, messages, tokens float64
	stacks, traces, users := 0, map[string]int{}, map[int]bool{}
	services, tools, templates := map[int]bool{}, map[int]bool{}, map[int]int{}
	last := BenchStart.UnixMilli()
	for i := range docs {
		doc := b.Append(nil)
		rec := b.Last()
		sizes += float64(len(doc))
		tokens += float64(rec.Tokens)
		if rec.HasStack {
			stacks++
		}
		traces[string(rec.TraceID[:])]++
		users[rec.User], services[rec.Service], tools[rec.Tool] = true, true, true
		templates[rec.Template]++
		if rec.Millis < last-2*benchJitterMillis-2 {
			t.Fatalf("document %d is %d ms before one that came earlier", i, last-rec.Millis)
		}
		last = max(last, rec.Millis)
		if i%10 == 0 {
			messages += float64(len(checkBenchDocument(t, doc, rec))) / (docs / 10)
		}
	}
	near(t, "mean size", sizes/docs, 770, 15)
	near(t, "mean message", messages, 110, 40)
	near(t, "share with a stack trace", float64(stacks)/docs, 0.05, 0.005)
	near(t, "documents a trace", float64(docs)/float64(len(traces)), 5, 0.3)
	near(t, "services", float64(len(services)), BenchServices, 0)
	near(t, "tools", float64(len(tools)), BenchTools, 0)
	near(t, "templates", float64(len(templates)), templateSum, 0)
	near(t, "mean tokens", tokens/docs, 920, 30)
	near(t, "share of the phrase", shareOf(templates, BenchPhrase), 0.013, 0.002)
	near(t, "share of the common phrase", shareOf(templates, BenchCommonPhrase), 0.18, 0.01)
	near(t, "share of the common word", shareOf(templates, BenchCommonWord), 0.75, 0.1)
	if len(users) < 10_000 {
		t.Errorf("%d users in %d documents, want a long tail", len(users), docs)
	}
	if end := BenchStart.Add(BenchSpan).UnixMilli(); last > end+benchJitterMillis || last < end-10_000 {
		t.Errorf("the last document is at %d, want it at the end of the day, %d", last, end)
	}
}

// checkBenchDocument compares a document with its record and returns the message.
func checkBenchDocument(t *testing.T, doc []byte, rec *BenchRecord) string {
	t.Helper()
	var got struct {
		Time      string  `json:"@timestamp"`
		Level     string  `json:"level"`
		Service   string  `json:"service"`
		Tool      string  `json:"tool"`
		User      string  `json:"user_id"`
		RequestID string  `json:"request_id"`
		TraceID   string  `json:"trace_id"`
		Latency   int     `json:"latency_ms"`
		Status    int     `json:"status"`
		Message   string  `json:"message"`
		Stack     *string `json:"stack_trace"`
		Model     string  `json:"model"`
		Prompt    int     `json:"prompt_tokens"`
		Answer    int     `json:"completion_tokens"`
		Cost      float64 `json:"cost"`
	}
	if err := json.Unmarshal(doc, &got); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, doc)
	}
	rare := strings.Contains(got.Message, BenchRareWord) || got.Stack != nil && strings.Contains(*got.Stack, BenchRareWord)
	for _, check := range []struct {
		what      string
		got, want any
	}{
		{"level", got.Level, BenchLevels[rec.Level]},
		{"service", got.Service, BenchServiceName(rec.Service)},
		{"tool", got.Tool, BenchToolName(rec.Tool)},
		{"user", got.User, BenchUserName(rec.User)},
		{"model", got.Model, BenchModelName(rec.Model)},
		{"request id", got.RequestID, string(rec.RequestID[:])},
		{"trace id", got.TraceID, string(rec.TraceID[:])},
		{"latency", got.Latency, rec.LatencyMs},
		{"status", got.Status, rec.Status},
		{"tokens", got.Prompt + got.Answer, rec.Tokens},
		{"cost", got.Cost, rec.Cost},
		{"stack trace", got.Stack != nil, rec.HasStack},
		{"rare word", rare, rec.RareWord},
	} {
		if check.got != check.want {
			t.Fatalf("%s is %v, its record says %v\n%s", check.what, check.got, check.want, doc)
		}
	}
	return got.Message
}

// shareOf is the share of documents whose template has a text.
func shareOf(templates map[int]int, text string) float64 {
	with, all := 0, 0
	for i, template := range BenchTemplates() {
		all += templates[i]
		if strings.Contains(template, text) {
			with += templates[i]
		}
	}
	return float64(with) / float64(all)
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.Abs(got-want) > tolerance {
		t.Errorf("%s is %.4g, want %.4g ± %.4g", what, got, want, tolerance)
	}
}

func TestBenchRareWordOccurs(t *testing.T) {
	b, found, buf := NewBench(3, 400_000), 0, []byte(nil)
	for range 400_000 {
		buf = b.Append(buf[:0])
		if b.Last().RareWord {
			found++
			checkBenchDocument(t, buf, b.Last())
		}
	}
	if found < 3 || found > 25 {
		t.Errorf("the rare word is in %d of 400,000 documents, want about 10", found)
	}
}

func TestBenchMappingNamesEveryField(t *testing.T) {
	var mapping struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if err := json.Unmarshal(BenchMapping, &mapping); err != nil {
		t.Fatal(err)
	}
	b := NewBench(1, 100)
	for range 100 {
		var doc map[string]any
		if err := json.Unmarshal(b.Append(nil), &doc); err != nil {
			t.Fatal(err)
		}
		for field := range doc {
			if mapping.Properties[field] == nil {
				t.Errorf("the mapping has no field %s", field)
			}
		}
	}
}

func TestBenchAllocatesNothing(t *testing.T) {
	b, buf := NewBench(1, 10_000), make([]byte, 0, 8192)
	if n := testing.AllocsPerRun(5000, func() { buf = b.Append(buf[:0]) }); n != 0 {
		t.Errorf("%v allocations a document, want none", n)
	}
}

func BenchmarkBenchAppend(b *testing.B) {
	gen, buf := NewBench(1, 1_000_000), make([]byte, 0, 8192)
	var total int
	b.ReportAllocs()
	for b.Loop() {
		buf = gen.Append(buf[:0])
		total += len(buf)
	}
	b.SetBytes(int64(total / b.N))
}
