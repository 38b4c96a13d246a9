package brute

import (
	"fmt"
	"math/big"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Matches says whether a document matches a clause; nil is match_all.
func (d *Doc) Matches(q *Node) bool {
	if q == nil {
		return true
	}
	kind, body := q.only()
	switch kind {
	case "match_all":
		return true
	case "match_none":
		return false
	case "bool":
		return d.boolean(body)
	case "dis_max":
		return slices.ContainsFunc(body.Get("queries").list(), d.Matches)
	case "constant_score":
		return d.Matches(body.Get("filter"))
	case "ids":
		return slices.ContainsFunc(body.Get("values").list(), func(v *Node) bool { return v.Text == d.ID })
	case "exists":
		return slices.ContainsFunc(d.schema.schema.below(body.text("field", "")), func(f *Field) bool {
			return len(d.stored[f.Path]) > 0 || f.Type == "constant_keyword" && f.constant != ""
		})
	case "multi_match":
		return d.multiMatch(body)
	case "nested":
		return d.nested(body)
	}
	name, options := body.only()
	if kind == "terms" {
		return slices.ContainsFunc(options.Items, func(v *Node) bool { return d.term(name, v.Text, false) })
	}
	return d.fieldClause(kind, name, options)
}

// option reads an option of a clause that may be written in short.
func option(n *Node, long string) string {
	if n.Kind == '{' {
		return n.text(long, "")
	}
	return n.Text
}

func (d *Doc) fieldClause(kind, name string, o *Node) bool {
	folded := o.Kind == '{' && o.truth("case_insensitive", false)
	fold := func(s string) string {
		if folded {
			return strings.ToLower(s)
		}
		return s
	}
	value := option(o, "value")
	if f := d.field(name); f != nil && f.lowercase {
		value = strings.ToLower(value)
	}
	switch kind {
	case "term":
		return d.term(name, value, folded)
	case "range":
		return d.inRange(name, o)
	case "match":
		return d.match(name, o)
	case "match_bool_prefix":
		return d.boolPrefix(name, o)
	case "match_phrase":
		return d.phrase(name, option(o, "query"), false)
	case "match_phrase_prefix":
		return d.phrase(name, option(o, "query"), true)
	case "prefix":
		return d.anyWord(name, func(s string) bool { return strings.HasPrefix(fold(s), fold(value)) })
	case "wildcard":
		return d.anyWord(name, func(s string) bool { return wildcard(fold(value), fold(s)) })
	case "regexp":
		re := regexp.MustCompile(`^(?s:` + fold(value) + `)$`)
		return d.anyWord(name, func(s string) bool { return re.MatchString(fold(s)) })
	case "fuzzy":
		fuzziness, prefix, swaps := "AUTO", 0, true
		if o.Kind == '{' {
			fuzziness, prefix, swaps = o.text("fuzziness", "AUTO"), int(o.number("prefix_length", 0)), o.truth("transpositions", true)
		}
		return d.anyWord(name, func(s string) bool { return near(value, s, fuzziness, prefix, swaps) })
	}
	panic("brute: no clause " + kind)
}

// field finds a field by name.
func (d *Doc) field(name string) *Field { return d.schema.schema.field(name) }

// anyWord tests the words of a text, or the values of a keyword.
func (d *Doc) anyWord(name string, test func(string) bool) bool {
	f := d.field(name)
	if f == nil {
		return false
	}
	if f.isText() {
		return slices.ContainsFunc(d.tokens(f), func(words []token) bool {
			return slices.ContainsFunc(words, func(t token) bool { return test(t.text) })
		})
	}
	return slices.ContainsFunc(d.fieldValues(f), func(v any) bool { return test(v.(string)) })
}

// fieldValues are the values in the order of the document.
func (d *Doc) fieldValues(f *Field) []any {
	if f.Type == "constant_keyword" {
		return d.values(f)
	}
	return d.stored[f.Path]
}

func (d *Doc) term(name, text string, fold bool) bool {
	switch name {
	case "_id":
		return d.ID == text
	case "_index":
		return wildcard(text, d.Index)
	}
	f := d.field(name)
	switch {
	case f == nil:
		return false
	case f.isText() || f.isKeyword():
		if f.lowercase {
			text = strings.ToLower(text)
		}
		return d.anyWord(name, func(s string) bool { return s == text || fold && strings.EqualFold(s, text) })
	case f.Type == "ip" && strings.Contains(text, "/"):
		network := netip.MustParsePrefix(text)
		return slices.ContainsFunc(d.values(f), func(v any) bool {
			return network.Contains(netip.AddrFrom16([16]byte([]byte(v.(string)))).Unmap())
		})
	case f.isDate():
		return d.within(f, &bound{text, true}, &bound{text, true})
	case f.isInt():
		exact, ok := new(big.Rat).SetString(text)
		return ok && exact.IsInt() && slices.ContainsFunc(d.values(f), func(v any) bool { return exact.Num().Cmp(big.NewInt(v.(int64))) == 0 })
	}
	want := f.query(text)
	return slices.ContainsFunc(d.values(f), func(v any) bool { return compare(v, want) == 0 })
}

// bound is one end of a range.
type bound struct {
	text      string
	inclusive bool
}

func (d *Doc) inRange(name string, o *Node) bool {
	f := d.field(name)
	if f == nil {
		return false
	}
	var lower, upper *bound
	for i, key := range o.Keys {
		b := &bound{o.Items[i].Text, strings.HasSuffix(key, "e")}
		switch {
		case o.Items[i].Kind == 'n':
		case strings.HasPrefix(key, "g"):
			lower = b
		case strings.HasPrefix(key, "l"):
			upper = b
		}
	}
	return d.within(f, lower, upper)
}

// within says whether some value lies between two bounds.
func (d *Doc) within(f *Field, lower, upper *bound) bool {
	in := func(v any) bool {
		return (lower == nil || f.beyond(v, lower, 1)) && (upper == nil || f.beyond(v, upper, -1))
	}
	if f.isText() {
		return d.anyWord(f.Path, func(s string) bool { return in(s) })
	}
	return slices.ContainsFunc(d.fieldValues(f), in)
}

// beyond says whether a value lies on the right side of a bound: above it with side 1, below it with -1.
func (f *Field) beyond(v any, b *bound, side int) bool {
	c := 0
	switch {
	case f.isDate():
		// An inclusive lower and an exclusive upper bound are the first moment that the text stands for, the others the last.
		at := f.stamp(evalDate(b.text, f.formats, b.inclusive == (side < 0)))
		c = compare(v, at)
	case f.isNumber():
		exact, ok := new(big.Rat).SetString(b.text)
		if !ok {
			panic("brute: no number " + b.text)
		}
		c = f.exact(v).Cmp(exact)
		if f.isFloat() && f.Type != "scaled_float" { // bounds are of the field's precision
			x, _ := f.round(b.text)
			c = compare(v, x)
		}
	default:
		c = compare(v, f.query(b.text))
	}
	return c*side > 0 || c == 0 && b.inclusive
}

func (f *Field) exact(v any) *big.Rat {
	switch x := v.(type) {
	case int64:
		return new(big.Rat).SetInt64(x)
	case float64:
		if f.Type == "scaled_float" { // what is kept is the whole number, not its quotient
			return new(big.Rat).Quo(new(big.Rat).SetFloat64(float64(int64(x*f.scaling+0.5*sign(x)))), new(big.Rat).SetFloat64(f.scaling))
		}
		return new(big.Rat).SetFloat64(x)
	}
	panic(fmt.Sprintf("brute: %v is no number", v))
}

func sign(x float64) float64 {
	if x < 0 {
		return -1
	}
	return 1
}

func (d *Doc) match(name string, o *Node) bool {
	text := option(o, "query")
	f := d.field(name)
	if f == nil || !f.isText() {
		return d.term(name, text, false)
	}
	words := analyze(f.analyzer, text)
	if len(words) == 0 {
		return o.Kind == '{' && o.text("zero_terms_query", "none") == "all"
	}
	least, fuzziness, prefix := 1, "", 0
	if o.Kind == '{' {
		fuzziness, prefix = o.text("fuzziness", ""), int(o.number("prefix_length", 0))
		if spec := o.text("minimum_should_match", ""); spec != "" {
			least = max(atLeast(spec, len(words)), 1)
		}
		if strings.EqualFold(o.text("operator", "or"), "and") {
			least = len(words)
		}
	}
	met := 0
	for _, w := range words {
		if d.anyWord(name, func(s string) bool { return s == w.text || fuzziness != "" && near(w.text, s, fuzziness, prefix, true) }) {
			met++
		}
	}
	return met >= least
}

// boolPrefix looks for words, the last of which may go on.
func (d *Doc) boolPrefix(name string, o *Node) bool {
	f := d.field(name)
	if f == nil {
		return false
	}
	words := analyze(f.analyzer, option(o, "query"))
	met := 0
	for i, w := range words {
		if d.anyWord(name, func(s string) bool { return s == w.text || i == len(words)-1 && strings.HasPrefix(s, w.text) }) {
			met++
		}
	}
	if o.Kind == '{' && strings.EqualFold(o.text("operator", "or"), "and") {
		return met > 0 && met == len(words)
	}
	return met > 0
}

// atLeast reads minimum_should_match: a number, a percentage, or less of either.
func atLeast(spec string, total int) int {
	number, percent := strings.CutSuffix(spec, "%")
	n, err := strconv.Atoi(number)
	if err != nil {
		panic("brute: minimum_should_match " + spec)
	}
	if percent {
		n = total * n / 100
	}
	if n < 0 {
		n += total
	}
	return n
}

// phrase looks for words that stand behind each other in one value.
func (d *Doc) phrase(name, text string, lastPrefix bool) bool {
	f := d.field(name)
	if f == nil || !f.isText() {
		return d.term(name, text, false)
	}
	want := analyze(f.analyzer, text)
	return len(want) > 0 && slices.ContainsFunc(d.tokens(f), func(have []token) bool {
		return slices.ContainsFunc(have, func(first token) bool { return phraseAt(have, want, first.at-want[0].at, lastPrefix) })
	})
}

func phraseAt(have, want []token, shift int, lastPrefix bool) bool {
	for i, w := range want {
		if !slices.ContainsFunc(have, func(h token) bool {
			return h.at == w.at+shift && (h.text == w.text || lastPrefix && i == len(want)-1 && strings.HasPrefix(h.text, w.text))
		}) {
			return false
		}
	}
	return true
}

func (d *Doc) multiMatch(o *Node) bool {
	kind := map[string]string{"phrase": "match_phrase", "phrase_prefix": "match_phrase_prefix"}[o.text("type", "best_fields")]
	inner := &Node{Kind: '{'}
	for i, key := range o.Keys {
		if contains([]string{"query", "operator", "minimum_should_match", "fuzziness"}, key) {
			inner.Keys, inner.Items = append(inner.Keys, key), append(inner.Items, o.Items[i])
		}
	}
	return slices.ContainsFunc(o.Get("fields").list(), func(name *Node) bool {
		return d.fieldClause(cmpOr(kind, "match"), strings.Split(name.Text, "^")[0], inner)
	})
}

func (d *Doc) boolean(o *Node) bool {
	count := func(key string) (met, total int) {
		for _, q := range o.Get(key).list() {
			total++
			if d.Matches(q) {
				met++
			}
		}
		return met, total
	}
	must, allMust := count("must")
	filter, allFilter := count("filter")
	should, allShould := count("should")
	not, _ := count("must_not")
	least := 0
	if spec := o.text("minimum_should_match", ""); spec != "" {
		least = atLeast(spec, allShould)
	} else if allMust+allFilter == 0 && allShould > 0 {
		least = 1
	}
	return must == allMust && filter == allFilter && not == 0 && should >= least
}

// zoneOf reads a time zone: an offset or a name.
func zoneOf(text string) *time.Location {
	if text == "" {
		return time.UTC
	}
	if at, err := time.Parse("-07:00", text); err == nil {
		_, offset := at.Zone()
		return time.FixedZone(text, offset)
	}
	zone, err := time.LoadLocation(text)
	if err != nil {
		panic(err)
	}
	return zone
}
