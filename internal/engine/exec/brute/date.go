package brute

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const defaultDateFormat = "strict_date_optional_time||epoch_millis"

// isoDate is strict_date_optional_time: year, month and day; hours to nanoseconds and a zone, each of which may be missing.
var isoDate = regexp.MustCompile(`^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T(?:(\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d\d(?::?\d\d)?)?)?)?$`)

// patterns are the formats that are written out as in Java, with their layout in Go and the span of their last unit.
var patterns = map[string]struct {
	layout string
	unit   time.Duration
}{
	"yyyy-MM-dd HH:mm:ss":     {"2006-01-02 15:04:05", time.Second},
	"yyyy-MM-dd HH:mm:ss.SSS": {"2006-01-02 15:04:05.000", time.Millisecond},
	"yyyy/MM/dd":              {"2006/01/02", 24 * time.Hour},
	"dd.MM.yyyy HH:mm":        {"02.01.2006 15:04", time.Minute},
}

// parseDate reads a date by the first of some formats that takes it, in UTC where the text names no zone. end is the last
// nanosecond that the text stands for: what it leaves out below the day is filled up.
func parseDate(text string, formats []string) (start, end time.Time, ok bool) {
	for _, f := range formats {
		if start, end, ok = parseDateAs(text, f); ok {
			return start, end, true
		}
	}
	return start, end, false
}

func parseDateAs(text, format string) (start, end time.Time, ok bool) {
	switch format {
	case "epoch_millis", "epoch_second":
		whole, fraction, _ := strings.Cut(text, ".")
		if !regexp.MustCompile(`^\d*$`).MatchString(fraction) || strings.HasSuffix(text, ".") {
			return start, end, false
		}
		n, err := strconv.ParseInt(whole, 10, 64)
		if err != nil || strings.HasPrefix(text, "+") || n > 1<<53 || n < -1<<53 {
			return start, end, false
		}
		if format == "epoch_second" {
			start = time.Unix(n, 0).UTC()
			return start, start.Add(time.Second - 1), true
		}
		start = time.UnixMilli(n).UTC()
		return start, start.Add(time.Millisecond - 1), true
	case "strict_date_optional_time", "date_optional_time", "strict_date_optional_time_nanos":
		return parseISO(text)
	}
	p, known := patterns[format]
	if !known {
		panic("brute: no date format " + format)
	}
	start, err := time.Parse(p.layout, text)
	return start, start.Add(p.unit - 1), err == nil && len(text) == len(p.layout)
}

func parseISO(text string) (start, end time.Time, ok bool) {
	m := isoDate.FindStringSubmatch(text)
	if m == nil || strings.HasSuffix(text, "T") && len(text) < 11 {
		return start, end, false
	}
	part := func(i, fallback int) int {
		if m[i] == "" {
			return fallback
		}
		n, _ := strconv.Atoi(m[i])
		return n
	}
	zone := time.UTC
	if z := m[8]; z != "" && z != "Z" {
		digits := strings.ReplaceAll(z[1:], ":", "")
		for len(digits) < 4 {
			digits += "0"
		}
		h, _ := strconv.Atoi(digits[:2])
		min, _ := strconv.Atoi(digits[2:])
		offset := h*3600 + min*60
		if z[0] == '-' {
			offset = -offset
		}
		if h > 18 || min > 59 {
			return start, end, false
		}
		zone = time.FixedZone("", offset)
	}
	at := func(h, m2, s, nanos int) time.Time {
		if m[7] != "" {
			nanos, _ = strconv.Atoi((m[7] + "000000000")[:9])
		}
		return time.Date(part(1, 0), time.Month(part(2, 1)), part(3, 1), part(4, h), part(5, m2), part(6, s), nanos, zone)
	}
	start, end = at(0, 0, 0, 0), at(23, 59, 59, 999_999_999)
	if start.Month() != time.Month(part(2, 1)) || start.Day() != part(3, 1) || part(4, 0) > 23 || part(5, 0) > 59 || part(6, 0) > 59 {
		return start, end, false
	}
	return start.UTC(), end.UTC(), true
}

// evalDate reads a bound of a range: a date, or one with date math behind "||".
func evalDate(text string, formats []string, up bool) time.Time {
	date, math, _ := strings.Cut(text, "||")
	start, end, ok := parseDate(date, formats)
	if !ok {
		panic(fmt.Sprintf("brute: no date %q in %v", text, formats))
	}
	at := start
	if up && math == "" {
		at = end
	}
	for math != "" {
		op := math[0]
		math = math[1:]
		n := 0
		for math[0] >= '0' && math[0] <= '9' {
			n = 10*n + int(math[0]-'0')
			math = math[1:]
		}
		unit := math[0]
		math = math[1:]
		switch op {
		case '+':
			at = addUnit(at, unit, n)
		case '-':
			at = addUnit(at, unit, -n)
		case '/':
			at = floorUnit(at, unit)
			if up {
				at = addUnit(at, unit, 1).Add(-1)
			}
		}
	}
	return at
}

func addUnit(t time.Time, unit byte, n int) time.Time {
	switch unit {
	case 'y':
		return t.AddDate(n, 0, 0)
	case 'M':
		return t.AddDate(0, n, 0)
	case 'w':
		return t.AddDate(0, 0, 7*n)
	case 'd':
		return t.AddDate(0, 0, n)
	}
	return t.Add(time.Duration(n) * clockUnits[unit])
}

var clockUnits = map[byte]time.Duration{'h': time.Hour, 'H': time.Hour, 'm': time.Minute, 's': time.Second}

// floorUnit goes back to the beginning of a unit of the calendar in the time's zone.
func floorUnit(t time.Time, unit byte) time.Time {
	y, m, d := t.Date()
	switch unit {
	case 'y':
		return time.Date(y, 1, 1, 0, 0, 0, 0, t.Location())
	case 'q':
		return time.Date(y, (m-1)/3*3+1, 1, 0, 0, 0, 0, t.Location())
	case 'M':
		return time.Date(y, m, 1, 0, 0, 0, 0, t.Location())
	case 'w':
		back := (int(t.Weekday()) + 6) % 7 // weeks begin on Monday
		return time.Date(y, m, d-back, 0, 0, 0, 0, t.Location())
	case 'd':
		return time.Date(y, m, d, 0, 0, 0, 0, t.Location())
	}
	_, shift := t.Zone()
	local := time.Duration(shift) * time.Second
	return t.Add(local).Truncate(clockUnits[unit]).Add(-local)
}

// printDate writes a time in the first of some formats.
func printDate(t time.Time, formats []string) string {
	switch f := formats[0]; f {
	case "epoch_millis":
		return strconv.FormatInt(t.UnixMilli(), 10)
	case "epoch_second":
		return strconv.FormatInt(t.Unix(), 10)
	case "strict_date_optional_time", "date_optional_time":
		return t.Format("2006-01-02T15:04:05.000Z07:00")
	case "strict_date_optional_time_nanos":
		text := t.Format("2006-01-02T15:04:05.999999999Z07:00")
		return text
	default:
		return t.Format(patterns[f].layout)
	}
}
