package pattern

import "unicode/utf8"

// holds tells whether an assertion is true at pos.
func (m *machine) holds(kind assertKind, pos int) bool {
	text := m.text
	switch kind {
	case lineStart: // not after a newline that ends the text: no line begins there
		return pos == 0 || text[pos-1] == '\n' && pos < len(text)
	case lineEnd:
		return pos == len(text) || text[pos] == '\n'
	case textStart:
		return pos == 0
	case textEnd:
		return pos == len(text)
	case textEndNewline:
		return pos == len(text) || pos == len(text)-1 && text[pos] == '\n'
	case searchStart:
		return pos == m.from
	case wordBoundary:
		return wordBefore(text, pos) != wordAt(text, pos)
	case notWordBoundary:
		return wordBefore(text, pos) == wordAt(text, pos)
	case asciiBoundary, notASCIIBoundary:
		before := pos > 0 && wordASCII.bytes.has(text[pos-1])
		return (before != (pos < len(text) && wordASCII.bytes.has(text[pos]))) == (kind == asciiBoundary)
	}
	return false
}

func wordAt(text string, pos int) bool {
	if pos >= len(text) {
		return false
	}
	if b := text[pos]; b < utf8.RuneSelf {
		return wordASCII.bytes.has(b)
	}
	r, _ := utf8.DecodeRuneInString(text[pos:])
	return wordUnicode.contains(r)
}

func wordBefore(text string, pos int) bool {
	if pos == 0 {
		return false
	}
	if b := text[pos-1]; b < utf8.RuneSelf {
		return wordASCII.bytes.has(b)
	}
	r, _ := utf8.DecodeLastRuneInString(text[:pos])
	return wordUnicode.contains(r)
}
