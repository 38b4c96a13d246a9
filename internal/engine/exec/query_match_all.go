package exec

import "elkhorn/internal/es/query"

func compileMatchAll(_ *compiler, q *query.MatchAll) (node, error) {
	return allNode{q.Weight()}, nil
}

func compileMatchNone(*compiler, *query.MatchNone) (node, error) { return noneNode{}, nil }
