package exec

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"elkhorn/internal/engine/segment"
)

func blockAt(first, rows int) segment.BlockInfo {
	return segment.BlockInfo{FirstRow: first, Rows: rows}
}

func TestWildcardPattern(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		fold, want    bool
	}{
		{"", "", false, true},
		{"*", "", false, true},
		{"a*c", "abbbc", false, true},
		{"a*c", "abbb", false, false},
		{"*ab*ab", "abab", false, true},
		{"?", "é", false, true},
		{"??", "é", false, false},
		{`a\*`, "a*", false, true},
		{`a\*`, "ab", false, false},
		{"A?c", "aBC", true, true},
		{"A?c", "aBC", false, false},
		{`\`, `\`, false, true},
	} {
		if got := compileWildcardPattern(c.pattern, c.fold)([]byte(c.text)); got != c.want {
			t.Errorf("%q on %q: %v", c.pattern, c.text, got)
		}
	}
}

// FuzzWildcard compares patterns with the regular expressions that say the same.
func FuzzWildcard(f *testing.F) {
	f.Add("a*b?c", "axxbyc")
	f.Add("*x*x*", "xxxx")
	f.Add("?é*", "xé")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if !utf8.ValidString(pattern) || !utf8.ValidString(text) || strings.Contains(pattern, `\`) || len(pattern) > 50 {
			return
		}
		quoted := regexp.QuoteMeta(pattern)
		re := regexp.MustCompile(`^(?s:` + strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(quoted) + `)$`)
		if got := compileWildcardPattern(pattern, false)([]byte(text)); got != re.MatchString(text) {
			t.Errorf("%q on %q: %v", pattern, text, got)
		}
	})
}

func TestLucenePattern(t *testing.T) {
	for pattern, want := range map[string]string{
		"a.*b":     "a.*b",
		"[a-c^]+":  "[a-c^]+",
		"^a$":      `\^a\$`,
		`\d+\.`:    `\d+\.`,
		`a\"b`:     `a"b`,
		"[[]":      `[\[]`,
		"x{2,3}|y": "x{2,3}|y",
	} {
		if got, err := lucenePattern(pattern); err != nil || got != want {
			t.Errorf("%q becomes %q (%v), want %q", pattern, got, err, want)
		}
	}
	for _, pattern := range []string{"~a", "a&b", "<1-5>", "@", "#", `"x"`} {
		if got, err := lucenePattern(pattern); err == nil {
			t.Errorf("%q becomes %q, want it refused", pattern, got)
		}
	}
}

// FuzzLucenePattern checks that no pattern panics and that what is made of it compiles or is refused.
func FuzzLucenePattern(f *testing.F) {
	f.Add("a[b-c]*d|e{2}")
	f.Add(`\`)
	f.Add("[^")
	f.Fuzz(func(_ *testing.T, pattern string) {
		if out, err := lucenePattern(pattern); err == nil {
			if re, err := regexp.Compile(`^(?s:` + out + `)$`); err == nil {
				re.MatchString(pattern)
			}
		}
	})
}

func TestNetworks(t *testing.T) {
	for text, want := range map[string]string{
		"10.1.2.3":      "10.1.2.3 10.1.2.3",
		"10.1.2.3/8":    "10.0.0.0 10.255.255.255",
		"10.1.2.3/31":   "10.1.2.2 10.1.2.3",
		"0.0.0.0/0":     "0.0.0.0 255.255.255.255",
		"2001:db8::/33": "2001:db8:: 2001:db8:7fff:ffff:ffff:ffff:ffff:ffff",
		"::/0":          ":: ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	} {
		r, err := parseNetwork(text)
		if got := formatIP(r.lo[:]) + " " + formatIP(r.hi[:]); err != nil || got != want {
			t.Errorf("%s is %s (%v), want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "10.0.0", "10.0.0.0/33", "::/129", "fe80::1%eth0", "10.0.0.0/x", "1.2.3.4/-1"} {
		if _, err := parseNetwork(text); err == nil {
			t.Errorf("%q is taken as a network", text)
		}
	}
}

func TestHalfFloat(t *testing.T) {
	for v, want := range map[float64]float64{0: 0, 1: 1, 0.1: 0.0999755859375, 2049: 2048, 65504: 65504, 5.960464477539063e-08: 5.960464477539063e-08, -0.1: -0.0999755859375} {
		if got := halfFloat(v); got != want {
			t.Errorf("%v is kept as %v, want %v", v, got, want)
		}
	}
}

func TestEdits(t *testing.T) {
	for _, c := range []struct {
		a, b         string
		plain, swaps int // distances without and with transpositions
	}{
		{"", "", 0, 0},
		{"slow", "slow", 0, 0},
		{"slow", "slwo", 2, 1},
		{"slow", "low", 1, 1},
		{"slow", "slows", 1, 1},
		{"slow", "blow", 1, 1},
		{"größe", "grösse", 2, 2},
		{"abc", "", 3, 3},
		{"ca", "abc", 3, 3},
	} {
		for limit := range 4 {
			if got := withinEdits([]rune(c.a), []rune(c.b), limit, false); got != (limit >= c.plain) {
				t.Errorf("%q to %q in %d edits: %v", c.a, c.b, limit, got)
			}
			if got := withinEdits([]rune(c.a), []rune(c.b), limit, true); got != (limit >= c.swaps) {
				t.Errorf("%q to %q in %d edits and swaps: %v", c.a, c.b, limit, got)
			}
		}
	}
	for distance, want := range map[string][3]int{"AUTO": {0, 1, 2}, "AUTO:1,4": {1, 1, 2}, "1": {1, 1, 1}, "2.0": {2, 2, 2}} {
		for i, length := range []int{2, 3, 6} {
			if got, err := maxEdits(distance, length); err != nil || got != want[i] {
				t.Errorf("%s for %d letters is %d (%v), want %d", distance, length, got, err, want[i])
			}
		}
	}
	for _, distance := range []string{"3", "x", "AUTO:6", "AUTO:6,3", "-1", "0.5"} {
		if _, err := maxEdits(distance, 5); err == nil {
			t.Errorf("%q is taken as a fuzziness", distance)
		}
	}
}
