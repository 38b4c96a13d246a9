package agg

import (
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
	"elkhorn/internal/painless"
)

// Agg is one named aggregation and those inside it.
type Agg struct {
	Name string
	Body Body
	Subs []*Agg
	// Meta is raw JSON that the answer repeats, nil for none.
	Meta []byte
}

// Body is what an aggregation does. The concrete types are the pointers to the
// structs of this package; no other package implements it.
type Body interface {
	// Kind is the name in the DSL, such as "date_histogram".
	Kind() string
	// Family says what may stand around and inside the aggregation.
	Family() Family
	appendBody(dst []byte) []byte
}

// Family groups kinds by what they yield.
type Family uint8

// The families: buckets of documents, numbers about documents, and numbers
// about the buckets beside or below.
const (
	Bucket Family = iota
	Metric
	Pipeline
)

// Value is a scalar that has not met a field's type yet.
type Value = jsonval.Scalar

// Source says where an aggregation's values come from.
type Source struct {
	// Field is the field's path; empty only where the kind allows it.
	Field string
	// Missing stands in for documents without a value; nil leaves them out.
	Missing *Value
	// Format prints keys and values: a date format or a decimal pattern.
	Format string
	// Script computes the values; nil for a field. Field then is a name that only this script has.
	Script *ValueScript
}

// ValueScript is a script that an aggregation takes its values from.
type ValueScript struct {
	Spec *painless.Spec
	// Field is the field whose values the script sees as _value; empty for none.
	Field string
	// Kind is that of the aggregation, ValueType what the request says the values are, or empty.
	Kind, ValueType string
}

// ValueSource returns where values come from.
func (s *Source) ValueSource() *Source { return s }

// Sources returns where the values of an aggregation come from: one source, several, or none.
func Sources(b Body) []*Source {
	var list []*Source
	switch b := b.(type) {
	case *MultiTerms:
		for i := range b.Terms {
			list = append(list, &b.Terms[i].Source)
		}
	case *Composite:
		for i := range b.Sources {
			list = append(list, &b.Sources[i].Source)
		}
	case interface{ ValueSource() *Source }:
		list = append(list, b.ValueSource())
	}
	return list
}

func (s *Source) write(w *jsonval.Writer) {
	if s.Script != nil {
		w.StringIf("field", s.Script.Field)
		w.Raw("script", s.Script.Spec.Raw)
	} else {
		w.StringIf("field", s.Field)
	}
	if s.Missing != nil {
		w.Scalar("missing", *s.Missing)
	}
	w.StringIf("format", s.Format)
}

// Append appends the object that stands beside "aggs".
func Append(dst []byte, aggs []*Agg) []byte {
	w := jsonval.Begin(dst)
	for _, a := range aggs {
		w.Key(a.Name)
		w.Value(a.append)
	}
	return w.End()
}

func (a *Agg) append(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Key(a.Body.Kind())
	w.Value(a.Body.appendBody)
	if a.Meta != nil {
		w.Raw("meta", a.Meta)
	}
	if len(a.Subs) > 0 {
		w.Key("aggregations")
		w.Value(func(dst []byte) []byte { return Append(dst, a.Subs) })
	}
	return w.End()
}

// String returns the aggregations as JSON, for logs and tests.
func String(aggs []*Agg) string { return string(Append(nil, aggs)) }

// Walk calls visit for every aggregation, parents first.
func Walk(aggs []*Agg, visit func(*Agg)) {
	for _, a := range aggs {
		visit(a)
		Walk(a.Subs, visit)
	}
}

// Queries calls visit for every query inside the aggregations.
func Queries(aggs []*Agg, visit func(query.Query)) {
	Walk(aggs, func(a *Agg) {
		switch body := a.Body.(type) {
		case *Filter:
			visit(body.Query)
		case *Filters:
			for _, f := range body.Filters {
				visit(f.Query)
			}
		case *SignificantTerms:
			if body.Background != nil {
				visit(body.Background)
			}
		case *SignificantText:
			if body.Background != nil {
				visit(body.Background)
			}
		case *AdjacencyMatrix:
			for _, f := range body.Filters {
				visit(f.Query)
			}
		case *TTest:
			for _, q := range []query.Query{body.A.Filter, body.B.Filter} {
				if q != nil {
					visit(q)
				}
			}
		}
	})
}
