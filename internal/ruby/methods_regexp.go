package ruby

import (
	"strings"
	"unicode/utf8"
)

// matchRegex finds the first match and keeps it as $~.
func (fr *frame) matchRegex(re *regexValue, s string, from int) (*matchData, error) {
	if err := fr.step(); err != nil {
		return nil, err
	}
	loc, err := re.re.FindAt(s, from)
	if err != nil {
		return nil, raisef("RegexpError", "%v", err)
	}
	if loc == nil {
		fr.match = nil
		return nil, nil
	}
	fr.match = &matchData{re, s, append([]int(nil), loc...)}
	return fr.match, nil
}

// regexOf reads the expression of a match, given as a regex or a text.
func regexOf(fr *frame, v Value) (*regexValue, error) {
	switch v := v.(type) {
	case *regexValue:
		return v, nil
	case string:
		re, err := fr.host.Regexp(v, "")
		if err != nil {
			return nil, raisef("RegexpError", "%v", err)
		}
		return &regexValue{re, v, ""}, nil
	}
	return nil, typeErrorf("wrong argument type %s (expected Regexp)", nilOr(v))
}

// subjectOf reads the text of a match; nil has none and never matches.
func subjectOf(v Value) (string, bool, error) {
	switch v := v.(type) {
	case string:
		return v, true, nil
	case Symbol:
		return string(v), true, nil
	case nil:
		return "", false, nil
	}
	return "", false, typeErrorf("no implicit conversion of %s into String", className(v))
}

func match(fr *frame, pattern, subject Value) (*matchData, error) {
	re, err := regexOf(fr, pattern)
	if err != nil {
		return nil, err
	}
	s, ok, err := subjectOf(subject)
	if !ok {
		fr.match = nil
		return nil, err
	}
	return fr.matchRegex(re, s, 0)
}

func matchIndex(fr *frame, pattern, subject Value) (Value, error) {
	if _, isText := pattern.(string); isText {
		return nil, typeErrorf("wrong argument type String (expected Regexp)")
	}
	m, err := match(fr, pattern, subject)
	if m == nil {
		return nil, err
	}
	return int64(runeLen(m.text[:m.loc[0]])), nil
}

func matchValue(fr *frame, pattern, subject Value) (Value, error) {
	m, err := match(fr, pattern, subject)
	if m == nil {
		return nil, err
	}
	return m, nil
}

// matchTest is match?, which leaves $~ alone.
func matchTest(fr *frame, pattern, subject Value) (Value, error) {
	before := fr.match
	m, err := match(fr, pattern, subject)
	fr.match = before
	return m != nil, err
}

var regexpMethods = table{
	"=~":     {1, 1, 0, func(c *call) (Value, error) { return matchIndex(c.fr, c.recv, c.args[0]) }},
	"match":  {1, 1, 0, func(c *call) (Value, error) { return matchValue(c.fr, c.recv, c.args[0]) }},
	"match?": {1, 1, 0, func(c *call) (Value, error) { return matchTest(c.fr, c.recv, c.args[0]) }},
	"source": {0, 0, 0, func(c *call) (Value, error) { return c.recv.(*regexValue).source, nil }},
	"names":  {0, 0, 0, func(c *call) (Value, error) { return textList(c.fr, groupNames(c.recv.(*regexValue))) }},
}

func groupNames(re *regexValue) []string {
	var names []string
	for _, n := range re.re.GroupNames() {
		if n != "" {
			names = append(names, n)
		}
	}
	return names
}

var matchMethods = table{
	"[]":             {1, 1, 0, func(c *call) (Value, error) { return groupOf(c.recv.(*matchData), c.args[0]) }},
	"captures":       {0, 0, 0, func(c *call) (Value, error) { return &Array{c.recv.(*matchData).groups()}, nil }},
	"to_a":           {0, 0, 0, func(c *call) (Value, error) { return &Array{allGroups(c.recv.(*matchData))}, nil }},
	"names":          {0, 0, 0, func(c *call) (Value, error) { return textList(c.fr, groupNames(c.recv.(*matchData).re)) }},
	"named_captures": {0, 0, 0, namedCaptures},
	"pre_match":      {0, 0, 0, func(c *call) (Value, error) { m := c.recv.(*matchData); return m.text[:m.loc[0]], nil }},
	"post_match":     {0, 0, 0, func(c *call) (Value, error) { m := c.recv.(*matchData); return m.text[m.loc[1]:], nil }},
	"begin": {1, 1, 0, func(c *call) (Value, error) {
		m := c.recv.(*matchData)
		n, err := intArg(c.args[0])
		if err != nil || m.group(int(n)) == nil {
			return nil, err
		}
		return int64(runeLen(m.text[:m.loc[2*n]])), nil
	}},
}

