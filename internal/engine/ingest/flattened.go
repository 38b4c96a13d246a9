package ingest

import (
	"bytes"
	"unicode/utf8"

	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/eserr"
)

// A flattened field is a list of texts: for each scalar of the object the dotted path of its keys, a zero
// byte, and the value as text. One column holds them all, however many keys there are.

// maxFlattenedBytes is Lucene's limit on a term.
const maxFlattenedBytes = 32766

// readFlattened reads an object, or an array of objects, of a flattened field.
func readFlattened(f *field, w *walker, raw []byte) (format byte, reason *eserr.Error) {
	r := flattener{walker: walker{scanner: scanner{data: raw}}, f: f, w: w}
	return segment.FormatLiteral, r.top()
}

type flattener struct {
	walker // of the raw value alone: its scanner, and its scratch for texts with escapes
	f      *field
	w      *walker // of the document
	path   []byte  // of the object at hand
	key    []byte  // scratch
}

func (r *flattener) top() *eserr.Error {
	switch c := r.space(); c {
	case 'n':
		return nil
	case '[':
		return r.array(func() *eserr.Error { return r.top() })
	case '{':
		return r.members(1)
	default:
		return eserr.ParseException("Failed to parse object: expecting token of type [START_OBJECT] but found [%s]", tokenName(c))
	}
}

// tokenName is what Elasticsearch calls the token that begins with c.
func tokenName(c byte) string {
	switch c {
	case '"':
		return "VALUE_STRING"
	case 't', 'f':
		return "VALUE_BOOLEAN"
	}
	return "VALUE_NUMBER"
}

// array reads the elements of the array at pos. The raw value was scanned before, so that its syntax is
// right.
func (r *flattener) array(element func() *eserr.Error) *eserr.Error {
	r.pos++
	if r.space() == ']' {
		r.pos++
		return nil
	}
	for {
		r.space()
		if err := element(); err != nil {
			return err
		}
		if more, err := r.comma(']'); err != nil || !more {
			return fromScan(err)
		}
	}
}

func fromScan(err error) *eserr.Error {
	if err == nil {
		return nil
	}
	return eserr.From(err)
}

// members reads the object at pos; depth counts objects from the field's own.
func (r *flattener) members(depth int) *eserr.Error {
	if depth > r.f.depthLimit {
		return eserr.IllegalArgument("The provided [flattened] field [%s] exceeds the maximum depth limit of [%d].", r.f.name, r.f.depthLimit)
	}
	r.pos++
	if r.space() == '}' {
		r.pos++
		return nil
	}
	for {
		r.space()
		raw, escaped, err := r.str()
		if err != nil {
			return eserr.From(err)
		}
		key := raw[1 : len(raw)-1]
		if escaped {
			r.key = unescape(r.key[:0], key)
			key = r.key
		}
		if bytes.IndexByte(key, segment.FlattenedSeparator) >= 0 {
			return eserr.IllegalArgument("Keys in [flattened] fields cannot contain the reserved character \\0. Offending key: [%q].", key)
		}
		before := len(r.path)
		if before > 0 {
			r.path = append(r.path, '.')
		}
		r.path = append(r.path, key...)
		if err := r.colon(); err != nil {
			return eserr.From(err)
		}
		if err := r.anyValue(depth); err != nil {
			return err
		}
		r.path = r.path[:before]
		if more, err := r.comma('}'); err != nil || !more {
			return fromScan(err)
		}
	}
}

func (r *flattener) anyValue(depth int) *eserr.Error {
	c := r.space()
	switch c {
	case '{':
		return r.members(depth + 1)
	case '[':
		return r.array(func() *eserr.Error { return r.anyValue(depth) })
	}
	t, err := r.token(c)
	if err != nil {
		return eserr.From(err)
	}
	text := t.text
	if t.kind == tokenNull {
		if r.f.nullValue == nil {
			return nil
		}
		text = r.f.nullValue.text
	}
	return r.add(text)
}

// add keeps one value under the path at hand.
func (r *flattener) add(text []byte) *eserr.Error {
	if len(text) > r.f.ignoreAbove && utf16Len(text) > r.f.ignoreAbove {
		return nil
	}
	if n := len(r.path) + 1 + len(text); n > maxFlattenedBytes {
		return eserr.IllegalArgument("Flattened field [%s] contains one immense field whose keyed encoding is longer than the allowed max length of %d bytes. Key length: %d, value length: %d for key starting with [%s]",
			r.f.name, maxFlattenedBytes, len(r.path), len(text), r.path[:min(len(r.path), 50)])
	}
	w := r.w
	from := len(w.scratch)
	w.scratch = append(append(append(w.scratch, r.path...), segment.FlattenedSeparator), text...)
	w.values = append(w.values, w.scratch[from:len(w.scratch):len(w.scratch)])
	return nil
}

// utf16Len is a text's length as Java counts it.
func utf16Len(text []byte) int {
	n := 0
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}
