package agg

import "elkhorn/internal/es/jsonval"

// Avg is the arithmetic mean of the values.
type Avg struct{ Source }

// Min is the least value.
type Min struct{ Source }

// Max is the greatest value.
type Max struct{ Source }

// Sum is the sum of the values.
type Sum struct{ Source }

// ValueCount counts the values, of any type.
type ValueCount struct{ Source }

// Stats is count, min, max, avg and sum in one.
type Stats struct{ Source }

// ExtendedStats is Stats with squares, variance and deviation.
type ExtendedStats struct {
	Source
	// Sigma is how many deviations the printed bounds lie from the mean.
	Sigma float64
}

// Kind returns "avg".
func (*Avg) Kind() string { return "avg" }

// Kind returns "min".
func (*Min) Kind() string { return "min" }

// Kind returns "max".
func (*Max) Kind() string { return "max" }

// Kind returns "sum".
func (*Sum) Kind() string { return "sum" }

// Kind returns "value_count".
func (*ValueCount) Kind() string { return "value_count" }

// Kind returns "stats".
func (*Stats) Kind() string { return "stats" }

// Kind returns "extended_stats".
func (*ExtendedStats) Kind() string { return "extended_stats" }

// Family returns Metric.
func (*Avg) Family() Family { return Metric }

// Family returns Metric.
func (*Min) Family() Family { return Metric }

// Family returns Metric.
func (*Max) Family() Family { return Metric }

// Family returns Metric.
func (*Sum) Family() Family { return Metric }

// Family returns Metric.
func (*ValueCount) Family() Family { return Metric }

// Family returns Metric.
func (*Stats) Family() Family { return Metric }

// Family returns Metric.
func (*ExtendedStats) Family() Family { return Metric }

func (b *Avg) appendBody(dst []byte) []byte        { return b.appendSource(dst) }
func (b *Min) appendBody(dst []byte) []byte        { return b.appendSource(dst) }
func (b *Max) appendBody(dst []byte) []byte        { return b.appendSource(dst) }
func (b *Sum) appendBody(dst []byte) []byte        { return b.appendSource(dst) }
func (b *ValueCount) appendBody(dst []byte) []byte { return b.appendSource(dst) }
func (b *Stats) appendBody(dst []byte) []byte      { return b.appendSource(dst) }

func (b *ExtendedStats) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	w.Float("sigma", b.Sigma)
	return w.End()
}

// ofSource makes the reader of a kind that has no options but its source's.
func ofSource[T Body](make func(Source) T) bodyParser {
	return func(p *parser, n *jsonval.Node) (Body, error) {
		var s Source
		if err := p.sourceOnly(n, &s); err != nil {
			return nil, err
		}
		return make(s), nil
	}
}

func parseExtendedStats(p *parser, n *jsonval.Node) (Body, error) {
	b := &ExtendedStats{Sigma: 2}
	err := p.options(n, p.source(&b.Source, options{"sigma": p.positive(&b.Sigma, "sigma")}))
	if err == nil && b.Field == "" {
		err = p.noField()
	}
	return b, err
}
