package dates

import (
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/es/eserr"
)

// MaxTimeValue is the longest time that a time value comes to, 100 years: arithmetic on it does not overflow.
const MaxTimeValue = 100 * 365 * 24 * time.Hour

// timeUnits are those of time values, the longer before those that they end like.
var timeUnits = []struct {
	suffix string
	unit   time.Duration
}{
	{"nanos", time.Nanosecond}, {"micros", time.Microsecond}, {"ms", time.Millisecond},
	{"s", time.Second}, {"m", time.Minute}, {"h", time.Hour}, {"d", 24 * time.Hour},
}

// TimeUnit is the length of a unit of time values, such as "ms".
func TimeUnit(name string) (unit time.Duration, ok bool) {
	for _, u := range timeUnits {
		if u.suffix == name {
			return u.unit, true
		}
	}
	return 0, false
}

// ParseTimeValue reads a time value as Elasticsearch writes them: "30s", "1.5h", "7d", "0", or "-1" for none, which is returned as
// it is. Units may be in any case but for m: "1M" means a month elsewhere and is refused. The setting is named where the
// value cannot be read; "" for a value that has no name.
func ParseTimeValue(setting, text string) (time.Duration, error) {
	what := "[" + text + "]"
	if setting != "" {
		what = "setting [" + setting + "] with value [" + text + "]"
	}
	value := strings.TrimSpace(text)
	if !strings.HasSuffix(value, "M") {
		value = strings.ToLower(value)
	}
	for _, u := range timeUnits {
		digits, found := strings.CutSuffix(value, u.suffix)
		if !found {
			continue
		}
		digits = strings.TrimSpace(digits)
		n, err := strconv.ParseFloat(digits, 64)
		switch {
		case err != nil || strings.Trim(digits, "-.0123456789") != "": // no exponents, and no infinity
			return 0, eserr.IllegalArgument("failed to parse [%s]", text).Because(eserr.NumberFormat(digits))
		case n == -1:
			return -1, nil
		case n < 0:
			return 0, eserr.IllegalArgument("failed to parse %s as a time value: negative durations are not supported", what)
		}
		return time.Duration(min(n*float64(u.unit), float64(MaxTimeValue))), nil
	}
	switch value {
	case "0":
		return 0, nil
	case "-1":
		return -1, nil
	}
	return 0, eserr.IllegalArgument("failed to parse %s as a time value: unit is missing or unrecognized", what)
}

// ParseDuration reads a time value that may not be -1, in milliseconds, rounded down.
func ParseDuration(text string) (millis int64, err error) {
	d, err := ParseTimeValue("", text)
	if d < 0 {
		return 0, eserr.IllegalArgument("failed to parse [%s] as a time value: negative durations are not supported", text)
	}
	return d.Milliseconds(), err
}
