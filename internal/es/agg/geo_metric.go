package agg

import "elkhorn/internal/es/jsonval"

// GeoBounds is the least box around all points.
type GeoBounds struct {
	Field string
	// Straight keeps the box from lying across the 180th meridian.
	Straight bool
}

// GeoCentroid is the mean of all points.
type GeoCentroid struct{ Field string }

// Kind returns "geo_bounds".
func (*GeoBounds) Kind() string { return "geo_bounds" }

// Kind returns "geo_centroid".
func (*GeoCentroid) Kind() string { return "geo_centroid" }

// Family returns Metric.
func (*GeoBounds) Family() Family { return Metric }

// Family returns Metric.
func (*GeoCentroid) Family() Family { return Metric }

func (b *GeoBounds) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.String("field", b.Field)
	if b.Straight {
		w.Bool("wrap_longitude", false)
	}
	return w.End()
}

func (b *GeoCentroid) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.String("field", b.Field)
	return w.End()
}

func parseGeoBounds(p *parser, n *jsonval.Node) (Body, error) {
	b := &GeoBounds{}
	err := p.options(n, options{"field": p.text(&b.Field), "wrap_longitude": p.negated(&b.Straight)})
	if err == nil && b.Field == "" {
		err = p.noField()
	}
	return b, err
}

func parseGeoCentroid(p *parser, n *jsonval.Node) (Body, error) {
	b := &GeoCentroid{}
	err := p.options(n, options{"field": p.text(&b.Field)})
	if err == nil && b.Field == "" {
		err = p.noField()
	}
	return b, err
}
