package agg

import (
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/jsonval"
)

// Derivative is the difference to the bucket before.
type Derivative struct {
	Pipe
	// Unit adds the difference per unit of time ("1d", "month"); empty for not.
	Unit string
	// UnitMillis is the length of Unit; a calendar unit has its mean length.
	UnitMillis float64
}

// Kind returns "derivative".
func (*Derivative) Kind() string { return "derivative" }

// Family returns Pipeline.
func (*Derivative) Family() Family { return Pipeline }

// Sibling returns false.
func (*Derivative) Sibling() bool { return false }

func (b *Derivative) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	w.StringIf("unit", b.Unit)
	return w.End()
}

func (b *Derivative) check(v *pipeValidation, name string) { v.parentIsOrdered(b.Kind(), name) }

func parseDerivative(p *parser, n *jsonval.Node) (Body, error) {
	b := &Derivative{}
	if err := p.pipeOnly(n, &b.Pipe, options{"unit": p.text(&b.Unit)}); err != nil || b.Unit == "" {
		return b, err
	}
	if unit, ok := dates.ParseUnit(b.Unit); ok {
		b.UnitMillis = unitMillis(unit)
		return b, nil
	}
	millis, err := dates.ParseDuration(b.Unit)
	b.UnitMillis = float64(millis)
	return b, err
}

// yearMillis is the mean length of a year of the calendar.
const yearMillis = 31_556_952_000

// unitMillis is the mean length of a calendar unit.
func unitMillis(unit dates.Unit) float64 {
	switch unit {
	case dates.Second:
		return 1000
	case dates.Minute:
		return 60_000
	case dates.Hour:
		return 3_600_000
	case dates.Day:
		return 86_400_000
	case dates.Week:
		return 7 * 86_400_000
	case dates.Month:
		return yearMillis / 12
	case dates.Quarter:
		return yearMillis / 4
	}
	return yearMillis
}
