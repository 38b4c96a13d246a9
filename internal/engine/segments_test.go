package engine

import (
	"testing"

	"elkhorn/internal/es"
)

// TestSegmentsHaveNumbersOfTheirOwn looks at an index of which a part is in files and others are in memory: answers name
// segments by their numbers.
func TestSegmentsHaveNumbersOfTheirOwn(t *testing.T) {
	e := openTemp(t)
	write(t, e, "logs", `{"n":1}`)
	mustApply(t, e, &es.FlushIndices{})
	write(t, e, "logs", `{"n":2}`)
	write(t, e, "logs", `{"n":3}`)
	answer, err := e.Apply(ctx, &es.GetSegments{})
	if err != nil {
		t.Fatal(err)
	}
	seen, memory := map[uint64]bool{}, 0
	for _, s := range answer.([]es.IndexSegments)[0].Segments {
		if s.ID == 0 || seen[s.ID] {
			t.Errorf("segment %+v has no number of its own", s)
		}
		seen[s.ID] = true
		if !s.OnDisk {
			memory++
		}
	}
	if memory == 0 || memory == len(seen) {
		t.Errorf("%d of %d segments are in memory", memory, len(seen))
	}
}
