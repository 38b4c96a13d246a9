package agg

import (
	"slices"
	"strconv"
	"strings"

	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// The functions of this file make readers for the kinds of values that options
// have. Each reader checks the JSON type and sets its target.

func (p *parser) scalar(target *Value) option {
	return func(at place, n *jsonval.Node) error {
		if !n.IsScalar() {
			return at.unknownToken(n)
		}
		*target = n.Scalar()
		return nil
	}
}

func (p *parser) missing(target **Value) option {
	return func(at place, n *jsonval.Node) error {
		if !n.IsScalar() || n.Kind == jsonval.Null {
			return at.unknownToken(n)
		}
		value := n.Scalar()
		*target = &value
		return nil
	}
}

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

func (p *parser) oneOf(target *string, words ...string) option {
	return func(at place, n *jsonval.Node) error {
		if n.Kind != jsonval.String || !slices.Contains(words, n.Text) {
			return at.malformed(n, "one of ["+strings.Join(words, ", ")+"]")
		}
		*target = n.Text
		return nil
	}
}

// only accepts an option at the values that change nothing here, and refuses
// it by name at any other.
func (p *parser) only(words ...string) option {
	return func(at place, n *jsonval.Node) error {
		if !n.IsScalar() || !slices.Contains(words, n.Text) {
			return eserr.Unsupported("[" + at.option + "] of [" + string(n.Raw) + "] in aggregation [" + p.name + "]")
		}
		return nil
	}
}

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

func (p *parser) count64(target *int64) option {
	return func(at place, n *jsonval.Node) error {
		value, ok := n.Scalar().Int64()
		if !n.IsScalar() || !ok {
			return at.malformed(n, "a whole number")
		}
		if value < 0 {
			return eserr.IllegalArgument("[%s] must be greater than or equal to 0. Found [%d] in [%s]", at.option, value, p.name)
		}
		*target = value
		return nil
	}
}

func (p *parser) count(target *int) option {
	return func(at place, n *jsonval.Node) error {
		var value int64
		if err := p.count64(&value)(at, n); err != nil {
			return err
		}
		if value > 1<<31-1 {
			return at.malformed(n, "a number below 2^31")
		}
		*target = int(value)
		return nil
	}
}

func (p *parser) float(target *float64) option {
	return func(at place, n *jsonval.Node) error {
		value, ok := n.Scalar().Float64()
		if !n.IsScalar() || !ok {
			return at.malformed(n, "a number")
		}
		*target = value
		return nil
	}
}

// javaDouble prints a number as Elasticsearch's messages do: 1 is 1.0.
func javaDouble(f float64) string {
	text := strconv.FormatFloat(f, 'g', -1, 64)
	if strings.ContainsAny(text, ".e") {
		return text
	}
	return text + ".0"
}

// positive reads a number that is not negative; the message calls it name.
func (p *parser) positive(target *float64, name string) option {
	return func(at place, n *jsonval.Node) error {
		if err := p.float(target)(at, n); err != nil {
			return err
		}
		if *target < 0 {
			return eserr.IllegalArgument("[%s] must be greater than or equal to 0. Found [%s] in [%s]", name, javaDouble(*target), p.name)
		}
		return nil
	}
}

// floats reads an array of numbers, or a single one, and puts it in ascending
// order as Elasticsearch does.
func (p *parser) floats(target *[]float64) option {
	return func(at place, n *jsonval.Node) error {
		*target = nil
		for _, item := range elements(n) {
			var f float64
			if err := p.float(&f)(at, &item); err != nil {
				return err
			}
			*target = append(*target, f)
		}
		slices.Sort(*target)
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

func (p *parser) texts(target *[]string) option {
	return func(at place, n *jsonval.Node) error {
		*target = []string{}
		for _, item := range elements(n) {
			if item.Kind != jsonval.String {
				return at.unknownToken(&item)
			}
			*target = append(*target, item.Text)
		}
		return nil
	}
}

func (p *parser) raw(target *[]byte) option {
	return func(at place, n *jsonval.Node) error {
		if n.Kind != jsonval.Object {
			return at.unknownToken(n)
		}
		*target = append([]byte(nil), n.Raw...)
		return nil
	}
}

// interval reads a date interval: a calendar unit, or a fixed length.
func (p *parser) interval(target *Interval, calendar bool) option {
	return func(at place, n *jsonval.Node) error {
		if target.Text != "" {
			return eserr.IllegalArgument("Cannot use [%s] with another interval option.", at.option)
		}
		text := n.Text
		if n.Kind != jsonval.String && n.Kind != jsonval.Number {
			return at.unknownToken(n)
		}
		if calendar {
			unit, ok := dates.ParseUnit(text)
			if !ok {
				return eserr.IllegalArgument("The supplied interval [%s] could not be parsed as a calendar interval.", text)
			}
			*target = Interval{Calendar: unit, Text: text}
			return nil
		}
		millis, err := dates.ParseDuration(text)
		if err != nil || millis <= 0 {
			return eserr.IllegalArgument("failed to parse setting [date_histogram.%s] with value [%s] as a time value: unit is missing or unrecognized", at.option, text)
		}
		*target = Interval{FixedMillis: millis, Text: text}
		return nil
	}
}

// millis reads an offset such as "+6h", "-1d" or a number of milliseconds.
func (p *parser) millis(target *int64) option {
	return func(at place, n *jsonval.Node) error {
		if i, ok := n.Scalar().Int64(); ok && n.Kind == jsonval.Number {
			*target = i
			return nil
		}
		sign, text := int64(1), strings.TrimPrefix(n.Text, "+")
		if rest, negative := strings.CutPrefix(text, "-"); negative {
			sign, text = -1, rest
		}
		value, err := dates.ParseDuration(text)
		if n.Kind != jsonval.String || err != nil {
			return at.malformed(n, "a time value")
		}
		*target = sign * value
		return nil
	}
}

// formatMillis prints an offset so that millis reads it back.
func formatMillis(ms int64) string { return string(jsonval.Int(ms).Append(nil)) + "ms" }
