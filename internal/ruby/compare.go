package ruby

import (
	"cmp"
	"strings"
)

// equal is ==.
func equal(fr *frame, a, b Value) (bool, error) { return equalAt(fr, a, b, 0) }

func equalAt(fr *frame, a, b Value, depth int) (bool, error) {
	switch x := a.(type) {
	case int64:
		if y, ok := b.(float64); ok {
			return float64(x) == y, nil
		}
	case float64:
		if y, ok := b.(int64); ok {
			return x == float64(y), nil
		}
	case *Array:
		y, ok := b.(*Array)
		if !ok || len(x.Items) != len(y.Items) {
			return false, nil
		}
		return equalItems(fr, x, y, depth)
	case *Hash:
		y, ok := b.(*Hash)
		if !ok || x.Len() != y.Len() {
			return false, nil
		}
		return equalHashes(fr, x, y, depth)
	case *Range:
		y, ok := b.(*Range)
		if !ok || x.Exclusive != y.Exclusive {
			return false, nil
		}
		if same, err := equalAt(fr, x.Low, y.Low, depth+1); !same || err != nil {
			return false, err
		}
		return equalAt(fr, x.High, y.High, depth+1)
	case Time:
		y, ok := b.(Time)
		return ok && x.Time.Equal(y.Time), nil
	case Timestamp:
		y, ok := b.(Timestamp)
		return ok && x.Time.Equal(y.Time), nil
	case *regexValue:
		y, ok := b.(*regexValue)
		return ok && x.source == y.source && x.flags == y.flags, nil
	case Event:
		y, ok := b.(Event)
		return ok && x == y, nil // the same one
	}
	if kindOf(b) == kindEvent {
		return false, nil
	}
	return a == b, nil
}

func equalItems(fr *frame, x, y *Array, depth int) (bool, error) {
	if depth > maxNesting {
		return false, argumentErrorf("the value is nested too deeply")
	}
	for i := range x.Items {
		if err := fr.step(); err != nil {
			return false, err
		}
		if same, err := equalAt(fr, x.Items[i], y.Items[i], depth+1); !same || err != nil {
			return false, err
		}
	}
	return true, nil
}

func equalHashes(fr *frame, x, y *Hash, depth int) (bool, error) {
	if depth > maxNesting {
		return false, argumentErrorf("the value is nested too deeply")
	}
	for i := range x.Len() {
		if err := fr.step(); err != nil {
			return false, err
		}
		k, v := x.At(i)
		w, ok := y.Get(k)
		if !ok {
			return false, nil
		}
		if same, err := equalAt(fr, v, w, depth+1); !same || err != nil {
			return false, err
		}
	}
	return true, nil
}

// compareValues is <=>; ok is false where Ruby gives nil.
func compareValues(fr *frame, a, b Value) (order int, ok bool) {
	switch x := a.(type) {
	case int64:
		switch y := b.(type) {
		case int64:
			return cmp.Compare(x, y), true
		case float64:
			return cmp.Compare(float64(x), y), y == y
		}
	case float64:
		switch y := b.(type) {
		case int64:
			return cmp.Compare(x, float64(y)), x == x
		case float64:
			return cmp.Compare(x, y), x == x && y == y
		}
	case string:
		y, ok := b.(string)
		return strings.Compare(x, y), ok
	case Symbol:
		y, ok := b.(Symbol)
		return cmp.Compare(x, y), ok
	case Time:
		y, ok := b.(Time)
		return x.Compare(y.Time), ok
	case Timestamp:
		switch y := b.(type) {
		case Timestamp:
			return x.Compare(y.Time), true
		case Time:
			return x.Compare(y.Time), true
		}
	case *Array:
		if y, ok := b.(*Array); ok {
			return compareArrays(fr, x, y)
		}
	case nil, bool:
		return 0, a == b
	}
	return 0, false
}

func compareArrays(fr *frame, x, y *Array) (int, bool) {
	fr.depth++
	defer func() { fr.depth-- }()
	if fr.depth > maxNesting {
		return 0, false
	}
	for i := range min(len(x.Items), len(y.Items)) {
		if fr.step() != nil {
			return 0, false
		}
		if order, ok := compareValues(fr, x.Items[i], y.Items[i]); order != 0 || !ok {
			return order, ok
		}
	}
	return cmp.Compare(len(x.Items), len(y.Items)), true
}

// order compares for sorting and for < and its like, where values that have no order are an error.
func order(fr *frame, a, b Value) (int, error) {
	o, ok := compareValues(fr, a, b)
	if !ok {
		shown := className(b)
		switch b.(type) {
		case nil, bool, int64, float64:
			shown = inspectShort(b)
		}
		return 0, argumentErrorf("comparison of %s with %s failed", className(a), shown)
	}
	return o, nil
}

// caseEqual is pattern === v, as case and when use it.
func caseEqual(fr *frame, pattern, v Value) (bool, error) {
	switch p := pattern.(type) {
	case *procValue:
		answer, err := p.call(fr, []Value{v})
		return truthy(answer), err
	case class:
		return isA(v, string(p)), nil
	case ipAddr:
		return p.holds(v)
	case *Range:
		return p.covers(fr, v), nil
	case *regexValue:
		var s string
		switch v := v.(type) {
		case string:
			s = v
		case Symbol:
			s = string(v)
		default:
			return false, nil
		}
		m, err := fr.matchRegex(p, s, 0)
		return m != nil, err
	}
	return equal(fr, pattern, v)
}

// covers says whether v lies between the ends.
func (r *Range) covers(fr *frame, v Value) bool {
	if r.Low != nil {
		if o, ok := compareValues(fr, r.Low, v); !ok || o > 0 {
			return false
		}
	}
	if r.High == nil {
		return true
	}
	o, ok := compareValues(fr, v, r.High)
	return ok && (o < 0 || o == 0 && !r.Exclusive)
}

// ancestors are the classes and modules that is_a? finds above a class.
var ancestors = map[string][]string{
	"Integer": {"Numeric", "Comparable", "Fixnum"}, "Float": {"Numeric", "Comparable"}, "String": {"Comparable"},
	"Symbol": {"Comparable"}, "Array": {"Enumerable"}, "Hash": {"Enumerable"}, "Range": {"Enumerable"},
	"Time": {"Comparable"}, "LogStash::Timestamp": {"Comparable"},
}

func isA(v Value, name string) bool {
	own := className(v)
	if own == name || name == "Object" || name == "BasicObject" || name == "Kernel" {
		return true
	}
	if e, ok := v.(*Error); ok {
		return isErrorOf(e.Class, name)
	}
	for _, a := range ancestors[own] {
		if a == name {
			return true
		}
	}
	return false
}

// knownClasses are the classes that a program can name, error classes aside.
var knownClasses = map[string]bool{
	"NilClass": true, "TrueClass": true, "FalseClass": true, "Integer": true, "Fixnum": true, "Float": true, "Numeric": true,
	"String": true, "Symbol": true, "Array": true, "Hash": true, "Range": true, "Regexp": true, "MatchData": true,
	"Time": true, "LogStash::Timestamp": true, "LogStash::Event": true, "LogStash": true, "Comparable": true, "Enumerable": true, "Object": true,
	"BasicObject": true, "Kernel": true, "Math": true, "Process": true,
}
