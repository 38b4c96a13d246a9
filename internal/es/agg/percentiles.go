package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Percentiles are the values below which given shares of the values lie.
type Percentiles struct {
	Source
	// Percents lie between 0 and 100, in the order of the answer.
	Percents []float64
	// Unkeyed answers an array rather than an object by percent.
	Unkeyed bool
	Sketch  Sketch
}

// PercentileRanks are the shares, in percent, of the values at or below given
// values.
type PercentileRanks struct {
	Source
	Values  []float64
	Unkeyed bool
	Sketch  Sketch
}

// Sketch is the way of estimating that was asked for. The zero value leaves
// the choice to the store.
type Sketch struct {
	// Compression is above 0 when a t-digest of that size was asked for.
	Compression float64
	// ExecutionHint is the t-digest's: "", "default" or "high_accuracy".
	ExecutionHint string
	// HDR asks for a histogram with SignificantDigits decimal digits.
	HDR               bool
	SignificantDigits int
}

// defaultPercents are those of a request that names none.
var defaultPercents = []float64{1, 5, 25, 50, 75, 95, 99}

// Kind returns "percentiles".
func (*Percentiles) Kind() string { return "percentiles" }

// Family returns Metric.
func (*Percentiles) Family() Family { return Metric }

// Kind returns "percentile_ranks".
func (*PercentileRanks) Kind() string { return "percentile_ranks" }

// Family returns Metric.
func (*PercentileRanks) Family() Family { return Metric }

func (b *Percentiles) appendBody(dst []byte) []byte {
	return b.appendPercentile(dst, "percents", b.Percents, b.Unkeyed, &b.Sketch)
}

func (b *PercentileRanks) appendBody(dst []byte) []byte {
	return b.appendPercentile(dst, "values", b.Values, b.Unkeyed, &b.Sketch)
}

func (s *Source) appendPercentile(dst []byte, name string, numbers []float64, unkeyed bool, sketch *Sketch) []byte {
	w := jsonval.Begin(dst)
	s.write(&w)
	w.Key(name)
	w.Value(func(dst []byte) []byte {
		values := make([]Value, len(numbers))
		for i, f := range numbers {
			values[i] = jsonval.Float(f)
		}
		return appendValues(dst, values)
	})
	if unkeyed {
		w.Bool("keyed", false)
	}
	sketch.write(&w)
	return w.End()
}

func (s *Sketch) write(w *jsonval.Writer) {
	switch {
	case s.HDR:
		w.Key("hdr")
		w.Value(func(dst []byte) []byte {
			o := jsonval.Begin(dst)
			o.Int("number_of_significant_value_digits", int64(s.SignificantDigits))
			return o.End()
		})
	case s.Compression > 0 || s.ExecutionHint != "":
		w.Key("tdigest")
		w.Value(func(dst []byte) []byte {
			o := jsonval.Begin(dst)
			if s.Compression > 0 {
				o.Float("compression", s.Compression)
			}
			o.StringIf("execution_hint", s.ExecutionHint)
			return o.End()
		})
	}
}

func parsePercentiles(p *parser, n *jsonval.Node) (Body, error) {
	b := &Percentiles{Percents: defaultPercents}
	err := p.options(n, p.source(&b.Source, p.sketch(&b.Sketch, options{
		"percents": p.floats(&b.Percents),
		"keyed":    p.negated(&b.Unkeyed),
	})))
	switch {
	case err != nil:
		return nil, err
	case b.Field == "":
		return nil, p.noField()
	case len(b.Percents) == 0:
		return nil, eserr.IllegalArgument("[percents] must not be empty: [%s]", p.name)
	}
	for _, percent := range b.Percents {
		if percent < 0 || percent > 100 {
			return nil, eserr.IllegalArgument("percent must be in [0,100], got [%v]: [%s]", percent, p.name)
		}
	}
	return b, nil
}

func parsePercentileRanks(p *parser, n *jsonval.Node) (Body, error) {
	b := &PercentileRanks{}
	err := p.options(n, p.source(&b.Source, p.sketch(&b.Sketch, options{
		"values": p.floats(&b.Values),
		"keyed":  p.negated(&b.Unkeyed),
	})))
	switch {
	case err != nil:
		return nil, err
	case b.Field == "":
		return nil, p.noField()
	case len(b.Values) == 0:
		return nil, eserr.IllegalArgument("[values] must not be an empty array: [%s]", p.name)
	}
	return b, nil
}

// sketch adds the options that choose a way of estimating.
func (p *parser) sketch(s *Sketch, more options) options {
	more["tdigest"] = func(at place, n *jsonval.Node) error {
		if n.Kind != jsonval.Object {
			return at.unknownToken(n)
		}
		return p.members(n, options{
			"compression":    p.positive(&s.Compression, "compression"),
			"execution_hint": p.oneOf(&s.ExecutionHint, "default", "high_accuracy"),
		})
	}
	more["hdr"] = func(at place, n *jsonval.Node) error {
		if n.Kind != jsonval.Object {
			return at.unknownToken(n)
		}
		s.HDR, s.SignificantDigits = true, 3
		return p.members(n, options{"number_of_significant_value_digits": func(at place, n *jsonval.Node) error {
			digits, ok := n.Scalar().Int64()
			switch {
			case !n.IsScalar() || !ok:
				return at.malformed(n, "a whole number")
			case digits < 0 || digits > 5:
				return eserr.IllegalArgument("[numberOfSignificantValueDigits] must be between 0 and 5: [%s]", p.name)
			}
			s.SignificantDigits = int(digits)
			return nil
		}})
	}
	more["compression"] = p.positive(&s.Compression, "compression") // the form of releases before 2.0
	return more
}
