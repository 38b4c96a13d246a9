package runtime

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/pipeline/config"
)

// toolServer is a configuration in the manner of those published for ChatGPT apps: it expects JSON as text,
// while its http input decodes it.
const toolServer = `
input { http { port => 8080 codec => json additional_codecs => { "application/json" => "json" } } }
filter {
  if [message] =~ /^\{.*\}$/ {
    json { source => "message" target => "parsed" }
    if [parsed] {
      mutate { rename => {
        "[parsed][level]" => "log_level" "[parsed][timestamp]" => "log_timestamp" "[parsed][service]" => "service_name"
        "[parsed][duration_ms]" => "response_time" "[parsed][error]" => "error_message" "[parsed][user_id]" => "user_id"
      } }
    }
  }
  if ![log_level] {
    grok { match => { "message" => "%{TIMESTAMP_ISO8601:log_timestamp} %{LOGLEVEL:log_level} \[%{DATA:service_name}\] %{GREEDYDATA:log_message}" } }
  }
  if [log_timestamp] { date { match => ["log_timestamp", "ISO8601"] remove_field => ["log_timestamp"] } }
  mutate { uppercase => ["log_level"] }
  if [response_time] {
    ruby { code => "
      t = event.get('response_time').to_f
      event.set('class', case t when 0..100 then 'fast' when 101..500 then 'normal' else 'slow' end)
    " }
  }
  if [log_level] == "ERROR" { mutate { add_tag => ["error_log"] } }
  mutate { remove_field => ["host", "parsed"] }
}
output {
  elasticsearch {
    index => "tool-logs-%{+YYYY.MM.dd}" document_id => "%{[@metadata][fingerprint]}"
    ilm_enabled => true ilm_rollover_alias => "tool-logs" ilm_policy => "p"
  }
  if "error_log" in [tags] { elasticsearch { index => "tool-errors-%{+YYYY.MM.dd}" } }
}`

const toolLines = `{"timestamp":"2026-02-01T10:00:00.5Z","level":"info","service":"booking","duration_ms":100.5,"message":"done"}
{"timestamp":"2026-02-01T10:00:01Z","level":"error","service":"booking","error":"no table","message":"failed"}
2026-02-01T10:00:02Z ERROR [mcp] lost connection
not a log line
{"level":"info","error":{"type":"json"},"message":"an object named like a text stays where it is"}`

func postLines(t *testing.T, h *harness, lines string) {
	t.Helper()
	postLinesTo(t, h, 0, lines)
}

// postLinesTo posts each line to the listener that was opened nth, counting from 0.
func postLinesTo(t *testing.T, h *harness, nth int, lines string) {
	t.Helper()
	stop := h.start()
	addr := <-h.addresses
	for range nth {
		addr = <-h.addresses
	}
	for line := range strings.Lines(lines) {
		line = strings.TrimSuffix(line, "\n")
		contentType := "text/plain"
		if json.Valid([]byte(line)) {
			contentType = "application/json"
		}
		if status, answer := post(t, addr, contentType, line); status != 200 {
			t.Fatalf("%s: %d %s", line, status, answer)
		}
	}
	stop()
}

