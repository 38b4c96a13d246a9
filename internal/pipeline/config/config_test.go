package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"elkhorn/internal/plugin"
)

func mustParse(t *testing.T, src string) *Config {
	t.Helper()
	cfg, err := Parse("t.conf", src, Options{})
	if err != nil {
		t.Fatalf("parse: %v", err)
	}
	return cfg
}

// TestLanguage runs testdata/language.txt. What is accepted must print the same again after it is parsed from print.
func TestLanguage(t *testing.T) {
	file, err := os.ReadFile("testdata/language.txt")
	if err != nil {
		t.Fatal(err)
	}
	_, cases, _ := strings.Cut(string(file), "\n## ")
	for _, text := range strings.Split(cases, "\n## ") {
		title, rest, _ := strings.Cut(text, "\n")
		src, want, ok := strings.Cut(rest, "\n->")
		if !ok {
			t.Fatalf("%s: no answer", title)
		}
		want = strings.TrimSpace(want)
		cfg, err := Parse("t.conf", src, Options{})
		var at *plugin.Error
		switch {
		case strings.HasPrefix(title, "refused"):
			if !errors.As(err, &at) || err.Error() != "t.conf:"+want {
				t.Errorf("%s:\n got %v\nwant t.conf:%s", title, err, want)
			}
			continue
		case err != nil:
			t.Errorf("%s: %v", title, err)
			continue
		}
		printed := Print(cfg)
		if strings.TrimSpace(printed) != want {
			t.Errorf("%s: printed as\n%s", title, printed)
		}
		if again := Print(mustParse(t, printed)); again != printed {
			t.Errorf("%s: printing again gives\n%s", title, again)
		}
	}
}

func TestNestingIsBounded(t *testing.T) {
	for _, src := range []string{"filter { if " + strings.Repeat("(", 1000), "filter { xx { aa => " + strings.Repeat("[", 1000), "filter { xx { aa => " + strings.Repeat("{ 1 => ", 1000)} {
		if _, err := Parse("t.conf", src, Options{}); err == nil || !strings.Contains(err.Error(), "nested more than 200 levels deep") {
			t.Errorf("%.40s…: %v", src, err)
		}
	}
}

func TestArrayOfOneItem(t *testing.T) {
	cfg := mustParse(t, `filter { if [a] in ["one"] or [n] in [1] or [a] in ["one", "two"] { xx {} } }`)
	if len(cfg.Warnings) != 2 || !strings.HasPrefix(cfg.Warnings[0].Error(), "t.conf:1:20: an array of one item is a field's name for Logstash") {
		t.Errorf("warnings: %v", cfg.Warnings)
	}
}

func TestValuesOfNumbers(t *testing.T) {
	f := func(src, want string) {
		t.Helper()
		cfg := mustParse(t, "filter { xx { yy => "+src+" } }")
		if got := cfg.Sections[0].Body[0].(*Plugin).Config().Options[0].Value; got.Kind != plugin.Number || got.Str != want {
			t.Errorf("%s: got %+v, want %s", src, got, want)
		}
	}
	f("0750", "488") // octal, as Ruby reads it
	f("-017", "-15")
	f("0", "0")
	f("0.5", "0.5")
	f("-12.250", "-12.250")
}

func TestEscapes(t *testing.T) {
	f := func(escapes bool, src, want string) {
		t.Helper()
		cfg, err := Parse("t.conf", "filter { xx { yy => "+src+" } }", Options{Escapes: escapes})
		if err != nil {
			t.Fatal(err)
		}
		got := cfg.Sections[0].Body[0].(*Plugin).Options[0].Value.Text
		if got != want {
			t.Errorf("escapes %v, %s: got %q, want %q", escapes, src, got, want)
		}
	}
	f(false, `"a\nb"`, `a\nb`)
	f(false, `"a\"b"`, `a\"b`)
	f(true, `"a\nb\t\\\"\d"`, "a\nb\t\\\"\\d")
	f(true, `'it\'s'`, "it's")
	f(true, `"a\0b\/c"`, "a\x00b\\/c")
	f(true, `"a\\"`+`x"`, `a"x`[:0]+`a\"x`) // \\" : the quote rule is older than the escape rule
	f(false, "'two\nlines'", "two\nlines")
}

