package exec

import (
	"fmt"
	"regexp"
	"strconv"
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

func TestLuceneRegexp(t *testing.T) {
	for _, c := range []struct{ pattern, flags, yes, no string }{
		{"a.*b", "", "ab|axxb", "a|abc"},
		{"[a-c^]+", "", "a^c", "d"},
		{"^a$", "", "^a$", "a"},
		{`\d+\.`, "", "12.", "a."},
		{`a\"b`, "", `a"b`, "ab"},
		{"[[~&]", "", "[|~|&", "a"},
		{"x{2,3}|y", "", "xx|y", "x"},
		{`"a.b"+`, "", "a.b|a.ba.b", "axb"},
		{"a@", "", "a|abc", "b"},
		{"a|#", "", "a", "|#"},
		{"a@#<1-2>~&", "NONE", "a@#<1-2>~&", "a"},
		{"a~b", "INTERVAL|EMPTY", "a~b", "ab"},
		{"v<1-12>", "", "v1|v12|v007|v9", "v0|v13|v|v123"},
		{"<07-25>", "", "07|10|19|20|25", "7|06|26|99"},
		{"<150-99>", "interval", "99|100|150|0149", "98|151"},
		{"~(.*debug.*)", "", "error|", "a debug line"},
		{"a.*&~(.*debug.*)", "", "abc", "a debug|bc"},
		{"(a.*&.*z)|q", "", "az|a-z|q", "a|z"},
		{"~~a", "", "a", "b"},
		{"((ab|cd)&~(cd))", "", "ab", "cd|x"},
		{"a&b", "COMPLEMENT", "a&b", "a"},
	} {
		operators, err := readRegexpFlags(c.flags)
		if err != nil {
			t.Fatal(err)
		}
		match, err := compileLuceneRegexp(c.pattern, operators, false)
		if err != nil {
			t.Errorf("%q: %v", c.pattern, err)
			continue
		}
		for _, v := range strings.Split(c.yes, "|") {
			if !match([]byte(v)) {
				t.Errorf("%q does not match %q", c.pattern, v)
			}
		}
		for _, v := range strings.Split(c.no, "|") {
			if match([]byte(v)) {
				t.Errorf("%q matches %q", c.pattern, v)
			}
		}
	}
	for pattern, want := range map[string]string{
		"x~(a)": "regexp operator [~]", "~ab": "regexp operator [~]", "~(a)*": "regexp operator [~]", "x(a&b)": "regexp operator [&]", "~": "regexp operator [~]", "~(a": "regexp operator [~]",
		"<a-b>": "illegal interval <a-b>", "<1>": "illegal interval <1>", "<1-2": "expected '>'", `"a`: "expected '\"'", "a{": "", "(": "cannot be read", strings.Repeat("~", 1000) + "a": "nested too deep",
	} {
		if _, err := compileLuceneRegexp(pattern, allRegexpOperators, false); want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", pattern, err, want)
		}
	}
	if _, err := readRegexpFlags("ALL|NEAR"); err != nil {
		t.Errorf("ALL is all: %v", err)
	}
	if _, err := readRegexpFlags("NEAR"); err == nil || !strings.Contains(err.Error(), "Unknown regexp flag [NEAR]") {
		t.Errorf("an unknown flag: %v", err)
	}
}

// TestNumberIntervals holds the expression for an interval against the numbers themselves.
func TestNumberIntervals(t *testing.T) {
	for from := 0; from < 130; from += 7 {
		for to := from; to < 1200; to += 111 {
			match, err := compileLuceneRegexp(fmt.Sprintf("<%d-0%d>", from, to), allRegexpOperators, false)
			if err != nil {
				t.Fatal(err)
			}
			for n := range 1300 {
				if got := match([]byte(strconv.Itoa(n))); got != (n >= from && n <= to) {
					t.Fatalf("<%d-%d> on %d: %v", from, to, n, got)
				}
			}
		}
	}
}

// FuzzLuceneRegexp checks that no pattern panics: what is made of it compiles or is refused.
func FuzzLuceneRegexp(f *testing.F) {
	for _, seed := range []string{"a[b-c]*d|e{2}", `\`, "[^", "~(a&b)|<1-20>", `"a"@#`} {
		f.Add(seed)
	}
	f.Fuzz(func(_ *testing.T, pattern string) {
		for _, operators := range []regexpOperators{"", allRegexpOperators} {
			if match, err := compileLuceneRegexp(pattern, operators, true); err == nil {
				match([]byte(pattern))
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
