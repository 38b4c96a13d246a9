package scenarios

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elkhorn/internal/api"
	"elkhorn/internal/engine"
	"elkhorn/internal/testkit"
)

// FuzzSearch sends bodies of searches, seeded with those of the scenarios, to an index with a field of
// each usual type. Whatever is wrong with a body is the client's fault: the answer is never a 500, which
// is what a panic would become.
func FuzzSearch(f *testing.F) {
	files, err := filepath.Glob("*.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		scenario, err := testkit.ParseScenario(string(text))
		if err != nil {
			f.Fatal(err)
		}
		for _, step := range scenario.Steps {
			if strings.Contains(step.Target, "_search") && step.Body != "" {
				f.Add(step.Body)
			}
		}
	}
	logger := slog.New(slog.DiscardHandler)
	store, err := engine.Open(engine.Options{Dir: f.TempDir(), Logger: logger})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := store.Close(); err != nil {
			f.Errorf("close: %v", err)
		}
	})
	surface := api.New(store, api.Options{Logger: logger})
	ask := func(method, target, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, target, strings.NewReader(body))
		r.Host = "localhost"
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		surface.ServeHTTP(w, r)
		return w
	}
	ask(http.MethodPut, "/logs", `{"mappings":{"properties":{"@timestamp":{"type":"date"},"level":{"type":"keyword"},"service":{"type":"keyword"},"message":{"type":"text"},"ms":{"type":"long"},"ip":{"type":"ip"},"ok":{"type":"boolean"},"cost":{"type":"double"}}}}`)
	ask(http.MethodPost, "/logs/_bulk", `{"index":{}}
{"@timestamp":"2026-02-27T22:15:30Z","level":"ERROR","service":"a","message":"it broke","ms":5,"ip":"10.0.0.1","ok":true,"cost":0.5}
{"index":{}}
{"@timestamp":"2026-02-28T22:15:30Z","level":["INFO","WARN"],"ms":-5,"cost":1e300}
`)
	f.Fuzz(func(t *testing.T, body string) {
		w := ask(http.MethodPost, "/logs/_search", body)
		// Elasticsearch answers some requests that are wrong with 500: those that an aggregation finds out about.
		if w.Code >= http.StatusInternalServerError && !strings.Contains(w.Body.String(), `"type":"aggregation_`) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}
