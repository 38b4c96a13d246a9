package brute

import "unicode/utf8"

// wildcard matches by recursion: * is any text, ? one character, a backslash takes the next one literally.
func wildcard(pattern, s string) bool {
	if pattern == "" {
		return s == ""
	}
	switch pattern[0] {
	case '*':
		return wildcard(pattern[1:], s) || s != "" && wildcard(pattern, s[1:])
	case '?':
		_, n := utf8.DecodeRuneInString(s)
		return s != "" && wildcard(pattern[1:], s[n:])
	case '\\':
		if len(pattern) > 1 {
			pattern = pattern[1:]
		}
	}
	return s != "" && s[0] == pattern[0] && wildcard(pattern[1:], s[1:])
}

// edits is the number of insertions, deletions, replacements and, with swaps, exchanges of neighbours between two words.
func edits(a, b []rune, swaps bool) int {
	if len(a) == 0 || len(b) == 0 {
		return len(a) + len(b)
	}
	i, j := len(a)-1, len(b)-1
	if a[i] == b[j] {
		return edits(a[:i], b[:j], swaps)
	}
	best := 1 + min(edits(a[:i], b, swaps), edits(a, b[:j], swaps), edits(a[:i], b[:j], swaps))
	if swaps && i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
		best = min(best, 1+edits(a[:i-1], b[:j-1], swaps))
	}
	return best
}

// near says whether a word is as close as a fuzziness allows.
func near(want, have, fuzziness string, prefix int, swaps bool) bool {
	w, h := []rune(want), []rune(have)
	limit := 0
	switch {
	case fuzziness == "1" || fuzziness == "2":
		limit = int(fuzziness[0] - '0')
	case fuzziness == "AUTO" && len(w) > 5:
		limit = 2
	case fuzziness == "AUTO" && len(w) > 2:
		limit = 1
	}
	prefix = min(prefix, len(w))
	if len(h) < prefix || string(w[:prefix]) != string(h[:prefix]) || len(h) > len(w)+limit || len(w) > len(h)+limit {
		return false
	}
	return edits(w[prefix:], h[prefix:], swaps) <= limit
}
