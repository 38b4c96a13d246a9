package ship

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/vfs"
)

func noVariables(string) (string, bool) { return "", false }

func describe(findings []Finding) string {
	var all []string
	for _, f := range findings {
		all = append(all, f.String())
	}
	return strings.Join(all, "\n")
}

func TestLoadFull(t *testing.T) {
	data, err := os.ReadFile("testdata/full.yml")
	if err != nil {
		t.Fatal(err)
	}
	c, findings, err := Load("full.yml", data, noVariables)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Inputs) != 3 {
		t.Fatalf("%d inputs", len(c.Inputs))
	}
	logs := c.Inputs[1]
	if got := string(logs.Fields.AppendJSON(nil)); got != `{"source":"file","nested":{"key":1}}` || !logs.FieldsRoot {
		t.Errorf("fields %s", got)
	}
	container := c.Inputs[0]
	if len(container.Processors) != 2 {
		t.Fatalf("%d processors", len(container.Processors))
	}
	if got := container.Processors[1].Options[1].Value.Pairs; got[0].Value.Str != "production" || got[1].Value.Kind == got[2].Value.Kind {
		t.Errorf("add_fields has %+v", got)
	}
	wantOutput := Output{
		Hosts: []string{"one:5044", "two:5044", "[::1]:7000"}, LoadBalance: true, Workers: 2, BulkMaxSize: 1024, CompressionLevel: 3,
		SlowStart: true, Pipelining: 2, Timeout: 30 * time.Second, BackoffInit: time.Second, BackoffMax: time.Minute, Beat: "filebeat",
	}
	if got, want := c.Output, wantOutput; strings.Join(got.Hosts, " ") != strings.Join(want.Hosts, " ") || got.Workers != 2 || !got.SlowStart ||
		!got.LoadBalance || got.BulkMaxSize != want.BulkMaxSize || got.Timeout != want.Timeout || got.BackoffMax != want.BackoffMax {
		t.Errorf("output %+v", got)
	}
	if c.Queue != (Queue{Events: 4096, MinEvents: 512, FlushTimeout: 2 * time.Second}) {
		t.Errorf("queue %+v", c.Queue)
	}
	if c.Name != "web" || strings.Join(c.Tags, " ") != "a b" || len(c.Processors) != 1 {
		t.Errorf("name %q, tags %q, %d processors", c.Name, c.Tags, len(c.Processors))
	}
	got := describe(findings)
	for _, want := range []string{
		"full.yml:11:9: warning: filebeat.inputs.0.processors.0.add_docker_metadata: is not built yet",
		"full.yml:22:16: warning: filebeat.inputs.0.condition: container labels are not read yet",
		"warning: filebeat.inputs.1.multiline.pattern: a line that begins with a time in brackets, a JSON object, a metric line does not match",
		"warning: filebeat.modules.0.system: no fileset is enabled: write auth.enabled: true or syslog.enabled: true",
		"warning: monitoring: the shipper's own counters are not sent yet",
		"note: logging: ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("missing finding %q in\n%s", want, got)
		}
	}
}

