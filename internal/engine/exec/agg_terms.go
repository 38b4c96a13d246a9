package exec

import (
	"cmp"
	"math"
	"regexp"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"

	"github.com/cespare/xxhash/v2"
)

// termsNode makes a bucket per distinct value.
type termsNode struct {
	body   *agg.Terms
	field  *field // nil: the index does not have it
	class  fieldClass
	format *dates.Format // of dates
	order  bucketOrder
	subs   []*aggPlan

	acceptText   func([]byte) bool // nil accepts all
	acceptNumber func(int64) bool
	missing      *query.Value
	// constant is the one value that all documents of the index have: _index, constant_keyword.
	constant string
}

func compileTermsAgg(c *compiler, b *agg.Terms, subs []*aggPlan) (aggNode, error) {
	n := &termsNode{body: b, subs: subs, missing: b.Missing, class: classKeyword}
	var err error
	if n.order, err = c.bucketOrder(b.Order, orderKey{by: orderCount, desc: true}, subs); err != nil {
		return nil, err
	}
	if b.Field == indexField {
		n.constant = c.fields.index.Name
		return n, n.compileFilters()
	}
	if n.field, err = c.valuesField(b.Field); err != nil {
		return nil, err
	}
	switch {
	case n.field != nil && n.field.typed == mapping.ConstantKeyword:
		n.constant = n.field.constant
	case n.field != nil:
		n.class = n.field.class
	case b.Missing != nil && b.Missing.Kind == jsonval.Number:
		n.class = classFloat
		if _, whole := b.Missing.Int64(); whole {
			n.class = classInt
		}
	}
	if n.class == classGeo {
		return nil, eserr.IllegalArgument("Field [%s] of type [geo_point] is not supported for aggregation [terms]", b.Field)
	}
	if n.format, err = keyFormat(n.field, b.Format); err != nil {
		return nil, err
	}
	return n, n.compileFilters()
}

// valuesField finds the field of an aggregation; nil when the index does not have it.
func (c *compiler) valuesField(name string) (*field, error) {
	switch name {
	case indexField, idField:
		return nil, eserr.Unsupported("aggregation on field [" + name + "]")
	}
	f := c.fields.lookup(name)
	if f == nil {
		return nil, nil
	}
	return f, f.aggregatable(c.fields.index.Name)
}

// keyFormat is the format of date keys. Patterns for numbers are refused.
func keyFormat(f *field, pattern string) (*dates.Format, error) {
	switch {
	case f != nil && f.isDate() && pattern == "":
		return f.dateFormat(), nil
	case pattern == "":
		return nil, nil
	case f != nil && !f.isDate():
		return nil, eserr.Unsupported("[format] of field [" + f.name + "] of type [" + f.typ + "] in an aggregation")
	}
	return dates.Compile(pattern)
}

// isNumber says whether keys are numbers.
func (n *termsNode) isNumber() bool { return n.class != classKeyword && n.class != classIP }

func (n *termsNode) compileFilters() error {
	if !n.isNumber() {
		include, err := n.textFilter(n.body.Include)
		if err != nil {
			return err
		}
		exclude, err := n.textFilter(n.body.Exclude)
		if err != nil {
			return err
		}
		n.acceptText = acceptBoth(include, exclude)
	} else {
		include, err := n.numberFilter(n.body.Include)
		if err != nil {
			return err
		}
		exclude, err := n.numberFilter(n.body.Exclude)
		if err != nil {
			return err
		}
		n.acceptNumber = acceptBoth(include, exclude)
	}
	if n.body.Partitions > 0 {
		n.partition()
	}
	return nil
}

func acceptBoth[V any](include, exclude func(V) bool) func(V) bool {
	switch {
	case include == nil && exclude == nil:
		return nil
	case exclude == nil:
		return include
	case include == nil:
		return func(v V) bool { return !exclude(v) }
	}
	return func(v V) bool { return include(v) && !exclude(v) }
}

func (n *termsNode) textFilter(f *agg.TermFilter) (func([]byte) bool, error) {
	if f == nil {
		return nil, nil
	}
	if f.Values == nil {
		if n.class == classIP {
			return nil, eserr.IllegalArgument("Aggregation cannot support regular expression style include/exclude settings as they can only be applied to string fields. Use an array of values for include/exclude clauses")
		}
		pattern, err := lucenePattern(f.Regexp)
		if err != nil {
			return nil, err
		}
		re, err := regexp.Compile(`^(?s:` + pattern + `)$`)
		if err != nil {
			return nil, eserr.IllegalArgument("regexp [%s] cannot be read: %s", f.Regexp, err)
		}
		return re.Match, nil
	}
	set := map[string]bool{}
	for _, v := range f.Values {
		text := v.Text
		if n.class == classIP {
			ip, err := parseIP(text)
			if err != nil {
				return nil, err
			}
			b := ip.As16()
			text = string(b[:])
		}
		set[text] = true
	}
	return func(v []byte) bool { return set[string(v)] }, nil
}

