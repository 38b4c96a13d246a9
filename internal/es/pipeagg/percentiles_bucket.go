package pipeagg

import (
	"math"
	"slices"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/result"
)

// percentilesBucket picks from the sorted numbers; it does not interpolate.
func percentilesBucket(s *step, beside result.Aggs) (result.Agg, error) {
	body := s.agg.Body.(*agg.PercentilesBucket)
	print, err := newNumbers(body.Format)
	if err != nil {
		return nil, err
	}
	var all []float64
	if err := s.eachBeside(beside, &body.Pipe, func(_ string, x float64) { all = append(all, x) }); err != nil {
		return nil, err
	}
	slices.Sort(all)
	out := &result.Percentiles{Kind: "percentiles_bucket", Keyed: !body.Unkeyed}
	for _, percent := range body.Percents {
		one := result.Percentile{Percent: percent}
		if len(all) > 0 {
			one.Value = &all[int(math.Floor(percent/100*float64(len(all)-1)+0.5))]
		}
		one.AsString = print.text(one.Value)
		out.Points = append(out.Points, one)
	}
	return out, nil
}
