package agg

import (
	"fmt"
	"strings"

	"elkhorn/internal/es/eserr"
)

// validatePipelines checks the pipeline aggregations of all levels. What is wrong is collected, as Elasticsearch
// does, and makes one error.
func validatePipelines(aggs []*Agg) error {
	v := &pipeValidation{}
	v.level(aggs, nil)
	if len(v.errors) == 0 {
		return nil
	}
	var text strings.Builder
	text.WriteString("Validation Failed: ")
	for i, e := range v.errors {
		fmt.Fprintf(&text, "%d: %s;", i+1, e)
	}
	return eserr.Validation("%s", text.String())
}

// pipeValidation collects what is wrong. siblings and parent are those of the level in hand.
type pipeValidation struct {
	errors   []string
	siblings []*Agg
	parent   *Agg // nil at the top
}

func (v *pipeValidation) add(text string) { v.errors = append(v.errors, text) }

func (v *pipeValidation) level(aggs []*Agg, parent *Agg) {
	v.siblings, v.parent = aggs, parent
	ordered, err := PipelineOrder(aggs)
	if err != nil {
		v.add(eserr.From(err).Reason)
	}
	for _, a := range ordered {
		a.Body.(Piped).check(v, a.Name)
	}
	for _, a := range aggs {
		v.level(a.Subs, a)
	}
}

// hasParent refuses an aggregation at the top that works on the buckets around it.
func (v *pipeValidation) hasParent(kind, name string) {
	if v.parent == nil {
		v.add(kind + " aggregation [" + name + "] must be declared inside of another aggregation")
	}
}

// parentIsOrdered refuses an aggregation that needs a sequence of buckets around it where there is none.
func (v *pipeValidation) parentIsOrdered(kind, name string) {
	const must = "] must have a histogram, date_histogram or auto_date_histogram as parent"
	switch {
	case v.parent == nil:
		v.add(kind + " aggregation [" + name + must + " but doesn't have a parent")
	case !isSequence(v.parent):
		v.add(kind + " aggregation [" + name + must)
	}
}

// isSequence says whether buckets stand in the order of a number that is their key.
func isSequence(a *Agg) bool {
	switch a.Body.Kind() {
	case "histogram", "date_histogram", "auto_date_histogram":
		return true
	}
	return false
}

// parentIsGapless is parentIsOrdered for what cannot do without empty buckets.
func (v *pipeValidation) parentIsGapless(kind, name string) {
	if v.parent == nil || !isSequence(v.parent) {
		v.parentIsOrdered(kind, name)
		return
	}
	least := int64(0)
	switch body := v.parent.Body.(type) {
	case *Histogram:
		least = body.MinDocCount
	case *DateHistogram:
		least = body.MinDocCount
	}
	if least != 0 {
		v.add("parent histogram of " + kind + " aggregation [" + name + "] must have min_doc_count of 0")
	}
}

// firstIsMulti follows a path through single buckets to the aggregation whose buckets are read.
func (v *pipeValidation) firstIsMulti(path, name string) {
	steps, err := ParsePath(path)
	if err != nil {
		v.add(eserr.From(err).Reason)
		return
	}
	at := findSub(v.siblings, steps[0].Name)
	for i := 1; at != nil && i < len(steps) && (steps[i-1].IsBucketKey() || isSingle(at) && len(at.Subs) > 0); i++ {
		at = findSub(at.Subs, steps[i].Name)
	}
	switch {
	case at == nil:
		v.add("buckets_path aggregation does not exist for aggregation [" + name + "]: " + path)
	case at.Body.Family() != Bucket || isSingle(at):
		v.add("The first aggregation in buckets_path must be a multi-bucket aggregation for aggregation [" + name + "] found :" +
			builderClass(at) + " for buckets path: " + path)
	}
}

// findSub finds an aggregation that is none of the pipeline.
func findSub(aggs []*Agg, name string) *Agg {
	for _, a := range aggs {
		if a.Name == name && a.Body.Family() != Pipeline {
			return a
		}
	}
	return nil
}

// isSingle says whether an aggregation makes one bucket.
func isSingle(a *Agg) bool {
	switch a.Body.Kind() {
	case "filter", "missing", "global", "nested", "reverse_nested", "sampler", "diversified_sampler", "random_sampler", "children", "parent":
		return true
	}
	return false
}

// builderClass is the name of Elasticsearch's class for a kind, which its message shows.
func builderClass(a *Agg) string {
	var name strings.Builder
	for _, word := range strings.Split(a.Body.Kind(), "_") {
		if word != "" {
			name.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	folder := "metrics"
	if a.Body.Family() == Bucket {
		folder = "bucket." + strings.ReplaceAll(a.Body.Kind(), "_", "")
	}
	return "org.elasticsearch.search.aggregations." + folder + "." + name.String() + "AggregationBuilder"
}

// PipelineOrder lists the modelled pipeline aggregations of one level so that each comes after those beside it that
// it reads. Its error is a path that leads nowhere, or a circle.
func PipelineOrder(aggs []*Agg) ([]*Agg, error) {
	o := &pipeOrder{aggs: aggs, state: map[*Agg]int{}}
	for _, a := range aggs {
		if _, ok := a.Body.(Piped); !ok {
			continue
		}
		if err := o.visit(a); err != nil {
			return nil, err
		}
	}
	return o.list, nil
}

type pipeOrder struct {
	aggs  []*Agg
	list  []*Agg
	state map[*Agg]int // 1 while being visited, 2 when done
}

func (o *pipeOrder) visit(a *Agg) error {
	switch o.state[a] {
	case 1:
		return eserr.IllegalArgument("Cyclical dependency found with pipeline aggregator [%s]", a.Name)
	case 2:
		return nil
	}
	o.state[a] = 1
	for _, path := range a.Body.(Piped).Paths() {
		if err := o.follow(path); err != nil {
			return err
		}
	}
	o.state[a] = 2
	o.list = append(o.list, a)
	return nil
}

// follow checks that the aggregations on a path are there, and visits the one it begins with if that is of the pipeline.
func (o *pipeOrder) follow(path string) error {
	if path == "_count" || path == "_key" {
		return nil
	}
	steps, err := ParsePath(path)
	if err != nil {
		return err
	}
	at := findSub(o.aggs, steps[0].Name)
	if at == nil {
		for _, a := range o.aggs {
			if _, ok := a.Body.(Piped); ok && a.Name == steps[0].Name {
				return o.visit(a)
			}
		}
		return eserr.IllegalArgument("No aggregation found for path [%s]", path)
	}
	for i := 1; i < len(steps); i++ {
		last, name := i == len(steps)-1, steps[i].Name
		if last && (strings.EqualFold(name, "_key") || name == "_count") {
			break
		}
		next := findSub(at.Subs, name)
		if next == nil && last {
			next = findPiped(at.Subs, name)
		}
		if next == nil {
			return eserr.IllegalArgument("No aggregation [%s] found for path [%s]", name, path)
		}
		at = next
	}
	return nil
}

func findPiped(aggs []*Agg, name string) *Agg {
	for _, a := range aggs {
		if a.Name == name && a.Body.Family() == Pipeline {
			return a
		}
	}
	return nil
}
