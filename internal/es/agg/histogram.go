package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Histogram makes a bucket per interval of numbers; a bucket's key is its
// lower bound.
type Histogram struct {
	Source
	Interval    float64
	Offset      float64
	MinDocCount int64
	// ExtendedBounds adds empty buckets; HardBounds leaves out what lies beyond.
	ExtendedBounds, HardBounds *Bounds
	Keyed                      bool
	Order                      []Order
}

// Kind returns "histogram".
func (*Histogram) Kind() string { return "histogram" }

// Family returns Bucket.
func (*Histogram) Family() Family { return Bucket }

func (b *Histogram) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	b.write(&w)
	w.Float("interval", b.Interval)
	if b.Offset != 0 {
		w.Float("offset", b.Offset)
	}
	w.Int("min_doc_count", b.MinDocCount)
	b.ExtendedBounds.write(&w, "extended_bounds")
	b.HardBounds.write(&w, "hard_bounds")
	w.BoolIf("keyed", b.Keyed)
	writeOrder(&w, b.Order)
	return w.End()
}

func parseHistogram(p *parser, n *jsonval.Node) (Body, error) {
	b := &Histogram{}
	err := p.options(n, p.source(&b.Source, options{
		"interval":        p.float(&b.Interval),
		"offset":          p.float(&b.Offset),
		"min_doc_count":   p.count64(&b.MinDocCount),
		"extended_bounds": p.bounds(&b.ExtendedBounds),
		"hard_bounds":     p.bounds(&b.HardBounds),
		"keyed":           p.boolean(&b.Keyed),
		"order":           p.order(&b.Order),
	}))
	switch {
	case err != nil:
		return nil, err
	case b.Field == "":
		return nil, p.noField()
	case b.Interval <= 0:
		return nil, eserr.IllegalArgument("[interval] must be >0 for histogram aggregation [%s]", p.name)
	}
	return b, nil
}
