package exec

import "elkhorn/internal/engine/column"

// bestNode matches like a bool of optional clauses, but scores a match by its best clause plus a share
// of the others (Lucene's disjunction max).
type bestNode struct {
	*boolNode
	tie float64
}

func (n *bestNode) bind(l *leaf) (matcher, error) {
	m, err := n.boolNode.bind(l)
	if err != nil {
		return nil, err
	}
	return &bestMatcher{m.(*boolMatcher), n.tie}, nil
}

type bestMatcher struct {
	*boolMatcher
	tie float64
}

func (m *bestMatcher) score(block int, matched column.Bitmap, scores []float64) error {
	best := make([]float64, len(scores))
	sum := make([]float64, len(scores))
	one := make([]float64, len(scores))
	for _, c := range m.should {
		try := matched.Clone()
		if err := apply(c, block, try); err != nil {
			return err
		}
		clear(one)
		if err := c.score(block, try, one); err != nil {
			return err
		}
		for r := try.Next(0); r >= 0; r = try.Next(r + 1) {
			best[r] = max(best[r], one[r])
			sum[r] += one[r]
		}
	}
	for r := matched.Next(0); r >= 0; r = matched.Next(r + 1) {
		scores[r] += m.weight * (best[r] + m.tie*(sum[r]-best[r]))
	}
	return nil
}
