package runtime

import (
	"slices"
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

// conditionTimeoutTag marks an event on which an expression of a condition was given up, and so counted as no match.
const conditionTimeoutTag = "_conditiontimeout"

// compileCondition compiles a condition with Logstash's meaning, with one difference: an order between values that have
// none (a text and a number, a missing field and anything) is false, where Logstash loses the event.
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
	v, err := compileOperand(x.Operand)
	return func(ev *event.Event) bool { return truthy(v(ev)) }, err
}

// truthy is the truth of a value that stands alone: null, false and the texts "" and "false" are false. All else is
// true, 0 and empty arrays included.
func truthy(v event.Value) bool {
	switch v.Kind() {
	case event.Null:
		return false
	case event.Bool:
		return v.Bool()
	case event.String:
		return v.Str() != "" && v.Str() != "false"
	}
	return true
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
		if v.Kind() != event.String {
			return negate
		}
		found, err := re.Search(v.Str())
		if err != nil {
			ev.Tag(conditionTimeoutTag)
		}
		return found != negate
	}, nil
}

// compileIn compiles in and not in. What it means depends on which side is written in the configuration.
func compileIn(x *config.In) (condition, error) {
	left, err := compileOperand(x.Left)
	if err != nil {
		return nil, err
	}
	right, err := compileOperand(x.Right)
	negate := x.Negate
	switch set := x.Right; {
	case set.Kind == config.Literal && set.Value.Kind == config.List:
		texts := listTexts(set.Value)
		return func(ev *event.Event) bool { return isOneOf(left(ev), texts) != negate }, err
	case set.Kind == config.Literal:
		text := set.Value.Text
		return func(ev *event.Event) bool { return isPart(left(ev), text) != negate }, err
	case x.Left.Kind == config.Literal:
		return func(ev *event.Event) bool { return holds(right(ev), left(ev)) != negate }, err
	}
	return func(ev *event.Event) bool { return fieldInField(left(ev), right(ev)) != negate }, err
}

func listTexts(list config.Value) []string {
	texts := make([]string, len(list.Items))
	for i, item := range list.Items {
		texts[i] = literal(item).Text()
	}
	return texts
}

// isOneOf tells whether a value is in an array of the configuration. Their texts are compared, so the number 200 is in
// ["200", "404"].
func isOneOf(v event.Value, texts []string) bool {
	var buffer [32]byte // long enough for every number
	var text []byte
	switch v.Kind() {
	case event.Null:
		return false
	case event.String:
		return slices.Contains(texts, v.Str())
	default:
		text = v.AppendText(buffer[:0])
	}
	return slices.ContainsFunc(texts, func(t string) bool { return t == string(text) })
}

func isPart(v event.Value, of string) bool {
	return v.Kind() == event.String && strings.Contains(of, v.Str())
}

// holds tells whether a field holds a value: as an item of its array or a part of its text.
func holds(field, v event.Value) bool {
	switch field.Kind() {
	case event.Array:
		return slices.ContainsFunc(field.Items(), v.Equal)
	case event.String:
		return isPart(v, field.Str())
	}
	return false
}

// fieldInField is [a] in [b]: also true of two equal numbers or booleans, never of an array or object on the left.
func fieldInField(left, right event.Value) bool {
	switch left.Kind() {
	case event.Null, event.Array, event.Object:
		return false
	}
	return holds(right, left) || left.Equal(right)
}
