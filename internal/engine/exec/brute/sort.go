package brute

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Key is one key to sort by.
type Key struct {
	Field   string // "_seq_no" and "_id" too
	Desc    bool
	Missing string // "_last", "_first", or a value
	Mode    string // "" is min, or max when descending
	Nested  *Node  // which nested objects the values come from; nil: the document
}

// Keys reads the "sort" of a request.
func Keys(n *Node) []Key {
	var out []Key
	for _, item := range n.list() {
		field, o := item.only()
		k := Key{Field: field, Missing: "_last"}
		if o.Kind != '{' {
			k.Desc = o.Text == "desc"
		} else {
			k.Desc, k.Missing, k.Mode = o.text("order", "asc") == "desc", o.text("missing", "_last"), o.text("mode", "")
			k.Nested = o.Get("nested")
		}
		out = append(out, k)
	}
	return out
}

// missing marks that a document has no string; it goes first or last whatever the direction. In the place of a number there is
// the least or the greatest that the type has, which ties with that number itself.
type missing bool // true: first

// SortValue is what a document is sorted by under a key.
func (k *Key) SortValue(d *Doc) any {
	switch k.Field {
	case "_seq_no":
		return d.SeqNo
	case "_id":
		return d.ID
	}
	f := d.field(k.Field)
	values := k.values(d, f)
	if len(values) > 0 {
		return k.pick(f, values)
	}
	if k.Missing != "_first" && k.Missing != "_last" && f != nil {
		return f.standIn(k.Missing)
	}
	first := k.Missing == "_first"
	low := first != k.Desc
	switch {
	case f == nil || f.isKeyword() || f.Type == "ip":
		return missing(first)
	case f.isFloat() && low:
		return math.Inf(-1)
	case f.isFloat():
		return math.Inf(1)
	case low:
		return int64(math.MinInt64)
	}
	return int64(math.MaxInt64)
}

// pick reduces sorted values to one.
func (k *Key) pick(f *Field, values []any) any {
	mode := k.Mode
	if mode == "" && k.Desc {
		mode = "max"
	}
	switch mode {
	case "", "min":
		return values[0]
	case "max":
		return values[len(values)-1]
	}
	if len(values) == 1 { // so that -0 stays
		return values[0]
	}
	sum := 0.0
	for _, v := range values {
		sum += f.plain(v)
	}
	whole := func(x float64) any {
		if f.isFloat() {
			return x
		}
		return int64(math.Round(x))
	}
	switch mode {
	case "sum":
		return whole(sum)
	case "avg":
		return whole(sum / float64(len(values)))
	case "median":
		mid := len(values) / 2
		if len(values)%2 == 1 {
			return values[mid]
		}
		return whole((f.plain(values[mid-1]) + f.plain(values[mid])) / 2)
	}
	panic("brute: no mode " + mode)
}

func (f *Field) plain(v any) float64 {
	if n, ok := v.(int64); ok {
		return float64(n)
	}
	return v.(float64)
}

// Compare orders two sort values.
func (k *Key) Compare(a, b any) int {
	x, noX := a.(missing)
	y, noY := b.(missing)
	switch {
	case noX && noY:
		return 0
	case noX && bool(x), noY && !bool(y):
		return -1
	case noX, noY:
		return 1
	}
	c := order(a, b)
	if k.Desc {
		return -c
	}
	return c
}

// Sort orders documents; ties stay in the order of sequence numbers.
func Sort(docs []*Doc, keys []Key) []*Doc {
	type entry struct {
		d      *Doc
		values []any
	}
	var entries []entry
	for _, d := range docs {
		e := entry{d: d}
		for i := range keys {
			e.values = append(e.values, keys[i].SortValue(d))
		}
		entries = append(entries, e)
	}
	slices.SortStableFunc(entries, func(a, b entry) int {
		for i := range keys {
			if c := keys[i].Compare(a.values[i], b.values[i]); c != 0 {
				return c
			}
		}
		return 0
	})
	var out []*Doc
	for _, e := range entries {
		out = append(out, e.d)
	}
	return out
}

// Print is a sort value of a document as an answer prints it.
func (k *Key) Print(d *Doc) any {
	v := k.SortValue(d)
	f := d.field(k.Field)
	switch x := v.(type) {
	case missing:
		return nil
	case int64:
		return json.Number(strconv.FormatInt(x, 10))
	case float64:
		if math.IsInf(x, 0) {
			return map[bool]string{true: "Infinity", false: "-Infinity"}[x > 0]
		}
		return number(x)
	case string:
		if f != nil && f.Type == "ip" {
			return printIP(x)
		}
		return x
	}
	panic(fmt.Sprint("brute: ", v))
}

// Printed are a document's values of a field as an answer prints them: in the order of the document, or as doc values.
func (d *Doc) Printed(path string, docValues bool) []any {
	f := d.field(path)
	if f == nil {
		return nil
	}
	values := d.fieldValues(f)
	if docValues {
		values = d.values(f)
	}
	var out []any
	for _, v := range values {
		switch x := v.(type) {
		case int64:
			switch {
			case f.Type == "boolean":
				out = append(out, x == 1)
			case f.isDate():
				out = append(out, printDate(f.time(x), f.formats))
			default:
				out = append(out, json.Number(strconv.FormatInt(x, 10)))
			}
		case float64:
			out = append(out, number(x))
		case string:
			if f.Type == "ip" {
				x = printIP(x)
			}
			out = append(out, x)
		}
	}
	return out
}
