package pattern

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dlclark/regexp2/v2"
	"pgregory.net/rapid"
)

// FuzzRegexp looks for panics and for searches that do not end.
func FuzzRegexp(f *testing.F) {
	for _, source := range []string{`^(?<a>\w+) (?:x|y)*?"[^"]*+"`, `(?<=a|bc)(?!d)[[:alpha:]&&[^x]]\k<-1>`, `(?i)a(?m:.)\x41\u00e4{2,3}?`,
		`((a*)*)*\1`, `(?>a|b)\p{Lu}\K\R`} {
		f.Add(source, "axy \"bc\" äÄ\r\n\xff")
	}
	table, err := os.ReadFile("testdata/ruby.txt")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		if parts := strings.Split(line, "\t"); len(parts) == 3 {
			f.Add(parts[0], parts[1])
		}
	}
	f.Fuzz(func(t *testing.T, source, text string) {
		if len(source) > 200 || len(text) > 200 {
			return
		}
		re, err := Compile(source)
		if err != nil {
			return
		}
		bounds, err := re.WithTimeout(50*time.Millisecond).Find(nil, text, 0)
		if err != nil || bounds == nil {
			return
		}
		for i := 0; i < len(bounds); i += 2 {
			if start, end := bounds[i], bounds[i+1]; end > len(text) || start > end && i == 0 {
				t.Errorf("/%s/ in %q: bounds %v", source, text, bounds)
			}
		}
	})
}

// TestRegexpAgainstOtherEngines builds random expressions from parts that mean the same everywhere and compares the
// match and its groups with the standard library's engine and, where that lacks a construct, with regexp2.
func TestRegexpAgainstOtherEngines(t *testing.T) {
	atoms := []string{"a", "b", "ab", "[ab]", "[^a]", "c", ".", `\d`, `\w`, "1", "-", `\b`, "^", "$", "ä", "[ä-ü]", ""}
	signs := []string{"", "", "", "*", "+", "?", "*?", "+?", "??", "{1,2}", "{2}", "{0,2}?", "{1,}"}
	backtracking := []string{"(?=%)", "(?!%)", "(?>%)", "(?<=a)", "(?<!b)"}
	rapid.Check(t, func(r *rapid.T) {
		var build func(depth int, full bool) string
		build = func(depth int, full bool) string {
			var b strings.Builder
			for range rapid.IntRange(1, 4).Draw(r, "parts") {
				part := rapid.SampledFrom(atoms).Draw(r, "atom")
				switch kind := rapid.IntRange(0, 9).Draw(r, "kind"); {
				case depth > 0 && kind < 2:
					part = "(" + build(depth-1, full) + ")"
				case depth > 0 && kind == 2:
					part = "(?:" + build(depth-1, full) + "|" + build(depth-1, full) + ")"
				case depth > 0 && kind == 3 && full:
					b.WriteString(strings.Replace(rapid.SampledFrom(backtracking).Draw(r, "look"), "%", build(depth-1, full), 1))
					continue
				}
				if part == "" || part == "^" || part == "$" || part == `\b` {
					b.WriteString(part)
					continue
				}
				if len(part) > 1 && part[0] != '(' && part[0] != '[' && part[0] != '\\' {
					part = "(?:" + part + ")"
				}
				if nullable(r, part) { // engines differ in what a loop does whose round is empty
					b.WriteString(part)
					continue
				}
				b.WriteString(part + rapid.SampledFrom(signs).Draw(r, "sign"))
			}
			return b.String()
		}
		full := rapid.Bool().Draw(r, "full")
		source := build(2, full)
		text := rapid.StringOfN(rapid.SampledFrom([]rune("aab1c-ä\nö ")), 0, 12, -1).Draw(r, "text")
		re, err := Compile(source)
		if err != nil {
			r.Fatalf("/%s/: %v", source, err)
		}
		got, err := re.Find(nil, text, 0)
		if err != nil {
			r.Fatalf("/%s/ in %q: %v", source, text, err)
		}
		want, ok := otherEngine(r, source, text, full)
		if ok && !equalBounds(got, want) {
			r.Fatalf("/%s/ in %q: got %v, want %v", source, text, got, want)
		}
	})
}

func nullable(r *rapid.T, source string) bool {
	root, _, err := parse(source, 0)
	if err != nil {
		r.Fatalf("/%s/: %v", source, err)
	}
	_, empty := nodeFirst(root)
	return empty
}

// otherEngine gives the bounds that another engine finds. ok is false where the engines' meanings differ by design: at
// ^ after a final newline, where Ruby sees no line.
func otherEngine(r *rapid.T, source, text string, full bool) (bounds []int, ok bool) {
	if strings.Contains(source, "^") && strings.HasSuffix(text, "\n") {
		return nil, false
	}
	if !full {
		re, err := regexp.Compile(`(?m)` + source)
		if err != nil {
			r.Fatalf("regexp: /%s/: %v", source, err)
		}
		return re.FindStringSubmatchIndex(text), !strings.Contains(source, `\b`) || !strings.ContainsAny(text, "äö")
	}
	re, err := regexp2.Compile(source, regexp2.Multiline)
	if err != nil {
		r.Fatalf("regexp2: /%s/: %v", source, err)
	}
	found, err := re.FindAllStringIndex(text, 1)
	if err != nil {
		r.Fatalf("regexp2: /%s/: %v", source, err)
	}
	// .NET's \w and \d are Unicode, Ruby's are not.
	ok = !strings.ContainsAny(text, "äö") || !strings.Contains(source, `\w`)
	if len(found) > 0 {
		bounds = found[0]
	}
	return bounds, ok
}

func equalBounds(got, want []int) bool {
	if len(want) == 0 || len(got) == 0 {
		return len(got) == len(want)
	}
	return slices.Equal(got[:len(want)], want)
}
