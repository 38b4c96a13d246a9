package pipeagg

import (
	"math"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/result"
)

func cumulativeSum(s *step, around *buckets) ([]result.Bucket, error) {
	body := s.agg.Body.(*agg.CumulativeSum)
	print, path, err := s.prepare(&body.Pipe)
	if err != nil {
		return nil, err
	}
	sum := 0.0
	for i := range around.list {
		b := &around.list[i]
		x, ok, err := around.value(b, path, agg.GapZeros)
		if err != nil {
			return nil, err
		}
		if ok && !math.IsNaN(x) {
			sum += x
		}
		s.add(b, print.simple(sum))
	}
	return around.list, nil
}

func cumulativeCardinality(s *step, around *buckets) ([]result.Bucket, error) {
	body := s.agg.Body.(*agg.CumulativeCardinality)
	print, path, err := s.prepare(&body.Pipe)
	if err != nil {
		return nil, err
	}
	var all result.Distinct
	for i := range around.list {
		b := &around.list[i]
		found, err := property(b, around.name, path)
		if err != nil {
			return nil, eserr.IllegalArgument("buckets_path must reference a cardinality aggregation, got: [null] at aggregation [%s]", around.first(path))
		}
		m, ok := found.(*result.Metric)
		if !ok || m.Distinct == nil {
			return nil, badPath("buckets_path must reference a cardinality aggregation, got: [%s] at aggregation [%s]", className(found), around.first(path))
		}
		if all == nil {
			all = m.Distinct.Clone()
		} else if err := all.Add(m.Distinct); err != nil {
			return nil, err
		}
		count := float64(all.Count())
		s.add(b, &result.Metric{Kind: "simple_long_value", Value: &count, Integral: true, AsString: print.text(&count)})
	}
	return around.list, nil
}
