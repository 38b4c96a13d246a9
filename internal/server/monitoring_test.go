package server

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/pipeline/settings"
)

// TestMonitoringDocuments: the settings of the printed Compose file bring the pipeline's own statistics into the store, under Logstash's names.
func TestMonitoringDocuments(t *testing.T) {
	node := settings.Defaults()
	node.API.Enabled = false
	environment := map[string]string{"XPACK_MONITORING_ENABLED": "true", "XPACK_MONITORING_ELASTICSEARCH_HOSTS": "http://elasticsearch:9200"}
	lookup := func(name string) (string, bool) { value, ok := environment[name]; return value, ok }
	if err := node.ReadEnvironment(lookup); err != nil {
		t.Fatal(err)
	}
	node.Name, node.Monitoring.Interval = "node-1", 20*time.Millisecond
	r := documentedStart{node: node}.runText(t, `input { http { id => "door" host => "127.0.0.1" port => 8080 } } filter { if [message] == "a" { mutate { id => "mark" add_tag => ["a"] } } } output { elasticsearch { id => "store" hosts => ["elasticsearch:9200"] index => "events" } }`)
	r.post("a", "b")
	r.documents("events", 2)
	const stats = ".monitoring-logstash-7-*"
	r.wait("statistics of both events", func() bool {
		return len(r.search(stats, `{"bool":{"filter":[{"term":{"type":"logstash_stats"}},{"term":{"logstash_stats.events.out":2}},{"term":{"logstash_stats.logstash.name":"node-1"}}]}}`)) > 0
	})
	var answer struct {
		ClusterUUID string `json:"cluster_uuid"`
	}
	r.call(http.MethodGet, "/", "", &answer)
	d := r.search(stats, `{"term":{"logstash_stats.events.out":2}}`)[0]
	if day := strings.TrimPrefix(d.index, ".monitoring-logstash-7-"); len(day) != len("2006.01.02") {
		t.Errorf("the index is %s", d.index)
	}
	d.has(t, map[string]any{"type": "logstash_stats", "cluster_uuid": answer.ClusterUUID, "interval_ms": 20, "logstash_stats.events.in": 2, "logstash_stats.events.filtered": 2,
		"logstash_stats.logstash.host": "node-1", "logstash_stats.logstash.status": "green", "logstash_stats.reloads.failures": 0, "logstash_stats.queue.events_count": 0})
	pipelines := d.fields["logstash_stats"].(map[string]any)["pipelines"].([]any)
	main := stored{fields: pipelines[0].(map[string]any)}
	main.has(t, map[string]any{"id": "main", "events.in": 2, "events.out": 2, "queue.type": "memory", "reloads.successes": 0})
	if vertices := main.fields["vertices"].([]any); len(pipelines) != 1 || len(vertices) < 3 || !strings.Contains(main.text("vertices"), "id:mark") {
		t.Errorf("pipelines: %v", pipelines)
	}
	state := r.one(stats, `{"term":{"type":"logstash_state"}}`)
	state.has(t, map[string]any{"logstash_state.pipeline.id": "main", "logstash_state.pipeline.representation.type": "lir", "logstash_state.pipeline.hash": main.fields["hash"]})
	var mapping map[string]struct {
		Mappings struct {
			Properties map[string]struct{ Type string }
		}
	}
	r.call(http.MethodGet, "/"+stats+"/_mapping", "", &mapping)
	if got := mapping[d.index].Mappings.Properties; got["timestamp"].Type != "date" || got["type"].Type != "keyword" {
		t.Errorf("mapping: %v", got)
	}
}
