package exec

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"elkhorn/internal/es/eserr"
)

// vector cuts fragments as Lucene's fast vector highlighter does: each is as long as the request wants and has what was found in its
// middle; then its ends move back and on to a boundary, if there is one within boundary_max_scan characters. It needs no term vectors.
func (m *marking) vector() ([]string, error) {
	v := &vectorMarking{marking: m, text: []rune(strings.Join(m.values, " "))}
	if len(m.values) == 0 {
		return nil, nil
	}
	v.place()
	fragments, err := v.fragments()
	if err != nil {
		return nil, err
	}
	if len(fragments) == 0 {
		return v.noMatch(), nil
	}
	spec := m.field.spec
	if spec.ByScore {
		slices.SortStableFunc(fragments, func(a, b vectorFragment) int {
			return cmp.Or(cmp.Compare(len(b.found), len(a.found)), cmp.Compare(a.start, b.start))
		})
	}
	if spec.Fragments > 0 {
		fragments = fragments[:min(spec.Fragments, len(fragments))]
	}
	var out []string
	for i := range fragments {
		out = append(out, v.print(&fragments[i]))
	}
	return out, nil
}

// vectorMarking has the texts of a field one behind the other, with a space between two, and places in characters of that.
type vectorMarking struct {
	*marking
	text   []rune
	bounds [][2]int // of each value
	found  []vectorSpan
}

// vectorSpan is what was found, from one character to another.
type vectorSpan struct{ mark, start, end int }

// vectorFragment is a part of one value with what was found in it.
type vectorFragment struct {
	start, end int
	found      []vectorSpan
}

// place works out where the values and what was found in them are. What overlaps what was found before is left out, and so is
// what is beyond phrase_limit.
func (v *vectorMarking) place() {
	at, next := 0, 0
	for value, text := range v.values {
		v.bounds = append(v.bounds, [2]int{at, at + utf8.RuneCountInString(text)})
		for ; next < len(v.marking.found) && v.tokens[v.marking.found[next].first].value == value; next++ {
			s := v.marking.found[next]
			start, end := v.tokens[s.first].start, v.tokens[s.last].end
			if start >= end || end > len(text) {
				continue
			}
			one := vectorSpan{mark: s.mark, start: at + utf8.RuneCountInString(text[:start])}
			one.end = one.start + utf8.RuneCountInString(text[start:end])
			if last := len(v.found) - 1; (last < 0 || v.found[last].end <= one.start) && len(v.found) < v.field.spec.PhraseLimit {
				v.found = append(v.found, one)
			}
		}
		at = v.bounds[value][1] + 1
	}
}

// defaultVectorMargin is how far from the beginning of a fragment a match stands at least, if there is room.
const defaultVectorMargin = 6

// fragments cuts the texts, and then at the ends of values.
func (v *vectorMarking) fragments() ([]vectorFragment, error) {
	spec := v.field.spec
	if spec.Fragments == 0 {
		return v.atValues([]vectorFragment{{end: len(v.text), found: v.found}}), nil
	}
	margin := defaultVectorMargin
	if spec.FragmentOffset >= 0 {
		margin = spec.FragmentOffset
	}
	if least := max(1, 3*margin); spec.FragmentSize < least {
		return nil, eserr.IllegalArgument("fragCharSize(%d) is too small. It must be %d or higher.", spec.FragmentSize, least)
	}
	var out []vectorFragment
	start, next := 0, 0
	for next < len(v.found) {
		first := v.found[next]
		if first.start < start { // it reaches into the fragment before
			next++
			continue
		}
		f := vectorFragment{found: v.found[next : next+1]}
		next++
		end := max(first.end, max(first.start-margin, start)+spec.FragmentSize)
		last := first.end
		for ; next < len(v.found) && v.found[next].end <= end; next++ {
			last = v.found[next].end
			f.found = append(f.found[:len(f.found):len(f.found)], v.found[next])
		}
		length := last - first.start
		f.start = max(start, first.start-max(0, (spec.FragmentSize-length)/2))
		f.end = f.start + max(length, spec.FragmentSize)
		start = f.end
		out = append(out, f)
	}
	return v.atValues(out), nil
}

