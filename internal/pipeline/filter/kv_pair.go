package filter

import (
	"strings"
	"unicode/utf8"

	"elkhorn/internal/pattern"
	"elkhorn/internal/plugin"
)

// pairExpression finds the pairs of a text. It is one regular expression, which says what Logstash's says; for plain sets of
// characters to split at, the common case, the text is read without it, to the same result.
type pairExpression struct {
	whole      *pattern.Regexp
	valueSplit *pattern.Regexp
	values     []int // groups of which one has the value
	simple     bool
	scan       pairScanner // when simple
}

func newPairExpression(s *plugin.Settings) (*pairExpression, error) {
	fieldSplit, fieldGroups, err := splitExpression(s, "field_split")
	if err != nil {
		return nil, err
	}
	valueSplit, valueGroups, err := splitExpression(s, "value_split")
	if err != nil {
		return nil, err
	}
	if s.String("whitespace") == "lenient" {
		valueSplit = "(?: *" + valueSplit + " *)"
	}
	var b strings.Builder
	p := &pairExpression{}
	groups := 1
	if s.Has("value_split_pattern") || s.Has("field_split_pattern") {
		b.WriteString(until(valueSplit + "|" + fieldSplit))
		groups += valueGroups + fieldGroups
	} else {
		b.WriteString(untilOneOf(s.String("value_split") + s.String("field_split")))
	}
	b.WriteString(valueSplit)
	groups += valueGroups
	b.WriteString("(?:")
	brackets := []string{`""`, `''`}
	if s.Bool("include_brackets") {
		brackets = append(brackets, "()", "[]", "<>")
	}
	for _, pair := range brackets {
		open, end := pattern.Quote(pair[:1]), pattern.Quote(pair[1:])
		b.WriteString(open + untilOneOf(end) + "?" + end + "|")
		groups++
		p.values = append(p.values, groups)
	}
	if s.Has("field_split_pattern") {
		b.WriteString(until(fieldSplit))
	} else {
		b.WriteString(untilOneOf(s.String("field_split")))
	}
	p.values = append(p.values, groups+1)
	b.WriteString(")?(?:" + fieldSplit + "|$)")
	if p.whole, err = pattern.Compile(b.String()); err != nil {
		return nil, s.Errorf("field_split", "%v", err)
	}
	if p.valueSplit, err = pattern.Compile(valueSplit); err != nil {
		return nil, s.Errorf("value_split", "%v", err)
	}
	if timeout := s.Duration("timeout_millis"); timeout > 0 {
		p.whole = p.whole.WithTimeout(timeout)
	}
	p.scan, p.simple = newPairScanner(s)
	return p, nil
}

// splitExpression is a set of characters, or an expression of the block's own, and the number of its groups.
func splitExpression(s *plugin.Settings, option string) (string, int, error) {
	name, source := option+"_pattern", s.String(option+"_pattern")
	switch {
	case !s.Has(name):
		name, source = option, "["+s.String(option)+"]"
		if s.String(option) == "" {
			return "", 0, s.Errorf(option, "must not be empty")
		}
	case source == "":
		return "", 0, s.Errorf(name, "must not be empty")
	}
	re, err := pattern.Compile(source)
	if err != nil {
		return "", 0, s.Errorf(name, "%v", err)
	}
	for _, group := range re.GroupNames() {
		if group != "" {
			return "", 0, s.Errorf(name, "must not have named groups; write (?:…) for (?<%s>…)", group)
		}
	}
	return "(?:" + source + ")", re.NumGroups(), nil
}

// until captures what comes before an expression; a backslash takes the next character's meaning away.
func until(expression string) string { return `((?:(?!` + expression + `)(?:\\.|.))+)` }

// untilOneOf captures what comes before one of a set of characters.
func untilOneOf(set string) string { return `((?:\\.|[^` + set + `])+)` }

