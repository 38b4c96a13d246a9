package agg

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// GeoDistance makes a bucket per given range of distances from a position.
type GeoDistance struct {
	Field    string
	Lat, Lon float64
	// Unit is what the ranges count in; Metres is its length.
	Unit   string
	Metres float64
	// Plane takes the earth as flat, which is faster and wrong far away.
	Plane  bool
	Ranges []RangeItem
	Keyed  bool
}

// Kind returns "geo_distance".
func (*GeoDistance) Kind() string { return "geo_distance" }

// Family returns Bucket.
func (*GeoDistance) Family() Family { return Bucket }

func (b *GeoDistance) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.String("field", b.Field)
	w.Key("origin")
	w.Value(func(dst []byte) []byte {
		o := jsonval.Begin(dst)
		o.Float("lat", b.Lat)
		o.Float("lon", b.Lon)
		return o.End()
	})
	w.String("unit", b.Unit)
	if b.Plane {
		w.String("distance_type", "plane")
	}
	writeRanges(&w, b.Ranges)
	w.BoolIf("keyed", b.Keyed)
	return w.End()
}

func parseGeoDistance(p *parser, n *jsonval.Node) (Body, error) {
	b := &GeoDistance{Unit: "m"}
	kind, given := "arc", false
	origin := func(_ place, n *jsonval.Node) (err error) {
		given = true
		b.Lat, b.Lon, err = parseGeoPoint(n)
		return err
	}
	err := p.options(n, options{
		"field": p.text(&b.Field), "origin": origin, "center": origin, "point": origin, "por": origin,
		"unit": p.text(&b.Unit), "distance_type": p.oneOf(&kind, "arc", "plane"), "ranges": p.ranges(&b.Ranges), "keyed": p.boolean(&b.Keyed),
	})
	switch {
	case err != nil:
		return nil, err
	case !given:
		return nil, eserr.IllegalArgument("Aggregation [%s] must define an [origin].", p.name)
	}
	b.Plane = kind == "plane"
	var ok bool
	if b.Metres, ok = parseMetres("1" + b.Unit); !ok {
		return nil, eserr.IllegalArgument("No matching unit for [%s]", b.Unit)
	}
	for _, r := range b.Ranges {
		for _, end := range []Value{r.From, r.To} {
			if _, ok := end.Float64(); !ok && !end.IsNull() {
				return nil, eserr.NumberFormat(end.Text)
			}
		}
	}
	return b, p.checkRanges(b.Field, b.Ranges)
}
