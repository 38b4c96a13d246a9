package filter_test

import (
	"os"
	"path/filepath"
	"testing"

	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/pipeline/filter"
)

// TestDocumentedBlocks makes every filter of the printed configurations; what they warn about is listed.
func TestDocumentedBlocks(t *testing.T) {
	dir := os.Getenv("ELKHORN_TESTDATA")
	if dir == "" {
		t.Skip("ELKHORN_TESTDATA is not set")
	}
	warnings := map[string]int{
		"chatgpt/logstash/chatgpt-app.conf": 2, // no patterns folder, no geoip database
		"python/python-logs.conf":           1, // no geoip database
		"architecture/logstash.conf":        1, // no geoip database
		"ml/ml-inference.conf":              0,
		"llm/logstash.conf":                 0,
	}
	env := testEnv(t)
	for name, want := range warnings {
		path := filepath.Join(dir, "seed-configs", name)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		cfg, err := config.Parse(path, string(text), config.Options{})
		if err != nil {
			t.Fatal(err)
		}
		config.Substitute(cfg, func(string) (string, bool) { return "", false })
		got := 0
		cfg.Plugins(config.Filter, func(p *config.Plugin) {
			_, settings, err := filter.Table.Build(env, p.Config())
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return
			}
			got += len(settings.Warnings)
		})
		if got != want {
			t.Errorf("%s: %d warnings, want %d", name, got, want)
		}
	}
}
