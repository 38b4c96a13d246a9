package exec

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// explanation says how a score comes about, as Lucene words it.
type explanation struct {
	value       float64
	description string
	details     []*explanation
}

func (x *explanation) append(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Key("value")
	w.Value(func(dst []byte) []byte { return appendExplained(dst, x.value) })
	w.String("description", x.description)
	w.Key("details")
	w.Value(func(dst []byte) []byte {
		dst = append(dst, '[')
		for i, d := range x.details {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = d.append(dst)
		}
		return append(dst, ']')
	})
	return w.End()
}

// appendExplained prints a number with a float32's digits, a count without a fraction.
func appendExplained(dst []byte, v float64) []byte {
	if v == math.Trunc(v) && math.Abs(v) >= 1 && math.Abs(v) < 1e15 {
		return strconv.AppendInt(dst, int64(v), 10)
	}
	text := strconv.FormatFloat(v, 'f', -1, 32)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return append(dst, text...)
}

// explainer explains the scores of documents of one segment.
type explainer struct {
	plan  *plan
	leaf  *leaf
	bound map[node]matcher
}

func newExplainer(p *plan, l *leaf) *explainer {
	return &explainer{plan: p, leaf: l, bound: map[node]matcher{}}
}

// explain prints how the score of a row of the segment comes about.
func (e *explainer) explain(row int) ([]byte, error) {
	block := e.leaf.blockOf(row)
	x, err := e.of(e.plan.explained.root, block, row-e.leaf.blocks[block].FirstRow)
	if err != nil {
		return nil, err
	}
	if x == nil {
		x = &explanation{description: "no matching clause"}
	}
	return x.append(nil), nil
}

// of explains a clause; nil where the row does not match it.
func (e *explainer) of(n node, block, row int) (*explanation, error) {
	score, matched, err := e.score(n, block, row)
	if err != nil || !matched {
		return nil, err
	}
	switch n := plainNode(n).(type) {
	case *boolNode:
		return e.bool(n, score, block, row)
	case *bestNode:
		return e.best(n, score, block, row)
	case *textNode:
		if n.scores != nil {
			return e.text(n, score, block, row)
		}
	case *constantNode:
		if counted, ok := plainNode(n.node).(*countedNode); ok && counted.why != nil {
			return e.weight(counted.why, e.describe(n), score, 1, 1, "freq, occurrences of term within document"), nil
		}
	}
	if fixed, ok := fixedScore(n); ok {
		text := e.describe(n)
		if _, all := plainNode(n).(allNode); !all {
			text = "ConstantScore(" + text + ")"
		}
		if fixed != 1 {
			text += "^" + strconv.FormatFloat(fixed, 'f', -1, 32)
		}
		return &explanation{value: score, description: text}, nil
	}
	return &explanation{value: score, description: "score of " + e.describe(n)}, nil
}

// score is a clause's score of one row, and whether the row matches.
func (e *explainer) score(n node, block, row int) (float64, bool, error) {
	m := e.bound[n]
	if m == nil {
		var err error
		if m, err = n.bind(e.leaf); err != nil {
			return 0, false, err
		}
		e.bound[n] = m
	}
	sel := column.NewBitmap(e.leaf.blocks[block].Rows)
	sel.Set(row)
	if err := apply(m, block, sel); err != nil || !sel.Has(row) {
		return 0, false, err
	}
	scores := make([]float64, len(sel)*64)
	err := m.score(block, sel, scores)
	return scores[row], true, err
}

func (e *explainer) bool(n *boolNode, score float64, block, row int) (*explanation, error) {
	x := &explanation{value: score / n.weight, description: "sum of:"}
	for _, list := range [][]node{n.must, n.should} {
		for _, child := range list {
			d, err := e.of(child, block, row)
			if err != nil {
				return nil, err
			}
			if d != nil {
				x.details = append(x.details, d)
			}
		}
	}
	for _, child := range n.filter {
		if _, internal := child.(*restrictNode); internal {
			continue
		}
		d := &explanation{value: 1, description: e.describe(child)}
		x.details = append(x.details, &explanation{description: "match on required clause, product of:", details: []*explanation{{description: "# clause"}, d}})
	}
	if n.weight == 1 {
		return x, nil
	}
	return &explanation{value: score, description: "product of:", details: []*explanation{x, {value: n.weight, description: "boost"}}}, nil
}

func (e *explainer) best(n *bestNode, score float64, block, row int) (*explanation, error) {
	x := &explanation{value: score, description: "max of:"}
	if n.tie != 0 {
		x.description = "max plus " + strconv.FormatFloat(n.tie, 'f', -1, 32) + " times others of:"
	}
	for _, child := range n.should {
		d, err := e.of(child, block, row)
		if err != nil {
			return nil, err
		}
		if d != nil {
			x.details = append(x.details, d)
		}
	}
	return x, nil
}

