package event

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// shape is the names of an object's members, in order. Lines of one program have the same members in the same order, so
// that their objects share one shape: an object costs its values only, and its names are near the processor when it is
// looked into. A shared shape never changes; adding or removing a member leads to another one. Where names are too many
// or ever new ones, an object has a shape of its own, which changes with it.
type shape struct {
	names []string
	// labels are the names as they stand in JSON, with quotes and colon; nil in an object's own shape.
	labels []string
	tree   *shapeTree // nil for an object's own shape
	// places finds names once there are more than scannedMembers. Shared shapes get it when it is first wanted, an object's
	// own when it is written, so that an object may be read by many at once.
	places atomic.Pointer[map[string]int]
	next   atomic.Pointer[successors]
	// fewer are the shapes without the member at each place, as far as they were wanted.
	fewer atomic.Pointer[[]*shape]
}

// scannedMembers is up to how many names scanning beats a map.
const scannedMembers = 32

// successors are the shapes with one member more.
type successors struct {
	list   []successor
	byName map[string]*shape // when there are more than scannedSuccessors
}

type successor struct {
	name, label string
	shape       *shape
}

// scannedSuccessors is up to how many of them scanning beats a map.
const scannedSuccessors = 8

func (s *successors) named(name string) *shape {
	switch {
	case s == nil:
		return nil
	case s.byName != nil:
		return s.byName[name]
	}
	for i := range s.list {
		if s.list[i].name == name {
			return s.list[i].shape
		}
	}
	return nil
}

// labelled finds the successor whose label text begins with, and the label's length.
func (s *successors) labelled(text string) (*shape, int) {
	if s == nil || s.byName != nil {
		return nil, 0
	}
	for i := range s.list {
		if label := s.list[i].label; strings.HasPrefix(text, label) {
			return s.list[i].shape, len(label)
		}
	}
	return nil, 0
}

// many says that there may be no more of them.
func (s *successors) many() bool { return s != nil && len(s.list) >= maxSuccessors }

// find returns the place of a name, -1 without one.
func (s *shape) find(name string) int {
	if len(s.names) > scannedMembers {
		return s.lookUp(name)
	}
	return slices.Index(s.names, name)
}

func (s *shape) lookUp(name string) int {
	places := s.places.Load()
	switch {
	case places == nil && s.tree == nil:
		return slices.Index(s.names, name)
	case places == nil:
		places = s.placed()
	}
	if i, ok := (*places)[name]; ok {
		return i
	}
	return -1
}

// placed notes where each name is.
func (s *shape) placed() *map[string]int {
	places := make(map[string]int, 2*len(s.names))
	for i, name := range s.names {
		places[name] = i
	}
	s.places.Store(&places)
	return &places
}

// with returns the shape with one more name, which must not be in s.
func (s *shape) with(name string) *shape {
	if s.tree == nil {
		s.add(name)
		return s
	}
	if next := s.next.Load().named(name); next != nil {
		return next
	}
	if next := s.tree.grow(s, name); next != nil {
		return next
	}
	own := &shape{names: append(make([]string, 0, len(s.names)+8), s.names...)}
	own.add(name)
	return own
}

// add puts a name into an object's own shape.
func (s *shape) add(name string) {
	s.names = append(s.names, name)
	if len(s.names) <= scannedMembers {
		return
	}
	if places := s.places.Load(); places != nil {
		(*places)[name] = len(s.names) - 1
		return
	}
	s.placed()
}

// without returns the shape without the name at a place.
func (s *shape) without(i int) *shape {
	if s.tree == nil {
		s.places.Store(nil)
		s.names = slices.Delete(s.names, i, i+1)
		return s
	}
	if fewer := s.fewer.Load(); fewer != nil && (*fewer)[i] != nil {
		return (*fewer)[i]
	}
	if fewer := s.tree.shrink(s, i); fewer != nil {
		return fewer
	}
	return &shape{names: append(slices.Clone(s.names[:i]), s.names[i+1:]...)}
}

// clone is the shape for a copy of the object.
func (s *shape) clone() *shape {
	if s.tree != nil {
		return s
	}
	c := &shape{names: slices.Clone(s.names)}
	if places := s.places.Load(); places != nil {
		copied := maps.Clone(*places)
		c.places.Store(&copied)
	}
	return c
}

// appendLabel appends the name at a place as it stands in JSON, with its colon.
func (s *shape) appendLabel(dst []byte, i int) []byte {
	if s.labels != nil {
		return append(dst, s.labels[i]...)
	}
	return append(AppendQuoted(dst, s.names[i]), ':')
}

