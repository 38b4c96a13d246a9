package exec

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// maxCategoryTokens is how many words of a message count.
const maxCategoryTokens = 100

// variablePart stands in a template's text for what differs between its messages. It counts as a digit.
const variablePart = '\x01'

// calendarWords are no words of a message: they stand in its date.
var calendarWords = map[string]bool{}

func init() {
	for _, w := range []string{
		"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun",
		"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
		"Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "GMT", "UTC",
	} {
		calendarWords[w] = true
	}
}

// categoryTokens calls yield for the words of a message that tell its kind: of its first line with a letter, what begins with a
// letter or a slash, has no digit, and is no hexadecimal number. Dots, dashes, underscores and at signs are part of a word
// when they do not begin or end it.
func categoryTokens(text []byte, yield func(token []byte)) {
	text = firstLineWithLetters(text)
	tokens, start, end := 0, -1, 0
	flush := func() {
		if start < 0 {
			return
		}
		token := bytes.TrimRight(text[start:end], "._-")
		start = -1
		if tokens < maxCategoryTokens && tellsKind(token) && !calendarWords[string(token)] {
			tokens++
			yield(token)
		}
	}
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
		}
		inside := isWordRune(r) || start >= 0 && (r == '_' || r == '.' || r == '-' || r == '@')
		switch {
		case !inside:
			flush()
		case start < 0:
			start = i
		}
		i += size
		if inside {
			end = i
		}
	}
	flush()
}

func isWordRune(r rune) bool {
	if r < utf8.RuneSelf {
		return r|0x20 >= 'a' && r|0x20 <= 'z' || r >= '0' && r <= '9' || r == '/' || r == variablePart
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

// tellsKind says whether a word may be the same in all messages of a kind.
func tellsKind(token []byte) bool {
	other := false
	for _, c := range token {
		if c >= '0' && c <= '9' || c == variablePart {
			return false
		}
		hex := c|0x20 >= 'a' && c|0x20 <= 'f' || c == '.' || c == '-'
		other = other || !hex
	}
	return other && len(bytes.Trim(token, "/")) > 0
}

func firstLineWithLetters(text []byte) []byte {
	for {
		line, rest, more := bytes.Cut(text, []byte{'\n'})
		if !more || bytes.ContainsFunc(line, unicode.IsLetter) {
			return line
		}
		text = rest
	}
}
