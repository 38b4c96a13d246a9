package analysis

import (
	"unicode"
	"unicode/utf8"
)

// delimiterOptions say what a word is taken apart at, and what is made of the parts.
type delimiterOptions struct {
	words, numbers, catenateWords, catenateNumbers, catenateAll bool
	caseChange, numerics, original, possessive                  bool
	protected                                                   map[string]bool
}

// wordDelimiter takes tokens apart at what is neither letter nor digit, and where letters change their case or meet digits.
func wordDelimiter(d *definition) (wholeFilter, error) {
	o := &delimiterOptions{}
	for _, option := range []struct {
		name   string
		target *bool
		value  bool
	}{
		{"generate_word_parts", &o.words, true}, {"generate_number_parts", &o.numbers, true}, {"catenate_words", &o.catenateWords, false},
		{"catenate_numbers", &o.catenateNumbers, false}, {"catenate_all", &o.catenateAll, false}, {"split_on_case_change", &o.caseChange, true},
		{"split_on_numerics", &o.numerics, true}, {"preserve_original", &o.original, false}, {"stem_english_possessive", &o.possessive, true},
	} {
		var err error
		if *option.target, err = d.boolean(option.name, option.value); err != nil {
			return nil, err
		}
	}
	if _, err := d.boolean("adjust_offsets", true); err != nil {
		return nil, err
	}
	if _, err := d.boolean("ignore_keywords", false); err != nil {
		return nil, err
	}
	o.protected = wordSet(d.list("protected_words"))
	return func(tokens []Token) []Token {
		var out []Token
		shift := 0 // positions that parts have added
		for _, t := range tokens {
			t.Position += shift
			parts, positions := o.parts(t)
			out = append(out, parts...)
			shift += positions - 1
		}
		return out
	}, nil
}

// charKind tells what parts are made of.
type charKind uint8

const (
	kindDelimiter charKind = iota
	kindLower
	kindUpper
	kindDigit
	kindLetter // without case
)

func kindOf(r rune) charKind {
	switch {
	case unicode.IsDigit(r):
		return kindDigit
	case unicode.IsUpper(r):
		return kindUpper
	case unicode.IsLower(r):
		return kindLower
	case unicode.IsLetter(r) || unicode.IsMark(r):
		return kindLetter
	}
	return kindDelimiter
}

// span is a part of a word.
type wordSpan struct {
	start, end int
	digits     bool
}

// spans takes a word apart.
func (o *delimiterOptions) spans(word []byte) []wordSpan {
	var out []wordSpan
	last := kindDelimiter
	for i := 0; i < len(word); {
		r, n := utf8.DecodeRune(word[i:])
		kind := kindOf(r)
		switch {
		case kind == kindDelimiter:
			if o.possessive && r == '\'' && i+2 <= len(word) && word[i+1]|0x20 == 's' && last != kindDelimiter && (i+2 == len(word) || endsWord(word[i+2:])) {
				n = 2
			}
		case last == kindDelimiter || o.splits(last, kind):
			out = append(out, wordSpan{i, i + n, kind == kindDigit})
		default:
			out[len(out)-1].end = i + n
		}
		i += n
		last = kind
	}
	return out
}

func endsWord(rest []byte) bool {
	r, _ := utf8.DecodeRune(rest)
	return kindOf(r) == kindDelimiter
}

func (o *delimiterOptions) splits(a, b charKind) bool {
	switch {
	case (a == kindDigit) != (b == kindDigit):
		return o.numerics
	case a == kindLower && b == kindUpper:
		return o.caseChange
	}
	return false
}

// parts returns what a token becomes, and how many positions that takes.
func (o *delimiterOptions) parts(t Token) ([]Token, int) {
	spans := o.spans(t.Bytes)
	whole := len(spans) == 1 && spans[0].start == 0 && spans[0].end == len(t.Bytes)
	if whole || o.protected[string(t.Bytes)] || t.Keyword {
		return []Token{t}, 1
	}
	var out []Token
	if o.original {
		out = append(out, t)
	}
	if len(spans) == 0 {
		return out, max(1, 0)
	}
	sameLength := t.End-t.Start == len(t.Bytes)
	make := func(from, to, position int) Token {
		p := t
		p.Bytes = nil
		for _, s := range spans[from:to] {
			p.Bytes = append(p.Bytes, t.Bytes[s.start:s.end]...)
		}
		p.Position = t.Position + position
		if sameLength {
			p.Start, p.End = t.Start+spans[from].start, t.Start+spans[to-1].end
		}
		return p
	}
	if o.catenateAll && len(spans) > 1 {
		out = append(out, make(0, len(spans), 0))
	}
	position := 0
	for i := 0; i < len(spans); {
		run := i + 1 // parts of one kind
		for run < len(spans) && spans[run].digits == spans[i].digits {
			run++
		}
		generate, join := o.words, o.catenateWords
		if spans[i].digits {
			generate, join = o.numbers, o.catenateNumbers
		}
		if join && (run-i > 1 || !generate) && !(o.catenateAll && run-i == len(spans)) {
			out = append(out, make(i, run, position))
		}
		for ; i < run; i++ {
			if generate {
				out = append(out, make(i, i+1, position))
			}
			position++
		}
	}
	return out, max(position, 1)
}
