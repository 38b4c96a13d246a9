package exec

import (
	"math"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/result"
)

// statsNode computes avg, min, max, sum, stats and extended_stats: they share their state.
type statsNode struct {
	kind   string
	values *valuesNode
	sigma  float64
}

func compileAvg(c *compiler, b *agg.Avg, _ []*aggPlan) (aggNode, error) {
	return c.stats("avg", &b.Source, 0)
}

func compileMin(c *compiler, b *agg.Min, _ []*aggPlan) (aggNode, error) {
	return c.stats("min", &b.Source, 0)
}

func compileMax(c *compiler, b *agg.Max, _ []*aggPlan) (aggNode, error) {
	return c.stats("max", &b.Source, 0)
}

func compileSum(c *compiler, b *agg.Sum, _ []*aggPlan) (aggNode, error) {
	return c.stats("sum", &b.Source, 0)
}

func compileStats(c *compiler, b *agg.Stats, _ []*aggPlan) (aggNode, error) {
	return c.stats("stats", &b.Source, 0)
}

func compileExtendedStats(c *compiler, b *agg.ExtendedStats, _ []*aggPlan) (aggNode, error) {
	return c.stats("extended_stats", &b.Source, b.Sigma)
}

func (c *compiler) stats(kind string, s *agg.Source, sigma float64) (aggNode, error) {
	v, err := c.numbersOf(kind, s.Field, s.Format, s.Missing)
	return &statsNode{kind, v, sigma}, err
}

func (n *statsNode) collector(_ collectors, acct *account) collector {
	return &statsCollector{node: n, acct: acct, reader: valueReader{node: n.values}}
}

// moments are the running figures of one bucket. Sums are compensated (Kahan), as Elasticsearch's are.
type moments struct {
	count      int64
	min, max   float64
	sum, lost  float64
	squares    float64
	lostSquare float64
}

const momentsBytes = 56

func (m *moments) add(v float64) {
	if m.count == 0 {
		m.min, m.max = v, v
	}
	m.count++
	m.min, m.max = min(m.min, v), max(m.max, v)
	m.sum, m.lost = kahan(m.sum, m.lost, v)
}

// momentsOf sums up one block's values in four lanes, so that an addition does not wait for the one
// before; only blocks are added with compensation. There is at least one value.
func momentsOf(values []float64) *moments {
	m := &moments{count: int64(len(values)), min: values[0], max: values[0]}
	lo, hi := values[0], values[0]
	for _, v := range values {
		if v < lo {
			lo = v
		}
		if v > hi {
			hi = v
		}
	}
	m.min, m.max = lo, hi
	var a, b, c, d float64
	for len(values) >= 4 {
		a += values[0]
		b += values[1]
		c += values[2]
		d += values[3]
		values = values[4:]
	}
	for _, v := range values {
		a += v
	}
	m.sum = (a + b) + (c + d)
	return m
}

// kahan adds v to a sum and the error that it carries.
func kahan(sum, lost, v float64) (newSum, newLost float64) {
	if math.IsInf(v, 0) || math.IsNaN(v) || math.IsInf(sum, 0) {
		return sum + v, 0
	}
	y := v + lost
	t := sum + y
	return t, y - (t - sum)
}

func (m *moments) merge(o *moments) {
	if o.count == 0 {
		return
	}
	if m.count == 0 {
		*m = *o
		return
	}
	m.count += o.count
	m.min, m.max = min(m.min, o.min), max(m.max, o.max)
	m.sum, m.lost = kahan(m.sum, m.lost+o.lost, o.sum)
	m.squares, m.lostSquare = kahan(m.squares, m.lostSquare+o.lostSquare, o.squares)
}

type statsCollector struct {
	node   *statsNode
	acct   *account
	reader valueReader
	state  []moments
}

func (s *statsCollector) bind(at *leafPlace) error {
	s.reader.bind(at.leaf)
	return nil
}

