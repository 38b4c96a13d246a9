package mustache

import (
	"net/url"
	"strings"

	"elkhorn/internal/event"
)

// Scope is what the names of a template stand for outside of its sections.
type Scope interface {
	// Find looks up a name, which has a part at least.
	Find(names []Part) (event.Value, bool)
	// Spend accounts for bytes that were written, and for what was gone through; an error ends the rendering.
	Spend(bytes int) error
}

// Render returns the text of a template.
func (t *Template) Render(scope Scope) (string, error) {
	if t.constant {
		return t.source, nil
	}
	r := renderer{scope: scope}
	if err := r.run(t.nodes); err != nil {
		return "", err
	}
	return string(r.out), nil
}

// renderer prints a template. inner are the objects and items of the sections around, the innermost last.
type renderer struct {
	scope Scope
	inner []event.Value
	out   []byte
}

func (r *renderer) run(nodes []node) error {
	for i := range nodes {
		n := &nodes[i]
		before := len(r.out)
		if err := r.node(n); err != nil {
			return err
		}
		if err := r.scope.Spend(len(r.out) - before + 1); err != nil {
			return err
		}
	}
	return nil
}

func (r *renderer) node(n *node) error {
	switch n.kind {
	case nodeText:
		r.out = append(r.out, n.text...)
	case nodeVariable:
		if v, ok := r.find(n.names); ok && v.Kind() != event.Null {
			r.variable(v, n.escape)
		}
	case nodeJSON:
		r.json(n)
	case nodeJoin:
		v, _ := r.find(n.names)
		if v.Kind() != event.Array {
			r.out = append(r.out, n.text...) // Elasticsearch leaves the name
			return nil
		}
		for i, item := range v.Items() {
			if i > 0 {
				r.out = append(r.out, n.delimiter...)
			}
			r.out = appendValue(r.out, item)
		}
	case nodeURL:
		start := len(r.out)
		if err := r.run(n.nodes); err != nil {
			return err
		}
		r.out = append(r.out[:start], formEncoded(string(r.out[start:]))...)
	case nodeInverted:
		if v, _ := r.find(n.names); !truthy(v) {
			return r.run(n.nodes)
		}
	case nodeSection:
		return r.section(n)
	}
	return nil
}

// json prints lists and objects as JSON, and other values as a variable without escaping.
func (r *renderer) json(n *node) {
	switch v, ok := r.find(n.names); {
	case !ok || v.Kind() == event.Null:
	case v.Kind() == event.Array || v.Kind() == event.Object:
		r.out = v.AppendJSON(r.out)
	default:
		r.out = appendValue(r.out, v)
	}
}

// section prints a section once for each item of a list, or once when its value is there and not false.
func (r *renderer) section(n *node) error {
	v, _ := r.find(n.names)
	if !truthy(v) {
		return nil
	}
	items := []event.Value{v}
	if v.Kind() == event.Array {
		items = v.Items()
	}
	for _, item := range items {
		r.inner = append(r.inner, item)
		err := r.run(n.nodes)
		r.inner = r.inner[:len(r.inner)-1]
		if err == nil {
			err = r.scope.Spend(1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func truthy(v event.Value) bool {
	switch v.Kind() {
	case event.Array:
		return v.Len() > 0
	case event.String:
		return v.Str() != ""
	}
	return v.Truthy()
}

// find looks a name up in the sections around, then in the scope.
func (r *renderer) find(names []Part) (event.Value, bool) {
	if len(names) == 0 { // {{.}}
		if len(r.inner) == 0 {
			return event.Value{}, false
		}
		return r.inner[len(r.inner)-1], true
	}
	for i := len(r.inner) - 1; i >= 0; i-- {
		if m, ok := r.inner[i].Member(names[0].Name); ok {
			return Follow(m, names[1:])
		}
	}
	return r.scope.Find(names)
}

// Follow goes from a value to the one that the parts of a name lead to.
func Follow(v event.Value, names []Part) (event.Value, bool) {
	for i := range names {
		switch n := &names[i]; v.Kind() {
		case event.Object:
			m, ok := v.Member(n.Name)
			if !ok {
				return event.Value{}, false
			}
			v = m
		case event.Array:
			if n.Name == "size" && i == len(names)-1 {
				return event.IntOf(int64(v.Len())), true
			}
			if !n.IsIndex || n.Index < 0 || n.Index >= v.Len() {
				return event.Value{}, false
			}
			v = v.At(n.Index)
		default:
			return event.Value{}, false
		}
	}
	return v, true
}

func (r *renderer) variable(v event.Value, escape Escaping) {
	start := len(r.out)
	r.out = appendValue(r.out, v)
	switch escape {
	case JSON:
		if needsEscape(r.out[start:]) {
			quoted := event.AppendQuoted(nil, string(r.out[start:]))
			r.out = append(r.out[:start], quoted[1:len(quoted)-1]...)
		}
	case Form:
		r.out = append(r.out[:start], formEncoded(string(r.out[start:]))...)
	}
}

func needsEscape(text []byte) bool {
	for _, c := range text {
		if c < 0x20 || c == '"' || c == '\\' {
			return true
		}
	}
	return false
}

// formEscapes are the two characters that Java and Go do not agree on in forms.
var formEscapes = strings.NewReplacer("%2A", "*", "~", "%7E")

func formEncoded(text string) string { return formEscapes.Replace(url.QueryEscape(text)) }

// appendValue writes a value as a template prints it: a list with the number of each item, as the template engine of
// Elasticsearch sees it.
func appendValue(dst []byte, v event.Value) []byte {
	if v.Kind() != event.Array {
		return AppendText(dst, v)
	}
	dst = append(dst, '{')
	for i, item := range v.Items() {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = event.IntOf(int64(i)).AppendText(dst)
		dst = appendValue(append(dst, '='), item)
	}
	return append(dst, '}')
}
