package exec

import (
	"bytes"
	"math/bits"

	"elkhorn/internal/engine/column"
)

// wordByWord is implemented by analyzers that make of each word one token or none, whatever is around it. Only for them do the
// words of a template tell the tokens of the texts that follow it. The key stands for the analyzer as it is now.
type wordByWord interface {
	WordByWord() (key any, ok bool)
}

// templateTokens are the tokens of a dictionary's constant words, for one analyzer.
type templateTokens struct {
	// of leads from a token to the strings that give it.
	of map[string][]uint32
	// holders[holderEnds[s-1]:holderEnds[s]] are the templates with string s as a word, in ascending order.
	holders    []uint16
	holderEnds []uint32
}

// templatesWith lists the templates that have a string as a word.
func (t *templateTokens) templatesWith(s uint32) []uint16 {
	start := uint32(0)
	if s > 0 {
		start = t.holderEnds[s-1]
	}
	return t.holders[start:t.holderEnds[s]]
}

// tokensOf works the tokens of all constant words out, once per dictionary and analyzer.
func tokensOf(t *column.Templates, a Analyzer, key any) *templateTokens {
	return t.Keep(key, func() any {
		out := &templateTokens{of: map[string][]uint32{}, holderEnds: make([]uint32, t.Strings())}
		out.findHolders(t)
		for s := range uint32(t.Strings()) {
			if len(out.templatesWith(s)) == 0 {
				continue
			}
			a.Tokens(t.Text(int(s)), func(token []byte, _ int) bool {
				out.of[string(token)] = append(out.of[string(token)], s)
				return false
			})
		}
		return out
	}).(*templateTokens)
}

// findHolders sorts the templates by their words.
func (out *templateTokens) findHolders(t *column.Templates) {
	last := make([]int32, t.Strings()) // template counted last, plus one
	each := func(yield func(s int, template int)) {
		clear(last)
		for i := range t.Len() {
			for _, e := range t.Elements(i) {
				if s := e.String(); e.Kind() == column.ElementWord && last[s] != int32(i+1) {
					last[s] = int32(i + 1)
					yield(s, i)
				}
			}
		}
	}
	total := 0
	each(func(s, _ int) { out.holderEnds[s]++; total++ })
	sum := uint32(0)
	for s, n := range out.holderEnds {
		out.holderEnds[s] = sum
		sum += n
	}
	out.holders = make([]uint16, total)
	each(func(s, template int) {
		out.holders[out.holderEnds[s]] = uint16(template)
		out.holderEnds[s]++
	})
}

// templateMatch is what is known of the texts of a segment from their templates alone.
type templateMatch struct {
	col column.Templated
	// yes and ask are 1 for the templates whose texts match, and for those whose texts need to be read.
	yes, ask []uint8
	// need is, for a template to ask, how many clauses must be met by words that the text index knows.
	need []uint8
	// leastNeed is the least of them; anyYes and anyAsk say whether there are any of the kind.
	leastNeed      uint8
	anyYes, anyAsk bool
	// yesBlocks are the blocks that may have a row of a template that matches; nil: all.
	yesBlocks column.Bitmap

	rows      column.TemplateRows
	localYes  []uint64
	localAsk  []uint64
	localNeed []uint8
	asked     column.Bitmap
	window    column.Block
}

// maxNeed bounds clauses that are counted; more are taken as so many.
const maxNeed = 255

// matchTemplates looks for what is wanted in the constant words of a column's templates. mayVary says of each term whether variables
// and literal texts may have it. It returns nil where templates do not help.
func matchTemplates(c *leafColumn, want *textWant, a Analyzer, mayVary func(term int) bool, indexed bool) (*templateMatch, error) {
	col, ok := c.col.(column.Templated)
	if !ok {
		return nil, nil
	}
	t, err := col.Templates()
	if err != nil || t == nil {
		return nil, err
	}
	key, byWord := wordsOf(a)
	if !byWord {
		return nil, nil
	}
	w := newTemplateWalk(t, tokensOf(t, a, key), want, mayVary)
	m := &templateMatch{col: col, leastNeed: maxNeed}
	m.yes, m.ask, m.need = make([]uint8, t.Len()), make([]uint8, t.Len()), make([]uint8, t.Len())
	m.yesBlocks = column.NewBitmap(len(c.leaf.blocks))
	for template := range t.Len() {
		v, need := w.look(template)
		if !indexed {
			need = 0
		}
		switch v {
		case yes:
			m.yes[template], m.anyYes = 1, true
			m.addBlocks(t, template)
		case unknown:
			m.ask[template], m.anyAsk = 1, true
			m.need[template] = uint8(min(need, maxNeed))
			m.leastNeed = min(m.leastNeed, m.need[template])
		}
	}
	return m, nil
}

