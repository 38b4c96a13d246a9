package exec

import (
	"cmp"
	"slices"
	"sort"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
)

// Span and interval clauses look at where words stand. Rows that may match are found by the words that they need to have, with the text index; of these
// the texts are analyzed, the positions of the words noted, and places worked out of them.

// textPlace is a part of a row's words, from start up to end. gaps is what lies in it between the parts it was made of.
type textPlace struct{ start, end, gaps int }

// placeSource works places out of the positions of words, in order of start.
type placeSource interface {
	places(words [][]int) []textPlace
}

// well is a word, or a test of words, of one field.
type well struct {
	field *field
	term  []byte
	test  func([]byte) bool
}

// placesNode matches rows that have a place.
type placesNode struct {
	node   // rows that have the words
	wells  []well
	source placeSource
	evals  []Analyzer // by field
	fields []*field
	score  *bm25 // of span clauses; nil: see saturate
	// saturate scores by how many places there are and how tight they are; least is the tightest there can be.
	saturate bool
	least    int
	weight   float64
}

// placesCompiler gathers the wells of a clause.
type placesCompiler struct {
	c     *compiler
	wells []well
}

// maxWells bounds the words and tests of one clause.
const maxWells = 1024

func (pc *placesCompiler) add(w well) (wellSource, error) {
	if len(pc.wells) == maxWells {
		return 0, eserr.New(400, "too_many_clauses", "maxClauseCount is set to %d", maxWells)
	}
	pc.wells = append(pc.wells, w)
	return wellSource(len(pc.wells) - 1), nil
}

// textOf finds a text field; nil when there is none of the name.
func (pc *placesCompiler) textOf(kind, name string) (*field, error) {
	f := pc.c.fields.lookup(name)
	switch {
	case f == nil:
		return nil, nil
	case f.class == classKeyword && kind != "intervals":
		return f, nil
	case f.class != classText:
		return nil, eserr.IllegalArgument("Can only use %s queries on text fields - not on [%s] which is of type [%s]", kind, name, f.typ)
	case f.typed == mapping.MatchOnlyText && kind != "intervals":
		return nil, eserr.IllegalArgument("Cannot run %s queries on [%s], which keeps no positions", kind, name)
	}
	return f, f.searchable()
}

// node makes the clause. candidates are the rows that have the words.
func (pc *placesCompiler) node(candidates node, source placeSource, weight float64) (*placesNode, error) {
	n := &placesNode{node: candidates, wells: pc.wells, source: source, weight: weight}
	for _, w := range n.wells {
		if slices.Contains(n.fields, w.field) {
			continue
		}
		a := Analyzer(wholeValue{})
		if w.field.class == classText {
			var err error
			if a, err = pc.c.analyzer(w.field.indexAnalyzer); err != nil {
				return nil, err
			}
		}
		n.fields, n.evals = append(n.fields, w.field), append(n.evals, a)
	}
	return n, nil
}

// wholeValue takes a value as one word.
type wholeValue struct{}

// Tokens implements Analyzer.
func (wholeValue) Tokens(text []byte, yield func(token []byte, position int) bool) { yield(text, 0) }

func (n *placesNode) bind(l *leaf) (matcher, error) {
	m, err := n.node.bind(l)
	if err != nil {
		return nil, err
	}
	out := &placesMatcher{matcher: m, node: n, words: make([][]int, len(n.wells)), lengths: make([]int, len(n.fields))}
	for _, f := range n.fields {
		out.cols = append(out.cols, l.column(f.view.column))
	}
	return out, nil
}

type placesMatcher struct {
	matcher
	node    *placesNode
	cols    []*leafColumn
	words   [][]int // positions by well
	lengths []int   // tokens by field
}

func (m *placesMatcher) cost() int { return costText }

func (m *placesMatcher) bound(block int) bound {
	b := m.matcher.bound(block)
	if b.none() {
		return b
	}
	return bound{b.granules, false}
}

func (m *placesMatcher) filter(block int, sel column.Bitmap) error {
	if err := apply(m.matcher, block, sel); err != nil {
		return err
	}
	return m.eachRow(block, sel, func(row int) {
		if len(m.node.source.places(m.words)) == 0 {
			sel.Clear(row)
		}
	})
}

