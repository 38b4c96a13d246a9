package analysis

import (
	"fmt"
	"slices"
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/arabic"
	"github.com/blevesearch/snowballstem/danish"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/finnish"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/irish"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/norwegian"
	"github.com/blevesearch/snowballstem/porter"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/romanian"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"
	"github.com/blevesearch/snowballstem/swedish"
	"github.com/blevesearch/snowballstem/tamil"
	"github.com/blevesearch/snowballstem/turkish"
)

// snowballStemmers are the Snowball project's, by language.
var snowballStemmers = map[string]func(*snowballstem.Env) bool{
	"arabic_snowball": arabic.Stem, "danish": danish.Stem, "dutch": dutch.Stem, "english": english.Stem, "finnish": finnish.Stem, "french": french.Stem,
	"german": german.Stem, "hungarian": hungarian.Stem, "irish": irish.Stem, "italian": italian.Stem, "norwegian": norwegian.Stem, "porter": porter.Stem,
	"portuguese": portuguese.Stem, "romanian": romanian.Stem, "russian": russian.Stem, "spanish": spanish.Stem, "swedish": swedish.Stem,
	"tamil": tamil.Stem, "turkish": turkish.Stem,
}

// stemmerNames are the names of the filter "stemmer", with the stemmer each stands for.
var stemmerNames = map[string]string{
	"english": "porter", "porter": "porter", "porter2": "english", "german2": "", "possessive_english": "possessive", "light_german": "light_german",
	"light_spanish": "light_spanish", "light_italian": "light_italian", "minimal_english": "minimal_english",
	"danish": "danish", "dutch": "dutch", "finnish": "finnish", "french": "french", "german": "german", "hungarian": "hungarian", "irish": "irish",
	"italian": "italian", "norwegian": "norwegian", "portuguese": "portuguese", "romanian": "romanian", "russian": "russian", "spanish": "spanish",
	"swedish": "swedish", "tamil": "tamil", "turkish": "turkish",
}

// ownStemmers are those that are not Snowball's.
var ownStemmers = map[string]func([]byte) []byte{
	"possessive": dropPossessive, "light_german": runeStemmer(lightGerman), "light_spanish": runeStemmer(lightSpanish),
	"light_italian": runeStemmer(lightItalian), "minimal_english": runeStemmer(minimalEnglish),
}

// stemmer returns what brings words to their stems.
func stemmer(name string) (func([]byte) []byte, error) {
	if own, ok := ownStemmers[name]; ok {
		return own, nil
	}
	stem, ok := snowballStemmers[name]
	if !ok {
		return nil, fmt.Errorf("a stemmer for [%s] is not supported", name)
	}
	return func(t []byte) []byte {
		env := snowballstem.NewEnv(string(t))
		stem(env)
		return []byte(env.Current())
	}, nil
}

func buildStemmer(d *definition, fallback string) (func([]byte) []byte, error) {
	language := strings.ToLower(d.text("language", d.text("name", fallback)))
	name, ok := stemmerNames[language]
	if !ok || name == "" {
		known := make([]string, 0, len(stemmerNames))
		for n, to := range stemmerNames {
			if to != "" {
				known = append(known, n)
			}
		}
		slices.Sort(known)
		return nil, fmt.Errorf("[language] [%s] is not supported; this version has %s", language, strings.Join(known, ", "))
	}
	return stemmer(name)
}

// stemFilter stems tokens, those aside that keyword_marker keeps.
func stemFilter(stem func([]byte) []byte) tokenFilter {
	run := func(t Token, next func(Token) bool) bool {
		if !t.Keyword {
			t.Bytes = stem(t.Bytes)
		}
		return next(t)
	}
	return func() filterRun { return run }
}

// dropPossessive takes off 's.
func dropPossessive(t []byte) []byte {
	for _, mark := range []string{"'s", "'S", "’s", "’S", "＇s", "＇S"} {
		if rest, ok := strings.CutSuffix(string(t), mark); ok {
			return t[:len(rest)]
		}
	}
	return t
}

func runeStemmer(stem func([]rune) []rune) func([]byte) []byte {
	return func(t []byte) []byte { return []byte(string(stem([]rune(string(t))))) }
}

// plainVowels replaces vowels with marks.
func plainVowels(s []rune, pairs string) {
	list := []rune(pairs)
	for i, r := range s {
		for k := 0; k+1 < len(list); k += 2 {
			if list[k] == r {
				s[i] = list[k+1]
				break
			}
		}
	}
}

// lightGerman takes off the endings of plurals, cases and comparisons.
func lightGerman(s []rune) []rune {
	plainVowels(s, "äaàaáaâaöoòoóoôoïiìiíiîiüuùuúuûu")
	consonant := func(r rune) bool { return strings.ContainsRune("bdfghklmnt", r) }
	switch n := len(s); {
	case n > 5 && string(s[n-3:]) == "ern":
		s = s[:n-3]
	case n > 4 && s[n-2] == 'e' && strings.ContainsRune("mnrs", s[n-1]):
		s = s[:n-2]
	case n > 3 && s[n-1] == 'e', n > 3 && s[n-1] == 's' && consonant(s[n-2]):
		s = s[:n-1]
	}
	switch n := len(s); {
	case n > 5 && string(s[n-3:]) == "est":
		return s[:n-3]
	case n > 4 && (string(s[n-2:]) == "er" || string(s[n-2:]) == "en"), n > 4 && string(s[n-2:]) == "st" && consonant(s[n-3]):
		return s[:n-2]
	}
	return s
}

// lightSpanish takes off the endings of gender and number.
func lightSpanish(s []rune) []rune {
	n := len(s)
	if n < 5 {
		return s
	}
	plainVowels(s, "àaáaâaäaòoóoôoöoèeéeêeëeùuúuûuüuìiíiîiïi")
	switch s[n-1] {
	case 'o', 'a', 'e':
		return s[:n-1]
	case 's':
		switch {
		case string(s[n-4:]) == "eses":
			return s[:n-2]
		case string(s[n-3:]) == "ces":
			s[n-3] = 'z'
			return s[:n-2]
		case s[n-2] == 'o' || s[n-2] == 'a' || s[n-2] == 'e':
			return s[:n-2]
		}
	}
	return s
}

// lightItalian takes off the last vowels.
func lightItalian(s []rune) []rune {
	n := len(s)
	if n < 6 {
		return s
	}
	plainVowels(s, "àaáaâaäaòoóoôoöoèeéeêeëeùuúuûuüuìiíiîiïi")
	before := s[n-2]
	switch s[n-1] {
	case 'e', 'i':
		if before == 'i' || before == 'h' {
			return s[:n-2]
		}
		return s[:n-1]
	case 'a', 'o':
		if before == 'i' {
			return s[:n-2]
		}
		return s[:n-1]
	}
	return s
}

// minimalEnglish takes off the endings of plurals.
func minimalEnglish(s []rune) []rune {
	n := len(s)
	if n < 3 || s[n-1] != 's' {
		return s
	}
	switch s[n-2] {
	case 'u', 's':
		return s
	case 'e':
		if n > 3 && s[n-3] == 'i' && s[n-4] != 'a' && s[n-4] != 'e' {
			s[n-3] = 'y'
			return s[:n-2]
		}
		if s[n-3] == 'i' || s[n-3] == 'a' || s[n-3] == 'o' || s[n-3] == 'e' {
			return s
		}
	}
	return s[:n-1]
}
