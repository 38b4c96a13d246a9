package exec

import (
	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/query"
)

// boostingNode matches what positive matches; what negative matches too scores less.
type boostingNode struct {
	positive, negative node
	factor, weight     float64
}

func compileBoosting(c *compiler, q *query.Boosting) (node, error) {
	positive, err := c.compile(q.Positive)
	if err != nil {
		return nil, err
	}
	negative, err := c.unscored([]query.Query{q.Negative})
	if err != nil {
		return nil, err
	}
	return &boostingNode{positive, negative[0], q.NegativeBoost, q.Weight()}, nil
}

func (n *boostingNode) bind(l *leaf) (matcher, error) {
	m, err := n.positive.bind(l)
	if err != nil {
		return nil, err
	}
	negative, err := n.negative.bind(l)
	if err != nil {
		return nil, err
	}
	return &boostingMatcher{m, n, negative}, nil
}

type boostingMatcher struct {
	matcher
	node     *boostingNode
	negative matcher
}

func (m *boostingMatcher) score(block int, matched column.Bitmap, scores []float64) error {
	one := make([]float64, len(scores))
	if err := m.matcher.score(block, matched, one); err != nil {
		return err
	}
	less := matched.Clone()
	if err := apply(m.negative, block, less); err != nil {
		return err
	}
	for r := matched.Next(0); r >= 0; r = matched.Next(r + 1) {
		factor := m.node.weight
		if less.Has(r) {
			factor *= m.node.factor
		}
		scores[r] += factor * one[r]
	}
	return nil
}
