package query

import "elkhorn/internal/es/jsonval"

// Range matches documents whose field lies between two bounds.
type Range struct {
	Common
	Field string
	// Lower and Upper are nil where the range is open.
	Lower, Upper *Bound
	// Format reads the bounds of a date field in place of the field's own.
	Format string
	// TimeZone is an offset ("+01:00") or a zone's name for dates without one.
	TimeZone string
	// Relation is for range fields: "intersects" (the default, also when
	// empty), "contains" or "within".
	Relation string
	// Lenient matches nothing, rather than fail, when a bound does not fit the
	// field's type. Query strings set it; the clause itself has no such option.
	Lenient bool
}

// Bound is one end of a range.
type Bound struct {
	// Value is as written: a date may hold date math such as "now-1h/d". It is
	// not null.
	Value Value
	// Inclusive tells gte and lte from gt and lt.
	Inclusive bool
}

// Kind returns "range".
func (*Range) Kind() string { return "range" }

func (q *Range) appendBody(dst []byte) []byte {
	return q.appendField(dst, q.Field, func(w *jsonval.Writer) {
		q.Lower.write(w, "gt")
		q.Upper.write(w, "lt")
		w.StringIf("format", q.Format)
		w.StringIf("time_zone", q.TimeZone)
		w.StringIf("relation", q.Relation)
	})
}

func (b *Bound) write(w *jsonval.Writer, name string) {
	if b == nil {
		return
	}
	if b.Inclusive {
		name += "e"
	}
	w.Scalar(name, b.Value)
}

// legacyRange collects the old form, in which the value and its inclusion are
// two options that may come in any order.
type legacyRange struct {
	from, to                   Value
	includeLower, includeUpper bool
}

func parseRange(p *parser, n *jsonval.Node) (Query, error) {
	q := &Range{}
	old := legacyRange{includeLower: true, includeUpper: true}
	err := p.fieldClause(n, "range", &q.Field, &q.Common, "", options{
		"gt":            p.bound(&q.Lower, false),
		"gte":           p.bound(&q.Lower, true),
		"ge":            p.bound(&q.Lower, true),
		"lt":            p.bound(&q.Upper, false),
		"lte":           p.bound(&q.Upper, true),
		"le":            p.bound(&q.Upper, true),
		"from":          p.scalar(&old.from),
		"to":            p.scalar(&old.to),
		"include_lower": p.boolean(&old.includeLower),
		"include_upper": p.boolean(&old.includeUpper),
		"format":        p.text(&q.Format),
		"time_zone":     p.text(&q.TimeZone),
		"relation":      p.oneOf(&q.Relation, "intersects", "contains", "within"),
	})
	if err != nil {
		return nil, err
	}
	if !old.from.IsNull() {
		q.Lower = &Bound{Value: old.from, Inclusive: old.includeLower}
	}
	if !old.to.IsNull() {
		q.Upper = &Bound{Value: old.to, Inclusive: old.includeUpper}
	}
	return q, nil
}

// bound reads one end; null leaves it open.
func (p *parser) bound(target **Bound, inclusive bool) option {
	return func(at place, n *jsonval.Node) error {
		var v Value
		if err := p.scalar(&v)(at, n); err != nil {
			return err
		}
		*target = nil
		if !v.IsNull() {
			*target = &Bound{Value: v, Inclusive: inclusive}
		}
		return nil
	}
}
