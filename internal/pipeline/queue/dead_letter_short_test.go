package queue

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/vfs"
)

// TestHugeLetter: an event that is too large for a record is kept with what fits, and says so; it does not hold up its output.
func TestHugeLetter(t *testing.T) {
	q := open(t, vfs.NewMem(), 0)
	q.maxRecord = 64 << 10
	fields := map[string]any{"n": 7, "message": strings.Repeat("wörter ", 20_000), "binary": strings.Repeat("\x01", 70_000), "deep": map[string]any{"list": strings.Split(strings.Repeat("x,", 9000), ",")}}
	for i := range 10_000 {
		fields[fmt.Sprintf("z%05d", i)] = i
	}
	text, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	obj, err := event.ParseJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	ev := event.FromObject(obj, time.Unix(5, 0))
	ev.Set(event.MustPath("[@metadata][seen]"), event.IntOf(1))
	ev.Set(event.MustPath("[@metadata][long]"), event.StringOf(strings.Repeat("\x02", 90_000)))
	small := letter(t, 1)
	huge := pipeline.DeadLetter{Time: time.Unix(9, 0), Pipeline: "p", Plugin: "store", Reason: "too many fields", Status: 400, Event: ev}
	if err := q.Keep(t.Context(), []pipeline.DeadLetter{small, huge, small}); err != nil {
		t.Fatal(err)
	}
	letters, err := q.Read(ID{}, 10)
	if err != nil || len(letters) != 3 {
		t.Fatalf("%d letters, %v", len(letters), err)
	}
	got := letters[1]
	if !strings.HasPrefix(got.Reason, "too many fields; the event takes ") || !strings.Contains(got.Reason, "cut to 64 bytes") || got.Status != 400 || len(got.Event) > q.maxRecord {
		t.Errorf("%d bytes, reason %s", len(got.Event), got.Reason)
	}
	back, err := got.Restore()
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"n": "7", "message": strings.Repeat("wörter ", 8), "z00000": "0", "[@metadata][seen]": "1", "[@metadata][long]": "\x02\x02"} {
		if v, ok := back.Get(event.MustPath(path)); !ok || !strings.HasPrefix(v.Text(), want) {
			t.Errorf("%s is %.80q", path, v.Text())
		}
	}
	if !back.Timestamp().Equal(time.Unix(5, 0)) {
		t.Errorf("its time is %v", back.Timestamp())
	}
}

// TestLetterLargerThanItsQueue: an empty queue takes what is larger than its limit, since waiting would never end.
func TestLetterLargerThanItsQueue(t *testing.T) {
	for _, policy := range []FullPolicy{Wait, DropNewer, DropOlder} {
		q, err := OpenDeadLetters(vfs.NewMem(), "/dlq", LetterOptions{MaxBytes: 50, Full: policy})
		if err != nil {
			t.Fatal(err)
		}
		if err := q.Keep(t.Context(), []pipeline.DeadLetter{letter(t, 1), letter(t, 2)}); err != nil {
			t.Errorf("%q: %v", policy, err)
		}
		err = q.Keep(t.Context(), []pipeline.DeadLetter{letter(t, 3)})
		s := q.Stats()
		if waits := policy == Wait; errors.Is(err, ErrFull) != waits || errors.Is(s.Err, ErrFull) != waits || s.Letters+s.Dropped < 2 {
			t.Errorf("%q: the next one: %v, %+v", policy, err, s)
		}
		all, err := q.Read(ID{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := q.Clear(all[len(all)-1].ID); err != nil {
			t.Fatal(err)
		}
		if err := q.Keep(t.Context(), []pipeline.DeadLetter{letter(t, 4)}); err != nil || q.Stats().Err != nil {
			t.Errorf("%q: once there is room: %v, %v", policy, err, q.Stats().Err)
		}
	}
}

// TestReadIsBounded: large letters come in small numbers.
func TestReadIsBounded(t *testing.T) {
	q := open(t, vfs.NewMem(), 0)
	large := letter(t, 1)
	large.Event.Set(event.MustPath("text"), event.StringOf(strings.Repeat("x", 5<<20)))
	for range 10 {
		if err := q.Keep(t.Context(), []pipeline.DeadLetter{large}); err != nil {
			t.Fatal(err)
		}
	}
	var after ID
	reads, read := 0, 0
	for {
		letters, err := q.Read(after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(letters) == 0 {
			break
		}
		if len(letters) > 4 {
			t.Errorf("%d letters of 5 MB were read at once", len(letters))
		}
		after = letters[len(letters)-1].ID
		reads, read = reads+1, read+len(letters)
	}
	if read != 10 || reads < 3 {
		t.Errorf("%d letters in %d reads", read, reads)
	}
}
