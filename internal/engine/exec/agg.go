package exec

import (
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/pipeagg"
	"elkhorn/internal/es/result"
)

// aggNode is an aggregation compiled against one index's mapping. It is immutable and shared by
// workers.
type aggNode interface {
	// collector makes the state of one worker.
	collector(subs collectors, acct *account) collector
}

// collector is the state of one aggregation for one worker and index, over all segments it works on.
// State is kept by the parent's bucket: slices indexed by bucket ordinal.
type collector interface {
	// bind is called before the first block of a segment.
	bind(at *leafPlace) error
	// collect takes in rows. d is good until it returns.
	collect(d *docs) error
	// partial returns what was found in one bucket of the parent, for merging. It may be asked for
	// a bucket that never got a row.
	partial(bucket uint32) partial
}

// partial is a mergeable result of one aggregation in one bucket.
type partial interface {
	// merge takes in another partial of the same aggregation; neither is used by others afterwards.
	merge(o partial) error
	result(r *reducer) (result.Agg, error)
}

// valued is implemented by partials that buckets can be ordered by.
type valued interface {
	// value returns a number of the result: "" is the only one there is, others have names.
	value(property string) (float64, bool)
}

// leafPlace is the segment a collector is bound to.
type leafPlace struct {
	leaf   *leaf
	plan   *plan
	source int
	scores []float64
	ids    *idReader
	outer  *leafPlace // of nested objects: where the rows are that hold them
}

// aggPlan is a compiled aggregation with its name and those inside it.
type aggPlan struct {
	name string
	meta []byte
	kind string
	node aggNode
	subs []*aggPlan
	// profile is nil unless the search is profiled.
	profile *aggProfile
}

// collectors are sibling aggregations.
type collectors []collector

func newCollectors(plans []*aggPlan, acct *account) collectors {
	var list collectors
	for _, p := range plans {
		one := p.node.collector(newCollectors(p.subs, acct), acct)
		if p.profile != nil {
			p.profile.collectors.Add(1)
			one = &profiledCollector{one, p.profile}
		}
		list = append(list, one)
	}
	return list
}

func (c collectors) bind(at *leafPlace) error {
	for _, one := range c {
		if err := one.bind(at); err != nil {
			return err
		}
	}
	return nil
}

func (c collectors) collect(d *docs) error {
	if len(d.rows) == 0 {
		return nil
	}
	for _, one := range c {
		if err := one.collect(d); err != nil {
			return err
		}
	}
	return nil
}

func (c collectors) partials(bucket uint32) partials {
	if len(c) == 0 {
		return nil
	}
	list := make(partials, len(c))
	for i, one := range c {
		list[i] = one.partial(bucket)
	}
	return list
}

// partials are the partial results of sibling aggregations.
type partials []partial

func (p partials) merge(o partials) error {
	for i := range p {
		merged, err := mergePartial(p[i], o[i])
		if err != nil {
			return err
		}
		p[i] = merged
	}
	return nil
}

// mergePartial merges b into a. One of an index that does not have the field gives way.
func mergePartial(a, b partial) (partial, error) {
	if _, unmapped := b.(*unmappedPartial); unmapped {
		return a, nil
	}
	if _, unmapped := a.(*unmappedPartial); unmapped {
		return b, nil
	}
	return a, a.merge(b)
}

// reducer turns merged partials into results.
type reducer struct {
	acct                *account
	plans               []*plan
	buckets, maxBuckets int
	// pipelines says that there are aggregations over these results, which may need what the figures were computed from.
	pipelines bool
}

// addBuckets counts buckets of the answer.
func (r *reducer) addBuckets(n int) error {
	if r.buckets += n; r.buckets > r.maxBuckets {
		return eserr.TooManyBuckets(r.maxBuckets)
	}
	return nil
}

// results names and prints sibling results.
func (r *reducer) results(plans []*aggPlan, list partials) (result.Aggs, error) {
	var out result.Aggs
	for i, p := range plans {
		one, err := list[i].result(r)
		if err != nil {
			return nil, err
		}
		out = append(out, result.Named{Name: p.name, Meta: p.meta, Result: one})
	}
	return out, nil
}

// reduce merges the workers' states, index by index, and builds the answer.
func (s *search) reduce(workers []*worker) (result.Aggs, error) {
	r := &reducer{acct: workers[0].account, plans: s.plans, maxBuckets: s.req.MaxBuckets, pipelines: pipeagg.Any(s.req.Aggs)}
	if r.maxBuckets == 0 {
		r.maxBuckets = defaultMaxBuckets
	}
	var all partials
	var plans []*aggPlan
	for i, p := range s.plans {
		if s.failed(i) {
			continue
		}
		if err := r.acct.check(); err != nil {
			return nil, err
		}
		list, err := s.partials(p, workers)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all, plans = list, p.all
			continue
		}
		if err := all.merge(list); err != nil {
			return nil, err
		}
	}
	if all == nil {
		return nil, nil
	}
	results, err := r.results(plans, all)
	if err == nil && hasRates(s.req.Aggs) {
		err = applyRates(s.req.Aggs, results, nil, 0)
	}
	if err != nil || !r.pipelines {
		return results, err
	}
	return pipeagg.Apply(s.req.Aggs, results, &pipeagg.Scripts{Stored: s.req.StoredScript, Stop: r.acct.check})
}

// partials returns what the workers found in one index, and what is kept of earlier searches, in request order.
func (s *search) partials(p *plan, workers []*worker) (partials, error) {
	found, err := s.cachedPartials(p, workers[0].account)
	if err != nil {
		return nil, err
	}
	for _, w := range workers {
		if err := w.account.check(); err != nil {
			return nil, err
		}
		state := w.states[p.position]
		if state == nil {
			continue
		}
		found = append(append(found, p.inOrder(state)), state.runs...)
	}
	for i, list := range found {
		if err := workers[0].account.stopAt(i); err != nil {
			return nil, err
		}
		if i == 0 {
			continue
		}
		if err := found[0].merge(list); err != nil {
			return nil, err
		}
	}
	if len(found) > 0 {
		return found[0], nil
	}
	// No worker came to this index: collectors that never collected give the empty results.
	return p.inOrder(&planState{plan: p, aggs: newCollectors(p.aggs, nil), globals: newCollectors(p.globals, nil)}), nil
}

// inOrder brings ordinary and global aggregations back into the order of the request.
func (p *plan) inOrder(s *planState) partials {
	list := make(partials, 0, len(p.all))
	ordinary, global := 0, 0
	for _, a := range p.all {
		if _, ok := a.node.(*globalNode); ok {
			list = append(list, s.globals[global].partial(0))
			global++
			continue
		}
		list = append(list, s.aggs[ordinary].partial(0))
		ordinary++
	}
	return list
}

// aggsNeedScores says whether an aggregation sorts or prints by score.
func aggsNeedScores(aggs []*agg.Agg) bool {
	need := false
	agg.Walk(aggs, func(a *agg.Agg) {
		switch b := a.Body.(type) {
		case *agg.TopHits:
			need = need || len(b.Sort) == 0 || b.TrackScores
		case *agg.Sampler, *agg.DiversifiedSampler:
			need = true
		case *agg.ScriptedMetric:
			need = need || b.NeedsScores()
		}
		for _, k := range topSorts(a) {
			need = need || k.Field == scoreField
		}
	})
	return need
}
