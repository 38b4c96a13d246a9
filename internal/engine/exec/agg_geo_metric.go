package exec

import (
	"math"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/result"
)

// geoMetricNode computes geo_bounds and geo_centroid: they share their state.
type geoMetricNode struct {
	field    *field // nil: the index does not have it
	centroid bool
	straight bool // bounds do not lie across the 180th meridian
}

func compileGeoBounds(c *compiler, b *agg.GeoBounds, _ []*aggPlan) (aggNode, error) {
	f, err := c.geoPoints(b.Field, b.Kind())
	return &geoMetricNode{field: f, straight: b.Straight}, err
}

func compileGeoCentroid(c *compiler, b *agg.GeoCentroid, _ []*aggPlan) (aggNode, error) {
	f, err := c.geoPoints(b.Field, b.Kind())
	return &geoMetricNode{field: f, centroid: true}, err
}

func (n *geoMetricNode) collector(_ collectors, acct *account) collector {
	return &geoMetricCollector{node: n, acct: acct}
}

type geoMetricCollector struct {
	node  *geoMetricNode
	acct  *account
	col   *leafColumn
	state []geoFigures
}

// geoFigures are those of one bucket: the extremes, east and west of the prime meridian apart, or the sums.
type geoFigures struct {
	count            int64
	top, bottom      float64
	east, west       [2]float64 // least and greatest longitude
	hasEast, hasWest bool
	lat, lostLat     float64
	lon, lostLon     float64
}

const geoFigureBytes = 104

func (g *geoMetricCollector) bind(at *leafPlace) error {
	g.col = nil
	if g.node.field != nil {
		g.col = at.leaf.column(g.node.field.view.column)
	}
	return nil
}

func (g *geoMetricCollector) collect(d *docs) error {
	var err error
	if g.state, err = growBuckets(g.state, d.limit, g.acct, geoFigureBytes); err != nil || g.col == nil {
		return err
	}
	b, err := g.col.rows(d.block, d.rows)
	if err != nil {
		return err
	}
	if b.Kind != column.Fixed16 {
		return errKind(g.col, column.Fixed16)
	}
	for i, r := range d.rows {
		f := &g.state[d.bucket(i)]
		for lo, hi := b.Range(int(r)); lo < hi; lo++ {
			lat, lon := segment.GeoPoint(b.Bytes(lo))
			if g.node.centroid {
				f.sum(storedLat(lat), storedLon(lon))
			} else {
				f.stretch(lat, lon)
			}
		}
	}
	return nil
}

func (f *geoFigures) sum(lat, lon float64) {
	f.count++
	f.lat, f.lostLat = kahan(f.lat, f.lostLat, lat)
	f.lon, f.lostLon = kahan(f.lon, f.lostLon, lon)
}

func (f *geoFigures) stretch(lat, lon float64) {
	if f.count == 0 {
		f.top, f.bottom = lat, lat
	}
	f.count++
	f.top, f.bottom = max(f.top, lat), min(f.bottom, lat)
	if lon >= 0 {
		f.hasEast = widen(&f.east, lon, lon, f.hasEast)
	} else {
		f.hasWest = widen(&f.west, lon, lon, f.hasWest)
	}
}

// widen makes a range reach over another.
func widen(span *[2]float64, lo, hi float64, has bool) bool {
	if !has {
		*span = [2]float64{lo, hi}
	}
	span[0], span[1] = min(span[0], lo), max(span[1], hi)
	return true
}

func (g *geoMetricCollector) partial(bucket uint32) partial {
	p := &geoMetricPartial{node: g.node}
	if int(bucket) < len(g.state) {
		p.geoFigures = g.state[bucket]
	}
	return p
}

type geoMetricPartial struct {
	geoFigures
	node *geoMetricNode
}

func (p *geoMetricPartial) merge(other partial) error {
	o := &other.(*geoMetricPartial).geoFigures
	switch {
	case o.count == 0:
		return nil
	case p.count == 0:
		p.geoFigures = *o
		return nil
	}
	p.count += o.count
	p.top, p.bottom = max(p.top, o.top), min(p.bottom, o.bottom)
	if o.hasEast {
		p.hasEast = widen(&p.east, o.east[0], o.east[1], p.hasEast)
	}
	if o.hasWest {
		p.hasWest = widen(&p.west, o.west[0], o.west[1], p.hasWest)
	}
	p.lat, p.lostLat = kahan(p.lat, p.lostLat+o.lostLat, o.lat)
	p.lon, p.lostLon = kahan(p.lon, p.lostLon+o.lostLon, o.lon)
	return nil
}

// value implements valued.
func (p *geoMetricPartial) value(property string) (float64, bool) {
	found, _ := p.result(nil)
	x, ok := found.(result.Figures).Figure(property)
	return x, ok && !math.IsNaN(x)
}

func (p *geoMetricPartial) result(*reducer) (result.Agg, error) {
	if p.node.centroid {
		n := float64(p.count)
		return &result.GeoCentroid{Count: p.count, Lat: p.lat / n, Lon: p.lon / n}, nil
	}
	left, right := p.sides()
	return &result.GeoBounds{Any: p.count > 0, Top: storedLat(p.top), Bottom: storedLat(p.bottom), Left: storedLon(left), Right: storedLon(right)}, nil
}

// sides are the longitudes of the narrower box.
func (p *geoMetricPartial) sides() (left, right float64) {
	switch {
	case !p.hasWest:
		return p.east[0], p.east[1]
	case !p.hasEast:
		return p.west[0], p.west[1]
	}
	straight, across := p.east[1]-p.west[0], (180-p.east[0])+(180+p.west[1])
	if p.node.straight || straight <= across {
		return p.west[0], p.east[1]
	}
	return p.east[0], p.west[1]
}
