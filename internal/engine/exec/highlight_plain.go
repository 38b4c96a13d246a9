package exec

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// plain cuts fragments as Lucene's plain highlighter does: a new one begins at the first word that ends beyond a multiple of the fragment's
// size; its score is the number of different words found in it.
func (m *marking) plain() []string {
	spec := m.field.spec
	var all []plainFragment
	at := 0
	for value := range m.values {
		first := at
		for at < len(m.tokens) && m.tokens[at].value == value {
			at++
		}
		all = append(all, m.plainValue(value, first, at)...)
	}
	if len(all) == 0 {
		return m.plainNoMatch()
	}
	if spec.ByScore {
		slices.SortStableFunc(all, func(a, b plainFragment) int { return cmp.Compare(b.score, a.score) })
	}
	most := spec.Fragments
	if most == 0 {
		most = len(all)
	}
	var out []string
	for _, f := range all[:min(most, len(all))] {
		out = append(out, f.text)
	}
	return out
}

// plainFragment is a fragment with its score.
type plainFragment struct {
	text  string
	score int
}

// plainValue cuts one text, whose tokens are from first to end; the best fragments come first.
func (m *marking) plainValue(value, first, end int) []plainFragment {
	spec := m.field.spec
	text := m.values[value]
	cutter := plainCutter{size: spec.FragmentSize, whole: spec.Fragments == 0, span: spec.Fragmenter == "span", length: utf8.RuneCountInString(text), wait: -1, spans: m.phraseEnds()}
	var out []plainFragment
	var b strings.Builder
	seen := map[string]bool{}
	flush := func() {
		if len(seen) > 0 {
			out = append(out, plainFragment{b.String(), len(seen)})
		}
		b.Reset()
		clear(seen)
	}
	written := 0
	counted, characters := 0, 0 // bytes of the text whose characters have been counted
	for i := first; i < end; {
		// Tokens that overlap are marked together.
		from, to, hit := m.tokens[i].start, m.tokens[i].end, false
		group := i
		for ; i < end && (i == group || m.tokens[i].start < to); i++ {
			to = max(to, m.tokens[i].end)
			if m.marked[i] >= 0 {
				hit = true
				seen[m.tokens[i].text] = true
			}
		}
		if from > written {
			b.WriteString(m.encode(text[written:from]))
		}
		if from = max(from, written); from < to {
			if hit {
				b.WriteString(spec.PreTags[0] + m.encode(text[from:to]) + spec.PostTags[0])
			} else {
				b.WriteString(m.encode(text[from:to]))
			}
		}
		written = max(written, to)
		if i == end {
			break
		}
		if next := m.tokens[i].end; next > counted {
			characters += utf8.RuneCountInString(text[counted:next])
			counted = next
		}
		if cutter.begins(&m.tokens[i], i, characters) {
			flush()
		}
	}
	b.WriteString(m.encode(text[written:]))
	flush()
	slices.SortStableFunc(out, func(a, b plainFragment) int { return cmp.Compare(b.score, a.score) })
	if spec.Fragments > 0 && len(out) > spec.Fragments {
		out = out[:spec.Fragments]
	}
	return out
}

// phraseEnds says for the first token of each place found how far it goes.
func (m *marking) phraseEnds() map[int]int {
	ends := map[int]int{}
	for _, s := range m.found {
		ends[s.first] = max(ends[s.first], s.last)
	}
	return ends
}

// plainCutter says where fragments begin.
type plainCutter struct {
	size        int
	whole, span bool
	length      int // of the text, in characters
	count       int // fragments so far, less one
	wait        int // no fragment begins up to this token; -1 for none
	spans       map[int]int
}

// begins says whether a fragment begins at a token that ends so many characters into the text.
func (c *plainCutter) begins(t *placedToken, number, end int) bool {
	if c.whole || c.size == 0 {
		return false
	}
	if c.span {
		if number < c.wait {
			return false
		}
		c.wait = -1
		if last, ok := c.spans[number]; ok {
			c.wait = last + 1
		}
	}
	if end < c.size*(c.count+1) || c.span && c.length-end < c.size/2 {
		return false
	}
	c.count++
	return true
}

// plainNoMatch shows the beginning of the first text, up to the last word that ends within it.
func (m *marking) plainNoMatch() []string {
	size := m.field.spec.NoMatchSize
	if size == 0 || len(m.values) == 0 {
		return nil
	}
	text := m.values[0]
	end, characters := 0, 0
	for i := range m.tokens {
		t := &m.tokens[i]
		if t.end > end {
			characters += utf8.RuneCountInString(text[end:min(t.end, len(text))])
		}
		if t.value != 0 || characters > size {
			break
		}
		end = max(end, t.end)
	}
	if end == 0 {
		return nil
	}
	return []string{m.encode(text[:end])}
}
