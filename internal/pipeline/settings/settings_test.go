package settings

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func lookup(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNode(t *testing.T) {
	n := Defaults()
	err := n.ReadNode(file(t, "logstash.yml", `
node.name: "${NODE:one}"
pipeline:
  batch:
    size: 500
    delay: 5
  ordered: true
queue.type: ${QUEUE}
queue: { max_bytes: 2gb, page_capacity: 32mb, checkpoint.writes: 1 }
dead_letter_queue.retain.age: 5d
dead_letter_queue.storage_policy: drop_older
config.reload.automatic: true
config.reload.interval: 500ms
api.http.host: 127.0.0.2
api.http.port: 9601-9603
log.level: trace
path.config:
xpack.monitoring.enabled: true
xpack.monitoring.elasticsearch.hosts: ["http://es-1:9200", "http://es-2:9200"]
xpack.monitoring.collection.interval: 30s
xpack.monitoring.collection.timeout_interval: 5m
xpack.management.enabled: false
`), lookup("QUEUE", "persisted"))
	if err != nil {
		t.Fatal(err)
	}
	p := n.Pipeline
	if n.Name != "one" || p.BatchSize != 500 || p.BatchDelay != 5*time.Millisecond || !p.Ordered || !p.Queue.Persisted || p.Queue.MaxBytes != 2<<30 ||
		p.Queue.PageBytes != 32<<20 || p.Queue.CheckpointWrites != 1 || p.Queue.CheckpointAcks != 1024 || p.DeadLetters.RetainAge != 120*time.Hour || p.DeadLetters.Policy != "drop_older" ||
		n.Reload != (Reload{Automatic: true, Interval: 500 * time.Millisecond}) || n.API != (API{Enabled: true, Host: "127.0.0.2", First: 9601, Last: 9603, Explicit: true}) ||
		n.LogLevel != "debug" || p.Path != "" {
		t.Errorf("read as %+v", n)
	}
	if len(n.Warnings) != 1 || !strings.Contains(n.Warnings[0].Error(), "logstash.yml:21:1: option \"xpack.monitoring.collection.timeout_interval\": has no effect") {
		t.Errorf("warnings: %v", n.Warnings)
	}
	if m := n.Monitoring; !m.Enabled() || strings.Join(m.Hosts, " ") != "http://es-1:9200 http://es-2:9200" || m.Interval != 30*time.Second || !m.Vertices || !m.Graphs {
		t.Errorf("monitoring: %+v", m)
	}
}

// TestMonitoring: the legacy settings turn statistics on, from the environment too, and what is not there is refused by name.
func TestMonitoring(t *testing.T) {
	for _, tc := range []struct {
		environment []string
		want        bool
		fault       string
	}{
		{[]string{"XPACK_MONITORING_ENABLED", "true"}, true, ""},
		{[]string{"XPACK_MONITORING_ELASTICSEARCH_HOSTS", "http://elasticsearch:9200"}, true, ""},
		{[]string{"XPACK_MONITORING_ELASTICSEARCH_HOSTS", `["http://a:9200","http://b:9200"]`, "XPACK_MONITORING_ENABLED", "false"}, false, ""},
		{[]string{"MONITORING_ENABLED", "true", "MONITORING_CLUSTER_UUID", "u"}, true, ""},
		{[]string{"XPACK_MONITORING_ALLOW_LEGACY_COLLECTION", "false", "XPACK_MONITORING_ENABLED", "true"}, false, ""},
		{[]string{"XPACK_MONITORING_ENABLED", "yes"}, false, "wants true or false"},
		{[]string{"XPACK_MONITORING_ENABLED", "true", "MONITORING_ENABLED", "true"}, false, "two names of the same settings"},
		{[]string{"XPACK_MONITORING_ENABLED", "true", "XPACK_MONITORING_ELASTICSEARCH_USERNAME", "me"}, false, "is missing beside elasticsearch.username"},
		{[]string{"XPACK_MONITORING_ENABLED", "true", "XPACK_MONITORING_ELASTICSEARCH_PASSWORD", "p", "XPACK_MONITORING_ELASTICSEARCH_API_KEY", "a:b"}, false, "exclude each other"},
		{[]string{"XPACK_MONITORING_ELASTICSEARCH_HOSTS", ", "}, false, "wants a URL"},
	} {
		n := Defaults()
		err := n.ReadEnvironment(lookup(tc.environment...))
		switch {
		case tc.fault == "" && err != nil, tc.fault != "" && (err == nil || !strings.Contains(err.Error(), tc.fault)):
			t.Errorf("%v: %v, want %s", tc.environment, err, tc.fault)
		case err == nil && n.Monitoring.Enabled() != tc.want:
			t.Errorf("%v: %+v", tc.environment, n.Monitoring)
		}
	}
	n := Defaults()
	for name, reason := range map[string]string{"xpack.monitoring.elasticsearch.cloud_id": "name elasticsearch.hosts", "monitoring.elasticsearch.ssl.truststore.path": "Java's stores are not read",
		"monitoring.elasticsearch.sniffing": "the hosts named are used", "monitoring.elasticsearch.ssl.verification_mode": "wants full or none", "monitoring.colection.interval": `did you mean "monitoring.collection.interval"`} {
		if err := n.Set(name, "x"); err == nil || !strings.Contains(err.Error(), reason) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLayers: the environment comes after the file, the command line after both.
func TestLayers(t *testing.T) {
	n := Defaults()
	if err := n.ReadNode(file(t, "logstash.yml", "pipeline.workers: 2\npipeline.batch.size: 10\n"), lookup()); err != nil {
		t.Fatal(err)
	}
	if err := n.ReadEnvironment(lookup("PIPELINE_WORKERS", "3", "PIPELINE_BATCH_SIZE", "20", "HTTP_PORT", "no port of ours")); err != nil {
		t.Fatal(err)
	}
	if err := n.Set("pipeline.batch.size", "30"); err != nil {
		t.Fatal(err)
	}
	if n.Pipeline.Workers != 3 || n.Pipeline.BatchSize != 30 || n.API.First != 9600 {
		t.Errorf("read as %+v", n)
	}
	err := n.ReadEnvironment(lookup("QUEUE_TYPE", "disk"))
	if err == nil || err.Error() != `environment variable QUEUE_TYPE: option "queue.type": wants one of memory, persisted, not "disk"` {
		t.Errorf("a wrong variable: %v", err)
	}
}

func TestPipelines(t *testing.T) {
	n := Defaults()
	n.Pipeline.BatchSize = 7
	path := file(t, "pipelines.yml", `
- pipeline.id: orders
  path.config: conf.d/*.conf
  pipeline.workers: 1
  queue: {type: persisted}
- pipeline.id: ${NAME:audit}
  config.string: "input { stdin {} }"
  pipeline.batch.size: 9
`)
	all, err := n.ReadPipelines(path, lookup())
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 2 || all[0].ID != "orders" || all[0].Path != filepath.Join(filepath.Dir(path), "conf.d/*.conf") || all[0].Workers != 1 || !all[0].Queue.Persisted ||
		all[0].BatchSize != 7 || all[1].ID != "audit" || all[1].BatchSize != 9 || all[1].Queue.Persisted {
		t.Errorf("read as %+v", all)
	}
}

// TestRefusals: what is not understood is named with its place and what was meant.
func TestRefusals(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"logstash.yml", "pipelin.workers: 2", `1:1: option "pipelin.workers": there is no setting of this name; did you mean "pipeline.workers"?`},
		{"logstash.yml", "queue:\n  typ: memory", `2:3: option "queue.typ": there is no setting of this name; did you mean "queue.type"?`},
		{"logstash.yml", "zzz: 1", `option "zzz": there is no setting of this name`},
		{"logstash.yml", "pipeline.workers: 0", "wants a whole number from 1"},
		{"logstash.yml", "pipeline.workers: two", "wants a whole number from 1"},
		{"logstash.yml", "queue.max_bytes: lots", "is not a size"},
		{"logstash.yml", "config.reload.interval: 3", "such as 3s"},
		{"logstash.yml", "config.reload.interval: 99999999999999999d", "such as 3s"},
		{"logstash.yml", "config.reload.automatic: yes", "wants true or false"},
		{"logstash.yml", "api.http.port: 9700-9600", "wants a port"},
		{"logstash.yml", "queue.compression: speed", "pages are not compressed"},
		{"logstash.yml", "api.auth.type: basic", "the API has no login"},
		{"logstash.yml", "xpack.management.enabled: true", "there is no central pipeline management"},
		{"logstash.yml", "path.plugins: [/a, /b]", "plugins cannot be added"},
		{"logstash.yml", "node.name: ${NOBODY}", "the variable ${NOBODY} is not set"},
		{"logstash.yml", "node.name: a\nnode: {name: b}", "it is set twice"},
		{"logstash.yml", "queue: {type: persisted, page_capacity: 2gb}", "a page must not be larger than the queue"},
		{"logstash.yml", "path.config: a\nconfig.string: b", "exclude each other"},
		{"logstash.yml", "- a", "wants settings"},
		{"logstash.yml", "a: [", "logstash.yml"},
		{"pipelines.yml", "", "wants a list of pipelines"},
		{"pipelines.yml", "pipeline.id: a", "wants a list of pipelines"},
		{"pipelines.yml", "- just text", "wants settings of a pipeline"},
		{"pipelines.yml", "- path.config: a", `option "pipeline.id": is missing`},
		{"pipelines.yml", "- pipeline.id: a", "neither path.config nor config.string"},
		{"pipelines.yml", "- {pipeline.id: a, path.config: b}\n- {pipeline.id: a, path.config: c}", "2:3: option \"pipeline.id\": \"a\" is the name of another pipeline already"},
		{"pipelines.yml", "- {pipeline.id: a, path.config: b, api.http.port: 9600}", "belongs in logstash.yml"},
	} {
		path := file(t, c.name, c.text)
		var err error
		if c.name == "logstash.yml" {
			err = Defaults().ReadNode(path, lookup())
		} else {
			_, err = Defaults().ReadPipelines(path, lookup())
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s %q: %v\nwant %s", c.name, c.text, err, c.want)
		}
	}
}

// TestKeys: the list is in order, and each key does one thing.
func TestKeys(t *testing.T) {
	for i, k := range Keys {
		if i > 0 && Keys[i-1].Name >= k.Name {
			t.Errorf("%s stands after %s", k.Name, Keys[i-1].Name)
		}
		if does := k.set != nil; does == (k.Ignored != "" || k.Unsupported != "") || does != (k.Help != "") {
			t.Errorf("%s must act and be described, or be ignored or refused", k.Name)
		}
	}
}

func FuzzReadPipelines(f *testing.F) {
	f.Add("- pipeline.id: a\n  path.config: b\n")
	f.Add("- {queue: {type: persisted, max_bytes: 1e300gb}}")
	f.Add("- &a [*a]")
	f.Fuzz(func(t *testing.T, text string) {
		path := file(t, "pipelines.yml", text)
		all, err := Defaults().ReadPipelines(path, lookup())
		if err == nil && len(all) == 0 {
			t.Fatal("no pipeline and no error")
		}
	})
}
