package query

import (
	"math"
	"strconv"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// Point is a position in degrees.
type Point struct{ Lat, Lon float64 }

// ParsePoint reads a position in any of the forms that requests have: {"lat":…,"lon":…}, [lon, lat], "lat,lon", a geohash, WKT or GeoJSON.
func ParsePoint(n *jsonval.Node) (Point, error) {
	switch n.Kind {
	case jsonval.Object:
		return pointOfObject(n)
	case jsonval.Array:
		return pointOfArray(n.Items)
	case jsonval.String:
		return ParsePointText(n.Text)
	}
	return Point{}, eserr.ParseException("geo_point expected")
}

func pointOfObject(n *jsonval.Node) (Point, error) {
	if c := n.Get("coordinates"); c != nil && c.Kind == jsonval.Array {
		return pointOfArray(c.Items)
	}
	if hash := n.Get("geohash"); hash != nil && hash.Kind == jsonval.String && len(n.Keys) == 1 {
		return ParsePointText(hash.Text)
	}
	for _, key := range n.Keys {
		if key != "lat" && key != "lon" {
			return Point{}, eserr.ParseException("field must be either [lat], [lon], [type], [coordinates] or [geohash]")
		}
	}
	lat, lon := n.Get("lat"), n.Get("lon")
	switch {
	case lat == nil:
		return Point{}, eserr.ParseException("field [lat] missing")
	case lon == nil:
		return Point{}, eserr.ParseException("field [lon] missing")
	}
	a, okLat := lat.Scalar().Float64()
	b, okLon := lon.Scalar().Float64()
	if !okLat || !okLon {
		return Point{}, eserr.ParseException("[lat] and [lon] must be valid double values")
	}
	return Point{a, b}, nil
}

func pointOfArray(items []jsonval.Node) (Point, error) {
	if len(items) < 2 || len(items) > 3 {
		return Point{}, eserr.ParseException("[geo_point] field type does not accept %d values", len(items))
	}
	lon, okLon := items[0].Scalar().Float64()
	lat, okLat := items[1].Scalar().Float64()
	if !items[0].IsScalar() || !items[1].IsScalar() || !okLat || !okLon {
		return Point{}, eserr.ParseException("numeric value expected")
	}
	return Point{lat, lon}, nil
}

// ParsePointText reads "lat,lon", a geohash or WKT.
func ParsePointText(text string) (Point, error) {
	if first, second, both := strings.Cut(text, ","); both {
		lat, err1 := strconv.ParseFloat(strings.TrimSpace(first), 64)
		second, _, _ = strings.Cut(second, ",") // a height has no meaning here
		lon, err2 := strconv.ParseFloat(strings.TrimSpace(second), 64)
		if err1 != nil || err2 != nil || math.IsNaN(lat) || math.IsNaN(lon) {
			return Point{}, eserr.ParseException("failed to parse [%s], expected 2 or 3 coordinates", text)
		}
		return Point{lat, lon}, nil
	}
	if rest, wkt := cutFold(text, "point"); wkt {
		var list []Point
		list, _, err := wktPoints(rest)
		if err != nil || len(list) != 1 {
			return Point{}, eserr.ParseException("Invalid WKT format, [%s]", text)
		}
		return list[0], nil
	}
	box, ok := GeohashBox(text)
	if !ok {
		return Point{}, eserr.ParseException("unsupported symbol in geohash [%s]", text)
	}
	// A geohash names a cell; as a position it is the cell's lower left corner.
	return Point{box.Bottom, box.Left}, nil
}

func cutFold(text, prefix string) (rest string, ok bool) {
	text = strings.TrimSpace(text)
	if len(text) < len(prefix) || !strings.EqualFold(text[:len(prefix)], prefix) {
		return "", false
	}
	return text[len(prefix):], true
}

// wktPoints reads "(lon lat, lon lat)"; rest is what follows it.
func wktPoints(text string) (list []Point, rest string, err error) {
	bad := eserr.ParseException("WKT coordinates expected but found [%s]", text)
	text = strings.TrimSpace(text)
	inner, rest, closed := strings.Cut(text, ")")
	if !strings.HasPrefix(inner, "(") || !closed {
		return nil, "", bad
	}
	for part := range strings.SplitSeq(inner[1:], ",") {
		words := strings.Fields(part)
		if len(words) < 2 || len(words) > 3 {
			return nil, "", bad
		}
		lon, err1 := strconv.ParseFloat(words[0], 64)
		lat, err2 := strconv.ParseFloat(words[1], 64)
		if err1 != nil || err2 != nil {
			return nil, "", bad
		}
		list = append(list, Point{lat, lon})
	}
	return list, rest, nil
}

// Box is a rectangle in degrees. One whose Left is beyond its Right goes over the date line.
type Box struct{ Top, Left, Bottom, Right float64 }

// Has says whether a position is in the box.
func (b Box) Has(lat, lon float64) bool {
	if lat > b.Top || lat < b.Bottom {
		return false
	}
	if b.Left > b.Right {
		return lon >= b.Left || lon <= b.Right
	}
	return lon >= b.Left && lon <= b.Right
}

const geohashDigits = "0123456789bcdefghjkmnpqrstuvwxyz"

// maxGeohash is the longest geohash: 12 digits are some centimetres.
const maxGeohash = 12

// GeohashBox is the cell that a geohash names.
func GeohashBox(hash string) (Box, bool) {
	b := Box{Top: 90, Left: -180, Bottom: -90, Right: 180}
	if hash == "" {
		return b, false
	}
	even := true
	for i := 0; i < min(len(hash), maxGeohash); i++ {
		digit := strings.IndexByte(geohashDigits, hash[i]|0x20)
		if hash[i] >= '0' && hash[i] <= '9' {
			digit = strings.IndexByte(geohashDigits, hash[i])
		}
		if digit < 0 {
			return b, false
		}
		for bit := 4; bit >= 0; bit-- {
			up := digit>>bit&1 == 1
			lo, hi := &b.Bottom, &b.Top
			if even {
				lo, hi = &b.Left, &b.Right
			}
			if mid := (*lo + *hi) / 2; up {
				*lo = mid
			} else {
				*hi = mid
			}
			even = !even
		}
	}
	return b, true
}

// metresIn are the units of distances. The longer of two that end alike is looked for first.
var metresIn = []struct {
	names  []string
	metres float64
}{
	{[]string{"nauticalmiles", "nmi", "NM"}, 1852},
	{[]string{"millimeters", "mm"}, 0.001},
	{[]string{"centimeters", "cm"}, 0.01},
	{[]string{"kilometers", "km"}, 1000},
	{[]string{"miles", "mi"}, 1609.344},
	{[]string{"yards", "yd"}, 0.9144},
	{[]string{"feet", "ft"}, 0.3048},
	{[]string{"inch", "in"}, 0.0254},
	{[]string{"meters", "m"}, 1},
}

// MetresIn returns the length of a unit of distance.
func MetresIn(unit string) (float64, bool) {
	for _, u := range metresIn {
		for _, name := range u.names {
			if name == unit {
				return u.metres, true
			}
		}
	}
	return 0, false
}

// ParseDistance reads "12km" or "12", in metres; without a unit of its own the number is in the given one.
func ParseDistance(text, unit string) (float64, error) {
	text = strings.TrimSpace(text)
	for _, u := range metresIn {
		for _, name := range u.names {
			number, has := strings.CutSuffix(text, name)
			if !has {
				continue
			}
			v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
			if err == nil {
				return v * u.metres, nil
			}
		}
	}
	v, err := strconv.ParseFloat(text, 64)
	scale, known := MetresIn(unit)
	switch {
	case unit == "":
		scale = 1
	case !known:
		return 0, eserr.IllegalArgument("No distance unit match [%s]", unit)
	}
	if err != nil {
		return 0, eserr.NumberFormat(text)
	}
	return v * scale, nil
}

// checkPoint brings a position of a query into range, or refuses it.
func checkPoint(p *Point, validation string) error {
	if validation != "COERCE" && validation != "IGNORE_MALFORMED" {
		if p.Lat > 90 || p.Lat < -90 {
			return eserr.QueryShard("illegal latitude value [%s] for %s", floatText(p.Lat), "geo_distance")
		}
		if p.Lon > 180 || p.Lon < -180 {
			return eserr.QueryShard("illegal longitude value [%s] for %s", floatText(p.Lon), "geo_distance")
		}
		return nil
	}
	p.normalize()
	return nil
}

// normalize brings a position beyond a pole or the date line back.
func (p *Point) normalize() {
	lat := math.Mod(p.Lat+90, 360)
	if lat < 0 {
		lat += 360
	}
	if lat -= 90; lat > 90 {
		lat = 180 - lat
		p.Lon += 180
	}
	p.Lat = lat
	if lon := math.Mod(p.Lon+180, 360); p.Lon < -180 || p.Lon > 180 {
		if lon <= 0 {
			lon += 360
		}
		p.Lon = lon - 180
	}
}

func floatText(v float64) string {
	text := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}
