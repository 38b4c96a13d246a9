package exec

import (
	"slices"
	"strings"
)

// mark is something that a query looks for in the words of a field.
type mark struct {
	view  string // of the field
	class fieldClass
	// One of these: a word, a test of words, or words in order.
	word   string
	test   func([]byte) bool
	phrase []markedWord
	slop   int
}

// markedWord is a word of a phrase at its distance from the first.
type markedWord struct {
	text   string
	prefix bool
	offset int
}

// of says whether a mark is about a field.
func (m *mark) of(f *field) bool { return m.view == f.view.key()+f.indexAnalyzer && m.class == f.class }

// viewOf names the words of a field.
func viewOf(f *field) string { return f.view.key() + f.indexAnalyzer }

// collectMarks appends what a clause looks for, clauses that exclude documents aside.
func collectMarks(n node, dst *[]mark) {
	each := func(lists ...[]node) {
		for _, list := range lists {
			for _, child := range list {
				collectMarks(child, dst)
			}
		}
	}
	switch n := plainNode(n).(type) {
	case *boolNode:
		each(n.must, n.filter, n.should)
	case *bestNode:
		each(n.must, n.filter, n.should)
	case *constantNode:
		collectMarks(n.node, dst)
	case *countedNode:
		collectMarks(n.node, dst)
	case *nestedNode:
		collectMarks(n.inner, dst)
	case *boostingNode:
		collectMarks(n.positive, dst)
	case *functionScoreNode:
		collectMarks(n.inner, dst)
	case *combinedNode:
		collectMarks(n.node, dst)
	case *termsSetNode:
		each(n.terms)
	case *placesNode:
		for _, w := range n.wells {
			m := mark{view: viewOf(w.field), class: w.field.class, word: string(w.term), test: w.test}
			if w.field.class == classKeyword {
				m.view = w.field.view.key()
			}
			*dst = append(*dst, m)
		}
	case *textNode:
		n.marks(dst)
	case *sloppyNode:
		*dst = append(*dst, mark{view: viewOf(n.words.field), class: classText, phrase: phraseMarks(n.places, n.phrase, n.places.prefix > 0), slop: n.slop})
	case *stringNode:
		*dst = append(*dst, mark{view: n.view.key(), class: classKeyword, test: n.test.passes})
	}
}

func (n *textNode) marks(dst *[]mark) {
	m := mark{view: viewOf(n.field), class: classText}
	switch w := n.want; {
	case w.test != nil:
		m.test = w.test
		*dst = append(*dst, m)
	case w.phrase != nil:
		m.phrase = phraseMarks(w, w.phrase, w.lastPrefix)
		*dst = append(*dst, m)
	default:
		for _, term := range w.terms {
			m.word = string(term)
			*dst = append(*dst, m)
		}
	}
}

func phraseMarks(w *textWant, phrase []phraseTerm, lastPrefix bool) []markedWord {
	var out []markedWord
	for i, p := range phrase {
		out = append(out, markedWord{text: string(w.terms[p.term]), offset: p.offset, prefix: lastPrefix && i == len(phrase)-1})
	}
	return out
}

func (w *markedWord) is(text string) bool {
	if w.prefix {
		return strings.HasPrefix(text, w.text)
	}
	return text == w.text
}

// marking is the work on the texts of one field of one hit.
type marking struct {
	field  *highlightField
	html   bool
	values []string
	tokens []placedToken
	// found are the places that were found, in order; of each token, marked says which marks it belongs to, as the number of
	// the mark's word, or -1.
	found  []foundSpan
	marked []int
}

// foundSpan is a place that a mark fits, from one token to another, both included.
type foundSpan struct {
	mark        int
	first, last int
}

// find looks for all marks.
func (m *marking) find() {
	m.marked = make([]int, len(m.tokens))
	for i := range m.marked {
		m.marked[i] = -1
	}
	at := m.places()
	for i := range m.field.marks {
		one := &m.field.marks[i]
		if one.phrase != nil {
			m.findPhrase(i, one, at)
			continue
		}
		for t := range m.tokens {
			text := m.tokens[t].text
			if one.test == nil && text != one.word || one.test != nil && !one.test([]byte(text)) {
				continue
			}
			m.found = append(m.found, foundSpan{i, t, t})
			m.marked[t] = i
		}
	}
	m.sort()
}

// places lists the tokens at each position.
func (m *marking) places() map[int][]int {
	at := make(map[int][]int, len(m.tokens))
	for t := range m.tokens {
		at[m.tokens[t].position] = append(at[m.tokens[t].position], t)
	}
	return at
}

// findPhrase looks for words in order: from each place of the first word, the others within slop of where they belong.
func (m *marking) findPhrase(number int, one *mark, at map[int][]int) {
	for t := range m.tokens {
		if !one.phrase[0].is(m.tokens[t].text) {
			continue
		}
		hits := []int{t}
		begin := m.tokens[t].position - one.phrase[0].offset
		for _, w := range one.phrase[1:] {
			hit := m.near(&w, begin+w.offset, one.slop, at, hits)
			if hit < 0 {
				hits = nil
				break
			}
			hits = append(hits, hit)
		}
		if hits == nil {
			continue
		}
		span := foundSpan{number, t, t}
		for _, h := range hits {
			span.first, span.last = min(span.first, h), max(span.last, h)
			m.marked[h] = number
		}
		m.found = append(m.found, span)
	}
}

// near finds the token nearest to a position that is a word and not taken; -1 for none.
func (m *marking) near(w *markedWord, position, slop int, at map[int][]int, taken []int) int {
	for away := 0; away <= min(slop, len(m.tokens)); away++ {
		for _, p := range [...]int{position + away, position - away} {
			for _, t := range at[p] {
				if w.is(m.tokens[t].text) && !slices.Contains(taken, t) {
					return t
				}
			}
		}
	}
	return -1
}
