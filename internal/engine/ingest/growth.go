package ingest

import (
	"bytes"
	"strconv"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
)

// Growth returns the change that a document asks of a mapping: the fields it has and the mapping
// lacks, as the mapping's own rules infer them. A document is parsed again after the mapping has
// grown, so what is wrong with its values is found then.
func Growth(source []byte) func(*mapping.Mapping) (*mapping.Mapping, error) {
	return GrowthUpTo(source, 0, nil)
}

// GrowthUpTo is Growth that leaves out the fields which would be beyond a number; 0 is no limit. templates name the dynamic templates
// of some of them, by path.
func GrowthUpTo(source []byte, limit int, templates map[string]string) func(*mapping.Mapping) (*mapping.Mapping, error) {
	return func(m *mapping.Mapping) (*mapping.Mapping, error) {
		g := grower{scanner: scanner{data: source}, mapping: m, limit: limit, templates: templates}
		if g.space() != '{' {
			return nil, g.unexpected(g.space())
		}
		if err := g.object(nil, 0); err != nil {
			return nil, err
		}
		err := g.settle()
		return g.mapping, err
	}
}

type grower struct {
	scanner
	mapping *mapping.Mapping
	limit   int
	// templates name the dynamic templates of some fields, by path.
	templates map[string]string
	adding    string // path of the field at hand, for messages
	scratch   []byte
	// pending are new fields that the mapping does not have yet, found by path: a version of the mapping per field would
	// take time by the square of a document's fields.
	pending []*mapping.Field
	found   map[string]*mapping.Field
	fields  int // of pending, multi-fields included
}

// at finds a field by path, also one that is pending.
func (g *grower) at(path string) *mapping.Field {
	if f := g.found[path]; f != nil {
		return f
	}
	return g.mapping.At(path)
}

// settle puts the pending fields into the mapping.
func (g *grower) settle() (err error) {
	if len(g.pending) > 0 {
		g.mapping, err = g.mapping.With(g.pending)
	}
	g.pending, g.found, g.fields = nil, nil, 0
	return err
}

// object looks through the object at pos, which lies at path.
func (g *grower) object(path []string, depth int) error {
	if depth >= maxDepth {
		return g.tooDeep()
	}
	g.pos++
	if g.space() == '}' {
		g.pos++
		return nil
	}
	for {
		if c := g.space(); c != '"' {
			return g.badKey(c)
		}
		raw, escaped, err := g.str()
		if err != nil {
			return err
		}
		key := string(raw[1 : len(raw)-1])
		if escaped {
			g.scratch = unescape(g.scratch[:0], raw[1:len(raw)-1])
			key = string(g.scratch)
		}
		if err := g.colon(); err != nil {
			return err
		}
		full := append(append(make([]string, 0, len(path)+1), path...), strings.Split(key, ".")...)
		if err := g.value(full, depth+1); err != nil {
			return err
		}
		more, err := g.comma('}')
		if err != nil || !more {
			return err
		}
	}
}

// value looks at the value at pos.
func (g *grower) value(path []string, depth int) error {
	c := g.space()
	f := g.at(strings.Join(path, "."))
	if f == nil {
		kind, text, any := peekValue(g.data[g.pos:])
		if !any {
			_, err := g.skip(depth)
			return err
		}
		g.adding = strings.Join(path, ".")
		for i := 1; i < len(path); i++ { // the objects a dotted name implies come first
			if stop, err := g.add(path[:i], mapping.ObjectValue, ""); stop || err != nil {
				return g.leave(depth, err)
			}
		}
		if stop, err := g.add(path, kind, text); stop || err != nil {
			return g.leave(depth, err)
		}
		f = g.at(strings.Join(path, "."))
	}
	if f != nil && !f.Type.IsObject() {
		if err := g.leaf(f); err != nil {
			return err
		}
	}
	switch {
	case f == nil || !f.Type.IsObject() || f.Disabled:
		_, err := g.skip(depth)
		return err
	case c == '{':
		return g.object(path, depth)
	case c == '[':
		return g.array(path, depth)
	}
	_, err := g.skip(depth)
	return err
}

// leave skips the value when there is no error.
func (g *grower) leave(depth int, err error) error {
	if err != nil {
		return err
	}
	_, err = g.skip(depth)
	return err
}

