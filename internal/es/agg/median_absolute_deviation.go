package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// MedianAbsoluteDeviation is the median of the distances from the median.
type MedianAbsoluteDeviation struct {
	Source
	Compression float64
}

// Kind returns "median_absolute_deviation".
func (*MedianAbsoluteDeviation) Kind() string { return "median_absolute_deviation" }

// Family returns Metric.
func (*MedianAbsoluteDeviation) Family() Family { return Metric }

func (b *MedianAbsoluteDeviation) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	w.Float("compression", b.Compression)
	return w.End()
}

// defaultCompression is the t-digest's where none is asked for.
const defaultCompression = 1000

func parseMedianAbsoluteDeviation(p *parser, n *jsonval.Node) (Body, error) {
	b := &MedianAbsoluteDeviation{Compression: defaultCompression}
	hint := ""
	err := p.options(n, p.source(&b.Source, options{"compression": p.float(&b.Compression), "execution_hint": p.oneOf(&hint, "default", "high_accuracy")}))
	switch {
	case err != nil:
		return nil, err
	case b.Compression <= 0:
		return nil, eserr.IllegalArgument("[compression] must be greater than 0. Found [%s] in [%s]", javaDouble(b.Compression), p.name)
	case b.Field == "":
		return nil, p.noField()
	}
	return b, nil
}