func wordsOf(a Analyzer) (key any, ok bool) {
	if w, is := a.(wordByWord); is {
		return w.WordByWord()
	}
	return nil, false
}

func (m *templateMatch) addBlocks(t *column.Templates, template int) {
	blocks, all := t.Blocks(template)
	if all && t.Count(template) > 0 {
		m.yesBlocks = nil
	}
	if m.yesBlocks == nil {
		return
	}
	for _, b := range blocks {
		if int(b) < len(m.yesBlocks)<<6 {
			m.yesBlocks.Set(int(b))
		}
	}
}

// templateWalk looks at the words of one template after the other.
type templateWalk struct {
	t    *column.Templates
	want *textWant
	// term is, per string, the term it is (plus one); begins says that it begins with the last term of a prefix phrase.
	term   []uint8
	begins column.Bitmap
	// inLiteral and inSlot say of each term whether literal texts and variables may have it.
	inLiteral, inSlot []bool

	clauses int
	words   []int8 // of a template: see wordOther
	// met are the clauses that each template's constant words meet; with a test, whether one passes.
	met []uint32
	may uint32 // clauses that variables may meet
}

const (
	wordOther  = -1 // no term
	wordSlot   = -2 // a variable
	wordBegins = -3 // begins with the last term
)

// maxTemplateTerms is the most terms that are looked for in templates.
const maxTemplateTerms = 100

func newTemplateWalk(t *column.Templates, tokens *templateTokens, want *textWant, mayVary func(int) bool) *templateWalk {
	w := &templateWalk{t: t, want: want, term: make([]uint8, t.Strings()), met: make([]uint32, t.Len())}
	for i, term := range want.terms {
		for _, s := range tokens.of[string(term)] {
			w.term[s] = uint8(i + 1)
		}
		w.inLiteral = append(w.inLiteral, mayVary(i))
		w.inSlot = append(w.inSlot, w.inLiteral[i] && hasDigit(term))
		w.clauses += want.counts[i]
		if w.inSlot[i] {
			w.may += uint32(want.counts[i])
		}
	}
	w.countTerms(tokens)
	if want.test != nil {
		for token, strings := range tokens.of {
			if want.test([]byte(token)) {
				for _, s := range strings {
					for _, template := range tokens.templatesWith(s) {
						w.met[template] = 1
					}
				}
			}
		}
	}
	if want.lastPrefix {
		w.begins = column.NewBitmap(t.Strings())
		last := want.terms[want.phrase[len(want.phrase)-1].term]
		for token, strings := range tokens.of {
			if bytes.HasPrefix([]byte(token), last) {
				for _, s := range strings {
					w.begins.Set(int(s))
				}
			}
		}
	}
	return w
}

// hasDigit says whether a variable can be a token: variables are words with a digit.
func hasDigit(token []byte) bool {
	for _, c := range token {
		if c-'0' <= 9 {
			return true
		}
	}
	return false
}

// look says whether all texts of a template match (yes), none does (no), or some may (unknown): if in a granule of which the
// text index knows of at least need clauses.
func (w *templateWalk) look(template int) (v verdict, need int) {
	switch {
	case w.want.test != nil:
		return w.lookTest(template), 0
	case template == column.LiteralTemplate:
		return w.lookLiteral()
	case w.want.phrase != nil:
		return w.lookPhrase(template)
	}
	return w.lookTerms(template)
}

func (w *templateWalk) lookTest(template int) verdict {
	if w.met[template] > 0 {
		return yes
	}
	if w.t.Slots(template) > 0 {
		return unknown
	}
	return no
}

func (w *templateWalk) lookLiteral() (verdict, int) {
	may, must := 0, w.want.least
	for i, n := range w.want.counts {
		if w.inLiteral[i] {
			may += n
		}
	}
	if w.want.phrase != nil {
		must = w.clauses
	}
	if w.want.lastPrefix { // the index does not know beginnings of words
		last := w.want.phrase[len(w.want.phrase)-1].term
		must -= w.want.counts[last]
		if w.inLiteral[last] {
			may -= w.want.counts[last]
		}
	}
	if may < must {
		return no, 0
	}
	return unknown, must
}

// countTerms counts the clauses that the constant words of each template meet.
func (w *templateWalk) countTerms(tokens *templateTokens) {
	last := make([]uint8, w.t.Len()) // term counted last, plus one
	for i, term := range w.want.terms {
		for _, s := range tokens.of[string(term)] {
			for _, template := range tokens.templatesWith(s) {
				if last[template] != uint8(i+1) {
					last[template] = uint8(i + 1)
					w.met[template] += uint32(w.want.counts[i])
				}
			}
		}
	}
}

