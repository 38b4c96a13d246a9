package dates

import (
	"strings"
	"time"

	"elkhorn/internal/datefmt"
)

// iso is the family of ISO 8601 formats: a date, a time of day after T, a zone.
// Each named format says which parts it wants.
type iso struct {
	// minDate and maxDate are the parts of the date that must and may be there:
	// 1 year, 2 month, 3 day; 0 and 0 for a time alone.
	minDate, maxDate int
	// minTime and maxTime are the parts of the time that must and may be there.
	minTime, maxTime precision
	// tPrefix wants a T before a time that has no date.
	tPrefix bool
	// bareT takes a T with nothing after it.
	bareT bool
	zone  zoneRule
	// strict wants four digits of the year and two of everything else.
	strict bool
	// basic has no separators within date and time.
	basic bool
	// fraction is the least number of digits written after the second.
	fraction int
}

type zoneRule uint8

const (
	noZone zoneRule = iota
	optionalZone
	wantZone
)

// reader walks over the text.
type reader struct {
	text string
	pos  int
}

// is consumes c if it is next.
func (r *reader) is(c byte) bool {
	if r.pos < len(r.text) && r.text[r.pos] == c {
		r.pos++
		return true
	}
	return false
}

func (r *reader) atDigit() bool {
	return r.pos < len(r.text) && '0' <= r.text[r.pos] && r.text[r.pos] <= '9'
}

// number reads between least and most digits.
func (r *reader) number(least, most int) (n int, ok bool) {
	start := r.pos
	for r.atDigit() && r.pos-start < most {
		n = n*10 + int(r.text[r.pos]-'0')
		r.pos++
	}
	return n, r.pos-start >= least
}

func (f *iso) read(text string) (v civil, ok bool) {
	r := reader{text: text}
	ok = f.readParts(&r, &v) && r.pos == len(text)
	return v, ok
}

func (f *iso) readParts(r *reader, v *civil) bool {
	if f.maxDate == 0 {
		v.year = 1970
	} else if !f.readDate(r, v) {
		return false
	}
	if f.maxTime > toDay {
		if f.maxDate > 0 || f.tPrefix {
			if !r.is('T') {
				return f.minTime == toDay && f.zone != wantZone
			}
			if f.bareT && r.pos == len(r.text) {
				return true
			}
		}
		if !f.readTime(r, v) {
			return false
		}
	}
	return f.zone == noZone || r.readZone(v) || f.zone == optionalZone
}

func (f *iso) readDate(r *reader, v *civil) bool {
	least := 1
	if f.strict || f.basic {
		least = 4
	}
	negative := r.is('-')
	most := 9
	if f.strict || f.basic {
		most = 4
	}
	var ok bool
	if v.year, ok = r.number(least, most); !ok {
		return false
	}
	if negative {
		v.year = -v.year
	}
	parts := 1
	for _, target := range [...]*int{&v.month, &v.day} {
		if parts == f.maxDate || !f.basic && !r.is('-') || f.basic && !r.atDigit() {
			break
		}
		if *target, ok = r.number(f.least2(), 2); !ok || *target == 0 {
			return false
		}
		parts++
	}
	return parts >= f.minDate && v.month <= 12 && v.day <= daysIn(v.year, max(v.month, 1))
}

// least2 is the least number of digits in a part of two.
func (f *iso) least2() int {
	if f.strict || f.basic {
		return 2
	}
	return 1
}

func (f *iso) readTime(r *reader, v *civil) bool {
	var ok bool
	if v.hour, ok = r.number(f.least2(), 2); !ok || v.hour > 24 {
		return false
	}
	v.prec = toHour
	for _, target := range [...]*int{&v.minute, &v.sec} {
		if v.prec == f.maxTime || !f.basic && !r.is(':') || f.basic && !r.atDigit() {
			break
		}
		if *target, ok = r.number(f.least2(), 2); !ok || *target > 59 {
			return false
		}
		v.prec++
	}
	if v.prec == toSecond && f.maxTime == toFraction && (r.is('.') || r.is(',')) {
		if !f.readFraction(r, v) {
			return false
		}
	}
	if v.hour == 24 { // midnight at the end of the day
		if v.minute != 0 || v.sec != 0 || v.nano != 0 {
			return false
		}
	}
	return v.prec >= f.minTime
}

