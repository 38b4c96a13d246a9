package painless

import (
	"strings"
	"time"

	"elkhorn/internal/datefmt"
)

// enumClass makes a class of constants.
func enumClass(name, full string, names, texts []string, methods map[string]methodFunc) *class {
	c := &class{name: name, full: full, has: hasClass(name), constants: map[string]Value{}, enums: names, methods: map[string]methodFunc{}}
	for i, n := range names {
		c.constants[n] = objectOf(&enum{of: name, name: n, text: texts[i], ordinal: i})
	}
	for k, f := range methods {
		c.methods[k] = f
	}
	c.methods["name/0"] = func(_ *frame, v Value, _ []Value) Value { return StringOf(v.ref.(*enum).name) }
	c.methods["ordinal/0"] = func(_ *frame, v Value, _ []Value) Value { return IntOf(int32(v.ref.(*enum).ordinal)) }
	c.methods["compareTo/1"] = func(_ *frame, v Value, args []Value) Value { return IntOf(int32(compareNatural(v, args[0]))) }
	c.statics = map[string]staticFunc{"valueOf/1": func(_ *frame, args []Value) Value {
		v, ok := c.constants[textArg(args[0])]
		if !ok {
			throw("IllegalArgumentException", "No enum constant %s.%s", full, textArg(args[0]))
		}
		return v
	}}
	return c
}

// calendarEnum makes DayOfWeek or Month.
func calendarEnum(name string, names []string, styles func(i int) string) *class {
	c := enumClass(name, "java.time."+name, names, names, map[string]methodFunc{
		"getValue/0": func(_ *frame, v Value, _ []Value) Value { return IntOf(int32(v.ref.(*enum).ordinal + 1)) },
		"plus/1": func(_ *frame, v Value, args []Value) Value {
			n := int64(len(names))
			return enumOf(name, int(((int64(v.ref.(*enum).ordinal)+args[0].Long()%n)%n+n)%n))
		},
		"minus/1": func(_ *frame, v Value, args []Value) Value {
			n := int64(len(names))
			return enumOf(name, int(((int64(v.ref.(*enum).ordinal)-args[0].Long()%n)%n+n)%n))
		},
		"getDisplayName/2": func(_ *frame, v Value, args []Value) Value {
			text := styles(v.ref.(*enum).ordinal)
			if s, ok := args[0].ref.(*enum); ok {
				switch s.name {
				case "SHORT":
					text = text[:3]
				case "NARROW":
					text = text[:1]
				}
			}
			return StringOf(text)
		},
	})
	c.statics["of/1"] = func(_ *frame, args []Value) Value {
		n := intArg(args[0])
		if n < 1 || n > len(names) {
			throw("DateTimeException", "Invalid value for %s: %d", name, n)
		}
		return enumOf(name, n-1)
	}
	return c
}

func timeClasses() []*class {
	var days, months, unitNames, unitTexts, fields []string
	for i := range 7 {
		days = append(days, strings.ToUpper(time.Weekday((i+1)%7).String()))
	}
	for m := time.January; m <= time.December; m++ {
		months = append(months, strings.ToUpper(m.String()))
	}
	for _, u := range units {
		unitNames, unitTexts = append(unitNames, u.name), append(unitTexts, u.text)
	}
	for _, g := range getters {
		fields = append(fields, g.field)
	}
	chronoUnit := enumClass("ChronoUnit", "java.time.temporal.ChronoUnit", unitNames, unitTexts, map[string]methodFunc{
		"between/2": func(_ *frame, v Value, args []Value) Value {
			a, k := timeOf(args[0])
			b, l := timeOf(args[1])
			if k != l {
				a, b = asLocal(a, localDateTime), asLocal(b, localDateTime)
			}
			return LongOf(between(a, b, unitArg(v)))
		},
	})
	styles := []string{"FULL", "SHORT", "NARROW"}
	locale := &class{name: "Locale", full: "java.util.Locale", has: hasClass("Locale"), constants: map[string]Value{}}
	for i, n := range []string{"ROOT", "ENGLISH", "US", "UK"} {
		locale.constants[n] = objectOf(&enum{of: "Locale", name: n, text: n, ordinal: i})
	}
	list := []*class{
		chronoUnit,
		enumClass("ChronoField", "java.time.temporal.ChronoField", fields, fields, nil),
		calendarEnum("DayOfWeek", days, func(i int) string { return time.Weekday((i + 1) % 7).String() }),
		calendarEnum("Month", months, func(i int) string { return time.Month(i + 1).String() }),
		enumClass("TextStyle", "java.time.format.TextStyle", styles, styles, nil),
		locale,
	}
	return append(list, append(temporalClasses(), zoneClasses()...)...)
}

