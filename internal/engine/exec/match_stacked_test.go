package exec

import (
	"fmt"
	"strings"
	"testing"
)

// queryTokens reads "word@place" tokens.
func queryTokens(text string) []queryToken {
	var out []queryToken
	for _, field := range strings.Fields(text) {
		var t queryToken
		word, place, _ := strings.Cut(field, "@")
		t.text = []byte(word)
		if _, err := fmt.Sscan(place, &t.position); err != nil {
			panic(err)
		}
		out = append(out, t)
	}
	return out
}

func TestStackedPhrases(t *testing.T) {
	phrases := func(text string) (got []string, err error) {
		places, _ := stacked(queryTokens(text))
		_, err = (&compiler{}).stackedPhrase(places, 1, func(tokens []queryToken) (node, error) {
			var words []string
			for _, tok := range tokens {
				words = append(words, fmt.Sprintf("%s@%d", tok.text, tok.position))
			}
			got = append(got, strings.Join(words, " "))
			return noneNode{}, nil
		})
		return got, err
	}
	for text, want := range map[string]string{
		"a@0 b@0 c@1":         "[a@0 c@1 b@0 c@1]",
		"a@0 b@1 c@1 d@3 e@3": "[a@0 b@1 d@3 a@0 c@1 d@3 a@0 b@1 e@3 a@0 c@1 e@3]",
	} {
		if got, err := phrases(text); err != nil || fmt.Sprint(got) != want {
			t.Errorf("%s: %v (%v), want %s", text, got, err, want)
		}
	}
	if _, several := stacked(queryTokens("a@0 b@1 a@2")); several {
		t.Error("words one after the other are taken for alternatives")
	}
	many := ""
	for place := range 8 {
		many += fmt.Sprintf("a@%d b@%d ", place, place)
	}
	if _, err := phrases(many); err == nil || !strings.Contains(err.Error(), "more than 128 phrases") {
		t.Errorf("256 phrases: %v", err)
	}
}

func TestPrefixApart(t *testing.T) {
	w := &textWant{lastPrefix: true}
	for i, word := range []string{"a", "b", "a"} {
		w.phrase = append(w.phrase, phraseTerm{w.add([]byte(word)), i})
	}
	apart, prefix := w.prefixApart()
	if got := fmt.Sprintf("%s %v %d", apart.terms, apart.phrase, prefix); got != "[a b a] [{0 0} {1 1} {2 2}] 3" {
		t.Error(got)
	}
	if same, prefix := (&textWant{}).prefixApart(); prefix != 0 || same.phrase != nil {
		t.Error("a phrase without a prefix has one")
	}
}
