package datefmt

import (
	"errors"
	"time"
)

// ErrNotISO8601 says that a text is no ISO 8601 date. It carries no text so that trying it costs nothing.
var ErrNotISO8601 = errors.New("text is not an ISO 8601 date")

// ParseISO8601 reads the ISO 8601 forms that logs use:
//
//	2026                                  a year, a month, a day
//	2026-12 2026-12-25 20261225
//	2026-360 2026-W52-5                   day of the year, week date
//	2026-12-25T14:32 2026-12-25 14        T, t or one blank; hours alone, minutes, seconds
//	2026-12-25T14:32:18.456789123Z        1 to 9 digits after a point or comma
//	2026-12-25T14:32:18,456 +0100         Z, +01, +0100, +01:00, +01:00:00, one blank before it allowed
//	20261225T143218Z                      the same without marks
//
// Digits past the ninth are dropped. A date whose time lies past midnight as 24:00 is the next day. loc is the zone when
// the text has none (nil is UTC) and hasZone tells which it was. The result is in UTC. It does not allocate.
func ParseISO8601[T ~string | ~[]byte](text T, loc *time.Location) (t time.Time, hasZone bool, err error) {
	return parseISO8601(text, loc, false)
}

// ParseISO8601Joda is [ParseISO8601] with Joda-Time's meaning, which is Logstash's, of a time without a zone that the clocks
// of loc leave out when they are put forward: an error, where java.time puts the time forward too.
func ParseISO8601Joda[T ~string | ~[]byte](text T, loc *time.Location) (t time.Time, hasZone bool, err error) {
	return parseISO8601(text, loc, true)
}

func parseISO8601[T ~string | ~[]byte](text T, loc *time.Location, refuseGaps bool) (t time.Time, hasZone bool, err error) {
	if len(text) > maxTextBytes {
		return time.Time{}, false, ErrNotISO8601
	}
	v := values{month: 1, day: 1, half: -1, refuseGaps: refuseGaps}
	pos, basic, ok := readISODate(text, &v)
	if !ok {
		return time.Time{}, false, ErrNotISO8601
	}
	if pos < len(text) {
		if text[pos] != 'T' && text[pos] != 't' && text[pos] != ' ' {
			return time.Time{}, false, ErrNotISO8601
		}
		if pos++; pos < len(text) {
			if pos, ok = readISOTime(text, pos, basic, &v); !ok {
				return time.Time{}, false, ErrNotISO8601
			}
		}
	}
	if pos < len(text) && text[pos] == ' ' {
		pos++
	}
	if pos < len(text) {
		v.offsetSeconds, pos, ok = readOffset(text, pos)
		if !ok || pos != len(text) {
			return time.Time{}, false, ErrNotISO8601
		}
		v.hasOffset = true
	} else if len(text) > 0 && text[len(text)-1] == ' ' {
		return time.Time{}, false, ErrNotISO8601
	}
	if loc == nil {
		loc = time.UTC
	}
	dayAfter := v.hour == 24 && v.minute == 0 && v.second == 0 && v.nano == 0
	if dayAfter {
		v.hour = 0
	}
	t, reason := v.resolve(loc)
	if reason != "" {
		return time.Time{}, false, ErrNotISO8601
	}
	if dayAfter {
		t = t.Add(24 * time.Hour)
	}
	return t, v.hasOffset, nil
}

// readISODate reads the date part. basic tells that it was written without hyphens.
func readISODate[T ~string | ~[]byte](text T, v *values) (pos int, basic, ok bool) {
	digits := countDigits(text, 0, 9)
	switch {
	case digits == 8:
		v.year, v.month, v.day = number(text, 0, 4), number(text, 4, 2), number(text, 6, 2)
		return 8, true, true
	case digits != 4:
		return 0, false, false
	}
	v.year = number(text, 0, 4)
	if len(text) == 4 || text[4] != '-' {
		return 4, false, true
	}
	if len(text) > 5 && text[5] == 'W' {
		return readISOWeek(text, v)
	}
	switch countDigits(text, 5, 4) {
	case 3:
		v.set(opDayOfYear, number(text, 5, 3))
		return 8, false, true
	case 2:
		v.month = number(text, 5, 2)
		pos = 7
	case 1:
		v.month = number(text, 5, 1)
		pos = 6
	default:
		return 0, false, false
	}
	if pos == len(text) || text[pos] != '-' {
		return pos, false, pos == 7
	}
	n := countDigits(text, pos+1, 3)
	if n < 1 || n > 2 {
		return 0, false, false
	}
	v.day = number(text, pos+1, n)
	return pos + 1 + n, false, true
}

// readISOWeek reads -Www or -Www-d after the year.
func readISOWeek[T ~string | ~[]byte](text T, v *values) (pos int, basic, ok bool) {
	if countDigits(text, 6, 3) != 2 {
		return 0, false, false
	}
	v.set(opWeekYear, v.year)
	v.set(opWeek, number(text, 6, 2))
	if len(text) == 8 || text[8] != '-' {
		return 8, false, true
	}
	if countDigits(text, 9, 2) != 1 || text[9] == '0' {
		return 0, false, false
	}
	v.set(opWeekday, int(text[9]-'0'))
	return 10, false, true
}

// readISOTime reads hours, minutes and seconds with a fraction on the seconds.
func readISOTime[T ~string | ~[]byte](text T, pos int, basic bool, v *values) (int, bool) {
	digits := countDigits(text, pos, 3)
	if digits == 0 || digits > 2 && !basic {
		return pos, false
	}
	n := min(digits, 2)
	v.hour = number(text, pos, n)
	pos += n
	for _, field := range [...]*int{&v.minute, &v.second} {
		at := pos
		if at < len(text) && text[at] == ':' {
			at++
		} else if !basic || countDigits(text, at, 2) != 2 {
			return pos, true
		}
		part, ok := twoDigits(text, at)
		if !ok {
			return pos, false
		}
		*field = part
		pos = at + 2
	}
	if pos < len(text) && (text[pos] == '.' || text[pos] == ',') {
		n := countDigits(text, pos+1, maxTextBytes)
		if n == 0 {
			return pos, false
		}
		kept := min(n, maxFractionDigits)
		v.nano = number(text, pos+1, kept) * pow10[maxFractionDigits-kept]
		pos += 1 + n
	}
	return pos, true
}

// countDigits counts the decimal digits from pos on, up to limit.
func countDigits[T ~string | ~[]byte](text T, pos, limit int) int {
	n := 0
	for n < limit && pos+n < len(text) && text[pos+n]-'0' <= 9 {
		n++
	}
	return n
}

// number reads n digits that are known to be there.
func number[T ~string | ~[]byte](text T, pos, n int) int {
	value := 0
	for i := pos; i < pos+n; i++ {
		value = value*10 + int(text[i]-'0')
	}
	return value
}
