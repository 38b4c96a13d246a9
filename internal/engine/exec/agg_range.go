package exec

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"
)

// rangeNode is a bucket per range of numbers or dates: from is included, to is not.
type rangeNode struct {
	kind   string
	values *valuesNode
	ranges []numberRange
	keyed  bool
	format *dates.Format // of date ranges
	zone   *time.Location
	subs   []*aggPlan
}

type numberRange struct {
	key      string // "" makes one of the ends
	from, to float64
	hasFrom  bool
	hasTo    bool
	fromText string // printed form of dates
	toText   string
}

func compileRangeAgg(c *compiler, b *agg.Range, subs []*aggPlan) (aggNode, error) {
	v, err := c.numbersOf("range", b.Field, b.Format, b.Missing)
	if err != nil {
		return nil, err
	}
	n := &rangeNode{kind: "range", values: v, keyed: b.Keyed, subs: subs, zone: utc}
	for _, item := range b.Ranges {
		r := openRange(item.Key)
		if !item.From.IsNull() {
			if r.from, err = parseNumber(item.From); err != nil {
				return nil, err
			}
			r.hasFrom, r.fromText = true, v.keyText(r.from)
		}
		if !item.To.IsNull() {
			if r.to, err = parseNumber(item.To); err != nil {
				return nil, err
			}
			r.hasTo, r.toText = true, v.keyText(r.to)
		}
		n.ranges = append(n.ranges, r)
	}
	n.sort()
	return n, nil
}

func compileDateRangeAgg(c *compiler, b *agg.DateRange, subs []*aggPlan) (aggNode, error) {
	v, err := c.numbersOf("date_range", b.Field, "", b.Missing)
	if err != nil {
		return nil, err
	}
	if v.field != nil && !v.field.isDate() {
		return nil, notSupportedOn(v.field, "date_range")
	}
	n := &rangeNode{kind: "date_range", values: v, keyed: b.Keyed, subs: subs, format: dates.Default}
	if v.field != nil {
		n.format = v.field.dateFormat()
	}
	if b.Format != "" {
		if n.format, err = dates.Compile(b.Format); err != nil {
			return nil, err
		}
	}
	if n.zone, err = dates.Zone(b.TimeZone); err != nil {
		return nil, err
	}
	for _, item := range b.Ranges {
		r := openRange(item.Key)
		if r.from, r.fromText, r.hasFrom, err = n.dateEnd(c, item.From, r.from); err != nil {
			return nil, err
		}
		if r.to, r.toText, r.hasTo, err = n.dateEnd(c, item.To, r.to); err != nil {
			return nil, err
		}
		n.ranges = append(n.ranges, r)
	}
	n.sort()
	return n, nil
}

func openRange(key string) numberRange {
	return numberRange{key: key, from: math.Inf(-1), to: math.Inf(1)}
}

// dateEnd reads one end of a date range; a number is read by the format too, without its fraction.
func (n *rangeNode) dateEnd(c *compiler, v query.Value, open float64) (ms float64, text string, given bool, err error) {
	if v.IsNull() {
		return open, "", false, nil
	}
	bound := v.Text
	if x, ok := v.Float64(); ok && v.Kind == jsonval.Number {
		bound = strconv.FormatInt(int64(x), 10)
	}
	at, err := n.format.Eval(bound, dates.FromTime(c.plan.req.Now), n.zone, false)
	if err != nil {
		return 0, "", false, err
	}
	return float64(at.Millis()), string(n.format.Append(nil, at, n.zone)), true, nil
}

// sort puts ranges in the order of the answer: by from, then by to.
func (n *rangeNode) sort() {
	slices.SortStableFunc(n.ranges, func(a, b numberRange) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	for i := range n.ranges {
		if r := &n.ranges[i]; r.key == "" {
			r.key = r.endText(r.hasFrom, r.from, r.fromText) + "-" + r.endText(r.hasTo, r.to, r.toText)
		}
	}
}

func (r *numberRange) endText(given bool, v float64, text string) string {
	switch {
	case !given:
		return "*"
	case text != "":
		return text
	}
	return string(result.AppendDouble(nil, v))
}

func (n *rangeNode) collector(subs collectors, acct *account) collector {
	return &rangeCollector{node: n, subs: subs, fixed: fixedBuckets{acct: acct, each: len(n.ranges)}, reader: valueReader{node: n.values}}
}

type rangeCollector struct {
	node   *rangeNode
	subs   collectors
	fixed  fixedBuckets
	reader valueReader
	places []uint32 // position in docs of each value
	kept   docs
}

func (r *rangeCollector) bind(at *leafPlace) error {
	r.fixed.leaf = at.leaf
	r.reader.bind(at.leaf)
	return r.subs.bind(at)
}

// collect asks the reader for values with their position in d as the bucket, so that a document counts
// once per range however many values it has there.
func (r *rangeCollector) collect(d *docs) error {
	if err := r.fixed.grow(d.limit); err != nil {
		return err
	}
	for len(r.places) < len(d.rows) {
		r.places = append(r.places, uint32(len(r.places)))
	}
	at := docs{block: d.block, rows: d.rows, buckets: r.places[:len(d.rows)], limit: len(d.rows)}
	values, places, err := r.reader.gather(&at)
	if err != nil {
		return err
	}
	return r.place(d, values, places)
}

// place counts values into their ranges, which may overlap. A document counts once in each.
func (r *rangeCollector) place(d *docs, values []float64, places []uint32) error {
	for i := range r.node.ranges {
		one := &r.node.ranges[i]
		r.kept.rows, r.kept.buckets = r.kept.rows[:0], r.kept.buckets[:0]
		last := -1
		for j, v := range values {
			if p := int(places[j]); v >= one.from && v < one.to && p != last {
				last = p
				r.kept.rows = append(r.kept.rows, d.rows[p])
				r.kept.buckets = append(r.kept.buckets, d.bucket(p))
			}
		}
		r.kept.block, r.kept.limit = d.block, d.limit
		if err := r.fixed.collect(&r.kept, i, r.subs); err != nil {
			return err
		}
	}
	return nil
}

func (r *rangeCollector) partial(parent uint32) partial {
	p := &fixedPartial{shape: r.node, parts: r.fixed.parts(parent, r.subs)}
	if r.node.values.field == nil && r.node.values.missing == nil {
		return &unmappedPartial{p}
	}
	return p
}

func (n *rangeNode) plans() []*aggPlan { return n.subs }

func (n *rangeNode) frame() *result.Buckets {
	return &result.Buckets{Kind: n.kind, Keyed: n.keyed}
}

func (n *rangeNode) print(out *result.Bucket, i int) {
	r := &n.ranges[i]
	out.Key = jsonval.Str(r.key)
	if n.keyed {
		out.KeyAsString = r.key
	}
	if r.hasFrom {
		out.From, out.FromAsString = &r.from, r.fromText
	}
	if r.hasTo {
		out.To, out.ToAsString = &r.to, r.toText
	}
}
