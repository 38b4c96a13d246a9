package exec

import (
	"bytes"
	"unicode/utf8"

	"elkhorn/internal/engine/segment"
)

// stringView is how a keyword field sees the column of texts it reads. A multi-field reads its parent's; a
// key of a flattened object reads the object's.
type stringView struct {
	column string
	// ignoreAbove hides values with more UTF-16 units; 0 is no limit.
	ignoreAbove int
	// normalizer brings values into the form that is compared and printed; nil: as they are.
	normalizer func(value []byte) []byte
	// prefix is what values of a flattened object's key begin with, and are seen without.
	prefix string
	// root is a flattened object as a whole: values are seen without their keys.
	root bool
}

// plain says that the values that are seen are seen as they stand in the column.
func (v *stringView) plain() bool { return v.normalizer == nil && v.prefix == "" && !v.root }

// partial says that some values may not be seen.
func (v *stringView) partial() bool { return v.ignoreAbove > 0 || v.prefix != "" }

// cut is a value without what the view leaves out; ok is false for a value that it does not see.
func (v *stringView) cut(value []byte) (rest []byte, ok bool) {
	switch {
	case v.prefix != "":
		if len(value) < len(v.prefix) || string(value[:len(v.prefix)]) != v.prefix {
			return nil, false
		}
		value = value[len(v.prefix):]
	case v.root:
		value = value[bytes.IndexByte(value, segment.FlattenedSeparator)+1:]
	}
	return value, v.ignoreAbove <= 0 || len(value) <= v.ignoreAbove || utf16Len(value) <= v.ignoreAbove
}

// see is a value as the field has it; ok is false for a value that the field does not see. It may be the
// value itself.
func (v *stringView) see(value []byte) (seen []byte, ok bool) {
	if seen, ok = v.cut(value); ok && v.normalizer != nil {
		seen = v.normalizer(seen)
	}
	return seen, ok
}

// hides says whether the field does not see a value.
func (v *stringView) hides(value []byte) bool {
	_, ok := v.cut(value)
	return !ok
}

// stored is how a value that is seen so stands in the column; ok is false when it may stand there in
// several forms.
func (v *stringView) stored(seen string) (value string, ok bool) {
	return v.prefix + seen, v.normalizer == nil && !v.root
}

// normal is a text of a request as the field has its values.
func (v *stringView) normal(text string) string {
	if v.normalizer == nil {
		return text
	}
	return string(v.normalizer([]byte(text)))
}

func utf16Len(value []byte) int {
	n := 0
	for len(value) > 0 {
		r, size := utf8.DecodeRune(value)
		value = value[size:]
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}
