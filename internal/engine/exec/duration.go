package exec

import (
	"strconv"
	"strings"

	"elkhorn/internal/es/eserr"
)

// millisIn are the units of time values, the longer before those that they end like.
var millisIn = []struct {
	suffix string
	millis float64
}{{"nanos", 1e-6}, {"micros", 1e-3}, {"ms", 1}, {"s", 1e3}, {"m", 60e3}, {"h", 3600e3}, {"d", 86400e3}}

// parseMillis reads a time value such as "10d", in milliseconds.
func parseMillis(text string) (float64, error) {
	lower := strings.ToLower(strings.TrimSpace(text))
	for _, u := range millisIn {
		digits, found := strings.CutSuffix(lower, u.suffix)
		if !found {
			continue
		}
		n, err := strconv.ParseFloat(digits, 64)
		if err != nil || n != n || n < 0 {
			return 0, eserr.IllegalArgument("failed to parse [%s] as a time value", text).Because(eserr.NumberFormat(digits))
		}
		return n * u.millis, nil
	}
	if lower == "0" {
		return 0, nil
	}
	return 0, eserr.IllegalArgument("failed to parse setting [time value] with value [%s] as a time value: unit is missing or unrecognized", text)
}