func allGroups(m *matchData) []Value { return append([]Value{m.group(0)}, m.groups()...) }

// groupOf finds a group by number, name or symbol.
func groupOf(m *matchData, key Value) (Value, error) {
	if n, ok := key.(int64); ok {
		if n < 0 {
			n += int64(len(m.loc) / 2)
		}
		return m.group(int(min(n, int64(len(m.loc))))), nil
	}
	name, err := nameArg(key)
	if err != nil {
		return nil, err
	}
	v, known := m.named(name)
	if !known {
		return nil, raisef("IndexError", "undefined group name reference: %s", name)
	}
	return v, nil
}

func namedCaptures(c *call) (Value, error) {
	m, h := c.recv.(*matchData), NewHash()
	for _, name := range groupNames(m.re) {
		v, _ := m.named(name)
		h.Set(name, v)
	}
	return h, nil
}

// nextAfter is where the search goes on after a match: behind it, and behind one character more when it
// was empty.
func nextAfter(s string, loc []int) int {
	if loc[1] > loc[0] {
		return loc[1]
	}
	_, n := utf8.DecodeRuneInString(s[loc[1]:])
	return loc[1] + max(n, 1)
}

// eachMatch calls visit for every match from left to right.
func eachMatch(fr *frame, re *regexValue, s string, visit func(*matchData) error) error {
	for from := 0; from <= len(s); {
		m, err := fr.matchRegex(re, s, from)
		if err != nil || m == nil {
			return err
		}
		if err := visit(m); err != nil {
			return err
		}
		from = nextAfter(s, m.loc)
	}
	return nil
}

func scanText(c *call) (Value, error) {
	re, err := literalRegex(c.fr, c.args[0])
	if err != nil {
		return nil, err
	}
	found := &Array{}
	err = eachMatch(c.fr, re, str(c), func(m *matchData) error {
		v := m.group(0)
		if len(m.loc) > 2 {
			v = &Array{m.groups()}
		}
		if c.block != nil {
			_, err := c.block.call(v)
			return err
		}
		found.Items = append(found.Items, v)
		return c.fr.grow(16)
	})
	if c.block != nil {
		return c.recv, err
	}
	return found, err
}

// literalRegex is regexOf for sub, gsub, scan and split, where a text means itself.
func literalRegex(fr *frame, v Value) (*regexValue, error) {
	if s, ok := v.(string); ok {
		return &regexValue{re: literalText(s), source: s}, nil
	}
	return regexOf(fr, v)
}

// literalText is a text as an expression that matches just itself.
type literalText string

// FindAt finds the text.
func (t literalText) FindAt(s string, from int) ([]int, error) {
	at := strings.Index(s[from:], string(t))
	if at < 0 {
		return nil, nil
	}
	return []int{from + at, from + at + len(t)}, nil
}

// GroupNames is empty: a text has no groups.
func (literalText) GroupNames() []string { return nil }

// substitute is sub and gsub: with a replacement text, a hash of replacements, or a block.
func substitute(c *call, all bool) (Value, error) {
	if len(c.args) == 1 && c.block == nil {
		return nil, argumentErrorf("wrong number of arguments (given 1, expected 2)")
	}
	re, err := literalRegex(c.fr, c.args[0])
	if err != nil {
		return nil, err
	}
	s := str(c)
	var b strings.Builder
	copied := 0
	var stop error = &jump{}
	err = eachMatch(c.fr, re, s, func(m *matchData) error {
		with, err := replacement(c, m)
		if err != nil {
			return err
		}
		start := max(m.loc[0], copied) // \K and look-behind cannot reach back into what is replaced
		if err := c.fr.grow(start - copied + len(with)); err != nil {
			return err
		}
		b.WriteString(s[copied:start])
		b.WriteString(with)
		copied = max(m.loc[1], start)
		if !all {
			return stop
		}
		return nil
	})
	if err != nil && err != stop {
		return nil, err
	}
	b.WriteString(s[copied:])
	return b.String(), c.fr.grow(len(s) - copied)
}

