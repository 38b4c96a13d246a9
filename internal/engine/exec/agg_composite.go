package exec

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"
)

// compositeNode makes a bucket per combination of values of several sources, and of those only the first ones after a
// given one: a page.
type compositeNode struct {
	name    string // of the aggregation
	body    *agg.Composite
	sources []compositeSource
	values  []tupleValues
	after   []byte // the written key that the page begins after; nil: it is the first
	// afterFirst is the part of after that is the first source's.
	afterFirst []byte
	subs       []*aggPlan
}

// compositeSource is one of the sources of a key.
type compositeSource struct {
	keySource
	spec *agg.CompositeSource
	// numbers is where a histogram's values come from, times those of a date_histogram.
	numbers *valuesNode
	times   *dateHistogramNode
	zone    *time.Location
	cells   *geoCells // of a geotile_grid
}

func compileComposite(c *compiler, a *agg.Agg, subs []*aggPlan) (aggNode, error) {
	b, ok := a.Body.(*agg.Composite)
	if !ok {
		return nil, notModelled(a)
	}
	limit := c.plan.req.MaxBuckets
	if limit == 0 {
		limit = defaultMaxBuckets
	}
	if b.Size > limit {
		return nil, eserr.New(400, "too_many_buckets_exception", "Trying to create too many buckets. Must be less than or equal to: [%d] but was [%d]. "+
			"This limit can be set by changing the [search.max_buckets] cluster level setting.", limit, b.Size).With("max_buckets", limit)
	}
	n := &compositeNode{name: a.Name, body: b, subs: subs}
	for i := range b.Sources {
		s, err := c.compositeSource(a.Name, &b.Sources[i])
		if err != nil {
			return nil, err
		}
		spec := &b.Sources[i]
		v := tupleValues{class: s.class, desc: spec.Desc, nullLast: spec.Desc}
		if spec.MissingOrder != "" {
			v.nullLast = spec.MissingOrder == "last"
		}
		n.sources, n.values = append(n.sources, s), append(n.values, v)
	}
	for i, v := range b.After {
		var err error
		if n.after, err = n.sources[i].appendAfter(n.after, &n.values[i], v); err != nil {
			return nil, err
		}
		if i == 0 {
			n.afterFirst = n.after[:len(n.after):len(n.after)]
		}
	}
	return n, nil
}

func (c *compiler) compositeSource(name string, spec *agg.CompositeSource) (s compositeSource, err error) {
	s.spec, s.zone = spec, utc
	switch spec.Kind {
	case "terms":
		s.keySource, err = c.keySource("composite", name, &spec.Source, spec.ValueType, nil)
		return s, err
	case "histogram":
		if s.numbers, err = c.numbersOf("composite", spec.Field, spec.Format, nil); err != nil {
			return s, err
		}
		s.keySource = keySource{kind: "composite", name: name, class: classFloat, field: s.numbers.field, decimal: s.numbers.decimal}
		return s, nil
	case "date_histogram":
		return s, c.compositeTimes(name, &s)
	}
	f, err := c.geoPoints(spec.Field, "composite")
	s.cells = &geoCells{tiles: true, precision: spec.Precision}
	s.keySource = keySource{kind: "composite", name: name, class: classInt, field: f}
	return s, err
}

func (c *compiler) compositeTimes(name string, s *compositeSource) error {
	f, err := c.valuesField(s.spec.Field)
	if err != nil {
		return err
	}
	if f != nil && !f.isDate() && f.class != classInt {
		return notSupportedOn(f, "composite")
	}
	s.times = &dateHistogramNode{field: f, hardMin: math.MinInt64, hardMax: math.MaxInt64}
	if s.times.rounding, err = s.spec.Rounding(); err != nil {
		return err
	}
	if s.zone, err = dates.Zone(s.spec.TimeZone); err != nil {
		return err
	}
	s.keySource = keySource{kind: "composite", name: name, class: classDate, field: f, format: dates.Default}
	if s.spec.Format != "" {
		s.format, err = dates.Compile(s.spec.Format)
	}
	return err
}

