package analysis

import (
	"unicode"
	"unicode/utf8"
)

// Whitespace splits at white space and changes nothing.
var Whitespace Analyzer = whitespace{}

type whitespace struct{}

func (whitespace) Name() string    { return "whitespace" }
func (whitespace) Version() uint32 { return versionWhitespace }

func (whitespace) Tokens(text []byte, yield func(Token) bool) {
	position := 0
	for at := 0; at < len(text); {
		start := at
		for at < len(text) && !spaceAt(text, at) {
			at += runeLen(text, at)
		}
		if at > start {
			if !yield(Token{Bytes: text[start:at], Position: position, Start: start, End: at}) {
				return
			}
			position++
		}
		if at < len(text) {
			at += runeLen(text, at)
		}
	}
}

// runeLen is the length of the character at a position; a byte that is not UTF-8 is one of its own.
func runeLen(text []byte, at int) int {
	if text[at] < utf8.RuneSelf {
		return 1
	}
	_, n := utf8.DecodeRune(text[at:])
	return n
}

// spaceAt says whether a character separates words: white space that may be broken at, or a byte that
// is not UTF-8.
func spaceAt(text []byte, at int) bool {
	if c := text[at]; c < utf8.RuneSelf {
		return c == ' ' || c >= '\t' && c <= '\r' || c >= 0x1c && c <= 0x1f
	}
	r, n := utf8.DecodeRune(text[at:])
	switch r {
	case utf8.RuneError:
		return n == 1
	case 0x00a0, 0x2007, 0x202f: // spaces that are not to be broken at
		return false
	}
	return unicode.IsSpace(r)
}
