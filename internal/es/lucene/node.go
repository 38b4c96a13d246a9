package lucene

import (
	"strconv"
	"strings"
)

// Node is one part of a syntax tree: *Group, *Word, *Phrase, *Range or *Regexp.
type Node interface {
	// write appends the node in the query syntax.
	write(b *strings.Builder)
}

// Occur says whether a clause must, may or must not match.
type Occur uint8

// The kinds of clause.
const (
	Should Occur = iota
	Must
	MustNot
)

// Group is clauses beside each other, in parentheses except at the top.
type Group struct {
	// Field applies to the clauses that name none; empty for none.
	Field   string
	Clauses []Clause
	Boost   float64 // 1 unless given
}

// Clause is one member of a group.
type Clause struct {
	Occur Occur
	Node  Node
}

// Word is a term, a prefix or a pattern.
type Word struct {
	Field string
	// Text is unescaped, except that in a pattern a backslash stays before a
	// literal *, ? or backslash.
	Text string
	// Pattern is true when Text holds * or ? with their special meaning.
	Pattern bool
	// Fuzzy is the edits allowed: "" for none, "AUTO", or a number.
	Fuzzy string
	Boost float64
}

// Phrase is words in quotes.
type Phrase struct {
	Field string
	Text  string
	Slop  int
	Boost float64
}

// Range is values between two bounds; nil is open.
type Range struct {
	Field        string
	Lower, Upper *Bound
	Boost        float64
}

// Bound is one end of a range.
type Bound struct {
	Text      string
	Inclusive bool
}

// Regexp is a regular expression between slashes.
type Regexp struct {
	Field   string
	Pattern string
	Boost   float64
}

// String prints a tree so that Parse, with OR as default operator, reads an
// equal one.
func String(n Node) string {
	var b strings.Builder
	if g, ok := n.(*Group); ok && g.Field == "" && g.Boost == 1 {
		g.writeClauses(&b)
	} else if n != nil {
		n.write(&b)
	}
	return b.String()
}

func (g *Group) write(b *strings.Builder) {
	writeField(b, g.Field)
	b.WriteByte('(')
	g.writeClauses(b)
	b.WriteByte(')')
	writeBoost(b, g.Boost)
}

func (g *Group) writeClauses(b *strings.Builder) {
	for i, c := range g.Clauses {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch c.Occur {
		case Must:
			b.WriteByte('+')
		case MustNot:
			b.WriteByte('-')
		}
		c.Node.write(b)
	}
}

func (w *Word) write(b *strings.Builder) {
	writeField(b, w.Field)
	if w.Pattern {
		writeEscaped(b, w.Text, `*?\`)
	} else {
		writeEscaped(b, w.Text, "")
	}
	switch w.Fuzzy {
	case "":
	case "AUTO":
		b.WriteByte('~')
	default:
		b.WriteString("~" + w.Fuzzy)
	}
	writeBoost(b, w.Boost)
}

func (p *Phrase) write(b *strings.Builder) {
	writeField(b, p.Field)
	writeQuoted(b, p.Text)
	if p.Slop > 0 {
		b.WriteString("~" + strconv.Itoa(p.Slop))
	}
	writeBoost(b, p.Boost)
}

func (r *Range) write(b *strings.Builder) {
	writeField(b, r.Field)
	opening, closing := byte('['), byte(']')
	if r.Lower != nil && !r.Lower.Inclusive {
		opening = '{'
	}
	if r.Upper != nil && !r.Upper.Inclusive {
		closing = '}'
	}
	b.WriteByte(opening)
	r.Lower.write(b)
	b.WriteString(" TO ")
	r.Upper.write(b)
	b.WriteByte(closing)
	writeBoost(b, r.Boost)
}

func (e *Bound) write(b *strings.Builder) {
	if e == nil {
		b.WriteByte('*')
		return
	}
	writeQuoted(b, e.Text)
}

func (r *Regexp) write(b *strings.Builder) {
	writeField(b, r.Field)
	b.WriteString("/" + strings.ReplaceAll(r.Pattern, "/", `\/`) + "/")
	writeBoost(b, r.Boost)
}

func writeField(b *strings.Builder, field string) {
	if field != "" {
		writeEscaped(b, field, "*?")
		b.WriteByte(':')
	}
}

func writeBoost(b *strings.Builder, boost float64) {
	if boost != 1 {
		b.WriteString("^" + strconv.FormatFloat(boost, 'f', -1, 64))
	}
}

func writeQuoted(b *strings.Builder, text string) {
	b.WriteByte('"')
	for i := range len(text) {
		if text[i] == '"' || text[i] == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(text[i])
	}
	b.WriteByte('"')
}

// special are the characters with a meaning outside quotes.
const special = "+-!(){}[]^\"~*?:\\/&|<>= \t\n\r"

// writeEscaped writes a word with a backslash before special characters but
// those of keep. The operators in capitals are escaped too.
func writeEscaped(b *strings.Builder, text, keep string) {
	switch text {
	case "AND", "OR", "NOT", "TO":
		b.WriteByte('\\')
	}
	for i := range len(text) {
		meant := strings.IndexByte(special, text[i]) >= 0 || isSpace(text[i:]) > 0
		if meant && strings.IndexByte(keep, text[i]) < 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(text[i])
	}
}

// Escape returns text with everything that has a meaning escaped, so that it
// is read as plain words.
func Escape(text string) string {
	var b strings.Builder
	for i, word := range strings.Fields(text) {
		if i > 0 {
			b.WriteByte(' ')
		}
		writeEscaped(&b, word, "")
	}
	return b.String()
}
