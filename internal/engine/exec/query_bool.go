package exec

import (
	"slices"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

// maxClauses is how many clauses the groups of a query may have altogether. Elasticsearch's limit grows with its memory, from 1,024; for
// 8 GB and two processors it is more than this, with which compiling stays below a second.
const maxClauses = 65_536

func compileBool(c *compiler, q *query.Bool) (node, error) {
	if c.clauses += len(q.Must) + len(q.Filter) + len(q.Should) + len(q.MustNot); c.clauses > maxClauses {
		return nil, eserr.New(400, "too_many_nested_clauses", "Query contains too many nested clauses; maxClauseCount is set to %d", maxClauses)
	}
	n := &boolNode{weight: q.Weight()}
	for _, part := range []struct {
		from    []query.Query
		to      *[]node
		compile func([]query.Query) ([]node, error)
	}{{q.Must, &n.must, c.compileAll}, {q.Filter, &n.filter, c.unscored}, {q.Should, &n.should, c.compileAll}, {q.MustNot, &n.not, c.unscored}} {
		var err error
		if *part.to, err = part.compile(part.from); err != nil {
			return nil, err
		}
	}
	kept := *q
	if c.dropsEmpty {
		n.must, n.not = withoutEmpty(n.must), withoutEmpty(n.not)
		n.should = withoutEmpty(n.should)
		kept.Must, kept.Should = q.Must[:len(n.must)], q.Should[:len(n.should)] // as many; which ones does not matter
	}
	var err error
	if n.least, err = kept.RequiredShould(); err != nil {
		return nil, err
	}
	switch {
	case len(n.must)+len(n.filter)+len(n.should)+len(n.not) == 0:
		if c.dropsEmpty {
			return emptyNode{}, nil
		}
		return allNode{q.Weight()}, nil
	case n.least > len(n.should):
		return noneNode{}, nil
	}
	for _, part := range n.must {
		if isNone(part) {
			return noneNode{}, nil
		}
	}
	for _, part := range n.filter {
		if isNone(part) {
			return noneNode{}, nil
		}
	}
	return n, nil
}

func withoutEmpty(nodes []node) []node { return slices.DeleteFunc(nodes, isEmpty) }

func compileConstantScore(c *compiler, q *query.ConstantScore) (node, error) {
	nodes, err := c.unscored([]query.Query{q.Filter})
	if err != nil {
		return nil, err
	}
	return &constantNode{nodes[0], q.Weight()}, nil
}

// constantNode gives every match of a clause the same score.
type constantNode struct {
	node
	weight float64
}

func (n *constantNode) bind(l *leaf) (matcher, error) {
	m, err := n.node.bind(l)
	if err != nil {
		return nil, err
	}
	return &constantMatcher{matcher: m, constant: constant{n.weight}}, nil
}

type constantMatcher struct {
	matcher
	constant constant
}

func (m *constantMatcher) score(block int, matched column.Bitmap, scores []float64) error {
	return m.constant.score(block, matched, scores)
}
