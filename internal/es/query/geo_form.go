package query

import (
	"math"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Shape is an area, in parts of several kinds.
type Shape struct {
	Points   []Point
	Boxes    []Box
	Polygons []Polygon
	Circles  []Circle
}

// Polygon is a ring around an area, and rings around holes in it.
type Polygon struct{ Rings [][]Point }

// Circle is what is within a distance of a position.
type Circle struct {
	Center Point
	Metres float64
}

// maxShapePoints bounds what is compared with each document's position.
const maxShapePoints = 100_000

// Empty says whether a shape has no part.
func (s *Shape) Empty() bool {
	return len(s.Points)+len(s.Boxes)+len(s.Polygons)+len(s.Circles) == 0
}

// Has says whether a position is in the shape.
func (s *Shape) Has(lat, lon float64) bool {
	for _, p := range s.Points {
		if math.Abs(p.Lat-lat) < pointTolerance && math.Abs(p.Lon-lon) < pointTolerance {
			return true
		}
	}
	for _, b := range s.Boxes {
		if b.Has(lat, lon) {
			return true
		}
	}
	for i := range s.Polygons {
		if s.Polygons[i].has(lat, lon) {
			return true
		}
	}
	for _, c := range s.Circles {
		if Metres(c.Center.Lat, c.Center.Lon, lat, lon) <= c.Metres {
			return true
		}
	}
	return false
}

// pointTolerance is within which two positions are the same: about what Lucene's encoding of one keeps.
const pointTolerance = 1e-7

// has counts how often a ray towards the east crosses the rings. A ring that spans more than half of the earth goes over the date line.
func (p *Polygon) has(lat, lon float64) bool {
	inside := false
	for _, ring := range p.Rings {
		over := ringOverDateline(ring)
		x := lon
		if over && x < 0 {
			x += 360
		}
		for i := range ring {
			a, b := ring[i], ring[(i+1)%len(ring)]
			if over {
				a.Lon, b.Lon = wrapLon(a.Lon), wrapLon(b.Lon)
			}
			if onEdge(a, b, lat, x) {
				return true
			}
			if (a.Lat > lat) != (b.Lat > lat) && x < (b.Lon-a.Lon)*(lat-a.Lat)/(b.Lat-a.Lat)+a.Lon {
				inside = !inside
			}
		}
	}
	return inside
}

func wrapLon(lon float64) float64 {
	if lon < 0 {
		return lon + 360
	}
	return lon
}

func ringOverDateline(ring []Point) bool {
	for i := range ring {
		if math.Abs(ring[i].Lon-ring[(i+1)%len(ring)].Lon) > 180 {
			return true
		}
	}
	return false
}

func onEdge(a, b Point, lat, lon float64) bool {
	if lat < min(a.Lat, b.Lat) || lat > max(a.Lat, b.Lat) || lon < min(a.Lon, b.Lon) || lon > max(a.Lon, b.Lon) {
		return false
	}
	return math.Abs((b.Lon-a.Lon)*(lat-a.Lat)-(b.Lat-a.Lat)*(lon-a.Lon)) < 1e-12
}

// earthRadius is the mean radius in metres that Lucene measures distances with.
const earthRadius = 6371008.7714

// Metres is the distance of two positions over a sphere (haversine).
func Metres(lat1, lon1, lat2, lon2 float64) float64 {
	const radian = math.Pi / 180
	sinLat := math.Sin((lat1 - lat2) * radian / 2)
	sinLon := math.Sin((lon1 - lon2) * radian / 2)
	h := sinLat*sinLat + math.Cos(lat1*radian)*math.Cos(lat2*radian)*sinLon*sinLon
	return 2 * earthRadius * math.Asin(min(1, math.Sqrt(h)))
}

// ParseShape reads GeoJSON or WKT: points, envelopes, polygons, circles and collections of these.
func ParseShape(n *jsonval.Node) (Shape, error) {
	var s Shape
	var err error
	if n.Kind == jsonval.String {
		err = s.addWKT(n.Text)
	} else {
		err = s.add(n, 0)
	}
	if err == nil && s.size() > maxShapePoints {
		err = eserr.IllegalArgument("a shape of more than [%d] points is not supported", maxShapePoints)
	}
	return s, err
}

func (s *Shape) size() int {
	n := len(s.Points) + len(s.Boxes) + len(s.Circles)
	for i := range s.Polygons {
		for _, ring := range s.Polygons[i].Rings {
			n += len(ring)
		}
	}
	return n
}

func (s *Shape) add(n *jsonval.Node, depth int) error {
	typ := n.Get("type")
	if n.Kind != jsonval.Object || typ == nil || depth > maxDepth {
		return eserr.ParseException("shape type not included")
	}
	coordinates := n.Get("coordinates")
	switch strings.ToLower(typ.Text) {
	case "geometrycollection":
		parts := n.Get("geometries")
		if parts == nil || parts.Kind != jsonval.Array {
			return eserr.ParseException("geometries not included")
		}
		for i := range parts.Items {
			if err := s.add(&parts.Items[i], depth+1); err != nil {
				return err
			}
		}
		return nil
	case "point", "multipoint", "envelope", "polygon", "multipolygon", "circle":
	default:
		return eserr.Unsupported("a shape of type [" + typ.Text + "] in a [geo_shape] query")
	}
	if coordinates == nil || coordinates.Kind != jsonval.Array {
		return eserr.ParseException("coordinates not included")
	}
	return s.addGeometry(strings.ToLower(typ.Text), coordinates, n.Get("radius"))
}

func (s *Shape) addGeometry(typ string, n, radius *jsonval.Node) error {
	switch typ {
	case "point", "circle":
		at, err := pointOfArray(n.Items)
		if err != nil {
			return err
		}
		if typ == "point" {
			s.Points = append(s.Points, at)
			return nil
		}
		if radius == nil {
			return eserr.ParseException("radius not included for a circle")
		}
		metres, err := ParseDistance(radius.Text, "")
		s.Circles = append(s.Circles, Circle{at, metres})
		return err
	case "multipoint":
		list, err := pointList(n)
		s.Points = append(s.Points, list...)
		return err
	case "envelope":
		list, err := pointList(n)
		if err == nil && len(list) != 2 {
			err = eserr.ParseException("invalid number of points [%d] provided for geo_shape [envelope] when expecting an array of 2 coordinates", len(list))
		}
		if err != nil {
			return err
		}
		s.Boxes = append(s.Boxes, Box{Top: list[0].Lat, Left: list[0].Lon, Bottom: list[1].Lat, Right: list[1].Lon})
		return nil
	case "polygon":
		return s.addPolygon(n)
	}
	for i := range n.Items {
		if err := s.addPolygon(&n.Items[i]); err != nil {
			return err
		}
	}
	return nil
}

func pointList(n *jsonval.Node) ([]Point, error) {
	var list []Point
	for i := range n.Items {
		if n.Items[i].Kind != jsonval.Array {
			return nil, eserr.ParseException("coordinates expected")
		}
		at, err := pointOfArray(n.Items[i].Items)
		if err != nil {
			return nil, err
		}
		list = append(list, at)
	}
	return list, nil
}

func (s *Shape) addPolygon(n *jsonval.Node) error {
	var p Polygon
	for i := range n.Items {
		ring, err := pointList(&n.Items[i])
		if err != nil {
			return err
		}
		if err := p.add(ring); err != nil {
			return err
		}
	}
	s.Polygons = append(s.Polygons, p)
	return nil
}

func (p *Polygon) add(ring []Point) error {
	if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
		return eserr.ParseException("invalid LinearRing found: a ring of at least 4 points whose first and last are the same is needed, found [%d]", len(ring))
	}
	p.Rings = append(p.Rings, ring[:len(ring)-1])
	return nil
}

func (s *Shape) addWKT(text string) error {
	if rest, ok := cutFold(text, "polygon"); ok {
		return s.addWKTPolygon(rest)
	}
	if _, ok := cutFold(text, "bbox"); ok {
		b, err := parseEnvelope(text)
		s.Boxes = append(s.Boxes, b)
		return err
	}
	if rest, ok := cutFold(text, "point"); ok {
		list, _, err := wktPoints(rest)
		s.Points = append(s.Points, list...)
		return err
	}
	return eserr.Unsupported("the shape [" + text + "] in a [geo_shape] query")
}

func (s *Shape) addWKTPolygon(text string) error {
	text = strings.TrimSpace(text)
	inner, ok := strings.CutPrefix(text, "(")
	if !ok {
		return eserr.ParseException("WKT coordinates expected but found [%s]", text)
	}
	var p Polygon
	for {
		ring, rest, err := wktPoints(inner)
		if err != nil {
			return err
		}
		if err := p.add(ring); err != nil {
			return err
		}
		if inner, ok = strings.CutPrefix(strings.TrimSpace(rest), ","); !ok {
			s.Polygons = append(s.Polygons, p)
			return nil
		}
	}
}
