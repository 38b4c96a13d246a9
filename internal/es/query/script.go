package query

import (
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/painless"
)

// Script matches the documents for which a script says true.
type Script struct {
	Common
	Script *painless.Spec
}

// Kind returns "script".
func (*Script) Kind() string { return "script" }

func (q *Script) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Raw("script", q.Script.Raw)
	q.write(&w)
	return w.End()
}

func parseScript(p *parser, n *jsonval.Node) (Query, error) {
	q := &Script{}
	err := p.options(n, "script", &q.Common, options{"script": func(at place, n *jsonval.Node) (err error) {
		if n.Kind == jsonval.Array {
			return p.fail(n, "[script] query does not support an array of scripts. Use a bool query with a clause per script instead.")
		}
		q.Script, err = painless.ParseSpec(n)
		return err
	}})
	if err != nil {
		return nil, err
	}
	if q.Script == nil {
		return nil, p.fail(n, "script must be provided with a [script] query")
	}
	return q, nil
}
