package analysis

import (
	"sync"
	"unicode"
	"unicode/utf8"
)

// lowerBuffer puts tokens into lower case. Tokens that are so already are not copied.
type lowerBuffer struct {
	buf []byte
}

var lowerBuffers = sync.Pool{New: func() any { return &lowerBuffer{buf: make([]byte, 0, maxTokenBytes)} }}

func borrowLower() *lowerBuffer { return lowerBuffers.Get().(*lowerBuffer) }

func (b *lowerBuffer) release() {
	if cap(b.buf) <= maxTokenBytes { // a very long run of letters has grown it
		lowerBuffers.Put(b)
	}
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
	b.buf = out
	return out
}