// lookTerms takes a term that a template has and its variables may have, too, as two: it asks for texts too many, never for too few.
func (w *templateWalk) lookTerms(template int) (verdict, int) {
	met := int(w.met[template])
	switch {
	case met >= w.want.least:
		return yes, 0
	case met+int(w.may) < w.want.least || w.t.Slots(template) == 0:
		return no, 0
	}
	return unknown, w.want.least - met
}

func (w *templateWalk) lookPhrase(template int) (verdict, int) {
	if w.met[template] == 0 && w.may == 0 && !w.want.lastPrefix {
		return no, 0
	}
	w.words = w.words[:0]
	for _, e := range w.t.Elements(template) {
		switch e.Kind() {
		case column.ElementSlot:
			w.words = append(w.words, wordSlot)
		case column.ElementWord:
			word := int8(wordOther)
			if i := w.term[e.String()]; i > 0 {
				word = int8(i - 1)
			}
			if w.want.lastPrefix && w.begins.Has(e.String()) && word == wordOther {
				word = wordBegins
			}
			w.words = append(w.words, word)
		}
	}
	best, least := no, maxNeed
	for start := range w.words {
		v, need := w.phraseAt(start)
		if v == yes {
			return yes, 0
		}
		if v == unknown {
			best, least = unknown, min(least, need)
		}
	}
	return best, least
}

// phraseAt compares the phrase with the words from one on. need is 1 if a variable has to be one of the phrase's whole words.
func (w *templateWalk) phraseAt(start int) (v verdict, need int) {
	v = yes
	for i, p := range w.want.phrase {
		at := start + p.offset
		if at >= len(w.words) {
			return no, 0
		}
		word := w.words[at]
		prefix := w.want.lastPrefix && i == len(w.want.phrase)-1
		switch {
		case prefix && word >= 0 && bytes.HasPrefix(w.want.terms[word], w.want.terms[p.term]), prefix && word == wordBegins, word == int8(p.term):
		case word == wordSlot && prefix:
			v = unknown
		case word == wordSlot && w.inSlot[p.term]:
			v, need = unknown, 1
		default:
			return no, 0
		}
	}
	return v, need
}

// bound says what is known of a block, whose granules meet so many clauses in the text index.
func (m *templateMatch) bound(block int, met []uint8) bound {
	if m.anyYes && (m.yesBlocks == nil || m.yesBlocks.Has(block)) || m.anyAsk && m.leastNeed == 0 {
		return boundUnknown
	}
	if !m.anyAsk {
		return boundNone
	}
	b := bound{}
	for g, n := range met {
		if n >= m.leastNeed {
			b.granules |= 1 << g
		}
	}
	if b.none() {
		return boundNone
	}
	return b
}

// narrow takes the rows that cannot match out of sel, and returns the rows of it that need to be read (nil: none). ok is false for
// a block whose rows all need to be.
func (m *templateMatch) narrow(block int, sel column.Bitmap, met []uint8) (ask column.Bitmap, ok bool, err error) {
	if ok, err = m.col.ReadTemplates(block, &m.rows); err != nil || !ok {
		return nil, ok, err
	}
	m.localYes, m.localAsk, m.localNeed = m.localYes[:0], m.localAsk[:0], m.localNeed[:0]
	some, asks := false, false
	for _, template := range m.rows.Used {
		m.localYes = append(m.localYes, uint64(m.yes[template]))
		m.localAsk = append(m.localAsk, uint64(m.ask[template]))
		m.localNeed = append(m.localNeed, m.need[template])
		some = some || m.yes[template]|m.ask[template] != 0
		asks = asks || m.ask[template] != 0
	}
	if !some {
		sel.Reset()
		return nil, true, nil
	}
	if m.rows.Present != nil {
		sel.And(m.rows.Present)
	}
	if asks {
		if m.asked == nil {
			m.asked = column.NewBitmap(column.BlockRows)
		}
		ask = m.asked[:len(sel)]
		ask.Reset()
	}
	found := false
	for w, rows := range sel {
		if rows == 0 {
			continue
		}
		keep, read := m.word(w, met)
		sel[w] = rows & (keep | read)
		if read &= rows; read != 0 {
			ask[w], found = read, true
		}
	}
	if !found {
		return nil, true, nil
	}
	return ask, true, nil
}

// word looks at 64 rows: those that match, and those to be read.
func (m *templateMatch) word(w int, met []uint8) (keep, ask uint64) {
	of := m.rows.Of[w<<6 : min(w<<6+64, len(m.rows.Of))]
	for i, local := range of {
		keep |= m.localYes[local] << i
		ask |= m.localAsk[local] << i
	}
	if ask == 0 || met == nil {
		return keep, ask
	}
	n := met[w/granuleWords]
	for rest := ask; rest != 0; rest &= rest - 1 {
		if i := bits.TrailingZeros64(rest); m.localNeed[of[i]] > n {
			ask &^= 1 << i
		}
	}
	return keep, ask
}
