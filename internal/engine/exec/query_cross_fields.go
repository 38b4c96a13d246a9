package exec

import (
	"cmp"
	"slices"

	"elkhorn/internal/es/query"
)

// crossFields takes some fields that are analyzed alike as if they were one: each word must be in any of them. A
// word's rarity is blended over the fields, so that a word which happens to be rare in one of them does not
// weigh more there. Fields of other analyzers, and those that are no text, are searched by themselves.
func (c *compiler) crossFields(q *query.MultiMatch, fields []query.FieldBoost) (node, error) {
	var groups [][]crossField
	var parts []node
	for _, fb := range fields {
		f := c.fields.lookup(fb.Field)
		if f == nil {
			continue
		}
		if f.class != classText {
			part, err := c.multiMatchField(q, fb)
			if err != nil {
				return nil, err
			}
			parts = append(parts, part)
			continue
		}
		if err := f.searchable(); err != nil {
			return nil, err
		}
		i := slices.IndexFunc(groups, func(g []crossField) bool { return g[0].field.analyzer == f.analyzer })
		if i < 0 {
			i = len(groups)
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], crossField{f, fb.Boost})
	}
	for _, g := range groups {
		part, err := c.crossGroup(q, g)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	switch len(parts) {
	case 0:
		return noneNode{}, nil
	case 1:
		return weighted(parts[0], q.Weight()), nil
	}
	return disMax(parts, q.TieBreaker, q.Weight()), nil
}

// weighted multiplies the scores of a clause.
func weighted(n node, weight float64) node {
	if weight == 1 {
		return n
	}
	return &boolNode{must: []node{n}, weight: weight}
}

// crossField is a field of a group with its boost.
type crossField struct {
	field *field
	boost float64
}

// crossGroup matches the words over fields of one analyzer.
func (c *compiler) crossGroup(q *query.MultiMatch, group []crossField) (node, error) {
	tokens, err := c.analyze(group[0].field, q.Analyzer, q.Text.Text)
	if err != nil {
		return nil, err
	}
	if len(tokens) == 0 {
		return c.zeroTerms(q.ZeroTermsAll, 1), nil
	}
	least, err := leastTerms(len(tokens), q.Operator, q.MinimumShouldMatch)
	if err != nil {
		return nil, err
	}
	n := &boolNode{least: least, weight: 1}
	for _, t := range tokens {
		part, err := c.blendedTerm(t.text, group, q.TieBreaker)
		if err != nil {
			return nil, err
		}
		n.should = append(n.should, part)
	}
	if least > len(n.should) {
		return noneNode{}, nil
	}
	return n, nil
}

// blendedTerm matches a word in any of the fields.
func (c *compiler) blendedTerm(word []byte, group []crossField, tieBreaker *float64) (node, error) {
	terms := make([]crossTerm, len(group))
	parts := make([]node, len(group))
	for i, g := range group {
		want := &textWant{least: 1}
		want.add(word)
		a, err := c.analyzer(g.field.indexAnalyzer)
		if err != nil {
			return nil, err
		}
		n := &textNode{field: g.field, want: want, analyzer: a, weight: g.boost}
		parts[i] = n
		if !c.scoring {
			continue
		}
		var dfs []int64
		if terms[i].stats, dfs, err = c.termStats(n); err != nil {
			return nil, err
		}
		terms[i].node, terms[i].df = n, dfs[0]
	}
	if c.scoring {
		blend(terms, c.documents())
		for _, t := range terms {
			t.node.scores = []*bm25{t.node.field.bm25(t.node.weight, idf(t.df, t.stats.docs), t.stats)}
			t.node.scores[0].dfs = []int64{t.df}
		}
	}
	return disMax(parts, tieBreaker, 1), nil
}

// crossTerm is a word in one field: its document frequency there, and the field's totals.
type crossTerm struct {
	node  *textNode
	df    int64
	stats fieldStats
}

// blend gives a word about the same document frequency in all fields that have it: the greatest there is. From the
// field in which it is most frequent to the one in which it is least, each step adds one, so that the
// field where the word belongs still scores best. It is Lucene's rule for blended terms. No field gets more documents
// than it has, which would make scores negative.
func blend(terms []crossTerm, documents int64) {
	if len(terms) < 2 {
		return
	}
	most, limit := int64(0), documents
	for i := range terms {
		most = max(most, terms[i].df)
		if terms[i].df > 0 {
			limit = min(limit, terms[i].stats.tokens)
		}
	}
	if most == 0 {
		return
	}
	order := make([]int, len(terms))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(terms[b].df, terms[a].df) })
	df, before := min(limit, most), terms[order[0]].df
	for _, i := range order {
		t := &terms[i]
		if t.df == 0 {
			break
		}
		if before > t.df {
			df++
		}
		before = t.df
		t.df = min(limit, df, t.stats.docs)
	}
}

// documents counts the rows that the clause being compiled is about, deleted ones too.
func (c *compiler) documents() int64 {
	n := int64(0)
	for _, s := range c.sources() {
		for _, b := range s.Segment.Blocks() {
			n += int64(b.Rows)
		}
	}
	return n
}
