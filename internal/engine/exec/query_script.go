package exec

import (
	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/query"
	"elkhorn/internal/painless"
)

func compileScript(c *compiler, q *query.Script) (node, error) {
	script, err := q.Script.Compile(painless.Filter, c.plan.req.StoredScript)
	if err != nil {
		return nil, err
	}
	c.plan.volatile = c.plan.volatile || q.Script.ID != "" // whose text may change
	return &scriptNode{script: script, params: q.Script.Params, fields: c.fields, weight: q.Weight()}, nil
}

// scriptNode matches the rows for which a script says so. It is asked last, of the rows that all other clauses leave.
type scriptNode struct {
	script *painless.Script
	params *painless.Map
	fields *fields
	weight float64
}

func (n *scriptNode) bind(l *leaf) (matcher, error) {
	return &scriptMatcher{constant{n.weight}, newScriptRun(n.script, n.params, 1, n.fields, l), l}, nil
}

type scriptMatcher struct {
	constant
	run  *scriptRun
	leaf *leaf
}

func (*scriptMatcher) bound(int) bound { return boundUnknown }
func (*scriptMatcher) cost() int       { return costDocument }

// scriptRows is how many rows a script runs on before it is asked whether the search has ended.
const scriptRows = 256

func (m *scriptMatcher) filter(block int, sel column.Bitmap) error {
	count := 0
	for row := sel.Next(0); row >= 0; row = sel.Next(row + 1) {
		if count++; count%scriptRows == 0 {
			if err := m.leaf.acct.check(); err != nil {
				return err
			}
		}
		m.run.at(block, row)
		is, err := m.run.test()
		if err != nil {
			return err
		}
		if !is {
			sel.Clear(row)
		}
	}
	return nil
}
