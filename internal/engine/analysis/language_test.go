package analysis

import (
	"strings"
	"testing"
)

// TestMoreCustom checks filters, tokenizers and languages by what Elasticsearch makes of the same texts.
func TestMoreCustom(t *testing.T) {
	for _, tt := range []struct{ name, settings, text, want string }{
		{"english", "analyzer.a.type=english", "The running foxes' Peter's jumps", "run@1 fox@2 peter@3 jump@4"},
		{"german", "analyzer.a.type=german", "Ich lese die Bücher der Häuser", "les@1 buch@3 haus@5"},
		{"spanish", "analyzer.a.type=spanish", "los gatos felices", "gat@1 feliz@2"},
		{"italian", "analyzer.a.type=italian", "dell'acqua fresca", "acqua@0 fresc@1"},
		{"swedish", "analyzer.a.type=swedish", "jaktkarlarne och husen", "jaktkarl@0 hus@2"},
		{"exclusion", "analyzer.a.type=english analyzer.a.stem_exclusion=[running] analyzer.a.stopwords=_none_", "the running runs", "the@0 running@1 run@2"},
		{"stemmer", "filter.f.type=stemmer filter.f.language=english analyzer.a.tokenizer=whitespace analyzer.a.filter=f", "flying flies", "fly@0 fli@1"},
		{"snowball", "filter.f.type=snowball filter.f.language=French analyzer.a.tokenizer=whitespace analyzer.a.filter=f", "continuellement", "continuel@0"},
		{"keyword_marker", "filter.k.type=keyword_marker filter.k.keywords=[flying] analyzer.a.tokenizer=whitespace analyzer.a.filter=[k,porter_stem]", "flying flies", "flying@0 fli@1"},
		{"override", "filter.o.type=stemmer_override filter.o.rules.0=mice=>mouse analyzer.a.tokenizer=whitespace analyzer.a.filter=[o,porter_stem]", "mice cats", "mouse@0 cat@1"},
		{"elision", "filter.e.type=elision filter.e.articles=[l,d] analyzer.a.tokenizer=whitespace analyzer.a.filter=e", "l'avion d’or s'il", "avion@0 or@1 s'il@2"},
		{"keep", "filter.k.type=keep filter.k.keep_words=[a,c] analyzer.a.tokenizer=whitespace analyzer.a.filter=k", "a b c", "a@0 c@2"},
		{"shingle", "filter.s.type=shingle analyzer.a.tokenizer=whitespace analyzer.a.filter=s", "a b c", "a@0 a b@0 b@1 b c@1 c@2"},
		{"shingles alone", "filter.s.type=shingle filter.s.max_shingle_size=3 filter.s.output_unigrams=false analyzer.a.tokenizer=whitespace analyzer.a.filter=s", "a b c", "a b@0 a b c@0 b c@1"},
		{"shingle over a gap", "filter.s.type=shingle analyzer.a.tokenizer=whitespace analyzer.a.filter=[stop,s]", "one the two", "one@0 one _@0 _ two@1 two@2"},
		{"synonyms", "filter.s.type=synonym filter.s.synonyms.0=lol,laughing analyzer.a.tokenizer=whitespace analyzer.a.filter=s", "lol cat", "lol@0 laughing@0 cat@1"},
		{"synonyms replace", "filter.s.type=synonym filter.s.synonyms.0=foobar=>fred analyzer.a.tokenizer=whitespace analyzer.a.filter=s", "foobar x", "fred@0 x@1"},
		{"cjk", "analyzer.a.tokenizer=standard analyzer.a.filter=cjk_bigram", "東京 abc", "東京@0 abc@1"},
		{"fingerprint", "analyzer.a.type=fingerprint", "Yes yes, Gödel said this", "godel said this yes@0"},
		{"word delimiter", "analyzer.a.tokenizer=whitespace analyzer.a.filter=word_delimiter_graph", "Neil's-Super-Duper-XL500--42+AutoCoder", "Neil@0 Super@1 Duper@2 XL@3 500@4 42@5 Auto@6 Coder@7"},
		{"word delimiter joins", "filter.w.type=word_delimiter filter.w.catenate_all=true filter.w.generate_word_parts=false filter.w.generate_number_parts=false analyzer.a.tokenizer=whitespace analyzer.a.filter=w", "wi-fi-4", "wifi4@0"},
		{"capture", "filter.p.type=pattern_capture filter.p.patterns.0=(\\d+) analyzer.a.tokenizer=whitespace analyzer.a.filter=p", "abc123", "abc123@0 123@0"},
		{"repeat", "analyzer.a.tokenizer=whitespace analyzer.a.filter=[keyword_repeat,porter_stem,remove_duplicates]", "cats cat", "cats@0 cat@0 cat@1"},
		{"classic", "analyzer.a.tokenizer=classic", "Brown-Foxes don't jump. I.B.M. a@b.org XL-500", "Brown@0 Foxes@1 don't@2 jump@3 I.B.M.@4 a@b.org@5 XL-500@6"},
		{"addresses", "analyzer.a.tokenizer=uax_url_email", "Email me at john.smith@global-international.com or http://a.b/c?d.", "Email@0 me@1 at@2 john.smith@global-international.com@3 or@4 http://a.b/c?d@5"},
		{"simple pattern", "tokenizer.t.type=simple_pattern tokenizer.t.pattern=[abcdef0123456789]{4} analyzer.a.tokenizer=t", "a6bf fooo ff61", "a6bf@0 ff61@1"},
		{"simple pattern split", "tokenizer.t.type=simple_pattern_split tokenizer.t.pattern=== analyzer.a.tokenizer=t", "foo==bar", "foo@0 bar@1"},
		{"path backwards", "tokenizer.t.type=path_hierarchy tokenizer.t.reverse=true tokenizer.t.delimiter=- tokenizer.t.replacement=/ tokenizer.t.skip=2 analyzer.a.tokenizer=t", "one-two-three-four-five", "one/two/three/@0 two/three/@0 three/@0"},
		{"path skips", "tokenizer.t.type=path_hierarchy tokenizer.t.delimiter=- tokenizer.t.replacement=/ tokenizer.t.skip=2 analyzer.a.tokenizer=t", "one-two-three-four-five", "/three@0 /three/four@0 /three/four/five@0"},
		{"tags", "char_filter.h.type=html_strip char_filter.h.escaped_tags=[yyy] analyzer.a.tokenizer=keyword analyzer.a.char_filter=h", "<html>test<yyy>foo</yyy></html>", "\ntest<yyy>foo</yyy>\n@0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			flat := map[string]string{}
			for _, s := range strings.Fields(tt.settings) {
				key, value, _ := strings.Cut(s, "=")
				flat[key] = value
			}
			r, err := NewRegistry(flat, DefaultLimits)
			if err != nil {
				t.Fatal(err)
			}
			a, _ := r.Analyzer("a")
			if got := spelled(a, tt.text); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// TestOffsets checks that tokens say where they stand in the text as it was before character filters. What was taken out right behind a token counts as
// part of it, as in Lucene.
func TestOffsets(t *testing.T) {
	for _, tt := range []struct{ settings, text, want string }{
		{"char_filter.m.type=mapping char_filter.m.mappings.0=ph=>f char_filter.m.mappings.1=qu=>q analyzer.a.tokenizer=whitespace analyzer.a.char_filter=m", "jeff quit phish", "jeff|quit|phish"},
		{"analyzer.a.tokenizer=standard analyzer.a.char_filter=html_strip", "<b>one</b> two &amp; <p>three</p>", "one</b>|two|three"},
	} {
		flat := map[string]string{}
		for _, s := range strings.Fields(tt.settings) {
			key, value, _ := strings.Cut(s, "=")
			flat[key] = value
		}
		r, err := NewRegistry(flat, DefaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		a, _ := r.Analyzer("a")
		var got []string
		a.Tokens([]byte(tt.text), func(k Token) bool {
			got = append(got, tt.text[k.Start:k.End])
			return true
		})
		if strings.Join(got, "|") != tt.want {
			t.Errorf("%s: got %q, want %s", tt.text, got, tt.want)
		}
	}
}
