package pattern

import (
	"cmp"
	"slices"
	"unicode"
	"unicode/utf8"
)

// runeRange is the characters lo to hi, both included.
type runeRange struct{ lo, hi rune }

// set is a set of characters. ranges are sorted and do not touch; the rest is derived from them by finish for the
// machine's benefit.
type set struct {
	ranges []runeRange
	// bytes tells for each byte whether a member can begin with it.
	bytes byteSet
	// high tells what is known of members beyond ASCII without decoding.
	high highMembers
}

type highMembers uint8

const (
	highNone highMembers = iota
	highSome
	highAll
)

func newSet(ranges ...runeRange) *set {
	s := &set{ranges: ranges}
	return s.finish()
}

// finish sorts and joins the ranges and derives the byte table.
func (s *set) finish() *set {
	slices.SortFunc(s.ranges, func(a, b runeRange) int { return cmp.Compare(a.lo, b.lo) })
	joined := s.ranges[:0]
	for _, r := range s.ranges {
		if n := len(joined); n > 0 && r.lo <= joined[n-1].hi+1 {
			joined[n-1].hi = max(joined[n-1].hi, r.hi)
			continue
		}
		joined = append(joined, r)
	}
	s.ranges, s.bytes, s.high = joined, byteSet{}, highNone
	for _, r := range joined {
		for b := r.lo; b <= min(r.hi, unicode.MaxASCII); b++ {
			s.bytes.add(byte(b))
		}
		if r.hi > unicode.MaxASCII {
			s.high = highSome
		}
		if r.lo <= utf8.RuneSelf && r.hi == unicode.MaxRune {
			s.high = highAll
		}
	}
	if s.high != highNone {
		for b := utf8.RuneSelf; b < 256; b++ {
			s.bytes.add(byte(b))
		}
	}
	return s
}

func (s *set) contains(r rune) bool {
	_, found := slices.BinarySearchFunc(s.ranges, r, func(have runeRange, r rune) int {
		switch {
		case have.hi < r:
			return -1
		case have.lo > r:
			return 1
		}
		return 0
	})
	return found
}

// width is the number of bytes of the member that text has at pos, 0 when it has none there.
func (s *set) width(text string, pos int) int {
	if pos >= len(text) {
		return 0
	}
	b := text[pos]
	if b < utf8.RuneSelf {
		if s.bytes.has(b) {
			return 1
		}
		return 0
	}
	if s.high == highNone {
		return 0
	}
	r, n := utf8.DecodeRuneInString(text[pos:])
	if s.high == highAll || s.contains(r) {
		return n
	}
	return 0
}

func (s *set) negate() *set {
	var out []runeRange
	next := rune(0)
	for _, r := range s.ranges {
		if r.lo > next {
			out = append(out, runeRange{next, r.lo - 1})
		}
		next = r.hi + 1
	}
	if next <= unicode.MaxRune {
		out = append(out, runeRange{next, unicode.MaxRune})
	}
	return newSet(out...)
}

func (s *set) union(other *set) *set {
	return newSet(append(slices.Clone(s.ranges), other.ranges...)...)
}

func (s *set) intersect(other *set) *set {
	return s.negate().union(other.negate()).negate()
}

// maxFoldedRange bounds the work of folding one range; a wider range holds both cases of what it holds.
const maxFoldedRange = 4096

// fold adds the other cases of every member.
func (s *set) fold() *set {
	out := slices.Clone(s.ranges)
	for _, r := range s.ranges {
		if r.hi-r.lo > maxFoldedRange {
			continue
		}
		for c := r.lo; c <= r.hi; c++ {
			for f := unicode.SimpleFold(c); f != c; f = unicode.SimpleFold(f) {
				out = append(out, runeRange{f, f})
			}
		}
	}
	return newSet(out...)
}

// byteSet is a set of bytes.
type byteSet [4]uint64

var allBytes = byteSet{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)}

func (b *byteSet) add(c byte)      { b[c>>6] |= 1 << (c & 63) }
func (b *byteSet) has(c byte) bool { return b[c>>6]&(1<<(c&63)) != 0 }

func (b byteSet) or(other byteSet) byteSet {
	for i := range b {
		b[i] |= other[i]
	}
	return b
}

