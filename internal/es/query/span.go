package query

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Span is one of the span clauses: it finds places in the words of a field, and combines places that others find.
type Span struct {
	Common
	// Name is the clause's: "span_term", "span_near" and so on.
	Name string
	// Field and Value are of span_term; Field is that of field_masking_span too.
	Field string
	Value Value
	// Clauses are those of span_near and span_or. Inner is the clause of one that has only one, the larger or the one that is kept; Other
	// is the one that it is compared with.
	Clauses      []*Span
	Inner, Other *Span
	// Slop and Unordered are of span_near, End of span_first, Pre and Post of span_not, in positions.
	Slop           int
	Unordered      bool
	End, Pre, Post int
	// Match is the clause of span_multi: one that tests words.
	Match Query
	JSON  []byte // as written
}

// Kind returns the clause's name.
func (q *Span) Kind() string { return q.Name }

func (q *Span) appendBody(dst []byte) []byte { return append(dst, q.JSON...) }

// spanParser returns the reader of a span clause.
func spanParser(name string) clauseParser {
	return func(p *parser, n *jsonval.Node) (Query, error) {
		q := &Span{Name: name, JSON: append([]byte(nil), n.Raw...)}
		return q, p.span(q, n)
	}
}

func (p *parser) span(q *Span, n *jsonval.Node) error {
	switch q.Name {
	case "span_term":
		err := p.fieldClause(n, q.Name, &q.Field, &q.Common, "value", options{"value": p.scalar(&q.Value), "term": p.scalar(&q.Value)})
		return err
	case "span_near":
		ordered, slop := true, -1
		err := p.options(n, q.Name, &q.Common, options{"clauses": p.spans(&q.Clauses), "slop": p.signed(&slop), "in_order": p.boolean(&ordered)})
		q.Slop, q.Unordered = slop, !ordered
		if err == nil && len(q.Clauses) == 0 {
			err = p.fail(n, "span_near must include [clauses]")
		}
		return err
	case "span_or":
		err := p.options(n, q.Name, &q.Common, options{"clauses": p.spans(&q.Clauses)})
		if err == nil && len(q.Clauses) == 0 {
			err = p.fail(n, "span_or must include [clauses]")
		}
		return err
	case "span_not":
		dist := 0
		err := p.options(n, q.Name, &q.Common, options{"include": p.spanClause(&q.Inner), "exclude": p.spanClause(&q.Other),
			"pre": p.count(&q.Pre), "post": p.count(&q.Post), "dist": p.count(&dist)})
		if dist > 0 {
			q.Pre, q.Post = dist, dist
		}
		return p.spanNeeds(n, err, q, "include", "exclude")
	case "span_first":
		err := p.options(n, q.Name, &q.Common, options{"match": p.spanClause(&q.Inner), "end": p.count(&q.End)})
		return p.spanNeeds(n, err, q, "match", "")
	case "span_containing", "span_within":
		err := p.options(n, q.Name, &q.Common, options{"big": p.spanClause(&q.Inner), "little": p.spanClause(&q.Other)})
		return p.spanNeeds(n, err, q, "big", "little")
	case "field_masking_span", "span_field_masking":
		err := p.options(n, q.Name, &q.Common, options{"query": p.spanClause(&q.Inner), "field": p.text(&q.Field)})
		if err == nil && q.Field == "" {
			err = p.fail(n, "field_masking_span must have [field] set for it")
		}
		return p.spanNeeds(n, err, q, "query", "")
	}
	err := p.options(n, q.Name, &q.Common, options{"match": p.clause(&q.Match)})
	switch q.Match.(type) {
	case *Prefix, *Wildcard, *Regexp, *Fuzzy, *Range:
	case nil:
		if err == nil {
			err = p.fail(n, "[span_multi] must have [match] multi term query clause")
		}
	default:
		err = p.fail(n, "[span_multi] [match] must be of type MultiTermQueryBuilder")
	}
	return err
}

// spanNeeds reports clauses that are missing.
func (p *parser) spanNeeds(n *jsonval.Node, err error, q *Span, inner, other string) error {
	switch {
	case err != nil:
		return err
	case q.Inner == nil:
		return p.fail(n, "%s must have [%s] span query clause", q.Name, inner)
	case other != "" && q.Other == nil:
		return p.fail(n, "%s must have [%s] span query clause", q.Name, other)
	}
	return nil
}

// signed reads a whole number.
func (p *parser) signed(target *int) option {
	return func(at place, n *jsonval.Node) error {
		v, ok := n.Scalar().Int64()
		if !n.IsScalar() || !ok || v < -1<<31 || v > 1<<31-1 {
			return at.malformed(n, "a whole number")
		}
		*target = int(v)
		return nil
	}
}

// spanClause reads a clause that has to be a span clause.
func (p *parser) spanClause(target **Span) option {
	return func(at place, n *jsonval.Node) error {
		var q Query
		if err := p.clause(&q)(at, n); err != nil {
			return err
		}
		span, ok := q.(*Span)
		if !ok {
			return p.fail(n, "[%s] [%s] must be of type span query", at.clause, at.option)
		}
		if span.Boost != nil && *span.Boost != 1 {
			return p.fail(n, "[%s] [%s] as a nested span clause can't have non-default boost value [%s]", at.clause, at.option, floatText(*span.Boost))
		}
		*target = span
		return nil
	}
}

func (p *parser) spans(target *[]*Span) option {
	return func(at place, n *jsonval.Node) error {
		if n.Kind != jsonval.Array {
			return at.unknownToken(n)
		}
		for i := range n.Items {
			var one *Span
			if err := p.spanClause(&one)(at, &n.Items[i]); err != nil {
				return err
			}
			*target = append(*target, one)
		}
		return nil
	}
}

// SpanField is the field that a span clause is about. Clauses about several fields have to say which one they are taken for.
func SpanField(q *Span) (string, error) {
	switch q.Name {
	case "span_term", "field_masking_span", "span_field_masking":
		return q.Field, nil
	case "span_multi":
		return multiField(q.Match), nil
	case "span_near", "span_or":
		field := ""
		for _, c := range q.Clauses {
			f, err := SpanField(c)
			if err != nil {
				return "", err
			}
			if field != "" && f != field {
				return "", eserr.IllegalArgument("Clauses must have same field.")
			}
			field = f
		}
		return field, nil
	}
	return SpanField(q.Inner)
}

func multiField(q Query) string {
	switch q := q.(type) {
	case *Prefix:
		return q.Field
	case *Wildcard:
		return q.Field
	case *Regexp:
		return q.Field
	case *Fuzzy:
		return q.Field
	case *Range:
		return q.Field
	}
	return ""
}