// shapeTree holds the shapes that objects share, from the one without members on. It is safe for concurrent use.
type shapeTree struct {
	root   *shape
	full   atomic.Bool
	missed atomic.Int64 // shapes that were wanted when it was full
	mu     struct {
		sync.Mutex
		left int // bytes that may still be taken
	}
}

const (
	// maxSharedBytes bounds the memory of shapes that are shared: room for some hundred formats of logs. What fills it
	// are names that are data, such as identifiers.
	maxSharedBytes = 4 << 20
	// maxSharedMembers bounds the shapes that are shared, as those of n members need the n that lead there.
	maxSharedMembers = 128
	// maxSharedName bounds their names: names are words, rarely of more than twenty bytes.
	maxSharedName = 128
	// maxSuccessors bounds the shapes that follow one: more are names that are data.
	maxSuccessors = 64
	// missedBeforeNew is how many shapes that a full tree lacks make room for those of today: seconds of work.
	missedBeforeNew = 1 << 20
	// shapeBytes is about what a shape takes beside its names.
	shapeBytes = 256
)

// sharedShapes is the tree from which objects that are made now take their shapes. Events outlive parsers, and pass from one
// pipeline to another, so that all of the process share it.
var sharedShapes = newSharedShapes()

func newSharedShapes() *atomic.Pointer[shapeTree] {
	p := &atomic.Pointer[shapeTree]{}
	p.Store(newShapeTree(maxSharedBytes))
	return p
}

func newShapeTree(bytes int) *shapeTree {
	t := &shapeTree{}
	t.mu.left = bytes
	t.root = &shape{tree: t}
	return t
}

// noMembers is the shape of an empty object.
func noMembers() *shape { return sharedShapes.Load().root }

// grow adds a shape with one more name to the tree; nil when there is no room for it.
func (t *shapeTree) grow(s *shape, name string) *shape {
	if t.full.Load() || len(name) > maxSharedName || len(s.names) >= maxSharedMembers || s.next.Load().many() {
		t.miss()
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.growLocked(s, name)
}

// miss counts a shape that the full tree lacks.
func (t *shapeTree) miss() {
	if t.missed.Add(1) == missedBeforeNew {
		sharedShapes.CompareAndSwap(t, newShapeTree(maxSharedBytes))
	}
}

func (t *shapeTree) growLocked(s *shape, name string) *shape {
	next := s.next.Load()
	if have := next.named(name); have != nil {
		return have
	}
	if next.many() || !utf8.ValidString(name) || !t.takeLocked(costOf(s, name)) {
		return nil
	}
	label := string(append(AppendQuoted(nil, name), ':'))
	if strings.IndexByte(label, '\\') < 0 {
		name = label[1 : len(label)-2]
	} else {
		name = strings.Clone(name)
	}
	made := &shape{tree: t}
	if next == nil { // the first one goes on in the same array
		made.names, made.labels = append(s.names, name), append(s.labels, label)
		next = &successors{}
	} else {
		made.names, made.labels = append(slices.Clip(s.names), name), append(slices.Clip(s.labels), label)
	}
	more := &successors{list: append(slices.Clip(next.list), successor{name, label, made})}
	if len(more.list) > scannedSuccessors {
		more.byName = make(map[string]*shape, len(more.list))
		for _, n := range more.list {
			more.byName[n.name] = n.shape
		}
	}
	s.next.Store(more)
	return made
}

// costOf is about how many bytes a shape takes.
func costOf(s *shape, name string) int {
	cost := shapeBytes + 3*len(name)
	if s.next.Load() != nil {
		cost += 32 * len(s.names) // another array of names and one of labels
	}
	if len(s.names) >= scannedMembers {
		cost += 48 * len(s.names) // places
	}
	return cost
}

// takeLocked takes bytes of what is left; false marks the tree as full.
func (t *shapeTree) takeLocked(bytes int) bool {
	if t.mu.left < bytes {
		t.full.Store(true)
		return false
	}
	t.mu.left -= bytes
	return true
}

// shrink adds the shape without a name to the tree, and notes it; nil when the tree is full.
func (t *shapeTree) shrink(s *shape, without int) *shape {
	if t.full.Load() {
		t.miss()
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	made := t.root
	for i, name := range s.names {
		if i == without {
			continue
		}
		if made = t.growLocked(made, name); made == nil {
			return nil
		}
	}
	if !t.takeLocked(8 * len(s.names)) {
		return made
	}
	fewer := make([]*shape, len(s.names))
	if before := s.fewer.Load(); before != nil {
		copy(fewer, *before)
	}
	fewer[without] = made
	s.fewer.Store(&fewer)
	return made
}
