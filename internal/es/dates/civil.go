package dates

import (
	"time"

	"elkhorn/internal/es/eserr"
)

// precision says how far into the time of day a text went.
type precision uint8

const (
	toDay precision = iota
	toHour
	toMinute
	toSecond
	toFraction
)

// civil is what a text says: an instant, or a date and time of day with or
// without a zone.
type civil struct {
	isInstant bool
	at        Instant

	year              int
	month, day        int // 0 where the text leaves them out
	hour, minute, sec int
	nano              int
	prec              precision
	hasZone           bool
	zone              *time.Location // nil when hasZone is an offset
	zoneSeconds       int
}

// fillEnd sets what the text left out of the time of day to its end.
func (v *civil) fillEnd() {
	if v.isInstant {
		return
	}
	if v.prec < toHour {
		v.hour = 23
	}
	if v.prec < toMinute {
		v.minute = 59
	}
	if v.prec < toSecond {
		v.sec = 59
	}
	if v.prec < toFraction {
		v.nano = 999_999_999
	}
}

// instant resolves the civil time; loc is for texts without a zone.
func (v *civil) instant(loc *time.Location) (Instant, error) {
	if v.isInstant {
		return v.at, nil
	}
	month, day := max(v.month, 1), max(v.day, 1)
	if day > daysIn(v.year, month) {
		return Instant{}, eserr.IllegalArgument("Invalid date: day %d of month %d of year %d", day, month, v.year)
	}
	sec := daysFromCivil(v.year, month, day)*86_400 + int64(v.hour*3600+v.minute*60+v.sec-v.zoneSeconds)
	if sec > maxCivilSeconds || sec < -maxCivilSeconds {
		return Instant{}, eserr.IllegalArgument("Invalid date: year %d is beyond what milliseconds in 64 bits can hold", v.year)
	}
	if !v.hasZone && loc != time.UTC || v.zone != nil {
		if v.zone != nil {
			loc = v.zone
		}
		t := time.Date(v.year, time.Month(month), day, v.hour, v.minute, v.sec, v.nano, loc)
		return FromTime(t), nil
	}
	return Instant{Sec: sec, Nano: int32(v.nano)}, nil
}

// maxCivilSeconds leaves a day below maxSeconds, more than any zone can move a clock.
const maxCivilSeconds = maxSeconds - 86_400

var monthDays = [...]int{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

func daysIn(year, month int) int {
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		return 29
	}
	return monthDays[month]
}

// daysFromCivil counts days from 1970-01-01 in the proleptic Gregorian
// calendar. Years are shifted to begin in March, so that the leap day is last;
// then days before a month are 153 a five months, in eras of 400 years.
func daysFromCivil(year, month, day int) int64 {
	y, m := int64(year), int64(month)
	if m <= 2 {
		y--
		m += 12
	}
	era := y / 400
	if y < 0 {
		era = (y - 399) / 400
	}
	yearOfEra := y - era*400
	dayOfYear := (153*(m-3)+2)/5 + int64(day) - 1
	dayOfEra := yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear
	return era*146_097 + dayOfEra - 719_468
}
