package exec

import (
	"math"
	"time"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// nearNode matches rows with a value; the nearer it is to an origin, the more they score.
type nearNode struct {
	present  node
	distance *distanceFrom
	pivot    float64
	weight   float64
}

func compileDistanceFeature(c *compiler, q *query.DistanceFeature) (node, error) {
	f := c.fields.lookup(q.Field)
	if f == nil {
		return noneNode{}, nil
	}
	if !f.isDate() && f.class != classGeo {
		return nil, eserr.IllegalArgument("Illegal data type of [%s]![distance_feature] query can only be run on a date, date_nanos or geo_point field type!", f.typ)
	}
	n := &nearNode{present: &presentNode{views: []stringView{f.view}, weight: 1}, distance: &distanceFrom{field: f}, weight: q.Weight()}
	var err error
	if err = c.readOrigin(n.distance, q.Origin, true); err != nil {
		return nil, err
	}
	n.pivot, err = f.span(jsonval.Str(q.Pivot))
	return n, err
}

func (n *nearNode) bind(l *leaf) (matcher, error) {
	m, err := n.present.bind(l)
	if err != nil {
		return nil, err
	}
	return &nearMatcher{m, n, n.distance.bind(l)}, nil
}

type nearMatcher struct {
	matcher
	node     *nearNode
	distance *distances
}

func (m *nearMatcher) score(block int, matched column.Bitmap, scores []float64) error {
	if err := m.distance.load(block, matched); err != nil {
		return err
	}
	for r := matched.Next(0); r >= 0; r = matched.Next(r + 1) {
		d, ok := m.distance.at(r, "min")
		if !ok {
			d = math.Inf(1)
		}
		scores[r] += m.node.weight * m.node.pivot / (m.node.pivot + d)
	}
	return nil
}

// distanceFrom measures how far values of a field are from an origin: in numbers, milliseconds or metres.
type distanceFrom struct {
	field  *field
	number float64
	point  query.Point
	offset float64 // what is nearer than this is at distance 0
}

// readOrigin reads an origin; nil is now, for dates. A date without its time is the last moment of the day where roundUp says
// so, as the clause distance_feature has it and functions of scores have not.
func (c *compiler) readOrigin(d *distanceFrom, raw []byte, roundUp bool) error {
	f := d.field
	if raw == nil {
		if !f.isDate() {
			return eserr.New(400, "parse_exception", "origin must be set for field [%s]", f.name)
		}
		d.number = float64(c.plan.req.Now.UnixMilli())
		return nil
	}
	n, err := jsonval.Parse(raw)
	if err != nil {
		return err
	}
	switch {
	case f.class == classGeo:
		d.point, err = query.ParsePoint(n)
	case !n.IsScalar():
		err = eserr.ParseException("origin of field [%s] must be a single value", f.name)
	case f.isDate():
		bound, e := c.dateBound(f, n.Scalar(), roundUp)
		d.number, err = float64(bound), e
	default:
		d.number, err = parseNumber(n.Scalar())
	}
	return err
}

// span reads a length in what the field's values are measured in: a number, a duration or a distance.
func (f *field) span(v query.Value) (float64, error) {
	switch {
	case v.IsNull():
		return 0, nil
	case f.class == classGeo:
		return query.ParseDistance(v.Text, "")
	case f.isDate():
		d, err := dates.ParseTimeValue("", v.Text)
		if d < 0 {
			return 0, eserr.IllegalArgument("failed to parse [%s] as a time value: negative durations are not supported", v.Text)
		}
		return float64(d) / float64(time.Millisecond), err
	}
	return parseNumber(v)
}

func (d *distanceFrom) bind(l *leaf) *distances {
	out := &distances{from: d}
	if d.field.class == classGeo {
		out.points = newRowPoints(l, d.field)
	} else {
		out.values = newRowNumbers(l, d.field)
	}
	return out
}

// distances measures the values of rows.
type distances struct {
	from   *distanceFrom
	values *rowNumbers
	points *rowPoints
	list   []float64
}

func (d *distances) load(block int, sel column.Bitmap) error {
	if d.points != nil {
		return d.points.load(block)
	}
	return d.values.load(block, sel)
}

// at is the distance of a row by a mode; false when it has no value.
func (d *distances) at(row int, mode string) (float64, bool) {
	d.list = d.list[:0]
	if d.points != nil {
		for _, p := range d.points.at(row) {
			d.list = append(d.list, max(query.Metres(p.Lat, p.Lon, d.from.point.Lat, d.from.point.Lon)-d.from.offset, 0))
		}
	} else {
		for _, v := range d.values.at(row) {
			d.list = append(d.list, max(math.Abs(v-d.from.number)-d.from.offset, 0))
		}
	}
	if len(d.list) == 0 {
		return 0, false
	}
	return pickFloat(d.list, map[string]sortMode{"": modeMin, "min": modeMin, "max": modeMax, "avg": modeAvg, "sum": modeSum}[mode]), true
}

// dateBound reads a date or date math, in milliseconds.
func (c *compiler) dateBound(f *field, v query.Value, roundUp bool) (int64, error) {
	at, err := f.dateFormat().Eval(v.Text, dates.FromTime(c.plan.req.Now), utc, roundUp)
	return at.Millis(), err
}
