package exec

import (
	"strconv"
	"strings"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/eserr"
)

// tileKeyer hands out keys for the tiles that positions lie in.
type tileKeyer struct {
	*numberKeyer
	cells *geoCells
}

func (k *tileKeyer) keys(d *docs) (keyed, error) {
	if k.col == nil {
		return k.absent(d), nil
	}
	b, err := k.col.rows(d.block, d.rows)
	if err != nil {
		return keyed{}, err
	}
	if b.Kind != column.Fixed16 {
		return keyed{}, errKind(k.col, column.Fixed16)
	}
	return gather(&k.keyBuffer, d, b, tileLookup{k, b})
}

type tileLookup struct {
	k *tileKeyer
	b *column.Block
}

func (l tileLookup) keyAt(i int) (uint32, error) {
	return l.k.intern(l.k.cells.cell(segment.GeoPoint(l.b.Bytes(i))))
}

func (s *compositeSource) tilesPart(values tupleValues, nulls bool, acct *account) *boundPart {
	b := s.termsPart(values, nulls, acct)
	b.keyer = &tileKeyer{b.keyer.(*numberKeyer), s.cells}
	return b
}

// parseTile reads the name of a tile of the grid's precision.
func (g *geoCells) parseTile(name string) (int64, error) {
	parts := strings.Split(name, "/")
	bad := eserr.IllegalArgument("Invalid geotile_grid hash string of %s. Must be three integers in a form \"zoom/x/y\".", name)
	if len(parts) != 3 {
		return 0, bad
	}
	var n [3]int64
	for i, part := range parts {
		v, err := strconv.ParseInt(part, 10, 64)
		if err != nil || v < 0 || v >= 1<<tileBits {
			return 0, bad
		}
		n[i] = v
	}
	if n[0] != int64(g.precision) {
		return 0, eserr.IllegalArgument("[after] tile [%s] is not of precision [%d]", name, g.precision)
	}
	return n[1]<<tileBits | n[2], nil
}
