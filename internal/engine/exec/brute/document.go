package brute

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Doc is one document as it is now.
type Doc struct {
	Index   string
	ID      string
	Source  string
	Version int64
	SeqNo   int64

	schema *Index
	tree   *Node
	// stored are the values by path of field in the order of the document.
	stored map[string][]any
	// Ignored are the fields whose values were malformed.
	Ignored []string
	// Scope and Outer are those of a nested object; inner are the objects inside. See nested.go.
	Scope string
	Outer *Doc
	inner []*Doc
	// sorted and words are what values and tokens found before.
	sorted map[string][]any
	words  map[string][][]token
}

// own gives the document and the objects in it what they need to be searched.
func (d *Doc) own(root *Doc) {
	d.Index, d.ID, d.schema, d.SeqNo = root.Index, root.ID, root.schema, root.SeqNo
	for _, object := range d.inner {
		object.own(root)
	}
}

// values are the doc values of a field: each string and address once, in order.
func (d *Doc) values(f *Field) []any {
	if f == nil {
		return nil
	}
	if f.Type == "constant_keyword" && f.constant != "" {
		return []any{f.constant}
	}
	if out, ok := d.sorted[f.Path]; ok {
		return out
	}
	out := slices.Clone(d.stored[f.Path])
	slices.SortFunc(out, order)
	if f.isKeyword() || f.Type == "ip" {
		out = slices.Compact(out)
	}
	if d.sorted == nil {
		d.sorted = map[string][]any{}
	}
	d.sorted[f.Path] = out
	return out
}

// tokens are the words of each value of a text.
func (d *Doc) tokens(f *Field) [][]token {
	if out, ok := d.words[f.Path]; ok {
		return out
	}
	var out [][]token
	for _, v := range d.stored[f.Path] {
		out = append(out, analyze(f.analyzer, v.(string)))
	}
	if d.words == nil {
		d.words = map[string][][]token{}
	}
	d.words[f.Path] = out
	return out
}

// reader reads one document into values. The schema may grow while it does.
type reader struct {
	schema *schema
	forked bool // schema is this document's own copy
	root   *Doc
	at     *Doc // the document or nested object at hand
}

// read takes a document apart. It returns the schema as the document leaves it; an error is a refusal, which leaves no trace.
func (s *schema) read(tree *Node) (*reader, error) {
	r := &reader{schema: s, root: &Doc{stored: map[string][]any{}}}
	r.at = r.root
	if tree.Kind != '{' {
		return nil, errors.New("no object")
	}
	if err := noDuplicates(tree); err != nil {
		return nil, err
	}
	if err := r.object("", tree); err != nil {
		return nil, err
	}
	return r, nil
}

func noDuplicates(n *Node) error {
	seen := map[string]bool{}
	for i, item := range n.Items {
		if n.Kind == '{' {
			if seen[n.Keys[i]] {
				return fmt.Errorf("duplicate key %q", n.Keys[i])
			}
			seen[n.Keys[i]] = true
		}
		if err := noDuplicates(item); err != nil {
			return err
		}
	}
	return nil
}

