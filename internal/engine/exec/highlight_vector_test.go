package exec

import (
	"math/rand/v2"
	"strings"
	"testing"

	"elkhorn/internal/es/query"
)

// TestVectorFragments cuts random texts by random options: each fragment is a part of the texts, with everything that is marked
// a word that was looked for.
func TestVectorFragments(t *testing.T) {
	for seed := range uint64(2000) {
		rng := rand.New(rand.NewPCG(seed, 1))
		pick := func(list ...string) string { return list[rng.IntN(len(list))] }
		spec := &query.HighlightField{
			PreTags: []string{"<"}, PostTags: []string{">"}, FragmentSize: 18 + rng.IntN(40), Fragments: rng.IntN(4), ByScore: rng.IntN(2) == 0,
			NoMatchSize: rng.IntN(10), Type: "fvh", Scanner: pick("", "chars", "word", "sentence"),
			FragmentOffset: rng.IntN(8) - 1, PhraseLimit: rng.IntN(10), BoundaryChars: pick(" ", "", ".é", ". \n"), BoundaryScan: rng.IntN(30),
		}
		m := &marking{field: &highlightField{spec: spec}}
		for value := range rng.IntN(4) {
			var b strings.Builder
			for range rng.IntN(20) {
				word := pick("hit", "größe", "日本", "a", "reason")
				if start := b.Len(); word == "hit" || word == "日本" {
					m.found = append(m.found, foundSpan{0, len(m.tokens), len(m.tokens)})
					m.tokens = append(m.tokens, placedToken{text: word, value: value, start: start, end: start + len(word)})
				}
				b.WriteString(word + pick(" ", ". ", "! ", "\n", "-"))
			}
			m.values = append(m.values, b.String())
		}
		fragments, err := m.vector()
		if spec.Fragments > 0 && 3*spec.FragmentOffset > spec.FragmentSize {
			if err == nil {
				t.Fatalf("seed %d: a fragment of %d with a margin of %d", seed, spec.FragmentSize, spec.FragmentOffset)
			}
			continue
		}
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		whole := strings.Join(m.values, " ")
		for _, f := range fragments {
			if plain := strings.NewReplacer("<", "", ">", "").Replace(f); !strings.Contains(whole, plain) {
				t.Fatalf("seed %d: %q is no part of %q", seed, plain, whole)
			}
			for i, part := range strings.Split(f, "<") {
				if word, _, marked := strings.Cut(part, ">"); i > 0 && (!marked || word != "hit" && word != "日本") {
					t.Fatalf("seed %d: marked is %q in %q", seed, word, f)
				}
			}
		}
		if spec.Fragments > 0 && len(fragments) > spec.Fragments {
			t.Fatalf("seed %d: %d fragments, at most %d wanted", seed, len(fragments), spec.Fragments)
		}
	}
}
