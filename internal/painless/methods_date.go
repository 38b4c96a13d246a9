package painless

import (
	"fmt"
	"strings"
	"time"

	"elkhorn/internal/datefmt"
)

// timeKind sorts the classes of java.time that hold a point or a part of time.
type timeKind uint8

const (
	zonedTime timeKind = iota // a Value of KindDate
	instantTime
	localDateTime
	localDate
	localTime
)

var timeClassNames = [...]string{"ZonedDateTime", "Instant", "LocalDateTime", "LocalDate", "LocalTime"}

// temporal is an Instant, LocalDateTime, LocalDate or LocalTime. Local ones are kept as if in UTC.
type temporal struct {
	t    time.Time
	kind timeKind
}

func (t *temporal) class() *class { return classes[timeClassNames[t.kind]] }
func (t *temporal) show() string {
	switch t.kind {
	case instantTime:
		return t.t.UTC().Format("2006-01-02T15:04:05") + fraction(t.t) + "Z"
	case localDate:
		return t.t.Format("2006-01-02")
	case localTime:
		return clock(t.t)
	}
	return t.t.Format("2006-01-02T") + clock(t.t)
}
func (t *temporal) equals(o object) bool {
	x, ok := o.(*temporal)
	return ok && x.kind == t.kind && x.t.Equal(t.t)
}
func (t *temporal) compareTo(v Value) int {
	at, kind := timeOf(v)
	if kind != t.kind {
		badDefCast(v, t.class().typ())
	}
	return t.t.Compare(at)
}

// clock writes a time of day as java.time does: seconds and fractions only when there are any.
func clock(t time.Time) string {
	if t.Second() == 0 && t.Nanosecond() == 0 {
		return t.Format("15:04")
	}
	return t.Format("15:04:05") + fraction(t)
}

// fraction writes nanoseconds in groups of three digits.
func fraction(t time.Time) string {
	n := t.Nanosecond()
	switch {
	case n == 0:
		return ""
	case n%1_000_000 == 0:
		return fmt.Sprintf(".%03d", n/1_000_000)
	case n%1000 == 0:
		return fmt.Sprintf(".%06d", n/1000)
	}
	return fmt.Sprintf(".%09d", n)
}

// showZoned is ZonedDateTime.toString.
func showZoned(t time.Time) string {
	text := t.Format("2006-01-02T") + clock(t) + t.Format("Z07:00")
	if name := t.Location().String(); name != "UTC" && name != "" && strings.Contains(name, "/") {
		text += "[" + name + "]"
	}
	return text
}

// timeOf reads a value of java.time.
func timeOf(v Value) (time.Time, timeKind) {
	switch {
	case v.kind == KindDate:
		return v.Time(), zonedTime
	case v.kind == KindObject:
		if t, ok := v.ref.(*temporal); ok {
			return t.t, t.kind
		}
	case v.kind == KindNull:
		throw("NullPointerException", "a date is null")
	}
	throw("ClassCastException", "Cannot cast from [%s] to [java.time.temporal.Temporal].", className(v))
	return time.Time{}, 0
}

func timeValue(t time.Time, k timeKind) Value {
	if y := t.Year(); y > 999_999_999 || y < -999_999_999 {
		throw("DateTimeException", "the year is out of range")
	}
	if k == zonedTime {
		return DateOf(t)
	}
	return objectOf(&temporal{t, k})
}

// enum is a constant of DayOfWeek, Month, ChronoUnit or ChronoField.
type enum struct {
	of, name, text string
	ordinal        int
}

func (e *enum) class() *class { return classes[e.of] }
func (e *enum) show() string  { return e.text }
func (e *enum) equals(o object) bool {
	x, ok := o.(*enum)
	return ok && x.of == e.of && x.ordinal == e.ordinal
}
func (e *enum) compareTo(v Value) int {
	x, ok := v.ref.(*enum)
	if !ok {
		badDefCast(v, e.class().typ())
	}
	return e.ordinal - x.ordinal
}

// unit is a ChronoUnit.
type unit struct {
	name   string
	text   string
	months int
	length time.Duration
}

var units = []unit{
	{"NANOS", "Nanos", 0, 1}, {"MICROS", "Micros", 0, time.Microsecond}, {"MILLIS", "Millis", 0, time.Millisecond}, {"SECONDS", "Seconds", 0, time.Second},
	{"MINUTES", "Minutes", 0, time.Minute}, {"HOURS", "Hours", 0, time.Hour}, {"HALF_DAYS", "HalfDays", 0, 12 * time.Hour}, {"DAYS", "Days", 0, 24 * time.Hour},
	{"WEEKS", "Weeks", 0, 7 * 24 * time.Hour}, {"MONTHS", "Months", 1, 0}, {"YEARS", "Years", 12, 0}, {"DECADES", "Decades", 120, 0}, {"CENTURIES", "Centuries", 1200, 0},
}

