package exec

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

// defaultRegexLength is Elasticsearch's default of index.max_regex_length.
const defaultRegexLength = 1000

func compileRegexp(c *compiler, q *query.Regexp) (node, error) {
	most := cmp.Or(c.fields.index.MaxRegexLength, defaultRegexLength)
	if n := utf8.RuneCountInString(q.Pattern); n > most {
		return nil, eserr.IllegalArgument("The length of regex [%d] used in the Regexp Query request has exceeded the allowed maximum of [%d]. "+
			"This maximum can be set by changing the [index.max_regex_length] index level setting.", n, most)
	}
	operators, err := readRegexpFlags(q.Flags)
	if err != nil {
		return nil, err
	}
	match, err := compileLuceneRegexp(c.normalized(q.Field, q.Pattern), operators, q.CaseInsensitive)
	if err != nil {
		return nil, err
	}
	return c.pattern(q, q.Field, stringTest{match: match}, q.Lenient)
}

// regexpOperators are Lucene's optional operators: the characters that are in force. Others are themselves.
type regexpOperators string

const allRegexpOperators regexpOperators = "~<&@#"

// regexpFlags are the operators by the names that "flags" gives them.
var regexpFlags = map[string]regexpOperators{"COMPLEMENT": "~", "INTERVAL": "<", "INTERSECTION": "&", "ANYSTRING": "@", "EMPTY": "#"}

func readRegexpFlags(flags string) (regexpOperators, error) {
	if flags == "" {
		return allRegexpOperators, nil
	}
	var out regexpOperators
	for name := range strings.SplitSeq(flags, "|") {
		if name == "" {
			continue
		}
		operator, ok := regexpFlags[strings.ToUpper(name)]
		switch {
		case strings.EqualFold(name, "ALL"):
			return allRegexpOperators, nil
		case strings.EqualFold(name, "NONE"):
			return "", nil
		case !ok:
			return "", eserr.IllegalArgument("Unknown regexp flag [%s]", name)
		}
		out += operator
	}
	return out, nil
}

func (o regexpOperators) have(c byte) bool { return strings.IndexByte(string(o), c) >= 0 }

// compileLuceneRegexp makes a test of a whole value of a Lucene regular expression. Complements and intersections are tests of
// tests; they may stand around whole alternatives, as in "a.*&~(.*b)", and are refused inside of others.
func compileLuceneRegexp(pattern string, operators regexpOperators, fold bool) (func([]byte) bool, error) {
	r := regexpReader{pattern: pattern, operators: operators, fold: fold}
	return r.union(pattern)
}

type regexpReader struct {
	pattern   string
	operators regexpOperators
	fold      bool
	depth     int
}

// maxRegexpDepth is how deep complements and groups of them may be nested: each level is read again by those around it.
const maxRegexpDepth = 100

// union reads alternatives.
func (r *regexpReader) union(text string) (func([]byte) bool, error) {
	if !r.combines(text) {
		return r.plain(text)
	}
	return r.join(text, '|', r.intersection, slices.ContainsFunc)
}

func (r *regexpReader) intersection(text string) (func([]byte) bool, error) {
	if !r.operators.have('&') {
		return r.complement(text)
	}
	return r.join(text, '&', r.complement, func(tests []func([]byte) bool, holds func(func([]byte) bool) bool) bool {
		return !slices.ContainsFunc(tests, func(test func([]byte) bool) bool { return !holds(test) })
	})
}

// join reads what an operator joins.
func (r *regexpReader) join(text string, operator byte, read func(string) (func([]byte) bool, error),
	combine func([]func([]byte) bool, func(func([]byte) bool) bool) bool) (func([]byte) bool, error) {
	var tests []func([]byte) bool
	for _, part := range r.split(text, operator) {
		test, err := read(part)
		if err != nil {
			return nil, err
		}
		tests = append(tests, test)
	}
	if len(tests) == 1 {
		return tests[0], nil
	}
	return func(v []byte) bool { return combine(tests, func(test func([]byte) bool) bool { return test(v) }) }, nil
}

