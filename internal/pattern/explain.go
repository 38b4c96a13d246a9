package pattern

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Stop is how far an expression gets on a text that it does not match.
type Stop struct {
	// Source is the number of bytes of the expression that match together: the part behind them is what fails.
	Source int
	// Text is where that much of the expression ends in the text.
	Text int
}

// maxExplainedBytes bounds the expression: every try compiles a part of it.
const maxExplainedBytes = 16 << 10

// Explain finds the longest beginning of a grok expression that still matches text, cut between references and
// characters. It is for people who look for their mistake, not for events: it compiles the expression a dozen times. The
// error is that of the whole expression when it cannot be compiled.
func (l *Library) Explain(source, text string, options GrokOptions) (Stop, error) {
	if len(source) > maxExplainedBytes {
		return Stop{}, fmt.Errorf("expression has %d bytes; beyond %d it is not explained", len(source), maxExplainedBytes)
	}
	whole, err := l.Compile(source, options)
	if err != nil {
		return Stop{}, err
	}
	if stop, ok := reach(whole, text, len(source)); ok {
		return stop, nil
	}
	cuts := expressionCuts(source)
	best := Stop{}
	low, high := 0, len(cuts)-1 // what is shorter than cuts[low] matches, what is longer than cuts[high] does not
	for low <= high {
		middle := (low + high) / 2
		at, stop, ok := l.longestUpTo(source[:cuts[middle]], cuts[low:middle+1], text, options)
		switch {
		case ok:
			best = stop
			low = middle + 1
		case at < 0: // nothing in this half stands on its own
			low = middle + 1
		default:
			high = middle - 1
		}
	}
	return best, nil
}

// longestUpTo tries the longest of the cuts at which the expression can be compiled. at is negative when there is none.
func (l *Library) longestUpTo(source string, cuts []int, text string, options GrokOptions) (at int, stop Stop, ok bool) {
	for i := len(cuts) - 1; i >= 0; i-- {
		g, err := l.Compile(source[:cuts[i]], options)
		if err != nil { // cut inside a group or a class
			continue
		}
		stop, ok = reach(g, text, cuts[i])
		return i, stop, ok
	}
	return -1, Stop{}, false
}

func reach(g *Grok, text string, size int) (Stop, bool) {
	bounds, err := g.Match(nil, text)
	if err != nil || bounds == nil {
		return Stop{}, false
	}
	return Stop{Source: size, Text: bounds[1]}, true
}

// expressionCuts lists the places between references, escapes and characters.
func expressionCuts(source string) []int {
	var cuts []int
	for pos := 0; pos < len(source); {
		size := 0
		switch {
		case source[pos] == '%' && pos+1 < len(source) && source[pos+1] == '{':
			_, size = readReference(source[pos:])
		case source[pos] == '\\' && pos+1 < len(source):
			_, n := utf8.DecodeRuneInString(source[pos+1:])
			size = 1 + n
		}
		if size == 0 {
			_, size = utf8.DecodeRuneInString(source[pos:])
		}
		pos += size
		cuts = append(cuts, pos)
	}
	return cuts
}

// LazyEnd returns the reference at the end of a grok expression that is lazy and has a field, such as DATA:x: nothing
// comes after it that would make it match more than nothing. definition is the pattern it stands in, "" for the
// expression itself. ref is "" when the expression does not end so.
func (l *Library) LazyEnd(text string) (ref, definition string) {
	const deepest = 20 // definitions that refer to each other in a circle are the filter's to refuse
	for range deepest {
		text = strings.TrimSpace(text) // one that ends in $ makes the lazy part match up to there
		open := strings.LastIndex(text, "%{")
		if open < 0 || !strings.HasSuffix(text, "}") || strings.Contains(text[open:len(text)-1], "}") {
			return "", ""
		}
		ref = text[open+2 : len(text)-1]
		name, field, _ := strings.Cut(ref, ":")
		meaning, ok := l.Definition(name)
		if !ok {
			return "", ""
		}
		if strings.HasSuffix(meaning, "*?") {
			if field == "" {
				return "", ""
			}
			return ref, definition
		}
		text, definition = meaning, name
	}
	return "", ""
}