// parseTime is X.parse(text) and X.parse(text, formatter).
func parseTime(k timeKind) staticFunc {
	return func(_ *frame, args []Value) Value {
		f := &formatter{pattern: "ISO_ZONED_DATE_TIME", iso: true}
		if len(args) == 2 {
			f = formatterArg(args[1])
		}
		text := charSequence(args[0])
		if k == localTime && f.iso {
			text = "1970-01-01T" + text
		}
		region := ""
		if i := strings.IndexByte(text, '['); i > 0 && strings.HasSuffix(text, "]") && f.iso {
			text, region = text[:i], text[i+1:len(text)-1]
		}
		t, hasZone := f.parse(text)
		switch k {
		case zonedTime:
			if !hasZone {
				throw("DateTimeParseException", "Text '%s' could not be parsed: Unable to obtain ZonedDateTime from TemporalAccessor", clip(text))
			}
			if region != "" {
				return DateOf(t.In(loadZone(region)))
			}
			return DateOf(t.In(offsetIn(text)))
		case instantTime:
			if !hasZone {
				throw("DateTimeParseException", "Text '%s' could not be parsed at index %d", clip(text), len(text))
			}
			return timeValue(t.UTC(), k)
		}
		return timeValue(asLocal(t.In(offsetIn(text)), k), k)
	}
}

// offsetIn is the offset that ends a date, since datefmt reads into UTC.
func offsetIn(text string) *time.Location {
	for _, form := range []string{"-07:00", "-0700"} {
		if i := len(text) - len(form); i > 10 {
			if t, err := time.Parse(form, text[i:]); err == nil {
				_, offset := t.Zone()
				if offset == 0 {
					return time.UTC
				}
				return time.FixedZone("", offset)
			}
		}
	}
	return time.UTC
}

