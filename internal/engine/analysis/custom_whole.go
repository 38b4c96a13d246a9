package analysis

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// wholeFilter makes tokens of all the tokens of a text.
type wholeFilter func(tokens []Token) []Token

// buildWhole builds a filter that has to see more than one token; ok is false when the type is not one of these.
func (p *parts) buildWhole(typ string, d *definition, before *custom) (f wholeFilter, ok bool, err error) {
	switch typ {
	case "shingle":
		f, err = p.shingles(d)
	case "synonym", "synonym_graph":
		f, err = p.synonyms(d, before)
	case "cjk_bigram":
		f, err = cjkBigrams(d)
	case "fingerprint":
		f, err = fingerprint(d)
	case "remove_duplicates":
		f = removeDuplicates
	case "keyword_repeat":
		f = repeatKeywords
	case "word_delimiter", "word_delimiter_graph":
		f, err = wordDelimiter(d)
	case "pattern_capture":
		f, err = patternCapture(d)
	case "flatten_graph": // positions are flat already
		f = func(tokens []Token) []Token { return tokens }
	default:
		return nil, false, nil
	}
	return f, true, err
}

// maxShingle bounds what a text can grow to.
const maxShingle = 10

// shingles joins neighbours: "a b c" gives "a", "a b", "b", "b c", "c".
func (p *parts) shingles(d *definition) (wholeFilter, error) {
	least, err := d.integer("min_shingle_size", 2)
	if err != nil {
		return nil, err
	}
	most, err := d.integer("max_shingle_size", 2)
	if err != nil {
		return nil, err
	}
	if least < 2 || most < least || most > maxShingle {
		return nil, fmt.Errorf("[min_shingle_size] must be at least 2, [max_shingle_size] at least [min_shingle_size] and at most %d", maxShingle)
	}
	single, err := d.boolean("output_unigrams", true)
	if err != nil {
		return nil, err
	}
	if err := p.limits.checkShingles(least, most, single); err != nil {
		return nil, err
	}
	alone, err := d.boolean("output_unigrams_if_no_shingles", false)
	if err != nil {
		return nil, err
	}
	between, filler := d.text("token_separator", " "), d.text("filler_token", "_")
	return func(tokens []Token) []Token {
		return joinNeighbours(fillGaps(tokens, filler), least, most, single || alone && len(tokens) < least, between)
	}, nil
}

// fillGaps puts a filler where tokens were left out.
func fillGaps(tokens []Token, filler string) []Token {
	var out []Token
	next := 0
	for i, t := range tokens {
		if i == 0 {
			next = t.Position
		}
		for ; next < t.Position && len(out) < len(tokens)*2+maxShingle; next++ {
			out = append(out, Token{Bytes: []byte(filler), Position: next, Start: t.Start, End: t.Start, filler: true})
		}
		next = t.Position + 1
		out = append(out, t)
	}
	return out
}

func joinNeighbours(tokens []Token, least, most int, single bool, between string) []Token {
	var out []Token
	for i, t := range tokens {
		if single && !t.filler {
			out = append(out, t)
		}
		joined := slices.Clone(t.Bytes)
		real := !t.filler
		for n := 2; n <= most && i+n <= len(tokens); n++ {
			last := tokens[i+n-1]
			real = real || !last.filler
			joined = append(append(joined, between...), last.Bytes...)
			if n >= least && real {
				end := last.End
				out = append(out, Token{Bytes: slices.Clone(joined), Position: t.Position, Start: t.Start, End: max(end, t.End), Type: "shingle"})
			}
		}
	}
	return out
}

// removeDuplicates leaves out tokens that stand at the same position twice.
func removeDuplicates(tokens []Token) []Token {
	var out []Token
	first := 0
	for _, t := range tokens {
		if len(out) > 0 && out[len(out)-1].Position != t.Position {
			first = len(out)
		}
		if !slices.ContainsFunc(out[first:], func(o Token) bool { return bytes.Equal(o.Bytes, t.Bytes) }) {
			out = append(out, t)
		}
	}
	return out
}

// repeatKeywords gives each token twice: once as a keyword that stemming leaves alone.
func repeatKeywords(tokens []Token) []Token {
	var out []Token
	for _, t := range tokens {
		kept := t
		kept.Keyword = true
		out = append(out, kept, t)
	}
	return out
}