func (b byteSet) disjoint(other byteSet) bool {
	return b[0]&other[0]|b[1]&other[1]|b[2]&other[2]|b[3]&other[3] == 0
}

// The sets behind escapes. \d, \w, \s and \h are ASCII in Ruby unless (?u) asks otherwise; POSIX brackets and \p are
// Unicode.
var (
	anySet       = newSet(runeRange{0, unicode.MaxRune})
	notNewline   = newSet(runeRange{'\n', '\n'}).negate()
	digitASCII   = newSet(runeRange{'0', '9'})
	hexASCII     = newSet(runeRange{'0', '9'}, runeRange{'A', 'F'}, runeRange{'a', 'f'})
	wordASCII    = newSet(runeRange{'0', '9'}, runeRange{'A', 'Z'}, runeRange{'_', '_'}, runeRange{'a', 'z'})
	spaceASCII   = newSet(runeRange{'\t', '\r'}, runeRange{' ', ' '})
	wordUnicode  = tableSet(unicode.L, unicode.M, unicode.Nd, unicode.Pc)
	digitUnicode = tableSet(unicode.Nd)
	spaceUnicode = tableSet(unicode.White_Space)
)

func tableSet(tables ...*unicode.RangeTable) *set {
	s := &set{}
	for _, t := range tables {
		for _, r := range t.R16 {
			s.addStride(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
		for _, r := range t.R32 {
			s.addStride(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
	}
	return s.finish()
}

func (s *set) addStride(lo, hi, stride rune) {
	if stride == 1 {
		s.ranges = append(s.ranges, runeRange{lo, hi})
		return
	}
	for c := lo; c <= hi; c += stride {
		s.ranges = append(s.ranges, runeRange{c, c})
	}
}

// namedSet finds a property of \p{...} or a POSIX bracket by its name, without regard to case, blanks, _ and -.
func namedSet(name string) *set {
	key := propertyKey(name)
	switch key {
	case "alpha":
		return tableSet(unicode.L, unicode.M, unicode.Nl, unicode.Other_Alphabetic)
	case "digit":
		return digitUnicode
	case "alnum":
		return tableSet(unicode.L, unicode.M, unicode.Nl, unicode.Nd, unicode.Other_Alphabetic)
	case "upper":
		return tableSet(unicode.Lu, unicode.Other_Uppercase)
	case "lower":
		return tableSet(unicode.Ll, unicode.Other_Lowercase)
	case "space":
		return spaceUnicode
	case "blank":
		return tableSet(unicode.Zs).union(newSet(runeRange{'\t', '\t'}))
	case "punct":
		return tableSet(unicode.P).union(newSet(runeRange{'$', '$'}, runeRange{'+', '+'}, runeRange{'<', '>'},
			runeRange{'^', '^'}, runeRange{'`', '`'}, runeRange{'|', '|'}, runeRange{'~', '~'}))
	case "cntrl":
		return tableSet(unicode.Cc)
	case "graph":
		return spaceUnicode.union(tableSet(unicode.Cc, unicode.Cs)).negate().intersect(assigned())
	case "print":
		return spaceUnicode.union(tableSet(unicode.Cc, unicode.Cs)).negate().intersect(assigned()).union(tableSet(unicode.Zs))
	case "word":
		return wordUnicode
	case "xdigit":
		return hexASCII
	case "ascii":
		return newSet(runeRange{0, unicode.MaxASCII})
	case "any":
		return anySet
	}
	for alias, category := range unicode.CategoryAliases {
		if propertyKey(alias) == key {
			return tableSet(unicode.Categories[category])
		}
	}
	for _, tables := range []map[string]*unicode.RangeTable{unicode.Categories, unicode.Scripts, unicode.Properties} {
		for have, table := range tables {
			if propertyKey(have) == key {
				return tableSet(table)
			}
		}
	}
	return nil
}

func assigned() *set {
	return tableSet(unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.C)
}

func propertyKey(name string) string {
	key := make([]byte, 0, len(name))
	for i := range len(name) {
		switch c := name[i]; {
		case c == ' ' || c == '_' || c == '-':
		case 'A' <= c && c <= 'Z':
			key = append(key, c|0x20)
		default:
			key = append(key, c)
		}
	}
	return string(key)
}

// posixNames are the names that [:name:] can have.
var posixNames = []string{"alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
	"space", "upper", "word", "xdigit"}
