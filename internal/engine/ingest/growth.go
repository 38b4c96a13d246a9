package ingest

import (
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
)

// Growth returns the change that a document asks of a mapping: the fields it has and the mapping
// lacks, as the mapping's own rules infer them. A document is parsed again after the mapping has
// grown, so what is wrong with its values is found then.
func Growth(source []byte) func(*mapping.Mapping) (*mapping.Mapping, error) {
	return func(m *mapping.Mapping) (*mapping.Mapping, error) {
		g := grower{scanner: scanner{data: source}, mapping: m}
		if g.space() != '{' {
			return nil, g.unexpected(g.space())
		}
		if err := g.object(nil, 0); err != nil {
			return nil, err
		}
		return g.mapping, nil
	}
}

type grower struct {
	scanner
	mapping *mapping.Mapping
	adding  string // path of the field at hand, for messages
	scratch []byte
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
	f := g.mapping.At(strings.Join(path, "."))
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
		f = g.mapping.At(strings.Join(path, "."))
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
	if f := g.mapping.At(strings.Join(path, ".")); f != nil {
		if !f.Type.IsObject() && kind == mapping.ObjectValue {
			return true, eserr.DocumentParsing("Could not dynamically add mapping for field [%s]. Existing mapping for [%s] must be of type object but found [%s].",
				g.adding, f.Path, f.Type)
		}
		return false, nil
	}
	f, decision, err := g.mapping.Infer(path, kind, text)
	if err != nil || decision == mapping.Ignore {
		return true, err
	}
	g.mapping, err = g.mapping.With([]*mapping.Field{f})
	return err != nil, err
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
