package analysis

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// language is an analyzer for texts in one language: its words in lower case, without stop words, brought to their stems.
type language struct {
	// before and after are filters on both sides of leaving out stop words.
	before, after []func([]byte) []byte
	stem          string
	articles      string // words before an apostrophe that are taken off
}

var languages = map[string]language{
	"danish":    {before: lowered, stem: "danish"},
	"dutch":     {before: lowered, stem: "dutch"},
	"english":   {before: []func([]byte) []byte{dropPossessive, lowercaseValue}, stem: "porter"},
	"finnish":   {before: lowered, stem: "finnish"},
	"german":    {before: lowered, after: []func([]byte) []byte{normalizeGerman}, stem: "light_german"},
	"hungarian": {before: lowered, stem: "hungarian"},
	"italian":   {before: lowered, stem: "light_italian", articles: italianArticles},
	"norwegian": {before: lowered, stem: "norwegian"},
	"romanian":  {before: lowered, stem: "romanian"},
	"russian":   {before: lowered, stem: "russian"},
	"spanish":   {before: lowered, stem: "light_spanish"},
	"swedish":   {before: lowered, stem: "swedish"},
	"turkish":   {before: []func([]byte) []byte{dropApostrophe, lowerTurkish}, stem: "turkish"},
}

var lowered = []func([]byte) []byte{lowercaseValue}

// Words that are written together with the next one.
const (
	italianArticles = "c l all dall dell nell sull coll pell gl agl dagl degl negl sugl un m t s v d"
	frenchArticles  = "l m t qu n s j d c jusqu quoiqu lorsqu puisqu"
)

// languageNames lists the languages that have an analyzer, sorted.
func languageNames() []string {
	names := make([]string, 0, len(languages))
	for name := range languages {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// fillLanguage builds a language's analyzer.
func (c *custom) fillLanguage(name string, d *definition) error {
	lang := languages[name]
	c.split = rawStandard
	if lang.articles != "" {
		c.add(mapFilter(elide(wordSet(strings.Fields(lang.articles)), true)))
	}
	for _, change := range lang.before {
		c.add(mapFilter(change))
	}
	words, err := d.stopWords("_" + name + "_")
	if err != nil {
		return err
	}
	if len(words) > 0 {
		c.add(stopFilter(words, false))
	}
	if keep := d.list("stem_exclusion"); len(keep) > 0 {
		c.add(markFilter(wordTest(keep, false)))
	}
	for _, change := range lang.after {
		c.add(stemFilter(change))
	}
	stem, err := stemmer(lang.stem)
	if err != nil {
		return fmt.Errorf("analyzer type [%s]: %w", name, err)
	}
	c.add(stemFilter(stem))
	return nil
}

func wordSet(words []string) map[string]bool {
	set := map[string]bool{}
	for _, w := range words {
		set[w] = true
	}
	return set
}

// wordTest tests whether a token is one of some words.
func wordTest(words []string, fold bool) func([]byte) bool {
	set := wordSet(words)
	if !fold {
		return func(t []byte) bool { return set[string(t)] }
	}
	lower := map[string]bool{}
	for w := range set {
		lower[strings.ToLower(w)] = true
	}
	return func(t []byte) bool { return lower[string(lowercaseValue(t))] }
}

// markFilter marks tokens that stemming leaves alone.
func markFilter(keep func([]byte) bool) tokenFilter {
	run := func(t Token, next func(Token) bool) bool {
		t.Keyword = t.Keyword || keep(t.Bytes)
		return next(t)
	}
	return func() filterRun { return run }
}

// elide takes an article and its apostrophe off a word.
func elide(articles map[string]bool, fold bool) func([]byte) []byte {
	return func(t []byte) []byte {
		for i, r := range string(t) {
			if r != '\'' && r != '’' {
				continue
			}
			article := t[:i]
			if fold {
				article = lowercaseValue(article)
			}
			if articles[string(article)] {
				return t[i+utf8.RuneLen(r):]
			}
			return t
		}
		return t
	}
}

// dropApostrophe takes off an apostrophe and what follows it.
func dropApostrophe(t []byte) []byte {
	if i := bytes.IndexAny(t, "'’"); i >= 0 {
		return t[:i]
	}
	return t
}

// lowerTurkish knows the two i of Turkish.
func lowerTurkish(t []byte) []byte {
	return []byte(strings.ToLowerSpecial(unicode.TurkishCase, string(t)))
}

// normalizeGerman replaces umlauts, their spelling with e, and ß.
func normalizeGerman(t []byte) []byte {
	var out []rune
	vowel, umlaut := true, false // what the letter before was: one after which "ue" is no umlaut; one that e makes an umlaut
	for _, r := range string(t) {
		switch r {
		case 'a', 'o':
			vowel, umlaut = false, true
		case 'u':
			umlaut, vowel = !vowel || len(out) == 0, false
		case 'e':
			if umlaut {
				vowel, umlaut = true, false
				continue
			}
			vowel = true
		case 'i', 'q', 'y':
			vowel, umlaut = true, false
		case 'ä', 'ö', 'ü':
			r = map[rune]rune{'ä': 'a', 'ö': 'o', 'ü': 'u'}[r]
			vowel, umlaut = true, false
		case 'ß':
			out = append(out, 's')
			r = 's'
			vowel, umlaut = false, false
		default:
			vowel, umlaut = false, false
		}
		out = append(out, r)
	}
	return []byte(string(out))
}
