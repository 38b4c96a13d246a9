package pattern

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestRubyTable runs testdata/ruby.txt: an expression, a text and what Ruby 3.1 finds in it. A line is expression, text
// and answer between tabs. The answer is the match and its groups between "|", ~ for a group that took no part, - for no
// match, or "! " and the beginning of an error. In text and answer \n, \r, \t, \f and \u0000 stand for characters.
func TestRubyTable(t *testing.T) {
	file, err := os.Open("testdata/ruby.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	section, cases := "", 0
	for lines.Scan() {
		if title, ok := strings.CutPrefix(lines.Text(), "# "); ok {
			section = title
			continue
		}
		parts := strings.Split(lines.Text(), "\t")
		if len(parts) != 3 {
			t.Fatalf("%q: not three parts", lines.Text())
		}
		cases++
		source, text, want := parts[0], unescapeTable(t, parts[1]), parts[2]
		got := tableAnswer(source, text)
		if wantErr, ok := strings.CutPrefix(want, "! "); ok {
			if !strings.HasPrefix(got, "! ") || !strings.Contains(got, wantErr) {
				t.Errorf("%s: /%s/: got %s, want an error with %q", section, source, got, wantErr)
			}
			continue
		}
		if want = unescapeTable(t, want); got != want {
			t.Errorf("%s: /%s/ in %q: got %q, want %q", section, source, text, got, want)
		}
	}
	if lines.Err() != nil || cases < 300 {
		t.Errorf("%d cases read (%v)", cases, lines.Err())
	}
}

func tableAnswer(source, text string) string {
	re, err := Compile(source)
	if err != nil {
		return "! " + err.Error()
	}
	bounds, err := re.Find(nil, text, 0)
	if err != nil {
		return "! " + err.Error()
	}
	if bounds == nil {
		return "-"
	}
	var parts []string
	for i := 0; i < len(bounds); i += 2 {
		if bounds[i] < 0 {
			parts = append(parts, "~")
			continue
		}
		parts = append(parts, text[bounds[i]:bounds[i+1]])
	}
	return strings.Join(parts, "|")
}

// unescapeTable reads the few escapes that the table's texts have; any other backslash is one.
func unescapeTable(t *testing.T, s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		if at := strings.IndexByte("nrtf", s[i+1]); at >= 0 {
			b.WriteByte("\n\r\t\f"[at])
			i++
			continue
		}
		if s[i+1] == 'u' && i+6 <= len(s) {
			n, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
			if err != nil {
				t.Fatalf("%q: %v", s, err)
			}
			fmt.Fprintf(&b, "%c", rune(n))
			i += 5
			continue
		}
		b.WriteByte('\\')
	}
	return b.String()
}
