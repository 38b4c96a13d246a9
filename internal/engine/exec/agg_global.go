package exec

import (
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/result"
)

// globalNode is one bucket of all documents of the searched indices, whatever the query.
type globalNode struct{ subs []*aggPlan }

func compileGlobal(_ *compiler, _ *agg.Global, subs []*aggPlan) (aggNode, error) {
	return &globalNode{subs}, nil
}

func (n *globalNode) collector(subs collectors, _ *account) collector {
	return &globalCollector{node: n, subs: subs}
}

type globalCollector struct {
	node  *globalNode
	subs  collectors
	leaf  *leaf
	count int64
}

func (g *globalCollector) bind(at *leafPlace) error {
	g.leaf = at.leaf
	return g.subs.bind(at)
}

func (g *globalCollector) collect(d *docs) error {
	w, err := g.leaf.weights(d.block)
	if err != nil {
		return err
	}
	if w == nil {
		g.count += int64(len(d.rows))
	} else {
		for _, row := range d.rows {
			g.count += w[row]
		}
	}
	return g.subs.collect(d)
}

func (g *globalCollector) partial(bucket uint32) partial {
	return &singlePartial{kind: "global", plans: g.node.subs, count: g.count, subs: g.subs.partials(bucket)}
}

// singlePartial is one bucket: global, filter, missing.
type singlePartial struct {
	kind  string
	plans []*aggPlan
	count int64
	subs  partials
}

func (p *singlePartial) merge(other partial) error {
	o := other.(*singlePartial)
	p.count += o.count
	return p.subs.merge(o.subs)
}

func (p *singlePartial) result(r *reducer) (result.Agg, error) {
	if err := r.addBuckets(1); err != nil {
		return nil, err
	}
	subs, err := r.results(p.plans, p.subs)
	return &result.Single{Kind: p.kind, DocCount: p.count, Aggs: subs}, err
}

// inner finds a sub-aggregation, for ordering by path.
func (p *singlePartial) inner(name string) partial {
	for i, plan := range p.plans {
		if plan.name == name {
			return p.subs[i]
		}
	}
	return nil
}

// value is the bucket's number of documents.
func (p *singlePartial) value(property string) (float64, bool) {
	return float64(p.count), property == "" || property == "_count"
}
