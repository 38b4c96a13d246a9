package exec

import (
	"cmp"
	"math"
	"slices"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/result"
)

// termsNode makes a bucket per distinct value. It is terms, and what else makes such buckets and then prints others of
// them: rare_terms, significant_terms and significant_text.
type termsNode struct {
	keySource
	body  *agg.Terms
	order bucketOrder
	subs  []*aggPlan
	// rare and significant are nil for terms.
	rare        *agg.RareTerms
	significant *significant
}

func compileTermsAgg(c *compiler, a *agg.Agg, subs []*aggPlan) (aggNode, error) {
	b, ok := a.Body.(*agg.Terms)
	if !ok {
		return nil, notModelled(a)
	}
	n := &termsNode{body: b, subs: subs}
	var err error
	if n.order, err = c.bucketOrder(b.Order, orderKey{by: orderCount, desc: true}, subs); err != nil {
		return nil, err
	}
	n.keySource, err = c.keySource("terms", a.Name, &b.Source, b.ValueType, &b.TermFilters)
	return n, err
}

func (n *termsNode) collector(subs collectors, acct *account) collector {
	t := &termsCollector{node: n, subs: subs, grid: newGrid(acct)}
	if s := n.significant; s != nil && s.text {
		words := newWordKeyer(n.field.view, s.words, n.acceptText, acct)
		t.strings, t.keyer = &words.stringKeyer, words
		return t
	}
	if t.strings, t.numbers = n.newKeyer(acct); t.strings != nil {
		t.keyer = t.strings
	} else {
		t.keyer = t.numbers
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
	sizes   []int64    // documents by parent, where they are asked for
}

func (t *termsCollector) bind(at *leafPlace) error {
	t.place = *at
	if err := t.keyer.bind(at.leaf); err != nil {
		return err
	}
	if err := t.node.bindMissing(t.strings, t.numbers); err != nil {
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

func (t *termsCollector) collect(d *docs) error {
	if t.node.significant != nil {
		if err := t.countParents(d); err != nil {
			return err
		}
	}
	if t.strings != nil {
		if done, err := t.collectRun(d); done || err != nil {
			return err
		}
	}
	k, err := t.keyer.keys(d)
	if err != nil || len(k.rows) == 0 {
		return err
	}
	return t.grid.collect(k, t.keyer.limit(), t.place.leaf, d.block, t.subs)
}

// countParents counts the documents of each parent, whether they have a value or not.
func (t *termsCollector) countParents(d *docs) error {
	w, err := t.place.leaf.weights(d.block)
	if err != nil {
		return err
	}
	if t.sizes, err = growBuckets(t.sizes, d.limit, t.grid.acct, 8); err != nil {
		return err
	}
	for i, row := range d.rows {
		t.sizes[d.bucket(i)] += w.of(row)
	}
	return nil
}

func (t *termsCollector) partial(parent uint32) partial {
	p := &termsPartial{node: t.node, class: t.node.class, bucketList: bucketList{acct: t.grid.acct, textKeys: !t.node.isNumber()}}
	if t.node.unmapped() {
		return &unmappedPartial{p}
	}
	if parent == 0 {
		p.runs = t.runs
	}
	if int(parent) < len(t.sizes) {
		p.size = t.sizes[parent]
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
	// size is how many documents the parent has, others the nodes of other indices: where values are compared with
	// those of all documents.
	size   int64
	others []*termsNode
}

// nodes are those of all the indices that the buckets are of.
func (p *termsPartial) nodes() []*termsNode { return append([]*termsNode{p.node}, p.others...) }

// note remembers the nodes of other indices.
func (p *termsPartial) note(o *termsPartial) {
	for _, n := range o.nodes() {
		same := func(have *termsNode) bool { return have.significant.plan.position == n.significant.plan.position }
		if !slices.ContainsFunc(p.nodes(), same) {
			p.others = append(p.others, n)
		}
	}
}

func (p *termsPartial) merge(other partial) error {
	o := other.(*termsPartial)
	if p.class != o.class {
		if err := p.align(o); err != nil {
			return err
		}
	}
	if p.node.significant != nil {
		p.size += o.size
		p.note(o)
	}
	p.mergeRuns(o)
	return p.mergeList(&o.bucketList)
}

// typeMismatch refuses to merge what indices found whose fields are of different types. The place is that of the field among several, "" for the only one.
func typeMismatch(name, place string) error {
	field := "the field you gave"
	if place != "" {
		field = "the field in position" + place
	}
	return eserr.SearchReduce(eserr.IllegalArgument("Merging/Reducing the aggregations failed when computing the aggregation [%s] because %s in the aggregation query existed as "+
		"two different types in two different indices", name, field))
}

// align makes the keys of two indices with different types of number comparable.
func (p *termsPartial) align(o *termsPartial) error {
	number := func(c fieldClass) bool { return c == classInt || c == classFloat || c == classUnsigned }
	if !number(p.class) || !number(o.class) {
		return typeMismatch(p.node.name, "")
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
	switch {
	case p.node.rare != nil:
		return p.rareResult(r)
	case p.node.significant != nil:
		return p.significantResult(r)
	}
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
		p.node.setKey(&one, b, p.class)
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

// unmappedPartial is the partial of an index that does not have the aggregation's field. It gives way
// to any other; alone it is the empty result.
type unmappedPartial struct{ partial }
