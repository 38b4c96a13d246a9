package query

import (
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// GeoSort is a sort key by the distance of a field's positions from some others.
type GeoSort struct {
	Field          string
	Points         []Point
	Desc           bool
	Metres         float64 // the unit that distances print in
	Mode           string  // "", "min", "max", "avg" or "median"
	IgnoreUnmapped bool
	Nested         *NestedSort
}

// ParseGeoSort reads the options of "_geo_distance".
func ParseGeoSort(n *jsonval.Node) (*GeoSort, error) {
	if n.Kind != jsonval.Object {
		return nil, eserr.ParsingException(n.Line, n.Col, "[_geo_distance] must be an object")
	}
	p := &parser{clauses: clauseTable()}
	s := &GeoSort{Metres: 1}
	var common Common
	var order, unit, kind, validation string
	known := options{
		"order":             p.oneOf(&order, "asc", "desc"),
		"unit":              p.text(&unit),
		"mode":              p.text(&s.Mode),
		"distance_type":     p.oneOf(&kind, "arc", "plane"),
		"ignore_unmapped":   p.boolean(&s.IgnoreUnmapped),
		"validation_method": p.validation(&validation),
		"nested": func(_ place, n *jsonval.Node) (err error) {
			s.Nested, err = ParseNestedSort(n)
			return err
		},
	}
	err := p.geoClause(n, "_geo_distance", &common, &s.Field, known, func(n *jsonval.Node) error { return s.readPoints(n) })
	if err != nil {
		return nil, err
	}
	s.Desc = order == "desc"
	switch s.Mode {
	case "", "min", "max", "avg", "median":
	case "sum":
		return nil, eserr.IllegalArgument("sort_mode [sum] isn't supported for sorting by geo distance")
	default:
		return nil, eserr.IllegalArgument("Unknown SortMode [%s]", s.Mode)
	}
	if unit != "" {
		var ok bool
		if s.Metres, ok = MetresIn(unit); !ok {
			return nil, eserr.IllegalArgument("No distance unit match [%s]", unit)
		}
	}
	if len(s.Points) == 0 {
		return nil, eserr.ParseException("no points provided for _geo_distance sort.")
	}
	for i := range s.Points {
		if err := checkPoint(&s.Points[i], validation); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (s *GeoSort) readPoints(n *jsonval.Node) error {
	items := []jsonval.Node{*n}
	if n.Kind == jsonval.Array && len(n.Items) > 0 && n.Items[0].Kind != jsonval.Number {
		items = n.Items
	}
	for i := range items {
		at, err := ParsePoint(&items[i])
		if err != nil {
			return err
		}
		s.Points = append(s.Points, at)
	}
	return nil
}

// Append prints the options of the key.
func (s *GeoSort) Append(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.Key(s.Field)
	w.Value(func(dst []byte) []byte {
		dst = append(dst, '[')
		for i, p := range s.Points {
			if i > 0 {
				dst = append(dst, ',')
			}
			o := jsonval.Begin(dst)
			o.Float("lat", p.Lat)
			o.Float("lon", p.Lon)
			dst = o.End()
		}
		return append(dst, ']')
	})
	if s.Desc {
		w.String("order", "desc")
	}
	for _, u := range metresIn {
		if u.metres == s.Metres {
			w.String("unit", u.names[len(u.names)-1])
		}
	}
	w.StringIf("mode", s.Mode)
	w.BoolIf("ignore_unmapped", s.IgnoreUnmapped)
	if s.Nested != nil {
		w.Key("nested")
		w.Value(s.Nested.Append)
	}
	return w.End()
}
