package analysis

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tokenFilter builds the token filter of a name, which stands behind what an analyzer has so far: nil is a filter that no
// analyzer uses.
func (p *parts) tokenFilter(name string, before *custom) (customFilter, error) {
	d := p.definition("filter", name)
	typ := d.text("type", name)
	f := customFilter{name: name, typ: typ, rules: rulesBehind(typ, d)}
	var all bool
	var err error
	if f.whole, all, err = p.buildWhole(typ, d, before); !all {
		f.stream, err = p.buildFilter(typ, d)
	}
	if err == nil {
		err = d.unused()
	}
	if err != nil {
		return f, inPart("filter", name, err)
	}
	return f, nil
}

func (p *parts) buildFilter(typ string, d *definition) (tokenFilter, error) {
	switch typ {
	case "lowercase":
		switch language := d.text("language", ""); language {
		case "":
			return mapFilter(lowercaseValue), nil
		case "turkish":
			return mapFilter(lowerTurkish), nil
		default:
			return nil, fmt.Errorf("[language] [%s] is not supported", language)
		}
	case "uppercase":
		return mapFilter(bytes.ToUpper), nil
	case "asciifolding":
		keep, err := d.boolean("preserve_original", false)
		if err != nil {
			return nil, err
		}
		if keep {
			return keepingFilter(foldASCII), nil
		}
		return mapFilter(foldASCII), nil
	case "trim":
		return mapFilter(bytes.TrimSpace), nil
	case "reverse":
		return mapFilter(reversed), nil
	case "decimal_digit":
		return mapFilter(latinDigits), nil
	case "truncate":
		return truncateFilter(d)
	case "stop":
		return buildStop(d)
	case "length":
		return lengthFilter(d)
	case "limit":
		return limitFilter(d)
	case "unique":
		return uniqueFilter, nil
	case "ngram", "nGram":
		return p.gramFilter(d, false)
	case "edge_ngram", "edgeNGram":
		return p.gramFilter(d, true)
	case "pattern_replace":
		replace, err := replacing(d)
		if err != nil {
			return nil, err
		}
		return mapFilter(replace), nil
	}
	if build, ok := moreFilters[typ]; ok {
		return build(d)
	}
	return nil, fmt.Errorf("filter type [%s] is not supported; this version has %s", typ, strings.Join(filterNames(), ", "))
}

// mapFilter changes each token by itself. A token that becomes empty stays, as in Lucene.
func mapFilter(change func([]byte) []byte) tokenFilter {
	run := func(t Token, next func(Token) bool) bool {
		t.Bytes = change(t.Bytes)
		return next(t)
	}
	return func() filterRun { return run }
}

// keepFilter leaves out tokens that fail a test.
func keepFilter(keep func([]byte) bool) tokenFilter {
	run := func(t Token, next func(Token) bool) bool { return !keep(t.Bytes) || next(t) }
	return func() filterRun { return run }
}

// lowercaseValue is the normalizer and filter "lowercase". It returns memory of its own unless nothing changes.
func lowercaseValue(value []byte) []byte {
	for i, c := range value {
		if c >= utf8.RuneSelf || c-'A' <= 'Z'-'A' {
			out := append(make([]byte, 0, len(value)), value[:i]...)
			for _, r := range string(value[i:]) {
				out = utf8.AppendRune(out, unicode.ToLower(r))
			}
			return out
		}
	}
	return value
}

func reversed(t []byte) []byte {
	runes := []rune(string(t))
	slices.Reverse(runes)
	return []byte(string(runes))
}

// latinDigits turns decimal digits of all scripts into 0 to 9.
func latinDigits(t []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r < utf8.RuneSelf || !unicode.IsDigit(r) {
			return r
		}
		zero := r // digits of a script stand together, from 0 to 9
		for unicode.IsDigit(zero-1) && r-zero < 9 {
			zero--
		}
		return '0' + (r - zero)
	}, t)
}

