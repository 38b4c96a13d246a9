package analysis

import (
	"unicode"
	"unicode/utf8"
)

// Simple makes tokens of letters alone, in lower case.
var Simple Analyzer = simple{}

type simple struct{}

func (simple) Name() string    { return "simple" }
func (simple) Version() uint32 { return versionSimple }

func (simple) Tokens(text []byte, yield func(Token) bool) {
	low := borrowLower()
	defer low.release()
	position := 0
	for at := 0; at < len(text); {
		n, letter := letterAt(text, at)
		if !letter {
			at += n
			continue
		}
		start := at
		for at < len(text) {
			if n, letter = letterAt(text, at); !letter {
				break
			}
			at += n
		}
		if !yield(Token{Bytes: low.lower(text[start:at]), Position: position, Start: start, End: at}) {
			return
		}
		position++
	}
}

func letterAt(text []byte, at int) (n int, letter bool) {
	if c := text[at]; c < utf8.RuneSelf {
		return 1, c|0x20 >= 'a' && c|0x20 <= 'z'
	}
	r, n := utf8.DecodeRune(text[at:])
	return n, unicode.IsLetter(r)
}
