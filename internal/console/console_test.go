package console

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"elkhorn/internal/es"
)

type informant struct {
	health string
	err    error
}

func (i informant) Info(context.Context) (es.Info, error) {
	return es.Info{Name: "node-1", ClusterUUID: "u", Health: es.Health{Status: i.health, Reason: "disk"}}, i.err
}

// openGuard lets everything pass but one host.
type openGuard struct{}

func (openGuard) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host == "evil.example" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// echo answers with its name and the path it was called with.
func echo(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, name+" "+r.URL.Path)
	})
}

func TestConsole(t *testing.T) {
	for _, tc := range []struct {
		request string
		store   informant
		host    string
		status  int
		want    string
	}{
		{"GET /", informant{}, "localhost", 200, "ui /"},
		{"GET /discover?x=1", informant{}, "localhost", 200, "ui /discover"},
		{"POST /es/logs-*/_search", informant{}, "localhost", 200, "api /logs-*/_search"},
		{"GET /es/", informant{}, "localhost", 200, "api /"},
		{"GET /api/status", informant{health: "green"}, "localhost", 200, `{"name":"node-1","uuid":"u","version":{"number":"8.19.0","build_snapshot":false},"status":{"overall":{"level":"available"`},
		{"GET /api/status", informant{health: "yellow"}, "localhost", 200, `{"level":"degraded","summary":"disk"}`},
		{"GET /api/status", informant{health: "red"}, "localhost", 503, `{"level":"critical","summary":"disk"}`},
		{"GET /api/status", informant{err: errors.New("closed")}, "localhost", 503, `{"level":"unavailable","summary":"closed"}`},
		{"GET /api/canvas/workpad", informant{}, "localhost", 404, "there is no GET /api/canvas/workpad here"},
		{"GET /s/ops/discover?x=1", informant{}, "localhost", 200, "ui /discover"},
		{"GET /s/ops/", informant{}, "localhost", 200, "ui /"},
		{"GET /s/ops/es/logs-*/_search", informant{}, "localhost", 200, "api /logs-*/_search"},
		{"GET /s/ops/api/status", informant{health: "green"}, "localhost", 200, `"level":"available"`},
		{"GET /s/ops/api/nothing", informant{}, "localhost", 404, "there is no GET /api/nothing here"},
		{"GET /s/OPS/api/status", informant{}, "localhost", 404, `{"statusCode":404,"error":"Not Found","message":"Saved object [space/OPS] not found"}`},
		{"GET /s/OPS/discover", informant{}, "localhost", 200, "ui /s/OPS/discover"},
		{"GET /s/%6fps/api/status", informant{}, "localhost", 404, "[space/%6fps] not found"},
		{"GET /s/../api/status", informant{}, "localhost", 404, "[space/..] not found"},
		{"GET /s/ops/../api/status", informant{}, "localhost", 404, "there is no GET"},
		{"GET /s/ops//api/status", informant{}, "localhost", 404, "there is no GET"},
		{"GET /", informant{}, "evil.example", 403, ""},
	} {
		t.Run(tc.request+" "+tc.store.health+tc.host, func(t *testing.T) {
			h := New(Parts{UI: echo("ui"), API: echo("api"), Store: tc.store, Guard: openGuard{}, Version: "8.19.0", Logger: slog.New(slog.DiscardHandler)})
			method, target, _ := strings.Cut(tc.request, " ")
			r := httptest.NewRequest(method, target, nil)
			r.Host = tc.host
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.want) {
				t.Errorf("got %d %s", w.Code, w.Body)
			}
		})
	}
}
