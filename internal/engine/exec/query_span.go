package exec

import (
	"bytes"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

func compileSpan(c *compiler, q *query.Span) (node, error) {
	if _, err := query.SpanField(q); err != nil {
		return nil, err
	}
	pc := &placesCompiler{c: c}
	source, candidates, err := pc.span(q)
	if err != nil {
		return nil, err
	}
	if isNone(candidates) {
		return noneNode{}, nil
	}
	n, err := pc.node(candidates, source, q.Weight())
	if err != nil || !c.scoring {
		return n, err
	}
	return n, c.scoreSpans(n)
}

// scoreSpans works out scores as of a phrase of all the words.
func (c *compiler) scoreSpans(n *placesNode) error {
	want := &textWant{}
	f := n.fields[0]
	for _, w := range n.wells {
		if w.term != nil && w.field == f {
			want.add(w.term)
		}
	}
	if len(want.terms) == 0 || f.class != classText {
		return nil
	}
	stats, dfs, err := c.termStats(&textNode{field: f, want: want, analyzer: n.evals[0]})
	if err != nil {
		return err
	}
	sum := 0.0
	for _, df := range dfs {
		sum += idf(df, stats.docs)
	}
	n.score = f.bm25(n.weight, sum, stats)
	return nil
}

// span compiles a span clause: where its places are, and which rows may have one.
func (pc *placesCompiler) span(q *query.Span) (placeSource, node, error) {
	switch q.Name {
	case "span_term":
		return pc.spanTerm(q)
	case "span_multi":
		return pc.spanMulti(q)
	case "span_near", "span_or":
		return pc.spanClauses(q)
	case "span_first":
		source, rows, err := pc.span(q.Inner)
		return &firstSource{source, q.End}, rows, err
	case "field_masking_span", "span_field_masking":
		return pc.span(q.Inner)
	}
	source, rows, err := pc.span(q.Inner)
	if err != nil {
		return nil, nil, err
	}
	other, otherRows, err := pc.span(q.Other)
	if err != nil {
		return nil, nil, err
	}
	both := &boolNode{must: []node{rows, otherRows}, weight: 1}
	switch {
	case q.Name == "span_not":
		return &relatedSource{source: source, other: other, relation: relOverlapping, negate: true, pre: q.Pre, post: q.Post}, rows, nil
	case isNone(rows) || isNone(otherRows):
		return noPlaces{}, noneNode{}, nil
	case q.Name == "span_containing":
		return &relatedSource{source: source, other: other, relation: relContaining}, both, nil
	}
	return &relatedSource{source: other, other: source, relation: relContainedBy}, both, nil
}

func (pc *placesCompiler) spanTerm(q *query.Span) (placeSource, node, error) {
	f, err := pc.textOf(q.Name, q.Field)
	if err != nil || f == nil {
		return noPlaces{}, noneNode{}, err
	}
	return pc.word(f, []byte(f.view.normal(q.Value.Text)))
}

// word is a word as it stands in the index.
func (pc *placesCompiler) word(f *field, term []byte) (placeSource, node, error) {
	source, err := pc.add(well{field: f, term: bytes.Clone(term)})
	if err != nil {
		return nil, nil, err
	}
	rows, err := pc.unscoredTerms(f, string(term))
	return source, rows, err
}

func (pc *placesCompiler) unscoredTerms(f *field, term string) (node, error) {
	if f.class == classKeyword {
		return &stringNode{view: f.view, test: exactly(term), weight: 1}, nil
	}
	was := pc.c.scoring
	pc.c.scoring = false
	defer func() { pc.c.scoring = was }()
	return pc.c.textTerms(f, []string{term}, false, 1)
}

// tested are words that pass a test.
func (pc *placesCompiler) tested(f *field, test stringTest) (placeSource, node, error) {
	source, err := pc.add(well{field: f, test: test.passes})
	if err != nil {
		return nil, nil, err
	}
	if f.class == classKeyword {
		return source, &stringNode{view: f.view, test: test, weight: 1}, nil
	}
	was := pc.c.scoring
	pc.c.scoring = false
	defer func() { pc.c.scoring = was }()
	rows, err := pc.c.textPattern(f, test, 1)
	return source, rows, err
}

func (pc *placesCompiler) spanMulti(q *query.Span) (placeSource, node, error) {
	name, err := query.SpanField(q)
	if err != nil {
		return nil, nil, err
	}
	f, err := pc.textOf(q.Name, name)
	if err != nil || f == nil {
		return noPlaces{}, noneNode{}, err
	}
	list, err := pc.c.unscored([]query.Query{q.Match})
	if err != nil {
		return nil, nil, err
	}
	switch n := plainNode(list[0]).(type) {
	case *textNode:
		if n.want.test != nil {
			return pc.tested(f, stringTest{match: n.want.test})
		}
	case *stringNode:
		return pc.tested(f, n.test)
	case noneNode:
		return noPlaces{}, n, nil
	}
	return nil, nil, eserr.Unsupported("a [" + q.Match.Kind() + "] in a [span_multi] query on field [" + name + "]")
}

func (pc *placesCompiler) spanClauses(q *query.Span) (placeSource, node, error) {
	var parts []placeSource
	var rows []node
	for _, clause := range q.Clauses {
		source, candidates, err := pc.span(clause)
		if err != nil {
			return nil, nil, err
		}
		if isNone(candidates) {
			if q.Name == "span_near" {
				return noPlaces{}, noneNode{}, nil
			}
			continue
		}
		parts, rows = append(parts, source), append(rows, candidates)
	}
	switch {
	case len(parts) == 0:
		return noPlaces{}, noneNode{}, nil
	case len(parts) == 1:
		return parts[0], rows[0], nil
	case q.Name == "span_or":
		return anySource(parts), &boolNode{should: rows, least: 1, weight: 1}, nil
	}
	return &nearSource{parts: parts, slop: q.Slop, ordered: !q.Unordered}, &boolNode{must: rows, weight: 1}, nil
}
