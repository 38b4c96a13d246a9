package result

import (
	"math"

	"elkhorn/internal/es/jsonval"
)

// GeoBounds is the least box around some points.
type GeoBounds struct {
	Any                      bool // there is a point
	Top, Left, Bottom, Right float64
}

// Type returns "geo_bounds".
func (*GeoBounds) Type() string { return "geo_bounds" }

func (g *GeoBounds) appendBody(w *jsonval.Writer, _ bool) {
	if !g.Any {
		return
	}
	w.Key("bounds")
	w.Value(func(dst []byte) []byte {
		b := jsonval.Begin(dst)
		writePoint(&b, "top_left", g.Top, g.Left)
		writePoint(&b, "bottom_right", g.Bottom, g.Right)
		return b.End()
	})
}

func writePoint(w *jsonval.Writer, key string, lat, lon float64) {
	w.Key(key)
	w.Value(func(dst []byte) []byte {
		p := jsonval.Begin(dst)
		writeNumber(&p, "lat", &lat)
		writeNumber(&p, "lon", &lon)
		return p.End()
	})
}

// Figure implements Figures.
func (g *GeoBounds) Figure(name string) (float64, bool) {
	x, ok := map[string]float64{"top": g.Top, "left": g.Left, "bottom": g.Bottom, "right": g.Right}[name]
	if !g.Any {
		x = math.NaN()
	}
	return x, ok
}

// Many implements Figures.
func (*GeoBounds) Many() bool { return true }

// GeoCentroid is the mean of some points.
type GeoCentroid struct {
	Count    int64
	Lat, Lon float64 // mean nothing when Count is 0
}

// Type returns "geo_centroid".
func (*GeoCentroid) Type() string { return "geo_centroid" }

func (g *GeoCentroid) appendBody(w *jsonval.Writer, _ bool) {
	if g.Count > 0 {
		writePoint(w, "location", g.Lat, g.Lon)
	}
	w.Int("count", g.Count)
}

// Figure implements Figures.
func (g *GeoCentroid) Figure(name string) (float64, bool) {
	x, ok := map[string]float64{"lat": g.Lat, "lon": g.Lon, "count": float64(g.Count)}[name]
	if g.Count == 0 && name != "count" {
		x = math.NaN()
	}
	return x, ok
}

// Many implements Figures.
func (*GeoCentroid) Many() bool { return true }
