package proof

import (
	"fmt"
	"strings"

	"elkhorn/internal/engine/exec/brute"
)

// clause is a query in the engine's form and in the reference's: they differ where the reference has no parser for the
// engine's.
type clause struct{ engine, brute string }

func both(format string, args ...any) clause {
	text := fmt.Sprintf(format, args...)
	return clause{text, text}
}

// some picks a field of a type for which ok answers true.
func some(r *random, fields []brute.Info, ok func(brute.Info) bool) (brute.Info, bool) {
	var fit []brute.Info
	for _, f := range fields {
		if ok(f) {
			fit = append(fit, f)
		}
	}
	if len(fit) == 0 {
		return brute.Info{}, false
	}
	return fit[r.IntN(len(fit))], true
}

func isText(f brute.Info) bool { return f.Type == "text" || f.Type == "match_only_text" }

func isString(f brute.Info) bool {
	return isText(f) || f.Type == "keyword" || f.Type == "wildcard"
}

// withKeys adds some keys of flattened objects to the fields.
func withKeys(fields []brute.Info) []brute.Info {
	var out []brute.Info
	for _, f := range fields {
		out = append(out, f)
		if f.Type == "flattened" {
			for _, key := range []string{"a", "b.c", "n"} {
				out = append(out, brute.Info{Path: f.Path + "." + key, Type: "keyword", Scope: f.Scope, Multi: true})
			}
		}
	}
	return out
}

func isWhole(f brute.Info) bool {
	return f.Type == "long" || f.Type == "integer" || f.Type == "short" || f.Type == "byte"
}

func isFloat(f brute.Info) bool { return strings.Contains(f.Type, "float") || f.Type == "double" }

func isNumber(f brute.Info) bool { return isWhole(f) || isFloat(f) }

func isDate(f brute.Info) bool { return f.Type == "date" || f.Type == "date_nanos" }

func searchable(f brute.Info) bool { return f.Type != "geo_point" }

// within picks a nested path inside the scope that some fields are of, and returns the fields there.
func (r *random) within(fields []brute.Info) (path string, inside []brute.Info, ok bool) {
	if len(fields) == 0 {
		return "", nil, false
	}
	f, ok := some(r, r.all, func(f brute.Info) bool {
		return f.Scope != fields[0].Scope && (fields[0].Scope == "" || strings.HasPrefix(f.Scope, fields[0].Scope+"."))
	})
	return f.Scope, scoped(r.all, f.Scope), ok
}

// scoped are the fields of one scope.
func scoped(all []brute.Info, scope string) []brute.Info {
	var out []brute.Info
	for _, f := range all {
		if f.Scope == scope {
			out = append(out, f)
		}
	}
	return out
}

// query makes a clause.
func (r *random) query(fields []brute.Info, depth int) clause {
	if depth > 0 && r.chance(35) {
		return r.boolean(fields, depth)
	}
	if path, inside, ok := r.within(fields); ok && depth > 0 && r.chance(20) {
		q := r.query(inside, depth-1)
		mode := r.pick("none", "avg", "max", "sum", "min")
		return clause{fmt.Sprintf(`{"nested":{"path":%q,"score_mode":%q,"query":%s}}`, path, mode, q.engine), fmt.Sprintf(`{"nested":{"path":%q,"query":%s}}`, path, q.brute)}
	}
	f, ok := some(r, fields, searchable)
	if !ok {
		return both(`{"match_all":{}}`)
	}
	switch r.IntN(16) {
	case 0:
		return both(`{"match_all":{}}`)
	case 1:
		return both(`{"terms":{%q:[%s,%s]}}`, f.Path, r.quoted(f), r.quoted(f))
	case 2, 3, 4:
		return r.rangeOf(f)
	case 5:
		if f, ok := some(r, fields, func(brute.Info) bool { return true }); ok && r.chance(70) {
			return both(`{"exists":{"field":%q}}`, f.Path)
		}
		return both(`{"exists":{"field":%q}}`, r.pick("o", "o.p", "dyn_*", "f1*", "nope", "@timestamp"))
	case 6, 7, 8:
		return r.textQuery(fields)
	case 9, 10:
		return r.patternQuery(fields)
	case 11:
		if ip, ok := some(r, fields, func(f brute.Info) bool { return f.Type == "ip" }); ok {
			return both(`{"term":{%q:%q}}`, ip.Path, r.pick("10.0.0.0/24", "10.0.1.0/30", "10.0.0.0/8", "2001:db8::/32"))
		}
	case 12:
		return r.queryString(fields)
	case 13:
		if f.Scope != "" { // objects have no ids
			return both(`{"match_none":{}}`)
		}
		return both(`{"ids":{"values":[%q,%q,"zzz"]}}`, r.id(), r.id())
	case 14:
		inner := r.query(fields, 0)
		return clause{`{"constant_score":{"filter":` + inner.engine + `}}`, `{"constant_score":{"filter":` + inner.brute + `}}`}
	}
	if isString(f) && r.chance(20) {
		return both(`{"term":{%q:{"value":%s,"case_insensitive":true}}}`, f.Path, r.quoted(f))
	}
	return both(`{"term":{%q:%s}}`, f.Path, r.quoted(f))
}

