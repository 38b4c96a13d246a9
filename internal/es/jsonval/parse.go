package jsonval

import (
	"fmt"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"elkhorn/internal/es/eserr"
)

// MaxDepth is how deep arrays and objects may stand inside each other. It is
// far beyond any real query and keeps recursion over a tree cheap.
const MaxDepth = 500

// Parse reads one JSON value. Errors are x_content_parse_exception with the
// position, status 400.
func Parse(data []byte) (*Node, error) {
	s := &scanner{data: data, line: 1}
	if err := s.space(); err != nil {
		return nil, err
	}
	n := &Node{}
	if err := s.value(n, 0); err != nil {
		return nil, err
	}
	if err := s.space(); err != nil {
		return nil, err
	}
	if s.pos < len(data) {
		return nil, s.unexpected("end of input")
	}
	return n, nil
}

// scanner walks over the bytes once. lineStart is the offset of the present
// line's first byte.
type scanner struct {
	data            []byte
	pos             int
	line, lineStart int
}

func (s *scanner) fail(format string, args ...any) error {
	return eserr.XContentParse("[%d:%d] %s", s.line, s.pos-s.lineStart+1, fmt.Sprintf(format, args...))
}

func (s *scanner) unexpected(want string) error {
	if s.pos >= len(s.data) {
		return s.fail("Unexpected end-of-input: expected %s", want)
	}
	r, size := utf8.DecodeRune(s.data[s.pos:])
	if r == utf8.RuneError && size == 1 {
		return s.fail("Invalid UTF-8 byte 0x%02x: expected %s", s.data[s.pos], want)
	}
	return s.fail("Unexpected character (%q (code %d)): expected %s", r, r, want)
}

// space skips white space and comments.
func (s *scanner) space() error {
	for s.pos < len(s.data) {
		switch s.data[s.pos] {
		case '\n':
			s.pos++
			s.line++
			s.lineStart = s.pos
		case ' ', '\t', '\r':
			s.pos++
		case '/':
			if err := s.comment(); err != nil {
				return err
			}
		default:
			return nil
		}
	}
	return nil
}

func (s *scanner) comment() error {
	rest := s.data[s.pos:]
	if len(rest) < 2 || rest[1] != '/' && rest[1] != '*' {
		return s.unexpected("a value or a comment")
	}
	block := rest[1] == '*'
	for s.pos += 2; s.pos < len(s.data); s.pos++ {
		c := s.data[s.pos]
		if block && c == '*' && s.pos+1 < len(s.data) && s.data[s.pos+1] == '/' {
			s.pos += 2
			return nil
		}
		if c == '\n' {
			if !block {
				return nil // space counts the line
			}
			s.line++
			s.lineStart = s.pos + 1
		}
	}
	if block {
		return s.fail("Unexpected end-of-input in a comment")
	}
	return nil
}

// value reads the value that starts at pos into n.
func (s *scanner) value(n *Node, depth int) error {
	if s.pos >= len(s.data) {
		return s.unexpected("a value")
	}
	start := s.pos
	n.Line, n.Col = s.line, s.pos-s.lineStart+1
	var err error
	switch c := s.data[s.pos]; {
	case c == '{':
		n.Kind = Object
		err = s.object(n, depth+1)
	case c == '[':
		n.Kind = Array
		err = s.array(n, depth+1)
	case c == '"':
		n.Kind = String
		n.Text, err = s.str()
	case c == '-' || '0' <= c && c <= '9':
		n.Kind = Number
		err = s.number()
		n.Text = string(s.data[start:s.pos])
	case s.word("true"), s.word("false"):
		n.Kind = Bool
		n.Text = string(s.data[start:s.pos])
	case s.word("null"):
		n.Kind = Null
	default:
		err = s.unexpected("a value")
	}
	n.Raw = s.data[start:s.pos:s.pos]
	return err
}

// word consumes a literal if it stands at pos.
func (s *scanner) word(w string) bool {
	if len(s.data)-s.pos < len(w) || string(s.data[s.pos:s.pos+len(w)]) != w {
		return false
	}
	s.pos += len(w)
	return true
}

func (s *scanner) object(n *Node, depth int) error {
	if depth > MaxDepth {
		return s.fail("nested deeper than %d levels", MaxDepth)
	}
	s.pos++
	var seen map[string]struct{}
	for first := true; ; first = false {
		done, err := s.separator('}', first)
		if err != nil || done {
			return err
		}
		if s.pos >= len(s.data) || s.data[s.pos] != '"' {
			return s.unexpected("a double quote to start a field name")
		}
		key, err := s.key()
		if err != nil {
			return err
		}
		if seen, err = s.checkDuplicate(n, seen, key); err != nil {
			return err
		}
		n.Keys = append(n.Keys, key)
		n.Items = append(n.Items, Node{})
		if err := s.value(&n.Items[len(n.Items)-1], depth); err != nil {
			return err
		}
	}
}

// key reads a member's name and the colon after it.
func (s *scanner) key() (string, error) {
	key, err := s.str()
	if err != nil {
		return "", err
	}
	if err := s.space(); err != nil {
		return "", err
	}
	if s.pos >= len(s.data) || s.data[s.pos] != ':' {
		return "", s.unexpected("a colon after a field name")
	}
	s.pos++
	return key, s.space()
}

// fewKeys is how many members are searched one by one; larger objects get a
// set, so that an object of a million members takes linear time.
const fewKeys = 16

