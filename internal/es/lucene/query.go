package lucene

import (
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// Expand returns the fields that a pattern such as "http.*" or "*" stands for.
type Expand func(pattern string) []string

// Query turns a query_string clause into other clauses. expand resolves
// patterns of field names; when it is nil they stay in the clauses as they
// are. Words that name no field are for q's fields, or its default field, or
// without either for all fields ("*"), in which case values that do not fit a
// field are no error unless q wants them to be.
func Query(q *query.QueryString, expand Expand) (query.Query, error) {
	text := q.Text
	if q.Escape {
		text = Escape(text)
	}
	n, err := Parse(text, q.DefaultOperator == query.And)
	if err != nil {
		return nil, err
	}
	if n == nil {
		return &query.MatchNone{Common: q.Common}, nil
	}
	c := &converter{q: q, expand: expand, lenient: q.Lenient}
	switch {
	case len(q.Fields) > 0:
		c.fields = q.Fields
	case q.DefaultField != "" && q.DefaultField != "*":
		c.fields = []query.FieldBoost{{Field: q.DefaultField, Boost: 1}}
	default:
		c.lenient = !q.NotLenient
	}
	out, err := c.node(n, "")
	if err != nil {
		return nil, err
	}
	if b, ok := out.(*query.Bool); ok && len(b.Should) > 0 && b.MinimumShouldMatch == "" {
		b.MinimumShouldMatch = q.MinimumShouldMatch
	}
	return withCommon(out, q.Common), nil
}

// converter holds the options that apply to every clause.
type converter struct {
	q       *query.QueryString
	fields  []query.FieldBoost
	expand  Expand
	lenient bool
}

// withCommon gives a clause the name and boost of the one it stands for.
func withCommon(q query.Query, common query.Common) query.Query {
	if common.Boost == nil && common.Name == "" {
		return q
	}
	if base := q.Base(); base.Boost == nil && base.Name == "" {
		*base = common
		return q
	}
	return &query.Bool{Common: common, Must: []query.Query{q}}
}

// boosted returns the common options of a boost; 1 is none.
func boosted(boost float64) query.Common {
	if boost == 1 {
		return query.Common{}
	}
	return query.Common{Boost: &boost}
}

// node converts one node; outer is the field of the group around it.
func (c *converter) node(n Node, outer string) (query.Query, error) {
	switch n := n.(type) {
	case *Group:
		return c.group(n, pick(n.Field, outer))
	case *Word:
		return c.word(n, pick(n.Field, outer))
	case *Phrase:
		return c.phrase(n, pick(n.Field, outer)), nil
	case *Range:
		return c.rangeQuery(n, pick(n.Field, outer)), nil
	case *Regexp:
		return c.perField(pick(n.Field, outer), n.Boost, func(field string, common query.Common) query.Query {
			return &query.Regexp{Common: common, Field: field, Pattern: n.Pattern, Lenient: c.lenient}
		}), nil
	default:
		return nil, eserr.Unsupported("part of a query string")
	}
}

func pick(field, outer string) string {
	if field != "" {
		return field
	}
	return outer
}

func (c *converter) group(g *Group, field string) (query.Query, error) {
	out := &query.Bool{Common: boosted(g.Boost)}
	for _, clause := range g.Clauses {
		q, err := c.node(clause.Node, field)
		if err != nil {
			return nil, err
		}
		switch clause.Occur {
		case Must:
			out.Must = append(out.Must, q)
		case MustNot:
			out.MustNot = append(out.MustNot, q)
		default:
			out.Should = append(out.Should, q)
		}
	}
	if len(out.MustNot) == 0 && len(out.Must)+len(out.Should) == 1 {
		only := append(out.Must, out.Should...)[0]
		return withCommon(only, out.Common), nil
	}
	return out, nil
}

func (c *converter) word(w *Word, field string) (query.Query, error) {
	switch {
	case field == "_exists_":
		return &query.Exists{Common: boosted(w.Boost), Field: w.Text}, nil
	case w.Pattern && w.Text == "*" && (field == "" || field == "*"):
		return &query.MatchAll{Common: boosted(w.Boost)}, nil
	case w.Pattern && w.Text == "*":
		return &query.Exists{Common: boosted(w.Boost), Field: field}, nil
	case w.Pattern:
		return c.pattern(w, field)
	case w.Fuzzy != "":
		return c.perField(field, w.Boost, func(field string, common query.Common) query.Query {
			f := c.q.Fuzzy
			f.Distance = w.Fuzzy
			if w.Fuzzy == "AUTO" && c.q.Fuzzy.Distance != "" {
				f.Distance = c.q.Fuzzy.Distance
			}
			return &query.Fuzzy{Common: common, Field: field, Value: jsonval.Str(w.Text), Fuzziness: f, Lenient: c.lenient}
		}), nil
	}
	return c.match(w.Text, field, w.Boost), nil
}

// match searches a word, which analysis may still split.
func (c *converter) match(text, field string, boost float64) query.Query {
	fields, single := c.target(field)
	if single {
		return &query.Match{
			Common: boosted(boost * fields[0].Boost), Field: fields[0].Field, Text: jsonval.Str(text),
			Operator: c.q.DefaultOperator, Analyzer: c.q.Analyzer, Lenient: c.lenient,
		}
	}
	return &query.MultiMatch{
		Common: boosted(boost), Text: jsonval.Str(text), Fields: fields, Type: c.q.Type,
		Operator: c.q.DefaultOperator, Analyzer: c.q.Analyzer, Lenient: c.lenient,
	}
}

func (c *converter) pattern(w *Word, field string) (query.Query, error) {
	if c.q.NoLeadingWildcard && strings.IndexAny(w.Text, "*?") == 0 {
		return nil, eserr.QueryShard("Failed to parse query [%s]", c.q.Text).Because(
			eserr.ParseException("Cannot parse '%s': '*' or '?' not allowed as first character in WildcardQuery", c.q.Text))
	}
	literal, isPrefix := prefixOf(w.Text)
	return c.perField(field, w.Boost, func(field string, common query.Common) query.Query {
		if isPrefix {
			return &query.Prefix{Common: common, Field: field, Value: literal, Lenient: c.lenient}
		}
		return &query.Wildcard{Common: common, Field: field, Pattern: w.Text, Lenient: c.lenient}
	}), nil
}

// prefixOf returns what stands before a pattern's only wildcard, a final *.
func prefixOf(pattern string) (literal string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			i++
		case '?':
			return "", false
		case '*':
			return b.String(), i == len(pattern)-1
		}
		if i < len(pattern) {
			b.WriteByte(pattern[i])
		}
	}
	return "", false
}