// add maps a path unless it is mapped; stop says that the value stays in the source only, or that a
// field stands where an object would have to be (which the second parse reports).
func (g *grower) add(path []string, kind mapping.ValueKind, text string) (stop bool, err error) {
	if f := g.at(strings.Join(path, ".")); f != nil {
		if !f.Type.IsObject() && kind == mapping.ObjectValue {
			return true, eserr.DocumentParsing("Could not dynamically add mapping for field [%s]. Existing mapping for [%s] must be of type object but found [%s].",
				g.adding, f.Path, f.Type)
		}
		return false, nil
	}
	f, decision, err := g.mapping.Infer(path, kind, text, g.templates[strings.Join(path, ".")])
	if err != nil || decision == mapping.Ignore {
		return true, err
	}
	if g.limit > 0 && g.mapping.FieldCount()+g.fields+1+len(f.Multi) > g.limit {
		return true, nil
	}
	if g.found == nil {
		g.found = map[string]*mapping.Field{}
	}
	g.pending, g.found[f.Path] = append(g.pending, f), f
	g.fields += 1 + len(f.Multi)
	if f.Type.IsObject() && f.Dynamic != mapping.DynamicInherit { // what is inside is inferred by its rule
		err = g.settle()
	}
	return err != nil, err
}

// leaf looks at the value of a mapped field at pos: the targets of copy_to that are not mapped get a field by it,
// and a constant_keyword its value, a dense_vector its dimensions.
func (g *grower) leaf(f *mapping.Field) error {
	kind, text, any := peekValue(g.data[g.pos:])
	if !any || kind == mapping.ObjectValue {
		return nil
	}
	if f.Type == mapping.ConstantKeyword && f.Value == "" {
		if err := g.settle(); err != nil {
			return err
		}
		var err error
		if g.mapping, err = g.mapping.With([]*mapping.Field{f.WithValue(scalarText(kind, text, g.data[g.pos:]))}); err != nil {
			return err
		}
	}
	if f.Type == mapping.DenseVector && f.Dims == 0 {
		if err := g.dims(f); err != nil {
			return err
		}
	}
	for _, to := range f.CopyTo {
		path := strings.Split(to, ".")
		for i := range path {
			k, t := mapping.ObjectValue, ""
			if i == len(path)-1 {
				k, t = kind, text
			}
			if stop, err := g.add(path[:i+1], k, t); err != nil {
				return err
			} else if stop {
				break
			}
		}
	}
	return nil
}

// dims gives a dense_vector as many dimensions as the value at pos has.
func (g *grower) dims(f *mapping.Field) error {
	n := g.countItems()
	if n == 0 || n > mapping.MaxDims { // the second parse reports it
		return nil
	}
	err := g.settle()
	if err == nil {
		g.mapping, err = g.mapping.With([]*mapping.Field{f.WithDims(n)})
	}
	return err
}

// scalarText is a value's text; peekValue gives none for true and false.
func scalarText(kind mapping.ValueKind, text string, raw []byte) string {
	if kind != mapping.BoolValue {
		return text
	}
	return strconv.FormatBool(len(raw) > 0 && bytes.Contains(raw[:min(len(raw), 8)], []byte("true")))
}

func (g *grower) array(path []string, depth int) error {
	if depth >= maxDepth {
		return g.tooDeep()
	}
	g.pos++
	if g.space() == ']' {
		g.pos++
		return nil
	}
	for {
		if err := g.value(path, depth+1); err != nil {
			return err
		}
		more, err := g.comma(']')
		if err != nil || !more {
			return err
		}
	}
}

// peekValue tells what a value looks like to the mapping's inference: an array as its first element
// that is not null. any is false for nulls and empty arrays, which make no fields.
func peekValue(raw []byte) (kind mapping.ValueKind, text string, any bool) {
	s := scanner{data: raw}
	return s.peek(0)
}

func (s *scanner) peek(depth int) (kind mapping.ValueKind, text string, any bool) {
	switch c := s.space(); {
	case c == '{':
		return mapping.ObjectValue, "", true
	case c == '"':
		raw, escaped, err := s.str()
		if err != nil {
			return 0, "", false
		}
		inside := raw[1 : len(raw)-1]
		if escaped {
			inside = unescape(nil, inside)
		}
		return mapping.StringValue, string(inside), true
	case c == 't' || c == 'f':
		return mapping.BoolValue, "", true
	case c == '-' || c-'0' <= 9:
		raw, integral, err := s.number()
		if err != nil {
			return 0, "", false
		}
		if integral {
			return mapping.IntegerValue, string(raw), true
		}
		return mapping.FloatValue, string(raw), true
	case c == '[':
		return s.peekArray(depth + 1)
	}
	return 0, "", false
}

func (s *scanner) peekArray(depth int) (kind mapping.ValueKind, text string, any bool) {
	if depth >= maxDepth {
		return 0, "", false
	}
	s.pos++
	for {
		if c := s.space(); c == ']' || c == 0 {
			return 0, "", false
		}
		if s.data[s.pos] != 'n' {
			at := s.pos
			if kind, text, any = s.peek(depth); any {
				return kind, text, true
			}
			s.pos = at
		}
		if _, err := s.skip(depth); err != nil {
			return 0, "", false
		}
		if more, err := s.comma(']'); err != nil || !more {
			return 0, "", false
		}
	}
}
