package exec

import (
	"slices"
)

// cloner copies partial results: those that are kept may not change, and merging changes both sides. The copies
// belong to a request's own aggregations, and count as found in one of its segments.
type cloner struct {
	plan, source int      // position of the index in the search, and of the segment in the index
	acct         *account // of the search; nil for copies to keep
	bytes        int      // what the copies take, about
}

// clonable says whether the partial results of aggregations can be copied. Those of others hold on to more than
// themselves: documents and the segments they are in.
func clonable(plans []*aggPlan) bool {
	for _, p := range plans {
		switch p.node.(type) {
		case *termsNode, *dateHistogramNode, *histogramNode, *rangeNode, *filtersNode, *filterNode, *nestedAggNode, *ipRangeNode, *ipPrefixNode, *adjacencyNode, *multiTermsNode, *compositeNode, *autoDateNode, *reverseNode,
			*geoGridNode, *geoMetricNode,
			*statsNode, *percentilesNode, *cardinalityNode, *valueCountNode:
		default:
			return false
		}
		if !clonable(p.subs) {
			return false
		}
	}
	return true
}

// all copies the partial results of sibling aggregations.
func (c *cloner) all(plans []*aggPlan, list partials) partials {
	if list == nil {
		return nil
	}
	out := make(partials, len(list))
	c.bytes += 16 * len(list)
	for i := range list {
		out[i] = c.one(plans[i], list[i])
	}
	return out
}

func (c *cloner) one(plan *aggPlan, in partial) partial {
	switch p := in.(type) {
	case *unmappedPartial:
		c.bytes += 16
		return &unmappedPartial{c.one(plan, p.partial)}
	case *termsPartial:
		c.bytes += 128
		return &termsPartial{node: plan.node.(*termsNode), class: p.class, bucketList: c.list(plan, &p.bucketList), runs: c.termRuns(p.runs), size: p.size}
	case *histogramPartial:
		c.bytes += 112
		return &histogramPartial{shape: shapeOf(plan.node), bucketList: c.list(plan, &p.bucketList)}
	case *ipPrefixPartial:
		c.bytes += 112
		return &ipPrefixPartial{node: plan.node.(*ipPrefixNode), bucketList: c.list(plan, &p.bucketList)}
	case *multiTermsPartial:
		c.bytes += 128
		return &multiTermsPartial{node: plan.node.(*multiTermsNode), bucketList: c.list(plan, &p.bucketList), failed: p.failed}
	case *compositePartial:
		c.bytes += 128
		return &compositePartial{node: plan.node.(*compositeNode), bucketList: c.list(plan, &p.bucketList), failed: p.failed}
	case *autoDatePartial:
		c.bytes += 112
		return &autoDatePartial{node: plan.node.(*autoDateNode), bucketList: c.list(plan, &p.bucketList)}
	case *geoGridPartial:
		c.bytes += 112
		return &geoGridPartial{node: plan.node.(*geoGridNode), bucketList: c.list(plan, &p.bucketList)}
	case *geoMetricPartial:
		c.bytes += geoFigureBytes + 8
		return &geoMetricPartial{node: plan.node.(*geoMetricNode), geoFigures: p.geoFigures}
	case *adjacencyPartial:
		c.bytes += 48
		node := plan.node.(*adjacencyNode)
		return &adjacencyPartial{node: node, fixedPartial: fixedPartial{shape: node, parts: c.buckets(plan, p.parts)}}
	case *fixedPartial:
		c.bytes += 40
		return &fixedPartial{shape: plan.node.(fixedShape), parts: c.buckets(plan, p.parts)}
	case *singlePartial:
		c.bytes += 80
		return &singlePartial{kind: p.kind, plans: plan.subs, count: p.count, subs: c.all(plan.subs, p.subs)}
	case *statsPartial:
		c.bytes += momentsBytes + 8
		return &statsPartial{moments: p.moments, node: plan.node.(*statsNode)}
	case *countPartial:
		c.bytes += 8
		return &countPartial{p.count}
	case *percentilesPartial:
		if c.acct == nil && !p.node.ranks {
			p.settle()
		}
		return &percentilesPartial{node: plan.node.(*percentilesNode), sketch: c.quantiles(p.sketch.(*quantiles))}
	case *cardinalityPartial:
		return &cardinalityPartial{distinct: c.distinct(p.distinct), runs: c.distinctRuns(p.runs)}
	}
	panic("a partial result that cannot be copied") // clonable has let only those above through
}

// shapeOf is what the two kinds of histogram share.
func shapeOf(n aggNode) *histogramShape {
	if dates, ok := n.(*dateHistogramNode); ok {
		return &dates.histogramShape
	}
	return &n.(*histogramNode).histogramShape
}

func (c *cloner) list(plan *aggPlan, l *bucketList) bucketList {
	return bucketList{acct: c.acct, textKeys: l.textKeys, list: c.buckets(plan, l.list)}
}

func (c *cloner) buckets(plan *aggPlan, list []bucketPart) []bucketPart {
	out := slices.Clone(list)
	for i := range out {
		c.bytes += 72 + len(out[i].str)
		out[i].subs = c.all(plan.subs, out[i].subs)
	}
	return out
}

func (c *cloner) termRuns(runs []*termRun) []*termRun {
	var out []*termRun
	for _, r := range runs {
		c.bytes += 96 + 8*len(r.counts)
		out = append(out, &termRun{plan: c.plan, source: c.source, dict: r.dict, view: r.view, counts: slices.Clone(r.counts)})
	}
	return out
}

func (c *cloner) distinctRuns(runs []*distinctRun) []*distinctRun {
	var out []*distinctRun
	for _, r := range runs {
		c.bytes += 96 + 8*len(r.seen)
		out = append(out, &distinctRun{plan: c.plan, source: c.source, dict: r.dict, view: r.view, seen: r.seen.Clone()})
	}
	return out
}

func (c *cloner) quantiles(q *quantiles) *quantiles {
	c.bytes += 112 + 8*len(q.exact) + 8*len(q.counts)
	return q.share(c.acct)
}

func (c *cloner) distinct(d *distinct) *distinct {
	out := *d
	out.acct, out.table = c.acct, slices.Clone(d.table)
	c.bytes += 80 + 8*len(d.table)
	if d.hll != nil {
		out.hll = d.hll.Clone()
		c.bytes += hllBytes
	}
	return &out
}