func (s *statsCollector) collect(d *docs) error {
	var err error
	if s.state, err = growBuckets(s.state, d.limit, s.acct, momentsBytes); err != nil {
		return err
	}
	values, buckets, err := s.reader.gather(d)
	if err != nil {
		return err
	}
	if d.buckets == nil {
		if len(values) > 0 {
			s.state[0].merge(momentsOf(values))
		}
	} else {
		for i, v := range values {
			s.state[buckets[i]].add(v)
		}
	}
	if s.node.kind == "extended_stats" {
		for i, v := range values {
			m := &s.state[buckets[i]]
			m.squares, m.lostSquare = kahan(m.squares, m.lostSquare, v*v)
		}
	}
	return nil
}

func (s *statsCollector) partial(bucket uint32) partial {
	p := &statsPartial{node: s.node}
	if int(bucket) < len(s.state) {
		p.moments = s.state[bucket]
	}
	if s.node.values.field == nil && s.node.values.missing == nil {
		return &unmappedPartial{p}
	}
	return p
}

type statsPartial struct {
	moments
	node *statsNode
}

func (p *statsPartial) merge(o partial) error {
	p.moments.merge(&o.(*statsPartial).moments)
	return nil
}

// value implements valued.
func (p *statsPartial) value(property string) (float64, bool) {
	if property == "" || property == "value" {
		property = p.node.kind
	}
	mean := p.sum / float64(p.count)
	variance := p.variance(float64(p.count))
	switch property {
	case "count":
		return float64(p.count), true
	case "sum":
		return p.sum, true
	case "avg":
		return mean, p.count > 0
	case "min":
		return p.moments.min, p.count > 0
	case "max":
		return p.moments.max, p.count > 0
	case "sum_of_squares":
		return p.squares, true
	case "variance", "variance_population":
		return variance, p.count > 0
	case "std_deviation", "std_deviation_population":
		return math.Sqrt(variance), p.count > 0
	case "variance_sampling":
		return p.variance(float64(p.count - 1)), p.count > 1
	case "std_deviation_sampling":
		return math.Sqrt(p.variance(float64(p.count - 1))), p.count > 1
	case "std_upper":
		return mean + p.node.sigma*math.Sqrt(variance), p.count > 0
	case "std_lower":
		return mean - p.node.sigma*math.Sqrt(variance), p.count > 0
	}
	return 0, false
}

// variance divides the sum of squared distances from the mean; rounding never makes it negative.
func (p *statsPartial) variance(by float64) float64 {
	return max((p.squares-p.sum*p.sum/float64(p.count))/by, 0)
}

func (p *statsPartial) result(*reducer) (result.Agg, error) {
	v := p.node.values
	switch p.node.kind {
	case "stats", "extended_stats":
		s := &result.Stats{Count: p.count, Min: p.moments.min, Max: p.moments.max, Sum: p.sum}
		if v.printsStrings() {
			s.Format = v.asString
		}
		if p.node.kind == "extended_stats" {
			s.Extended = p.extended()
		}
		return s, nil
	}
	m := &result.Metric{Kind: p.node.kind}
	if x, ok := p.value(""); ok {
		m.Value, m.AsString = &x, v.asString(x)
	}
	return m, nil
}

func (p *statsPartial) extended() *result.Moments {
	m := &result.Moments{SumOfSquares: p.squares, Sigma: p.node.sigma}
	for _, item := range []struct {
		property string
		to       **float64
	}{
		{"variance", &m.Variance}, {"variance_population", &m.VariancePopulation}, {"variance_sampling", &m.VarianceSampling},
		{"std_deviation", &m.StdDev}, {"std_deviation_population", &m.StdDevPopulation}, {"std_deviation_sampling", &m.StdDevSampling},
	} {
		x, ok := p.value(item.property)
		switch {
		case ok:
			*item.to = &x
		case p.count > 0: // one value has no sample
			nan := math.NaN()
			*item.to = &nan
		}
	}
	return m
}
