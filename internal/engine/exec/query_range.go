package exec

import (
	"bytes"
	"math"
	"math/big"
	"net/netip"
	"strconv"
	"time"

	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
)

func compileRange(c *compiler, q *query.Range) (node, error) {
	f := c.fields.lookup(q.Field)
	if f == nil {
		return noneNode{}, nil
	}
	if err := f.searchable(); err != nil {
		return nil, err
	}
	if f.class == classRange {
		n, err := c.rangeRelation(f, q)
		return lenient(n, err, q.Lenient)
	}
	if q.Relation != "" && q.Relation != "intersects" {
		return nil, eserr.QueryShard("Field [%s] of type [%s] does not support DISJOINT ranges or relation [%s]", f.name, f.typ, q.Relation)
	}
	if !f.isDate() && (q.TimeZone != "" || q.Format != "") {
		return nil, eserr.QueryShard("Field [%s] of type [%s] does not support [time_zone] or [format]", f.name, f.typ)
	}
	n, err := c.rangeOn(f, q)
	return lenient(n, err, q.Lenient)
}

func (c *compiler) rangeOn(f *field, q *query.Range) (node, error) {
	switch f.class {
	case classKeyword:
		if f.typed == mapping.ConstantKeyword {
			return constantTerms(f, stringRange(q), q.Weight()), nil
		}
		if f.typed == mapping.Version {
			view := f.view
			view.normalizer = versionOrder
			return &stringNode{view: view, test: stringRange(view.normalRange(q)), weight: q.Weight()}, nil
		}
		return &stringNode{view: f.view, test: stringRange(f.view.normalRange(q)), weight: q.Weight()}, nil
	case classText:
		return c.textPattern(f, stringRange(q), q.Weight())
	case classInt:
		return intRange(f, q)
	case classBool:
		return boolRange(f, q)
	case classFloat:
		return floatRange(f, q)
	case classIP:
		return ipRange(f, q)
	case classUnsigned:
		return unsignedRange(f, q)
	case classDate, classNanos:
		return c.dateRange(f, q, q.Weight())
	}
	return nil, eserr.QueryShard("Field [%s] of type [%s] does not support range queries", f.name, f.typ)
}

// normalRange is a range with its bounds as the field has its values.
func (v *stringView) normalRange(q *query.Range) *query.Range {
	if v.normalizer == nil {
		return q
	}
	out := *q
	for _, end := range []**query.Bound{&out.Lower, &out.Upper} {
		if *end != nil {
			b := **end
			b.Value.Text = v.normal(b.Value.Text)
			*end = &b
		}
	}
	return &out
}

// stringRange compares by bytes.
func stringRange(q *query.Range) stringTest {
	lower, upper := q.Lower, q.Upper
	return stringTest{match: func(v []byte) bool {
		if lower != nil {
			if c := bytes.Compare(v, []byte(lower.Value.Text)); c < 0 || c == 0 && !lower.Inclusive {
				return false
			}
		}
		if upper != nil {
			if c := bytes.Compare(v, []byte(upper.Value.Text)); c > 0 || c == 0 && !upper.Inclusive {
				return false
			}
		}
		return true
	}}
}

// intRange rounds fractions inwards: at least 1.5 is at least 2.
func intRange(f *field, q *query.Range) (node, error) {
	lo, hi := int64(math.MinInt64), int64(math.MaxInt64)
	if b := q.Lower; b != nil {
		v, err := parseNumber(b.Value)
		if err != nil {
			return nil, err
		}
		var ok bool
		if lo, ok = lowerInt(b.Value, v, b.Inclusive); !ok {
			return noneNode{}, nil
		}
	}
	if b := q.Upper; b != nil {
		v, err := parseNumber(b.Value)
		if err != nil {
			return nil, err
		}
		var ok bool
		if hi, ok = upperInt(b.Value, v, b.Inclusive); !ok {
			return noneNode{}, nil
		}
	}
	return intBetween(f, lo, hi, q.Weight()), nil
}

func intBetween(f *field, lo, hi int64, weight float64) node {
	if lo > hi {
		return noneNode{}
	}
	return &intRangeNode{column: f.view.column, lo: lo, hi: hi, weight: weight}
}

func parseNumber(v query.Value) (float64, error) {
	x, ok := v.Float64()
	if !ok {
		return 0, eserr.NumberFormat(v.Text)
	}
	return x, nil
}

// lowerInt is the least whole number above the bound; ok is false when there is none.
func lowerInt(v query.Value, x float64, inclusive bool) (lo int64, ok bool) {
	i, whole := v.Int64()
	switch {
	case !whole && x >= 1<<63:
		return 0, false
	case !whole && x < -(1<<63):
		return math.MinInt64, true
	case !whole:
		return int64(math.Ceil(x)), true
	case inclusive:
		return i, true
	}
	return i + 1, i < math.MaxInt64
}

// upperInt is the greatest whole number below the bound; ok is false when there is none.
func upperInt(v query.Value, x float64, inclusive bool) (hi int64, ok bool) {
	i, whole := v.Int64()
	switch {
	case !whole && x < -(1<<63):
		return 0, false
	case !whole && x >= 1<<63:
		return math.MaxInt64, true
	case !whole:
		return int64(math.Floor(x)), true
	case inclusive:
		return i, true
	}
	return i - 1, i > math.MinInt64
}

