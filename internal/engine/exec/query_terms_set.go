package exec

import (
	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
	"elkhorn/internal/painless"
)

// termsSetNode matches rows that match as many of its terms as they say themselves.
type termsSetNode struct {
	terms  []node
	field  *field // has the number; nil: no row has one
	weight float64
	// script computes the number; nil: the field has it.
	script *painless.Script
	params *painless.Map
	fields *fields
}

func compileTermsSet(c *compiler, q *query.TermsSet) (node, error) {
	if q.Script != nil {
		return c.termsSetScript(q)
	}
	terms, err := c.setTerms(q)
	if err != nil || len(terms) == 0 {
		return noneNode{}, err
	}
	if q.Minimum != "" {
		least, err := query.MinimumShouldMatch(q.Minimum, len(terms))
		if err != nil {
			return nil, err
		}
		if least = max(least, 1); least > len(terms) {
			return noneNode{}, nil
		}
		return &boolNode{should: terms, least: least, weight: q.Weight()}, nil
	}
	n := &termsSetNode{terms: terms, weight: q.Weight(), field: c.fields.lookup(q.MinimumField)}
	if n.field != nil {
		if err := n.field.numeric("minimum_should_match_field"); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// setTerms compiles each distinct term into a clause.
func (c *compiler) setTerms(q *query.TermsSet) ([]node, error) {
	if len(q.Terms) > maxQueryTokens {
		return nil, eserr.New(400, "too_many_clauses", "maxClauseCount is set to %d", maxQueryTokens)
	}
	var terms []node
	seen := map[query.Value]bool{}
	for _, v := range q.Terms {
		if seen[v] {
			continue
		}
		seen[v] = true
		n, err := compileTerm(c, &query.Term{Field: q.Field, Value: v})
		if err != nil {
			return nil, err
		}
		terms = append(terms, n)
	}
	return terms, nil
}

func (n *termsSetNode) bind(l *leaf) (matcher, error) {
	m := &termsSetMatcher{weight: n.weight, least: newRowNumbers(l, n.field)}
	switch {
	case n.script != nil:
		m.run = newScriptRun(n.script, n.params, 1, n.fields, l)
	case m.least.col == nil:
		return noneMatcher{}, nil
	}
	for _, t := range n.terms {
		one, err := t.bind(l)
		if err != nil {
			return nil, err
		}
		m.terms = append(m.terms, one)
	}
	return m, nil
}

type termsSetMatcher struct {
	terms  []matcher
	least  *rowNumbers
	run    *scriptRun // computes the number; nil: least has it
	weight float64
}

func (m *termsSetMatcher) cost() int {
	most := costNumber
	for _, t := range m.terms {
		most = max(most, t.cost())
	}
	return most
}

func (m *termsSetMatcher) bound(block int) bound {
	b := boundNone
	for _, t := range m.terms {
		b = b.or(t.bound(block))
	}
	return bound{b.granules, b.none()}
}

func (m *termsSetMatcher) filter(block int, sel column.Bitmap) error {
	counts := make([]int, len(sel)*64)
	for _, t := range m.terms {
		try := sel.Clone()
		if err := apply(t, block, try); err != nil {
			return err
		}
		for r := try.Next(0); r >= 0; r = try.Next(r + 1) {
			counts[r]++
		}
	}
	if err := m.least.load(block, sel); err != nil {
		return err
	}
	for r := sel.Next(0); r >= 0; r = sel.Next(r + 1) {
		least, ok, err := m.number(block, r)
		if err != nil {
			return err
		}
		if !ok || float64(counts[r]) < max(1, least) {
			sel.Clear(r)
		}
	}
	return nil
}

// number is how many terms a row wants; false when it does not say.
func (m *termsSetMatcher) number(block, row int) (float64, bool, error) {
	if m.run != nil {
		m.run.at(block, row)
		v, err := m.run.run()
		return v.Double(), true, err
	}
	list := m.least.at(row)
	if len(list) == 0 {
		return 0, false, nil
	}
	return pickFloat(list, modeMin), true, nil
}

func (m *termsSetMatcher) score(block int, matched column.Bitmap, scores []float64) error {
	return (&boolMatcher{should: m.terms, weight: m.weight}).score(block, matched, scores)
}