// fingerprint makes one token of all, sorted and each once.
func fingerprint(d *definition) (wholeFilter, error) {
	most, err := d.integer("max_output_size", 255)
	if err != nil {
		return nil, err
	}
	between := d.text("separator", " ")
	return func(tokens []Token) []Token {
		var words []string
		end := 0
		for _, t := range tokens {
			words = append(words, string(t.Bytes))
			end = max(end, t.End)
		}
		slices.Sort(words)
		joined := strings.Join(slices.Compact(words), between)
		if len(words) == 0 || utf8.RuneCountInString(joined) > most {
			return nil
		}
		return []Token{{Bytes: []byte(joined), End: end, Type: "fingerprint"}}
	}, nil
}

// cjkBigrams joins neighbouring characters of Chinese, Japanese and Korean.
func cjkBigrams(d *definition) (wholeFilter, error) {
	single, err := d.boolean("output_unigrams", false)
	if err != nil {
		return nil, err
	}
	ignored := d.list("ignored_scripts")
	tables := []*unicode.RangeTable{}
	for name, t := range map[string]*unicode.RangeTable{"han": unicode.Han, "hiragana": unicode.Hiragana, "katakana": unicode.Katakana, "hangul": unicode.Hangul} {
		if !slices.Contains(ignored, name) {
			tables = append(tables, t)
		}
	}
	return func(tokens []Token) []Token { return bigrams(tokens, tables, single) }, nil
}

func bigrams(tokens []Token, tables []*unicode.RangeTable, single bool) []Token {
	var chars []Token // characters of the run at hand
	var out []Token
	position := 0
	emit := func(t Token, step int) {
		t.Position = position
		position += step
		out = append(out, t)
	}
	flush := func() {
		for i, c := range chars {
			if len(chars) == 1 || single {
				step := 1
				if single && len(chars) > 1 && i+1 < len(chars) {
					step = 0
				}
				c.Type = "<SINGLE>"
				emit(c, step)
			}
			if i+1 < len(chars) {
				n := chars[i+1]
				emit(Token{Bytes: append(slices.Clone(c.Bytes), n.Bytes...), Start: c.Start, End: n.End, Type: "<DOUBLE>"}, 1)
			}
		}
		chars = chars[:0]
	}
	for _, t := range tokens {
		r, _ := utf8.DecodeRune(t.Bytes)
		if !unicode.In(r, tables...) {
			flush()
			emit(t, 1)
			continue
		}
		if len(chars) > 0 && chars[len(chars)-1].End != t.Start {
			flush()
		}
		at := t.Start
		for i := 0; i < len(t.Bytes); {
			_, n := utf8.DecodeRune(t.Bytes[i:])
			chars = append(chars, Token{Bytes: t.Bytes[i : i+n], Start: at, End: at + n})
			i, at = i+n, at+n
		}
	}
	flush()
	return out
}

// patternCapture makes a token of each group of patterns, and keeps the token itself unless told not to.
func patternCapture(d *definition) (wholeFilter, error) {
	original, err := d.boolean("preserve_original", true)
	if err != nil {
		return nil, err
	}
	patterns, err := d.regexps("patterns")
	if err != nil {
		return nil, err
	}
	return func(tokens []Token) []Token {
		var out []Token
		for _, t := range tokens {
			first := len(out)
			if original {
				out = append(out, t)
			}
			for _, re := range patterns {
				for _, m := range re.FindAllSubmatchIndex(t.Bytes, -1) {
					for g := 2; g+1 < len(m); g += 2 {
						if m[g] < 0 || m[g] == m[g+1] || original && m[g] == 0 && m[g+1] == len(t.Bytes) {
							continue
						}
						part := t
						part.Bytes = t.Bytes[m[g]:m[g+1]]
						out = append(out, part)
					}
				}
			}
			if len(out) == first {
				out = append(out, t)
			}
		}
		return out
	}, nil
}

// fillFingerprint builds the fingerprint analyzer.
func (c *custom) fillFingerprint(d *definition) error {
	c.split = rawStandard
	c.add(mapFilter(lowercaseValue))
	c.add(mapFilter(foldASCII))
	if err := c.stop(d, "_none_"); err != nil {
		return err
	}
	join, err := fingerprint(d)
	c.filters = append(c.filters, customFilter{whole: join})
	return err
}
