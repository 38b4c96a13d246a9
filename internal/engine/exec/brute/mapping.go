package brute

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Field is a mapped field that holds values.
type Field struct {
	Path string
	Type string

	coerce, ignoreMalformed bool
	ignoreAbove             int // characters; -1 is no limit
	nullValue               *Node
	formats                 []string
	analyzer                string
	lowercase               bool // normalizer
	scaling                 float64
	constant                string
	copyTo                  []string
	multi                   []*Field
}

// object is a mapped object: Children are *object or *Field.
type object struct {
	path     string
	children map[string]any
	dynamic  string // "" inherits
	disabled bool
	nested   bool
}

// template is a dynamic template.
type template struct {
	kind, match, pathMatch string
	mapping                *Node
}

// schema is one version of a mapping.
type schema struct {
	root          *object
	noDates       bool
	numericDetect bool
	templates     []template
}

// newSchema reads a mapping.
func newSchema(raw string) *schema {
	s := &schema{root: &object{children: map[string]any{}}}
	if raw == "" {
		return s
	}
	n := MustParse(raw)
	s.noDates = !n.truth("date_detection", true)
	s.numericDetect = n.truth("numeric_detection", false)
	for _, t := range n.Get("dynamic_templates").list() {
		_, body := t.only()
		s.templates = append(s.templates, template{body.text("match_mapping_type", ""), body.text("match", ""), body.text("path_match", ""), body.Get("mapping")})
	}
	s.root = newObject("", n)
	return s
}

func newObject(path string, n *Node) *object {
	o := &object{path: path, children: map[string]any{}, dynamic: n.text("dynamic", ""), disabled: !n.truth("enabled", true), nested: n.text("type", "") == "nested"}
	props := n.Get("properties")
	if props == nil {
		return o
	}
	for i, name := range props.Keys {
		child := props.Items[i]
		if t := child.text("type", ""); t == "" || t == "object" || t == "nested" {
			o.children[name] = newObject(join(path, name), child)
			continue
		}
		o.children[name] = newField(join(path, name), child)
	}
	return o
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func newField(path string, n *Node) *Field {
	f := &Field{
		Path: path, Type: n.text("type", ""), coerce: n.truth("coerce", true), ignoreMalformed: n.truth("ignore_malformed", false),
		ignoreAbove: int(n.number("ignore_above", -1)), nullValue: n.Get("null_value"), analyzer: n.text("analyzer", "standard"),
		lowercase: n.text("normalizer", "") == "lowercase", scaling: n.number("scaling_factor", 1), constant: n.text("value", ""),
		formats: strings.Split(n.text("format", defaultDateFormat), "||"),
	}
	for _, to := range n.Get("copy_to").list() {
		f.copyTo = append(f.copyTo, to.Text)
	}
	if subs := n.Get("fields"); subs != nil {
		for i, name := range subs.Keys {
			f.multi = append(f.multi, newField(join(path, name), subs.Items[i]))
		}
	}
	return f
}

// clone copies the tree of objects; fields do not change.
func (s *schema) clone() *schema {
	out := *s
	out.root = s.root.clone()
	return &out
}

func (o *object) clone() *object {
	out := *o
	out.children = maps.Clone(o.children)
	for name, child := range out.children {
		if sub, ok := child.(*object); ok {
			out.children[name] = sub.clone()
		}
	}
	return &out
}

// field finds a field or multi-field by path, or a key of a flattened object; nil when there is none.
func (s *schema) field(path string) *Field {
	var found *Field
	s.each(func(f *Field) {
		switch {
		case f.Path == path:
			found = f
		case f.Type == "flattened" && strings.HasPrefix(path, f.Path+".") && found == nil:
			found = &Field{Path: path, Type: "keyword", ignoreAbove: -1}
		}
	})
	return found
}

// scopeOf is the innermost nested path around a field, "" for none.
func (s *schema) scopeOf(path string) string {
	scope, o := "", s.root
	for _, part := range strings.Split(path, ".") {
		child, ok := o.children[part].(*object)
		if !ok {
			break
		}
		if o = child; o.nested {
			scope = o.path
		}
	}
	return scope
}

// each visits all fields, multi-fields included.
func (s *schema) each(visit func(*Field)) {
	var walk func(o *object)
	walk = func(o *object) {
		for _, name := range slices.Sorted(maps.Keys(o.children)) {
			switch child := o.children[name].(type) {
			case *object:
				walk(child)
			case *Field:
				visit(child)
				for _, m := range child.multi {
					visit(m)
				}
			}
		}
	}
	walk(s.root)
}

// below returns the fields that a name stands for: itself, those inside an object, or those that fit a pattern.
func (s *schema) below(name string) []*Field {
	if f := s.field(name); f != nil {
		return []*Field{f}
	}
	var out []*Field
	s.each(func(f *Field) {
		if strings.HasPrefix(f.Path, name+".") || strings.Contains(name, "*") && wildcard(name, f.Path) {
			out = append(out, f)
		}
	})
	return out
}

// infer adds a field for a value that has none. It answers false when the value stays in the source alone.
func (s *schema) infer(o *object, dynamic, name string, v *Node) (added any, ok bool, err error) {
	switch dynamic {
	case "false":
		return nil, false, nil
	case "strict":
		return nil, false, fmt.Errorf("strict: %s", join(o.path, name))
	}
	kind := s.kindOf(v)
	path := join(o.path, name)
	for _, t := range s.templates {
		if (t.kind == "" || t.kind == "*" || t.kind == kind) && (t.match == "" || wildcard(t.match, name)) && (t.pathMatch == "" || wildcard(t.pathMatch, path)) {
			if kind := t.mapping.text("type", ""); kind == "object" || kind == "nested" {
				added = newObject(path, t.mapping)
			} else {
				added = newField(path, t.mapping)
			}
			o.children[name] = added
			return added, true, nil
		}
	}
	switch kind {
	case "object":
		added = &object{path: path, children: map[string]any{}}
	case "string":
		added = newField(path, MustParse(`{"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":256}}}`))
	case "date":
		added = newField(path, MustParse(`{"type":"date"}`))
	case "double":
		added = newField(path, MustParse(`{"type":"float"}`))
	default:
		added = newField(path, MustParse(fmt.Sprintf(`{"type":%q}`, kind)))
	}
	o.children[name] = added
	return added, true, nil
}

// kindOf is what a value looks like to dynamic mapping.
func (s *schema) kindOf(v *Node) string {
	switch v.Kind {
	case '{':
		return "object"
	case 't':
		return "boolean"
	case '0':
		if strings.ContainsAny(v.Text, ".eE") {
			return "double"
		}
		return "long"
	}
	if s.numericDetect {
		if isInteger(v.Text) {
			return "long"
		}
		if isDecimal(v.Text) {
			return "double"
		}
	}
	if !s.noDates && !isDecimal(v.Text) {
		if _, _, ok := parseDate(v.Text, []string{"strict_date_optional_time"}); ok {
			return "date"
		}
	}
	return "string"
}
