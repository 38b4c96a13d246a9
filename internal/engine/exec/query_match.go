package exec

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

func compileMatch(c *compiler, q *query.Match) (node, error) {
	if q.Field == idField || q.Field == indexField {
		return c.terms(q.Field, []query.Value{q.Text}, false, q.Weight())
	}
	f := c.fields.lookup(q.Field)
	if f == nil {
		return noneNode{}, nil
	}
	if err := f.searchable(); err != nil {
		return nil, err
	}
	if f.class != classText {
		return c.lenientTerm(f, q.Text, q.Lenient, q.Weight())
	}
	tokens, err := c.analyze(f, q.Analyzer, q.Text.Text)
	if err != nil {
		return nil, err
	}
	if len(tokens) == 0 {
		return c.zeroTerms(q.ZeroTermsAll, q.Weight()), nil
	}
	if q.Fuzzy.Distance != "" && q.Fuzzy.Distance != "0" {
		return c.fuzzyWords(f, tokens, q)
	}
	places, several := stacked(tokens)
	least, err := leastTerms(len(places), q.Operator, q.MinimumShouldMatch)
	if err != nil {
		return nil, err
	}
	if several {
		return c.stackedMatch(f, places, least, q.Weight())
	}
	want := &textWant{least: least}
	for _, t := range tokens {
		want.add(t.text)
	}
	return c.textNode(f, want, q.Weight())
}

func leastTerms(clauses int, op query.Operator, minimum string) (int, error) {
	switch {
	case op == query.And:
		return clauses, nil
	case minimum == "":
		return 1, nil
	}
	n, err := query.MinimumShouldMatch(minimum, clauses)
	return max(n, 1), err
}

// zeroTerms is a clause of whose text analysis left nothing.
func (c *compiler) zeroTerms(all bool, weight float64) node {
	switch {
	case c.dropsEmpty:
		return emptyNode{}
	case all:
		return allNode{weight}
	}
	return noneNode{}
}

// lenientTerm is a match on a field that is not text. With lenient a value that does not fit the
// field's type matches nothing.
func (c *compiler) lenientTerm(f *field, v query.Value, orNone bool, weight float64) (node, error) {
	n, err := c.termsOn(f, []query.Value{v}, false, weight)
	if err == nil {
		n, err = c.scoredValue(f.name, n, weight)
	}
	return lenient(n, err, orNone)
}

// lenient turns a value that does not fit a field's type into a clause that matches nothing.
func lenient(n node, err error, orNone bool) (node, error) {
	if err != nil && orNone && eserr.From(err).Status == 400 && !isRefusal(err) {
		return noneNode{}, nil
	}
	return n, err
}

// isRefusal tells what this store does not do from a value that does not fit.
func isRefusal(err error) bool { return eserr.From(err).Refused }

// queryToken is one token of a query's text.
type queryToken struct {
	text     []byte
	position int
}

// maxQueryTokens is Lucene's limit on the clauses of a boolean query.
const maxQueryTokens = 1024

// analyze splits a query's text; name is the analyzer the query asks for, "" for the field's.
func (c *compiler) analyze(f *field, name, text string) ([]queryToken, error) {
	if name == "" {
		name = f.analyzer
	}
	a, err := c.analyzer(name)
	if err != nil {
		return nil, err
	}
	var tokens []queryToken
	a.Tokens([]byte(text), func(token []byte, position int) bool {
		tokens = append(tokens, queryToken{append([]byte(nil), token...), position})
		return len(tokens) <= maxQueryTokens
	})
	if len(tokens) > maxQueryTokens {
		return nil, eserr.New(400, "too_many_clauses", "maxClauseCount is set to %d", maxQueryTokens)
	}
	return tokens, nil
}

func compileMatchPhrase(c *compiler, q *query.MatchPhrase) (node, error) {
	return c.phrase(phraseQuery{q.Field, q.Text, q.Slop, q.Analyzer, q.ZeroTermsAll, false}, q.Weight())
}

func compileMatchPhrasePrefix(c *compiler, q *query.MatchPhrasePrefix) (node, error) {
	return c.phrase(phraseQuery{q.Field, q.Text, q.Slop, q.Analyzer, q.ZeroTermsAll, true}, q.Weight())
}

// phraseQuery is what the two phrase clauses share.
type phraseQuery struct {
	field        string
	text         query.Value
	slop         int
	analyzer     string
	zeroTermsAll bool
	lastPrefix   bool
}

func (c *compiler) phrase(q phraseQuery, weight float64) (node, error) {
	if q.field == idField || q.field == indexField {
		return c.terms(q.field, []query.Value{q.text}, false, weight)
	}
	f := c.fields.lookup(q.field)
	if f == nil {
		return noneNode{}, nil
	}
	if err := f.searchable(); err != nil {
		return nil, err
	}
	if f.class != classText {
		return c.lenientTerm(f, q.text, false, weight)
	}
	tokens, err := c.analyze(f, q.analyzer, q.text.Text)
	if err != nil {
		return nil, err
	}
	if len(tokens) == 0 {
		return c.zeroTerms(q.zeroTermsAll, weight), nil
	}
	if places, several := stacked(tokens); several {
		return c.stackedPhrase(places, weight, func(tokens []queryToken) (node, error) { return c.phraseOf(f, tokens, &q, 1) })
	}
	return c.phraseOf(f, tokens, &q, weight)
}