// complement reads one operand: "~" and a group or a character, a group, or an expression without operators between tests.
func (r *regexpReader) complement(text string) (func([]byte) bool, error) {
	if r.depth++; r.depth > maxRegexpDepth {
		return nil, eserr.IllegalArgument("regexp [%s] is nested too deep", r.pattern)
	}
	defer func() { r.depth-- }()
	if r.operators.have('~') && strings.HasPrefix(text, "~") {
		rest := text[1:]
		if single := r.atom(rest); rest == "" || single != len(rest) && !strings.HasPrefix(rest, "~") {
			return nil, r.refused('~')
		}
		test, err := r.complement(rest)
		return func(v []byte) bool { return !test(v) }, err
	}
	if !r.combines(text) {
		return r.plain(text)
	}
	if strings.HasPrefix(text, "(") && r.atom(text) == len(text) {
		return r.union(text[1 : len(text)-1])
	}
	if strings.Contains(text, "~") && r.operators.have('~') {
		return nil, r.refused('~')
	}
	return nil, r.refused('&')
}

func (r *regexpReader) refused(operator byte) error {
	return eserr.IllegalArgument("regexp operator [%c] in [%s] is supported around whole alternatives only; write \\%c for the character itself", operator, r.pattern, operator)
}

// combines says whether a text has a complement or an intersection.
func (r *regexpReader) combines(text string) bool {
	for at := 0; at < len(text); {
		if c := text[at]; (c == '~' || c == '&') && r.operators.have(c) {
			return true
		}
		at += r.step(text[at:])
	}
	return false
}

// split takes a text apart at an operator outside of groups.
func (r *regexpReader) split(text string, operator byte) []string {
	var out []string
	depth, start := 0, 0
	for at := 0; at < len(text); {
		switch text[at] {
		case '(':
			depth++
		case ')':
			depth--
		case operator:
			if depth == 0 {
				out = append(out, text[start:at])
				start = at + 1
			}
		}
		at += r.step(text[at:])
	}
	return append(out, text[start:])
}

// atom is the length of the group or character that a text begins with.
func (r *regexpReader) atom(text string) int {
	depth := 0
	for at := 0; at < len(text); {
		switch text[at] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if at += r.step(text[at:]); depth <= 0 {
			return at
		}
	}
	return len(text) + 1 // a group that does not end
}

// step is the length of what is one thing whatever is in it: an escaped character, a class, a quoted text, or a character.
func (r *regexpReader) step(text string) int {
	switch text[0] {
	case '\\':
		if len(text) > 1 {
			return 2
		}
	case '"':
		if end := strings.IndexByte(text[1:], '"'); end >= 0 {
			return end + 2
		}
	case '[':
		for at := 1; at < len(text); at++ {
			switch text[at] {
			case '\\':
				at++
			case ']':
				return at + 1
			}
		}
		return len(text)
	}
	return 1
}

// plain compiles an expression without operators between tests.
func (r *regexpReader) plain(text string) (func([]byte) bool, error) {
	pattern, err := lucenePattern(text, r.operators)
	if err != nil {
		return nil, err
	}
	if r.fold {
		pattern = "(?i)" + pattern
	}
	re, err := regexp.Compile(`^(?s:` + pattern + `)$`)
	if err != nil {
		return nil, eserr.IllegalArgument("regexp [%s] cannot be read: %s", r.pattern, err)
	}
	return re.Match, nil
}

