package lifecycle

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/dates"
)

// The cluster settings that a Runner follows.
const (
	// SettingPollInterval is how often policies are looked at.
	SettingPollInterval = "indices.lifecycle.poll_interval"
	// SettingDefaultRetention is how long an index is kept that follows no policy; -1, the default, is for ever.
	SettingDefaultRetention = "indices.lifecycle.default_retention"
)

// clusterSettings reads the cluster settings in force: transient ones win.
func (r *Runner) clusterSettings(ctx context.Context) (map[string]string, error) {
	answer, err := r.store.Apply(ctx, &es.GetObjects{Kind: es.KindClusterSettings})
	if err != nil {
		return nil, fmt.Errorf("read cluster settings: %w", err)
	}
	objects, ok := answer.([]es.Object) // "persistent" stands before "transient"
	if !ok {
		return nil, nil
	}
	settings := map[string]string{}
	for i := range objects {
		scope := map[string]any{}
		if err := json.Unmarshal(objects[i].JSON, &scope); err != nil {
			return nil, fmt.Errorf("read cluster settings: %w", err)
		}
		for name, value := range scope {
			if text, ok := value.(string); ok {
				settings[name] = text
			}
		}
	}
	return settings, nil
}

// span reads a time setting; ok is false when it is not set, or not a time above zero.
func span(settings map[string]string, name string) (d time.Duration, ok bool) {
	text := settings[name]
	if text == "" || text == "-1" {
		return 0, false
	}
	millis, err := dates.ParseDuration(text)
	if err != nil || millis <= 0 {
		return 0, false
	}
	return time.Duration(millis) * time.Millisecond, true
}

// pollInterval is the time until the next look.
func (r *Runner) pollInterval(ctx context.Context) time.Duration {
	settings, err := r.clusterSettings(ctx)
	if err != nil {
		return r.interval // said by the look itself
	}
	if d, ok := span(settings, SettingPollInterval); ok {
		return max(d, time.Second)
	}
	return r.interval
}
