package painless

import (
	"strings"
)

// tokenKind sorts tokens.
type tokenKind uint8

const (
	tokEnd tokenKind = iota
	tokName
	tokNumber
	tokString
	tokRegex
	tokSign
)

// token is a piece of a script. A keyword is a name.
type token struct {
	kind     tokenKind
	text     string // a string's content, a regular expression's source
	flags    string // of a regular expression
	off, end int
}

// signs are the operators, longest first.
var signs = []string{
	">>>=", "===", "!==", "==~", "<<=", ">>=", ">>>", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "^=", "|=", "=~", "==", "!=", "<=", ">=", "<<", ">>",
	"&&", "||", "?.", "?:", "->", "::", "{", "}", "[", "]", "(", ")", ".", ",", ";", "!", "~", "*", "/", "%", "+", "-", "<", ">", "&", "^", "|", "?", ":", "=", "$", "@",
}

type lexer struct {
	src    string
	at     int
	tokens []token
}

// lex takes a script apart.
func lex(src string) ([]token, *fault) {
	l := &lexer{src: src}
	for {
		if err := l.space(); err != nil {
			return nil, err
		}
		if l.at >= len(src) {
			l.tokens = append(l.tokens, token{kind: tokEnd, off: len(src), end: len(src)})
			return l.tokens, nil
		}
		t, err := l.next()
		if err != nil {
			return nil, err
		}
		t.end = l.at
		l.tokens = append(l.tokens, t)
	}
}

func (l *lexer) space() *fault {
	for l.at < len(l.src) {
		rest := l.src[l.at:]
		switch {
		case rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\n' || rest[0] == '\r':
			l.at++
		case strings.HasPrefix(rest, "//"):
			if n := strings.IndexAny(rest, "\n\r"); n >= 0 {
				l.at += n
			} else {
				l.at = len(l.src)
			}
		case strings.HasPrefix(rest, "/*"):
			n := strings.Index(rest[2:], "*/")
			if n < 0 {
				return faultAt(l.at, "unexpected character [%s].", clip(rest))
			}
			l.at += n + 4
		default:
			return nil
		}
	}
	return nil
}

func isNameStart(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool     { return c >= '0' && c <= '9' }

func (l *lexer) next() (token, *fault) {
	start, c := l.at, l.src[l.at]
	switch {
	case isNameStart(c):
		for l.at < len(l.src) && (isNameStart(l.src[l.at]) || isDigit(l.src[l.at])) {
			l.at++
		}
		return token{kind: tokName, text: l.src[start:l.at], off: start}, nil
	case isDigit(c):
		l.number()
		return token{kind: tokNumber, text: l.src[start:l.at], off: start}, nil
	case c == '"' || c == '\'':
		return l.text(c)
	case c == '/' && l.slashIsRegex():
		return l.regex()
	}
	for _, s := range signs {
		if strings.HasPrefix(l.src[l.at:], s) {
			l.at += len(s)
			return token{kind: tokSign, text: s, off: start}, nil
		}
	}
	return token{}, faultAt(start, "unexpected character [%s].", clip(l.src[start:]))
}

func (l *lexer) previous() token {
	if len(l.tokens) == 0 {
		return token{}
	}
	return l.tokens[len(l.tokens)-1]
}

func (l *lexer) digits(ok func(byte) bool) {
	for l.at < len(l.src) && ok(l.src[l.at]) {
		l.at++
	}
}

func isHex(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

func (l *lexer) number() {
	if p := l.previous(); p.kind == tokSign && (p.text == "." || p.text == "?.") {
		l.digits(isDigit) // list.0.1 has two indexes
		return
	}
	rest := l.src[l.at:]
	if len(rest) > 2 && rest[0] == '0' && rest[1]|0x20 == 'x' && isHex(rest[2]) {
		l.at += 2
		l.digits(isHex)
		l.suffix("lL")
		return
	}
	l.digits(isDigit)
	if l.at+1 < len(l.src) && l.src[l.at] == '.' && isDigit(l.src[l.at+1]) {
		l.at++
		l.digits(isDigit)
	}
	if at := l.at; at < len(l.src) && l.src[at]|0x20 == 'e' {
		at++
		if at < len(l.src) && (l.src[at] == '+' || l.src[at] == '-') {
			at++
		}
		if at < len(l.src) && isDigit(l.src[at]) {
			l.at = at
			l.digits(isDigit)
		}
	}
	l.suffix("lLfFdD")
}

func (l *lexer) suffix(letters string) {
	if l.at < len(l.src) && strings.IndexByte(letters, l.src[l.at]) >= 0 {
		l.at++
	}
}

func (l *lexer) text(quote byte) (token, *fault) {
	start := l.at
	var b strings.Builder
	for i := start + 1; i < len(l.src); i++ {
		switch c := l.src[i]; {
		case c == quote:
			l.at = i + 1
			return token{kind: tokString, text: b.String(), off: start}, nil
		case c == '\\':
			i++
			if i == len(l.src) || l.src[i] != '\\' && l.src[i] != quote {
				return token{}, faultAt(start, "unexpected character [%s]. The only valid escape sequences in strings starting with [%c] are [\\\\] and [\\%c].",
					clip(l.src[start:min(i+1, len(l.src))]), quote, quote)
			}
			b.WriteByte(l.src[i])
		default:
			b.WriteByte(c)
		}
	}
	return token{}, faultAt(start, "unexpected character [%s].", clip(l.src[start:]))
}

// slashIsRegex says that what stands before cannot be the left side of a division.
func (l *lexer) slashIsRegex() bool {
	switch p := l.previous(); p.kind {
	case tokNumber:
		return false
	case tokName:
		if before := len(l.tokens) - 2; before >= 0 && (l.tokens[before].text == "." || l.tokens[before].text == "?.") {
			return false
		}
		return keywords[p.text]
	case tokString:
		return false
	case tokSign:
		return p.text != ")" && p.text != "]"
	}
	return true
}

func (l *lexer) regex() (token, *fault) {
	start := l.at
	for i := start + 1; i < len(l.src); i++ {
		switch l.src[i] {
		case '\\':
			i++
			continue
		case '\n':
			return token{}, faultAt(start, "unexpected character [%s].", clip(l.src[start:]))
		case '/':
			if i == start+1 {
				return token{}, faultAt(start, "unexpected character [//].")
			}
			l.at = i + 1
			l.digits(func(c byte) bool { return strings.IndexByte("cilmsUux", c) >= 0 })
			return token{kind: tokRegex, text: l.src[start+1 : i], flags: l.src[i+1 : l.at], off: start}, nil
		}
	}
	return token{}, faultAt(start, "unexpected character [%s].", clip(l.src[start:]))
}

// keywords cannot be names of variables.
var keywords = map[string]bool{
	"if": true, "in": true, "else": true, "while": true, "do": true, "for": true, "continue": true, "break": true, "return": true, "new": true,
	"try": true, "catch": true, "throw": true, "this": true, "instanceof": true, "true": true, "false": true, "null": true,
}

// clip shortens a text for a message.
func clip(s string) string {
	const most = 60
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}
