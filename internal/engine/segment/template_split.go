package segment

import (
	"math/bits"

	"elkhorn/internal/engine/analysis"
	"elkhorn/internal/engine/column"

	"github.com/cespare/xxhash/v2"
)

// maxTemplateWords is the most words of a text that is made a template: what has more is prose or data.
const maxTemplateWords = 1000

// splitter finds the variables of texts: the words with a digit in them. It is for one goroutine.
type splitter struct {
	text  []byte
	words int
	// variables are the start and the end of each.
	variables []uint32
	// key is a hash of all that is constant.
	key uint64
}

// split takes a text apart. It answers false for texts that make no template.
func (s *splitter) split(text []byte) bool {
	s.text, s.words, s.variables, s.key = text, 0, s.variables[:0], 0
	if len(text) > column.MaxTemplateText {
		return false
	}
	last := 0
	for at := 0; ; {
		start, end, digit := nextWord(text, at)
		if start == end {
			break
		}
		if s.words == maxTemplateWords || end-start > maxTemplateWord {
			return false
		}
		s.words++
		at = end
		if digit >= 0 {
			variable := start + prefixOf(text[start:end], digit-start)
			s.mix(text[last:variable])
			s.variables = append(s.variables, uint32(variable), uint32(end))
			last = end
		}
	}
	s.mix(text[last:])
	s.key ^= uint64(s.words)
	return s.words > 0
}

// What an ASCII character is for finding words.
const (
	splitOther   = iota // separates
	splitLetter         // a letter
	splitDigit          // a digit
	splitMid            // holds words together if it stands between some of their characters
	splitSpecial        // what analysis.NextWord has to look at
)

var splitClasses = func() (t [256]uint8) {
	for c := range t {
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			t[c] = splitLetter
		case c >= '0' && c <= '9':
			t[c] = splitDigit
		case c == '_' || c >= 0x80:
			t[c] = splitSpecial
		}
	}
	for _, c := range ".,:;'" {
		t[c] = splitMid
	}
	return t
}()

// nextWord is analysis.NextWord, faster for the words that most texts are made of; digit is the place of the word's first digit,
// or -1.
func nextWord(text []byte, at int) (start, end, digit int) {
	for at < len(text) && (splitClasses[text[at]] == splitOther || splitClasses[text[at]] == splitMid) {
		at++
	}
	digit = -1
	end = at
scan:
	for end < len(text) {
		switch splitClasses[text[end]] {
		case splitLetter:
		case splitDigit:
			if digit < 0 {
				digit = end
			}
		case splitOther:
			break scan
		case splitMid:
			if end+1 == len(text) || splitClasses[text[end+1]] == splitOther {
				break scan
			}
			return slowWord(text, at)
		default:
			if text[end] == '_' && end > at {
				break
			}
			return slowWord(text, at)
		}
		end++
	}
	if end-at > maxTemplateWord {
		return slowWord(text, at)
	}
	return at, end, digit
}

func slowWord(text []byte, at int) (start, end, digit int) {
	start, end = analysis.NextWord(text, at)
	digit = firstDigit(text[start:end])
	if digit >= 0 {
		digit += start
	}
	return start, end, digit
}

// maxTemplateWord is the longest word: an analyzer may cut longer ones in two.
const maxTemplateWord = 200

func (s *splitter) mix(constant []byte) {
	s.key = bits.RotateLeft64(s.key*0x9e3779b97f4a7c15, 23) ^ xxhash.Sum64(constant)
}

// elements returns the template of the text that was split last.
func (s *splitter) elements(b *column.TemplatesBuilder) []column.Element {
	out := make([]column.Element, 0, 2*s.words+1)
	at := 0
	for start, end := analysis.NextWord(s.text, 0); start < end; start, end = analysis.NextWord(s.text, end) {
		if start > at {
			out = append(out, b.Element(column.ElementText, s.text[at:start]))
		}
		if word := s.text[start:end]; firstDigit(word) >= 0 {
			out = append(out, b.Element(column.ElementSlot, word[:prefixOf(word, firstDigit(word))]))
		} else {
			out = append(out, b.Element(column.ElementWord, word))
		}
		at = end
	}
	if at < len(s.text) {
		out = append(out, b.Element(column.ElementText, s.text[at:]))
	}
	return out
}

func isDigit(c byte) bool { return c-'0' <= 9 }

// firstDigit returns where the first digit of a word is, or -1.
func firstDigit(word []byte) int {
	for i, c := range word {
		if isDigit(c) {
			return i
		}
	}
	return -1
}

// prefixOf returns how much of a word stands before its variable, when its first digit is at the given place: "user_" of "user_17",
// but nothing of "c0ffee", whose letters are part of a number.
func prefixOf(word []byte, digit int) int {
	for _, c := range word[digit:] {
		if !isDigit(c) && c != '.' && c != ',' {
			return 0
		}
	}
	if digit > 0 && word[digit-1] == '_' {
		return digit
	}
	for _, c := range word[:digit] {
		if c|0x20 > 'f' && c|0x20 <= 'z' {
			return digit
		}
	}
	return 0
}
