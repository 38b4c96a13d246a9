package demo

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

var testStart = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// document is what the tests read of an event.
type document struct {
	Time          time.Time `json:"@timestamp"`
	SecondTime    time.Time `json:"timestamp"`
	Level         string    `json:"log_level"`
	Service       string    `json:"service_name"`
	Tool          string    `json:"tool_name"`
	User          string    `json:"user_id"`
	Message       string    `json:"message"`
	ErrorMessage  string    `json:"error_message"`
	StackTrace    string    `json:"stack_trace"`
	ResponseTime  *int      `json:"response_time"`
	ClientIP      string    `json:"client_ip"`
	TraceID       string    `json:"trace_id"`
	RequestID     string    `json:"request_id"`
	EventType     string    `json:"event_type"`
	Model         string    `json:"model"`
	Prompt        string    `json:"prompt"`
	Response      string    `json:"response"`
	TokensUsed    int       `json:"tokens_used"`
	PromptTokens  int       `json:"prompt_tokens"`
	AnswerTokens  int       `json:"completion_tokens"`
	Cost          float64   `json:"cost"`
	ModelMetadata struct {
		Version string `json:"model_version"`
	} `json:"model_metadata"`
	Geo struct {
		Location struct{ Lat, Lon *float64 }
	} `json:"geoip"`
}

func decode(t *testing.T, e Event) document {
	t.Helper()
	var d document
	if err := json.Unmarshal(e.JSON, &d); err != nil {
		t.Fatalf("not JSON: %v\n%s", err, e.JSON)
	}
	if bytes.ContainsAny(e.JSON, "\n\r") {
		t.Fatalf("more than one line: %s", e.JSON)
	}
	return d
}

func TestWorkloadIsDeterministic(t *testing.T) {
	first, second := New(Options{Seed: 5, Start: testStart}), New(Options{Seed: 5, Start: testStart})
	other, same := New(Options{Seed: 6, Start: testStart}), true
	for i := range 20_000 {
		a, b, c := first.Next(), second.Next(), other.Next()
		if a.Index != b.Index || !a.Time.Equal(b.Time) || !bytes.Equal(a.JSON, b.JSON) {
			t.Fatalf("event %d differs between two workloads of the same seed:\n%s\n%s", i, a.JSON, b.JSON)
		}
		same = same && bytes.Equal(a.JSON, c.JSON)
	}
	if same {
		t.Error("another seed gave the same events")
	}
}

func TestWorkloadIsInOrderOfTime(t *testing.T) {
	w, last := New(Options{Seed: 2, Start: testStart}), testStart
	for range 30_000 {
		e := w.Next()
		d := decode(t, e)
		if e.Time.Before(last) {
			t.Fatalf("an event of %v follows one of %v", e.Time, last)
		}
		if !d.Time.Equal(e.Time) || !d.SecondTime.Equal(e.Time) {
			t.Fatalf("the document says %v, the event %v", d.Time, e.Time)
		}
		if want := e.Time.Format("-2006.01.02"); !strings.HasSuffix(e.Index, want) {
			t.Fatalf("an event of %v is for index %s", e.Time, e.Index)
		}
		last = e.Time
	}
}

// TestWorkloadRate also checks the constant from which session arrivals are computed.
func TestWorkloadRate(t *testing.T) {
	for _, rate := range []float64{0.3, 1} {
		w, n, hours := New(Options{Seed: 3, Rate: rate, Start: testStart}), 0, map[int]int{}
		for e := range w.Until(testStart.Add(24 * time.Hour)) {
			n++
			hours[e.Time.Hour()]++
		}
		if got := float64(n) / 86_400; math.Abs(got-rate) > rate*0.1 {
			t.Errorf("%.2f events a second over a day, want %.2f ± 10%%", got, rate)
		}
		if night, evening := hours[4], hours[17]; night*2 > evening {
			t.Errorf("%d events in the hour after four, %d in the one after seventeen: want a curve", night, evening)
		}
	}
}

// TestWorkloadDay checks that one day shows what a person would look for.
func TestWorkloadDay(t *testing.T) {
	day := count(t, New(Options{Seed: 1, Rate: 0.7, Start: testStart}), 24*time.Hour)
	for _, index := range []string{appIndex, llmIndex, inferenceIndex, trainingIndex} {
		if day.indices[index] == 0 {
			t.Errorf("no event in %s", index)
		}
	}
	for _, level := range []string{"DEBUG", "INFO", "WARN", "ERROR", "CRITICAL"} {
		if day.levels[level] == 0 {
			t.Errorf("no event of level %s", level)
		}
	}
	errors := float64(day.levels["ERROR"]) / float64(day.events)
	if errors < 0.005 || errors > 0.06 {
		t.Errorf("%.1f%% errors, want one to a few percent", errors*100)
	}
	if len(day.tools) < len(tools) || len(day.models) != len(chatModels) || len(day.users) < 500 {
		t.Errorf("%d tools, %d models, %d users", len(day.tools), len(day.models), len(day.users))
	}
	for _, want := range []string{"Tool call: create_reservation user=", "Widget timeout: MapWidget", "OAuth token rejected", "Retrying tool call",
		"429 Too Many Requests", "Health check failed", "Rollout aborted", "Epoch 20/20", "Session closed"} {
		if !day.messages(want) {
			t.Errorf("no message has %q", want)
		}
	}
	if !day.versions[canaryVersion] || !day.versions[rankerVersion] {
		t.Errorf("model versions %v, want two", day.versions)
	}
	if day.shared < 1000 {
		t.Errorf("%d traces reach over two indices, want many", day.shared)
	}
}

