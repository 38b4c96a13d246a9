package exec

import (
	"slices"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/decimal"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"
)

// valuesNode is where a metric's numbers come from.
type valuesNode struct {
	field   *field // nil: the index does not have it
	column  string
	scale   float64 // what column values are divided by: nanoseconds print as milliseconds
	missing *float64
	format  *dates.Format   // prints results of date fields; nil for others
	decimal *decimal.Format // prints results by a pattern of the request; nil for none
}

// numbersOf compiles the source of a metric that needs numbers.
func (c *compiler) numbersOf(kind, name, format string, missing *query.Value) (*valuesNode, error) {
	f, err := c.valuesField(name)
	if err != nil {
		return nil, err
	}
	v := &valuesNode{field: f, scale: 1}
	if f != nil {
		switch f.class {
		case classInt, classFloat, classBool, classDate, classUnsigned:
		case classNanos:
			v.scale = nanosPerMilli
		default:
			return nil, notSupportedOn(f, kind)
		}
		v.column = f.view.column
	}
	if v.format, v.decimal, err = keyFormat(f, format); err != nil {
		return nil, err
	}
	if missing != nil {
		x, err := v.parse(*missing)
		if err != nil {
			return nil, err
		}
		v.missing = &x
	}
	return v, nil
}

// parse reads a value that the request brings.
func (v *valuesNode) parse(s query.Value) (float64, error) {
	if s.Kind == jsonval.String && v.field != nil && v.field.isDate() {
		at, err := v.field.dateFormat().Parse(s.Text, utc)
		return float64(at.Millis()), err
	}
	if v.field != nil && v.field.class == classBool {
		b, err := parseBool(s)
		return float64(b), err
	}
	return parseNumber(s)
}

// asString prints a result in the field's format: dates as dates, booleans by name.
func (v *valuesNode) asString(x float64) string {
	switch {
	case v.decimal != nil:
		return string(v.decimal.Append(nil, x))
	case v.field == nil:
		return ""
	case v.format != nil:
		return string(v.format.AppendMillis(nil, int64(x), utc))
	case v.field.class == classBool && x == 1:
		return "true"
	case v.field.class == classBool && x == 0:
		return "false"
	case v.field.class == classUnsigned:
		return string(result.AppendDouble(nil, x))
	}
	return ""
}

// keyText prints a number that is a bucket's key, "" where only the number is printed.
func (v *valuesNode) keyText(x float64) string {
	if v.decimal != nil || v.format != nil {
		return v.asString(x)
	}
	return ""
}

// printsStrings says whether results have a form as text beside the number.
func (v *valuesNode) printsStrings() bool {
	return v.decimal != nil || v.field != nil && (v.format != nil || v.field.class == classUnsigned)
}

// valueReader gathers numbers block by block, for one goroutine.
type valueReader struct {
	node    *valuesNode
	col     *leafColumn
	values  []float64
	buckets []uint32
	valued  docs // those of the documents that have a value
	scratch scratch
}

func (r *valueReader) bind(l *leaf) {
	r.col = nil
	if r.node.field != nil {
		r.col = l.column(r.node.column)
	}
}

// gather returns the values of rows and the bucket of each; all values of a list. Both are good until
// the next call, and buckets may be everyone's.
func (r *valueReader) gather(d *docs) (values []float64, buckets []uint32, err error) {
	r.values, r.buckets = r.values[:0], r.buckets[:0]
	if r.col == nil {
		r.gatherMissing(d)
		return r.values, r.buckets, nil
	}
	b, err := r.col.rows(d.block, d.rows)
	if err != nil {
		return nil, nil, err
	}
	switch b.Kind {
	case column.Int64:
		gatherValues(r, d, b, b.Ints)
	case column.Float64:
		gatherValues(r, d, b, b.Floats)
	default:
		return nil, nil, errKind(r.col, column.Float64)
	}
	if r.node.field.class == classUnsigned {
		for i, v := range r.values {
			if v < 0 {
				r.values[i] = v + 1<<64
			}
		}
	}
	if r.node.scale != 1 {
		for i := range r.values {
			r.values[i] /= r.node.scale
		}
	}
	buckets = r.buckets
	switch n := len(r.values); {
	case len(buckets) > 0:
	case n <= len(bucketZero):
		buckets = bucketZero[:n]
	default:
		r.buckets = slices.Grow(r.buckets, n)[:n]
		clear(r.buckets)
		buckets = r.buckets
	}
	return r.values, buckets, r.scratch.hold(r.col.leaf.acct, 8*cap(r.values)+4*cap(r.buckets)+2*cap(r.valued.rows)+4*cap(r.valued.buckets))
}

// bucketZero is the bucket of rows that are all in the same one.
var bucketZero [column.BlockRows]uint32

func (r *valueReader) gatherMissing(d *docs) {
	if r.node.missing == nil {
		return
	}
	for i := range d.rows {
		r.values = append(r.values, *r.node.missing)
		r.buckets = append(r.buckets, d.bucket(i))
	}
}

func gatherValues[T int64 | float64](r *valueReader, d *docs, b *column.Block, values []T) {
	if b.Offsets == nil && b.Present == nil {
		out := slices.Grow(r.values, len(d.rows))[:len(d.rows)]
		for i, row := range d.rows {
			out[i] = float64(values[row])
		}
		r.values = out
		if d.buckets != nil {
			r.buckets = append(r.buckets, d.buckets...)
		}
		return
	}
	missing := r.node.missing
	if b.Offsets == nil && missing == nil {
		d = r.valued.only(d, b.Present)
		for _, row := range d.rows {
			r.values = append(r.values, float64(values[row]))
		}
		r.buckets = append(r.buckets, d.buckets...)
		return
	}
	for i, row := range d.rows {
		lo, hi := b.Range(int(row))
		n := hi - lo
		for ; lo < hi; lo++ {
			r.values = append(r.values, float64(values[lo]))
		}
		if n == 0 && missing != nil {
			r.values = append(r.values, *missing*r.node.scale)
			n = 1
		}
		if d.buckets != nil {
			for range n {
				r.buckets = append(r.buckets, d.buckets[i])
			}
		}
	}
}

// growBuckets makes room for state of buckets below limit.
func growBuckets[T any](state []T, limit int, acct *account, bytesEach int) ([]T, error) {
	more := limit - len(state)
	if more <= 0 {
		return state, nil
	}
	if err := acct.grow(more * bytesEach); err != nil {
		return state, err
	}
	return append(state, make([]T, more)...), nil
}
