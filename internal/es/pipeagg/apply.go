package pipeagg

import (
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/decimal"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/result"
)

// Any says whether there is a pipeline aggregation at some level.
func Any(aggs []*agg.Agg) bool {
	found := false
	agg.Walk(aggs, func(a *agg.Agg) { found = found || a.Body.Family() == agg.Pipeline })
	return found
}

// Scripts is what scripts need of who runs the search.
type Scripts struct {
	// Stored finds the source of a stored script; nil: there are none.
	Stored func(id string) (source string, err error)
	// Stop is asked before each run; its error ends the pass.
	Stop func() error
}

// Apply adds the results of the pipeline aggregations of a request to those of the others, which it may change.
func Apply(aggs []*agg.Agg, results result.Aggs, scripts *Scripts) (result.Aggs, error) {
	p, err := newPass(aggs, scripts)
	if err != nil {
		return nil, err
	}
	if err := p.inside(results); err != nil {
		return nil, err
	}
	for _, s := range p.steps {
		if s.sibling == nil {
			return nil, notInBuckets(s)
		}
		if results, err = s.beside(results); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// pass is what is to be done at one level of the tree.
type pass struct {
	steps []*step
	subs  map[string]*pass // by aggregation; those with nothing to do below are left out
}

// step is one pipeline aggregation. One of the two functions is nil.
type step struct {
	agg     *agg.Agg
	parent  parentReducer
	sibling siblingReducer
	scripts *Scripts
}

// parentReducer works on the buckets around the aggregation. It may change them, and returns those that stay.
type parentReducer func(s *step, around *buckets) ([]result.Bucket, error)

// siblingReducer reads the results beside the aggregation.
type siblingReducer func(s *step, beside result.Aggs) (result.Agg, error)

func newPass(aggs []*agg.Agg, scripts *Scripts) (*pass, error) {
	ordered, err := agg.PipelineOrder(aggs)
	if err != nil {
		return nil, err
	}
	p := &pass{subs: map[string]*pass{}}
	for _, a := range ordered {
		kind, ok := table[a.Body.Kind()]
		if !ok {
			return nil, eserr.Unsupported("aggregation [" + a.Body.Kind() + "] of [" + a.Name + "]")
		}
		p.steps = append(p.steps, &step{a, kind.parent, kind.sibling, scripts})
	}
	for _, a := range aggs {
		if !Any(a.Subs) {
			continue
		}
		if p.subs[a.Name], err = newPass(a.Subs, scripts); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// inside works on what lies below each result of a level.
func (p *pass) inside(results result.Aggs) error {
	for i := range results {
		below, ok := p.subs[results[i].Name]
		if !ok {
			continue
		}
		if err := below.within(&results[i]); err != nil {
			return err
		}
	}
	return nil
}

// within works on the buckets of one aggregation: first on what is inside them, then on themselves.
func (p *pass) within(n *result.Named) error {
	if one, ok := n.Result.(*result.Single); ok {
		if err := p.inside(one.Aggs); err != nil {
			return err
		}
		for _, s := range p.steps {
			if s.sibling == nil {
				return notInBuckets(s)
			}
			var err error
			if one.Aggs, err = s.beside(one.Aggs); err != nil {
				return err
			}
		}
		return nil
	}
	all, ok := n.Result.(*result.Buckets)
	if !ok {
		return nil
	}
	for i := range all.Buckets {
		if err := p.inside(all.Buckets[i].Aggs); err != nil {
			return err
		}
	}
	for _, s := range p.steps {
		var err error
		if s.sibling == nil {
			all.Buckets, err = s.parent(s, &buckets{n.Name, all.Buckets})
		} else {
			for i := range all.Buckets {
				b := &all.Buckets[i]
				if b.Aggs, err = s.beside(b.Aggs); err != nil {
					return err
				}
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// beside adds the result of a sibling.
func (s *step) beside(results result.Aggs) (result.Aggs, error) {
	one, err := s.sibling(s, results)
	if err != nil {
		return nil, err
	}
	return append(results, s.named(one)), nil
}

func (s *step) named(one result.Agg) result.Named {
	return result.Named{Name: s.agg.Name, Meta: s.agg.Meta, Result: one}
}

func notInBuckets(s *step) error {
	return eserr.IllegalArgument("%s aggregation [%s] must be declared inside of an aggregation with several buckets", s.agg.Body.Kind(), s.agg.Name)
}

// numbers prints values as a request asks for: without a format not at all.
type numbers struct{ format *decimal.Format }

func newNumbers(pattern string) (numbers, error) {
	if pattern == "" {
		return numbers{}, nil
	}
	f, err := decimal.Compile(pattern)
	return numbers{f}, err
}

// text is "" without a format.
func (n numbers) text(x *float64) string {
	if n.format == nil || x == nil {
		return ""
	}
	return string(n.format.Append(nil, *x))
}

// simple is the result of most: a number, or null where there is none.
func (n numbers) simple(x float64) *result.Metric {
	v := finite(x)
	return &result.Metric{Kind: "simple_value", Value: v, AsString: n.text(v)}
}