func (c *converter) phrase(p *Phrase, field string) query.Query {
	slop := p.Slop
	if slop == 0 {
		slop = c.q.PhraseSlop
	}
	analyzer := c.q.Analyzer
	if c.q.QuoteAnalyzer != "" {
		analyzer = c.q.QuoteAnalyzer
	}
	if field == "_exists_" {
		return &query.Exists{Common: boosted(p.Boost), Field: p.Text}
	}
	fields, single := c.target(field)
	if c.q.QuoteFieldSuffix != "" {
		fields, single = c.quoted(fields)
	}
	if !single || c.lenient {
		return &query.MultiMatch{
			Common: boosted(p.Boost), Text: jsonval.Str(p.Text), Fields: fields, Type: "phrase",
			Slop: slop, Analyzer: analyzer, Lenient: c.lenient,
		}
	}
	return &query.MatchPhrase{
		Common: boosted(p.Boost * fields[0].Boost), Field: fields[0].Field, Text: jsonval.Str(p.Text),
		Slop: slop, Analyzer: analyzer,
	}
}

// quoted is target for phrases, for which a suffix is added to the names of fields.
func (c *converter) quoted(fields []query.FieldBoost) (suffixed []query.FieldBoost, single bool) {
	if len(fields) == 0 {
		fields = []query.FieldBoost{{Field: "*", Boost: 1}}
	}
	suffixed = quotedFields(fields, c.q.QuoteFieldSuffix, c.expand)
	return suffixed, len(suffixed) == 1 && !strings.Contains(suffixed[0].Field, "*")
}

// quotedFields are the fields that phrases are searched in: those whose names have a suffix, where there are any.
func quotedFields(fields []query.FieldBoost, suffix string, expand Expand) []query.FieldBoost {
	if suffix == "" || expand == nil {
		return fields
	}
	var out []query.FieldBoost
	for _, f := range fields {
		names := []string{f.Field}
		if strings.Contains(f.Field, "*") {
			names = expand(f.Field)
		}
		for _, name := range names {
			if len(expand(name+suffix)) > 0 {
				name += suffix
			}
			out = append(out, query.FieldBoost{Field: name, Boost: f.Boost})
		}
	}
	return out
}

func (c *converter) rangeQuery(r *Range, field string) query.Query {
	return c.perField(field, r.Boost, func(field string, common query.Common) query.Query {
		return &query.Range{
			Common: common, Field: field, Lower: r.Lower.value(), Upper: r.Upper.value(),
			TimeZone: c.q.TimeZone, Lenient: c.lenient,
		}
	})
}

func (e *Bound) value() *query.Bound {
	if e == nil {
		return nil
	}
	return &query.Bound{Value: jsonval.Str(e.Text), Inclusive: e.Inclusive}
}

// target returns the fields a clause is for. single means exactly one, that is
// no pattern. No fields at all mean the index's default fields.
func (c *converter) target(field string) (fields []query.FieldBoost, single bool) {
	if field == "" {
		fields = c.fields
	} else {
		fields = []query.FieldBoost{{Field: field, Boost: 1}}
	}
	return fields, len(fields) == 1 && !strings.Contains(fields[0].Field, "*")
}

// perField makes a clause for each field, one of which has to match.
func (c *converter) perField(field string, boost float64, clause func(field string, common query.Common) query.Query) query.Query {
	fields, single := c.target(field)
	if single {
		return clause(fields[0].Field, boosted(boost*fields[0].Boost))
	}
	if len(fields) == 0 {
		fields = []query.FieldBoost{{Field: "*", Boost: 1}}
	}
	out := &query.Bool{Common: boosted(boost)}
	for _, f := range fields {
		names := []string{f.Field}
		if c.expand != nil && strings.Contains(f.Field, "*") {
			names = c.expand(f.Field)
		}
		for _, name := range names {
			out.Should = append(out.Should, clause(name, boosted(f.Boost)))
		}
	}
	switch len(out.Should) {
	case 0:
		return &query.MatchNone{}
	case 1:
		return withCommon(out.Should[0], out.Common)
	}
	return out
}
