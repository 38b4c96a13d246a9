package exec

import "elkhorn/internal/es/query"

func compileDisMax(c *compiler, q *query.DisMax) (node, error) {
	parts, err := c.compileAll(q.Queries)
	if err != nil {
		return nil, err
	}
	return disMax(parts, q.TieBreaker, q.Weight()), nil
}

// disMax scores by the best of some clauses.
func disMax(parts []node, tieBreaker *float64, weight float64) node {
	n := &bestNode{boolNode: &boolNode{should: parts, least: 1, weight: weight}}
	if tieBreaker != nil {
		n.tie = *tieBreaker
	}
	return n
}
