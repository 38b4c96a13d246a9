package analysis

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"
)

// Registry holds the analyzers and normalizers of one index: the built-in ones and those that its settings
// define. It is immutable and safe for concurrent use.
type Registry struct {
	analyzers   map[string]Analyzer
	normalizers map[string]func([]byte) []byte
}

// NewRegistry builds what settings define. They are flat, by what follows "index.analysis.":
// "analyzer.NAME.type", "filter.NAME.stopwords" and so on; a list is written as "[a, b]". An error that is a LimitError says
// that only a limit forbids them.
func NewRegistry(settings map[string]string, limits Limits) (*Registry, error) {
	r := &Registry{analyzers: map[string]Analyzer{}, normalizers: map[string]func([]byte) []byte{"lowercase": lowercaseValue}}
	p := &parts{settings: settings, limits: limits}
	for _, name := range p.names("analyzer") {
		a, err := p.analyzer(name)
		if err != nil {
			return nil, inPart("analyzer", name, err)
		}
		r.analyzers[name] = a
	}
	for _, name := range p.names("normalizer") {
		n, err := p.normalizer(name)
		if err != nil {
			return nil, inPart("normalizer", name, err)
		}
		r.normalizers[name] = n
	}
	for _, kind := range []string{"tokenizer", "filter", "char_filter"} {
		for _, name := range p.names(kind) {
			if err := p.check(kind, name); err != nil {
				return nil, inPart(kind, name, err)
			}
		}
	}
	return r, nil
}

// Analyzer finds an analyzer by name; "" and "default" are what fields use that name none.
func (r *Registry) Analyzer(name string) (Analyzer, bool) {
	if name == "" {
		name = "default"
	}
	if a, ok := r.analyzers[name]; ok {
		return a, true
	}
	if name == "default" {
		return Default(), true
	}
	return Lookup(name)
}

// SearchDefault is the analyzer of queries on fields that name none: "default_search", else "default".
func (r *Registry) SearchDefault() Analyzer {
	if a, ok := r.analyzers["default_search"]; ok {
		return a
	}
	a, _ := r.Analyzer("default")
	return a
}

// Normalizer finds a normalizer by name; nil when there is none.
func (r *Registry) Normalizer(name string) func([]byte) []byte { return r.normalizers[name] }

// custom is an analyzer that settings define: character filters, a tokenizer and token filters.
type custom struct {
	name    string
	version uint32
	chars   []charFilter
	split   tokenizer
	filters []customFilter
}

// customFilter is a filter over single tokens, or one over all those of a text.
type customFilter struct {
	name, typ string
	stream    tokenFilter
	whole     wholeFilter // nil: stream
	rules     rulesUse
}

// rulesUse says what a filter does with the terms of synonym rules behind it.
type rulesUse uint8

const (
	rulesAnalyzed rulesUse = iota // they pass through it, as texts do
	rulesSkipped                  // they pass it by: it adds to tokens, or replaces them by others
	rulesRefused                  // it makes several tokens of one, so that no synonym filter may stand behind it
)

// rulesBehind is what a filter does with rules. Of those that make several tokens of one, Elasticsearch refuses the ones that
// settings define and passes by the ones that are only named.
func rulesBehind(typ string, d *definition) rulesUse {
	switch typ {
	case "synonym", "synonym_graph", "keyword_repeat", "flatten_graph":
		return rulesSkipped
	case "cjk_bigram":
		if d.values["output_unigrams"] == "true" {
			return rulesRefused
		}
	case "ngram", "nGram", "edge_ngram", "edgeNGram", "shingle", "word_delimiter", "word_delimiter_graph", "fingerprint":
		if len(d.values) == 0 {
			return rulesSkipped
		}
		return rulesRefused
	}
	return rulesAnalyzed
}

// add adds a filter over single tokens.
func (c *custom) add(f tokenFilter) { c.filters = append(c.filters, customFilter{stream: f}) }

// synonymsEdition tells analyzers with synonyms from those of before, which split the terms of rules at blanks.
const synonymsEdition = "synonyms=analyzed;"

// customVersion marks the versions of custom analyzers, which are hashes of their definitions.
const customVersion = 1 << 31

func (c *custom) Name() string    { return "index.analysis.analyzer." + c.name }
func (c *custom) Version() uint32 { return c.version }

