package server

import (
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestConsole: the UI's port knows the REST API's routes and where it listens, and passes requests on to it with their bodies.
func TestConsole(t *testing.T) {
	s, err := Start(t.Context(), Options{DataDir: t.TempDir(), HTTP: Address{HostPort: "127.0.0.1:0"}, UI: Address{HostPort: "127.0.0.1:0"},
		LookupEnv: func(string) (string, bool) { return "", false }, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	base := "http://" + s.UIAddr()
	known := fetch(t, base+"/api/console/endpoints", "localhost")
	for _, want := range []string{`"address":"` + s.HTTPAddr() + `"`, `{"path":"/{index}/_search","methods":["GET","POST"],"params":[`, `"help":"`,
		`"common_params":["pretty"`, `"match_phrase"`, `"date_histogram"`} {
		if !strings.Contains(known, want) {
			t.Errorf("the endpoints lack %s: %.300s", want, known)
		}
	}
	send := func(method, path, body string) string {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/api/console/proxy?"+url.Values{"method": {method}, "path": {path}}.Encode(), strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.Status + " " + string(text)
	}
	for _, tc := range []struct{ method, path, body, want string }{
		{"PUT", "a/_doc/1?refresh", `{"n": 1}`, "201 Created "},
		{"GET", "/a/_search", `{"query": {"term": {"n": 1}}, "size": 0}`, `"value":1`},
		{"GET", "/a/_search", `{"query": {"term": {"n": 2}}, "size": 0}`, `"value":0`},
		{"HEAD", "/b", "", "404 Not Found "},
		{"DELETE", "a", "", `200 OK {"acknowledged":true}`},
	} {
		if got := send(tc.method, tc.path, tc.body); !strings.Contains(got, tc.want) {
			t.Errorf("%s %s: %s, want %s", tc.method, tc.path, got, tc.want)
		}
	}
}
