package query

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// ScriptScore matches what Inner matches; a script computes the score.
type ScriptScore struct {
	Common
	Inner Query
	// Script is raw JSON.
	Script []byte
	// MinScore leaves out documents that score less; nil for none.
	MinScore *float64
}

// Kind returns "script_score".
func (*ScriptScore) Kind() string { return "script_score" }

func (q *ScriptScore) children() []Query { return []Query{q.Inner} }

func (q *ScriptScore) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Key("query")
	w.Value(func(dst []byte) []byte { return Append(dst, q.Inner) })
	w.Raw("script", q.Script)
	if q.MinScore != nil {
		w.Float("min_score", *q.MinScore)
	}
	q.write(&w)
	return w.End()
}

func parseScriptScore(p *parser, n *jsonval.Node) (Query, error) {
	q := &ScriptScore{}
	err := p.strict(n, "script_score", &q.Common, options{
		"query":     p.clause(&q.Inner),
		"script":    p.script(&q.Script),
		"min_score": p.float(&q.MinScore),
	})
	switch {
	case err != nil:
		return nil, err
	case q.Inner == nil:
		return nil, eserr.IllegalArgument("Required [query]")
	case q.Script == nil:
		return nil, eserr.IllegalArgument("Required [script]")
	}
	return q, nil
}

// script keeps a script as written: an object, or the source alone.
func (p *parser) script(target *[]byte) option {
	return func(at place, n *jsonval.Node) error {
		if n.Kind != jsonval.Object && n.Kind != jsonval.String {
			return at.unknownToken(n)
		}
		*target = append([]byte(nil), n.Raw...)
		return nil
	}
}