func unitArg(v Value) unit {
	if e, ok := v.ref.(*enum); v.kind == KindObject && ok && e.of == "ChronoUnit" {
		return units[e.ordinal]
	}
	throw("ClassCastException", "Cannot cast from [%s] to [java.time.temporal.ChronoUnit].", className(v))
	return unit{}
}

// plus adds units as java.time does: months keep to the end of a month, days to the clock.
func plus(t time.Time, n int64, u unit) time.Time {
	const most = 1 << 40
	if n > most*1000 || n < -most*1000 {
		throw("ArithmeticException", "long overflow")
	}
	switch {
	case u.months > 0:
		if n > most || n < -most {
			throw("DateTimeException", "the year is out of range")
		}
		return plusMonths(t, n*int64(u.months))
	case u.length >= 24*time.Hour:
		days := n * int64(u.length/(24*time.Hour))
		if days > most || days < -most {
			throw("DateTimeException", "the year is out of range")
		}
		return t.AddDate(0, 0, int(days))
	}
	sec := u.length / time.Second
	if sec > 0 {
		return time.Unix(t.Unix()+n*int64(sec), int64(t.Nanosecond())).In(t.Location())
	}
	per := int64(time.Second / u.length)
	return time.Unix(t.Unix()+n/per, int64(t.Nanosecond())+n%per*int64(u.length)).In(t.Location())
}

func plusMonths(t time.Time, n int64) time.Time {
	month := int64(t.Year())*12 + int64(t.Month()) - 1 + n
	year := month / 12
	if month%12 < 0 {
		year--
	}
	return dayInMonth(t, int(year), time.Month(month-year*12+1))
}

