package analysis

import (
	"fmt"
	"slices"
	"strings"
)

// maxSynonymPairs bounds what the rules of a filter may come to: n equivalent terms are n² pairs.
const maxSynonymPairs = 1_000_000

// synonymRule replaces words that follow each other by others.
type synonymRule struct {
	from []string
	to   [][]string
	keep bool // the words themselves stay
}

// synonymRules are rules by their first word, the longest first.
type synonymRules map[string][]*synonymRule

// synonymReader reads rules in Solr's form: "a, b => c, d" replaces, "a, b, c" makes all the same. Their terms are analyzed by what
// stands before the filter in its analyzer, so that they are the tokens that the filter gets.
type synonymReader struct {
	rules   synonymRules
	chain   *custom
	expand  bool // all equivalent terms stand for each other, not for the first
	lenient bool // a term that no token is made of is left out
	pairs   int
}

// synonyms builds a synonym filter behind what an analyzer has so far; nil is a filter that no analyzer uses.
func (p *parts) synonyms(d *definition, before *custom) (wholeFilter, error) {
	if d.has("synonyms_path") || d.has("synonyms_set") {
		return nil, fmt.Errorf("[synonyms_path] and [synonyms_set] are not supported; write the rules into [synonyms]")
	}
	if format := d.text("format", "solr"); format != "solr" {
		return nil, fmt.Errorf("[format] [%s] is not supported", format)
	}
	d.used["tokenizer"], d.used["ignore_case"] = true, true // of indices before version 6, and without effect in Elasticsearch too
	r := &synonymReader{rules: synonymRules{}}
	var err error
	if r.expand, err = d.boolean("expand", true); err != nil {
		return nil, err
	}
	updateable, err := d.boolean("updateable", false)
	if err != nil {
		return nil, err
	}
	if r.lenient, err = d.boolean("lenient", updateable); err != nil {
		return nil, err
	}
	if r.chain, err = before.forSynonyms(); err != nil {
		return nil, err
	}
	list := d.rawList("synonyms")
	if len(list) == 0 && !d.has("synonyms") {
		return nil, fmt.Errorf("synonym requires either `synonyms`, `synonyms_set` or `synonyms_path` to be configured")
	}
	for i, line := range list {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := r.add(line); err != nil {
			return nil, fmt.Errorf("failed to build synonyms: Invalid synonym rule at line %d: %w", i+1, err)
		}
	}
	for first := range r.rules {
		slices.SortStableFunc(r.rules[first], func(a, b *synonymRule) int { return len(b.from) - len(a.from) })
	}
	return r.rules.apply, nil
}

// forSynonyms is the chain that analyzes the terms of synonym rules: the parts of an analyzer, without those that make more
// than one token of one.
func (c *custom) forSynonyms() (*custom, error) {
	if c == nil {
		return &custom{split: Whitespace.Tokens}, nil
	}
	out := &custom{chars: c.chars, split: c.split}
	for _, f := range c.filters {
		switch f.rules {
		case rulesRefused:
			return nil, fmt.Errorf("Token filter [%s] cannot be used to parse synonyms", f.name)
		case rulesAnalyzed:
			if f.typ == "asciifolding" { // without the original
				f.stream = mapFilter(foldASCII)
			}
			out.filters = append(out.filters, f)
		}
	}
	return out, nil
}

func (r *synonymReader) add(line string) error {
	sides := splitUnescaped(line, "=>")
	if len(sides) > 2 {
		return fmt.Errorf("more than one explicit mapping specified on the same line")
	}
	from, err := r.terms(sides[0])
	if err != nil {
		return err
	}
	if len(sides) == 2 {
		to, err := r.terms(sides[1])
		if err != nil {
			return err
		}
		return r.pair(from, to, false)
	}
	if !r.expand && len(from) > 0 {
		return r.pair(from, from[:1], false)
	}
	return r.pair(from, from, true)
}

// pair makes each term stand for others; alike says that they are equivalent, so that a term stays what it is, too.
func (r *synonymReader) pair(from, to [][]string, alike bool) error {
	if r.pairs += len(from) * len(to); r.pairs > maxSynonymPairs {
		return fmt.Errorf("the rules come to more than %d pairs", maxSynonymPairs)
	}
	for i, words := range from {
		rule := r.rules.of(words)
		for j, other := range to {
			if alike && i == j {
				continue
			}
			rule.keep = rule.keep || alike
			if !slices.ContainsFunc(rule.to, func(have []string) bool { return slices.Equal(have, other) }) {
				rule.to = append(rule.to, other)
			}
		}
	}
	return nil
}

