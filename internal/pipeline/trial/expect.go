package trial

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"elkhorn/internal/event"
	"elkhorn/internal/pattern"
	"elkhorn/internal/pipeline/runtime"
)

// expectation is what one resulting event must be like.
type expectation struct {
	line    int
	fields  []fieldWant
	outputs []outputWant
	routed  bool // $outputs is given
	node    *yaml.Node
}

// fieldWant is one field's condition.
type fieldWant struct {
	path *event.Path
	want matcher
	key  *yaml.Node
	node *yaml.Node
}

// outputWant is an output that the event must go to, by id or name, and what its options must come to.
type outputWant struct {
	name    string
	options []optionWant
}

type optionWant struct {
	name string
	want matcher
}

// matcher tells "" or what the value should be like.
type matcher func(v event.Value, present bool) string

func newExpectation(n *yaml.Node) (*expectation, error) {
	e := &expectation{line: n.Line, node: n}
	if n.Kind != yaml.MappingNode {
		return nil, at(n, "an expected event must be a mapping of its fields")
	}
	return e, e.read(n, "")
}

// read takes the fields of a mapping, with the reference of the object they are in.
func (e *expectation) read(n *yaml.Node, parent string) error {
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, v := n.Content[i], n.Content[i+1]
		name := key.Value
		if parent == "" && name == "$outputs" {
			if err := e.readOutputs(v); err != nil {
				return err
			}
			continue
		}
		ref := name
		if parent != "" || !strings.HasPrefix(name, "[") {
			ref = parent + "[" + name + "]"
		}
		path, err := event.ParsePath(ref)
		if err != nil {
			return at(key, "%v", err)
		}
		if v.Kind == yaml.MappingNode && len(v.Content) > 0 && !strings.HasPrefix(v.Content[0].Value, "$") {
			if err := e.read(v, ref); err != nil {
				return err
			}
			continue
		}
		want, err := newMatcher(v)
		if err != nil {
			return err
		}
		e.fields = append(e.fields, fieldWant{path: path, want: want, key: key, node: v})
	}
	return nil
}

func (e *expectation) readOutputs(n *yaml.Node) error {
	e.routed = true
	if n.Kind != yaml.SequenceNode {
		return at(n, "$outputs must be a list of names or ids; [] means that no output gets the event")
	}
	for _, item := range n.Content {
		if item.Kind == yaml.ScalarNode {
			e.outputs = append(e.outputs, outputWant{name: item.Value})
			continue
		}
		if item.Kind != yaml.MappingNode || len(item.Content) != 2 || item.Content[1].Kind != yaml.MappingNode {
			return at(item, "an output is a name or {name: {option: value}}")
		}
		w := outputWant{name: item.Content[0].Value}
		options := item.Content[1].Content
		for i := 0; i+1 < len(options); i += 2 {
			want, err := newMatcher(options[i+1])
			if err != nil {
				return err
			}
			w.options = append(w.options, optionWant{options[i].Value, want})
		}
		e.outputs = append(e.outputs, w)
	}
	return nil
}

var operators = []string{"$exists", "$equals", "$regex", "$contains", "$type", "$gt", "$gte", "$lt", "$lte", "$near", "$length"}

// newMatcher makes a condition of a value, or of a mapping of operators that must all hold.
func newMatcher(n *yaml.Node) (matcher, error) {
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		want, err := nodeValue(n)
		return equals(want), err
	}
	var all []matcher
	err := members(n, "a condition", operators, func(name string, v *yaml.Node) error {
		m, err := newOperator(name, v)
		all = append(all, m)
		return err
	})
	return func(v event.Value, present bool) string {
		for _, m := range all {
			if wrong := m(v, present); wrong != "" {
				return wrong
			}
		}
		return ""
	}, err
}

func newOperator(name string, n *yaml.Node) (matcher, error) {
	want, err := nodeValue(n)
	if err != nil {
		return nil, err
	}
	switch name {
	case "$exists":
		if want.Kind() != event.Bool {
			return nil, at(n, "$exists must be true or false")
		}
		return func(_ event.Value, present bool) string {
			if present == want.Bool() {
				return ""
			}
			return map[bool]string{true: "to be there", false: "to be missing"}[want.Bool()]
		}, nil
	case "$equals":
		return equals(want), nil
	case "$regex":
		re, err := pattern.Compile(n.Value)
		if err != nil {
			return nil, at(n, "$regex: %v", err)
		}
		return wanting(func(v event.Value) bool { return re.Match(v.Text()) }, "to match /"+n.Value+"/"), nil
	case "$contains":
		return wanting(func(v event.Value) bool {
			if v.Kind() == event.Array {
				return slices.ContainsFunc(v.Items(), want.Equal)
			}
			return strings.Contains(v.Text(), want.Text())
		}, "to contain "+show(want)), nil
	case "$type":
		kinds := []string{"null", "boolean", "integer", "float", "string", "timestamp", "array", "object", "number"}
		if !slices.Contains(kinds, n.Value) {
			return nil, at(n, "$type must be one of %s", strings.Join(kinds, ", "))
		}
		return wanting(func(v event.Value) bool {
			return v.Kind().String() == n.Value || n.Value == "number" && v.IsNumber()
		}, "to be of type "+n.Value), nil
	case "$length":
		return wanting(func(v event.Value) bool {
			length := v.Len()
			if v.Kind() == event.String {
				length = len([]rune(v.Str()))
			}
			return want.Equal(event.IntOf(int64(length)))
		}, "to have length "+show(want)), nil
	case "$near":
		if want.Len() != 2 || !want.At(0).IsNumber() || !want.At(1).IsNumber() {
			return nil, at(n, "$near must be [value, distance]")
		}
		centre, distance := want.At(0).Float(), want.At(1).Float()
		return wanting(func(v event.Value) bool {
			return v.IsNumber() && v.Float() >= centre-distance && v.Float() <= centre+distance
		}, fmt.Sprintf("within %g of %g", distance, centre)), nil
	}
	if !want.IsNumber() {
		return nil, at(n, "%s must be a number", name)
	}
	return wanting(func(v event.Value) bool {
		x, y := v.Float(), want.Float()
		return v.IsNumber() && map[string]bool{"$gt": x > y, "$gte": x >= y, "$lt": x < y, "$lte": x <= y}[name]
	}, map[string]string{"$gt": "> ", "$gte": ">= ", "$lt": "< ", "$lte": "<= "}[name]+show(want)), nil
}

