package exec

import (
	"fmt"
	"strings"
	"testing"
)

func TestLiteral(t *testing.T) {
	for _, c := range []struct {
		text, literal string
		want          bool
	}{
		{"", "a", false},
		{"a", "a", true},
		{"xA", "a", true},
		{"ab", "abc", false},
		{"aabABC", "abc", true},
		{"connection-POOL", "pool", true},
		{"connection-poo", "pool", false},
		{"x y z", "needle", false},
		{"zebra zoo", "zoo", true},
		{"zoo", "xzoo", false},
		{"ooz", "zoo", false},
		{"Zo", "zoo", false},
		{"a longer text with one z and zo ZOO", "zoo", true},
		{"\u212a", "k", true}, // the Kelvin sign is a k in lower case
		{"[", "{", true},      // looks alike; analysis decides
	} {
		if got := newLiteral([]byte(c.literal)).mayBeIn([]byte(c.text)); got != c.want {
			t.Errorf("%q in %q: %v", c.literal, c.text, got)
		}
	}
}

func FuzzLiteral(f *testing.F) {
	f.Add("Connection-Pool exhausted", "pool")
	f.Add("aaab", "aab")
	f.Add("", "x")
	f.Fuzz(func(t *testing.T, text, literal string) {
		literal = strings.ToLower(literal)
		if literal == "" || !isASCII([]byte(literal)) {
			return
		}
		got := newLiteral([]byte(literal)).mayBeIn([]byte(text))
		if strings.Contains(strings.ToLower(text), literal) && !got {
			t.Errorf("%q is in %q", literal, text)
		}
		// Without the characters that look alike there is no other reason to say yes.
		if got && isASCII([]byte(text)) && !strings.ContainsAny(text+literal, "@[\\]^_`{|}~\x7f") && !hasControls(text+literal) &&
			!strings.Contains(strings.ToLower(text), literal) {
			t.Errorf("%q is not in %q", literal, text)
		}
	})
}

func hasControls(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r < ' ' })
}

func TestNorms(t *testing.T) {
	for length, want := range map[int]int{0: 0, 23: 23, 24: 24, 39: 39, 40: 40, 41: 40, 56: 56, 100: 96, 1000: 984} {
		if got := normLength(lengthNorm(length)); got != want {
			t.Errorf("length %d is kept as %d, want %d", length, got, want)
		}
	}
	last := 0
	for n := range 256 {
		if l := normLength(byte(n)); l < last {
			t.Fatalf("norm %d is %d after %d", n, l, last)
		} else {
			last = l
		}
	}
}

// BenchmarkLiteral looks for words in a granule of log messages that hold them as they are, in another
// case, or not.
func BenchmarkLiteral(b *testing.B) {
	var texts []byte
	var ends []int
	for i := range 1024 {
		texts = fmt.Appendf(texts, "Request %08x of user-%d to /v1/chat/completions failed after %d ms: Connection pool exhausted, waiting for a free one", i*7919, i, 7*i)
		ends = append(ends, len(texts))
	}
	for _, word := range []string{"exhausted", "connection", "quota"} {
		b.Run(word, func(b *testing.B) {
			l := newLiteral([]byte(word))
			for b.Loop() {
				scan, start := l.over(texts), 0
				for _, end := range ends {
					scan.mayBeBetween(start, end)
					start = end
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1024, "ns/text")
		})
	}
}
