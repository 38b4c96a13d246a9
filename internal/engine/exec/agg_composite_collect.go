package exec

import (
	"bytes"
	"slices"
)

// compositeCollector keeps the first keys after a given one. What cannot be among them any more is turned away: by its
// first value alone where that tells, and by whole blocks where their bounds do. Keys that were good once and no longer are
// get thrown out when there are too many.
type compositeCollector struct {
	node  *compositeNode
	subs  collectors
	acct  *account
	parts []*boundPart
	tuple []*tuplePart
	join  tupleJoin
	leaf  *leaf

	table   *tupleTable
	buckets []uint32 // by tuple
	counts  []int64  // by bucket

	// top is the last of the keys that may still be among the first ones, nil while there are not enough; topFirst is
	// the part of it that is the first source's.
	top, topFirst []byte
	// verdicts say by key of the first source whether it decides.
	verdicts []firstVerdict
	scratch  []byte

	rows []uint16
	out  []uint32
}

// firstVerdict is what the first value of a key tells of it.
type firstVerdict uint8

const (
	firstUnknown firstVerdict = iota
	firstOut                  // not on the page
	firstIn                   // on the page so far, whatever the other values
	firstOpen                 // the other values decide
)

// spareTuples is how many keys beyond the page are kept before some are thrown out.
var spareTuples = 8192 // tests make it smaller

func (n *compositeNode) collector(subs collectors, acct *account) collector {
	c := &compositeCollector{node: n, subs: subs, acct: acct, table: newTupleTable(len(n.sources), acct)}
	for i := range n.sources {
		p := n.sources[i].part(n.values[i], acct)
		c.parts, c.tuple = append(c.parts, p), append(c.tuple, p.tuplePart)
		c.join.keyers = append(c.join.keyers, p.keyer)
	}
	return c
}

func (c *compositeCollector) bind(at *leafPlace) error {
	c.leaf = at.leaf
	for _, p := range c.parts {
		if err := p.bind(at.leaf); err != nil {
			return err
		}
	}
	return c.subs.bind(at)
}

func (c *compositeCollector) collect(d *docs) error {
	if c.node.unmapped() || c.skips(d.block) {
		return nil
	}
	w, err := c.leaf.weights(d.block)
	if err != nil {
		return err
	}
	c.rows, c.out = c.rows[:0], c.out[:0]
	err = c.join.each(d, func(place int, key []uint32) error {
		bucket, err := c.bucket(key)
		if err != nil || bucket == noKey {
			return err
		}
		row := d.rows[place]
		c.counts[bucket] += w.of(row)
		c.rows, c.out = append(c.rows, row), append(c.out, bucket)
		return nil
	})
	if err != nil || len(c.rows) == 0 {
		return err
	}
	if err := c.subs.collect(&docs{block: d.block, rows: c.rows, buckets: c.out, limit: len(c.counts)}); err != nil {
		return err
	}
	if c.table.len() > 2*c.node.body.Size+spareTuples {
		return c.shrink()
	}
	return nil
}

// skips says that no key of a block can be on the page.
func (c *compositeCollector) skips(block int) bool {
	first := c.parts[0]
	if first.span == nil || c.topFirst == nil && c.node.afterFirst == nil {
		return false
	}
	lo, hi := first.span(c.leaf, block)
	if lo == nil {
		return false
	}
	return c.topFirst != nil && bytes.Compare(lo, c.topFirst) > 0 || bytes.Compare(hi, c.node.afterFirst) < 0
}

// bucket finds or makes the bucket of a key; noKey says that it is not on the page.
func (c *compositeCollector) bucket(key []uint32) (uint32, error) {
	verdict := firstIn
	if c.top != nil || c.node.after != nil {
		var err error
		if verdict, err = c.first(key[0]); err != nil || verdict == firstOut {
			return noKey, err
		}
	}
	id, slot := c.table.find(key)
	if id != noKey {
		return c.buckets[id], nil
	}
	if verdict == firstOpen {
		form, err := forms(c.scratch[:0], c.tuple, key)
		c.scratch = form
		if err != nil || c.node.after != nil && bytes.Compare(form, c.node.after) <= 0 || c.top != nil && bytes.Compare(form, c.top) > 0 {
			return noKey, err
		}
	}
	if _, err := c.table.add(key, slot); err != nil {
		return 0, err
	}
	if err := c.acct.grow(bucketBytes); err != nil {
		return 0, err
	}
	c.buckets, c.counts = append(c.buckets, uint32(len(c.counts))), append(c.counts, 0)
	return uint32(len(c.counts) - 1), nil
}

