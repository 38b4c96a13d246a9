package exec

import (
	"cmp"
	"slices"
	"strconv"
	"sync"
	"time"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/result"
	"elkhorn/internal/rescue"
)

// fetchOptions say what a hit carries.
type fetchOptions struct {
	source         SourceFilter
	fields         []FieldFormat
	docvalueFields []FieldFormat
	scriptFields   []ScriptField
	storedFields   []string
	version, seqNo bool
	noID           bool
	scope          string // nested path whose objects are the hits; "" for documents
	scores         bool   // print _score
	sort           bool   // print sort values
	explain        bool
	marks          *highlighter
	planMarks      bool // marks are the plan's
	inner          bool // the inner hits of the plan's query go with the hits
}

func (r *Request) fetchOptions() *fetchOptions {
	stored := r.StoredFields
	o := &fetchOptions{
		storedFields: stored, noID: len(stored) == 1 && stored[0] == noStoredFields,
		inner: true, planMarks: true, explain: r.Explain,
		source: r.Source, fields: r.Fields, docvalueFields: r.withCollapseField(r.DocvalueFields), version: r.Version, seqNo: r.SeqNo,
		scores: len(r.Sort) == 0 || r.TrackScores, sort: len(r.Sort) > 0, scriptFields: r.ScriptFields,
	}
	for _, k := range r.Sort {
		o.scores = o.scores || k.Field == scoreField
	}
	return o
}

// fetch turns the best documents into hits. Documents of one segment are read in order of row, so that
// each granule is decoded once.
func (s *search) fetch(acct *account, found []candidate) ([]result.Hit, error) {
	return fetchHits(acct, s.plans, found, s.req.fetchOptions(), func(p *plan) []*sortKey { return p.keys })
}

// fetchHits fetches candidates; keys returns the sort keys whose values a plan's candidates carry.
func fetchHits(acct *account, plans []*plan, found []candidate, o *fetchOptions, keys func(*plan) []*sortKey) ([]result.Hit, error) {
	hits := make([]result.Hit, len(found))
	order := make([]int, len(found))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := &found[a], &found[b]
		return cmp.Or(cmp.Compare(x.plan, y.plan), cmp.Compare(x.source, y.source), cmp.Compare(x.row, y.row))
	})
	hf := &hitFetch{plans: plans, found: found, options: o, keys: keys, hits: hits}
	if len(order) < minSharedHits || allHelpers.take(1) == 0 {
		return hits, hf.fetch(acct, order)
	}
	defer allHelpers.release(1)
	return hits, hf.share(acct, order)
}

// minSharedHits is how many hits are worth a second goroutine: one takes some 50 µs.
const minSharedHits = 16

// hitFetch fetches the candidates of one response.
type hitFetch struct {
	plans   []*plan
	found   []candidate
	options *fetchOptions
	keys    func(*plan) []*sortKey
	hits    []result.Hit
}

// share fetches with a helper.
func (hf *hitFetch) share(acct *account, order []int) error {
	other := acct.other()
	defer other.close()
	half := len(order) / 2
	var helped error
	var group sync.WaitGroup
	group.Go(func() {
		defer rescue.Into(&helped)
		helped = hf.fetch(&other, order[half:])
	})
	err := hf.fetch(acct, order[:half])
	group.Wait()
	if err == nil {
		err = helped
	}
	if err != nil {
		return err
	}
	return acct.grow(int(other.used))
}

// fetch fetches candidates in the given order.
func (hf *hitFetch) fetch(acct *account, order []int) error {
	var f *fetcher
	for at, i := range order {
		if err := acct.check(); err != nil {
			return err
		}
		c := &hf.found[i]
		if f == nil || f.plan != hf.plans[c.plan] || f.source != c.source {
			var err error
			if f, err = newFetcher(hf.plans[c.plan], c.source, hf.options, acct); err != nil {
				return err
			}
			if hf.options.scope == "" {
				f.docs.Expect(rowsOfSegment(hf.found, order[at:]))
			}
		}
		began := time.Now()
		if err := f.hit(c, &hf.hits[i]); err != nil {
			return err
		}
		if f.plan.profile != nil {
			f.plan.profile.hits.Add(1)
			since(&f.plan.profile.fetch, began)
		}
		f.sortValues(hf.keys(f.plan), c, &hf.hits[i])
		if err := addInner(f.inner, c.row, &hf.hits[i]); err != nil {
			return err
		}
		if err := acct.grow(hitBytes(&hf.hits[i])); err != nil {
			return err
		}
	}
	return nil
}

