package processor

import (
	"math"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/datefmt"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/mustache"
)

// dateProcessor reads a date and writes it again in one format.
type dateProcessor struct {
	field, target *path
	parsers       []dateParser
	zone          *time.Location
	zoneText      *mustache.Template // when the zone depends on the document
	output        *dates.Format
}

// dateParser reads one format; dates that name no zone are in zone.
type dateParser func(text string, zone *time.Location) (time.Time, error)

const (
	defaultDateTarget = "@timestamp"
	defaultDateOutput = "yyyy-MM-dd'T'HH:mm:ss.SSSXXX"
)

func newDate(c *config) (Processor, error) {
	p := &dateProcessor{field: c.path("field"), target: c.pathOr("target_field", defaultDateTarget)}
	if zone := c.strOr("timezone", ""); zone != "" {
		p.zoneText = c.templateOf("timezone", zone, mustache.JSON)
	}
	locale := c.locale()
	output := c.strOr("output_format", defaultDateOutput)
	formats := c.strs("formats")
	if c.err != nil {
		return nil, c.err
	}
	var err error
	if p.output, err = dates.Compile(output); err != nil {
		return nil, eserr.IllegalArgument("invalid output format [%s]", output).Because(err)
	}
	p.zone = time.UTC
	if p.zoneText != nil && p.zoneText.Constant() {
		if p.zone, err = dates.Zone(p.zoneText.Source()); err != nil {
			return nil, err
		}
		p.zoneText = nil
	}
	for _, format := range formats {
		parse, err := newDateParser(format, locale, c.compile.env.Now)
		if err != nil {
			return nil, c.fault("formats", "%s", eserr.From(err).Reason)
		}
		p.parsers = append(p.parsers, parse)
	}
	return p, nil
}

// locale reads the language of month and day names.
func (c *config) locale() string {
	locale := c.strOr("locale", "en")
	if strings.Contains(locale, "{{") {
		c.fail("locale", "property is a template, which is not supported")
	} else if strings.EqualFold(locale, "root") {
		return "en"
	} else if _, err := datefmt.CompileJavaLocale("MMM", locale); err != nil {
		c.fail("locale", "%v", err)
	}
	return locale
}

// newDateParser compiles a format: ISO8601, UNIX, UNIX_MS, TAI64N, or one of Elasticsearch's names or patterns.
func newDateParser(format, locale string, now func() time.Time) (dateParser, error) {
	switch format {
	case "ISO8601":
		return func(text string, zone *time.Location) (time.Time, error) {
			t, _, err := datefmt.ParseISO8601(text, zone)
			return t, err
		}, nil
	case "UNIX":
		return func(text string, _ *time.Location) (time.Time, error) { return unixTime(text, 1000) }, nil
	case "UNIX_MS":
		return func(text string, _ *time.Location) (time.Time, error) {
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil || n > maxDateMillis || n < -maxDateMillis {
				return time.Time{}, eserr.NumberFormat(text)
			}
			return time.UnixMilli(n), nil
		}, nil
	case "TAI64N":
		return func(text string, _ *time.Location) (time.Time, error) { return datefmt.ParseTAI64N(text) }, nil
	}
	if parse, ok, err := newPlainParser(format, locale, now); ok || err != nil {
		return parse, err
	}
	f, err := dates.Compile(format)
	if err != nil {
		return nil, err
	}
	return func(text string, zone *time.Location) (time.Time, error) {
		at, err := f.Parse(text, zone)
		return at.Time(time.UTC), err
	}, nil
}

// newPlainParser is for a single pattern that package dates does not read as this processor does: one without a year means
// this year, and a locale means other names of months.
func newPlainParser(format, locale string, now func() time.Time) (parse dateParser, ok bool, err error) {
	pattern := strings.TrimPrefix(format, "8")
	compiled, err := datefmt.CompileJavaLocale(pattern, locale)
	if err != nil || strings.Contains(pattern, "||") {
		return nil, false, nil
	}
	language, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(locale), "_", "-"), "-")
	switch {
	case !compiled.HasYear():
		return func(text string, zone *time.Location) (time.Time, error) {
			t, err := compiled.ParseInYear(text, zone, now().UTC().Year())
			return t, unreadable(err, text, format)
		}, true, nil
	case language != "en":
		return func(text string, zone *time.Location) (time.Time, error) {
			t, err := compiled.Parse(text, zone)
			return t, unreadable(err, text, format)
		}, true, nil
	}
	return nil, false, nil
}

func unreadable(err error, text, format string) error {
	if err == nil {
		return nil
	}
	return eserr.IllegalArgument("failed to parse date field [%s] with format [%s]", text, format).
		Because(eserr.New(400, "date_time_parse_exception", "Text '%s' could not be parsed", text))
}

// maxDateMillis keeps dates within the years that can be written.
const maxDateMillis = 253_402_300_799_999

// unixTime reads a number of seconds with a fraction, of which milliseconds count.
func unixTime(text string, perUnit float64) (time.Time, error) {
	f, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	millis := f * perUnit
	if err != nil || math.IsNaN(millis) || math.Abs(millis) > maxDateMillis {
		return time.Time{}, eserr.NumberFormat(text)
	}
	return time.UnixMilli(int64(millis)), nil
}

// Run reads the date.
func (p *dateProcessor) Run(d *Document) error {
	v, err := d.get(p.field)
	if err != nil {
		return err
	}
	zone := p.zone
	if p.zoneText != nil {
		text, err := d.render(p.zoneText)
		if err != nil {
			return err
		}
		if zone, err = dates.Zone(text); err != nil {
			return err
		}
	}
	t, err := parseDate(p.parsers, v, zone)
	if err != nil {
		return err
	}
	return d.set(p.target, event.StringOf(string(p.output.Append(nil, dates.FromTime(t), zone))))
}

// parseDate tries the formats in order.
func parseDate(parsers []dateParser, v value, zone *time.Location) (time.Time, error) {
	text := textOf(v)
	var last error
	for _, parse := range parsers {
		t, err := parse(text, zone)
		if err == nil {
			return t, nil
		}
		last = err
	}
	fault := eserr.IllegalArgument("unable to parse date [%s]", text)
	if last != nil {
		cause := eserr.From(last)
		if cause.Status == 500 {
			cause = eserr.IllegalArgument("%s", cause.Reason)
		}
		fault.CausedBy = cause
	}
	return time.Time{}, fault
}
