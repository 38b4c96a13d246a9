package ingest

import (
	"fmt"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"

	"elkhorn/internal/es/eserr"
)

// maxDepth bounds the nesting of a document, far above any mapping's depth limit, so that the walk
// cannot exhaust the stack.
const maxDepth = 200

// scanner reads JSON text strictly (RFC 8259, UTF-8 checked) without copying. It is the only thing
// that looks at every byte of a document.
type scanner struct {
	data []byte
	pos  int
}

// syntaxError is refused input, in the words Elasticsearch uses for it.
func (s *scanner) syntaxError(format string, args ...any) error {
	line, col := 1, 1
	for _, c := range s.data[:min(s.pos, len(s.data))] {
		if c == '\n' {
			line, col = line+1, 1
		} else {
			col++
		}
	}
	reason := fmt.Sprintf(format, args...)
	return eserr.DocumentParsing("[%d:%d] failed to parse", line, col).Because(
		eserr.New(400, "json_parse_exception", "%s at byte offset %d", reason, s.pos))
}

// space skips white space and returns the next byte without taking it; 0 at the end.
func (s *scanner) space() byte {
	for s.pos < len(s.data) {
		c := s.data[s.pos]
		if c > ' ' {
			return c
		}
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return c
		}
		s.pos++
	}
	return 0
}

// str reads a string whose opening quote is at pos. raw has the quotes; escaped says that it has a
// backslash, so that raw[1:len-1] is not the text itself.
func (s *scanner) str() (raw []byte, escaped bool, err error) {
	start := s.pos
	i := start + 1
	data := s.data
	for {
		for i+8 <= len(data) { // eight bytes at a time while all are plain ASCII
			if m := special(data[i : i+8]); m != 0 {
				i += bits.TrailingZeros64(m) >> 3
				break
			}
			i += 8
		}
		if i >= len(data) {
			s.pos = len(data)
			return nil, false, s.syntaxError("Unexpected end-of-input: was expecting closing quote for a string value")
		}
		switch c := data[i]; {
		case c == '"':
			s.pos = i + 1
			return data[start:s.pos], escaped, nil
		case c == '\\':
			n := escapeLen(data[i:])
			if n == 0 {
				s.pos = i
				return nil, false, s.syntaxError("Unrecognized character escape")
			}
			escaped = true
			i += n
		case c < 0x20:
			s.pos = i
			return nil, false, s.syntaxError("Illegal unquoted character ((CTRL-CHAR, code %d)): has to be escaped using backslash to be included in string value", c)
		case c < utf8.RuneSelf:
			i++
		default:
			r, n := utf8.DecodeRune(data[i:])
			if r == utf8.RuneError && n == 1 {
				s.pos = i
				return nil, false, s.syntaxError("Invalid UTF-8 start byte 0x%x", c)
			}
			i += n
		}
	}
}

const (
	low  = 0x0101010101010101
	high = 0x8080808080808080
)

// special marks, with the high bit of each, the bytes that end a plain run: quote, backslash, control
// characters and anything beyond ASCII. Bits above the first marked byte may be wrong.
func special(b []byte) uint64 {
	w := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
	quote := w ^ low*'"'
	slash := w ^ low*'\\'
	return ((quote-low)&^quote | (slash-low)&^slash | (w - low*0x20) | w) & high
}

// escapeLen is the length of the escape that b begins with; 0 when it is none.
func escapeLen(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if _, ok := hex4(b); ok {
			return 6
		}
	}
	return 0
}

