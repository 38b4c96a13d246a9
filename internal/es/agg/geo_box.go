package agg

import (
	"math"
	"strconv"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// GeoBox is an area between two latitudes and two longitudes. With Left above Right it lies across the 180th meridian.
type GeoBox struct{ Top, Left, Bottom, Right float64 }

func (b *GeoBox) append(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Float("top", b.Top)
	w.Float("left", b.Left)
	w.Float("bottom", b.Bottom)
	w.Float("right", b.Right)
	return w.End()
}

// Meets says whether an area that is not across the 180th meridian reaches into the box. Touching is not enough.
func (b *GeoBox) Meets(top, left, bottom, right float64) bool {
	if b.Top <= bottom || b.Bottom >= top {
		return false
	}
	if b.Right < b.Left {
		return b.Left < right || b.Right > left
	}
	return b.Left < right && b.Right > left
}

// parseGeoBox reads the forms a box has: two corners, four sides, or WKT.
func parseGeoBox(at place, n *jsonval.Node) (*GeoBox, error) {
	if n.Kind != jsonval.Object {
		return nil, at.unknownToken(n)
	}
	nan := math.NaN()
	b := &GeoBox{nan, nan, nan, nan}
	for i, key := range n.Keys {
		item := &n.Items[i]
		switch key {
		case "wkt":
			if err := b.wkt(item); err != nil {
				return nil, err
			}
			continue
		case "top", "left", "bottom", "right":
			x, ok := item.Scalar().Float64()
			if !ok {
				return nil, eserr.ParseException("[%s] must be a number", key)
			}
			*map[string]*float64{"top": &b.Top, "left": &b.Left, "bottom": &b.Bottom, "right": &b.Right}[key] = x
			continue
		}
		vertical, horizontal, ok := strings.Cut(key, "_")
		ok = ok && (vertical == "top" || vertical == "bottom") && (horizontal == "left" || horizontal == "right")
		if !ok {
			return nil, eserr.ParseException("failed to parse bounding box. unexpected field [%s]", key)
		}
		lat, lon, err := parseGeoPoint(item)
		if err != nil {
			return nil, err
		}
		*map[string]*float64{"top": &b.Top, "bottom": &b.Bottom}[vertical] = lat
		*map[string]*float64{"left": &b.Left, "right": &b.Right}[horizontal] = lon
	}
	switch {
	case math.IsNaN(b.Top) || math.IsNaN(b.Left) || math.IsNaN(b.Bottom) || math.IsNaN(b.Right):
		return nil, eserr.ParseException("failed to parse bounding box: it needs top, left, bottom and right")
	case b.Top < b.Bottom:
		return nil, eserr.ParseException("top is below bottom corner: %s vs. %s", javaDouble(b.Top), javaDouble(b.Bottom))
	}
	return b, nil
}

// wkt reads BBOX (left, right, top, bottom).
func (b *GeoBox) wkt(n *jsonval.Node) error {
	text := strings.TrimSpace(n.Text)
	inner, ok := strings.CutPrefix(strings.ToUpper(text), "BBOX")
	inner = strings.TrimSpace(inner)
	parts := strings.Split(strings.TrimSuffix(strings.TrimPrefix(inner, "("), ")"), ",")
	if !ok || len(parts) != 4 {
		return eserr.ParseException("failed to parse WKT bounding box [%s]", text)
	}
	for i, to := range []*float64{&b.Left, &b.Right, &b.Top, &b.Bottom} {
		x, err := strconv.ParseFloat(strings.TrimSpace(parts[i]), 64)
		if err != nil {
			return eserr.ParseException("failed to parse WKT bounding box [%s]", text)
		}
		*to = x
	}
	return nil
}

// parseGeoPoint reads {"lat":…,"lon":…}, [lon, lat], "lat,lon", "POINT (lon lat)" or a geohash, of which it takes the
// middle.
func parseGeoPoint(n *jsonval.Node) (lat, lon float64, err error) {
	bad := eserr.ParseException("failed to parse geo_point [%s]", n.Raw)
	pair := func(a, b string) (float64, float64, bool) {
		x, err1 := strconv.ParseFloat(strings.TrimSpace(a), 64)
		y, err2 := strconv.ParseFloat(strings.TrimSpace(b), 64)
		return x, y, err1 == nil && err2 == nil
	}
	ok := false
	switch n.Kind {
	case jsonval.Object:
		if a, b := n.Get("lat"), n.Get("lon"); a != nil && b != nil {
			lat, lon, ok = pair(a.Text, b.Text)
		}
	case jsonval.Array:
		if len(n.Items) >= 2 {
			lon, lat, ok = pair(n.Items[0].Text, n.Items[1].Text)
		}
	case jsonval.String:
		if a, b, found := strings.Cut(n.Text, ","); found {
			lat, lon, ok = pair(a, b)
		} else if inner, point := strings.CutPrefix(strings.ToUpper(strings.TrimSpace(n.Text)), "POINT"); point {
			if parts := strings.Fields(strings.Trim(strings.TrimSpace(inner), "()")); len(parts) >= 2 {
				lon, lat, ok = pair(parts[0], parts[1])
			}
		} else {
			lat, lon, ok = geohashMiddle(n.Text)
		}
	}
	if !ok || math.IsNaN(lat) || math.IsNaN(lon) {
		return 0, 0, bad
	}
	return lat, lon, nil
}

// geohashDigits are the characters of geohashes by value.
const geohashDigits = "0123456789bcdefghjkmnpqrstuvwxyz"

func geohashMiddle(hash string) (lat, lon float64, ok bool) {
	lo, hi := [2]float64{-180, -90}, [2]float64{180, 90}
	axis := 0
	for i := range len(hash) {
		digit := strings.IndexByte(geohashDigits, hash[i])
		if digit < 0 || i >= maxGeohash {
			return 0, 0, false
		}
		for bit := 16; bit > 0; bit >>= 1 {
			middle := (lo[axis] + hi[axis]) / 2
			if digit&bit != 0 {
				lo[axis] = middle
			} else {
				hi[axis] = middle
			}
			axis = 1 - axis
		}
	}
	return (lo[1] + hi[1]) / 2, (lo[0] + hi[0]) / 2, hash != ""
}
