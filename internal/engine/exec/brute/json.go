package brute

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Node is a JSON value with its members in the order they are written.
type Node struct {
	// Kind is 'n' null, 't' true or false, '0' number, '"' string, '[' or '{'.
	Kind byte
	// Text is a string's content, a number's literal, "true" or "false".
	Text  string
	Keys  []string
	Items []*Node
}

// Parse decodes a JSON text.
func Parse(raw string) (*Node, error) {
	d := json.NewDecoder(strings.NewReader(raw))
	d.UseNumber()
	n, err := parseNode(d)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one value")
	}
	return n, nil
}

// MustParse is Parse for texts that a test wrote.
func MustParse(raw string) *Node {
	n, err := Parse(raw)
	if err != nil {
		panic(fmt.Sprintf("%s: %v", raw, err))
	}
	return n
}

func parseNode(d *json.Decoder) (*Node, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t := token.(type) {
	case nil:
		return &Node{Kind: 'n'}, nil
	case bool:
		return &Node{Kind: 't', Text: strconv.FormatBool(t)}, nil
	case json.Number:
		return &Node{Kind: '0', Text: t.String()}, nil
	case string:
		return &Node{Kind: '"', Text: t}, nil
	}
	n := &Node{Kind: byte(token.(json.Delim))}
	for d.More() {
		if n.Kind == '{' {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			n.Keys = append(n.Keys, key.(string))
		}
		item, err := parseNode(d)
		if err != nil {
			return nil, err
		}
		n.Items = append(n.Items, item)
	}
	_, err = d.Token()
	return n, err
}

// Get returns a member of an object, or nil.
func (n *Node) Get(key string) *Node {
	if n == nil {
		return nil
	}
	for i, k := range n.Keys {
		if k == key {
			return n.Items[i]
		}
	}
	return nil
}

// only returns the single member of an object.
func (n *Node) only() (key string, value *Node) {
	if len(n.Keys) != 1 {
		panic(fmt.Sprintf("brute: want one member, have %v", n.Keys))
	}
	return n.Keys[0], n.Items[0]
}

// text is the text of a member, or a fallback.
func (n *Node) text(key, fallback string) string {
	if v := n.Get(key); v != nil && v.Kind != 'n' {
		return v.Text
	}
	return fallback
}

func (n *Node) number(key string, fallback float64) float64 {
	if v := n.Get(key); v != nil && v.Kind != 'n' {
		f, err := strconv.ParseFloat(v.Text, 64)
		if err != nil {
			panic(fmt.Sprintf("brute: %s of %s: %v", key, v.Text, err))
		}
		return f
	}
	return fallback
}

func (n *Node) truth(key string, fallback bool) bool {
	return n.text(key, strconv.FormatBool(fallback)) == "true"
}

// list returns an array's items, or the value itself as the only one; nil for nil.
func (n *Node) list() []*Node {
	switch {
	case n == nil:
		return nil
	case n.Kind == '[':
		return n.Items
	}
	return []*Node{n}
}

// Same says whether two values are the same JSON, whatever their white space and the order of members. Numbers are the same
// when they are written the same.
func (n *Node) Same(o *Node) bool {
	if n.Kind != o.Kind || n.Text != o.Text || len(n.Items) != len(o.Items) {
		return false
	}
	for i := range n.Items {
		other := o.Items[i]
		if n.Kind == '{' {
			if other = o.Get(n.Keys[i]); other == nil {
				return false
			}
		}
		if !n.Items[i].Same(other) {
			return false
		}
	}
	return true
}

// Decode reads JSON the way Equal expects it.
func Decode(data []byte) any {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		panic(fmt.Sprintf("%s: %v", data, err))
	}
	return v
}

// Equal compares two decoded JSON values. Whole numbers must be the same; others may differ by a part in a billion, for sums
// that were added up in another order. Members of b named *_as_string that a lacks do not count.
func Equal(a, b any) bool {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		return ok && equalObjects(x, y)
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !Equal(x[i], y[i]) {
				return false
			}
		}
		return true
	case json.Number:
		y, ok := b.(json.Number)
		return ok && equalNumbers(x, y)
	}
	return a == b
}

func equalObjects(x, y map[string]any) bool {
	for k, v := range x {
		w, ok := y[k]
		if !ok || !Equal(v, w) {
			return false
		}
	}
	for k := range y {
		if _, ok := x[k]; !ok && !strings.HasSuffix(k, "_as_string") {
			return false
		}
	}
	return true
}

func equalNumbers(x, y json.Number) bool {
	i, err1 := strconv.ParseInt(x.String(), 10, 64)
	j, err2 := strconv.ParseInt(y.String(), 10, 64)
	if err1 == nil && err2 == nil {
		return i == j
	}
	f, _ := x.Float64()
	g, _ := y.Float64()
	return math.Abs(f-g) <= 1e-9*max(1, math.Abs(f), math.Abs(g))
}

// number prints a float as JSON.
func number(f float64) any {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	if f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return json.Number(strconv.FormatInt(int64(f), 10))
	}
	return json.Number(strconv.FormatFloat(f, 'g', -1, 64))
}

func count(n int) any { return json.Number(strconv.Itoa(n)) }

// Print writes a value without white space.
func Print(n *Node) string {
	switch n.Kind {
	case 'n':
		return "null"
	case '"':
		return quote(n.Text)
	case '[', '{':
		parts := make([]string, len(n.Items))
		for i, item := range n.Items {
			parts[i] = Print(item)
			if n.Kind == '{' {
				parts[i] = quote(n.Keys[i]) + ":" + parts[i]
			}
		}
		return string(n.Kind) + strings.Join(parts, ",") + map[byte]string{'[': "]", '{': "}"}[n.Kind]
	}
	return n.Text
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}
