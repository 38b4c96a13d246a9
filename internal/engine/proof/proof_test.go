package proof

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/engine/exec/brute"
)

// shortRun is how long TestHistories runs when PROOF_TIME does not say.
const shortRun = 10 * time.Second

func TestHistories(t *testing.T) {
	if text := os.Getenv("PROOF_SEED"); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		runHistory(t, seed)
		return
	}
	limit := shortRun
	if text := os.Getenv("PROOF_TIME"); text != "" {
		var err error
		if limit, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	end := time.Now().Add(limit)
	n := 0
	for seed := uint64(time.Now().UnixNano()); time.Now().Before(end) && !t.Failed(); seed++ {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) { runHistory(t, seed) })
		n++
	}
	t.Logf("%d histories", n)
}

// runHistory does some steps and compares after each.
func runHistory(t *testing.T, seed uint64) {
	h, err := newHistory(t, newRandom(seed))
	if err != nil {
		t.Fatalf("PROOF_SEED=%d: %v\n%s", seed, err, strings.Join(h.log, "\n"))
	}
	defer func() {
		if err := h.store.Close(); err != nil {
			t.Errorf("PROOF_SEED=%d: close: %v", seed, err)
		}
	}()
	steps := 4 + h.IntN(16)
	if h.long {
		steps *= 4
	}
	for range steps {
		if err := h.step(); err != nil {
			t.Fatalf("PROOF_SEED=%d: %v\nafter\n%s", seed, err, h.tail())
		}
		if err := h.verify(); err != nil {
			t.Fatalf("PROOF_SEED=%d: %v\nafter\n%s", seed, err, h.tail())
		}
		for range h.IntN(6) {
			sc, s := h.pick()
			if problem := check(h.store, sc, s); problem != "" {
				t.Fatalf("PROOF_SEED=%d: %s\n%s\n%s", seed, s, problem, h.shrink(sc, s))
			}
		}
	}
}

// pick chooses what to search and how: what is there now or a snapshot, by a new search or by one that was made before, whose
// answer may be remembered somewhere.
func (h *history) pick() (scene, *search) {
	sc := h.now()
	if len(h.snapshots) > 0 && h.chance(30) {
		sc = h.snapshots[h.IntN(len(h.snapshots))]
	}
	if len(h.searches) > 0 && h.chance(25) {
		return sc, h.searches[h.IntN(len(h.searches))]
	}
	s := h.search(h.fields())
	h.searches = append(h.searches, s)
	return sc, s
}

// fields are those that all indices have.
func (h *history) fields() []brute.Info {
	fields := h.indices[0].Fields()
	for _, ix := range h.indices[1:] {
		other := ix.Fields()
		fields = slices.DeleteFunc(fields, func(f brute.Info) bool { return !slices.Contains(other, f) })
	}
	return fields
}
