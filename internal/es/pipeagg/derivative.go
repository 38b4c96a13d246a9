package pipeagg

import (
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/result"
)

func derivative(s *step, around *buckets) ([]result.Bucket, error) {
	body := s.agg.Body.(*agg.Derivative)
	print, path, err := s.prepare(&body.Pipe)
	if err != nil {
		return nil, err
	}
	var last, lastKey float64
	hasLast := false
	for i := range around.list {
		b := &around.list[i]
		x, ok, err := around.value(b, path, body.Gap)
		if err != nil {
			return nil, err
		}
		key, _ := b.Key.Float64()
		if ok && hasLast {
			d := &result.Derivative{Metric: *print.simple(x - last)}
			d.Kind = "derivative"
			if body.Unit != "" {
				d.HasUnit, d.Normalized = true, finite((x-last)/((key-lastKey)/body.UnitMillis))
				d.NormalizedAsString = print.text(d.Normalized)
			}
			s.add(b, d)
		}
		last, lastKey, hasLast = x, key, ok
	}
	return around.list, nil
}

// prepare reads format and path of a parent pipeline aggregation.
func (s *step) prepare(pipe *agg.Pipe) (numbers, []string, error) {
	print, err := newNumbers(pipe.Format)
	if err != nil {
		return print, nil, err
	}
	path, err := flat(pipe.Path)
	return print, path, err
}

// add adds a result to a bucket.
func (s *step) add(b *result.Bucket, one result.Agg) { b.Aggs = append(b.Aggs, s.named(one)) }
