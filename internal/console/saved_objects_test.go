package console_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"elkhorn/internal/api"
	"elkhorn/internal/console"
	"elkhorn/internal/console/saved"
	"elkhorn/internal/engine"
	"elkhorn/internal/es/estest"
)

// TestScenarios runs the requests of testdata against the console over an engine; each file begins with an empty one.
func TestScenarios(t *testing.T) {
	estest.Run(t, os.DirFS("testdata"), func(t *testing.T) string {
		store, err := engine.Open(engine.Options{Dir: t.TempDir(), Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		handler := console.New(console.Parts{
			UI: http.NotFoundHandler(), API: api.New(store, api.Options{Logger: slog.New(slog.DiscardHandler)}), Store: store, Guard: api.Guard{},
			Saved: saved.New(store, "8.19.0", nil), Version: "8.19.0", Logger: slog.New(slog.DiscardHandler),
		})
		server := httptest.NewServer(handler)
		t.Cleanup(func() {
			server.Close()
			if err := store.Close(); err != nil {
				t.Error(err)
			}
		})
		return server.URL
	})
}
