package proof

import (
	"encoding/json"
	"fmt"
	"strings"
)

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(b))
}

// style is how a document is written.
type style struct{ open, comma, colon, end, listComma string }

var styles = []style{
	{"", ",", ":", "", ","},
	{"", ", ", ": ", "", ", "},
	{"\n  ", ",\n  ", ": ", "\n", ", "},
	{" ", " , ", " :\t", " ", " ,"},
}

// document makes a document.
func (r *random) document() string {
	s := styles[r.pick10(0, 0, 0, 1, 2, 3)]
	var keys []string
	inner := map[string][]string{} // members of objects
	for _, f := range r.fields {
		if !r.chance(65) || strings.HasPrefix(f.path, "ns.") {
			continue
		}
		parts := strings.Split(f.path, ".")
		if len(parts) == 1 || r.chance(15) {
			keys = append(keys, quote(f.path)+s.colon+r.fieldValue(f, s))
			continue
		}
		value := r.fieldValue(f, s)
		for i := len(parts) - 1; i > 1; i-- {
			value = s.object([]string{quote(parts[i]) + s.colon + value})
			if r.chance(10) {
				value = "[" + value + "]"
			}
		}
		inner[parts[0]] = append(inner[parts[0]], quote(parts[1])+s.colon+value)
	}
	for _, name := range []string{"o", "dyn_o"} {
		members := inner[name]
		switch {
		case len(members) == 0:
			continue
		case r.chance(20): // one object per member
			var list []string
			for _, m := range members {
				list = append(list, s.object([]string{m}))
			}
			keys = append(keys, quote(name)+s.colon+"["+strings.Join(list, s.listComma)+"]")
		default:
			keys = append(keys, quote(name)+s.colon+s.object(members))
		}
	}
	if r.chance(70) {
		if value := r.objects("ns.", s); value != "" {
			keys = append(keys, quote("ns")+s.colon+value)
		}
	}
	r.Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	if len(keys) > 0 && r.chance(1) {
		keys = append(keys, keys[0]) // a duplicate is refused
	}
	return s.object(keys)
}

// objects is a list of nested objects, or one; "" when the mapping has none.
func (r *random) objects(prefix string, s style) string {
	object := func() (string, bool) {
		var members []string
		known := false
		for _, f := range r.fields {
			name, ok := strings.CutPrefix(f.path, prefix)
			if !ok || strings.Contains(name, ".") {
				continue
			}
			known = true
			if r.chance(70) {
				members = append(members, quote(name)+s.colon+r.fieldValue(f, s))
			}
		}
		if inner := prefix + "in."; known && r.chance(60) && len(prefix) < 6 {
			if value := r.objects(inner, s); value != "" {
				members = append(members, quote("in")+s.colon+value)
			}
		}
		return s.object(members), known
	}
	one, known := object()
	switch {
	case !known:
		return ""
	case r.chance(20):
		return one
	}
	list := []string{}
	for range r.IntN(4) {
		one, _ := object()
		list = append(list, one)
	}
	return "[" + strings.Join(list, s.listComma) + "]"
}

func (s style) object(members []string) string {
	if len(members) == 0 {
		return "{}"
	}
	return "{" + s.open + strings.Join(members, s.comma) + s.end + "}"
}

// fieldValue is a value, or several.
func (r *random) fieldValue(f field, s style) string {
	switch n := r.IntN(100); {
	case n < 4:
		return "null"
	case n < 6:
		return "[]"
	case n < 18 && f.typ != "geo_point" && f.typ != "flattened":
		var list []string
		for range 1 + r.IntN(4) {
			v := r.value(f)
			switch {
			case r.chance(5):
				v = "null"
			case r.chance(3):
				v = "[" + v + "]"
			}
			list = append(list, v)
		}
		return "[" + strings.Join(list, s.listComma) + "]"
	}
	return r.value(f)
}