func temporalClasses() []*class {
	methods := dateMethods()
	has := func(k timeKind) func(Value) bool {
		return func(v Value) bool {
			t, ok := v.ref.(*temporal)
			return v.kind == KindObject && ok && t.kind == k
		}
	}
	num := func(args []Value, i int) int {
		if i < len(args) {
			if e, ok := args[i].ref.(*enum); ok && args[i].kind == KindObject {
				return e.ordinal + 1
			}
			return intArg(args[i])
		}
		return 0
	}
	dateOf := func(args []Value, z *time.Location) time.Time {
		month, day := num(args, 1), num(args, 2)
		if month < 1 || month > 12 || day < 1 || day > daysIn(num(args, 0), time.Month(month)) {
			throw("DateTimeException", "Invalid date %d-%d-%d", num(args, 0), month, day)
		}
		if num(args, 3) > 23 || num(args, 4) > 59 || num(args, 5) > 59 {
			throw("DateTimeException", "Invalid time of day")
		}
		return time.Date(num(args, 0), time.Month(month), day, num(args, 3), num(args, 4), num(args, 5), num(args, 6), z)
	}
	local := func(k timeKind) staticFunc {
		return func(_ *frame, args []Value) Value { return timeValue(dateOf(args, time.UTC), k) }
	}
	ofInstant := func(_ *frame, args []Value) Value {
		t, _ := timeOf(args[0])
		return DateOf(t.In(zoneArg(args[1])))
	}
	return []*class{
		{name: "ZonedDateTime", full: "java.time.ZonedDateTime", has: hasKind(KindDate), statics: map[string]staticFunc{
			"parse/1": parseTime(zonedTime), "parse/2": parseTime(zonedTime), "ofInstant/2": ofInstant,
			"of/8": func(_ *frame, args []Value) Value { return DateOf(dateOf(args[:7], zoneArg(args[7]))) },
			"of/2": func(_ *frame, args []Value) Value {
				t, _ := timeOf(args[0])
				return DateOf(inZone(t, zoneArg(args[1])))
			},
			"of/3": func(_ *frame, args []Value) Value {
				d, _ := timeOf(args[0])
				t, _ := timeOf(args[1])
				return DateOf(time.Date(d.Year(), d.Month(), d.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zoneArg(args[2])))
			},
		}},
		{name: "OffsetDateTime", full: "java.time.OffsetDateTime", has: hasKind(KindDate), statics: map[string]staticFunc{
			"parse/1": parseTime(zonedTime), "parse/2": parseTime(zonedTime), "ofInstant/2": ofInstant,
		}},
		{name: "Instant", full: "java.time.Instant", has: has(instantTime), methods: methods, constants: map[string]Value{
			"EPOCH": objectOf(&temporal{time.Unix(0, 0).UTC(), instantTime}),
		}, statics: map[string]staticFunc{
			"parse/1": parseTime(instantTime),
			"ofEpochMilli/1": func(_ *frame, args []Value) Value {
				return timeValue(time.UnixMilli(convertDef(args[0], typLong, false).Long()).UTC(), instantTime)
			},
			"ofEpochSecond/1": func(_ *frame, args []Value) Value {
				return timeValue(time.Unix(convertDef(args[0], typLong, false).Long(), 0).UTC(), instantTime)
			},
			"ofEpochSecond/2": func(_ *frame, args []Value) Value {
				return timeValue(time.Unix(args[0].Long(), args[1].Long()).UTC(), instantTime)
			},
		}},
		{name: "LocalDateTime", full: "java.time.LocalDateTime", has: has(localDateTime), methods: methods, statics: map[string]staticFunc{
			"parse/1": parseTime(localDateTime), "parse/2": parseTime(localDateTime), "of/5": local(localDateTime), "of/6": local(localDateTime), "of/7": local(localDateTime),
			"ofInstant/2": func(_ *frame, args []Value) Value {
				t, _ := timeOf(args[0])
				return timeValue(asLocal(t.In(zoneArg(args[1])), localDateTime), localDateTime)
			},
			"ofEpochSecond/3": func(_ *frame, args []Value) Value {
				return timeValue(asLocal(time.Unix(args[0].Long(), args[1].Long()).In(zoneArg(args[2])), localDateTime), localDateTime)
			},
		}},
		{name: "LocalDate", full: "java.time.LocalDate", has: has(localDate), methods: methods, statics: map[string]staticFunc{
			"parse/1": parseTime(localDate), "parse/2": parseTime(localDate), "of/3": local(localDate),
			"ofEpochDay/1": func(_ *frame, args []Value) Value {
				return timeValue(time.Unix(0, 0).UTC().AddDate(0, 0, int(narrow(KindInt, args[0].Long()))), localDate)
			},
		}},
		{name: "LocalTime", full: "java.time.LocalTime", has: has(localTime), methods: methods, statics: map[string]staticFunc{
			"parse/1": parseTime(localTime),
			"of/2": func(_ *frame, args []Value) Value {
				return timeValue(dateOf([]Value{IntOf(1970), IntOf(1), IntOf(1), args[0], args[1]}, time.UTC), localTime)
			},
			"of/3": func(_ *frame, args []Value) Value {
				return timeValue(dateOf([]Value{IntOf(1970), IntOf(1), IntOf(1), args[0], args[1], args[2]}, time.UTC), localTime)
			},
		}},
		{name: "Temporal", full: "java.time.temporal.Temporal", has: func(v Value) bool {
			_, ok := v.ref.(*temporal)
			return v.kind == KindDate || v.kind == KindObject && ok
		}},
		durationClass(),
		{name: "Period", full: "java.time.Period", has: hasClass("Period"), methods: map[string]methodFunc{
			"getYears/0":  func(_ *frame, v Value, _ []Value) Value { return IntOf(int32(v.ref.(*period).years)) },
			"getMonths/0": func(_ *frame, v Value, _ []Value) Value { return IntOf(int32(v.ref.(*period).months)) },
			"getDays/0":   func(_ *frame, v Value, _ []Value) Value { return IntOf(int32(v.ref.(*period).days)) },
			"toTotalMonths/0": func(_ *frame, v Value, _ []Value) Value {
				p := v.ref.(*period)
				return LongOf(int64(p.years)*12 + int64(p.months))
			},
		}, statics: map[string]staticFunc{
			"ofDays/1":   func(_ *frame, args []Value) Value { return objectOf(&period{days: intArg(args[0])}) },
			"ofMonths/1": func(_ *frame, args []Value) Value { return objectOf(&period{months: intArg(args[0])}) },
			"ofYears/1":  func(_ *frame, args []Value) Value { return objectOf(&period{years: intArg(args[0])}) },
			"of/3": func(_ *frame, args []Value) Value {
				return objectOf(&period{intArg(args[0]), intArg(args[1]), intArg(args[2])})
			},
			"between/2": func(_ *frame, args []Value) Value {
				a, _ := timeOf(args[0])
				b, _ := timeOf(args[1])
				months := between(asLocal(a, localDate), asLocal(b, localDate), units[9])
				days := civilDays(b) - civilDays(plusMonths(asLocal(a, localDate), months))
				return objectOf(&period{int(months / 12), int(months % 12), int(days)})
			},
		}},
	}
}