func wanting(ok func(event.Value) bool, what string) matcher {
	return func(v event.Value, present bool) string {
		if present && ok(v) {
			return ""
		}
		return what
	}
}

// equals compares; a time equals its text.
func equals(want event.Value) matcher {
	return wanting(func(v event.Value) bool {
		if v.Kind() == event.Time && want.Kind() == event.String {
			other := event.New(v.Time())
			return other.Set(timestampPath, want) && other.Timestamp().Equal(v.Time())
		}
		return v.Equal(want)
	}, show(want))
}

var timestampPath = event.MustPath("@timestamp")

// Difference is one thing that is not as expected.
type Difference struct {
	// Field is a reference, or what it is about ("outputs").
	Field string
	Want  string
	Got   string
	// Missing means there is nothing where something was wanted.
	Missing bool
	want    *fieldWant // for Update
}

// compare lists how an event differs from what is expected.
func (e *expectation) compare(t *runtime.Trial, r runtime.Result, c *testCase) []Difference {
	var diffs []Difference
	for i := range e.fields {
		f := &e.fields[i]
		if ignored(c.ignore, f.path) {
			continue
		}
		v, present := r.Event.Get(f.path)
		if wrong := f.want(v, present); wrong != "" {
			diffs = append(diffs, Difference{Field: f.path.String(), Want: wrong, Got: show(v), Missing: !present, want: f})
		}
	}
	if c.exact {
		e.eachUnnamed(r.Event.Fields(), "", func(ref string, v event.Value) {
			if p, err := event.ParsePath(ref); err != nil || !ignored(c.ignore, p) {
				diffs = append(diffs, Difference{Field: ref, Want: "no such field", Got: show(v)})
			}
		})
	}
	if e.routed {
		diffs = append(diffs, e.compareOutputs(t, r)...)
	}
	return diffs
}

// eachUnnamed visits the fields that no condition of the expectation is about. @version is the runtime's own.
func (e *expectation) eachUnnamed(object event.Value, parent string, visit func(ref string, v event.Value)) {
	for i, v := range object.Items() {
		ref := parent + "[" + object.NameAt(i) + "]"
		if ref == "[@version]" || slices.ContainsFunc(e.fields, func(f fieldWant) bool { return bracketed(f.path) == ref }) {
			continue
		}
		if v.Kind() == event.Object && slices.ContainsFunc(e.fields, func(f fieldWant) bool { return strings.HasPrefix(bracketed(f.path), ref+"[") }) {
			e.eachUnnamed(v, ref, visit)
			continue
		}
		visit(ref, v)
	}
}

// bracketed is a reference in its long form.
func bracketed(p *event.Path) string {
	if ref := p.String(); strings.HasPrefix(ref, "[") {
		return ref
	}
	return "[" + p.String() + "]"
}

func ignored(paths []*event.Path, p *event.Path) bool {
	return slices.ContainsFunc(paths, func(i *event.Path) bool {
		return bracketed(i) == bracketed(p) || strings.HasPrefix(bracketed(p), bracketed(i)+"[")
	})
}

func (e *expectation) compareOutputs(t *runtime.Trial, r runtime.Result) []Difference {
	infos := t.Outputs()
	var got, wanted []string
	for _, o := range r.Outputs {
		got = append(got, infos[o].ID)
	}
	var diffs []Difference
	left := slices.Clone(r.Outputs)
	for _, w := range e.outputs {
		wanted = append(wanted, w.name)
		at := slices.IndexFunc(left, func(o int) bool { return infos[o].ID == w.name || infos[o].Name == w.name })
		if at < 0 {
			return []Difference{{Field: "outputs", Want: "[" + strings.Join(names(e.outputs), ", ") + "]", Got: "[" + strings.Join(got, ", ") + "]"}}
		}
		for _, o := range w.options {
			text, ok := t.OutputOption(left[at], o.name, r.Event)
			if wrong := o.want(event.StringOf(text), ok); wrong != "" {
				diffs = append(diffs, Difference{Field: "output " + w.name + " " + o.name, Want: wrong, Got: show(event.StringOf(text)), Missing: !ok})
			}
		}
		left = slices.Delete(left, at, at+1)
	}
	if len(left) > 0 {
		diffs = append(diffs, Difference{Field: "outputs", Want: "[" + strings.Join(wanted, ", ") + "]", Got: "[" + strings.Join(got, ", ") + "]"})
	}
	return diffs
}

func names(outputs []outputWant) []string {
	var out []string
	for _, o := range outputs {
		out = append(out, o.name)
	}
	return out
}

// show prints a value as JSON.
func show(v event.Value) string { return string(v.AppendJSON(nil)) }
