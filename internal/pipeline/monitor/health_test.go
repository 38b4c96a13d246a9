package monitor

import (
	"errors"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/pipeline/runtime"
)

// TestHealth: what keeps a pipeline from its work is named with its cause and with what to do.
func TestHealth(t *testing.T) {
	now := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)
	writing := func(since time.Duration, trouble runtime.Trouble) runtime.Stats {
		return runtime.Stats{Plugins: []runtime.PluginStats{{Kind: "output", ID: "out", Place: "a.conf:3:1", WritingSince: now.Add(-since), Trouble: trouble}}}
	}
	refused := runtime.Trouble{Warnings: 7, Last: "trying again: connection refused", At: now.Add(-time.Second)}
	for _, c := range []struct {
		what, status string
		p            Pipeline
		says         []string
	}{
		{"all is well", green, Pipeline{Queue: &Queue{}, DeadLetters: &DeadLetters{}}, nil},
		{"it ended with an error", red, Pipeline{Ended: true, Err: errors.New("the input broke")}, []string{"the input broke", "reload"}},
		{"it has ended", yellow, Pipeline{Ended: true}, []string{"all its inputs have ended"}},
		{"the queue's disk is full", red, Pipeline{Queue: &Queue{Full: true, Err: errors.New("no space left on device")}}, []string{"no space left on device", "make room"}},
		{"the queue is full", yellow, Pipeline{Queue: &Queue{Full: true, Events: 5, Bytes: 99, MaxBytes: 100}}, []string{"5 events take 99 bytes of 100", "queue.max_bytes"}},
		{"letters cannot be kept", red, Pipeline{DeadLetters: &DeadLetters{Err: errors.New("the queue is full of letters")}}, []string{"full of letters", "clear the dead letters"}},
		{"a write is young", green, Pipeline{Stats: writing(59*time.Second, refused)}, nil},
		{"an output is stuck", yellow, Pipeline{Stats: writing(90*time.Second, refused)}, []string{"out (a.conf:3:1)", "1m30s: trying again: connection refused"}},
		{"an output is stuck and silent", yellow, Pipeline{Stats: writing(time.Hour, runtime.Trouble{Last: "of old", At: now.Add(-2 * time.Hour)})}, []string{"1h0m0s: it says nothing"}},
		{"a reload failed", yellow, Pipeline{Reloads: Reloads{Failures: 1, LastFailure: now, LastError: "a.conf:1:1"}}, []string{"a.conf:1:1"}},
	} {
		h := health(c.p, now)
		text := ""
		for _, d := range h.Diagnosis {
			text += d.Cause + " " + d.Action
		}
		if h.Status != c.status || (len(h.Diagnosis) == 1) != (c.status != green) || len(h.Impacts) != len(h.Diagnosis) {
			t.Errorf("%s: %+v", c.what, h)
		}
		for _, want := range c.says {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q lacks %q", c.what, text, want)
			}
		}
	}
}
