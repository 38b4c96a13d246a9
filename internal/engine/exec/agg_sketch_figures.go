package exec

import (
	"math"
	"slices"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/result"
)

// sketchNode computes figures of a distribution other than percentiles: boxplot and median_absolute_deviation.
type sketchNode struct {
	percentilesNode
	figures []string // in order of the answer; one is "value" where there is no other
}

var boxplotFigures = []string{"min", "max", "q1", "q2", "q3", "lower", "upper"}

func compileBoxplot(c *compiler, b *agg.Boxplot, _ []*aggPlan) (aggNode, error) {
	v, err := c.numbersOf("boxplot", b.Field, b.Format, b.Missing)
	return &sketchNode{percentilesNode{kind: "boxplot", values: v}, boxplotFigures}, err
}

func compileMedianAbsoluteDeviation(c *compiler, b *agg.MedianAbsoluteDeviation, _ []*aggPlan) (aggNode, error) {
	v, err := c.numbersOf("median_absolute_deviation", b.Field, b.Format, b.Missing)
	return &sketchNode{percentilesNode{kind: "median_absolute_deviation", values: v}, []string{"value"}}, err
}

func (n *sketchNode) collector(subs collectors, acct *account) collector {
	return &sketchCollector{n.percentilesNode.collector(subs, acct).(*percentilesCollector), n}
}

type sketchCollector struct {
	*percentilesCollector
	node *sketchNode
}

func (c *sketchCollector) partial(bucket uint32) partial {
	switch p := c.percentilesCollector.partial(bucket).(type) {
	case *unmappedPartial:
		return &unmappedPartial{&sketchPartial{p.partial.(*percentilesPartial), c.node}}
	default:
		return &sketchPartial{p.(*percentilesPartial), c.node}
	}
}

type sketchPartial struct {
	*percentilesPartial
	figuresOf *sketchNode
}

func (p *sketchPartial) merge(o partial) error {
	return p.percentilesPartial.merge(o.(*sketchPartial).percentilesPartial)
}

// value implements valued.
func (p *sketchPartial) value(property string) (float64, bool) {
	q := p.sketch.(*quantiles)
	if len(p.figuresOf.figures) == 1 {
		if property != "" && property != "value" {
			return 0, false
		}
		return q.deviation()
	}
	x := q.boxplot(property)
	return x, !math.IsNaN(x)
}

func (p *sketchPartial) result(*reducer) (result.Agg, error) {
	values := p.node.values
	if len(p.figuresOf.figures) == 1 {
		m := &result.Metric{Kind: p.node.kind}
		if x, ok := p.value(""); ok {
			m.Value, m.AsString = &x, values.asString(x)
		}
		return m, nil
	}
	out := &result.FigureList{Kind: p.node.kind}
	if values.printsStrings() {
		out.Format = values.asString
	}
	for _, name := range p.figuresOf.figures {
		out.Items = append(out.Items, result.FigureItem{Name: name, Value: p.sketch.(*quantiles).boxplot(name)})
	}
	return out, nil
}

// each calls fn for the values from the least, with how often there is about each.
func (q *quantiles) each(fn func(v float64, n int64)) {
	q.own()
	slices.Sort(q.exact)
	for _, v := range q.exact {
		fn(v, 1)
	}
	for i, n := range q.counts {
		if n > 0 {
			fn(q.within(q.base+i, 0.5), n)
		}
	}
}

// deviation is the median of the distances from the median.
func (q *quantiles) deviation() (float64, bool) {
	median, ok := q.quantile(0.5)
	if !ok {
		return 0, false
	}
	around := &quantiles{acct: q.acct}
	failed := false
	q.each(func(v float64, n int64) {
		distance := math.Abs(v - median)
		if q.counts == nil {
			failed = failed || around.add(distance) != nil
			return
		}
		failed = failed || around.addMany(distance, n) != nil
	})
	if failed {
		return 0, false
	}
	return around.quantile(0.5)
}

// addMany takes in a number n times, as part of the histogram.
func (q *quantiles) addMany(v float64, n int64) error {
	if q.n == 0 {
		q.min, q.max = v, v
	}
	q.min, q.max = min(q.min, v), max(q.max, v)
	if q.counts == nil {
		if err := q.toHistogram(); err != nil {
			return err
		}
	}
	q.n += n
	return q.count(slotOf(v), n)
}

// boxplot is a figure by its name; without values quartiles are NaN, and the ends infinite as in Elasticsearch. The
// whiskers end at the outermost values within one and a half times the distance between the quartiles.
func (q *quantiles) boxplot(name string) float64 {
	if q.n == 0 {
		switch name {
		case "min":
			return math.Inf(1)
		case "max":
			return math.Inf(-1)
		}
		return math.NaN()
	}
	q1, _ := q.quantile(0.25)
	q3, _ := q.quantile(0.75)
	reach := 1.5 * (q3 - q1)
	switch name {
	case "min":
		return q.min
	case "max":
		return q.max
	case "q1":
		return q1
	case "q2":
		median, _ := q.quantile(0.5)
		return median
	case "q3":
		return q3
	}
	lower, upper := q.max, q.min
	q.each(func(v float64, _ int64) {
		if v >= q1-reach {
			lower = min(lower, v)
		}
		if v <= q3+reach {
			upper = max(upper, v)
		}
	})
	switch name {
	case "lower":
		return lower
	case "upper":
		return upper
	}
	return math.NaN()
}
