package engine

import (
	"math"
	"runtime/debug"
)

// availableMemory is the memory this process may use: GOMEMLIMIT where it is set, else what its control group or
// the machine has.
func availableMemory() int64 {
	if limit := debug.SetMemoryLimit(-1); limit < math.MaxInt64 {
		return limit
	}
	return systemMemory()
}

// limitedByUser says whether GOMEMLIMIT is set: then this process has it for itself.
func limitedByUser() bool { return debug.SetMemoryLimit(-1) < math.MaxInt64 }

// unknownMemory stands for that of a machine that does not tell.
const unknownMemory = 4 << 30

// memoryDefaults sets the limits that options leave open, by the memory there is.
func (o *Options) memoryDefaults() {
	available := availableMemory()
	setDefault(&o.WriteBufferBytes, min(maxWriteBufferBytes, available/8))
	setDefault(&o.QueryBytes, available/4)
	setDefault(&o.CacheBytes, min(maxCacheBytes, available/16))
	setDefault(&o.RequestCacheBytes, min(max(available/100, minRequestCacheBytes), maxRequestCacheBytes))
	share := int64(70)
	if limitedByUser() {
		share = 90
	}
	setDefault(&o.TotalBytes, available/100*share)
}

// The defaults' limits: more than these serves few.
const (
	maxWriteBufferBytes  = 80 << 20
	maxCacheBytes        = 48 << 20
	minRequestCacheBytes = 4 << 20
	maxRequestCacheBytes = 64 << 20
)
