package config

import (
	"fmt"
	"strconv"
	"strings"

	"elkhorn/internal/plugin"
)

// value reads a bare word, number, text, array, hash or nested plugin.
func (p *parser) value() (Value, error) {
	p.skipSpace()
	switch c := p.peek(); {
	case c == '"' || c == '\'':
		v, err := p.text()
		after := p.scanner
		if after.skipSpace(); err == nil && after.peek() == '{' {
			return v, p.errorf(v.Pos, "a plugin's name stands without quotes")
		}
		return v, err
	case c == '[':
		return p.list()
	case c == '{':
		return p.hash()
	case isNameByte(c):
		return p.wordOrBlock()
	}
	return Value{}, p.expected("a value", "")
}

func (p *parser) text() (Value, error) {
	v := Value{Kind: String, Pos: p.pos()}
	var err error
	v.Raw, v.Quote, err = p.quoted()
	v.Text = v.Raw
	if p.opts.Escapes {
		v.Text = unescape(v.Raw)
	}
	return v, err
}

// unescape processes the escapes that config.support_escapes turns on; others stay as they are.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 't':
			b.WriteByte('\t')
		case '0':
			b.WriteByte(0)
		case '"', '\'', '\\':
			b.WriteByte(s[i])
		default:
			b.WriteByte('\\')
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func (p *parser) number() (Value, error) {
	v := Value{Kind: Number, Pos: p.pos()}
	rest := p.rest()
	n := 0
	if rest[0] == '-' {
		n = 1
	}
	digits := n
	for n < len(rest) && isDigit(rest[n]) {
		n++
	}
	if n == digits {
		return v, p.expected("a number", "")
	}
	if n+1 < len(rest) && rest[n] == '.' && isDigit(rest[n+1]) {
		for n++; n < len(rest) && isDigit(rest[n]); n++ {
		}
	}
	if n < len(rest) && (isNameByte(rest[n]) || rest[n] == '.') && !startsOperator(rest[n:]) {
		return v, p.errorf(v.Pos, "%q is not a number; put quotes around a text", clip(rest[:wordEnd(rest, n)]))
	}
	v.Raw, v.Text = rest[:n], rest[:n]
	if octal := strings.TrimPrefix(v.Raw, "-"); len(octal) > 1 && octal[0] == '0' && !strings.Contains(octal, ".") {
		i, err := strconv.ParseInt(v.Raw, 8, 64) // as Ruby's Integer reads it: file modes are written so
		if err != nil {
			return v, p.errorf(v.Pos, "%q begins with 0, so its digits are octal; write it without the 0, or in quotes", clip(v.Raw))
		}
		v.Text = strconv.FormatInt(i, 10)
	}
	p.advance(n)
	return v, nil
}

// startsOperator says whether a condition goes on here without a blank, as in 1and[a].
func startsOperator(s string) bool {
	for _, word := range []string{"and", "or", "xor", "nand", "in", "not "} {
		if strings.HasPrefix(s, word) {
			return true
		}
	}
	return false
}

// wordEnd returns where the unquoted text that runs through n ends.
func wordEnd(s string, n int) int {
	for n < len(s) && (isNameByte(s[n]) || s[n] == '.' || s[n] == '/' || s[n] == ':') {
		n++
	}
	return n
}

// wordOrBlock reads a bare word or, when a { follows, a nested plugin.
func (p *parser) wordOrBlock() (Value, error) {
	at := p.pos()
	word := p.peekWord()
	after := p.scanner
	after.advance(len(word))
	after.skipSpace()
	if after.peek() == '{' {
		p.scanner = after
		options, err := p.options()
		return Value{Kind: Block, Block: &Plugin{Name: word, Options: options, Pos: at}, Pos: at}, err
	}
	if isDigit(word[0]) || word[0] == '-' && (len(word) == 1 || isDigit(word[1])) {
		return p.number()
	}
	return p.bareword(at, word)
}

// bareword reads an unquoted text, which has two characters or more.
func (p *parser) bareword(at plugin.Pos, word string) (Value, error) {
	if end := wordEnd(p.rest(), 0); strings.Contains(word, "-") || end > len(word) {
		return Value{}, p.errorf(at, "%q needs quotes: a bare word has only letters, digits and _", clip(p.rest()[:end]))
	}
	if len(word) == 1 {
		return Value{}, p.errorf(at, "%q needs quotes: a bare word has two characters or more", word)
	}
	p.advance(len(word))
	return Value{Kind: Bareword, Raw: word, Text: word, Pos: at}, nil
}

func (p *parser) list() (Value, error) {
	v := Value{Kind: List, Pos: p.pos()}
	if err := p.enter(); err != nil {
		return v, err
	}
	defer p.leave()
	p.accept("[")
	for !p.accept("]") {
		if p.done() {
			return v, p.errorf(v.Pos, "the [ here is never closed by ]")
		}
		if len(v.Items) > 0 && !p.accept(",") {
			return v, p.expected(", or ]", "the items of an array are separated by commas")
		}
		if p.skipSpace(); len(v.Items) > 0 && p.peek() == ']' {
			return v, p.errorf(p.pos(), "no comma stands after the last item of an array; remove it")
		}
		item, err := p.value()
		if err != nil {
			return v, err
		}
		v.Items = append(v.Items, item)
	}
	return v, nil
}

func (p *parser) hash() (Value, error) {
	v := Value{Kind: Hash, Pos: p.pos()}
	if err := p.enter(); err != nil {
		return v, err
	}
	defer p.leave()
	p.accept("{")
	seen := map[string]plugin.Pos{} // keys as they are written, quotes and all, as Logstash tells them apart
	for !p.accept("}") {
		if p.done() {
			return v, p.errorf(v.Pos, "the { here is never closed by }")
		}
		if err := p.refuseComma("the entries of a hash"); err != nil {
			return v, err
		}
		pair, err := p.pair()
		if err != nil {
			return v, err
		}
		written := string(pair.Key.Quote) + pair.Key.Raw
		if first, dup := seen[written]; dup {
			return v, p.errorf(pair.Key.Pos, "the key %q stands twice in this hash, first in line %d; remove one", clip(pair.Key.Text), first.Line)
		}
		seen[written] = pair.Key.Pos
		v.set(pair)
	}
	return v, nil
}

// set adds an entry to a hash, or puts it in the place of one whose key has the same text in other quotes.
func (v *Value) set(pair Pair) {
	for i := range v.Pairs {
		if v.Pairs[i].Key.Text == pair.Key.Text {
			v.Pairs[i] = pair
			return
		}
	}
	v.Pairs = append(v.Pairs, pair)
}

func (p *parser) pair() (Pair, error) {
	key, err := p.key()
	if err != nil {
		return Pair{}, err
	}
	if err := p.arrow(fmt.Sprintf("the key %q", clip(key.Text))); err != nil {
		return Pair{}, err
	}
	val, err := p.value()
	return Pair{Key: key, Value: val}, err
}

// key reads a hash's key.
func (p *parser) key() (Value, error) {
	p.skipSpace()
	switch c := p.peek(); {
	case c == '"' || c == '\'':
		return p.text()
	case isDigit(c) || c == '-':
		return p.number()
	case isNameByte(c):
		return p.bareword(p.pos(), p.peekWord())
	case c == '[':
		return Value{}, p.errorf(p.pos(), `a field reference used as a key needs quotes: "[a][b]" => …`)
	}
	return Value{}, p.expected("a key or }", "")
}
