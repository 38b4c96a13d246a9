package query

import "elkhorn/internal/es/jsonval"

// Query is one clause. The concrete types are the pointers to the structs of
// this package; no other package implements it.
type Query interface {
	// Kind is the clause's name in the query DSL, such as "term".
	Kind() string
	// Base returns the options every clause has.
	Base() *Common
	// appendBody appends the JSON that stands beside the clause's name.
	appendBody(dst []byte) []byte
	// children returns the clauses directly inside this one.
	children() []Query
}

// Common holds the options every clause has. The zero value means none given.
type Common struct {
	// Boost multiplies the clause's score; nil means 1.
	Boost *float64
	// Name is the clause's _name, reported as a matched query of each hit.
	Name string
}

// Base implements part of Query for every clause that embeds Common.
func (c *Common) Base() *Common { return c }

// Weight returns the boost, 1 when none was given.
func (c *Common) Weight() float64 {
	if c.Boost == nil {
		return 1
	}
	return *c.Boost
}

// children is that of a leaf; compound clauses have their own.
func (c *Common) children() []Query { return nil }

// write appends the common options as members of an open object.
func (c *Common) write(w *jsonval.Writer) {
	if c.Boost != nil {
		w.Float("boost", *c.Boost)
	}
	w.StringIf("_name", c.Name)
}

// Value is a scalar of a query that has not met a field's type yet.
type Value = jsonval.Scalar

// Append appends q as JSON: {"kind":{…}}.
func Append(dst []byte, q Query) []byte {
	dst = append(dst, '{')
	dst = jsonval.AppendString(dst, q.Kind())
	dst = append(dst, ':')
	dst = q.appendBody(dst)
	return append(dst, '}')
}

// String returns q as JSON, for logs and tests.
func String(q Query) string { return string(Append(nil, q)) }

// Walk calls visit for q and every clause inside it, parents first, in the
// order they are written. It does not enter a clause for which visit returns
// false.
func Walk(q Query, visit func(Query) bool) {
	if !visit(q) {
		return
	}
	for _, child := range q.children() {
		Walk(child, visit)
	}
}

// Operator says how the words of a text query combine.
type Operator uint8

// The operators. Or is the default everywhere.
const (
	Or Operator = iota
	And
)

// String returns the name as Elasticsearch prints it.
func (o Operator) String() string {
	if o == And {
		return "AND"
	}
	return "OR"
}

// FieldBoost is a field, or a pattern of fields with *, and its weight.
type FieldBoost struct {
	Field string
	// Boost is 1 unless written as "field^2".
	Boost float64
}