func (r *random) rangeOf(f brute.Info) clause {
	bound := func() string {
		if isDate(f) && strings.HasPrefix(f.Format, "strict") && r.chance(40) {
			return quote(r.pick("2026-03-28", "2026-03", "2026-03-28T10", "2026-03-29||/d", "2026-03-29T12:00:00Z||-1d/d", "2026-03-28T10:00:00||+3h", "2026-03-28T10:15:30.5Z"))
		}
		if isWhole(f) && r.chance(20) {
			return r.fraction()
		}
		return r.quoted(f)
	}
	lower, upper := fmt.Sprintf("%q:%s", r.pick("gt", "gte"), bound()), fmt.Sprintf("%q:%s", r.pick("lt", "lte"), bound())
	switch r.IntN(4) {
	case 0:
		return both(`{"range":{%q:{%s}}}`, f.Path, lower)
	case 1:
		return both(`{"range":{%q:{%s}}}`, f.Path, upper)
	}
	return both(`{"range":{%q:{%s,%s}}}`, f.Path, lower, upper)
}

func (r *random) words() string {
	var w []string
	for range 1 + r.IntN(3) {
		w = append(w, r.pick(vocabulary...))
	}
	return strings.Join(w, " ")
}

func (r *random) textQuery(fields []brute.Info) clause {
	f, ok := some(r, fields, isText)
	if !ok {
		return both(`{"match_none":{}}`)
	}
	switch r.IntN(9) {
	case 7:
		return both(`{"match_bool_prefix":{%q:{"query":%s,"operator":%q}}}`, f.Path, quote(r.words()+" "+r.pick("po", "e", "t", "con", "1")), r.pick("or", "and"))
	case 8:
		return r.simpleQueryString(f)
	case 0, 1:
		return both(`{"match":{%q:{"query":%s,"operator":%q}}}`, f.Path, quote(r.words()), r.pick("or", "and"))
	case 2:
		return both(`{"match":{%q:{"query":%s,"minimum_should_match":%q}}}`, f.Path, quote(r.words()), r.pick("2", "-1", "75%", "-25%"))
	case 3:
		return both(`{"match_phrase":{%q:%s}}`, f.Path, quote(r.words()))
	case 4:
		return both(`{"match_phrase_prefix":{%q:%s}}`, f.Path, quote(r.words()+" "+r.pick("po", "e", "t", "con", "1")))
	case 5:
		return both(`{"match":{%q:{"query":%q,"fuzziness":%q}}}`, f.Path, r.pick("eror", "conection", "timeuot", "pol"), r.pick("AUTO", "1", "2"))
	}
	g, _ := some(r, fields, isString)
	return both(`{"multi_match":{"query":%s,"fields":[%q,%q],"type":%q}}`, quote(r.words()), f.Path, g.Path, r.pick("best_fields", "most_fields", "phrase"))
}

func (r *random) patternQuery(fields []brute.Info) clause {
	f, ok := some(r, fields, isString)
	if !ok {
		return both(`{"match_none":{}}`)
	}
	folded := r.pick("", "", `,"case_insensitive":true`)
	switch r.IntN(4) {
	case 0:
		return both(`{"prefix":{%q:{"value":%q%s}}}`, f.Path, r.pick("a", "user-1", "E", "e", "con", "", "zü"), folded)
	case 1:
		return both(`{"wildcard":{%q:{"value":%s%s}}}`, f.Path, quote(r.pick("*", "a*", "*r*", "user-?", "?", "er*r", "*1*", "z?rich", `x\/y`, "INFO")), folded)
	case 2:
		return both(`{"regexp":{%q:{"value":%q%s}}}`, f.Path, r.pick("a|b", "user-[0-9]+", "err.*", ".*o.*", "[a-z]{1,5}", "(con|time).*", "z.rich"), folded)
	}
	return both(`{"fuzzy":{%q:{"value":%q,"fuzziness":%q,"prefix_length":%d}}}`, f.Path, r.pick("eror", "info", "user-3", "pool", "ab"), r.pick("AUTO", "1", "2"), r.IntN(3))
}

