package exec

import (
	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/result"
)

// innerHits are the nested objects that a nested query returns with each hit: those that match it, best
// first. They are looked up once the hits are known.
type innerHits struct {
	name, path string
	query      node
	top        *topHitsNode
	inner      []*innerHits // of the nested queries inside
}

// defaultInnerWindow is Elasticsearch's default of index.max_inner_result_window.
const defaultInnerWindow = 100

// addInnerHits notes the inner hits of a nested query whose clause is compiled. What is wrong with them is no
// fault of the clause.
func (c *compiler) addInnerHits(q *query.Nested, path string, clause node, inside []*innerHits) error {
	c.innerErr = c.readInnerHits(q, path, clause, inside)
	return c.innerErr
}

func (c *compiler) readInnerHits(q *query.Nested, path string, clause node, inside []*innerHits) error {
	body, err := agg.ParseInnerHits(q.InnerHits)
	switch {
	case err != nil:
		return err
	case body.ScriptFields != nil:
		return eserr.Unsupported("[script_fields] of [inner_hits]")
	}
	h := &innerHits{name: body.Name, path: path, query: clause, inner: inside}
	if h.name == "" {
		h.name = q.Path
	}
	for _, other := range c.inner {
		if other.name == h.name {
			return eserr.IllegalArgument("[inner_hits] already contains an entry for key [%s]", h.name)
		}
	}
	window := c.fields.index.MaxInnerWindow
	if window == 0 {
		window = defaultInnerWindow
	}
	if n := body.From + body.Size; n > window {
		return eserr.IllegalArgument("Inner result window is too large, the inner hit definition's [%s]'s from + size must be less than or equal to: [%d] but was [%d]. "+
			"This limit can be set by changing the [index.max_inner_result_window] index level setting.", h.name, window, n)
	}
	scope, found := c.scope, c.found
	c.scope, c.found = path, clause
	top, err := compileTopHits(c, &body.TopHits, nil)
	c.scope, c.found = scope, found
	if err != nil {
		return err
	}
	h.top = top.(*topHitsNode)
	c.inner = append(c.inner, h)
	return nil
}

// innerFetcher finds the inner hits of the rows of one segment.
type innerFetcher struct {
	node    *innerHits
	outer   *leaf
	objects *descent // nil: the segment has none
	query   matcher
	keys    []keyReader
	scores  []float64 // of a block of objects
	fetch   *fetcher
	acct    *account
	inner   []*innerFetcher
}

// innerFetchers binds inner hits to the rows of a leaf.
func innerFetchers(list []*innerHits, p *plan, source int, outer *leaf, acct *account) ([]*innerFetcher, error) {
	var out []*innerFetcher
	for _, h := range list {
		f := &innerFetcher{node: h, outer: outer, objects: outer.descend(h.path), acct: acct}
		out = append(out, f)
		if f.objects == nil {
			continue
		}
		if err := f.bind(p, source, acct); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (f *innerFetcher) bind(p *plan, source int, acct *account) (err error) {
	l := f.objects.leaf
	if f.query, err = f.node.query.bind(l); err != nil {
		return err
	}
	if f.node.top.scored {
		f.scores = make([]float64, column.BlockRows)
	}
	for _, k := range f.node.top.keys {
		r, err := k.bind(l, p, source, f.scores, newIDReader(l, p.index.IDs))
		if err != nil {
			return err
		}
		f.keys = append(f.keys, r)
	}
	if f.fetch, err = newFetcher(p, source, f.node.top.fetch, acct); err != nil {
		return err
	}
	f.inner, err = innerFetchers(f.node.inner, p, source, l, acct)
	return err
}

// hits returns the inner hits of a row.
func (f *innerFetcher) hits(row int) (result.InnerHits, error) {
	out := result.InnerHits{Name: f.node.name, Hits: result.Hits{Total: &result.Total{}}}
	if f.objects == nil {
		return out, nil
	}
	found := f.node.top.empty(f.acct)
	if err := f.find(row, found); err != nil {
		return out, err
	}
	out.Hits.Total.Value = found.total
	if f.node.top.scored && found.total > 0 {
		out.Hits.MaxScore = printedScore(found.maxScore)
	}
	best := found.top.sorted()
	best = best[min(f.node.top.body.From, len(best)):]
	out.Hits.Hits = make([]result.Hit, len(best))
	for i := range best {
		h := &out.Hits.Hits[i]
		if err := f.fetch.hit(&best[i], h); err != nil {
			return out, err
		}
		f.fetch.sortValues(f.node.top.keys, &best[i], h)
		if err := addInner(f.inner, best[i].row, h); err != nil {
			return out, err
		}
	}
	return out, nil
}

// addInner adds the inner hits of a row to its hit.
func addInner(list []*innerFetcher, row int, h *result.Hit) error {
	for _, f := range list {
		inner, err := f.hits(row)
		if err != nil {
			return err
		}
		h.InnerHits = append(h.InnerHits, inner)
	}
	return nil
}

// find gathers the matching objects of a row.
func (f *innerFetcher) find(row int, found *topHitsPartial) error {
	block := f.outer.blockOf(row)
	offsets, err := f.objects.objects(block)
	if err != nil {
		return err
	}
	sel := column.NewBitmap(f.outer.blocks[block].Rows)
	sel.Set(row - f.outer.blocks[block].FirstRow)
	return f.objects.eachBlock(offsets, sel, func(inner int, objects column.Bitmap) error {
		if err := apply(f.query, inner, objects); err != nil || !objects.Any() {
			return err
		}
		return f.take(inner, objects, found)
	})
}

// take offers the objects of a block.
func (f *innerFetcher) take(block int, objects column.Bitmap, found *topHitsPartial) error {
	if f.scores != nil {
		clear(f.scores)
		if err := f.query.score(block, objects, f.scores); err != nil {
			return err
		}
	}
	keys := make([]sortVal, len(f.keys))
	first := f.objects.leaf.blocks[block].FirstRow
	for at := objects.Next(0); at >= 0; at = objects.Next(at + 1) {
		found.total++
		c := candidate{keys: keys, row: first + at}
		if f.scores != nil {
			f.scores[at] = float64(float32(f.scores[at]))
			c.score = f.scores[at]
			found.maxScore = max(found.maxScore, c.score)
		}
		for i, k := range f.keys {
			if err := k.fill(block, []uint16{uint16(at)}, keys[i:i+1]); err != nil {
				return err
			}
		}
		found.top.offer(c)
	}
	return nil
}
