package column

import (
	"bytes"

	"github.com/cespare/xxhash/v2"
)

// DictBuilder collects distinct values and gives them ordinals in order of insertion.
type DictBuilder struct {
	maxBytes int
	data     []byte
	ends     []uint32
	table    []uint32 // ordinal+1 by hash, linear probing; its length is a power of two
}

// NewDictBuilder makes a builder for at most maxBytes bytes of distinct values.
func NewDictBuilder(maxBytes int) *DictBuilder {
	return &DictBuilder{maxBytes: maxBytes, table: make([]uint32, 64)}
}

// Len is the number of distinct values so far.
func (d *DictBuilder) Len() int { return len(d.ends) }

// Add returns the ordinal of a value, which it inserts if it is new. It fails when the value does not fit
// any more.
func (d *DictBuilder) Add(value []byte) (ord uint32, ok bool) {
	slot, found := d.find(value)
	if found {
		return d.table[slot] - 1, true
	}
	if len(d.data)+len(value) > d.maxBytes {
		return 0, false
	}
	ord = uint32(len(d.ends))
	d.data = append(d.data, value...)
	d.ends = append(d.ends, uint32(len(d.data)))
	d.table[slot] = ord + 1
	if len(d.ends)*2 > len(d.table) {
		d.rehash()
	}
	return ord, true
}

// Find returns the ordinal of a value that was added.
func (d *DictBuilder) Find(value []byte) (ord uint32, ok bool) {
	slot, found := d.find(value)
	if !found {
		return 0, false
	}
	return d.table[slot] - 1, true
}

// find returns the value's slot in the table, or the free one where it belongs.
func (d *DictBuilder) find(value []byte) (slot int, found bool) {
	mask := len(d.table) - 1
	for i := int(xxhash.Sum64(value)) & mask; ; i = (i + 1) & mask {
		ord := d.table[i]
		if ord == 0 {
			return i, false
		}
		if bytes.Equal(d.value(ord-1), value) {
			return i, true
		}
	}
}

func (d *DictBuilder) value(ord uint32) []byte {
	lo := uint32(0)
	if ord > 0 {
		lo = d.ends[ord-1]
	}
	return d.data[lo:d.ends[ord]]
}

func (d *DictBuilder) rehash() {
	d.table = make([]uint32, len(d.table)*2)
	mask := len(d.table) - 1
	for ord := range d.ends {
		i := int(xxhash.Sum64(d.value(uint32(ord)))) & mask
		for d.table[i] != 0 {
			i = (i + 1) & mask
		}
		d.table[i] = uint32(ord) + 1
	}
}

// Dict returns the values as a dictionary. The builder must not be added to afterwards.
func (d *DictBuilder) Dict() *MemDict { return newMemDict(d.data, d.ends) }

// AreIDs says whether all values are ids of one form, which a block of values in full keeps in half their length.
func (d *DictBuilder) AreIDs() bool {
	t := textValues{d.data, d.ends}
	if len(d.ends) == 0 {
		return false
	}
	form, ok := formOf(t)
	var packed []byte
	for i := 0; ok && i < len(d.ends); i++ {
		packed, ok = form.pack(packed[:0], d.value(uint32(i)))
	}
	return ok
}