func TestLoadMistakes(t *testing.T) {
	const output = "\noutput.logstash.hosts: [x]\n"
	const input = "filebeat.inputs: [{type: log, paths: [/a]}]\n"
	for _, test := range []struct {
		name, text, want string
	}{
		{"broken YAML", "a: [", "f.yml: line 1"},
		{"a list", "- a", "f.yml:1:1: want keys and values"},
		{"nothing", "", "f.yml:1:1: error: filebeat.inputs: is missing"},
		{"an input that is no map", "filebeat.inputs: [log]" + output, "f.yml:1:19: error: filebeat.inputs.0: wants an input with its options"},
		{"inputs that are no list", "filebeat.inputs: {type: log}" + output, "filebeat.inputs: wants a list of inputs"},
		{"modules alone that we lack", "filebeat.modules: [{module: mysql}]" + output, "f.yml:1:29: error: filebeat.modules.0.mysql: this module is not built yet, there are apache, nginx, system: name its files"},
		{"a module misspelt", "filebeat.modules: [{module: sytem}]" + output, `did you mean "system"?`},
		{"a module without enabled filesets", "filebeat.modules: [{module: system, auth: {var.paths: [/a]}}]" + output, "filebeat.modules.0.system: no fileset is enabled: write auth.enabled: true or syslog.enabled: true"},
		{"a fileset misspelt", "filebeat.modules: [{module: system, sysloq.enabled: true}]" + output, "filebeat.modules.0.system.sysloq: is no fileset of this module; there are auth and syslog"},
		{"an option of a fileset misspelt", "filebeat.modules: [{module: system, auth: {enabled: true, var.path: [/a]}}]" + output, `did you mean "var.paths"?`},
		{"a bad option of a module's input", "filebeat.modules: [{module: system, auth: {enabled: true, input.closeinactive: 1m}}]" + output, `filebeat.modules.0.system.auth.closeinactive: is not an option of this plugin; did you mean "close_inactive"?`},
		{"a module without name", "filebeat.modules: [{syslog.enabled: true}]" + output, "filebeat.modules.0.module: is missing"},
		{"modules that are no list", "filebeat.modules: {module: system}" + output, "filebeat.modules: wants a list of modules"},
		{"input of a pipeline", "filebeat.inputs: [{type: tcp, host: x}]" + output, "a pipeline has it, input { tcp { … } }"},
		{"discovery without providers", "filebeat.autodiscover: {}" + output, "filebeat.autodiscover.providers: wants a list of providers"},
		{"discovery of nothing", "filebeat.autodiscover.providers: [{type: nomad}]" + output, "no input is enabled"},
		{"input files without path", "filebeat.config.inputs: {enabled: true}" + output, "filebeat.config.inputs.path: is missing"},
		{"no output", input, "output: is missing: where to send events, output.elasticsearch or output.logstash"},
		{"kafka output", input + "output.kafka.hosts: [x]", "f.yml:2:1: error: output.kafka: there is no such output of the shipper: send to output.logstash"},
		{"unknown output", input + "output.elastic.hosts: [x]", "output.elastic: is not known; there are output.elasticsearch and output.logstash"},
		{"two outputs", input + output + "output.elasticsearch: {hosts: [x]}", "output.elasticsearch: is a second output beside output.logstash"},
		{"output switched off", input + "output.logstash: {hosts: [x], enabled: false}", "error: output: no output is enabled"},
		{"store that is no URL", input + "output.elasticsearch.hosts: ['ftp://me:secret@x']", `output.elasticsearch.hosts: "…@x" is not host:port or a URL`},
		{"rule without index", input + "output.elasticsearch: {hosts: [x], indices: [{when.equals.a: b}]}", "output.elasticsearch.indices: each rule wants index"},
		{"rule with a map", input + "output.elasticsearch: {hosts: [x], indices: [{index: a, mappings: {b: c}}]}", `"mappings" is not supported in a rule`},
		{"bad condition of a rule", input + "output.elasticsearch: {hosts: [x], indices: [{index: a, when.equal.a: b}]}", "when: equal: there is no such condition"},
		{"default in a name", input + "output.elasticsearch: {hosts: [x], index: 'a-%{[b]:c}'}", "output.elasticsearch.index: %{[b]:c}: a default after a colon is not supported"},
		{"two ways to log in", input + "output.elasticsearch: {hosts: [x], username: a, api_key: 'b:c'}", "api_key: cannot stand beside username"},
		{"dead letters", input + "output.elasticsearch: {hosts: [x], non_indexable_policy.dead_letter_index.index: d}", "non_indexable_policy"},
		{"unknown input", "filebeat.inputs:\n- type: logs\n  paths: [/a]" + output, `f.yml:2:9: error: filebeat.inputs.0: there is no input plugin of this name; did you mean "log"?`},
		{"unknown option", "filebeat.inputs:\n- type: log\n  path: [/a]" + output, `filebeat.inputs.0.path: is not an option of this plugin; did you mean "paths"?`},
		{"no paths", "filebeat.inputs: [{type: log}]" + output, "filebeat.inputs.0.paths: is required"},
		{"bad pattern", "filebeat.inputs: [{type: log, paths: [/a], multiline.pattern: '('}]" + output, "missing closing"},
		{"missing variable", "filebeat.inputs: [{type: log, paths: ['${LOGS}/a']}]" + output, "variable LOGS is not set and has no default"},
		{"variable with message", "filebeat.inputs: [{type: log, paths: ['${LOGS:?name the folder}/a']}]" + output, "variable LOGS is not set: name the folder"},
		{"twice", "name: a\nname: b\n" + input + output, "f.yml:2:1: name is given twice, first at f.yml:1:7"},
		{"dotted and nested twice", "queue.mem.events: 1\nqueue:\n  mem: {events: 2}\n" + input + output, "f.yml:3:17: events is given twice, first at f.yml:1:19"},
		{"all disabled", "filebeat.inputs: [{type: log, paths: [/a], enabled: false}]" + output, "no input is enabled"},
		{"unknown section", input + output + "quee.mem.events: 1", "error: quee: is not known"},
		{"misspelt section", input + output + "filebeat.input: []", `filebeat.input: is not known; did you mean "filebeat.inputs"?`},
		{"key without certificate", input + "output.logstash: {hosts: [x], ssl.key: /k.pem}", "are given together or not at all"},
		{"TLS versions", input + "output.logstash: {hosts: [x], ssl.supported_protocols: [TLSv1.1]}", "names neither TLSv1.2 nor TLSv1.3"},
		{"compression", input + "output.logstash: {hosts: [x], compression_level: 12}", "must be 0 to 9"},
		{"processor", input + output + "processors: [{drop_evnt: {}}]", `did you mean "drop_event"?`},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := Load("f.yml", []byte(test.text), noVariables)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("error %v\nwant %q in it", err, test.want)
			}
		})
	}
}

