package server

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"elkhorn/internal/pipeline/settings"
)

// ask gets a path of the monitoring API and decodes the answer.
func (r *runningFleet) ask(method, path string, status int, into any) string {
	r.t.Helper()
	req, err := http.NewRequest(method, "http://"+r.MonitorAddr()+path, nil)
	if err != nil {
		r.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil || resp.StatusCode != status {
		r.t.Fatalf("%s %s: %s, %v: %s", method, path, resp.Status, err, body)
	}
	if into != nil {
		if err := json.Unmarshal(body, into); err != nil {
			r.t.Fatalf("%s %s: %v: %s", method, path, err, body)
		}
	}
	return string(body)
}

const monitoredConf = `input { http { id => "door" host => "127.0.0.1" port => 0 } }
filter { mutate { add_field => { "by" => "x" } } if [message] == "drop" { drop {} } }
output { stdout { id => "wall" codec => line } }`

// withMonitor starts a pipeline with a persisted queue and sends it events.
func withMonitor(t *testing.T) *runningFleet {
	node := settings.Defaults()
	node.Name, node.API.First, node.API.Last = "node-1", 0, 0
	node.Pipeline.Queue.Persisted = true
	r := startFleetOf(t, monitoredConf, node)
	for _, text := range []string{"one", "two", "drop"} {
		resp, err := http.Post("http://"+r.Inputs()["http"], "text/plain", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	return r
}

// settled waits until the pipeline has written what was sent.
func (r *runningFleet) settled() {
	r.t.Helper()
	for {
		var s struct {
			Events struct{ Out int }
			Queue  struct {
				Events int `json:"events_count"`
			}
		}
		r.ask("GET", "/_node/stats/events,queue", 200, &s)
		if s.Events.Out == 2 && s.Queue.Events == 0 {
			return
		}
	}
}

type metricbeatEvents struct {
	DurationInMillis *int `json:"duration_in_millis"`
	In, Filtered     *int
	Out              *int
}

// TestMetricbeatReads replays what Metricbeat's logstash module asks and takes: the fields that it cannot do without.
func TestMetricbeatReads(t *testing.T) {
	r := withMonitor(t)
	r.settled()
	var node struct {
		ID, Host, Version string
		JVM               struct {
			PID     *int
			Version *string
		}
	}
	r.ask("GET", "/_node", 200, &node)
	var graphs struct {
		Pipelines map[string]struct {
			Hash, EphemeralID string
			BatchSize         int `json:"batch_size"`
			Workers           int
			Graph             struct {
				Graph struct {
					Vertices []map[string]any
					Edges    []map[string]any
				}
				Type, Version, Hash string
			}
		}
	}
	r.ask("GET", "/_node/pipelines?graph=true", 200, &graphs)
	g := graphs.Pipelines["main"].Graph
	if node.ID == "" || node.Version == "" || node.JVM.PID == nil || g.Type != "lir" || len(g.Graph.Vertices) != 6 || len(g.Graph.Edges) != 6 || graphs.Pipelines["main"].Workers < 1 {
		t.Errorf("node %+v, graph %+v", node, g)
	}
	for _, want := range []map[string]any{{"type": "if", "condition": `[message] == "drop"`, "explicit_id": false}, {"type": "plugin", "id": "door", "config_name": "http", "plugin_type": "input", "explicit_id": true}} {
		if !slices.ContainsFunc(g.Graph.Vertices, func(v map[string]any) bool { return includes(v, want) }) {
			t.Errorf("no vertex has %v: %v", want, g.Graph.Vertices)
		}
	}
	for _, want := range []map[string]any{{"type": "boolean", "when": true}, {"type": "boolean", "when": false, "to": "wall"}, {"type": "plain", "from": "door", "to": "__QUEUE__", "when": nil}} {
		if !slices.ContainsFunc(g.Graph.Edges, func(e map[string]any) bool { return includes(e, want) }) {
			t.Errorf("no edge has %v: %v", want, g.Graph.Edges)
		}
	}
	var stats struct {
		JVM struct {
			GC  struct{ Collectors map[string]map[string]int }
			Mem struct {
				HeapUsedInBytes *int `json:"heap_used_in_bytes"`
			}
			UptimeInMillis *int `json:"uptime_in_millis"`
		}
		Events metricbeatEvents
		Queue  struct {
			EventsCount *int `json:"events_count"`
		}
		Reloads   struct{ Failures, Successes *int }
		Pipelines map[string]struct {
			Hash        string
			EphemeralID string `json:"ephemeral_id"`
			Events      metricbeatEvents
			Queue       struct {
				Type        string
				EventsCount *int `json:"events_count"`
				MaxBytes    int  `json:"max_queue_size_in_bytes"`
			}
			Vertices []struct {
				ID         string
				PipelineID string `json:"pipeline_ephemeral_id"`
				EventsOut  *int   `json:"events_out"`
			}
		}
	}
	r.ask("GET", "/_node/stats?vertices=true", 200, &stats)
	p := stats.Pipelines["main"]
	if stats.JVM.Mem.HeapUsedInBytes == nil || stats.JVM.UptimeInMillis == nil || len(stats.JVM.GC.Collectors) == 0 || stats.Queue.EventsCount == nil || stats.Reloads.Failures == nil ||
		*stats.Events.In != 3 || *stats.Events.Filtered != 2 || *stats.Events.Out != 2 || *p.Events.In != 3 || p.Hash == "" || p.EphemeralID == "" || p.Queue.Type != "persisted" || p.Queue.MaxBytes != 1<<30 ||
		len(p.Vertices) != 4 || p.Vertices[0].ID != "door" || *p.Vertices[0].EventsOut != 3 || p.Vertices[0].PipelineID != p.EphemeralID {
		t.Errorf("stats %+v", stats)
	}
}

// includes says whether an object has some values; nil is none.
func includes(object, want map[string]any) bool {
	for name, value := range want {
		if object[name] != value {
			return false
		}
	}
	return true
}

// TestTelegrafReads replays what Telegraf's logstash input asks and takes.
func TestTelegrafReads(t *testing.T) {
	r := withMonitor(t)
	r.settled()
	var jvm struct {
		JVM map[string]any
		ID  string
	}
	r.ask("GET", "/_node/stats/jvm", 200, &jvm)
	var process struct{ Process map[string]any }
	r.ask("GET", "/_node/stats/process", 200, &process)
	type plugin struct {
		ID, Name string
		Events   map[string]float64
		Flow     map[string]map[string]float64
	}
	var all struct {
		Pipelines map[string]struct {
			Events  map[string]float64
			Plugins struct{ Inputs, Filters, Outputs []plugin }
			Reloads map[string]any
			Queue   struct {
				Events   float64
				Type     string
				Capacity map[string]float64
				Data     map[string]any
				Size     *float64 `json:"queue_size_in_bytes"`
			}
		}
	}
	r.ask("GET", "/_node/stats/pipelines", 200, &all)
	p := all.Pipelines["main"]
	if jvm.JVM["uptime_in_millis"] == nil || jvm.ID == "" || p.Events["in"] != 3 || p.Events["out"] != 2 || len(p.Plugins.Inputs) != 1 || len(p.Plugins.Filters) != 2 ||
		p.Plugins.Outputs[0].ID != "wall" || p.Plugins.Outputs[0].Name != "stdout" || p.Plugins.Outputs[0].Events["in"] != 2 || p.Plugins.Filters[1].Events["in"] != 1 ||
		p.Queue.Type != "persisted" || p.Queue.Capacity["page_capacity_in_bytes"] != 64<<20 || p.Queue.Data["path"] == "" || p.Queue.Size == nil {
		t.Errorf("stats %+v", all)
	}
	for _, rate := range []struct {
		of   plugin
		name string
	}{{p.Plugins.Inputs[0], "throughput"}, {p.Plugins.Filters[0], "worker_utilization"}, {p.Plugins.Filters[0], "worker_millis_per_event"}, {p.Plugins.Outputs[0], "worker_millis_per_event"}} {
		if got := rate.of.Flow[rate.name]["lifetime"]; got <= 0 {
			t.Errorf("%s of %s is %v", rate.name, rate.of.ID, rate.of.Flow)
		}
	}
	if _, ok := p.Events["duration_in_millis"]; !ok {
		t.Errorf("events %v", p.Events)
	}
}

// TestMonitoringAPI asks for the rest.
func TestMonitoringAPI(t *testing.T) {
	r := withMonitor(t)
	r.settled()
	var root map[string]any
	r.ask("GET", "/", 200, &root)
	if root["name"] != "node-1" || root["status"] != "green" || root["http_address"] != r.MonitorAddr() || root["version"] == "" || root["snapshot"] != false {
		t.Errorf("/ is %v", root)
	}
	var one struct {
		Pipelines map[string]struct {
			Flow map[string]map[string]float64
		}
	}
	r.ask("GET", "/_node/stats/pipelines/main", 200, &one)
	if _, ok := one.Pipelines["main"].Flow["input_throughput"]["lifetime"]; !ok {
		t.Errorf("flow is %v", one)
	}
	for _, path := range []string{"/_node/stats/pipelines/nobody", "/_node/pipelines/nobody", "/_node/stats/nothing", "/_node/nothing", "/nothing"} {
		if body := r.ask("GET", path, 404, nil); !strings.Contains(body, `"message"`) {
			t.Errorf("%s: %s", path, body)
		}
	}
	var plugins struct {
		Total   int
		Plugins []struct{ Name, Version string }
	}
	r.ask("GET", "/_node/plugins", 200, &plugins)
	if plugins.Total != len(plugins.Plugins) || !slices.ContainsFunc(plugins.Plugins, func(p struct{ Name, Version string }) bool { return p.Name == "logstash-filter-grok" }) {
		t.Errorf("plugins are %v", plugins)
	}
	var hot struct {
		HotThreads struct {
			Threads []struct{ Name, State string }
		} `json:"hot_threads"`
	}
	r.ask("GET", "/_node/hot_threads?ignore_idle_threads=false&threads=500", 200, &hot)
	if len(hot.HotThreads.Threads) < 5 || hot.HotThreads.Threads[0].State != "running" {
		t.Errorf("threads are %v", hot)
	}
	if text := r.ask("GET", "/_node/hot_threads?human=true", 200, nil); !strings.Contains(text, "Hot threads at ") {
		t.Errorf("threads are %s", text)
	}
	r.ask("GET", "/_node/hot_threads?threads=x", 400, nil)
	if text := r.ask("GET", "/_node/logging?pretty", 200, nil); !strings.Contains(text, "\n  \"loggers\": {\n    \"root\": \"INFO\"") {
		t.Errorf("logging is %s", text)
	}
}

// TestMonitoredReload: a reload by the API, and what a faulty one leaves in statistics and health.
func TestMonitoredReload(t *testing.T) {
	r := withMonitor(t)
	r.write("input {")
	var report struct{ Reload ReloadReport }
	r.ask("POST", "/_reload", 200, &report)
	if !strings.Contains(report.Reload.Failed["main"], "main.conf:") {
		t.Errorf("report %+v", report)
	}
	type health struct {
		Status, Symptom string
		Indicators      struct {
			Pipelines struct {
				Indicators map[string]struct {
					Status    string
					Diagnosis []struct{ Cause string }
				}
			}
		}
	}
	var h health
	r.ask("GET", "/_health_report", 200, &h)
	if main := h.Indicators.Pipelines.Indicators["main"]; h.Status != "yellow" || main.Status != "yellow" || len(main.Diagnosis) != 1 || !strings.Contains(main.Diagnosis[0].Cause, "main.conf:") {
		t.Errorf("health %+v", h)
	}
	r.write(strings.Replace(monitoredConf, `"x"`, `"y"`, 1))
	r.ask("POST", "/_reload", 200, &report)
	var stats struct {
		Reloads   map[string]int
		Pipelines map[string]struct {
			Reloads struct {
				Successes, Failures int
				LastError           struct{ Message string } `json:"last_error"`
				LastSuccess         string                   `json:"last_success_timestamp"`
			}
		}
	}
	r.ask("GET", "/_node/stats", 200, &stats)
	if p := stats.Pipelines["main"].Reloads; fmt.Sprint(stats.Reloads) != "map[failures:1 successes:1]" || p.Successes != 1 || p.Failures != 1 || !strings.Contains(p.LastError.Message, "main.conf:") || p.LastSuccess == "" {
		t.Errorf("stats %+v", stats)
	}
	h = health{}
	r.ask("GET", "/_health_report", 200, &h)
	if h.Status != "green" {
		t.Errorf("health %+v", h)
	}
}

// TestMonitoredLogging: the level of the log is changed while the process runs, and back.
func TestMonitoredLogging(t *testing.T) {
	r := withMonitor(t)
	put := func(path, body string, status int) string {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://"+r.MonitorAddr()+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		answer, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != status {
			t.Fatalf("%s: %s, %v: %s", body, resp.Status, err, answer)
		}
		return string(answer)
	}
	shown := func() string {
		t.Helper()
		var answer struct{ Loggers map[string]string }
		r.ask("GET", "/_node/logging", 200, &answer)
		return answer.Loggers["root"]
	}
	for _, step := range []struct{ path, body, want string }{
		{"/_node/logging", `{"logger.root":"DEBUG"}`, "DEBUG"}, {"/_node/logging", `{"logger.logstash":"warn"}`, "WARN"}, {"/_node/logging", `{"logger.":"TRACE"}`, "DEBUG"},
		{"/_node/logging", `{"logger.root":"OFF"}`, "OFF"}, {"/_node/logging/reset", "", "INFO"},
	} {
		if answer := put(step.path, step.body, 200); !strings.Contains(answer, `"acknowledged":true`) || shown() != step.want {
			t.Errorf("%s %s: %s; the level is %s", step.path, step.body, answer, shown())
		}
	}
	for body, want := range map[string]string{`{"logger.root":"LOUD"}`: "there is no level", `{"logger.logstash.outputs.elasticsearch":"DEBUG"}`: "set logger.root",
		`{"root":"DEBUG"}`: "unrecognized option [root]", `[`: "wants a level by logger", ``: "wants a level by logger"} {
		if answer := put("/_node/logging", body, 400); !strings.Contains(answer, want) || shown() != "INFO" {
			t.Errorf("%s: %s; the level is %s", body, answer, shown())
		}
	}
}
