package exec

import (
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/result"
)

// topMetricsNode is top_hits of which only values of some fields are printed.
type topMetricsNode struct {
	*topHitsNode
	metrics []string
}

func compileTopMetrics(c *compiler, b *agg.TopMetrics, _ []*aggPlan) (aggNode, error) {
	key := b.Sort
	if f := c.fields.lookup(key.Field); f != nil && f.isDate() && key.Format == "" {
		key.Format = f.dateFormat().String()
	}
	top := &agg.TopHits{Size: b.Size, Sort: []agg.SortKey{key}, Source: agg.SourceFilter{Disabled: true}}
	for _, name := range b.Metrics {
		f, err := c.valuesField(name)
		if err != nil {
			return nil, err
		}
		if f != nil && (f.class == classGeo || f.class == classRange || f.class == classVector) {
			return nil, notSupportedOn(f, "top_metrics")
		}
		top.DocvalueFields = append(top.DocvalueFields, agg.FieldFormat{Field: name})
	}
	n, err := compileTopHits(c, top, nil)
	if err != nil {
		return nil, err
	}
	return &topMetricsNode{n.(*topHitsNode), b.Metrics}, nil
}

func (n *topMetricsNode) collector(subs collectors, acct *account) collector {
	return &topMetricsCollector{n.topHitsNode.collector(subs, acct).(*topHitsCollector), n}
}

type topMetricsCollector struct {
	*topHitsCollector
	of *topMetricsNode
}

func (t *topMetricsCollector) partial(bucket uint32) partial {
	return &topMetricsPartial{t.topHitsCollector.partial(bucket).(*topHitsPartial), t.of}
}

type topMetricsPartial struct {
	*topHitsPartial
	of *topMetricsNode
}

func (p *topMetricsPartial) merge(o partial) error {
	return p.topHitsPartial.merge(o.(*topMetricsPartial).topHitsPartial)
}

func (p *topMetricsPartial) result(r *reducer) (result.Agg, error) {
	kept := p.top.heap[:0]
	for _, c := range p.top.heap { // documents that have nothing to sort by do not take part
		if k := &c.keys[0]; k.rank == 0 && k.num != numFirst && k.num != numLast {
			kept = append(kept, c)
		}
	}
	p.top.heap = kept
	found, err := p.topHitsPartial.result(r)
	if err != nil {
		return nil, err
	}
	out := &result.TopMetrics{Names: p.of.metrics}
	for i := range found.(*result.TopHits).Hits.Hits {
		h := &found.(*result.TopHits).Hits.Hits[i]
		one := result.TopMetric{Sort: h.Sort, Values: map[string][]byte{}}
		for _, f := range h.Fields {
			one.Values[f.Name] = f.Values
		}
		out.Top = append(out.Top, one)
	}
	return out, nil
}

// topSorts are the keys by which aggregations choose documents.
func topSorts(a *agg.Agg) []agg.SortKey {
	switch body := a.Body.(type) {
	case *agg.TopHits:
		return body.Sort
	case *agg.TopMetrics:
		return []agg.SortKey{body.Sort}
	}
	return nil
}
