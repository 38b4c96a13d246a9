package exec

import (
	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

// combinedNode matches words over several text fields. They are scored as if the fields were one: a word counts in each field as often
// as the field's boost says, and the lengths are added (BM25F).
type combinedNode struct {
	node
	fields []crossField
	words  *textWant
	evals  []Analyzer
	scores []*bm25
}

func compileCombinedFields(c *compiler, q *query.CombinedFields) (node, error) {
	list, err := c.searchFields(q.Fields)
	if err != nil {
		return nil, err
	}
	var fields []crossField
	for _, fb := range list {
		f := c.fields.lookup(fb.Field)
		switch {
		case f == nil:
			continue
		case f.class != classText:
			return nil, eserr.IllegalArgument("Field [%s] of type [%s] does not support [combined_fields] queries", f.name, f.typ)
		case len(fields) > 0 && fields[0].field.analyzer != f.analyzer:
			return nil, eserr.IllegalArgument("All fields in [combined_fields] query must have the same search analyzer")
		}
		if err := f.searchable(); err != nil {
			return nil, err
		}
		fields = append(fields, crossField{f, fb.Boost})
	}
	if len(fields) == 0 {
		return noneNode{}, nil
	}
	tokens, err := c.analyze(fields[0].field, "", q.Text.Text)
	if err != nil {
		return nil, err
	}
	if len(tokens) == 0 {
		return c.zeroTerms(q.ZeroTermsAll, q.Weight()), nil
	}
	least, err := leastTerms(len(tokens), q.Operator, q.MinimumShouldMatch)
	if err != nil {
		return nil, err
	}
	if least > len(tokens) {
		return noneNode{}, nil
	}
	n := &combinedNode{fields: fields, words: &textWant{least: least}}
	for _, t := range tokens {
		n.words.add(t.text)
	}
	return n, c.combine(n, tokens, q.Weight())
}

// combine makes the clause that finds the rows, and the scores.
func (c *compiler) combine(n *combinedNode, tokens []queryToken, weight float64) error {
	was := c.scoring
	c.scoring = false
	any := &boolNode{least: n.words.least, weight: 1}
	for _, t := range tokens {
		word := &boolNode{least: 1, weight: 1}
		for _, f := range n.fields {
			part, err := c.textTerms(f.field, []string{string(t.text)}, false, 1)
			if err != nil {
				return err
			}
			word.should = append(word.should, part)
		}
		any.should = append(any.should, word)
	}
	c.scoring = was
	n.node = any
	dfs := make([]int64, len(n.words.terms))
	var docs, length int64
	for _, f := range n.fields {
		a, err := c.analyzer(f.field.indexAnalyzer)
		if err != nil {
			return err
		}
		n.evals = append(n.evals, a)
		if !c.scoring {
			continue
		}
		stats, one, err := c.termStats(&textNode{field: f.field, want: n.words, analyzer: a})
		if err != nil {
			return err
		}
		docs = max(docs, stats.docs)
		length += int64(f.boost * float64(stats.tokens))
		for i := range one {
			dfs[i] = max(dfs[i], one[i])
		}
	}
	for _, df := range dfs {
		n.scores = append(n.scores, newBM25(weight, idf(df, docs), fieldStats{docs: docs, tokens: length}))
	}
	return nil
}

func (n *combinedNode) bind(l *leaf) (matcher, error) {
	m, err := n.node.bind(l)
	if err != nil {
		return nil, err
	}
	out := &combinedMatcher{matcher: m, node: n}
	for i, f := range n.fields {
		out.texts = append(out.texts, rowTexts{col: l.column(f.field.view.column), eval: newTextEval(n.words, n.evals[i], false)})
	}
	return out, nil
}

// rowTexts evaluates the texts that a field has in single rows.
type rowTexts struct {
	col  *leafColumn
	eval *textEval
}

// read takes in the texts of a row of a block.
func (t *rowTexts) read(block, row int) error {
	t.eval.begin()
	if t.col == nil {
		return nil
	}
	b, err := t.col.granule(block, row/column.GranuleRows)
	if err != nil {
		return err
	}
	for lo, hi := b.Range(row % column.GranuleRows); lo < hi; lo++ {
		t.eval.value(t.col.text(b, lo))
	}
	return nil
}

type combinedMatcher struct {
	matcher
	node  *combinedNode
	texts []rowTexts
}

func (m *combinedMatcher) score(block int, matched column.Bitmap, scores []float64) error {
	freqs := make([]float64, len(m.node.words.terms))
	for r := matched.Next(0); r >= 0; r = matched.Next(r + 1) {
		clear(freqs)
		length := 0.0
		for i := range m.texts {
			if err := m.texts[i].read(block, r); err != nil {
				return err
			}
			boost := m.node.fields[i].boost
			length += boost * float64(m.texts[i].eval.length)
			for t, n := range m.texts[i].eval.freqs {
				freqs[t] += boost * float64(n)
			}
		}
		for t, freq := range freqs {
			if freq > 0 {
				scores[r] += float64(m.node.words.counts[t]) * m.node.scores[t].scoreFreq(freq, int(length))
			}
		}
	}
	return nil
}
