package segment

import (
	"math/rand/v2"
	"strings"
	"testing"

	"elkhorn/internal/engine/analysis"
)

// checkWords compares nextWord with the analyzer's words.
func checkWords(t *testing.T, text []byte) {
	t.Helper()
	at := 0
	for {
		start, end, digit := nextWord(text, at)
		wantStart, wantEnd := analysis.NextWord(text, at)
		if end > start || wantEnd > wantStart {
			if start != wantStart || end != wantEnd {
				t.Fatalf("%q from %d: word %d to %d, want %d to %d", text, at, start, end, wantStart, wantEnd)
			}
			if want := firstDigit(text[start:end]); want < 0 && digit >= 0 || want >= 0 && digit != start+want {
				t.Fatalf("%q from %d: digit at %d, want %d", text, at, digit, want)
			}
		}
		if start >= end {
			return
		}
		at = end
	}
}

func TestNextWordIsTheAnalyzers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	parts := []string{"a", "b7", "12", ".", ",", ":", ";", "'", "_", " ", "-", "é", "中", "ア", "\u0301", "\xff", "x_1", "__", "1.5", "a.b", strings.Repeat("q", 254)}
	for range 200_000 {
		var b strings.Builder
		for range r.IntN(9) {
			b.WriteString(parts[r.IntN(len(parts)-1+r.IntN(100)/99)])
		}
		checkWords(t, []byte(b.String()))
	}
}

func FuzzNextWord(f *testing.F) {
	f.Add("connection pool of host-12.example.com: 7,5 ms")
	f.Fuzz(func(t *testing.T, text string) { checkWords(t, []byte(text)) })
}

func BenchmarkSplit(b *testing.B) {
	text := []byte("finished inference request for user_001234 in 532 ms after 2 retries on host-17, 4711 bytes sent to the client")
	var s splitter
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		s.split(text)
	}
}
