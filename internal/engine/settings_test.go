package engine

import "testing"

func TestAsyncDurabilityWaitsWhenTheLogSyncsTooSeldom(t *testing.T) {
	for _, tt := range []struct {
		interval string
		async    bool
	}{{"", true}, {"5s", true}, {"30s", true}, {"4999ms", false}, {"100ms", false}} {
		flat := map[string]string{"index.translog.durability": "async"}
		if tt.interval != "" {
			flat["index.translog.sync_interval"] = tt.interval
		}
		s, err := parseSettings(flat)
		if err != nil {
			t.Fatal(err)
		}
		if s.async != tt.async {
			t.Errorf("sync_interval %q: async is %v", tt.interval, s.async)
		}
	}
	if _, err := parseSettings(map[string]string{"index.translog.sync_interval": "soon"}); err == nil {
		t.Error("an interval without a number was taken")
	}
}
