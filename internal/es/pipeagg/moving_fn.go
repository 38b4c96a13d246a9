package pipeagg

import (
	"math"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/result"
	"elkhorn/internal/painless"
)

// movingFn runs a script over a window of numbers. Buckets without one have no place in the window.
func movingFn(s *step, around *buckets) ([]result.Bucket, error) {
	body := s.agg.Body.(*agg.MovingFn)
	print, path, err := s.prepare(&body.Pipe)
	if err != nil {
		return nil, err
	}
	script, err := s.compile(body.Script, painless.MovingFunction)
	if err != nil {
		return nil, err
	}
	var values []painless.Value
	var at []int // position of the bucket of each
	for i := range around.list {
		x, ok, err := around.value(&around.list[i], path, body.Gap)
		if err != nil {
			return nil, err
		}
		if ok && !math.IsNaN(x) {
			values, at = append(values, painless.DoubleOf(x)), append(at, i)
		}
	}
	params := painless.MapOf(script.newParams())
	for n, i := range at {
		if err := s.scripts.Stop(); err != nil {
			return nil, err
		}
		from, to := clamp(n-body.Window+body.Shift, len(values)), clamp(n+body.Shift, len(values))
		window := append([]painless.Value(nil), values[min(from, to):to]...) // a script may change it
		script.env.Vars = append(script.env.Vars[:0], params, painless.ListOf(window...))
		v, err := script.script.Run(&script.env)
		if err != nil {
			return nil, err
		}
		s.add(&around.list[i], print.simple(v.Double()))
	}
	return around.list, nil
}
