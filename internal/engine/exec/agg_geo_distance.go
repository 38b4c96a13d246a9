package exec

import (
	"math"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/agg"
)

// geoDistanceNode is a range aggregation over distances from a position.
type geoDistanceNode struct {
	rangeNode
	body *agg.GeoDistance
}

func compileGeoDistance(c *compiler, b *agg.GeoDistance, subs []*aggPlan) (aggNode, error) {
	f, err := c.geoPoints(b.Field, "geo_distance")
	if err != nil {
		return nil, err
	}
	n := &geoDistanceNode{body: b, rangeNode: rangeNode{kind: "geo_distance", values: &valuesNode{field: f, scale: 1}, keyed: b.Keyed, subs: subs, zone: utc}}
	for _, item := range b.Ranges {
		r := openRange(item.Key)
		if !item.From.IsNull() {
			if r.from, err = parseNumber(item.From); err != nil {
				return nil, err
			}
			r.hasFrom = true
		}
		if !item.To.IsNull() {
			if r.to, err = parseNumber(item.To); err != nil {
				return nil, err
			}
			r.hasTo = true
		}
		n.ranges = append(n.ranges, r)
	}
	n.sort()
	for i := range n.ranges { // there is no distance below zero, which is printed
		if r := &n.ranges[i]; !r.hasFrom {
			r.hasFrom, r.from = true, 0
		}
	}
	return n, nil
}

func (n *geoDistanceNode) collector(subs collectors, acct *account) collector {
	return &geoDistanceCollector{rangeCollector: n.rangeNode.collector(subs, acct).(*rangeCollector), body: n.body}
}

type geoDistanceCollector struct {
	*rangeCollector
	body   *agg.GeoDistance
	col    *leafColumn
	values []float64
	at     []uint32
}

func (g *geoDistanceCollector) bind(at *leafPlace) error {
	g.col = nil
	if f := g.node.values.field; f != nil {
		g.col = at.leaf.column(f.view.column)
	}
	return g.rangeCollector.bind(at)
}

func (g *geoDistanceCollector) collect(d *docs) error {
	if err := g.fixed.grow(d.limit); err != nil || g.col == nil {
		return err
	}
	b, err := g.col.rows(d.block, d.rows)
	if err != nil {
		return err
	}
	if b.Kind != column.Fixed16 {
		return errKind(g.col, column.Fixed16)
	}
	g.values, g.at = g.values[:0], g.at[:0]
	for i, r := range d.rows {
		for lo, hi := b.Range(int(r)); lo < hi; lo++ {
			lat, lon := segment.GeoPoint(b.Bytes(lo))
			g.values = append(g.values, g.distance(storedLat(lat), storedLon(lon)))
			g.at = append(g.at, uint32(i))
		}
	}
	return g.place(d, g.values, g.at)
}

// earthRadius is the mean one, in metres.
const earthRadius = 6_371_008.7714

// distance is that of a position in the unit of the ranges.
func (g *geoDistanceCollector) distance(lat, lon float64) float64 {
	const radians = math.Pi / 180
	y, x := (lat-g.body.Lat)*radians, (lon-g.body.Lon)*radians
	if g.body.Plane {
		return math.Hypot(x*math.Cos((lat+g.body.Lat)/2*radians), y) * earthRadius / g.body.Metres
	}
	h := math.Pow(math.Sin(y/2), 2) + math.Cos(lat*radians)*math.Cos(g.body.Lat*radians)*math.Pow(math.Sin(x/2), 2)
	return 2 * earthRadius * math.Asin(min(math.Sqrt(h), 1)) / g.body.Metres
}
