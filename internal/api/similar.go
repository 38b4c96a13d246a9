package api

import (
	"slices"
	"strings"
)

// similar returns " -> did you mean [x]?" for the known names that are more than half like an unknown
// one, as Elasticsearch words it for parameters, or "".
func similar(unknown string, known []string) string {
	type scored struct {
		name  string
		score float64
	}
	var close []scored
	for _, name := range known {
		longest := max(len(name), len(unknown))
		if s := 1 - float64(distance(unknown, name))/float64(longest); s > 0.5 {
			close = append(close, scored{name, s})
		}
	}
	if len(close) == 0 {
		return ""
	}
	slices.SortFunc(close, func(a, b scored) int {
		if a.score != b.score {
			if a.score > b.score {
				return -1
			}
			return 1
		}
		return strings.Compare(a.name, b.name)
	})
	if len(close) == 1 {
		return " -> did you mean [" + close[0].name + "]?"
	}
	names := make([]string, len(close))
	for i := range close {
		names[i] = close[i].name
	}
	return " -> did you mean any of [" + strings.Join(names, ", ") + "]?"
}

// maxSimilarBytes bounds the names that are compared: nobody mistypes a longer one.
const maxSimilarBytes = 64

// distance is Levenshtein's, over bytes.
func distance(a, b string) int {
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
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