func truncateFilter(d *definition) (tokenFilter, error) {
	n, err := d.integer("length", 10)
	if err != nil {
		return nil, err
	}
	return mapFilter(func(t []byte) []byte {
		at := 0
		for range n {
			_, size := utf8.DecodeRune(t[at:])
			at += size
		}
		return t[:at]
	}), nil
}

func buildStop(d *definition) (tokenFilter, error) {
	words, err := d.stopWords("_english_")
	if err != nil {
		return nil, err
	}
	fold, err := d.boolean("ignore_case", false)
	if err != nil {
		return nil, err
	}
	if trailing, err := d.boolean("remove_trailing", true); err != nil || !trailing {
		return nil, fmt.Errorf("[remove_trailing] must be true")
	}
	return stopFilter(words, fold), nil
}

func stopFilter(words map[string]bool, fold bool) tokenFilter {
	if !fold {
		return keepFilter(func(t []byte) bool { return !words[string(t)] })
	}
	lower := map[string]bool{}
	for w := range words {
		lower[strings.ToLower(w)] = true
	}
	return keepFilter(func(t []byte) bool { return !lower[string(lowercaseValue(t))] })
}

func lengthFilter(d *definition) (tokenFilter, error) {
	least, err := d.integer("min", 0)
	if err != nil {
		return nil, err
	}
	most, err := d.integer("max", 1<<31-1)
	if err != nil {
		return nil, err
	}
	return keepFilter(func(t []byte) bool {
		n := utf8.RuneCount(t)
		return n >= least && n <= most
	}), nil
}

// keepingFilter gives a token and, where it is another, what becomes of it.
func keepingFilter(change func([]byte) []byte) tokenFilter {
	run := func(t Token, next func(Token) bool) bool {
		changed := change(t.Bytes)
		if bytes.Equal(changed, t.Bytes) {
			return next(t)
		}
		other := t
		other.Bytes = changed
		return next(other) && next(t)
	}
	return func() filterRun { return run }
}

func limitFilter(d *definition) (tokenFilter, error) {
	most, err := d.integer("max_token_count", 1)
	if err != nil {
		return nil, err
	}
	if _, err := d.boolean("consume_all_tokens", false); err != nil { // what is consumed and left out changes nothing
		return nil, err
	}
	return func() filterRun {
		n := 0
		return func(t Token, next func(Token) bool) bool {
			n++
			return n <= most && next(t)
		}
	}, nil
}

// uniqueFilter leaves out tokens that the text had before.
func uniqueFilter() filterRun {
	seen := map[string]bool{}
	return func(t Token, next func(Token) bool) bool {
		if seen[string(t.Bytes)] {
			return true
		}
		seen[string(t.Bytes)] = true
		return next(t)
	}
}

func (p *parts) gramFilter(d *definition, edge bool) (tokenFilter, error) {
	shortest, longest, err := p.gramSizes(d, edge)
	if err != nil {
		return nil, err
	}
	keep, err := d.boolean("preserve_original", false)
	if err != nil {
		return nil, err
	}
	if side := d.text("side", "front"); side != "front" {
		return nil, fmt.Errorf("[side] [%s] is not supported; reverse the tokens before and after", side)
	}
	run := func(t Token, next func(Token) bool) bool {
		going := true
		if n := utf8.RuneCount(t.Bytes); keep && (n < shortest || n > longest) {
			defer func() { going = going && next(t) }()
		}
		eachGram(t.Bytes, shortest, longest, edge, func(start, end int) bool {
			gram := t
			gram.Bytes = t.Bytes[start:end]
			going = next(gram)
			return going
		})
		return going
	}
	return func() filterRun { return run }, nil
}