// of finds the rule for a term, or makes it.
func (r synonymRules) of(words []string) *synonymRule {
	for _, rule := range r[words[0]] {
		if slices.Equal(rule.from, words) {
			return rule
		}
	}
	rule := &synonymRule{from: words}
	r[words[0]] = append(r[words[0]], rule)
	return rule
}

// terms analyzes the terms of one side of a rule.
func (r *synonymReader) terms(side string) ([][]string, error) {
	var out [][]string
	for _, part := range splitUnescaped(side, ",") {
		words, err := r.term(strings.TrimSpace(unescaped(part)))
		if err == nil {
			out = append(out, words)
		} else if !r.lenient {
			return nil, err
		}
	}
	return out, nil
}

func (r *synonymReader) term(text string) ([]string, error) {
	var words []string
	var fault error
	last := -1
	r.chain.Tokens([]byte(text), func(t Token) bool {
		switch step := t.Position - last; {
		case len(t.Bytes) == 0:
			fault = fmt.Errorf("term: %s analyzed to a zero-length token", text)
		case step != 1:
			fault = fmt.Errorf("term: %s analyzed to a token (%s) with position increment != 1 (got: %d)", text, t.Bytes, step)
		}
		last = t.Position
		words = append(words, string(t.Bytes))
		return fault == nil
	})
	if fault == nil && len(words) == 0 {
		fault = fmt.Errorf("term: %s was completely eliminated by analyzer", text)
	}
	return words, fault
}

// splitUnescaped splits at a separator that no backslash stands before; parts of nothing are left out.
func splitUnescaped(text, separator string) []string {
	var out []string
	start := 0
	add := func(end int) {
		if start < end {
			out = append(out, text[start:end])
		}
	}
	for at := 0; at < len(text); {
		switch {
		case strings.HasPrefix(text[at:], separator):
			add(at)
			at += len(separator)
			start = at
		case text[at] == '\\':
			at = min(at+2, len(text))
		default:
			at++
		}
	}
	add(len(text))
	return out
}

// unescaped takes away the backslashes before characters.
func unescaped(text string) string {
	var b strings.Builder
	for at := 0; at < len(text); at++ {
		if text[at] == '\\' && at+1 < len(text) {
			at++
		}
		b.WriteByte(text[at])
	}
	return b.String()
}

// apply replaces words, at each place by the rule for the longest phrase that stands there.
func (r synonymRules) apply(tokens []Token) []Token {
	var out []Token
	for i := 0; i < len(tokens); {
		at := slices.IndexFunc(r[string(tokens[i].Bytes)], func(rule *synonymRule) bool { return rule.stands(tokens[i:]) })
		if at < 0 {
			out = append(out, tokens[i])
			i++
			continue
		}
		rule := r[string(tokens[i].Bytes)][at]
		matched := tokens[i : i+len(rule.from)]
		if rule.keep {
			out = append(out, matched...)
		}
		out = append(out, rule.words(matched)...)
		i += len(matched)
	}
	slices.SortStableFunc(out, func(a, b Token) int { return a.Position - b.Position })
	return out
}

func (s *synonymRule) stands(tokens []Token) bool {
	if len(tokens) < len(s.from) {
		return false
	}
	for i, w := range s.from {
		if string(tokens[i].Bytes) != w || tokens[i].Position != tokens[0].Position+i {
			return false
		}
	}
	return true
}

// words are what stands in the place of some tokens.
func (s *synonymRule) words(tokens []Token) []Token {
	var out []Token
	for _, phrase := range s.to {
		for i, w := range phrase {
			at := tokens[min(i, len(tokens)-1)]
			t := Token{Bytes: []byte(w), Position: tokens[0].Position + i, Start: at.Start, End: at.End, Type: "SYNONYM"}
			if len(phrase) == 1 {
				t.Start, t.End = tokens[0].Start, tokens[len(tokens)-1].End
			}
			out = append(out, t)
		}
	}
	return out
}
