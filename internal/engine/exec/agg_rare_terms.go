package exec

import (
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/result"
)

// rare_terms is a terms aggregation that prints the values which few documents have. Elasticsearch forgets frequent
// values with a filter that may err; here all are counted, so the answer is exact.
func compileRareTerms(c *compiler, a *agg.Agg, subs []*aggPlan) (aggNode, error) {
	b, ok := a.Body.(*agg.RareTerms)
	if !ok {
		return nil, notModelled(a)
	}
	n := &termsNode{body: &agg.Terms{MinDocCount: 1}, rare: b, subs: subs}
	n.order = bucketOrder{{by: orderCount}, {by: orderKeyOf}}
	var err error
	if n.keySource, err = c.keySource("rare_terms", a.Name, &b.Source, b.ValueType, &b.TermFilters); err != nil {
		return nil, err
	}
	if n.class == classFloat {
		return nil, eserr.New(500, "aggregation_execution_exception", "RareTerms aggregation does not support floating point fields.")
	}
	return n, nil
}

// rareResult prints the values that at most so many documents have, rarest first.
func (p *termsPartial) rareResult(r *reducer) (result.Agg, error) {
	if _, err := p.settleRuns(); err != nil {
		return nil, err
	}
	kind := map[string]string{"lterms": "lrareterms", "ulterms": "lrareterms", "sterms": "srareterms"}[p.kind()]
	out := &result.Buckets{Kind: kind, Buckets: []result.Bucket{}}
	s := newSorter(p.node.order, p.list, p.compareKeys)
	best := s.best(len(p.list), func(b *bucketPart) bool { return b.count > 0 && b.count <= p.node.rare.MaxDocCount })
	if err := r.addBuckets(len(best)); err != nil {
		return nil, err
	}
	for _, i := range best {
		b := &p.list[i]
		subs, err := r.results(p.node.subs, b.subs)
		if err != nil {
			return nil, err
		}
		one := result.Bucket{DocCount: b.count, Aggs: subs}
		p.node.setKey(&one, b, p.class)
		out.Buckets = append(out.Buckets, one)
	}
	return out, nil
}
