package exec

import (
	"cmp"
	"math"
	"net/netip"
	"strconv"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
)

func compileTerm(c *compiler, q *query.Term) (node, error) {
	n, err := c.terms(q.Field, []query.Value{q.Value}, q.CaseInsensitive, q.Weight())
	if err != nil || q.CaseInsensitive {
		return n, err
	}
	return c.scoredValue(q.Field, n, q.Weight())
}

// scoredValue scores a clause on one value of a keyword or boolean field; others stay as they are.
func (c *compiler) scoredValue(name string, n node, weight float64) (node, error) {
	switch n.(type) {
	case *stringNode, *intRangeNode:
	default:
		return n, nil
	}
	f := c.fields.lookup(name)
	if f == nil || f.class != classKeyword && f.class != classBool {
		return n, nil
	}
	return c.scoredTerm(f, n, weight)
}

// defaultMaxTerms is Elasticsearch's default of index.max_terms_count.
const defaultMaxTerms = 65_536

func compileTerms(c *compiler, q *query.Terms) (node, error) {
	maxTerms := cmp.Or(c.fields.index.MaxTerms, defaultMaxTerms)
	if len(q.Values) > maxTerms {
		return nil, eserr.IllegalArgument("The number of terms [%d] used in the Terms Query request has exceeded the allowed maximum of [%d]. "+
			"This maximum can be set by changing the [index.max_terms_count] index level setting.", len(q.Values), maxTerms)
	}
	if q.Lookup != nil {
		return nil, eserr.IllegalArgument("the terms of field [%s] were not looked up", q.Field)
	}
	unscored := *c
	unscored.scoring = false
	n, err := unscored.terms(q.Field, q.Values, false, q.Weight())
	if err != nil {
		return nil, err
	}
	return &constantNode{n, q.Weight()}, nil
}

// terms matches rows with one of some values.
func (c *compiler) terms(name string, values []query.Value, fold bool, weight float64) (node, error) {
	switch name {
	case idField:
		return c.ids(texts(values), weight), nil
	case indexField:
		return c.indexNamed(texts(values), fold, weight), nil
	}
	f := c.fields.lookup(name)
	if f == nil {
		return noneNode{}, nil
	}
	if err := f.searchable(); err != nil {
		return nil, err
	}
	if fold && f.class != classKeyword && f.class != classText {
		return nil, eserr.QueryShard("[%s] field which is of type [%s], does not support case insensitive term queries", f.name, f.typ)
	}
	return c.termsOn(f, values, fold, weight)
}

func (c *compiler) termsOn(f *field, values []query.Value, fold bool, weight float64) (node, error) {
	switch f.class {
	case classText:
		return c.textTerms(f, texts(values), fold, weight)
	case classKeyword:
		return c.keywordTerms(f, texts(values), fold, weight)
	case classInt:
		return intTerms(f, values, weight)
	case classFloat:
		return floatTerms(f, values, weight)
	case classBool:
		return boolTerms(f, values, weight)
	case classIP:
		return ipTerms(f, values, weight)
	case classUnsigned:
		return unsignedTerms(f, values, weight)
	case classRange:
		return c.rangeTerms(f, values, weight)
	case classDate, classNanos:
		return c.dateTerms(f, values, weight)
	}
	return nil, eserr.QueryShard("Geometry fields do not support exact searching, use dedicated geometry queries instead: [%s]", f.name)
}

func texts(values []query.Value) []string {
	out := make([]string, 0, len(values))
	for _, v := range values {
		if !v.IsNull() {
			out = append(out, v.Text)
		}
	}
	return out
}

func (c *compiler) keywordTerms(f *field, values []string, fold bool, weight float64) (node, error) {
	if f.typed == mapping.ConstantKeyword {
		return constantTerms(f, exactly(values...), weight), nil
	}
	for i, v := range values {
		values[i] = f.view.normal(v)
	}
	test := exactly(values...)
	if fold {
		test = stringTest{match: func(v []byte) bool {
			for _, want := range values {
				if foldEqual(v, want) {
					return true
				}
			}
			return false
		}}
	}
	return &stringNode{view: f.view, test: test, weight: weight}, nil
}

// foldEqual compares without regard to the case of ASCII letters.
func foldEqual(v []byte, want string) bool {
	if len(v) != len(want) {
		return false
	}
	for i := range v {
		if asciiLower(v[i]) != asciiLower(want[i]) {
			return false
		}
	}
	return true
}

func asciiLower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// constantTerms decides a constant_keyword, which has one value for the whole index.
func constantTerms(f *field, test stringTest, weight float64) node {
	if f.constant != "" && test.passes([]byte(f.constant)) {
		return allNode{weight}
	}
	return noneNode{}
}

