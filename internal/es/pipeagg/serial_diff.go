package pipeagg

import (
	"math"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/result"
)

func serialDiff(s *step, around *buckets) ([]result.Bucket, error) {
	body := s.agg.Body.(*agg.SerialDiff)
	print, path, err := s.prepare(&body.Pipe)
	if err != nil {
		return nil, err
	}
	values := make([]float64, len(around.list))
	for i := range around.list {
		b := &around.list[i]
		x, ok, err := around.value(b, path, body.Gap)
		if err != nil {
			return nil, err
		}
		if !ok {
			x = math.NaN()
		}
		values[i] = x
		if i < body.Lag {
			continue
		}
		if before := values[i-body.Lag]; !math.IsNaN(x) && !math.IsNaN(before) {
			s.add(b, print.simple(x-before))
		}
	}
	return around.list, nil
}
