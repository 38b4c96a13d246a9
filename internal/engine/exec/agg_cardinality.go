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
	t := &termsNode{field: n.field, class: n.field.class}
	key, err := t.numberKey(v)
	return hashNumber(uint64(key)), err
}

// hashNumber spreads a number's bits; the constant keeps 0 from hashing to 0.
func hashNumber(x uint64) uint64 { return mix64(x + 0x9e3779b97f4a7c15) }

func (n *cardinalityNode) collector(_ collectors, acct *account) collector {
	return &cardinalityCollector{node: n, acct: acct}
}

type cardinalityCollector struct {
	node  *cardinalityNode
	acct  *account
	state []*distinct
	col   *leafColumn
	// hashes of dictionary values by ordinal, 0 where not computed yet; seen are the ordinals that
	// bucket 0 has already, where it is the only one.
	hashes []uint64
	seen   column.Bitmap
}

func (c *cardinalityCollector) bind(at *leafPlace) error {
	c.col, c.hashes, c.seen = nil, nil, nil
	if c.node.field == nil {
		return nil
	}
	c.col = at.leaf.column(c.node.field.view.column)
	if c.col != nil && c.col.kind == column.Ordinal {
		n := c.col.dict.Len()
		if err := c.acct.grow(9 * n); err != nil {
			return err
		}
		c.hashes, c.seen = make([]uint64, n), column.NewBitmap(n)
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
	b, err := c.col.block(d.block)
	if err != nil {
		return err
	}
	for i, r := range d.rows {
		lo, hi := b.Range(int(r))
		if lo == hi && c.node.missing != nil {
			if err := c.add(d.bucket(i), *c.node.missing); err != nil {
				return err
			}
		}
		for ; lo < hi; lo++ {
			if c.seen != nil && d.buckets == nil {
				ord := int(b.Ords[lo])
				if c.seen.Has(ord) {
					continue
				}
				c.seen.Set(ord)
			}
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
		if c.node.field.view.hides(v) {
			return 0, true
		}
		c.hashes[ord] = xxhash.Sum64(c.node.field.view.normal(v))
		return c.hashes[ord], false
	}
	v := b.Bytes(i)
	return xxhash.Sum64(c.node.field.view.normal(v)), c.node.field.view.hides(v)
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
	p := &cardinalityPartial{&distinct{acct: c.acct, limit: c.node.limit}}
	if int(bucket) < len(c.state) && c.state[bucket] != nil {
		p.distinct = c.state[bucket]
	}
	return p
}

type cardinalityPartial struct{ *distinct }

func (p *cardinalityPartial) merge(o partial) error {
	return p.distinct.merge(o.(*cardinalityPartial).distinct)
}

func (p *cardinalityPartial) value(property string) (float64, bool) {
	return float64(p.count()), property == "" || property == "value"
}

func (p *cardinalityPartial) result(*reducer) (result.Agg, error) {
	x := float64(p.count())
	return &result.Metric{Kind: "cardinality", Value: &x, Integral: true}, nil
}
