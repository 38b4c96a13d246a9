package exec

import (
	"github.com/axiomhq/hyperloglog"
)

// distinct counts distinct hashes: exactly up to a limit, then by HyperLogLog with 2^14 registers
// (standard error 0.81 %).
type distinct struct {
	acct  *account
	limit int
	table []uint64 // open addressing, 0 is free; its length is a power of two
	n     int
	zero  bool // the hash 0 was seen
	hll   *hyperloglog.Sketch
}

// hllBytes is a sketch with all registers.
const hllBytes = 1<<14 + 64

// add takes in a hash.
func (d *distinct) add(hash uint64) error {
	switch {
	case d.hll != nil:
		d.hll.InsertHash(hash)
		return nil
	case hash == 0:
		d.zero = true
		return nil
	}
	if 2*d.n >= len(d.table) {
		if err := d.widen(); err != nil {
			return err
		}
	}
	mask := uint64(len(d.table) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		switch d.table[at] {
		case hash:
			return nil
		case 0:
			d.table[at] = hash
			if d.n++; d.n > d.limit {
				return d.toSketch()
			}
			return nil
		}
	}
}

func (d *distinct) widen() error {
	size := max(2*len(d.table), 16)
	if err := d.acct.grow(8 * (size - len(d.table))); err != nil {
		return err
	}
	old := d.table
	d.table = make([]uint64, size)
	mask := uint64(size - 1)
	for _, hash := range old {
		if hash == 0 {
			continue
		}
		at := hash & mask
		for d.table[at] != 0 {
			at = (at + 1) & mask
		}
		d.table[at] = hash
	}
	return nil
}

func (d *distinct) toSketch() error {
	if err := d.acct.grow(hllBytes); err != nil {
		return err
	}
	sketch := hyperloglog.NewNoSparse() // past the limit there is little that a sparse one could still save
	err := d.each(func(hash uint64) error {
		sketch.InsertHash(hash)
		return nil
	})
	d.hll, d.table = sketch, nil
	return err
}

// each calls fn for every hash that is kept exactly, until it fails.
func (d *distinct) each(fn func(hash uint64) error) error {
	if d.zero {
		if err := fn(0); err != nil {
			return err
		}
	}
	for _, hash := range d.table {
		if hash != 0 {
			if err := fn(hash); err != nil {
				return err
			}
		}
	}
	return nil
}

// merge takes in the hashes of o.
func (d *distinct) merge(o *distinct) error {
	if o.hll == nil {
		return o.each(d.add)
	}
	if d.hll == nil {
		if err := d.toSketch(); err != nil {
			return err
		}
	}
	return d.hll.Merge(o.hll)
}

// count is the number of distinct hashes.
func (d *distinct) count() int64 {
	if d.hll != nil {
		return int64(d.hll.Estimate())
	}
	n := int64(d.n)
	if d.zero {
		n++
	}
	return n
}
