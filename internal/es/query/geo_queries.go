package query

import (
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// GeoDistance matches documents with a position within a distance of Center.
type GeoDistance struct {
	Common
	Field          string
	Center         Point
	Metres         float64
	IgnoreUnmapped bool
	JSON           []byte // as written
}

// Kind returns "geo_distance".
func (*GeoDistance) Kind() string { return "geo_distance" }

func (q *GeoDistance) appendBody(dst []byte) []byte { return append(dst, q.JSON...) }

// GeoBoundingBox matches documents with a position in a box.
type GeoBoundingBox struct {
	Common
	Field          string
	Box            Box
	IgnoreUnmapped bool
	JSON           []byte
}

// Kind returns "geo_bounding_box".
func (*GeoBoundingBox) Kind() string { return "geo_bounding_box" }

func (q *GeoBoundingBox) appendBody(dst []byte) []byte { return append(dst, q.JSON...) }

// GeoShape matches documents by how their positions lie to a shape; GeoPolygon is one with a polygon.
type GeoShape struct {
	Common
	Name           string // "geo_shape" or "geo_polygon"
	Field          string
	Shape          Shape
	Relation       string // "intersects" (also when empty), "disjoint", "within" or "contains"
	IgnoreUnmapped bool
	JSON           []byte
}

// Kind returns the clause's name.
func (q *GeoShape) Kind() string { return q.Name }

func (q *GeoShape) appendBody(dst []byte) []byte { return append(dst, q.JSON...) }

// geoClause reads a clause of which one member, whatever its name, is the field.
func (p *parser) geoClause(n *jsonval.Node, clause string, common *Common, field *string, known options, value func(n *jsonval.Node) error) error {
	for i, key := range n.Keys {
		item := &n.Items[i]
		if key == "boost" || key == "_name" {
			if err := p.common(item, clause, key, common); err != nil {
				return err
			}
			continue
		}
		if read, ok := known[key]; ok {
			if err := read(place{clause, key}, item); err != nil {
				return err
			}
			continue
		}
		if *field != "" {
			return p.fail(item, "[%s] query doesn't support multiple fields, found [%s] and [%s]", clause, *field, key)
		}
		*field = key
		if err := value(item); err != nil {
			if eserr.From(err).Type == "parsing_exception" {
				return err
			}
			return p.fail(item, "failed to parse [%s] query. %s", clause, eserr.From(err).Reason).(*eserr.Error).Because(err)
		}
	}
	if *field == "" {
		return eserr.IllegalArgument("fieldName must not be null or empty")
	}
	return nil
}

// validation reads what to do with positions out of range.
func (p *parser) validation(target *string) option {
	return func(at place, n *jsonval.Node) error {
		*target = strings.ToUpper(n.Text)
		switch *target {
		case "STRICT", "COERCE", "IGNORE_MALFORMED":
			return nil
		}
		return eserr.IllegalArgument("operator needs to be either [STRICT, COERCE, IGNORE_MALFORMED], but not [%s]", n.Text)
	}
}

func parseGeoDistance(p *parser, n *jsonval.Node) (Query, error) {
	q := &GeoDistance{JSON: append([]byte(nil), n.Raw...)}
	var distance, unit, validation, kind string
	var lat, lon *float64
	known := options{
		"distance": p.text(&distance), "unit": p.text(&unit), "validation_method": p.validation(&validation),
		"distance_type": p.oneOf(&kind, "arc", "plane"), "ignore_unmapped": p.boolean(&q.IgnoreUnmapped),
	}
	// "field.lat" and "field.lon" are an old way to write the position.
	for _, key := range n.Keys {
		name, isLat := strings.CutSuffix(key, ".lat")
		target := &lat
		if !isLat {
			var isLon bool
			if name, isLon = strings.CutSuffix(key, ".lon"); !isLon {
				continue
			}
			target = &lon
		}
		read := p.float(target)
		known[key] = func(at place, n *jsonval.Node) error {
			q.Field = name
			return read(at, n)
		}
	}
	err := p.geoClause(n, "geo_distance", &q.Common, &q.Field, known, func(n *jsonval.Node) (err error) {
		q.Center, err = ParsePoint(n)
		return err
	})
	if err != nil {
		return nil, err
	}
	if lat != nil && lon != nil {
		q.Center = Point{*lat, *lon}
	}
	if distance == "" {
		return nil, p.fail(n, "geo_distance requires 'distance' to be specified")
	}
	if q.Metres, err = ParseDistance(distance, unit); err != nil {
		return nil, err
	}
	if q.Metres <= 0 {
		return nil, eserr.IllegalArgument("distance must be greater than zero")
	}
	return q, checkPoint(&q.Center, validation)
}

func parseGeoBoundingBox(p *parser, n *jsonval.Node) (Query, error) {
	q := &GeoBoundingBox{JSON: append([]byte(nil), n.Raw...)}
	var validation, kind string
	known := options{"validation_method": p.validation(&validation), "type": p.oneOf(&kind, "memory", "indexed"), "ignore_unmapped": p.boolean(&q.IgnoreUnmapped)}
	err := p.geoClause(n, "geo_bounding_box", &q.Common, &q.Field, known, func(n *jsonval.Node) (err error) {
		q.Box, err = ParseBox(n)
		return err
	})
	if err != nil {
		return nil, err
	}
	if validation == "COERCE" || validation == "IGNORE_MALFORMED" {
		// A box that is given as wide as the earth is the whole earth.
		whole := q.Box.Right-q.Box.Left >= 360
		topLeft, bottomRight := Point{q.Box.Top, q.Box.Left}, Point{q.Box.Bottom, q.Box.Right}
		topLeft.normalize()
		bottomRight.normalize()
		q.Box = Box{Top: topLeft.Lat, Left: topLeft.Lon, Bottom: bottomRight.Lat, Right: bottomRight.Lon}
		if whole {
			q.Box.Left, q.Box.Right = -180, 180
		}
		return q, nil
	}
	switch b := q.Box; {
	case b.Top > 90 || b.Top < -90, b.Bottom > 90 || b.Bottom < -90:
		return nil, eserr.IllegalArgument("latitude out of range: top [%s], bottom [%s]", floatText(b.Top), floatText(b.Bottom))
	case b.Left > 180 || b.Left < -180, b.Right > 180 || b.Right < -180:
		return nil, eserr.IllegalArgument("longitude out of range: left [%s], right [%s]", floatText(b.Left), floatText(b.Right))
	case b.Top < b.Bottom:
		return nil, eserr.IllegalArgument("top is below bottom corner: %s vs. %s", floatText(b.Top), floatText(b.Bottom))
	case b.Top == b.Bottom:
		return nil, eserr.IllegalArgument("top cannot be the same as bottom: %s == %s", floatText(b.Top), floatText(b.Bottom))
	case b.Left == b.Right:
		return nil, eserr.IllegalArgument("left cannot be the same as right: %s == %s", floatText(b.Left), floatText(b.Right))
	}
	return q, nil
}

// ParseBox reads a box: two corners, four sides, or WKT.
func ParseBox(n *jsonval.Node) (Box, error) {
	var b Box
	if n.Kind != jsonval.Object {
		return b, eserr.ParseException("failed to parse bounding box, an object expected")
	}
	sides := map[string]*float64{"top": &b.Top, "left": &b.Left, "bottom": &b.Bottom, "right": &b.Right}
	seen := map[string]bool{}
	for i, key := range n.Keys {
		item := &n.Items[i]
		if side := sides[key]; side != nil {
			v, ok := item.Scalar().Float64()
			if !item.IsScalar() || !ok {
				return b, eserr.ParseException("failed to parse bounding box: [%s] must be a number", key)
			}
			*side, seen[key] = v, true
			continue
		}
		if key == "wkt" {
			return parseEnvelope(item.Text)
		}
		at, err := cornerOf(key, item)
		if err != nil {
			return b, err
		}
		switch key {
		case "top_left", "topLeft":
			b.Top, b.Left, seen["top"], seen["left"] = at.Lat, at.Lon, true, true
		case "bottom_right", "bottomRight":
			b.Bottom, b.Right, seen["bottom"], seen["right"] = at.Lat, at.Lon, true, true
		case "top_right", "topRight":
			b.Top, b.Right, seen["top"], seen["right"] = at.Lat, at.Lon, true, true
		case "bottom_left", "bottomLeft":
			b.Bottom, b.Left, seen["bottom"], seen["left"] = at.Lat, at.Lon, true, true
		default:
			return b, eserr.ParseException("failed to parse bounding box. unexpected field [%s]", key)
		}
	}
	if len(seen) < 4 {
		return b, eserr.ParseException("failed to parse bounding box: top, left, bottom and right are needed")
	}
	return b, nil
}

// cornerOf reads a corner; of a geohash's cell it is the corner of that name.
func cornerOf(key string, n *jsonval.Node) (Point, error) {
	if n.Kind == jsonval.String && !strings.ContainsAny(n.Text, ", (") {
		if cell, ok := GeohashBox(n.Text); ok {
			at := Point{cell.Bottom, cell.Left}
			if strings.HasPrefix(key, "top") {
				at.Lat = cell.Top
			}
			if strings.HasSuffix(strings.ToLower(key), "right") {
				at.Lon = cell.Right
			}
			return at, nil
		}
	}
	return ParsePoint(n)
}

// parseEnvelope reads "BBOX (left, right, top, bottom)".
func parseEnvelope(text string) (Box, error) {
	rest, ok := cutFold(text, "bbox")
	if !ok {
		rest, ok = cutFold(text, "envelope")
	}
	bad := eserr.ParseException("failed to parse WKT bounding box [%s]", text)
	rest = strings.TrimSpace(rest)
	if !ok || !strings.HasPrefix(rest, "(") || !strings.HasSuffix(rest, ")") {
		return Box{}, bad
	}
	parts := strings.Split(rest[1:len(rest)-1], ",")
	if len(parts) != 4 {
		return Box{}, bad
	}
	var v [4]float64
	for i, part := range parts {
		x, ok := jsonval.Str(strings.TrimSpace(part)).Float64()
		if !ok {
			return Box{}, bad
		}
		v[i] = x
	}
	return Box{Left: v[0], Right: v[1], Top: v[2], Bottom: v[3]}, nil
}

func parseGeoPolygon(p *parser, n *jsonval.Node) (Query, error) {
	q := &GeoShape{Name: "geo_polygon", JSON: append([]byte(nil), n.Raw...)}
	var validation string
	known := options{"validation_method": p.validation(&validation), "ignore_unmapped": p.boolean(&q.IgnoreUnmapped)}
	err := p.geoClause(n, "geo_polygon", &q.Common, &q.Field, known, func(n *jsonval.Node) error {
		points := n.Get("points")
		if n.Kind != jsonval.Object || points == nil || points.Kind != jsonval.Array {
			return eserr.ParseException("geo_polygon requires [points]")
		}
		var ring []Point
		for i := range points.Items {
			at, err := ParsePoint(&points.Items[i])
			if err != nil {
				return err
			}
			ring = append(ring, at)
		}
		if len(ring) < 3 {
			return eserr.IllegalArgument("too few points defined for geo_polygon query")
		}
		q.Shape.Polygons = []Polygon{{Rings: [][]Point{ring}}}
		return nil
	})
	return q, err
}

func parseGeoShape(p *parser, n *jsonval.Node) (Query, error) {
	q := &GeoShape{Name: "geo_shape", JSON: append([]byte(nil), n.Raw...)}
	var strategy string
	known := options{"ignore_unmapped": p.boolean(&q.IgnoreUnmapped), "strategy": p.text(&strategy)}
	err := p.geoClause(n, "geo_shape", &q.Common, &q.Field, known, func(n *jsonval.Node) error {
		if n.Kind != jsonval.Object {
			return eserr.ParseException("[geo_shape] expects an object")
		}
		for i, key := range n.Keys {
			item := &n.Items[i]
			var err error
			switch key {
			case "shape":
				q.Shape, err = ParseShape(item)
			case "relation":
				err = p.oneOf(&q.Relation, "intersects", "disjoint", "within", "contains")(place{"geo_shape", key}, item)
			case "indexed_shape":
				err = eserr.Unsupported("[indexed_shape] of a [geo_shape] query")
			default:
				err = p.fail(item, "[geo_shape] query does not support [%s]", key)
			}
			if err != nil {
				return err
			}
		}
		if q.Shape.Empty() {
			return eserr.IllegalArgument("No shape defined")
		}
		return nil
	})
	return q, err
}
