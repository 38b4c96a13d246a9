package exec

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

// compileFuzzy matches values, or words of a text, that are a few edits away from the one asked for.
// Every value is compared, so there is no limit on expansions; each match scores the boost.
func compileFuzzy(c *compiler, q *query.Fuzzy) (node, error) {
	f := q.Fuzziness
	if f.Distance == "" {
		f.Distance = "AUTO"
	}
	test, err := c.fuzzyTest(c.normalized(q.Field, q.Value.Text), &f)
	if err != nil {
		return nil, err
	}
	return c.pattern(q, q.Field, test, q.Lenient)
}

// fuzzyWords matches texts by words that may each be a few edits away.
func (c *compiler) fuzzyWords(f *field, tokens []queryToken, q *query.Match) (node, error) {
	least, err := leastTerms(len(tokens), q.Operator, q.MinimumShouldMatch)
	if err != nil {
		return nil, err
	}
	n := &boolNode{least: least, weight: q.Weight()}
	for _, t := range tokens {
		test, err := c.fuzzyTest(string(t.text), &q.Fuzzy)
		if err != nil {
			return nil, err
		}
		part, err := c.textPattern(f, test, 1)
		if err != nil {
			return nil, err
		}
		n.should = append(n.should, part)
	}
	return n, nil
}

// fuzzyTest makes the test of one word.
func (c *compiler) fuzzyTest(word string, f *query.Fuzziness) (stringTest, error) {
	want := []rune(word)
	edits, err := maxEdits(f.Distance, len(want))
	if err != nil {
		return stringTest{}, err
	}
	if f.MaxExpansions > 0 {
		c.fields.warn("[max_expansions] has no effect: all words are compared")
	}
	prefix := min(f.PrefixLength, len(want))
	swaps := !f.NoTranspositions
	return stringTest{match: func(v []byte) bool {
		if n := utf8.RuneCount(v); n < len(want)-edits || n > len(want)+edits {
			return false
		}
		have := []rune(string(v))
		if len(have) < prefix || !slices.Equal(have[:prefix], want[:prefix]) {
			return false
		}
		return withinEdits(want, have, edits, swaps)
	}}, nil
}

// maxEdits reads a fuzziness: a number of edits, or AUTO by the word's length with bounds that may be
// given (AUTO:3,6).
func maxEdits(distance string, length int) (int, error) {
	low, high := 3, 6
	bounds, auto := strings.CutPrefix(strings.ToUpper(distance), "AUTO")
	if !auto {
		n, err := strconv.ParseFloat(distance, 64)
		if err != nil || n != 0 && n != 1 && n != 2 {
			return 0, eserr.IllegalArgument("Invalid fuzziness value: %s", distance)
		}
		return int(n), nil
	}
	if list, given := strings.CutPrefix(bounds, ":"); given {
		a, b, both := strings.Cut(list, ",")
		var err1, err2 error
		low, err1 = strconv.Atoi(a)
		high, err2 = strconv.Atoi(b)
		if !both || err1 != nil || err2 != nil || low < 0 || high < low {
			return 0, eserr.IllegalArgument("failed to find low and high distance values in fuzziness [%s]", distance)
		}
	}
	switch {
	case length < low:
		return 0, nil
	case length < high:
		return 1, nil
	}
	return 2, nil
}

// withinEdits says whether b is at most limit insertions, deletions and replacements away from a, where
// with swaps two neighbours that changed places count as one (optimal string alignment).
func withinEdits(a, b []rune, limit int, swaps bool) bool {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := int(bit(a[i-1] != b[j-1]))
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if swaps && i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > limit {
			return false
		}
		before, last, row = last, row, before
	}
	return last[len(b)] <= limit
}
