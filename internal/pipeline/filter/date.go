package filter

import (
	"math"
	"time"

	"elkhorn/internal/datefmt"
	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

var date = pipeline.FilterSpec{
	Name:    "date",
	Summary: "Reads a date from a field, usually to make it the event time.",
	Options: []plugin.Option{
		{Name: "match", Kind: plugin.Strings, Required: true, Help: "Field, then formats that are tried in order: ISO8601, UNIX (seconds), UNIX_MS, TAI64N, or a Joda-Time pattern such as dd/MMM/yyyy:HH:mm:ss Z. A pattern without a year means the year that brings the date closest to now by month."},
		{Name: "target", Kind: plugin.Field, Default: "@timestamp", Help: "Field for the timestamp. Fractions of a second are kept to the nanosecond."},
		{Name: "timezone", Kind: plugin.String, Help: "Zone of dates that name none: an id such as Europe/Berlin, an offset, or a %{reference}. Without it the host's zone."},
		{Name: "locale", Kind: plugin.String, Default: "en", Help: "Language of month and day names: de, en, es, fr, it, nl or pt, with or without a country (pt-BR)."},
		failureTagOption("_dateparsefailure"),
	},
	New: newDate,
}

type dateFilter struct {
	source, target *event.Path
	parsers        []dateParser
	zone           *time.Location
	zoneTemplate   *event.Template // when the zone depends on the event
	failureTags    []string
}

// dateParser reads one format. An error means that it does not fit.
type dateParser func(v event.Value, zone *time.Location) (time.Time, error)

func newDate(env *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	match := s.Strings("match")
	if len(match) < 2 {
		return nil, s.Errorf("match", "wants a field and at least one format")
	}
	f := &dateFilter{failureTags: s.Strings("tag_on_failure")}
	var err error
	if f.source, err = event.ParsePath(match[0]); err != nil {
		return nil, s.Errorf("match", "%v", err)
	}
	if f.target, err = pathOption(s, "target"); err != nil {
		return nil, err
	}
	if err := f.setZone(s); err != nil {
		return nil, err
	}
	for _, format := range match[1:] {
		parse, err := newDateParser(format, s.String("locale"), env.Now)
		if _, english := newDateParser(format, "en", env.Now); err != nil && english == nil {
			return nil, s.Errorf("locale", "%v", err)
		}
		if err != nil {
			return nil, s.Errorf("match", "%v", err)
		}
		f.parsers = append(f.parsers, parse)
	}
	return f, nil
}

func (f *dateFilter) setZone(s *plugin.Settings) error {
	text := s.String("timezone")
	if text == "" {
		f.zone = hostZone()
		return nil
	}
	template, err := event.CompileTemplate(text)
	if err != nil {
		return s.Errorf("timezone", "%v", err)
	}
	if _, constant := template.Constant(); !constant {
		f.zoneTemplate = template
		return nil
	}
	if f.zone, err = datefmt.LoadZone(text); err != nil {
		return s.Errorf("timezone", "%v", err)
	}
	return nil
}

// hostZone is the zone of the host; where that is UTC it is time.UTC, which has a quicker way to an instant.
func hostZone() *time.Location {
	for _, at := range []time.Time{time.Unix(0, 0), time.Now()} {
		if name, offset := at.Local().Zone(); name != "UTC" || offset != 0 {
			return time.Local
		}
	}
	return time.UTC
}

func newDateParser(format, locale string, now func() time.Time) (dateParser, error) {
	switch format {
	case "ISO8601":
		return func(v event.Value, zone *time.Location) (time.Time, error) {
			if v.Kind() == event.Time {
				return v.Time(), nil
			}
			t, _, err := datefmt.ParseISO8601Joda(v.Text(), zone)
			return t, err
		}, nil
	case "UNIX":
		return parseUnix, nil
	case "UNIX_MS":
		return parseUnixMillis, nil
	case "TAI64N":
		return func(v event.Value, _ *time.Location) (time.Time, error) { return datefmt.ParseTAI64N(v.Str()) }, nil
	}
	compiled, err := datefmt.CompileLocale(format, locale)
	if err != nil {
		return nil, err
	}
	if compiled.HasYear() {
		return func(v event.Value, zone *time.Location) (time.Time, error) { return compiled.Parse(v.Text(), zone) }, nil
	}
	return func(v event.Value, zone *time.Location) (time.Time, error) {
		return compiled.ParseNear(v.Text(), zone, now())
	}, nil
}

// maxUnixNumber keeps numbers within what a timestamp can hold, the year 9999.
const maxUnixNumber = 253_402_300_799

func parseUnix(v event.Value, _ *time.Location) (time.Time, error) {
	switch v.Kind() {
	case event.Int:
		if n := v.Int(); n >= -maxUnixNumber && n <= maxUnixNumber {
			return time.Unix(n, 0).UTC(), nil
		}
		return time.Time{}, datefmt.ErrNotUnix
	case event.Float:
		f := v.Float()
		if math.IsNaN(f) || math.Abs(f) > maxUnixNumber {
			return time.Time{}, datefmt.ErrNotUnix
		}
		whole, fraction := math.Modf(f)
		// A float holds today's seconds to about a microsecond: the digits beyond are noise.
		return time.Unix(int64(whole), int64(math.Round(fraction*1e6))*1000).UTC(), nil
	}
	return datefmt.ParseUnix(v.Str())
}

func parseUnixMillis(v event.Value, _ *time.Location) (time.Time, error) {
	if v.IsNumber() {
		if math.Abs(v.Float()) > maxUnixNumber*1000 {
			return time.Time{}, datefmt.ErrNotUnixMillis
		}
		return time.UnixMilli(v.Int()).UTC(), nil
	}
	return datefmt.ParseUnixMillis(v.Str())
}

func (f *dateFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	v, ok := ev.Get(f.source)
	if v = firstItem(v); !ok || v.Kind() == event.Null {
		return pipeline.Unmatched
	}
	zone := f.zone
	if f.zoneTemplate != nil {
		var err error
		if zone, err = datefmt.LoadZone(f.zoneTemplate.Expand(ev)); err != nil {
			tagAll(ev, f.failureTags)
			return pipeline.Unmatched
		}
	}
	for _, parse := range f.parsers {
		t, err := parse(v, zone)
		if err == nil && representable(t) && ev.Set(f.target, event.TimeOf(t)) {
			return pipeline.Matched
		}
	}
	tagAll(ev, f.failureTags)
	return pipeline.Unmatched
}

// representable tells whether an event can hold t: timestamps are nanoseconds since 1970 in 64 bits.
func representable(t time.Time) bool { return t.Year() >= 1678 && t.Year() <= 2261 }
