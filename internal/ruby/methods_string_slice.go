package ruby

import (
	"strings"
)

// byteOffset turns a position in characters into one in bytes, -1 past the end.
func byteOffset(s string, chars int) int {
	if chars == 0 {
		return 0
	}
	for i := range s {
		if chars == 0 {
			return i
		}
		chars--
	}
	if chars == 0 {
		return len(s)
	}
	return -1
}

// span resolves a start and a length in characters, negative starts counting from the end.
func span(length int, start, count int64) (from, to int, ok bool) {
	if start < 0 {
		start += int64(length)
	}
	if start < 0 || start > int64(length) || count < 0 {
		return 0, 0, false
	}
	return int(start), int(start + min(count, int64(length)-start)), true
}

// rangeSpan resolves a range of positions.
func rangeSpan(length int, r *Range) (from, to int, ok bool, err error) {
	low, high := int64(0), int64(-1)
	if r.Low != nil {
		if low, err = intArg(r.Low); err != nil {
			return 0, 0, false, err
		}
	}
	exclusive := r.Exclusive
	if r.High != nil {
		if high, err = intArg(r.High); err != nil {
			return 0, 0, false, err
		}
	} else {
		exclusive = false
	}
	if high < 0 {
		high += int64(length)
	}
	if exclusive {
		high--
	}
	if low < 0 {
		low += int64(length)
	}
	if low < 0 || low > int64(length) {
		return 0, 0, false, nil
	}
	from, to, ok = span(length, low, max(0, high-low+1))
	return from, to, ok, nil
}

func cutRunes(s string, from, to int) string {
	if len(s) == runeLen(s) {
		return s[from:to]
	}
	return s[byteOffset(s, from):byteOffset(s, to)]
}

func sliceText(c *call) (Value, error) {
	s := str(c)
	length := runeLen(s)
	switch a := c.args[0].(type) {
	case *Range:
		from, to, ok, err := rangeSpan(length, a)
		if err != nil || !ok {
			return nil, err
		}
		return cutRunes(s, from, to), nil
	case string:
		if strings.Contains(s, a) {
			return a, nil
		}
		return nil, nil
	case *regexValue:
		return sliceByRegex(c, a, s)
	}
	start, err := intArg(c.args[0])
	if err != nil {
		return nil, err
	}
	count := int64(1)
	if len(c.args) == 2 {
		if count, err = intArg(c.args[1]); err != nil {
			return nil, err
		}
	}
	from, to, ok := span(length, start, count)
	if !ok || len(c.args) == 1 && from == to {
		return nil, nil
	}
	return cutRunes(s, from, to), nil
}

func sliceByRegex(c *call, re *regexValue, s string) (Value, error) {
	m, err := c.fr.matchRegex(re, s, 0)
	if err != nil || m == nil {
		return nil, err
	}
	if len(c.args) == 1 {
		return m.group(0), nil
	}
	return groupOf(m, c.args[1])
}

func indexText(c *call) (Value, error) {
	s, from := str(c), 0
	if len(c.args) == 2 {
		n, err := intArg(c.args[1])
		if err != nil {
			return nil, err
		}
		start, _, ok := span(runeLen(s), n, 0)
		if !ok {
			return nil, nil
		}
		from = byteOffset(s, start)
	}
	at := -1
	if re, ok := c.args[0].(*regexValue); ok {
		m, err := c.fr.matchRegex(re, s, from)
		if err != nil {
			return nil, err
		}
		if m != nil {
			at = m.loc[0]
		}
	} else {
		sub, err := textArg(c.args[0])
		if err != nil {
			return nil, err
		}
		if at = strings.Index(s[from:], sub); at >= 0 {
			at += from
		}
	}
	if at < 0 {
		return nil, nil
	}
	return int64(runeLen(s[:at])), nil
}

func rindexText(c *call) (Value, error) {
	sub, err := textArg(c.args[0])
	if err != nil {
		return nil, err
	}
	at := strings.LastIndex(str(c), sub)
	if at < 0 {
		return nil, nil
	}
	return int64(runeLen(str(c)[:at])), nil
}

func partitionText(c *call) (Value, error) {
	s := str(c)
	from, to := -1, -1
	if re, ok := c.args[0].(*regexValue); ok {
		m, err := c.fr.matchRegex(re, s, 0)
		if err != nil {
			return nil, err
		}
		if m != nil {
			from, to = m.loc[0], m.loc[1]
		}
	} else {
		sep, err := textArg(c.args[0])
		if err != nil {
			return nil, err
		}
		from = strings.Index(s, sep)
		to = from + len(sep)
	}
	if from < 0 {
		return &Array{[]Value{s, "", ""}}, nil
	}
	return &Array{[]Value{s[:from], s[from:to], s[to:]}}, nil
}

func rpartitionText(c *call) (Value, error) {
	sep, err := textArg(c.args[0])
	if err != nil {
		return nil, err
	}
	s := str(c)
	at := strings.LastIndex(s, sep)
	if at < 0 {
		return &Array{[]Value{"", "", s}}, nil
	}
	return &Array{[]Value{s[:at], sep, s[at+len(sep):]}}, nil
}
