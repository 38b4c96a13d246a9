package pattern

import (
	"strings"
	"testing"
)

func TestJava(t *testing.T) {
	for _, c := range []struct{ expression, text, with, want string }{
		{"-", "127-0-0-1", ".", "127.0.0.1"},
		{"^a", "a\na", "x", "x\na"},
		{"(?m)^a", "a\na", "x", "x\nx"},
		{"a$", "a\na", "x", "a\nx"},
		{"a.b", "a\nb", "x", "a\nb"},
		{"(?s)a.b", "a\nb", "x", "x"},
		{`(\w+)@(\w+)`, "me@there", "$2 at $1", "there at me"},
		{`(?<user>\w+)@`, "me@there", "${user}/", "me/there"},
		{`\Qa.b\E+`, "a.bbb axb", "x", "x axb"},
		{`[^\d]`, "a1b2", "", "12"},
		{"a", "a", `\$1`, "$1"},
		{`(\d)(\d)`, "12", "$11", "11"},
		{"(?i)ABC", "abc", "x", "x"},
	} {
		re, err := CompileJava(c.expression)
		if err != nil {
			t.Errorf("%s: %v", c.expression, err)
			continue
		}
		with, err := re.JavaReplacement(c.with)
		if err != nil {
			t.Errorf("%s: %v", c.with, err)
			continue
		}
		if got, err := re.ReplaceAll(c.text, with); got != c.want || err != nil {
			t.Errorf("%s in %q by %s: %q, %v; want %q", c.expression, c.text, c.with, got, err, c.want)
		}
	}
	re := MustCompile(`(a)`)
	for _, bad := range []string{"$", "$2", "${x}", "${x", `\`} {
		if _, err := re.JavaReplacement(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		expression, text string
		limit            int
		want             string
	}{
		{"-", "127-0-0-1", 0, "127|0|0|1"},
		{",", "a,b,,", 0, "a|b"},
		{",", "a,b,,", -1, "a|b||"},
		{",", ",a", 0, "|a"},
		{"=", "a=b=c", 2, "a|b=c"},
		{`\s+`, "a  b\tc", 0, "a|b|c"},
		{"", "abc", 0, "a|b|c"},
		{",", "", 0, ""},
		{",", ",,", 0, ""},
		{"x", "abc", 0, "abc"},
	} {
		re, err := CompileJava(c.expression)
		if err != nil {
			t.Fatal(err)
		}
		got, err := re.Split(c.text, c.limit)
		if strings.Join(got, "|") != c.want || err != nil {
			t.Errorf("%q at %s, %d: %q, %v; want %s", c.text, c.expression, c.limit, got, err, c.want)
		}
	}
}

func FuzzJava(f *testing.F) {
	f.Add(`(?m)^(\w+)$\Q[\E`, "a b", "$1")
	f.Add(`[[a]&&[^b]](?s-i:x)`, "ab", `\$${x}`)
	f.Fuzz(func(t *testing.T, expression, text, with string) {
		re, err := CompileJava(expression)
		if err != nil {
			return
		}
		if r, err := re.JavaReplacement(with); err == nil {
			re.ReplaceAll(text, r)
		}
		re.Split(text, 0)
	})
}

// TestReplaceWithin: a result that would be too long ends where it is, also within one match.
func TestReplaceWithin(t *testing.T) {
	re, err := CompileJava("a+")
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("a", 1<<10)
	for _, c := range []struct {
		text, with string
		most       int
		want       error
	}{
		{"ab", "xxxx", 5, nil},
		{"ab", "xxxxx", 4, ErrTooLong},
		{strings.Repeat("ab", 100), "xxxx", 50, ErrTooLong},
		{long, strings.Repeat("$0", 1<<16), 1 << 20, ErrTooLong}, // 64 MB
	} {
		with, err := re.JavaReplacement(c.with)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := re.ReplaceWithin(c.text, with, c.most); err != c.want || err != nil && got != c.text {
			t.Errorf("%.20s by %.20s within %d: %.20s, %v", c.text, c.with, c.most, got, err)
		}
	}
}