// value is one value of a field as JSON, at times written oddly or wrong.
func (r *random) value(f field) string {
	if f.typ != "geo_point" && f.typ != "off" && f.typ != "flattened" && (r.chance(3) && f.malformed || r.chance(1) && r.chance(30)) {
		if f.typ == "date" || f.typ == "date_nanos" { // a number would be a time long ago, and histograms long
			return r.pick(`"junk"`, `true`, `{"x":1}`, `"2026-13-45"`, `""`)
		}
		return r.pick(`"junk"`, `true`, `1e400`, `{"x":1}`, `"2026-13-45"`, `12.75`, `""`, `300`)
	}
	if f.flavour != "" && r.chance(97) {
		text := r.flavoured(f)
		if f.typ == "long" || f.typ == "integer" || f.typ == "double" || f.typ == "scaled_float" {
			return text
		}
		return quote(text)
	}
	switch f.typ {
	case "keyword", "wildcard", "text", "match_only_text":
		return r.stringValue(f)
	case "long", "integer", "short", "byte":
		n := r.whole(f)
		if f.mapping != "" && !strings.Contains(f.mapping, `"coerce":false`) && !f.big && r.chance(15) {
			return r.pick(n+".0", quote(n), n+".7", n+"e0", quote(n+".5"))
		}
		return n
	case "double", "float", "half_float", "scaled_float":
		x := r.fraction()
		if f.mapping != "" && r.chance(25) {
			y := r.pick("1e1", "0.50", "-0", "2.50", "1E2", "-0.0", "10", "3.14159")
			if !strings.Contains(f.mapping, `"coerce":false`) && r.chance(30) {
				return quote(y)
			}
			return y
		}
		if f.mapping == "" && !strings.Contains(x, ".") {
			x += ".0"
		}
		return x
	case "boolean":
		if f.mapping != "" && r.chance(15) {
			return r.pick(`"true"`, `"false"`, `""`)
		}
		return r.pick("true", "false")
	case "date", "date_nanos":
		text := r.date(f.format)
		if f.mapping != "" && !strings.ContainsAny(text, "-/: T") && r.chance(70) {
			return text
		}
		return quote(text)
	case "ip":
		return quote(r.ip())
	case "geo_point":
		return r.pick(`{"lat":52.5,"lon":13.4}`, `"52.5,13.4"`, `[13.4,52.5]`, `[[13.4,52.5],[2,48]]`, `"POINT (13.4 52.5)"`, `{ "lon": 13.4, "lat": 52.5 }`)
	case "constant_keyword":
		return `"b"`
	case "flattened":
		return r.pick(fmt.Sprintf(`{"a":%s,"b":{"c":%s}}`, quote(r.pick(keywords...)), quote(r.pick(keywords...))),
			fmt.Sprintf(`{"a":[%s,%s,null],"n":%d}`, quote(r.pick(keywords...)), quote(r.pick(keywords...)), r.IntN(5)),
			fmt.Sprintf(`[{"a":%s},{"b.c":true}]`, quote(r.pick(keywords...))), `{}`)
	case "off":
		return r.pick(`{"a":1}`, `"x"`, `[1, {"b":2}]`, `{"a":{"b":"c"}}`, `7`)
	}
	panic(f.typ)
}

func (r *random) stringValue(f field) string {
	text := r.text()
	if f.typ == "keyword" || f.typ == "wildcard" {
		text = r.pick(keywords...)
	}
	q := quote(text)
	switch r.IntN(25) {
	case 0:
		return strings.Replace(q, "a", `\u0061`, 1)
	case 1:
		return strings.Replace(q, "/", `\/`, 1)
	case 2:
		if f.mapping != "" {
			return r.pick("12", "true", "1.50")
		}
	case 3:
		return fmt.Sprintf("%q", strings.Repeat("long-", 60))
	case 4:
		return r.pick(`"\ud83d\ude00 pool"`, `"pool 😀 error"`, `"a\u2028b\u00e9"`, `"\b\f\n\r\t\"\\"`, `"e\u0301rror"`, "\"\u00a0x\u200b\"", `"pool\u0000error"`)
	case 5:
		if r.chance(10) {
			return quote(strings.Repeat(r.text()+" ", 200))
		}
	}
	return q
}
