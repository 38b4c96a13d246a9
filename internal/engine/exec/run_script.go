package exec

import (
	"context"

	"elkhorn/internal/es/query"
	"elkhorn/internal/painless"
)

// RunScript runs a script on the first document of an index, as if a search had come to it: it returns the script's value, or
// what it emitted. A query, nil for none, says what _score is.
func RunScript(ctx context.Context, ix Index, spec *painless.Spec, in painless.Context, q query.Query, req *Request) (value painless.Value, emitted []painless.Value, err error) {
	script, err := spec.Compile(in, req.StoredScript)
	if err != nil {
		return painless.Null, nil, err
	}
	score := 0.0
	if q != nil {
		req.Query, req.Size = q, 1
		found, err := Search(ctx, []Index{ix}, req)
		if err != nil {
			return painless.Null, nil, err
		}
		if h := found.Hits.Hits; len(h) > 0 && h[0].Score != nil {
			score = *h[0].Score
		}
	}
	full, err := withRuntime(&ix, &Request{StoredScript: req.StoredScript})
	if err != nil {
		return painless.Null, nil, err
	}
	run := newScriptRun(script, spec.Params, max(len(in.Vars), 1), &fields{index: full}, newLeaf(full.Sources[0], nil))
	for i, v := range in.Vars {
		if v.Name == "_score" {
			run.env.Vars[i] = painless.DoubleOf(score)
		}
	}
	run.env.Emit = func(v painless.Value) { emitted = append(emitted, v) }
	run.at(0, 0)
	value, err = run.run()
	return value, emitted, err
}
