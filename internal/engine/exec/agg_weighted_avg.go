package exec

import (
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/result"
)

// weightedNode is a mean of values that count as their weights say.
type weightedNode struct{ value, weight *valuesNode }

func compileWeightedAvg(c *compiler, b *agg.WeightedAvg, _ []*aggPlan) (aggNode, error) {
	value, err := c.numbersOf("weighted_avg", b.Value.Field, b.Format, b.Value.Missing)
	if err != nil {
		return nil, err
	}
	weight, err := c.numbersOf("weighted_avg", b.Weight.Field, "", b.Weight.Missing)
	return &weightedNode{value, weight}, err
}

func (n *weightedNode) collector(_ collectors, acct *account) collector {
	return &weightedCollector{node: n, acct: acct, value: newRowValues(n.value), weight: newRowValues(n.weight)}
}

type weightedCollector struct {
	node          *weightedNode
	acct          *account
	value, weight rowValues
	weights       []float64 // by position; valid where given says so
	given         []bool
	state         []weightedSum
}

// weightedSum is the sum of weighted values and that of the weights.
type weightedSum struct{ sum, lostSum, weight, lostWeight float64 }

const weightedBytes = 32

func (w *weightedCollector) bind(at *leafPlace) error {
	w.value.reader.bind(at.leaf)
	w.weight.reader.bind(at.leaf)
	return nil
}

func (w *weightedCollector) collect(d *docs) error {
	var err error
	if w.state, err = growBuckets(w.state, d.limit, w.acct, weightedBytes); err != nil {
		return err
	}
	weights, at, err := w.weight.of(d)
	if err != nil {
		return err
	}
	if len(w.weights) < len(d.rows) {
		w.weights, w.given = make([]float64, len(d.rows)), make([]bool, len(d.rows))
	}
	clear(w.given[:len(d.rows)])
	for i, x := range weights {
		if w.given[at[i]] {
			return eserr.New(400, "aggregation_execution_exception", "Encountered more than one weight for a single document. Use a script to combine multiple weights-per-doc into a single value.")
		}
		w.weights[at[i]], w.given[at[i]] = x, true
	}
	values, at, err := w.value.of(d)
	if err != nil {
		return err
	}
	for i, x := range values {
		if !w.given[at[i]] {
			continue
		}
		weight := w.weights[at[i]]
		s := &w.state[d.bucket(int(at[i]))]
		s.sum, s.lostSum = kahan(s.sum, s.lostSum, x*weight)
		s.weight, s.lostWeight = kahan(s.weight, s.lostWeight, weight)
	}
	return nil
}

func (w *weightedCollector) partial(bucket uint32) partial {
	p := &weightedPartial{node: w.node}
	if int(bucket) < len(w.state) {
		p.weightedSum = w.state[bucket]
	}
	return p
}

type weightedPartial struct {
	weightedSum
	node *weightedNode
}

func (p *weightedPartial) merge(o partial) error {
	s := &o.(*weightedPartial).weightedSum
	p.sum, p.lostSum = kahan(p.sum, p.lostSum+s.lostSum, s.sum)
	p.weight, p.lostWeight = kahan(p.weight, p.lostWeight+s.lostWeight, s.weight)
	if p.node.value.field == nil {
		p.node = o.(*weightedPartial).node
	}
	return nil
}

func (p *weightedPartial) value(property string) (float64, bool) {
	return p.sum / p.weight, (property == "" || property == "value") && p.weight != 0
}

func (p *weightedPartial) result(*reducer) (result.Agg, error) {
	m := &result.Metric{Kind: "weighted_avg"}
	if x, ok := p.value(""); ok {
		m.Value, m.AsString = &x, p.node.value.asString(x)
	}
	return m, nil
}