// indexNamed matches all documents of an index with one of the names, which may have wildcards.
func (c *compiler) indexNamed(names []string, fold bool, weight float64) node {
	for _, name := range names {
		pattern := compileWildcardPattern(name, fold)
		if pattern([]byte(c.fields.index.Name)) {
			return allNode{weight}
		}
	}
	return noneNode{}
}

func intTerms(f *field, values []query.Value, weight float64) (node, error) {
	var ints []int64
	for _, v := range values {
		if v.IsNull() {
			continue
		}
		if i, ok := v.Int64(); ok {
			ints = append(ints, i)
		} else if _, ok := v.Float64(); !ok { // a fraction matches nothing
			return nil, eserr.NumberFormat(v.Text)
		}
	}
	return newIntSet(f.view.column, ints, weight), nil
}

func floatTerms(f *field, values []query.Value, weight float64) (node, error) {
	var floats []float64
	for _, v := range values {
		if v.IsNull() {
			continue
		}
		x, ok := v.Float64()
		if !ok {
			return nil, eserr.NumberFormat(v.Text)
		}
		floats = append(floats, f.roundFloat(x))
	}
	return newFloatSet(f.view.column, floats, weight), nil
}

// roundFloat gives the value as the field's type holds it.
func (f *field) roundFloat(v float64) float64 {
	switch f.typed {
	case mapping.Float:
		return float64(float32(v))
	case mapping.HalfFloat:
		return halfFloat(v)
	case mapping.ScaledFloat:
		return math.Round(v*f.scalingFactor) / f.scalingFactor
	}
	return v
}

// halfFloat rounds to 11 significant bits, ties to even, as IEEE 754 binary16 holds them.
func halfFloat(v float64) float64 {
	if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return v
	}
	const minExp = -13 // exponent of Frexp for the least normal number
	_, exp := math.Frexp(v)
	unit := math.Ldexp(1, max(exp, minExp)-11)
	return math.RoundToEven(v/unit) * unit
}

func boolTerms(f *field, values []query.Value, weight float64) (node, error) {
	var ints []int64
	for _, v := range values {
		if v.IsNull() {
			continue
		}
		b, err := parseBool(v)
		if err != nil {
			return nil, err
		}
		ints = append(ints, b)
	}
	return newIntSet(f.view.column, ints, weight), nil
}

func parseBool(v query.Value) (int64, error) {
	switch v.Text {
	case "true":
		return 1, nil
	case "false", "":
		return 0, nil
	}
	return 0, eserr.IllegalArgument("Can't parse boolean value [%s], expected [true] or [false]", v.Text)
}

func ipTerms(f *field, values []query.Value, weight float64) (node, error) {
	n := &fixedRangesNode{column: f.view.column, weight: weight}
	for _, v := range values {
		if v.IsNull() {
			continue
		}
		r, err := parseNetwork(v.Text)
		if err != nil {
			return nil, err
		}
		n.ranges = append(n.ranges, r)
	}
	return n, nil
}

// parseNetwork reads an address or a network such as 10.0.0.0/8.
func parseNetwork(text string) (fixedRange, error) {
	address, bits, isNetwork := strings.Cut(text, "/")
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Zone() != "" {
		return fixedRange{}, eserr.IllegalArgument("'%s' is not an IP string literal.", address)
	}
	lo := ip.As16()
	if !isNetwork {
		return fixedRange{lo, lo}, nil
	}
	n, err := strconv.Atoi(bits)
	if err != nil || n < 0 || n > ip.BitLen() {
		return fixedRange{}, eserr.IllegalArgument("illegal prefix length '%s' in '%s'. Must be 0-32 for IPv4 ranges, 0-128 for IPv6 ranges", bits, text)
	}
	n += 128 - ip.BitLen()
	hi := lo
	for i := range 16 {
		keep := min(max(n-8*i, 0), 8)
		mask := byte(0xff) << (8 - keep)
		lo[i] &= mask
		hi[i] |= ^mask
	}
	return fixedRange{lo, hi}, nil
}

// dateTerms matches each value as the range of what it names: "2026-01" is the whole month.
func (c *compiler) dateTerms(f *field, values []query.Value, weight float64) (node, error) {
	var parts []node
	for _, v := range values {
		if v.IsNull() {
			continue
		}
		end := &query.Bound{Value: v, Inclusive: true}
		n, err := c.dateRange(f, &query.Range{Lower: end, Upper: end}, weight)
		if err != nil {
			return nil, err
		}
		parts = append(parts, n)
	}
	switch len(parts) {
	case 0:
		return noneNode{}, nil
	case 1:
		return parts[0], nil
	}
	return &constantNode{&boolNode{should: parts, least: 1, weight: 1}, weight}, nil
}
