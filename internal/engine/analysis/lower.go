package analysis

import (
	"unicode"
	"unicode/utf8"
)

// lowerBuffer puts tokens into lower case. Tokens that are so already are not copied.
type lowerBuffer struct {
	buf [maxTokenBytes]byte
}

// lower returns the token in lower case, valid until the next call.
func (b *lowerBuffer) lower(token []byte) []byte {
	i := 0
	for i < len(token) && token[i] < utf8.RuneSelf && token[i]-'A' > 'Z'-'A' {
		i++
	}
	if i == len(token) {
		return token
	}
	out := append(b.buf[:0], token[:i]...)
	for i < len(token) {
		if c := token[i]; c < utf8.RuneSelf {
			if c-'A' <= 'Z'-'A' {
				c += 'a' - 'A'
			}
			out = append(out, c)
			i++
			continue
		}
		r, n := utf8.DecodeRune(token[i:])
		out = utf8.AppendRune(out, unicode.ToLower(r))
		i += n
	}
	return out
}
