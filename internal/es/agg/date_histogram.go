package agg

import (
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// DateHistogram makes a bucket per interval of time.
type DateHistogram struct {
	Source
	Interval Interval
	// OffsetMillis moves the bounds of the buckets.
	OffsetMillis int64
	// TimeZone is an offset or a zone's name; empty is UTC.
	TimeZone    string
	MinDocCount int64
	// ExtendedBounds adds empty buckets out to its ends; HardBounds leaves out
	// what lies beyond. Ends are dates or date math; a null end is open.
	ExtendedBounds, HardBounds *Bounds
	// Keyed prints buckets as an object by key.
	Keyed bool
	// Order is empty for the default: oldest first.
	Order []Order
}

// Interval is a fixed number of milliseconds or a unit of the calendar.
type Interval struct {
	// FixedMillis is above 0 for a fixed interval, and Calendar is not used.
	FixedMillis int64
	Calendar    dates.Unit
	// Text is the interval as written ("1m", "month"), for messages.
	Text string
}

// Bounds are two ends as written.
type Bounds struct{ Min, Max Value }

// Kind returns "date_histogram".
func (*DateHistogram) Kind() string { return "date_histogram" }

// Family returns Bucket.
func (*DateHistogram) Family() Family { return Bucket }

// Rounding returns the function from times to bucket keys.
func (b *DateHistogram) Rounding() (*dates.Rounding, error) {
	zone, err := dates.Zone(b.TimeZone)
	if err != nil {
		return nil, err
	}
	if b.Interval.FixedMillis > 0 {
		return dates.FixedRounding(b.Interval.FixedMillis, b.OffsetMillis, zone), nil
	}
	return dates.CalendarRounding(b.Interval.Calendar, b.OffsetMillis, zone), nil
}

func (b *DateHistogram) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	if b.Interval.FixedMillis > 0 {
		w.String("fixed_interval", b.Interval.Text)
	} else {
		w.String("calendar_interval", b.Interval.Text)
	}
	if b.OffsetMillis != 0 {
		w.String("offset", formatMillis(b.OffsetMillis))
	}
	w.StringIf("time_zone", b.TimeZone)
	w.Int("min_doc_count", b.MinDocCount)
	b.ExtendedBounds.write(&w, "extended_bounds")
	b.HardBounds.write(&w, "hard_bounds")
	w.BoolIf("keyed", b.Keyed)
	writeOrder(&w, b.Order)
	return w.End()
}

func (b *Bounds) write(w *jsonval.Writer, name string) {
	if b == nil {
		return
	}
	w.Key(name)
	w.Value(func(dst []byte) []byte {
		o := jsonval.Begin(dst)
		if !b.Min.IsNull() {
			o.Scalar("min", b.Min)
		}
		if !b.Max.IsNull() {
			o.Scalar("max", b.Max)
		}
		return o.End()
	})
}

func parseDateHistogram(p *parser, n *jsonval.Node) (Body, error) {
	b := &DateHistogram{}
	err := p.options(n, p.source(&b.Source, options{
		"fixed_interval":    p.interval(&b.Interval, false),
		"calendar_interval": p.interval(&b.Interval, true),
		"offset":            p.millis(&b.OffsetMillis),
		"time_zone":         p.text(&b.TimeZone),
		"min_doc_count":     p.count64(&b.MinDocCount),
		"extended_bounds":   p.bounds(&b.ExtendedBounds),
		"hard_bounds":       p.bounds(&b.HardBounds),
		"keyed":             p.boolean(&b.Keyed),
		"order":             p.order(&b.Order),
	}))
	switch {
	case err != nil:
		return nil, err
	case b.Field == "":
		return nil, p.noField()
	case b.Interval.Text == "":
		return nil, eserr.IllegalArgument("Invalid interval specified, must be non-null and non-empty")
	}
	if _, err := dates.Zone(b.TimeZone); err != nil {
		return nil, err
	}
	return b, nil
}

// bounds reads {"min":…,"max":…}.
func (p *parser) bounds(target **Bounds) option {
	return func(at place, n *jsonval.Node) error {
		if n.Kind != jsonval.Object {
			return at.unknownToken(n)
		}
		b := &Bounds{}
		*target = b
		return p.members(n, options{"min": p.scalar(&b.Min), "max": p.scalar(&b.Max)})
	}
}
