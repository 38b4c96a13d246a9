package exec

import (
	"bytes"
	"fmt"
	"math"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
)

// textNode matches texts by their tokens. The text index leaves out granules; what remains is analyzed
// again, so a match is always exact.
type textNode struct {
	field    *field
	want     *textWant
	analyzer Analyzer // the one documents were analyzed with
	// scores are those of each term, or of the phrase alone; nil: every match scores weight.
	scores []*bm25
	weight float64
}

// textNode makes a node; it works out scores when the request needs them and the field has norms to
// score by.
func (c *compiler) textNode(f *field, want *textWant, weight float64) (node, error) {
	a, err := c.analyzer(f.indexAnalyzer)
	if err != nil {
		return nil, err
	}
	n := &textNode{field: f, want: want, analyzer: a, weight: weight}
	if c.scoring && want.test == nil && !want.lastPrefix && f.typed != mapping.MatchOnlyText {
		if err := c.scoreText(n); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// analyzer finds an analyzer by name; "" is the index's default.
func (c *compiler) analyzer(name string) (Analyzer, error) {
	if name == "" {
		name = "default"
	}
	if c.fields.index.Analyzers != nil {
		if a, ok := c.fields.index.Analyzers.Analyzer(name); ok {
			return a, nil
		}
	}
	return nil, eserr.IllegalArgument("analyzer [%s] not found", name)
}

// textTerms matches texts that have one of some tokens, taken as they are.
func (c *compiler) textTerms(f *field, tokens []string, fold bool, weight float64) (node, error) {
	if fold {
		return c.textPattern(f, stringTest{match: func(v []byte) bool {
			for _, t := range tokens {
				if foldEqual(v, t) {
					return true
				}
			}
			return false
		}}, weight)
	}
	if len(tokens) == 0 {
		return noneNode{}, nil
	}
	want := &textWant{least: 1}
	for _, t := range tokens {
		want.add([]byte(t))
	}
	return c.textNode(f, want, weight)
}

// textPattern matches texts that have a token which passes a test.
func (c *compiler) textPattern(f *field, test stringTest, weight float64) (node, error) {
	match := test.match
	if match == nil {
		match = test.passes
	}
	return c.textNode(f, &textWant{test: match}, weight)
}

func (n *textNode) bind(l *leaf) (matcher, error) {
	c := l.column(n.field.view.column)
	if c == nil {
		return noneMatcher{}, nil
	}
	if c.kind != column.Ordinal && c.kind != column.Bytes {
		return nil, errKind(c, column.Bytes)
	}
	m := &textMatcher{node: n, col: c, eval: newTextEval(n.want, n.analyzer, true), literal: n.want.literal(n.analyzer)}
	if c.kind == column.Ordinal {
		m.verdicts = make([]verdict, c.dict.Len())
	}
	return m, m.bindIndex(l)
}

// textMatcher is a textNode bound to a segment.
type textMatcher struct {
	node *textNode
	col  *leafColumn
	eval *textEval
	full *textEval // counts all tokens, for scores
	// literal is in every text that matches; nil: nothing is known to be.
	literal *literal
	// verdicts of dictionary values that were looked at.
	verdicts []verdict
	// templates is what the templates of the texts tell; nil where they have none.
	templates *templateMatch
	// met counts the clauses that may be met in a granule, of those that need to be (least); nil: there is no index to ask. firsts
	// are the numbers of the blocks' first granules.
	met    []uint8
	least  uint8
	firsts []int
}

type verdict uint8

const (
	unknown verdict = iota
	yes
	no
)

func (m *textMatcher) cost() int {
	if m.templates != nil && !m.templates.anyAsk {
		return 2 * costOrdinal
	}
	return costText
}

// bindIndex asks the text index, if the segment has one, which granules may match, and the templates, if the column has them,
// which rows do.
func (m *textMatcher) bindIndex(l *leaf) error {
	index := m.node.textIndex(l.seg)
	want := m.node.want
	if want.test != nil {
		index = nil
	}
	partial := index != nil && index.Partial()
	varies := make([]bool, len(want.terms))
	if index != nil {
		if err := m.lookUp(l, index, varies); err != nil {
			return err
		}
	}
	if m.col.kind != column.Bytes || len(want.terms) > maxTemplateTerms {
		m.forgetIndex(partial)
		return nil
	}
	var err error
	m.templates, err = matchTemplates(m.col, want, m.node.analyzer, func(i int) bool {
		if partial {
			return varies[i]
		}
		return true
	}, partial)
	if m.templates == nil {
		m.forgetIndex(partial)
	}
	return err
}

// forgetIndex goes without an index that leaves out what no one else tells.
func (m *textMatcher) forgetIndex(partial bool) {
	if partial {
		m.met = nil
	}
}

// lookUp counts the clauses that may be met in each granule, and notes which terms the index has.
func (m *textMatcher) lookUp(l *leaf, index segment.TextIndex, found []bool) error {
	want := m.node.want
	total := 0
	for _, b := range l.blocks {
		m.firsts = append(m.firsts, total)
		total += (b.Rows + column.GranuleRows - 1) / column.GranuleRows
	}
	m.met = make([]uint8, total)
	clauses, literalDF := 0, 0
	for i, term := range want.terms {
		if want.lastPrefix && i == want.phrase[len(want.phrase)-1].term {
			found[i] = true
			continue
		}
		granules, df, err := index.Lookup(term)
		if err != nil {
			return err
		}
		found[i] = df > 0
		if m.literal != nil && bytes.Equal(term, m.literal.text) {
			literalDF = df
		}
		clauses += want.counts[i]
		for g := granules.Next(0); g >= 0; g = granules.Next(g + 1) {
			m.met[g] = uint8(min(int(m.met[g])+want.counts[i], maxNeed))
		}
	}
	m.least = uint8(min(want.least, maxNeed))
	if want.phrase != nil {
		m.least = uint8(min(clauses, maxNeed))
	}
	may := 0
	for _, n := range m.met {
		if n >= m.least {
			may++
		}
	}
	if m.literal != nil && !index.Partial() && !m.literal.pays(literalDF, may*column.GranuleRows) {
		m.literal = nil
	}
	return nil
}

// metIn returns what the index says of the granules of a block; nil: nothing.
func (m *textMatcher) metIn(block int) []uint8 {
	if m.met == nil {
		return nil
	}
	first := m.firsts[block]
	return m.met[first : first+(m.col.leaf.blocks[block].Rows+column.GranuleRows-1)/column.GranuleRows]
}

func (m *textMatcher) bound(block int) bound {
	if !m.col.col.Stats(block).HasValues {
		return boundNone
	}
	met := m.metIn(block)
	if m.templates != nil {
		return m.templates.bound(block, met)
	}
	if met == nil {
		return boundUnknown
	}
	b := bound{}
	for g, n := range met {
		if n >= m.least {
			b.granules |= 1 << g
		}
	}
	if b.none() {
		return boundNone
	}
	return b
}

func (m *textMatcher) filter(block int, sel column.Bitmap) error {
	if m.col.kind == column.Ordinal {
		b, err := m.col.block(block)
		if err != nil {
			return err
		}
		if b.Offsets == nil {
			m.filterDict(b, sel)
			return nil
		}
		m.filterRows(b, sel)
		return nil
	}
	if m.templates != nil {
		ask, ok, err := m.templates.narrow(block, sel, m.metIn(block))
		if err != nil {
			return err
		}
		if ok {
			return m.filterAsked(block, sel, ask)
		}
	}
	return eachGranule(m.col, block, sel, func(b *column.Block, sel column.Bitmap) error {
		m.filterRows(b, sel)
		return nil
	})
}

// filterAsked reads the rows whose templates do not tell whether they match.
func (m *textMatcher) filterAsked(block int, sel, ask column.Bitmap) error {
	for g := 0; g*granuleWords < len(ask); g++ {
		first, end := g*granuleWords, min((g+1)*granuleWords, len(ask))
		part := ask[first:end]
		if !part.Any() {
			continue
		}
		b, err := m.wanted(block, g, part)
		if err != nil {
			return err
		}
		for w := range part {
			sel[first+w] &^= part[w]
		}
		m.filterRows(b, part)
		for w := range part {
			sel[first+w] |= part[w]
		}
	}
	return nil
}

// wanted decodes the texts of some rows of a granule.
func (m *textMatcher) wanted(block, granule int, rows column.Bitmap) (*column.Block, error) {
	if m.templates == nil {
		return m.col.granule(block, granule)
	}
	from := granule * column.GranuleRows
	to := min(from+column.GranuleRows, m.col.leaf.blocks[block].Rows)
	b := &m.templates.window
	if err := m.templates.col.ReadWanted(block, from, to, rows, b); err != nil {
		return nil, fmt.Errorf("read column [%s]: %w", m.col.name, err)
	}
	return b, nil
}

// filterDict analyzes each distinct value once.
func (m *textMatcher) filterDict(b *column.Block, sel column.Bitmap) {
	if b.Present != nil {
		sel.And(b.Present)
	}
	for r := sel.Next(0); r >= 0; r = sel.Next(r + 1) {
		v := &m.verdicts[b.Ords[r]]
		if *v == unknown {
			*v = no
			m.eval.begin()
			m.eval.value(m.col.dict.Value(b.Ords[r]))
			if m.eval.matches() {
				*v = yes
			}
		}
		if *v == no {
			sel.Clear(r)
		}
	}
}

func (m *textMatcher) filterRows(b *column.Block, sel column.Bitmap) {
	var scan literalScan
	if m.literal != nil && b.Kind == column.Bytes {
		scan = m.literal.over(b.Data)
	}
	for r := sel.Next(0); r >= 0; r = sel.Next(r + 1) {
		if !m.mayMatch(&scan, b, r) {
			sel.Clear(r)
			continue
		}
		m.read(m.eval, b, r)
		if !m.eval.matches() {
			sel.Clear(r)
		}
	}
}

// mayMatch looks for the literal in the values of a row.
func (m *textMatcher) mayMatch(scan *literalScan, b *column.Block, row int) bool {
	if m.literal == nil {
		return true
	}
	for lo, hi := b.Range(row); lo < hi; lo++ {
		if b.Kind == column.Ordinal {
			if m.literal.mayBeIn(m.col.text(b, lo)) {
				return true
			}
		} else if start, end := b.Span(lo); scan.mayBeBetween(start, end) {
			return true
		}
	}
	return false
}

// read takes the values of a row into an evaluation.
func (m *textMatcher) read(e *textEval, b *column.Block, row int) {
	e.begin()
	for lo, hi := b.Range(row); lo < hi; lo++ {
		e.value(m.col.text(b, lo))
	}
}

func (m *textMatcher) score(block int, matched column.Bitmap, scores []float64) error {
	if m.node.scores == nil {
		return constant{m.node.weight}.score(block, matched, scores)
	}
	if m.full == nil {
		m.full = newTextEval(m.node.want, m.node.analyzer, false)
	}
	first := 0
	add := func(b *column.Block, sel column.Bitmap) error {
		for r := sel.Next(0); r >= 0; r = sel.Next(r + 1) {
			m.read(m.full, b, r)
			scores[first+r] += m.scoreRow()
		}
		return nil
	}
	if m.col.kind == column.Ordinal {
		b, err := m.col.block(block)
		if err != nil {
			return err
		}
		return add(b, matched)
	}
	for g := 0; g*granuleWords < len(matched); g++ {
		part := matched[g*granuleWords : min((g+1)*granuleWords, len(matched))]
		if !part.Any() {
			continue
		}
		b, err := m.wanted(block, g, part)
		if err != nil {
			return err
		}
		first = g * column.GranuleRows
		if err := add(b, part); err != nil {
			return err
		}
	}
	return nil
}

// scoreRow is the score of the document that was read last.
func (m *textMatcher) scoreRow() float64 {
	if m.node.want.phrase != nil {
		return m.node.scores[0].score(m.full.phrases, m.full.length)
	}
	if m.node.want.oneOf {
		return m.node.scores[0].score(totalFreq(m.full.freqs), m.full.length)
	}
	sum := 0.0
	for i, freq := range m.full.freqs {
		if freq > 0 {
			sum += float64(m.node.want.counts[i]) * m.node.scores[i].score(freq, m.full.length)
		}
	}
	return sum
}

// scoreText works out document frequencies over the whole index.
func (c *compiler) scoreText(n *textNode) error {
	stats, dfs, err := c.termStats(n)
	if err != nil {
		return err
	}
	if n.want.phrase != nil {
		sum := 0.0
		var each []int64
		for _, p := range n.want.phrase {
			sum += idf(dfs[p.term], stats.docs)
			each = append(each, dfs[p.term])
		}
		n.scores = []*bm25{n.field.bm25(n.weight, sum, stats)}
		n.scores[0].dfs = each
		return nil
	}
	if n.want.oneOf {
		n.scoreOneOf(stats, dfs)
		return nil
	}
	for i, df := range dfs {
		n.scores = append(n.scores, n.field.bm25(n.weight, idf(df, stats.docs), stats))
		n.scores[i].dfs = dfs[i : i+1]
	}
	return nil
}

// textIndex is the segment's text index of the field. A multi-field that shares its values has none: the index of the column
// that it reads is made with the analyzer of the field the column belongs to. Nor has a field whose analyzer makes other tokens
// than it did when the segment was written.
func (n *textNode) textIndex(s segment.Segment) segment.TextIndex {
	f := n.field
	if f.spec != nil && f.view.column != f.spec.Path {
		return nil
	}
	index := s.Text(f.view.column)
	if now, ok := n.analyzer.(versioned); ok && index != nil && index.Analyzer() != now.Version() {
		return nil
	}
	return index
}

// versioned is an Analyzer whose version tells its tokens from those of others.
type versioned interface{ Version() uint32 }

func (f *field) norms() bool { return f.spec != nil && f.spec.Norms }

// termStats counts documents with the field, their tokens, and documents with each term. Segments
// with a text index know; the others, which are small, are analyzed.
func (c *compiler) termStats(n *textNode) (fieldStats, []int64, error) {
	var total fieldStats
	dfs := make([]int64, len(n.want.terms))
	terms := &textWant{terms: n.want.terms, counts: n.want.counts, least: math.MaxInt}
	for _, source := range c.sources() {
		index := n.textIndex(source.Segment)
		if index == nil {
			l := newLeaf(source, c.plan.acct)
			if err := countTerms(l, n, terms, &total, dfs); err != nil {
				return total, nil, err
			}
			continue
		}
		s := index.Stats()
		total.docs += s.Docs
		total.tokens += s.SumTokens
		for i, term := range n.want.terms {
			_, df, err := index.Lookup(term)
			if err != nil {
				return total, nil, err
			}
			dfs[i] += int64(df)
		}
		if index.Partial() {
			if err := n.countConstant(source, dfs); err != nil {
				return total, nil, err
			}
		}
	}
	return total, dfs, nil
}

// countConstant adds the documents that have a term in the constant words of their templates.
func (n *textNode) countConstant(source Source, dfs []int64) error {
	col, ok := source.Segment.Column(n.field.view.column).(column.Templated)
	if !ok {
		return nil
	}
	t, err := col.Templates()
	if err != nil || t == nil {
		return err
	}
	key, _ := wordsOf(n.analyzer)
	tokens := tokensOf(t, n.analyzer, key)
	for i, term := range n.want.terms {
		strings := column.NewBitmap(t.Strings())
		for _, s := range tokens.of[string(term)] {
			strings.Set(int(s))
		}
		for template := range t.Len() {
			for _, e := range t.Elements(template) {
				if e.Kind() == column.ElementWord && strings.Has(e.String()) {
					dfs[i] += int64(t.Count(template))
					break
				}
			}
		}
	}
	return nil
}

// countTerms analyzes all texts of a segment.
func countTerms(l *leaf, n *textNode, terms *textWant, total *fieldStats, dfs []int64) error {
	c := l.column(n.field.view.column)
	if c == nil {
		return nil
	}
	m := &textMatcher{node: n, col: c}
	e := newTextEval(terms, n.analyzer, false)
	for block, info := range l.blocks {
		if err := l.acct.check(); err != nil {
			return err
		}
		b, err := c.block(block)
		if err != nil {
			return err
		}
		for r := range info.Rows {
			lo, hi := b.Range(r)
			if lo == hi {
				continue
			}
			m.read(e, b, r)
			total.docs++
			total.tokens += int64(e.length)
			for i, freq := range e.freqs {
				if freq > 0 {
					dfs[i]++
				}
			}
		}
	}
	return nil
}
