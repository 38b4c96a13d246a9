package event

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"
)

// The binary form of an event, for queues on disk: exact (kinds, the order of members, the literal of a number, nanoseconds) and compact.
//
//	event  = seconds varint · nanoseconds uvarint · metadata value · fields value
//	value  = kind u8 · content
//	  false, true, null: nothing · int: varint · float: 8 B · number with its literal: 8 B, text · text: length uvarint, bytes
//	  time: varint nanoseconds · array: count uvarint, values · object: count uvarint, (text, value)…

const (
	tagNull byte = iota
	tagFalse
	tagTrue
	tagInt
	tagFloat
	tagLiteral
	tagString
	tagTime
	tagArray
	tagObject
)

// ErrBinary marks bytes that are not an event's binary form.
var ErrBinary = errors.New("not an event's binary form")

// maxBinaryDepth bounds nesting when reading. No parser of events goes that deep, nor do filters by far.
const maxBinaryDepth = 10_000

// AppendBinary appends the event's binary form. The receipt is not part of it.
func (e *Event) AppendBinary(dst []byte) []byte {
	dst = binary.AppendVarint(dst, e.timestamp.Unix())
	dst = binary.AppendUvarint(dst, uint64(e.timestamp.Nanosecond()))
	dst = e.metadata.appendBinary(dst)
	return e.fields.appendBinary(dst)
}

func (v Value) appendBinary(dst []byte) []byte {
	switch v.kind {
	case Null:
		return append(dst, tagNull)
	case Bool:
		return append(dst, tagFalse+byte(v.num))
	case Int:
		return binary.AppendVarint(append(dst, tagInt), int64(v.num))
	case Float:
		if literal := v.literal(); literal != "" {
			return appendBinaryText(binary.LittleEndian.AppendUint64(append(dst, tagLiteral), v.num), literal)
		}
		return binary.LittleEndian.AppendUint64(append(dst, tagFloat), v.num)
	case String:
		return appendBinaryText(append(dst, tagString), v.text())
	case Time:
		return binary.AppendVarint(append(dst, tagTime), int64(v.num))
	case Array:
		dst = binary.AppendUvarint(append(dst, tagArray), uint64(len(v.node().values)))
		for _, m := range v.node().values {
			dst = m.appendBinary(dst)
		}
		return dst
	}
	dst = binary.AppendUvarint(append(dst, tagObject), uint64(len(v.node().values)))
	for i, m := range v.node().values {
		dst = m.appendBinary(appendBinaryText(dst, v.NameAt(i)))
	}
	return dst
}

func appendBinaryText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

// ParseBinary reads what AppendBinary wrote. The event does not refer to data.
func ParseBinary(data []byte) (*Event, error) {
	// One copy of the bytes serves all texts: an event lives as a whole.
	r := binaryReader{data: string(data)}
	seconds, nanos := r.varint(), r.uvarint()
	if nanos >= uint64(time.Second) {
		r.fail("nanoseconds out of range")
	}
	e := &Event{timestamp: time.Unix(seconds, int64(nanos)).UTC()}
	e.metadata = r.value(0)
	e.fields = r.value(0)
	switch {
	case r.err != nil:
		return nil, r.err
	case r.at < len(r.data):
		return nil, fmt.Errorf("%w: %d bytes too many", ErrBinary, len(r.data)-r.at)
	case e.fields.kind != Object || e.metadata.kind != Object && e.metadata.kind != Null:
		return nil, fmt.Errorf("%w: its fields are no object", ErrBinary)
	}
	return e, nil
}

// binaryReader reads until its first error.
type binaryReader struct {
	data string
	at   int
	err  error
}

func (r *binaryReader) fail(what string) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: %s at byte %d", ErrBinary, what, r.at)
	}
}

func (r *binaryReader) byte() byte {
	if r.at >= len(r.data) {
		r.fail("unexpected end")
		return 0
	}
	r.at++
	return r.data[r.at-1]
}

func (r *binaryReader) uvarint() uint64 {
	var n uint64
	for shift := uint(0); shift < 64; shift += 7 {
		b := r.byte()
		if shift == 63 && b > 1 {
			break
		}
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
	r.fail("a number is too long")
	return 0
}

func (r *binaryReader) varint() int64 {
	n := r.uvarint()
	return int64(n>>1) ^ -int64(n&1)
}

func (r *binaryReader) fixed() uint64 {
	if len(r.data)-r.at < 8 {
		r.fail("unexpected end")
		return 0
	}
	var n uint64
	for i := range 8 {
		n |= uint64(r.data[r.at+i]) << (8 * i)
	}
	r.at += 8
	return n
}

func (r *binaryReader) text() string {
	n := r.uvarint()
	if n > uint64(len(r.data)-r.at) {
		r.fail("a text reaches past the end")
		return ""
	}
	s := r.data[r.at : r.at+int(n)]
	r.at += int(n)
	return s
}

// count reads how many members follow. Each takes one byte at least, which bounds what is made room for.
func (r *binaryReader) count() int {
	n := r.uvarint()
	if n > uint64(len(r.data)-r.at) {
		r.fail("more members than bytes")
		return 0
	}
	return int(n)
}

func (r *binaryReader) value(depth int) Value {
	if depth > maxBinaryDepth {
		r.fail("nested too deep")
	}
	if r.err != nil {
		return Value{}
	}
	switch tag := r.byte(); tag {
	case tagNull:
		return NullValue
	case tagFalse, tagTrue:
		return BoolOf(tag == tagTrue)
	case tagInt:
		return IntOf(r.varint())
	case tagFloat:
		return FloatOf(math.Float64frombits(r.fixed()))
	case tagLiteral:
		f := math.Float64frombits(r.fixed())
		return literalOf(f, r.text())
	case tagString:
		return StringOf(r.text())
	case tagTime:
		return Value{kind: Time, num: uint64(r.varint())}
	case tagArray:
		v := ArrayOf()
		n := r.count()
		v.Reserve(n)
		for i := 0; i < n && r.err == nil; i++ {
			v.node().values = append(v.node().values, r.value(depth+1))
		}
		return v
	case tagObject:
		v := NewObject()
		n := r.count()
		v.Reserve(n)
		for i := 0; i < n && r.err == nil; i++ {
			v.node().append(r.text(), r.value(depth+1))
		}
		if v.Len() != n {
			r.fail("an object names a member twice")
		}
		return v
	}
	r.fail("an unknown kind")
	return Value{}
}
