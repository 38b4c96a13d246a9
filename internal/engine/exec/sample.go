package exec

import (
	"cmp"
	"slices"
)

// sampled is a document that may be in a sample.
type sampled struct {
	score       float64
	source, row int
	value       uint64 // stands for the value of which there may be only so many
}

// sampledBytes is what one takes.
const sampledBytes = 32

// sample are the documents of one index with the best scores, of each value only so many. What two samples of parts of
// the documents leave out is not in the sample of all, so they merge. It is for one goroutine.
type sample struct {
	acct           *account
	size, perValue int
	list           []sampled
	sorted         int // how many of the list are in order already and obey the limits
}

// spareSampled is how many documents are gathered before the list is put in order.
const spareSampled = 1024

// before orders documents: the best score first, then in order of arrival.
func (a *sampled) before(b *sampled) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.source, b.source), cmp.Compare(a.row, b.row))
}

func (s *sample) add(one sampled) error {
	if s.sorted == s.size && s.list[s.size-1].before(&one) < 0 {
		return nil
	}
	if err := s.acct.grow(sampledBytes); err != nil {
		return err
	}
	s.list = append(s.list, one)
	if len(s.list) >= s.sorted+spareSampled {
		s.cut()
	}
	return nil
}

// cut puts the list in order and leaves out what is too much.
func (s *sample) cut() {
	was := len(s.list)
	slices.SortFunc(s.list, func(a, b sampled) int { return a.before(&b) })
	if s.perValue > 0 {
		seen := make(map[uint64]int, min(len(s.list), s.size))
		kept := s.list[:0]
		for _, one := range s.list {
			if seen[one.value]++; seen[one.value] <= s.perValue {
				if kept = append(kept, one); len(kept) == s.size {
					break
				}
			}
		}
		s.list = kept
	}
	s.list = s.list[:min(len(s.list), s.size)]
	s.sorted = len(s.list)
	s.acct.shrink((was - len(s.list)) * sampledBytes)
}

func (s *sample) merge(o *sample) error {
	for _, one := range o.list {
		if err := s.add(one); err != nil {
			return err
		}
	}
	return nil
}

// best returns the sample in order of row.
func (s *sample) best() []sampled {
	s.cut()
	list := slices.Clone(s.list)
	slices.SortFunc(list, func(a, b sampled) int { return cmp.Or(cmp.Compare(a.source, b.source), cmp.Compare(a.row, b.row)) })
	return list
}
