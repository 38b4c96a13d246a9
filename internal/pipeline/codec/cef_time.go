package codec

import (
	"fmt"
	"strconv"
	"time"

	"elkhorn/internal/datefmt"
	"elkhorn/internal/plugin"
)

// cefTimes reads CEF's forms of a time.
type cefTimes struct {
	zone     *time.Location
	formats  []*datefmt.Format // with a year
	yearless []*datefmt.Format
}

func newCEFTimes(s *plugin.Settings) (*cefTimes, error) {
	t := &cefTimes{}
	var err error
	if t.zone, err = datefmt.LoadZone(s.String("default_timezone")); err != nil {
		return nil, s.Errorf("default_timezone", "%v", err)
	}
	for _, pattern := range []string{"MMM dd yyyy HH:mm:ss", "MMM dd HH:mm:ss"} {
		for _, rest := range []string{"", ".SSS", ".SSSSSS", ".SSSSSSSSS", " z", ".SSS z", ".SSSSSS z", ".SSSSSSSSS z"} {
			f, err := datefmt.CompileLocale(pattern+rest, s.String("locale"))
			if err != nil {
				return nil, s.Errorf("locale", "%v", err)
			}
			if f.HasYear() {
				t.formats = append(t.formats, f)
			} else {
				t.yearless = append(t.yearless, f)
			}
		}
	}
	return t, nil
}

// parse reads a time: milliseconds since 1970, or a date, which may lack the year. zoneName is the device's own zone, "" when it
// is not told.
func (t *cefTimes) parse(text, zoneName string, now time.Time) (time.Time, error) {
	if text[0] >= '1' && text[0] <= '9' {
		if millis, err := strconv.ParseFloat(text, 64); err == nil {
			return time.UnixMicro(int64(millis * 1000)).UTC(), nil
		}
	}
	zone := t.zone
	if zoneName != "" {
		var err error
		if zone, err = datefmt.LoadZone(zoneName); err != nil {
			return time.Time{}, err
		}
	}
	for _, f := range t.formats {
		if at, err := f.Parse(text, zone); err == nil {
			return at, nil
		}
	}
	for _, f := range t.yearless {
		if at, err := f.ParseInYear(text, zone, now.Year()); err == nil {
			return nearYear(at, f, text, zone, now), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no CEF time", text)
}

// nearYear corrects the year that a date lacks: it lies at most two days ahead.
func nearYear(at time.Time, f *datefmt.Format, text string, zone *time.Location, now time.Time) time.Time {
	soon := now.AddDate(0, 0, 2)
	year := now.Year()
	switch {
	case at.After(soon):
		year--
	case now.Month() == time.December && !at.AddDate(1, 0, 0).After(soon):
		year++
	default:
		return at
	}
	if other, err := f.ParseInYear(text, zone, year); err == nil {
		return other
	}
	return at
}