// text explains the score of words, or of a phrase.
func (e *explainer) text(n *textNode, score float64, block, row int) (*explanation, error) {
	m, ok := e.bound[n].(*textMatcher)
	if !ok {
		return &explanation{value: score, description: "score of " + e.describe(n)}, nil
	}
	full := newTextEval(n.want, n.analyzer, false)
	b, err := m.col.block(block)
	if err != nil {
		return nil, err
	}
	m.read(full, b, row)
	if n.want.phrase != nil {
		words := make([]string, len(n.want.phrase))
		for i, p := range n.want.phrase {
			words[i] = string(n.want.terms[p.term])
		}
		text := n.field.name + `:"` + strings.Join(words, " ") + `"`
		return e.weight(n.scores[0], text, score, float64(full.phrases), full.length, fmt.Sprintf("phraseFreq=%s", appendExplained(nil, float64(full.phrases)))), nil
	}
	if n.want.oneOf {
		words := make([]string, len(n.want.terms))
		for i, term := range n.want.terms {
			words[i] = n.field.name + ":" + string(term)
		}
		freq := float64(totalFreq(full.freqs))
		return e.weight(n.scores[0], "Synonym("+strings.Join(words, " ")+")", score, freq, full.length, fmt.Sprintf("termFreq=%s", appendExplained(nil, freq))), nil
	}
	sum := &explanation{value: score, description: "sum of:"}
	for i, freq := range full.freqs {
		if freq == 0 {
			continue
		}
		for range n.want.counts[i] {
			one := n.scores[i].score(freq, full.length)
			sum.details = append(sum.details, e.weight(n.scores[i], n.field.name+":"+string(n.want.terms[i]), one, float64(freq), full.length, "freq, occurrences of term within document"))
		}
	}
	if len(sum.details) == 1 {
		return sum.details[0], nil
	}
	return sum, nil
}

// weight explains a BM25 score.
func (e *explainer) weight(s *bm25, text string, score, freq float64, length int, freqText string) *explanation {
	if s.noNorms {
		length = 1
	}
	norm := lengthNorm(length)
	average := 1.0
	if s.stats.docs > 0 {
		average = float64(float32(float64(s.stats.tokens) / float64(s.stats.docs)))
	}
	dl := "dl, length of field"
	if norm > 39 { // lengths up to here are exact
		dl += " (approximate)"
	}
	tf := 1 - 1/(1+float32(freq)*s.inverse[norm])
	return &explanation{value: score, description: "weight(" + text + ") [PerFieldSimilarity], result of:", details: []*explanation{{
		value: score, description: fmt.Sprintf("score(freq=%s), computed as boost * idf * tf from:", strconv.FormatFloat(freq, 'f', 1, 32)),
		details: []*explanation{
			{value: float64(float32(s.boost) * float32(bm25K1+1)), description: "boost"},
			s.explainIDF(),
			{value: float64(tf), description: "tf, computed as freq / (freq + k1 * (1 - b + b * dl / avgdl)) from:", details: []*explanation{
				{value: freq, description: freqText},
				{value: bm25K1, description: "k1, term saturation parameter"},
				{value: bm25B, description: "b, length normalization parameter"},
				{value: float64(normLength(norm)), description: dl},
				{value: average, description: "avgdl, average length of field"},
			}},
		},
	}}}
}

// explainIDF explains how rare the terms of a clause are.
func (s *bm25) explainIDF() *explanation {
	one := func(df int64) *explanation {
		return &explanation{value: float64(float32(idf(df, s.stats.docs))), description: "idf, computed as log(1 + (N - n + 0.5) / (n + 0.5)) from:", details: []*explanation{
			{value: float64(df), description: "n, number of documents containing term"},
			{value: float64(s.stats.docs), description: "N, total number of documents with field"},
		}}
	}
	if len(s.dfs) == 1 {
		return one(s.dfs[0])
	}
	x := &explanation{value: float64(float32(s.idf)), description: "idf, sum of:"}
	for _, df := range s.dfs {
		x.details = append(x.details, one(df))
	}
	return x
}

// explained is what a plan keeps to explain scores: the request's own query, and what each clause was compiled from.
type explained struct {
	root   node
	source map[node]query.Query
}

// describe names a clause as Lucene prints queries, as far as it is one of the usual; others by their JSON.
func (e *explainer) describe(n node) string {
	q := e.plan.explained.source[n]
	if q == nil {
		q = e.plan.explained.source[plainNode(n)]
	}
	switch n := plainNode(n).(type) {
	case allNode:
		return "*:*"
	case *constantNode:
		if q == nil {
			return e.describe(n.node)
		}
	}
	if q == nil {
		return "clause"
	}
	if constant, ok := q.(*query.ConstantScore); ok {
		q = constant.Filter
	}
	return query.Text(q)
}
