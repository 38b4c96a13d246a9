package processor

import (
	"strconv"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
)

// path is a field by Elasticsearch's dotted writing: a.b, list.0, _ingest.timestamp, _source.a. It is immutable.
type path struct {
	text   string
	parts  []part
	ingest bool // below _ingest
}

type part struct {
	name    string
	index   int
	isIndex bool
}

// parsePath reads a path. Empty parts at the end are left out, as Java's split does.
func parsePath(text string) (*path, error) {
	if text == "" {
		return nil, eserr.IllegalArgument("path cannot be null nor empty")
	}
	p := &path{text: text}
	rest := text
	if after, ok := strings.CutPrefix(text, "_ingest."); ok {
		p.ingest, rest = true, after
	} else if after, ok := strings.CutPrefix(text, "_source."); ok {
		rest = after
	}
	names := strings.Split(rest, ".")
	for len(names) > 1 && names[len(names)-1] == "" {
		names = names[:len(names)-1]
	}
	if len(names) == 1 && names[0] == "" {
		return nil, eserr.IllegalArgument("path [%s] is not valid", text)
	}
	p.parts = make([]part, len(names))
	for i, name := range names {
		p.parts[i] = newPart(name)
	}
	return p, nil
}

// mustPath is parsePath for paths written in the program itself.
func mustPath(text string) *path {
	p, err := parsePath(text)
	if err != nil {
		panic(err)
	}
	return p
}

func newPart(name string) part {
	n, err := strconv.ParseInt(name, 10, 32)
	return part{name: name, index: int(n), isIndex: err == nil}
}

// leaf is the last part.
func (p *path) leaf() part { return p.parts[len(p.parts)-1] }

// root is the object that the path begins in.
func (d *Document) root(p *path) value {
	switch {
	case p.ingest:
		return d.ingest
	case isMetadata(p.parts[0].name):
		return d.meta
	}
	return d.source
}

// step follows one part.
func (p *path) step(at value, pt part) (value, error) {
	switch at.Kind() {
	case event.Object:
		if m, ok := at.Member(pt.name); ok {
			return m, nil
		}
		return value{}, eserr.IllegalArgument("field [%s] not present as part of path [%s]", pt.name, p.text)
	case event.Array:
		i, err := p.inArray(at, pt)
		if err != nil {
			return value{}, err
		}
		return at.At(i), nil
	case event.Null:
		return value{}, eserr.IllegalArgument("cannot resolve [%s] from null as part of path [%s]", pt.name, p.text)
	}
	return value{}, eserr.IllegalArgument("cannot resolve [%s] from object of type [%s] as part of path [%s]", pt.name, className(at), p.text)
}

func (p *path) inArray(list value, pt part) (int, error) {
	if !pt.isIndex {
		return 0, eserr.IllegalArgument("[%s] is not an integer, cannot be used as an index as part of path [%s]", pt.name, p.text).
			Because(eserr.NumberFormat(pt.name))
	}
	if pt.index < 0 || pt.index >= list.Len() {
		return 0, eserr.IllegalArgument("[%d] is out of bounds for array with length [%d] as part of path [%s]", pt.index, list.Len(), p.text)
	}
	return pt.index, nil
}

// get returns the value at p; the error says where the way ends.
func (d *Document) get(p *path) (value, error) {
	at := d.root(p)
	for _, pt := range p.parts {
		var err error
		if at, err = p.step(at, pt); err != nil {
			return value{}, err
		}
	}
	return at, nil
}

// lookup is get without an error: for templates, and wherever a missing field is no fault.
func (d *Document) lookup(p *path) (v value, found bool) {
	at := d.root(p)
	for _, pt := range p.parts {
		switch at.Kind() {
		case event.Object:
			m, ok := at.Member(pt.name)
			if !ok {
				return value{}, false
			}
			at = m
		case event.Array:
			if !pt.isIndex || pt.index < 0 || pt.index >= at.Len() {
				return value{}, false
			}
			at = at.At(pt.index)
		default:
			return value{}, false
		}
	}
	return at, true
}

// getMaybe is get; with ignoreMissing a field that is not there is null.
func (d *Document) getMaybe(p *path, ignoreMissing bool) (value, error) {
	if ignoreMissing {
		v, _ := d.lookup(p)
		return v, nil
	}
	return d.get(p)
}

// text returns the string at p. present is false for null and, with ignoreMissing, for a field that is not there.
func (d *Document) text(p *path, ignoreMissing bool) (text string, present bool, err error) {
	v, err := d.getMaybe(p, ignoreMissing)
	switch {
	case err != nil || v.Kind() == event.Null:
		return "", false, err
	case v.Kind() != event.String:
		return "", false, cannotCast(p.text, v, "java.lang.String")
	}
	return v.Str(), true, nil
}

