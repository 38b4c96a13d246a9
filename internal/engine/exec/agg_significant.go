package exec

import (
	"math"
	"slices"
	"strconv"
	"sync"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"
	"elkhorn/internal/painless"
)

// significant is what makes a terms aggregation print the values that are more frequent in a bucket than elsewhere. The
// values of the bucket's documents are counted as for terms; how frequent they are elsewhere is counted once for all buckets,
// over the whole index, when the first result is printed.
type significant struct {
	plan   *plan
	scope  string
	body   *agg.Significance
	filter node // of the background; nil for all documents
	text   bool // the values are the words of a text
	words  Analyzer
	script *painless.Script // of a script_heuristic; nil for others

	once       sync.Once
	background *termsPartial
	documents  int64
	failed     error
}

func compileSignificantTerms(c *compiler, a *agg.Agg, subs []*aggPlan) (aggNode, error) {
	b, ok := a.Body.(*agg.SignificantTerms)
	if !ok {
		return nil, notModelled(a)
	}
	n, err := c.significant(&b.Significance, subs)
	if err != nil {
		return nil, err
	}
	if n.keySource, err = c.keySource("significant_terms", a.Name, &b.Source, b.ValueType, &b.TermFilters); err != nil {
		return nil, err
	}
	if n.class == classFloat {
		return nil, eserr.IllegalArgument("No support for examining floating point numerics")
	}
	return n, nil
}

func compileSignificantText(c *compiler, a *agg.Agg, subs []*aggPlan) (aggNode, error) {
	b, ok := a.Body.(*agg.SignificantText)
	if !ok {
		return nil, notModelled(a)
	}
	n, err := c.significant(&b.Significance, subs)
	if err != nil {
		return nil, err
	}
	n.keySource = keySource{kind: "significant_text", name: a.Name, class: classKeyword}
	f := c.fields.lookup(b.Field)
	if f == nil {
		return n, n.compileFilters(&b.TermFilters)
	}
	n.field = f
	if f.class != classText && f.typed != mapping.Keyword {
		return nil, notSupportedOn(f, "significant_text")
	}
	if f.class == classText {
		n.significant.text = true
		if n.significant.words, err = c.analyzer(f.indexAnalyzer); err != nil {
			return nil, err
		}
	}
	return n, n.compileFilters(&b.TermFilters)
}

func (c *compiler) significant(b *agg.Significance, subs []*aggPlan) (*termsNode, error) {
	s := &significant{plan: c.plan, scope: c.scope, body: b}
	if spec := b.Heuristic.Script; spec != nil {
		var err error
		if s.script, err = spec.Compile(painless.SignificantScore, c.plan.req.StoredScript); err != nil {
			return nil, err
		}
	}
	if b.Background != nil {
		nodes, err := c.unscored([]query.Query{b.Background})
		if err != nil {
			return nil, c.shardError(err)
		}
		s.filter = nodes[0]
	}
	return &termsNode{body: &agg.Terms{MinDocCount: 1}, significant: s, subs: subs, order: bucketOrder{{by: orderKeyOf}}}, nil
}

// compare counts the values of all documents of the index, once.
func (n *termsNode) compare(acct *account) (*termsPartial, int64, error) {
	s := n.significant
	s.once.Do(func() { s.background, s.documents, s.failed = n.countBackground(acct) })
	return s.background, s.documents, s.failed
}

