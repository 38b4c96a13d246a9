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
	"time"
)

// TestShipperMeansOwnStore: a filebeat.yml as it is printed, with a store of a name that only its Compose file knows and with TLS, writes to the
// store of this very process.
func TestShipperMeansOwnStore(t *testing.T) {
	dir := t.TempDir()
	logs, config := filepath.Join(dir, "app.log"), filepath.Join(dir, "filebeat.yml")
	for path, text := range map[string]string{
		logs: "one\nERROR two\n",
		config: `
filebeat.inputs: [{type: log, paths: ['` + logs + `']}]
queue.mem.flush.timeout: 1ms
output.elasticsearch:
  hosts: ["https://elasticsearch:9200"]
  username: elastic
  password: "${ELASTIC_PASSWORD:x}"
  ssl.certificate_authorities: [/usr/share/filebeat/certs/not-here.crt]
  index: "app-%{+yyyy.MM}"
  indices:
    - {index: app-errors, when.contains.message: ERROR}
`,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Start(t.Context(), Options{DataDir: filepath.Join(dir, "data"), HTTP: Address{HostPort: "127.0.0.1:0", Explicit: true}, Shipper: config,
		LookupEnv: func(string) (string, bool) { return "", false }, Stdin: strings.NewReader(""), Stdout: io.Discard, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, index := range []string{"app-errors", "app-2*"} {
		for limit := time.Now().Add(time.Minute); countOf(t, s, index) != 1; {
			if time.Now().After(limit) {
				t.Fatalf("%d documents in %s", countOf(t, s, index), index)
			}
		}
	}
}

// countOf is how many documents an index has; a missing one has none.
func countOf(t *testing.T, s *Server, index string) int {
	t.Helper()
	resp, err := http.Get("http://" + s.HTTPAddr() + "/" + index + "/_count")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct{ Count int }
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return answer.Count
}
