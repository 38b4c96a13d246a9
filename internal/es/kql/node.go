package kql

import (
	"fmt"
	"strings"
)

// Node is one part of a syntax tree: *And, *Or, *Not, *Match, *Compare or
// *Nested.
type Node interface {
	// write appends the node; within says what it stands in, so that it can put
	// itself in parentheses.
	write(b *strings.Builder, within precedence)
}

// precedence orders the operators from loose to tight.
type precedence uint8

const (
	atTop precedence = iota
	inAnd
	inNot
)

// And matches what all its members match.
type And struct{ Members []Node }

// Or matches what any of its members matches.
type Or struct{ Members []Node }

// Not matches what its member does not.
type Not struct{ Member Node }

// Match is a value in a field, or in any field.
type Match struct {
	// Field is a name or a pattern; Any says there was none.
	Field Literal
	Any   bool
	Value Literal
}

// Compare is field < value and its like.
type Compare struct {
	Field Literal
	// Op is "<", "<=", ">" or ">=".
	Op    string
	Value Literal
}

// Nested is clauses about one nested object.
type Nested struct {
	Path   Literal
	Member Node
}

// Literal is a word, a phrase or a pattern.
type Literal struct {
	// Text is unescaped, except that in a pattern a backslash stays before a
	// literal * and backslash.
	Text string
	// Quoted marks a phrase; its * has no meaning.
	Quoted bool
	// Pattern is true when Text holds * with its special meaning.
	Pattern bool
}

// String prints a tree so that Parse reads an equal one.
func String(n Node) string {
	var b strings.Builder
	if n != nil {
		n.write(&b, atTop)
	}
	return b.String()
}

func (n *And) write(b *strings.Builder, within precedence) {
	writeList(b, n.Members, " and ", within >= inNot, inAnd)
}

func (n *Or) write(b *strings.Builder, within precedence) {
	writeList(b, n.Members, " or ", within >= inAnd, inAnd)
}

func writeList(b *strings.Builder, members []Node, word string, parentheses bool, inside precedence) {
	if parentheses {
		b.WriteByte('(')
	}
	for i, m := range members {
		if i > 0 {
			b.WriteString(word)
		}
		// A list in a list of its own kind is in parentheses, to stay apart.
		if _, same := m.(*And); same && word == " and " {
			m.write(b, inNot)
			continue
		}
		m.write(b, inside)
	}
	if parentheses {
		b.WriteByte(')')
	}
}

func (n *Not) write(b *strings.Builder, _ precedence) {
	b.WriteString("not ")
	n.Member.write(b, inNot)
}

func (n *Match) write(b *strings.Builder, _ precedence) {
	if !n.Any {
		n.Field.write(b)
		b.WriteString(": ")
	}
	n.Value.write(b)
}

func (n *Compare) write(b *strings.Builder, _ precedence) {
	n.Field.write(b)
	b.WriteString(" " + n.Op + " ")
	n.Value.write(b)
}

func (n *Nested) write(b *strings.Builder, _ precedence) {
	n.Path.write(b)
	b.WriteString(": { ")
	n.Member.write(b, atTop)
	b.WriteString(" }")
}

func (l Literal) write(b *strings.Builder) {
	if l.Quoted {
		b.WriteByte('"')
		writeEscaped(b, l.Text, `"\`)
		b.WriteByte('"')
		return
	}
	text := l.Text
	for strings.HasPrefix(text, " ") && text != " " {
		b.WriteString(`\ `)
		text = text[1:]
	}
	words := strings.TrimRight(text, " ")
	for i, word := range strings.Split(words, " ") {
		if i > 0 {
			b.WriteByte(' ')
		}
		switch strings.ToLower(word) {
		case "and", "or", "not":
			b.WriteByte('\\')
		}
		if l.Pattern {
			writeEscaped(b, word, `():<>"{}`)
		} else {
			writeEscaped(b, word, special)
		}
	}
	for range len(text) - len(words) {
		b.WriteString(`\ `)
	}
}

// special are the characters with a meaning outside quotes.
const special = `\():<>"*{}`

func writeEscaped(b *strings.Builder, text, chars string) {
	for _, r := range text {
		switch r {
		case '\n', '\r', '\t':
			fmt.Fprintf(b, `\u%04x`, r) // a letter could be read on into a keyword
			continue
		}
		if strings.ContainsRune(chars, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
}
