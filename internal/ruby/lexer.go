package ruby

import (
	"strings"
	"unicode/utf8"
)

// lexer cuts a program into tokens as the parser asks for them. Whether / and - and [ begin a value or
// continue one depends on the token before and, as in Ruby, on whether that is a local variable.
// It is copied to look ahead.
type lexer struct {
	src     string
	off     int
	pos     Pos
	prev    token
	nested  int // texts inside interpolations inside texts
	isLocal func(name string) bool
}

func newLexer(src string, at Pos, isLocal func(string) bool) lexer {
	return lexer{src: src, pos: at, prev: token{kind: tokNewline}, isLocal: isLocal}
}

func (l *lexer) peek(ahead int) byte {
	if l.off+ahead >= len(l.src) {
		return 0
	}
	return l.src[l.off+ahead]
}

func (l *lexer) rest() string { return l.src[l.off:] }

func (l *lexer) advance(n int) {
	n = min(n, len(l.src)-l.off)
	for _, c := range []byte(l.src[l.off : l.off+n]) {
		switch {
		case c == '\n':
			l.pos = Pos{l.pos.Line + 1, 1}
		case utf8.RuneStart(c):
			l.pos.Column++
		}
	}
	l.off += n
}

// next returns the next token.
func (l *lexer) next() (token, error) {
	space := l.skipBlank()
	at := l.pos
	t, err := l.scan(space)
	if err != nil {
		return t, err
	}
	t.pos, t.space = at, space
	c := l.peek(0)
	t.tight = c != 0 && c != ' ' && c != '\t' && c != '\n' && c != '\r'
	l.prev = t
	return t, nil
}

// skipBlank passes over spaces, comments and continued lines; a line end that is followed by a
// line beginning with a dot is no end.
func (l *lexer) skipBlank() bool {
	start := l.off
	for l.off < len(l.src) {
		switch c := l.peek(0); {
		case c == ' ' || c == '\t' || c == '\r':
			l.advance(1)
		case c == '\\' && l.peek(1) == '\n':
			l.advance(2)
		case c == '\\' && l.peek(1) == '\r' && l.peek(2) == '\n':
			l.advance(3)
		case c == '#':
			n := strings.IndexByte(l.rest(), '\n')
			if n < 0 {
				n = len(l.rest())
			}
			l.advance(n)
		case c == '\n' && l.chainFollows():
			l.advance(1)
		default:
			return l.off > start
		}
	}
	return l.off > start
}

// chainFollows says whether the next line with code begins with .name or &.name.
func (l *lexer) chainFollows() bool {
	rest := l.rest()
	for {
		rest = strings.TrimLeft(rest, " \t\r\n")
		if !strings.HasPrefix(rest, "#") {
			break
		}
		n := strings.IndexByte(rest, '\n')
		if n < 0 {
			return false
		}
		rest = rest[n:]
	}
	return strings.HasPrefix(rest, "&.") || strings.HasPrefix(rest, ".") && !strings.HasPrefix(rest, "..")
}

