package processor

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// condition is a compiled when.
type condition interface {
	holds(ev *event.Event) bool
}

// compileCondition compiles a when. Several conditions side by side are refused, as in Filebeat: write and.
func compileCondition(v plugin.Value) (condition, error) {
	if v.Kind != plugin.Map || len(v.Pairs) != 1 {
		return nil, errors.New("wants exactly one condition; join several with and, or")
	}
	name, arg := v.Pairs[0].Key, v.Pairs[0].Value
	// equals.status: 200 is short for equals: {status: 200}.
	if kind, field, dotted := strings.Cut(name, "."); dotted {
		name, arg = kind, plugin.Value{Kind: plugin.Map, Pairs: []plugin.Pair{{Key: field, Value: arg}}}
	}
	c, err := compileNamed(name, arg)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

func compileNamed(name string, arg plugin.Value) (condition, error) {
	switch name {
	case "and", "or":
		return compileList(name, arg)
	case "not":
		inner, err := compileCondition(arg)
		return not{inner}, err
	case "has_fields":
		return compileHasFields(arg)
	case "equals":
		return compileFields(arg, compileEquals)
	case "contains":
		return compileFields(arg, compileContains)
	case "regexp":
		return compileFields(arg, compileRegexp)
	case "range":
		return compileFields(arg, compileRange)
	}
	return nil, errors.New("there is no such condition; there are equals, contains, regexp, range, has_fields, and, or, not")
}

type allOf []condition

func (c allOf) holds(ev *event.Event) bool {
	for _, inner := range c {
		if !inner.holds(ev) {
			return false
		}
	}
	return true
}

type anyOf []condition

func (c anyOf) holds(ev *event.Event) bool {
	for _, inner := range c {
		if inner.holds(ev) {
			return true
		}
	}
	return false
}

type not struct{ inner condition }

func (c not) holds(ev *event.Event) bool { return !c.inner.holds(ev) }

func compileList(name string, arg plugin.Value) (condition, error) {
	if arg.Kind != plugin.List || len(arg.List) == 0 {
		return nil, errors.New("wants a list of conditions")
	}
	var all []condition
	for _, item := range arg.List {
		c, err := compileCondition(item)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	if name == "or" {
		return anyOf(all), nil
	}
	return allOf(all), nil
}

type hasField struct{ path *event.Path }

func (c hasField) holds(ev *event.Event) bool {
	_, ok := ev.Get(c.path)
	return ok
}

func compileHasFields(arg plugin.Value) (condition, error) {
	if arg.Kind != plugin.List {
		return nil, errors.New("wants a list of field names")
	}
	var all allOf
	for _, item := range arg.List {
		p, err := fieldPath(item.Str)
		if err != nil {
			return nil, err
		}
		all = append(all, hasField{p})
	}
	return all, nil
}

// fieldTest is a test of one field's value; absent fields fail it.
type fieldTest struct {
	path *event.Path
	test func(event.Value) bool
}

func (c fieldTest) holds(ev *event.Event) bool {
	v, ok := ev.Get(c.path)
	return ok && c.test(v)
}

// compileFields compiles field: argument pairs, all of which must hold. Nested maps name nested fields.
func compileFields(arg plugin.Value, compile func(plugin.Value) (func(event.Value) bool, error)) (condition, error) {
	if arg.Kind != plugin.Map || len(arg.Pairs) == 0 {
		return nil, errors.New("wants field names with a value each")
	}
	var all allOf
	err := eachField("", arg.Pairs, func(field string, v plugin.Value) error {
		path, err := fieldPath(field)
		if err != nil {
			return err
		}
		test, err := compile(v)
		if err != nil {
			return fmt.Errorf("%s: %w", field, err)
		}
		all = append(all, fieldTest{path, test})
		return nil
	})
	return all, err
}

func eachField(prefix string, pairs []plugin.Pair, do func(field string, v plugin.Value) error) error {
	for _, pair := range pairs {
		field, v := prefix+pair.Key, pair.Value
		if bare, bound, ok := cutBound(field); ok { // http.code.gte: 400 is short for http.code: {gte: 400}
			field, v = bare, plugin.Value{Kind: plugin.Map, Pairs: []plugin.Pair{{Key: bound, Value: v}}}
		}
		var err error
		if v.Kind == plugin.Map && !isBounds(v) {
			err = eachField(field+".", v.Pairs, do)
		} else {
			err = do(field, v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

var bounds = map[string]bool{"gt": true, "gte": true, "lt": true, "lte": true}

func cutBound(field string) (bare, bound string, ok bool) {
	i := strings.LastIndexByte(field, '.')
	if i < 0 || !bounds[field[i+1:]] {
		return "", "", false
	}
	return field[:i], field[i+1:], true
}

func isBounds(v plugin.Value) bool {
	for _, pair := range v.Pairs {
		if !bounds[pair.Key] {
			return false
		}
	}
	return len(v.Pairs) > 0
}

// compileEquals compares numbers as numbers, and text and booleans with text of the same spelling.
func compileEquals(arg plugin.Value) (func(event.Value) bool, error) {
	if arg.Kind != plugin.Text && arg.Kind != plugin.Number {
		return nil, errors.New("compares with a text, a number or a boolean")
	}
	want := ValueOf(arg)
	return func(v event.Value) bool {
		if want.IsNumber() {
			return v.IsNumber() && v.Equal(want)
		}
		return (v.Kind() == event.String || v.Kind() == event.Bool) && v.Text() == arg.Str
	}, nil
}

// compileContains finds text in a text, or in one of an array's texts.
func compileContains(arg plugin.Value) (func(event.Value) bool, error) {
	if arg.Kind != plugin.Text && arg.Kind != plugin.Number {
		return nil, errors.New("looks for a text")
	}
	return overTexts(func(text string) bool { return strings.Contains(text, arg.Str) }), nil
}

func compileRegexp(arg plugin.Value) (func(event.Value) bool, error) {
	re, err := regexp.Compile(arg.Str)
	if err != nil {
		return nil, err
	}
	return overTexts(re.MatchString), nil
}

func overTexts(test func(string) bool) func(event.Value) bool {
	return func(v event.Value) bool {
		if v.Kind() == event.String {
			return test(v.Str())
		}
		if v.Kind() != event.Array {
			return false
		}
		for _, item := range v.Items() {
			if item.Kind() == event.String && test(item.Str()) {
				return true
			}
		}
		return false
	}
}

func compileRange(arg plugin.Value) (func(event.Value) bool, error) {
	if arg.Kind != plugin.Map || !isBounds(arg) {
		return nil, errors.New("wants gt, gte, lt or lte")
	}
	var tests []func(float64) bool
	for _, pair := range arg.Pairs {
		bound, err := strconv.ParseFloat(pair.Value.Str, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %q is not a number", pair.Key, pair.Value.Str)
		}
		switch pair.Key {
		case "gt":
			tests = append(tests, func(f float64) bool { return f > bound })
		case "gte":
			tests = append(tests, func(f float64) bool { return f >= bound })
		case "lt":
			tests = append(tests, func(f float64) bool { return f < bound })
		case "lte":
			tests = append(tests, func(f float64) bool { return f <= bound })
		}
	}
	return func(v event.Value) bool {
		if !v.IsNumber() {
			return false
		}
		for _, test := range tests {
			if !test(v.Float()) {
				return false
			}
		}
		return true
	}, nil
}