// simpleQueryString writes words in the syntax that never fails, and beside it what they mean.
func (r *random) simpleQueryString(f brute.Info) clause {
	a, b := r.pick("error", "pool", "Web", "request"), r.pick("api", "timeout", "slow", "retry")
	text, means := a+" | "+b, fmt.Sprintf(`{"bool":{"should":[{"match":{%q:%q}},{"match":{%q:%q}}]}}`, f.Path, a, f.Path, b)
	switch r.IntN(3) {
	case 0:
		text, means = "+"+a+" +"+b, fmt.Sprintf(`{"bool":{"must":[{"match":{%q:%q}},{"match":{%q:%q}}]}}`, f.Path, a, f.Path, b)
	case 1:
		text, means = `"`+a+" "+b+`"`, fmt.Sprintf(`{"match_phrase":{%q:"%s %s"}}`, f.Path, a, b)
	}
	return clause{fmt.Sprintf(`{"simple_query_string":{"query":%s,"fields":[%q]}}`, quote(text), f.Path), means}
}

// queryString writes clauses in Lucene's syntax, and beside it what they mean.
func (r *random) queryString(fields []brute.Info) clause {
	f, ok := some(r, fields, isWhole)
	g, ok2 := some(r, fields, isText)
	if !ok || !ok2 {
		return both(`{"match_all":{}}`)
	}
	n, word, m := r.IntN(30)-5, r.pick("error", "pool", "Web", "request"), r.IntN(30)-5
	a, b := min(n, m), max(n, m)
	left, leftMeans := fmt.Sprintf(`%s:[%d TO %d]`, f.Path, a, b), fmt.Sprintf(`{"range":{%q:{"gte":%d,"lte":%d}}}`, f.Path, a, b)
	if r.chance(30) {
		left, leftMeans = fmt.Sprintf(`%s:{%d TO *}`, f.Path, a), fmt.Sprintf(`{"range":{%q:{"gt":%d}}}`, f.Path, a)
	}
	right, rightMeans := fmt.Sprintf(`%s:%s`, g.Path, word), fmt.Sprintf(`{"match":{%q:%q}}`, g.Path, word)
	if r.chance(30) {
		right, rightMeans = fmt.Sprintf(`%s:"%s error"`, g.Path, word), fmt.Sprintf(`{"match_phrase":{%q:"%s error"}}`, g.Path, word)
	}
	text, means := left+" AND "+right, fmt.Sprintf(`{"bool":{"must":[%s,%s]}}`, leftMeans, rightMeans)
	switch r.IntN(4) {
	case 0:
		text, means = left+" OR "+right, fmt.Sprintf(`{"bool":{"should":[%s,%s]}}`, leftMeans, rightMeans)
	case 1:
		text, means = left+" AND NOT "+right, fmt.Sprintf(`{"bool":{"must":[%s],"must_not":[%s]}}`, leftMeans, rightMeans)
	case 2:
		text, means = "_exists_:"+f.Path, fmt.Sprintf(`{"exists":{"field":%q}}`, f.Path)
	}
	return clause{fmt.Sprintf(`{"query_string":{"query":%s}}`, quote(text)), means}
}

func (r *random) boolean(fields []brute.Info, depth int) clause {
	var engine, means []string
	add := func(name string, n int) int {
		var e, m []string
		for range n {
			q := r.query(fields, depth-1)
			e, m = append(e, q.engine), append(m, q.brute)
		}
		if n > 0 {
			engine = append(engine, fmt.Sprintf("%q:[%s]", name, strings.Join(e, ",")))
			means = append(means, fmt.Sprintf("%q:[%s]", name, strings.Join(m, ",")))
		}
		return n
	}
	add("must", r.IntN(3))
	add("filter", r.IntN(3))
	should := add("should", r.IntN(4))
	add("must_not", r.IntN(2))
	if should > 0 && r.chance(30) {
		minimum := fmt.Sprintf(`"minimum_should_match":%d`, 1+r.IntN(should))
		engine, means = append(engine, minimum), append(means, minimum)
	}
	return clause{`{"bool":{` + strings.Join(engine, ",") + "}}", `{"bool":{` + strings.Join(means, ",") + "}}"}
}
