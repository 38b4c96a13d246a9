package agg

import (
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Rate is how many documents or values, or how much of a number, there is per unit of time in a date_histogram around.
type Rate struct {
	// Source names no field to count documents.
	Source
	// Unit is a calendar unit's name; empty is the bucket as it is.
	Unit string
	// CountValues counts the field's values rather than adding them up.
	CountValues bool
}

// Kind returns "rate".
func (*Rate) Kind() string { return "rate" }

// Family returns Metric.
func (*Rate) Family() Family { return Metric }

func (b *Rate) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	w.StringIf("unit", b.Unit)
	if b.CountValues {
		w.String("mode", "value_count")
	}
	return w.End()
}

func parseRate(p *parser, n *jsonval.Node) (Body, error) {
	b := &Rate{}
	mode := ""
	if err := p.options(n, p.source(&b.Source, options{"unit": p.text(&b.Unit), "mode": p.oneOf(&mode, "sum", "value_count")})); err != nil {
		return nil, err
	}
	if _, ok := dates.ParseUnit(b.Unit); !ok && b.Unit != "" {
		return nil, eserr.IllegalArgument("Unsupported unit %s", b.Unit)
	}
	if b.Field == "" && mode != "" {
		return nil, eserr.IllegalArgument("The mode parameter is only supported with field or script")
	}
	b.CountValues = mode == "value_count"
	return b, nil
}

// Divisor is how many units there are in the bucket of a date_histogram that begins at a time.
func (b *Rate) Divisor(h *DateHistogram, startMillis int64) (float64, error) {
	unit, ok := dates.ParseUnit(b.Unit)
	if !ok {
		return 1, nil
	}
	months := monthsIn(unit)
	if h.Interval.FixedMillis > 0 {
		if months > 0 {
			return 0, eserr.IllegalArgument("Cannot use month-based rate unit [%s] with fixed interval based histogram, only week, day, hour, minute and second are supported for this histogram", unitName(unit))
		}
		return float64(h.Interval.FixedMillis) / unitMillis(unit), nil
	}
	have := monthsIn(h.Interval.Calendar)
	switch {
	case months > 0 && have > 0:
		return have / months, nil
	case months > 0:
		return 0, eserr.IllegalArgument("Cannot use month-based rate unit [%s] with non-month based calendar interval histogram [%s] only week, day, hour, minute and second are supported for this histogram",
			unitName(unit), unitName(h.Interval.Calendar))
	}
	r, err := h.Rounding()
	if err != nil {
		return 0, err
	}
	if have > 0 {
		return float64(r.Next(startMillis)-startMillis) / unitMillis(unit), nil
	}
	return unitMillis(h.Interval.Calendar) / unitMillis(unit), nil
}

// monthsIn is how many months a unit has, 0 for those shorter.
func monthsIn(unit dates.Unit) float64 {
	switch unit {
	case dates.Month:
		return 1
	case dates.Quarter:
		return 3
	case dates.Year:
		return 12
	}
	return 0
}

// unitName is a unit's name as messages have it.
func unitName(unit dates.Unit) string {
	for _, name := range []string{"second", "minute", "hour", "day", "week", "month", "quarter", "year"} {
		if u, _ := dates.ParseUnit(name); u == unit {
			return name
		}
	}
	return ""
}