// atValues cuts fragments at the ends of values, and leaves out the parts in which nothing was found.
func (v *vectorMarking) atValues(fragments []vectorFragment) []vectorFragment {
	var out []vectorFragment
	value := 0
	for _, f := range fragments {
		for value > 0 && v.bounds[value][0] > f.start {
			value--
		}
		for ; value < len(v.bounds) && v.bounds[value][0] < f.end; value++ {
			part := vectorFragment{start: max(f.start, v.bounds[value][0]), end: min(f.end, v.bounds[value][1])}
			for _, s := range f.found {
				if s.start >= part.start && s.end <= part.end {
					part.found = append(part.found, s)
				}
			}
			if len(part.found) > 0 {
				out = append(out, part)
			}
		}
		value = min(value, len(v.bounds)-1)
	}
	return out
}

// print writes a fragment from boundary to boundary, with what was found in tags.
func (v *vectorMarking) print(f *vectorFragment) string {
	spec := v.field.spec
	start, end := v.startOf(f.start), min(v.endOf(f.end), len(v.text))
	var out strings.Builder
	at := start
	for _, s := range f.found {
		if s.start < at || s.end > end {
			continue
		}
		out.WriteString(v.encode(string(v.text[at:s.start])))
		out.WriteString(spec.PreTags[s.mark%len(spec.PreTags)])
		out.WriteString(v.encode(string(v.text[s.start:s.end])))
		out.WriteString(spec.PostTags[s.mark%len(spec.PostTags)])
		at = s.end
	}
	out.WriteString(v.encode(string(v.text[at:end])))
	return out.String()
}

// startOf moves the beginning of a fragment back to a boundary.
func (v *vectorMarking) startOf(at int) int {
	spec := v.field.spec
	if at < 1 || at > len(v.text) {
		return min(at, len(v.text))
	}
	if spec.Scanner == "sentence" || spec.Scanner == "word" {
		bounds := v.boundsOf(v.text[:at])
		return bounds[max(0, len(bounds)-2)]
	}
	for n := 0; n < spec.BoundaryScan; n++ {
		if at-n == 0 || strings.ContainsRune(spec.BoundaryChars, v.text[at-n-1]) {
			return at - n
		}
	}
	if at == spec.BoundaryScan {
		return 0
	}
	return at
}

// endOf moves the end of a fragment on to a boundary.
func (v *vectorMarking) endOf(at int) int {
	spec := v.field.spec
	if at >= len(v.text) {
		return at
	}
	if spec.Scanner == "sentence" || spec.Scanner == "word" {
		bounds := v.boundsOf(v.text[at:])
		return at + bounds[min(1, len(bounds)-1)]
	}
	for n := 0; n < spec.BoundaryScan && at+n < len(v.text); n++ {
		if strings.ContainsRune(spec.BoundaryChars, v.text[at+n]) {
			return at + n
		}
	}
	return at
}

// boundsOf are the bounds of sentences or words of a text, in characters.
func (v *vectorMarking) boundsOf(runes []rune) []int {
	b := &textBounds{text: string(runes)}
	bounds := b.words
	if v.field.spec.Scanner == "sentence" {
		bounds = func() []int { return sentences(b.text) }
	}
	var out []int
	at, characters := 0, 0
	for _, bound := range bounds() {
		characters += utf8.RuneCountInString(b.text[at:bound])
		at = bound
		out = append(out, characters)
	}
	return out
}

// noMatch shows the beginning of the first text, up to a boundary.
func (v *vectorMarking) noMatch() []string {
	size := v.field.spec.NoMatchSize
	if size == 0 || v.bounds[0][1] == 0 {
		return nil
	}
	return []string{v.print(&vectorFragment{end: min(size, v.bounds[0][1])})}
}
