package monitor

import (
	"time"

	"elkhorn/internal/pipeline/runtime"
)

// pluginTrouble is what a plugin has warned of, and for how long an output has been at the same events. It is not in Logstash's answer.
type pluginTrouble struct {
	Warnings      int64      `json:"warnings"`
	Last          string     `json:"last_warning,omitempty"`
	At            *time.Time `json:"last_warning_timestamp,omitempty"`
	WritingMillis int64      `json:"oldest_write_in_millis,omitempty"`
}

// slowWrite is how long an output may be at the same events before that is trouble.
const slowWrite = 10 * time.Second

func troubleOf(p runtime.PluginStats, now time.Time) *pluginTrouble {
	t := &pluginTrouble{Warnings: p.Trouble.Warnings, Last: p.Trouble.Last}
	if t.Warnings > 0 {
		t.At = &p.Trouble.At
	}
	if writing := now.Sub(p.WritingSince); !p.WritingSince.IsZero() && writing > slowWrite {
		t.WritingMillis = writing.Milliseconds()
	}
	if t.Warnings == 0 && t.WritingMillis == 0 {
		return nil
	}
	return t
}
