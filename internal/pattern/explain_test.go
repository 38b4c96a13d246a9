package pattern

import "testing"

func TestExplain(t *testing.T) {
	const pipeline = `%{TIMESTAMP_ISO8601:ts} %{LOGLEVEL:level} \[%{DATA:service}\] %{GREEDYDATA:message}`
	for _, c := range []struct{ source, text, matched, rest string }{
		{pipeline, "2026-12-25T14:32:18Z INFO [a] b", pipeline, ""},
		{pipeline, "2026-12-25T14:32:18Z INFO a: b", `%{TIMESTAMP_ISO8601:ts} %{LOGLEVEL:level} `, "a: b"},
		{pipeline, "2026-12-25T14:32:18Z LOUD [a] b", `%{TIMESTAMP_ISO8601:ts} `, "LOUD [a] b"},
		{pipeline, "no time", ``, "no time"},
		{`%{WORD:a} (?:%{INT:n}|none) end`, "x 12 stop", `%{WORD:a} (?:%{INT:n}|none) `, "stop"},
		{`a\d+[xy]`, "a12z", `a\d+`, "z"},
		{`^%{IP:ip}$`, "10.0.0.1 ", `^%{IP:ip}`, " "},
	} {
		stop, err := NewLibrary().Explain(c.source, c.text, GrokOptions{})
		if err != nil {
			t.Errorf("%s: %v", c.source, err)
			continue
		}
		if c.source[:stop.Source] != c.matched || c.text[stop.Text:] != c.rest {
			t.Errorf("%s in %q: %q matches and leaves %q; want %q and %q", c.source, c.text, c.source[:stop.Source], c.text[stop.Text:], c.matched, c.rest)
		}
	}
	if _, err := NewLibrary().Explain("%{NOPE}", "x", GrokOptions{}); err == nil {
		t.Error("an expression that cannot be compiled is explained")
	}
}

func TestLazyEnd(t *testing.T) {
	library := NewLibrary()
	if err := library.Add("ENTRY", `%{WORD:key}=%{DATA:value}`); err != nil {
		t.Fatal(err)
	}
	for source, want := range map[string][2]string{
		`%{WORD:key}: %{DATA:value}`:      {"DATA:value"},
		`%{WORD:key}: %{DATA:value} `:     {"DATA:value"},
		`at %{ENTRY}`:                     {"DATA:value", "ENTRY"},
		`%{WORD:key}: %{DATA:value}$`:     {},
		`%{WORD:key}: %{DATA}`:            {},
		`%{DATA:value} %{WORD:key}`:       {},
		`%{WORD:key}: %{GREEDYDATA:rest}`: {},
		`%{NOPE:value}`:                   {},
		``:                                {},
	} {
		ref, in := library.LazyEnd(source)
		if got := [2]string{ref, in}; got != want {
			t.Errorf("%s: %q, want %q", source, got, want)
		}
	}
}
