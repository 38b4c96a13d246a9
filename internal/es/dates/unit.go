package dates

import (
	"fmt"
	"slices"
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
