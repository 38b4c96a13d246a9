package analysis

import (
	"fmt"
	"maps"
	"strings"
	"testing"
)

// spelled prints an analyzer's tokens with their positions.
func spelled(a Analyzer, text string) string {
	var out []string
	a.Tokens([]byte(text), func(t Token) bool {
		out = append(out, fmt.Sprintf("%s@%d", t.Bytes, t.Position))
		return true
	})
	return strings.Join(out, " ")
}

func TestCustom(t *testing.T) {
	tests := []struct {
		name, settings, text, want string
	}{
		{"custom", "analyzer.a.type=custom analyzer.a.tokenizer=standard analyzer.a.filter=[lowercase,stop]", "The Quick-Brown fox", "quick@1 brown@2 fox@3"},
		{"type may be left out", "analyzer.a.tokenizer=whitespace analyzer.a.filter=lowercase", "A-B  c", "a-b@0 c@1"},
		{"standard with stop words", "analyzer.a.type=standard analyzer.a.stopwords=[foo,bar]", "a foo Bar b", "a@0 b@3"},
		{"stop with its own words", "analyzer.a.type=stop analyzer.a.stopwords=_none_", "the 1 b", "the@0 b@1"},
		{"pattern", `analyzer.a.type=pattern analyzer.a.pattern=,+`, "One,,Two three,", "one@0 two three@1"},
		{"pattern keeps case", `analyzer.a.type=pattern analyzer.a.pattern=, analyzer.a.lowercase=false`, "One,Two", "One@0 Two@1"},
		{"tokenizer by group", `tokenizer.t.type=pattern tokenizer.t.pattern=<(\w+)> tokenizer.t.group=1 analyzer.a.tokenizer=t`, "<a>b<c>", "a@0 c@1"},
		{"char group", `tokenizer.t.type=char_group tokenizer.t.tokenize_on_chars=[whitespace,-] analyzer.a.tokenizer=t`, "The QUICK-brown", "The@0 QUICK@1 brown@2"},
		{"path hierarchy", `analyzer.a.tokenizer=path_hierarchy`, "/one/two", "/one@0 /one/two@0"},
		{"letter", "analyzer.a.tokenizer=letter", "Don't 5", "Don@0 t@1"},
		{"edge grams", `tokenizer.t.type=edge_ngram tokenizer.t.min_gram=2 tokenizer.t.max_gram=3 tokenizer.t.token_chars=[letter,digit] analyzer.a.tokenizer=t`, "2 Quick", "Qu@0 Qui@1"},
		{"grams", `tokenizer.t.type=ngram tokenizer.t.min_gram=2 tokenizer.t.max_gram=3 analyzer.a.tokenizer=t`, "abc", "ab@0 abc@1 bc@2"},
		{"gram filter keeps the position", `filter.f.type=edge_ngram filter.f.min_gram=1 filter.f.max_gram=2 analyzer.a.tokenizer=standard analyzer.a.filter=f`, "ab cd", "a@0 ab@0 c@1 cd@1"},
		{"length", `filter.f.type=length filter.f.min=2 filter.f.max=3 analyzer.a.tokenizer=standard analyzer.a.filter=f`, "a bb ccc dddd", "bb@1 ccc@2"},
		{"limit", `filter.f.type=limit filter.f.max_token_count=2 analyzer.a.tokenizer=standard analyzer.a.filter=f`, "a b c", "a@0 b@1"},
		{"unique", `analyzer.a.tokenizer=whitespace analyzer.a.filter=unique`, "a b a", "a@0 b@1"},
		{"truncate", `filter.f.type=truncate filter.f.length=2 analyzer.a.tokenizer=whitespace analyzer.a.filter=f`, "äbc d", "äb@0 d@1"},
		{"reverse", `analyzer.a.tokenizer=whitespace analyzer.a.filter=reverse`, "abc dé", "cba@0 éd@1"},
		{"upper case", `analyzer.a.tokenizer=whitespace analyzer.a.filter=uppercase`, "abc é", "ABC@0 É@1"},
		{"folding", `analyzer.a.tokenizer=whitespace analyzer.a.filter=asciifolding`, "Ærøskøbing ﬁne Łódź ２", "AEroskobing@0 fine@1 Lodz@2 2@3"},
		{"digits", `analyzer.a.tokenizer=whitespace analyzer.a.filter=decimal_digit`, "१२३ 7", "123@0 7@1"},
		{"pattern_replace", `filter.f.type=pattern_replace filter.f.pattern=(\d+)ms filter.f.replacement=$1x analyzer.a.tokenizer=whitespace analyzer.a.filter=f`, "12ms ok", "12x@0 ok@1"},
		{"grams as far apart as they may be", `tokenizer.t.type=ngram tokenizer.t.min_gram=3 tokenizer.t.max_gram=4 analyzer.a.tokenizer=t`, "abcd", "abc@0 abcd@1 bcd@2"},
		{"synonyms of what the tokenizer makes", `tokenizer.t.type=ngram tokenizer.t.min_gram=3 tokenizer.t.max_gram=3 filter.s.type=synonym filter.s.synonyms=foobar=>fred analyzer.a.tokenizer=t analyzer.a.filter=s`, "foobar", "fre@0 red@1"},
		{"synonyms of what the filters before make", `filter.s.type=synonym filter.s.synonyms.0=DB,Data-Base analyzer.a.tokenizer=standard analyzer.a.filter=[lowercase,s]`, "The DB", "the@0 db@1 data@1 base@2"},
		{"synonyms are words at blanks only if the tokenizer says so", `filter.s.type=synonym filter.s.synonyms=e-mail=>mail analyzer.a.tokenizer=whitespace analyzer.a.filter=s`, "an e-mail", "an@0 mail@1"},
		{"what a filter before adds is not of the synonyms", `filter.s.type=synonym filter.s.synonyms=cafés=>bar filter.k.type=asciifolding filter.k.preserve_original=true analyzer.a.tokenizer=standard analyzer.a.filter=[k,s]`, "cafés", "bar@0 cafés@0"},
		{"synonyms of synonyms", `filter.r.type=synonym filter.r.synonyms=a=>b filter.s.type=synonym filter.s.synonyms=b=>c analyzer.a.tokenizer=standard analyzer.a.filter=[r,s]`, "a", "c@0"},
		{"commas behind backslashes", `filter.s.type=synonym filter.s.synonyms.0=a\,b=>c analyzer.a.tokenizer=whitespace analyzer.a.filter=s`, "a,b a", "c@0 a@1"},
		{"rules for one term come together", `filter.s.type=synonym filter.s.synonyms.0=a=>b filter.s.synonyms.1=a=>c,b analyzer.a.tokenizer=whitespace analyzer.a.filter=s`, "a", "b@0 c@0"},
		{"the longest phrase wins", `filter.s.type=synonym filter.s.synonyms.0=a=>x filter.s.synonyms.1=a-b=>y analyzer.a.tokenizer=standard analyzer.a.filter=s`, "a b a", "y@0 x@2"},
		{"terms that no token is made of", `filter.s.type=synonym filter.s.lenient=true filter.s.synonyms.0=the=>x filter.s.synonyms.1=a=>b analyzer.a.tokenizer=standard analyzer.a.filter=[stop,s]`, "the q a", "q@1"},
		{"char filters", `char_filter.m.type=mapping char_filter.m.mappings=[:)=>happy,:=>colon] analyzer.a.tokenizer=whitespace analyzer.a.char_filter=[html_strip,m]`, "<b>a</b> :) : &lt;", "a@0 happy@1 colon@2 <@3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			settings := map[string]string{}
			for _, s := range strings.Fields(tt.settings) {
				key, value, _ := strings.Cut(s, "=")
				settings[key] = value
			}
			r, err := NewRegistry(settings, DefaultLimits)
			if err != nil {
				t.Fatal(err)
			}
			a, ok := r.Analyzer("a")
			if !ok {
				t.Fatal("no analyzer [a]")
			}
			if got := spelled(a, tt.text); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if _, builtin := Lookup(a.Name()); builtin || !Current(a.Version()) {
				t.Errorf("name %s, version %d", a.Name(), a.Version())
			}
		})
	}
}