// dayInMonth moves a time to another month; its day is the last one when the month is shorter.
func dayInMonth(t time.Time, year int, month time.Month) time.Time {
	day := min(t.Day(), daysIn(year, month))
	return time.Date(year, month, day, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// between counts whole units from a to b.
func between(a, b time.Time, u unit) int64 {
	b = b.In(a.Location())
	if u.months > 0 {
		n := (int64(b.Year())-int64(a.Year()))*12 + int64(b.Month()) - int64(a.Month())
		if n > 0 && inMonth(b) < inMonth(a) {
			n--
		} else if n < 0 && inMonth(b) > inMonth(a) {
			n++
		}
		return n / int64(u.months)
	}
	if u.length >= 24*time.Hour {
		days := civilDays(b) - civilDays(a)
		if days > 0 && a.AddDate(0, 0, int(days)).After(b) {
			days--
		} else if days < 0 && a.AddDate(0, 0, int(days)).Before(b) {
			days++
		}
		return days / int64(u.length/(24*time.Hour))
	}
	sec, nano := b.Unix()-a.Unix(), int64(b.Nanosecond()-a.Nanosecond())
	if u.length >= time.Second {
		if sec > 0 && nano < 0 {
			sec--
		} else if sec < 0 && nano > 0 {
			sec++
		}
		return sec / int64(u.length/time.Second)
	}
	return sec*int64(time.Second/u.length) + nano/int64(u.length)
}

// inMonth is how far a month is on, in nanoseconds.
func inMonth(t time.Time) time.Duration {
	return time.Duration(t.Day())*24*time.Hour + time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute +
		time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
}

// civilDays counts days since 1970 on the clock of a time.
func civilDays(t time.Time) int64 {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Unix() / 86_400
}

// truncate sets what is smaller than a unit to zero.
func truncate(t time.Time, u unit) time.Time {
	if u.months > 0 || u.length > 24*time.Hour {
		throw("UnsupportedTemporalTypeException", "Unit is too large to be used for truncation")
	}
	midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
	since := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
	since -= since % u.length
	if u.length == 24*time.Hour {
		return midnight
	}
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, int(since), t.Location())
}

// getters are the parts of a time by the name of their ChronoField and get method.
var getters = []struct {
	method, field string
	get           func(t time.Time) int64
}{
	{"getYear", "YEAR", func(t time.Time) int64 { return int64(t.Year()) }},
	{"getMonthValue", "MONTH_OF_YEAR", func(t time.Time) int64 { return int64(t.Month()) }},
	{"getDayOfMonth", "DAY_OF_MONTH", func(t time.Time) int64 { return int64(t.Day()) }},
	{"getDayOfYear", "DAY_OF_YEAR", func(t time.Time) int64 { return int64(t.YearDay()) }},
	{"", "DAY_OF_WEEK", func(t time.Time) int64 { return isoDay(t) }},
	{"getHour", "HOUR_OF_DAY", func(t time.Time) int64 { return int64(t.Hour()) }},
	{"getMinute", "MINUTE_OF_HOUR", func(t time.Time) int64 { return int64(t.Minute()) }},
	{"getSecond", "SECOND_OF_MINUTE", func(t time.Time) int64 { return int64(t.Second()) }},
	{"getNano", "NANO_OF_SECOND", func(t time.Time) int64 { return int64(t.Nanosecond()) }},
	{"", "MILLI_OF_SECOND", func(t time.Time) int64 { return int64(t.Nanosecond()) / 1_000_000 }},
	{"", "MINUTE_OF_DAY", func(t time.Time) int64 { return int64(t.Hour()*60 + t.Minute()) }},
	{"", "SECOND_OF_DAY", func(t time.Time) int64 { return int64(t.Hour()*3600 + t.Minute()*60 + t.Second()) }},
	{"", "EPOCH_DAY", civilDays},
	{"", "INSTANT_SECONDS", func(t time.Time) int64 { return t.Unix() }},
	{"", "ALIGNED_WEEK_OF_YEAR", func(t time.Time) int64 { return int64(t.YearDay()-1)/7 + 1 }},
}

func isoDay(t time.Time) int64 { return int64(t.Weekday()+6)%7 + 1 }

func enumOf(class string, ordinal int) Value {
	c := classes[class]
	return c.constants[c.enums[ordinal]]
}

// dateMethods are those of ZonedDateTime and, where they apply, of the other classes of java.time.
func dateMethods() map[string]methodFunc {
	on := func(f func(fr *frame, t time.Time, k timeKind, args []Value) Value) methodFunc {
		return func(fr *frame, self Value, args []Value) Value {
			t, k := timeOf(self)
			return f(fr, t, k, args)
		}
	}
	out := map[string]methodFunc{}
	for _, g := range getters {
		if g.method != "" {
			out[g.method+"/0"] = on(func(_ *frame, t time.Time, _ timeKind, _ []Value) Value { return IntOf(int32(g.get(t))) })
		}
	}
	for _, u := range units[:11] {
		if u.name == "HALF_DAYS" || u.name == "MICROS" || u.name == "MILLIS" {
			continue
		}
		name := u.text
		out["plus"+name+"/1"] = on(func(_ *frame, t time.Time, k timeKind, args []Value) Value {
			return timeValue(plus(t, convertDef(args[0], typLong, false).Long(), u), k)
		})
		out["minus"+name+"/1"] = on(func(_ *frame, t time.Time, k timeKind, args []Value) Value {
			return timeValue(plus(t, -convertDef(args[0], typLong, false).Long(), u), k)
		})
	}
	out["plusMillis/1"] = on(func(_ *frame, t time.Time, k timeKind, args []Value) Value {
		return timeValue(plus(t, args[0].Long(), units[2]), k)
	})
	out["minusMillis/1"] = on(func(_ *frame, t time.Time, k timeKind, args []Value) Value {
		return timeValue(plus(t, -args[0].Long(), units[2]), k)
	})
	for sign, name := range map[int64]string{1: "plus", -1: "minus"} {
		out[name+"/2"] = on(func(_ *frame, t time.Time, k timeKind, args []Value) Value {
			return timeValue(plus(t, sign*convertDef(args[0], typLong, false).Long(), unitArg(args[1])), k)
		})
		out[name+"/1"] = on(func(_ *frame, t time.Time, k timeKind, args []Value) Value {
			switch d := args[0].ref.(type) {
			case *duration:
				return timeValue(t.Add(time.Duration(sign)*d.d), k)
			case *period:
				return timeValue(plusMonths(t, sign*(int64(d.years)*12+int64(d.months))).AddDate(0, 0, int(sign)*d.days), k)
			}
			badDefCast(args[0], classes["Duration"].typ())
			return Null
		})
	}
	addDateParts(out, on)
	addDateConversions(out, on)
	return out
}

type onTime = func(f func(fr *frame, t time.Time, k timeKind, args []Value) Value) methodFunc

func addDateParts(out map[string]methodFunc, on onTime) {
	out["getDayOfWeek/0"] = on(func(_ *frame, t time.Time, _ timeKind, _ []Value) Value { return enumOf("DayOfWeek", int(isoDay(t))-1) })
	out["getDayOfWeekEnum/0"] = out["getDayOfWeek/0"]
	out["getMonth/0"] = on(func(_ *frame, t time.Time, _ timeKind, _ []Value) Value { return enumOf("Month", int(t.Month())-1) })
	out["getMonthEnum/0"] = out["getMonth/0"]
	out["getMillis/0"] = on(func(_ *frame, t time.Time, _ timeKind, _ []Value) Value { return LongOf(t.UnixMilli()) })
	out["toEpochMilli/0"] = out["getMillis/0"]
	out["toEpochSecond/0"] = on(func(_ *frame, t time.Time, _ timeKind, _ []Value) Value { return LongOf(t.Unix()) })
	out["getEpochSecond/0"] = out["toEpochSecond/0"]
	out["toEpochDay/0"] = on(func(_ *frame, t time.Time, _ timeKind, _ []Value) Value { return LongOf(civilDays(t)) })
	out["lengthOfMonth/0"] = on(func(_ *frame, t time.Time, _ timeKind, _ []Value) Value {
		return IntOf(int32(daysIn(t.Year(), t.Month())))
	})
	out["lengthOfYear/0"] = on(func(_ *frame, t time.Time, _ timeKind, _ []Value) Value {
		return IntOf(int32(337 + daysIn(t.Year(), 2)))
	})
	out["isLeapYear/0"] = on(func(_ *frame, t time.Time, _ timeKind, _ []Value) Value { return BoolOf(daysIn(t.Year(), 2) == 29) })
	out["toSecondOfDay/0"] = on(func(_ *frame, t time.Time, _ timeKind, _ []Value) Value {
		return IntOf(int32(t.Hour()*3600 + t.Minute()*60 + t.Second()))
	})
	field := func(as func(n int64) Value) methodFunc {
		return on(func(_ *frame, t time.Time, _ timeKind, args []Value) Value {
			e, ok := args[0].ref.(*enum)
			if !ok || e.of != "ChronoField" {
				badDefCast(args[0], classes["ChronoField"].typ())
			}
			return as(getters[e.ordinal].get(t))
		})
	}
	out["get/1"] = field(func(n int64) Value { return IntOf(int32(n)) })
	out["getLong/1"] = field(LongOf)
	with := func(name string, low, high int, f func(t time.Time, n int) time.Time) {
		out[name+"/1"] = on(func(_ *frame, t time.Time, k timeKind, args []Value) Value {
			n := intArg(args[0])
			if n < low || n > high {
				throw("DateTimeException", "Invalid value for %s (valid values %d - %d): %d", strings.TrimPrefix(name, "with"), low, high, n)
			}
			return timeValue(f(t, n), k)
		})
	}
	at := func(t time.Time, hour, minute, second, nano int) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), hour, minute, second, nano, t.Location())
	}
	with("withYear", -999_999, 999_999, func(t time.Time, n int) time.Time { return dayInMonth(t, n, t.Month()) })
	with("withMonth", 1, 12, func(t time.Time, n int) time.Time { return dayInMonth(t, t.Year(), time.Month(n)) })
	with("withDayOfMonth", 1, 31, func(t time.Time, n int) time.Time {
		if n > daysIn(t.Year(), t.Month()) {
			throw("DateTimeException", "Invalid date '%s %d'", strings.ToUpper(t.Month().String()), n)
		}
		return t.AddDate(0, 0, n-t.Day())
	})
	with("withDayOfYear", 1, 366, func(t time.Time, n int) time.Time { return t.AddDate(0, 0, n-t.YearDay()) })
	with("withHour", 0, 23, func(t time.Time, n int) time.Time { return at(t, n, t.Minute(), t.Second(), t.Nanosecond()) })
	with("withMinute", 0, 59, func(t time.Time, n int) time.Time { return at(t, t.Hour(), n, t.Second(), t.Nanosecond()) })
	with("withSecond", 0, 59, func(t time.Time, n int) time.Time { return at(t, t.Hour(), t.Minute(), n, t.Nanosecond()) })
	with("withNano", 0, 999_999_999, func(t time.Time, n int) time.Time { return at(t, t.Hour(), t.Minute(), t.Second(), n) })
}

