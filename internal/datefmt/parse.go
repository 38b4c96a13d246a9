package datefmt

import (
	"fmt"
	"time"
)

// ParseError tells where a text left its pattern.
type ParseError struct {
	Pattern string
	Text    string
	Offset  int    // bytes of Text that fit
	Reason  string // set when the text fits and the date does not exist
}

func (e *ParseError) Error() string {
	text := e.Text
	if len(text) > maxTextBytes {
		text = text[:maxTextBytes] + "..."
	}
	if e.Reason != "" {
		return fmt.Sprintf("date %q by pattern %q: %s", text, e.Pattern, e.Reason)
	}
	return fmt.Sprintf("date %q does not fit pattern %q from byte %d on", text, e.Pattern, e.Offset)
}

// Default years of a pattern without one: Joda's 2000 is a leap year, so February 29 stays readable; Elasticsearch fills
// in the start of the epoch.
const (
	jodaDefaultYear = 2000
	javaDefaultYear = 1970
)

// Parse reads the whole of text. loc gives the zone when the text names none; nil is UTC. The result is in UTC. Fields
// the pattern lacks have their first value (January, day 1, midnight). An error is a *ParseError.
func (f *Format) Parse(text string, loc *time.Location) (time.Time, error) {
	year := jodaDefaultYear
	if f.dialect == Java {
		year = javaDefaultYear
	}
	return f.ParseInYear(text, loc, year)
}

// ParseInYear is [Format.Parse] with the year to assume when the pattern has none.
func (f *Format) ParseInYear(text string, loc *time.Location, year int) (time.Time, error) {
	if len(text) > maxTextBytes {
		return time.Time{}, &ParseError{Pattern: f.pattern, Text: text, Offset: maxTextBytes}
	}
	v := values{year: year, month: 1, day: 1, half: -1, refuseGaps: f.dialect == Joda}
	end, ok := f.read(f.ops, text, 0, &v)
	if !ok || end != len(text) {
		return time.Time{}, &ParseError{Pattern: f.pattern, Text: text, Offset: end}
	}
	if loc == nil {
		loc = time.UTC
	}
	t, reason := v.resolve(loc)
	if reason != "" {
		return time.Time{}, &ParseError{Pattern: f.pattern, Text: text, Offset: end, Reason: reason}
	}
	return t, nil
}

// ParseNear is [Format.Parse] for a pattern without a year: it takes that of now, but for December read in January and January
// read in December.
func (f *Format) ParseNear(text string, loc *time.Location, now time.Time) (time.Time, error) {
	now = now.In(loc)
	t, err := f.ParseInYear(text, loc, now.Year())
	switch {
	case err != nil: // February 29 may only exist in a neighbouring year, which its month then rules out
		return t, err
	case t.In(loc).Month() == time.December && now.Month() == time.January:
		return f.ParseInYear(text, loc, now.Year()-1)
	case t.In(loc).Month() == time.January && now.Month() == time.December:
		return f.ParseInYear(text, loc, now.Year()+1)
	}
	return t, nil
}

// read runs ops over text from pos on. It returns the place reached and whether all of them fitted.
func (f *Format) read(ops []op, text string, pos int, v *values) (int, bool) {
	for i := range ops {
		o := &ops[i]
		switch o.kind {
		case opLiteral:
			if len(text)-pos < len(o.text) || text[pos:pos+len(o.text)] != o.text {
				return pos, false
			}
			pos += len(o.text)
		case opOptional:
			saved := *v
			if end, ok := f.read(o.section, text, pos, v); ok {
				pos = end
			} else {
				*v = saved
			}
		case opMonthText, opWeekdayText, opHalfDay, opEra:
			end, ok := f.readText(o, text, pos, v)
			if !ok {
				return pos, false
			}
			pos = end
		case opOffset, opZoneName, opZoneID:
			end, ok := readZone(o, text, pos, v)
			if !ok {
				return pos, false
			}
			pos = end
		default:
			end, ok := f.readNumber(o, text, pos, v)
			if !ok {
				return pos, false
			}
			pos = end
		}
	}
	return pos, true
}

func (f *Format) readNumber(o *op, text string, pos int, v *values) (int, bool) {
	start, negative := pos, false
	if (o.kind == opYear || o.kind == opWeekYear) && pos < len(text) && (text[pos] == '-' || text[pos] == '+') {
		negative = text[pos] == '-'
		pos++
	}
	n, digits := 0, 0
	for digits < o.max && pos < len(text) && '0' <= text[pos] && text[pos] <= '9' {
		n = n*10 + int(text[pos]-'0')
		pos++
		digits++
	}
	least := 1
	if f.dialect == Java {
		least = o.min
	}
	if digits < least {
		return start, false
	}
	switch {
	case o.kind == opFraction:
		n *= pow10[maxFractionDigits-digits]
	case o.max == 2 && digits == 2 && (o.kind == opYear || o.kind == opWeekYear) && !negative:
		n = f.fullYear(n)
	case negative:
		n = -n
	}
	v.set(o.kind, n)
	return pos, true
}

var pow10 = [...]int{1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000}

// fullYear gives a two-digit year its century: java.time takes 2000 to 2099, Joda the hundred years whose middle lies
// thirty years before now.
func (f *Format) fullYear(yy int) int {
	if f.dialect == Java {
		return 2000 + yy
	}
	first := time.Now().Year() - 30 - 50
	year := first - first%100 + yy
	if year < first {
		year += 100
	}
	return year
}

func (f *Format) readText(o *op, text string, pos int, v *values) (int, bool) {
	rest := text[pos:]
	if f.language != nil && (o.kind == opMonthText || o.kind == opWeekdayText) {
		return f.readForeign(o, rest, pos, v)
	}
	switch o.kind {
	case opMonthText:
		if i, n := matchName(monthNames[:], rest, f.dialect, o.max); n > 0 {
			v.set(opMonth, i+1)
			return pos + n, true
		}
	case opWeekdayText:
		if i, n := matchName(weekdayNames[:], rest, f.dialect, o.max); n > 0 {
			v.set(opWeekday, i+1)
			return pos + n, true
		}
	case opHalfDay:
		if len(rest) >= 2 && (rest[1]|0x20) == 'm' && ((rest[0]|0x20) == 'a' || (rest[0]|0x20) == 'p') {
			v.half = 0
			if rest[0]|0x20 == 'p' {
				v.half = 12
			}
			return pos + 2, true
		}
	case opEra:
		if len(rest) >= 2 && (hasFoldPrefix(rest, "ad") || hasFoldPrefix(rest, "bc")) {
			v.beforeChrist = rest[0]|0x20 == 'b'
			return pos + 2, true
		}
	}
	return pos, false
}

func (f *Format) readForeign(o *op, rest string, pos int, v *values) (int, bool) {
	names, field := f.language.months[:], opMonth
	if o.kind == opWeekdayText {
		names, field = f.language.days[:], opWeekday
	}
	i, n := matchForeign(names, rest)
	if n == 0 {
		return pos, false
	}
	v.set(field, i+1)
	return pos + n, true
}
