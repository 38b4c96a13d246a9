package server

import (
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/queue"
	"elkhorn/internal/vfs"
)

// TestDeadLetterInput: another pipeline takes the letters with their reasons, from a time on, and each once: the next run goes on behind them.
func TestDeadLetterInput(t *testing.T) {
	dir := t.TempDir()
	keep := func(from, to int64) {
		q, err := queue.OpenDeadLetters(vfs.Default, filepath.Join(DeadLetterFolder(dir), "orders"), queue.LetterOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for n := from; n < to; n++ {
			ev := event.New(time.Unix(n, 0))
			ev.Set(event.MustPath("n"), event.IntOf(n))
			if err := q.Keep(t.Context(), []pipeline.DeadLetter{{Time: time.Unix(1000+n, 0), Pipeline: "orders", Plugin: "store", Reason: "no such field", Status: 400, Event: ev}}); err != nil {
				t.Fatal(err)
			}
		}
		if err := q.Close(); err != nil {
			t.Fatal(err)
		}
	}
	run := func(want ...string) {
		t.Helper()
		opts, out := printing(t, "", text("mend", `input { dead_letter_queue { pipeline_id => "orders" start_timestamp => "1970-01-01T00:16:42Z" clean_consumed => true } }
output { stdout { codec => line { format => "%{n} %{[@metadata][dead_letter_queue][plugin_id]}: %{[@metadata][dead_letter_queue][reason]};" } } }`))
		position := filepath.Join(dir, "pipelines", "mend", "dead_letter_queue", "orders.position")
		before, _ := os.ReadFile(position)
		opts.DataDir, opts.Logger = dir, slog.New(slog.DiscardHandler)
		s := newServer(opts)
		s.senders.begin(t.Context())
		s.receivers.begin(t.Context())
		if err := s.startPipelines(t.Context()); err != nil {
			t.Fatal(err)
		}
		// What was done with is noted once it is: the next run goes on behind that.
		for noted := before; string(noted) == string(before) || strings.Count(out.String(), ";") < len(want); noted, _ = os.ReadFile(position) {
			runtime.Gosched()
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(out.String()); got != strings.Join(want, "\n") {
			t.Errorf("printed %s", got)
		}
	}
	keep(0, 5)
	run("2 store: no such field;", "3 store: no such field;", "4 store: no such field;")
	keep(5, 6)
	run("5 store: no such field;")
	opts, _ := printing(t, "", text("orders", `input { dead_letter_queue { pipeline_id => "orders" } } output { stdout {} }`))
	if err := RunPipelines(t.Context(), opts); err == nil || !strings.Contains(err.Error(), "cannot read its own dead letters") {
		t.Errorf("a circle: %v", err)
	}
}

// TestLettersElsewhere: who looks for letters finds those that path.dead_letter_queue has in another place too.
func TestLettersElsewhere(t *testing.T) {
	elsewhere := t.TempDir()
	moved := text("moved", `input { stdin {} } output { stdout {} }`)
	moved.Settings.DeadLetters.Dir = elsewhere
	opts, _ := printing(t, "", text("usual", `input { stdin {} } output { stdout {} }`), moved)
	if err := RunPipelines(t.Context(), opts); err != nil {
		t.Fatal(err)
	}
	usual := filepath.Join(DeadLetterFolder(opts.DataDir), "usual")
	if got, err := LetterFolders(opts.DataDir); err != nil || !slices.Equal(got, []string{filepath.Join(elsewhere, "moved"), usual}) {
		t.Errorf("letters are in %v, %v", got, err)
	}
	if err := os.RemoveAll(elsewhere); err != nil {
		t.Fatal(err)
	}
	if got, err := LetterFolders(opts.DataDir); !slices.Equal(got, []string{usual}) || err == nil || !strings.Contains(err.Error(), "pipeline moved") || !strings.Contains(err.Error(), elsewhere) {
		t.Errorf("once the place is gone: %v, %v", got, err)
	}
}