// replacing reads pattern and replacement. Java's $1 is ${1} here, so that letters may follow it.
func replacing(d *definition) (func([]byte) []byte, error) {
	re, err := d.regexp("pattern", "")
	if err != nil {
		return nil, err
	}
	if !d.has("pattern") {
		return nil, fmt.Errorf("pattern is missing")
	}
	all, err := d.boolean("all", true)
	if err != nil {
		return nil, err
	}
	replacement := groupReference.ReplaceAll([]byte(d.text("replacement", "")), []byte("$${$1}"))
	if all {
		return func(t []byte) []byte { return re.ReplaceAll(t, replacement) }, nil
	}
	return func(t []byte) []byte {
		m := re.FindSubmatchIndex(t)
		if m == nil {
			return t
		}
		out := re.Expand(bytes.Clone(t[:m[0]]), replacement, t, m)
		return append(out, t[m[1]:]...)
	}, nil
}

var groupReference = regexp.MustCompile(`\$(\d+)`)

// charFilter builds the character filter of a name.
func (p *parts) charFilter(name string) (charFilter, error) {
	d := p.definition("char_filter", name)
	f, err := buildCharFilter(d.text("type", name), d)
	if err == nil {
		err = d.unused()
	}
	if err != nil {
		return nil, fmt.Errorf("char_filter [%s]: %w", name, err)
	}
	return f, nil
}

func buildCharFilter(typ string, d *definition) (charFilter, error) {
	switch typ {
	case "html_strip":
		keep := map[string]bool{}
		for _, tag := range d.list("escaped_tags") {
			keep[strings.ToLower(tag)] = true
		}
		d.text("read_ahead", "")
		return func(text []byte) []byte { return stripHTML(text, keep) }, nil
	case "mapping":
		return mappingFilter(d)
	case "pattern_replace":
		replace, err := replacing(d)
		return replace, err
	}
	return nil, fmt.Errorf("char_filter type [%s] is not supported; this version has html_strip, mapping, pattern_replace", typ)
}

var htmlTag = regexp.MustCompile(`(?is)<!--.*?-->|<script\b.*?</script\s*>|<style\b.*?</style\s*>|</?([a-z][a-z0-9:-]*)[^>]*>|<[!?][^>]*>`)

// blockTags are tags that separate lines; others are taken out without leaving anything.
var blockTags = wordSet(strings.Fields(`address article aside blockquote body br center dd dir div dl dt fieldset footer form frameset h1 h2 h3 h4 h5 h6
	head header hr html isindex li menu nav noframes noscript ol optgroup option p pre section select table tbody td textarea tfoot th thead title tr ul script style`))

// stripHTML takes tags out, except those to keep, and reads character references. A tag of a block becomes a line end.
func stripHTML(text []byte, keep map[string]bool) []byte {
	stripped := htmlTag.ReplaceAllFunc(text, func(tag []byte) []byte {
		m := htmlTag.FindSubmatch(tag)
		name := strings.ToLower(string(m[1]))
		switch {
		case name != "" && keep[name]:
			return tag
		case blockTags[name], name == "" && len(tag) > 2 && tag[1] != '!' && tag[1] != '?':
			return []byte("\n")
		}
		return nil
	})
	return []byte(html.UnescapeString(string(stripped)))
}

func mappingFilter(d *definition) (charFilter, error) {
	var pairs []string
	for _, m := range d.list("mappings") {
		from, to, ok := strings.Cut(m, "=>")
		if from = strings.TrimSpace(from); !ok || from == "" {
			return nil, fmt.Errorf("invalid mapping rule : [%s]", m)
		}
		pairs = append(pairs, from, strings.TrimSpace(to))
	}
	if len(pairs) == 0 {
		return nil, fmt.Errorf("mapping requires either `mappings` or `mappings_path` to be configured")
	}
	replacer := strings.NewReplacer(longestFirst(pairs)...)
	return func(text []byte) []byte { return []byte(replacer.Replace(string(text))) }, nil
}

// longestFirst sorts pairs so that of several that fit at a place the longest wins.
func longestFirst(pairs []string) []string {
	type pair struct{ from, to string }
	var list []pair
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, pair{pairs[i], pairs[i+1]})
	}
	slices.SortStableFunc(list, func(a, b pair) int { return len(b.from) - len(a.from) })
	out := pairs[:0]
	for _, p := range list {
		out = append(out, p.from, p.to)
	}
	return out
}
