package server

import (
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline/queue"
	"elkhorn/internal/pipeline/settings"
	"elkhorn/internal/vfs"
)

// leave makes a queue with events that nobody has read.
func leave(t *testing.T, dir string, events int) {
	t.Helper()
	q, err := queue.Open(vfs.Default, dir, queue.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	for n := range events {
		ev := event.New(time.Unix(int64(n), 0))
		ev.Set(event.MustPath("message"), event.StringOf(fmt.Sprint("left ", n)))
		if err := q.Push(t.Context(), []*event.Event{ev}); err != nil {
			t.Fatal(err)
		}
	}
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestLeftBehind: events in queues that no pipeline reads are named with their number and place; those that one reads are not.
func TestLeftBehind(t *testing.T) {
	elsewhere := t.TempDir()
	now, custom, read := text("now in memory", `input { stdin {} }`+printed), text("custom", `input { stdin {} }`+printed), text("read", `input { stdin {} }`+printed)
	custom.Settings.Queue.Dir = elsewhere
	read.Settings.Queue.Persisted = true
	opts, out := printing(t, "", now, custom, read)
	log := &lockedBuffer{}
	opts.Logger = slog.New(slog.NewTextHandler(log, nil))
	for dir, events := range map[string]int{
		filepath.Join(opts.DataDir, "queue", folderName("now in memory")): 3,
		filepath.Join(opts.DataDir, "queue", "empty"):                     0,
		filepath.Join(opts.DataDir, "queue", "gone"):                      4,
		filepath.Join(opts.DataDir, "queue", "read"):                      5,
		filepath.Join(elsewhere, "custom"):                                6,
	} {
		leave(t, dir, events)
	}
	if err := RunPipelines(t.Context(), opts); err != nil {
		t.Fatal(err)
	}
	var told []string
	for line := range strings.Lines(log.String()) {
		if _, rest, ok := strings.Cut(line, " pipeline="); ok && strings.Contains(line, "level=WARN") {
			told = append(told, strings.Join(strings.Split(rest, " folder=")[:1], ""))
		}
	}
	slices.Sort(told)
	if want := []string{`"now in memory" events=3`, "custom events=6", "gone events=4"}; !slices.Equal(told, want) {
		t.Errorf("told of %q, want %q; the log is\n%s", told, want, log)
	}
	if !strings.Contains(log.String(), "queue.type: persisted") {
		t.Errorf("the log does not say what to do: %s", log)
	}
	if strings.Count(out.String(), "left ") != 5 {
		t.Errorf("printed %q", out.String())
	}
}

// TestReloadLeavesAQueueBehind: a reload that makes a persisted queue one in memory says what stays on the disk.
func TestReloadLeavesAQueueBehind(t *testing.T) {
	node := settings.Defaults()
	node.API.Enabled = false
	node.Pipeline.Queue.Persisted = true
	conf := func(by string) string {
		return `input { http { host => "127.0.0.1" port => 0 } } filter { mutate { add_field => { "by" => "` + by + `" } } } output { http { url => "http://127.0.0.1:1/" http_method => "post" } }`
	}
	r := startFleetOf(t, conf("one"), node)
	resp, err := http.Post("http://"+r.Inputs()["http"], "text/plain", strings.NewReader("kept"))
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s, %v", resp.Status, err)
	}
	configs := slices.Clone(r.opts.Pipelines)
	configs[0].Settings.Queue.Persisted = false
	r.opts.Pipelines = configs
	if report := r.reload(); !slices.Equal(report.Reloaded, []string{"main"}) {
		t.Fatalf("%+v", report)
	}
	if said := r.log.String(); !strings.Contains(said, "no pipeline reads") || !strings.Contains(said, "pipeline=main events=1 ") {
		t.Errorf("the log is\n%s", said)
	}
}
