package server

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"

	"elkhorn/internal/pipeline/settings"
)

// checkArchitecture, M-16.
func checkArchitecture(t *testing.T, conf string) {
	r := documentedStart{}.run(t, conf)
	var sample map[string]any
	if err := json.Unmarshal([]byte(strings.Join(seedLines(t, "architecture/sample.json"), "\n")), &sample); err != nil {
		t.Fatal(err)
	}
	sample["client_ip"] = "203.0.113.42"
	order, err := json.Marshal(sample)
	if err != nil {
		t.Fatal(err)
	}
	r.beats("2026-03-28T23:59:59.000Z", string(order), `{"message":"GET /health_check 200","service":"order-service"}`, "plain text", "health_check of a load balancer")
	found := r.documents("app-logs-2026.03.28", 2)
	if all := r.search("app-logs-*", ""); len(all) != 2 {
		t.Errorf("%d documents in all: %v", len(all), all)
	}
	for _, d := range found {
		d.has(t, map[string]any{"environment": "production", "@timestamp": "2026-03-28T23:59:59.000Z"}) // the event keeps the time of the shipper
	}
	byOrder := r.one("app-logs-*", `{"term":{"order_id.keyword":"ord_9x2m1"}}`)
	byOrder.has(t, map[string]any{"message": "order_placed", "amount": 149.99, "items_count": 3, "trace_id": "abc123def456", "timestamp": "2026-03-28T14:23:01.442Z",
		"tags": "[beats_input_codec_plain_applied _geoip_lookup_failure]", "geoip": nil}) // no database is named
	r.one("app-logs-*", `{"match_phrase":{"message":"plain text"}}`).has(t, map[string]any{
		"tags": "[beats_input_codec_plain_applied _jsonparsefailure _geoip_lookup_failure]", "client_ip": nil})
	if !strings.Contains(r.log.String(), "none is shipped") {
		t.Errorf("nothing says that there is no database: %s", r.log)
	}
}