func (n *termsNode) countBackground(acct *account) (*termsPartial, int64, error) {
	s := n.significant
	own := &termsNode{keySource: n.keySource, body: n.body, order: n.order, significant: s}
	c := own.collector(nil, acct).(*termsCollector)
	documents := int64(0)
	var filter docFilter
	sel, rows := column.NewBitmap(column.BlockRows), make([]uint16, 0, column.BlockRows)
	for source := range s.plan.index.Sources {
		outer := s.plan.leaf(source, acct)
		l := outer
		if s.scope != "" {
			d := outer.descend(s.scope)
			if d == nil {
				continue
			}
			l = d.leaf
		}
		if err := c.bind(&leafPlace{leaf: l, plan: s.plan, source: source}); err != nil {
			return nil, 0, err
		}
		if s.filter != nil {
			if err := filter.bind(l, s.filter); err != nil {
				return nil, 0, err
			}
		}
		for block := range l.blocks {
			if err := acct.check(); err != nil {
				return nil, 0, err
			}
			one := sel[:(l.blocks[block].Rows+63)/64]
			l.alive(block, one)
			d := &docs{block: block, rows: rowsOf(one, rows[:0]), limit: 1}
			if s.filter != nil {
				var err error
				if d, err = filter.keep(d); err != nil {
					return nil, 0, err
				}
			}
			documents += int64(len(d.rows))
			if len(d.rows) == 0 {
				continue
			}
			if err := c.collect(d); err != nil {
				return nil, 0, err
			}
		}
	}
	p := &termsPartial{node: own, class: own.class, bucketList: bucketList{acct: acct, textKeys: !own.isNumber()}, runs: c.runs}
	c.grid.children(0, func(key, bucket uint32, count int64) { p.list = append(p.list, c.part(key, noKey, count)) })
	return p, documents, p.index()
}

// countOf is how many documents of the background have a bucket's value.
func (p *termsPartial) countOf(b *bucketPart) int64 {
	if p.textKeys {
		return p.total([]byte(b.str))
	}
	if at, ok := p.find(b); ok {
		return p.list[at].count
	}
	return 0
}

// scored is a value with what it is printed with.
type scored struct {
	at         int // in the list
	score      float64
	background int64
}

// significantResult prints the values with the highest scores.
func (p *termsPartial) significantResult(r *reducer) (result.Agg, error) {
	if _, err := p.settleRuns(); err != nil {
		return nil, err
	}
	var backgrounds []*termsPartial
	all := int64(0)
	for _, n := range p.nodes() {
		b, documents, err := n.compare(r.acct)
		if err != nil {
			return nil, err
		}
		backgrounds, all = append(backgrounds, b), all+documents
	}
	body := p.node.significant.body
	var list []scored
	for i := range p.list {
		if err := r.acct.stopAt(i); err != nil {
			return nil, err
		}
		b := &p.list[i]
		if b.count < max(body.MinDocCount, 1) {
			continue
		}
		one := scored{at: i}
		for _, background := range backgrounds {
			one.background += background.countOf(b)
		}
		var err error
		if one.score, err = p.node.significant.score(b.count, p.size, one.background, all); err != nil {
			return nil, err
		}
		if one.score > 0 {
			list = append(list, one)
		}
	}
	slices.SortFunc(list, func(a, b scored) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return p.compareKeys(&p.list[a.at], &p.list[b.at])
	})
	list = list[:min(len(list), body.Size)]
	if err := r.addBuckets(len(list)); err != nil {
		return nil, err
	}
	kind := "sigsterms"
	if !p.textKeys {
		kind = "siglterms"
	}
	out := &result.Buckets{Kind: kind, Buckets: make([]result.Bucket, 0, len(list)),
		Head: []result.Member{{Name: "doc_count", JSON: appendInt(p.size)}, {Name: "bg_count", JSON: appendInt(all)}}}
	for _, one := range list {
		b := &p.list[one.at]
		subs, err := r.results(p.node.subs, b.subs)
		if err != nil {
			return nil, err
		}
		bucket := result.Bucket{DocCount: b.count, Aggs: subs, Tail: []result.Member{
			{Name: "score", JSON: result.AppendDouble(nil, one.score)}, {Name: "bg_count", JSON: appendInt(one.background)}}}
		p.node.setKey(&bucket, b, p.class)
		out.Buckets = append(out.Buckets, bucket)
	}
	return out, nil
}