func TestSharedPathsAreWarnedAbout(t *testing.T) {
	const text = "filebeat.inputs:\n- {type: log, paths: /a}\n- {type: filestream, paths: [/b, /a]}\noutput.logstash.hosts: [x]"
	_, findings, err := Load("f.yml", []byte(text), noVariables)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := describe(findings), "f.yml:3:34: warning: filebeat.inputs.1.paths: /a is read by filebeat.inputs.0 as well"; !strings.Contains(got, want) {
		t.Fatalf("findings %s", got)
	}
}

func TestTLSOptions(t *testing.T) {
	const input = "filebeat.inputs: [{type: log, paths: [/a]}]\noutput.logstash: {hosts: [x], "
	for options, want := range map[string]string{
		"worker: 1":                              "none",
		"ssl.certificate_authorities: [/ca.pem]": "full",
		"ssl: {enabled: true, verification_mode: certificate}":                       "certificate",
		"ssl: {verification_mode: none, supported_protocols: [TLSv1.1, TLSv1.2]}":    "none",
		"ssl.enabled: false, ssl.certificate_authorities: [/ca.pem]":                 "none",
		"ssl: {certificate: /c.pem, key: /k.pem, certificate_authorities: [/a, /b]}": "full",
	} {
		c, _, err := Load("f.yml", []byte(input+options+"}"), noVariables)
		if err != nil {
			t.Errorf("%s: %v", options, err)
			continue
		}
		got := "none"
		if c.Output.TLS != nil {
			got = c.Output.TLS.Mode
		}
		if got != want {
			t.Errorf("%s: %s, want %s", options, got, want)
		}
	}
}

func TestExpand(t *testing.T) {
	lookup := func(name string) (string, bool) {
		v, ok := map[string]string{"A": "1", "EMPTY": ""}[name]
		return v, ok
	}
	for text, want := range map[string]string{
		"no variables":      "no variables",
		"${A}":              "1",
		"x${A}y${B:2}z":     "x1y2z",
		"${EMPTY:3}":        "",
		"${B:${A}}":         "1",
		"${B:http://x:1/}":  "http://x:1/",
		"${B:}":             "",
		"$${A}":             "${A}",
		"100$ and $A and }": "100$ and $A and }",
	} {
		got, err := expand(text, lookup)
		if err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"${", "${A", "${B}", "${B:?why}"} {
		if got, err := expand(text, lookup); err == nil {
			t.Errorf("%s became %q", text, got)
		}
	}
}

// TestPrintedFile loads the filebeat.yml of the documents as it stands.
func TestPrintedFile(t *testing.T) {
	root := os.Getenv("ELKHORN_TESTDATA")
	if root == "" {
		t.Skip("ELKHORN_TESTDATA is not set: it names the folder that holds seed-configs")
	}
	c, findings, err := LoadFile(vfs.Default, filepath.Join(root, "seed-configs/chatgpt/filebeat.yml"))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Inputs) != 4 || c.Inputs[2].Fileset.Name != "syslog" || c.Inputs[3].Fileset.Name != "auth" || c.Queue.MinEvents != 512 || c.Output.Workers != 2 || c.Output.Hosts[0] != "logstash:5044" {
		t.Fatalf("config %+v", c)
	}
	got := describe(findings)
	for _, want := range []string{"add_docker_metadata", "condition", "monitoring", "multiline.pattern"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not warned about:\n%s", want, got)
		}
	}
}

// FuzzLoad: no file panics, and what loads has at least one input and one receiver.
func FuzzLoad(f *testing.F) {
	data, err := os.ReadFile("testdata/full.yml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte("filebeat.inputs: [{type: log, paths: [/a]}]\noutput.logstash.hosts: [x]"))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, _, err := Load("f.yml", data, noVariables)
		if err == nil && (len(c.Inputs) == 0 || len(c.Output.Hosts) == 0) {
			t.Fatalf("loaded %+v", c)
		}
	})
}

