package api

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"elkhorn/internal/es/jsonval"
)

// lineScanner reads the tokens of one short JSON line without building a tree: action lines are read
// once per document.
type lineScanner struct {
	src []byte
	pos int
}

// take consumes a punctuation byte if it comes next.
func (s *lineScanner) take(b byte) bool {
	s.pos = skipSpace(s.src, s.pos)
	if s.pos < len(s.src) && s.src[s.pos] == b {
		s.pos++
		return true
	}
	return false
}

func (s *lineScanner) atEnd() bool {
	s.pos = skipSpace(s.src, s.pos)
	return s.pos == len(s.src)
}

// found names the token that comes next as Elasticsearch's messages do.
func (s *lineScanner) found() string {
	if s.atEnd() {
		return "null"
	}
	switch b := s.src[s.pos]; {
	case b == '{':
		return "START_OBJECT"
	case b == '}':
		return "END_OBJECT"
	case b == '[':
		return "START_ARRAY"
	case b == ']':
		return "END_ARRAY"
	case b == '"':
		return "VALUE_STRING"
	case b == 't' || b == 'f':
		return "VALUE_BOOLEAN"
	case b == 'n':
		return "VALUE_NULL"
	case b == '-' || b >= '0' && b <= '9':
		return "VALUE_NUMBER"
	default:
		r, _ := utf8.DecodeRune(s.src[s.pos:])
		return fmt.Sprintf("character %q at byte %d", r, s.pos+1)
	}
}

// key reads a member's name and its colon.
func (s *lineScanner) key() (string, error) {
	if found := s.found(); found != "VALUE_STRING" {
		return "", fmt.Errorf("expected a member name but found [%s]", found)
	}
	name, err := s.text()
	if err != nil {
		return "", err
	}
	if !s.take(':') {
		return "", fmt.Errorf("expected [:] after [%s] but found [%s]", name, s.found())
	}
	return name, nil
}

// value reads a plain value, or a bracket as its text.
func (s *lineScanner) value() (jsonval.Scalar, error) {
	switch found := s.found(); found {
	case "VALUE_STRING":
		text, err := s.text()
		return jsonval.Str(text), err
	case "VALUE_BOOLEAN", "VALUE_NULL", "VALUE_NUMBER", "START_OBJECT", "START_ARRAY":
		end := skipValue(s.src, s.pos)
		n, err := jsonval.Parse(s.src[s.pos:end])
		if err != nil {
			return jsonval.Scalar{}, err
		}
		s.pos = end
		if !n.IsScalar() {
			return jsonval.Scalar{Kind: n.Kind, Text: string(n.Raw)}, nil
		}
		return n.Scalar(), nil
	default:
		return jsonval.Scalar{}, fmt.Errorf("expected a value but found [%s]", found)
	}
}

// text reads the string at pos.
func (s *lineScanner) text() (string, error) {
	end := skipString(s.src, s.pos)
	raw := s.src[s.pos:end]
	if len(raw) < 2 || raw[len(raw)-1] != '"' || !plainString(raw[1:len(raw)-1]) {
		n, err := jsonval.Parse(raw)
		if err != nil {
			return "", err
		}
		s.pos = end
		return n.Text, nil
	}
	s.pos = end
	return string(raw[1 : len(raw)-1]), nil
}

// plainString reports whether the inside of a JSON string stands for itself.
func plainString(b []byte) bool {
	for _, c := range b {
		if c < ' ' {
			return false
		}
	}
	return bytes.IndexByte(b, '\\') < 0 && utf8.Valid(b)
}