// each calls take with each pair in turn, until it returns false.
func (p *pairExpression) each(text string, take func(key, value string) bool) error {
	if p.simple && strings.IndexByte(text, '\\') < 0 {
		p.scan.each(text, take)
		return nil
	}
	if !p.valueSplit.Match(text) {
		return nil
	}
	return p.whole.Scan(text, func(bounds []int) bool {
		value := ""
		for _, group := range p.values {
			if at := bounds[2*group]; at >= 0 {
				value = text[at:bounds[2*group+1]]
				break
			}
		}
		return take(text[bounds[2]:bounds[3]], value)
	})
}

// pairScanner reads what the expression reads when both sets are of plain ASCII characters and the text has no backslash:
// then no step of the expression can take anything back.
type pairScanner struct {
	field, value [256]bool
	lenient      bool
	brackets     bool
}

// newPairScanner reports false when the block wants more than it can do.
func newPairScanner(s *plugin.Settings) (p pairScanner, ok bool) {
	if s.Has("value_split_pattern") || s.Has("field_split_pattern") {
		return p, false
	}
	p.lenient, p.brackets = s.String("whitespace") == "lenient", s.Bool("include_brackets")
	fields, values := s.String("field_split"), s.String("value_split")
	if strings.ContainsAny(fields+values, `[]^\-"'(<`) || strings.Count(fields+values, "&") > 1 || strings.ContainsAny(values, fields) {
		return p, false
	}
	for i := range len(fields) {
		p.field[fields[i]] = true
	}
	for i := range len(values) {
		p.value[values[i]] = true
	}
	return p, !strings.ContainsFunc(fields+values, func(r rune) bool { return r >= utf8.RuneSelf })
}

func (p *pairScanner) each(text string, take func(key, value string) bool) {
	for pos := 0; ; {
		for pos < len(text) && (p.field[text[pos]] || p.value[text[pos]]) {
			pos++
		}
		start := pos
		for pos < len(text) && !p.field[text[pos]] && !p.value[text[pos]] {
			pos++
		}
		key := text[start:pos]
		split, ok := p.split(text, pos)
		if !ok {
			if pos == len(text) {
				return
			}
			continue
		}
		value, end := p.valueAt(text, split)
		if !take(key, value) {
			return
		}
		pos = end
	}
}

// split passes over what stands between key and value, with the blanks around it.
func (p *pairScanner) split(text string, pos int) (end int, ok bool) {
	if !p.lenient {
		return pos + 1, pos < len(text) && p.value[text[pos]]
	}
	end = pos
	for end < len(text) && text[end] == ' ' {
		end++
	}
	switch {
	case end < len(text) && p.value[text[end]] && text[end] != ' ':
		end++
	case p.value[' '] && end > pos:
	default:
		return 0, false
	}
	for end < len(text) && text[end] == ' ' {
		end++
	}
	return end, true
}

// valueAt reads a value, and returns where the next key may begin.
func (p *pairScanner) valueAt(text string, pos int) (value string, end int) {
	if pos == len(text) {
		return "", pos
	}
	if closing := p.closing(text[pos]); closing != 0 {
		if n := strings.IndexByte(text[pos+1:], closing); n >= 0 {
			after := pos + 1 + n + 1
			switch {
			case after < len(text) && p.field[text[after]]:
				return text[pos+1 : after-1], after + 1
			case after == len(text) || text[after] == '\n':
				return text[pos+1 : after-1], after
			}
		}
	}
	end = pos
	for end < len(text) && !p.field[text[end]] {
		end++
	}
	return text[pos:end], min(end+1, len(text))
}

// closing is what ends a value that begins with c, 0 when c is no bracket.
func (p *pairScanner) closing(c byte) byte {
	switch {
	case c == '"' || c == '\'':
		return c
	case !p.brackets:
	case c == '(':
		return ')'
	case c == '[':
		return ']'
	case c == '<':
		return '>'
	}
	return 0
}