func (n *termsNode) numberFilter(f *agg.TermFilter) (func(int64) bool, error) {
	if f == nil {
		return nil, nil
	}
	if f.Values == nil {
		return nil, eserr.IllegalArgument("Aggregation [terms] cannot support regular expression style include/exclude settings as they can only be applied to string fields. Use an array of numeric values for include/exclude clauses used to filter numeric fields")
	}
	set := map[int64]bool{}
	for _, v := range f.Values {
		key, err := n.numberKey(v)
		if err != nil {
			return nil, err
		}
		set[key] = true
	}
	return func(v int64) bool { return set[v] }, nil
}

// numberKey reads a value as the key that the keyer makes of it.
func (n *termsNode) numberKey(v query.Value) (int64, error) {
	switch n.class {
	case classBool:
		return parseBool(v)
	case classDate, classNanos:
		if ms, ok := v.Int64(); ok && v.Kind == jsonval.Number {
			if n.class == classNanos {
				ms *= nanosPerMilli
			}
			return ms, nil
		}
		at, err := n.field.dateFormat().Parse(v.Text, utc)
		if err != nil {
			return 0, err
		}
		return n.field.stamp(at), nil
	case classFloat:
		x, err := parseNumber(v)
		return int64(math.Float64bits(x + 0)), err
	}
	if n.class == classUnsigned {
		return parseUnsigned(v)
	}
	i, ok := v.Int64()
	if !ok {
		return 0, eserr.NumberFormat(v.Text)
	}
	return i, nil
}

// partition keeps the values that fall into one of several slices by hash.
func (n *termsNode) partition() {
	slice, slices := uint64(n.body.Partition), uint64(n.body.Partitions)
	if n.isNumber() {
		n.acceptNumber = acceptBoth(n.acceptNumber, func(v int64) bool { return mix64(uint64(v))%slices != slice })
		return
	}
	n.acceptText = acceptBoth(n.acceptText, func(v []byte) bool { return xxhash.Sum64(v)%slices != slice })
}

