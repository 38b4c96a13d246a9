package jsonval

import (
	"cmp"
	"slices"
	"strings"
)

// DidYouMean returns " did you mean [x]?" for the known names that are more
// than half like an unknown one, the most like first, or "" when there is
// none. Messages append it as it is.
func DidYouMean(unknown string, known []string) string { return MostLike(unknown, known, 0.5) }

// MostLike is DidYouMean with the likeness, between 0 and 1, that a name must
// exceed.
func MostLike(unknown string, known []string, likeness float64) string {
	type scored struct {
		name  string
		score float64
	}
	var close []scored
	for _, name := range known {
		longest := max(len(name), len(unknown))
		if s := 1 - float64(editDistance(unknown, name))/float64(longest); s > likeness {
			close = append(close, scored{name, s})
		}
	}
	slices.SortFunc(close, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.name, b.name))
	})
	names := make([]string, len(close))
	for i := range close {
		names[i] = close[i].name
	}
	names = slices.Compact(names)
	switch len(names) {
	case 0:
		return ""
	case 1:
		return " did you mean [" + names[0] + "]?"
	}
	return " did you mean any of [" + strings.Join(names, ", ") + "]?"
}

// maxSimilarBytes bounds the names that are compared: nobody mistypes a
// longer one.
const maxSimilarBytes = 64

// editDistance is Levenshtein's, over bytes.
func editDistance(a, b string) int {
	if len(a) > maxSimilarBytes || len(b) > maxSimilarBytes {
		return max(len(a), len(b))
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
