package config

import (
	"fmt"
	"strings"

	"elkhorn/internal/plugin"
)

// value reads a bare word, number, text, array, hash or nested plugin.
func (p *parser) value() (Value, error) {
	p.skipSpace()
	switch c := p.peek(); {
	case c == '"' || c == '\'':
		return p.text()
	case c == '[':
		return p.list()
	case c == '{':
		return p.hash()
	case isDigit(c) || c == '-':
		return p.number()
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
		case '"', '\'', '\\', '/':
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
	if n < len(rest) && (isNameByte(rest[n]) || rest[n] == '.') {
		return v, p.errorf(v.Pos, "%q is not a number; put quotes around a text", clip(rest[:wordEnd(rest, n)]))
	}
	v.Raw, v.Text = rest[:n], rest[:n]
	p.advance(n)
	return v, nil
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
	if end := wordEnd(p.rest(), 0); strings.Contains(word, "-") || end > len(word) {
		return Value{}, p.errorf(at, "%q needs quotes: a bare word has only letters, digits and _", clip(p.rest()[:end]))
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
		if len(v.Items) > 0 && p.accept("]") { // a comma after the last item
			return v, nil
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
	seen := map[string]plugin.Pos{}
	for !p.accept("}") {
		if p.done() {
			return v, p.errorf(v.Pos, "the { here is never closed by }")
		}
		if len(v.Pairs) > 0 {
			p.tolerateComma("the entries of a hash")
			if p.accept("}") {
				break
			}
		}
		pair, err := p.pair()
		if err != nil {
			return v, err
		}
		if first, dup := seen[pair.Key.Text]; dup {
			return v, p.errorf(pair.Key.Pos, "the key %q stands twice in this hash, first in line %d; remove one", clip(pair.Key.Text), first.Line)
		}
		seen[pair.Key.Text] = pair.Key.Pos
		v.Pairs = append(v.Pairs, pair)
	}
	return v, nil
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
		at, word := p.pos(), p.peekWord()
		if end := wordEnd(p.rest(), 0); strings.Contains(word, "-") || end > len(word) {
			return Value{}, p.errorf(at, "the key %q needs quotes: a bare word has only letters, digits and _", clip(p.rest()[:end]))
		}
		p.advance(len(word))
		return Value{Kind: Bareword, Raw: word, Text: word, Pos: at}, nil
	case c == '[':
		return Value{}, p.errorf(p.pos(), `a field reference used as a key needs quotes: "[a][b]" => …`)
	}
	return Value{}, p.expected("a key or }", "")
}