func addDateConversions(out map[string]methodFunc, on onTime) {
	test := func(f func(a, b time.Time) bool) methodFunc {
		return on(func(_ *frame, t time.Time, _ timeKind, args []Value) Value {
			other, _ := timeOf(args[0])
			return BoolOf(f(t, other))
		})
	}
	out["isAfter/1"] = test(time.Time.After)
	out["isBefore/1"] = test(time.Time.Before)
	out["isEqual/1"] = test(time.Time.Equal)
	out["compareTo/1"] = on(func(_ *frame, t time.Time, _ timeKind, args []Value) Value {
		other, _ := timeOf(args[0])
		return IntOf(int32(t.Compare(other)))
	})
	out["until/2"] = on(func(_ *frame, t time.Time, _ timeKind, args []Value) Value {
		other, _ := timeOf(args[0])
		return LongOf(between(t, other, unitArg(args[1])))
	})
	out["truncatedTo/1"] = on(func(_ *frame, t time.Time, k timeKind, args []Value) Value {
		return timeValue(truncate(t, unitArg(args[0])), k)
	})
	out["format/1"] = on(func(fr *frame, t time.Time, _ timeKind, args []Value) Value {
		return fr.newText(formatterArg(args[0]).format(t))
	})
	local := func(k timeKind) methodFunc {
		return on(func(_ *frame, t time.Time, _ timeKind, _ []Value) Value { return timeValue(asLocal(t, k), k) })
	}
	out["toLocalDateTime/0"], out["toLocalDate/0"], out["toLocalTime/0"] = local(localDateTime), local(localDate), local(localTime)
	out["toInstant/0"] = on(func(_ *frame, t time.Time, _ timeKind, _ []Value) Value { return timeValue(t.UTC(), instantTime) })
	out["toInstant/1"] = out["toInstant/0"]
	out["withZoneSameInstant/1"] = on(func(_ *frame, t time.Time, _ timeKind, args []Value) Value { return DateOf(t.In(zoneArg(args[0]))) })
	out["withZoneSameLocal/1"] = on(func(_ *frame, t time.Time, _ timeKind, args []Value) Value {
		return DateOf(inZone(t, zoneArg(args[0])))
	})
	out["atZone/1"] = on(func(_ *frame, t time.Time, k timeKind, args []Value) Value {
		if k == instantTime {
			return DateOf(t.In(zoneArg(args[0])))
		}
		return DateOf(inZone(t, zoneArg(args[0])))
	})
	out["atOffset/1"] = out["atZone/1"]
	out["atStartOfDay/0"] = on(func(_ *frame, t time.Time, _ timeKind, _ []Value) Value {
		return timeValue(truncate(t, units[7]), localDateTime)
	})
	out["atStartOfDay/1"] = on(func(_ *frame, t time.Time, _ timeKind, args []Value) Value {
		return DateOf(inZone(truncate(t, units[7]), zoneArg(args[0])))
	})
	out["atTime/2"] = on(func(_ *frame, t time.Time, _ timeKind, args []Value) Value {
		return timeValue(time.Date(t.Year(), t.Month(), t.Day(), intArg(args[0]), intArg(args[1]), 0, 0, time.UTC), localDateTime)
	})
	zone := on(func(_ *frame, t time.Time, _ timeKind, _ []Value) Value { return objectOf(&zoneID{t.Location()}) })
	out["getZone/0"], out["getOffset/0"] = zone, on(func(_ *frame, t time.Time, _ timeKind, _ []Value) Value {
		_, offset := t.Zone()
		return objectOf(&zoneID{time.FixedZone("", offset)})
	})
	out["toOffsetDateTime/0"] = on(func(_ *frame, t time.Time, _ timeKind, _ []Value) Value {
		_, offset := t.Zone()
		return DateOf(t.In(time.FixedZone("", offset)))
	})
	out["toString/1"] = on(func(fr *frame, t time.Time, _ timeKind, args []Value) Value {
		return fr.newText(compileFormatter(textArg(args[0])).format(t))
	})
}

