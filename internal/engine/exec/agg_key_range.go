package exec

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
)

// rangeKeyer hands out keys for the intervals that ranges overlap: a document counts in each of them, once.
type rangeKeyer struct {
	keyBuffer
	column string
	acct   *account
	// span says which intervals a range overlaps, as the numbers of the first and the last; ok is false for none.
	span func(from, to []byte) (first, last int64, ok bool)
	// next is the interval after one.
	next func(interval int64) int64
	// most bounds the intervals of one range.
	most int

	ids    map[int64]uint32
	values []int64 // by key
	col    *leafColumn
	found  []uint32
}

func newRangeKeyer(column string, acct *account, most int) *rangeKeyer {
	if most == 0 {
		most = defaultMaxBuckets
	}
	return &rangeKeyer{keyBuffer: keyBuffer{missing: noKey}, column: column, acct: acct, most: most, ids: map[int64]uint32{}}
}

func (k *rangeKeyer) limit() int { return len(k.values) }

func (k *rangeKeyer) bind(l *leaf) error {
	k.col = l.column(k.column)
	return nil
}

func (k *rangeKeyer) keys(d *docs) (keyed, error) {
	if k.col == nil {
		return keyed{}, nil
	}
	b, err := k.col.rows(d.block, d.rows)
	if err != nil {
		return keyed{}, err
	}
	return k.several(d, k.acct, func(row int) ([]uint32, error) {
		err := k.intervals(b, row)
		return k.found, err
	})
}

// intervals lists the keys of the intervals that the ranges of a row overlap.
func (k *rangeKeyer) intervals(b *column.Block, row int) error {
	k.found = k.found[:0]
	for lo, hi := b.Range(row); lo < hi; lo++ {
		v := k.col.text(b, lo)
		first, last, ok := k.span(v[:len(v)/2], v[len(v)/2:])
		if !ok {
			continue
		}
		n := 0
		for at := first; at <= last; at = k.next(at) {
			if n++; n > k.most {
				return eserr.TooManyBuckets(k.most)
			}
			key, err := k.intern(at)
			if err != nil {
				return err
			}
			k.found = append(k.found, key)
			if at == math.MaxInt64 {
				break
			}
		}
	}
	slices.Sort(k.found)
	k.found = slices.Compact(k.found)
	return nil
}

func (k *rangeKeyer) intern(interval int64) (uint32, error) {
	if key, ok := k.ids[interval]; ok {
		return key, nil
	}
	if err := k.acct.grow(40); err != nil {
		return 0, err
	}
	key := uint32(len(k.values))
	k.values, k.ids[interval] = append(k.values, interval), key
	return key, nil
}

// endInt is an end of a range of whole numbers or dates.
func endInt(end []byte) int64 { return int64(binary.BigEndian.Uint64(end) ^ 1<<63) }

// endFloat is an end of a range of numbers.
func endFloat(t mapping.Type, end []byte) float64 {
	if t == mapping.FloatRange || t == mapping.DoubleRange {
		return orderFloat(endInt(end))
	}
	return float64(endInt(end))
}

// rangeOf says whether a field holds ranges of one of some types.
func (f *field) rangeOf(types ...mapping.Type) bool {
	return f != nil && f.class == classRange && slices.Contains(types, f.typed)
}

// dateRangeKeyer makes the keyer of a date_histogram over ranges of dates.
func (n *dateHistogramNode) dateRangeKeyer(acct *account) *rangeKeyer {
	k := newRangeKeyer(n.field.view.column, acct, n.maxBuckets)
	k.next = n.rounding.Next
	k.span = func(from, to []byte) (first, last int64, ok bool) {
		lo, hi := max(endInt(from), n.hardMin), min(endInt(to), n.hardMax)
		if bytes.Compare(from, to) > 0 || lo > hi {
			return 0, 0, false
		}
		lo, hi = max(lo, -farMillis), min(hi, farMillis)
		return n.rounding.Round(lo), n.rounding.Round(hi), true
	}
	return k
}

// farMillis is a time beyond all calendars, to which open ends of ranges are cut: a year of eight digits.
const farMillis = 1 << 60

// numberRangeKeyer makes the keyer of a histogram over ranges of numbers.
func (n *histogramNode) numberRangeKeyer(acct *account) *rangeKeyer {
	f := n.values.field
	k := newRangeKeyer(f.view.column, acct, n.maxBuckets)
	k.next = func(interval int64) int64 { return interval + 1 }
	k.span = func(from, to []byte) (first, last int64, ok bool) {
		lo, hi := max(endFloat(f.typed, from), n.hardMin), min(endFloat(f.typed, to), n.hardMax)
		if lo > hi {
			return 0, 0, false
		}
		const far = 1 << 52 // intervals beyond are not counted exactly
		first, last = int64(max(n.intervals(lo), -far)), int64(min(n.intervals(hi), far))
		return first, last, first <= last
	}
	return k
}
