package exec

import (
	"math"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"
)

// tTestNode compares two populations, or the two values of each document.
type tTestNode struct {
	body    *agg.TTest
	values  [2]*valuesNode
	filters [2]node // nil takes all
}

func compileTTest(c *compiler, b *agg.TTest, _ []*aggPlan) (aggNode, error) {
	n := &tTestNode{body: b}
	for i, side := range []*agg.Population{&b.A, &b.B} {
		var err error
		if n.values[i], err = c.numbersOf("t_test", side.Field, "", side.Missing); err != nil {
			return nil, err
		}
		if side.Filter != nil {
			nodes, err := c.unscored([]query.Query{side.Filter})
			if err != nil {
				return nil, c.shardError(err)
			}
			n.filters[i] = nodes[0]
		}
	}
	return n, nil
}

func (n *tTestNode) collector(_ collectors, acct *account) collector {
	return &tTestCollector{node: n, acct: acct, readers: [2]rowValues{newRowValues(n.values[0]), newRowValues(n.values[1])}}
}

type tTestCollector struct {
	node    *tTestNode
	acct    *account
	readers [2]rowValues
	filters [2]docFilter
	first   []float64 // of paired values, by position
	state   []tTestState
}

// tTestState holds the figures of both sides; of paired values the first are those of the differences.
type tTestState [2]moments

func (t *tTestCollector) bind(at *leafPlace) error {
	for i := range t.readers {
		t.readers[i].reader.bind(at.leaf)
		if f := t.node.filters[i]; f != nil {
			if err := t.filters[i].bind(at.leaf, f); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *tTestCollector) collect(d *docs) error {
	var err error
	if t.state, err = growBuckets(t.state, d.limit, t.acct, 2*momentsBytes); err != nil {
		return err
	}
	if t.node.body.Type == "paired" {
		return t.collectPaired(d)
	}
	for i := range t.readers {
		kept := d
		if t.node.filters[i] != nil {
			if kept, err = t.filters[i].keep(d); err != nil {
				return err
			}
		}
		values, at, err := t.readers[i].of(kept)
		if err != nil {
			return err
		}
		for j, v := range values {
			t.state[kept.bucket(int(at[j]))][i].addSquare(v)
		}
	}
	return nil
}

func (t *tTestCollector) collectPaired(d *docs) error {
	t.first = t.first[:0]
	for range d.rows {
		t.first = append(t.first, math.NaN())
	}
	values, at, err := t.readers[0].of(d)
	if err != nil {
		return err
	}
	for i, v := range values {
		t.first[at[i]] = v
	}
	if values, at, err = t.readers[1].of(d); err != nil {
		return err
	}
	for i, v := range values {
		if diff := t.first[at[i]] - v; !math.IsNaN(diff) {
			t.state[d.bucket(int(at[i]))][0].addSquare(diff)
		}
	}
	return nil
}

// addSquare adds a value and its square.
func (m *moments) addSquare(v float64) {
	m.add(v)
	m.squares, m.lostSquare = kahan(m.squares, m.lostSquare, v*v)
}

func (t *tTestCollector) partial(bucket uint32) partial {
	p := &tTestPartial{node: t.node}
	if int(bucket) < len(t.state) {
		p.state = t.state[bucket]
	}
	return p
}

type tTestPartial struct {
	node  *tTestNode
	state tTestState
}

func (p *tTestPartial) merge(o partial) error {
	for i := range p.state {
		p.state[i].merge(&o.(*tTestPartial).state[i])
	}
	return nil
}

func (p *tTestPartial) value(property string) (float64, bool) {
	if property != "" && property != "value" {
		return 0, false
	}
	x := p.probability()
	return x, !math.IsNaN(x)
}

// probability is that of means at least so far apart by chance; NaN where there are too few values.
func (p *tTestPartial) probability() float64 {
	a, b := &p.state[0], &p.state[1]
	switch p.node.body.Type {
	case "paired":
		return p.tail(a.sum/float64(a.count), a.sampleVariance()/float64(a.count), float64(a.count-1))
	case "homoscedastic":
		n := float64(a.count + b.count - 2)
		pooled := (float64(a.count-1)*a.sampleVariance() + float64(b.count-1)*b.sampleVariance()) / n
		return p.tail(a.mean()-b.mean(), pooled*(1/float64(a.count)+1/float64(b.count)), n)
	}
	va, vb := a.sampleVariance()/float64(a.count), b.sampleVariance()/float64(b.count)
	freedom := (va + vb) * (va + vb) / (va*va/float64(a.count-1) + vb*vb/float64(b.count-1))
	return p.tail(a.mean()-b.mean(), va+vb, freedom)
}

// tail is the share of Student's distribution beyond a difference of that variance.
func (p *tTestPartial) tail(difference, variance, freedom float64) float64 {
	switch {
	case math.IsNaN(difference) || math.IsNaN(variance):
		return math.NaN()
	case variance <= 0 && difference == 0:
		return math.NaN()
	case variance <= 0:
		return 0
	}
	return float64(p.node.body.Tails) * studentTail(math.Abs(difference)/math.Sqrt(variance), freedom)
}

func (m *moments) mean() float64 { return m.sum / float64(m.count) }

// sampleVariance is NaN for fewer than two values.
func (m *moments) sampleVariance() float64 {
	if m.count < 2 {
		return math.NaN()
	}
	n := float64(m.count)
	return (m.squares - m.sum*m.sum/n) / (n - 1)
}

func (p *tTestPartial) result(*reducer) (result.Agg, error) {
	m := &result.Metric{Kind: "t_test"}
	if x, ok := p.value(""); ok {
		m.Value = &x
	}
	return m, nil
}

// studentTail is the share of Student's distribution with that freedom above t.
func studentTail(t, freedom float64) float64 {
	return regularizedBeta(freedom/(freedom+t*t), freedom/2, 0.5) / 2
}

// regularizedBeta is the incomplete beta function over the complete one, by its continued fraction (Lentz's method).
func regularizedBeta(x, a, b float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2):
		return 1 - regularizedBeta(1-x, b, a)
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log1p(-x)) / a
	const tiny = 1e-300
	c, d := 1.0, 1-(a+b)*x/(a+1)
	if math.Abs(d) < tiny {
		d = tiny
	}
	d = 1 / d
	f := d
	for m := 1.0; m < 10_000; m++ {
		for _, step := range [2]float64{m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m)), -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))} {
			d = 1 + step*d
			c = 1 + step/c
			if math.Abs(d) < tiny {
				d = tiny
			}
			if math.Abs(c) < tiny {
				c = tiny
			}
			d = 1 / d
			f *= c * d
		}
		if math.Abs(c*d-1) < 1e-15 {
			break
		}
	}
	return front * f
}