// mix64 spreads the bits of a number (the finalizer of splitmix64).
func mix64(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

func (n *termsNode) collector(subs collectors, acct *account) collector {
	t := &termsCollector{node: n, subs: subs, grid: newGrid(acct)}
	view := stringView{}
	if n.field != nil {
		view = n.field.view
	}
	if n.isNumber() {
		t.numbers = newNumberKeyer(view.column, n.acceptNumber, acct)
		t.keyer = t.numbers
	} else {
		t.strings = newStringKeyer(view, n.acceptText, acct)
		t.keyer = t.strings
	}
	return t
}

type termsCollector struct {
	node    *termsNode
	subs    collectors
	grid    *grid
	keyer   keyer
	strings *stringKeyer // one of the two is nil
	numbers *numberKeyer
	place   leafPlace
	runs    []*termRun // of segments that are counted by ordinal
}

func (t *termsCollector) bind(at *leafPlace) error {
	t.place = *at
	if err := t.keyer.bind(at.leaf); err != nil {
		return err
	}
	if err := t.bindMissing(); err != nil {
		return err
	}
	if t.node.body.MinDocCount == 0 {
		if t.strings != nil {
			if err := t.strings.internAll(); err != nil {
				return err
			}
		} else if err := t.numbers.internAll(); err != nil {
			return err
		}
	}
	return t.subs.bind(at)
}

// bindMissing gives documents without a value the key of the value that stands in.
func (t *termsCollector) bindMissing() error {
	v := t.node.missing
	switch {
	case t.node.constant != "":
		key, err := t.strings.intern([]byte(t.node.constant))
		t.strings.missing = key
		return err
	case v == nil:
		return nil
	case t.numbers != nil:
		number, err := t.node.numberKey(*v)
		if err != nil {
			return err
		}
		t.numbers.missing, err = t.numbers.intern(number)
		return err
	}
	text := []byte(v.Text)
	if t.node.class == classIP {
		ip, err := parseIP(v.Text)
		if err != nil {
			return err
		}
		b := ip.As16()
		text = b[:]
	}
	var err error
	t.strings.missing, err = t.strings.intern(text)
	return err
}

func (t *termsCollector) collect(d *docs) error {
	if t.strings != nil {
		if done, err := t.collectRun(d); done || err != nil {
			return err
		}
	}
	k, err := t.keyer.keys(d)
	if err != nil || len(k.rows) == 0 {
		return err
	}
	buckets, err := t.grid.assign(k.parents, k.keys, t.keyer.limit())
	if err != nil {
		return err
	}
	return t.subs.collect(&docs{block: d.block, rows: k.rows, buckets: buckets, limit: t.grid.len()})
}

func (t *termsCollector) partial(parent uint32) partial {
	p := &termsPartial{node: t.node, class: t.node.class, bucketList: bucketList{acct: t.grid.acct, textKeys: !t.node.isNumber()}}
	if t.node.field == nil && t.node.missing == nil && t.node.constant == "" {
		return &unmappedPartial{p}
	}
	if parent == 0 {
		p.runs = t.runs
	}
	var seen []bool
	if t.node.body.MinDocCount == 0 {
		seen = make([]bool, t.keyer.limit())
	}
	t.grid.children(parent, func(key, bucket uint32, count int64) {
		if seen != nil {
			seen[key] = true
		}
		p.list = append(p.list, t.part(key, bucket, count))
	})
	for key := range seen {
		if !seen[key] {
			p.list = append(p.list, t.part(uint32(key), noKey, 0))
		}
	}
	return p
}

func (t *termsCollector) part(key, bucket uint32, count int64) bucketPart {
	b := bucketPart{count: count, subs: t.subs.partials(bucket)}
	if t.strings != nil {
		b.str = t.strings.values[key]
	} else {
		b.num = t.numbers.values[key]
	}
	return b
}

// termsPartial are the buckets of one parent.
type termsPartial struct {
	bucketList
	node  *termsNode
	class fieldClass
	runs  []*termRun // counts that are not buckets yet
}

func (p *termsPartial) merge(other partial) error {
	o := other.(*termsPartial)
	if p.class != o.class {
		if err := p.align(o); err != nil {
			return err
		}
	}
	p.mergeRuns(o)
	return p.mergeList(&o.bucketList)
}

// align makes the keys of two indices with different types of number comparable.
func (p *termsPartial) align(o *termsPartial) error {
	number := func(c fieldClass) bool { return c == classInt || c == classFloat || c == classUnsigned }
	if !number(p.class) || !number(o.class) {
		return eserr.New(400, "aggregation_execution_exception",
			"Failed to merge [terms] aggregations on field [%s]: it has different types in different indices", p.node.body.Field)
	}
	p.toFloat()
	o.toFloat()
	return nil
}

func (p *termsPartial) toFloat() {
	if p.class == classFloat {
		return
	}
	asFloat := func(n int64) float64 { return float64(n) }
	if p.class == classUnsigned {
		asFloat = unsignedFloat
	}
	p.class, p.byNum = classFloat, nil
	for i := range p.list {
		p.list[i].num = int64(math.Float64bits(asFloat(p.list[i].num)))
	}
}

func (p *termsPartial) compareKeys(a, b *bucketPart) int {
	switch {
	case p.textKeys:
		return cmp.Compare(a.str, b.str)
	case p.class == classUnsigned:
		return cmp.Compare(unsignedOrder(a.num), unsignedOrder(b.num))
	case p.class == classFloat:
		return cmp.Compare(math.Float64frombits(uint64(a.num)), math.Float64frombits(uint64(b.num)))
	}
	return cmp.Compare(a.num, b.num)
}

func (p *termsPartial) result(r *reducer) (result.Agg, error) {
	body := p.node.body
	leftOut, err := p.settleRuns()
	if err != nil {
		return nil, err
	}
	out := &result.Buckets{Kind: p.kind(), Terms: true, Buckets: []result.Bucket{}, OtherDocs: leftOut}
	s := newSorter(p.node.order, p.list, p.compareKeys)
	best := s.best(body.Size, func(b *bucketPart) bool { return b.count >= body.MinDocCount })
	if err := r.addBuckets(len(best)); err != nil {
		return nil, err
	}
	for i := range p.list {
		if p.list[i].count >= body.MinDocCount {
			out.OtherDocs += p.list[i].count
		}
	}
	for _, i := range best {
		b := &p.list[i]
		subs, err := r.results(p.node.subs, b.subs)
		if err != nil {
			return nil, err
		}
		one := result.Bucket{DocCount: b.count, Aggs: subs}
		p.setKey(&one, b)
		if body.ShowErrors {
			one.ErrorBound = new(int64)
		}
		out.OtherDocs -= b.count
		out.Buckets = append(out.Buckets, one)
	}
	return out, nil
}

// kind is the name of the result's type, as Elasticsearch has them.
func (p *termsPartial) kind() string {
	switch p.class {
	case classFloat:
		return "dterms"
	case classUnsigned:
		return "ulterms"
	case classInt, classBool, classDate, classNanos:
		return "lterms"
	}
	return "sterms"
}

func (p *termsPartial) setKey(out *result.Bucket, b *bucketPart) {
	switch p.class {
	case classIP:
		out.Key = jsonval.Str(formatIP([]byte(b.str)))
	case classKeyword:
		out.Key = jsonval.Str(b.str)
	case classFloat:
		out.Key = floatScalar(math.Float64frombits(uint64(b.num)), 64)
	case classUnsigned:
		out.Key = jsonval.Scalar{Kind: jsonval.Number, Text: formatUnsigned(b.num)}
	case classBool:
		out.Key = jsonval.Int(b.num)
		out.KeyAsString = jsonval.BoolOf(b.num != 0).Text
	case classDate:
		out.Key = jsonval.Int(b.num)
		out.KeyAsString = string(p.node.format.AppendMillis(nil, b.num, utc))
	case classNanos:
		out.Key = jsonval.Int(floorDiv(b.num, nanosPerMilli))
		out.KeyAsString = string(p.node.format.Append(nil, dates.FromNanos(b.num), utc))
	default:
		out.Key = jsonval.Int(b.num)
	}
}

// unmappedPartial is the partial of an index that does not have the aggregation's field. It gives way
// to any other; alone it is the empty result.
type unmappedPartial struct{ partial }
