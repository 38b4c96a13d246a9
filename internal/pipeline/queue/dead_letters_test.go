package queue

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/vfs"
	"elkhorn/internal/vfs/errorfs"
)

func letter(t testing.TB, n int) pipeline.DeadLetter {
	t.Helper()
	v, err := event.ParseJSON([]byte(fmt.Sprintf(`{"n":%d,"text":"a \"b\" \u0001","@metadata":{"m":[1]}}`, n)))
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2026, 1, 15, 12, 0, 0, 5, time.UTC)
	return pipeline.DeadLetter{Time: noon, Pipeline: "main", Plugin: "es", Status: 400, Reason: `mapper_parsing_exception: "x"`, Event: event.FromObject(v, noon)}
}

func open(t testing.TB, fs vfs.FS, maxBytes int64) *DeadLetters {
	t.Helper()
	q, err := OpenDeadLetters(fs, "/dlq", LetterOptions{MaxBytes: maxBytes})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func keep(t testing.TB, q *DeadLetters, numbers ...int) {
	t.Helper()
	var letters []pipeline.DeadLetter
	for _, n := range numbers {
		letters = append(letters, letter(t, n))
	}
	if err := q.Keep(t.Context(), letters); err != nil {
		t.Fatal(err)
	}
}

func TestKeepReadClear(t *testing.T) {
	fs := vfs.NewMem()
	q := open(t, fs, 0)
	keep(t, q, 1, 2)
	if _, err := OpenDeadLetters(fs, "/dlq", LetterOptions{}); err == nil {
		t.Error("a second process must not open the queue")
	}
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	q = open(t, fs, 0)
	keep(t, q, 3)
	all, err := q.Read(ID{}, 10)
	if err != nil || len(all) != 3 {
		t.Fatalf("%d letters, %v", len(all), err)
	}
	first := all[0]
	if first.ID.String() != "1-8" || first.Plugin != "es" || first.Status != 400 || first.Reason != `mapper_parsing_exception: "x"` || first.Time.Nanosecond() != 5 ||
		string(first.Event) != `{"@timestamp":"2026-01-15T12:00:00.000000005Z","n":1,"text":"a \"b\" \u0001"}` || string(first.Metadata) != `{"m":[1]}` {
		t.Errorf("letter: %+v %s %s", first, first.Event, first.Metadata)
	}
	id, err := ParseID(first.ID.String())
	if err != nil {
		t.Fatal(err)
	}
	rest, err := q.Read(id, 1)
	if err != nil || len(rest) != 1 || rest[0].ID.String() != all[1].ID.String() {
		t.Errorf("after the first: %v, %v", rest, err)
	}
	if n, _ := q.Size(); n != 3 {
		t.Errorf("size %d", n)
	}
	if n, err := q.Clear(all[1].ID); n != 2 || err != nil {
		t.Errorf("cleared %d, %v", n, err)
	}
	if left, err := q.Read(ID{}, 10); err != nil || len(left) != 1 || left[0].ID.File != 2 {
		t.Errorf("left: %v, %v", left, err)
	}
	if n, err := q.Clear(all[2].ID); n != 1 || err != nil {
		t.Errorf("cleared %d, %v", n, err)
	}
	keep(t, q, 4)
	if left, err := q.Read(ID{}, 10); err != nil || len(left) != 1 {
		t.Errorf("after clearing all: %v, %v", left, err)
	}
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestFullQueueRefuses(t *testing.T) {
	q := open(t, vfs.NewMem(), 700)
	keep(t, q, 1, 2)
	if err := q.Keep(t.Context(), []pipeline.DeadLetter{letter(t, 3)}); !errors.Is(err, ErrFull) {
		t.Errorf("got %v", err)
	}
	all, err := q.Read(ID{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.Clear(all[1].ID); err != nil {
		t.Fatal(err)
	}
	keep(t, q, 3)
}

// TestCutAtEveryByte: whatever a crash leaves of the file, whole letters are there and the queue works on.
func TestCutAtEveryByte(t *testing.T) {
	whole := vfs.NewMem()
	q := open(t, whole, 0)
	keep(t, q, 1)
	keep(t, q, 2)
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	data := contents(t, whole)
	for cut := range len(data) + 1 {
		fs := vfs.NewMem()
		put(t, fs, data[:cut])
		q := open(t, fs, 0)
		keep(t, q, 3)
		letters, err := q.Read(ID{}, 10)
		want := 1
		if cut >= len(data)/2+4 {
			want = 2
		}
		if cut == len(data) {
			want = 3
		}
		if err != nil || len(letters) != want {
			t.Fatalf("cut at %d of %d: %d letters, want %d, %v", cut, len(data), len(letters), want, err)
		}
	}
}

func TestDamageIsNamed(t *testing.T) {
	whole := vfs.NewMem()
	q := open(t, whole, 0)
	keep(t, q, 1, 2)
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	q = open(t, whole, 0)
	keep(t, q, 3) // in a file of its own
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	data := contents(t, whole)
	data[30] ^= 1
	put(t, whole, data)
	q = open(t, whole, 0)
	letters, err := q.Read(ID{}, 10)
	var corrupt *vfs.CorruptionError
	if !errors.As(err, &corrupt) || corrupt.Offset != 8 || corrupt.Path != "/dlq/00000001.dlq" || len(letters) != 1 {
		t.Errorf("%d letters, %v", len(letters), err)
	}
}

func contents(t testing.TB, fs vfs.FS) []byte {
	t.Helper()
	f, err := fs.Open("/dlq/00000001.dlq")
	if err != nil {
		t.Fatal(err)
	}
	size, err := f.Size()
	if err != nil {
		t.Fatal(err)
	}
	data := make([]byte, size)
	if _, err := f.ReadAt(data, 0); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return data
}

func put(t testing.TB, fs vfs.FS, data []byte) {
	t.Helper()
	if err := fs.MkdirAll("/dlq"); err != nil {
		t.Fatal(err)
	}
	f, err := fs.Create("/dlq/00000001.dlq")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func FuzzRead(f *testing.F) {
	whole := vfs.NewMem()
	q := open(f, whole, 0)
	keep(f, q, 1, 2)
	if err := q.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(contents(f, whole))
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		fs := vfs.NewMem()
		put(t, fs, data)
		q := open(t, fs, 0)
		if _, err := q.Read(ID{}, 10); err != nil {
			if !vfs.IsCorruption(err) {
				t.Errorf("damage must be marked as such, got %v", err)
			}
		}
	})
}

// TestPowerCuts cuts the power after every step, with what was not synced lost at random: letters that were kept are there.
func TestPowerCuts(t *testing.T) {
	fs := vfs.NewMem()
	q := open(t, fs, 0)
	for kept := range 6 {
		for seed := range uint64(20) {
			after := open(t, fs.CrashClone(rand.New(rand.NewPCG(seed, uint64(kept)))), 0)
			letters, err := after.Read(ID{}, 100)
			if err != nil || len(letters) < kept {
				t.Fatalf("seed %d: %d letters were kept, %d are there, %v", seed, kept, len(letters), err)
			}
			keep(t, after, 99)
		}
		keep(t, q, kept)
	}
}

// TestDiskErrors fails operation 0, 1, 2 …: a letter that was kept is there, one that was not can be kept again.
func TestDiskErrors(t *testing.T) {
	for nth := 0; ; nth++ {
		mem := vfs.NewMem()
		fault := errorfs.Nth(nth)
		fs := errorfs.Wrap(mem, errorfs.ShortWrite(fault))
		q, err := OpenDeadLetters(fs, "/dlq", LetterOptions{})
		if err != nil {
			if q, err = OpenDeadLetters(fs, "/dlq", LetterOptions{}); err != nil {
				t.Fatal(err)
			}
		}
		for n := range 3 {
			if q.Keep(t.Context(), []pipeline.DeadLetter{letter(t, n)}) != nil {
				keep(t, q, n)
			}
		}
		fired := fault.Fired()
		if err := q.Close(); err != nil && !errors.Is(err, errorfs.ErrInjected) {
			t.Fatal(err)
		}
		letters, err := open(t, mem.CrashClone(nil), 0).Read(ID{}, 100)
		if err != nil && !vfs.IsCorruption(err) || len(letters) < 3 {
			t.Fatalf("operation %d failed: %d letters, %v", nth, len(letters), err)
		}
		if !fired {
			break
		}
	}
}

// TestVersion1StillOpens reads a file that the first version of the format wrote.
func TestVersion1StillOpens(t *testing.T) {
	data, err := os.ReadFile("testdata/version1.dlq")
	if err != nil {
		t.Fatal(err)
	}
	fs := vfs.NewMem()
	put(t, fs, data)
	letters, err := open(t, fs, 0).Read(ID{}, 10)
	if err != nil || len(letters) != 2 || letters[1].Pipeline != "main" || string(letters[1].Metadata) != `{"m":[1]}` {
		t.Errorf("%+v, %v", letters, err)
	}
}

// TestLetterRetention: what happens to letters when there is no room, and when they are old.
func TestLetterRetention(t *testing.T) {
	now := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		o           LetterOptions
		first, kept int
		dropped     int64
		refused     bool
	}{
		{o: LetterOptions{MaxBytes: 4000, Full: DropOlder}, first: 80, kept: 20, dropped: 80},
		{o: LetterOptions{MaxBytes: 4000, Full: DropNewer}, first: 0, kept: 20, dropped: 80},
		{o: LetterOptions{MaxBytes: 4000}, first: 0, kept: 20, refused: true},
		{o: LetterOptions{MaxBytes: 40000, RetainAge: 30 * time.Minute}, first: 0, kept: 100},
	} {
		fs := vfs.NewMem()
		c.o.Now = func() time.Time { return now }
		q, err := OpenDeadLetters(fs, "/dlq", c.o)
		if err != nil {
			t.Fatal(err)
		}
		refused := false
		for n := range 100 {
			l := letter(t, n)
			l.Time = now
			err := q.Keep(t.Context(), []pipeline.DeadLetter{l})
			refused = refused || errors.Is(err, ErrFull)
			if err != nil && !errors.Is(err, ErrFull) {
				t.Fatal(err)
			}
		}
		letters, err := q.Read(ID{}, 1000)
		if err != nil {
			t.Fatal(err)
		}
		s := q.Stats()
		if refused != c.refused || len(letters) > c.kept+5 || len(letters) < c.kept-15 || c.refused && s.Dropped != 0 || !c.refused && s.Dropped != int64(100-len(letters)) ||
			s.Bytes > s.MaxBytes || (s.Dropped > 0) != (s.LastDrop != "") {
			t.Errorf("%+v: %d letters are kept, refused: %v, %+v", c.o, len(letters), refused, s)
		}
		if want := fmt.Sprintf(`"n":%d,`, 100-len(letters)); c.o.Full == DropOlder && !strings.Contains(string(letters[0].Event), want) {
			t.Errorf("the oldest that is kept is %s", letters[0].Event)
		}
		if c.o.RetainAge > 0 {
			if err := q.Close(); err != nil {
				t.Fatal(err)
			}
			if q, err = OpenDeadLetters(fs, "/dlq", c.o); err != nil { // ages are read back
				t.Fatal(err)
			}
			now = now.Add(time.Hour)
			keep(t, q, 100)
			if letters, err = q.Read(ID{}, 1000); err != nil || len(letters) != 1 {
				t.Errorf("an hour later there are %d letters, %v", len(letters), err)
			}
		}
		beside, err := ReadDeadLetters(fs, "/dlq")
		if err != nil {
			t.Fatal(err)
		}
		if seen, err := beside.Read(ID{}, 1000); err != nil || len(seen) != len(letters) || beside.Keep(t.Context(), nil) == nil {
			t.Errorf("beside the process there are %d letters, %v", len(seen), err)
		}
		if err := q.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestReadOnBehind: a reader finds the letters behind its position, also when files are removed under its hands, when all were removed
// and their numbers begin anew, and when the position is of no letter.
func TestReadOnBehind(t *testing.T) {
	mem := vfs.NewMem()
	gone := errorfs.NewSwitch(errorfs.OnPath(errorfs.OnKinds(errorfs.Always(os.ErrNotExist), errorfs.Open), "00000001.dlq"))
	q := open(t, errorfs.Wrap(mem, gone), 0)
	f := func(after string, want ...int) {
		t.Helper()
		letters, positions, err := q.ReadLetters(after, 10)
		if err != nil || len(letters) != len(want) || len(positions) != len(want) {
			t.Fatalf("behind %q: %d letters, %v, want %v", after, len(letters), err, want)
		}
		for i, n := range want {
			if v, _ := letters[i].Event.Get(event.MustPath("n")); v.Int() != int64(n) {
				t.Errorf("behind %q: letter %d is %s, want %d", after, i, v.Text(), n)
			}
		}
	}
	keep(t, q, 0, 1, 2)
	all, err := q.Read(ID{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := q.EndFile(); err != nil {
		t.Fatal(err)
	}
	keep(t, q, 3)
	f(all[0].ID.String(), 1, 2, 3)
	f(all[1].ID.String(), 2, 3)
	f(ID{File: 1, Offset: all[1].ID.Offset + 1}.String(), 2, 3) // inside of a letter
	f("1-999999999", 3)
	f("1--7", 0, 1, 2, 3)
	gone.Set(true)
	f("", 3)
	gone.Set(false)
	last, err := q.Read(ID{File: 2}, 10)
	if err != nil || len(last) != 1 {
		t.Fatalf("%d letters, %v", len(last), err)
	}
	if _, err := q.Clear(last[0].ID); err != nil {
		t.Fatal(err)
	}
	f(last[0].ID.String())
	keep(t, q, 4) // in a file with the number 1 again
	f(last[0].ID.String(), 4)
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
}