// first decides by the first value of a key.
func (c *compositeCollector) first(key uint32) (firstVerdict, error) {
	if int(key) < len(c.verdicts) && c.verdicts[key] != firstUnknown {
		return c.verdicts[key], nil
	}
	if n := c.parts[0].keyer.limit(); len(c.verdicts) < n {
		c.verdicts = append(c.verdicts, make([]firstVerdict, n-len(c.verdicts))...)
	}
	form, err := c.parts[0].form(key)
	if err != nil {
		return firstOut, err
	}
	verdict := firstIn
	if after := c.node.afterFirst; after != nil {
		verdict = against(bytes.Compare(after, form))
	}
	if c.topFirst != nil {
		verdict = worst(verdict, against(bytes.Compare(form, c.topFirst)))
	}
	c.verdicts[key] = verdict
	return verdict, nil
}

// against is the verdict on one side: below the bound, at it, beyond it.
func against(order int) firstVerdict {
	switch {
	case order < 0:
		return firstIn
	case order == 0:
		return firstOpen
	}
	return firstOut
}

func worst(a, b firstVerdict) firstVerdict {
	switch {
	case a == firstOut || b == firstOut:
		return firstOut
	case a == firstOpen:
		return a
	}
	return b
}

// shrink keeps the first keys, as many as a page has, and forgets the others. What is inside the buckets of those stays
// where it is, for nothing can take it out there; their counts do too, so that no bucket gets a number twice.
func (c *compositeCollector) shrink() error {
	size := c.node.body.Size
	type written struct {
		id   uint32
		form []byte
	}
	list := make([]written, c.table.len())
	bytesUsed := 0
	for id := range list {
		if err := c.acct.stopAt(id); err != nil {
			return err
		}
		form, err := forms(nil, c.tuple, c.table.tuple(uint32(id)))
		if err != nil {
			return err
		}
		bytesUsed += len(form) + 40
		list[id] = written{uint32(id), form}
	}
	if err := c.acct.grow(bytesUsed); err != nil {
		return err
	}
	defer c.acct.shrink(bytesUsed)
	slices.SortFunc(list, func(a, b written) int { return bytes.Compare(a.form, b.form) })
	keep, buckets := make([]uint32, size), make([]uint32, size)
	for i := range keep {
		keep[i], buckets[i] = list[i].id, c.buckets[list[i].id]
	}
	c.acct.shrink((len(list) - size) * (4*c.table.width + 8))
	c.table.keep(keep)
	c.buckets = buckets
	if len(c.subs) == 0 {
		c.renumber()
	}
	c.top = list[size-1].form
	c.topFirst = []byte(c.node.firstForm(string(c.top)))
	clear(c.verdicts)
	return nil
}

// renumber gives the buckets that are left the numbers from 0 on: nothing outside knows them.
func (c *compositeCollector) renumber() {
	counts := make([]int64, len(c.buckets))
	for i, b := range c.buckets {
		counts[i], c.buckets[i] = c.counts[b], uint32(i)
	}
	c.acct.shrink((len(c.counts) - len(counts)) * bucketBytes)
	c.counts = counts
}

func (c *compositeCollector) partial(parent uint32) partial {
	p := &compositePartial{node: c.node, bucketList: bucketList{acct: c.acct, textKeys: true}}
	if c.node.unmapped() {
		return &unmappedPartial{p}
	}
	if parent != 0 { // it stands in single buckets only
		return p
	}
	for id := range c.buckets {
		form, err := forms(nil, c.tuple, c.table.tuple(uint32(id)))
		if err != nil && p.failed == nil {
			p.failed = err
		}
		p.list = append(p.list, bucketPart{str: string(form), count: c.counts[c.buckets[id]], subs: c.subs.partials(c.buckets[id])})
	}
	slices.SortFunc(p.list, func(a, b bucketPart) int { return compareTexts(&a, &b) })
	return p
}