func (l *lexer) scan(space bool) (token, error) {
	if l.off >= len(l.src) {
		return token{kind: tokEOF}, nil
	}
	c := l.peek(0)
	switch {
	case c == '\n' || c == ';':
		l.advance(1)
		return token{kind: tokNewline}, nil
	case isDigit(c):
		return l.number()
	case isNameStart(c):
		return l.word()
	case c == '"' || c == '\'':
		return l.quoted(c)
	case c == '@':
		return l.instanceVariable()
	case c == '$':
		return l.global()
	case c == ':' && l.peek(1) != ':' && l.symbolFollows():
		return l.symbol()
	case c == '/' && l.beginsValue(space):
		l.advance(1)
		return l.regex('/', 0)
	case c == '%' && l.beginsValue(space) && l.percentFollows():
		return l.percent()
	case c == '`':
		return token{}, syntaxErrorf(l.pos, "running commands with backquotes is not supported")
	case c == '\\':
		return token{}, syntaxErrorf(l.pos, "a backslash stands here outside of a text; put the code between single quotes so that \" needs none")
	case c == '<' && l.hereDocument(space):
		return token{}, syntaxErrorf(l.pos, "here-documents (<<) are not supported")
	}
	for _, op := range operators {
		if strings.HasPrefix(l.rest(), op) {
			l.advance(len(op))
			return token{kind: tokOp, text: op}, nil
		}
	}
	r, _ := utf8.DecodeRuneInString(l.rest())
	return token{}, syntaxErrorf(l.pos, "unexpected character %q", r)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isNameStart(c byte) bool {
	return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= utf8.RuneSelf
}

func isNameByte(c byte) bool { return isNameStart(c) || isDigit(c) }

// endsValue says whether the token before could be the end of an operand.
func (l *lexer) endsValue() bool {
	switch l.prev.kind {
	case tokIdent, tokConst, tokIVar, tokGlobal, tokInt, tokFloat, tokString, tokSymbol, tokWords, tokRegex:
		return true
	case tokOp:
		return l.prev.text == ")" || l.prev.text == "]" || l.prev.text == "}"
	case tokKeyword:
		switch l.prev.text {
		case "end", "nil", "true", "false", "self":
			return true
		}
	}
	return false
}

// beginsValue says whether a character that is an operator between operands begins a literal here:
// where no operand has ended, and in "name /x": a method's first argument.
func (l *lexer) beginsValue(space bool) bool {
	if !l.endsValue() {
		return true
	}
	next := l.peek(1)
	return l.prev.kind == tokIdent && !l.isLocal(l.prev.text) && space && next != ' ' && next != '='
}

func (l *lexer) hereDocument(space bool) bool {
	rest := l.rest()
	if !strings.HasPrefix(rest, "<<") || len(rest) < 3 || !l.beginsValue(space) {
		return false
	}
	c := rest[2]
	return c == '~' || c == '-' || c == '"' || c == '\'' || 'A' <= c && c <= 'Z'
}

func (l *lexer) number() (token, error) {
	rest := l.rest()
	if rest[0] == '0' && len(rest) > 1 && strings.IndexByte("xXbBoO", rest[1]) >= 0 {
		n := 2
		for n < len(rest) && (isNameByte(rest[n]) && rest[n] < utf8.RuneSelf) {
			n++
		}
		l.advance(n)
		return token{kind: tokInt, text: rest[:n]}, nil
	}
	n, kind := digits(rest, 0), tokInt
	if n+1 < len(rest) && rest[n] == '.' && isDigit(rest[n+1]) {
		n, kind = digits(rest, n+1), tokFloat
	}
	if n < len(rest) && (rest[n] == 'e' || rest[n] == 'E') {
		m := n + 1
		if m < len(rest) && (rest[m] == '+' || rest[m] == '-') {
			m++
		}
		if m < len(rest) && isDigit(rest[m]) {
			n, kind = digits(rest, m), tokFloat
		}
	}
	if n < len(rest) && isNameStart(rest[n]) {
		return token{}, syntaxErrorf(l.pos, "%q is not a number", rest[:n+1])
	}
	l.advance(n)
	return token{kind: kind, text: strings.ReplaceAll(rest[:n], "_", "")}, nil
}

func digits(s string, n int) int {
	for n < len(s) && (isDigit(s[n]) || s[n] == '_' && n+1 < len(s) && isDigit(s[n+1])) {
		n++
	}
	return n
}

func (l *lexer) nameLength() int {
	rest, n := l.rest(), 0
	for n < len(rest) && isNameByte(rest[n]) {
		n++
	}
	return n
}

func (l *lexer) word() (token, error) {
	rest, n := l.rest(), l.nameLength()
	// name? and name!, but not in name!=x and not in x ? name?y:z
	if n < len(rest) && (rest[n] == '?' || rest[n] == '!') && (n+1 == len(rest) || rest[n+1] != '=' || strings.HasPrefix(rest[n+1:], "==") || strings.HasPrefix(rest[n+1:], "=~")) {
		n++
	}
	afterDot := l.prev.kind == tokOp && (l.prev.text == "." || l.prev.text == "&.")
	word := rest[:n]
	if !afterDot && n < len(rest) && rest[n] == ':' && (n+1 == len(rest) || rest[n+1] != ':') && l.labelAllowed() {
		l.advance(n + 1)
		return token{kind: tokLabel, text: word}, nil
	}
	l.advance(n)
	switch {
	case keywords[word] && !afterDot:
		return token{kind: tokKeyword, text: word}, nil
	case 'A' <= word[0] && word[0] <= 'Z' && !afterDot:
		return token{kind: tokConst, text: word}, nil
	}
	return token{kind: tokIdent, text: word}, nil
}

// labelAllowed says whether name: can be a hash key here: after { ( , | or a method's name.
func (l *lexer) labelAllowed() bool {
	switch l.prev.kind {
	case tokOp:
		return l.prev.text == "{" || l.prev.text == "(" || l.prev.text == ","
	case tokNewline:
		return true
	case tokIdent:
		return !l.isLocal(l.prev.text)
	}
	return false
}

func (l *lexer) instanceVariable() (token, error) {
	at, mark := l.pos, ""
	if l.peek(1) == '@' {
		mark = "@"
		l.advance(1)
	}
	l.advance(1)
	n := l.nameLength()
	if n == 0 || isDigit(l.peek(0)) {
		return token{}, syntaxErrorf(at, "a name must follow @%s", mark)
	}
	name := l.rest()[:n]
	l.advance(n)
	return token{kind: tokIVar, text: mark + name}, nil
}

func (l *lexer) global() (token, error) {
	if c := l.peek(1); c == '~' || '1' <= c && c <= '9' && !isDigit(l.peek(2)) {
		l.advance(2)
		return token{kind: tokGlobal, text: string(c)}, nil
	}
	if at := l.pos; isNameStart(l.peek(1)) && strings.IndexByte("_", l.peek(1)) < 0 {
		l.advance(1)
		name := l.rest()[:l.nameLength()]
		l.advance(len(name))
		if name == "stdout" || name == "stderr" || name == "stdin" || name == "logger" {
			return token{}, syntaxErrorf(at, "$%s is not supported: a pipeline has no console; use event.set or event.tag", name)
		}
		return token{kind: tokIVar, text: "$" + name}, nil
	}
	return token{}, syntaxErrorf(l.pos, "of the global variables with signs for names there are only $1 to $9 and $~")
}

// symbolFollows tells :name from the colon of a ? b : c.
func (l *lexer) symbolFollows() bool {
	c := l.peek(1)
	return c == '"' || isNameStart(c) || strings.IndexByte("+-*/<=>[%", c) >= 0 && c != 0 && !l.endsValue()
}

func (l *lexer) symbol() (token, error) {
	l.advance(1)
	if l.peek(0) == '"' {
		t, err := l.quoted('"')
		if err == nil && (len(t.parts) > 1 || len(t.parts) == 1 && t.parts[0].isCode) {
			err = syntaxErrorf(l.pos, "a symbol with interpolation is not supported")
		}
		if len(t.parts) == 1 {
			t.text = t.parts[0].literal
		}
		t.kind = tokSymbol
		return t, err
	}
	rest := l.rest()
	for _, op := range []string{"[]=", "[]", "<=>", "==", "<<", "<=", ">=", "**", "+", "-", "*", "/", "<", ">", "%"} {
		if strings.HasPrefix(rest, op) {
			l.advance(len(op))
			return token{kind: tokSymbol, text: op}, nil
		}
	}
	n := l.nameLength()
	if n == 0 {
		return token{}, syntaxErrorf(l.pos, "a name must follow :")
	}
	if n < len(rest) && (rest[n] == '?' || rest[n] == '!') {
		n++
	}
	l.advance(n)
	return token{kind: tokSymbol, text: rest[:n]}, nil
}
