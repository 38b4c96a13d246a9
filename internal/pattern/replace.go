package pattern

import (
	"math"
	"strings"
	"unicode/utf8"
)

// Replacement is the second argument of Ruby's gsub, compiled: \0 or \& is the match, \1 to \9 are groups, \k<name> is a
// named group, \\ is a backslash; anything else is itself.
type Replacement struct {
	parts []replacementPart
}

type replacementPart struct {
	text   string
	groups []int // when set, the last of these that took part in the match
}

// Replacement compiles the text that replaces matches of re. A name that no group has is an error.
func (re *Regexp) Replacement(text string) (*Replacement, error) {
	r := &Replacement{}
	var literal []byte
	flush := func() {
		if len(literal) > 0 {
			r.parts = append(r.parts, replacementPart{text: string(literal)})
			literal = nil
		}
	}
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			literal = append(literal, text[i])
			continue
		}
		i++
		switch c := text[i]; {
		case c == '&' || '0' <= c && c <= '9':
			flush()
			group := 0
			if c != '&' {
				group = int(c - '0')
			}
			if group < re.prog.groups {
				r.parts = append(r.parts, replacementPart{groups: []int{group}})
			}
		case c == 'k' && strings.HasPrefix(text[i:], "k<") && strings.IndexByte(text[i:], '>') > 0:
			end := i + strings.IndexByte(text[i:], '>')
			flush()
			groups := re.groupsNamed(text[i+2 : end])
			if len(groups) == 0 {
				return nil, &SyntaxError{Source: text, Offset: i - 1, Reason: "there is no group of this name"}
			}
			r.parts = append(r.parts, replacementPart{groups: groups})
			i = end
		case c == '\\':
			literal = append(literal, '\\')
		default:
			literal = append(literal, '\\', c)
		}
	}
	flush()
	return r, nil
}

func (re *Regexp) groupsNamed(name string) []int {
	var groups []int
	for i, have := range re.prog.names {
		if i > 0 && have == name {
			groups = append(groups, i)
		}
	}
	return groups
}

func (r *Replacement) append(dst []byte, text string, bounds []int) []byte {
	return r.appendWithin(dst, text, bounds, math.MaxInt)
}

// appendWithin ends early once dst is longer than most.
func (r *Replacement) appendWithin(dst []byte, text string, bounds []int, most int) []byte {
	for _, p := range r.parts {
		if len(dst) > most {
			return dst
		}
		if p.groups == nil {
			dst = append(dst, p.text...)
			continue
		}
		for i := len(p.groups) - 1; i >= 0; i-- {
			if g := p.groups[i]; bounds[2*g] >= 0 {
				dst = append(dst, text[bounds[2*g]:bounds[2*g+1]]...)
				break
			}
		}
	}
	return dst
}

// ReplaceAll replaces every match, as Ruby's gsub does. Text without a match is returned as it is. When a search is
// given up, the text comes back unchanged with the error.
func (re *Regexp) ReplaceAll(text string, with *Replacement) (string, error) {
	return re.ReplaceAllFunc(text, with.append)
}

// ReplaceWithin is ReplaceAll for a result of at most so many bytes; a longer one is ErrTooLong.
func (re *Regexp) ReplaceWithin(text string, with *Replacement, most int) (string, error) {
	return re.replace(text, most, func(dst []byte, text string, bounds []int) []byte { return with.appendWithin(dst, text, bounds, most) })
}

// ReplaceAllFunc replaces every match by what with appends to dst. bounds are as from [Regexp.Find], and only valid
// during the call.
func (re *Regexp) ReplaceAllFunc(text string, with func(dst []byte, text string, bounds []int) []byte) (string, error) {
	return re.replace(text, math.MaxInt, with)
}

func (re *Regexp) replace(text string, most int, with func(dst []byte, text string, bounds []int) []byte) (string, error) {
	m := newMachine(re.prog, text, re.timeout)
	defer m.release()
	var out []byte
	copied := 0 // text before it is in out
	for from := 0; from <= len(text); {
		found, err := m.find(from)
		if err != nil {
			return text, err
		}
		if !found {
			break
		}
		start, end := m.slots[0], m.slots[1]
		if start < copied { // \K or a look-behind cannot reach back into what is replaced
			start = copied
		}
		if out == nil {
			out = make([]byte, 0, len(text)+32)
		}
		out = append(out, text[copied:start]...)
		if out = with(out, text, m.slots[:2*re.prog.groups]); len(out) > most {
			return text, ErrTooLong
		}
		copied = max(end, start)
		from = copied
		if end <= start { // an empty match: go on behind the next character
			_, size := utf8.DecodeRuneInString(text[from:])
			from += max(size, 1)
		}
	}
	if out == nil {
		return text, nil
	}
	return string(append(out, text[copied:]...)), nil
}

// Scan calls each with the bounds of every match in turn, which are as from [Regexp.Find] and only valid during the call,
// until it returns false. The error is that of a search that was given up.
func (re *Regexp) Scan(text string, each func(bounds []int) bool) error {
	m := newMachine(re.prog, text, re.timeout)
	defer m.release()
	for from := 0; from <= len(text); {
		found, err := m.find(from)
		if !found {
			return err
		}
		from = max(m.slots[1], from)
		if m.slots[1] <= m.slots[0] { // an empty match: go on behind the next character
			_, size := utf8.DecodeRuneInString(text[from:])
			from += max(size, 1)
		}
		if !each(m.slots[:2*re.prog.groups]) {
			return nil
		}
	}
	return nil
}
