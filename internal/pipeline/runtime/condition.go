package runtime

import (
	"strconv"
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/pattern"
	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/plugin"
)

// condition tells whether an event takes a branch.
type condition func(ev *event.Event) bool

// operand yields one side of a comparison; a field that is missing is null.
type operand func(ev *event.Event) event.Value

func fault(at plugin.Pos, reason string) error { return &plugin.Error{Pos: at, Reason: reason} }

// compileCondition compiles a condition with Logstash's meaning, but that comparing a text with a number is
// false rather than an error that stops the pipeline.
func compileCondition(x config.Expr) (condition, error) {
	switch x := x.(type) {
	case *config.Logic:
		return compileLogic(x)
	case *config.Not:
		c, err := compileCondition(x.X)
		return func(ev *event.Event) bool { return !c(ev) }, err
	case *config.Compare:
		return compileCompare(x)
	case *config.Match:
		return compileMatch(x)
	case *config.In:
		return compileIn(x)
	}
	return compileTruth(x.(*config.Truth))
}

func compileLogic(x *config.Logic) (condition, error) {
	left, err := compileCondition(x.Left)
	if err != nil {
		return nil, err
	}
	right, err := compileCondition(x.Right)
	switch x.Op {
	case "and":
		return func(ev *event.Event) bool { return left(ev) && right(ev) }, err
	case "or":
		return func(ev *event.Event) bool { return left(ev) || right(ev) }, err
	case "nand":
		return func(ev *event.Event) bool { return !(left(ev) && right(ev)) }, err
	}
	return func(ev *event.Event) bool { return left(ev) != right(ev) }, err
}

func compileTruth(x *config.Truth) (condition, error) {
	if o := x.Operand; o.Kind == config.Literal && o.Value.Kind != config.Bareword {
		return nil, fault(o.Pos, "a text or number alone is no condition; compare it with ==")
	}
	v, err := compileOperand(x.Operand)
	return func(ev *event.Event) bool { return v(ev).Truthy() }, err
}

func compileOperand(o config.Operand) (operand, error) {
	if o.Kind == config.Literal {
		v := literal(o.Value)
		return func(*event.Event) event.Value { return v }, nil
	}
	path, err := event.ParsePath(o.Text)
	if err != nil {
		return nil, fault(o.Pos, err.Error())
	}
	return func(ev *event.Event) event.Value {
		v, _ := ev.Get(path)
		return v
	}, nil
}

// literal is a value of the configuration as an event's value.
func literal(v config.Value) event.Value {
	switch v.Kind {
	case config.Number:
		if n, err := strconv.ParseInt(v.Text, 10, 64); err == nil {
			return event.IntOf(n)
		}
		if f, err := strconv.ParseFloat(v.Text, 64); err == nil {
			return event.FloatOf(f)
		}
	case config.Bareword:
		if v.Text == "true" || v.Text == "false" {
			return event.BoolOf(v.Text == "true")
		}
	case config.List:
		items := make([]event.Value, len(v.Items))
		for i, item := range v.Items {
			items[i] = literal(item)
		}
		return event.ArrayOf(items...)
	}
	return event.StringOf(v.Text)
}

func compileCompare(x *config.Compare) (condition, error) {
	left, err := compileOperand(x.Left)
	if err != nil {
		return nil, err
	}
	right, err := compileOperand(x.Right)
	if err != nil {
		return nil, err
	}
	switch x.Op {
	case "==":
		return func(ev *event.Event) bool { return left(ev).Equal(right(ev)) }, nil
	case "!=":
		return func(ev *event.Event) bool { return !left(ev).Equal(right(ev)) }, nil
	}
	holds := map[string]func(order int) bool{
		"<":  func(o int) bool { return o < 0 },
		">":  func(o int) bool { return o > 0 },
		"<=": func(o int) bool { return o <= 0 },
		">=": func(o int) bool { return o >= 0 },
	}[x.Op]
	return func(ev *event.Event) bool {
		o, ok := compare(left(ev), right(ev))
		return ok && holds(o)
	}, nil
}

// compare orders two numbers, two texts or two timestamps; nothing else has an order.
func compare(a, b event.Value) (order int, ok bool) {
	switch {
	case a.Kind() == event.Int && b.Kind() == event.Int:
		return compareOrdered(a.Int(), b.Int()), true
	case a.IsNumber() && b.IsNumber():
		return compareOrdered(a.Float(), b.Float()), true
	case a.Kind() == event.String && b.Kind() == event.String:
		return strings.Compare(a.Str(), b.Str()), true
	case a.Kind() == event.Time && b.Kind() == event.Time:
		return a.Time().Compare(b.Time()), true
	}
	return 0, false
}

func compareOrdered[T int64 | float64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// compileMatch compiles =~ and !~. Only texts match.
func compileMatch(x *config.Match) (condition, error) {
	left, err := compileOperand(x.Left)
	if err != nil {
		return nil, err
	}
	source := x.Right.Text
	if x.Right.Kind == config.Literal {
		source = x.Right.Value.Text
	}
	re, err := pattern.Compile(source)
	if err != nil {
		return nil, fault(x.Right.Pos, err.Error())
	}
	negate := x.Negate
	return func(ev *event.Event) bool {
		v := left(ev)
		return (v.Kind() == event.String && re.Match(v.Str())) != negate
	}, nil
}

// compileIn compiles in and not in: an item of an array, or a part of a text.
func compileIn(x *config.In) (condition, error) {
	left, err := compileOperand(x.Left)
	if err != nil {
		return nil, err
	}
	right, err := compileOperand(x.Right)
	negate := x.Negate
	return func(ev *event.Event) bool { return contains(right(ev), left(ev)) != negate }, err
}

func contains(set, item event.Value) bool {
	switch set.Kind() {
	case event.Array:
		for _, member := range set.Items() {
			if member.Equal(item) {
				return true
			}
		}
	case event.String:
		return item.Kind() == event.String && strings.Contains(set.Str(), item.Str())
	}
	return false
}
