package exec

import "slices"

// grid numbers the buckets of an aggregation that makes a bucket per key: (parent's bucket, key) →
// bucket. Keys are dense numbers that the aggregation hands out itself.
//
// At the root, where there is one parent, the bucket is the key and nothing needs to be looked up.
type grid struct {
	acct *account
	root bool // so far all rows were in parent 0

	counts  []int64  // by bucket
	keys    []uint32 // by bucket; nil at the root
	parents []uint32 // by bucket; nil at the root
	// slots[parent][key] is the bucket plus 1, for keys below slotKeys; others are in table.
	slots [][]uint32
	table map[uint64]uint32

	byParent []int32 // first bucket of each parent in order; built by children
	order    []uint32
	out      []uint32
	scratch  scratch // out, and what the keyer has
}

// slotKeys bounds the keys that are looked up by position: 4 KB per parent.
const slotKeys = 1024

// bucketBytes is about what one bucket takes: count, key, parent and its place in slots or table, and later
// its part of the partial result.
const bucketBytes = 128

func newGrid(acct *account) *grid { return &grid{acct: acct, root: true} }

// collect counts keyed rows of a block into buckets and hands them on to what is collected in the buckets.
func (g *grid) collect(k keyed, keyLimit int, l *leaf, block int, subs collectors) error {
	w, err := l.weights(block)
	if err != nil {
		return err
	}
	buckets, err := g.assign(k, keyLimit, w)
	if err != nil {
		return err
	}
	if err := g.scratch.hold(g.acct, 2*cap(k.rows)+4*(cap(k.keys)+cap(k.parents)+cap(g.out))); err != nil {
		return err
	}
	return subs.collect(&docs{block: block, rows: k.rows, buckets: buckets, limit: g.len()})
}

// assign counts rows into buckets and returns the bucket of each. The result is good until the next
// call. keyLimit is above every key; w are the weights of the block's rows.
func (g *grid) assign(k keyed, keyLimit int, w weights) ([]uint32, error) {
	parents, keys := k.parents, k.keys
	if parents == nil && g.root {
		if err := g.growTo(keyLimit); err != nil {
			return nil, err
		}
		counts := g.counts
		if w != nil {
			for i, key := range keys {
				counts[key] += w[k.rows[i]]
			}
			return keys, nil
		}
		for _, key := range keys {
			counts[key]++
		}
		return keys, nil
	}
	if err := g.leaveRoot(); err != nil {
		return nil, err
	}
	g.out = slices.Grow(g.out[:0], len(keys))[:len(keys)]
	for i, key := range keys {
		parent := uint32(0)
		if parents != nil {
			parent = parents[i]
		}
		b := g.known(parent, key)
		if b == noKey {
			var err error
			if b, err = g.bucket(parent, key); err != nil {
				return nil, err
			}
		}
		if w == nil {
			g.counts[b]++
		} else {
			g.counts[b] += w[k.rows[i]]
		}
		g.out[i] = b
	}
	return g.out, nil
}

// known looks a bucket up by position; noKey says that it is not there. It is small enough for the
// compiler to put it into the loop.
func (g *grid) known(parent, key uint32) uint32 {
	if int(parent) < len(g.slots) {
		if slots := g.slots[parent]; int(key) < len(slots) {
			return slots[key] - 1 // 0 is free and becomes noKey
		}
	}
	return noKey
}

// growTo makes room for keys at the root.
func (g *grid) growTo(keyLimit int) error {
	more := keyLimit - len(g.counts)
	if more <= 0 {
		return nil
	}
	if err := g.acct.grow(more * bucketBytes); err != nil {
		return err
	}
	g.counts = append(g.counts, make([]int64, more)...)
	return nil
}

// leaveRoot changes to the general form when the first row of another parent comes.
func (g *grid) leaveRoot() error {
	if !g.root {
		return nil
	}
	g.root = false
	old := g.counts
	g.counts = nil
	for key, n := range old {
		b, err := g.bucket(0, uint32(key))
		if err != nil {
			return err
		}
		g.counts[b] = n
	}
	return nil
}

// bucket finds or makes the bucket of a key in a parent, outside the root form.
func (g *grid) bucket(parent, key uint32) (uint32, error) {
	if key < slotKeys {
		if int(parent) >= len(g.slots) {
			g.slots = append(g.slots, make([][]uint32, int(parent)+1-len(g.slots))...)
		}
		slots := g.slots[parent]
		if int(key) < len(slots) && slots[key] != 0 {
			return slots[key] - 1, nil
		}
		if int(key) >= len(slots) {
			size := min(max(int(key)+1, 2*len(slots), 8), slotKeys)
			if err := g.acct.grow(4 * (size - len(slots))); err != nil {
				return 0, err
			}
			slots = append(slots, make([]uint32, size-len(slots))...)
			g.slots[parent] = slots
		}
		b, err := g.add(parent, key)
		slots[key] = b + 1
		return b, err
	}
	at := uint64(parent)<<32 | uint64(key)
	if b, ok := g.table[at]; ok {
		return b, nil
	}
	if g.table == nil {
		g.table = map[uint64]uint32{}
	}
	b, err := g.add(parent, key)
	g.table[at] = b
	return b, err
}

func (g *grid) add(parent, key uint32) (uint32, error) {
	if err := g.acct.grow(bucketBytes); err != nil {
		return 0, err
	}
	g.counts = append(g.counts, 0)
	g.keys = append(g.keys, key)
	g.parents = append(g.parents, parent)
	return uint32(len(g.counts) - 1), nil
}

// len is above every bucket.
func (g *grid) len() int { return len(g.counts) }

// children calls fn for the buckets of a parent that have rows, in order of bucket.
func (g *grid) children(parent uint32, fn func(key, bucket uint32, count int64)) {
	if g.root {
		if parent != 0 {
			return
		}
		for key, n := range g.counts {
			if n > 0 {
				fn(uint32(key), uint32(key), n)
			}
		}
		return
	}
	g.sortByParent()
	if int(parent)+1 >= len(g.byParent) {
		return
	}
	for _, b := range g.order[g.byParent[parent]:g.byParent[parent+1]] {
		if g.counts[b] > 0 {
			fn(g.keys[b], b, g.counts[b])
		}
	}
}

// sortByParent lists the buckets parent by parent, once collecting is over.
func (g *grid) sortByParent() {
	if len(g.order) == len(g.parents) {
		return
	}
	parents := 0
	for _, p := range g.parents {
		parents = max(parents, int(p)+1)
	}
	g.byParent = make([]int32, parents+1)
	for _, p := range g.parents {
		g.byParent[p+1]++
	}
	for i := range parents {
		g.byParent[i+1] += g.byParent[i]
	}
	next := slices.Clone(g.byParent)
	g.order = make([]uint32, len(g.parents))
	for b, p := range g.parents {
		g.order[next[p]] = uint32(b)
		next[p]++
	}
}
