package pattern

import (
	"strings"
	"testing"
)

// TestHeads shows which places of a text are tried.
func TestHeads(t *testing.T) {
	f := func(source, text, want string) {
		t.Helper()
		root, _, err := parse(source, DotAll)
		if err != nil {
			t.Fatal(err)
		}
		h := newHeads(root)
		if h == nil {
			t.Fatalf("/%s/: nothing is ruled out", source)
		}
		tried := []byte(strings.Repeat(".", len(text)))
		for pos := h.skip(text, 0); pos <= len(text)-headBytes; pos = h.skip(text, pos+1) {
			tried[pos] = '^'
		}
		if string(tried) != want {
			t.Errorf("/%s/\n%s\n%s, want\n%s", source, text, tried, want)
		}
	}
	f(`(?:[Jj]an|[Mm]ay)\b +\d`, `May 1, may I, jan 2, janitor`, `^......^......^.............`)
	f(`(?>\d\d){1,2}-\d`, `12-3 2026-04 2-026x7`, `^....^.^............`)
	f(`a?b?c`, `abcd acd xbcd xabd`, `^^^..^^...^^......`)
	f(`[ä-ü]x|yy`, `äx ay üx yyyy`, `^......^...^...`)
	f(`(?=a)[ab]+c\s`, `abc  abd aac x`, `^^.......^^...`)
	f(`(?:`+strings.Repeat(`[a-z]1|[a-z]34|`, 100)+`q1)2`, `z134 a323 z223 zz34`, `^....^.............`)
}

// TestHeadsOfAnything are expressions whose first byte tells as much.
func TestHeadsOfAnything(t *testing.T) {
	for _, source := range []string{`a*`, `.`, `\d`, `(?:a|)`, `(?<q>a|b)\k<q>`} {
		root, _, err := parse(source, 0)
		if err != nil {
			t.Fatal(err)
		}
		if newHeads(root) != nil {
			t.Errorf("/%s/: places are ruled out", source)
		}
	}
}
