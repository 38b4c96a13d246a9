package pattern

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// plainTimeout ends searches that take the plain form too long; they are not compared.
const plainTimeout = 20 * time.Millisecond

// plainForm compiles an expression without anything that is only there for speed.
func plainForm(t testing.TB, source string, flags Flags) *Regexp {
	t.Helper()
	root, p, err := parse(source, flags)
	if err != nil {
		t.Fatal(err)
	}
	prog, err := compile(root, p, true)
	if err != nil {
		t.Fatal(err)
	}
	return &Regexp{source: source, prog: prog, timeout: plainTimeout}
}

// TestShortcutsChangeNothing compares expressions made of every construct, those included that no other engine reads the
// same way, with their plain form.
func TestShortcutsChangeNothing(t *testing.T) {
	atoms := []string{"a", "b", "ab", "ba", "[ab]", "[^a]", ".", `\w`, "1", "-", `\b`, `\B`, "^", "$", `\A`, `\z`, "ä", "[ä-ü]",
		"(?i:A)", `\K`, "(?m:.)", `\R`, "(?=a)", "(?!b)", "(?<=a|ba)", "(?<!b)", "(?>a|ab)", "(?>[ab]+)", `(?<q>a|b)\k<q>`}
	signs := []string{"", "", "*", "+", "?", "*?", "+?", "??", "*+", "++", "{1,2}", "{2}", "{0,2}?", "{1,}"}
	rapid.Check(t, func(r *rapid.T) {
		var build func(depth int) string
		build = func(depth int) string {
			var b strings.Builder
			for range rapid.IntRange(1, 4).Draw(r, "parts") {
				part := rapid.SampledFrom(atoms).Draw(r, "atom")
				if depth > 0 {
					switch rapid.IntRange(0, 5).Draw(r, "kind") {
					case 0:
						part = "(" + build(depth-1) + ")"
					case 1:
						part = build(depth-1) + "|" + build(depth-1)
					case 2:
						part = "(?>" + build(depth-1) + ")"
					}
				}
				b.WriteString("(?:" + part + ")" + rapid.SampledFrom(signs).Draw(r, "sign"))
			}
			return b.String()
		}
		source := build(2)
		text := rapid.StringOfN(rapid.SampledFrom([]rune("aabbA1-ä\nö")), 0, 14, -1).Draw(r, "text")
		quick, err := Compile(source)
		if err != nil {
			r.Fatalf("/%s/: %v", source, err)
		}
		from := rapid.IntRange(0, 1).Draw(r, "from")
		if from > 0 && (text == "" || text[0] >= 0x80) {
			from = 0
		}
		got, errGot := quick.WithTimeout(plainTimeout).Find(nil, text, from)
		want, errWant := plainForm(t, source, 0).Find(nil, text, from)
		if errGot == nil && errWant == nil && !slices.Equal(got, want) {
			r.Fatalf("/%s/ in %q from %d: got %v, plain %v", source, text, from, got, want)
		}
		remembering, err := findRemembering(quick, text, from)
		if err == nil && errWant == nil && !slices.Equal(remembering, want) {
			r.Fatalf("/%s/ in %q from %d: got %v with memory, plain %v", source, text, from, remembering, want)
		}
	})
}

// findRemembering is Find that notes failed steps from its first turn back on, not only once it takes long.
func findRemembering(re *Regexp, text string, from int) ([]int, error) {
	m := newMachine(re.prog, text, plainTimeout)
	defer m.release()
	m.steps = 0
	found, err := m.find(from)
	if !found {
		return nil, err
	}
	return slices.Clone(m.slots[:2*re.prog.groups]), nil
}

// logLines are lines of the formats that the library knows, and of others.
var logLines = []string{
	apacheLine,
	strings.TrimSuffix(apacheLine, `"`),
	`2026-12-25T14:32:18.456Z INFO [restaurant-booking] Tool call: create_reservation user=user_123 duration=234ms`,
	"2026-12-25T14:32:23Z ERROR [mcp-server] TypeError: x\n    at handler (/app/src/tools/reserve.js:17:24)\n",
	`Dec 25 14:32:18 web-1.example.com sshd[4242]: Accepted password for root from 2001:db8::17 port 22 ssh2`,
	`<165>1 2026-12-25T14:32:18Z web app 7 ID1 [x@1 a="b"] up`,
	`[Fri Dec 25 14:32:18.456 2026] [core:error] [pid 7:tid 8] [client 10.0.0.1:5000] AH00037: 'quoted' "and \" more"`,
	`\tat org.example.Main$Inner.<init>(Main.java:12)`,
	`https://user:pw@example.com:8443/a/b.html?x=1&y=[2] /var/log/syslog C:\logs\a.log a.b+c@example.co.uk`,
	`::ffff:10.0.0.1 fe80::1%eth0 1:2:3:4:5:6:7:8 00:1B:44:11:3A:B7 0xBEEF -12.5e3 123e4567-e89b-12d3-a456-426614174000`,
	"", " ", "äöü — ß", "\xff\xfe", strings.Repeat("a ", 200),
}

// TestLibraryShortcuts does the same with every pattern of the library.
func TestLibraryShortcuts(t *testing.T) {
	lines := logLines
	if dir := os.Getenv("ELKHORN_TESTDATA"); dir != "" {
		lines = append(slices.Clone(lines), sampledLines(t, filepath.Join(dir, "data"))...)
	}
	l := NewLibrary()
	for _, name := range l.Names() {
		g, err := l.Compile("%{"+name+"}", GrokOptions{KeepUnnamed: true})
		if err != nil {
			t.Fatal(err)
		}
		plain := plainForm(t, g.Expanded(), DotAll)
		for _, line := range lines {
			got, err := g.Match(nil, line)
			if err != nil {
				t.Errorf("%s in %q: %v", name, line, err)
				continue
			}
			want, err := plain.Find(nil, line, 0)
			if err == nil && !slices.Equal(got, want) {
				t.Errorf("%s in %q: got %v, plain %v", name, line, got, want)
			}
			remembering, err := findRemembering(g.re, line, 0)
			if err == nil && !slices.Equal(remembering, got) {
				t.Errorf("%s in %q: got %v with memory, %v without", name, line, remembering, got)
			}
		}
	}
}

// sampledLines takes every 500th line of the real logs.
func sampledLines(t *testing.T, dir string) []string {
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.log"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no logs in %s: %v", dir, err)
	}
	var lines []string
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		scanner := bufio.NewScanner(f)
		scanner.Buffer(nil, 1<<20)
		for n := 0; scanner.Scan(); n++ {
			if n%500 == 0 {
				lines = append(lines, scanner.Text())
			}
		}
		if err := scanner.Err(); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	return lines
}
