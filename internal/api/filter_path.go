package api

import (
	"strings"

	"elkhorn/internal/es/wildcard"
)

// pathFilter is a parsed filter_path: which members of an answer to keep and which to leave out. A
// pattern is a dotted path; * stands for any part of a name, ** for any number of names. Arrays do
// not count as a level. See "Response filtering" in Elasticsearch's REST conventions.
type pathFilter struct {
	include, exclude []pathPattern
}

type pathPattern []string

const (
	// maxFilterPatterns and maxFilterDepth bound the work per member of an answer; no client comes near.
	maxFilterPatterns = 256
	maxFilterDepth    = 64
)

func newPathFilter(text string) *pathFilter {
	f := &pathFilter{}
	for _, part := range splitList(text) {
		if len(f.include)+len(f.exclude) == maxFilterPatterns {
			break
		}
		target := &f.include
		if rest, ok := strings.CutPrefix(part, "-"); ok {
			part, target = rest, &f.exclude
		}
		names := strings.Split(part, ".")
		if len(names) <= maxFilterDepth {
			*target = append(*target, names)
		}
	}
	return f
}

// apply returns what the filter leaves of a well-formed JSON value.
func (f *pathFilter) apply(src []byte) []byte {
	if len(f.exclude) > 0 {
		w := pathWalker{src: src}
		src, _ = w.value(make([]byte, 0, len(src)), startStates(f.exclude))
	}
	if len(f.include) == 0 {
		return src
	}
	w := pathWalker{src: src, keep: true}
	dst, kept := w.value(nil, startStates(f.include))
	if !kept {
		return []byte("{}")
	}
	return dst
}

// pathState is a pattern of which the names before at have been matched.
type pathState struct {
	names pathPattern
	at    int
}

func startStates(patterns []pathPattern) []pathState {
	states := make([]pathState, 0, len(patterns))
	for _, names := range patterns {
		states = append(states, pathState{names: names})
	}
	return states
}

// step follows the states into the member named key. matched says that a pattern ended there.
func step(states []pathState, key string) (next []pathState, matched bool) {
	add := func(s pathState) {
		for _, have := range next {
			if have.at == s.at && &have.names[0] == &s.names[0] {
				return
			}
		}
		next = append(next, s)
	}
	for _, s := range states {
		at := s.at
		for s.names[at] == "**" { // matches no name: the next part may match here
			add(pathState{names: s.names, at: at})
			if at++; at == len(s.names) {
				return nil, true
			}
		}
		if !wildcard.Match(s.names[at], key) {
			continue
		}
		if at+1 == len(s.names) {
			return nil, true
		}
		add(pathState{names: s.names, at: at + 1})
	}
	return next, false
}

// pathWalker copies a JSON value member by member. With keep it copies what the states lead to, else
// all but that.
type pathWalker struct {
	src  []byte
	pos  int
	keep bool
}

// value copies the value at pos; written says whether anything of it was worth copying.
func (w *pathWalker) value(dst []byte, states []pathState) (out []byte, written bool) {
	w.pos = skipSpace(w.src, w.pos)
	if w.pos < len(w.src) && (len(states) > 0 || w.keep) {
		switch w.src[w.pos] {
		case '{':
			return w.object(dst, states)
		case '[':
			return w.array(dst, states)
		}
	}
	start := w.pos
	w.pos = skipValue(w.src, w.pos)
	if w.keep {
		return dst, false // a plain value that no pattern ended at
	}
	return append(dst, w.src[start:w.pos]...), true
}

func (w *pathWalker) object(dst []byte, states []pathState) (out []byte, written bool) {
	start := len(dst)
	dst = append(dst, '{')
	count := 0
	w.pos++
	for w.more('}') {
		keyStart := w.pos
		w.pos = skipValue(w.src, w.pos)
		key := w.src[keyStart:w.pos]
		w.pos = min(skipSpace(w.src, w.pos)+1, len(w.src)) // past the colon
		next, matched := step(states, trimQuotes(key))
		before := len(dst)
		if count > 0 {
			dst = append(dst, ',')
		}
		dst = append(append(dst, key...), ':')
		var kept bool
		if dst, kept = w.member(dst, next, matched); !kept {
			dst = dst[:before]
			continue
		}
		count++
	}
	if w.keep && count == 0 {
		return dst[:start], false
	}
	return append(dst, '}'), true
}

// member copies one member's value, whole when keeping and matched.
func (w *pathWalker) member(dst []byte, next []pathState, matched bool) ([]byte, bool) {
	if !matched {
		return w.value(dst, next)
	}
	start := skipSpace(w.src, w.pos)
	w.pos = skipValue(w.src, start)
	if !w.keep {
		return dst, false
	}
	return append(dst, w.src[start:w.pos]...), true
}

func (w *pathWalker) array(dst []byte, states []pathState) (out []byte, written bool) {
	start := len(dst)
	dst = append(dst, '[')
	count := 0
	w.pos++
	for w.more(']') {
		before := len(dst)
		if count > 0 {
			dst = append(dst, ',')
		}
		var kept bool
		if dst, kept = w.value(dst, states); !kept {
			dst = dst[:before]
			continue
		}
		count++
	}
	if w.keep && count == 0 {
		return dst[:start], false
	}
	return append(dst, ']'), true
}

// more moves to the next element of a bracket, or past its end.
func (w *pathWalker) more(closing byte) bool {
	w.pos = skipSpace(w.src, w.pos)
	if w.pos < len(w.src) && w.src[w.pos] == ',' {
		w.pos = skipSpace(w.src, w.pos+1)
	}
	if w.pos >= len(w.src) {
		return false
	}
	if w.src[w.pos] == closing {
		w.pos++
		return false
	}
	return true
}

func trimQuotes(key []byte) string {
	if len(key) >= 2 {
		key = key[1 : len(key)-1]
	}
	return string(key)
}

// skipSpace returns the index of the first byte from i on that is not white space.
func skipSpace(src []byte, i int) int {
	for i < len(src) && (src[i] == ' ' || src[i] == '\n' || src[i] == '\t' || src[i] == '\r') {
		i++
	}
	return i
}

// skipValue returns the index after the JSON value that starts at i. On malformed input it returns
// some index beyond i and not beyond the end.
func skipValue(src []byte, i int) int {
	if i >= len(src) {
		return len(src)
	}
	switch src[i] {
	case '"':
		return skipString(src, i)
	case '{', '[':
		return skipBracket(src, i)
	}
	start := i
	for i < len(src) && !isDelimiter(src[i]) {
		i++
	}
	return max(i, start+1)
}

func isDelimiter(b byte) bool {
	switch b {
	case ',', '}', ']', ':', ' ', '\n', '\r', '\t', '"', '{', '[':
		return true
	}
	return false
}

func skipString(src []byte, i int) int {
	for i++; i < len(src); i++ {
		switch src[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(src)
}

func skipBracket(src []byte, i int) int {
	depth := 0
	for i < len(src) {
		switch src[i] {
		case '"':
			i = skipString(src, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return len(src)
}
