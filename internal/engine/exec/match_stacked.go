package exec

import (
	"math"

	"elkhorn/internal/es/eserr"
)

// Tokens that an analyzer puts at one place of a query's text, such as synonyms, are alternatives: a text has one clause of a
// match, or one word of a phrase, for each place.

// stacked sorts tokens by place; ok is false when each has a place of its own.
func stacked(tokens []queryToken) (places [][]queryToken, ok bool) {
	for i, t := range tokens {
		if i > 0 && t.position == tokens[i-1].position {
			last := len(places) - 1
			places[last] = append(places[last], t)
			ok = true
			continue
		}
		places = append(places, []queryToken{t})
	}
	return places, ok
}

// stackedMatch is a match over places, of which least have to be met.
func (c *compiler) stackedMatch(f *field, places [][]queryToken, least int, weight float64) (node, error) {
	n := &boolNode{least: least, weight: weight}
	for _, place := range places {
		want := &textWant{least: 1, oneOf: len(place) > 1}
		for _, t := range place {
			if want.find(t.text) < 0 {
				want.add(t.text)
			}
		}
		part, err := c.textNode(f, want, 1)
		if err != nil {
			return nil, err
		}
		n.should = append(n.should, part)
	}
	if len(n.should) < least {
		return noneNode{}, nil
	}
	return n, nil
}

// maxStackedPhrases bounds the phrases that alternatives at several places make.
const maxStackedPhrases = 128

// stackedPhrase is the best of the phrases that one alternative of each place makes.
func (c *compiler) stackedPhrase(places [][]queryToken, weight float64, phrase func(tokens []queryToken) (node, error)) (node, error) {
	phrases := 1
	for _, place := range places {
		if phrases *= len(place); phrases > maxStackedPhrases {
			return nil, eserr.New(400, "too_many_clauses", "the words of the phrase that stand at one place come to more than %d phrases", maxStackedPhrases)
		}
	}
	n := &bestNode{boolNode: &boolNode{least: 1, weight: weight}}
	for number := range phrases {
		tokens := make([]queryToken, len(places))
		for i, place := range places {
			tokens[i] = place[number%len(place)]
			number /= len(place)
		}
		part, err := phrase(tokens)
		if err != nil {
			return nil, err
		}
		n.should = append(n.should, part)
	}
	return n, nil
}

// scoreOneOf is the score of words that count as one: as often as all of them, and in as many documents as the most frequent.
func (n *textNode) scoreOneOf(stats fieldStats, dfs []int64) {
	most := int64(0)
	for _, df := range dfs {
		most = max(most, df)
	}
	n.scores = []*bm25{n.field.bm25(n.weight, idf(most, stats.docs), stats)}
	n.scores[0].dfs = []int64{most}
}

// totalFreq adds frequencies up.
func totalFreq(freqs []int) int {
	all := 0
	for _, freq := range freqs {
		all = min(all+freq, math.MaxInt32)
	}
	return all
}
