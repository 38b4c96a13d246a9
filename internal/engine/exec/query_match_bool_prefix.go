package exec

import (
	"bytes"

	"elkhorn/internal/es/query"
)

// compileMatchBoolPrefix matches words of which the last may go on. A word that it is the beginning of scores
// the boost.
func compileMatchBoolPrefix(c *compiler, q *query.MatchBoolPrefix) (node, error) {
	f := c.fields.lookup(q.Field)
	if f == nil {
		return noneNode{}, nil
	}
	if err := f.searchable(); err != nil {
		return nil, err
	}
	if f.class != classText {
		return compilePrefix(c, &query.Prefix{Common: q.Common, Field: q.Field, Value: q.Text.Text, Lenient: q.Lenient})
	}
	tokens, err := c.analyze(f, q.Analyzer, q.Text.Text)
	if err != nil || len(tokens) == 0 {
		return noneNode{}, err
	}
	least, err := leastTerms(len(tokens), q.Operator, q.MinimumShouldMatch)
	if err != nil {
		return nil, err
	}
	n := &boolNode{least: least, weight: q.Weight()}
	last := len(tokens) - 1
	for _, t := range tokens[:last] {
		part, err := c.wordOf(f, t.text, &q.Fuzzy)
		if err != nil {
			return nil, err
		}
		n.should = append(n.should, part)
	}
	part, err := c.textPattern(f, stringTest{match: func(v []byte) bool { return bytes.HasPrefix(v, tokens[last].text) }}, 1)
	if err != nil {
		return nil, err
	}
	n.should = append(n.should, part)
	if least > len(n.should) {
		return noneNode{}, nil
	}
	return n, nil
}

// wordOf matches one word of a text, or one that is a few edits away from it.
func (c *compiler) wordOf(f *field, word []byte, fuzzy *query.Fuzziness) (node, error) {
	if fuzzy.Distance == "" || fuzzy.Distance == "0" {
		return c.textTerms(f, []string{string(word)}, false, 1)
	}
	test, err := c.fuzzyTest(string(word), fuzzy)
	if err != nil {
		return nil, err
	}
	return c.textPattern(f, test, 1)
}
