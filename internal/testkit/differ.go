package testkit

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Difference is one place where two answers are not the same. A side that has nothing there is [Absent].
type Difference struct {
	Path         string // dotted; numbers index arrays; "" is the whole answer
	Ours, Theirs any
}

// Absent stands for a member that one side lacks.
type Absent struct{}

func (d Difference) String() string {
	path := d.Path
	if path == "" {
		path = "the answer"
	}
	return fmt.Sprintf("%s: ours %s, theirs %s", path, side(d.Ours), side(d.Theirs))
}

func side(v any) string {
	if _, absent := v.(Absent); absent {
		return "absent"
	}
	return show(v)
}

// Differences compares two answers value by value when both are JSON, and as text otherwise. The order of
// an object's members does not count, and numbers are the same when they differ by no more than rounding.
func Differences(ours, theirs string) []Difference {
	a, errA := decode(ours)
	b, errB := decode(theirs)
	if errA != nil || errB != nil {
		if ours == theirs {
			return nil
		}
		return []Difference{{Ours: ours, Theirs: theirs}}
	}
	var found []Difference
	compare("", a, b, &found)
	return found
}

func compare(path string, ours, theirs any, found *[]Difference) {
	switch a := ours.(type) {
	case map[string]any:
		if b, ok := theirs.(map[string]any); ok {
			compareObjects(path, a, b, found)
			return
		}
	case []any:
		if b, ok := theirs.([]any); ok && len(a) == len(b) {
			for i := range a {
				compare(below(path, strconv.Itoa(i)), a[i], b[i], found)
			}
			return
		}
	case json.Number:
		if b, ok := theirs.(json.Number); ok && nearlySame(a, b) {
			return
		}
	default:
		if _, composite := theirs.([]any); !composite && ours == theirs {
			return
		}
	}
	*found = append(*found, Difference{path, ours, theirs})
}

func compareObjects(path string, ours, theirs map[string]any, found *[]Difference) {
	names := slices.Collect(maps.Keys(ours))
	for name := range theirs {
		if _, both := ours[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		a, inOurs := ours[name]
		b, inTheirs := theirs[name]
		switch {
		case !inOurs:
			*found = append(*found, Difference{below(path, name), Absent{}, b})
		case !inTheirs:
			*found = append(*found, Difference{below(path, name), a, Absent{}})
		default:
			compare(below(path, name), a, b, found)
		}
	}
}

func below(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// rounding is how much two numbers may differ, relative to their size: sums of floats depend on the order.
const rounding = 1e-6

func nearlySame(a, b json.Number) bool {
	if a == b {
		return true
	}
	x, errX := a.Float64()
	y, errY := b.Float64()
	if errX != nil || errY != nil {
		return false
	}
	_, wholeA := strconv.ParseInt(a.String(), 10, 64)
	_, wholeB := strconv.ParseInt(b.String(), 10, 64)
	if wholeA == nil && wholeB == nil {
		return false // both whole, and not the same
	}
	return math.Abs(x-y) <= rounding*max(math.Abs(x), math.Abs(y))
}

// Names is a set of places in an answer: a dotted path in which * stands for one member or element and **
// for any number of them. What lies below a place belongs to it.
type Names struct{ expr *regexp.Regexp }

// ParseNames reads a path with stars.
func ParseNames(path string) Names {
	var b strings.Builder
	b.WriteString("^")
	for i, piece := range strings.Split(path, "**") {
		if i > 0 {
			b.WriteString(".*")
		}
		for j, plain := range strings.Split(piece, "*") {
			if j > 0 {
				b.WriteString("[^.]*")
			}
			b.WriteString(regexp.QuoteMeta(plain))
		}
	}
	b.WriteString(`(\..*)?$`)
	return Names{regexp.MustCompile(b.String())}
}

// Has reports whether a difference lies at or below one of the places.
func (n Names) Has(path string) bool { return n.expr.MatchString(path) }
