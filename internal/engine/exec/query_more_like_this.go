package exec

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"unicode/utf8"

	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// likeTerm is a word that stands out in some texts.
type likeTerm struct {
	field *field
	text  string
	score float64
}

// compileMoreLikeThis makes a clause of the words that are frequent in the texts and rare in the index.
func compileMoreLikeThis(c *compiler, q *query.MoreLikeThis) (node, error) {
	names := q.Fields
	if len(names) == 0 {
		names = c.expand("*")
	}
	var best []likeTerm
	for _, name := range names {
		f := c.fields.lookup(name)
		if f == nil || f.class != classText && f.class != classKeyword || f.searchable() != nil {
			continue
		}
		list, err := c.likeTerms(q, f)
		if err != nil {
			return nil, err
		}
		best = append(best, list...)
	}
	slices.SortStableFunc(best, func(a, b likeTerm) int { return cmp.Compare(b.score, a.score) })
	if best = best[:min(len(best), max(q.MaxQueryTerms, 1))]; len(best) == 0 {
		return noneNode{}, nil
	}
	least, err := query.MinimumShouldMatch(q.MinimumShouldMatch, len(best))
	if err != nil {
		return nil, err
	}
	n := &boolNode{least: max(least, 1), weight: q.Weight()}
	for _, t := range best {
		boost := 1.0
		if q.BoostTerms > 0 {
			boost = q.BoostTerms * t.score / best[0].score
		}
		part, err := compileTerm(c, &query.Term{Common: query.Common{Boost: &boost}, Field: t.field.name, Value: jsonval.Str(t.text)})
		if err != nil {
			return nil, err
		}
		n.should = append(n.should, part)
	}
	if n.least > len(n.should) {
		return noneNode{}, nil
	}
	if ids := likedHere(q, c.fields.index.Name); len(ids) > 0 && !q.Include {
		n.not = []node{c.ids(ids, 1)}
	}
	return n, nil
}

// likedHere are the documents of an index that others are compared with.
func likedHere(q *query.MoreLikeThis, index string) []string {
	var ids []string
	for _, item := range q.Like {
		if item.ID != "" && (item.Index == index || item.Index == "") {
			ids = append(ids, item.ID)
		}
	}
	return ids
}

// likeTerms weighs the words of the texts in one field.
func (c *compiler) likeTerms(q *query.MoreLikeThis, f *field) ([]likeTerm, error) {
	counts, err := c.likeCounts(q, f, q.Like)
	if err != nil {
		return nil, err
	}
	unlike, err := c.likeCounts(q, f, q.Unlike)
	if err != nil {
		return nil, err
	}
	want := &textWant{}
	for _, word := range slices.Sorted(maps.Keys(counts)) {
		length := utf8.RuneCountInString(word)
		if counts[word] < q.MinTermFreq || unlike[word] > 0 || slices.Contains(q.StopWords, word) || length < q.MinWordLength || q.MaxWordLength > 0 && length > q.MaxWordLength {
			continue
		}
		if want.add([]byte(word)); len(want.terms) == maxQueryTokens {
			break
		}
	}
	if len(want.terms) == 0 {
		return nil, nil
	}
	stats, dfs, err := c.likeFrequencies(f, want)
	if err != nil {
		return nil, err
	}
	var out []likeTerm
	for i, term := range want.terms {
		if df := dfs[i]; df >= int64(max(q.MinDocFreq, 1)) && (q.MaxDocFreq == 0 || df <= int64(q.MaxDocFreq)) {
			rarity := math.Log(float64(stats.docs+1)/float64(df+1)) + 1
			out = append(out, likeTerm{f, string(term), float64(counts[string(term)]) * rarity})
		}
	}
	return out, nil
}

// likeFrequencies counts the documents that have each word.
func (c *compiler) likeFrequencies(f *field, want *textWant) (fieldStats, []int64, error) {
	if f.class == classText {
		a, err := c.analyzer(f.indexAnalyzer)
		if err != nil {
			return fieldStats{}, nil, err
		}
		return c.termStats(&textNode{field: f, want: want, analyzer: a})
	}
	stats := fieldStats{docs: c.documents()}
	dfs := make([]int64, len(want.terms))
	for i, term := range want.terms {
		n := &stringNode{view: f.view, test: exactly(string(term)), weight: 1}
		for _, source := range c.sources() {
			var sum termSum
			if err := sum.count(newLeaf(source, c.plan.acct), f, n); err != nil {
				return stats, nil, err
			}
			dfs[i] += sum.matches
		}
	}
	return stats, dfs, nil
}

// likeCounts counts the words that some texts have in a field.
func (c *compiler) likeCounts(q *query.MoreLikeThis, f *field, items []query.LikeItem) (map[string]int, error) {
	counts := map[string]int{}
	for _, item := range items {
		texts := []string{item.Text}
		if item.Source != nil && f.spec != nil {
			texts = nil
			for _, path := range c.sourcePaths(f.spec) {
				eachAt(item.Source, path, func(raw []byte) {
					if text, ok := scalarText(raw); ok {
						texts = append(texts, text)
					}
				})
			}
		}
		for _, text := range texts {
			if f.class == classKeyword {
				counts[f.view.normal(text)] += max(q.MinTermFreq, 1) // a whole value counts as often as it has to
				continue
			}
			name := q.Analyzer
			if name == "" {
				name = f.indexAnalyzer
			}
			a, err := c.analyzer(name)
			if err != nil {
				return nil, err
			}
			a.Tokens([]byte(text), func(token []byte, _ int) bool {
				counts[string(token)]++
				return len(counts) < maxLikeWords
			})
		}
	}
	return counts, nil
}

// maxLikeWords bounds the words of the texts that are weighed.
const maxLikeWords = 100_000
