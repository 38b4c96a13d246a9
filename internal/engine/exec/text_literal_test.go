package exec

import (
	"strings"
	"testing"
)

func TestMayHold(t *testing.T) {
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
		{"\u212a", "k", true}, // the Kelvin sign is a k in lower case
		{"[", "{", true},      // looks alike; analysis decides
	} {
		if got := mayHold([]byte(c.text), []byte(c.literal)); got != c.want {
			t.Errorf("%q in %q: %v", c.literal, c.text, got)
		}
	}
}

func FuzzMayHold(f *testing.F) {
	f.Add("Connection-Pool exhausted", "pool")
	f.Add("aaab", "aab")
	f.Add("", "x")
	f.Fuzz(func(t *testing.T, text, literal string) {
		literal = strings.ToLower(literal)
		if literal == "" || !isASCII([]byte(literal)) {
			return
		}
		if strings.Contains(strings.ToLower(text), literal) && !mayHold([]byte(text), []byte(literal)) {
			t.Errorf("%q is in %q", literal, text)
		}
	})
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
