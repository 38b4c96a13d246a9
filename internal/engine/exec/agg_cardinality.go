package exec

import (
	"math"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"

	"github.com/cespare/xxhash/v2"
)

// cardinalityNode counts distinct values.
type cardinalityNode struct {
	field   *field // nil: the index does not have it
	limit   int    // distinct values that are counted exactly
	missing *uint64
}

func compileCardinality(c *compiler, b *agg.Cardinality, _ []*aggPlan) (aggNode, error) {
	f, err := c.valuesField(b.Field)
	if err != nil {
		return nil, err
	}
	n := &cardinalityNode{field: f, limit: b.PrecisionThreshold}
	if f.isConstant() { // every document has it
		hash := xxhash.Sum64String(f.constant)
		return &cardinalityNode{limit: b.PrecisionThreshold, missing: &hash}, nil
	}
	if b.Missing != nil {
		hash, err := n.hashOf(*b.Missing)
		if err != nil {
			return nil, err
		}
		n.missing = &hash
	}
	return n, nil
}

// hashOf is the hash that a value of the request would have in the field's column.
func (n *cardinalityNode) hashOf(v query.Value) (uint64, error) {
	if n.field == nil || n.field.class == classKeyword {
		return xxhash.Sum64String(v.Text), nil
	}
	if n.field.class == classIP {
		ip, err := parseIP(v.Text)
		b := ip.As16()
		return xxhash.Sum64(b[:]), err
	}
	t := &keySource{field: n.field, class: n.field.class}
	key, err := t.numberKey(v)
	return hashNumber(uint64(key)), err
}

// mix64 spreads the bits of a number (the finalizer of splitmix64).
func mix64(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// hashNumber spreads a number's bits; the constant keeps 0 from hashing to 0.
func hashNumber(x uint64) uint64 { return mix64(x + 0x9e3779b97f4a7c15) }

func (n *cardinalityNode) collector(_ collectors, acct *account) collector {
	return &cardinalityCollector{node: n, acct: acct}
}

type cardinalityCollector struct {
	node  *cardinalityNode
	acct  *account
	place leafPlace
	state []*distinct
	runs  []*distinctRun // of segments whose ordinals are noted
	col   *leafColumn
	// hashes of dictionary values by ordinal, 0 where not computed yet.
	hashes []uint64
}

func (c *cardinalityCollector) bind(at *leafPlace) error {
	c.place, c.col, c.hashes = *at, nil, nil
	if c.node.field != nil {
		c.col = at.leaf.column(c.node.field.view.column)
	}
	return nil
}

func (c *cardinalityCollector) collect(d *docs) error {
	var err error
	if c.state, err = growBuckets(c.state, d.limit, c.acct, 8); err != nil {
		return err
	}
	if c.col == nil {
		return c.collectMissing(d)
	}
	b, err := c.col.rows(d.block, d.rows)
	if err != nil {
		return err
	}
	if b.Kind == column.Ordinal {
		if d.buckets == nil && c.node.missing == nil {
			return c.collectRun(d, b)
		}
		if err := c.makeHashes(); err != nil {
			return err
		}
	}
	for i, r := range d.rows {
		lo, hi := b.Range(int(r))
		if (lo == hi || c.hidesAll(b, lo, hi)) && c.node.missing != nil {
			if err := c.add(d.bucket(i), *c.node.missing); err != nil {
				return err
			}
		}
		for ; lo < hi; lo++ {
			hash, hidden := c.hash(b, lo)
			if hidden {
				continue
			}
			if err := c.add(d.bucket(i), hash); err != nil {
				return err
			}
		}
	}
	return nil
}

// makeHashes makes room for the hashes of the segment's dictionary.
func (c *cardinalityCollector) makeHashes() error {
	if c.hashes != nil {
		return nil
	}
	n := c.col.dict.Len()
	if err := c.acct.grow(8 * n); err != nil {
		return err
	}
	c.hashes = make([]uint64, n)
	return nil
}

// hidesAll says whether the field sees none of some values.
func (c *cardinalityCollector) hidesAll(b *column.Block, lo, hi int) bool {
	view := &c.node.field.view
	return view.partial() && c.col.hidden(view, b, lo, hi)
}

func (c *cardinalityCollector) collectMissing(d *docs) error {
	if c.node.missing == nil {
		return nil
	}
	for i := range d.rows {
		if err := c.add(d.bucket(i), *c.node.missing); err != nil {
			return err
		}
	}
	return nil
}

// hash is that of value i of a block; hidden says that the field does not see the value.
func (c *cardinalityCollector) hash(b *column.Block, i int) (hash uint64, hidden bool) {
	switch b.Kind {
	case column.Int64:
		return hashNumber(uint64(b.Ints[i])), false
	case column.Float64:
		return hashNumber(math.Float64bits(b.Floats[i] + 0)), false
	case column.Ordinal:
		ord := b.Ords[i]
		if h := c.hashes[ord]; h != 0 {
			return h, false
		}
		v := c.col.dict.Value(ord)
		if v, ok := c.node.field.view.see(v); ok {
			c.hashes[ord] = xxhash.Sum64(v)
		} else {
			return 0, true
		}
		return c.hashes[ord], false
	}
	v, ok := c.node.field.view.see(b.Bytes(i))
	return xxhash.Sum64(v), !ok
}

func (c *cardinalityCollector) add(bucket uint32, hash uint64) error {
	if c.state[bucket] == nil {
		if err := c.acct.grow(80); err != nil {
			return err
		}
		c.state[bucket] = &distinct{acct: c.acct, limit: c.node.limit}
	}
	return c.state[bucket].add(hash)
}

func (c *cardinalityCollector) partial(bucket uint32) partial {
	p := &cardinalityPartial{distinct: &distinct{acct: c.acct, limit: c.node.limit}}
	if int(bucket) < len(c.state) && c.state[bucket] != nil {
		p.distinct = c.state[bucket]
	}
	if bucket == 0 {
		p.runs = c.runs
	}
	return p
}

type cardinalityPartial struct {
	*distinct
	runs []*distinctRun // ordinals whose values are not in distinct yet
}

func (p *cardinalityPartial) merge(o partial) error {
	other := o.(*cardinalityPartial)
	p.runs = mergeDistinctRuns(p.runs, other.runs)
	return p.distinct.merge(other.distinct)
}

func (p *cardinalityPartial) value(property string) (float64, bool) {
	if property != "" && property != "value" || p.settle() != nil {
		return 0, false
	}
	return float64(p.count()), true
}

func (p *cardinalityPartial) result(r *reducer) (result.Agg, error) {
	if err := p.settle(); err != nil {
		return nil, err
	}
	x := float64(p.count())
	out := &result.Metric{Kind: "cardinality", Value: &x, Integral: true}
	if r.pipelines {
		out.Distinct = keptDistinct{p.distinct}
	}
	return out, nil
}
