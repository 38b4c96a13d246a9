package ingest

import (
	"elkhorn/internal/engine/segment"
)

// objectArray reads an array in the place of an object.
func (w *walker) objectArray(n *node, depth int) error {
	if depth >= maxDepth {
		return w.tooDeep()
	}
	if n.single != nil {
		if done, err := w.scalarList(n.single, n); done || err != nil {
			return err
		}
	}
	w.pos++
	if w.space() == ']' {
		w.pos++
		return nil
	}
	for {
		w.space()
		if err := w.value(n, depth); err != nil {
			return err
		}
		more, err := w.comma(']')
		if err != nil || !more {
			return err
		}
	}
}

// scalarList reads an array as one hole, when it holds only scalars and is written in one of the two
// usual styles; otherwise it reads nothing and answers false. Where the array stands in place of nested
// objects, each value is one.
func (w *walker) scalarList(f *field, each *node) (bool, error) {
	start, leaves, scratch, ignored := w.pos, len(w.leaves), len(w.scratch), len(w.ignored)
	mark, ok := w.listStyle()
	if !ok {
		return false, nil
	}
	w.pos = start + 1
	for w.data[w.pos] != ']' {
		switch w.data[w.pos] {
		case ',', ' ':
			w.pos++
			continue
		}
		if each != nil && w.data[w.pos] != 'n' {
			if err := w.openPlain(each); err != nil {
				return false, err
			}
		}
		if err := w.scalar(f, w.data[w.pos]); err != nil {
			w.leaves, w.scratch, w.ignored = w.leaves[:leaves], w.scratch[:scratch], w.ignored[:ignored]
			return false, err
		}
	}
	w.pos++
	w.leaves = append(w.leaves, leaf{field: f, format: segment.FormatEnd})
	w.hole(mark, f, start)
	return true, nil
}

// listStyle looks at the array at pos and tells in which style it is written, if it is of scalars.
func (w *walker) listStyle() (mark byte, ok bool) {
	s := scanner{data: w.data, pos: w.pos + 1}
	if s.pos < len(s.data) && s.data[s.pos] == ']' {
		return segment.HoleList, true
	}
	for first := true; ; first = false {
		if s.pos >= len(s.data) {
			return 0, false
		}
		if c := s.data[s.pos]; c == '{' || c == '[' || c <= ' ' {
			return 0, false
		}
		if _, err := s.skip(0); err != nil || s.pos >= len(s.data) {
			return 0, false
		}
		if s.data[s.pos] == ']' {
			if first {
				mark = segment.HoleList
			}
			return mark, true
		}
		if s.data[s.pos] != ',' {
			return 0, false
		}
		s.pos++
		style := byte(segment.HoleList)
		if s.pos < len(s.data) && s.data[s.pos] == ' ' {
			style = segment.HoleSpacedList
			s.pos++
		}
		if first {
			mark = style
		} else if mark != style {
			return 0, false
		}
	}
}
