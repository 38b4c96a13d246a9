package exec

import (
	"math"

	"elkhorn/internal/engine/column"
)

// numberKeyer hands out keys for numbers: the values of an Int64 column, or the bits of a Float64
// column's.
type numberKeyer struct {
	keyBuffer
	column string
	accept func(value int64) bool // include and exclude; nil accepts all
	acct   *account
	// divisor, where it is not 0, makes keys of what values are when divided by it: milliseconds of nanoseconds.
	divisor int64

	ids    map[int64]uint32 // value → key, or noKey where it was refused
	values []int64          // by key

	col *leafColumn
	// small maps value-base to key plus remapShift where a segment's values lie close together.
	small []uint32
	base  int64
}

// smallSpan is the widest range of values that is mapped by position: 256 KB, which stays in cache.
const smallSpan = 1 << 16

func newNumberKeyer(column string, accept func(int64) bool, acct *account) *numberKeyer {
	return &numberKeyer{keyBuffer: keyBuffer{missing: noKey}, column: column, accept: accept, acct: acct, ids: map[int64]uint32{}}
}

func (k *numberKeyer) limit() int { return len(k.values) }

func (k *numberKeyer) bind(l *leaf) error {
	k.col, k.small = l.column(k.column), nil
	if k.col == nil || k.col.kind != column.Int64 || k.divisor != 0 {
		return nil
	}
	lo, hi := int64(math.MaxInt64), int64(math.MinInt64)
	for block := range l.blocks {
		if s := k.col.col.Stats(block); s.HasValues {
			lo, hi = min(lo, s.MinInt), max(hi, s.MaxInt)
		}
	}
	if lo <= hi && uint64(hi)-uint64(lo) < smallSpan {
		k.base, k.small = lo, make([]uint32, hi-lo+1)
	}
	return nil
}

func (k *numberKeyer) keys(d *docs) (keyed, error) {
	if k.col == nil {
		return k.absent(d), nil
	}
	b, err := k.col.rows(d.block, d.rows)
	if err != nil {
		return keyed{}, err
	}
	switch {
	case b.Kind == column.Float64:
		return gather(&k.keyBuffer, d, b, floatLookup{k, b.Floats})
	case k.divisor != 0:
		return gather(&k.keyBuffer, d, b, dividedLookup{k, b.Ints})
	case k.small != nil:
		return gather(&k.keyBuffer, d, b, smallLookup{k, b.Ints})
	}
	return gather(&k.keyBuffer, d, b, intLookup{k, b.Ints})
}

type smallLookup struct {
	k    *numberKeyer
	ints []int64
}

func (l smallLookup) keyAt(i int) (uint32, error) {
	at := l.ints[i] - l.k.base
	if key := l.k.small[at]; key != 0 {
		return key - remapShift, nil
	}
	key, err := l.k.intern(l.ints[i])
	l.k.small[at] = key + remapShift
	return key, err
}

type dividedLookup struct {
	k    *numberKeyer
	ints []int64
}

func (l dividedLookup) keyAt(i int) (uint32, error) {
	return l.k.intern(floorDiv(l.ints[i], l.k.divisor))
}

type intLookup struct {
	k    *numberKeyer
	ints []int64
}

func (l intLookup) keyAt(i int) (uint32, error) { return l.k.intern(l.ints[i]) }

type floatLookup struct {
	k      *numberKeyer
	floats []float64
}

func (l floatLookup) keyAt(i int) (uint32, error) {
	return l.k.intern(int64(math.Float64bits(l.floats[i] + 0))) // adding 0 makes -0 into 0
}

// intern returns the key of a value.
func (k *numberKeyer) intern(value int64) (uint32, error) {
	if key, ok := k.ids[value]; ok {
		return key, nil
	}
	if err := k.acct.grow(40); err != nil {
		return 0, err
	}
	key := noKey
	if k.accept == nil || k.accept(value) {
		key = uint32(len(k.values))
		k.values = append(k.values, value)
	}
	k.ids[value] = key
	return key, nil
}

// internAll makes keys for every value of the segment, for buckets without documents.
func (k *numberKeyer) internAll() error {
	if k.col == nil {
		return nil
	}
	return eachValue(k.col, func(b *column.Block, i int) error {
		v := int64(0)
		if b.Kind == column.Float64 {
			v = int64(math.Float64bits(b.Floats[i] + 0))
		} else {
			v = b.Ints[i]
			if k.divisor != 0 {
				v = floorDiv(v, k.divisor)
			}
		}
		_, err := k.intern(v)
		return err
	})
}
