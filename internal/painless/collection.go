package painless

import "slices"

// List is a List or, when it is fixed, an array or an unmodifiable list. It is shared by reference.
type List struct {
	items []Value
	fixed bool   // its length cannot change
	read  bool   // nor can its elements
	of    string // the type of an array, such as "int[]"
}

// Len returns the number of elements.
func (l *List) Len() int { return len(l.items) }

// At returns element i.
func (l *List) At(i int) Value { return l.items[i] }

// Items returns the elements; they are the list's own.
func (l *List) Items() []Value { return l.items }

// Append adds an element.
func (l *List) Append(v Value) { l.items = append(l.items, v) }

// mapKey is a key in a form that Go can hash.
type mapKey struct {
	text string
	num  uint64
	kind Kind
}

func keyOf(v Value) mapKey {
	switch v.kind {
	case KindString:
		return mapKey{text: v.Text(), kind: KindString}
	case KindNull, KindBool, KindByte, KindShort, KindChar, KindInt, KindLong, KindFloat, KindDouble:
		return mapKey{num: v.num, kind: v.kind}
	case KindDate:
		t := v.Time()
		return mapKey{num: uint64(t.UnixNano()), text: t.Location().String(), kind: KindDate}
	}
	text := appendWithin(nil, v, 0, maxKeyText)
	if len(text) > maxKeyText {
		throw("IllegalArgumentException", "a key of a map is too large")
	}
	return mapKey{text: string(text), kind: v.kind}
}

// maxKeyText bounds a collection that is a key.
const maxKeyText = 4096

// scanSize is the size up to which a map is scanned rather than hashed.
const scanSize = 8

// Map is a Map, or the elements of a Set. It keeps its entries in the order in which they came, or sorted.
type Map struct {
	keys   []Value
	values []Value
	index  map[mapKey]int // made when the map outgrows scanning
	fill   func(*Map)     // adds the entries when they are first wanted
	sorted bool
	read   bool // it cannot be changed
	// deny says why a key may not be set or removed; nil for none.
	deny func(key string) string
}

// NewMap makes an empty Map.
func NewMap() *Map { return &Map{} }

// NewLazyMap makes a Map whose entries fill adds when a script first looks at it. fill may use [Map.Set] only.
func NewLazyMap(fill func(*Map)) *Map { return &Map{fill: fill} }

// ReadOnly makes the map refuse changes by scripts and returns it.
func (m *Map) ReadOnly() *Map {
	m.read = true
	return m
}

// Filled reports whether the entries of a lazy map were asked for; one that was not cannot have been changed.
func (m *Map) Filled() bool { return m.fill == nil }

func (m *Map) load() {
	if m.fill != nil {
		fill := m.fill
		m.fill = nil
		fill(m)
	}
}

// Len returns the number of entries.
func (m *Map) Len() int {
	m.load()
	return len(m.keys)
}

// Entry returns entry i.
func (m *Map) Entry(i int) (key, value Value) { return m.keys[i], m.values[i] }

func (m *Map) find(key Value) (int, bool) {
	m.load()
	if m.sorted {
		return slices.BinarySearchFunc(m.keys, key, compareNatural)
	}
	if m.index != nil {
		i, ok := m.index[keyOf(key)]
		return i, ok
	}
	if key.kind == KindString {
		text := key.Text()
		for i := range m.keys {
			if k := &m.keys[i]; k.kind == KindString && k.num == key.num && k.Text() == text {
				return i, true
			}
		}
		return 0, false
	}
	k := keyOf(key)
	for i := range m.keys {
		if keyOf(m.keys[i]) == k {
			return i, true
		}
	}
	return 0, false
}

// Get returns the value of a key.
func (m *Map) Get(key Value) (Value, bool) {
	if i, ok := m.find(key); ok {
		return m.values[i], true
	}
	return Null, false
}

// GetText is Get of a String.
func (m *Map) GetText(key string) (Value, bool) { return m.Get(StringOf(key)) }

// Set sets the value of a key and returns the former one.
func (m *Map) Set(key, value Value) Value {
	i, ok := m.find(key)
	switch {
	case ok:
		old := m.values[i]
		m.values[i] = value
		return old
	case m.sorted:
		m.keys, m.values = slices.Insert(m.keys, i, key), slices.Insert(m.values, i, value)
		return Null
	}
	m.keys, m.values = append(m.keys, key), append(m.values, value)
	switch {
	case m.index != nil:
		m.index[keyOf(key)] = len(m.keys) - 1
	case len(m.keys) > scanSize:
		m.reindex()
	}
	return Null
}

// SetText is Set of a String.
func (m *Map) SetText(key string, value Value) { m.Set(StringOf(key), value) }

// Delete removes a key and returns its value.
func (m *Map) Delete(key Value) (Value, bool) {
	i, ok := m.find(key)
	if !ok {
		return Null, false
	}
	v := m.values[i]
	m.keys, m.values = slices.Delete(m.keys, i, i+1), slices.Delete(m.values, i, i+1)
	if m.index != nil {
		m.reindex()
	}
	return v, true
}

// clone copies the map, not what is in it.
func (m *Map) clone(fr *frame) *Map {
	out := newMap(fr, m.sorted).ref.(*Map)
	for i := range m.Len() {
		fr.r.spend(1)
		key, value := m.Entry(i)
		putChecked(fr, out, key, value)
	}
	return out
}

// keep drops the entries that keep refuses; it is called once for each, in order.
func (m *Map) keep(keep func(key, value Value) bool) (changed bool) {
	m.load()
	keys, values := m.keys[:0:0], m.values[:0:0]
	for i := range m.keys {
		if keep(m.keys[i], m.values[i]) {
			keys, values = append(keys, m.keys[i]), append(values, m.values[i])
		}
	}
	changed = len(keys) != len(m.keys)
	m.keys, m.values = keys, values
	if m.index != nil {
		m.reindex()
	}
	return changed
}

func (m *Map) clear() {
	m.load()
	m.keys, m.values, m.index = nil, nil, nil
}

func (m *Map) reindex() {
	m.index = make(map[mapKey]int, len(m.keys))
	for i, k := range m.keys {
		m.index[keyOf(k)] = i
	}
}
