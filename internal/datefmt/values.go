package datefmt

import "time"

// values collects what a text said until a date can be made of it.
type values struct {
	year, month, day         int
	yearDay                  int // 1-366, 0 is unset
	weekYear, week, weekday  int // week 0 is unset; weekday 1-7, 0 is unset
	hour, minute, second     int
	nano                     int
	half                     int // 0 in the morning, 12 after noon, -1 unset
	offsetSeconds            int
	zone                     *time.Location
	hasOffset, beforeChrist  bool
	hourIsHalf, weekYearSeen bool
	refuseGaps               bool // a time that the zone's clocks leave out is an error
}

func (v *values) set(kind opKind, n int) {
	switch kind {
	case opYear:
		v.year = n
	case opMonth:
		v.month = n
	case opDay:
		v.day = n
	case opDayOfYear:
		v.yearDay = n
		if n == 0 {
			v.yearDay = -1
		}
	case opWeekYear:
		v.weekYear, v.weekYearSeen = n, true
	case opWeek:
		v.week = n
		if n == 0 {
			v.week = -1
		}
	case opWeekday:
		v.weekday = n
	case opHour:
		v.hour, v.hourIsHalf = n, false
	case opHour24:
		if n == 24 {
			n = 0
		} else if n == 0 {
			n = -1
		}
		v.hour, v.hourIsHalf = n, false
	case opHour12:
		if n == 0 || n > 12 {
			n = -1
		} else if n == 12 {
			n = 0
		}
		v.hour, v.hourIsHalf = n, true
	case opHour11:
		if n > 11 {
			n = -1
		}
		v.hour, v.hourIsHalf = n, true
	case opMinute:
		v.minute = n
	case opSecond:
		v.second = n
	case opFraction, opNano:
		v.nano = n
	case opMillisOfDay:
		v.hour, v.minute, v.second = n/3_600_000, n/60_000%60, n/1000%60
		v.nano, v.hourIsHalf = n%1000*1_000_000, false
	}
}

// resolve makes the instant, or gives the reason why there is none.
func (v *values) resolve(loc *time.Location) (time.Time, string) {
	if v.hourIsHalf && v.half > 0 && v.hour >= 0 {
		v.hour += v.half
	}
	switch {
	case v.hour < 0 || v.hour > 23:
		return time.Time{}, "hour out of range"
	case v.minute > 59:
		return time.Time{}, "minute out of range"
	case v.second > 60:
		return time.Time{}, "second out of range"
	}
	if v.beforeChrist {
		v.year = 1 - v.year
	}
	if reason := v.resolveDate(); reason != "" {
		return time.Time{}, reason
	}
	if v.zone != nil {
		loc = v.zone
	}
	if !v.hasOffset && loc != time.UTC {
		return v.local(loc)
	}
	return instant(v.year, v.month, v.day, v.hour, v.minute, v.second-v.offsetSeconds, v.nano), ""
}

// local makes the instant of a time on the clocks of loc. Of a time that comes twice, as they are put back, it is the first.
// One that is left out as they are put forward is put forward by as much, or refused.
func (v *values) local(loc *time.Location) (time.Time, string) {
	wall := instant(v.year, v.month, v.day, v.hour, v.minute, v.second, v.nano)
	t := time.Date(v.year, time.Month(v.month), v.day, v.hour, v.minute, v.second, v.nano, loc)
	_, offset := t.Zone()
	start, end := t.ZoneBounds()
	if !wall.Equal(t.UTC().Add(time.Duration(offset) * time.Second)) {
		if v.refuseGaps {
			return time.Time{}, "the clocks of the time zone leave this time out"
		}
		before := start.Add(-1)
		if !end.IsZero() && end.Sub(t) < t.Sub(start) { // t lies before the gap
			before = end.Add(-1)
		}
		_, offset = before.Zone()
		return wall.Add(-time.Duration(offset) * time.Second), ""
	}
	if start.IsZero() {
		return t.UTC(), ""
	}
	_, before := start.Add(-1).Zone()
	if first := wall.Add(-time.Duration(before) * time.Second); before > offset && first.Before(start) {
		return first, ""
	}
	return t.UTC(), ""
}

// resolveDate fills year, month and day from a day of the year or a week date where the text had those.
func (v *values) resolveDate() string {
	switch {
	case v.yearDay != 0:
		limit := 365
		if isLeap(v.year) {
			limit = 366
		}
		if v.yearDay < 0 || v.yearDay > limit {
			return "day of year out of range"
		}
		v.year, v.month, v.day = civil(daysFromCivil(v.year, 1, 1) + v.yearDay - 1)
	case v.week != 0 || v.weekYearSeen:
		if !v.weekYearSeen {
			v.weekYear = v.year
		}
		if v.week == 0 {
			v.week = 1
		}
		if v.weekday == 0 {
			v.weekday = 1
		}
		if v.week < 0 || v.week > weeksInYear(v.weekYear) || v.weekday > 7 {
			return "week date out of range"
		}
		v.year, v.month, v.day = civil(firstWeekStart(v.weekYear) + (v.week-1)*7 + v.weekday - 1)
	case v.month < 1 || v.month > 12:
		return "month out of range"
	case v.day < 1 || v.day > daysIn(v.year, v.month):
		return "day out of range"
	}
	return ""
}
