package pipeagg

import (
	"cmp"
	"math"
	"slices"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/result"
)

func bucketSort(s *step, around *buckets) ([]result.Bucket, error) {
	body := s.agg.Body.(*agg.BucketSort)
	list := around.list
	if len(body.Sort) > 0 && body.From < len(list) {
		sorted, err := around.sorted(body)
		if err != nil {
			return nil, err
		}
		list = sorted
	}
	list = list[min(body.From, len(list)):]
	if body.Size != nil {
		list = list[:min(*body.Size, len(list))]
	}
	return list, nil
}

// sortable is a bucket with what it is sorted by.
type sortable struct {
	bucket *result.Bucket
	values []sortValue
}

type sortValue struct {
	number float64
	text   string
	none   bool
}

// sorted are the buckets that have something to sort by, in order; equal ones stay as they stood.
func (b *buckets) sorted(body *agg.BucketSort) ([]result.Bucket, error) {
	paths := make([][]string, len(body.Sort))
	for i, k := range body.Sort {
		var err error
		if paths[i], err = flat(k.Field); err != nil {
			return nil, err
		}
	}
	var list []sortable
	for i := range b.list {
		one := sortable{bucket: &b.list[i]}
		any := false
		for _, path := range paths {
			v, err := b.sortValue(one.bucket, path, body.Gap)
			if err != nil {
				return nil, err
			}
			any = any || !v.none
			one.values = append(one.values, v)
		}
		if any {
			list = append(list, one)
		}
	}
	slices.SortStableFunc(list, func(x, y sortable) int {
		for i, k := range body.Sort {
			if c := x.values[i].compare(&y.values[i], k.Desc); c != 0 {
				return c
			}
		}
		return 0
	})
	out := make([]result.Bucket, len(list))
	for i := range list {
		out[i] = *list[i].bucket
	}
	return out, nil
}

func (b *buckets) sortValue(bucket *result.Bucket, path []string, gap agg.GapPolicy) (sortValue, error) {
	if len(path) == 1 && path[0] == "_key" {
		if x, ok := bucket.Key.Float64(); ok && bucket.Key.Kind == jsonval.Number {
			return sortValue{number: x}, nil
		}
		return sortValue{text: keyText(bucket)}, nil
	}
	x, ok, err := b.value(bucket, path, gap)
	return sortValue{number: x, none: !ok || gap.Skippable() && math.IsNaN(x)}, err
}

// compare puts what has no value last.
func (v *sortValue) compare(o *sortValue, desc bool) int {
	switch {
	case v.none || o.none:
		n := 0
		if v.none {
			n++
		}
		if o.none {
			n--
		}
		return n
	case desc:
		return -cmp.Or(cmp.Compare(v.number, o.number), cmp.Compare(v.text, o.text))
	}
	return cmp.Or(cmp.Compare(v.number, o.number), cmp.Compare(v.text, o.text))
}
