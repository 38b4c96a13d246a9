package server

import (
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documentationExamples are the configurations of the plugins' pages, each by its file and its place in it: they stand apart by a comment.
func documentationExamples(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../reference/examples/*.conf")
	if err != nil || len(files) == 0 {
		t.Fatalf("%q, %v", files, err)
	}
	examples := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(string(text), "\n\n# ")
		if kind := filepath.Base(file); len(parts) < 2 && !strings.HasPrefix(kind, "codec-") {
			t.Errorf("%s has only one example", kind)
		}
		for i, part := range parts {
			if i > 0 {
				_, part, _ = strings.Cut(part, "\n")
			}
			examples[fmt.Sprintf("%s %d", strings.TrimSuffix(filepath.Base(file), ".conf"), i+1)] = part
		}
	}
	return examples
}

// certificateFiles are named by an example, and are not on this machine.
var certificateFiles = regexp.MustCompile(`ssl_(certificate|key|enabled) => .*\n`)

// TestDocumentationExamples builds every example of the plugins' pages: none has a fault, nor an option without effect.
func TestDocumentationExamples(t *testing.T) {
	for name, conf := range documentationExamples(t) {
		switch {
		case !strings.Contains(conf, "input {"):
			conf = "input { stdin {} }\n" + conf
		case !strings.Contains(conf, "output {"):
			conf += "\noutput { stdout {} }"
		}
		for _, finding := range CheckPipeline(text("example", certificateFiles.ReplaceAllString(conf, "")), noEnv) {
			// The filters that these are about are not there: the example is one plugin.
			if strings.Contains(finding.Message, "nothing sets [@metadata][fingerprint]") || strings.Contains(finding.Message, "no date filter sets the event time") {
				continue
			}
			t.Errorf("%s: %s", name, finding.String())
		}
	}
}

// TestDocumentationInputs runs the examples of inputs that take events on this machine, with what their page says that they take.
func TestDocumentationInputs(t *testing.T) {
	examples := documentationExamples(t)
	over := func(network, text string) func(*testing.T, string) {
		return func(t *testing.T, address string) {
			conn, err := net.Dial(network, address)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(conn, text); err != nil {
				t.Fatal(err)
			}
			if err := conn.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, tc := range []struct {
		name  string
		stdin string
		send  func(t *testing.T, address string) // to the port that the example names
		want  []string
	}{
		{name: "input-generator 1", want: []string{`"message":"one line"`, `"message":"another line"`, `"sequence":2`}},
		{name: "input-stdin 1", stdin: "{\"n\":1}\n[{\"n\":2}]\n", want: []string{`"n":1`, `"n":2`}},
		{name: "input-stdin 2", stdin: "Error: x\n  at y\nnext\n", want: []string{`"message":"Error: x\n  at y"`, `"message":"next"`}},
		{name: "input-tcp 1", send: over("tcp", "{\"n\":1}\n{\"n\":2}\n"), want: []string{`"n":1`, `"n":2`}},
		{name: "input-syslog 1", send: over("tcp", "<13>Jan 15 12:00:00 web-1 app[7]: hello\n"), want: []string{`"logsource":"web-1"`, `"program":"app"`, `"pid":"7"`, `"message":"hello"`, `"priority":13`}},
		{name: "input-syslog 2", send: over("tcp", "<13>Jan 15 12:00:00 web-1 app: hello\n"), want: []string{`"message":"hello"`, `"severity_label":"Notice"`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			conf := examples[tc.name]
			if conf == "" {
				t.Fatalf("there is no such example: %v", examples)
			}
			conf = regexp.MustCompile(`port => \d+`).ReplaceAllString(conf, `port => 0 host => "127.0.0.1"`)
			pc := text("main", conf+"\noutput { stdout { codec => json_lines } }")
			pc.Inputs = map[string]string{"any": "127.0.0.1:0"}
			opts, out := printing(t, tc.stdin, pc)
			s := newServer(opts)
			s.senders.begin(t.Context())
			s.receivers.begin(t.Context())
			if err := s.startPipelines(t.Context()); err != nil {
				t.Fatal(err)
			}
			if tc.send != nil {
				tc.send(t, s.Inputs()["any"])
			}
			r := &documentedRun{Server: s, t: t, log: &lockedBuffer{}}
			r.wait(fmt.Sprintf("%q", tc.want), func() bool {
				printed := out.String()
				return !slices.ContainsFunc(tc.want, func(part string) bool { return !strings.Contains(printed, part) })
			})
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestDocumentationOutputs runs the examples of outputs that write on this machine.
func TestDocumentationOutputs(t *testing.T) {
	examples := documentationExamples(t)
	for _, tc := range []struct {
		name  string
		event string
		// file is what is written below /var/log, "" for standard output; part is of the content, unpacked.
		file, part string
	}{
		{"output-stdout 1", `{"message":"hello"}`, "", `"message" => "hello"`},
		{"output-stdout 2", `{"@timestamp":"2026-01-15T12:00:00Z","level":"ERROR","service":"shop","message":"closed"}`, "", "2026-01-15T12:00:00.000Z shop closed\n"},
		{"output-file 1", `{"@timestamp":"2026-01-15T12:00:00Z","n":1}`, "archive/2026-01-15.ndjson", `{"@timestamp":"2026-01-15T12:00:00.000Z","n":1}` + "\n"},
		{"output-file 2", `{"@timestamp":"2026-01-15T12:00:00Z","service":"shop","message":"closed"}`, "archive/shop/2026-01-15-12.gz", "2026-01-15T12:00:00.000Z closed\n"},
		{"codec-rubydebug 1", `{"message":"hello"}`, "", `"message" => "hello"`},
		{"codec-line 1", `{"@timestamp":"2026-01-15T12:00:00Z","message":"hello"}`, "", "2026-01-15T12:00:00.000Z hello\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			conf := examples[tc.name]
			if conf == "" {
				t.Fatalf("there is no such example: %v", examples)
			}
			opts, out := printing(t, tc.event+"\n", text("main", "input { stdin { codec => json } }\n"+conf))
			s := newServer(opts)
			outside := t.TempDir()
			s.files = varLog{FS: s.files, dir: outside}
			s.senders.begin(t.Context())
			s.receivers.begin(t.Context())
			if err := s.startPipelines(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.fleet.wait() // its source has an end
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			written := out.String()
			if tc.file != "" {
				data, err := os.ReadFile(filepath.Join(outside, filepath.FromSlash(tc.file)))
				if err != nil {
					t.Fatal(err)
				}
				written = string(data)
			}
			if strings.HasSuffix(tc.file, ".gz") {
				r, err := gzip.NewReader(strings.NewReader(written))
				if err != nil {
					t.Fatal(err)
				}
				data, err := io.ReadAll(r)
				if err != nil {
					t.Fatal(err)
				}
				written = string(data)
			}
			if !strings.Contains(written, tc.part) {
				t.Errorf("wrote %q, without %q", written, tc.part)
			}
		})
	}
}
