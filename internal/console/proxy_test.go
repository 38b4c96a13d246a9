package console

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestProxy(t *testing.T) {
	api := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusTeapot)
		_, _ = fmt.Fprintf(w, "%s %s %s %s %s", r.Method, r.URL.EscapedPath(), r.URL.RawQuery, r.RequestURI, body)
	})
	h := New(Parts{UI: echo("ui"), API: api, Store: informant{}, Guard: openGuard{}, Version: "8.19.0", Logger: slog.New(slog.DiscardHandler)})
	for _, tc := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/logs-*/_search?size=1&q=a%3Ab", `{"x":1}`, 418, `GET /logs-*/_search size=1&q=a%3Ab /logs-*/_search?size=1&q=a%3Ab {"x":1}`},
		{"get", "_cat/indices?v", "", 418, "GET /_cat/indices v /_cat/indices?v "},
		{"DELETE", "/a%2Fb/_doc/1", "", 418, "DELETE /a%2Fb/_doc/1  /a%2Fb/_doc/1 "},
		{"GET", "http://evil.example/_search", "", 418, "GET /http://evil.example/_search  /http://evil.example/_search "},
		{"GET", "//evil.example/_search", "", 418, "GET /evil.example/_search  /evil.example/_search "},
		{"GET", "", "", 418, "GET /  / "},
		{"GET", "/a b", "", 418, "GET /a%20b  /a%20b "},
		{"GET", "/%zz", "", 400, "[path] is no path"},
		{"CONNECT", "/", "", 400, "[method] must be one of GET, HEAD"},
		{"", "/", "", 400, "[method] must be one of"},
	} {
		target := "/api/console/proxy?" + url.Values{"method": {tc.method}, "path": {tc.path}}.Encode()
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("POST", target, strings.NewReader(tc.body)))
		if w.Code != tc.status || !strings.Contains(w.Body.String(), tc.want) {
			t.Errorf("%s %s: %d %s", tc.method, tc.path, w.Code, w.Body)
		}
	}
}

func TestEndpoints(t *testing.T) {
	h := New(Parts{UI: echo("ui"), API: echo("api"), Store: informant{}, Guard: openGuard{}, Logger: slog.New(slog.DiscardHandler), Endpoints: Endpoints{
		Endpoints: []Endpoint{{Path: "/{index}/_search", Methods: []string{"GET", "POST"}, Params: []string{"size"}, Help: "find documents"}}, CommonParams: []string{"pretty"},
		Queries: []string{"term"}, Aggregations: []string{"terms"},
	}, Address: func() string { return "127.0.0.1:9200" }})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/api/console/endpoints", nil))
	const want = `{"address":"127.0.0.1:9200","endpoints":[{"path":"/{index}/_search","methods":["GET","POST"],"params":["size"],"help":"find documents"}],"common_params":["pretty"],"queries":["term"],"aggregations":["terms"]}`
	if w.Body.String() != want {
		t.Errorf("got %s", w.Body)
	}
}
