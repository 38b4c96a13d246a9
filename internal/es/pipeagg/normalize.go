package pipeagg

import (
	"math"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/result"
)

func normalize(s *step, around *buckets) ([]result.Bucket, error) {
	body := s.agg.Body.(*agg.Normalize)
	print, path, err := s.prepare(&body.Pipe)
	if err != nil {
		return nil, err
	}
	values := make([]float64, len(around.list))
	for i := range around.list {
		x, ok, err := around.value(&around.list[i], path, agg.GapSkip)
		if err != nil {
			return nil, err
		}
		if !ok {
			x = math.NaN()
		}
		values[i] = x
	}
	scale := normalizer(body.Method, values)
	for i, x := range values {
		s.add(&around.list[i], print.simple(scale(x)))
	}
	return around.list, nil
}

// normalizer makes the function of a method over numbers, of which NaN are left out. NaN stays NaN.
func normalizer(method string, values []float64) func(x float64) float64 {
	lo, hi, sum, n, exp := math.Inf(1), math.Inf(-1), 0.0, 0.0, 0.0
	for _, x := range values {
		if !math.IsNaN(x) {
			lo, hi, sum, n, exp = min(lo, x), max(hi, x), sum+x, n+1, exp+math.Exp(x)
		}
	}
	mean := sum / n
	switch method {
	case "rescale_0_1":
		return func(x float64) float64 { return (x - lo) / (hi - lo) }
	case "rescale_0_100":
		return func(x float64) float64 { return 100 * (x - lo) / (hi - lo) }
	case "mean":
		return func(x float64) float64 { return (x - mean) / (hi - lo) }
	case "percent_of_sum":
		return func(x float64) float64 { return x / sum }
	case "softmax":
		return func(x float64) float64 { return math.Exp(x) / exp }
	}
	squares := 0.0
	for _, x := range values {
		if !math.IsNaN(x) {
			squares += (x - mean) * (x - mean)
		}
	}
	deviation := math.Sqrt(squares / n)
	return func(x float64) float64 { return (x - mean) / deviation }
}
