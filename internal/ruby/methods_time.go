package ruby

import (
	"fmt"
	"strings"
	"time"
)

func zoneText(t Time) string {
	if name, offset := t.Zone(); offset == 0 && (name == "UTC" || name == "") {
		return "UTC"
	}
	return t.Format("-0700")
}

// isoMillis is Timestamp#to_s: UTC with milliseconds.
func isoMillis(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func instantOf(v Value) time.Time {
	switch v := v.(type) {
	case Time:
		return v.Time
	case Timestamp:
		return v.Time
	}
	return time.Time{}
}

func timeInt(f func(t time.Time) int) *method {
	return &method{0, 0, 0, func(c *call) (Value, error) { return int64(f(instantOf(c.recv))), nil }}
}

func weekdayTest(d time.Weekday) *method {
	return &method{0, 0, 0, func(c *call) (Value, error) { return instantOf(c.recv).Weekday() == d, nil }}
}

var timeMethods = comparable(table{
	"year": timeInt(time.Time.Year), "month": timeInt(monthOf), "mon": timeInt(monthOf), "day": timeInt(time.Time.Day),
	"mday": timeInt(time.Time.Day), "hour": timeInt(time.Time.Hour), "min": timeInt(time.Time.Minute),
	"sec": timeInt(time.Time.Second), "nsec": timeInt(time.Time.Nanosecond), "wday": timeInt(weekdayOf), "yday": timeInt(time.Time.YearDay),
	"usec":       timeInt(func(t time.Time) int { return t.Nanosecond() / 1000 }),
	"utc_offset": timeInt(func(t time.Time) int { _, offset := t.Zone(); return offset }),
	"monday?":    weekdayTest(time.Monday), "tuesday?": weekdayTest(time.Tuesday), "wednesday?": weekdayTest(time.Wednesday),
	"thursday?": weekdayTest(time.Thursday), "friday?": weekdayTest(time.Friday),
	"saturday?": weekdayTest(time.Saturday), "sunday?": weekdayTest(time.Sunday),
	"to_i":      {0, 0, 0, func(c *call) (Value, error) { return instantOf(c.recv).Unix(), nil }},
	"to_f":      {0, 0, 0, func(c *call) (Value, error) { return unixFloat(instantOf(c.recv)), nil }},
	"to_time":   {0, 0, 0, identity},
	"utc":       {0, 0, 0, utcOf},
	"getutc":    {0, 0, 0, utcOf},
	"gmtime":    {0, 0, 0, utcOf},
	"localtime": {0, 1, 0, localTime},
	"getlocal":  {0, 1, 0, localTime},
	"utc?":      {0, 0, 0, func(c *call) (Value, error) { return zoneText(c.recv.(Time)) == "UTC", nil }},
	"zone":      {0, 0, 0, func(c *call) (Value, error) { name, _ := instantOf(c.recv).Zone(); return name, nil }},
	"strftime":  {1, 1, 0, strftime},
	"iso8601":   {0, 1, 0, iso8601},
	"xmlschema": {0, 1, 0, iso8601},
	"+":         {1, 1, 0, func(c *call) (Value, error) { return shiftTime(c, 1) }},
	"-":         {1, 1, 0, subtractTime},
})

var timestampMethods = comparable(table{
	"time": {0, 0, 0, utcOf}, "to_time": {0, 0, 0, utcOf},
	"year":       timeInt(func(t time.Time) int { return t.UTC().Year() }),
	"usec":       timeInt(func(t time.Time) int { return t.Nanosecond() / 1000 }),
	"nsec":       timeInt(time.Time.Nanosecond),
	"to_i":       {0, 0, 0, func(c *call) (Value, error) { return instantOf(c.recv).Unix(), nil }},
	"to_f":       {0, 0, 0, func(c *call) (Value, error) { return unixFloat(instantOf(c.recv)), nil }},
	"to_iso8601": {0, 0, 0, func(c *call) (Value, error) { return isoMillis(instantOf(c.recv)), nil }},
	"-":          {1, 1, 0, subtractTime},
	"+":          {1, 1, 0, func(c *call) (Value, error) { return shiftTime(c, 1) }},
})

func monthOf(t time.Time) int   { return int(t.Month()) }
func weekdayOf(t time.Time) int { return int(t.Weekday()) }

func unixFloat(t time.Time) float64 { return float64(t.Unix()) + float64(t.Nanosecond())/1e9 }

func utcOf(c *call) (Value, error) { return Time{instantOf(c.recv).UTC()}, nil }

// localTime is the time in the machine's zone, or at the offset given, such as "+09:00".
func localTime(c *call) (Value, error) {
	if c.arg(0) == nil {
		return Time{instantOf(c.recv).In(time.Local)}, nil
	}
	if seconds, ok := c.args[0].(int64); ok && seconds > -86400 && seconds < 86400 {
		return Time{instantOf(c.recv).In(time.FixedZone("", int(seconds)))}, nil
	}
	text, err := textArg(c.args[0])
	if err != nil {
		return nil, err
	}
	at, err := time.Parse("-07:00", text)
	if err != nil {
		return nil, argumentErrorf("\"+HH:MM\", \"-HH:MM\" expected for utc_offset: %s", text)
	}
	_, offset := at.Zone()
	return Time{instantOf(c.recv).In(time.FixedZone("", offset))}, nil
}

// maxShift bounds a shift so that it fits a duration: about 290 years.
const maxShift = 9.2e9

func shiftTime(c *call, sign float64) (Value, error) {
	seconds, err := toFloat(c.args[0])
	if err != nil {
		return nil, err
	}
	if !(seconds > -maxShift && seconds < maxShift) {
		return nil, raisef("RangeError", "a time cannot be shifted by so much")
	}
	whole := time.Duration(int64(seconds)) * time.Second
	part := time.Duration((seconds - float64(int64(seconds))) * 1e9)
	return Time{instantOf(c.recv).Add(time.Duration(sign) * (whole + part))}, nil
}

func subtractTime(c *call) (Value, error) {
	switch c.args[0].(type) {
	case Time, Timestamp:
		return instantOf(c.recv).Sub(instantOf(c.args[0])).Seconds(), nil
	}
	return shiftTime(c, -1)
}

func iso8601(c *call) (Value, error) {
	digits := int64(0)
	if len(c.args) > 0 {
		var err error
		if digits, err = intArg(c.args[0]); err != nil || digits < 0 || digits > 9 {
			return nil, argumentErrorf("the number of digits must be from 0 to 9")
		}
	}
	layout := "2006-01-02T15:04:05"
	if digits > 0 {
		layout += "." + strings.Repeat("0", int(digits))
	}
	return instantOf(c.recv).Format(layout + "Z07:00"), nil
}

// strftimeLayouts are the directives that are plain layouts.
var strftimeLayouts = map[byte]string{
	'Y': "2006", 'm': "01", 'd': "02", 'H': "15", 'M': "04", 'S': "05", 'y': "06", 'B': "January", 'b': "Jan", 'h': "Jan",
	'A': "Monday", 'a': "Mon", 'I': "03", 'p': "PM", 'P': "pm", 'z': "-0700", 'Z': "MST", 'F': "2006-01-02", 'T': "15:04:05",
	'X': "15:04:05", 'R': "15:04", 'D': "01/02/06", 'x': "01/02/06", 'e': "_2", 'c': "Mon Jan _2 15:04:05 2006", 'j': "002", 'r': "03:04:05 PM",
}

func strftime(c *call) (Value, error) {
	layout, err := textArg(c.args[0])
	if err != nil {
		return nil, err
	}
	t := instantOf(c.recv)
	var b strings.Builder
	for i := 0; i < len(layout); i++ {
		if layout[i] != '%' || i+1 == len(layout) {
			b.WriteByte(layout[i])
			continue
		}
		n, err := appendDirective(&b, t, layout[i+1:])
		if err != nil {
			return nil, err
		}
		i += n
	}
	return b.String(), c.fr.grow(b.Len())
}

// appendDirective writes one directive and returns its length without the %.
func appendDirective(b *strings.Builder, t time.Time, s string) (int, error) {
	switch d := s[0]; d {
	case '%':
		b.WriteByte('%')
	case 's':
		fmt.Fprint(b, t.Unix())
	case 'L':
		fmt.Fprintf(b, "%03d", t.Nanosecond()/1_000_000)
	case 'N':
		fmt.Fprintf(b, "%09d", t.Nanosecond())
	case 'u':
		fmt.Fprint(b, (weekdayOf(t)+6)%7+1)
	case 'w':
		fmt.Fprint(b, weekdayOf(t))
	case 'V':
		_, week := t.ISOWeek()
		fmt.Fprintf(b, "%02d", week)
	case 'G':
		year, _ := t.ISOWeek()
		fmt.Fprint(b, year)
	case '3', '6', '9':
		if len(s) < 2 || s[1] != 'N' {
			return 0, argumentErrorf("the time directive %%%s is not supported", s[:min(2, len(s))])
		}
		fmt.Fprint(b, fmt.Sprintf("%09d", t.Nanosecond())[:d-'0'])
		return 2, nil
	case '-':
		if len(s) < 2 || strings.IndexByte("mdHMSI", s[1]) < 0 {
			return 0, argumentErrorf("the time directive %%%s is not supported", s[:min(2, len(s))])
		}
		text := strings.TrimLeft(t.Format(strftimeLayouts[s[1]]), "0")
		if text == "" {
			text = "0"
		}
		b.WriteString(text)
		return 2, nil
	default:
		text, ok := strftimeLayouts[d]
		if !ok {
			return 0, argumentErrorf("the time directive %%%c is not supported", d)
		}
		b.WriteString(t.Format(text))
	}
	return 1, nil
}
