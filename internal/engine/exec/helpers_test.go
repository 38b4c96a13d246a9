package exec_test

import (
	"encoding/json"
	"fmt"
	"runtime"
	"testing"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/exec"
	"elkhorn/internal/engine/segment"
)

// longSegment is one segment of many blocks, all of which are the one that it is made of. With entered, each read of a
// block waits for leave.
type longSegment struct {
	segment.Segment
	blocks         []segment.BlockInfo
	entered, leave chan struct{}
}

func long(s segment.Segment, blocks int) *longSegment {
	l := &longSegment{Segment: s}
	for i := range blocks {
		info := s.Blocks()[0]
		info.FirstRow = i * info.Rows
		l.blocks = append(l.blocks, info)
	}
	return l
}

func (l *longSegment) Blocks() []segment.BlockInfo { return l.blocks }

func (l *longSegment) Column(name string) column.Column {
	if c := l.Segment.Column(name); c != nil {
		return longColumn{c, l}
	}
	return nil
}

type longColumn struct {
	column.Column
	of *longSegment
}

func (c longColumn) Stats(int) column.Stats { return c.Column.Stats(0) }

func (c longColumn) Read(_, from, to int, dst *column.Block) error {
	if c.of.entered != nil {
		c.of.entered <- struct{}{}
		<-c.of.leave
	}
	return c.Column.Read(0, from, to, dst)
}

// TestSearchesShareTheProcessors: a search alone uses all processors, over one segment too; one that comes while it
// runs uses its own goroutine and is answered all the same.
func TestSearchesShareTheProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	var docs []string
	for i := range 2000 {
		docs = append(docs, fmt.Sprintf(`{"n":%d}`, i))
	}
	ix := testIndex(t, "test", randomMapping, docs, len(docs))
	one := long(ix.Sources[0].Segment, 100)
	search := func(s *longSegment) int {
		index := ix
		index.Sources = []exec.Source{{Segment: s}}
		req := parseRequest(t, `{"size":0,"aggs":{"n":{"max":{"field":"n"}}}}`)
		req.Profile = true
		r, err := exec.Search(t.Context(), []exec.Index{index}, req)
		if err != nil {
			t.Error(err)
			return 0
		}
		if got := string(r.Aggs.AppendJSON(nil, false)); got != `{"n":{"value":1999.0}}` {
			t.Errorf("answer %s", got)
		}
		var p struct{ Elkhorn struct{ Workers int } }
		if err := json.Unmarshal(r.Profile, &p); err != nil {
			t.Error(err)
		}
		return p.Elkhorn.Workers
	}
	if n := search(one); n != 2 {
		t.Errorf("a search alone over one segment has %d workers, want 2", n)
	}
	busy := long(ix.Sources[0].Segment, 100)
	busy.entered, busy.leave = make(chan struct{}), make(chan struct{})
	done := make(chan int)
	go func() { done <- search(busy) }()
	<-busy.entered
	<-busy.entered // both of its workers
	if n := search(one); n != 1 {
		t.Errorf("beside another search it has %d workers, want 1", n)
	}
	close(busy.leave)
	for waiting := true; waiting; {
		select {
		case <-busy.entered:
		case n := <-done:
			if n != 2 {
				t.Errorf("the first search had %d workers, want 2", n)
			}
			waiting = false
		}
	}
	if n := search(one); n != 2 {
		t.Errorf("after it a search has %d workers, want 2", n)
	}
}
