package datefmt

import (
	"strconv"
	"time"
)

// Append writes t, in the zone t is in, to dst. Optional sections are written. It allocates only to grow dst.
func (f *Format) Append(dst []byte, t time.Time) []byte {
	return f.appendOps(dst, f.ops, t)
}

// Format is [Format.Append] into a new string.
func (f *Format) Format(t time.Time) string {
	var buf [64]byte
	return string(f.Append(buf[:0], t))
}

func (f *Format) appendOps(dst []byte, ops []op, t time.Time) []byte {
	for i := range ops {
		o := &ops[i]
		switch o.kind {
		case opLiteral:
			dst = append(dst, o.text...)
		case opOptional:
			dst = f.appendOps(dst, o.section, t)
		case opYear:
			dst = appendYear(dst, t.Year(), o)
		case opWeekYear:
			year, _ := t.ISOWeek()
			dst = appendYear(dst, year, o)
		case opMonthText:
			if f.language != nil {
				dst = appendForeign(dst, f.language.months[t.Month()-1], o.max)
				continue
			}
			dst = appendName(dst, monthNames[t.Month()-1], o.max)
		case opWeekdayText:
			if f.language != nil {
				dst = appendForeign(dst, f.language.days[weekday(t)-1], o.max)
				continue
			}
			dst = appendName(dst, weekdayNames[weekday(t)-1], o.max)
		case opHalfDay:
			if t.Hour() < 12 {
				dst = append(dst, "AM"...)
			} else {
				dst = append(dst, "PM"...)
			}
		case opEra:
			if t.Year() > 0 {
				dst = append(dst, "AD"...)
			} else {
				dst = append(dst, "BC"...)
			}
		case opFraction:
			dst = appendPadded(dst, t.Nanosecond()/pow10[maxFractionDigits-o.max], o.max)
		case opOffset:
			_, seconds := t.Zone()
			dst = appendOffset(dst, seconds, o.max)
		case opZoneName:
			name, _ := t.Zone()
			dst = append(dst, name...)
		case opZoneID:
			dst = append(dst, t.Location().String()...)
		default:
			dst = appendPadded(dst, numberOf(o.kind, t), o.min)
		}
	}
	return dst
}

func numberOf(kind opKind, t time.Time) int {
	switch kind {
	case opMonth:
		return int(t.Month())
	case opDay:
		return t.Day()
	case opDayOfYear:
		return t.YearDay()
	case opWeek:
		_, week := t.ISOWeek()
		return week
	case opWeekday:
		return weekday(t)
	case opHour:
		return t.Hour()
	case opHour24:
		return (t.Hour()+23)%24 + 1
	case opHour12:
		return (t.Hour()+11)%12 + 1
	case opHour11:
		return t.Hour() % 12
	case opMinute:
		return t.Minute()
	case opSecond:
		return t.Second()
	case opNano:
		return t.Nanosecond()
	case opMillisOfDay:
		return ((t.Hour()*60+t.Minute())*60+t.Second())*1000 + t.Nanosecond()/1_000_000
	}
	return 0
}

// weekday is 1 for Monday to 7 for Sunday.
func weekday(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }

func appendYear(dst []byte, year int, o *op) []byte {
	if o.min == 2 && o.max == 2 {
		return appendPadded(dst, ((year%100)+100)%100, 2)
	}
	return appendPadded(dst, year, o.min)
}

func appendName(dst []byte, name string, letters int) []byte {
	if letters < 4 {
		name = name[:shortNameBytes]
	}
	return append(dst, name...)
}

// appendForeign writes the full name or, for up to three letters, the first short form.
func appendForeign(dst []byte, forms []string, letters int) []byte {
	if letters < 4 && len(forms) > 1 {
		return append(dst, forms[1]...)
	}
	return append(dst, forms[0]...)
}

func appendPadded(dst []byte, n, width int) []byte {
	if n < 0 {
		dst = append(dst, '-')
		n = -n
	}
	if width == 2 && n < 100 {
		return append(dst, byte('0'+n/10), byte('0'+n%10))
	}
	digits := 1
	for rest := n; rest >= 10; rest /= 10 {
		digits++
	}
	for ; digits < width; digits++ {
		dst = append(dst, '0')
	}
	return strconv.AppendInt(dst, int64(n), 10)
}

func appendOffset(dst []byte, seconds, style int) []byte {
	if seconds == 0 {
		switch style {
		case offsetBasicZ, offsetColonZ, offsetShortZ:
			return append(dst, 'Z')
		case offsetGMT:
			return append(dst, "GMT"...)
		}
	}
	if style == offsetGMT {
		dst = append(dst, "GMT"...)
	}
	if seconds < 0 {
		dst = append(dst, '-')
		seconds = -seconds
	} else {
		dst = append(dst, '+')
	}
	dst = appendPadded(dst, seconds/3600, 2)
	minutes := seconds / 60 % 60
	switch style {
	case offsetShort, offsetShortZ:
		if minutes == 0 {
			return dst
		}
	case offsetColon, offsetColonZ, offsetGMT:
		dst = append(dst, ':')
	}
	return appendPadded(dst, minutes, 2)
}
