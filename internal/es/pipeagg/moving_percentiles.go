package pipeagg

import (
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/result"
)

func movingPercentiles(s *step, around *buckets) ([]result.Bucket, error) {
	body := s.agg.Body.(*agg.MovingPercentiles)
	path, err := flat(body.Path)
	if err != nil {
		return nil, err
	}
	all := make([]*result.Percentiles, len(around.list))
	for i := range around.list {
		found, err := property(&around.list[i], around.name, path)
		if err != nil {
			return nil, eserr.IllegalArgument("buckets_path must reference a percentiles percentile aggregation")
		}
		p, ok := found.(*result.Percentiles)
		if !ok || p.Distribution == nil {
			return nil, eserr.IllegalArgument("buckets_path must reference a percentiles percentiles aggregation, got: [%s] at aggregation [%s]", className(found), around.first(path))
		}
		all[i] = p
	}
	for i := range around.list {
		from, to := clamp(i-body.Window+body.Shift, len(all)), clamp(i+body.Shift, len(all))
		if from >= to {
			continue
		}
		sum := all[from].Distribution.Clone()
		for _, p := range all[from+1 : to] {
			if err := sum.Add(p.Distribution); err != nil {
				return nil, err
			}
		}
		s.add(&around.list[i], all[0].Again(sum))
	}
	return around.list, nil
}

// clamp keeps a position inside a list.
func clamp(i, n int) int { return min(max(i, 0), n) }
