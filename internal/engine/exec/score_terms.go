package exec

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/rescue"
)

// Keywords and booleans are scored by how rare the value is, like a word that each document has once. That
// takes the number of documents with the value, so a scored clause goes through the column once more; it
// notes where the value is, so that the search itself only looks there.

// scoredTerm gives a clause on one value of a field the score of that value. It is called where scores are
// asked for.
func (c *compiler) scoredTerm(f *field, n node, weight float64) (node, error) {
	if !c.scoring || f.typed == mapping.Wildcard || f.spec == nil || !f.indexed {
		return n, nil
	}
	var sum termSum
	sources := c.sources()
	parts := make([]termSum, len(sources))
	err := eachSource(len(sources), func(i int) error {
		acct := c.plan.acct.other()
		defer acct.close()
		return parts[i].count(newLeaf(sources[i], &acct), f, n)
	})
	if err != nil {
		return nil, err
	}
	hits := map[segment.Segment]column.Bitmap{}
	for i := range parts {
		sum.docs += parts[i].docs
		sum.values += parts[i].values
		sum.matches += parts[i].matches
		hits[sources[i].Segment] = parts[i].blocks
	}
	if sum.matches == 0 {
		return noneNode{}, nil
	}
	why := newBM25(weight, idf(sum.matches, sum.docs), fieldStats{docs: sum.docs, tokens: sum.values})
	why.dfs = []int64{sum.matches}
	return &constantNode{&countedNode{n, hits, why}, why.score(1, 1)}, nil
}

// eachSource calls fn with 0 to n-1, on as many goroutines as there are processors.
func eachSource(n int, fn func(i int) error) error {
	var next atomic.Int64
	var group sync.WaitGroup
	errs := make([]error, n)
	for range min(runtime.GOMAXPROCS(0), n) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				errs[i] = rescue.Do(func() error { return fn(i) })
			}
		})
	}
	group.Wait()
	return slices.MaxFunc(append(errs, nil), func(a, b error) int {
		switch {
		case a != nil && b == nil:
			return 1
		case a == nil && b != nil:
			return -1
		}
		return 0
	})
}

// termSum is what scoring a value needs to know. Deleted rows count until they are merged away, as in
// Lucene.
type termSum struct {
	docs, values, matches int64
	blocks                column.Bitmap // in which the value is
}

// count adds a segment's.
func (t *termSum) count(l *leaf, f *field, n node) error {
	t.blocks = column.NewBitmap(len(l.blocks))
	m, err := n.bind(l)
	if err != nil {
		return err
	}
	rows := column.NewBitmap(column.BlockRows)
	for block, info := range l.blocks {
		if err := l.acct.check(); err != nil {
			return err
		}
		if m.bound(block).none() {
			continue
		}
		sel := rows[:(info.Rows+63)/64]
		sel.Fill(info.Rows)
		if err := apply(m, block, sel); err != nil {
			return err
		}
		if found := sel.Count(); found > 0 {
			t.matches += int64(found)
			t.blocks.Set(block)
		}
	}
	work := func() (segment.FieldCounts, error) { return countField(l, f) }
	counts := segment.FieldCounts{}
	if known, ok := l.seg.(segment.Counted); ok {
		counts, err = known.Counts(f.view.key(), work)
	} else {
		counts, err = work()
	}
	t.docs, t.values = counts.Docs, counts.Values
	return err
}

// key tells views of one column apart.
func (v *stringView) key() string {
	return fmt.Sprintf("%s\x00%s\x00%t\x00%d\x00%t", v.column, v.prefix, v.root, v.ignoreAbove, v.normalizer != nil)
}

// countField counts the rows with a value of a field, and their distinct values.
func countField(l *leaf, f *field) (segment.FieldCounts, error) {
	var out segment.FieldCounts
	c := l.column(f.view.column)
	if c == nil {
		return out, nil
	}
	present, err := (&presentNode{views: []stringView{f.view}, weight: 1}).bind(l)
	if err != nil {
		return out, err
	}
	for block, info := range l.blocks {
		if c.everyRow(block) && !f.view.partial() {
			out.Docs += int64(info.Rows)
			out.Values += int64(info.Rows)
			continue
		}
		sel := column.NewBitmap(info.Rows)
		sel.Fill(info.Rows)
		if err := apply(present, block, sel); err != nil {
			return out, err
		}
		rows := int64(sel.Count())
		out.Docs += rows
		if rows == 0 {
			continue
		}
		values, err := c.distinctIn(block, &f.view)
		if err != nil {
			return out, err
		}
		out.Values += max(values, rows)
	}
	return out, nil
}

// distinctIn counts the values of a block's rows that a view sees, repeats in a row not counted; 0 where
// no row has several.
func (c *leafColumn) distinctIn(block int, view *stringView) (int64, error) {
	b, err := c.block(block)
	if err != nil || b.Offsets == nil {
		return 0, err
	}
	var n int64
	var row []string
	for r := range b.Rows {
		lo, hi := b.Range(r)
		if hi-lo == 1 && !view.partial() || b.Kind != column.Ordinal && b.Kind != column.Bytes {
			n += int64(min(hi-lo, 1))
			continue
		}
		row = row[:0]
		for ; lo < hi; lo++ {
			if v, ok := view.see(c.text(b, lo)); ok {
				row = append(row, string(v))
			}
		}
		slices.Sort(row)
		n += int64(len(slices.Compact(row)))
	}
	return n, nil
}

// countedNode is a clause of which it is known in which blocks it has matches.
type countedNode struct {
	node
	hits map[segment.Segment]column.Bitmap
	why  *bm25 // how it is scored
}

func (n *countedNode) bind(l *leaf) (matcher, error) {
	m, err := n.node.bind(l)
	blocks, ok := n.hits[l.given]
	if err != nil || !ok {
		return m, err
	}
	return &countedMatcher{m, blocks}, nil
}

type countedMatcher struct {
	matcher
	blocks column.Bitmap
}

func (m *countedMatcher) bound(block int) bound {
	if !m.blocks.Has(block) {
		return boundNone
	}
	return m.matcher.bound(block)
}
