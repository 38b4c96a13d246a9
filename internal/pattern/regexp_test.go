package pattern

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestRegexpRubyMeaning(t *testing.T) {
	for _, c := range []struct {
		source, text string
		want         string // the match with its groups joined by "|"; "-" for none
	}{
		// Lines: ^ and $ at every line, dot not at a newline.
		{`^b`, "a\nb", "b"},
		{`a$`, "a\nb", "a"},
		{`\Ab`, "a\nb", "-"},
		{`a\Z`, "a\n", "a"},
		{`a\z`, "a\n", "-"},
		{`a.b`, "a\nb", "-"},
		{`(?m)a.b`, "a\nb", "a\nb"},
		{`(?m:a.b)`, "a\nb", "a\nb"},
		{`^`, "", ""},
		{`x$`, "x\n", "x"},
		{`^\{.*\}$`, `{"a":1}`, `{"a":1}`},
		// Options: case, their scope, and alternatives inside it.
		{`(?i)ABC`, "xabc", "abc"},
		{`a(?i)b|c`, "aC", "aC"},
		{`a(?i:b)c`, "aBC", "-"},
		{`(?x) a b # c`, "ab", "ab"},
		{`(?i)straße`, "STRASSE STRAßE", "STRAßE"},
		{`(?i)[a-c]+`, "xBAc", "BAc"},
		{`(?i)[^a]`, "Ab", "b"},
		// Repeats.
		{`a{2}`, "aaa", "aa"},
		{`a{,2}b`, "aaab", "aab"},
		{`a{1,2}+b`, "aaaaab", "aaaaab"},
		{`(?:a{2})?b`, "aaab", "aab"},
		{`a{2}?`, "aa", "aa"},
		{`a{x}`, "a{x}", "a{x}"},
		{`a+?b`, "aab", "aab"},
		{`".*?"`, `x "a" "b"`, `"a"`},
		{`a*+a`, "aaa", "-"},
		{`(?>a*)a`, "aaa", "-"},
		{`(?>a|ab)c`, "abc", "-"},
		{`(?:a|ab)c`, "abc", "abc"},
		{`(a*)*`, "aab", "aa|"},
		{`(a|b)*?c`, "abc", "abc|b"},
		{`(?:a?){3}a{3}`, "aaa", "aaa"},
		{`(?:ab){0,2}c`, "abababc", "ababc"},
		{`(?:ab){1,2}?a`, "ababa", "aba"},
		{`x(?:ab){2,}`, "xababab", "xababab"},
		// Groups: named ones switch plain ones off; names repeat; references.
		{`(a)(b)`, "ab", "ab|a|b"},
		{`(?<n>a)(b)`, "ab", "ab|a"},
		{`(?<n>a)|(?<n>b)`, "b", "b||b"},
		{`(a)\1`, "aa", "aa|a"},
		{`(?i)(a)\1`, "aA", "aA|a"},
		{`(?<q>['"]).*?\k<q>`, `x'a"b'`, `'a"b'|'`},
		{`(a)(b)\k<-1>`, "abb", "abb|a|b"},
		{`(?<d>\d+)-\g<d>`, "12-345", "12-345|345"},
		{`(?:(a)|b)*`, "ab", "ab|a"},
		// Look-around, \K, \R, \G.
		{`(?<=\$)\d+`, "a1 $23", "23"},
		{`(?<!\d)\d{2}(?!\d)`, "123 45", "45"},
		{`(?<=ab|c)d`, "xd cd", "d"},
		{`(?<=.{3}).+(?=@)`, "someone@example.com", "eone"},
		{`foo(?=bar)`, "foobar", "foo"},
		{`(?!(a)b)a`, "ac", "a|"},
		{`(?=(a+))a`, "aaa", "a|aaa"},
		{`key=\K\w+`, "key=value", "value"},
		{`a\Rb`, "a\r\nb", "a\r\nb"},
		// Classes.
		{`[[:alpha:]]+`, "12äb", "äb"},
		{`[a-z&&[^aeiou]]+`, "aeixyz", "xyz"},
		{`[[a-c][x-z]]+`, "mbyn", "by"},
		{`[^[:space:]]+`, "  ab", "ab"},
		{`[\d\-x]+`, "a1-x", "1-x"},
		{`[]a]+`, "x]a", "]a"},
		{`[a-]+`, "x-a", "-a"},
		{`\h+`, "xyz1fG", "1f"},
		{`\H+`, "1fG", "G"},
		{`\p{Upper}\p{^Upper}`, "aBc", "Bc"},
		{`\p{Greek}+`, "abγδ", "γδ"},
		{`\w+`, "äab", "ab"},
		{`(?u)\w+`, "äab", "äab"},
		{`\bab\b`, "äab ab", "ab"},
		{`\x41\u00e4\t\101`, "Aä\tA", "Aä\tA"},
		{`\x{1F600}`, "a😀", "😀"},
		{`.`, "\xff", "\xff"},
		{`ä+?b`, "ääb", "ääb"},
		{`[ä-ü]{2,3}`, "aäöüä", "äöü"},
		{`.{2}$`, "aäö", "äö"},
		{`(?#note)a`, "a", "a"},
	} {
		re, err := Compile(c.source)
		if err != nil {
			t.Errorf("%s: %v", c.source, err)
			continue
		}
		got := "-"
		if groups := re.FindSubmatch(c.text); groups != nil {
			got = strings.Join(groups, "|")
		}
		if got != c.want {
			t.Errorf("/%s/ in %q: got %q, want %q", c.source, c.text, got, c.want)
		}
		if re.Match(c.text) != (c.want != "-") {
			t.Errorf("/%s/ in %q: Match and Find disagree", c.source, c.text)
		}
	}
}

