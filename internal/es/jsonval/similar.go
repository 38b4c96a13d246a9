package jsonval

import (
	"slices"
	"strings"
)

// DidYouMean returns " did you mean [x]?" for the known names most like an
// unknown one, or "" when none is close. Messages append it as it is.
func DidYouMean(unknown string, known []string) string {
	best := max(1, len(unknown)/3) // further apart than this is a different word
	var close []string
	for _, name := range known {
		d := editDistance(unknown, name)
		if d < best {
			best, close = d, close[:0]
		}
		if d == best {
			close = append(close, name)
		}
	}
	if len(close) == 0 {
		return ""
	}
	slices.Sort(close)
	if len(close) == 1 {
		return " did you mean [" + close[0] + "]?"
	}
	return " did you mean any of [" + strings.Join(close, ", ") + "]?"
}

// editDistance is Levenshtein's, over bytes. Names longer than a few dozen
// bytes are nobody's typing error.
func editDistance(a, b string) int {
	const maxLen = 64
	if len(a) > maxLen || len(b) > maxLen {
		return maxLen
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