// checkChatGPT, M-01 to M-05.
func checkChatGPT(t *testing.T, conf string) {
	at := documentedStart{objects: map[string]string{"/_index_template/chatgpt-logs": "chatgpt/index-template.json", "/_ilm/policy/chatgpt-logs-policy": "chatgpt/ilm-policy.json"}}
	lines := seedLines(t, "chatgpt/sample-lines.log")
	check := func(t *testing.T, send func(r *documentedRun)) {
		r := at.run(t, conf)
		send(r)
		found := r.documents("chatgpt-logs", len(lines))
		errors := r.documents("chatgpt-errors-*", 4)
		ids := map[string]bool{}
		for _, d := range found {
			ids[d.id] = true
			d.has(t, map[string]any{"environment": "production", "region": "us-east-1", "deployment_version": "unknown", "host": nil, "agent": nil, "ecs": nil, "input": nil, "parsed": nil})
			if !strings.HasSuffix(d.index, "-000001") || !strings.HasPrefix(d.index, "chatgpt-logs-") {
				t.Errorf("a document went to %s", d.index)
			}
		}
		if len(ids) != len(lines) {
			t.Errorf("%d ids for %d events", len(ids), len(lines))
		}
		var alias map[string]struct {
			Aliases map[string]struct {
				IsWriteIndex bool `json:"is_write_index"`
			}
		}
		r.call(http.MethodGet, "/_alias/chatgpt-logs", "", &alias)
		if index := alias[found[0].index]; len(alias) != 1 || !index.Aliases["chatgpt-logs"].IsWriteIndex {
			t.Errorf("alias: %v", alias)
		}
		var expected []struct {
			Line     string
			Captures map[string]any `json:"pipeline_grok_captures"`
		}
		text, err := os.ReadFile(filepath.Join(seedConfigs(t), "chatgpt/grok-expected.json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &expected); err != nil {
			t.Fatal(err)
		}
		byMessage := map[string]stored{}
		for _, d := range found {
			byMessage[d.text("message")] = d
		}
		for _, e := range expected {
			d := byMessage[e.Line]
			if e.Captures == nil {
				d.has(t, map[string]any{"log_level": nil, "service_name": nil, "log_message": nil})
				if !strings.Contains(d.text("tags"), "_grokparsefailure") {
					t.Errorf("%q has the tags %s", e.Line, d.text("tags"))
				}
				continue
			}
			at := strings.TrimSuffix(fmt.Sprint(e.Captures["log_timestamp"]), "Z")
			if !strings.Contains(at, ".") {
				at += ".000"
			}
			e.Captures["@timestamp"], e.Captures["log_timestamp"] = at+"Z", nil
			d.has(t, e.Captures)
		}
		r.one("chatgpt-logs", `{"bool":{"filter":[{"term":{"log_level":"ERROR"}},{"term":{"user_id":"user_456"}}]}}`).has(t, map[string]any{
			"@timestamp": "2026-12-25T14:32:20.000Z", "service_name": "mcp-server", "tool_name": "create_reservation", "response_time": 10023, "response_time_category": "very_slow",
			"error_message": "UnhandledPromiseRejection: Connection timeout", "log_timestamp": nil})
		for at, class := range map[string]string{"2026-12-25T14:32:18.456Z": "normal", "2026-12-25T14:32:22.100Z": "very_slow", "2026-12-25T14:32:22.200Z": "slow", "2026-12-25T14:32:19.250Z": "fast"} {
			r.one("chatgpt-logs", fmt.Sprintf(`{"bool":{"filter":[{"term":{"@timestamp":%q}},{"term":{"response_time_category":%q}}]}}`, at, class))
		}
		for _, d := range errors {
			if level := d.fields["log_level"]; level != "ERROR" && level != "CRITICAL" || !strings.Contains(d.text("tags"), "error_log") {
				t.Errorf("among the errors: %v", d.fields)
			}
		}
		if out := r.out.String(); out != "" {
			t.Errorf("printed in production: %s", out)
		}
		for _, warned := range []string{"is overruled by ilm_rollover_alias", "level to log_level", "document_id does not resolve"} {
			if !strings.Contains(r.log.String(), warned) {
				t.Errorf("nothing says %q: %s", warned, r.log)
			}
		}
	}
	t.Run("http", func(t *testing.T) {
		check(t, func(r *documentedRun) {
			r.post(lines...)
			r.wait("the record with a browser", func() bool { return len(r.search("chatgpt-logs", `{"term":{"client_ip":"203.0.113.42"}}`)) == 1 })
			r.one("chatgpt-logs", `{"term":{"client_ip":"203.0.113.42"}}`).has(t, map[string]any{"user_agent.name": "Chrome", "user_agent.os_name": "Mac OS X", "log_level": "INFO"})
		})
	})
	t.Run("beats", func(t *testing.T) {
		check(t, func(r *documentedRun) { r.beats("2026-12-25T20:00:00.000Z", lines...) })
	})
	t.Run("staging", func(t *testing.T) {
		at := at
		at.environment = map[string]string{"ENVIRONMENT": "staging", "AWS_REGION": "eu-west-1", "DEPLOYMENT_VERSION": "7"}
		r := at.run(t, conf)
		r.post(lines[0])
		r.documents("chatgpt-logs", 1)[0].has(t, map[string]any{"environment": "staging", "region": "eu-west-1", "deployment_version": "7"})
		r.wait("the event on standard output", func() bool { return strings.Contains(r.out.String(), `"environment" => "staging"`) })
	})
}

// checkGrokUsage, M-06. The file is a filter section on its own; input and output come from a second file of the pipeline.
func checkGrokUsage(t *testing.T, conf string) {
	ends := filepath.Join(t.TempDir(), "rest.conf")
	if err := os.WriteFile(ends, []byte(`input { http { port => 8080 } } output { elasticsearch { hosts => ["http://elasticsearch:9200"] index => "grok" } }`), 0o600); err != nil {
		t.Fatal(err)
	}
	r := documentedStart{more: []string{ends}}.run(t, conf)
	r.call(http.MethodPut, "/grok", `{"mappings":{"date_detection":false}}`, nil) // the lines' times are of two forms
	var expected []struct {
		Line     string
		Captures map[string]any
	}
	text, err := os.ReadFile(filepath.Join(seedConfigs(t), "chatgpt/grok-expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &expected); err != nil {
		t.Fatal(err)
	}
	for _, e := range expected {
		r.post(e.Line)
	}
	r.post("no line of these forms")
	for _, d := range r.documents("grok", len(expected)+1) {
		want := map[string]any{"tags": "[_grokparsefailure]"}
		for _, e := range expected {
			if e.Line == d.fields["message"] {
				want = e.Captures
				want["tags"] = nil
			}
		}
		for _, own := range []string{"@timestamp", "@version", "message", "host", "url", "http", "user_agent", "headers"} {
			delete(d.fields, own)
		}
		d.has(t, want)
		for name := range d.fields {
			if want[name] == nil {
				t.Errorf("%s is %v, and should not be there", name, d.fields[name])
			}
		}
	}
}

// checkLLM, M-34: a relative path is taken from the working folder.
func checkLLM(t *testing.T, conf string) {
	work := t.TempDir()
	t.Chdir(work)
	samples := seedLines(t, "llm/samples.jsonl")
	if err := os.MkdirAll("logs", 0o700); err != nil {
		t.Fatal(err)
	}
	grown := append(samples, "not JSON", `{"prompt": 42, "timestamp": "2026-01-16T09:00:00Z"}`)
	if err := os.WriteFile("logs/llm_logs.json", []byte(strings.Join(grown[:5], "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := documentedStart{}.run(t, conf)
	r.documents("llm-logs-*", 5)
	f, err := os.OpenFile("logs/llm_logs.json", os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(strings.Join(grown[5:], "\n") + "\n"); err != nil {
		t.Fatal(err)
	}
	r.documents("llm-logs-*", len(grown))
	for prompt, want := range map[string]map[string]any{
		"What is machine learning?": {"prompt_category": "explanation", "prompt_length": 25, "response_length": 58, "hour_of_day": 9, "tokens_used": 150, "latency_ms": 250.5, "event_type": "interaction", "tags": "[llm]"},
		"What is AI?":               {"prompt_category": "explanation", "event_type": "error", "tags": "[llm error]", "response_length": nil, "hour_of_day": 10},
		"Write a Python function that reverses a linked list": {"prompt_category": "coding", "hour_of_day": 13, "@timestamp": "2026-01-15T13:45:12.310Z"},
		"Write a short poem about logs":                       {"prompt_category": "writing", "hour_of_day": 14},
		"Custom prompt":                                       {"prompt_category": "general", "custom_field": "custom_value", "experiment_id": "exp_001"},
		"test":                                                {"prompt_category": "general", "hour_of_day": 22},
	} {
		query, err := json.Marshal(prompt)
		if err != nil {
			t.Fatal(err)
		}
		r.one("llm-logs-*", `{"term":{"prompt.keyword":`+string(query)+`}}`).has(t, want)
	}
	for day, n := range map[string]int{"llm-logs-2026.01.15": 9, "llm-logs-2026.01.16": 4} {
		r.documents(day, n)
	}
	r.one("llm-logs-*", `{"match_phrase":{"message":"not JSON"}}`).has(t, map[string]any{"tags": "[_jsonparsefailure llm]", "event_type": "interaction", "prompt_category": nil})
	r.one("llm-logs-*", `{"term":{"prompt.keyword":"42"}}`).has(t, map[string]any{"prompt": 42, "prompt_length": nil})
}

// mlTemplate is what the documents put into the store for inference logs.
var mlTemplate = map[string]string{"/_index_template/ml-inference": "ml/index-template.json"}

// checkML, M-24 to M-26, M-38.
func checkML(t *testing.T, conf string) {
	lines := seedLines(t, "ml/inference-samples.jsonl")
	const odd = `{"timestamp":"2026-02-27T15:00:00.000Z","request_id":"req-odd","model_metadata":{"model_version":"9"},"inference_metrics":{"latency_ms":"501.9"},"output":{"confidence_scores":[],"confidence_threshold_applied":0.5,"items_above_threshold":1}}`
	r := documentedStart{objects: mlTemplate}.run(t, conf)
	whole := strings.Join(lines[:3], "\n") + "\n"
	r.tcp([]byte(whole))
	r.tcp(gzipped(t, strings.Join(lines[3:5], "\n")+"\n")) // as log_compressed sends it
	r.tcp(append(gzipped(t, lines[5]+"\n"), gzipped(t, lines[6]+"\n")...))
	r.tcp([]byte(lines[7] + "\n" + odd + "\n"))

	all := r.documents("ml-inference-*", 8)
	for _, d := range all {
		d.has(t, map[string]any{"deployment_environment": "production", "cluster_name": "ml-us-west-2", "ingest_timestamp": d.fields["@timestamp"]})
		if event, _ := d.fields["event"].(map[string]any); event["ingested"] == nil || event["ingested"] == d.fields["@timestamp"] {
			t.Errorf("the time of ingest is %v", event)
		}
		if d.index != "ml-inference-2026.02.27" {
			t.Errorf("a document went to %s", d.index)
		}
	}
	byRequest := func(id string) stored { return r.one("ml-inference-*", fmt.Sprintf(`{"term":{"request_id":%q}}`, id)) }
	byRequest("req-8f4c2a1b-92d3-4e8c-b2f1-5d3c1e9a2b4f").has(t, map[string]any{"@timestamp": "2026-02-27T14:32:15.847Z", "output.mean_confidence": 0.748, "output.max_confidence": 0.94,
		"output.min_confidence": 0.52, "output.confidence_scores": "[0.94 0.87 0.76 0.65 0.52]", "anomaly_signals.low_confidence_warning": nil, "tags": nil, "inference_metrics.latency_ms": 87})
	byRequest("req-slow-0001").has(t, map[string]any{"tags": "[high_latency]", "inference_metrics.latency_ms": 812})
	byRequest("req-lowconf-0001").has(t, map[string]any{"anomaly_signals.low_confidence_warning": true})
	byRequest("req-oldver-0001").has(t, map[string]any{"inference_metrics.latency_ms": 95, "model_metadata.model_version": "3.1.9"})
	byRequest("req-nover-0001").has(t, map[string]any{"tags": "[invalid_schema]", "validation_error": "Missing required fields"})
	byRequest("req-offset-0001").has(t, map[string]any{"@timestamp": "2026-02-27T22:15:30.123456Z"})
	byRequest("req-odd").has(t, map[string]any{"inference_metrics.latency_ms": 501, "tags": "[high_latency]", "anomaly_signals.low_confidence_warning": true})
	if missing := r.one("ml-inference-*", `{"bool":{"must_not":{"exists":{"field":"request_id"}}}}`); missing.text("tags") != "[invalid_schema]" {
		t.Errorf("without a request id: %v", missing.fields)
	}
	// The printed mapping holds numbers where it says nested objects, and queries name a .keyword that there is not.
	r.one("ml-inference-*", `{"bool":{"filter":[{"nested":{"path":"output.confidence_scores","query":{"range":{"output.confidence_scores.score":{"lt":0.2}}}}},{"exists":{"field":"request_id"}}]}}`)
	if old := r.search("ml-inference-*", `{"term":{"model_metadata.model_version.keyword":"3.1.9"}}`); len(old) != 1 {
		t.Errorf("model_version.keyword finds %d documents", len(old))
	}
	// A time without zone is refused by the mapping and kept with the reason.
	r.wait("the dead letter", func() bool { return strings.Contains(r.log.String(), "kept in the dead-letter queue") })
	if !strings.Contains(r.log.String(), "failed to parse date field [2026-02-27T22:15:30.123456]") {
		t.Errorf("the reason is missing: %s", r.log)
	}
	r.wait("lines of anomalies", func() bool {
		text, err := os.ReadFile(filepath.Join(r.outside, "ml-anomalies.log"))
		return err == nil && strings.Count(string(text), "\n") >= 4
	})
	text, err := os.ReadFile(filepath.Join(r.outside, "ml-anomalies.log"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if !json.Valid([]byte(line)) || !strings.Contains(line, "high_latency") && !strings.Contains(line, "invalid_schema") {
			t.Errorf("among the anomalies: %s", line)
		}
	}
	if strings.Count(string(text), "\n") != 4 || r.out.String() != "" {
		t.Errorf("anomalies: %s; printed: %s", text, r.out)
	}
}

// checkNginx: R-062, M-29. The printed balancer hands HTTP requests to the tcp input of the inference pipeline, under the port that both name.
func checkNginx(t *testing.T, conf string) {
	text, err := os.ReadFile(conf)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"server logstash-1:5000;", "proxy_pass http://logstash;"} {
		if !strings.Contains(string(text), want) {
			t.Fatalf("the balancer has no %q: this check is for another one", want)
		}
	}
	r := documentedStart{objects: mlTemplate}.run(t, filepath.Join(filepath.Dir(conf), "ml-inference.conf"))
	balancer := httptest.NewServer(httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: r.at["127.0.0.1:5000"]}))
	defer balancer.Close()
	lines := seedLines(t, "ml/inference-samples.jsonl")
	for _, line := range lines[:4] {
		r.postTo(balancer.URL, "application/json", line)
	}
	r.documents("ml-inference-2026.02.27", 4)
	r.one("ml-inference-*", `{"term":{"request_id":"req-slow-0001"}}`).has(t, map[string]any{"tags": "[high_latency]", "inference_metrics.latency_ms": 812})
}

// checkPython, M-20, M-40, with the broker of the test in place of the host kafka.
func checkPython(t *testing.T, conf string) {
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, "python-logs"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	checkPythonWith(t, conf, cluster.ListenAddrs()[0])
}

func checkPythonWith(t *testing.T, conf, broker string) {
	r := documentedStart{objects: map[string]string{"/_index_template/python-logs": "python/index-template.json"}, broker: broker}.run(t, conf)
	producer, err := kgo.NewClient(kgo.SeedBrokers(broker), kgo.DefaultProduceTopic("python-logs"))
	if err != nil {
		t.Fatal(err)
	}
	defer producer.Close()
	send := func(lines ...string) {
		t.Helper()
		for _, line := range lines {
			if err := producer.ProduceSync(t.Context(), kgo.StringRecord(line)).FirstErr(); err != nil {
				t.Fatal(err)
			}
		}
	}
	// The group begins at the end of the topic, as Kafka has it: what is sent before it has joined does not count.
	r.wait("the group", func() bool {
		send(`{"service":"critical-service","level":"debug","message":"joined?"}`)
		return len(r.search("python-logs-*", "")) > 0
	})
	send(append(seedLines(t, "python/samples.jsonl"), `{"level":"warning","service":"x","message":"upper","path":"/a/123abc/B1B2C3D4-1111","email":"jo@x.org"}`, "no JSON")...)
	r.wait("the last message", func() bool { return len(r.search("python-logs-*", `{"match_phrase":{"message":"no JSON"}}`)) > 0 })
	for message, want := range map[string]map[string]any{
		"order_placed":                        {"level": "INFO", "path_pattern": "/users/:id/orders", "email": "joh***@example.com", "geo": nil, "status_code": 201},
		"unhandled exception":                 {"level": "ERROR", "path_pattern": "/orders/:uuid-2222-3333-444455556666/items", "duration_ms": "45.2", "stack_trace": `Traceback (most recent call last):\n  File "app.py", line 10, in handler\n    check(q)\nValueError: invalid quantity`},
		"item missing":                        {"path_pattern": "/orders/:id", "error_type": "NotFound"},
		"kept: debug of the critical service": {"level": "DEBUG"},
		"login":                               {"email": "abc@x.com", "tags": "[_geoip_lookup_failure]", "password": "hunter2", "path_pattern": nil},
		"upper":                               {"level": "WARNING", "path_pattern": "/a/:idabc/B1B2C3D4-1111", "email": "jo@x.org"},
		"no JSON":                             {"tags": "[_jsonparsefailure]", "level": nil},
	} {
		r.one("python-logs-*", fmt.Sprintf(`{"match_phrase":{"message":%q}}`, message)).has(t, want)
	}
	if dropped := r.search("python-logs-*", `{"bool":{"filter":{"term":{"level":"DEBUG"}},"must_not":{"term":{"service":"critical-service"}}}}`); len(dropped) > 0 {
		t.Errorf("verbose lines of production were kept: %v", dropped)
	}
	var slow struct{ Count int }
	r.call(http.MethodPost, "/python-logs-*/_count", `{"query":{"range":{"duration_ms":{"gt":45,"lt":46}}}}`, &slow)
	if slow.Count != 2 { // one of them was sent as text
		t.Errorf("%d documents with a duration of 45.2, want 2", slow.Count)
	}
}

// checkFluentd: the file is in no language of pipelines: it is refused with the place, not run as something else.
func checkFluentd(t *testing.T, conf string) {
	findings := CheckPipeline(PipelineConfig{ID: "main", Paths: []string{conf}, Settings: settings.Defaults().Pipeline}, noEnv)
	if len(findings) != 1 || !strings.Contains(findings[0].Text(), "fluentd.conf:2:1: ") {
		t.Errorf("findings: %v", findings)
	}
}
