package column

import (
	"bytes"
	"slices"
	"sync"
)

// MemDict is a dictionary in memory: the values end to end, in order of ordinal.
type MemDict struct {
	data []byte
	ends []uint32
	// order is the ordinals in byte order of their values; ranks is its inverse.
	order func() []uint32
	ranks func() []uint32
}

// NewDict makes a dictionary of distinct values, which it copies.
func NewDict(values [][]byte) *MemDict {
	n := 0
	for _, v := range values {
		n += len(v)
	}
	data, ends := make([]byte, 0, n), make([]uint32, 0, len(values))
	for _, v := range values {
		data = append(data, v...)
		ends = append(ends, uint32(len(data)))
	}
	return newMemDict(data, ends)
}

// newMemDict takes over values that stand end to end.
func newMemDict(data []byte, ends []uint32) *MemDict {
	d := &MemDict{data: data, ends: ends}
	d.order = sync.OnceValue(d.sort)
	d.ranks = sync.OnceValue(func() []uint32 { return invert(d.order()) })
	return d
}

func (d *MemDict) sort() []uint32 {
	order := make([]uint32, len(d.ends))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int { return bytes.Compare(d.Value(a), d.Value(b)) })
	return order
}

// invert returns the inverse of a permutation.
func invert(p []uint32) []uint32 {
	out := make([]uint32, len(p))
	for i, v := range p {
		out[v] = uint32(i)
	}
	return out
}

// Len implements Dict.
func (d *MemDict) Len() int { return len(d.ends) }

// Value implements Dict.
func (d *MemDict) Value(ord uint32) []byte {
	lo := uint32(0)
	if ord > 0 {
		lo = d.ends[ord-1]
	}
	return d.data[lo:d.ends[ord]:d.ends[ord]]
}

// Lookup implements Dict by binary search over the order of the values.
func (d *MemDict) Lookup(value []byte) (uint32, bool) {
	order := d.order()
	i, ok := slices.BinarySearchFunc(order, value, func(ord uint32, v []byte) int { return bytes.Compare(d.Value(ord), v) })
	if !ok {
		return 0, false
	}
	return order[i], true
}

// Ranks implements Dict.
func (d *MemDict) Ranks() []uint32 { return d.ranks() }

// MemoryBytes is what the dictionary holds in memory, its order and ranks included.
func (d *MemDict) MemoryBytes() int64 { return int64(cap(d.data)) + int64(cap(d.ends))*12 }
