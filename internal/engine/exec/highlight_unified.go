package exec

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"elkhorn/internal/engine/analysis"
)

// sort puts what was found in order of place.
func (m *marking) sort() {
	slices.SortFunc(m.found, func(a, b foundSpan) int {
		return cmp.Or(m.compareStarts(a.first, b.first), cmp.Compare(m.tokens[a.last].end, m.tokens[b.last].end))
	})
}

func (m *marking) compareStarts(a, b int) int {
	x, y := &m.tokens[a], &m.tokens[b]
	return cmp.Or(cmp.Compare(x.value, y.value), cmp.Compare(x.start, y.start))
}

// passage is a part of a field's texts: from start to end of the text with a number.
type passage struct {
	value, start, end int
	matches           []foundSpan
	score             float64
}

// unified cuts passages as Lucene's unified highlighter does: around each place found, bounded by sentences or words. The best are kept, and shown in
// order of place, or of score where the request says so.
func (m *marking) unified() []string {
	spec := m.field.spec
	passages := m.passages()
	if len(passages) == 0 {
		return m.noMatch()
	}
	if spec.Fragments > 0 && len(passages) > spec.Fragments {
		slices.SortStableFunc(passages, func(a, b passage) int { return cmp.Compare(b.score, a.score) })
		passages = passages[:spec.Fragments]
	}
	slices.SortStableFunc(passages, func(a, b passage) int {
		if spec.ByScore && a.score != b.score {
			return cmp.Compare(b.score, a.score)
		}
		return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.start, b.start))
	})
	var out []string
	for i := range passages {
		out = append(out, m.print(&passages[i]))
	}
	return out
}

// passages cuts the texts around what was found.
func (m *marking) passages() []passage {
	var out []passage
	var bounds *textBounds
	length := 0
	for _, v := range m.values {
		length += len(v) + 1
	}
	before := 0 // length of the texts before the one at hand
	value := 0
	for _, span := range m.found {
		at := &m.tokens[span.first]
		for value < at.value {
			before += len(m.values[value]) + 1
			value++
		}
		last := len(out) - 1
		if last < 0 || out[last].value != at.value || at.start >= out[last].end {
			if bounds == nil || bounds.value != at.value {
				bounds = m.bounds(at.value)
			}
			p := passage{value: at.value}
			p.start, p.end = bounds.around(at.start)
			if last >= 0 && out[last].value == at.value {
				p.start = max(p.start, out[last].end)
			}
			out = append(out, p)
			last++
		}
		out[last].matches = append(out[last].matches, span)
	}
	before, value = 0, 0
	for i := range out {
		for value < out[i].value {
			before += len(m.values[value]) + 1
			value++
		}
		out[i].score = scorePassage(&out[i], before, length)
	}
	return out
}

// scorePassage is Lucene's: BM25 over passages, with a little more for those near the beginning.
func scorePassage(p *passage, before, length int) float64 {
	const k1, b, pivot = 1.2, 0.75, 87.0
	counts := map[int]int{}
	for _, s := range p.matches {
		counts[s.mark]++
	}
	weight := (k1 + 1) * math.Log(1+(1+float64(length)/pivot+0.5)/1.5)
	norm := k1 * ((1 - b) + b*(float64(p.end-p.start)/pivot))
	score := 0.0
	for mark := range counts {
		freq := float64(counts[mark])
		score += freq / (freq + norm) * weight
	}
	return score * (1 + 1/math.Log(pivot+float64(before+p.start)))
}

// print writes a passage with what was found in tags.
func (m *marking) print(p *passage) string {
	text := m.values[p.value]
	spec := m.field.spec
	var out strings.Builder
	pos := p.start
	for _, s := range p.matches {
		start, end := m.tokens[s.first].start, m.tokens[s.last].end
		if start > pos {
			out.WriteString(m.encode(text[pos:start]))
			pos = start
		}
		if end > pos {
			out.WriteString(spec.PreTags[0])
			out.WriteString(m.encode(text[pos:end]))
			out.WriteString(spec.PostTags[0])
			pos = end
		}
	}
	if pos < p.end {
		out.WriteString(m.encode(text[pos:p.end]))
	}
	return strings.TrimSpace(out.String())
}

// noMatch shows the beginning of the first text, up to the end of a word.
func (m *marking) noMatch() []string {
	size := m.field.spec.NoMatchSize
	if size == 0 || len(m.values) == 0 || m.values[0] == "" {
		return nil
	}
	text := m.values[0]
	b := &textBounds{text: text}
	end := len(text)
	if size < utf8.RuneCountInString(text) {
		end = b.following(b.words(), b.forward(0, size))
	}
	return []string{strings.TrimSpace(m.encode(text[:end]))}
}

