package ruby

import "strings"

// charSet is a set of characters as tr, delete and count write it: a-z is a span, a leading ^ negates.
type charSet struct {
	list   []rune // in the order written, spans spread out
	negate bool
}

// maxSetSize bounds a set's spread-out length.
const maxSetSize = 1 << 16

func parseCharSet(v Value) (charSet, error) {
	s, err := textArg(v)
	if err != nil {
		return charSet{}, err
	}
	r := []rune(s)
	var set charSet
	if len(r) > 1 && r[0] == '^' {
		set.negate, r = true, r[1:]
	}
	for i := 0; i < len(r); i++ {
		switch {
		case r[i] == '\\' && i+1 < len(r):
			i++
			set.list = append(set.list, r[i])
		case i+2 < len(r) && r[i+1] == '-':
			if r[i+2] < r[i] || len(set.list)+int(r[i+2]-r[i]) > maxSetSize {
				return set, argumentErrorf("invalid range %q in string transliteration", string(r[i:i+3]))
			}
			for c := r[i]; c <= r[i+2]; c++ {
				set.list = append(set.list, c)
			}
			i += 2
		default:
			set.list = append(set.list, r[i])
		}
	}
	return set, nil
}

func (s charSet) has(r rune) bool {
	for _, c := range s.list {
		if c == r {
			return !s.negate
		}
	}
	return s.negate
}

func countChars(c *call) (Value, error) {
	set, err := parseCharSet(c.args[0])
	n := int64(0)
	for _, r := range str(c) {
		if set.has(r) {
			n++
		}
	}
	return n, err
}

func deleteChars(c *call) (Value, error) {
	set, err := parseCharSet(c.args[0])
	return strings.Map(func(r rune) rune {
		if set.has(r) {
			return -1
		}
		return r
	}, str(c)), err
}

func squeezeChars(c *call) (Value, error) {
	set := charSet{negate: true}
	if len(c.args) == 1 {
		var err error
		if set, err = parseCharSet(c.args[0]); err != nil {
			return nil, err
		}
	}
	last := rune(-1)
	return strings.Map(func(r rune) rune {
		if r == last && set.has(r) {
			return -1
		}
		last = r
		return r
	}, str(c)), nil
}

// translate is tr: the nth character of one set becomes the nth of the other, or its last.
func translate(c *call) (Value, error) {
	from, err := parseCharSet(c.args[0])
	if err != nil {
		return nil, err
	}
	to, err := parseCharSet(c.args[1])
	if err != nil {
		return nil, err
	}
	s := strings.Map(func(r rune) rune { return translated(r, from, to.list) }, str(c))
	return s, c.fr.grow(len(s))
}

func translated(r rune, from charSet, to []rune) rune {
	if !from.has(r) {
		return r
	}
	if len(to) == 0 {
		return -1
	}
	if from.negate {
		return to[len(to)-1]
	}
	for i, c := range from.list {
		if c == r {
			return to[min(i, len(to)-1)]
		}
	}
	return r
}