// score scores a value that hits of size documents have, and of all documents hitsAll of sizeAll.
func (s *significant) score(hits, size, hitsAll, sizeAll int64) (float64, error) {
	if s.script == nil {
		return significance(&s.body.Heuristic, float64(hits), float64(size), float64(hitsAll), float64(sizeAll)), nil
	}
	params := painless.NewMap()
	if given := s.body.Heuristic.Script.Params; given != nil {
		for i := range given.Len() {
			params.Set(given.Entry(i))
		}
	}
	for name, n := range map[string]int64{"_subset_freq": hits, "_subset_size": size, "_superset_freq": hitsAll, "_superset_size": sizeAll} {
		params.Set(painless.StringOf(name), painless.LongOf(n))
	}
	v, err := s.script.Run(&painless.Env{Vars: []painless.Value{painless.MapOf(params)}})
	if err != nil {
		return 0, err
	}
	return v.Double(), nil
}

func appendInt(n int64) []byte { return strconv.AppendInt(nil, n, 10) }

// significance scores a value that hits of size documents have, and of all documents hitsAll of sizeAll.
func significance(h *agg.Heuristic, hits, size, hitsAll, sizeAll float64) float64 {
	if size == 0 || sizeAll == 0 {
		return 0
	}
	switch h.Kind {
	case "percentage":
		if hitsAll == 0 {
			return 0
		}
		return hits / hitsAll
	case "jlh":
		in, everywhere := hits/size, hitsAll/sizeAll
		if in <= everywhere {
			return 0
		}
		if everywhere == 0 {
			everywhere = 1 / sizeAll
		}
		return (in - everywhere) * (in / everywhere)
	}
	t := tableOf(h.SeparateBackground, hits, size, hitsAll, sizeAll)
	switch h.Kind {
	case "gnd":
		return t.distance()
	case "chi_square":
		return t.chiSquare(h.IncludeNegatives)
	}
	return t.mutualInformation(h.IncludeNegatives)
}

// contingency is how many documents have a value (first digit) and are in the bucket (second); _ is either.
type contingency struct{ n00, n01, n10, n11, n0_, n1_, n_0, n_1, n float64 }

func tableOf(separate bool, hits, size, hitsAll, sizeAll float64) contingency {
	t := contingency{n01: size - hits, n11: hits, n_1: size}
	if separate {
		t.n00, t.n10 = sizeAll-hitsAll, hitsAll
		t.n0_, t.n1_, t.n_0, t.n = t.n00+t.n01, hitsAll+hits, sizeAll, size+sizeAll
		return t
	}
	t.n00, t.n10 = sizeAll-hitsAll-(size-hits), hitsAll-hits
	t.n0_, t.n1_, t.n_0, t.n = sizeAll-hitsAll, hitsAll, sizeAll-size, sizeAll
	return t
}

// rarer says that the value is rarer in the bucket than outside.
func (t *contingency) rarer() bool { return t.n11/t.n_1 < t.n10/t.n_0 }

func (t *contingency) chiSquare(negatives bool) float64 {
	if !negatives && t.rarer() {
		return math.Inf(-1)
	}
	d := t.n11*t.n00 - t.n01*t.n10
	return t.n * d * d / (t.n_1 * t.n1_ * t.n0_ * t.n_0)
}

func (t *contingency) mutualInformation(negatives bool) float64 {
	if !negatives && t.rarer() {
		return math.Inf(-1)
	}
	term := func(xy, x, y float64) float64 {
		numerator, factor := math.Abs(t.n*xy), math.Abs(xy/t.n)
		if numerator < 1e-7 && factor < 1e-7 {
			return 0
		}
		return factor * math.Log(numerator/math.Abs(x*y)) / math.Ln2
	}
	score := term(t.n00, t.n0_, t.n_0) + term(t.n01, t.n0_, t.n_1) + term(t.n10, t.n1_, t.n_0) + term(t.n11, t.n1_, t.n_1)
	if math.IsNaN(score) {
		return math.Inf(-1)
	}
	return score
}

// distance is the normalized Google distance, turned round so that the nearest scores 1.
func (t *contingency) distance() float64 {
	switch {
	case t.n11 == 0:
		return 0
	case t.n1_ == t.n_1 && t.n1_ == t.n11:
		return 1
	}
	x, y := math.Log(t.n1_), math.Log(t.n_1)
	return math.Exp(-(max(x, y) - math.Log(t.n11)) / (math.Log(t.n) - min(x, y)))
}