// TestDecodedJSONIsRenamed: JSON that the input has decoded ends in the same fields as JSON that came as text.
func TestDecodedJSONIsRenamed(t *testing.T) {
	h := newHarness(t, toolServer, nil)
	postLines(t, h, toolLines)
	if got, want := h.store.count(), map[string]int{"tool-logs-2026.03.01-000001": 5, "tool-errors-2026.02.01": 2}; !maps.Equal(got, want) {
		t.Fatalf("documents: %v, want %v", got, want)
	}
	got := strings.Join(h.store.sources("tool-logs-2026.03.01-000001"), "\n")
	want := `{"@timestamp":"2026-02-01T10:00:00.500Z","timestamp":"2026-02-01T10:00:00.5Z","level":"info","service":"booking","duration_ms":100.5,"message":"done","log_level":"INFO","service_name":"booking","response_time":100.5,"class":"slow"}
{"@timestamp":"2026-02-01T10:00:01.000Z","timestamp":"2026-02-01T10:00:01Z","level":"error","service":"booking","error":"no table","message":"failed","log_level":"ERROR","service_name":"booking","error_message":"no table","tags":["error_log"]}
{"@timestamp":"2026-02-01T10:00:02.000Z","message":"2026-02-01T10:00:02Z ERROR [mcp] lost connection","tags":["_jsonparsefailure","error_log"],"log_level":"ERROR","service_name":"mcp","log_message":"lost connection"}
{"@timestamp":"2026-03-01T12:00:00.000Z","level":"info","error":{"type":"json"},"message":"an object named like a text stays where it is","log_level":"INFO"}
{"@timestamp":"2026-03-01T12:00:00.000Z","message":"not a log line","tags":["_jsonparsefailure","_grokparsefailure"]}`
	if got != want {
		t.Errorf("documents:\n%s\nwant\n%s", got, want)
	}
	warnings := fmt.Sprint(h.pipeline.Warnings())
	for _, part := range []string{"level to log_level", "compat.strict", "is overruled by ilm_rollover_alias"} {
		if !strings.Contains(warnings, part) {
			t.Errorf("no warning says %q: %s", part, warnings)
		}
	}
	if log := h.log.String(); !strings.Contains(log, "document_id does not resolve") || !strings.Contains(log, "lifecycle policy does not exist") {
		t.Errorf("log: %s", log)
	}
}

// TestStrictKeepsTheOriginalMeaning: nothing is renamed, as the original would have it.
func TestStrictKeepsTheOriginalMeaning(t *testing.T) {
	h := newHarness(t, toolServer, func(o *Options) { o.Strict = true })
	postLines(t, h, `{"timestamp":"2026-02-01T10:00:01Z","level":"error","message":"failed"}`)
	docs := h.store.mu.docs["tool-logs-2026.03.01-000001"]
	if doc := docs["%{[@metadata][fingerprint]}"]; len(docs) != 1 || !strings.Contains(doc, "_grokparsefailure") {
		t.Errorf("documents: %v", docs)
	}
}

// TestSameEventSameID: a resent event gets the id it had, so it is written over itself; another one does not.
func TestSameEventSameID(t *testing.T) {
	h := newHarness(t, toolServer, nil)
	again := `{"timestamp":"2026-02-01T10:00:01Z","level":"error","message":"failed"}`
	postLines(t, h, again+"\n"+again+"\n"+strings.Replace(again, "01Z", "02Z", 1))
	if got := h.store.count()["tool-logs-2026.03.01-000001"]; got != 2 {
		t.Errorf("%d documents, want 2", got)
	}
}

// testData returns a file of the source documents' configurations and samples.
func testData(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("ELKHORN_TESTDATA")
	if root == "" {
		t.Skip("ELKHORN_TESTDATA is not set")
	}
	return filepath.Join(root, "seed-configs", name)
}