// hitBytes is about what a hit takes: in memory, and once more as it is printed.
func hitBytes(h *result.Hit) int {
	n := 256 + 2*len(h.Source)
	for i := range h.Fields {
		n += 64 + 2*len(h.Fields[i].Values)
	}
	for i := range h.Highlight {
		n += 64 + 2*len(h.Highlight[i].Values)
	}
	for i := range h.InnerHits {
		for j := range h.InnerHits[i].Hits.Hits {
			n += hitBytes(&h.InnerHits[i].Hits.Hits[j])
		}
	}
	return n
}

// rowsOfSegment lists the rows of the first of some candidates and of those after it that are in the same
// segment.
func rowsOfSegment(found []candidate, order []int) []int {
	var rows []int
	first := &found[order[0]]
	for _, i := range order {
		c := &found[i]
		if c.plan != first.plan || c.source != first.source {
			break
		}
		rows = append(rows, c.row)
	}
	return rows
}

// fetcher reads documents of one segment.
type fetcher struct {
	plan    *plan
	source  int
	options *fetchOptions
	leaf    *leaf
	ids     *idReader
	docs    *segment.SourceReader
	filter  *sourceFilter
	fields  *fieldFetcher
	objects *objectFetcher // nil where hits are documents
	rows    *leaf          // the rows that are hits: documents or objects
	named   []boundNamed
	marks   *highlighter
	inner   []*innerFetcher
	scripts []*fetchedScript
	only    column.Bitmap // with onlyRow set; see wantOnly
	onlyRow int
	// explainer is made when the first score is to be explained.
	explainer *explainer
}

func newFetcher(p *plan, source int, o *fetchOptions, acct *account) (*fetcher, error) {
	l := p.leaf(source, acct)
	f := &fetcher{plan: p, source: source, options: o, leaf: l, ids: newIDReader(l, p.index.IDs), docs: segment.NewSourceReader(l.seg)}
	f.filter = newSourceFilter(o.source)
	if o.scope != "" {
		f.objects = f.newObjectFetcher(o.scope)
		l = f.objects.leaf
	}
	var err error
	if f.fields, err = newFieldFetcher(p, l, f.docs, f.objects, o); err != nil {
		return nil, err
	}
	if f.scripts, err = newFetchedScripts(p, l, o.scriptFields); err != nil {
		return nil, err
	}
	f.rows, f.marks = l, o.marks
	if o.planMarks {
		f.marks = p.marks
	}
	if f.named, err = bindNamed(p, o.scope, l); err != nil {
		return nil, err
	}
	if o.inner {
		f.inner, err = innerFetchers(p.inner, p, source, f.leaf, acct)
	}
	return f, err
}

// wantOnly asks about one row of the segment: values that are made when they are read are made for it alone.
func (f *fetcher) wantOnly(row int) {
	block := f.leaf.blockOf(row)
	if block == len(f.leaf.blocks) {
		return
	}
	row -= f.leaf.blocks[block].FirstRow
	if f.only == nil {
		f.only = column.NewBitmap(column.BlockRows)
	}
	f.only.Clear(f.onlyRow)
	f.only.Set(row)
	f.onlyRow = row
	f.leaf.want(block, f.only)
}

