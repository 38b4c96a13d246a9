package exec

import (
	"math"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/result"

	"github.com/cespare/xxhash/v2"
)

// samplerNode is one bucket of the documents with the best scores, of each index so many. Which they are is known when
// all have been seen: only then are the aggregations inside asked, with documents that are read again.
type samplerNode struct {
	kind     string
	plan     *plan
	scope    string
	size     int
	perValue int       // documents with the same value, 0 for any number
	source   keySource // of those values
	subs     []*aggPlan
}

func compileSampler(c *compiler, b *agg.Sampler, subs []*aggPlan) (aggNode, error) {
	return &samplerNode{kind: "sampler", plan: c.plan, scope: c.scope, size: b.ShardSize, subs: subs}, nil
}

func compileDiversifiedSampler(c *compiler, b *agg.DiversifiedSampler, subs []*aggPlan) (aggNode, error) {
	n := &samplerNode{kind: "diversified_sampler", plan: c.plan, scope: c.scope, size: b.ShardSize, perValue: b.MaxDocsPerValue, subs: subs}
	var err error
	n.source, err = c.keySource(n.kind, "", &b.Source, "", nil)
	return n, err
}

func (n *samplerNode) collector(_ collectors, acct *account) collector {
	s := &samplerCollector{node: n, acct: acct}
	if n.perValue > 0 {
		s.texts, s.numbers = n.source.newKeyer(acct)
	}
	return s
}

type samplerCollector struct {
	node    *samplerNode
	acct    *account
	place   leafPlace
	texts   *stringKeyer // one of the two is nil, both where values do not count
	numbers *numberKeyer
	state   []*sample // by bucket
	places  []uint32
	values  []uint64 // by place in docs
}

func (s *samplerCollector) bind(at *leafPlace) error {
	s.place = *at
	switch {
	case s.texts != nil:
		if err := s.texts.bind(at.leaf); err != nil {
			return err
		}
	case s.numbers != nil:
		if err := s.numbers.bind(at.leaf); err != nil {
			return err
		}
	default:
		return nil
	}
	return s.node.source.bindMissing(s.texts, s.numbers)
}

func (s *samplerCollector) collect(d *docs) error {
	var err error
	if s.state, err = growBuckets(s.state, d.limit, s.acct, 8); err != nil {
		return err
	}
	if s.node.perValue > 0 {
		if err := s.readValues(d); err != nil {
			return err
		}
	}
	first := s.place.leaf.blocks[d.block].FirstRow
	for i, row := range d.rows {
		b := d.bucket(i)
		if s.state[b] == nil {
			s.state[b] = &sample{acct: s.acct, size: s.node.size, perValue: s.node.perValue}
		}
		one := sampled{source: s.place.source, row: first + int(row)}
		if s.place.scores != nil {
			one.score = s.place.scores[row]
		}
		if s.node.perValue > 0 {
			one.value = s.values[i]
		}
		if err := s.state[b].add(one); err != nil {
			return err
		}
	}
	return nil
}

// readValues finds the value of each place; those without one share a value.
func (s *samplerCollector) readValues(d *docs) error {
	for len(s.places) < len(d.rows) {
		s.places, s.values = append(s.places, uint32(len(s.places))), append(s.values, 0)
	}
	clear(s.values)
	at := docs{block: d.block, rows: d.rows, buckets: s.places[:len(d.rows)], limit: len(d.rows)}
	var k keyed
	var err error
	if s.texts != nil {
		k, err = s.texts.keys(&at)
	} else {
		k, err = s.numbers.keys(&at)
	}
	if err != nil {
		return err
	}
	for i, key := range k.keys {
		if i > 0 && k.parents[i] == k.parents[i-1] {
			return eserr.IllegalArgument("Sample diversifying key must be a single valued-field")
		}
		hash := uint64(0)
		if s.texts != nil {
			hash = xxhash.Sum64String(s.texts.values[key])
		} else {
			hash = hashNumber(uint64(s.numbers.values[key]))
		}
		s.values[k.parents[i]] = hash
	}
	return nil
}

func (s *samplerCollector) partial(bucket uint32) partial {
	p := &samplerPartial{node: s.node, acct: s.acct}
	if int(bucket) < len(s.state) && s.state[bucket] != nil {
		p.parts = []samplePart{{s.node, s.state[bucket]}}
	}
	return p
}

// samplerPartial are the samples of one bucket, of each index its own.
type samplerPartial struct {
	node    *samplerNode
	acct    *account
	parts   []samplePart
	settled *singlePartial // what is inside the sample, once it has been asked
}

type samplePart struct {
	node   *samplerNode
	sample *sample
}

func (p *samplerPartial) merge(o partial) error {
	for _, part := range o.(*samplerPartial).parts {
		if err := p.take(part); err != nil {
			return err
		}
	}
	return nil
}