// checkDuplicate refuses a second member of one name. It returns the set of
// names, nil as long as there are few.
func (s *scanner) checkDuplicate(n *Node, seen map[string]struct{}, key string) (map[string]struct{}, error) {
	if len(n.Keys) < fewKeys {
		if n.Get(key) != nil {
			return nil, s.fail("Duplicate field '%s'", key)
		}
		return nil, nil
	}
	if seen == nil {
		seen = make(map[string]struct{}, 4*fewKeys)
		for _, k := range n.Keys {
			seen[k] = struct{}{}
		}
	}
	if _, dup := seen[key]; dup {
		return nil, s.fail("Duplicate field '%s'", key)
	}
	seen[key] = struct{}{}
	return seen, nil
}

func (s *scanner) array(n *Node, depth int) error {
	if depth > MaxDepth {
		return s.fail("nested deeper than %d levels", MaxDepth)
	}
	s.pos++
	for first := true; ; first = false {
		done, err := s.separator(']', first)
		if err != nil || done {
			return err
		}
		n.Items = append(n.Items, Node{})
		if err := s.value(&n.Items[len(n.Items)-1], depth); err != nil {
			return err
		}
	}
}

// separator reads what may stand before an element: nothing before the first,
// a comma before the others, or the closing bracket.
func (s *scanner) separator(closing byte, first bool) (done bool, err error) {
	if err := s.space(); err != nil {
		return false, err
	}
	switch {
	case s.pos >= len(s.data):
		return false, s.unexpected(strconv.QuoteRune(rune(closing)))
	case s.data[s.pos] == closing:
		s.pos++
		return true, nil
	case first:
		return false, nil
	case s.data[s.pos] != ',':
		return false, s.unexpected("a comma or " + strconv.QuoteRune(rune(closing)))
	}
	s.pos++
	return false, s.space()
}

// number checks the literal at pos against JSON's grammar.
func (s *scanner) number() error {
	if s.data[s.pos] == '-' {
		s.pos++
	}
	switch {
	case s.pos < len(s.data) && s.data[s.pos] == '0':
		s.pos++
	case s.digits() == 0:
		return s.unexpected("a digit")
	}
	if s.pos < len(s.data) && s.data[s.pos] == '.' {
		s.pos++
		if s.digits() == 0 {
			return s.unexpected("a digit after the decimal point")
		}
	}
	if s.pos < len(s.data) && (s.data[s.pos] == 'e' || s.data[s.pos] == 'E') {
		s.pos++
		if s.pos < len(s.data) && (s.data[s.pos] == '+' || s.data[s.pos] == '-') {
			s.pos++
		}
		if s.digits() == 0 {
			return s.unexpected("a digit in the exponent")
		}
	}
	return nil
}

func (s *scanner) digits() int {
	start := s.pos
	for s.pos < len(s.data) && '0' <= s.data[s.pos] && s.data[s.pos] <= '9' {
		s.pos++
	}
	return s.pos - start
}

// str reads the string at pos, which is at its opening quote.
func (s *scanner) str() (string, error) {
	s.pos++
	start := s.pos
	var unescaped []byte // nil until the first escape
	for s.pos < len(s.data) {
		c := s.data[s.pos]
		switch {
		case c == '"':
			s.pos++
			if unescaped == nil {
				return string(s.data[start : s.pos-1]), nil
			}
			return string(unescaped), nil
		case c == '\\':
			if unescaped == nil {
				unescaped = append(make([]byte, 0, 32), s.data[start:s.pos]...)
			}
			r, err := s.escape()
			if err != nil {
				return "", err
			}
			unescaped = utf8.AppendRune(unescaped, r)
		case c < ' ':
			return "", s.fail("Illegal unquoted character (code %d): has to be escaped using backslash to be included in string value", c)
		default:
			r, size := utf8.DecodeRune(s.data[s.pos:])
			if r == utf8.RuneError && size == 1 {
				return "", s.fail("Invalid UTF-8 byte 0x%02x", c)
			}
			if unescaped != nil {
				unescaped = append(unescaped, s.data[s.pos:s.pos+size]...)
			}
			s.pos += size
		}
	}
	return "", s.unexpected("a closing quote")
}

// escape reads an escape sequence, joining the two halves of a surrogate pair.
func (s *scanner) escape() (rune, error) {
	s.pos++
	if s.pos >= len(s.data) {
		return 0, s.unexpected("an escaped character")
	}
	c := s.data[s.pos]
	s.pos++
	switch c {
	case '"', '\\', '/':
		return rune(c), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
		return s.unicodeEscape()
	}
	s.pos--
	return 0, s.unexpected("one of \"\\/bfnrtu after a backslash")
}

func (s *scanner) unicodeEscape() (rune, error) {
	r, err := s.hex4()
	if err != nil || !utf16.IsSurrogate(r) {
		return r, err
	}
	if !s.word(`\u`) {
		return 0, s.fail("unpaired surrogate in a \\u escape")
	}
	low, err := s.hex4()
	if err != nil {
		return 0, err
	}
	joined := utf16.DecodeRune(r, low)
	if joined == utf8.RuneError {
		return 0, s.fail("unpaired surrogate in a \\u escape")
	}
	return joined, nil
}

func (s *scanner) hex4() (rune, error) {
	if len(s.data)-s.pos < 4 {
		return 0, s.fail("Unexpected end-of-input in a \\u escape")
	}
	v, err := strconv.ParseUint(string(s.data[s.pos:s.pos+4]), 16, 16)
	if err != nil {
		return 0, s.fail("expected four hex digits in a \\u escape")
	}
	s.pos += 4
	return rune(v), nil
}
