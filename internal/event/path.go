package event

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Path is a parsed field reference: field, [field], [a][b][0], [@metadata][x], [@timestamp].
// Parse it once per configuration; it is immutable and safe for concurrent use.
type Path struct {
	text  string
	parts []part
	root  root
}

type root uint8

const (
	rootFields root = iota
	rootMetadata
	rootTimestamp
)

type part struct {
	name  string
	index int // when isIndex: position in an array, negative counts from the end
	isIdx bool
}

// ParsePath parses a field reference. A text with no brackets is a top-level field. Brackets around whole references, as
// in [[a][b]] and [x][[a][b]], change nothing: pipelines that build references from others have them, and Logstash reads
// them so.
func ParsePath(text string) (*Path, error) {
	if text == "" {
		return nil, errors.New("empty field reference")
	}
	p := &Path{text: text}
	if !strings.ContainsAny(text, "[]") {
		p.add(text)
		return p.rooted(), nil
	}
	depth, start := 0, 0 // start: where the name that is being read begins
	for i := range len(text) {
		switch text[i] {
		case '[':
			if start != i {
				return nil, fmt.Errorf("field reference %q: brackets must enclose every part, as in [a][b]", text)
			}
			depth++
			start = i + 1
		case ']':
			if depth == 0 {
				return nil, fmt.Errorf("field reference %q: a ] has no [ before it", text)
			}
			if start == i && text[i-1] == '[' {
				return nil, fmt.Errorf("field reference %q: empty brackets", text)
			}
			if start < i {
				p.add(text[start:i])
			}
			depth--
			start = i + 1
		default:
			if i > 0 && text[i-1] == ']' {
				return nil, fmt.Errorf("field reference %q: expected [ before %q", text, text[i:])
			}
		}
	}
	if depth > 0 {
		return nil, fmt.Errorf("field reference %q: a [ is never closed", text)
	}
	return p.rooted(), nil
}

// MustPath is ParsePath for references written in the program itself.
func MustPath(text string) *Path {
	p, err := ParsePath(text)
	if err != nil {
		panic(err)
	}
	return p
}

// String returns the reference as it was written.
func (p *Path) String() string { return p.text }

// Leaf returns the last part of the reference.
func (p *Path) Leaf() string {
	if len(p.parts) == 0 {
		return strings.Trim(p.text, "[]")
	}
	return p.parts[len(p.parts)-1].name
}

// IsMetadata says whether the reference lies below @metadata.
func (p *Path) IsMetadata() bool { return p.root == rootMetadata }

func (p *Path) add(name string) {
	i, err := strconv.Atoi(name)
	p.parts = append(p.parts, part{name: name, index: i, isIdx: err == nil})
}

func (p *Path) rooted() *Path {
	switch p.parts[0].name {
	case "@metadata":
		p.root, p.parts = rootMetadata, p.parts[1:]
	case "@timestamp":
		if len(p.parts) == 1 {
			p.root, p.parts = rootTimestamp, nil
		}
	}
	return p
}

// GetIn returns the value at p from v, which stands for the event.
func (p *Path) GetIn(v Value) (Value, bool) { return get(v, p.parts) }

// SetIn puts nv at p from v, an object or array that stands for the event, as [Event.Set] does.
func (p *Path) SetIn(v, nv Value) { set(v, p.parts, nv) }

// get follows parts from v.
func get(v Value, parts []part) (Value, bool) {
	for i := range parts {
		pt := &parts[i]
		switch v.kind {
		case Object:
			m, ok := v.Member(pt.name)
			if !ok {
				return Value{}, false
			}
			v = m
		case Array:
			at, ok := pt.inArray(len(v.node().values))
			if !ok {
				return Value{}, false
			}
			v = v.node().values[at]
		default:
			return Value{}, false
		}
	}
	return v, true
}

// set follows parts from v, making objects on the way, and replaces what is there. A scalar in the
// way is replaced by an object, as Logstash does; an index past an array's end appends.
func set(v Value, parts []part, nv Value) {
	for i := range parts {
		pt, last := &parts[i], i == len(parts)-1
		if v.kind == Array {
			at, ok := pt.inArray(len(v.node().values))
			if !ok {
				v.node().values = append(v.node().values, NewObject())
				at = len(v.node().values) - 1
			}
			if last {
				v.node().values[at] = nv
				return
			}
			if !v.node().values[at].hasMembers() {
				v.node().values[at] = NewObject()
			}
			v = v.node().values[at]
			continue
		}
		if last {
			v.node().set(pt.name, nv)
			return
		}
		next, ok := v.Member(pt.name)
		if !ok || !next.hasMembers() {
			next = NewObject()
			v.node().set(pt.name, next)
		}
		v = next
	}
}

func remove(v Value, parts []part) (Value, bool) {
	parent, ok := get(v, parts[:len(parts)-1])
	if !ok {
		return Value{}, false
	}
	last := &parts[len(parts)-1]
	if parent.kind == Object {
		return parent.RemoveMember(last.name)
	}
	if parent.kind != Array {
		return Value{}, false
	}
	at, ok := last.inArray(len(parent.node().values))
	if !ok {
		return Value{}, false
	}
	old := parent.node().values[at]
	parent.node().removeAt(at)
	return old, true
}

func (pt *part) inArray(n int) (int, bool) {
	at := pt.index
	if at < 0 {
		at += n
	}
	return at, pt.isIdx && at >= 0 && at < n
}
