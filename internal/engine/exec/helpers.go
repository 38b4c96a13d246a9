package exec

import (
	"runtime"
	"sync/atomic"
)

// helpers are the goroutines that help searches besides the one that each search has of its own: one less than there
// are processors, for all searches together. A search that comes alone gets them all; those that come while others
// run share the processors with those search by search, however large each is, and take no memory for workers that
// would wait for a processor anyway.
type helpers struct{ busy atomic.Int64 }

var allHelpers helpers

// take takes as many of n helpers as are free.
func (h *helpers) take(n int) int {
	for {
		busy := h.busy.Load()
		free := min(int64(runtime.GOMAXPROCS(0)-1)-busy, int64(n))
		if free <= 0 {
			return 0
		}
		if h.busy.CompareAndSwap(busy, busy+free) {
			return int(free)
		}
	}
}

func (h *helpers) release(n int) { h.busy.Add(-int64(n)) }
