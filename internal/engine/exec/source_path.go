package exec

import (
	"bytes"
	"strings"

	"elkhorn/internal/es/jsonval"
)

// eachAt calls fn with every value that a document has at a dotted path, as it is written. It goes through
// objects and arrays on the way, and takes keys with dots for the same path. The document is one that was
// checked before, so that nothing is checked again.
func eachAt(raw []byte, path string, fn func(value []byte)) {
	w := sourceWalk{data: raw, fn: fn}
	w.space()
	w.value(path, true)
}

// sourceWalk goes through JSON once, without building anything.
type sourceWalk struct {
	data []byte
	pos  int
	fn   func(value []byte)
}

func (w *sourceWalk) space() {
	for w.pos < len(w.data) && w.data[w.pos] <= ' ' {
		w.pos++
	}
}

// value reads the value at pos; rest is the path that remains, wanted whether the value lies on it.
func (w *sourceWalk) value(rest string, wanted bool) {
	if w.pos >= len(w.data) {
		return
	}
	start := w.pos
	switch c := w.data[w.pos]; {
	case wanted && rest == "" && c != '[':
		w.skip()
		w.fn(bytes.TrimRight(w.data[start:w.pos], " \t\r\n"))
	case wanted && c == '[':
		w.array(rest)
	case wanted && c == '{':
		w.object(rest)
	default:
		w.skip()
	}
}

func (w *sourceWalk) array(rest string) {
	w.pos++
	for w.more(']') {
		start := w.pos
		if w.value(rest, true); w.pos == start {
			return // no JSON after all
		}
	}
}

func (w *sourceWalk) object(rest string) {
	w.pos++
	for w.more('}') && w.data[w.pos] == '"' {
		key := w.string()
		w.space()
		w.pos++ // colon
		w.space()
		below, on := below(rest, key)
		w.value(below, on)
	}
}

// more goes to the next member; false when the closing bracket, which it takes, or the end is reached.
func (w *sourceWalk) more(end byte) bool {
	w.space()
	if w.pos < len(w.data) && w.data[w.pos] == ',' {
		w.pos++
		w.space()
	}
	if w.pos >= len(w.data) {
		return false
	}
	if w.data[w.pos] == end {
		w.pos++
		return false
	}
	return true
}

// below is what remains of a path after a key; on says that the key is on the path.
func below(rest string, key []byte) (string, bool) {
	if bytes.IndexByte(key, '\\') >= 0 {
		key = unquoted(key)
	}
	if len(rest) < len(key) || rest[:len(key)] != string(key) {
		return "", false
	}
	rest = rest[len(key):]
	return strings.TrimPrefix(rest, "."), rest == "" || rest[0] == '.'
}

// unquoted is the text of a string's inside that has escapes.
func unquoted(inside []byte) []byte {
	n, err := jsonval.Parse(append(append([]byte{'"'}, inside...), '"'))
	if err != nil {
		return inside
	}
	return []byte(n.Text)
}

// string reads a string and returns its inside.
func (w *sourceWalk) string() []byte {
	w.pos++
	start := w.pos
	for w.pos < len(w.data) && w.data[w.pos] != '"' {
		if w.data[w.pos] == '\\' {
			w.pos++
		}
		w.pos++
	}
	end := min(w.pos, len(w.data))
	w.pos++
	return w.data[start:end]
}

// skip goes to the end of the value at pos.
func (w *sourceWalk) skip() {
	depth := 0
	for w.pos < len(w.data) {
		switch w.data[w.pos] {
		case '"':
			w.string()
			if depth == 0 {
				return
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return // the end of what is around a number or a word
			}
			depth--
			if depth == 0 {
				w.pos++
				return
			}
		case ',':
			if depth == 0 {
				return
			}
		}
		w.pos++
	}
}