// hex4 reads the code unit of a \uxxxx escape at the start of b.
func hex4(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	var r rune
	for _, c := range b[2:6] {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// unescape appends the text of a scanned string's inside. A lone surrogate becomes U+FFFD: it cannot
// be kept as UTF-8, and the document's bytes are kept apart.
func unescape(dst, inside []byte) []byte {
	for i := 0; i < len(inside); {
		c := inside[i]
		if c != '\\' {
			dst = append(dst, c)
			i++
			continue
		}
		switch e := inside[i+1]; e {
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			r, _ := hex4(inside[i:])
			i += 6
			if utf16.IsSurrogate(r) {
				low, ok := hex4(inside[min(i, len(inside)):])
				if joined := utf16.DecodeRune(r, low); ok && joined != utf8.RuneError {
					r = joined
					i += 6
				} else {
					r = utf8.RuneError
				}
			}
			dst = utf8.AppendRune(dst, r)
			continue
		default:
			dst = append(dst, e)
		}
		i += 2
	}
	return dst
}

// number reads a number at pos. integral says that it has neither point nor exponent.
func (s *scanner) number() (raw []byte, integral bool, err error) {
	start, i, data := s.pos, s.pos, s.data
	if data[i] == '-' {
		i++
	}
	first := i
	for i < len(data) && data[i]-'0' <= 9 {
		i++
	}
	if i == first || data[first] == '0' && i-first > 1 {
		s.pos = i
		return nil, false, s.syntaxError("Invalid numeric value")
	}
	integral = true
	if i < len(data) && data[i] == '.' {
		integral = false
		i++
		from := i
		for i < len(data) && data[i]-'0' <= 9 {
			i++
		}
		if i == from {
			s.pos = i
			return nil, false, s.syntaxError("Invalid numeric value: decimal point not followed by a digit")
		}
	}
	if i < len(data) && data[i]|0x20 == 'e' {
		integral = false
		i++
		if i < len(data) && (data[i] == '+' || data[i] == '-') {
			i++
		}
		from := i
		for i < len(data) && data[i]-'0' <= 9 {
			i++
		}
		if i == from {
			s.pos = i
			return nil, false, s.syntaxError("Invalid numeric value: exponent has no digits")
		}
	}
	s.pos = i
	return data[start:i], integral, nil
}

// word reads true, false or null.
func (s *scanner) word(w string) error {
	if len(s.data)-s.pos < len(w) || string(s.data[s.pos:s.pos+len(w)]) != w {
		return s.syntaxError("Unrecognized token: was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')")
	}
	s.pos += len(w)
	return nil
}

// skip reads any value and checks it.
func (s *scanner) skip(depth int) (raw []byte, err error) {
	c := s.space()
	start := s.pos
	switch {
	case c == '"':
		_, _, err = s.str()
	case c == '{' || c == '[':
		err = s.skipContainer(c, depth)
	case c == 't':
		err = s.word("true")
	case c == 'f':
		err = s.word("false")
	case c == 'n':
		err = s.word("null")
	case c == '-' || c-'0' <= 9:
		_, _, err = s.number()
	default:
		err = s.unexpected(c)
	}
	return s.data[start:min(s.pos, len(s.data))], err
}

func (s *scanner) unexpected(c byte) error {
	if s.pos >= len(s.data) {
		return s.syntaxError("Unexpected end-of-input")
	}
	return s.syntaxError("Unexpected character (%q (code %d)): expected a valid value", c, c)
}

func (s *scanner) skipContainer(open byte, depth int) error {
	if depth >= maxDepth {
		return s.tooDeep()
	}
	s.pos++
	end := open + 2 // '}' and ']' stand two after their opening in ASCII
	if s.space() == end {
		s.pos++
		return nil
	}
	for {
		if open == '{' {
			if err := s.skipKey(); err != nil {
				return err
			}
		}
		if _, err := s.skip(depth + 1); err != nil {
			return err
		}
		more, err := s.comma(end)
		if err != nil || !more {
			return err
		}
	}
}

func (s *scanner) tooDeep() error {
	return s.syntaxError("Document nesting depth exceeds the maximum allowed (%d)", maxDepth)
}

func (s *scanner) skipKey() error {
	if c := s.space(); c != '"' {
		return s.badKey(c)
	}
	if _, _, err := s.str(); err != nil {
		return err
	}
	return s.colon()
}

func (s *scanner) badKey(c byte) error {
	if s.pos >= len(s.data) {
		return s.syntaxError("Unexpected end-of-input: expected close marker for Object")
	}
	return s.syntaxError("Unexpected character (%q (code %d)): was expecting double-quote to start field name", c, c)
}

func (s *scanner) colon() error {
	if c := s.space(); c != ':' {
		return s.syntaxError("Unexpected character (%q (code %d)): was expecting a colon to separate field name and value", c, c)
	}
	s.pos++
	return nil
}

// comma reads what follows a member: a comma (true) or the closing bracket (false).
func (s *scanner) comma(end byte) (bool, error) {
	switch c := s.space(); {
	case c == ',':
		s.pos++
		return true, nil
	case c == end:
		s.pos++
		return false, nil
	case s.pos >= len(s.data):
		return false, s.syntaxError("Unexpected end-of-input: expected close marker")
	default:
		return false, s.syntaxError("Unexpected character (%q (code %d)): was expecting comma to separate entries", c, c)
	}
}
