package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Cardinality estimates how many distinct values there are.
type Cardinality struct {
	Source
	// PrecisionThreshold is the number of distinct values up to which the
	// answer is close to exact, at most 40,000; 3,000 unless given.
	PrecisionThreshold int
}

// Bounds of Cardinality's precision, as Elasticsearch has them.
const (
	defaultPrecision = 3000
	maxPrecision     = 40_000
)

// Kind returns "cardinality".
func (*Cardinality) Kind() string { return "cardinality" }

// Family returns Metric.
func (*Cardinality) Family() Family { return Metric }

func (b *Cardinality) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	w.Int("precision_threshold", int64(b.PrecisionThreshold))
	return w.End()
}

func parseCardinality(p *parser, n *jsonval.Node) (Body, error) {
	b := &Cardinality{PrecisionThreshold: defaultPrecision}
	hint := ""
	err := p.options(n, p.source(&b.Source, options{
		"precision_threshold": p.precision(&b.PrecisionThreshold),
		"execution_hint":      p.text(&hint), // chooses a strategy, not an answer
	}))
	if err == nil && b.Field == "" {
		err = p.noField()
	}
	return b, err
}

// precision reads the threshold; what is beyond the greatest is that.
func (p *parser) precision(target *int) option {
	return func(at place, n *jsonval.Node) error {
		value, ok := n.Scalar().Int64()
		switch {
		case !n.IsScalar() || !ok:
			return at.malformed(n, "a whole number")
		case value < 0:
			return eserr.IllegalArgument("[precisionThreshold] must be greater than or equal to 0. Found [%d] in [%s]", value, p.name)
		}
		*target = int(min(value, maxPrecision))
		return nil
	}
}