// find finds what is mapped at a path: *object, *Field or nil, and the rule for what is not.
func (r *reader) find(path string) (found any, parent *object, dynamic string) {
	parent, dynamic = r.schema.root, cmpOr(r.schema.root.dynamic, "true")
	if path == "" {
		return parent, nil, dynamic
	}
	parts := strings.Split(path, ".")
	for i, part := range parts {
		child := parent.children[part]
		if i == len(parts)-1 {
			return child, parent, dynamic
		}
		o, ok := child.(*object)
		if !ok {
			return nil, parent, dynamic
		}
		parent, dynamic = o, cmpOr(o.dynamic, dynamic)
	}
	return nil, parent, dynamic
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (r *reader) object(path string, n *Node) error {
	for i, key := range n.Keys {
		if err := r.member(path, key, n.Items[i]); err != nil {
			return err
		}
	}
	return nil
}

// member reads what stands beside a key; a dotted key is a way through objects.
func (r *reader) member(path, key string, v *Node) error {
	name, rest, dotted := strings.Cut(key, ".")
	full := join(path, name)
	found, _, dynamic := r.find(full)
	if dotted {
		switch o := found.(type) {
		case *Field:
			return fmt.Errorf("%s is no object", full)
		case nil:
			if !makesField(v) && dynamic != "strict" {
				return nil
			}
			added, ok, err := r.grow(full, &Node{Kind: '{'})
			if err != nil || !ok {
				return err
			}
			if _, ok := added.(*object); !ok {
				return fmt.Errorf("%s is no object", full)
			}
		case *object:
			if o.disabled {
				return nil
			}
		}
		return r.member(full, rest, v)
	}
	return r.value(full, v)
}

// makesField says whether dynamic mapping can make something of a value.
func makesField(v *Node) bool {
	switch v.Kind {
	case 'n':
		return false
	case '[':
		return slices.ContainsFunc(v.Items, makesField)
	}
	return true
}

// grow adds to the schema what a path lacks.
func (r *reader) grow(path string, v *Node) (any, bool, error) {
	if !r.forked {
		r.schema, r.forked = r.schema.clone(), true
	}
	_, parent, dynamic := r.find(path)
	return r.schema.infer(parent, dynamic, path[strings.LastIndex(path, ".")+1:], v)
}

// value reads a value at a path.
func (r *reader) value(path string, v *Node) error {
	found, _, dynamic := r.find(path)
	if found == nil && dynamic == "strict" {
		return fmt.Errorf("strict: %s", path)
	}
	if o, ok := found.(*object); ok && o.disabled {
		return nil
	}
	if v.Kind == '[' {
		if f, ok := found.(*Field); ok && f.Type == "geo_point" {
			return r.point(f, v)
		}
		if f, ok := found.(*Field); ok && f.Type == "flattened" {
			return r.flattened(f, v)
		}
		for _, item := range v.Items {
			if err := r.value(path, item); err != nil {
				return err
			}
		}
		return nil
	}
	if found == nil {
		if v.Kind == 'n' {
			return nil
		}
		var ok bool
		var err error
		if found, ok, err = r.grow(path, v); err != nil || !ok {
			return err
		}
		if o, ok := found.(*object); ok && o.disabled {
			return nil
		}
	}
	switch at := found.(type) {
	case *object:
		if v.Kind == 'n' {
			return nil
		}
		if v.Kind != '{' {
			return fmt.Errorf("%s is an object", path)
		}
		if at.nested {
			defer r.enter(path)()
		}
		return r.object(path, v)
	case *Field:
		return r.scalar(at, v)
	}
	return nil
}

func (r *reader) scalar(f *Field, v *Node) error {
	switch f.Type {
	case "geo_point":
		return r.point(f, v)
	case "flattened":
		return r.flattened(f, v)
	}
	if v.Kind == '{' {
		if !f.ignoreMalformed {
			return fmt.Errorf("%s is no object", f.Path)
		}
		r.ignore(f)
		return nil
	}
	if err := r.take(f, v); err != nil {
		return err
	}
	for _, to := range f.copyTo {
		if target := r.schema.field(to); target != nil && v.Kind != 'n' {
			if err := r.take(target, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// take gives a scalar to a field and its multi-fields.
func (r *reader) take(f *Field, v *Node) error {
	for _, one := range append([]*Field{f}, f.multi...) {
		if v.Kind == 'n' && one != f && one.nullValue == nil {
			continue
		}
		switch value, what := one.convert(v); {
		case what == taken:
			to := r.at
			for scope := r.schema.scopeOf(one.Path); to.Scope != scope && to.Outer != nil; { // copied out of an object
				to = to.Outer
			}
			to.stored[one.Path] = append(to.stored[one.Path], value)
		case what == malformed && !one.ignoreMalformed:
			return fmt.Errorf("%s of type %s does not take %q", one.Path, one.Type, v.Text)
		case what == malformed:
			r.ignore(one)
		}
	}
	return nil
}

func (r *reader) ignore(f *Field) {
	if !slices.Contains(r.root.Ignored, f.Path) {
		r.root.Ignored = append(r.root.Ignored, f.Path)
	}
}

// flattened reads an object whose leaves are keywords, each under its key and all together under the object's name.
func (r *reader) flattened(f *Field, v *Node) error {
	switch v.Kind {
	case 'n':
		return nil
	case '[':
		for _, item := range v.Items {
			if err := r.flattened(f, item); err != nil {
				return err
			}
		}
		return nil
	case '{':
		r.leaves(f, f.Path, v)
		return nil
	}
	return fmt.Errorf("%s wants an object", f.Path)
}

func (r *reader) leaves(f *Field, path string, v *Node) {
	switch v.Kind {
	case '{':
		for i, key := range v.Keys {
			r.leaves(f, path+"."+key, v.Items[i])
		}
	case '[':
		for _, item := range v.Items {
			r.leaves(f, path, item)
		}
	default:
		if value, what := f.convert(v); what == taken {
			r.at.stored[f.Path] = append(r.at.stored[f.Path], value)
			r.at.stored[path] = append(r.at.stored[path], value)
		}
	}
}

// point reads a geo_point. Only whether there is one counts here: comparisons write points that are right.
func (r *reader) point(f *Field, v *Node) error {
	if v.Kind != 'n' && (v.Kind != '[' || len(v.Items) > 0) {
		r.at.stored[f.Path] = append(r.at.stored[f.Path], "point")
	}
	return nil
}

// Info describes a field for whoever makes requests.
type Info struct {
	Path, Type string
	// Format is that of dates.
	Format string
	// Lowercase says that keywords are compared in lower case.
	Lowercase bool
	// Multi says that it is a multi-field.
	Multi bool
	// Scope is the innermost nested path around it, "" for none.
	Scope string
}

// Fields are the fields that are mapped now, multi-fields included, in a fixed order.
func (ix *Index) Fields() []Info {
	var out []Info
	multi := map[string]bool{}
	ix.schema.each(func(f *Field) {
		for _, m := range f.multi {
			multi[m.Path] = true
		}
		out = append(out, Info{f.Path, f.Type, strings.Join(f.formats, "||"), f.lowercase, multi[f.Path], ix.schema.scopeOf(f.Path)})
	})
	return out
}
