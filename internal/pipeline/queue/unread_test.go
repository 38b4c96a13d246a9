package queue

import (
	"testing"

	"elkhorn/internal/vfs"
)

// TestUnread: what a queue holds is known without opening it.
func TestUnread(t *testing.T) {
	mem, pages := writtenQueue(t)
	count := func(what string, want uint64) {
		t.Helper()
		before, err := mem.List("/queue")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Unread(mem, "/queue"); err != nil || got != want {
			t.Errorf("%s: %d events, %v; want %d", what, got, err, want)
		}
		if after, err := mem.List("/queue"); err != nil || len(after) != len(before) {
			t.Errorf("%s: the folder has %v, %v; it had %v", what, after, err, before)
		}
	}
	count("all", 100)
	q := openQueue(t, mem, Options{})
	finish(q.Take(25, 0))
	closeQueue(t, q)
	count("some are acknowledged", 75)
	change(t, mem, pages[len(pages)-1], func(f vfs.File, size int64) error { return f.Truncate(size - 3) })
	count("the last was cut off", 74)
	change(t, mem, "/queue/checkpoint", flip(9))
	if got, err := Unread(mem, "/queue"); err != nil || got < 74 {
		t.Errorf("without a checkpoint: %d, %v", got, err)
	}
	q = openQueue(t, mem, Options{})
	for q.Len() > 0 {
		finish(q.Take(100, 0))
	}
	closeQueue(t, q)
	count("none", 0)
	if got, err := Unread(mem, "/nowhere"); got != 0 || err != nil {
		t.Errorf("no folder: %d, %v", got, err)
	}
}
