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

// FuzzDocuments sends bodies to the endpoints around documents, seeded with those of the scenarios. Only an analysis that makes more
// tokens than are allowed is answered 500, as Elasticsearch does.
func FuzzDocuments(f *testing.F) {
	endpoints := []string{"/_reindex", "/logs/_update_by_query", "/logs/_explain/1", "/logs/_terms_enum", "/logs/_field_caps", "/logs/_analyze", "/logs/_async_search", "/logs/_update/1"}
	seedBodies(f, func(target string) bool {
		for _, e := range endpoints {
			if strings.Contains(target, e[strings.LastIndex(e, "/_"):]) || strings.Contains(target, "_update") {
				return true
			}
		}
		return false
	})
	ask := fuzzedStore(f)
	f.Fuzz(func(t *testing.T, body string) {
		for _, target := range endpoints {
			w := ask(http.MethodPost, target, body)
			if w.Code == http.StatusInternalServerError && !strings.Contains(w.Body.String(), "allowed maximum of") && !strings.Contains(w.Body.String(), `"type":"aggregation_`) {
				t.Errorf("%s: %d %s", target, w.Code, w.Body)
			}
		}
	})
}

// FuzzSearch sends bodies of searches, seeded with those of the scenarios, to an index with a field of
// each usual type. Whatever is wrong with a body is the client's fault: the answer is never a 500, which
// is what a panic would become.
func FuzzSearch(f *testing.F) {
	seedBodies(f, func(target string) bool { return strings.Contains(target, "_search") })
	ask := fuzzedStore(f)
	f.Fuzz(func(t *testing.T, body string) {
		w := ask(http.MethodPost, "/logs/_search", body)
		// Elasticsearch answers some requests that are wrong with 500: those that an aggregation finds out about.
		if w.Code >= http.StatusInternalServerError && !strings.Contains(w.Body.String(), `"type":"aggregation_`) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}

// seedBodies adds the bodies of the scenarios' requests to some targets.
func seedBodies(f *testing.F, wanted func(target string) bool) {
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
			if wanted(step.Target) && step.Body != "" {
				f.Add(step.Body)
			}
		}
	}
}

// fuzzedStore makes a server with an index that has a field of each usual type, and returns what asks it.
func fuzzedStore(f *testing.F) func(method, target, body string) *httptest.ResponseRecorder {
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
	f.Cleanup(surface.Close)
	ask := func(method, target, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, target, strings.NewReader(body))
		r.Host = "localhost"
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		surface.ServeHTTP(w, r)
		return w
	}
	ask(http.MethodPut, "/logs", `{"mappings":{"properties":{"@timestamp":{"type":"date"},"level":{"type":"keyword"},"service":{"type":"keyword"},"message":{"type":"text"},"ms":{"type":"long"},"ip":{"type":"ip"},"ok":{"type":"boolean"},"cost":{"type":"double"},"vector":{"type":"dense_vector","dims":2}}}}`)
	ask(http.MethodPost, "/logs/_bulk", `{"index":{}}
{"@timestamp":"2026-02-27T22:15:30Z","level":"ERROR","service":"a","message":"it broke","ms":5,"ip":"10.0.0.1","ok":true,"cost":0.5,"vector":[1,2]}
{"index":{}}
{"@timestamp":"2026-02-28T22:15:30Z","level":["INFO","WARN"],"ms":-5,"cost":1e300}
`)
	return ask
}
