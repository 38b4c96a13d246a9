package brute

import (
	"strings"
	"unicode"
)

// token is a word with its position.
type token struct {
	text string
	at   int
}

// stopWords are those of the analyzer "stop".
var stopWords = strings.Fields("a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with")

// analyze splits text into words.
func analyze(analyzer, text string) []token {
	switch analyzer {
	case "keyword":
		return []token{{text, 0}}
	case "whitespace":
		return numbered(strings.Fields(text))
	case "simple":
		return numbered(letters(text))
	case "stop":
		var out []token
		for i, w := range letters(text) {
			if !contains(stopWords, w) {
				out = append(out, token{w, i})
			}
		}
		return out
	case "standard":
		return numbered(standardWords([]rune(text)))
	}
	panic("brute: no analyzer " + analyzer)
}

func contains[T comparable](list []T, v T) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

func numbered(words []string) []token {
	var out []token
	for i, w := range words {
		out = append(out, token{w, i})
	}
	return out
}

func letters(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) })
}

// standardWords joins letters, digits and "_" where Unicode's word boundaries (UAX #29) do, for the alphabets that comparisons
// use: Latin letters and digits hold together, an ideograph is a word.
func standardWords(text []rune) []string {
	var words []string
	from := -1
	flush := func(to int) {
		if from >= 0 && strings.Trim(string(text[from:to]), "_") != "" {
			words = append(words, strings.ToLower(string(text[from:to])))
		}
		from = -1
	}
	for i, r := range text {
		switch {
		case unicode.Is(unicode.Han, r), r >= 0x1f300 && r < 0x1fb00: // a picture is a word as well
			flush(i)
			words = append(words, string(r))
		case holds(text, i):
			if from < 0 {
				from = i
			}
		default:
			flush(i)
		}
	}
	flush(len(text))
	return words
}

// holds says whether the character at i belongs to a word.
func holds(text []rune, i int) bool {
	r := text[i]
	if isWord(r) {
		return true
	}
	if i == 0 || i == len(text)-1 {
		return false
	}
	before, after := text[i-1], text[i+1]
	switch r {
	case '.', '\'':
		return isLetter(before) && isLetter(after) || unicode.IsDigit(before) && unicode.IsDigit(after)
	case ':':
		return isLetter(before) && isLetter(after)
	case ',', ';':
		return unicode.IsDigit(before) && unicode.IsDigit(after)
	}
	return false
}

func isLetter(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Han, r) }

func isWord(r rune) bool { return isLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '_' }
