package exec

import (
	"slices"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/result"
)

// valueCountNode counts the values of a field of any type.
type valueCountNode struct {
	field   *field
	missing bool // documents without a value count as one
}

func compileValueCount(c *compiler, b *agg.ValueCount, _ []*aggPlan) (aggNode, error) {
	f, err := c.valuesField(b.Field)
	if f.isConstant() { // every document has it
		return &valueCountNode{nil, true}, err
	}
	return &valueCountNode{f, b.Missing != nil}, err
}

func (n *valueCountNode) collector(_ collectors, acct *account) collector {
	return &valueCountCollector{node: n, acct: acct}
}

type valueCountCollector struct {
	node   *valueCountNode
	acct   *account
	col    *leafColumn
	counts []int64
	seen   []string // values of the row at hand
}

func (v *valueCountCollector) bind(at *leafPlace) error {
	v.col = nil
	if v.node.field != nil {
		v.col = at.leaf.column(v.node.field.view.column)
	}
	return nil
}

func (v *valueCountCollector) collect(d *docs) error {
	var err error
	if v.counts, err = growBuckets(v.counts, d.limit, v.acct, 8); err != nil {
		return err
	}
	absent := int64(0)
	if v.node.missing {
		absent = 1
	}
	if v.col == nil {
		for i := range d.rows {
			v.counts[d.bucket(i)] += absent
		}
		return nil
	}
	if !v.node.field.view.partial() && v.col.everyRow(d.block) {
		for i := range d.rows {
			v.counts[d.bucket(i)]++
		}
		return nil
	}
	b, err := v.col.rows(d.block, d.rows)
	if err != nil {
		return err
	}
	for i, r := range d.rows {
		n := v.valuesAt(b, int(r))
		if n == 0 {
			n = absent
		}
		v.counts[d.bucket(i)] += n
	}
	return nil
}

// valuesAt counts the values of a row. Numbers count as often as they stand there; doc values hold a string or an address
// once per document.
func (v *valueCountCollector) valuesAt(b *column.Block, row int) int64 {
	lo, hi := b.Range(row)
	view := &v.node.field.view
	if b.Kind == column.Int64 || b.Kind == column.Float64 || hi-lo < 2 && !view.partial() {
		return int64(hi - lo)
	}
	v.seen = v.seen[:0]
	for ; lo < hi; lo++ {
		if text, ok := view.see(v.col.text(b, lo)); ok {
			v.seen = append(v.seen, string(text))
		}
	}
	slices.Sort(v.seen)
	return int64(len(slices.Compact(v.seen)))
}

func (v *valueCountCollector) partial(bucket uint32) partial {
	p := &countPartial{}
	if int(bucket) < len(v.counts) {
		p.count = v.counts[bucket]
	}
	return p
}

type countPartial struct{ count int64 }

func (p *countPartial) merge(o partial) error {
	p.count += o.(*countPartial).count
	return nil
}

func (p *countPartial) value(property string) (float64, bool) {
	return float64(p.count), property == "" || property == "value"
}

func (p *countPartial) result(*reducer) (result.Agg, error) {
	x := float64(p.count)
	return &result.Metric{Kind: "value_count", Value: &x, Integral: true}, nil
}