func (m *placesMatcher) score(block int, matched column.Bitmap, scores []float64) error {
	if m.node.score == nil && !m.node.saturate {
		return constant{m.node.weight}.score(block, matched, scores)
	}
	return m.eachRow(block, matched, func(row int) {
		freq := 0.0
		for _, p := range m.node.source.places(m.words) {
			if m.node.saturate {
				freq += 1 / float64(max(p.end-p.start-m.node.least+1, 1))
			} else {
				freq += 1 / (1 + float64(max(p.gaps, 0)))
			}
		}
		if m.node.saturate {
			scores[row] += m.node.weight * freq / (freq + 1)
			return
		}
		scores[row] += m.node.score.scoreFreq(freq, m.lengths[0])
	})
}

// eachRow notes the positions of words in rows and calls fn after each.
func (m *placesMatcher) eachRow(block int, sel column.Bitmap, fn func(row int)) error {
	for r := sel.Next(0); r >= 0; r = sel.Next(r + 1) {
		for w := range m.words {
			m.words[w] = m.words[w][:0]
		}
		for i := range m.cols {
			if err := m.read(i, block, r); err != nil {
				return err
			}
		}
		fn(r)
	}
	return nil
}

// read notes the positions of the words of one field.
func (m *placesMatcher) read(number, block, row int) error {
	m.lengths[number] = 0
	col, f := m.cols[number], m.node.fields[number]
	if col == nil {
		return nil
	}
	if err := col.leaf.acct.stopAt(row); err != nil {
		return err
	}
	b, err := col.granule(block, row/column.GranuleRows)
	if err != nil {
		return err
	}
	base := 0
	for lo, hi := b.Range(row % column.GranuleRows); lo < hi; lo++ {
		text := col.text(b, lo)
		if f.class == classKeyword {
			seen, ok := f.view.see(text)
			if !ok {
				continue
			}
			text = seen
		}
		last := 0
		m.node.evals[number].Tokens(text, func(token []byte, position int) bool {
			m.lengths[number]++
			last = position + 1
			for w := range m.node.wells {
				one := &m.node.wells[w]
				if one.field == f && (one.test != nil && one.test(token) || one.test == nil && string(token) == string(one.term)) {
					m.words[w] = append(m.words[w], base+position)
				}
			}
			return true
		})
		base += last + valueGap
	}
	return nil
}

// wellSource are the places of a word.
type wellSource int

func (s wellSource) places(words [][]int) []textPlace {
	out := make([]textPlace, len(words[s]))
	for i, at := range words[s] {
		out[i] = textPlace{start: at, end: at + 1}
	}
	return out
}

// noPlaces has none: of a field that is not there.
type noPlaces struct{}

func (noPlaces) places([][]int) []textPlace { return nil }

// anySource are the places of all its parts.
type anySource []placeSource

func (s anySource) places(words [][]int) []textPlace {
	var out []textPlace
	for _, part := range s {
		out = append(out, part.places(words)...)
	}
	return inOrder(out)
}

func inOrder(list []textPlace) []textPlace {
	slices.SortFunc(list, func(a, b textPlace) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	return slices.Compact(list)
}

// nearSource are the places in which its parts stand near each other: with at most slop positions between them, any number where it is negative and
// unlimited says so.
type nearSource struct {
	parts     []placeSource
	slop      int
	unlimited bool
	ordered   bool
	// minimal leaves out places that have another one in them.
	minimal bool
}

func (s *nearSource) places(words [][]int) []textPlace {
	lists := make([][]textPlace, len(s.parts))
	for i, part := range s.parts {
		if lists[i] = part.places(words); len(lists[i]) == 0 {
			return nil
		}
	}
	var out []textPlace
	if s.ordered {
		out = orderedPlaces(lists)
	} else {
		out = unorderedPlaces(lists)
	}
	if s.minimal {
		out = minimalPlaces(out)
	}
	return slices.DeleteFunc(out, func(p textPlace) bool { return !s.unlimited && p.gaps > s.slop })
}

// orderedPlaces takes from each place of the first list on the next of each other that begins behind the one before.
func orderedPlaces(lists [][]textPlace) []textPlace {
	var out []textPlace
	at := make([]int, len(lists))
	for _, first := range lists[0] {
		place := first
		place.gaps = 0
		found := true
		for i := 1; i < len(lists) && found; i++ {
			for at[i] < len(lists[i]) && lists[i][at[i]].start < place.end {
				at[i]++
			}
			if found = at[i] < len(lists[i]); found {
				next := lists[i][at[i]]
				place.gaps += next.start - place.end
				place.end = next.end
			}
		}
		if !found {
			break
		}
		out = append(out, place)
		// The lists were moved on for this place; the next one begins at the same or later, and so do its followers.
	}
	return out
}

// unorderedPlaces moves a window over the lists: from the least start to the greatest end of one place of each.
func unorderedPlaces(lists [][]textPlace) []textPlace {
	var out []textPlace
	at := make([]int, len(lists))
	for {
		least, end, inside := 0, 0, 0
		for i := range lists {
			p := lists[i][at[i]]
			if p.start < lists[least][at[least]].start {
				least = i
			}
			end = max(end, p.end)
			inside += p.end - p.start
		}
		start := lists[least][at[least]].start
		out = append(out, textPlace{start, end, end - start - inside})
		if at[least]++; at[least] == len(lists[least]) {
			return inOrder(out)
		}
	}
}

// minimalPlaces leaves out places that have another one in them.
func minimalPlaces(list []textPlace) []textPlace {
	list = inOrder(list)
	var out []textPlace
	least := 1 << 62 // least end of the places behind
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].end < least {
			out = append(out, list[i])
			least = list[i].end
		}
	}
	slices.Reverse(out)
	return out
}