func (p *samplerPartial) take(part samplePart) error {
	for _, have := range p.parts {
		if have.node.plan.position == part.node.plan.position {
			return have.sample.merge(part.sample)
		}
	}
	p.parts = append(p.parts, part)
	return nil
}

// settle asks the aggregations inside about the samples.
func (p *samplerPartial) settle() (*singlePartial, error) {
	if p.settled != nil {
		return p.settled, nil
	}
	out := &singlePartial{kind: p.node.kind, plans: p.node.subs}
	for i, part := range p.parts {
		found, err := part.node.replay(part.sample.best(), p.acct)
		if err != nil {
			return nil, err
		}
		out.count += int64(len(part.sample.list))
		if i == 0 {
			out.subs, out.plans = found, part.node.subs
		} else if err := out.subs.merge(found); err != nil {
			return nil, err
		}
	}
	if len(p.parts) == 0 {
		out.subs = newCollectors(p.node.subs, p.acct).partials(0)
	}
	p.settled = out
	return out, nil
}

// replay collects documents again, of the node's index and in order of row.
func (n *samplerNode) replay(list []sampled, acct *account) (partials, error) {
	subs := newCollectors(n.subs, acct)
	var rows []uint16
	for len(list) > 0 {
		source := list[0].source
		l := n.plan.leaf(source, acct)
		if n.scope != "" {
			l = l.descend(n.scope).leaf
		}
		place := leafPlace{leaf: l, plan: n.plan, source: source, scores: make([]float64, column.BlockRows), ids: newIDReader(l, n.plan.index.IDs)}
		if err := subs.bind(&place); err != nil {
			return nil, err
		}
		for len(list) > 0 && list[0].source == source {
			block := l.blockOf(list[0].row)
			info := l.blocks[block]
			rows = rows[:0]
			for len(list) > 0 && list[0].source == source && list[0].row < info.FirstRow+info.Rows {
				row := uint16(list[0].row - info.FirstRow)
				rows, place.scores[row] = append(rows, row), list[0].score
				list = list[1:]
			}
			if err := acct.check(); err != nil {
				return nil, err
			}
			if err := subs.collect(&docs{block: block, rows: rows, limit: 1}); err != nil {
				return nil, err
			}
		}
	}
	return subs.partials(0), nil
}

func (p *samplerPartial) result(r *reducer) (result.Agg, error) {
	s, err := p.settle()
	if err != nil {
		return nil, err
	}
	return s.result(r)
}

// inner finds a sub-aggregation, for ordering by path.
func (p *samplerPartial) inner(name string) partial {
	s, err := p.settle()
	if err != nil {
		return nil
	}
	return s.inner(name)
}

// value is the number of documents in the sample.
func (p *samplerPartial) value(property string) (float64, bool) {
	s, err := p.settle()
	if err != nil {
		return math.NaN(), false
	}
	return s.value(property)
}

// randomSamplerNode is one bucket of the documents that a random part of them stands for. All are looked at: that is what
// results of a part are scaled up to.
type randomSamplerNode struct {
	body *agg.RandomSampler
	seed int64
	subs []*aggPlan
}

func compileRandomSampler(c *compiler, b *agg.RandomSampler, subs []*aggPlan) (aggNode, error) {
	n := &randomSamplerNode{body: b, subs: subs, seed: c.plan.req.Now.UnixMilli() & math.MaxInt32}
	if b.Seed != nil {
		n.seed = *b.Seed
	}
	return n, nil
}

func (n *randomSamplerNode) collector(subs collectors, _ *account) collector {
	return &randomSamplerCollector{node: n, globalCollector: globalCollector{subs: subs}}
}

type randomSamplerCollector struct {
	globalCollector
	node *randomSamplerNode
}

func (c *randomSamplerCollector) partial(bucket uint32) partial {
	return &randomSamplerPartial{singlePartial{kind: "random_sampler", plans: c.node.subs, count: c.count, subs: c.subs.partials(bucket)}, c.node}
}

type randomSamplerPartial struct {
	singlePartial
	node *randomSamplerNode
}

func (p *randomSamplerPartial) merge(o partial) error {
	return p.singlePartial.merge(&o.(*randomSamplerPartial).singlePartial)
}

func (p *randomSamplerPartial) result(r *reducer) (result.Agg, error) {
	out, err := p.singlePartial.result(r)
	if err != nil {
		return nil, err
	}
	one := out.(*result.Single)
	one.Head = []result.Member{
		{Name: "seed", JSON: appendInt(p.node.seed)},
		{Name: "probability", JSON: result.AppendDouble(nil, p.node.body.Probability)},
	}
	return one, nil
}
