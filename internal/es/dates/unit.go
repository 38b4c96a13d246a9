package dates

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/datefmt"
	"elkhorn/internal/es/eserr"
)

// Unit is a unit of the calendar.
type Unit uint8

// The units, from short to long. Weeks begin on Monday.
const (
	Second Unit = iota + 1
	Minute
	Hour
	Day
	Week
	Month
	Quarter
	Year
)

// String returns the unit's name.
func (u Unit) String() string {
	return [...]string{"", "second", "minute", "hour", "day", "week", "month", "quarter", "year"}[u]
}

// ParseUnit reads a calendar interval: "1d", "day", "month", "1M", "q" and so
// on. Only one unit at a time is a calendar interval.
func ParseUnit(text string) (Unit, bool) {
	u, ok := unitNames[text]
	return u, ok
}

var unitNames = map[string]Unit{
	"second": Second, "1s": Second,
	"minute": Minute, "1m": Minute,
	"hour": Hour, "1h": Hour,
	"day": Day, "1d": Day,
	"week": Week, "1w": Week,
	"month": Month, "1M": Month,
	"quarter": Quarter, "1q": Quarter,
	"year": Year, "1y": Year,
}

// ParseDuration reads a time value such as "30s", "1.5h" or "7d" and returns
// milliseconds, rounded down. Units are nanos, micros, ms, s, m, h and d, in any
// case but for m: "1M" means a month elsewhere and is refused.
func ParseDuration(text string) (millis int64, err error) {
	if text = strings.TrimSpace(text); !strings.HasSuffix(text, "M") {
		text = strings.ToLower(text)
	}
	for _, u := range durationUnits {
		number, ok := strings.CutSuffix(text, u.suffix)
		if !ok {
			continue
		}
		f, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil {
			continue // "ms" also ends in "s"
		}
		nanos := f * float64(u.nanos)
		if f < 0 || math.IsNaN(nanos) || nanos >= math.MaxInt64 {
			break
		}
		return int64(nanos) / int64(time.Millisecond), nil
	}
	if text == "0" {
		return 0, nil
	}
	return 0, eserr.IllegalArgument("failed to parse [%s] as a time value: unit is missing or unrecognized", text)
}

var durationUnits = []struct {
	suffix string
	nanos  time.Duration
}{
	{"nanos", time.Nanosecond}, {"micros", time.Microsecond}, {"ms", time.Millisecond},
	{"s", time.Second}, {"m", time.Minute}, {"h", time.Hour}, {"d", 24 * time.Hour},
}

// notJava are abbreviations that texts of dates may hold, but that name no zone in Java.
var notJava = []string{"EDT", "CST", "CDT", "MDT", "PST", "PDT"}

// Zone returns the zone of an offset ("+01:00", "Z") or a name
// ("Europe/Berlin"); empty text is UTC.
func Zone(text string) (*time.Location, error) {
	if text == "" {
		return time.UTC, nil
	}
	loc, err := datefmt.LoadZone(text)
	if err == nil && slices.Contains(notJava, text) {
		err = fmt.Errorf("time zone %q is not known", text)
	}
	if err != nil {
		return nil, eserr.IllegalArgument("Unknown time-zone ID: %s", text).Because(
			eserr.New(400, "zone_rules_exception", "%s", err.Error()))
	}
	return loc, nil
}