// repeatSource are the places in which a word stands so many times.
type repeatSource struct {
	word  placeSource
	times int
}

func (s *repeatSource) places(words [][]int) []textPlace {
	list := s.word.places(words)
	var out []textPlace
	for i := 0; i+s.times <= len(list); i++ {
		p := textPlace{start: list[i].start, end: list[i+s.times-1].end}
		p.gaps = p.end - p.start - s.times
		out = append(out, p)
	}
	return out
}

// relation is how places lie to others.
type relation uint8

const (
	relContaining relation = iota
	relContainedBy
	relOverlapping
	relAfter
	relBefore
)

// relatedSource keeps the places of one source that lie in a certain way to one of another; with negate those that do not. Places are widened by pre
// and post to be compared.
type relatedSource struct {
	source, other placeSource
	relation      relation
	negate        bool
	pre, post     int
}

func (s *relatedSource) places(words [][]int) []textPlace {
	list := s.source.places(words)
	if len(list) == 0 {
		return nil
	}
	r := newPlaceSet(s.other.places(words))
	return slices.DeleteFunc(list, func(p textPlace) bool {
		p.start, p.end = p.start-s.pre, p.end+s.post
		return r.has(p, s.relation) == s.negate
	})
}

// placeSet answers how places lie to those of a list, without going through them.
type placeSet struct {
	list []textPlace // by start
	// leastEnd of those from a number on; mostEnd of those up to a number.
	leastEnd, mostEnd []int
}

func newPlaceSet(list []textPlace) *placeSet {
	s := &placeSet{list: list, leastEnd: make([]int, len(list)), mostEnd: make([]int, len(list))}
	for i := range list {
		s.mostEnd[i] = list[i].end
		if i > 0 {
			s.mostEnd[i] = max(s.mostEnd[i], s.mostEnd[i-1])
		}
		j := len(list) - 1 - i
		s.leastEnd[j] = list[j].end
		if i > 0 {
			s.leastEnd[j] = min(s.leastEnd[j], s.leastEnd[j+1])
		}
	}
	return s
}

// from is the number of the first place that begins at or behind a position.
func (s *placeSet) from(at int) int {
	return sort.Search(len(s.list), func(i int) bool { return s.list[i].start >= at })
}

func (s *placeSet) has(p textPlace, r relation) bool {
	if len(s.list) == 0 {
		return false
	}
	switch r {
	case relContaining: // another one lies in it
		i := s.from(p.start)
		return i < len(s.list) && s.leastEnd[i] <= p.end
	case relContainedBy:
		i := s.from(p.start + 1)
		return i > 0 && s.mostEnd[i-1] >= p.end
	case relOverlapping:
		i := s.from(p.end)
		return i > 0 && s.mostEnd[i-1] > p.start
	case relAfter: // it begins behind the end of another one
		return s.leastEnd[0] <= p.start
	}
	return s.list[len(s.list)-1].start >= p.end
}

// firstSource keeps places that end within the first positions.
type firstSource struct {
	source placeSource
	end    int
}

func (s *firstSource) places(words [][]int) []textPlace {
	return slices.DeleteFunc(s.source.places(words), func(p textPlace) bool { return p.end > s.end })
}
