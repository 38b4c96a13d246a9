package query

import (
	"slices"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Bool combines clauses. A document matches when it matches all of Must and
// Filter, none of MustNot, and as many of Should as MinimumShouldMatch says.
type Bool struct {
	Common
	Must, Filter, Should, MustNot []Query
	// MinimumShouldMatch is a number, a percentage or a combination of them as
	// written ("1", "-25%", "2<75%"); empty means 1 when there is neither Must
	// nor Filter, else 0.
	MinimumShouldMatch string
}

// Kind returns "bool".
func (*Bool) Kind() string { return "bool" }

func (q *Bool) children() []Query {
	return slices.Concat(q.Must, q.Filter, q.Should, q.MustNot)
}

// RequiredShould returns how many of the Should clauses must match.
func (q *Bool) RequiredShould() (int, error) {
	if q.MinimumShouldMatch == "" {
		if len(q.Must) == 0 && len(q.Filter) == 0 && len(q.Should) > 0 {
			return 1, nil
		}
		return 0, nil
	}
	return MinimumShouldMatch(q.MinimumShouldMatch, len(q.Should))
}

func (q *Bool) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	for _, part := range []struct {
		name    string
		clauses []Query
	}{{"must", q.Must}, {"filter", q.Filter}, {"must_not", q.MustNot}, {"should", q.Should}} {
		if len(part.clauses) > 0 {
			w.Key(part.name)
			w.Value(func(dst []byte) []byte { return appendList(dst, part.clauses) })
		}
	}
	w.StringIf("minimum_should_match", q.MinimumShouldMatch)
	q.write(&w)
	return w.End()
}

func appendList(dst []byte, queries []Query) []byte {
	dst = append(dst, '[')
	for i, q := range queries {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = Append(dst, q)
	}
	return append(dst, ']')
}

func parseBool(p *parser, n *jsonval.Node) (Query, error) {
	q := &Bool{}
	return q, p.strict(n, "bool", &q.Common, options{
		"must":                 p.clauseList(&q.Must),
		"filter":               p.clauseList(&q.Filter),
		"should":               p.clauseList(&q.Should),
		"must_not":             p.clauseList(&q.MustNot),
		"mustNot":              p.clauseList(&q.MustNot),
		"minimum_should_match": p.text(&q.MinimumShouldMatch),
		"adjust_pure_negative": p.only("true"),
	})
}

// ConstantScore matches what Filter matches, with the boost as score.
type ConstantScore struct {
	Common
	Filter Query
}

// Kind returns "constant_score".
func (*ConstantScore) Kind() string { return "constant_score" }

func (q *ConstantScore) children() []Query { return []Query{q.Filter} }

func (q *ConstantScore) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Key("filter")
	w.Value(func(dst []byte) []byte { return Append(dst, q.Filter) })
	q.write(&w)
	return w.End()
}

func parseConstantScore(p *parser, n *jsonval.Node) (Query, error) {
	q := &ConstantScore{}
	if err := p.options(n, "constant_score", &q.Common, options{"filter": p.clause(&q.Filter)}); err != nil {
		return nil, err
	}
	if q.Filter == nil {
		return nil, p.fail(n, "[constant_score] requires a 'filter' element")
	}
	return q, nil
}

// Nested matches root documents that hold, under Path, a nested document that
// matches Inner.
type Nested struct {
	Common
	Path  string
	Inner Query
	// ScoreMode is "avg" (the default, also when empty), "max", "min", "sum" or "none".
	ScoreMode string
	// IgnoreUnmapped matches nothing, rather than fail, where Path is not mapped.
	IgnoreUnmapped bool
	// InnerHits is the raw JSON of the inner hits asked for, nil for none.
	InnerHits []byte
}

// Kind returns "nested".
func (*Nested) Kind() string { return "nested" }

func (q *Nested) children() []Query { return []Query{q.Inner} }

func (q *Nested) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Key("query")
	w.Value(func(dst []byte) []byte { return Append(dst, q.Inner) })
	w.String("path", q.Path)
	w.StringIf("score_mode", q.ScoreMode)
	w.BoolIf("ignore_unmapped", q.IgnoreUnmapped)
	if q.InnerHits != nil {
		w.Raw("inner_hits", q.InnerHits)
	}
	q.write(&w)
	return w.End()
}

// scoreMode reads how the scores of nested documents become one.
func (p *parser) scoreMode(target *string) option {
	return func(_ place, n *jsonval.Node) error {
		if !n.IsScalar() || !slices.Contains([]string{"avg", "max", "min", "sum", "none"}, n.Text) {
			return eserr.IllegalArgument("No score mode for child query [%s] found", n.Text)
		}
		*target = n.Text
		return nil
	}
}

func parseNested(p *parser, n *jsonval.Node) (Query, error) {
	q := &Nested{}
	err := p.options(n, "nested", &q.Common, options{
		"path":            p.text(&q.Path),
		"query":           p.clause(&q.Inner),
		"score_mode":      p.scoreMode(&q.ScoreMode),
		"ignore_unmapped": p.boolean(&q.IgnoreUnmapped),
		"inner_hits":      p.raw(&q.InnerHits),
	})
	switch {
	case err != nil:
		return nil, err
	case q.Path == "":
		return nil, p.fail(n, "[nested] requires 'path' field")
	case q.Inner == nil:
		return nil, p.fail(n, "[nested] requires 'query' field")
	}
	return q, nil
}