// census is what a stretch of a workload held.
type census struct {
	events                                int
	indices, levels, tools, users, models map[string]int
	versions                              map[string]bool
	all                                   []string
	shared                                int
}

func (c *census) messages(part string) bool {
	return slices.ContainsFunc(c.all, func(m string) bool { return strings.Contains(m, part) })
}

func count(t *testing.T, w *Workload, window time.Duration) *census {
	t.Helper()
	c := &census{indices: map[string]int{}, levels: map[string]int{}, tools: map[string]int{}, users: map[string]int{}, models: map[string]int{}, versions: map[string]bool{}}
	traces := map[string]string{}
	for e := range w.Until(testStart.Add(window)) {
		d := decode(t, e)
		checkDocument(t, e, &d)
		c.events++
		index := e.Index[:len(e.Index)-len("-2006.01.02")]
		c.indices[index]++
		c.levels[d.Level]++
		c.all = append(c.all, d.Message)
		for _, counted := range []struct {
			to    map[string]int
			value string
		}{{c.tools, d.Tool}, {c.users, d.User}, {c.models, d.Model}} {
			if counted.value != "" {
				counted.to[counted.value]++
			}
		}
		if v := d.ModelMetadata.Version; v != "" {
			c.versions[v] = true
		}
		if before, ok := traces[d.TraceID]; ok && d.TraceID != "" && before != index && before != "many" {
			c.shared++
			traces[d.TraceID] = "many"
		} else if !ok {
			traces[d.TraceID] = index
		}
	}
	return c
}

// checkDocument checks what must hold in each event by itself.
func checkDocument(t *testing.T, e Event, d *document) {
	t.Helper()
	switch {
	case d.Level == "" || d.Service == "" || d.Message == "":
		t.Fatalf("level, service or message is missing: %s", e.JSON)
	case strings.Contains(d.Message, "%!") || strings.Contains(d.Prompt, "{"):
		t.Fatalf("unfinished text: %s", e.JSON)
	case d.StackTrace != "" && (d.ErrorMessage == "" || !strings.Contains(d.StackTrace, d.ErrorMessage)):
		t.Fatalf("the stack trace is not of the error: %s", e.JSON)
	case d.ClientIP != "" && (d.Geo.Location.Lat == nil || d.Geo.Location.Lon == nil):
		t.Fatalf("an address without a place: %s", e.JSON)
	case d.EventType == "interaction" && (d.Prompt == "" || d.Response == "" || d.Cost <= 0 || d.TokensUsed != d.PromptTokens+d.AnswerTokens):
		t.Fatalf("an incomplete interaction: %s", e.JSON)
	}
}

func TestUntilLeavesTheWorkloadThere(t *testing.T) {
	now := testStart.Add(90*time.Minute + 123*time.Millisecond)
	options := Options{Seed: 9, Rate: 3, Start: now.Add(-time.Hour)}
	w, n := New(options), 0
	var last time.Time
	for e := range w.Until(now) {
		if e.Time.Before(options.Start) || !e.Time.Before(now) {
			t.Fatalf("an event of %v is not in the hour before %v", e.Time, now)
		}
		last = e.Time
		n++
	}
	if n < 3000 {
		t.Errorf("%d events in an hour, want over 3000", n)
	}
	straight := New(options)
	for range n {
		straight.Next()
	}
	if a, b := w.Next(), straight.Next(); !bytes.Equal(a.JSON, b.JSON) || a.Time.Before(last) {
		t.Errorf("after the past comes\n%s\nwant\n%s", a.JSON, b.JSON)
	}
}

func TestTemplatesCoverTheIndices(t *testing.T) {
	var patterns []string
	for _, template := range Templates() {
		var body struct {
			Patterns []string `json:"index_patterns"`
		}
		if err := json.Unmarshal(template.JSON, &body); err != nil {
			t.Fatalf("template %s: %v", template.Name, err)
		}
		patterns = append(patterns, body.Patterns...)
	}
	for _, index := range []string{appIndex, llmIndex, inferenceIndex, trainingIndex} {
		if !slices.Contains(patterns, index+"-*") {
			t.Errorf("no template for %s", index)
		}
	}
}

func BenchmarkWorkloadNext(b *testing.B) {
	w := New(Options{Seed: 1, Start: testStart})
	b.ReportAllocs()
	for b.Loop() {
		w.Next()
	}
}
