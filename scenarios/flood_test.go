package scenarios

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"elkhorn/internal/api"
	"elkhorn/internal/engine"
)

// TestFloodStage checks what clients see when the disk is fuller than the flood stage: writes answer the
// named error, which shippers take as a sign to wait, and reading goes on.
func TestFloodStage(t *testing.T) {
	dir := t.TempDir()
	logger := slog.New(slog.DiscardHandler)
	open := func(flood float64) (string, func()) {
		store, err := engine.Open(engine.Options{Dir: dir, Logger: logger, FloodStagePercent: flood})
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(api.New(store, api.Options{Logger: logger}))
		return server.URL, func() {
			server.Close()
			if err := store.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		}
	}
	url, closeAll := open(100)
	if status, body := call(t, http.MethodPut, url+"/logs/_doc/1", `{"n":1}`); status != http.StatusCreated {
		t.Fatalf("%d %s", status, body)
	}
	closeAll()

	const anyDiskIsFuller = 1e-9
	url, closeAll = open(anyDiskIsFuller)
	defer closeAll()
	want := "index [logs] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block];"
	status, body := call(t, http.MethodPut, url+"/logs/_doc/2", `{"n":2}`)
	if status != http.StatusTooManyRequests || !strings.Contains(body, "cluster_block_exception") || !strings.Contains(body, want) {
		t.Errorf("write: %d %s", status, body)
	}
	status, body = call(t, http.MethodPost, url+"/_bulk", "{\"index\":{\"_index\":\"logs\"}}\n{\"n\":3}\n")
	if status != http.StatusTooManyRequests && !strings.Contains(body, `"status":429`) || !strings.Contains(body, want) {
		t.Errorf("bulk: %d %s", status, body)
	}
	if status, body = call(t, http.MethodGet, url+"/logs/_count", ""); status != http.StatusOK || !strings.Contains(body, `"count":1`) {
		t.Errorf("read: %d %s", status, body)
	}
	if status, body = call(t, http.MethodDelete, url+"/logs", ""); status != http.StatusOK {
		t.Errorf("deleting makes room and must go on: %d %s", status, body)
	}
}

// call sends one request and returns the answer's status and body. Any goroutine may use it; what fails
// fails the test and returns nothing.
func call(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	return res.StatusCode, string(text)
}
