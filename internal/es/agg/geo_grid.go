package agg

import (
	"math"
	"math/bits"
	"strconv"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// GeoGrid makes a bucket per cell of a grid over the earth: geohash_grid and geotile_grid.
type GeoGrid struct {
	Name  string // the kind
	Field string
	// Precision is the length of a geohash, or the zoom of tiles.
	Precision int
	// Size is how many buckets are returned, the fullest first.
	Size int
	// Bounds leaves out cells that do not reach into it; nil for none.
	Bounds *GeoBox
}

// Kind returns the name.
func (b *GeoGrid) Kind() string { return b.Name }

// Family returns Bucket.
func (*GeoGrid) Family() Family { return Bucket }

// Bounds of the options of grids.
const (
	geohashGrid        = "geohash_grid"
	maxGeohash         = 12
	maxZoom            = 29
	defaultGeohash     = 5
	defaultZoom        = 7
	defaultGeoGridSize = 10_000
)

func (b *GeoGrid) appendBody(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.String("field", b.Field)
	w.Int("precision", int64(b.Precision))
	w.Int("size", int64(b.Size))
	if b.Bounds != nil {
		w.Key("bounds")
		w.Value(b.Bounds.append)
	}
	return w.End()
}

func parseGeoGrid(p *parser, n *jsonval.Node) (Body, error) {
	b := &GeoGrid{Name: p.kind, Precision: defaultZoom, Size: defaultGeoGridSize}
	least, most := 0, maxZoom
	if p.kind == geohashGrid {
		b.Precision, least, most = defaultGeohash, 1, maxGeohash
	}
	shardSize := 0
	err := p.options(n, options{
		"field": p.text(&b.Field), "precision": p.gridPrecision(&b.Precision),
		"size": p.whole(&b.Size), "shard_size": p.whole(&shardSize), // one shard returns all that there is
		"bounds": func(at place, n *jsonval.Node) (err error) {
			b.Bounds, err = parseGeoBox(at, n)
			return err
		},
	})
	switch {
	case err != nil:
		return nil, err
	case b.Field == "":
		return nil, p.noField()
	case b.Precision < least || b.Precision > most:
		if p.kind == geohashGrid {
			return nil, eserr.IllegalArgument("Invalid geohash aggregation precision of %d. Must be between 1 and 12.", b.Precision)
		}
		return nil, eserr.IllegalArgument("Invalid geotile_grid precision of %d. Must be between 0 and 29.", b.Precision)
	case b.Size <= 0:
		return nil, eserr.IllegalArgument("[size] must be greater than 0. Found [%d] in [%s]", b.Size, p.name)
	}
	return b, nil
}

// gridPrecision reads a level, or for geohashes the size of a cell such as "1km".
func (p *parser) gridPrecision(target *int) option {
	return func(at place, n *jsonval.Node) error {
		if !n.IsScalar() {
			return at.unknownToken(n)
		}
		if level, ok := n.Scalar().Int64(); ok && level >= math.MinInt32 && level <= math.MaxInt32 {
			*target = int(level)
			return nil
		}
		metres, ok := parseMetres(n.Text)
		if p.kind != geohashGrid || !ok {
			return at.malformed(n, "a whole number")
		}
		if *target = geohashOf(metres); *target > maxGeohash {
			return eserr.IllegalArgument("precision too high [%s]", n.Text)
		}
		return nil
	}
}

// metresIn has the units of distances.
var metresIn = []struct {
	unit   string
	metres float64
}{
	{"nauticalmiles", 1852}, {"nmi", 1852}, {"NM", 1852}, {"kilometers", 1000}, {"km", 1000}, {"meters", 1}, {"millimeters", 0.001}, {"mm", 0.001},
	{"centimeters", 0.01}, {"cm", 0.01}, {"miles", 1609.344}, {"mi", 1609.344}, {"yards", 0.9144}, {"yd", 0.9144}, {"feet", 0.3048}, {"ft", 0.3048},
	{"inch", 0.0254}, {"in", 0.0254}, {"m", 1},
}

func parseMetres(text string) (float64, bool) {
	for _, u := range metresIn {
		if cut := len(text) - len(u.unit); cut > 0 && text[cut:] == u.unit {
			x, err := strconv.ParseFloat(text[:cut], 64)
			return x * u.metres, err == nil && x > 0
		}
	}
	return 0, false
}

// geohashOf is the length of the geohashes whose cells are about so many metres across, as Elasticsearch reckons it.
func geohashOf(metres float64) int {
	const equator, height = 6_378_137 * 2 * math.Pi, 6_356_752.314245 * math.Pi
	across := math.Ceil(equator / (metres / (1 + height/equator)))
	if across > math.MaxInt32 {
		return maxGeohash
	}
	digits := bits.Len64(uint64(across))
	length := 2 * (digits / 5)
	if digits%5 > 0 {
		length++
	}
	if digits%5 > 3 {
		length++
	}
	return max(length, 1)
}
