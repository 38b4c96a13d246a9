package exec

import (
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/result"
)

// topHitsNode keeps the first documents of each bucket.
type topHitsNode struct {
	plan   *plan
	body   *agg.TopHits
	keys   []*sortKey
	scored bool
	fetch  *fetchOptions
}

func compileTopHits(c *compiler, b *agg.TopHits, _ []*aggPlan) (aggNode, error) {
	switch {
	case b.ScriptFields != nil:
		return nil, eserr.Unsupported("[script_fields] of aggregation [top_hits]")
	}
	n := &topHitsNode{plan: c.plan, body: b, scored: len(b.Sort) == 0 || b.TrackScores}
	for _, k := range b.Sort {
		n.scored = n.scored || k.Field == scoreField
	}
	var err error
	if n.keys, err = c.sortKeys(sortKeysOf(b.Sort)); err != nil {
		return nil, err
	}
	n.fetch = &fetchOptions{
		scope:   c.scope,
		source:  SourceFilter(b.Source),
		version: b.Version, seqNo: b.SeqNo, scores: n.scored, sort: len(b.Sort) > 0,
		fields: fieldFormats(b.Fields), docvalueFields: fieldFormats(b.DocvalueFields),
	}
	if n.fetch.marks, err = c.rawHighlight(b.Highlight, c.found); err != nil {
		return nil, err
	}
	for _, name := range b.StoredFields {
		if name == noStoredFields {
			n.fetch.source.Disabled, n.fetch.noID = true, true
		}
	}
	n.fetch.storedFields = b.StoredFields
	return n, nil
}

func sortKeysOf(list []agg.SortKey) []SortKey {
	var keys []SortKey
	for _, k := range list {
		keys = append(keys, SortKey{Field: k.Field, Desc: k.Desc, Missing: k.Missing, UnmappedType: k.UnmappedType, Mode: k.Mode, Format: k.Format, Nested: k.Nested, NumericType: k.NumericType, Geo: k.Geo})
	}
	return keys
}

func fieldFormats(list []agg.FieldFormat) []FieldFormat {
	var out []FieldFormat
	for _, f := range list {
		out = append(out, FieldFormat(f))
	}
	return out
}

func (n *topHitsNode) collector(_ collectors, acct *account) collector {
	return &topHitsCollector{node: n, acct: acct}
}

type topHitsCollector struct {
	node    *topHitsNode
	acct    *account
	place   leafPlace
	readers []keyReader
	state   []*topHitsPartial
	vals    []sortVal
	one     []sortVal
	scratch scratch
}

func (t *topHitsCollector) bind(at *leafPlace) error {
	t.place, t.readers = *at, nil
	for _, k := range t.node.keys {
		r, err := k.bind(at.leaf, at.plan, at.source, at.scores, at.ids)
		if err != nil {
			return err
		}
		t.readers = append(t.readers, r)
	}
	t.one = make([]sortVal, len(t.readers))
	return nil
}

func (t *topHitsCollector) collect(d *docs) error {
	var err error
	if t.state, err = growBuckets(t.state, d.limit, t.acct, 8); err != nil {
		return err
	}
	if len(t.vals) < len(d.rows) {
		if err := t.scratch.hold(t.acct, sortValBytes*len(d.rows)); err != nil {
			return err
		}
		t.vals = make([]sortVal, len(d.rows))
	}
	if err := t.readers[0].fill(d.block, d.rows, t.vals); err != nil {
		return err
	}
	first := t.place.leaf.blocks[d.block].FirstRow
	for i, r := range d.rows {
		p, err := t.bucket(d.bucket(i))
		if err != nil {
			return err
		}
		p.total++
		c := candidate{keys: t.one, plan: t.place.plan.position, source: t.place.source, row: first + int(r)}
		if t.node.scored && t.place.scores != nil {
			c.score = t.place.scores[r]
			p.maxScore = max(p.maxScore, c.score)
		}
		if !p.top.beats(&t.vals[i]) {
			continue
		}
		t.one[0] = t.vals[i]
		for k := 1; k < len(t.one); k++ {
			if err := t.readers[k].fill(d.block, d.rows[i:i+1], t.one[k:k+1]); err != nil {
				return err
			}
		}
		if err := p.top.offer(c); err != nil {
			return err
		}
	}
	return nil
}

func (t *topHitsCollector) bucket(b uint32) (*topHitsPartial, error) {
	if t.state[b] == nil {
		if err := t.acct.grow(topHitsBytes); err != nil {
			return nil, err
		}
		t.state[b] = t.node.empty(t.acct)
	}
	return t.state[b], nil
}

// topHitsBytes is about what a bucket takes besides its documents.
const topHitsBytes = 160

func (n *topHitsNode) empty(acct *account) *topHitsPartial {
	desc := make([]bool, len(n.keys))
	for i, k := range n.keys {
		desc[i] = k.desc
	}
	return &topHitsPartial{node: n, top: newTopK(n.body.From+n.body.Size, desc, nil, acct)}
}

func (t *topHitsCollector) partial(bucket uint32) partial {
	if int(bucket) < len(t.state) && t.state[bucket] != nil {
		return t.state[bucket]
	}
	return t.node.empty(t.acct)
}

type topHitsPartial struct {
	node     *topHitsNode
	top      *topK
	total    int64
	maxScore float64
	// nodes are those of the indices the candidates come from, by plan.
	nodes map[int]*topHitsNode
}

func (p *topHitsPartial) merge(other partial) error {
	o := other.(*topHitsPartial)
	p.total += o.total
	p.maxScore = max(p.maxScore, o.maxScore)
	p.note(o.node)
	for _, n := range o.nodes {
		p.note(n)
	}
	return p.top.merge(o.top)
}

func (p *topHitsPartial) note(n *topHitsNode) {
	if p.nodes == nil {
		p.nodes = map[int]*topHitsNode{}
	}
	p.nodes[n.plan.position] = n
}

func (p *topHitsPartial) result(r *reducer) (result.Agg, error) {
	p.note(p.node)
	found := p.top.sorted()
	found = found[min(p.node.body.From, len(found)):]
	hits, err := fetchHits(r.acct, r.plans, found, p.node.fetch, func(pl *plan) []*sortKey { return p.nodes[pl.position].keys })
	if err != nil {
		return nil, err
	}
	out := &result.TopHits{Hits: result.Hits{Total: &result.Total{Value: p.total}, Hits: hits}}
	if p.node.scored && p.total > 0 {
		out.Hits.MaxScore = printedScore(p.maxScore)
	}
	return out, nil
}