func replacement(c *call, m *matchData) (string, error) {
	if len(c.args) == 1 {
		v, err := c.block.call(m.group(0))
		if err != nil {
			return "", err
		}
		return c.fr.toS(v)
	}
	if h, ok := c.args[1].(*Hash); ok {
		v, _ := h.Get(m.group(0))
		return c.fr.toS(v)
	}
	template, err := textArg(c.args[1])
	if err != nil || !strings.Contains(template, `\`) {
		return template, err
	}
	return expandReplacement(template, m)
}

// expandReplacement puts groups in place of \1, \0, \& and \k<name>; \\ is a backslash.
func expandReplacement(template string, m *matchData) (string, error) {
	var b strings.Builder
	for i := 0; i < len(template); i++ {
		if template[i] != '\\' || i+1 == len(template) {
			b.WriteByte(template[i])
			continue
		}
		i++
		var group Value
		switch c := template[i]; {
		case isDigit(c):
			group = m.group(int(c - '0'))
		case c == '&':
			group = m.group(0)
		case c == '`':
			group = m.text[:m.loc[0]]
		case c == '\'':
			group = m.text[m.loc[1]:]
		case c == '\\':
			group = `\`
		case c == 'k' && strings.HasPrefix(template[i+1:], "<") && strings.Contains(template[i:], ">"):
			end := i + strings.IndexByte(template[i:], '>')
			v, err := groupOf(m, template[i+2:end])
			if err != nil {
				return "", err
			}
			group, i = v, end
		default:
			group = template[i-1 : i+1]
		}
		if s, ok := group.(string); ok {
			b.WriteString(s)
		}
	}
	return b.String(), nil
}

// splitText is split: by white space, a text or an expression, whose groups stay in the result.
func splitText(c *call) (Value, error) {
	limit := int64(0)
	if len(c.args) == 2 {
		var err error
		if limit, err = intArg(c.args[1]); err != nil {
			return nil, err
		}
	}
	s := str(c)
	var parts []string
	switch sep := c.arg(0).(type) {
	case nil:
		parts = splitSpace(s, limit)
	case string:
		if sep == " " {
			parts = splitSpace(s, limit)
		} else if limit > 0 {
			parts = strings.SplitN(s, sep, int(min(limit, int64(len(s))+1)))
		} else {
			parts = strings.Split(s, sep)
		}
	default:
		var err error
		if parts, err = splitByRegex(c.fr, c.args[0], s, limit); err != nil {
			return nil, err
		}
	}
	if limit == 0 {
		for len(parts) > 0 && parts[len(parts)-1] == "" {
			parts = parts[:len(parts)-1]
		}
	}
	return textList(c.fr, parts)
}

func splitSpace(s string, limit int64) []string {
	if limit <= 0 {
		parts := strings.Fields(s)
		if limit < 0 && s != strings.TrimRight(s, " \t\n\v\f\r") {
			parts = append(parts, "")
		}
		return parts
	}
	var parts []string
	for s = strings.TrimLeft(s, " \t\n\v\f\r"); s != ""; s = strings.TrimLeft(s, " \t\n\v\f\r") {
		at := strings.IndexAny(s, " \t\n\v\f\r")
		if at < 0 || int64(len(parts)) == limit-1 {
			return append(parts, s)
		}
		parts, s = append(parts, s[:at]), s[at:]
	}
	return parts
}

func splitByRegex(fr *frame, sep Value, s string, limit int64) ([]string, error) {
	re, err := regexOf(fr, sep)
	if err != nil || s == "" {
		return nil, err
	}
	var parts []string
	copied := 0
	var stop error = &jump{}
	err = eachMatch(fr, re, s, func(m *matchData) error {
		if limit > 0 && int64(len(parts)) >= limit-1 {
			return stop
		}
		if m.loc[1] == m.loc[0] && (m.loc[0] == copied || m.loc[0] == len(s)) {
			return nil // an empty match splits between characters, not before the first
		}
		parts = append(parts, s[copied:max(m.loc[0], copied)])
		for _, g := range m.groups() {
			if t, ok := g.(string); ok {
				parts = append(parts, t)
			}
		}
		copied = max(m.loc[1], copied)
		return fr.grow(16)
	})
	if err != nil && err != stop {
		return nil, err
	}
	return append(parts, s[copied:]), nil
}
