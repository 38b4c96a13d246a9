package exec

import (
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/decimal"
	"elkhorn/internal/es/result"
)

// rateNode adds up what a rate is made of. What it is divided by depends on the bucket of the date_histogram around,
// which is known when results are printed: see applyRates.
type rateNode struct {
	values *valuesNode // nil counts documents
	count  *valueCountNode
}

func compileRate(c *compiler, b *agg.Rate, _ []*aggPlan) (aggNode, error) {
	switch {
	case b.Field == "":
		return &rateNode{}, nil
	case b.CountValues:
		n, err := compileValueCount(c, &agg.ValueCount{Source: agg.Source{Field: b.Field, Missing: b.Missing}}, nil)
		if err != nil {
			return nil, err
		}
		return &rateNode{count: n.(*valueCountNode)}, nil
	}
	v, err := c.numbersOf("rate", b.Field, "", b.Missing)
	return &rateNode{values: v}, err
}

func (n *rateNode) collector(subs collectors, acct *account) collector {
	switch {
	case n.values != nil:
		return &rateCollector{collector: (&statsNode{kind: "sum", values: n.values}).collector(subs, acct)}
	case n.count != nil:
		return &rateCollector{collector: n.count.collector(subs, acct)}
	}
	return &rateCollector{collector: (&valueCountNode{missing: true}).collector(subs, acct)}
}

type rateCollector struct{ collector }

func (r *rateCollector) partial(bucket uint32) partial {
	p := r.collector.partial(bucket)
	if unmapped, ok := p.(*unmappedPartial); ok {
		p = unmapped.partial
	}
	return &ratePartial{p}
}

// ratePartial wraps what is counted.
type ratePartial struct{ partial }

func (p *ratePartial) merge(o partial) error { return p.partial.merge(o.(*ratePartial).partial) }

func (p *ratePartial) value(property string) (float64, bool) {
	if property != "" && property != "value" {
		return 0, false
	}
	x, _ := p.partial.(valued).value("")
	return x, true
}

func (p *ratePartial) result(*reducer) (result.Agg, error) {
	x, _ := p.value("")
	return &result.Metric{Kind: "rate", Value: &x}, nil
}

// hasRates says whether there is a rate at some level.
func hasRates(aggs []*agg.Agg) bool {
	found := false
	agg.Walk(aggs, func(a *agg.Agg) {
		_, rate := a.Body.(*agg.Rate)
		found = found || rate
	})
	return found
}

// applyRates divides rates by the length of the bucket of the nearest date_histogram around them.
func applyRates(aggs []*agg.Agg, results result.Aggs, around *agg.DateHistogram, start int64) error {
	for _, a := range aggs {
		switch body := a.Body.(type) {
		case *agg.Rate:
			if err := applyRate(body, results.Find(a.Name), around, start); err != nil {
				return err
			}
			continue
		case *agg.DateHistogram:
			if all, ok := results.Find(a.Name).(*result.Buckets); ok {
				for i := range all.Buckets {
					key, _ := all.Buckets[i].Key.Int64()
					if err := applyRates(a.Subs, all.Buckets[i].Aggs, body, key); err != nil {
						return err
					}
				}
			}
			continue
		}
		switch found := results.Find(a.Name).(type) {
		case *result.Buckets:
			for i := range found.Buckets {
				if err := applyRates(a.Subs, found.Buckets[i].Aggs, around, start); err != nil {
					return err
				}
			}
		case *result.Single:
			if err := applyRates(a.Subs, found.Aggs, around, start); err != nil {
				return err
			}
		}
	}
	return nil
}

func applyRate(body *agg.Rate, found result.Agg, around *agg.DateHistogram, start int64) error {
	m, ok := found.(*result.Metric)
	if !ok || around == nil {
		return nil
	}
	by, err := body.Divisor(around, start)
	if err != nil {
		return err
	}
	*m.Value /= by
	if body.Format == "" {
		return nil
	}
	f, err := decimal.Compile(body.Format)
	if err == nil {
		m.AsString = string(f.Append(nil, *m.Value))
	}
	return err
}