// phraseOf is the phrase of some tokens.
func (c *compiler) phraseOf(f *field, tokens []queryToken, q *phraseQuery, weight float64) (node, error) {
	want := &textWant{lastPrefix: q.lastPrefix, least: 1}
	for _, t := range tokens {
		want.phrase = append(want.phrase, phraseTerm{want.add(t.text), t.position - tokens[0].position})
	}
	switch {
	case len(tokens) == 1 && !q.lastPrefix:
		want.phrase = nil
	case len(tokens) > 1 && q.slop > 0:
		return c.sloppy(f, want, q.slop, weight)
	}
	return c.textNode(f, want, weight)
}

func compileMultiMatch(c *compiler, q *query.MultiMatch) (node, error) {
	fields, err := c.searchFields(q.Fields)
	if err != nil {
		return nil, err
	}
	if q.Type == "cross_fields" {
		return c.crossFields(q, fields)
	}
	n := &boolNode{least: 1, weight: q.Weight()}
	var without node = noneNode{}
	for _, f := range fields {
		part, err := c.multiMatchField(q, f)
		switch {
		case err != nil:
			return nil, err
		case isEmpty(part):
			without = part
		default:
			n.should = append(n.should, part)
		}
	}
	if len(n.should) == 0 {
		return without, nil
	}
	switch q.Type {
	case "", "best_fields", "phrase", "phrase_prefix":
		tie := 0.0
		if q.TieBreaker != nil {
			tie = *q.TieBreaker
		}
		return &bestNode{boolNode: n, tie: tie}, nil
	case "most_fields", "bool_prefix":
		return n, nil
	}
	return nil, eserr.Unsupported("[type] " + q.Type + " of query [multi_match]")
}

func (c *compiler) multiMatchField(q *query.MultiMatch, f query.FieldBoost) (node, error) {
	common := query.Common{Boost: &f.Boost}
	orNone := q.Lenient || len(q.Fields) == 0
	switch q.Type {
	case "phrase":
		n, err := compileMatchPhrase(c, &query.MatchPhrase{Common: common, Field: f.Field, Text: q.Text, Slop: q.Slop, Analyzer: q.Analyzer, ZeroTermsAll: q.ZeroTermsAll})
		return lenient(n, err, orNone)
	case "phrase_prefix":
		n, err := compileMatchPhrasePrefix(c, &query.MatchPhrasePrefix{Common: common, Field: f.Field, Text: q.Text, Slop: q.Slop, Analyzer: q.Analyzer, ZeroTermsAll: q.ZeroTermsAll})
		return lenient(n, err, orNone)
	}
	if q.Type == "bool_prefix" {
		n, err := compileMatchBoolPrefix(c, &query.MatchBoolPrefix{Common: common, Field: f.Field, Text: q.Text, Operator: q.Operator,
			MinimumShouldMatch: q.MinimumShouldMatch, Analyzer: q.Analyzer, Lenient: orNone, Fuzzy: q.Fuzzy})
		return lenient(n, err, orNone)
	}
	return compileMatch(c, &query.Match{Common: common, Field: f.Field, Text: q.Text, Operator: q.Operator, MinimumShouldMatch: q.MinimumShouldMatch,
		Analyzer: q.Analyzer, Lenient: orNone, ZeroTermsAll: q.ZeroTermsAll, Fuzzy: q.Fuzzy})
}

// searchFields expands patterns; none means the index's default fields.
func (c *compiler) searchFields(list []query.FieldBoost) ([]query.FieldBoost, error) {
	if len(list) == 0 {
		list = c.fields.index.DefaultFields
	}
	if len(list) == 0 {
		list = []query.FieldBoost{{Field: "*", Boost: 1}}
	}
	var out []query.FieldBoost
	for _, f := range list {
		boost := f.Boost
		if boost == 0 {
			boost = 1
		}
		if !hasWildcard(f.Field) {
			out = append(out, query.FieldBoost{Field: f.Field, Boost: boost})
			continue
		}
		for _, name := range c.expand(f.Field) {
			if !c.sameWords(name) {
				out = append(out, query.FieldBoost{Field: name, Boost: boost})
			}
		}
	}
	if len(out) > maxQueryTokens {
		return nil, eserr.IllegalArgument("field expansion matches too many fields, limit: %d, got: %d", maxQueryTokens, len(out))
	}
	return out, nil
}

// sameWords says that a field is a keyword below a text that holds the same values: what matches it
// matches the text too, so searching both would only cost time.
func (c *compiler) sameWords(name string) bool {
	f := c.fields.lookup(name)
	return f != nil && f.class == classKeyword && f.holder.IsText()
}

func hasWildcard(name string) bool {
	for i := range len(name) {
		if name[i] == '*' {
			return true
		}
	}
	return false
}
