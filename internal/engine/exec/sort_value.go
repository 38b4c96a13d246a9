package exec

import (
	"bytes"
	"cmp"
	"math"
	"time"

	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/result"
)

// sortVal is one sort value of one document, comparable with those of other segments and indices.
// Numbers are mapped to integers in the same order and complemented for descending keys, so that the
// smaller always goes first; only strings need to be told the direction. A document without a number
// has the extreme that sorts it first or last, as in Elasticsearch.
type sortVal struct {
	rank int8 // strings only: -1: missing and first, 0: a value, 1: missing and last
	num  int64
	str  []byte
}

// The numbers of documents without a value, whatever the direction.
const (
	numFirst = math.MinInt64
	numLast  = math.MaxInt64
)

// sortClass is how values of a key compare and print.
type sortClass uint8

const (
	sortNone  sortClass = iota // unmapped: no index has values
	sortInt                    // whole numbers
	sortFloat                  // num is floatOrder of the value
	sortDate                   // milliseconds
	sortNanos                  // nanoseconds
	sortBool
	sortString
	sortIP       // str holds 16 bytes
	sortVersion  // str is of versionSort
	sortScore    // num is floatOrder of a float32
	sortUnsigned // num is unsignedOrder of the bits
)

func (c sortClass) isText() bool { return c == sortString || c == sortIP || c == sortVersion }

// compareVals orders two values of one key.
func compareVals(a, b *sortVal, desc bool) int {
	switch {
	case a.rank != b.rank:
		return cmp.Compare(a.rank, b.rank)
	case a.rank != 0:
		return 0
	case a.num != b.num:
		return cmp.Compare(a.num, b.num)
	}
	c := bytes.Compare(a.str, b.str)
	if desc {
		return -c
	}
	return c
}

// directed complements a number for a descending key; applied twice it gives the number back.
func directed(n int64, desc bool) int64 {
	if desc {
		return ^n
	}
	return n
}

// floatOrder maps a float to an integer in the same order, as Lucene's sortable bits do.
func floatOrder(f float64) int64 {
	n := int64(math.Float64bits(f))
	if n < 0 {
		n ^= math.MaxInt64
	}
	return n
}

// orderFloat is the inverse of floatOrder.
func orderFloat(n int64) float64 {
	if n < 0 {
		n ^= math.MaxInt64
	}
	return math.Float64frombits(uint64(n))
}

// sortPrinter turns values of one key into what a hit prints and search_after brings back.
type sortPrinter struct {
	class  sortClass
	desc   bool
	format *dates.Format // nil: dates print as numbers
}

func (p *sortPrinter) print(v *sortVal) jsonval.Scalar {
	if v.rank != 0 {
		return jsonval.Scalar{}
	}
	n := directed(v.num, p.desc)
	switch p.class {
	case sortFloat, sortScore:
		return printFloatKey(n, p.class)
	case sortUnsigned:
		return jsonval.Scalar{Kind: jsonval.Number, Text: formatUnsigned(unsignedOrder(n))}
	case sortDate, sortNanos:
		if p.format == nil || n == math.MaxInt64 || n == math.MinInt64 {
			return jsonval.Int(n)
		}
		at := dates.FromMillis(n)
		if p.class == sortNanos {
			at = dates.FromNanos(n)
		}
		return jsonval.Str(string(p.format.Append(nil, at, time.UTC)))
	case sortString:
		return jsonval.Str(string(v.str))
	case sortVersion:
		return jsonval.Str(string(versionOf(v.str)))
	case sortIP:
		return jsonval.Str(formatIP(v.str))
	}
	return jsonval.Int(n)
}

func printFloatKey(n int64, class sortClass) jsonval.Scalar {
	switch {
	case n == math.MaxInt64, n == floatOrder(math.Inf(1)):
		return jsonval.Str("Infinity")
	case n == math.MinInt64:
		return jsonval.Str("-Infinity")
	case class == sortScore:
		return floatScalar(orderFloat(n), 32)
	}
	return floatScalar(orderFloat(n), 64)
}

const nanosPerMilli = 1_000_000

func floorDiv(n, by int64) int64 {
	q := n / by
	if n%by < 0 {
		q--
	}
	return q
}

// floatScalar prints a float with the shortest digits of its precision; a whole number gets a fraction,
// as Java prints it.
func floatScalar(f float64, bits int) jsonval.Scalar {
	if name := jsonval.NonFinite(f); name != "" {
		return jsonval.Str(name)
	}
	if bits == 32 {
		f = *printedScore(f)
	}
	return jsonval.Scalar{Kind: jsonval.Number, Text: string(result.AppendDouble(nil, f))}
}