func TestElasticsearchOutput(t *testing.T) {
	const text = `
filebeat.inputs: [{type: log, paths: [/a]}]
output.logstash: {hosts: [x], enabled: false}
output.elasticsearch:
  hosts: [one, "two:9201", "https://three/es", "[::1]"]
  protocol: https
  path: /base/
  username: elastic
  password: "${PASSWORD:geheim}"
  bulk_max_size: 0
  ssl.verification_mode: none
`
	c, findings, err := Load("f.yml", []byte(text), noVariables)
	if err != nil {
		t.Fatal(err)
	}
	o := c.Output
	if got, want := strings.Join(o.Hosts, " "), "https://one:9200/base https://two:9201/base https://three:9200/es https://[::1]:9200/base"; got != want {
		t.Errorf("hosts %s\nwant  %s", got, want)
	}
	if !o.LoadBalance || o.BulkMaxSize != 0 || o.CompressionLevel != 1 || o.Timeout != 90*time.Second || o.TLS == nil || o.TLS.Mode != "none" {
		t.Errorf("output %+v", o)
	}
	if o.Elasticsearch == nil || o.Elasticsearch.User != "elastic" || o.Elasticsearch.Password != "geheim" {
		t.Errorf("store %+v", o.Elasticsearch)
	}
	got := describe(findings)
	if !strings.Contains(got, "note: output.elasticsearch.index: is not given: events go to filebeat-%{[agent.version]}-%{+yyyy.MM.dd}") {
		t.Errorf("findings %s", got)
	}
	if strings.Contains(got, "geheim") {
		t.Errorf("the password is shown: %s", got)
	}
}

func TestInputFiles(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"filebeat.yml":    "filebeat.config.inputs: {path: '${path.config}/inputs.d/*.yml', reload.enabled: true}\noutput.logstash.hosts: [x]\n",
		"inputs.d/a.yml":  "- {type: log, paths: [/a]}\n- {paths: [/b], enabled: false}\n",
		"inputs.d/b.yml":  "- paths: [/c]\n",
		"inputs.d/c.yml":  "",
		"inputs.d/d.yaml": "- no input\n",
	} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	c, findings, err := LoadFile(vfs.Default, filepath.Join(dir, "filebeat.yml"))
	if err != nil {
		t.Fatal(err)
	}
	got := describe(findings)
	if len(c.Inputs) != 2 || !strings.Contains(got, "b.yml:1:3: warning: b.yml.0.type: is missing: log is taken") || !strings.Contains(got, "start again after a change") {
		t.Fatalf("%d inputs\n%s", len(c.Inputs), got)
	}
	if err := os.WriteFile(filepath.Join(dir, "inputs.d/c.yml"), []byte("type: log\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := LoadFile(vfs.Default, filepath.Join(dir, "filebeat.yml")); err == nil || !strings.Contains(err.Error(), "c.yml:1:1: want a list") {
		t.Fatalf("a file that is no list: %v", err)
	}
}

// TestAutodiscover: what hints would read of any container is read of all of them, and what depends on a container's labels is left out.
func TestAutodiscover(t *testing.T) {
	const text = `
filebeat.autodiscover.providers:
- type: kubernetes
  node: ${NODE_NAME}
  hints.enabled: true
  hints.default_config:
    type: filestream
    id: logs-${data.kubernetes.pod.name}
    paths: ["/var/log/containers/*${data.kubernetes.container.id}.log"]
    parsers: [{container: ~}]
- type: docker
  hints.enabled: true
- type: docker
  enabled: false
  hints.enabled: true
- type: docker
  templates:
  - condition.contains: {docker.container.image: nginx}
    config: [{type: container, paths: ["/x/${data.docker.container.id}/*.log"]}]
  - config: [{type: container, paths: ["/y/${data.docker.container.id}/*.log"]}]
- type: kubernetes
  hints: {enabled: true, default_config.enabled: false}
output.logstash.hosts: [x]
`
	c, findings, err := Load("f.yml", []byte(text), noVariables)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, in := range c.Inputs {
		for _, option := range in.Block.Options {
			if option.Key == "paths" {
				paths = append(paths, option.Value.Str)
				for _, path := range option.Value.List {
					paths = append(paths, path.Str)
				}
			}
		}
	}
	if got, want := strings.Join(paths, " "), " /var/log/containers/*.log /var/lib/docker/containers/*/*.log  /y/*/*.log"; got != want {
		t.Errorf("paths %q, want %q", got, want)
	}
	got := describe(findings)
	for _, want := range []string{
		"f.yml:5:3: warning: filebeat.autodiscover.hints: containers are not discovered one by one",
		"f.yml:18:5: warning: filebeat.autodiscover.templates: labels and names of containers are not known here",
		"default_config is off",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("missing finding %q in\n%s", want, got)
		}
	}
}
