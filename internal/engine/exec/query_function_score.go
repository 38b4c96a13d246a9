package exec

import (
	"math"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

// scoreFunction computes a factor for each row. It is immutable and shared by workers.
type scoreFunction interface {
	bind(l *leaf) (boundFunction, error)
}

// boundFunction is a scoreFunction bound to a segment, for one goroutine.
type boundFunction interface {
	// values sets out[row] for the rows of a selection; scores are those of the query.
	values(block int, rows column.Bitmap, scores, out []float64) error
}

// functionScoreNode changes the scores of inner by functions.
type functionScoreNode struct {
	inner     node
	functions []weightedFunction
	mode      string
	boostMode string
	maxBoost  float64
	minScore  *float64
	weight    float64
}

// weightedFunction is a function, nil for 1, with its weight and the rows it is for.
type weightedFunction struct {
	filter   node // nil: all
	function scoreFunction
	weight   float64
}

func compileFunctionScore(c *compiler, q *query.FunctionScore) (node, error) {
	n := &functionScoreNode{mode: q.ScoreMode, boostMode: q.BoostMode, maxBoost: math.MaxFloat32, minScore: q.MinScore, weight: q.Weight()}
	if q.MaxBoost != nil {
		n.maxBoost = *q.MaxBoost
	}
	was := c.scoring
	c.scoring = c.scoring || q.MinScore != nil
	defer func() { c.scoring = was }()
	var err error
	if n.inner, err = c.compile(q.Inner); err != nil {
		return nil, err
	}
	for i := range q.Functions {
		f := &q.Functions[i]
		w := weightedFunction{weight: 1}
		if f.Weight != nil {
			w.weight = *f.Weight
		}
		if f.Filter != nil {
			list, err := c.unscored([]query.Query{f.Filter})
			if err != nil {
				return nil, err
			}
			w.filter = list[0]
		}
		if w.function, err = c.scoreFunction(f); err != nil {
			return nil, err
		}
		n.functions = append(n.functions, w)
	}
	return n, nil
}

// scoreFunction compiles what a function computes; nil is its weight alone.
func (c *compiler) scoreFunction(f *query.ScoreFunction) (scoreFunction, error) {
	switch {
	case f.Factor != nil:
		return c.valueFactor(f.Factor)
	case f.Random != nil:
		return c.randomScore(f.Random)
	case f.Decay != nil:
		return c.decay(f.Decay)
	case f.Script != nil:
		return c.scriptFunction(f.Script)
	}
	return nil, nil
}

func (n *functionScoreNode) bind(l *leaf) (matcher, error) {
	inner, err := n.inner.bind(l)
	if err != nil {
		return nil, err
	}
	m := &functionScoreMatcher{matcher: inner, node: n}
	for _, f := range n.functions {
		var b boundWeighted
		if f.filter != nil {
			if b.filter, err = f.filter.bind(l); err != nil {
				return nil, err
			}
		}
		if f.function != nil {
			if b.function, err = f.function.bind(l); err != nil {
				return nil, err
			}
		}
		m.functions = append(m.functions, b)
	}
	return m, nil
}

type boundWeighted struct {
	filter   matcher
	function boundFunction
}

type functionScoreMatcher struct {
	matcher
	node      *functionScoreNode
	functions []boundWeighted
}

func (m *functionScoreMatcher) bound(block int) bound {
	b := m.matcher.bound(block)
	if m.node.minScore == nil || b.none() {
		return b
	}
	return bound{b.granules, false}
}

func (m *functionScoreMatcher) cost() int {
	if m.node.minScore == nil {
		return m.matcher.cost()
	}
	return max(m.matcher.cost(), costText)
}

func (m *functionScoreMatcher) filter(block int, sel column.Bitmap) error {
	if err := apply(m.matcher, block, sel); err != nil || m.node.minScore == nil || !sel.Any() {
		return err
	}
	scores := make([]float64, len(sel)*64)
	if err := m.score(block, sel, scores); err != nil {
		return err
	}
	for r := sel.Next(0); r >= 0; r = sel.Next(r + 1) {
		if float64(float32(scores[r])) < *m.node.minScore {
			sel.Clear(r)
		}
	}
	return nil
}

// factors gathers what the functions give for one row.
type factors struct {
	n                    int
	value, sum, weighted float64
}

// add takes in one function's value.
func (f *factors) add(mode string, v, weight float64) {
	f.n++
	f.weighted += weight
	f.sum += v
	switch {
	case f.n == 1:
		f.value = v
	case mode == "first":
	case mode == "max":
		f.value = max(f.value, v)
	case mode == "min":
		f.value = min(f.value, v)
	default:
		f.value *= v
	}
}

// result is the factor of a row; 1 where no function is for it.
func (f *factors) result(mode string) float64 {
	switch {
	case f.n == 0:
		return 1
	case mode == "sum":
		return f.sum
	case mode == "avg" && f.weighted != 0:
		return f.sum / f.weighted
	case mode == "avg":
		return f.sum
	}
	return f.value
}

func (m *functionScoreMatcher) score(block int, matched column.Bitmap, scores []float64) error {
	inner := make([]float64, len(scores))
	if err := m.matcher.score(block, matched, inner); err != nil {
		return err
	}
	for r := matched.Next(0); r >= 0; r = matched.Next(r + 1) {
		inner[r] = float64(float32(m.node.weight * inner[r]))
	}
	found := make([]factors, len(scores))
	out := make([]float64, len(scores))
	for i, f := range m.functions {
		rows := matched
		if f.filter != nil {
			rows = matched.Clone()
			if err := apply(f.filter, block, rows); err != nil {
				return err
			}
		}
		if f.function != nil && rows.Any() {
			if err := f.function.values(block, rows, inner, out); err != nil {
				return err
			}
		}
		weight := m.node.functions[i].weight
		for r := rows.Next(0); r >= 0; r = rows.Next(r + 1) {
			v := weight
			if f.function != nil {
				v *= out[r]
			}
			found[r].add(m.node.mode, v, weight)
		}
	}
	for r := matched.Next(0); r >= 0; r = matched.Next(r + 1) {
		score := inner[r]
		if len(m.functions) > 0 {
			score = combineScores(m.node.boostMode, score, min(found[r].result(m.node.mode), m.node.maxBoost))
		}
		if score < 0 || math.IsNaN(score) {
			return eserr.IllegalArgument("function score query returned an invalid score: %s for doc: %d", floatScalar(score, 32).Text, r)
		}
		scores[r] += float64(float32(score))
	}
	return nil
}

// combineScores joins a query's score with what functions give.
func combineScores(mode string, score, factor float64) float64 {
	switch mode {
	case "replace":
		return factor
	case "sum":
		return score + factor
	case "avg":
		return (score + factor) / 2
	case "max":
		return max(score, factor)
	case "min":
		return min(score, factor)
	}
	return score * factor
}