func TestSubstitute(t *testing.T) {
	cfg := mustParse(t, `filter {
  if "${ENVIRONMENT:production}" != "${OTHER:}" and [a] =~ /${X}/ { mutate { add_field => { "k" => "<${HOME}-${A.B:d e}-${1}>" } } }
}
output { stdout { codec => line { format => "${F}" } password => "${MISSING}" } }`)
	lookup := func(name string) (string, bool) {
		v, ok := map[string]string{"HOME": "/h", "F": "f", "ENVIRONMENT": ""}[name]
		return v, ok
	}
	errs := Substitute(cfg, lookup)
	if len(errs) != 1 || errs[0].Error() != "t.conf:4:66: the variable ${MISSING} is not set and has no default; set it in the environment or write ${MISSING:default}" {
		t.Errorf("errors: %v", errs)
	}
	arm := cfg.Sections[0].Body[0].(*Branch).Arms[0]
	and := arm.Cond.(*Logic)
	if got := and.Left.(*Compare).Left.Value.Text; got != "" {
		t.Errorf("a variable set to the empty text keeps it, got %q", got)
	}
	if got := and.Right.(*Match).Right.Text; got != "${X}" {
		t.Errorf("a regex must stay as written, got %q", got)
	}
	if got := arm.Body[0].(*Plugin).Options[0].Value.Pairs[0].Value.Text; got != "</h-d e-${1}>" {
		t.Errorf("option: got %q", got)
	}
	block := cfg.Sections[1].Body[0].(*Plugin).Config()
	if got := block.Options[0].Value.Block.Options[0].Value.Str; got != "f" {
		t.Errorf("codec option: got %q", got)
	}
}

func TestLoadJoinsInNameOrder(t *testing.T) {
	dir := t.TempDir()
	for name, src := range map[string]string{
		"20-out.conf": "output { stdout {} }", "10-in.conf": "input { stdin {} }",
		".hidden": "broken", "15-filter.conf~": "broken",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cfg, err := Load([]string{dir}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(cfg.Sections) != 2 || cfg.Sections[0].Kind != Input || cfg.Sections[1].Kind != Output {
		t.Errorf("sections: %s", Print(cfg))
	}
	if _, err := Load([]string{filepath.Join(dir, "*.nothing")}, Options{}); err == nil {
		t.Error("a path without files must be an error")
	}
}

// TestDocumentConfigs parses every configuration printed in the source documents.
func TestDocumentConfigs(t *testing.T) {
	root := os.Getenv("ELKHORN_TESTDATA")
	if root == "" {
		t.Skip("ELKHORN_TESTDATA is not set")
	}
	for _, name := range []string{"chatgpt/logstash/chatgpt-app.conf", "chatgpt/logstash/grok-patterns-usage.conf",
		"ml/ml-inference.conf", "llm/logstash.conf", "python/python-logs.conf", "architecture/logstash.conf"} {
		cfg, err := Load([]string{filepath.Join(root, "seed-configs", name)}, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if first := Print(cfg); Print(mustParse(t, first)) != first {
			t.Errorf("%s: printing is not stable", name)
		}
	}
}

func FuzzParse(f *testing.F) {
	seeds, err := os.ReadFile("testdata/language.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, text := range strings.Split(string(seeds), "\n## ") {
		_, rest, _ := strings.Cut(text, "\n")
		src, _, _ := strings.Cut(rest, "\n->")
		f.Add(src)
	}
	for _, s := range []string{"", "input{", "filter { if [a] in [1] {} }", `output { "x y" { 'a"b' => "c" } }`, "filter{a{b=>c{d=>[e,]}}}", "# only"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		cfg, err := Parse("f", src, Options{})
		if err != nil {
			return
		}
		first := Print(cfg)
		again, err := Parse("f", first, Options{})
		if err != nil {
			t.Fatalf("the printed form does not parse: %v\n%s", err, first)
		}
		if second := Print(again); second != first {
			t.Fatalf("printing again changed the text:\n%s\n%s", first, second)
		}
		Substitute(cfg, func(string) (string, bool) { return "v", true })
	})
}
