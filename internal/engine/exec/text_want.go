package exec

import "bytes"

// textWant says which tokens a text must have. One is shared by all segments; the state of looking at
// a document is in textEval.
type textWant struct {
	// terms are distinct tokens; count[i] is how many clauses ask for terms[i], and least how many
	// clauses must be met.
	terms  [][]byte
	counts []int
	least  int
	// phrase lists positions of terms at their distance from the first; nil: order does not matter.
	phrase []phraseTerm
	// lastPrefix takes the phrase's last term as the beginning of a token.
	lastPrefix bool
	// test, when set, asks for one token that passes it, instead of terms.
	test func(token []byte) bool
	// oneOf says that the terms are alternatives, which are scored as one.
	oneOf bool
	// prefix is, with places, one more than the position of the term that is the beginning of a token; 0: none is.
	prefix int
	// places asks for the positions of the terms, in textEval.at.
	places bool
}

type phraseTerm struct{ term, offset int }

// find returns the position of a term, or -1.
func (w *textWant) find(token []byte) int {
	for i, t := range w.terms {
		if bytes.Equal(t, token) {
			return i
		}
	}
	return -1
}

// add adds a clause that asks for a term, and returns the term's position.
func (w *textWant) add(token []byte) int {
	i := w.find(token)
	if i < 0 {
		i = len(w.terms)
		w.terms = append(w.terms, bytes.Clone(token))
		w.counts = append(w.counts, 0)
	}
	w.counts[i]++
	return i
}

// valueGap is the distance in positions between two values of a list, so that phrases do not span
// them; Elasticsearch's position_increment_gap.
const valueGap = 100

// textEval looks at the tokens of one document at a time.
type textEval struct {
	want     *textWant
	analyzer Analyzer
	freqs    []int // by term
	length   int   // tokens in the document
	base     int   // position of the current value's first token
	last     int   // last position in the current value
	passed   bool  // test passed
	phrases  int   // occurrences of the phrase
	starts   []phraseStart
	reach    int
	early    bool    // stop once the answer is known; off for scoring
	at       [][]int // by term, where the document has it; only if want.places
	yield    func(token []byte, position int) bool
}

// phraseStart is a position at which a phrase may begin and how many of its terms were found so far.
type phraseStart struct{ at, found int }

func newTextEval(w *textWant, a Analyzer, early bool) *textEval {
	e := &textEval{want: w, analyzer: a, freqs: make([]int, len(w.terms)), early: early}
	for _, p := range w.phrase {
		e.reach = max(e.reach, p.offset+1)
	}
	e.starts = make([]phraseStart, e.reach)
	if w.places {
		e.at = make([][]int, len(w.terms))
	}
	e.yield = e.token
	return e
}

// begin starts a document.
func (e *textEval) begin() {
	clear(e.freqs)
	for i := range e.at {
		e.at[i] = e.at[i][:0]
	}
	for i := range e.starts {
		e.starts[i] = phraseStart{at: -1}
	}
	e.length, e.base, e.last, e.passed, e.phrases = 0, 0, 0, false, 0
}

// value takes in one value of the document.
func (e *textEval) value(text []byte) {
	if e.length > 0 {
		e.base += e.last + valueGap
	}
	e.last = 0
	e.analyzer.Tokens(text, e.yield)
}

func (e *textEval) token(token []byte, position int) bool {
	e.length++
	e.last = position + 1
	w := e.want
	if w.test != nil {
		e.passed = e.passed || w.test(token)
		return !e.early || !e.passed
	}
	if w.phrase != nil {
		e.phraseToken(token, e.base+position)
		return !e.early || e.phrases == 0
	}
	if w.prefix > 0 && bytes.HasPrefix(token, w.terms[w.prefix-1]) {
		e.at[w.prefix-1] = append(e.at[w.prefix-1], e.base+position)
	}
	if i := w.find(token); i >= 0 && i != w.prefix-1 {
		e.freqs[i]++
		if w.places {
			e.at[i] = append(e.at[i], e.base+position)
		}
		return !e.early || !e.matches()
	}
	return true
}

// phraseToken moves on the phrases that the token continues.
func (e *textEval) phraseToken(token []byte, position int) {
	w := e.want
	last := len(w.phrase) - 1
	for i := last; i >= 0; i-- { // backwards: a token must not continue what it began
		p := w.phrase[i]
		same := bytes.Equal(w.terms[p.term], token)
		if i == last && w.lastPrefix {
			same = bytes.HasPrefix(token, w.terms[p.term])
		}
		start := position - p.offset
		if !same || start < 0 {
			continue
		}
		slot := &e.starts[start%e.reach]
		switch {
		case i == 0:
			*slot = phraseStart{start, 1}
		case slot.at == start && slot.found == i:
			slot.found++
		default:
			continue
		}
		if slot.found == last+1 {
			e.phrases++
			slot.found++ // counted once
		}
	}
}

// matches says whether the document has what is wanted.
func (e *textEval) matches() bool {
	w := e.want
	switch {
	case w.test != nil:
		return e.passed
	case w.phrase != nil:
		return e.phrases > 0
	}
	met := 0
	for i, n := range e.freqs {
		if n > 0 {
			met += w.counts[i]
		}
	}
	return met >= w.least
}
