package ruby

import "fmt"

// Pos is a place in a program's text; both count from 1, columns in characters.
type Pos struct{ Line, Column int }

// SyntaxError is a program that does not parse or uses what this package does not have.
type SyntaxError struct {
	Pos    Pos
	Reason string
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Pos.Line, e.Pos.Column, e.Reason)
}

func syntaxErrorf(at Pos, format string, args ...any) error {
	return &SyntaxError{Pos: at, Reason: fmt.Sprintf(format, args...)}
}

type tokenKind uint8

const (
	tokEOF     tokenKind = iota
	tokNewline           // a line end or ;
	tokIdent             // name, name?, name!
	tokConst             // Name
	tokIVar              // @name
	tokGlobal            // $1 … $9, $~
	tokInt
	tokFloat
	tokString // parts: a text, with interpolations
	tokSymbol
	tokLabel // name: in a hash or a call's arguments
	tokWords // %w[…] and %i[…]
	tokRegex
	tokOp
	tokKeyword
)

type token struct {
	kind  tokenKind
	text  string // name, operator, keyword, number's digits, symbol's name, regex flags
	parts []strPart
	words []string
	pos   Pos
	space bool // white space stands before it
	tight bool // no white space stands after it
}

// strPart is a piece of a text: literal, or the tokens' source of an interpolation.
type strPart struct {
	literal string
	code    string
	isCode  bool
	pos     Pos // of the code
}

func (t token) describe() string {
	switch t.kind {
	case tokEOF:
		return "the end of the program"
	case tokNewline:
		return "the end of the line"
	case tokString:
		return "a text"
	case tokRegex:
		return "a regular expression"
	case tokIVar:
		return "@" + t.text
	case tokSymbol:
		return ":" + t.text
	case tokLabel:
		return t.text + ":"
	case tokWords:
		return "a word list"
	}
	return fmt.Sprintf("%q", t.text)
}

var keywords = map[string]bool{
	"if": true, "elsif": true, "else": true, "unless": true, "end": true, "then": true, "case": true, "when": true,
	"while": true, "until": true, "do": true, "begin": true, "rescue": true, "ensure": true, "return": true,
	"next": true, "break": true, "nil": true, "true": true, "false": true, "and": true, "or": true, "not": true,
	"in": true, "self": true, "defined?": true, "for": true, "def": true, "class": true, "module": true, "yield": true,
	"redo": true, "retry": true, "super": true, "undef": true, "alias": true, "lambda": true, "proc": true, "BEGIN": true, "END": true,
	"__FILE__": true, "__LINE__": true, "__method__": true,
}

// operators, longest first within a first character, as the lexer tries them in this order.
var operators = []string{
	"**=", "<=>", "===", "...", "<<=", ">>=", "&&=", "||=",
	"**", "==", "!=", ">=", "<=", "&&", "||", "=~", "!~", "..", "<<", ">>", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=",
	"=>", "->", "::", "&.",
	"+", "-", "*", "/", "%", "=", "<", ">", "!", "&", "|", "^", "~", "?", ":", ",", ".", "(", ")", "[", "]", "{", "}",
}
