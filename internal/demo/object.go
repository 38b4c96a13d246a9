package demo

import (
	"slices"
	"strconv"
)

// object writes one JSON object, member after member. Objects nest by open and close.
type object struct {
	buf   []byte
	comma bool
}

func (o *object) reset() {
	o.buf = append(o.buf[:0], '{')
	o.comma = false
}

// bytes ends the object and returns a copy of it.
func (o *object) bytes() []byte {
	o.buf = append(o.buf, '}')
	return slices.Clone(o.buf)
}

func (o *object) key(name string) {
	if o.comma {
		o.buf = append(o.buf, ',')
	}
	o.comma = true
	o.buf = append(append(append(o.buf, '"'), name...), '"', ':')
}

func (o *object) open(name string) {
	o.key(name)
	o.buf = append(o.buf, '{')
	o.comma = false
}

func (o *object) close() {
	o.buf = append(o.buf, '}')
	o.comma = true
}

func (o *object) text(name, value string) {
	o.key(name)
	o.buf = appendQuoted(o.buf, value)
}

func (o *object) integer(name string, value int) {
	o.key(name)
	o.buf = strconv.AppendInt(o.buf, int64(value), 10)
}

// decimal writes a number with so many digits after the point.
func (o *object) decimal(name string, value float64, digits int) {
	o.key(name)
	o.buf = strconv.AppendFloat(o.buf, value, 'f', digits, 64)
}

func (o *object) boolean(name string, value bool) {
	o.key(name)
	o.buf = strconv.AppendBool(o.buf, value)
}

// list writes an array whose items one prints.
func (o *object) list(name string, items int, one func(dst []byte, i int) []byte) {
	o.key(name)
	o.buf = append(o.buf, '[')
	for i := range items {
		if i > 0 {
			o.buf = append(o.buf, ',')
		}
		o.buf = one(o.buf, i)
	}
	o.buf = append(o.buf, ']')
}

// appendQuoted appends text as a JSON string. The texts here are valid UTF-8, so that only what JSON
// itself asks for is escaped.
func appendQuoted(dst []byte, text string) []byte {
	dst = append(dst, '"')
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\t':
			dst = append(dst, '\\', 't')
		case c < ' ':
			dst = appendHex(append(dst, `\u`...), uint64(c), 4)
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}
