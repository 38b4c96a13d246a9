package exec

import (
	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"
)

// namedQuery is a clause with a _name: each hit says whether the clause matches it.
type namedQuery struct {
	name  string
	scope string // nested path whose objects it is about; "" for documents
	node  node
	query query.Query
}

// note remembers a clause that has a name.
func (c *compiler) note(q query.Query, n node) {
	if c.unnamed {
		return
	}
	c.plan.named = append(c.plan.named, &namedQuery{name: q.Base().Name, scope: c.scope, node: plainNode(n), query: q})
}

// scoreNamed compiles the named clauses once more, for their scores, whatever part they have in the query.
func (c *compiler) scoreNamed() error {
	if !c.plan.req.NamedScores {
		return nil
	}
	was := *c
	defer func() { *c = was }()
	c.unnamed, c.scoring, c.clause = true, true, nil
	for _, q := range c.plan.named {
		c.scope = q.scope
		n, err := c.compile(q.query)
		if err != nil {
			return err
		}
		q.node = n
	}
	return nil
}

// boundNamed is a named clause bound to the rows of hits.
type boundNamed struct {
	name    string
	matcher matcher
}

// bindNamed binds the clauses that are about the rows of a leaf.
func bindNamed(p *plan, scope string, l *leaf) ([]boundNamed, error) {
	var out []boundNamed
	for _, q := range p.named {
		if q.scope != scope {
			continue
		}
		m, err := q.node.bind(l)
		if err != nil {
			return nil, err
		}
		out = append(out, boundNamed{q.name, m})
	}
	return out, nil
}

// matchedNames notes with a hit the names of the clauses that match its row.
func (f *fetcher) matchedNames(row int, h *result.Hit) error {
	if len(f.named) == 0 {
		return nil
	}
	l := f.rows
	block := l.blockOf(row)
	at := row - l.blocks[block].FirstRow
	sel := column.NewBitmap(l.blocks[block].Rows)
	for _, q := range f.named {
		sel.Reset()
		sel.Set(at)
		if err := apply(q.matcher, block, sel); err != nil {
			return err
		}
		if !sel.Has(at) {
			continue
		}
		h.MatchedQueries = append(h.MatchedQueries, q.name)
		if !f.plan.req.NamedScores {
			continue
		}
		scores := make([]float64, column.BlockRows)
		if err := q.matcher.score(block, sel, scores); err != nil {
			return err
		}
		h.MatchedScores = append(h.MatchedScores, *printedScore(float64(float32(scores[at]))))
	}
	return nil
}
