package pipeagg

import (
	"math"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/result"
)

// sibling calls collect for each bucket that has a number.
func (s *step) eachBeside(beside result.Aggs, pipe *agg.Pipe, collect func(key string, x float64)) error {
	steps, err := agg.ParsePath(pipe.Path)
	if err != nil {
		return err
	}
	found := beside.Find(steps[0].Name)
	name := steps[0].Name
	rest := agg.Flatten(steps)[1:]
	for len(rest) > 0 {
		switch a := found.(type) {
		case *result.Single:
			found, name, rest = a.Aggs.Find(rest[0]), rest[0], rest[1:]
			continue
		case *result.Buckets:
			if len(rest) > 1 && rest[0][0] == '\'' {
				one, err := inBuckets(a, name, rest[:1])
				if err != nil {
					break
				}
				found, name, rest = one.(*result.Bucket).Aggs.Find(rest[1]), rest[1], rest[2:]
				continue
			}
		}
		break
	}
	multi, ok := found.(*result.Buckets)
	switch {
	case found == nil:
		return badPath("did not find multi-bucket aggregation for extraction.")
	case !ok:
		return badPath("did not find multi-bucket aggregation for extraction. Found [%s]", name)
	}
	b := &buckets{name, multi.Buckets}
	for i := range b.list {
		x, ok, err := b.value(&b.list[i], rest, pipe.Gap)
		if err != nil {
			return err
		}
		if ok && !math.IsNaN(x) {
			collect(keyText(&b.list[i]), x)
		}
	}
	return nil
}

func avgBucket(s *step, beside result.Aggs) (result.Agg, error) {
	var sum, n float64
	return s.oneNumber(beside, func(x float64) { sum, n = sum+x, n+1 }, func() float64 { return sum / n })
}

func sumBucket(s *step, beside result.Aggs) (result.Agg, error) {
	var sum float64
	return s.oneNumber(beside, func(x float64) { sum += x }, func() float64 { return sum })
}

// oneNumber adds up the numbers of all buckets.
func (s *step) oneNumber(beside result.Aggs, add func(x float64), total func() float64) (result.Agg, error) {
	body := s.agg.Body.(*agg.BucketMetric)
	print, err := newNumbers(body.Format)
	if err != nil {
		return nil, err
	}
	err = s.eachBeside(beside, &body.Pipe, func(_ string, x float64) { add(x) })
	return print.simple(total()), err
}

func maxBucket(s *step, beside result.Aggs) (result.Agg, error) {
	return s.outermost(beside, func(x, best float64) bool { return x > best })
}

func minBucket(s *step, beside result.Aggs) (result.Agg, error) {
	return s.outermost(beside, func(x, best float64) bool { return x < best })
}

// outermost finds the buckets with the best number.
func (s *step) outermost(beside result.Aggs, better func(x, best float64) bool) (result.Agg, error) {
	body := s.agg.Body.(*agg.BucketMetric)
	print, err := newNumbers(body.Format)
	if err != nil {
		return nil, err
	}
	best := math.NaN()
	keys := []string{}
	err = s.eachBeside(beside, &body.Pipe, func(key string, x float64) {
		switch {
		case math.IsNaN(best) || better(x, best):
			best, keys = x, append(keys[:0], key)
		case x == best:
			keys = append(keys, key)
		}
	})
	v := finite(best)
	return &result.BucketValue{Value: v, AsString: print.text(v), Keys: keys}, err
}
