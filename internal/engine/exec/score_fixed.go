package exec

// fixedScore says whether every match of a clause scores the same, and how much. Then the best by score
// are the first to arrive, and a search can stop when it has enough.
func fixedScore(n node) (score float64, ok bool) {
	switch n := plainNode(n).(type) {
	case allNode:
		return n.weight, true
	case noneNode:
		return 0, true
	case *constantNode:
		return n.weight, true
	case *intRangeNode:
		return n.weight, true
	case *intSetNode:
		return n.weight, true
	case *floatRangeNode:
		return n.weight, true
	case *floatSetNode:
		return n.weight, true
	case *fixedRangesNode:
		return n.weight, true
	case *stringNode:
		return n.weight, true
	case *presentNode:
		return n.weight, true
	case *idsNode:
		return n.weight, true
	case *textNode:
		return n.weight, n.scores == nil
	case *boolNode:
		return n.fixedScore()
	case *nestedNode:
		return n.fixedScore()
	}
	return 0, false
}

func (n *boolNode) fixedScore() (score float64, ok bool) {
	if len(n.should) > 0 {
		return 0, false
	}
	sum := 0.0
	for _, must := range n.must {
		score, ok := fixedScore(must)
		if !ok {
			return 0, false
		}
		sum += score
	}
	return sum * n.weight, true
}
