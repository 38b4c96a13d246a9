package exec

import (
	"math"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
	"elkhorn/internal/painless"
)

// compileScriptScore is a function_score of one function that replaces the score.
func compileScriptScore(c *compiler, q *query.ScriptScore) (node, error) {
	was := c.scoring
	c.scoring = c.scoring || q.MinScore != nil
	defer func() { c.scoring = was }()
	inner, err := c.compile(q.Inner)
	if err != nil {
		return nil, err
	}
	f, err := c.scriptFunction(q.Script)
	if err != nil {
		return nil, err
	}
	f.(*scriptScore).boost = q.Weight()
	return &functionScoreNode{inner: inner, functions: []weightedFunction{{function: f, weight: 1}}, boostMode: "replace", maxBoost: math.Inf(1), minScore: q.MinScore, weight: 1}, nil
}

// scriptScore computes scores by a script.
type scriptScore struct {
	script *painless.Script
	params *painless.Map
	fields *fields
	boost  float64
}

// scriptSpec compiles a script of a clause.
func (c *compiler) scriptSpec(raw []byte, ctx painless.Context) (*painless.Script, *painless.Spec, error) {
	n, err := jsonval.Parse(raw)
	if err != nil {
		return nil, nil, err
	}
	spec, err := painless.ParseSpec(n)
	if err != nil {
		return nil, nil, err
	}
	script, err := spec.Compile(ctx, c.plan.req.StoredScript)
	if err == nil && spec.ID != "" { // its text may change
		c.plan.volatile = true
	}
	return script, spec, err
}

// scriptFunction compiles the script of a function.
func (c *compiler) scriptFunction(raw []byte) (scoreFunction, error) {
	script, spec, err := c.scriptSpec(raw, painless.Score)
	if err != nil {
		return nil, err
	}
	return &scriptScore{script: script, params: spec.Params, fields: c.fields, boost: 1}, nil
}

func (s *scriptScore) bind(l *leaf) (boundFunction, error) {
	return &boundScript{s, newScriptRun(s.script, s.params, 2, s.fields, l), l}, nil
}

type boundScript struct {
	node *scriptScore
	run  *scriptRun
	leaf *leaf
}

func (b *boundScript) values(block int, rows column.Bitmap, scores, out []float64) error {
	count := 0
	for r := rows.Next(0); r >= 0; r = rows.Next(r + 1) {
		if count++; count%scriptRows == 0 {
			if err := b.leaf.acct.check(); err != nil {
				return err
			}
		}
		b.run.at(block, r)
		b.run.env.Vars[1] = painless.DoubleOf(scores[r])
		v, err := b.run.run()
		if err != nil {
			return err
		}
		score := v.Double()
		if score < 0 || math.IsNaN(score) {
			return eserr.IllegalArgument("script_score script returned an invalid score [%s] for doc [%d]. Must be a non-negative score!", floatScalar(score, 32).Text, r)
		}
		out[r] = score * b.node.boost
	}
	return nil
}

// termsSetScript is a terms_set whose number of terms a script computes.
func (c *compiler) termsSetScript(q *query.TermsSet) (node, error) {
	terms, err := c.setTerms(q)
	if err != nil || len(terms) == 0 {
		return noneNode{}, err
	}
	script, spec, err := c.scriptSpec(q.Script, painless.TermsSet)
	if err != nil {
		return nil, err
	}
	params := painless.NewMap()
	if spec.Params != nil {
		for i := range spec.Params.Len() {
			params.Set(spec.Params.Entry(i))
		}
	}
	params.SetText("num_terms", painless.IntOf(int32(len(terms))))
	return &termsSetNode{terms: terms, weight: q.Weight(), script: script, params: params.ReadOnly(), fields: c.fields}, nil
}
