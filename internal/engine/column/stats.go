package column

import "math"

// StatsOf computes the bounds of a block's values.
func StatsOf(b *Block) Stats {
	var s Stats
	first := true
	visit := func(lo, hi int) {
		switch b.Kind {
		case Int64:
			for _, v := range b.Ints[lo:hi] {
				if first {
					s.MinInt, s.MaxInt, first = v, v, false
				}
				s.MinInt, s.MaxInt = min(s.MinInt, v), max(s.MaxInt, v)
			}
		case Float64:
			s.boundFloats(b.Floats[lo:hi], &first)
		case Ordinal:
			for _, v := range b.Ords[lo:hi] {
				if first {
					s.MinOrd, s.MaxOrd, first = v, v, false
				}
				s.MinOrd, s.MaxOrd = min(s.MinOrd, v), max(s.MaxOrd, v)
			}
		}
		s.HasValues = s.HasValues || hi > lo
	}
	if b.Present == nil {
		visit(0, b.Values())
		return s
	}
	for r := b.Present.Next(0); r >= 0; r = b.Present.Next(r + 1) {
		visit(r, r+1)
	}
	return s
}

// boundFloats widens the bounds by the values that are numbers. A block of NaN alone has bounds that
// hold nothing.
func (s *Stats) boundFloats(values []float64, first *bool) {
	for _, v := range values {
		if *first {
			s.MinFloat, s.MaxFloat, *first = math.Inf(1), math.Inf(-1), false
		}
		if v < s.MinFloat {
			s.MinFloat = v
		}
		if v > s.MaxFloat {
			s.MaxFloat = v
		}
	}
}
