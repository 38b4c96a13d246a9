package exec

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// literalAnalyzers are those whose tokens are pieces of the text, at most in lower case. Only for them
// may a text be passed over because it lacks a token's bytes.
var literalAnalyzers = map[string]bool{"keyword": true, "simple": true, "standard": true, "stop": true, "whitespace": true}

// literal returns bytes that a text must hold to match, in any case: the longest token that every match
// has. Looking for them costs a fifth of analyzing the text. It is nil when there are none.
func (w *textWant) literal(a Analyzer) *literal {
	named, ok := a.(interface{ Name() string })
	if !ok || !literalAnalyzers[named.Name()] || w.test != nil {
		return nil
	}
	clauses := 0
	for _, n := range w.counts {
		clauses += n
	}
	if w.phrase == nil && w.least < clauses {
		return nil
	}
	var longest []byte
	for _, t := range w.terms {
		if len(t) > len(longest) && isASCII(t) {
			longest = t
		}
	}
	if longest == nil {
		return nil
	}
	return newLiteral(longest)
}

func isASCII(text []byte) bool {
	const high = 0x8080808080808080
	for ; len(text) >= 32; text = text[32:] {
		a, b := binary.LittleEndian.Uint64(text), binary.LittleEndian.Uint64(text[8:])
		c, d := binary.LittleEndian.Uint64(text[16:]), binary.LittleEndian.Uint64(text[24:])
		if (a|b|c|d)&high != 0 {
			return false
		}
	}
	for _, c := range text {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// asciiCase is the bit that tells upper from lower case letters. Setting it in other characters only
// makes more texts look alike, which analysis sorts out.
const asciiCase = 0x20

// literal looks for bytes, at least one, in any case.
type literal struct {
	text []byte
	// at is the position of the character that texts have least often; upper and lower are that
	// character with and without asciiCase.
	at           int
	upper, lower byte
}

// byFrequency are characters from the most to the least frequent in log messages, roughly.
const byFrequency = " etaoinsrl0123456789dcumpf.-ghb/:vwyk_xjqz"

func newLiteral(text []byte) *literal {
	rank := func(c byte) int {
		if i := strings.IndexByte(byFrequency, asciiLower(c)); i >= 0 {
			return i
		}
		return len(byFrequency)
	}
	l := &literal{text: text}
	for i, c := range text {
		// Of equals the last: the first letter of a word is the one most often in upper case.
		if rank(c) >= rank(text[l.at]) {
			l.at = i
		}
	}
	l.lower = text[l.at] | asciiCase
	l.upper = l.lower &^ asciiCase
	return l
}

// pays says whether looking for the literal costs less than it saves, when df of so many texts have it.
func (l *literal) pays(df, texts int) bool { return df < texts-texts/4 }

// mayBeIn says whether a text may hold the literal in any case.
func (l *literal) mayBeIn(text []byte) bool {
	s := l.over(text)
	return s.mayBeBetween(0, len(text))
}

// over begins a search through texts that stand end to end.
func (l *literal) over(texts []byte) literalScan {
	return literalScan{literal: l, texts: texts, next: [2]int{-1, -1}}
}

// literalScan goes through texts once, from the first to the last, and remembers how far it has looked: a
// literal that is rare costs one pass over all of them, not a call for each.
type literalScan struct {
	*literal
	texts []byte
	// ascii is whether all texts are ASCII; it is asked when the first text lacks the literal.
	ascii verdict
	// next are where the literal stands next, its rarest character being lower or upper; -1: not looked
	// yet. No earlier place is behind the start of the text last asked for.
	next [2]int
}

// mayBeBetween says whether the text from start to end may hold the literal in any case. It always says
// yes to a text with characters beyond ASCII, some of which have lower-case forms within it. Texts are
// asked for in ascending order.
func (s *literalScan) mayBeBetween(start, end int) bool {
	for i, c := range [2]byte{s.lower, s.upper} {
		if s.next[i] < start {
			s.next[i] = s.find(c, start)
		}
		if s.next[i]+len(s.text) <= end {
			return true
		}
	}
	if s.ascii == unknown {
		s.ascii = no
		if isASCII(s.texts) {
			s.ascii = yes
		}
	}
	return s.ascii == no && !isASCII(s.texts[start:end])
}

// find returns where the literal stands from start on, with c as its rarest character; the end of the
// texts when it does not.
func (s *literalScan) find(c byte, start int) int {
	for at := start + s.at; at < len(s.texts); at++ {
		i := bytes.IndexByte(s.texts[at:], c)
		if i < 0 {
			break
		}
		at += i
		if s.isAt(at - s.at) {
			return at - s.at
		}
	}
	return len(s.texts)
}

// isAt says whether the literal, in any case, stands at a position of the texts.
func (s *literalScan) isAt(at int) bool {
	if len(s.texts)-at < len(s.text) {
		return false
	}
	for i, c := range s.text {
		if s.texts[at+i]|asciiCase != c|asciiCase {
			return false
		}
	}
	return true
}
