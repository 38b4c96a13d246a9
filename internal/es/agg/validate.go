package agg

import (
	"net/http"
	"strings"

	"elkhorn/internal/es/eserr"
)

// validate checks what concerns more than one aggregation.
func validate(aggs []*Agg) error {
	return validateLevel(aggs, nil)
}

// validateLevel checks aggregations beside each other; parents are those around them, the innermost last.
func validateLevel(aggs []*Agg, parents []*Agg) error {
	for _, a := range aggs {
		if len(a.Subs) > 0 && a.Body.Family() == Pipeline {
			return eserr.IllegalArgument("Aggregation [%s] cannot define sub-aggregations", a.Name)
		}
		if len(a.Subs) > 0 && a.Body.Family() != Bucket {
			return eserr.New(http.StatusInternalServerError, "aggregation_initialization_exception",
				"Aggregator [%s] of type [%s] cannot accept sub-aggregations", a.Name, a.Body.Kind())
		}
		if _, global := a.Body.(*Global); global && len(parents) > 0 {
			return eserr.New(http.StatusInternalServerError, "aggregation_execution_exception",
				"Aggregation [%s] cannot have a global sub-aggregation [%s]. Global aggregations can only be defined as top level aggregations", parents[len(parents)-1].Name, a.Name)
		}
		if err := validateOrder(a); err != nil {
			return err
		}
		if rate, ok := a.Body.(*Rate); ok {
			if err := validateRate(rate, parents); err != nil {
				return err
			}
		}
		if err := checkComposite(a, parents); err != nil {
			return err
		}
		if err := checkSingle(a, parents); err != nil {
			return err
		}
		if err := validateLevel(a.Subs, append(parents[:len(parents):len(parents)], a)); err != nil {
			return err
		}
	}
	return nil
}

// validateRate checks that there is a unit of time around a rate that it can be brought to.
func validateRate(rate *Rate, parents []*Agg) error {
	var around *DateHistogram
	for _, a := range parents {
		if own, ok := a.Body.(*DateHistogram); ok {
			around = own
		}
	}
	if around == nil {
		return eserr.IllegalArgument("The rate aggregation can only be used inside a date histogram aggregation or composite aggregation with exactly one date histogram value source")
	}
	_, err := rate.Divisor(around, 0)
	return err
}

// validateOrder checks that what buckets are sorted by is there: _count, _key
// or a path to a number below.
func validateOrder(a *Agg) error {
	var orders []Order
	switch body := a.Body.(type) {
	case *Terms:
		orders = body.Order
	case *DateHistogram:
		orders = body.Order
	case *Histogram:
		orders = body.Order
	case *MultiTerms:
		orders = body.Order
	}
	for _, o := range orders {
		if o.Path == "_count" || o.Path == "_key" {
			continue
		}
		if err := validatePath(a, o.Path); err != nil {
			return err
		}
	}
	return nil
}

// checkSingle refuses what may not stand in an aggregation that makes several buckets.
func checkSingle(a *Agg, parents []*Agg) error {
	switch a.Body.(type) {
	case *RandomSampler:
		if len(parents) > 0 {
			return eserr.IllegalArgument("[random_sampler] aggregation [%s] must be a top level aggregation but was in [%s]", a.Name, parents[len(parents)-1].Name)
		}
	case *VariableWidthHistogram:
		for _, p := range parents {
			if !singleBucket[p.Body.Kind()] {
				return eserr.IllegalArgument("[variable_width_histogram] cannot be nested inside an aggregation that collects more than a single bucket.")
			}
		}
	}
	return nil
}

// singleBucket are the kinds that make one bucket, which paths may lead through.
var singleBucket = map[string]bool{
	"filter": true, "missing": true, "global": true, "nested": true, "reverse_nested": true,
	"sampler": true, "diversified_sampler": true, "random_sampler": true, "children": true, "parent": true,
}

// validatePath follows "bucket>bucket>metric.number" down from a.
func validatePath(a *Agg, path string) error {
	subs := a.Subs
	steps := strings.Split(path, ">")
	for i, step := range steps {
		sub, _ := findStep(subs, step)
		if sub == nil {
			return eserr.New(http.StatusBadRequest, "aggregation_execution_exception",
				"Invalid aggregation order path [%s]. The provided aggregation [%s] either does not exist, or is a pipeline aggregation and cannot be used to sort the buckets.", path, step)
		}
		if last := i == len(steps)-1; !last && sub.Body.Family() != Bucket {
			return eserr.New(http.StatusBadRequest, "aggregation_execution_exception",
				"Invalid aggregation order path [%s]. Can't descend into non-bucket aggregator [%s]", path, step)
		}
		if sub.Body.Family() == Bucket && !singleBucket[sub.Body.Kind()] {
			return eserr.New(http.StatusBadRequest, "aggregation_execution_exception",
				"Invalid aggregation order path [%s]. Buckets can only be sorted on a sub-aggregator path that is built out of zero or more "+
					"single-bucket aggregations within the path and a final single-bucket or a metrics aggregation at the path end. "+
					"[%s] is not single-bucket.", path, sub.Name)
		}
		subs = sub.Subs
	}
	return nil
}

// findStep finds the aggregation that one step of a path names, and the number
// within it: "latency", "latency.avg" or "latency[avg]". A name may hold dots
// itself; the longest name wins.
func findStep(subs []*Agg, step string) (sub *Agg, number string) {
	for _, a := range subs {
		rest, ok := strings.CutPrefix(step, a.Name)
		if !ok || a.Body.Family() == Pipeline || sub != nil && len(a.Name) < len(sub.Name) {
			continue
		}
		switch {
		case rest == "":
			sub, number = a, ""
		case rest[0] == '.':
			sub, number = a, rest[1:]
		case rest[0] == '[' && strings.HasSuffix(rest, "]"):
			sub, number = a, rest[1:len(rest)-1]
		}
	}
	return sub, number
}

// ResolveOrder follows an order's path below a: the aggregations passed on the
// way, the last of them holding the number, and the number's name within it
// ("" for the only one, else "avg", "99", "doc_count" and so on). ok is false
// for "_count", "_key" and paths that lead nowhere.
func ResolveOrder(a *Agg, path string) (steps []*Agg, number string, ok bool) {
	if path == "_count" || path == "_key" {
		return nil, "", false
	}
	subs := a.Subs
	for _, step := range strings.Split(path, ">") {
		sub, name := findStep(subs, step)
		if sub == nil {
			return nil, "", false
		}
		steps, number, subs = append(steps, sub), name, sub.Subs
	}
	return steps, number, true
}