// bounds prepares the bounds of a text.
func (m *marking) bounds(value int) *textBounds {
	b := &textBounds{text: m.values[value], value: value}
	spec := m.field.spec
	switch {
	case spec.Fragments == 0:
		b.main = []int{0, len(b.text)}
	case spec.Scanner == "word":
		b.main = b.words()
	default:
		b.main, b.size = sentences(b.text), spec.FragmentSize
	}
	return b
}

// textBounds finds where a text may be cut: a window of whole sentences of at most size characters, or less than a sentence, cut at words, where that is
// longer.
type textBounds struct {
	text  string
	value int
	main  []int // bounds of sentences or words, in bytes, from 0 to the end
	inner []int // bounds of words; see words
	size  int   // in characters; 0: whatever main says
	// The window of sentences at hand, and the part of it that was given out last.
	windowStart, windowEnd int
	start, end             int
}

// around returns the passage that a place found at a position is in.
func (b *textBounds) around(at int) (start, end int) {
	offset := at + 1
	if b.size == 0 {
		return b.preceding(b.main, offset), b.following(b.main, at)
	}
	if offset > b.windowStart && offset < b.windowEnd {
		b.start, b.end = b.end, b.windowEnd
	} else {
		b.start, b.end = b.preceding(b.main, offset), b.following(b.main, at)
		for b.length(b.start, b.end) < b.size && b.end < len(b.text) {
			next := b.following(b.main, b.end)
			if b.length(b.start, next) > b.size {
				break
			}
			b.end = next
		}
		b.windowStart, b.windowEnd = b.start, b.end
	}
	if b.length(b.start, b.end) > b.size {
		if left := b.backward(offset, b.size); left > b.start {
			b.start = max(b.start, b.preceding(b.words(), left))
		}
		right := b.forward(offset, max(0, b.size-b.length(b.start, offset)))
		if right < b.windowEnd {
			b.end = min(b.windowEnd, b.following(b.words(), right))
		}
	}
	return b.start, b.end
}

// length counts the characters between two positions.
func (b *textBounds) length(from, to int) int {
	if to <= from {
		return 0
	}
	return utf8.RuneCountInString(b.text[from:to])
}

// backward goes some characters back; -1 beyond the beginning.
func (b *textBounds) backward(at, n int) int {
	at = min(at, len(b.text))
	for ; n > 0; n-- {
		if at <= 0 {
			return -1
		}
		_, size := utf8.DecodeLastRuneInString(b.text[:at])
		at -= size
	}
	return at
}

// forward goes some characters on, at most to the end.
func (b *textBounds) forward(at, n int) int {
	for ; n > 0 && at < len(b.text); n-- {
		_, size := utf8.DecodeRuneInString(b.text[at:])
		at += size
	}
	return min(at, len(b.text))
}

// preceding is the last bound before a position.
func (b *textBounds) preceding(bounds []int, at int) int {
	i, _ := slices.BinarySearch(bounds, at)
	if i == 0 {
		return 0
	}
	return bounds[i-1]
}

// following is the first bound after a position.
func (b *textBounds) following(bounds []int, at int) int {
	i, found := slices.BinarySearch(bounds, at)
	if found {
		i++
	}
	if i >= len(bounds) {
		return len(b.text)
	}
	return bounds[i]
}

// words are the bounds of words and of the characters between them.
func (b *textBounds) words() []int {
	if b.inner != nil {
		return b.inner
	}
	text := []byte(b.text)
	at := 0
	b.inner = append(b.inner, 0)
	for at < len(text) {
		start, end := analysis.NextWord(text, at)
		for at < start {
			_, size := utf8.DecodeRune(text[at:])
			at += size
			b.inner = append(b.inner, min(at, start))
		}
		if end > at {
			at = end
			b.inner = append(b.inner, at)
		}
	}
	return b.inner
}

// sentences are the bounds of sentences: after "!" or "?" and what closes them, after "." and spaces unless a small letter follows, and after a paragraph
// separator. Spaces belong to the sentence before them. It is what Java's sentence iterator does for most texts.
func sentences(text string) []int {
	bounds := []int{0}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		switch {
		case r == '\u2029':
			bounds = append(bounds, i)
			continue
		case !strings.ContainsRune(".!?。！？．", r):
			continue
		}
		period := r == '.' || r == '．'
		for i < len(text) {
			c, size := utf8.DecodeRuneInString(text[i:])
			if !strings.ContainsRune(".!?。！？．)]}\"'”’»", c) {
				break
			}
			period = period && (c == '.' || !strings.ContainsRune("!?。！？", c))
			i += size
		}
		spaced := i
		for i < len(text) && strings.IndexByte(" \t\r\n\f", text[i]) >= 0 {
			i++
		}
		next, _ := utf8.DecodeRuneInString(text[i:])
		if period && (spaced == i || next >= 'a' && next <= 'z') && i < len(text) {
			continue
		}
		if bounds[len(bounds)-1] < i {
			bounds = append(bounds, i)
		}
	}
	if bounds[len(bounds)-1] < len(text) {
		bounds = append(bounds, len(text))
	}
	return bounds
}
