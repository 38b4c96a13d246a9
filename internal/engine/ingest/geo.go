package ingest

import (
	"strconv"
	"strings"

	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// geoPoint is a position in degrees.
type geoPoint struct{ lat, lon float64 }

// parsePoints reads a geo_point field's value in any of its forms: {"lat","lon"}, GeoJSON, "lat,lon",
// [lon, lat], a geohash, WKT, or an array of these. null gives none.
func parsePoints(raw []byte) ([]geoPoint, *eserr.Error) {
	n, err := jsonval.Parse(raw)
	if err != nil {
		return nil, eserr.From(err)
	}
	switch n.Kind {
	case jsonval.Null:
		return nil, nil
	case jsonval.Array:
		if len(n.Items) > 0 && n.Items[0].Kind == jsonval.Number {
			p, reason := pointOfArray(n.Items)
			return []geoPoint{p}, reason
		}
		points := make([]geoPoint, 0, len(n.Items))
		for i := range n.Items {
			p, reason := pointOf(&n.Items[i])
			if reason != nil {
				return nil, reason
			}
			points = append(points, p)
		}
		return points, nil
	}
	p, reason := pointOf(n)
	return []geoPoint{p}, reason
}

// plainPoint reads {"lat": number, "lon": number} in either order, the form that nearly all documents
// have, and says how it is written. Anything else, and anything out of range, is left to parsePoints.
func plainPoint(raw []byte) (p geoPoint, format byte, ok bool) {
	s := scanner{data: raw}
	if s.space() != '{' {
		return p, 0, false
	}
	s.pos++
	var lat, lon []byte
	for more := true; more; {
		key, number, ok := s.numberMember()
		if !ok {
			return p, 0, false
		}
		v, err := strconv.ParseFloat(bytesText(number), 64)
		switch {
		case err != nil:
			return p, 0, false
		case string(key) == `"lat"` && lat == nil:
			p.lat, lat = v, number
		case string(key) == `"lon"` && lon == nil:
			p.lon, lon = v, number
		default:
			return p, 0, false
		}
		if more, err = s.comma('}'); err != nil {
			return p, 0, false
		}
	}
	if _, reason := checkPoint(p); lat == nil || lon == nil || reason != nil {
		return p, 0, false
	}
	return p, pointFormat(raw, lat, lon), true
}

// numberMember reads a key and a number.
func (s *scanner) numberMember() (key, number []byte, ok bool) {
	if s.space() != '"' {
		return nil, nil, false
	}
	key, _, err := s.str()
	if err != nil || s.colon() != nil {
		return nil, nil, false
	}
	if c := s.space(); c != '-' && c-'0' > 9 {
		return nil, nil, false
	}
	number, _, err = s.number()
	return key, number, err == nil
}

// pointFormat is the format of a position that is written as an object with two numbers.
func pointFormat(raw, lat, lon []byte) byte {
	latDigits, latScale, latPlain := decimalShape(bytesText(lat))
	lonDigits, lonScale, lonPlain := decimalShape(bytesText(lon))
	if !latPlain || !lonPlain || latDigits > maxExactDigits || lonDigits > maxExactDigits {
		return segment.FormatLiteral
	}
	scale := -1
	if latScale > 0 && lat[len(lat)-1] == '0' || lonScale > 0 && lon[len(lon)-1] == '0' {
		if scale = latScale; lonScale != latScale {
			return segment.FormatLiteral
		}
	}
	if format, ok := segment.GeoObjectFormat(raw, lat, lon, scale); ok {
		return format
	}
	return segment.FormatLiteral
}

func pointOf(n *jsonval.Node) (geoPoint, *eserr.Error) {
	switch n.Kind {
	case jsonval.Object:
		return pointOfObject(n)
	case jsonval.Array:
		return pointOfArray(n.Items)
	case jsonval.String:
		return pointOfText(n.Text)
	}
	return geoPoint{}, eserr.ParseException("geo_point expected")
}

func pointOfObject(n *jsonval.Node) (geoPoint, *eserr.Error) {
	if c := n.Get("coordinates"); c != nil && c.Kind == jsonval.Array {
		return pointOfArray(c.Items)
	}
	if hash := n.Get("geohash"); hash != nil && hash.Kind == jsonval.String && len(n.Keys) == 1 {
		return pointOfGeohash(hash.Text)
	}
	lat, lon := n.Get("lat"), n.Get("lon")
	if lat == nil || lon == nil {
		return geoPoint{}, eserr.ParseException("field must be either [lat], [lon], [type], [coordinates] or [geohash]")
	}
	la, ok1 := lat.Scalar().Float64()
	lo, ok2 := lon.Scalar().Float64()
	if !ok1 || !ok2 {
		return geoPoint{}, eserr.ParseException("[lat] and [lon] must be valid double values")
	}
	return checkPoint(geoPoint{la, lo})
}

func pointOfArray(items []jsonval.Node) (geoPoint, *eserr.Error) {
	if len(items) < 2 || len(items) > 3 {
		return geoPoint{}, eserr.ParseException("[geo_point] field type does not accept %d values", len(items))
	}
	lon, ok1 := items[0].Scalar().Float64()
	lat, ok2 := items[1].Scalar().Float64()
	if !ok1 || !ok2 {
		return geoPoint{}, eserr.ParseException("numeric value expected")
	}
	return checkPoint(geoPoint{lat, lon})
}

func pointOfText(text string) (geoPoint, *eserr.Error) {
	if inner, ok := strings.CutPrefix(strings.ToUpper(text), "POINT"); ok {
		parts := strings.Fields(strings.Trim(inner, " ()"))
		if len(parts) != 2 && len(parts) != 3 { // the third is a height, which is left out
			return geoPoint{}, eserr.ParseException("failed to parse WKT point [%s]", text)
		}
		return pointOfNumbers(parts[1], parts[0])
	}
	if lat, lon, ok := strings.Cut(text, ","); ok {
		lon, _, _ = strings.Cut(lon, ",") // a height may follow, which is left out
		return pointOfNumbers(strings.TrimSpace(lat), strings.TrimSpace(lon))
	}
	return pointOfGeohash(text)
}

func pointOfNumbers(lat, lon string) (geoPoint, *eserr.Error) {
	la, err := strconv.ParseFloat(lat, 64)
	if err != nil {
		return geoPoint{}, eserr.ParseException("latitude must be a number")
	}
	lo, err := strconv.ParseFloat(lon, 64)
	if err != nil {
		return geoPoint{}, eserr.ParseException("longitude must be a number")
	}
	return checkPoint(geoPoint{la, lo})
}

func checkPoint(p geoPoint) (geoPoint, *eserr.Error) {
	switch {
	case !(p.lat >= -90 && p.lat <= 90):
		return p, eserr.IllegalArgument("illegal latitude value [%v] for geo_point", p.lat)
	case !(p.lon >= -180 && p.lon <= 180):
		return p, eserr.IllegalArgument("illegal longitude value [%v] for geo_point", p.lon)
	}
	return p, nil
}

const geohashAlphabet = "0123456789bcdefghjkmnpqrstuvwxyz"

// pointOfGeohash gives the middle of a geohash's cell (Niemeyer 2008: bits of longitude and latitude
// interleaved, five to a character).
func pointOfGeohash(text string) (geoPoint, *eserr.Error) {
	lat, lon := [2]float64{-90, 90}, [2]float64{-180, 180}
	even := true
	if text == "" || len(text) > 12 {
		return geoPoint{}, eserr.ParseException("unsupported symbol in geohash [%s]", text)
	}
	for _, c := range []byte(strings.ToLower(text)) {
		v := strings.IndexByte(geohashAlphabet, c)
		if v < 0 {
			return geoPoint{}, eserr.ParseException("unsupported symbol [%c] in geohash [%s]", c, text)
		}
		for bit := 4; bit >= 0; bit-- {
			bounds := &lat
			if even {
				bounds = &lon
			}
			middle := (bounds[0] + bounds[1]) / 2
			bounds[1-v>>bit&1] = middle
			even = !even
		}
	}
	return geoPoint{(lat[0] + lat[1]) / 2, (lon[0] + lon[1]) / 2}, nil
}

// geohashLength is how many characters tell points apart as far as degrees in a double do.
const geohashLength = 12

// appendGeohash appends the geohash of a point.
func appendGeohash(dst []byte, p geoPoint) []byte {
	lat, lon := [2]float64{-90, 90}, [2]float64{-180, 180}
	even := true
	for range geohashLength {
		v := 0
		for range 5 {
			bounds, at := &lat, p.lat
			if even {
				bounds, at = &lon, p.lon
			}
			middle := (bounds[0] + bounds[1]) / 2
			v <<= 1
			if at >= middle {
				v |= 1
				bounds[0] = middle
			} else {
				bounds[1] = middle
			}
			even = !even
		}
		dst = append(dst, geohashAlphabet[v])
	}
	return dst
}
