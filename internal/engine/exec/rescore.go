package exec

import (
	"cmp"
	"slices"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

// checkRescore refuses what cannot go together with rescoring.
func checkRescore(req *Request) error {
	switch {
	case len(req.Rescore) == 0:
	case len(req.Sort) > 0:
		return eserr.IllegalArgument("Cannot use [sort] option in conjunction with [rescore].")
	case req.Collapse != nil:
		return eserr.SearchPhase("query", eserr.ShardFailure{Err: eserr.IllegalArgument("cannot use `collapse` in conjunction with `rescore`")})
	case req.Scroll:
		return eserr.IllegalArgument("using [rescore] is not allowed in a scroll context")
	case req.Explain:
		return eserr.Unsupported("[explain] of a search with [rescore]")
	}
	return nil
}

// rescoreWindow is how many documents a search has to keep for its rescorers.
func (r *Request) rescoreWindow() int {
	window := 0
	for _, one := range r.Rescore {
		window = max(window, one.Window)
	}
	return window
}

// rescorer is a rescorer compiled against one index.
type rescorer struct {
	*query.Rescore
	node node
}

func (c *compiler) rescorers(list []*query.Rescore) ([]rescorer, error) {
	was := c.scoring
	c.scoring = true
	defer func() { c.scoring = was }()
	var out []rescorer
	for _, r := range list {
		n, err := c.compile(r.Query)
		if err != nil {
			return nil, err
		}
		out = append(out, rescorer{r, n})
	}
	return out, nil
}

// rescore scores the best of what was found anew, and orders all by the new scores.
func (s *search) rescore(found []candidate, acct *account) error {
	for step, r := range s.req.Rescore {
		seen := make([]int, len(s.plans))
		best := make([]*candidate, 0, min(r.Window, len(found)))
		for i := range found {
			c := &found[i]
			if seen[c.plan]++; seen[c.plan] <= r.Window {
				best = append(best, c)
			} else {
				c.score *= r.QueryWeight
			}
		}
		slices.SortFunc(best, func(a, b *candidate) int {
			return cmp.Or(cmp.Compare(a.plan, b.plan), cmp.Compare(a.source, b.source), cmp.Compare(a.row, b.row))
		})
		for len(best) > 0 {
			n, err := s.rescoreSource(step, best, acct)
			if err != nil {
				return err
			}
			best = best[n:]
		}
		slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	}
	return nil
}

// rescoreSource scores those of the candidates that lie in the same segment as the first; it returns their number.
func (s *search) rescoreSource(step int, list []*candidate, acct *account) (int, error) {
	p := s.plans[list[0].plan]
	l := p.leaf(list[0].source, acct)
	r := p.rescore[step]
	m, err := r.node.bind(l)
	if err != nil {
		return 0, err
	}
	sel := column.NewBitmap(column.BlockRows)
	scores := make([]float64, column.BlockRows)
	at := 0
	for at < len(list) && list[at].plan == list[0].plan && list[at].source == list[0].source {
		if err := acct.check(); err != nil {
			return 0, err
		}
		block := l.blockOf(list[at].row)
		info, from := l.blocks[block], at
		sel.Reset()
		clear(scores)
		for ; at < len(list) && list[at].plan == list[0].plan && list[at].source == list[0].source && list[at].row < info.FirstRow+info.Rows; at++ {
			sel.Set(list[at].row - info.FirstRow)
		}
		rows := sel[:(info.Rows+63)/64]
		l.want(block, nil)
		if err := apply(m, block, rows); err != nil {
			return 0, err
		}
		if rows.Any() {
			if err := m.score(block, rows, scores); err != nil {
				return 0, err
			}
		}
		for _, c := range list[from:at] {
			row := c.row - info.FirstRow
			c.score = r.Combine(c.score, scores[row], rows.Has(row))
		}
	}
	return at, nil
}
