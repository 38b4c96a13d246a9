package exec

import (
	"strings"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/result"
)

// multiTermsNode makes a bucket per combination of values of several fields.
type multiTermsNode struct {
	name    string // of the aggregation
	body    *agg.MultiTerms
	sources []keySource
	values  []tupleValues
	order   bucketOrder
	subs    []*aggPlan
}

func compileMultiTerms(c *compiler, a *agg.Agg, subs []*aggPlan) (aggNode, error) {
	b, ok := a.Body.(*agg.MultiTerms)
	if !ok {
		return nil, notModelled(a)
	}
	n := &multiTermsNode{name: a.Name, body: b, subs: subs}
	var err error
	if n.order, err = c.bucketOrder(b.Order, orderKey{by: orderCount, desc: true}, subs); err != nil {
		return nil, err
	}
	for i := range b.Terms {
		t := &b.Terms[i]
		k, err := c.keySource("multi_terms", a.Name, &t.Source, t.ValueType, nil)
		if err != nil {
			return nil, err
		}
		n.sources = append(n.sources, k)
		n.values = append(n.values, tupleValues{class: k.class})
	}
	return n, nil
}

func (n *multiTermsNode) collector(subs collectors, acct *account) collector {
	c := &multiTermsCollector{node: n, subs: subs, grid: newGrid(acct), table: newTupleTable(len(n.sources), acct)}
	for i := range n.sources {
		p := n.sources[i].termsPart(n.values[i], false, acct)
		c.parts = append(c.parts, p)
		c.join.keyers = append(c.join.keyers, p.keyer)
	}
	return c
}

type multiTermsCollector struct {
	node  *multiTermsNode
	subs  collectors
	grid  *grid
	parts []*boundPart
	join  tupleJoin
	table *tupleTable
	leaf  *leaf
	out   keyed
}

func (c *multiTermsCollector) bind(at *leafPlace) error {
	c.leaf = at.leaf
	for _, p := range c.parts {
		if err := p.bind(at.leaf); err != nil {
			return err
		}
	}
	return c.subs.bind(at)
}

func (c *multiTermsCollector) collect(d *docs) error {
	out := keyed{rows: c.out.rows[:0], parents: c.out.parents[:0], keys: c.out.keys[:0]}
	err := c.join.each(d, func(place int, key []uint32) error {
		id, slot := c.table.find(key)
		if id == noKey {
			var err error
			if id, err = c.table.add(key, slot); err != nil {
				return err
			}
		}
		out.rows, out.keys = append(out.rows, d.rows[place]), append(out.keys, id)
		if d.buckets != nil {
			out.parents = append(out.parents, d.buckets[place])
		}
		return nil
	})
	c.out = out
	if err != nil || len(out.rows) == 0 {
		return err
	}
	if d.buckets == nil {
		out.parents = nil
	}
	return c.grid.collect(out, c.table.len(), c.leaf, d.block, c.subs)
}

func (c *multiTermsCollector) partial(parent uint32) partial {
	p := &multiTermsPartial{node: c.node, bucketList: bucketList{acct: c.grid.acct, textKeys: true}}
	for i := range c.node.sources {
		if c.node.sources[i].unmapped() { // no document has a value of each
			return &unmappedPartial{p}
		}
	}
	parts := make([]*tuplePart, len(c.parts))
	for i := range c.parts {
		parts[i] = c.parts[i].tuplePart
	}
	c.grid.children(parent, func(key, bucket uint32, count int64) {
		form, err := forms(nil, parts, c.table.tuple(key))
		if err != nil && p.failed == nil {
			p.failed = err
		}
		p.list = append(p.list, bucketPart{str: string(form), count: count, subs: c.subs.partials(bucket)})
	})
	return p
}

// multiTermsPartial are the buckets of one parent, by written keys.
type multiTermsPartial struct {
	bucketList
	node   *multiTermsNode
	failed error // what went wrong making it
}

func (p *multiTermsPartial) merge(o partial) error {
	other := o.(*multiTermsPartial)
	if err := keepsOrder(p.node.name, p.node.values, other.node.values); err != nil {
		return err
	}
	if p.failed == nil {
		p.failed = other.failed
	}
	return p.mergeList(&other.bucketList)
}

func (p *multiTermsPartial) result(r *reducer) (result.Agg, error) {
	if p.failed != nil {
		return nil, p.failed
	}
	body := p.node.body
	s := newSorter(p.node.order, p.list, compareTexts)
	enough := func(b *bucketPart) bool { return b.count > 0 && b.count >= body.MinDocCount }
	best := s.best(body.Size, enough)
	if err := r.addBuckets(len(best)); err != nil {
		return nil, err
	}
	out := &result.Buckets{Kind: "multi_terms", Terms: true, Buckets: make([]result.Bucket, 0, len(best))}
	for i := range p.list {
		if enough(&p.list[i]) {
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
		p.node.setKey(&one, b.str)
		if body.ShowErrors {
			one.ErrorBound = new(int64)
		}
		out.OtherDocs -= b.count
		out.Buckets = append(out.Buckets, one)
	}
	return out, nil
}

// setKey prints a key: the values as an array, and as one text.
func (n *multiTermsNode) setKey(out *result.Bucket, form string) {
	values := make([]jsonval.Scalar, len(n.sources))
	texts := make([]string, len(n.sources))
	for i := range n.sources {
		var v tupleValue
		v, form = n.values[i].read(form)
		values[i] = n.sources[i].tupleScalar(&v, true)
		texts[i] = values[i].Text
	}
	out.KeyJSON, out.KeyAsString = appendTuple(nil, nil, values), strings.Join(texts, "|")
}

// tupleScalar is a value of a key of several as it is printed. Dates print as texts if asked.
func (k *keySource) tupleScalar(v *tupleValue, dateTexts bool) jsonval.Scalar {
	switch {
	case v.null:
		return jsonval.Scalar{}
	case !k.isNumber():
		return k.textScalar(v.text)
	case k.class == classBool:
		return jsonval.BoolOf(v.num != 0)
	case k.class == classDate || k.class == classNanos:
		if !dateTexts {
			return jsonval.Int(v.num)
		}
		return jsonval.Str(string(k.format.AppendMillis(nil, v.num, utc)))
	}
	key, text := k.numberScalar(v.num, k.class)
	if text != "" {
		return jsonval.Str(text)
	}
	return key
}
