package ruby

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// quoted reads a text between single or double quotes at the current place.
func (l *lexer) quoted(quote byte) (token, error) {
	at := l.pos
	l.advance(1)
	t, err := l.text(at, quote, 0, quote == '"')
	if err == nil && quote == '"' && l.peek(0) == ':' && l.peek(1) != ':' && l.labelAllowed() && len(t.parts) <= 1 {
		l.advance(1) // "key": value
		t.kind = tokLabel
		if len(t.parts) == 1 {
			if t.parts[0].isCode {
				return t, syntaxErrorf(l.pos, "a key with interpolation is not supported")
			}
			t.text = t.parts[0].literal
		}
	}
	return t, err
}

// text reads up to the closing character of the literal that began at a place. With an opening character given, pairs of them nest.
// Interpolation and escapes are for double-quoted forms.
func (l *lexer) text(at Pos, closing, opening byte, double bool) (token, error) {
	depth := 0
	var parts []strPart
	var lit strings.Builder
	flush := func() {
		if lit.Len() > 0 {
			parts = append(parts, strPart{literal: lit.String()})
			lit.Reset()
		}
	}
	for {
		if l.off >= len(l.src) {
			return token{}, syntaxErrorf(at, "the text that begins here is never closed by %c", closing)
		}
		c := l.peek(0)
		switch {
		case c == closing && depth == 0:
			l.advance(1)
			flush()
			return token{kind: tokString, parts: parts}, nil
		case c == '\\' && double:
			if err := l.escape(&lit); err != nil {
				return token{}, err
			}
			continue
		case c == '\\' && (l.peek(1) == closing || l.peek(1) == '\\' || opening != 0 && l.peek(1) == opening):
			l.advance(1)
		case c == '#' && double && l.peek(1) == '{':
			flush()
			part, err := l.interpolation()
			if err != nil {
				return token{}, err
			}
			parts = append(parts, part)
			continue
		case opening != 0 && c == opening:
			depth++
		case opening != 0 && c == closing:
			depth--
		}
		lit.WriteByte(l.peek(0))
		l.advance(1)
	}
}

// interpolation reads #{…}; the code is parsed later, in the scope it stands in.
func (l *lexer) interpolation() (strPart, error) {
	at := l.pos
	if l.nested++; l.nested > maxNesting {
		return strPart{}, syntaxErrorf(at, "texts nested more than %d deep", maxNesting)
	}
	defer func() { l.nested-- }()
	l.advance(2)
	part := strPart{isCode: true, pos: l.pos}
	start, depth := l.off, 0
	for l.off < len(l.src) {
		switch c := l.peek(0); {
		case c == '{':
			depth++
		case c == '}' && depth == 0:
			part.code = l.src[start:l.off]
			l.advance(1)
			return part, nil
		case c == '}':
			depth--
		case c == '"' || c == '\'':
			inner := l.pos
			l.advance(1)
			if _, err := l.text(inner, c, 0, c == '"'); err != nil {
				return part, err
			}
			continue
		}
		l.advance(1)
	}
	return part, syntaxErrorf(at, "the #{ here is never closed by }")
}

var simpleEscapes = map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', '0': 0, 's': ' ', 'e': 0x1b, 'a': 7, 'b': 8, 'f': '\f', 'v': '\v'}

// escape reads one escape of a double-quoted text.
func (l *lexer) escape(out *strings.Builder) error {
	at, c := l.pos, l.peek(1)
	switch {
	case c == 'u' || c == 'x':
		return l.codeEscape(out, c)
	case c == '\n': // a line end after a backslash joins the lines
		l.advance(2)
		return nil
	case c == 0:
		return syntaxErrorf(at, "a backslash stands at the end of the program")
	case c == 'C' || c == 'M' || c == 'c' || '1' <= c && c <= '7':
		return syntaxErrorf(at, "the escape \\%c is not supported", c)
	}
	if r, ok := simpleEscapes[c]; ok {
		out.WriteByte(r)
		l.advance(2)
		return nil
	}
	l.advance(1)
	out.WriteByte(c)
	l.advance(1)
	return nil
}

