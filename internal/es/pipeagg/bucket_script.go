package pipeagg

import (
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/result"
	"elkhorn/internal/painless"
)

func bucketScript(s *step, around *buckets) ([]result.Bucket, error) {
	body := s.agg.Body.(*agg.BucketScript)
	print, err := newNumbers(body.Format)
	if err != nil {
		return nil, err
	}
	paths, err := flatAll(body.Inputs)
	if err != nil {
		return nil, err
	}
	script, err := s.compile(body.Script, painless.BucketAggregation)
	if err != nil {
		return nil, err
	}
	for i := range around.list {
		if err := s.scripts.Stop(); err != nil {
			return nil, err
		}
		b := &around.list[i]
		skip, err := around.inputs(script, b, body.Inputs, paths, body.Gap, true)
		if err != nil {
			return nil, err
		}
		if skip {
			continue
		}
		v, err := script.script.Run(&script.env)
		switch {
		case err != nil:
			return nil, err
		case v.IsNull():
		case !v.IsNumber():
			return nil, notNumber(s.agg.Name, v)
		default:
			s.add(b, print.simple(v.Double()))
		}
	}
	return around.list, nil
}

func bucketSelector(s *step, around *buckets) ([]result.Bucket, error) {
	body := s.agg.Body.(*agg.BucketSelector)
	paths, err := flatAll(body.Inputs)
	if err != nil {
		return nil, err
	}
	script, err := s.compile(body.Script, painless.BucketSelector)
	if err != nil {
		return nil, err
	}
	kept := around.list[:0]
	for i := range around.list {
		if err := s.scripts.Stop(); err != nil {
			return nil, err
		}
		if _, err := around.inputs(script, &around.list[i], body.Inputs, paths, body.Gap, false); err != nil {
			return nil, err
		}
		keep, err := script.script.RunBool(&script.env)
		if err != nil {
			return nil, err
		}
		if keep {
			kept = append(kept, around.list[i])
		}
	}
	return kept, nil
}