func durationClass() *class {
	of := map[string]time.Duration{"Days": 24 * time.Hour, "Hours": time.Hour, "Minutes": time.Minute, "Seconds": time.Second, "Millis": time.Millisecond, "Nanos": 1}
	c := &class{name: "Duration", full: "java.time.Duration", has: hasClass("Duration"), constants: map[string]Value{"ZERO": objectOf(&duration{})},
		methods: map[string]methodFunc{}, statics: map[string]staticFunc{
			"between/2": func(_ *frame, args []Value) Value {
				a, _ := timeOf(args[0])
				b, _ := timeOf(args[1])
				return objectOf(&duration{b.Sub(a)})
			},
			"of/2": func(_ *frame, args []Value) Value { return durationOf(args[0].Long(), unitArg(args[1]).length) },
		}}
	get := func(f func(d time.Duration) Value) methodFunc {
		return func(_ *frame, v Value, _ []Value) Value { return f(v.ref.(*duration).d) }
	}
	for name, u := range of {
		c.statics["of"+name+"/1"] = func(_ *frame, args []Value) Value { return durationOf(convertDef(args[0], typLong, false).Long(), u) }
		c.methods["to"+name+"/0"] = get(func(d time.Duration) Value { return LongOf(int64(d / u)) })
		c.methods["plus"+name+"/1"] = func(_ *frame, v Value, args []Value) Value {
			return objectOf(&duration{v.ref.(*duration).d + durationOf(args[0].Long(), u).ref.(*duration).d})
		}
	}
	c.methods["getSeconds/0"] = get(func(d time.Duration) Value { return LongOf(int64(d / time.Second)) })
	c.methods["getNano/0"] = get(func(d time.Duration) Value { return IntOf(int32(d % time.Second)) })
	c.methods["isNegative/0"] = get(func(d time.Duration) Value { return BoolOf(d < 0) })
	c.methods["isZero/0"] = get(func(d time.Duration) Value { return BoolOf(d == 0) })
	c.methods["abs/0"] = get(func(d time.Duration) Value { return objectOf(&duration{max(d, -d)}) })
	c.methods["compareTo/1"] = func(_ *frame, v Value, args []Value) Value { return IntOf(int32(compareNatural(v, args[0]))) }
	return c
}

func zoneClasses() []*class {
	zone := func(loc *time.Location) Value { return objectOf(&zoneID{loc}) }
	of := func(_ *frame, args []Value) Value { return zone(loadZone(textArg(args[0]))) }
	format := func(_ *frame, args []Value) Value { return objectOf(compileFormatter(textArg(args[0]))) }
	c := &class{name: "DateTimeFormatter", full: "java.time.format.DateTimeFormatter", has: hasClass("DateTimeFormatter"), constants: map[string]Value{},
		statics: map[string]staticFunc{"ofPattern/1": format, "ofPattern/2": format}, methods: map[string]methodFunc{
			"format/1": func(fr *frame, v Value, args []Value) Value {
				t, _ := timeOf(args[0])
				return fr.newText(formatterArg(v).format(t))
			},
			"withZone/1": func(_ *frame, v Value, args []Value) Value {
				f := *formatterArg(v)
				f.zone = zoneArg(args[0])
				return objectOf(&f)
			},
			"withLocale/1": func(_ *frame, v Value, _ []Value) Value { return v },
			"parse/1": func(_ *frame, v Value, args []Value) Value {
				t, _ := formatterArg(v).parse(textArg(args[0]))
				return DateOf(t.UTC())
			},
		}}
	for _, name := range []string{"ISO_LOCAL_DATE", "ISO_DATE", "ISO_LOCAL_TIME", "ISO_TIME", "ISO_LOCAL_DATE_TIME", "ISO_DATE_TIME", "ISO_INSTANT", "ISO_ZONED_DATE_TIME",
		"ISO_OFFSET_DATE_TIME", "BASIC_ISO_DATE"} {
		f := &formatter{pattern: name, iso: true}
		if name == "BASIC_ISO_DATE" {
			f.java, _ = datefmt.CompileJava("yyyyMMdd")
		}
		c.constants[name] = objectOf(f)
	}
	return []*class{
		{name: "ZoneId", full: "java.time.ZoneId", has: hasClass("ZoneId"), statics: map[string]staticFunc{"of/1": of}, methods: map[string]methodFunc{
			"getId/0": func(fr *frame, v Value, _ []Value) Value { return fr.newText(v.ref.(*zoneID).show()) },
		}},
		{name: "ZoneOffset", full: "java.time.ZoneOffset", has: hasClass("ZoneId"), constants: map[string]Value{"UTC": zone(time.UTC)}, statics: map[string]staticFunc{
			"of/1": of,
			"ofHours/1": func(_ *frame, args []Value) Value {
				return zone(time.FixedZone("", 3600*intArg(args[0])))
			},
		}},
		c,
		{name: "SimpleDateFormat", full: "java.text.SimpleDateFormat", has: hasClass("DateTimeFormatter"), create: map[int]staticFunc{1: format, 2: format}},
	}
}