// appendAfter writes a value of the key that the page begins after.
func (s *compositeSource) appendAfter(dst []byte, values *tupleValues, v query.Value) ([]byte, error) {
	if v.IsNull() {
		if !s.spec.MissingBucket {
			return nil, eserr.IllegalArgument("Invalid value for [after.%s]: [null] needs [missing_bucket]", s.spec.Name)
		}
		return values.appendNull(dst), nil
	}
	switch {
	case s.cells != nil:
		tile, err := s.cells.parseTile(v.Text)
		return values.appendNumber(dst, tile), err
	case !s.isNumber():
		if v.Kind != jsonval.String {
			return nil, eserr.IllegalArgument("invalid value, expected string, got %s", v.Kind)
		}
		text, err := s.textKey(v)
		return values.appendText(dst, text), err
	case (s.class == classDate || s.class == classNanos) && v.Kind == jsonval.String && s.format != nil:
		at, err := s.format.Parse(v.Text, s.zone)
		return values.appendNumber(dst, at.Millis()), err
	case s.class == classDate || s.class == classNanos:
		ms, ok := v.Int64()
		if !ok {
			return nil, eserr.NumberFormat(v.Text)
		}
		return values.appendNumber(dst, ms), nil
	case s.decimal != nil && v.Kind == jsonval.String:
		return nil, eserr.Unsupported("a formatted number in [after." + s.spec.Name + "] of aggregation [composite]")
	}
	n, err := s.numberKey(v)
	return values.appendNumber(dst, n), err
}

// part makes the source's part of keys for one worker.
func (s *compositeSource) part(values tupleValues, acct *account) *boundPart {
	nulls := s.spec.MissingBucket
	switch {
	case s.numbers != nil:
		return s.histogramPart(values, nulls, acct)
	case s.times != nil:
		return s.timesPart(values, nulls, acct)
	case s.cells != nil:
		return s.tilesPart(values, nulls, acct)
	}
	b := s.termsPart(values, nulls, acct)
	if s.field != nil && (s.class == classInt || s.class == classDate) && !nulls {
		b.span = func(l *leaf, block int) (lo, hi []byte) {
			return b.between(l, s.field.view.column, block, func(v int64) int64 { return v })
		}
	}
	return b
}

// between writes the least and the greatest value of a block, as some function has them.
func (b *boundPart) between(l *leaf, column string, block int, of func(v int64) int64) (lo, hi []byte) {
	col := l.column(column)
	if col == nil {
		return nil, nil
	}
	stats := col.col.Stats(block)
	if !stats.HasValues || stats.MinInt == math.MinInt64 || stats.MaxInt == math.MaxInt64 {
		return nil, nil
	}
	lo, hi = b.values.appendNumber(nil, of(stats.MinInt)), b.values.appendNumber(nil, of(stats.MaxInt))
	if b.values.desc {
		lo, hi = hi, lo
	}
	return lo, hi
}

func (s *compositeSource) timesPart(values tupleValues, nulls bool, acct *account) *boundPart {
	k := &timeKeyer{keyBuffer: keyBuffer{missing: noKey}, node: s.times, acct: acct, ids: map[int64]uint32{}}
	null := noKey
	b := &boundPart{tuplePart: &tuplePart{values: values, keyer: k, acct: acct}}
	b.bind = func(l *leaf) error {
		if nulls && null == noKey {
			null = uint32(len(k.values))
			k.values = append(k.values, 0)
			k.missing = null
		}
		return k.bind(l)
	}
	b.write = func(dst []byte, key uint32) []byte {
		if key == null {
			return b.values.appendNull(dst)
		}
		return b.values.appendNumber(dst, k.values[key])
	}
	if s.field != nil && !nulls {
		b.span = func(l *leaf, block int) (lo, hi []byte) {
			return b.between(l, s.field.view.column, block, func(v int64) int64 { return s.times.rounding.Round(floorDiv(v, k.unit)) })
		}
	}
	return b
}

