package analysis

import (
	"unicode"
	"unicode/utf8"
)

// Standard splits text into words as Unicode's word boundaries (UAX #29) do, in lower case: letters,
// digits and "_" hold together; a "'", "." or ":" holds two letters together, a "'", "." or "," two digits;
// ideographs, Hiragana and emoji are words of one character. A word longer than 255 characters is cut.
var Standard Analyzer = standard{}

type standard struct{}

// maxTokenRunes is the longest token, in UTF-16 units in Lucene, in characters here.
const maxTokenRunes = 255

// maxTokenBytes is what such a token takes at most.
const maxTokenBytes = maxTokenRunes * utf8.UTFMax

func (standard) Name() string    { return "standard" }
func (standard) Version() uint32 { return versionStandard }

// wordClass is what a character means for the bounds of words.
type wordClass uint8

const (
	classOther    wordClass = iota // separates
	classLetter                    // ALetter, Hebrew_Letter
	classDigit                     // Numeric
	classJoin                      // ExtendNumLet: "_"
	classKatakana                  // holds together with itself
	classSingle                    // ideographs, Hiragana, emoji: a word each
	classExtend                    // combining marks and format characters: belong to what is before them
	classMidLetter
	classMidNumber
	classMidBoth // "." and "'"
	classAlone   // South-East Asian letters: a run of them is one word
)

// asciiClasses are the classes of the characters below 0x80.
var asciiClasses = func() (t [utf8.RuneSelf]wordClass) {
	for c := range t {
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			t[c] = classLetter
		case c >= '0' && c <= '9':
			t[c] = classDigit
		}
	}
	t['_'] = classJoin
	t['.'], t['\''] = classMidBoth, classMidBoth
	t[','], t[';'] = classMidNumber, classMidNumber
	t[':'] = classMidLetter
	return t
}()

func (standard) Tokens(text []byte, yield func(Token) bool) {
	low := borrowLower()
	defer low.release()
	position := 0
	for start, end := NextWord(text, 0); start < end; start, end = NextWord(text, end) {
		if !yield(Token{Bytes: low.lower(text[start:end]), Position: position, Start: start, End: end}) {
			return
		}
		position++
	}
}

// WordByWord implements the interface of that name.
func (standard) WordByWord() {}

// WordByWord is implemented by analyzers that find words as NextWord does and make of each, whatever is around it, one token or none.
type WordByWord interface{ WordByWord() }

// IsWordByWord says whether an analyzer is WordByWord.
func IsWordByWord(a Analyzer) bool {
	_, ok := a.(WordByWord)
	return ok
}

// NextWord finds the first word at or behind a position, as Standard does; start and end are equal when there is none.
func NextWord(text []byte, at int) (start, end int) {
	for at < len(text) {
		class, n := classAt(text, at)
		if class == classOther || class >= classExtend && class != classAlone {
			at += n
			continue
		}
		end, word := asciiWordEnd(text, at, class)
		if !word {
			end, word = wordEnd(text, at, class)
		}
		if word {
			return at, end
		}
		at = end
	}
	return len(text), len(text)
}

// asciiWordEnd is wordEnd for a word of ASCII letters, digits and "_" that ends where a separator
// follows; for all others it answers false.
func asciiWordEnd(text []byte, at int, class wordClass) (end int, word bool) {
	if class != classLetter && class != classDigit {
		return at, false
	}
	limit := min(len(text), at+maxTokenRunes)
	for end = at; end < limit; end++ {
		c := text[end]
		if c >= utf8.RuneSelf {
			return at, false
		}
		if class := asciiClasses[c]; class == classOther {
			return end, true
		} else if class > classJoin {
			return at, false
		}
	}
	return end, end == len(text)
}

