package exec

import (
	"math"

	"elkhorn/internal/engine/column"
)

// sloppyNode matches texts in which a phrase stands within some moves. Rows that have all its words are
// found like those of a match with operator and; of these the positions are compared.
type sloppyNode struct {
	words  *textNode // all the words, without scores and without a prefix
	places *textWant // asks where the words are
	phrase []phraseTerm
	slop   int
	score  *bm25 // nil: every match scores weight
	weight float64
}

// prefixApart makes the last word, if it is the beginning of one, the last term, which nothing else of the phrase is; prefix is one
// more than its position, 0 if there is none.
func (w *textWant) prefixApart() (apart *textWant, prefix int) {
	if !w.lastPrefix {
		return w, 0
	}
	apart = &textWant{}
	last := len(w.phrase) - 1
	for _, p := range w.phrase[:last] {
		apart.phrase = append(apart.phrase, phraseTerm{apart.add(w.terms[p.term]), p.offset})
	}
	apart.terms = append(apart.terms, w.terms[w.phrase[last].term])
	apart.counts = append(apart.counts, 1)
	apart.phrase = append(apart.phrase, phraseTerm{len(apart.terms) - 1, w.phrase[last].offset})
	return apart, len(apart.terms)
}

// sloppy makes the node of a phrase with slop.
func (c *compiler) sloppy(f *field, want *textWant, slop int, weight float64) (node, error) {
	want, prefix := want.prefixApart()
	required := want.terms
	if prefix > 0 {
		required = required[:prefix-1]
	}
	all := &textWant{terms: required, counts: make([]int, len(required)), least: len(required)}
	for i := range all.counts {
		all.counts[i] = 1
	}
	a, err := c.analyzer(f.indexAnalyzer)
	if err != nil {
		return nil, err
	}
	n := &sloppyNode{words: &textNode{field: f, want: all, analyzer: a, weight: weight}, phrase: want.phrase, slop: slop, weight: weight}
	n.places = &textWant{terms: want.terms, counts: make([]int, len(want.terms)), least: math.MaxInt, places: true, prefix: prefix}
	if !c.scoring || prefix > 0 {
		return n, nil
	}
	stats, dfs, err := c.termStats(n.words)
	if err != nil {
		return nil, err
	}
	sum := 0.0
	for _, p := range n.phrase {
		sum += idf(dfs[p.term], stats.docs)
	}
	n.score = f.bm25(weight, sum, stats)
	return n, nil
}

func (n *sloppyNode) bind(l *leaf) (matcher, error) {
	m, err := n.words.bind(l)
	if err != nil {
		return nil, err
	}
	words, ok := m.(*textMatcher)
	if !ok {
		return m, nil // no row has the field
	}
	return &sloppyMatcher{
		constant: constant{n.weight}, node: n, words: words, phrase: newSloppyPhrase(n.phrase, n.slop),
		eval: newTextEval(n.places, n.words.analyzer, false),
	}, nil
}

type sloppyMatcher struct {
	constant
	node   *sloppyNode
	words  *textMatcher
	phrase *sloppyPhrase
	eval   *textEval
}

func (m *sloppyMatcher) cost() int { return costText }

func (m *sloppyMatcher) bound(block int) bound {
	b := m.words.bound(block)
	if b.none() {
		return b
	}
	return bound{b.granules, false}
}

func (m *sloppyMatcher) filter(block int, sel column.Bitmap) error {
	if err := apply(m.words, block, sel); err != nil || !sel.Any() {
		return err
	}
	return m.eachRow(block, sel, func(row int) {
		if m.phrase.freq(m.eval.at) == 0 {
			sel.Clear(row)
		}
	})
}

func (m *sloppyMatcher) score(block int, matched column.Bitmap, scores []float64) error {
	if m.node.score == nil {
		return m.constant.score(block, matched, scores)
	}
	return m.eachRow(block, matched, func(row int) {
		scores[row] += m.node.score.scoreFreq(m.phrase.freq(m.eval.at), m.eval.length)
	})
}

// eachRow analyzes the texts of rows and calls fn after each.
func (m *sloppyMatcher) eachRow(block int, sel column.Bitmap, fn func(row int)) error {
	for g := 0; g*granuleWords < len(sel); g++ {
		part := sel[g*granuleWords : min((g+1)*granuleWords, len(sel))]
		if !part.Any() {
			continue
		}
		b, err := m.words.col.granule(block, g)
		if err != nil {
			return err
		}
		for r := part.Next(0); r >= 0; r = part.Next(r + 1) {
			m.words.read(m.eval, b, r)
			fn(g*column.GranuleRows + r)
		}
	}
	return nil
}
