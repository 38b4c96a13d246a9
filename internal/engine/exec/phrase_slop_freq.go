package exec

import (
	"cmp"
	"slices"
)

// sloppyPhrase counts how often, and how well, a phrase occurs in a text when its words may be some moves
// away from where they belong: what Lucene's sloppy phrase matching counts. The words' positions, each less
// the word's place in the phrase, are all the same where the phrase stands exactly; the distance between the
// least and the greatest is how sloppy an occurrence is, and it counts as 1/(1+distance).
type sloppyPhrase struct {
	slop  int
	words []sloppyWord
	order []*sloppyWord // by position: the queue
	end   int           // greatest position
}

// sloppyWord is a word of the phrase and where it stands at present.
type sloppyWord struct {
	term, offset int
	number       int   // place in the phrase's list
	group        []int // numbers of the words that are the same term, itself too, by offset; nil: only itself
	positions    []int
	next         int // index in positions of the next one
	position     int // present position less offset
}

func newSloppyPhrase(phrase []phraseTerm, slop int) *sloppyPhrase {
	s := &sloppyPhrase{slop: slop}
	groups := map[int][]int{}
	for i, p := range phrase {
		s.words = append(s.words, sloppyWord{term: p.term, offset: p.offset, number: i})
		groups[p.term] = append(groups[p.term], i)
	}
	for i := range s.words {
		if g := groups[s.words[i].term]; len(g) > 1 {
			s.words[i].group = g
		}
	}
	return s
}

// freq is the frequency in a text in which term i stands at positions[i].
func (s *sloppyPhrase) freq(positions [][]int) float64 {
	for i := range s.words {
		w := &s.words[i]
		w.positions, w.next = positions[w.term], 0
		if len(w.positions) == 0 {
			return 0
		}
	}
	if !s.start() {
		return 0
	}
	sum := 0.0
	for going := true; going; {
		var distance int
		if distance, going = s.occurrence(); distance <= s.slop {
			sum += 1 / (1 + float64(distance))
		}
	}
	return sum
}

// start puts every word on its first position; the same words on their first, second and so on.
func (s *sloppyPhrase) start() bool {
	s.order, s.end = s.order[:0], -1<<62
	for i := range s.words {
		s.words[i].advance()
	}
	for i := range s.words {
		w := &s.words[i]
		if w.group == nil {
			continue
		}
		for range slices.Index(w.group, i) {
			if !w.advance() {
				return false
			}
		}
	}
	for i := range s.words {
		s.end = max(s.end, s.words[i].position)
		s.add(&s.words[i])
	}
	return true
}

// advance moves a word to its next position.
func (w *sloppyWord) advance() bool {
	if w.next == len(w.positions) {
		return false
	}
	w.position = w.positions[w.next] - w.offset
	w.next++
	return true
}

func (s *sloppyPhrase) advance(w *sloppyWord) bool {
	if !w.advance() {
		return false
	}
	s.end = max(s.end, w.position)
	return true
}

func compareWords(a, b *sloppyWord) int {
	return cmp.Or(cmp.Compare(a.position, b.position), cmp.Compare(a.offset, b.offset), cmp.Compare(a.number, b.number))
}

func (s *sloppyPhrase) add(w *sloppyWord) {
	at, _ := slices.BinarySearchFunc(s.order, w, compareWords)
	s.order = slices.Insert(s.order, at, w)
}

// take removes the word that stands first.
func (s *sloppyPhrase) take() *sloppyWord {
	w := s.order[0]
	s.order = slices.Delete(s.order, 0, 1)
	return w
}

// occurrence finds the next place where the distance cannot be made smaller by moving the first word on. more
// is false when the text ends there.
func (s *sloppyPhrase) occurrence() (distance int, more bool) {
	w := s.take()
	distance = s.end - w.position
	second := s.order[0].position
	for s.advance(w) {
		if w.group != nil && !s.resolve(w) {
			break
		}
		if w.position <= second {
			distance = min(distance, s.end-w.position)
			continue
		}
		s.add(w)
		if distance <= s.slop {
			return distance, true
		}
		w = s.take()
		second = s.order[0].position
		distance = s.end - w.position
	}
	return distance, false
}

// resolve moves words on until no two that are the same term stand on the same word of the text. w is not
// in the queue; the others that move are put into it anew.
func (s *sloppyPhrase) resolve(w *sloppyWord) bool {
	moved := map[int]bool{}
	at := w
	for {
		other := s.collision(at)
		if other == nil {
			break
		}
		at = lesserWord(at, other)
		if !s.advance(at) {
			return false
		}
		if at != w {
			moved[at.number] = true
		}
	}
	if len(moved) == 0 {
		return true
	}
	slices.SortFunc(s.order, compareWords)
	return true
}

// collision returns a word of the same term that stands on the same word of the text.
func (s *sloppyPhrase) collision(w *sloppyWord) *sloppyWord {
	for _, i := range w.group {
		if o := &s.words[i]; o != w && o.position+o.offset == w.position+w.offset {
			return o
		}
	}
	return nil
}

func lesserWord(a, b *sloppyWord) *sloppyWord {
	if a.position < b.position || a.position == b.position && a.offset < b.offset {
		return a
	}
	return b
}
