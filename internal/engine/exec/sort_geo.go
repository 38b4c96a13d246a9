package exec

import (
	"math"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

// geoKey compiles a key by distance.
func (c *compiler) geoKey(s *query.GeoSort, out *sortKey) (*sortKey, error) {
	out.class, out.desc, out.geo = sortFloat, s.Desc, s
	f := c.fields.lookup(s.Field)
	if f == nil {
		if !s.IgnoreUnmapped && len(c.fields.index.Sources) > 0 {
			return nil, eserr.QueryShard("failed to find mapper for [%s] for geo distance based sort", s.Field).With("index", c.fields.index.Name)
		}
		return out, nil
	}
	if f.class != classGeo || !f.docValues {
		return nil, eserr.QueryShard("unable to apply geo distance sort to field [%s] of type [%s]", s.Field, f.typ).With("index", c.fields.index.Name)
	}
	out.kind, out.field, out.view = byColumn, f, f.view
	if err := modeOption(&SortKey{Mode: s.Mode, Desc: s.Desc}, out); err != nil {
		return nil, err
	}
	if s.Nested == nil {
		return out, c.visibleKey(f)
	}
	var err error
	out.nested, err = c.nestedSteps(s.Nested)
	return out, err
}

// farAway is the distance of documents without a position.
func (k *sortKey) farAway() sortVal { return sortVal{num: directed(floatOrder(math.Inf(1)), k.desc)} }

// geoReader reads distances.
type geoReader struct {
	key    *sortKey
	col    *leafColumn
	values []float64
}

func (r *geoReader) fill(block int, rows []uint16, out []sortVal) error {
	b, err := r.col.block(block)
	if err != nil {
		return err
	}
	for i, row := range rows {
		lo, hi := b.Range(int(row))
		r.values = r.key.distances(r.values[:0], b, lo, hi)
		if len(r.values) == 0 {
			out[i] = r.key.farAway()
			continue
		}
		out[i] = sortVal{num: directed(floatOrder(pickFloat(r.values, r.key.mode)), r.key.desc)}
	}
	return nil
}

func (r *geoReader) best(int) (sortVal, bool) { return sortVal{}, false }

// distances appends how far each of some positions of a block is from each of the key's.
func (k *sortKey) distances(dst []float64, b *column.Block, lo, hi int) []float64 {
	for ; lo < hi; lo++ {
		lat, lon := segment.GeoPoint(b.Bytes(lo))
		for _, p := range k.geo.Points {
			dst = append(dst, query.Metres(p.Lat, p.Lon, lat, lon)/k.geo.Metres)
		}
	}
	return dst
}
