package pattern

import (
	"fmt"
	"strings"
	"testing"
)

func TestDissect(t *testing.T) {
	for _, c := range []struct{ pattern, text, want string }{
		{"%{a} %{b} %{c}", "foo bar baz", "a=foo b=bar c=baz"},
		{"%{a},%{b}:%{c}", "foo,bar,baz", "no match"},
		{"%{a->} %{b} %{c}", "foo         bar baz", "a=foo b=bar c=baz"},
		{"%{a} %{+a} %{+a}", "foo bar baz", "a=foo+bar+baz"},
		{"%{a} %{+a/2} %{+a/1}", "foo bar baz", "a=foo+baz+bar"},
		{"%{*k} %{b} %{&k}", "foo bar baz", "foo=baz b=bar"},
		{"%{a} %{?skipme} %{c}", "foo bar baz", "a=foo c=baz"},
		{"%{a} %{} %{c}", "foo bar baz", "a=foo c=baz"},
		{"[%{time}] %{level}: %{msg}", "[10:00] INFO: all is well: really", "time=10:00 level=INFO msg=all is well: really"},
		{"[%{time}] %{level}", "10:00 INFO", "no match"},
		{"%{a},%{b},%{c},%{d}", "foo,,,", "a=foo b= c= d="},
		{"%{a->},%{b}", "foo,,,,,,bar", "a=foo b=bar"},
		{"%{a} end", "foo end", "a=foo"},
		{"%{a} end", "foo fin", "no match"},
		{"%{a}", "", "no match"},
		{"%{a}, %{b}", "ä, ö", "a=ä b=ö"},
	} {
		d, err := CompileDissect(c.pattern, "+")
		if err != nil {
			t.Errorf("%s: %v", c.pattern, err)
			continue
		}
		var got []string
		if !d.Match(c.text, func(name, value string) { got = append(got, name+"="+value) }) {
			got = []string{"no match"}
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%s of %q: %s, want %s", c.pattern, c.text, g, c.want)
		}
	}
}

func TestDissectRefuses(t *testing.T) {
	for pattern, want := range map[string]string{
		"bad pattern":      "Unable to parse pattern",
		"%{}":              "Unable to find any keys",
		"%{+?a} %{b}":      "multiple modifiers",
		"%{*a} %{b}":       "invalid key/reference",
		"%{+} %{b}":        "could not be determined",
		"%{+a/x} %{b}":     "not a number",
		"%{*a} %{*a} %{b}": "invalid key/reference",
	} {
		if _, err := CompileDissect(pattern, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", pattern, err, want)
		}
	}
}

func FuzzDissect(f *testing.F) {
	f.Add("%{a->} %{+a/2} %{*k}: %{&k}", "foo  bar baz: x")
	f.Add("[%{time}] %{level}", "[1] INFO")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		d, err := CompileDissect(pattern, " ")
		if err != nil {
			return
		}
		d.Match(text, func(name, value string) {
			if len(value) > len(text)+len(d.keys) {
				t.Errorf("%q of %q: %q is longer than the text", pattern, text, value)
			}
		})
	})
}

func TestDissectFilterKeys(t *testing.T) {
	for pattern, want := range map[string]string{
		"%{a->} [%{+b/2}] %{?c} %{&c} %{} %{*d/1}=%{&d}": "a 0 0 \"\"; b 2 2 \" [\"; c 1 0 \"] \"; c 3 0 \" \";  1 0 \" \"; d 1 0 \" \"; d 3 0 \"=\"; ",
		"%{+x/12->}-%{+x->/3}":                           "x 2 12 \"\"; x 2 3 \"-\"; ",
	} {
		_, keys, never, err := CompileDissectFilter(pattern)
		if err != nil || never {
			t.Errorf("%s: %v, never %v", pattern, err, never)
		}
		var got strings.Builder
		for _, k := range keys {
			fmt.Fprintf(&got, "%s %d %d %q; ", k.Name, k.Kind, k.Place, k.Before)
		}
		if got.String() != want {
			t.Errorf("%s: got %s, want %s", pattern, got.String(), want)
		}
	}
}

func FuzzDissectFilter(f *testing.F) {
	f.Add("%{a->} %{+a/2} %{*k}: %{&k}", "foo  bar baz: x")
	f.Add("[%{time}] %{}%{?x}", "[1] INFO")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		d, keys, _, err := CompileDissectFilter(pattern)
		if err != nil {
			return
		}
		values := d.Split(nil, text)
		if values != nil && len(values) != len(keys) {
			t.Fatalf("%q of %q: %d values for %d keys", pattern, text, len(values), len(keys))
		}
		for _, v := range values {
			if !strings.Contains(text, v) {
				t.Fatalf("%q of %q: %q is no part of it", pattern, text, v)
			}
		}
	})
}
