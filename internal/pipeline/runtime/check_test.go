package runtime

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func noVariables(string) (string, bool) { return "", false }

func TestCheck(t *testing.T) {
	f := func(src string, want ...string) {
		t.Helper()
		findings := Check(Source{Inline: src, Lookup: noVariables}, tables, false)
		var got []string
		for _, finding := range findings {
			got = append(got, strings.TrimPrefix(finding.String(), ""))
		}
		if len(got) != len(want) {
			t.Errorf("%s\n got %q\nwant %q", src, got, want)
			return
		}
		for i := range got {
			if !strings.HasPrefix(got[i], want[i]) {
				t.Errorf("%s\n got %s\nwant %s", src, got[i], want[i])
			}
		}
	}
	const rest = " output { stdout {} }"
	f("input { stdin {} }" + rest)
	f("input { stdin { } ", "error: config.string:1:7: the { here is never closed by }")
	f("input { stdin {} } filter { mutate { add_tag => } grok { mach => { } } drop { percentage => '${P}' } } output { stdout { codec } }",
		`error: config.string:1:49: expected a value, found "}"`,
		`error: config.string:1:93: the variable ${P} is not set`,
		`error: config.string:1:128: expected => after the option codec, found "}"`)
	f("input { stdin {} } filter { mutate { add_tag => } grok { mach => { } } }"+rest,
		`error: config.string:1:49: expected a value, found "}"`,
		`error: config.string:1:58: grok: option "mach": is not an option of this plugin; did you mean "match"?`)
	f("input { stdim {} } filter { grok { mach => { } } }"+rest,
		`error: config.string:1:9: stdim: there is no input plugin of this name; did you mean "stdin"?`,
		`error: config.string:1:36: grok: option "mach": is not an option of this plugin; did you mean "match"?`)
	f("input { stdin {} } filter { if [a] =~ /(/ { drop {} } ruby { code => 'x = 1\n  foo(x)' } }"+rest,
		`error: config.string:1:39: regular expression "(": at byte 0: ( is not closed`,
		`error: config.string:2:3: ruby: option "code": there is no function "foo" here`)
	f("input { stdin { type => '${KIND}' } }"+rest, "error: config.string:1:25: the variable ${KIND} is not set")
	f("input { if [x] { stdin {} } }"+rest, "error: config.string:1:9: an input section has no conditions")
	f("input { stdin {} } output { elasticsearch { document_type => '_doc' } }",
		`warning: config.string:1:45: elasticsearch: option "document_type": mapping types are gone`)
	f("input { stdin {} } output { elasticsearch { document_id => '%{[@metadata][id]}' } }",
		`warning: config.string:1:60: elasticsearch: option "document_id": nothing sets [@metadata][id]`)
	f("input { stdin {} } filter { mutate { add_field => { '[@metadata][id]' => 'x' } } } output { elasticsearch { document_id => '%{[@metadata][id]}' } }")
	f("input { stdin {} } filter { grok { match => { 'message' => ['%{WORD:a} %{DATA:b}', '%{WORD:a} %{DATA:b}$', '%{DATA:a} x'] } } }"+rest,
		`warning: config.string:1:61: grok: option "match": %{DATA:b} at the end matches nothing`)
	f("filter { mutate { add_tag => 'x' } }", "warning: config.string: there is no input", "warning: config.string: there is no output")
	f("input { stdin { codec => jsn } }"+rest, `error: config.string:1:26: jsn: there is no codec plugin of this name; did you mean "json"?`)
	f("input { http { port => 5000 } tcp { port => 5000 } }"+rest, `error: config.string:1:45: tcp: option "port": 5000 is taken by the input of line 1 already`)
	f("input { udp { port => 5000 } tcp { port => 5000 } syslog { port => 5000 } }"+rest, `error: config.string:1:68: syslog: option "port": 5000 is taken by the input of line 1 already`)
	f("input { telegraph {} }"+rest, "error: config.string:1:9: telegraph: there is no input plugin of this name; there are beats, dead_letter_queue, ")
}

func TestTest(t *testing.T) {
	const conf = `input { stdin {} }
filter {
  grok { match => { "message" => "%{WORD:verb} %{NUMBER:n:int}" } }
  if [n] == 0 { drop {} }
  mutate { remove_field => ["message"] }
}
output { elasticsearch {} }`
	var out bytes.Buffer
	in := "take 3\r\n\nskip 0\n{\"message\":\"give 5\",\"@timestamp\":\"2026-01-01T00:00:00Z\",\"k\":true}\n"
	if _, err := Test(t.Context(), Source{Inline: conf, Lookup: noVariables}, tables, false, strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || !strings.HasSuffix(lines[0], `"verb":"take","n":3}`) || lines[1] != `{"@timestamp":"2026-01-01T00:00:00.000Z","k":true,"verb":"give","n":5}` {
		t.Errorf("events:\n%s", out.String())
	}
}

// TestCheckDocuments: the printed configurations load; what is doubtful in them is named.
func TestCheckDocuments(t *testing.T) {
	f := func(name string, want ...string) {
		t.Helper()
		path := testData(t, name)
		findings := Check(Source{Paths: []string{path}, Lookup: func(v string) (string, bool) { return "x", v == "ELASTIC_PASSWORD" }}, tables, false)
		var all strings.Builder
		for _, finding := range findings {
			all.WriteString(finding.String() + "\n")
			if finding.Severity == SeverityError {
				t.Errorf("%s", finding)
			}
		}
		for _, part := range want {
			if !strings.Contains(all.String(), part) {
				t.Errorf("%s: nothing says %q in\n%s", name, part, all.String())
			}
		}
	}
	f("chatgpt/logstash/chatgpt-app.conf", "nothing sets [@metadata][fingerprint]", "filter { fingerprint", "is overruled by ilm_rollover_alias", "level to log_level")
	f("chatgpt/logstash/grok-patterns-usage.conf", "there is no input", "%{DATA:percentile} at the end in METRIC_LOG matches nothing", "%{NOTSPACE:percentile}")
	f("ml/ml-inference.conf", "document_type", "ingest_timestamp gets the event time")
	f("llm/logstash.conf", "is relative")
	f("architecture/logstash.conf", "no date filter sets the event time")
}

func TestPathMap(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "patterns"), 0o755); err != nil {
		t.Fatal(err)
	}
	m := newPathMap(dir, nil)
	if got := m.resolve("/no/such/share/patterns"); got != filepath.Join(dir, "patterns") {
		t.Errorf("got %s", got)
	}
	if got := m.resolve("/no/such/share/other"); got != "/no/such/share/other" {
		t.Errorf("a path that is nowhere stays: %s", got)
	}
	if got := m.resolve(dir); got != dir {
		t.Errorf("a path that exists wins: %s", got)
	}
}
