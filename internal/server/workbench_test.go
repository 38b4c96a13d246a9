package server

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elkhorn/internal/pipeline/settings"
)

const benchConf = `input { http { id => "door" host => "127.0.0.1" port => 0 } }
filter { if [n] > 1 { mutate { add_field => { "big" => "yes" } } } else { mutate { add_tag => ["small"] } } }
output { elasticsearch { id => "store" hosts => ["http://elasticsearch:9200"] index => "bench-%{kind}" } }`

// bench is a running program with one pipeline in a file.
type benchRun struct {
	*Server
	t    *testing.T
	conf string
}

func startBench(t *testing.T) *benchRun {
	t.Helper()
	b := &benchRun{t: t, conf: filepath.Join(t.TempDir(), "main.conf")}
	if err := os.WriteFile(b.conf, []byte(benchConf), 0o600); err != nil {
		t.Fatal(err)
	}
	pc := PipelineConfig{ID: "main", Paths: []string{b.conf}, Inputs: map[string]string{"http": "127.0.0.1:0"}, Settings: settings.Defaults().Pipeline}
	s, err := Start(t.Context(), Options{DataDir: t.TempDir(), HTTP: Address{HostPort: "127.0.0.1:0"}, UI: Address{HostPort: "127.0.0.1:0"}, Pipelines: []PipelineConfig{pc},
		LookupEnv: func(string) (string, bool) { return "", false }, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	b.Server = s
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// call asks the UI's port for a path below /api/pipelines.
func (b *benchRun) call(method, path string, body any, status int, into any) string {
	b.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(b.t.Context(), method, "http://"+b.UIAddr()+"/api/pipelines"+path, strings.NewReader(string(text)))
	if err != nil {
		b.t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status {
		b.t.Fatalf("%s %s: %s, %v: %s", method, path, resp.Status, err, got)
	}
	if into != nil {
		if err := json.Unmarshal(got, into); err != nil {
			b.t.Fatalf("%s %s: %v: %s", method, path, err, got)
		}
	}
	return string(got)
}

// send posts an event to the pipeline.
func (b *benchRun) send(event string) {
	b.t.Helper()
	resp, err := http.Post("http://"+b.Inputs()["http"], "application/json", strings.NewReader(event))
	if err != nil {
		b.t.Fatal(err)
	}
	resp.Body.Close()
}

type benchFile struct {
	Path string `json:"path"`
	Text string `json:"text"`
}

// TestWorkbench: the pipelines' own API and the workbench are behind the UI's port, which refuses pages of other sites.
func TestWorkbench(t *testing.T) {
	b := startBench(t)
	if got := b.call("GET", "/_node/stats/pipelines/main", nil, 200, nil); !strings.Contains(got, `"id":"door"`) {
		t.Errorf("statistics: %s", got)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+b.UIAddr()+"/api/pipelines/_reload", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", "http://evil.example")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("a page of another site reloads: %s", resp.Status)
	}

	var source struct {
		Files    []benchFile
		Writable bool
		Tree     struct {
			Filters []struct {
				Arms []struct {
					If   string
					Body []struct {
						Plugin       string
						Line, Column int
					}
				}
			}
		}
		Findings []map[string]any
	}
	b.call("GET", "/_source/main", nil, 200, &source)
	if len(source.Files) != 1 || source.Files[0] != (benchFile{b.conf, benchConf}) || !source.Writable || len(source.Findings) != 0 ||
		len(source.Tree.Filters[0].Arms) != 2 || source.Tree.Filters[0].Arms[0].If != "[n] > 1" || source.Tree.Filters[0].Arms[1].Body[0].Plugin != "mutate" {
		t.Errorf("source %+v", source)
	}
	b.call("GET", "/_source/none", nil, 404, nil)

	var checked struct {
		Valid    bool
		Findings []struct {
			Line, Column    int
			Option, Message string
		}
	}
	b.call("POST", "/_check", map[string]any{"id": "main", "files": []benchFile{{b.conf, "input { stdin {} }\noutput { stdout { codek => line } }"}}}, 200, &checked)
	if checked.Valid || len(checked.Findings) != 1 || checked.Findings[0].Line != 2 || checked.Findings[0].Option != "codek" {
		t.Errorf("findings %+v", checked)
	}
}

// TestWorkbenchExplains: an event is told step by step, and a changed configuration is compared on the events that come.
func TestWorkbenchExplains(t *testing.T) {
	b := startBench(t)
	var explained struct {
		Runs []struct {
			Steps []struct {
				Kind, Text, Place, Else string
				Taken                   bool
				Changes                 []struct{ Field, Before, After string }
			}
			Out []struct {
				Event   map[string]any
				Outputs []string
			}
		}
		Findings []any
	}
	b.call("POST", "/_explain", map[string]any{"id": "main", "events": []any{map[string]any{"n": 2, "kind": "x"}, map[string]any{"n": 1}}}, 200, &explained)
	if len(explained.Runs) != 2 {
		t.Fatalf("explained %+v", explained)
	}
	first, second := explained.Runs[0], explained.Runs[1]
	if len(first.Steps) != 3 || first.Steps[0].Kind != "condition" || !first.Steps[0].Taken || first.Steps[1].Changes[0].Field != "big" || first.Out[0].Event["big"] != "yes" ||
		first.Out[0].Outputs[0] != `elasticsearch index "bench-x"` {
		t.Errorf("the first event: %+v", first)
	}
	if second.Steps[0].Taken || second.Steps[0].Else == "" || second.Steps[1].Changes[0].Field != "tags" {
		t.Errorf("the second event: %+v", second)
	}
	b.call("POST", "/_explain", map[string]any{"files": []benchFile{{"", "filter {"}}, "events": []any{map[string]any{}}}, 200, &explained)
	if len(explained.Findings) == 0 {
		t.Error("a faulty configuration has no findings")
	}
	b.call("POST", "/_explain", map[string]any{"id": "main"}, 400, nil)

	answer := make(chan string, 1)
	go func() {
		changed := strings.Replace(benchConf, `"yes"`, `"no"`, 1)
		body, _ := json.Marshal(map[string]any{"files": []benchFile{{b.conf, changed}}, "events": 2, "wait_seconds": 60})
		resp, err := http.Post("http://"+b.UIAddr()+"/api/pipelines/_compare/main", "application/json", strings.NewReader(string(body)))
		if err != nil {
			answer <- err.Error()
			return
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		answer <- string(text)
	}()
	for got := ""; got == ""; {
		b.send(`{"n": 5, "kind": "x"}`)
		select {
		case got = <-answer:
			if !strings.Contains(got, `"events":2,"different":2,`) || !strings.Contains(got, `"fields":[{"field":"big","count":2}]`) ||
				!strings.Contains(got, `{"field":"big","before":"\"yes\"","after":"\"no\""}`) {
				t.Errorf("compared: %s", got)
			}
		default:
		}
	}
}

// TestWorkbenchWrites: a changed configuration is checked, written and loaded; nothing but the pipeline's own files is written.
func TestWorkbenchWrites(t *testing.T) {
	b := startBench(t)
	text := func() string {
		content, err := os.ReadFile(b.conf)
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	b.call("PUT", "/_source/main", map[string]any{"files": []benchFile{{filepath.Join(filepath.Dir(b.conf), "other.conf"), "input {}"}}}, 400, nil)
	b.call("PUT", "/_source/main", map[string]any{"files": []benchFile{{b.conf, "input {"}}}, 422, nil)
	if text() != benchConf {
		t.Errorf("the file was changed: %s", text())
	}
	changed := strings.Replace(benchConf, `"yes"`, `"very"`, 1)
	var written struct{ Reload ReloadReport }
	b.call("PUT", "/_source/main", map[string]any{"files": []benchFile{{b.conf, changed}}}, 200, &written)
	if text() != changed || len(written.Reload.Reloaded) != 1 {
		t.Errorf("written %+v: %s", written, text())
	}
}

// TestLettersAreMended: one dead letter is written again with another event, another one is deleted.
func TestLettersAreMended(t *testing.T) {
	b := startBench(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "http://"+b.UIAddr()+"/es/bench-x", strings.NewReader(`{"mappings":{"properties":{"n":{"type":"long"}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	for _, n := range []string{`"a"`, `"b"`, `"c"`} {
		b.send(`{"kind": "x", "n": ` + n + `}`)
	}
	type letters struct {
		List []struct {
			ID, Reason string
			Event      map[string]any
		} `json:"dead_letters"`
	}
	left := func(want int) letters {
		for {
			var all letters
			b.call("GET", "/_dead_letters/main", nil, 200, &all)
			if len(all.List) == want {
				return all
			}
		}
	}
	all := left(3)
	b.call("DELETE", "/_dead_letters/main/"+all.List[0].ID, nil, 200, nil)
	b.call("DELETE", "/_dead_letters/main/"+all.List[0].ID, nil, 404, nil)
	mended := all.List[1].Event
	mended["n"] = 12
	b.call("POST", "/_dead_letters/main/"+all.List[1].ID+"/_replay", map[string]any{"event": mended}, 200, nil)
	if got := left(1); got.List[0].ID != all.List[2].ID {
		t.Errorf("left %+v", got)
	}
	fetch(t, "http://"+b.UIAddr()+"/es/bench-x/_refresh", "localhost")
	if got := fetch(t, "http://"+b.UIAddr()+"/es/bench-x/_search?q=n:12", "localhost"); !strings.Contains(got, `"n":12`) {
		t.Errorf("searched: %s", got)
	}
	// Replayed as it is, it is refused again and is a letter anew.
	b.call("POST", "/_dead_letters/main/"+all.List[2].ID+"/_replay", nil, 200, nil)
	if again := left(1); again.List[0].ID == all.List[2].ID {
		t.Errorf("the letter that was refused again is the old one: %+v", again)
	}
	b.call("DELETE", "/_dead_letters/main", nil, 200, nil)
	left(0)
	b.call("DELETE", "/_dead_letters/nobody", nil, 404, nil)
}
