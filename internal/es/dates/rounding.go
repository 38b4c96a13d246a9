package dates

import "time"

// Rounding maps an instant to the start of the interval it lies in. Instants
// are milliseconds since 1970 UTC.
type Rounding struct {
	unit         Unit // 0 for a fixed interval
	fixedMillis  int64
	offsetMillis int64
	loc          *time.Location
}

// FixedRounding rounds to multiples of an interval, counted on the zone's
// clock; intervalMillis must be positive.
func FixedRounding(intervalMillis, offsetMillis int64, loc *time.Location) *Rounding {
	return &Rounding{fixedMillis: intervalMillis, offsetMillis: offsetMillis, loc: loc}
}

// CalendarRounding rounds to the starts of a calendar unit in a zone.
func CalendarRounding(unit Unit, offsetMillis int64, loc *time.Location) *Rounding {
	return &Rounding{unit: unit, offsetMillis: offsetMillis, loc: loc}
}

// FixedMillis returns the length of every interval when all are equally long
// in UTC terms (a fixed interval in a zone without clock changes, or a
// calendar unit up to a week in UTC), else 0. Callers may then divide instead
// of calling Round: Round(t) = floor((t-Shift())/FixedMillis())*FixedMillis()+Shift().
func (r *Rounding) FixedMillis() int64 {
	if r.loc != time.UTC {
		return 0
	}
	if r.unit == 0 {
		return r.fixedMillis
	}
	return unitMillis[r.unit]
}

// Shift returns the instant of some interval's start, for use with FixedMillis.
func (r *Rounding) Shift() int64 {
	if r.unit == Week {
		return r.offsetMillis + mondayMillis
	}
	return r.offsetMillis
}

// mondayMillis is the first Monday of 1970: the fifth of January.
const mondayMillis = 4 * 86_400_000

// unitMillis holds the lengths of the units that are always equally long in
// UTC; the others are 0.
var unitMillis = [...]int64{Second: 1000, Minute: 60_000, Hour: 3_600_000, Day: 86_400_000, Week: 7 * 86_400_000, Month: 0, Quarter: 0, Year: 0}

// Round returns the start of the interval that ms lies in.
func (r *Rounding) Round(ms int64) int64 {
	if fixed := r.FixedMillis(); fixed > 0 {
		shift := r.Shift()
		return floorMultiple(ms-shift, fixed) + shift
	}
	ms -= r.offsetMillis
	var start int64
	switch {
	case r.unit == 0:
		start = r.roundFixed(ms)
	case r.unit <= Hour:
		start = r.roundClock(ms, unitMillis[r.unit])
	default:
		start = r.unit.start(time.UnixMilli(ms).In(r.loc)).UnixMilli()
	}
	return start + r.offsetMillis
}

// Next returns the start of the interval after the one that begins at start,
// which must be a result of Round.
func (r *Rounding) Next(start int64) int64 {
	if fixed := r.FixedMillis(); fixed > 0 {
		return start + fixed
	}
	switch {
	case r.unit == 0:
		return r.afterFixed(start)
	case r.unit <= Hour:
		// A clock change can cut an interval short but not make it longer than
		// two units.
		step := unitMillis[r.unit]
		if next := r.Round(start + step); next > start {
			return next
		}
		return r.Round(start + 2*step)
	default:
		t := time.UnixMilli(start - r.offsetMillis).In(r.loc)
		return r.unit.next(t).UnixMilli() + r.offsetMillis
	}
}

// roundFixed rounds on the zone's clock. Where a clock change makes the result
// later than ms or repeats it, the change itself bounds the interval.
func (r *Rounding) roundFixed(ms int64) int64 {
	offset := r.zoneOffset(ms)
	start := floorMultiple(ms+offset, r.fixedMillis) - offset
	if r.zoneOffset(start) == offset {
		return start
	}
	// The clock changed between start and ms: read the start with the offset
	// that was in force then, but never go past ms.
	before := r.zoneOffset(start)
	if start += offset - before; start > ms {
		start = floorMultiple(ms+before, r.fixedMillis) - before
	}
	return start
}