// codeEscape reads \xHH, \uHHHH and \u{H…}.
func (l *lexer) codeEscape(out *strings.Builder, kind byte) error {
	at := l.pos
	l.advance(2)
	rest := l.rest()
	most, braces := 4, false
	if kind == 'x' {
		most = 2
	} else if strings.HasPrefix(rest, "{") {
		most, braces, rest = 6, true, rest[1:]
	}
	n := 0
	for n < len(rest) && n < most && isHex(rest[n]) {
		n++
	}
	code, err := strconv.ParseUint(rest[:n], 16, 32)
	if err != nil || kind == 'u' && !braces && n != 4 || braces && !strings.HasPrefix(rest[n:], "}") || code > utf8.MaxRune {
		return syntaxErrorf(at, "a character's number must follow \\%c", kind)
	}
	if kind == 'x' {
		out.WriteByte(byte(code))
	} else {
		out.WriteRune(rune(code))
	}
	if braces {
		n += 2
	}
	l.advance(n)
	return nil
}

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

// regex reads a regular expression up to its closing character and its flags. Escapes stay as they are:
// they belong to the expression.
func (l *lexer) regex(closing, opening byte) (token, error) {
	at, depth := l.pos, 0
	var parts []strPart
	var lit strings.Builder
	for {
		if l.off >= len(l.src) {
			return token{}, syntaxErrorf(at, "the regular expression that begins here is never closed by %c", closing)
		}
		c := l.peek(0)
		switch {
		case c == '\\':
			if l.peek(1) != '/' {
				lit.WriteByte(c)
			}
			l.advance(1)
			if l.off >= len(l.src) {
				continue
			}
		case c == '#' && l.peek(1) == '{':
			part, err := l.interpolation()
			if err != nil {
				return token{}, err
			}
			parts = append(parts, strPart{literal: lit.String()}, part)
			lit.Reset()
			continue
		case c == closing && depth == 0:
			l.advance(1)
			return token{kind: tokRegex, parts: append(parts, strPart{literal: lit.String()}), text: l.regexFlags()}, nil
		case opening != 0 && c == opening:
			depth++
		case opening != 0 && c == closing:
			depth--
		}
		lit.WriteByte(l.peek(0))
		l.advance(1)
	}
}

func (l *lexer) regexFlags() string {
	n := 0
	for n < len(l.rest()) && strings.IndexByte("imxounse", l.rest()[n]) >= 0 {
		n++
	}
	flags := l.rest()[:n]
	l.advance(n)
	return flags
}

var brackets = map[byte]byte{'[': ']', '(': ')', '{': '}', '<': '>'}

// percentFollows says whether % begins a literal such as %w[…].
func (l *lexer) percentFollows() bool {
	c := l.peek(1)
	if c == '(' || c == '[' || c == '{' || c == '|' {
		return true
	}
	d := l.peek(2)
	return strings.IndexByte("wWiIqQr", c) >= 0 && c != 0 && d != 0 && !isNameByte(d) && d != ' ' && d != '='
}

// percent reads %w[…], %i[…], %q(…), %Q(…), %(…) and %r{…}.
func (l *lexer) percent() (token, error) {
	at, kind := l.pos, l.peek(1)
	l.advance(2)
	open := kind
	if isNameByte(kind) {
		open = l.peek(0)
		l.advance(1)
	} else {
		kind = 'Q'
	}
	closing, nests := brackets[open]
	if !nests {
		closing, open = open, 0
	}
	if kind == 'r' {
		return l.regex(closing, open)
	}
	t, err := l.text(at, closing, open, kind == 'Q')
	if err != nil || kind == 'q' || kind == 'Q' {
		return t, err
	}
	if kind == 'W' || kind == 'I' {
		return t, syntaxErrorf(at, "%%%c is not supported; use %%%c", kind, kind|0x20)
	}
	t.kind, t.text = tokWords, string(kind)
	if len(t.parts) == 1 {
		t.words = strings.Fields(t.parts[0].literal)
	}
	return t, nil
}
