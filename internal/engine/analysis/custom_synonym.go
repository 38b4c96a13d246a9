package analysis

import (
	"fmt"
	"slices"
	"strings"
)

// synonymRule replaces words that follow each other by others.
type synonymRule struct {
	from []string
	to   [][]string
	keep bool // the words themselves stay
}

// synonymRules are rules by their first word, the longest first.
type synonymRules map[string][]synonymRule

// synonyms reads rules in Solr's form: "a, b => c, d" replaces, "a, b, c" makes all the same. Their words are taken apart by the tokenizer that the
// definition names, else at white space.
func (p *parts) synonyms(d *definition) (wholeFilter, error) {
	if d.has("synonyms_path") || d.has("synonyms_set") {
		return nil, fmt.Errorf("[synonyms_path] and [synonyms_set] are not supported; write the rules into [synonyms]")
	}
	if format := d.text("format", "solr"); format != "solr" {
		return nil, fmt.Errorf("[format] [%s] is not supported", format)
	}
	expand, err := d.boolean("expand", true)
	if err != nil {
		return nil, err
	}
	if _, err := d.boolean("lenient", false); err != nil {
		return nil, err
	}
	if _, err := d.boolean("updateable", false); err != nil {
		return nil, err
	}
	rules := synonymRules{}
	list := d.rawList("synonyms")
	if len(list) == 0 && !d.has("synonyms") {
		return nil, fmt.Errorf("synonym requires either `synonyms`, `synonyms_set` or `synonyms_path` to be configured")
	}
	for _, line := range list {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := rules.add(line, expand); err != nil {
			return nil, err
		}
	}
	for first := range rules {
		slices.SortStableFunc(rules[first], func(a, b synonymRule) int { return len(b.from) - len(a.from) })
	}
	return rules.apply, nil
}

func (r synonymRules) add(line string, expand bool) error {
	left, right, replaces := strings.Cut(line, "=>")
	from := synonymPhrases(left)
	if len(from) == 0 || strings.Contains(right, "=>") {
		return fmt.Errorf("invalid synonym rule [%s]", line)
	}
	to := from
	if replaces {
		if to = synonymPhrases(right); len(to) == 0 {
			return fmt.Errorf("invalid synonym rule [%s]", line)
		}
	} else if !expand {
		to = from[:1]
	}
	for _, words := range from {
		rule := synonymRule{from: words}
		for _, other := range to {
			if slices.Equal(other, words) {
				rule.keep = true
				continue
			}
			rule.to = append(rule.to, other)
		}
		r[words[0]] = append(r[words[0]], rule)
	}
	return nil
}

func synonymPhrases(text string) [][]string {
	var out [][]string
	for part := range strings.SplitSeq(text, ",") {
		if words := strings.Fields(part); len(words) > 0 {
			out = append(out, words)
		}
	}
	return out
}

// apply replaces words, at each place by all rules for the longest phrase that stands there.
func (r synonymRules) apply(tokens []Token) []Token {
	var out []Token
	for i := 0; i < len(tokens); {
		n := 0
		for _, rule := range r[string(tokens[i].Bytes)] {
			if n > 0 && len(rule.from) != n {
				break
			}
			if rule.stands(tokens[i:]) {
				if n = len(rule.from); rule.keep && !slices.ContainsFunc(out, func(t Token) bool { return t.Start == tokens[i].Start && t.Type != "SYNONYM" }) {
					out = append(out, tokens[i:i+n]...)
				}
				out = append(out, rule.words(tokens[i:i+n])...)
			}
		}
		if n == 0 {
			out = append(out, tokens[i])
			n = 1
		}
		i += n
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