func TestRegexpRefuses(t *testing.T) {
	for source, want := range map[string]string{
		`(a`: "( is not closed", `a)`: "unmatched )", `[a`: "[ is not closed", `*a`: "nothing to repeat", `a\`: "backslash",
		`(?<n`: "group name", `(?<1a>x)`: "not valid", `\k<no>`: "no group", `(?<=a+)b`: "fixed length", `a{2,1}`: "out of order",
		`[z-a]`: "out of order", `\p{Nothing}`: "not known", `(?~a`: "not closed", `(?(1)a)`: "no group", `(a)(?(1)b|c|d)`: "two alternatives", `(a)(?(+1)b)`: "only the number",
		`(?<n>a)(?(1)b)`: "numbered conditional", `(?(<n>)a)`: "no group", `\X`: "not supported", `{2}`: "{2} has nothing to repeat",
		`(?<a>\g<a>)`: "would never end", `(?<a>a|\g<b>)(?<b>\g<a>?c)`: "would never end", `(?<n>a)(?<n>b)\g<n>`: "several groups", `(?<=(?~a))b`: "fixed length",
		`[[:foo:]]`: "[:foo:] is no class", `(?P<n>a)`: "(?P", `(?|a|b)`: "(?|", `(?^i:a)`: "(?^", `(?y{g})a`: "(?y", `\p{InGreek}`: "not known", `\p{Emoji}`: "not known", `\M-a`: "not supported", `(?q)a`: "(?q", `a{200000}`: "above", `(?:[ab]c){100000}`: "steps",
		`(?<a>a)\1`: "numbered", strings.Repeat("(", 300): "nested", strings.Repeat("[[:alpha:]]", 5000): "ranges", `a{1}{1}{1}{1}{1}{1}{1}{1}{1}{1}{1}`: "in a row", `(?:(?:(?:){100000}){100000}){100000}x`: "",
	} {
		_, err := Compile(source)
		var syntax *SyntaxError
		if want == "" {
			if err != nil {
				t.Errorf("%.40q: %v", source, err)
			}
			continue
		}
		if !errors.As(err, &syntax) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: got %v, want an error with %q", source, err, want)
		}
	}
}

func TestReplaceAll(t *testing.T) {
	for _, c := range []struct{ source, text, with, want string }{
		{`\/\d+`, "/users/12345/orders/6", "/:id", "/users/:id/orders/:id"},
		{`(?<=.{3}).+(?=@)`, "someone@example.com", "***", "som***@example.com"},
		{"\n", "a\nb\n", `\\n`, `a\nb\n`},
		{`(\w+)@(\w+)`, "me@host", `\2 at \1 (\0) \\ \q`, `host at me (me@host) \ \q`},
		{`(?<u>\w+)@`, "me@host", `\k<u>:`, "me:host"},
		{``, "äb", "-", "-ä-b-"},
		{`x*`, "axb", "-", "-a--b-"},
		{`^`, "a\nb", "> ", "> a\n> b"},
		{`z`, "abc", "-", "abc"},
	} {
		re := MustCompile(c.source)
		with, err := re.Replacement(c.with)
		if err != nil {
			t.Errorf("%q: %v", c.with, err)
			continue
		}
		got, err := re.ReplaceAll(c.text, with)
		if err != nil || got != c.want {
			t.Errorf("%q gsub /%s/ by %q: got %q (%v), want %q", c.text, c.source, c.with, got, err, c.want)
		}
	}
	if _, err := MustCompile("a").Replacement(`\k<no>`); err == nil {
		t.Error("a name that no group has is taken")
	}
}

func TestMatchingIsBounded(t *testing.T) {
	re := MustCompile(`^(a|aa)+\1$`).WithTimeout(20 * time.Millisecond)
	if _, err := re.Find(nil, strings.Repeat("a", 60)+"b", 0); !errors.Is(err, ErrTimeout) {
		t.Errorf("got %v, want ErrTimeout", err)
	}
	if _, err := MustCompile(`(?:a|ab|b)*c|d`).Find(nil, strings.Repeat("ab", 2*maxFrames), 0); !errors.Is(err, ErrTooComplex) {
		t.Errorf("got %v, want ErrTooComplex", err)
	}
	if !MustCompile(`(?:a|ä)*+c`).Match(strings.Repeat("aä", 10_000) + "c") {
		t.Error("a long text is not matched")
	}
}

// TestNoCatastrophes matches what takes other backtracking engines a time that doubles with each letter.
func TestNoCatastrophes(t *testing.T) {
	for _, source := range []string{`^(?:a+)+$`, `^(?:a*)*$`, `^(?:[ab]+)*$`, `(?:(?:a+)+)+\z`, `^(?:a|aa)+$`, `^(?:a|a)*$`, `(?:.*a){20}b`,
		`^(?:(?:a|b)+c?)+$`, `(?:a?){40}a{40}$`} {
		if _, err := MustCompile(source).Find(nil, strings.Repeat("a", 500)+"!", 0); err != nil {
			t.Errorf("/%s/: %v", source, err)
		}
	}
}

func TestQuote(t *testing.T) {
	const text = `a.b*[c]^$ (d|e){2}\#-/+?`
	if !MustCompile(`(?x)\A` + Quote(text) + `\z`).Match(text) {
		t.Errorf("%q does not match its own quotation", text)
	}
}

func TestMatchDoesNotAllocate(t *testing.T) {
	re := MustCompile(`^(?<a>\w+) (?:x|y)* "(?<b>[^"]*)"`)
	bounds := make([]int, 0, 16)
	if n := testing.AllocsPerRun(200, func() {
		var err error
		if bounds, err = re.Find(bounds[:0], `word xyxy "quoted"`, 0); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("a match allocates %v times", n)
	}
}
