package exec

import (
	"strings"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
)

// scoreMode says how the scores of a row's matching objects become its own.
type scoreMode uint8

const (
	scoreAvg scoreMode = iota
	scoreSum
	scoreMin
	scoreMax
	scoreNone
)

var scoreModes = map[string]scoreMode{"": scoreAvg, "avg": scoreAvg, "sum": scoreSum, "min": scoreMin, "max": scoreMax, "none": scoreNone}

// nestedNode matches rows that hold a nested object which matches inner.
type nestedNode struct {
	path   string
	inner  node
	mode   scoreMode
	weight float64
}

func compileNested(c *compiler, q *query.Nested) (node, error) {
	path, err := c.nestedPath(q.Path)
	switch {
	case err != nil && q.IgnoreUnmapped:
		return noneNode{}, nil
	case err != nil:
		return nil, err
	case path == c.scope:
		return nil, eserr.IllegalArgument("[nested] query inside objects of its own path [%s]", q.Path)
	}
	n := &nestedNode{path: path, mode: scoreModes[q.ScoreMode], weight: q.Weight()}
	outer := c.inner
	c.inner = nil
	n.inner, err = c.within(path, q.Inner, q.InnerHits != nil || c.scoring && n.mode != scoreNone)
	inside := c.inner
	c.inner = outer
	if err != nil {
		return nil, err
	}
	if q.InnerHits != nil {
		if err := c.addInnerHits(q, path, n.inner, inside); err != nil {
			return nil, err
		}
	}
	if isNone(n.inner) || !isBelow(path, c.scope) {
		return noneNode{}, nil
	}
	return n, nil
}

// nestedPath checks that a path is one of nested objects.
func (c *compiler) nestedPath(path string) (string, error) {
	if m := c.fields.index.Mapping; m != nil {
		if f := m.Lookup(path); f != nil && f.Type == mapping.Nested {
			return f.Path, nil
		}
	}
	return "", eserr.New(400, "illegal_state_exception", "[nested] failed to find nested object under path [%s]", path)
}

// within compiles a clause about the objects at a nested path.
func (c *compiler) within(path string, q query.Query, scoring bool) (node, error) {
	scope, was := c.scope, c.scoring
	c.scope, c.scoring = path, scoring
	defer func() { c.scope, c.scoring = scope, was }()
	return c.compile(q)
}

// isBelow says whether a nested path lies inside a scope.
func isBelow(path, scope string) bool { return scope == "" || strings.HasPrefix(path, scope+".") }

// sources are the rows that the clause being compiled is about: the documents, or nested objects.
func (c *compiler) sources() []Source {
	all := c.fields.index.Sources
	if c.scope == "" {
		return all
	}
	var inner []Source
	for _, s := range all {
		if rows := spaceBelow(s.Segment, c.scope); rows != nil {
			inner = append(inner, Source{Segment: rows})
		}
	}
	return inner
}

// spaceBelow finds the objects at a path, at any depth.
func spaceBelow(s segment.Segment, path string) segment.Segment {
	for _, space := range s.Spaces() {
		switch {
		case space.Path == path:
			return space.Rows
		case strings.HasPrefix(path, space.Path+"."):
			return spaceBelow(space.Rows, path)
		}
	}
	return nil
}

func (n *nestedNode) fixedScore() (score float64, ok bool) {
	switch n.mode {
	case scoreNone:
		return 0, true
	case scoreSum:
		return 0, false
	}
	score, ok = fixedScore(n.inner)
	return n.weight * score, ok
}

func (n *nestedNode) bind(l *leaf) (matcher, error) {
	d := l.descend(n.path)
	if d == nil {
		return noneMatcher{}, nil
	}
	inner, err := n.inner.bind(d.leaf)
	if err != nil {
		return nil, err
	}
	return &nestedMatcher{node: n, objects: d, inner: inner}, nil
}

type nestedMatcher struct {
	node    *nestedNode
	objects *descent
	inner   matcher
	sums    []nestedScore
	scores  []float64 // of a block of objects
}

func (m *nestedMatcher) cost() int { return max(m.inner.cost(), costBytes) }

func (m *nestedMatcher) bound(block int) bound {
	lo, hi := int(m.objects.firsts[block]), int(m.objects.firsts[block+1])
	if lo == hi {
		return boundNone
	}
	if len(m.objects.levels) > 1 {
		return boundUnknown
	}
	l := m.objects.leaf
	for b := l.blockOf(lo); b < len(l.blocks) && l.blocks[b].FirstRow < hi; b++ {
		if !m.inner.bound(b).none() {
			return boundUnknown
		}
	}
	return boundNone
}

func (m *nestedMatcher) filter(block int, sel column.Bitmap) error {
	offsets, err := m.objects.objects(block)
	if err != nil {
		return err
	}
	keep := make(column.Bitmap, len(sel))
	rows := rowWalk{offsets: offsets}
	err = m.objects.eachBlock(offsets, sel, func(inner int, objects column.Bitmap) error {
		if err := apply(m.inner, inner, objects); err != nil {
			return err
		}
		first := m.objects.leaf.blocks[inner].FirstRow
		for at := objects.Next(0); at >= 0; {
			row := rows.of(first + at)
			keep.Set(row)
			if at = int(offsets[row+1]) - first; at >= len(objects)*64 { // the row's other objects add nothing
				break
			}
			at = objects.Next(at)
		}
		return nil
	})
	copy(sel, keep)
	return err
}

// nestedScore gathers the scores of one row's objects.
type nestedScore struct {
	sum, least, most float64
	n                int
}

func (s *nestedScore) add(score float64) {
	if s.n == 0 {
		s.least, s.most = score, score
	}
	s.n++
	s.sum += score
	s.least, s.most = min(s.least, score), max(s.most, score)
}

func (s *nestedScore) value(mode scoreMode) float64 {
	switch mode {
	case scoreSum:
		return s.sum
	case scoreMin:
		return s.least
	case scoreMax:
		return s.most
	}
	return s.sum / float64(s.n)
}

func (m *nestedMatcher) score(block int, matched column.Bitmap, scores []float64) error {
	if m.node.mode == scoreNone {
		return nil
	}
	offsets, err := m.objects.objects(block)
	if err != nil {
		return err
	}
	if m.sums == nil {
		m.sums, m.scores = make([]nestedScore, column.BlockRows), make([]float64, column.BlockRows)
	}
	sums := m.sums[:len(offsets)-1]
	clear(sums)
	rows := rowWalk{offsets: offsets}
	err = m.objects.eachBlock(offsets, matched, func(inner int, objects column.Bitmap) error {
		if err := apply(m.inner, inner, objects); err != nil {
			return err
		}
		clear(m.scores)
		if err := m.inner.score(inner, objects, m.scores); err != nil {
			return err
		}
		first := m.objects.leaf.blocks[inner].FirstRow
		for at := objects.Next(0); at >= 0; at = objects.Next(at + 1) {
			sums[rows.of(first+at)].add(float64(float32(m.scores[at])))
		}
		return nil
	})
	if err != nil {
		return err
	}
	for row := matched.Next(0); row >= 0; row = matched.Next(row + 1) {
		if sums[row].n > 0 {
			scores[row] += m.node.weight * sums[row].value(m.node.mode)
		}
	}
	return nil
}
