package exec

import (
	"bytes"

	"elkhorn/internal/es/query"
)

func compileIntervals(c *compiler, q *query.Intervals) (node, error) {
	pc := &placesCompiler{c: c}
	f, err := pc.textOf("intervals", q.Field)
	if err != nil || f == nil {
		return noneNode{}, err
	}
	source, rows, least, err := pc.rule(f, q.Rule)
	if err != nil {
		return nil, err
	}
	if isNone(rows) {
		return noneNode{}, nil
	}
	n, err := pc.node(rows, source, q.Weight())
	if err != nil {
		return nil, err
	}
	n.saturate, n.least = true, least
	return n, nil
}

// rule compiles a rule: where its places are, which rows may have one, and how wide a place is at least.
func (pc *placesCompiler) rule(f *field, r *query.IntervalRule) (placeSource, node, int, error) {
	if r.UseField != "" {
		other, err := pc.textOf("intervals", r.UseField)
		if err != nil || other == nil {
			return noPlaces{}, noneNode{}, 1, err
		}
		f = other
	}
	source, rows, least, err := pc.plainRule(f, r)
	if err != nil || r.FilterRule == nil || isNone(rows) {
		return source, rows, least, err
	}
	other, otherRows, _, err := pc.rule(f, r.FilterRule)
	if err != nil {
		return nil, nil, 0, err
	}
	out := &relatedSource{source: source, other: other}
	switch r.Filter {
	case "containing", "not_containing":
		out.relation = relContaining
	case "contained_by", "not_contained_by":
		out.relation = relContainedBy
	case "overlapping", "not_overlapping":
		out.relation = relOverlapping
	case "after":
		out.relation = relAfter
	case "before":
		out.relation = relBefore
	}
	if out.negate = bytes.HasPrefix([]byte(r.Filter), []byte("not_")); out.negate {
		return out, rows, least, nil
	}
	if isNone(otherRows) {
		return noPlaces{}, noneNode{}, least, nil
	}
	return out, &boolNode{must: []node{rows, otherRows}, weight: 1}, least, nil
}

func (pc *placesCompiler) plainRule(f *field, r *query.IntervalRule) (placeSource, node, int, error) {
	switch r.Name {
	case "match":
		return pc.matchRule(f, r)
	case "any_of", "all_of":
		return pc.rules(f, r)
	}
	test, err := pc.ruleTest(f, r)
	if err != nil {
		return nil, nil, 0, err
	}
	source, rows, err := pc.tested(f, test)
	return source, rows, 1, err
}

// ruleTest is the test of a rule that tests words. Their letters are brought to lower case where those of the field are.
func (pc *placesCompiler) ruleTest(f *field, r *query.IntervalRule) (stringTest, error) {
	text := r.Text
	if pc.c.lowerCases(f.name) {
		text = string(bytes.ToLower([]byte(text)))
	}
	switch r.Name {
	case "prefix":
		return stringTest{match: func(v []byte) bool { return bytes.HasPrefix(v, []byte(text)) }}, nil
	case "wildcard":
		return stringTest{match: compileWildcardPattern(text, r.CaseInsensitive)}, nil
	case "fuzzy":
		return pc.c.fuzzyTest(text, &r.Fuzzy)
	case "range":
		return stringRange(r.Range), nil
	}
	match, err := compileLuceneRegexp(text, allRegexpOperators, r.CaseInsensitive)
	return stringTest{match: match}, err
}

// matchRule finds the words of a text.
func (pc *placesCompiler) matchRule(f *field, r *query.IntervalRule) (placeSource, node, int, error) {
	tokens, err := pc.c.analyze(f, r.Analyzer, r.Text)
	if err != nil || len(tokens) == 0 {
		return noPlaces{}, noneNode{}, 1, err
	}
	var parts []placeSource
	var rows []node
	times := map[string]int{}
	for _, t := range tokens {
		times[string(t.text)]++
		if !r.Ordered && times[string(t.text)] > 1 {
			continue
		}
		source, candidates, err := pc.word(f, t.text)
		if err != nil {
			return nil, nil, 0, err
		}
		parts, rows = append(parts, source), append(rows, candidates)
	}
	if !r.Ordered {
		seen := 0
		done := map[string]bool{}
		for _, t := range tokens {
			if done[string(t.text)] {
				continue
			}
			done[string(t.text)] = true
			if n := times[string(t.text)]; n > 1 {
				parts[seen] = &repeatSource{parts[seen], n}
			}
			seen++
		}
	}
	if len(parts) == 1 {
		return parts[0], rows[0], len(tokens), nil
	}
	near := &nearSource{parts: parts, slop: r.MaxGaps, unlimited: r.MaxGaps < 0, ordered: r.Ordered, minimal: true}
	return near, &boolNode{must: rows, weight: 1}, len(tokens), nil
}

// rules combines rules.
func (pc *placesCompiler) rules(f *field, r *query.IntervalRule) (placeSource, node, int, error) {
	var parts []placeSource
	var rows []node
	least := 0
	for _, one := range r.Rules {
		source, candidates, width, err := pc.rule(f, one)
		if err != nil {
			return nil, nil, 0, err
		}
		if isNone(candidates) {
			if r.Name == "all_of" {
				return noPlaces{}, noneNode{}, 1, nil
			}
			continue
		}
		parts, rows = append(parts, source), append(rows, candidates)
		if r.Name == "all_of" || least == 0 {
			least += width
		} else {
			least = min(least, width)
		}
	}
	switch {
	case len(parts) == 0:
		return noPlaces{}, noneNode{}, 1, nil
	case len(parts) == 1:
		return parts[0], rows[0], least, nil
	case r.Name == "any_of":
		return anySource(parts), &boolNode{should: rows, least: 1, weight: 1}, least, nil
	}
	near := &nearSource{parts: parts, slop: r.MaxGaps, unlimited: r.MaxGaps < 0, ordered: r.Ordered, minimal: true}
	return near, &boolNode{must: rows, weight: 1}, least, nil
}
