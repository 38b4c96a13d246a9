package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline/runtime"
	"elkhorn/internal/pipeline/workbench"
)

// idleHost has all plugins and no pipelines.
type idleHost struct{}

func (idleHost) Pipeline(string) (workbench.Pipeline, bool) { return workbench.Pipeline{}, false }
func (idleHost) Events(context.Context, string, int) ([]*event.Event, error) {
	return nil, errors.New("nothing runs")
}
func (idleHost) Reload(context.Context) (any, error) { return nil, nil }
func (idleHost) Lookup(string) (string, bool)        { return "", false }
func (idleHost) Tables() runtime.Tables              { return Tables() }
func (idleHost) Strict() bool                        { return false }
func (idleHost) Writable() error                     { return nil }

// FuzzWorkbench sends bodies to the workbench's check and explanation: whatever they are, it answers with JSON, and blames the request rather
// than itself.
func FuzzWorkbench(f *testing.F) {
	for _, config := range []string{
		`input { stdin {} } filter { if [n] > 1 { mutate { add_field => { "big" => "%{n}" } } } else { drop {} } } output { stdout { codec => json } }`,
		`filter { split { field => "m" } clone { clones => ["a"] } if "x" in [tags] or [m] =~ /a+/ { mutate { rename => { "m" => "[a][b]" } } } }`,
		`filter { kv { source => "message" field_split => "&" } mutate { convert => { "n" => "integer" } } }`, `input {`, "",
	} {
		for _, events := range []string{`[{"message":"a=1&b=2","n":2,"m":["x","y"]}]`, `[null,{},[],{"tags":"x"}]`} {
			text, err := json.Marshal(config)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(`{"files":[{"path":"a.conf","text":` + string(text) + `}],"events":` + events + `,"lines":["a=1","\u0000"],"codec":"plain"}`)
		}
	}
	f.Add(`{"id":"main"}`)
	f.Add(`[`)
	handler := workbench.Handler(idleHost{})
	f.Fuzz(func(t *testing.T, body string) {
		for _, path := range []string{"/_check", "/_explain"} {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "POST", path, strings.NewReader(body)))
			if w.Code >= 500 || !json.Valid(w.Body.Bytes()) {
				t.Errorf("%s answers %d: %s", path, w.Code, w.Body)
			}
		}
	})
}