func (f *fetcher) hit(c *candidate, h *result.Hit) error {
	h.Index = f.plan.index.Name
	if f.options.scores {
		h.Score = printedScore(c.score)
	}
	f.wantOnly(c.row)
	var err error
	row := c.row
	if f.objects != nil {
		if row, err = f.objectHit(c.row, h); err != nil {
			return err
		}
	}
	if h.ID, err = f.ids.idOfRow(row); err != nil {
		return err
	}
	h.NoID = f.options.noID
	if f.options.explain && f.objects == nil {
		if f.explainer == nil {
			f.explainer = newExplainer(f.plan, f.leaf)
		}
		if h.Explanation, err = f.explainer.explain(c.row); err != nil {
			return err
		}
	}
	if err := f.metadata(row, h); err != nil {
		return err
	}
	if f.objects == nil && f.wantsSource() {
		raw, err := f.docs.Append(nil, c.row)
		if err != nil {
			return err
		}
		h.Source = f.filter.apply(raw)
	}
	if err := f.matchedNames(c.row, h); err != nil {
		return err
	}
	if f.marks != nil {
		if err := f.marks.apply(f, c.row, h); err != nil {
			return err
		}
	}
	if err := f.fields.fetch(c.row, h); err != nil {
		return err
	}
	for _, s := range f.scripts {
		if err := s.fetch(c.row, h); err != nil {
			return err
		}
	}
	return nil
}

// wantsSource says whether hits carry their source.
func (f *fetcher) wantsSource() bool {
	return !f.options.source.Disabled && f.plan.index.sourceEnabled()
}

// printedScore turns a score, which has the precision of a float32, into the number that prints with
// the fewest digits that tell it from its neighbours.
func printedScore(score float64) *float64 {
	text := strconv.FormatFloat(score, 'g', -1, 32)
	if short, err := strconv.ParseFloat(text, 64); err == nil {
		score = short
	}
	return &score
}

// sourceEnabled says whether the mapping keeps _source.
func (i *Index) sourceEnabled() bool { return i.Mapping == nil || i.Mapping.SourceEnabled() }

func (f *fetcher) metadata(row int, h *result.Hit) error {
	if f.options.version {
		v := int64(1)
		if err := f.number(segment.VersionField, row, &v); err != nil {
			return err
		}
		h.Version = &v
	}
	if f.options.seqNo {
		var seq int64
		if err := f.number(segment.SeqNoField, row, &seq); err != nil {
			return err
		}
		term := max(f.plan.index.PrimaryTerm, 1)
		h.SeqNo, h.PrimaryTerm = &seq, &term
	}
	if f.options.noID || f.objects != nil {
		return nil
	}
	if c := f.leaf.column(segment.RoutingField); c != nil {
		text, _, err := f.leaf.textAt(c, row)
		if err != nil {
			return err
		}
		h.Routing = string(text)
	}
	if c := f.leaf.column(segment.IgnoredField); c != nil {
		var err error
		h.Ignored, err = f.leaf.textsAt(c, row)
		slices.Sort(h.Ignored)
		h.Ignored = slices.Compact(h.Ignored)
		return err
	}
	return nil
}

// number reads a metadata column; n stays as it is where the row has no value.
func (f *fetcher) number(name string, row int, n *int64) error {
	c := f.leaf.column(name)
	if c == nil {
		return nil
	}
	v, ok, err := f.leaf.intAt(c, row)
	if ok {
		*n = v
	}
	return err
}

func (f *fetcher) sortValues(keys []*sortKey, c *candidate, h *result.Hit) {
	if !f.options.sort {
		return
	}
	for i, k := range keys {
		h.Sort = append(h.Sort, k.print(&c.keys[i]))
	}
}

// idReader reads the ids of a segment's rows.
type idReader struct {
	leaf  *leaf
	codec IDCodec
}

func newIDReader(l *leaf, codec IDCodec) *idReader { return &idReader{l, codec} }

// id returns the id of a row of a block.
func (r *idReader) id(block, row int) (string, error) {
	return r.idOfRow(r.leaf.blocks[block].FirstRow + row)
}

// idOfRow returns the id of a row of the segment: the explicit one, or the one generated from its
// sequence number.
func (r *idReader) idOfRow(row int) (string, error) {
	if r.leaf.around != nil {
		root, at, err := r.leaf.document(row)
		if err != nil {
			return "", err
		}
		return newIDReader(root, r.codec).idOfRow(at)
	}
	if c := r.leaf.column(segment.IDField); c != nil {
		text, ok, err := r.leaf.textAt(c, row)
		if err != nil || ok {
			return string(text), err
		}
	}
	c := r.leaf.column(segment.SeqNoField)
	if c == nil || r.codec == nil {
		return "", errNoID(row)
	}
	seq, ok, err := r.leaf.intAt(c, row)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", errNoID(row)
	}
	return r.codec.ID(seq), nil
}
