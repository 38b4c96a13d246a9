package query

import (
	"slices"
	"strconv"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// The functions of this file make readers for the kinds of values that options
// have. Each reader checks the JSON type and sets its target.

// scalar reads any scalar as written.
func (p *parser) scalar(target *Value) option {
	return func(at place, n *jsonval.Node) error {
		if !n.IsScalar() {
			return at.unknownToken(n)
		}
		*target = n.Scalar()
		return nil
	}
}

// text reads a scalar's text; null leaves the target alone.
func (p *parser) text(target *string) option {
	return func(at place, n *jsonval.Node) error {
		if !n.IsScalar() {
			return at.unknownToken(n)
		}
		if n.Kind != jsonval.Null {
			*target = n.Text
		}
		return nil
	}
}

// required is text that also says whether the option was there at all.
func (p *parser) required(target *string, given *bool) option {
	return func(at place, n *jsonval.Node) error {
		*given = n.Kind != jsonval.Null
		return p.text(target)(at, n)
	}
}

// texts reads an array of scalars, or a single one.
func (p *parser) texts(target *[]string) option {
	return func(at place, n *jsonval.Node) error {
		*target = []string{}
		for _, item := range elements(n) {
			if !item.IsScalar() || item.Kind == jsonval.Null {
				return at.unknownToken(&item)
			}
			*target = append(*target, item.Text)
		}
		return nil
	}
}

// elements returns an array's items, or n itself as the only one.
func elements(n *jsonval.Node) []jsonval.Node {
	if n.Kind == jsonval.Array {
		return n.Items
	}
	return []jsonval.Node{*n}
}

// values reads an array of scalars; null is not allowed among them.
func (p *parser) values(n *jsonval.Node, clause, field string, target *[]Value) error {
	*target = make([]Value, 0, len(n.Items))
	for i := range n.Items {
		item := &n.Items[i]
		if item.Kind == jsonval.Null {
			return p.fail(item, "No value specified for %s query", clause)
		}
		if !item.IsScalar() {
			return place{clause, field}.unknownToken(item)
		}
		*target = append(*target, item.Scalar())
	}
	return nil
}

// boolean reads true or false, also as text.
func (p *parser) boolean(target *bool) option {
	return func(at place, n *jsonval.Node) error {
		value, ok := n.Scalar().Truth()
		if !n.IsScalar() || !ok {
			return at.malformed(n, "a boolean")
		}
		*target = value
		return nil
	}
}

// negated reads a boolean whose default is true.
func (p *parser) negated(target *bool) option {
	return func(at place, n *jsonval.Node) error {
		value := true
		err := p.boolean(&value)(at, n)
		*target = !value
		return err
	}
}

// count reads a whole number that is not negative.
func (p *parser) count(target *int) option {
	return func(at place, n *jsonval.Node) error {
		value, ok := n.Scalar().Int64()
		if !n.IsScalar() || !ok {
			return at.malformed(n, "a whole number")
		}
		if value < 0 || value > 1<<31-1 {
			return eserr.IllegalArgument("No negative [%s] allowed, or too large: [%d] in [%s] query", at.option, value, at.clause)
		}
		*target = int(value)
		return nil
	}
}

// float reads a number.
func (p *parser) float(target **float64) option {
	return func(at place, n *jsonval.Node) error {
		value, ok := n.Scalar().Float64()
		if !n.IsScalar() || !ok {
			return at.malformed(n, "a number")
		}
		*target = &value
		return nil
	}
}

// oneOf reads one of some words, in any case, and keeps it in lower case.
func (p *parser) oneOf(target *string, words ...string) option {
	return func(at place, n *jsonval.Node) error {
		word := strings.ToLower(n.Text)
		if !n.IsScalar() || !slices.Contains(words, word) {
			return at.malformed(n, "one of ["+strings.Join(words, ", ")+"]")
		}
		*target = word
		return nil
	}
}

// only accepts an option at the values that change nothing here, and refuses
// it by name at any other.
func (p *parser) only(words ...string) option {
	return func(at place, n *jsonval.Node) error {
		if !n.IsScalar() || !slices.Contains(words, n.Text) {
			return eserr.Unsupported("[" + at.option + "] of [" + string(n.Raw) + "] in a [" + at.clause + "] query")
		}
		return nil
	}
}

// rewrite accepts the ways to score a multi-term query that choose the same
// documents; those that look at the top terms only are refused.
func (p *parser) rewrite() option {
	return p.only("constant_score", "constant_score_blended", "constant_score_boolean", "scoring_boolean")
}

// operator reads "and" or "or", in any case.
func (p *parser) operator(target *Operator) option {
	return func(at place, n *jsonval.Node) error {
		var word string
		err := p.oneOf(&word, "and", "or")(at, n)
		if word == "and" {
			*target = And
		}
		return err
	}
}

// zeroTerms reads "none" or "all".
func (p *parser) zeroTerms(target *bool) option {
	return func(at place, n *jsonval.Node) error {
		var word string
		err := p.oneOf(&word, "none", "all")(at, n)
		*target = word == "all"
		return err
	}
}

// fuzziness reads AUTO, AUTO:low,high or a number of edits.
func (p *parser) fuzziness(target *string) option {
	return func(at place, n *jsonval.Node) error {
		text := strings.ToUpper(n.Text)
		if !n.IsScalar() || !validFuzziness(text) {
			return at.malformed(n, "AUTO, AUTO:low,high, 0, 1 or 2")
		}
		*target = text
		return nil
	}
}

func validFuzziness(text string) bool {
	if low, high, ok := strings.Cut(strings.TrimPrefix(text, "AUTO:"), ","); ok && strings.HasPrefix(text, "AUTO:") {
		l, errLow := strconv.Atoi(low)
		h, errHigh := strconv.Atoi(high)
		return errLow == nil && errHigh == nil && 0 <= l && l <= h
	}
	f, err := strconv.ParseFloat(text, 64)
	return text == "AUTO" || err == nil && (f == 0 || f == 1 || f == 2)
}

// raw keeps an object as written.
func (p *parser) raw(target *[]byte) option {
	return func(at place, n *jsonval.Node) error {
		if n.Kind != jsonval.Object {
			return at.unknownToken(n)
		}
		*target = append([]byte(nil), n.Raw...)
		return nil
	}
}

// clause reads one clause.
func (p *parser) clause(target *Query) option {
	return func(at place, n *jsonval.Node) error {
		if n.Kind != jsonval.Object {
			return at.unknownToken(n)
		}
		q, err := p.parse(n)
		*target = q
		return err
	}
}

// clauseList adds the clauses of an array, or a single one.
func (p *parser) clauseList(target *[]Query) option {
	return func(at place, n *jsonval.Node) error {
		for _, item := range elements(n) {
			q, err := p.parse(&item)
			if err != nil {
				return err
			}
			*target = append(*target, q)
		}
		return nil
	}
}

// fields reads field names with an optional ^boost.
func (p *parser) fields(target *[]FieldBoost) option {
	return func(at place, n *jsonval.Node) error {
		*target = nil
		for _, item := range elements(n) {
			if item.Kind != jsonval.String {
				return at.unknownToken(&item)
			}
			f, err := ParseFieldBoost(item.Text)
			if err != nil {
				return at.malformed(&item, "field^boost")
			}
			*target = append(*target, f)
		}
		return nil
	}
}

// ParseFieldBoost reads "field" or "field^2.5".
func ParseFieldBoost(text string) (FieldBoost, error) {
	field, boost, ok := strings.Cut(text, "^")
	if !ok {
		return FieldBoost{Field: text, Boost: 1}, nil
	}
	b, ok := jsonval.Str(boost).Float64()
	if !ok || b < 0 {
		return FieldBoost{}, eserr.IllegalArgument("boost of field [%s] is not a positive number", text)
	}
	return FieldBoost{Field: field, Boost: b}, nil
}

// writeFields prints a list of fields, if there is one.
func writeFields(w *jsonval.Writer, fields []FieldBoost) {
	if len(fields) == 0 {
		return
	}
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.Field
		if f.Boost != 1 {
			names[i] += "^" + strconv.FormatFloat(f.Boost, 'g', -1, 64)
		}
	}
	w.Strings("fields", names)
}