// asLocal drops the zone, and what a LocalDate or LocalTime does not have.
func asLocal(t time.Time, k timeKind) time.Time {
	switch k {
	case localDate:
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	case localTime:
		return time.Date(1970, 1, 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	}
	return inZone(t, time.UTC)
}

func inZone(t time.Time, z *time.Location) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), z)
}

// zoneID is a ZoneId or ZoneOffset.
type zoneID struct{ loc *time.Location }

func (*zoneID) class() *class { return classes["ZoneId"] }
func (z *zoneID) show() string {
	if z.loc == time.UTC {
		return "Z"
	}
	if name := z.loc.String(); name != "" {
		return name
	}
	return time.Time{}.In(z.loc).Format("Z07:00")
}
func (z *zoneID) equals(o object) bool { return o.show() == z.show() }

func zoneArg(v Value) *time.Location {
	z, ok := v.ref.(*zoneID)
	if v.kind != KindObject || !ok {
		badDefCast(v, classes["ZoneId"].typ())
	}
	return z.loc
}

func loadZone(id string) *time.Location {
	if id == "Z" {
		return time.UTC
	}
	loc, err := datefmt.LoadZone(id)
	if err != nil {
		throw("DateTimeException", "Invalid ID for region-based ZoneId, invalid format: %s", clip(id))
	}
	return loc
}

