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
	words []wordSpan
	// variables are the start and the end of each.
	variables []uint32
	// key is a hash of all that is constant.
	key uint64
}

// wordSpan is a word; from variable on it is one (its end where it is constant).
type wordSpan struct{ start, variable, end uint32 }

// split takes a text apart. It answers false for texts that make no template.
func (s *splitter) split(text []byte) bool {
	s.text, s.words, s.variables, s.key = text, s.words[:0], s.variables[:0], 0
	if len(text) > column.MaxTemplateText {
		return false
	}
	last := 0
	for start, end := analysis.NextWord(text, 0); start < end; start, end = analysis.NextWord(text, end) {
		if len(s.words) == maxTemplateWords || end-start > maxTemplateWord {
			return false
		}
		w := wordSpan{uint32(start), uint32(end), uint32(end)}
		if digit := firstDigit(text[start:end]); digit >= 0 {
			w.variable = uint32(start + prefixOf(text[start:end], digit))
			s.mix(text[last:w.variable])
			s.variables = append(s.variables, w.variable, w.end)
			last = end
		}
		s.words = append(s.words, w)
	}
	s.mix(text[last:])
	s.key ^= uint64(len(s.words))
	return len(s.words) > 0
}

// maxTemplateWord is the longest word: an analyzer may cut longer ones in two.
const maxTemplateWord = 200

func (s *splitter) mix(constant []byte) {
	s.key = bits.RotateLeft64(s.key*0x9e3779b97f4a7c15, 23) ^ xxhash.Sum64(constant)
}

// elements returns the template of the text that was split last.
func (s *splitter) elements(b *column.TemplatesBuilder) []column.Element {
	out := make([]column.Element, 0, 2*len(s.words)+1)
	at := uint32(0)
	for _, w := range s.words {
		if w.start > at {
			out = append(out, b.Element(column.ElementText, s.text[at:w.start]))
		}
		if w.variable < w.end {
			out = append(out, b.Element(column.ElementSlot, s.text[w.start:w.variable]))
		} else {
			out = append(out, b.Element(column.ElementWord, s.text[w.start:w.end]))
		}
		at = w.end
	}
	if int(at) < len(s.text) {
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
