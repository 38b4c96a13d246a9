package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Boxplot is what a box plot is drawn from: quartiles, and the ends of the whiskers.
type Boxplot struct {
	Source
	// Compression is above 0 when a t-digest of that size was asked for.
	Compression float64
}

// Kind returns "boxplot".
func (*Boxplot) Kind() string { return "boxplot" }

// Family returns Metric.
func (*Boxplot) Family() Family { return Metric }

func (b *Boxplot) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	if b.Compression > 0 {
		w.Float("compression", b.Compression)
	}
	return w.End()
}

func parseBoxplot(p *parser, n *jsonval.Node) (Body, error) {
	b := &Boxplot{}
	hint := ""
	err := p.options(n, p.source(&b.Source, options{"compression": p.float(&b.Compression), "execution_hint": p.oneOf(&hint, "default", "high_accuracy")}))
	switch {
	case err != nil:
		return nil, err
	case b.Compression < 0:
		return nil, eserr.IllegalArgument("[compression] must be greater than or equal to 0. Found [%s] in [%s]", javaDouble(b.Compression), p.name)
	case b.Field == "":
		return nil, p.noField()
	}
	return b, nil
}
