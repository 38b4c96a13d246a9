package datefmt

import (
	"errors"
	"fmt"
	"strings"
)

// maxPatternBytes bounds a pattern: real ones are below 60 bytes, and each letter costs one op per call.
const maxPatternBytes = 1024

// maxTextBytes bounds the text of one date. The longest printed form (full names, nanoseconds, a zone id) is below 100.
const maxTextBytes = 256

// Dialect tells whose meaning a pattern's letters have.
type Dialect uint8

const (
	// Joda is Joda-Time's DateTimeFormat, used by Logstash.
	Joda Dialect = iota
	// Java is java.time's DateTimeFormatter, used by Elasticsearch.
	Java
)

// Format is a compiled date pattern. It is immutable.
type Format struct {
	pattern string
	dialect Dialect
	ops     []op
	letters letterSet
	// language is nil for English.
	language *language
}

// op is one step of a Format: a field, a literal or an optional section.
type op struct {
	kind     opKind
	min, max int    // digits read for a number; count of letters for text and zones
	text     string // the literal
	section  []op   // the optional section
}

type opKind uint8

const (
	opLiteral opKind = iota
	opOptional
	opYear        // y Y u: min and max digits, min 2 and max 2 is a year of the century
	opMonth       // M as a number
	opMonthText   // MMM, MMMM
	opDay         // d
	opDayOfYear   // D
	opWeekYear    // x (Joda), Y (java.time)
	opWeek        // w, ISO 8601
	opWeekday     // e, Monday is 1
	opWeekdayText // E
	opEra         // G
	opHalfDay     // a
	opHour        // H, 0-23
	opHour24      // k, 1-24
	opHour12      // h, 1-12
	opHour11      // K, 0-11
	opMinute      // m
	opSecond      // s
	opFraction    // S
	opNano        // n
	opMillisOfDay // A
	opOffset      // Z X x O: max chooses the printed form, see offsetStyle
	opZoneName    // z
	opZoneID      // ZZZ (Joda), VV (java.time)
)

// letterSet remembers which fields a pattern has.
type letterSet uint8

const (
	hasYear letterSet = 1 << iota
	hasZone
)

// Compile reads a Joda-Time pattern. The error names the letter that is not understood and its place.
func Compile(pattern string) (*Format, error) { return compile(pattern, Joda) }

// CompileJava reads a java.time pattern. The error names the letter that is not understood and its place.
func CompileJava(pattern string) (*Format, error) { return compile(pattern, Java) }

// String returns the pattern.
func (f *Format) String() string { return f.pattern }

// HasYear tells whether the pattern has a year. Without one (as in syslog's "MMM d HH:mm:ss") the caller picks it, see
// [Format.ParseInYear].
func (f *Format) HasYear() bool { return f.letters&hasYear != 0 }

// HasZone tells whether the pattern has a zone or an offset outside or inside an optional section.
func (f *Format) HasZone() bool { return f.letters&hasZone != 0 }

func compile(pattern string, dialect Dialect) (*Format, error) {
	if pattern == "" {
		return nil, errors.New("date pattern is empty")
	}
	if len(pattern) > maxPatternBytes {
		return nil, fmt.Errorf("date pattern has %d bytes, the limit is %d", len(pattern), maxPatternBytes)
	}
	c := compiler{pattern: pattern, dialect: dialect}
	ops, err := c.section(false)
	if err != nil {
		return nil, fmt.Errorf("date pattern %q: %w", pattern, err)
	}
	return &Format{pattern: pattern, dialect: dialect, ops: ops, letters: c.letters}, nil
}

type compiler struct {
	pattern string
	pos     int
	depth   int
	dialect Dialect
	letters letterSet
}

// maxDepth bounds nested optional sections so that neither compiling nor parsing can exhaust the stack.
const maxDepth = 16

// section compiles up to the end of the pattern or, when nested, up to the closing bracket.
func (c *compiler) section(nested bool) ([]op, error) {
	var ops []op
	for c.pos < len(c.pattern) {
		ch := c.pattern[c.pos]
		switch {
		case ch == '\'':
			text, err := c.quoted()
			if err != nil {
				return nil, err
			}
			ops = appendLiteral(ops, text)
		case c.dialect == Java && ch == '[':
			inner, err := c.optional()
			if err != nil {
				return nil, err
			}
			ops = append(ops, inner)
		case c.dialect == Java && ch == ']':
			if !nested {
				return nil, fmt.Errorf("column %d: ] without [", c.pos+1)
			}
			c.pos++
			return fixAdjacent(ops), nil
		case isLetter(ch):
			n := c.run(ch)
			field, err := c.field(ch, n)
			if err != nil {
				return nil, fmt.Errorf("column %d: %w", c.pos+1, err)
			}
			c.pos += n
			ops = append(ops, field)
		default:
			ops = appendLiteral(ops, c.pattern[c.pos:c.pos+1])
			c.pos++
		}
	}
	if nested {
		return nil, errors.New("[ is not closed by ]")
	}
	return fixAdjacent(ops), nil
}

func (c *compiler) optional() (op, error) {
	if c.depth == maxDepth {
		return op{}, fmt.Errorf("column %d: more than %d optional sections inside each other", c.pos+1, maxDepth)
	}
	c.pos++
	c.depth++
	inner, err := c.section(true)
	c.depth--
	return op{kind: opOptional, section: inner}, err
}

// quoted reads a quoted text. Two quotes side by side stand for one quote, inside a quoted text and outside of it; both
// languages have no other escape.
func (c *compiler) quoted() (string, error) {
	start := c.pos
	c.pos++
	if strings.HasPrefix(c.pattern[c.pos:], "'") {
		c.pos++
		return "'", nil
	}
	var b strings.Builder
	for c.pos < len(c.pattern) {
		ch := c.pattern[c.pos]
		c.pos++
		if ch != '\'' {
			b.WriteByte(ch)
			continue
		}
		if !strings.HasPrefix(c.pattern[c.pos:], "'") {
			return b.String(), nil
		}
		b.WriteByte('\'')
		c.pos++
	}
	return "", fmt.Errorf("column %d: quote is not closed", start+1)
}

// run counts how often the letter at the position repeats.
func (c *compiler) run(ch byte) int {
	n := 1
	for c.pos+n < len(c.pattern) && c.pattern[c.pos+n] == ch {
		n++
	}
	return n
}

func isLetter(ch byte) bool { return 'a' <= ch && ch <= 'z' || 'A' <= ch && ch <= 'Z' }

func appendLiteral(ops []op, text string) []op {
	if n := len(ops); n > 0 && ops[n-1].kind == opLiteral {
		ops[n-1].text += text
		return ops
	}
	return append(ops, op{kind: opLiteral, text: text})
}

// fixAdjacent gives a number that another number follows directly (yyyyMMdd) its exact width, as both languages do:
// otherwise the year would swallow the month.
func fixAdjacent(ops []op) []op {
	for i := range len(ops) - 1 {
		if ops[i].isNumber() && ops[i+1].isNumber() && ops[i].max > ops[i].min {
			ops[i].max = ops[i].min
		}
	}
	return ops
}

func (o *op) isNumber() bool {
	switch o.kind {
	case opYear, opMonth, opDay, opDayOfYear, opWeekYear, opWeek, opWeekday, opHour, opHour24, opHour12, opHour11,
		opMinute, opSecond, opFraction, opNano, opMillisOfDay:
		return true
	}
	return false
}
