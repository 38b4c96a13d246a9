package config

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"elkhorn/internal/plugin"
)

// scanner walks a file's text and keeps the place. Columns count characters, not bytes.
type scanner struct {
	file string
	src  string
	off  int
	line int
	col  int
}

func newScanner(file, src string) scanner {
	src = strings.TrimPrefix(src, "\ufeff") // editors on Windows put a byte order mark first
	return scanner{file: file, src: src, line: 1, col: 1}
}

func (s *scanner) pos() plugin.Pos { return plugin.Pos{File: s.file, Line: s.line, Column: s.col} }

func (s *scanner) done() bool { return s.off >= len(s.src) }

// peek returns the byte at the current place, 0 at the end.
func (s *scanner) peek() byte {
	if s.done() {
		return 0
	}
	return s.src[s.off]
}

func (s *scanner) rest() string { return s.src[s.off:] }

func (s *scanner) advance(n int) {
	for _, c := range []byte(s.src[s.off : s.off+n]) {
		switch {
		case c == '\n':
			s.line, s.col = s.line+1, 1
		case utf8.RuneStart(c):
			s.col++
		}
	}
	s.off += n
}

// skipSpace passes over white space and comments.
func (s *scanner) skipSpace() {
	for !s.done() {
		switch s.src[s.off] {
		case ' ', '\t', '\r', '\n':
			s.advance(1)
		case '#':
			n := strings.IndexByte(s.rest(), '\n')
			if n < 0 {
				n = len(s.rest())
			}
			s.advance(n)
		default:
			return
		}
	}
}

// accept passes over white space and then over text, if that stands there.
func (s *scanner) accept(text string) bool {
	s.skipSpace()
	if !strings.HasPrefix(s.rest(), text) {
		return false
	}
	s.advance(len(text))
	return true
}

// peekWord returns the run of name characters at the current place after white space.
func (s *scanner) peekWord() string {
	s.skipSpace()
	rest := s.rest()
	n := 0
	for n < len(rest) && isNameByte(rest[n]) {
		n++
	}
	return rest[:n]
}

// acceptWord passes over the word when it stands there as a whole.
func (s *scanner) acceptWord(word string) bool {
	if s.peekWord() != word {
		return false
	}
	s.advance(len(word))
	return true
}

func isNameByte(c byte) bool {
	return c == '_' || c == '-' || isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// found describes what stands at the current place, for errors.
func (s *scanner) found() string {
	s.skipSpace()
	if s.done() {
		return "the end of the file"
	}
	if w := s.peekWord(); w != "" {
		return fmt.Sprintf("%q", clip(w))
	}
	r, _ := utf8.DecodeRuneInString(s.rest())
	return fmt.Sprintf("%q", string(r))
}

func clip(s string) string {
	const most = 40 // enough to recognise the place, short enough for one line
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

func (s *scanner) errorf(at plugin.Pos, format string, args ...any) error {
	return &plugin.Error{Pos: at, Reason: fmt.Sprintf(format, args...)}
}

// expected makes the error for something missing at the current place; next says what to do.
func (s *scanner) expected(what, next string) error {
	found := s.found()
	reason := fmt.Sprintf("expected %s, found %s", what, found)
	if next != "" {
		reason += "; " + next
	}
	return &plugin.Error{Pos: s.pos(), Reason: reason}
}

// quoted reads a quoted text at the current place. A quote after a backslash does not end it, and the
// backslash stays in the text.
func (s *scanner) quoted() (raw string, quote byte, err error) {
	at := s.pos()
	quote = s.peek()
	text := s.rest()[1:]
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text) && text[i+1] == quote:
			i++
		case text[i] == quote:
			s.advance(i + 2)
			return text[:i], quote, nil
		}
	}
	hint := ""
	if strings.Contains(text, `\`+string(quote)) {
		hint = `; a backslash before the quote keeps it open, so a text cannot end in one: use / in paths`
	}
	return "", 0, s.errorf(at, "the text that begins here is never closed by %c%s", quote, hint)
}

// regex reads /…/ at the current place. A slash inside is written \/. A backslash before the last slash keeps the
// expression open even when it is itself escaped, as in Logstash.
func (s *scanner) regex() (string, error) {
	at := s.pos()
	text := s.rest()[1:]
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text) && text[i+1] == '/':
			i++
		case text[i] == '/':
			s.advance(i + 2)
			return text[:i], nil
		}
	}
	hint := "write a slash inside it as \\/"
	if strings.Contains(text, `\\/`) {
		hint = `a backslash before the slash keeps it open, so an expression cannot end in one: write [\\] for it`
	}
	return "", s.errorf(at, "the regular expression that begins here is never closed by /; %s", hint)
}
