package analysis

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// moreFilters are filters over single tokens that have few options.
var moreFilters = map[string]func(d *definition) (tokenFilter, error){
	"apostrophe":                 plainFilter(dropApostrophe),
	"cjk_width":                  plainFilter(halfWidth),
	"classic":                    plainFilter(classicToken),
	"elision":                    elisionFilter,
	"german_normalization":       plainFilter(normalizeGerman),
	"keep":                       keepWords,
	"keyword_marker":             keywordMarker,
	"porter_stem":                func(*definition) (tokenFilter, error) { return namedStem("porter") },
	"scandinavian_folding":       plainFilter(foldScandinavian),
	"scandinavian_normalization": plainFilter(normalizeScandinavian),
	"snowball": func(d *definition) (tokenFilter, error) {
		name := strings.ToLower(d.text("language", "English"))
		if snowballStemmers[name] == nil {
			return nil, fmt.Errorf("[language] [%s] is not supported", name)
		}
		return namedStem(name)
	},
	"stemmer": func(d *definition) (tokenFilter, error) {
		stem, err := buildStemmer(d, "english")
		return stemFilter(stem), err
	},
	"stemmer_override": stemmerOverride,
}

// filterNames lists the filters, sorted.
func filterNames() []string {
	names := []string{
		"asciifolding", "decimal_digit", "edge_ngram", "length", "limit", "lowercase", "ngram", "pattern_replace", "reverse", "stop", "trim", "truncate", "unique", "uppercase",
		"shingle", "synonym", "synonym_graph", "cjk_bigram", "fingerprint", "remove_duplicates", "keyword_repeat", "word_delimiter", "word_delimiter_graph", "pattern_capture", "flatten_graph",
	}
	names = slices.AppendSeq(names, maps.Keys(moreFilters))
	slices.Sort(names)
	return names
}

func plainFilter(change func([]byte) []byte) func(*definition) (tokenFilter, error) {
	return func(*definition) (tokenFilter, error) { return mapFilter(change), nil }
}

func namedStem(name string) (tokenFilter, error) {
	stem, err := stemmer(name)
	return stemFilter(stem), err
}

func elisionFilter(d *definition) (tokenFilter, error) {
	articles := d.list("articles")
	if len(articles) == 0 {
		articles = strings.Fields(frenchArticles)
	}
	fold, err := d.boolean("articles_case", false)
	if err != nil {
		return nil, err
	}
	if fold {
		for i := range articles {
			articles[i] = strings.ToLower(articles[i])
		}
	}
	return mapFilter(elide(wordSet(articles), fold)), nil
}

func keepWords(d *definition) (tokenFilter, error) {
	words := d.list("keep_words")
	fold, err := d.boolean("keep_words_case", false)
	if err != nil {
		return nil, err
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("keep requires either `keep_words` or `keep_words_path` to be configured")
	}
	return keepFilter(wordTest(words, fold)), nil
}

func keywordMarker(d *definition) (tokenFilter, error) {
	fold, err := d.boolean("ignore_case", false)
	if err != nil {
		return nil, err
	}
	if d.has("keywords_pattern") {
		re, err := d.regexp("keywords_pattern", "")
		if err != nil {
			return nil, err
		}
		return markFilter(func(t []byte) bool {
			m := re.FindIndex(t)
			return m != nil && m[0] == 0 && m[1] == len(t)
		}), nil
	}
	words := d.list("keywords")
	if len(words) == 0 {
		return nil, fmt.Errorf("keyword filter requires either `keywords`, `keywords_path`, or `keywords_pattern` to be configured")
	}
	return markFilter(wordTest(words, fold)), nil
}

// stemmerOverride replaces words by stems, "a, b => c", which stemming leaves alone.
func stemmerOverride(d *definition) (tokenFilter, error) {
	stems := map[string][]byte{}
	for _, rule := range d.rawList("rules") {
		from, to, ok := strings.Cut(rule, "=>")
		if to = strings.TrimSpace(to); !ok || to == "" {
			return nil, fmt.Errorf("invalid keyword override rule: %s", rule)
		}
		for word := range strings.SplitSeq(from, ",") {
			stems[strings.TrimSpace(word)] = []byte(to)
		}
	}
	if len(stems) == 0 {
		return nil, fmt.Errorf("stemmer override filter requires either `rules` or `rules_path` to be configured")
	}
	run := func(t Token, next func(Token) bool) bool {
		if stem, ok := stems[string(t.Bytes)]; ok && !t.Keyword {
			t.Bytes, t.Keyword = stem, true
		}
		return next(t)
	}
	return func() filterRun { return run }, nil
}

// classicToken takes off possessives and the dots of acronyms.
func classicToken(t []byte) []byte {
	t = dropPossessive(t)
	if n := len(t); n > 3 && n%2 == 0 && bytes.Count(t, []byte(".")) == n/2 {
		return bytes.ReplaceAll(t, []byte("."), nil)
	}
	return t
}

// halfWidth brings full-width letters and digits to plain ones.
func halfWidth(t []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r >= 0xff01 && r <= 0xff5e {
			return r - 0xff01 + '!'
		}
		return r
	}, t)
}

var (
	scandinavianFold   = strings.NewReplacer("å", "a", "ä", "a", "æ", "a", "Å", "A", "Ä", "A", "Æ", "A", "ö", "o", "ø", "o", "Ö", "O", "Ø", "O", "aa", "a", "ae", "a", "ao", "a", "oe", "o", "oo", "o")
	scandinavianNormal = strings.NewReplacer("ä", "æ", "Ä", "Æ", "ö", "ø", "Ö", "Ø", "aa", "å", "ao", "å", "ae", "æ", "oe", "ø", "oo", "ø")
)

func foldScandinavian(t []byte) []byte      { return []byte(scandinavianFold.Replace(string(t))) }
func normalizeScandinavian(t []byte) []byte { return []byte(scandinavianNormal.Replace(string(t))) }

// languageAnalyzer finds a language's analyzer without options. Its version is that of an analyzer which settings define alike.
func languageAnalyzer(name string) (Analyzer, bool) {
	if known, ok := languageAnalyzers.Load(name); ok {
		return known.(Analyzer), true
	}
	if _, ok := languages[name]; !ok {
		return nil, false
	}
	p := &parts{settings: map[string]string{"analyzer." + name + ".type": name}}
	a, err := p.analyzer(name)
	if err != nil {
		return nil, false
	}
	languageAnalyzers.Store(name, a)
	return a, true
}

var languageAnalyzers sync.Map // name → Analyzer
