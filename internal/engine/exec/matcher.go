package exec

import (
	"elkhorn/internal/engine/column"
)

// node is a clause compiled against one index's mapping. It is immutable and shared by workers.
type node interface {
	// bind looks up what the clause needs of a segment.
	bind(l *leaf) (matcher, error)
}

// matcher is a clause bound to a segment, for one goroutine.
type matcher interface {
	// bound says what is known about a block without decoding it.
	bound(block int) bound
	// filter takes the rows that do not match out of sel. It may rely on sel having only rows of
	// the block that are alive, and is not called where bound says none or all.
	filter(block int, sel column.Bitmap) error
	// score adds the clause's score to scores[row] for the rows of matched, all of which match.
	score(block int, matched column.Bitmap, scores []float64) error
	// cost orders clauses: the cheaper one goes first.
	cost() int
}

// Costs of deciding one row, as orders of magnitude.
const (
	costNone    = 0   // known from bounds
	costNumber  = 1   // a comparison in a decoded slice
	costOrdinal = 1   // the same
	costBytes   = 20  // strings that are decompressed and compared
	costText    = 200 // text that is decompressed and analyzed
	// costDocument is that of a document put together and parsed: runtime fields
	costDocument = 2000
)

// bound is what is known of a block. Granule g of a block may hold matches only if bit g of granules is
// set; if exact, all rows of the granules named match and there is nothing to verify.
type bound struct {
	granules uint8
	exact    bool
}

// allGranules names every granule a block can have: BlockRows / GranuleRows = 8.
const allGranules uint8 = 0xff

var (
	boundNone    = bound{0, true}
	boundAll     = bound{allGranules, true}
	boundUnknown = bound{allGranules, false}
)

func (b bound) none() bool { return b.granules == 0 }
func (b bound) all() bool  { return b.granules == allGranules && b.exact }

func (b bound) and(o bound) bound {
	g := b.granules & o.granules
	return bound{g, g == 0 || b.exact && o.exact}
}

func (b bound) or(o bound) bound {
	switch {
	case b.all() || o.all():
		return boundAll
	case b.none():
		return o
	case o.none():
		return b
	}
	return bound{b.granules | o.granules, b.exact && o.exact}
}

func (b bound) not() bound {
	if b.exact {
		return bound{^b.granules, true}
	}
	return boundUnknown
}

// granuleWords is the number of bitmap words that a granule takes.
const granuleWords = column.GranuleRows / 64

// mask takes the rows of granules that b leaves out from sel.
func (b bound) mask(sel column.Bitmap) {
	if b.granules == allGranules {
		return
	}
	for w := range sel {
		if b.granules&(1<<(w/granuleWords)) == 0 {
			sel[w] = 0
		}
	}
}

// apply narrows sel to the rows that match, decoding as little as the bound allows.
func apply(m matcher, block int, sel column.Bitmap) error {
	b := m.bound(block)
	b.mask(sel)
	if b.exact || !sel.Any() {
		return nil
	}
	return m.filter(block, sel)
}

// constant is embedded by matchers whose score is the same for every match.
type constant struct{ weight float64 }

func (c constant) score(_ int, matched column.Bitmap, scores []float64) error {
	for r := matched.Next(0); r >= 0; r = matched.Next(r + 1) {
		scores[r] += c.weight
	}
	return nil
}

// allNode matches every row.
type allNode struct{ weight float64 }

func (n allNode) bind(*leaf) (matcher, error) { return allMatcher{constant(n)}, nil }

type allMatcher struct{ constant }

func (allMatcher) bound(int) bound                 { return boundAll }
func (allMatcher) filter(int, column.Bitmap) error { return nil }
func (allMatcher) cost() int                       { return costNone }

// noneNode matches no row.
type noneNode struct{}

func (noneNode) bind(*leaf) (matcher, error) { return noneMatcher{}, nil }

type noneMatcher struct{ constant }

func (noneMatcher) bound(int) bound { return boundNone }
func (noneMatcher) cost() int       { return costNone }
func (noneMatcher) filter(_ int, sel column.Bitmap) error {
	sel.Reset()
	return nil
}

// emptyNode is a clause of a query string of whose text analysis left nothing: a group leaves it out, and by itself it
// matches nothing.
type emptyNode struct{ noneNode }

func isEmpty(n node) bool {
	_, empty := plainNode(n).(emptyNode)
	return empty
}

// isNone says that a node can match nothing, whatever the segment.
func isNone(n node) bool {
	_, none := plainNode(n).(noneNode)
	return none || isEmpty(n)
}