// duration is a Duration, period a Period.
type duration struct{ d time.Duration }

type period struct{ years, months, days int }

func (*duration) class() *class { return classes["Duration"] }
func (d *duration) show() string {
	if d.d == 0 {
		return "PT0S"
	}
	text := "PT"
	rest := d.d
	if h := rest / time.Hour; h != 0 {
		text += fmt.Sprintf("%dH", h)
	}
	rest %= time.Hour
	if m := rest / time.Minute; m != 0 {
		text += fmt.Sprintf("%dM", m)
	}
	if rest %= time.Minute; rest != 0 {
		text += strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.9f", rest.Seconds()), "0"), ".") + "S"
	}
	return text
}
func (d *duration) equals(o object) bool {
	x, ok := o.(*duration)
	return ok && x.d == d.d
}
func (d *duration) compareTo(v Value) int {
	x, ok := v.ref.(*duration)
	if !ok {
		badDefCast(v, d.class().typ())
	}
	return compareInt(int64(d.d), int64(x.d))
}
func (*period) class() *class  { return classes["Period"] }
func (p *period) show() string { return fmt.Sprintf("P%dY%dM%dD", p.years, p.months, p.days) }

func durationOf(n int64, u time.Duration) Value {
	if p := n * int64(u); n != 0 && p/n == int64(u) || n == 0 {
		return objectOf(&duration{time.Duration(p)})
	}
	throw("ArithmeticException", "long overflow")
	return Null
}

// formatter is a DateTimeFormatter.
type formatter struct {
	pattern string
	java    *datefmt.Format
	zone    *time.Location
	iso     bool
}

func (*formatter) class() *class  { return classes["DateTimeFormatter"] }
func (f *formatter) show() string { return f.pattern }

func formatterArg(v Value) *formatter {
	f, ok := v.ref.(*formatter)
	if v.kind != KindObject || !ok {
		badDefCast(v, classes["DateTimeFormatter"].typ())
	}
	return f
}

func compileFormatter(pattern string) *formatter {
	java, err := datefmt.CompileJava(pattern)
	if err != nil {
		throw("IllegalArgumentException", "%v", err)
	}
	return &formatter{pattern: pattern, java: java}
}

func (f *formatter) format(t time.Time) string {
	if f.zone != nil {
		t = t.In(f.zone)
	}
	if f.iso {
		return isoText(f.pattern, t)
	}
	return string(f.java.Append(nil, t))
}

func isoText(pattern string, t time.Time) string {
	switch pattern {
	case "ISO_LOCAL_DATE", "ISO_DATE":
		return t.Format("2006-01-02")
	case "ISO_LOCAL_TIME", "ISO_TIME":
		return t.Format("15:04:05") + fraction(t)
	case "ISO_LOCAL_DATE_TIME":
		return t.Format("2006-01-02T15:04:05") + fraction(t)
	case "ISO_INSTANT":
		return t.UTC().Format("2006-01-02T15:04:05") + fraction(t) + "Z"
	case "BASIC_ISO_DATE":
		return t.Format("20060102")
	}
	return t.Format("2006-01-02T15:04:05") + fraction(t) + t.Format("Z07:00")
}

// parse reads a date; hasZone says whether the text named a zone.
func (f *formatter) parse(text string) (t time.Time, hasZone bool) {
	loc := f.zone
	if loc == nil {
		loc = time.UTC
	}
	var err error
	if f.iso {
		t, hasZone, err = datefmt.ParseISO8601(text, loc)
	} else {
		t, err = f.java.Parse(text, loc)
		hasZone = f.java.HasZone() || f.zone != nil
	}
	if err != nil {
		throw("DateTimeParseException", "Text '%s' could not be parsed at index 0", clip(text))
	}
	return t, hasZone
}
