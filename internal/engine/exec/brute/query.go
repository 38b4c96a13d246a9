package brute

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"elkhorn/internal/es/query"
)

// Match says whether a document matches.
func (t Types) Match(d Doc, q query.Query) bool {
	switch q := q.(type) {
	case nil, *query.MatchAll:
		return true
	case *query.MatchNone:
		return false
	case *query.Term:
		return t.term(d, q.Field, q.Value.Text)
	case *query.Terms:
		return slices.ContainsFunc(q.Values, func(v query.Value) bool { return t.term(d, q.Field, v.Text) })
	case *query.Range:
		return slices.ContainsFunc(t.values(d, q.Field), func(v any) bool { return t.within(v, q) })
	case *query.Exists:
		return len(t.values(d, q.Field)) > 0
	case *query.IDs:
		return slices.Contains(q.Values, d.ID)
	case *query.Prefix:
		return t.anyText(d, q.Field, func(s string) bool { return strings.HasPrefix(s, q.Value) })
	case *query.Wildcard:
		return t.anyText(d, q.Field, func(s string) bool { return wildcard(q.Pattern, s) })
	case *query.Match:
		return t.match(d, q)
	case *query.MatchPhrase:
		return t.phrase(d, q)
	case *query.ConstantScore:
		return t.Match(d, q.Filter)
	case *query.Bool:
		return t.boolean(d, q)
	case *query.Nested:
		return t.nested(d, q)
	}
	panic(fmt.Sprintf("brute: no query %s", q.Kind()))
}

func (t Types) term(d Doc, field, text string) bool {
	if t[field] == "text" {
		return t.anyText(d, field, func(s string) bool { return s == text })
	}
	if t[field] == "ip" && strings.Contains(text, "/") {
		network := netip.MustParsePrefix(text)
		return slices.ContainsFunc(t.values(d, field), func(v any) bool {
			return network.Contains(netip.AddrFrom16([16]byte([]byte(v.(string)))).Unmap())
		})
	}
	return slices.Contains(t.values(d, field), t.convert(field, text))
}

// anyText tests the words of a text, or the values of a keyword.
func (t Types) anyText(d Doc, field string, test func(string) bool) bool {
	return slices.ContainsFunc(t.values(d, field), func(v any) bool {
		if t[field] == "text" {
			return slices.ContainsFunc(words(v.(string)), test)
		}
		return test(v.(string))
	})
}

func (t Types) within(v any, q *query.Range) bool {
	if b := q.Lower; b != nil {
		if c := compare(v, t.convert(q.Field, b.Value.Text)); c < 0 || c == 0 && !b.Inclusive {
			return false
		}
	}
	if b := q.Upper; b != nil {
		if c := compare(v, t.convert(q.Field, b.Value.Text)); c > 0 || c == 0 && !b.Inclusive {
			return false
		}
	}
	return true
}

func (t Types) match(d Doc, q *query.Match) bool {
	if t[q.Field] != "text" {
		return t.term(d, q.Field, q.Text.Text)
	}
	want, met := words(q.Text.Text), 0
	for _, w := range want {
		if t.anyText(d, q.Field, func(s string) bool { return s == w }) {
			met++
		}
	}
	if q.Operator == query.And {
		return len(want) > 0 && met == len(want)
	}
	return met > 0
}

func (t Types) phrase(d Doc, q *query.MatchPhrase) bool {
	want := words(q.Text.Text)
	return len(want) > 0 && slices.ContainsFunc(t.values(d, q.Field), func(v any) bool {
		have := words(v.(string))
		for i := 0; i+len(want) <= len(have); i++ {
			if slices.Equal(have[i:i+len(want)], want) {
				return true
			}
		}
		return false
	})
}

func (t Types) boolean(d Doc, q *query.Bool) bool {
	for _, c := range slices.Concat(q.Must, q.Filter) {
		if !t.Match(d, c) {
			return false
		}
	}
	for _, c := range q.MustNot {
		if t.Match(d, c) {
			return false
		}
	}
	least := 0
	switch {
	case q.MinimumShouldMatch != "":
		fmt.Sscan(q.MinimumShouldMatch, &least)
	case len(q.Must)+len(q.Filter) == 0 && len(q.Should) > 0:
		least = 1
	}
	met := 0
	for _, c := range q.Should {
		if t.Match(d, c) {
			met++
		}
	}
	return met >= least
}

// wildcard matches by recursion.
func wildcard(pattern, s string) bool {
	if pattern == "" {
		return s == ""
	}
	switch pattern[0] {
	case '*':
		return wildcard(pattern[1:], s) || s != "" && wildcard(pattern, s[1:])
	case '?':
		return s != "" && wildcard(pattern[1:], s[1:])
	}
	return s != "" && s[0] == pattern[0] && wildcard(pattern[1:], s[1:])
}
