package filter

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"elkhorn/internal/plugin"
)

// TestPairsAreThoseOfTheExpression compares the reading without the regular expression with the expression, on random
// texts of what matters to either.
func TestPairsAreThoseOfTheExpression(t *testing.T) {
	text := func(s string) plugin.Value { return plugin.Value{Str: s} }
	for _, options := range [][]plugin.Pair{
		nil,
		{{Key: "whitespace", Value: text("strict")}},
		{{Key: "include_brackets", Value: text("false")}},
		{{Key: "field_split", Value: text("&?")}},
		{{Key: "field_split", Value: text("|")}, {Key: "whitespace", Value: text("strict")}},
		{{Key: "field_split", Value: text("\n")}, {Key: "value_split", Value: text(" ")}},
		{{Key: "field_split", Value: text(",")}, {Key: "value_split", Value: text(":= ")}},
		{{Key: "field_split", Value: text("; \n>")}},
	} {
		s, err := plugin.NewSettings(&plugin.BlockConfig{Options: options}, kv.Options)
		if err != nil {
			t.Fatal(err)
		}
		p, err := newPairExpression(s)
		if err != nil {
			t.Fatal(err)
		}
		if !p.simple {
			t.Fatalf("%v is not read without the expression", options)
		}
		rng := rand.New(rand.NewPCG(1, 2))
		for range 20_000 {
			var b strings.Builder
			for range rng.IntN(24) {
				b.WriteString([]string{"a", "b", "=", "=", " ", " ", "&", "|", "\n", "\"", "'", "(", ")", "[", "]", "<", ">", ":", ",", ";", "?", "é", "\xff"}[rng.IntN(23)])
			}
			pairs := func(simple bool) (out []string) {
				q := *p
				q.simple = simple
				if err := q.each(b.String(), func(key, value string) bool { out = append(out, key, value); return true }); err != nil {
					t.Fatal(err)
				}
				return out
			}
			if got, want := pairs(true), pairs(false); !slices.Equal(got, want) {
				t.Fatalf("%v: %q: got %q, want %q", options, b.String(), got, want)
			}
		}
	}
}

func BenchmarkPairs(b *testing.B) {
	text := `time=2026-01-02T03:04:05Z level=info msg="request served" method=GET path=/api/orders status=200 duration_ms=12 user=u-1234 ip=10.1.2.3`
	for _, simple := range []bool{true, false} {
		b.Run(map[bool]string{true: "scanner", false: "expression"}[simple], func(b *testing.B) {
			s, err := plugin.NewSettings(&plugin.BlockConfig{}, kv.Options)
			if err != nil {
				b.Fatal(err)
			}
			p, err := newPairExpression(s)
			if err != nil {
				b.Fatal(err)
			}
			p.simple = simple
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if err := p.each(text, func(_, _ string) bool { return true }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
