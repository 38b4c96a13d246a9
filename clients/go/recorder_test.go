package clients

import (
	"net/http"
	"os"
	"sync"
	"testing"
)

// serverURL is the address of the server under test.
func serverURL(t *testing.T) string {
	t.Helper()
	url := os.Getenv("ELKHORN_URL")
	if url == "" {
		t.Skip("ELKHORN_URL is not set: it names the server to run the clients against")
	}
	return url
}

// recorder is a transport that notes the warnings of all answers and those that lack the product header.
type recorder struct {
	mu struct {
		sync.Mutex
		warnings []string
		nameless int
	}
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mu.warnings = append(r.mu.warnings, res.Header.Values("Warning")...)
	if res.Header.Get("X-Elastic-Product") != "Elasticsearch" {
		r.mu.nameless++
	}
	return res, nil
}

// check fails the test when any answer had a warning or no product header.
func (r *recorder) check(t *testing.T) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, warning := range r.mu.warnings {
		t.Errorf("warning: %s", warning)
	}
	if r.mu.nameless > 0 {
		t.Errorf("%d answers without X-Elastic-Product", r.mu.nameless)
	}
}