// has tells whether there is a value at p, null included.
func (d *Document) has(p *path) bool {
	_, found := d.lookup(p)
	return found
}

// hasInBounds is has that fails for a list's index beyond its end.
func (d *Document) hasInBounds(p *path) (bool, error) {
	if d.has(p) {
		return true, nil
	}
	at := d.root(p)
	for _, pt := range p.parts {
		if at.Kind() == event.Array && pt.isIndex {
			if _, err := p.inArray(at, pt); err != nil {
				return false, err
			}
		}
		next, err := p.step(at, pt)
		if err != nil {
			return false, nil
		}
		at = next
	}
	return false, nil
}

// container returns what holds the last part of p, making the objects in between.
func (d *Document) container(p *path) (value, error) {
	at := d.root(p)
	for _, pt := range p.parts[:len(p.parts)-1] {
		if at.Kind() == event.Object {
			m, ok := at.Member(pt.name)
			if !ok {
				m = event.NewObject()
				at.SetMember(pt.name, m)
				if err := d.spend(valueBytes); err != nil {
					return value{}, err
				}
			}
			at = m
			continue
		}
		next, err := p.step(at, pt)
		if err != nil {
			return value{}, err
		}
		at = next
	}
	return at, nil
}

// set puts v at p.
func (d *Document) set(p *path, v value) error {
	if err := d.spend(valueBytes + len(v.Str())); err != nil {
		return err
	}
	at, err := d.container(p)
	if err != nil {
		return err
	}
	return d.setIn(at, p, v)
}

func (d *Document) setIn(at value, p *path, v value) error {
	leaf := p.leaf()
	switch at.Kind() {
	case event.Object:
		if len(p.parts) == 1 && !p.ingest && isMetadata(leaf.name) {
			if err := checkMetadata(leaf.name, v); err != nil {
				return err
			}
		}
		at.SetMember(leaf.name, v)
		return nil
	case event.Array:
		i, err := p.inArray(at, leaf)
		if err == nil {
			at.Items()[i] = v
		}
		return err
	case event.Null:
		return eserr.IllegalArgument("cannot set [%s] with null parent as part of path [%s]", leaf.name, p.text)
	}
	return eserr.IllegalArgument("cannot set [%s] with parent object of type [%s] as part of path [%s]", leaf.name, className(at), p.text)
}

// append adds v, or the items of the list v, to the value at p, which becomes a list.
func (d *Document) append(p *path, v value, allowDuplicates bool) error {
	if err := d.spend(valueBytes + len(v.Str())); err != nil {
		return err
	}
	at, err := d.container(p)
	if err != nil {
		return err
	}
	leaf := p.leaf()
	var old value
	found := false
	switch at.Kind() {
	case event.Object:
		old, found = at.Member(leaf.name)
	case event.Array:
		i, err := p.inArray(at, leaf)
		if err != nil {
			return err
		}
		old, found = at.At(i), true
	}
	added := []value{v}
	if v.Kind() == event.Array {
		added = v.Items()
	}
	list := old
	switch {
	case !found:
		list = event.ArrayOf()
		allowDuplicates = true
	case old.Kind() != event.Array:
		list = event.ArrayOf(old)
	}
	before := list.Len()
	for _, item := range added {
		if allowDuplicates || !contains(list, item) {
			list.Append(item)
		}
	}
	if found && old.Kind() != event.Array && list.Len() == before {
		return nil
	}
	return d.setIn(at, p, list)
}

// contains compares as Java does: an integer and a float are never equal.
func contains(list, v value) bool {
	for _, item := range list.Items() {
		if item.Kind() == v.Kind() && item.Equal(v) {
			return true
		}
	}
	return false
}

// remove takes the value at p out of the document.
func (d *Document) remove(p *path, ignoreMissing bool) error {
	at := d.root(p)
	for _, pt := range p.parts[:len(p.parts)-1] {
		next, err := p.step(at, pt)
		if err != nil {
			if ignoreMissing {
				return nil
			}
			return err
		}
		at = next
	}
	err := d.removeIn(at, p)
	if ignoreMissing {
		return nil
	}
	return err
}

func (d *Document) removeIn(at value, p *path) error {
	leaf := p.leaf()
	switch at.Kind() {
	case event.Object:
		if _, ok := at.RemoveMember(leaf.name); !ok {
			return eserr.IllegalArgument("field [%s] not present as part of path [%s]", leaf.name, p.text)
		}
		return nil
	case event.Array:
		i, err := p.inArray(at, leaf)
		if err == nil {
			at.RemoveAt(i)
		}
		return err
	case event.Null:
		return eserr.IllegalArgument("cannot remove [%s] from null as part of path [%s]", leaf.name, p.text)
	}
	return eserr.IllegalArgument("cannot remove [%s] from object of type [%s] as part of path [%s]", leaf.name, className(at), p.text)
}