func boolRange(f *field, q *query.Range) (node, error) {
	lo, hi := int64(0), int64(1)
	if b := q.Lower; b != nil {
		v, err := parseBool(b.Value)
		if err != nil {
			return nil, err
		}
		if lo = v; !b.Inclusive {
			lo++
		}
	}
	if b := q.Upper; b != nil {
		v, err := parseBool(b.Value)
		if err != nil {
			return nil, err
		}
		if hi = v; !b.Inclusive {
			hi--
		}
	}
	return intBetween(f, lo, hi, q.Weight()), nil
}

func floatRange(f *field, q *query.Range) (node, error) {
	lo, hi := math.Inf(-1), math.Inf(1)
	if b := q.Lower; b != nil {
		v, err := parseNumber(b.Value)
		if err != nil {
			return nil, err
		}
		lo = f.floatBound(v, b.Inclusive, 1)
	}
	if b := q.Upper; b != nil {
		v, err := parseNumber(b.Value)
		if err != nil {
			return nil, err
		}
		hi = f.floatBound(v, b.Inclusive, -1)
	}
	if lo > hi {
		return noneNode{}, nil
	}
	return &floatRangeNode{column: f.view.column, lo: lo, hi: hi, weight: q.Weight()}, nil
}

// floatBound gives the outermost value of the field's precision that is inside the bound; inwards is 1
// for a lower bound and -1 for an upper one.
func (f *field) floatBound(v float64, inclusive bool, inwards int) float64 {
	to := math.Inf(inwards)
	switch f.typed {
	case mapping.Float:
		x := float32(v)
		if !inclusive {
			x = math.Nextafter32(x, float32(to))
		}
		return float64(x)
	case mapping.ScaledFloat:
		return scaledBound(f.scaled(v), inclusive, inwards) / f.scalingFactor
	}
	if !inclusive {
		v = math.Nextafter(v, to)
	}
	return v
}

// scaled multiplies a bound as the decimal that it is written as: 0.29 times 100 is 29, where a product of binary fractions
// lies below and would leave out the value itself.
func (f *field) scaled(v float64) float64 {
	exact, ok := new(big.Rat).SetString(strconv.FormatFloat(v, 'g', -1, 64))
	factor, ok2 := new(big.Rat).SetString(strconv.FormatFloat(f.scalingFactor, 'g', -1, 64))
	if !ok || !ok2 {
		return v * f.scalingFactor
	}
	x, _ := exact.Mul(exact, factor).Float64()
	return x
}

func scaledBound(v float64, inclusive bool, inwards int) float64 {
	rounded := math.Ceil(v)
	if inwards < 0 {
		rounded = math.Floor(v)
	}
	if rounded == v && !inclusive {
		rounded += float64(inwards)
	}
	return rounded
}

func ipRange(f *field, q *query.Range) (node, error) {
	var r fixedRange
	for i := range r.hi {
		r.hi[i] = 0xff
	}
	if b := q.Lower; b != nil {
		ip, err := parseIP(b.Value.Text)
		if err != nil {
			return nil, err
		}
		if !b.Inclusive {
			if ip = ip.Next(); !ip.IsValid() {
				return noneNode{}, nil
			}
		}
		r.lo = ip.As16()
	}
	if b := q.Upper; b != nil {
		ip, err := parseIP(b.Value.Text)
		if err != nil {
			return nil, err
		}
		if !b.Inclusive {
			if ip = ip.Prev(); !ip.IsValid() {
				return noneNode{}, nil
			}
		}
		r.hi = ip.As16()
	}
	return &fixedRangesNode{column: f.view.column, ranges: []fixedRange{r}, weight: q.Weight()}, nil
}

// parseIP reads an address into its 16-byte form, so that neighbours are those of that form.
func parseIP(text string) (netip.Addr, error) {
	ip, err := netip.ParseAddr(text)
	if err != nil || ip.Zone() != "" {
		return ip, eserr.IllegalArgument("'%s' is not an IP string literal.", text)
	}
	return netip.AddrFrom16(ip.As16()), nil
}

// dateRange reads bounds as dates or date math. An exclusive lower and an inclusive upper bound are
// rounded up: "gt 2026-01" begins in February, "lte now/d" ends with the day.
func (c *compiler) dateRange(f *field, q *query.Range, weight float64) (node, error) {
	format := f.dateFormat()
	if q.Format != "" {
		var err error
		if format, err = dates.Compile(q.Format); err != nil {
			return nil, err
		}
	}
	zone := time.UTC
	if q.TimeZone != "" {
		var err error
		if zone, err = dates.Zone(q.TimeZone); err != nil {
			return nil, err
		}
	}
	lo, hi := int64(math.MinInt64), int64(math.MaxInt64)
	if b := q.Lower; b != nil {
		at, err := format.Eval(b.Value.Text, dates.FromTime(c.plan.req.Now), zone, !b.Inclusive)
		if err != nil {
			return nil, err
		}
		if lo = f.stamp(at); !b.Inclusive {
			lo++
		}
	}
	if b := q.Upper; b != nil {
		at, err := format.Eval(b.Value.Text, dates.FromTime(c.plan.req.Now), zone, b.Inclusive)
		if err != nil {
			return nil, err
		}
		if hi = f.stamp(at); !b.Inclusive {
			hi--
		}
	}
	return intBetween(f, lo, hi, weight), nil
}

// stamp is an instant as the field's column holds it. Beyond what 64 bits hold in nanoseconds it is
// the nearest that they do.
func (f *field) stamp(at dates.Instant) int64 {
	if f.class == classDate {
		return at.Millis()
	}
	if ns, ok := at.Nanos(); ok {
		return ns
	}
	if at.Sec < 0 {
		return math.MinInt64 + 1
	}
	return math.MaxInt64 - 1
}