func (r *Rounding) afterFixed(start int64) int64 {
	next := r.Round(start + r.fixedMillis)
	if next <= start { // the clock went back within the interval
		next = r.Round(start + 2*r.fixedMillis)
	}
	return next
}

// roundClock rounds to seconds, minutes or hours of the zone's clock. The two
// passes of an hour that a clock change repeats stay apart. Where the clock
// changes within a unit, the instants after the change belong to the unit
// before it.
func (r *Rounding) roundClock(ms, unit int64) int64 {
	for {
		offset := r.zoneOffset(ms)
		start := floorMultiple(ms+offset, unit) - offset
		if r.zoneOffset(start) == offset {
			return start
		}
		change, _ := time.UnixMilli(ms).In(r.loc).ZoneBounds()
		if change.UnixMilli() <= start {
			return start
		}
		ms = change.UnixMilli() - 1
	}
}

func (r *Rounding) zoneOffset(ms int64) int64 {
	_, seconds := time.UnixMilli(ms).In(r.loc).Zone()
	return int64(seconds) * 1000
}

// floorMultiple is the greatest multiple of unit that is not above ms.
func floorMultiple(ms, unit int64) int64 {
	rest := ms % unit
	if rest < 0 {
		rest += unit
	}
	return ms - rest
}

// start returns the first instant of the unit that t lies in, on the clock of
// t's zone. Where midnight does not exist it is the first instant after it.
func (u Unit) start(t time.Time) time.Time {
	year, month, day := t.Date()
	switch u {
	case Second:
		return t.Truncate(time.Second)
	case Minute:
		return t.Add(-time.Duration(t.Second())*time.Second - time.Duration(t.Nanosecond()))
	case Hour:
		return t.Add(-time.Duration(t.Minute())*time.Minute - time.Duration(t.Second())*time.Second - time.Duration(t.Nanosecond()))
	case Day:
	case Week:
		day -= (int(t.Weekday()) + 6) % 7
	case Month:
		day = 1
	case Quarter:
		day, month = 1, (month-1)/3*3+1
	case Year:
		day, month = 1, time.January
	}
	return startOfDay(year, month, day, t.Location())
}

// next returns the start of the unit after the one that begins at start. Noon
// stands in for the day on the way, because every day has one.
func (u Unit) next(start time.Time) time.Time {
	if u <= Hour {
		return u.add(start, 1)
	}
	return u.start(u.add(start.Add(12*time.Hour), 1))
}

// startOfDay is the first instant of a day. time.Date gives the instant before
// the gap where midnight is skipped; the day then begins at the gap's end.
func startOfDay(year int, month time.Month, day int, loc *time.Location) time.Time {
	t := time.Date(year, month, day, 0, 0, 0, 0, loc)
	if t.Hour() == 0 {
		return t
	}
	want := time.Date(year, month, day, 12, 0, 0, 0, loc).Day()
	if t.Day() != want { // before the gap: the zone's next transition starts the day
		_, end := t.ZoneBounds()
		if !end.IsZero() {
			return end
		}
	}
	return t
}

// add moves t by n units. Adding months to the 31st ends on the last day of a
// shorter month.
func (u Unit) add(t time.Time, n int) time.Time {
	switch u {
	case Second:
		return t.Add(time.Duration(n) * time.Second)
	case Minute:
		return t.Add(time.Duration(n) * time.Minute)
	case Hour:
		return t.Add(time.Duration(n) * time.Hour)
	case Day:
		return t.AddDate(0, 0, n)
	case Week:
		return t.AddDate(0, 0, 7*n)
	case Quarter:
		return addMonths(t, 3*n)
	case Year:
		return addMonths(t, 12*n)
	default:
		return addMonths(t, n)
	}
}

func addMonths(t time.Time, n int) time.Time {
	year, month, day := t.Date()
	first := time.Date(year, month+time.Month(n), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
	lastDay := time.Date(first.Year(), first.Month()+1, 0, 12, 0, 0, 0, time.UTC).Day()
	return first.AddDate(0, 0, min(day, lastDay)-1)
}
