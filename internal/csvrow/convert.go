package csvrow

import (
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// Conversion makes a value of a column's text. A text that is none of its type stays text.
type Conversion func(text string) event.Value

// ConversionsOf reads the option convert: column to type.
func ConversionsOf(s *plugin.Settings) (map[string]Conversion, error) {
	columns := map[string]Conversion{}
	for _, pair := range s.Pairs("convert") {
		to := conversions[pair.Value.Str]
		if to == nil {
			return nil, s.Errorf("convert", "must be integer, float, date, date_time or boolean, not %q, for column %s", pair.Value.Str, pair.Key)
		}
		columns[pair.Key] = to
	}
	return columns, nil
}

var conversions = map[string]Conversion{
	"integer": func(text string) event.Value {
		if n, err := strconv.ParseInt(strings.ReplaceAll(text, "_", ""), 0, 64); err == nil {
			return event.IntOf(n)
		}
		return event.StringOf(text)
	},
	"float": func(text string) event.Value {
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return event.FloatOf(f)
		}
		return event.StringOf(text)
	},
	"boolean": func(text string) event.Value {
		switch text = strings.ToLower(strings.TrimSpace(text)); text {
		case "true", "false":
			return event.BoolOf(text == "true")
		}
		return event.StringOf(text)
	},
	"date":      timeConversion("2006-01-02", "Jan 2 2006", "January 2 2006", "Jan 2, 2006", "January 2, 2006", "Mon, Jan 2 2006", "Monday, January 2, 2006"),
	"date_time": timeConversion(time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 MST", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02", "Jan 2 15:04:05 2006", "Jan 2 15:04:05, 2006", "Mon Jan 2 15:04:05 2006"),
}

// timeConversion reads the forms of a date that Ruby's CSV library recognises, in UTC where there is no zone.
func timeConversion(layouts ...string) Conversion {
	return func(text string) event.Value {
		for _, layout := range layouts {
			if t, err := time.Parse(layout, strings.TrimSpace(text)); err == nil {
				return event.TimeOf(t)
			}
		}
		return event.StringOf(text)
	}
}
