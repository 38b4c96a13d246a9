package exec

import (
	"math"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

// pointsNode matches rows by their positions.
type pointsNode struct {
	field *field
	// test is asked for each position; all says that every one of a row must pass, none that none may. A row without a
	// position does not match.
	test      func(lat, lon float64) bool
	all, none bool
	weight    float64
}

// geoField finds the positions that a clause is about; nil: there are none, and that is no error.
func (c *compiler) geoField(kind, name string, ignoreUnmapped bool) (*field, error) {
	f := c.fields.lookup(name)
	switch {
	case f == nil && ignoreUnmapped:
		return nil, nil
	case f == nil:
		return nil, eserr.QueryShard("failed to find geo field [%s]", name)
	case f.class != classGeo:
		return nil, eserr.QueryShard("Field [%s] is of unsupported type [%s] for [%s] query", name, f.typ, kind)
	}
	return f, nil
}

func compileWithinDistance(c *compiler, q *query.GeoDistance) (node, error) {
	f, err := c.geoField(q.Kind(), q.Field, q.IgnoreUnmapped)
	if err != nil || f == nil {
		return noneNode{}, err
	}
	box := boxAround(q.Center, q.Metres)
	return &pointsNode{field: f, weight: q.Weight(), test: func(lat, lon float64) bool {
		return box.Has(lat, lon) && query.Metres(q.Center.Lat, q.Center.Lon, lat, lon) <= q.Metres
	}}, nil
}

// boxAround is a box that has all positions within a distance: it is asked first because it costs less.
func boxAround(at query.Point, metres float64) query.Box {
	const metresPerDegree = 111_194.9
	whole := query.Box{Top: 90, Left: -180, Bottom: -90, Right: 180}
	high := metres/metresPerDegree + 1e-6
	box := whole
	box.Top, box.Bottom = min(at.Lat+high, 90), max(at.Lat-high, -90)
	if box.Top >= 90 || box.Bottom <= -90 {
		return box
	}
	wide := math.Sin(metres / metresPerDegree * math.Pi / 180)
	shrink := math.Cos(at.Lat * math.Pi / 180)
	if metres/metresPerDegree >= 90 || wide >= shrink {
		return box
	}
	degrees := math.Asin(wide/shrink)*180/math.Pi + 1e-6
	box.Left, box.Right = at.Lon-degrees, at.Lon+degrees
	if box.Left < -180 {
		box.Left += 360
	}
	if box.Right > 180 {
		box.Right -= 360
	}
	return box
}

func compileGeoBoundingBox(c *compiler, q *query.GeoBoundingBox) (node, error) {
	f, err := c.geoField(q.Kind(), q.Field, q.IgnoreUnmapped)
	if err != nil || f == nil {
		return noneNode{}, err
	}
	return &pointsNode{field: f, weight: q.Weight(), test: q.Box.Has}, nil
}

func compileGeoShape(c *compiler, q *query.GeoShape) (node, error) {
	f, err := c.geoField(q.Kind(), q.Field, q.IgnoreUnmapped)
	if err != nil || f == nil {
		return noneNode{}, err
	}
	n := &pointsNode{field: f, weight: q.Weight(), test: q.Shape.Has}
	switch q.Relation {
	case "within":
		n.all = true
	case "disjoint":
		n.none = true
	case "contains":
		// A position contains nothing but itself.
		s := query.Shape{Points: q.Shape.Points}
		if len(q.Shape.Points) != 1 || len(q.Shape.Boxes)+len(q.Shape.Polygons)+len(q.Shape.Circles) > 0 {
			return noneNode{}, nil
		}
		n.test = s.Has
	}
	return n, nil
}

func (n *pointsNode) bind(l *leaf) (matcher, error) {
	c := l.column(n.field.view.column)
	if c == nil {
		return noneMatcher{}, nil
	}
	if c.kind != column.Fixed16 {
		return nil, errKind(c, column.Fixed16)
	}
	return &pointsMatcher{constant{n.weight}, n, newRowPoints(l, n.field)}, nil
}

type pointsMatcher struct {
	constant
	node   *pointsNode
	points *rowPoints
}

func (m *pointsMatcher) cost() int { return m.points.col.costOf(costBytes) }

func (m *pointsMatcher) bound(block int) bound {
	if !m.points.col.col.Stats(block).HasValues {
		return boundNone
	}
	return boundUnknown
}

func (m *pointsMatcher) filter(block int, sel column.Bitmap) error {
	if err := m.points.load(block); err != nil {
		return err
	}
	for r := sel.Next(0); r >= 0; r = sel.Next(r + 1) {
		if !m.matches(m.points.at(r)) {
			sel.Clear(r)
		}
	}
	return nil
}

func (m *pointsMatcher) matches(list []query.Point) bool {
	if len(list) == 0 {
		return false
	}
	for _, p := range list {
		switch in := m.node.test(p.Lat, p.Lon); {
		case in && m.node.none, !in && m.node.all:
			return false
		case in && !m.node.all:
			return true
		}
	}
	return m.node.all || m.node.none
}
