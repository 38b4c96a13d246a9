package analysis

import (
	"bytes"
	"fmt"
	"regexp"
	"unicode/utf8"
)

// classicWords are the tokens of the classic tokenizer: words, with apostrophes, as acronyms, companies, addresses of mail and of hosts, and
// numbers with what holds them together. The longest that fits at a place is taken.
var classicWords = func() *regexp.Regexp {
	const (
		word   = `[\pL\pN]+`
		alpha  = `\pL+`
		digits = `[\pL\pN]*\pN[\pL\pN]*`
		joint  = `[_\-/.,]`
	)
	re := regexp.MustCompile(`[\p{Han}\p{Hiragana}]|` + word + `|` + alpha + `(?:'` + alpha + `)+|\pL\.(?:\pL\.)+|` + alpha + `[&@]` + alpha + `|` +
		word + `(?:[.\-_]` + word + `)*@` + word + `(?:[.\-]` + word + `)+|` + word + `(?:\.` + word + `)+|` +
		word + `(?:` + joint + digits + `)(?:` + joint + word + joint + digits + `)*(?:` + joint + word + `)?|` +
		digits + `(?:` + joint + word + `)(?:` + joint + digits + joint + word + `)*(?:` + joint + digits + `)?`)
	re.Longest()
	return re
}()

// netWords are addresses of mail and of pages.
var netWords = regexp.MustCompile(`(?i)[a-z0-9._%+\-]+@[a-z0-9\-]+(?:\.[a-z0-9\-]+)+|(?:https?|ftps?|file)://[^\s<>"'` + "`" + `]*[^\s<>"'` + "`" + `.,;:!?)\]]|www\.[a-z0-9\-]+(?:\.[a-z0-9\-]+)+(?:/[^\s<>"'` + "`" + `]*[^\s<>"'` + "`" + `.,;:!?)\]])?`)

// buildMoreTokenizers builds the tokenizers of this file; nil when the type is none of them.
func buildMoreTokenizers(typ string, d *definition) (tokenizer, error) {
	switch typ {
	case "classic":
		if err := d.tokenLength(); err != nil {
			return nil, err
		}
		return matchTokenizer(classicWords), nil
	case "uax_url_email":
		if err := d.tokenLength(); err != nil {
			return nil, err
		}
		return netTokenizer, nil
	case "simple_pattern":
		re, err := d.regexp("pattern", "")
		if err != nil {
			return nil, err
		}
		re.Longest()
		return matchTokenizer(re), nil
	case "simple_pattern_split":
		re, err := d.regexp("pattern", "")
		if err != nil {
			return nil, err
		}
		re.Longest()
		return splitTokenizer(re, -1), nil
	}
	return nil, nil
}

// tokenLength accepts the length that tokens are cut at anyway.
func (d *definition) tokenLength() error {
	if n, err := d.integer("max_token_length", maxTokenRunes); err != nil || n != maxTokenRunes {
		return fmt.Errorf("[max_token_length] other than %d is not supported", maxTokenRunes)
	}
	return nil
}

// matchTokenizer makes a token of each match of a pattern.
func matchTokenizer(re *regexp.Regexp) tokenizer {
	return func(text []byte, yield func(Token) bool) {
		position := 0
		for _, m := range re.FindAllIndex(text, -1) {
			if m[0] == m[1] {
				continue
			}
			if !yield(Token{Bytes: text[m[0]:m[1]], Position: position, Start: m[0], End: m[1]}) {
				return
			}
			position++
		}
	}
}

// netTokenizer is the standard tokenizer that takes addresses as they are.
func netTokenizer(text []byte, yield func(Token) bool) {
	position, from, going := 0, 0, true
	words := func(to int) {
		rawStandard(text[from:to], func(t Token) bool {
			t.Start, t.End, t.Position = t.Start+from, t.End+from, position
			position++
			going = yield(t)
			return going
		})
	}
	for _, m := range netWords.FindAllIndex(text, -1) {
		if words(m[0]); !going {
			return
		}
		typ := "<URL>"
		if bytes.IndexByte(text[m[0]:m[1]], '@') >= 0 && !bytes.Contains(text[m[0]:m[1]], []byte("://")) {
			typ = "<EMAIL>"
		}
		if !yield(Token{Bytes: text[m[0]:m[1]], Position: position, Start: m[0], End: m[1], Type: typ}) {
			return
		}
		position++
		from = m[1]
	}
	words(len(text))
}

// pathTokenizer makes "/a", "/a/b", "/a/b/c" of a path, all at one position; the other way round "/a/b/c", "b/c", "c".
func pathTokenizer(d *definition) (tokenizer, error) {
	delimiter := d.text("delimiter", "/")
	replacement := d.text("replacement", delimiter)
	reverse, err := d.boolean("reverse", false)
	if err != nil {
		return nil, err
	}
	skip, err := d.integer("skip", 0)
	if err != nil {
		return nil, err
	}
	d.text("buffer_size", "")
	if utf8.RuneCountInString(delimiter) != 1 || utf8.RuneCountInString(replacement) > 1 {
		return nil, fmt.Errorf("[delimiter] and [replacement] must be one character")
	}
	return func(text []byte, yield func(Token) bool) {
		path := text
		if replacement != delimiter {
			path = bytes.ReplaceAll(text, []byte(delimiter), []byte(replacement))
		}
		for _, s := range pathSpans(text, delimiter, skip, reverse) {
			// A replacement of another length moves what it stands before.
			moved := func(at int) int {
				return at + bytes.Count(text[:at], []byte(delimiter))*(len(replacement)-len(delimiter))
			}
			if !yield(Token{Bytes: path[moved(s[0]):moved(s[1])], Start: s[0], End: s[1]}) {
				return
			}
		}
	}, nil
}

// pathSpans are the parts of a path, without the first ones that are skipped, or the last ones the other way round.
func pathSpans(text []byte, delimiter string, skip int, reverse bool) [][2]int {
	var cuts []int // where parts end
	for at := 1; at < len(text); at++ {
		if bytes.HasPrefix(text[at:], []byte(delimiter)) {
			cuts = append(cuts, at)
		}
	}
	if len(text) == 0 {
		return nil
	}
	var out [][2]int
	if !reverse {
		cuts = append(cuts, len(text))
		start := 0
		if skip > 0 {
			if skip >= len(cuts) {
				return nil
			}
			start = cuts[skip-1]
		}
		for _, cut := range cuts[min(skip, len(cuts)):] {
			out = append(out, [2]int{start, cut})
		}
		return out
	}
	starts := []int{0}
	for _, cut := range cuts {
		starts = append(starts, cut+len(delimiter))
	}
	if bytes.HasPrefix(text, []byte(delimiter)) && len(text) > len(delimiter) {
		starts = append([]int{0, len(delimiter)}, starts[1:]...)
	}
	if skip >= len(starts) {
		return nil
	}
	end := len(text)
	if skip > 0 {
		end = starts[len(starts)-skip]
	}
	for _, start := range starts[:len(starts)-skip] {
		if start < end {
			out = append(out, [2]int{start, end})
		}
	}
	return out
}
