package analysis

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenizer builds the tokenizer of a name: one that settings define, or a built-in one.
func (p *parts) tokenizer(name string) (tokenizer, error) {
	if name == "" {
		return nil, fmt.Errorf("must have a tokenizer key")
	}
	d := p.definition("tokenizer", name)
	typ := d.text("type", name)
	t, err := p.buildTokenizer(typ, d)
	if err == nil {
		err = d.unused()
	}
	if err != nil {
		return nil, inPart("tokenizer", name, err)
	}
	return t, nil
}

func (p *parts) buildTokenizer(typ string, d *definition) (tokenizer, error) {
	switch typ {
	case "standard":
		return rawStandard, d.tokenLength()
	case "keyword":
		d.text("buffer_size", "") // how much is read at once
		return Keyword.Tokens, nil
	case "whitespace":
		return Whitespace.Tokens, d.tokenLength()
	case "letter":
		return runTokenizer(unicode.IsLetter), nil
	case "lowercase":
		return Simple.Tokens, nil
	case "pattern":
		return patternTokenizer(d)
	case "char_group":
		return charGroupTokenizer(d)
	case "path_hierarchy", "PathHierarchy":
		return pathTokenizer(d)
	case "ngram", "nGram":
		return p.ngramTokenizer(d, false)
	case "edge_ngram", "edgeNGram":
		return p.ngramTokenizer(d, true)
	}
	if t, err := buildMoreTokenizers(typ, d); t != nil || err != nil {
		return t, err
	}
	return nil, fmt.Errorf("tokenizer type [%s] is not supported; this version has char_group, classic, edge_ngram, keyword, letter, lowercase, ngram, path_hierarchy, pattern, simple_pattern, simple_pattern_split, standard, uax_url_email, whitespace", typ)
}

// rawStandard is the standard tokenizer: the standard analyzer's words as they are written.
func rawStandard(text []byte, yield func(Token) bool) {
	Standard.Tokens(text, func(t Token) bool {
		t.Bytes = text[t.Start:t.End]
		return yield(t)
	})
}

// runTokenizer makes tokens of runs of characters that pass a test.
func runTokenizer(in func(rune) bool) tokenizer {
	return func(text []byte, yield func(Token) bool) {
		position := 0
		for at := 0; at < len(text); {
			r, n := utf8.DecodeRune(text[at:])
			if !in(r) {
				at += n
				continue
			}
			start := at
			for at < len(text) {
				if r, n = utf8.DecodeRune(text[at:]); !in(r) {
					break
				}
				at += n
			}
			if !yield(Token{Bytes: text[start:at], Position: position, Start: start, End: at}) {
				return
			}
			position++
		}
	}
}

func patternTokenizer(d *definition) (tokenizer, error) {
	re, err := d.regexp("pattern", `\W+`)
	if err != nil {
		return nil, err
	}
	group, err := d.integer("group", -1)
	if err != nil {
		return nil, err
	}
	if group > re.NumSubexp() {
		return nil, fmt.Errorf("[group] is %d but the pattern has %d groups", group, re.NumSubexp())
	}
	return splitTokenizer(re, group), nil
}

// splitTokenizer splits where a pattern matches (group -1), or makes tokens of what a group matches.
func splitTokenizer(re *regexp.Regexp, group int) tokenizer {
	return func(text []byte, yield func(Token) bool) {
		position := 0
		emit := func(start, end int) bool {
			if start < 0 || start >= end {
				return true
			}
			position++
			return yield(Token{Bytes: text[start:end], Position: position - 1, Start: start, End: end})
		}
		from := 0
		for _, m := range re.FindAllSubmatchIndex(text, -1) {
			if group >= 0 {
				if !emit(m[2*group], m[2*group+1]) {
					return
				}
				continue
			}
			if !emit(from, m[0]) {
				return
			}
			from = m[1]
		}
		if group < 0 {
			emit(from, len(text))
		}
	}
}

// charClasses are the names of groups of characters in char_group and ngram.
var charClasses = map[string]func(rune) bool{
	"whitespace": unicode.IsSpace, "letter": unicode.IsLetter, "digit": unicode.IsDigit,
	"punctuation": unicode.IsPunct, "symbol": unicode.IsSymbol,
}

func charGroupTokenizer(d *definition) (tokenizer, error) {
	var tests []func(rune) bool
	for _, item := range d.list("tokenize_on_chars") {
		if class, ok := charClasses[item]; ok {
			tests = append(tests, class)
			continue
		}
		item = strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\r`, "\r").Replace(item)
		r, n := utf8.DecodeRuneInString(item)
		if n != len(item) {
			return nil, fmt.Errorf("[tokenize_on_chars] has [%s], which is neither a character nor a group of them", item)
		}
		tests = append(tests, func(c rune) bool { return c == r })
	}
	return runTokenizer(func(r rune) bool { return !anyOf(tests, r) }), nil
}

func anyOf(tests []func(rune) bool, r rune) bool {
	for _, test := range tests {
		if test(r) {
			return true
		}
	}
	return false
}

func (p *parts) ngramTokenizer(d *definition, edge bool) (tokenizer, error) {
	shortest, longest, err := p.gramSizes(d, edge)
	if err != nil {
		return nil, err
	}
	var tests []func(rune) bool
	for _, name := range d.list("token_chars") {
		class, ok := charClasses[name]
		if !ok {
			return nil, fmt.Errorf("[token_chars] [%s] is not supported", name)
		}
		tests = append(tests, class)
	}
	words := Keyword.Tokens
	if len(tests) > 0 {
		words = runTokenizer(func(r rune) bool { return anyOf(tests, r) })
	}
	return func(text []byte, yield func(Token) bool) {
		position, going := 0, true
		words(text, func(t Token) bool {
			eachGram(t.Bytes, shortest, longest, edge, func(start, end int) bool {
				going = yield(Token{Bytes: t.Bytes[start:end], Position: position, Start: t.Start + start, End: t.Start + end})
				position++
				return going
			})
			return going
		})
	}, nil
}

// gramSizes reads min_gram and max_gram; only those of edges may differ as they like.
func (p *parts) gramSizes(d *definition, edge bool) (shortest, longest int, err error) {
	d.used["min"], d.used["max"] = true, true // taken for these by mistake, and without effect in Elasticsearch too
	if shortest, err = d.integer("min_gram", 1); err != nil {
		return 0, 0, err
	}
	if longest, err = d.integer("max_gram", 2); err != nil {
		return 0, 0, err
	}
	if !edge {
		if err := p.limits.checkGrams(shortest, longest); err != nil {
			return 0, 0, err
		}
	}
	const widest = 255
	if shortest < 1 || longest < shortest || longest > widest {
		return 0, 0, fmt.Errorf("[min_gram] must be at least 1, [max_gram] at least [min_gram] and at most %d", widest)
	}
	return shortest, longest, nil
}

// eachGram calls fn with the bounds of each gram of a text; with edge only those at its start.
func eachGram(text []byte, shortest, longest int, edge bool, fn func(start, end int) bool) {
	for start := 0; start < len(text); {
		end, runes := start, 0
		for end < len(text) && runes < longest {
			_, n := utf8.DecodeRune(text[end:])
			end += n
			runes++
			if runes >= shortest && !fn(start, end) {
				return
			}
		}
		if edge {
			return
		}
		_, n := utf8.DecodeRune(text[start:])
		start += n
	}
}
