package exec

import (
	"bytes"
	"math"
	"net/netip"

	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
)

// rangeTerms matches ranges that hold one of some values.
func (c *compiler) rangeTerms(f *field, values []query.Value, weight float64) (node, error) {
	var parts []node
	for _, v := range values {
		if v.IsNull() {
			continue
		}
		end := &query.Bound{Value: v, Inclusive: true}
		n, err := c.rangeRelation(f, &query.Range{Field: f.name, Lower: end, Upper: end})
		if err != nil {
			return nil, err
		}
		parts = append(parts, n)
	}
	if len(parts) == 0 {
		return noneNode{}, nil
	}
	return &constantNode{&boolNode{should: parts, least: 1, weight: 1}, weight}, nil
}

// rangeRelation matches ranges by how they lie to the one that is asked for: it and they have something in common
// (intersects), they lie inside it (within) or around it (contains).
func (c *compiler) rangeRelation(f *field, q *query.Range) (node, error) {
	lo, hi, err := c.rangeEnds(f, q)
	if err != nil || bytes.Compare(lo, hi) > 0 {
		return noneNode{}, err
	}
	ends := func(v []byte) (from, to []byte) { return v[:len(v)/2], v[len(v)/2:] }
	var match func(v []byte) bool
	switch q.Relation {
	case "", "intersects":
		match = func(v []byte) bool {
			from, to := ends(v)
			return bytes.Compare(from, hi) <= 0 && bytes.Compare(to, lo) >= 0
		}
	case "within":
		match = func(v []byte) bool {
			from, to := ends(v)
			return bytes.Compare(from, lo) >= 0 && bytes.Compare(to, hi) <= 0
		}
	case "contains":
		match = func(v []byte) bool {
			from, to := ends(v)
			return bytes.Compare(from, lo) <= 0 && bytes.Compare(to, hi) >= 0
		}
	default:
		return nil, eserr.QueryShard("[range] query does not support relation [%s]", q.Relation)
	}
	return &stringNode{view: f.view, test: stringTest{match: match}, weight: q.Weight()}, nil
}

// rangeEnds reads the bounds of a query as a range field has its ends: those that a query on a field of the ends'
// own type would look between.
func (c *compiler) rangeEnds(f *field, q *query.Range) (lo, hi []byte, err error) {
	if f.typed == mapping.IPRange {
		return networkEnds(q)
	}
	one := *f
	one.class, one.typed = map[mapping.Type]fieldClass{
		mapping.IntegerRange: classInt, mapping.LongRange: classInt, mapping.FloatRange: classFloat, mapping.DoubleRange: classFloat, mapping.DateRange: classDate,
	}[f.typed], map[mapping.Type]mapping.Type{mapping.FloatRange: mapping.Float}[f.typed]
	var n node
	switch one.class {
	case classInt:
		n, err = intRange(&one, q)
	case classFloat:
		n, err = floatRange(&one, q)
	default:
		n, err = c.dateRange(&one, q, 1)
	}
	if err != nil {
		return nil, nil, err
	}
	switch n := n.(type) {
	case *intRangeNode:
		return segment.RangeEnd(n.lo), segment.RangeEnd(n.hi), nil
	case *floatRangeNode:
		return segment.FloatEnd(n.lo), segment.FloatEnd(n.hi), nil
	}
	return segment.RangeEnd(math.MaxInt64), segment.RangeEnd(math.MinInt64), nil // between them is nothing
}

// networkEnds reads addresses; a network stands for all of its own.
func networkEnds(q *query.Range) (lo, hi []byte, err error) {
	if q.Lower != nil && q.Lower == q.Upper {
		if p, err := netip.ParsePrefix(q.Lower.Value.Text); err == nil {
			lo, hi = segment.NetworkEnds(p)
			return lo, hi, nil
		}
	}
	n, err := ipRange(&field{}, q)
	if r, ok := n.(*fixedRangesNode); ok && err == nil {
		return r.ranges[0].lo[:], r.ranges[0].hi[:], nil
	}
	return []byte{1}, []byte{0}, err
}