// Tokens implements Analyzer. Where a character filter changes the text, offsets are those in the text as it was.
func (c *custom) Tokens(text []byte, yield func(Token) bool) {
	var moved []*offsetMap
	for _, f := range c.chars {
		was := text
		text = f(text)
		if m := changesOf(was, text); m != nil {
			moved = append(moved, m)
		}
	}
	sink := yield
	if len(moved) > 0 {
		sink = func(t Token) bool {
			for i := len(moved) - 1; i >= 0; i-- {
				t.Start, t.End = moved[i].before(t.Start), moved[i].before(t.End)
			}
			return yield(t)
		}
	}
	c.run(c.filters, func(yield func(Token) bool) { c.split(text, yield) }, sink)
}

// run sends the tokens of a source through filters. What stands behind a filter over all tokens begins when those are there.
func (c *custom) run(filters []customFilter, source func(yield func(Token) bool), sink func(Token) bool) {
	for i := len(filters) - 1; i >= 0; i-- {
		whole := filters[i].whole
		if whole == nil {
			run, next := filters[i].stream(), sink
			sink = func(t Token) bool { return run(t, next) }
			continue
		}
		var tokens []Token
		c.run(filters[:i], source, func(t Token) bool {
			t.Bytes = bytes.Clone(t.Bytes)
			tokens = append(tokens, t)
			return true
		})
		for _, t := range whole(tokens) {
			if !sink(t) {
				return
			}
		}
		return
	}
	source(sink)
}

// charFilter changes a text before it is split. It may return the text itself.
type charFilter func(text []byte) []byte

// tokenizer splits a text.
type tokenizer func(text []byte, yield func(Token) bool)

// tokenFilter starts a filter over the tokens of one text.
type tokenFilter func() filterRun

// filterRun passes on what becomes of a token; false ends the text.
type filterRun func(t Token, next func(Token) bool) bool

// parts reads definitions from settings.
type parts struct {
	settings map[string]string
	limits   Limits
}

