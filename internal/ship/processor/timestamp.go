package processor

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/datefmt"
	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

var timestamp = Spec{
	Name:    "timestamp",
	Summary: "Reads a time from a field.",
	Options: []plugin.Option{
		{Name: "field", Kind: plugin.String, Required: true, Help: "Field with the time."},
		{Name: "target_field", Kind: plugin.String, Default: "@timestamp", Help: "Field that gets it."},
		{Name: "layouts", Kind: plugin.Strings, Required: true, Help: "Layouts as Go writes them (2006-01-02 15:04:05.999), UNIX (seconds) or UNIX_MS; the first that fits is taken."},
		{Name: "timezone", Kind: plugin.String, Default: "UTC", Help: "Time zone of times that have none: a name such as Europe/Rome, or +0200."},
		{Name: "ignore_missing", Kind: plugin.Boolean, Help: "A field that is not there is no failure."},
		{Name: "ignore_failure", Kind: plugin.Boolean, Help: "Leaves error.message out after a failure."},
		{Name: "test", Kind: plugin.Strings, Help: "Times that the layouts must be able to read; else the configuration is refused."},
		{Name: "id", Kind: plugin.String, Help: "Name of the processor in its configuration."},
		{Name: "tag", Kind: plugin.String, Help: "Another name of id."},
	},
	New: newTimestamp,
}

type timeReader struct {
	field, target *event.Path
	layouts       []string
	zone          *time.Location
	ignoreMissing bool
	ignoreFailure bool
	now           func() time.Time
}

func newTimestamp(_ *Env, s *plugin.Settings) (Processor, error) {
	r := &timeReader{layouts: s.Strings("layouts"), ignoreMissing: s.Bool("ignore_missing"), ignoreFailure: s.Bool("ignore_failure"), now: time.Now}
	var err error
	if r.field, err = fieldPath(s.String("field")); err != nil {
		return nil, s.Errorf("field", "%v", err)
	}
	if r.target, err = fieldPath(s.String("target_field")); err != nil {
		return nil, s.Errorf("target_field", "%v", err)
	}
	if r.zone, err = zoneOf(s.String("timezone")); err != nil {
		return nil, s.Errorf("timezone", "%v", err)
	}
	for _, layout := range r.layouts {
		if strings.Contains(layout, "yy") || strings.Contains(layout, "HH") {
			return nil, s.Errorf("layouts", "%q is not a layout as Go writes them: its example is 2006-01-02 15:04:05", layout)
		}
	}
	for _, text := range s.Strings("test") {
		if _, err := r.read(event.StringOf(text)); err != nil {
			return nil, s.Errorf("test", "%v", err)
		}
	}
	return r, nil
}

var zoneOffset = regexp.MustCompile(`^([+-])(\d{2}):?(\d{2})?$`)

func zoneOf(name string) (*time.Location, error) {
	parts := zoneOffset.FindStringSubmatch(name)
	if parts == nil {
		return datefmt.LoadZone(name)
	}
	hours, _ := strconv.Atoi(parts[2]) // digits, or nothing, which is 0
	minutes, _ := strconv.Atoi(parts[3])
	seconds := hours*3600 + minutes*60
	if parts[1] == "-" {
		seconds = -seconds
	}
	return time.FixedZone(name, seconds), nil
}

func (r *timeReader) Process(ev *event.Event) bool {
	v, ok := ev.Get(r.field)
	if !ok {
		if !r.ignoreMissing {
			r.fail(ev, fmt.Errorf("field %s is not there", r.field))
		}
		return true
	}
	at, err := r.read(v)
	if err != nil {
		r.fail(ev, err)
		return true
	}
	ev.Set(r.target, event.TimeOf(at.UTC()))
	return true
}

func (r *timeReader) fail(ev *event.Event, err error) {
	if !r.ignoreFailure {
		ev.Set(errorMessagePath, event.StringOf("timestamp: "+err.Error()))
	}
}

// read tries the layouts. A time without a year is of this year.
func (r *timeReader) read(v event.Value) (time.Time, error) {
	if v.Kind() == event.Time {
		return v.Time(), nil
	}
	text := v.Text()
	for _, layout := range r.layouts {
		var at time.Time
		var err error
		switch layout {
		case "UNIX":
			at, err = datefmt.ParseUnix(text)
		case "UNIX_MS":
			at, err = datefmt.ParseUnixMillis(text)
		default:
			if at, err = time.ParseInLocation(layout, text, r.zone); err == nil && at.Year() == 0 {
				at = at.AddDate(r.now().In(at.Location()).Year(), 0, 0)
			}
		}
		if err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("no layout fits %.100q", text)
}