func (s *compositeSource) histogramPart(values tupleValues, nulls bool, acct *account) *boundPart {
	node := &histogramNode{body: &agg.Histogram{Interval: s.spec.Step}, values: s.numbers, hardMin: math.Inf(-1), hardMax: math.Inf(1)}
	k := &intervalKeyer{node: node, reader: valueReader{node: s.numbers}, acct: acct, ids: map[int64]uint32{}, missing: noKey}
	null := noKey
	b := &boundPart{tuplePart: &tuplePart{values: values, keyer: k, acct: acct}}
	b.bind = func(l *leaf) error {
		if nulls && null == noKey {
			null = uint32(len(k.values))
			k.values = append(k.values, 0)
			k.missing = null
		}
		return k.bind(l)
	}
	b.write = func(dst []byte, key uint32) []byte {
		if key == null {
			return b.values.appendNull(dst)
		}
		return b.values.appendNumber(dst, int64(math.Float64bits(float64(k.values[key])*s.spec.Step+0)))
	}
	return b
}

// unmapped says that no document of the index has a combination of values.
func (n *compositeNode) unmapped() bool {
	return slices.ContainsFunc(n.sources, func(s compositeSource) bool {
		return s.field == nil && s.constant == "" && !s.spec.MissingBucket
	})
}

// compositePartial are the buckets of a page, by written keys.
type compositePartial struct {
	bucketList
	node   *compositeNode
	failed error // what went wrong making it
}

func (p *compositePartial) merge(o partial) error {
	other := o.(*compositePartial)
	for i := range p.node.sources { // an index that lacks the field has nulls, whatever their type
		a, b := &p.node.sources[i], &other.node.sources[i]
		if a.field == nil || b.field == nil {
			continue
		}
		if p.node.values[i].class != other.node.values[i].class {
			return typeMismatch(p.node.name, strconv.Itoa(i+1))
		}
	}
	if p.failed == nil {
		p.failed = other.failed
	}
	p.preferMapped(other.node)
	return p.mergeList(&other.bucketList)
}

// preferMapped takes over the sources of another index where this one lacks the field: they know how to read keys.
func (p *compositePartial) preferMapped(other *compositeNode) {
	merged := *p.node
	merged.sources, merged.values = slices.Clone(p.node.sources), slices.Clone(p.node.values)
	changed := false
	for i := range merged.sources {
		if merged.sources[i].field == nil && other.sources[i].field != nil {
			merged.sources[i], merged.values[i], changed = other.sources[i], other.values[i], true
		}
	}
	if changed {
		p.node = &merged
	}
}

func (p *compositePartial) result(r *reducer) (result.Agg, error) {
	if p.failed != nil {
		return nil, p.failed
	}
	slices.SortFunc(p.list, func(a, b bucketPart) int { return compareTexts(&a, &b) })
	list := p.list[:min(len(p.list), p.node.body.Size)]
	if err := r.addBuckets(len(list)); err != nil {
		return nil, err
	}
	out := &result.Buckets{Kind: "composite", Buckets: make([]result.Bucket, 0, len(list))}
	names := make([]string, len(p.node.sources))
	for i := range names {
		names[i] = p.node.sources[i].spec.Name
	}
	for i := range list {
		subs, err := r.results(p.node.subs, list[i].subs)
		if err != nil {
			return nil, err
		}
		key := appendTuple(nil, names, p.node.read(list[i].str))
		out.Buckets = append(out.Buckets, result.Bucket{KeyJSON: key, DocCount: list[i].count, Aggs: subs})
		if i == len(list)-1 {
			out.Head = []result.Member{{Name: "after_key", JSON: key}}
		}
	}
	return out, nil
}

// read reads a written key.
func (n *compositeNode) read(form string) []jsonval.Scalar {
	list := make([]jsonval.Scalar, len(n.sources))
	for i := range n.sources {
		s := &n.sources[i]
		var v tupleValue
		v, form = n.values[i].read(form)
		if s.cells != nil && !v.null {
			list[i] = jsonval.Str(s.cells.name(v.num))
			continue
		}
		if s.times != nil && !v.null && s.spec.Format != "" {
			list[i] = jsonval.Str(string(s.format.AppendMillis(nil, v.num, s.zone)))
			continue
		}
		list[i] = s.tupleScalar(&v, s.spec.Format != "")
	}
	return list
}

// firstForm is the part of a written key that is the first source's.
func (n *compositeNode) firstForm(form string) string {
	_, rest := n.values[0].read(form)
	return strings.TrimSuffix(form, rest)
}