// lucenePattern turns a Lucene regular expression without complements and intersections into Go's syntax. Lucene has no anchors.
func lucenePattern(pattern string, operators regexpOperators) (string, error) {
	var out []byte
	class := false
	for i := 0; i < len(pattern); i++ {
		switch ch := pattern[i]; {
		case ch == '\\' && i+1 < len(pattern):
			i++
			if bytes.IndexByte([]byte("dDwWsS"), pattern[i]) >= 0 {
				out = append(out, '\\', pattern[i])
				continue
			}
			out = append(out, regexp.QuoteMeta(pattern[i:i+1])...)
		case class:
			class = ch != ']'
			if ch == '[' {
				out = append(out, '\\')
			}
			out = append(out, ch)
		case ch == '[':
			class = true
			out = append(out, ch)
		case ch == '^' || ch == '$':
			out = append(out, '\\', ch)
		case ch == '"':
			end := strings.IndexByte(pattern[i+1:], '"')
			if end < 0 {
				return "", eserr.IllegalArgument("expected '\"' at position %d", len(pattern))
			}
			out = append(out, `(?:`+regexp.QuoteMeta(pattern[i+1:i+1+end])+`)`...)
			i += end + 1
		case ch == '@' && operators.have('@'):
			out = append(out, `(?:.*)`...)
		case ch == '#' && operators.have('#'):
			out = append(out, noCharacter...)
		case ch == '<' && operators.have('<'):
			interval, length, err := numberInterval(pattern[i:])
			if err != nil {
				return "", err
			}
			out = append(out, interval...)
			i += length - 1
		default:
			out = append(out, ch)
		}
	}
	return string(out), nil
}

// noCharacter is an expression that nothing matches.
const noCharacter = `[^\x00-\x{10FFFF}]`

// numberInterval reads "<n-m>": the numbers from n to m in decimal. If both are written with as many digits, so are the numbers;
// else any zeros may stand before them.
func numberInterval(text string) (pattern string, length int, err error) {
	end := strings.IndexByte(text, '>')
	if end < 0 {
		return "", 0, eserr.IllegalArgument("expected '>' at position %d", len(text))
	}
	low, high, ok := strings.Cut(text[1:end], "-")
	from, errFrom := strconv.ParseInt(low, 10, 32)
	to, errTo := strconv.ParseInt(high, 10, 32)
	if !ok || errFrom != nil || errTo != nil || from < 0 || to < 0 {
		return "", 0, eserr.IllegalArgument("illegal interval <%s>: expected two numbers with '-' between them", text[1:end])
	}
	if from > to {
		from, to = to, from
	}
	if len(low) == len(high) {
		width := len(low)
		return "(?:" + digitsBetween(padded(from, width), padded(to, width)) + ")", end + 1, nil
	}
	var parts []string
	for width := len(strconv.FormatInt(from, 10)); width <= len(strconv.FormatInt(to, 10)); width++ {
		least, most := int64(1), int64(9)
		for range width - 1 {
			least, most = least*10, most*10+9
		}
		if width == 1 {
			least = 0
		}
		parts = append(parts, digitsBetween(padded(max(from, least), width), padded(min(to, most), width)))
	}
	return "(?:0*(?:" + strings.Join(parts, "|") + "))", end + 1, nil
}

func padded(n int64, width int) string {
	digits := strconv.FormatInt(n, 10)
	return strings.Repeat("0", max(0, width-len(digits))) + digits
}

// digitsBetween is an expression for the numbers from low to high, which have as many digits.
func digitsBetween(low, high string) string {
	if low == "" {
		return ""
	}
	first, last := low[0], high[0]
	if first == last {
		return low[:1] + "(?:" + digitsBetween(low[1:], high[1:]) + ")"
	}
	rest := len(low) - 1
	parts := []string{
		low[:1] + "(?:" + digitsBetween(low[1:], strings.Repeat("9", rest)) + ")",
		high[:1] + "(?:" + digitsBetween(strings.Repeat("0", rest), high[1:]) + ")",
	}
	if first+1 < last {
		parts = append(parts, "["+string(first+1)+"-"+string(last-1)+"][0-9]{"+strconv.Itoa(rest)+"}")
	}
	return strings.Join(parts, "|")
}
