package ruby

import (
	"time"
)

// Value is a Ruby value: nil, bool, int64, float64, string, Symbol, *Array, *Hash, *Range, Time, Timestamp,
// *Task and *Callback from the host, and types that stay inside a run (regular expressions, matches, classes, errors, the event).
type Value = any

// Symbol is :name.
type Symbol string

// Time is a Time, always shown in its own location.
type Time struct{ time.Time }

// Timestamp is LogStash's Timestamp, the type of @timestamp.
type Timestamp struct{ time.Time }

// Array is an array; it is shared by reference, as in Ruby.
type Array struct{ Items []Value }

// Range is low..high or, when Exclusive, low...high; nil is an open end.
type Range struct {
	Low, High Value
	Exclusive bool
}

// Hash keeps its entries in the order in which their keys were first set.
type Hash struct {
	keys   []Value
	values []Value
	index  map[any]int // made when the hash outgrows scanning
	// fallback, or what missing returns, is the value of a key that is not there.
	fallback Value
	missing  func(key Value) (Value, error)
}

// class is a class named in a program, such as Array.
type class string

// Regexp is a compiled regular expression with Ruby's (Oniguruma's) meaning.
type Regexp interface {
	// FindAt finds the first match in s at or after the byte offset from: pairs of byte offsets, of the
	// whole and of each group, -1 for a group that took no part; nil when there is none. An error means
	// that the search was given up (a time limit).
	FindAt(s string, from int) ([]int, error)
	// GroupNames has one entry per group by its number, the whole being 0; "" for one without a name.
	GroupNames() []string
}

// regexValue is a regular expression as a value.
type regexValue struct {
	re     Regexp
	source string
	flags  string
}

// matchData is what a match found.
type matchData struct {
	re   *regexValue
	text string
	loc  []int
}

func (m *matchData) group(i int) Value {
	if i < 0 || 2*i+1 >= len(m.loc) || m.loc[2*i] < 0 {
		return nil
	}
	return m.text[m.loc[2*i]:m.loc[2*i+1]]
}

func (m *matchData) named(name string) (Value, bool) {
	var found Value
	known := false
	for i, n := range m.re.re.GroupNames() {
		if n == name {
			known = true
			if g := m.group(i); g != nil {
				found = g
			}
		}
	}
	return found, known
}

func (m *matchData) groups() []Value {
	out := make([]Value, 0, len(m.loc)/2)
	for i := 1; 2*i < len(m.loc); i++ {
		out = append(out, m.group(i))
	}
	return out
}

// scanSize is the size up to which a hash is scanned: below it, that is faster than hashing.
const scanSize = 8

// NewHash makes an empty hash.
func NewHash() *Hash { return &Hash{} }

// Len returns the number of entries.
func (h *Hash) Len() int { return len(h.keys) }

// At returns entry i.
func (h *Hash) At(i int) (key, value Value) { return h.keys[i], h.values[i] }

// compound is the key under which an array or hash is found in an index.
type compound string

type instant int64

// keyOf maps a value to one that Go can hash and that is equal exactly when eql? holds.
func keyOf(v Value) any {
	switch v := v.(type) {
	case *Array, *Hash:
		return compound(inspectShort(v))
	case *Range:
		return compound(inspectShort(v))
	case Time:
		return instant(v.UnixNano())
	case Timestamp:
		return instant(v.UnixNano())
	case *regexValue:
		return compound("/" + v.source + "/" + v.flags)
	}
	return v
}

func (h *Hash) find(key Value) int {
	k := keyOf(key)
	if h.index != nil {
		if i, ok := h.index[k]; ok {
			return i
		}
		return -1
	}
	for i, have := range h.keys {
		if keyOf(have) == k {
			return i
		}
	}
	return -1
}

// Get returns the value of a key.
func (h *Hash) Get(key Value) (Value, bool) {
	if i := h.find(key); i >= 0 {
		return h.values[i], true
	}
	return nil, false
}

// Set sets the value of a key.
func (h *Hash) Set(key, value Value) {
	if i := h.find(key); i >= 0 {
		h.values[i] = value
		return
	}
	h.keys, h.values = append(h.keys, key), append(h.values, value)
	switch {
	case h.index != nil:
		h.index[keyOf(key)] = len(h.keys) - 1
	case len(h.keys) > scanSize:
		h.reindex()
	}
}

// Delete removes a key and returns its value.
func (h *Hash) Delete(key Value) (Value, bool) {
	i := h.find(key)
	if i < 0 {
		return nil, false
	}
	v := h.values[i]
	h.keys = append(h.keys[:i:i], h.keys[i+1:]...)
	h.values = append(h.values[:i:i], h.values[i+1:]...)
	if h.index != nil {
		h.reindex()
	}
	return v, true
}

func (h *Hash) reindex() {
	h.index = make(map[any]int, len(h.keys))
	for i, k := range h.keys {
		h.index[keyOf(k)] = i
	}
}

func (h *Hash) copy() *Hash {
	c := &Hash{keys: append([]Value(nil), h.keys...), values: append([]Value(nil), h.values...), fallback: h.fallback, missing: h.missing}
	if h.index != nil {
		c.reindex()
	}
	return c
}

// pairs returns the entries as arrays of key and value.
func (h *Hash) pairs() []Value {
	out := make([]Value, len(h.keys))
	for i := range h.keys {
		out[i] = &Array{[]Value{h.keys[i], h.values[i]}}
	}
	return out
}

// truthy is Ruby's: all but nil and false.
func truthy(v Value) bool {
	if b, ok := v.(bool); ok {
		return b
	}
	return v != nil
}

// kind numbers the classes for the method tables.
type kind uint8

const (
	kindNil kind = iota
	kindBool
	kindInt
	kindFloat
	kindString
	kindSymbol
	kindArray
	kindHash
	kindRange
	kindRegexp
	kindMatch
	kindTime
	kindTimestamp
	kindClass
	kindError
	kindTask
	kindCallback
	kindProc
	kindIPAddr
	kindURI
	kindEvent
	kinds
)

func kindOf(v Value) kind {
	switch v.(type) {
	case nil:
		return kindNil
	case bool:
		return kindBool
	case int64:
		return kindInt
	case float64:
		return kindFloat
	case string:
		return kindString
	case Symbol:
		return kindSymbol
	case *Array:
		return kindArray
	case *Hash:
		return kindHash
	case *Range:
		return kindRange
	case *regexValue:
		return kindRegexp
	case *matchData:
		return kindMatch
	case Time:
		return kindTime
	case Timestamp:
		return kindTimestamp
	case class:
		return kindClass
	case *Error:
		return kindError
	case *Task:
		return kindTask
	case *Callback:
		return kindCallback
	case *procValue:
		return kindProc
	case ipAddr:
		return kindIPAddr
	case *uriValue:
		return kindURI
	}
	return kindEvent
}

var kindClassNames = [kinds]string{"NilClass", "Boolean", "Integer", "Float", "String", "Symbol", "Array", "Hash", "Range",
	"Regexp", "MatchData", "Time", "LogStash::Timestamp", "Class", "Exception", "LogStash::Filters::Aggregate::Element", "Proc", "Proc", "IPAddr", "URI", "LogStash::Event"}

func className(v Value) string {
	switch v := v.(type) {
	case bool:
		if v {
			return "TrueClass"
		}
		return "FalseClass"
	case *Error:
		return v.Class
	}
	return kindClassNames[kindOf(v)]
}
