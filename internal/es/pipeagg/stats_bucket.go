package pipeagg

import (
	"math"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/result"
)

func statsBucket(s *step, beside result.Aggs) (result.Agg, error) {
	out, _, err := s.stats(beside, &s.agg.Body.(*agg.BucketMetric).Pipe)
	return out, err
}

func extendedStatsBucket(s *step, beside result.Aggs) (result.Agg, error) {
	body := s.agg.Body.(*agg.ExtendedStatsBucket)
	out, squares, err := s.stats(beside, &body.Pipe)
	if err != nil {
		return nil, err
	}
	m := &result.Moments{SumOfSquares: squares, Sigma: body.Sigma}
	if n := float64(out.Count); n > 0 {
		spread := max(squares-out.Sum*out.Sum/n, 0)
		m.Variance, m.StdDev = withRoot(spread / n)
		m.VariancePopulation, m.StdDevPopulation = m.Variance, m.StdDev
		m.VarianceSampling, m.StdDevSampling = withRoot(spread / (n - 1))
	}
	out.Extended = m
	return out, nil
}

func withRoot(variance float64) (v, deviation *float64) {
	root := math.Sqrt(variance)
	return &variance, &root
}

// stats computes what the two have in common, and the sum of squares.
func (s *step) stats(beside result.Aggs, pipe *agg.Pipe) (*result.Stats, float64, error) {
	print, err := newNumbers(pipe.Format)
	if err != nil {
		return nil, 0, err
	}
	out := &result.Stats{Kind: s.agg.Body.Kind(), Min: math.Inf(1), Max: math.Inf(-1)}
	if print.format != nil {
		out.Format = func(x float64) string { return print.text(&x) }
	}
	squares := 0.0
	err = s.eachBeside(beside, pipe, func(_ string, x float64) {
		out.Count++
		out.Sum += x
		out.Min, out.Max = min(out.Min, x), max(out.Max, x)
		squares += x * x
	})
	return out, squares, err
}