func TestRegistry(t *testing.T) {
	r, err := NewRegistry(map[string]string{
		"analyzer.default.type": "whitespace", "analyzer.default_search.type": "keyword",
		"normalizer.n.type": "custom", "normalizer.n.filter.0": "lowercase", "normalizer.n.filter.1": "asciifolding", "normalizer.n.filter.2": "trim",
	}, DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	a, _ := r.Analyzer("")
	if got := spelled(a, "A-b C"); got != "A-b@0 C@1" {
		t.Errorf("default: %s", got)
	}
	if got := spelled(r.SearchDefault(), "A-b C"); got != "A-b C@0" {
		t.Errorf("default_search: %s", got)
	}
	if got := string(r.Normalizer("n")([]byte(" ÉTÉ "))); got != "ete" {
		t.Errorf("normalizer: %q", got)
	}
	if got := string(r.Normalizer("lowercase")([]byte("ÉT"))); got != "ét" {
		t.Errorf("lowercase: %q", got)
	}
	if r.Normalizer("other") != nil {
		t.Error("a normalizer that nobody defined")
	}
	if a, ok := r.Analyzer("standard"); !ok || a.Version() != versionStandard {
		t.Error("standard is not the built-in one")
	}
}

func TestVersionsFollowDefinitions(t *testing.T) {
	version := func(settings map[string]string) uint32 {
		t.Helper()
		r, err := NewRegistry(settings, DefaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		a, _ := r.Analyzer("a")
		return a.Version()
	}
	one := map[string]string{"analyzer.a.tokenizer": "standard", "analyzer.a.filter": "f", "filter.f.type": "length", "filter.f.min": "2"}
	two := map[string]string{"analyzer.a.tokenizer": "standard", "analyzer.a.filter": "f", "filter.f.type": "length", "filter.f.min": "3"}
	if version(one) == version(two) {
		t.Error("a filter that differs gives the same version")
	}
	if version(one) != version(maps.Clone(one)) {
		t.Error("the same definition gives two versions")
	}
}

func TestRegistryRefuses(t *testing.T) {
	for settings, want := range map[string]string{
		"analyzer.a.filter=lowercase":                                                                                   "must specify either an analyzer type, or a tokenizer",
		"analyzer.a.tokenizer=kuromoji":                                                                                 "tokenizer type [kuromoji] is not supported",
		"analyzer.a.type=thai":                                                                                          "analyzer type [thai] is not supported",
		"analyzer.a.tokenizer=standard analyzer.a.filter=kstem":                                                         "filter type [kstem] is not supported",
		"filter.f.type=stemmer filter.f.language=klingon":                                                               "[language] [klingon] is not supported",
		"filter.f.type=synonym filter.f.synonyms_path=a.txt":                                                            "[synonyms_path] and [synonyms_set] are not supported",
		"analyzer.a.tokenizer=standard analyzer.a.flavour=x":                                                            "parameter [flavour] is not supported",
		"analyzer.a.type=standard analyzer.a.stopwords=_thai_":                                                          "stop words [_thai_] are not supported",
		"tokenizer.t.type=pattern tokenizer.t.pattern=(?<=a)b":                                                          "cannot be read",
		"normalizer.n.type=custom normalizer.n.filter=stop":                                                             "custom normalizer may not use filter [stop]",
		"filter.f.type=edge_ngram filter.f.min_gram=3 filter.f.max_gram=2":                                              "[min_gram] must be at least 1",
		"tokenizer.t.type=ngram tokenizer.t.min_gram=2 tokenizer.t.max_gram=4":                                          "The difference between max_gram and min_gram in NGram Tokenizer must be less than or equal to: [1] but was [2]. This limit can be set by changing the [index.max_ngram_diff] index level setting.",
		"analyzer.a.tokenizer=standard analyzer.a.filter=f filter.f.type=ngram filter.f.min_gram=1 filter.f.max_gram=3": "less than or equal to: [1] but was [2]",
		"filter.f.type=shingle filter.f.max_shingle_size=5":                                                             "(and +1 if outputting unigrams) must be less than or equal to: [3] but was [4]. This limit can be set by changing the [index.max_shingle_diff] index level setting.",
		"filter.g.type=edge_ngram filter.g.max_gram=9 filter.s.type=synonym filter.s.synonyms=a=>b analyzer.a.tokenizer=standard analyzer.a.filter=[g,s]": "Token filter [g] cannot be used to parse synonyms",
		"filter.s.type=synonym filter.s.synonyms=a=>b=>c":                                                                  "Invalid synonym rule at line 1: more than one explicit mapping specified on the same line",
		"filter.s.type=synonym filter.s.synonyms=the=>b analyzer.a.tokenizer=standard analyzer.a.filter=[stop,s]":          "Invalid synonym rule at line 1: term: the was completely eliminated by analyzer",
		"filter.s.type=synonym filter.s.synonyms=b=>state-of-art analyzer.a.tokenizer=standard analyzer.a.filter=[stop,s]": "term: state-of-art analyzed to a token (art) with position increment != 1 (got: 2)",
		"char_filter.c.type=mapping char_filter.c.mappings=[a]":                                                            "invalid mapping rule : [a]",
		"analyzer.a.tokenizer=standard analyzer.a.char_filter=icu_normalizer":                                              "char_filter type [icu_normalizer] is not supported",
		"tokenizer.t.type=char_group tokenizer.t.tokenize_on_chars=[ab]":                                                   "neither a character nor a group",
	} {
		flat := map[string]string{}
		for _, s := range strings.Fields(settings) {
			key, value, _ := strings.Cut(s, "=")
			flat[key] = value
		}
		if _, err := NewRegistry(flat, DefaultLimits); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\n got %v\nwant %s", settings, err, want)
		}
	}
}

// FuzzCustomTokens checks that no text breaks an analyzer, and that tokens come in order.
func FuzzCustomTokens(f *testing.F) {
	r, err := NewRegistry(map[string]string{
		"tokenizer.g.type": "ngram", "tokenizer.g.min_gram": "1", "tokenizer.g.max_gram": "3",
		"analyzer.grams.tokenizer": "g", "analyzer.grams.filter": "[lowercase, asciifolding, unique]",
		"analyzer.html.tokenizer": "standard", "analyzer.html.char_filter": "html_strip", "analyzer.html.filter": "[reverse, decimal_digit, trim]",
		"analyzer.path.tokenizer": "path_hierarchy", "analyzer.words.type": "pattern",
	}, NoLimits)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"", "The <b>Café</b> /a/b", "\xff\xfe", "१२ a,b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"grams", "html", "path", "words"} {
			a, _ := r.Analyzer(name)
			last := -1
			a.Tokens([]byte(text), func(tok Token) bool {
				if tok.Position < last {
					t.Fatalf("%s: position %d after %d", name, tok.Position, last)
				}
				last = tok.Position
				return true
			})
		}
	})
}