func (f *iso) readFraction(r *reader, v *civil) bool {
	start := r.pos
	nano, ok := r.number(1, 9)
	digits := r.pos - start
	if !ok || r.atDigit() {
		return false
	}
	for ; digits < 9; digits++ {
		nano *= 10
	}
	v.nano, v.prec = nano, toFraction
	return true
}

// readZone reads Z, ±HH, ±HH:mm, ±HHmm with optional seconds, or a zone's name.
// Without any it leaves the reader where it is.
func (r *reader) readZone(v *civil) bool {
	if r.pos == len(r.text) {
		return false
	}
	switch c := r.text[r.pos]; {
	case c == 'Z' && r.pos+1 == len(r.text):
		r.pos++
		v.hasZone = true
		return true
	case c == '+' || c == '-':
		return r.readOffset(v)
	case 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z':
		loc, err := datefmt.LoadZone(strings.Clone(r.text[r.pos:]))
		if err != nil {
			return false
		}
		r.pos = len(r.text)
		v.hasZone, v.zone = true, loc
		return true
	}
	return false
}

// readOffset reads ±HH with optional minutes and seconds. Java's limit is 18 hours.
func (r *reader) readOffset(v *civil) bool {
	start, sign := r.pos, 1
	if r.text[r.pos] == '-' {
		sign = -1
	}
	r.pos++
	seconds, unit := 0, 3600
	for part := 0; part < 3; part++ {
		if part > 0 && !r.is(':') && !r.atDigit() {
			break
		}
		n, ok := r.number(2, 2)
		if !ok || part > 0 && n > 59 {
			r.pos = start // what is left makes the text no date, where a zone is optional
			return false
		}
		seconds += n * unit
		unit /= 60
	}
	if seconds > 18*3600 {
		r.pos = start
		return false
	}
	v.hasZone, v.zoneSeconds = true, sign*seconds
	return true
}

func (f *iso) write(dst []byte, t time.Time) []byte {
	dateSep, timeSep := byte('-'), byte(':')
	if f.basic {
		dateSep, timeSep = 0, 0
	}
	year, month, day := t.Date()
	for i, n := range [...]int{year, int(month), day} {
		switch {
		case i >= f.maxDate:
		case i == 0:
			dst = appendYear(dst, n)
		default:
			dst = append2(dst, dateSep, n)
		}
	}
	if f.maxTime > toDay {
		if f.maxDate > 0 || f.tPrefix {
			dst = append(dst, 'T')
		}
		dst = append2(dst, 0, t.Hour())
		if f.maxTime >= toMinute {
			dst = append2(dst, timeSep, t.Minute())
		}
		if f.maxTime >= toSecond {
			dst = append2(dst, timeSep, t.Second())
		}
		if f.maxTime == toFraction {
			dst = appendFraction(dst, t.Nanosecond(), f.fraction)
		}
	}
	if f.zone != noZone {
		dst = appendZone(dst, t, !f.basic)
	}
	return dst
}

func append2(dst []byte, sep byte, n int) []byte {
	if sep != 0 {
		dst = append(dst, sep)
	}
	return append(dst, byte('0'+n/10), byte('0'+n%10))
}

func appendYear(dst []byte, year int) []byte {
	if year < 0 {
		dst, year = append(dst, '-'), -year
	}
	limit := 1000
	for limit*10 <= year {
		limit *= 10
	}
	for ; limit > 0; limit /= 10 {
		dst = append(dst, byte('0'+year/limit%10))
	}
	return dst
}

// appendFraction writes at least least digits and as many more as there are.
func appendFraction(dst []byte, nano, least int) []byte {
	dst = append(dst, '.')
	unit := 100_000_000
	for written := 0; written < least || nano > 0; written++ {
		dst = append(dst, byte('0'+nano/unit))
		nano %= unit
		unit = max(unit/10, 1)
	}
	return dst
}

func appendZone(dst []byte, t time.Time, colon bool) []byte {
	_, seconds := t.Zone()
	if seconds == 0 {
		return append(dst, 'Z')
	}
	sign := byte('+')
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	dst = append2(dst, sign, seconds/3600)
	sep := byte(0)
	if colon {
		sep = ':'
	}
	return append2(dst, sep, seconds/60%60)
}
