package exec

import (
	"slices"

	"elkhorn/internal/engine/column"
)

// keyed are rows with the key of the bucket they belong to; a row stands here once per distinct key.
type keyed struct {
	rows    []uint16
	parents []uint32 // nil: all in parent 0
	keys    []uint32
}

// noKey marks a value that makes no bucket.
const noKey = ^uint32(0)

// keyer turns the values of rows into dense keys. It keeps its keys over all segments of one worker
// and index.
type keyer interface {
	bind(l *leaf) error
	// keys is good until the next call.
	keys(d *docs) (keyed, error)
	// limit is above every key.
	limit() int
}

// keyBuffer collects keyed rows for keyers.
type keyBuffer struct {
	out     keyed
	valued  docs   // those of the documents that have a value
	missing uint32 // key of documents without a value, or noKey
	// hidden says that a row has only values that the field does not see; nil: there are none such.
	hidden func(b *column.Block, lo, hi int) bool
}

// absent gives all rows the key of missing values.
func (k *keyBuffer) absent(d *docs) keyed {
	k.out.keys = k.out.keys[:0]
	if k.missing == noKey {
		return keyed{}
	}
	for range d.rows {
		k.out.keys = append(k.out.keys, k.missing)
	}
	return keyed{d.rows, d.buckets, k.out.keys}
}

// gather makes keyed rows of the values of a block. Lists give a row once per distinct key.
func gather[L keyLookup](k *keyBuffer, d *docs, b *column.Block, look L) (keyed, error) {
	if b.Offsets == nil && (b.Present == nil && k.hidden == nil || k.missing == noKey) {
		if b.Present != nil {
			d = k.valued.only(d, b.Present)
		}
		keys := slices.Grow(k.out.keys[:0], len(d.rows))[:len(d.rows)]
		skipped := false
		for i, r := range d.rows {
			key, err := look.keyAt(int(r))
			if err != nil {
				return keyed{}, err
			}
			keys[i] = key
			skipped = skipped || key == noKey
		}
		k.out.keys = keys
		if !skipped {
			return keyed{d.rows, d.buckets, keys}, nil
		}
		return k.dropSkipped(d), nil
	}
	return gatherSome(k, d, b, look)
}

// keyLookup finds the key of the value at a position of the block it was made for.
type keyLookup interface {
	keyAt(i int) (uint32, error)
}

// dropSkipped takes the rows with noKey out.
func (k *keyBuffer) dropSkipped(d *docs) keyed {
	rows, keys := k.out.rows[:0], k.out.keys
	parents := k.out.parents[:0]
	n := 0
	for i, key := range keys {
		if key == noKey {
			continue
		}
		keys[n] = key
		n++
		rows = append(rows, d.rows[i])
		if d.buckets != nil {
			parents = append(parents, d.buckets[i])
		}
	}
	k.out.rows, k.out.parents, k.out.keys = rows, parents, keys[:n]
	return k.result(d)
}

// gatherSome is gather for lists, and for columns in which rows lack a value that then have a key too.
func gatherSome[L keyLookup](k *keyBuffer, d *docs, b *column.Block, look L) (keyed, error) {
	rows, keys, parents := k.out.rows[:0], k.out.keys[:0], k.out.parents[:0]
	for i, r := range d.rows {
		lo, hi := b.Range(int(r))
		first, last, start := lo, hi, len(keys)
		for ; lo < hi; lo++ {
			key, err := look.keyAt(lo)
			if err != nil {
				return keyed{}, err
			}
			if key != noKey {
				keys = append(keys, key)
			}
		}
		if len(keys)-start > 1 {
			slices.Sort(keys[start:])
			keys = keys[:start+len(slices.Compact(keys[start:]))]
		}
		if len(keys) == start && k.missing != noKey && (first == last || k.hidden != nil && k.hidden(b, first, last)) {
			keys = append(keys, k.missing)
		}
		for range len(keys) - start {
			rows = append(rows, r)
			if d.buckets != nil {
				parents = append(parents, d.buckets[i])
			}
		}
	}
	k.out.rows, k.out.keys, k.out.parents = rows, keys, parents
	return k.result(d), nil
}

// several gives each row all the keys that are found for it, which are distinct and good until the next row.
func (k *keyBuffer) several(d *docs, acct *account, find func(row int) ([]uint32, error)) (keyed, error) {
	rows, keys, parents := k.out.rows[:0], k.out.keys[:0], k.out.parents[:0]
	for i, r := range d.rows {
		if err := acct.stopAt(i); err != nil {
			return keyed{}, err
		}
		found, err := find(int(r))
		if err != nil {
			return keyed{}, err
		}
		for _, key := range found {
			rows, keys = append(rows, r), append(keys, key)
			if d.buckets != nil {
				parents = append(parents, d.buckets[i])
			}
		}
	}
	k.out.rows, k.out.keys, k.out.parents = rows, keys, parents
	return k.result(d), nil
}

func (k *keyBuffer) result(d *docs) keyed {
	out := k.out
	if d.buckets == nil {
		out.parents = nil
	}
	return out
}
