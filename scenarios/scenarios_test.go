package scenarios

import (
	"log/slog"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"elkhorn/internal/api"
	"elkhorn/internal/engine"
	"elkhorn/internal/es/estest"
	"elkhorn/internal/ingest"
	"elkhorn/internal/lifecycle"
)

func TestScenarios(t *testing.T) {
	start := embedded
	if url := os.Getenv("ELKHORN_SCENARIO_URL"); url != "" {
		start = func(t *testing.T) string { return emptied(t, strings.TrimSuffix(url, "/")) }
	}
	estest.Run(t, os.DirFS("."), start)
}

// embedded starts the engine in a folder of its own behind the REST API.
func embedded(t *testing.T) string {
	logger := slog.New(slog.DiscardHandler)
	store, err := engine.Open(engine.Options{Dir: t.TempDir(), Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	wrapped, err := ingest.Wrap(t.Context(), store, ingest.Options{Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	surface := api.New(wrapped, api.Options{Logger: logger, RemoteAllowed: []string{"127.0.0.1:*"}, CheckPolicy: lifecycle.CheckPolicy})
	server := httptest.NewServer(surface)
	t.Cleanup(func() {
		server.Close()
		surface.Close()
		if err := wrapped.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return server.URL
}
