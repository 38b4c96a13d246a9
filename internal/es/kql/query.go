package kql

import (
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// Options say what a query is made for. The zero value will do.
type Options struct {
	// Fields are those that a value without a field is searched in; none means
	// the index's default fields.
	Fields []query.FieldBoost
	// Expand returns the fields that a pattern stands for. When nil, patterns
	// stay in the clauses that take them, and a comparison with one is refused.
	Expand func(pattern string) []string
	// TimeZone is for dates in comparisons that name none.
	TimeZone string
}

// Query reads KQL and turns it into clauses. Blank text matches everything.
func Query(text string, o Options) (query.Query, []Hint, error) {
	n, hints, err := Parse(text)
	if err != nil {
		return nil, nil, err
	}
	if n == nil {
		return &query.MatchAll{}, nil, nil
	}
	c := &converter{Options: o}
	q, err := c.node(n, "")
	return q, hints, err
}

type converter struct{ Options }

// node converts one node; path is the nested object around it, with a dot.
func (c *converter) node(n Node, path string) (query.Query, error) {
	switch n := n.(type) {
	case *And:
		members, err := c.nodes(n.Members, path)
		return &query.Bool{Filter: members}, err
	case *Or:
		members, err := c.nodes(n.Members, path)
		return &query.Bool{Should: members, MinimumShouldMatch: "1"}, err
	case *Not:
		member, err := c.node(n.Member, path)
		return &query.Bool{MustNot: []query.Query{member}}, err
	case *Compare:
		return c.compare(n, path)
	case *Nested:
		return c.nested(n, path)
	case *Match:
		return c.match(n, path)
	default:
		return nil, eserr.Unsupported("part of a KQL query")
	}
}

func (c *converter) nodes(members []Node, path string) ([]query.Query, error) {
	out := make([]query.Query, len(members))
	for i, m := range members {
		var err error
		if out[i], err = c.node(m, path); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (c *converter) nested(n *Nested, path string) (query.Query, error) {
	if n.Path.Pattern {
		return nil, eserr.Unsupported("a pattern as nested path [" + n.Path.Text + "]")
	}
	full := path + n.Path.Text
	inner, err := c.node(n.Member, full+".")
	if err != nil {
		return nil, err
	}
	return &query.Nested{Path: full, Inner: inner, ScoreMode: "none"}, nil
}

func (c *converter) match(n *Match, path string) (query.Query, error) {
	v := n.Value
	if n.Any {
		return c.matchAny(v), nil
	}
	field := path + n.Field.Text
	switch {
	case v.Pattern && v.Text == "*" && n.Field.Pattern && n.Field.Text == "*" && path == "":
		return &query.MatchAll{}, nil
	case v.Pattern && v.Text == "*":
		return &query.Exists{Field: field}, nil
	case n.Field.Pattern && v.Pattern:
		return c.perField(field, func(f string) query.Query {
			return &query.QueryString{Text: luceneWords(v.Text), Fields: []query.FieldBoost{{Field: f, Boost: 1}}, Lenient: true}
		})
	case n.Field.Pattern:
		return c.multiMatch(v, []query.FieldBoost{{Field: field, Boost: 1}}), nil
	case v.Pattern:
		// Not a wildcard query: a text field has to analyze the pieces between the stars.
		return &query.QueryString{Text: luceneWords(v.Text), Fields: []query.FieldBoost{{Field: field, Boost: 1}}}, nil
	case v.Quoted:
		return &query.MatchPhrase{Field: field, Text: jsonval.Str(v.Text)}, nil
	default:
		return &query.Match{Field: field, Text: scalar(v.Text)}, nil
	}
}

// scalar is an unquoted value: true and false are booleans. Numbers stay text, which is read by the field's type.
func scalar(text string) query.Value {
	if text == "true" || text == "false" {
		return jsonval.BoolOf(text == "true")
	}
	return jsonval.Str(text)
}

// matchAny searches a value without a field.
func (c *converter) matchAny(v Literal) query.Query {
	switch {
	case v.Pattern && v.Text == "*":
		return &query.MatchAll{}
	case v.Pattern:
		return &query.QueryString{Text: luceneWords(v.Text), Fields: c.Fields, Lenient: len(c.Fields) > 0}
	default:
		return c.multiMatch(v, c.Fields)
	}
}

func (c *converter) multiMatch(v Literal, fields []query.FieldBoost) query.Query {
	q := &query.MultiMatch{Text: jsonval.Str(v.Text), Fields: fields, Type: "best_fields", Lenient: true}
	if v.Quoted {
		q.Type = "phrase"
	}
	return q
}

// luceneWords writes a pattern as one word of the query string syntax: only *
// keeps a meaning.
func luceneWords(pattern string) string {
	var b strings.Builder
	escaped := false
	for _, r := range pattern {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case strings.ContainsRune(`+-!(){}[]^"~?:/&|<>= `, r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	switch b.String() {
	case "AND", "OR", "NOT", "TO":
		return `\` + b.String()
	}
	return b.String()
}

func (c *converter) compare(n *Compare, path string) (query.Query, error) {
	field := path + n.Field.Text
	bound := &query.Bound{Value: jsonval.Str(n.Value.Text), Inclusive: strings.HasSuffix(n.Op, "=")}
	clause := func(field string) query.Query {
		q := &query.Range{Field: field, TimeZone: c.TimeZone, Lenient: n.Field.Pattern}
		if n.Op[0] == '>' {
			q.Lower = bound
		} else {
			q.Upper = bound
		}
		return q
	}
	if n.Field.Pattern {
		return c.perField(field, clause)
	}
	return clause(field), nil
}

// perField makes a clause for each field of a pattern, one of which has to
// match.
func (c *converter) perField(pattern string, clause func(field string) query.Query) (query.Query, error) {
	if c.Expand == nil {
		return nil, eserr.Unsupported("a pattern of field names [" + pattern + "] here")
	}
	out := &query.Bool{MinimumShouldMatch: "1"}
	for _, f := range c.Expand(pattern) {
		out.Should = append(out.Should, clause(f))
	}
	if len(out.Should) == 0 {
		return &query.MatchNone{}, nil
	}
	return out, nil
}
