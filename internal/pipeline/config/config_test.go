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

func TestPrintIsStable(t *testing.T) {
	src, err := os.ReadFile("testdata/every_form.conf")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/every_form.printed")
	if err != nil {
		t.Fatal(err)
	}
	cfg := mustParse(t, string(src))
	first := Print(cfg)
	if first != string(want) {
		t.Errorf("printed form differs from testdata/every_form.printed:\n%s", first)
	}
	if second := Print(mustParse(t, first)); second != first {
		t.Errorf("printing again changed the text:\n%s", second)
	}
	if len(cfg.Warnings) != 1 || !strings.Contains(cfg.Warnings[0].Error(), "t.conf:4:112: no comma is needed") {
		t.Errorf("warnings: %v", cfg.Warnings)
	}
}

func TestParseErrors(t *testing.T) {
	f := func(src, want string) {
		t.Helper()
		_, err := Parse("t.conf", src, Options{})
		var at *plugin.Error
		if !errors.As(err, &at) {
			t.Fatalf("%q: got %v, want a *plugin.Error", src, err)
		}
		if err.Error() != "t.conf:"+want {
			t.Errorf("%q:\n got %s\nwant t.conf:%s", src, err, want)
		}
	}
	f("imput { }", `1:1: expected input, filter or output, found "imput"; did you mean "input"?`)
	f("filter {\n  grok { match \"x\" }\n}", `2:16: expected => after the option match, found "\""`)
	f("filter {\n  grok { match = \"x\" }\n}", `2:16: expected => after the option match, found "="; write => between name and value`)
	f("filter {\n drop {}\n", `1:8: the { here is never closed by }`)
	f("filter { mutate { add_tag => [\"a\" \"b\"] } }", `1:35: expected , or ], found "\""; the items of an array are separated by commas`)
	f("filter { mutate { add_tag => \"a } }", `1:30: the text that begins here is never closed by "`)
	f(`input { file { path => "C:\logs\" } }`, `1:24: the text that begins here is never closed by "; a backslash before the quote keeps it open, so a text cannot end in one: use / in paths`)
	f("filter { if [a] = 1 { drop {} } }", `1:17: expected a comparison, found =; write == to compare`)
	f("filter { if [a] && [b] { drop {} } }", `1:17: expected and, found "&&"`)
	f("filter { if a == 1 { drop {} } }", `1:13: "a" needs brackets to be a field, [a], or quotes to be a text`)
	f("filter { if ![a] == 1 { drop {} } }", `1:18: ! takes a field or a parenthesis: write !([a] == …)`)
	f("filter { if [a] =~ [b] { drop {} } }", `1:20: expected a regular expression, found "["; write it between slashes: /…/`)
	f("filter { if [a] =~ /x { drop {} } }", `1:20: the regular expression that begins here is never closed by /; write a slash inside it as \/`)
	f("filter { if [a] { drop {} } elsif [b] { drop {} } }", `1:29: expected else if, found "elsif"`)
	f("filter { else { } }", `1:10: this else does not follow the } of an if`)
	f("filter { if ([a] { drop {} } }", `1:18: expected ) for the ( at t.conf:1:13, found "{"`)
	f("filter { mutate { rename => { a => b\n a => c } } }", `2:2: the key "a" stands twice in this hash, first in line 1; remove one`)
	f("filter { mutate { rename => { [a] => b } } }", `1:31: a field reference used as a key needs quotes: "[a][b]" => …`)
	f("filter { mutate { add_tag => my-tag } }", `1:30: "my-tag" needs quotes: a bare word has only letters, digits and _`)
	f("input { http { timeout => 5s } }", `1:27: "5s" is not a number; put quotes around a text`)
	f("é {}", `1:1: expected input, filter or output, found "é"; a file holds only these three kinds of section`)
	f("filter { if [é] == é { } }", `1:20: expected a field, text, number or array, found "é"`)
	f("filter { if "+strings.Repeat("(", 1000), `1:212: nested more than 200 levels deep`)
}

func TestConditionPrecedence(t *testing.T) {
	f := func(cond, want string) {
		t.Helper()
		cfg := mustParse(t, "filter { if "+cond+" { drop {} } }")
		got := PrintExpr(cfg.Sections[0].Body[0].(*Branch).Arms[0].Cond)
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", cond, got, want)
		}
	}
	f("[a] or [b] and [c]", "[a] or [b] and [c]")
	f("[a] or ([b] and [c])", "[a] or [b] and [c]")
	f("[a] and ([b] and [c])", "[a] and ([b] and [c])")
	f("[a] and [b] or [c] nand [d]", "[a] and [b] or [c] nand [d]")
	f("([a] or [b]) xor [c]", "[a] or [b] xor [c]")
	f("([a] or [b]) and [c]", "([a] or [b]) and [c]")
	f("!([a]==1)and![b]", "!([a] == 1) and ![b]")
	f("[order] or [and]", "[order] or [and]")
	f(`"x" in [tags]`, `"x" in [tags]`)
	f(`[x] in ["one"]`, `[x] in ["one"]`)
	f("[x] in [1]", "[x] in [1]")
}

func TestEscapes(t *testing.T) {
	f := func(escapes bool, src, want string) {
		t.Helper()
		cfg, err := Parse("t.conf", "filter { x { y => "+src+" } }", Options{Escapes: escapes})
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
	seed, err := os.ReadFile("testdata/every_form.conf")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(seed))
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