// names lists what is defined of a kind, sorted.
func (p *parts) names(kind string) []string {
	found := map[string]bool{}
	for key := range p.settings {
		if rest, ok := strings.CutPrefix(key, kind+"."); ok {
			name, _, _ := strings.Cut(rest, ".")
			found[name] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// definition reads the parameters of one thing.
func (p *parts) definition(kind, name string) *definition {
	d := &definition{kind: kind, name: name, values: map[string]string{}, used: map[string]bool{"type": true, "version": true}}
	for key, value := range p.settings {
		if rest, ok := strings.CutPrefix(key, kind+"."+name+"."); ok {
			d.values[rest] = value
		}
	}
	return d
}

func (p *parts) analyzer(name string) (Analyzer, error) {
	d := p.definition("analyzer", name)
	c := &custom{name: name}
	err := p.fillAnalyzer(c, d)
	if err == nil {
		err = d.unused()
	}
	if err != nil {
		return nil, err
	}
	print := p.fingerprint(d)
	if slices.ContainsFunc(c.filters, func(f customFilter) bool { return f.typ == "synonym" || f.typ == "synonym_graph" }) {
		print += synonymsEdition
	}
	c.version = customVersion | uint32(xxhash.Sum64String(print))
	return c, nil
}

// fingerprint spells out a definition with all that it may refer to.
func (p *parts) fingerprint(d *definition) string {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(d.values)) {
		fmt.Fprintf(&b, "%q=%q;", key, d.values[key])
	}
	for _, key := range slices.Sorted(maps.Keys(p.settings)) {
		if !strings.HasPrefix(key, "analyzer.") && !strings.HasPrefix(key, "normalizer.") {
			fmt.Fprintf(&b, "%q=%q;", key, p.settings[key])
		}
	}
	return b.String()
}

func (p *parts) fillAnalyzer(c *custom, d *definition) error {
	typ := d.text("type", "")
	if typ == "" && d.has("tokenizer") {
		typ = "custom"
	}
	switch typ {
	case "custom":
		return p.fillCustom(c, d)
	case "standard":
		length, err := d.integer("max_token_length", maxTokenRunes)
		if err != nil {
			return err
		}
		c.split = Standard.Tokens
		if length != maxTokenRunes {
			return fmt.Errorf("[max_token_length] other than %d is not supported", maxTokenRunes)
		}
		return c.stop(d, "_none_")
	case "stop":
		c.split = Simple.Tokens
		return c.stop(d, "_english_")
	case "simple", "whitespace", "keyword":
		builtin, _ := Lookup(typ)
		c.split = builtin.Tokens
		return nil
	case "pattern":
		return c.fillPattern(d)
	case "fingerprint":
		return c.fillFingerprint(d)
	case "":
		return fmt.Errorf("must specify either an analyzer type, or a tokenizer")
	}
	if _, ok := languages[typ]; ok {
		return c.fillLanguage(typ, d)
	}
	return fmt.Errorf("analyzer type [%s] is not supported; this version has custom, fingerprint, keyword, pattern, simple, standard, stop, whitespace, %s", typ, strings.Join(languageNames(), ", "))
}

func (c *custom) stop(d *definition, fallback string) error {
	words, err := d.stopWords(fallback)
	if err == nil && len(words) > 0 {
		c.add(stopFilter(words, false))
	}
	return err
}

func (c *custom) fillPattern(d *definition) error {
	re, err := d.regexp("pattern", `\W+`)
	if err != nil {
		return err
	}
	c.split = splitTokenizer(re, -1)
	lower, err := d.boolean("lowercase", true)
	if err != nil {
		return err
	}
	if lower {
		c.add(mapFilter(lowercaseValue))
	}
	return c.stop(d, "_none_")
}

func (p *parts) fillCustom(c *custom, d *definition) error {
	var err error
	if c.split, err = p.tokenizer(d.text("tokenizer", "")); err != nil {
		return err
	}
	for _, name := range d.list("char_filter") {
		f, err := p.charFilter(name)
		if err != nil {
			return err
		}
		c.chars = append(c.chars, f)
	}
	for _, name := range d.list("filter") {
		f, err := p.tokenFilter(name, c)
		if err != nil {
			return err
		}
		c.filters = append(c.filters, f)
	}
	if gap, err := d.integer("position_increment_gap", 100); err != nil || gap != 100 {
		return fmt.Errorf("[position_increment_gap] other than 100 is not supported")
	}
	return nil
}

// normalizer builds a normalizer: filters that work on characters, over the value as one token.
func (p *parts) normalizer(name string) (func([]byte) []byte, error) {
	d := p.definition("normalizer", name)
	switch typ := d.text("type", "custom"); typ {
	case "custom":
	case "lowercase":
		return lowercaseValue, d.unused()
	default:
		return nil, fmt.Errorf("normalizer type [%s] is not supported", typ)
	}
	c := &custom{split: Keyword.Tokens}
	for _, name := range d.list("char_filter") {
		f, err := p.charFilter(name)
		if err != nil {
			return nil, err
		}
		c.chars = append(c.chars, f)
	}
	for _, name := range d.list("filter") {
		if typ := p.typeOf("filter", name); !normalizing[typ] {
			return nil, fmt.Errorf("custom normalizer may not use filter [%s]", name)
		}
		f, err := p.tokenFilter(name, c)
		if err != nil {
			return nil, err
		}
		c.filters = append(c.filters, f)
	}
	return c.normalize, d.unused()
}

// normalizing are the filters that change a token by its characters alone.
var normalizing = map[string]bool{"lowercase": true, "apostrophe": true, "elision": true, "cjk_width": true, "german_normalization": true, "scandinavian_folding": true, "scandinavian_normalization": true, "uppercase": true, "asciifolding": true, "trim": true, "pattern_replace": true, "decimal_digit": true}

// IsNormalizing says whether a type of filter may be part of a normalizer.
func IsNormalizing(filterType string) bool { return normalizing[filterType] }

func (c *custom) normalize(value []byte) []byte {
	out := []byte{}
	c.Tokens(value, func(t Token) bool {
		out = append(out, t.Bytes...)
		return true
	})
	return out
}

// typeOf is the type of a thing that a name stands for: its definition's, or the name itself.
func (p *parts) typeOf(kind, name string) string {
	if typ, ok := p.settings[kind+"."+name+".type"]; ok {
		return typ
	}
	return name
}

// check builds a definition, so that a mistake in one that nothing uses is told too.
func (p *parts) check(kind, name string) error {
	var err error
	switch kind {
	case "tokenizer":
		_, err = p.tokenizer(name)
	case "filter":
		_, err = p.tokenFilter(name, nil)
	default:
		_, err = p.charFilter(name)
	}
	return err
}
