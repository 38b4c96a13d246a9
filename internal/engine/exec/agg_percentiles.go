package exec

import (
	"strconv"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/result"
)

// percentilesNode computes percentiles, or with ranks set the percentages that lie below values.
type percentilesNode struct {
	kind   string
	values *valuesNode
	points []float64
	ranks  bool
	keyed  bool
}

func compilePercentiles(c *compiler, b *agg.Percentiles, _ []*aggPlan) (aggNode, error) {
	v, err := c.numbersOf("percentiles", b.Field, b.Format, b.Missing)
	return withSketch(&percentilesNode{sketchKind(&b.Sketch, "percentiles"), v, b.Percents, false, !b.Unkeyed}, &b.Sketch), err
}

func compilePercentileRanks(c *compiler, b *agg.PercentileRanks, _ []*aggPlan) (aggNode, error) {
	v, err := c.numbersOf("percentile_ranks", b.Field, b.Format, b.Missing)
	return withSketch(&percentilesNode{sketchKind(&b.Sketch, "percentile_ranks"), v, b.Values, true, !b.Unkeyed}, &b.Sketch), err
}

func withSketch(n *percentilesNode, s *agg.Sketch) aggNode {
	if s.HDR {
		return &hdrNode{n, s.SignificantDigits}
	}
	return n
}

// sketchKind is the result's type as the client asked for it.
func sketchKind(s *agg.Sketch, name string) string {
	if s.HDR {
		return "hdr_" + name
	}
	return "tdigest_" + name
}

func (n *percentilesNode) collector(_ collectors, acct *account) collector {
	return &percentilesCollector{node: n, acct: acct, reader: valueReader{node: n.values}}
}

type percentilesCollector struct {
	node   *percentilesNode
	acct   *account
	reader valueReader
	state  []*quantiles // nil where a bucket has no values
}

func (p *percentilesCollector) bind(at *leafPlace) error {
	p.reader.bind(at.leaf)
	return nil
}

func (p *percentilesCollector) collect(d *docs) error {
	var err error
	if p.state, err = growBuckets(p.state, d.limit, p.acct, 8); err != nil {
		return err
	}
	values, buckets, err := p.reader.gather(d)
	if err != nil {
		return err
	}
	for i, v := range values {
		q := p.state[buckets[i]]
		if q == nil {
			if err := p.acct.grow(96); err != nil {
				return err
			}
			q = &quantiles{acct: p.acct}
			p.state[buckets[i]] = q
		}
		if err := q.add(v); err != nil {
			return err
		}
	}
	return nil
}

func (p *percentilesCollector) partial(bucket uint32) partial {
	sketch := &quantiles{acct: p.acct}
	if int(bucket) < len(p.state) && p.state[bucket] != nil {
		sketch = p.state[bucket]
	}
	out := &percentilesPartial{node: p.node, sketch: sketch}
	if p.node.values.field == nil && p.node.values.missing == nil {
		return &unmappedPartial{out}
	}
	return out
}

// sketch answers questions about a distribution.
type sketch interface {
	quantile(share float64) (float64, bool)
	rank(v float64) (float64, bool)
}

type percentilesPartial struct {
	node *percentilesNode
	sketch
}

func (p *percentilesPartial) merge(o partial) error {
	other := o.(*percentilesPartial).sketch
	if q, ok := p.sketch.(*quantiles); ok {
		return q.merge(other.(*quantiles))
	}
	return p.sketch.(*hdr).merge(other.(*hdr))
}

// value implements valued: the property is the percent.
func (p *percentilesPartial) value(property string) (float64, bool) {
	point, err := strconv.ParseFloat(property, 64)
	if err != nil {
		return 0, false
	}
	return p.at(point)
}

func (p *percentilesPartial) at(point float64) (float64, bool) {
	if p.node.ranks {
		share, ok := p.rank(point)
		return share * 100, ok
	}
	return p.quantile(point / 100)
}

// settle looks the percentiles up once, so that whoever reads a copy of the numbers finds them in their places.
func (p *percentilesPartial) settle() {
	for _, point := range p.node.points {
		p.at(point)
	}
}

func (p *percentilesPartial) result(r *reducer) (result.Agg, error) {
	out := &result.Percentiles{Kind: p.node.kind, Keyed: p.node.keyed}
	if r.pipelines {
		out.Distribution = keptPoints{p}
	}
	if p.node.values.printsStrings() && !p.node.ranks {
		out.Format = p.node.values.asString
	}
	for _, point := range p.node.points {
		one := result.Percentile{Percent: point}
		if v, ok := p.at(point); ok {
			one.Value = &v
			if out.Format != nil {
				one.AsString = out.Format(v)
			}
		}
		out.Points = append(out.Points, one)
	}
	return out, nil
}