// wordEnd returns where the word ends that begins at a position with a character of a class, and
// whether it is one: "_" alone is not.
func wordEnd(text []byte, at int, class wordClass) (end int, word bool) {
	runes := 0
	word = class != classJoin
	prev := class // class of the last character that was no extension
	for at < len(text) && runes < maxTokenRunes {
		c, n := classAt(text, at)
		switch {
		case runes == 0, c == classExtend, holds(prev, c):
		case (c == classMidLetter || c == classMidBoth) && prev == classLetter && nextClass(text, at+n) == classLetter,
			(c == classMidNumber || c == classMidBoth) && prev == classDigit && nextClass(text, at+n) == classDigit:
			if runes+1 == maxTokenRunes {
				return at, word
			}
		default:
			return at, word
		}
		if c == classLetter || c == classDigit || c == classKatakana {
			word = true
		}
		if c != classExtend {
			prev = c
			if c >= classMidLetter && c <= classMidBoth {
				// What follows was looked at: it goes on with the class before.
				prev = nextClass(text, at+n)
			}
		}
		at += n
		runes++
	}
	return at, word
}

// holds says whether there is no bound between characters of two classes that follow each other.
func holds(a, b wordClass) bool {
	switch a {
	case classLetter, classDigit:
		return b == classLetter || b == classDigit || b == classJoin
	case classJoin:
		return b == classLetter || b == classDigit || b == classJoin || b == classKatakana
	case classKatakana:
		return b == classKatakana || b == classJoin
	case classAlone:
		return b == classAlone
	default:
		return false
	}
}

// nextClass is the class of the next character that is no extension.
func nextClass(text []byte, at int) wordClass {
	for at < len(text) {
		c, n := classAt(text, at)
		if c != classExtend {
			return c
		}
		at += n
	}
	return classOther
}

func classAt(text []byte, at int) (wordClass, int) {
	if c := text[at]; c < utf8.RuneSelf {
		return asciiClasses[c], 1
	}
	r, n := utf8.DecodeRune(text[at:])
	return classOf(r), n
}

// southEastAsian are the scripts that are written without spaces between words; a run of their
// letters is one token.
var southEastAsian = []*unicode.RangeTable{unicode.Thai, unicode.Lao, unicode.Myanmar, unicode.Khmer}

// classOf is the class of a character beyond ASCII.
func classOf(r rune) wordClass {
	switch r {
	case 0x00b7, 0x0387, 0x055f, 0x05f4, 0x2027, 0xfe13, 0xfe55, 0xff1a:
		return classMidLetter
	case 0x2018, 0x2019, 0x2024, 0xfe52, 0xff07, 0xff0e:
		return classMidBoth
	case 0x037e, 0x0589, 0x060c, 0x060d, 0x066c, 0x07f8, 0x2044, 0xfe10, 0xfe14, 0xfe50, 0xfe54, 0xff0c, 0xff1b:
		return classMidNumber
	case utf8.RuneError:
		return classOther
	}
	switch {
	case unicode.Is(unicode.Han, r) && !unicode.Is(unicode.P, r), unicode.Is(unicode.Hiragana, r):
		return classSingle
	case unicode.Is(unicode.Katakana, r), r == 0x30fc, r >= 0x3031 && r <= 0x3035, r == 0xff70:
		return classKatakana
	case unicode.In(r, southEastAsian...) && (unicode.IsLetter(r) || unicode.IsMark(r)):
		return classAlone
	case unicode.IsMark(r), unicode.Is(unicode.Cf, r) && r != 0x200b:
		return classExtend
	case unicode.IsLetter(r), unicode.Is(unicode.Nl, r), unicode.Is(unicode.Other_Alphabetic, r):
		return classLetter
	case unicode.Is(unicode.Nd, r):
		return classDigit
	case unicode.Is(unicode.Pc, r), r == 0x202f:
		return classJoin
	case isEmoji(r):
		return classSingle
	default:
		return classOther
	}
}

// isEmoji covers the blocks of pictographs.
func isEmoji(r rune) bool {
	return r >= 0x1f300 && r <= 0x1faff || r >= 0x2600 && r <= 0x27bf && unicode.Is(unicode.So, r)
}
