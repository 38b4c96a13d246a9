package exec

import (
	"encoding/binary"
	"math"
	"strconv"

	"elkhorn/internal/es/jsonval"
)

// The values of a key of several are written one after the other so that keys compare as bytes, which makes them merge
// and sort as texts do: a mark, then the value, complemented where larger values go first. Whole numbers and floats
// have 8 bytes in order, texts end in two zeros.
const (
	markNullFirst byte = iota
	markValue
	markNullLast
)

// tupleValues is one of the sources of a key of several values: how its values are written, and read again.
type tupleValues struct {
	class    fieldClass
	desc     bool
	nullLast bool
}

// appendNull writes that there is no value.
func (v *tupleValues) appendNull(dst []byte) []byte {
	if v.nullLast {
		return append(dst, markNullLast)
	}
	return append(dst, markNullFirst)
}

// appendText writes a text or an address.
func (v *tupleValues) appendText(dst []byte, text string) []byte {
	dst = append(dst, markValue)
	from := len(dst)
	for i := range len(text) {
		if dst = append(dst, text[i]); text[i] == 0 {
			dst = append(dst, 0xff)
		}
	}
	return v.directed(append(dst, 0, 0), from)
}

// appendNumber writes a number: a key as the keyer of the class has it.
func (v *tupleValues) appendNumber(dst []byte, n int64) []byte {
	switch v.class {
	case classFloat:
		n = floatOrder(math.Float64frombits(uint64(n)))
	case classUnsigned:
		n = unsignedOrder(n)
	}
	dst = append(dst, markValue)
	return v.directed(binary.BigEndian.AppendUint64(dst, uint64(n)^1<<63), len(dst))
}

func (v *tupleValues) directed(dst []byte, from int) []byte {
	if v.desc {
		for i := from; i < len(dst); i++ {
			dst[i] = ^dst[i]
		}
	}
	return dst
}

// tupleValue is a value that was read again.
type tupleValue struct {
	null bool
	num  int64 // as the keyer of the class has it
	text string
}

// read reads the value at the beginning of what was written, and returns the rest.
func (v *tupleValues) read(from string) (value tupleValue, rest string) {
	mark := from[0]
	from = from[1:]
	if mark != markValue {
		return tupleValue{null: true}, from
	}
	if v.class != classKeyword && v.class != classIP {
		raw := v.directed([]byte(from[:8]), 0)
		n := int64(binary.BigEndian.Uint64(raw) ^ 1<<63)
		switch v.class {
		case classFloat:
			n = int64(math.Float64bits(orderFloat(n)))
		case classUnsigned:
			n = unsignedOrder(n)
		}
		return tupleValue{num: n}, from[8:]
	}
	zero := byte(0)
	if v.desc {
		zero = 0xff
	}
	var text []byte
	for i := 0; ; i++ {
		if from[i] != zero {
			text = append(text, from[i])
			continue
		}
		i++
		if from[i] == zero {
			return tupleValue{text: string(v.directed(text, 0))}, from[i+1:]
		}
		text = append(text, zero)
	}
}

// tuplePart is one source of a key at work: a keyer and the written forms of its keys.
type tuplePart struct {
	values tupleValues
	keyer  keyer
	write  func(dst []byte, key uint32) []byte
	// written holds the forms by key, nil where not asked yet.
	written [][]byte
	acct    *account
}

// form returns the written form of a key.
func (p *tuplePart) form(key uint32) ([]byte, error) {
	if int(key) < len(p.written) && p.written[key] != nil {
		return p.written[key], nil
	}
	if n := p.keyer.limit(); len(p.written) < n {
		p.written = append(p.written, make([][]byte, n-len(p.written))...)
	}
	form := p.write(nil, key)
	p.written[key] = form
	return form, p.acct.grow(len(form) + 24)
}

// forms appends the written form of a tuple.
func forms(dst []byte, parts []*tuplePart, key []uint32) ([]byte, error) {
	for i, p := range parts {
		form, err := p.form(key[i])
		if err != nil {
			return nil, err
		}
		dst = append(dst, form...)
	}
	return dst, nil
}

// termsPart makes a part of the values of a field. nulls gives rows without a value a key of their own.
func (k *keySource) termsPart(values tupleValues, nulls bool, acct *account) *boundPart {
	texts, numbers := k.newKeyer(acct)
	b := &boundPart{tuplePart: &tuplePart{values: values, acct: acct}}
	null := noKey
	if texts != nil {
		b.keyer = texts
		b.bind = func(l *leaf) error {
			if err := texts.bind(l); err != nil {
				return err
			}
			if nulls && k.constant == "" {
				if null == noKey {
					null = uint32(len(texts.values))
					texts.values = append(texts.values, "")
				}
				texts.missing = null
				return nil
			}
			return k.bindMissing(texts, nil)
		}
		b.write = func(dst []byte, key uint32) []byte {
			if key == null {
				return b.values.appendNull(dst)
			}
			return b.values.appendText(dst, texts.values[key])
		}
		return b
	}
	b.keyer = numbers
	b.bind = func(l *leaf) error {
		if err := numbers.bind(l); err != nil {
			return err
		}
		if nulls {
			if null == noKey {
				null = uint32(len(numbers.values))
				numbers.values = append(numbers.values, 0)
			}
			numbers.missing = null
			return nil
		}
		return k.bindMissing(nil, numbers)
	}
	b.write = func(dst []byte, key uint32) []byte {
		if key == null {
			return b.values.appendNull(dst)
		}
		return b.values.appendNumber(dst, numbers.values[key])
	}
	return b
}

// boundPart is a part with what binds its keyer to a segment.
type boundPart struct {
	*tuplePart
	bind func(l *leaf) error
	// span returns the written forms between which all values of a block of the bound segment lie; nil: not known.
	span func(l *leaf, block int) (lo, hi []byte)
}

// keepsOrder refuses to merge keys of values of different types.
func keepsOrder(name string, a, b []tupleValues) error {
	for i := range a {
		if a[i].class != b[i].class {
			return typeMismatch(name, strconv.Itoa(i+1))
		}
	}
	return nil
}

// appendTuple appends the values of a key as a JSON array, or as an object where names are given.
func appendTuple(dst []byte, names []string, values []jsonval.Scalar) []byte {
	if names == nil {
		dst = append(dst, '[')
		for i, v := range values {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = v.Append(dst)
		}
		return append(dst, ']')
	}
	w := jsonval.Begin(dst)
	for i, v := range values {
		w.Scalar(names[i], v)
	}
	return w.End()
}
