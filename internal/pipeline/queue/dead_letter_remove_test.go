package queue

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"elkhorn/internal/vfs"
	"elkhorn/internal/vfs/errorfs"
)

// lettersOf are the letters' numbers, in order.
func lettersOf(t *testing.T, q *DeadLetters) string {
	t.Helper()
	letters, err := q.Read(ID{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range letters {
		_, n, _ := strings.Cut(string(l.Event), `"n":`)
		n, _, _ = strings.Cut(n, ",")
		out = append(out, l.ID.String()+"="+n)
	}
	return strings.Join(out, " ")
}

func TestRemove(t *testing.T) {
	mem := vfs.NewMem()
	q := open(t, mem, 0)
	keep(t, q, 1, 2, 3)
	all, err := q.Read(ID{}, 10)
	if err != nil || len(all) != 3 {
		t.Fatalf("%d letters, %v", len(all), err)
	}
	if err := q.Remove(all[1].ID); err != nil {
		t.Fatal(err)
	}
	keep(t, q, 4)
	want := fmt.Sprintf("%s=1 %s=3 2-8=4", all[0].ID, all[2].ID)
	if got := lettersOf(t, q); got != want {
		t.Errorf("letters %s, want %s", got, want)
	}
	for _, id := range []ID{all[1].ID, {File: 9, Offset: 8}, {File: 1, Offset: 9}, {File: 1, Offset: 1 << 40}, {File: 1, Offset: -1}} {
		if err := q.Remove(id); !errors.Is(err, ErrNoLetter) {
			t.Errorf("letter %s: %v", id, err)
		}
	}
	// A reader that has read the letter goes on behind it, and the count lasts.
	if rest, err := q.Read(all[1].ID, 10); err != nil || len(rest) != 2 {
		t.Errorf("behind the removed one: %d letters, %v", len(rest), err)
	}
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	q = open(t, mem, 0)
	if n, _ := q.Size(); n != 3 || lettersOf(t, q) != want {
		t.Errorf("opened again: %d letters, %s", n, lettersOf(t, q))
	}
	for _, id := range []ID{all[0].ID, all[2].ID, {File: 2, Offset: 8}} {
		if err := q.Remove(id); err != nil {
			t.Fatal(err)
		}
	}
	if n, bytes := q.Size(); n != 0 || bytes != 0 {
		t.Errorf("all removed: %d letters, %d bytes", n, bytes)
	}
	keep(t, q, 5)
	if got := lettersOf(t, q); !strings.HasSuffix(got, "=5") {
		t.Errorf("a letter after that: %s", got)
	}
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestRemoveFails: whatever operation fails, and wherever power is cut, the other letters are there.
func TestRemoveFails(t *testing.T) {
	for fail := 0; ; fail++ {
		mem := vfs.NewMem()
		q := open(t, mem, 0)
		keep(t, q, 1, 2, 3)
		all, err := q.Read(ID{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		if err := q.Close(); err != nil {
			t.Fatal(err)
		}
		faulty := errorfs.Wrap(mem, errorfs.Nth(fail))
		broken, err := OpenDeadLetters(faulty, "/dlq", LetterOptions{})
		removed := err
		if err == nil {
			removed = broken.Remove(all[1].ID)
			_ = broken.Close()
		}
		after := mem.CrashClone(rand.New(rand.NewPCG(uint64(fail), 1)))
		q = open(t, after, 0)
		got := lettersOf(t, q)
		if without := "1-8=1 " + all[2].ID.String() + "=3"; got != without && (removed == nil || got != "1-8=1 "+all[1].ID.String()+"=2 "+all[2].ID.String()+"=3") {
			t.Fatalf("operation %d failed (%v): letters %s", fail, removed, got)
		}
		if removed == nil {
			return
		}
	}
}
