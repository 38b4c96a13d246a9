package eserr

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// MarshalJSON prints the error as it stands in an answer that failed as a
// whole: root causes first, then type, reason, extra members and the cause.
func (e *Error) MarshalJSON() ([]byte, error) { return e.Append(nil), nil }

// Append appends what MarshalJSON prints.
func (e *Error) Append(dst []byte) []byte {
	dst = append(dst, `{"root_cause":[`...)
	for i, root := range e.RootCauses() {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '{')
		dst = root.appendOwn(dst)
		dst = append(dst, '}')
	}
	dst = append(dst, `],`...)
	dst = e.appendChain(dst)
	return append(dst, '}')
}

// AppendItem appends the error as it stands in one item of a bulk answer or in
// a shard failure: as Append, without root causes.
func (e *Error) AppendItem(dst []byte) []byte {
	dst = append(dst, '{')
	dst = e.appendChain(dst)
	return append(dst, '}')
}

// AppendAnswer appends the whole body of a failed request:
// {"error":{…},"status":400}.
func (e *Error) AppendAnswer(dst []byte) []byte {
	dst = append(dst, `{"error":`...)
	dst = e.Append(dst)
	dst = append(dst, `,"status":`...)
	dst = strconv.AppendInt(dst, int64(e.Status), 10)
	return append(dst, '}')
}

// appendOwn appends type, reason and extra members, without braces.
func (e *Error) appendOwn(dst []byte) []byte {
	dst = append(dst, `"type":`...)
	dst = appendValue(dst, e.Type)
	dst = append(dst, `,"reason":`...)
	dst = appendValue(dst, e.Reason)
	for _, m := range e.Meta {
		dst = append(dst, ',')
		dst = appendValue(dst, m.Key)
		dst = append(dst, ':')
		dst = appendValue(dst, m.Value)
	}
	return dst
}

// appendChain appends the error and its causes, without braces.
func (e *Error) appendChain(dst []byte) []byte {
	dst = e.appendOwn(dst)
	if e.CausedBy == nil {
		return dst
	}
	dst = append(dst, `,"caused_by":`...)
	if cause := e.CausedBy; e.Type == searchPhaseType && cause.CausedBy == nil && plainException[cause.Type] {
		// A search wraps a plain exception into a copy of itself.
		dst = cause.appendOwn(append(dst, '{'))
		dst = append(dst, `,"caused_by":`...)
		return append(cause.AppendItem(dst), '}')
	}
	return e.CausedBy.AppendItem(dst)
}

// appendValue prints one member's value, without the escapes encoding/json
// makes for HTML. A value that cannot be printed is named in its place, so
// that an error answer is always well-formed JSON.
func appendValue(dst []byte, value any) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return strconv.AppendQuoteToASCII(dst, "unprintable: "+err.Error())
	}
	return append(dst, bytes.TrimRight(buf.Bytes(), "\n")...)
}