func documentHarness(t *testing.T, conf string, change func(*Options)) *harness {
	t.Helper()
	path := testData(t, conf)
	cfg, err := config.Load([]string{path}, config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return buildHarness(t, cfg, func(o *Options) {
		o.Env.ConfigDir = filepath.Dir(path)
		if change != nil {
			change(o)
		}
	})
}

func decodeAll(t *testing.T, docs []string) []map[string]any {
	t.Helper()
	var out []map[string]any
	for _, doc := range docs {
		var m map[string]any
		if err := json.Unmarshal([]byte(doc), &m); err != nil {
			t.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}

// TestChatGPTDocument posts the sample lines to the printed pipeline, one by one.
func TestChatGPTDocument(t *testing.T) {
	h := documentHarness(t, "chatgpt/logstash/chatgpt-app.conf", nil)
	lines, err := os.ReadFile(testData(t, "chatgpt/sample-lines.log"))
	if err != nil {
		t.Fatal(err)
	}
	postLinesTo(t, h, 1, strings.TrimSpace(string(lines)))
	byLevel, errors := map[any]int{}, 0
	for index, n := range h.store.count() {
		switch {
		case strings.HasPrefix(index, "chatgpt-errors-"):
			errors += n
		case strings.HasPrefix(index, "chatgpt-logs-"):
			for _, doc := range decodeAll(t, h.store.sources(index)) {
				byLevel[doc["log_level"]]++
				if doc["environment"] != "production" || doc["host"] != nil || doc["log_timestamp"] != nil && doc["tags"] == nil {
					t.Errorf("document: %v", doc)
				}
				if doc["duration_ms"] == 100.5 && doc["response_time_category"] != "very_slow" {
					t.Errorf("latency class of 100.5 ms: %v", doc["response_time_category"])
				}
			}
		default:
			t.Errorf("unexpected index %s", index)
		}
	}
	want := map[any]int{"INFO": 7, "WARN": 1, "DEBUG": 1, "ERROR": 3, "CRITICAL": 1, nil: 6}
	if !maps.Equal(byLevel, want) || errors != 4 {
		t.Errorf("by level %v, want %v; %d errors", byLevel, want, errors)
	}
}

// TestMLDocument sends the inference samples through the printed pipeline.
func TestMLDocument(t *testing.T) {
	h := documentHarness(t, "ml/ml-inference.conf", nil)
	samples, err := os.Open(testData(t, "ml/inference-samples.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	stop := h.start()
	sendTCP(t, <-h.addresses, samples)
	stop()
	if len(h.letters.kept) > 0 {
		t.Errorf("dead letters: %v", h.letters.kept)
	}
	var total, high, invalid, low int
	for index := range h.store.count() {
		for _, doc := range decodeAll(t, h.store.sources(index)) {
			total++
			tags := fmt.Sprint(doc["tags"])
			high += strings.Count(tags, "high_latency")
			invalid += strings.Count(tags, "invalid_schema")
			if signals, ok := doc["anomaly_signals"].(map[string]any); ok && signals["low_confidence_warning"] == true {
				low++
			}
			if doc["request_id"] == "req-8f4c2a1b-92d3-4e8c-b2f1-5d3c1e9a2b4f" {
				out := doc["output"].(map[string]any)
				if out["mean_confidence"] != 0.748 || out["max_confidence"] != 0.94 || out["min_confidence"] != 0.52 || index != "ml-inference-2026.02.27" {
					t.Errorf("%s: %v", index, out)
				}
			}
		}
	}
	if total != 8 || high != 1 || invalid != 2 || low != 1 {
		t.Errorf("total %d, high latency %d, invalid %d, low confidence %d", total, high, invalid, low)
	}
	anomalies := readMem(t, h, "/var/log/ml-anomalies.log")
	if lines := strings.Count(anomalies, "\n"); lines != high+invalid || !json.Valid([]byte(strings.SplitN(anomalies, "\n", 2)[0])) {
		t.Errorf("anomalies: %d lines\n%s", lines, anomalies)
	}
}

// TestLLMDocument reads the sample records with the file input of the described pipeline.
func TestLLMDocument(t *testing.T) {
	samples, err := os.ReadFile(testData(t, "llm/samples.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	work := t.TempDir()
	t.Chdir(work)
	h := documentHarness(t, "llm/logstash.conf", nil)
	path := filepath.Join(work, "logs/llm_logs.json")
	if err := h.fs.MkdirAll(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	f, err := h.fs.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(samples); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	lines := bytes.Count(samples, []byte("\n"))
	all := make(chan struct{}, lines+10)
	h.store.refuse = func(es.BulkOp) *eserr.Error { all <- struct{}{}; return nil }
	stop := h.start()
	for range lines {
		<-all
	}
	stop()
	categories := map[any]int{}
	for index := range h.store.count() {
		for _, doc := range decodeAll(t, h.store.sources(index)) {
			categories[doc["prompt_category"]]++
			if doc["hour_of_day"] == nil || doc["prompt"] != nil && doc["prompt_length"] == nil {
				t.Errorf("document: %v", doc)
			}
		}
	}
	t.Logf("by category: %v", categories)
	if categories["coding"] == 0 || categories["explanation"] == 0 || categories["general"] == 0 {
		t.Errorf("by category: %v", categories)
	}
}
