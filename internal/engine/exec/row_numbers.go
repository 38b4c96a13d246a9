package exec

import (
	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/query"
)

// rowNumbers reads the numbers that a field has in single rows, for what computes with them. Dates are milliseconds.
type rowNumbers struct {
	field *field
	col   *leafColumn
	block *column.Block
	list  []float64
	rows  []uint16
}

func newRowNumbers(l *leaf, f *field) *rowNumbers {
	v := &rowNumbers{field: f}
	if f != nil {
		v.col = l.column(f.view.column)
	}
	return v
}

// load prepares the rows of a selection.
func (v *rowNumbers) load(block int, sel column.Bitmap) error {
	if v.col == nil {
		return nil
	}
	v.rows = rowsOf(sel, v.rows[:0])
	var err error
	v.block, err = v.col.rows(block, v.rows)
	return err
}

// at returns the values of a row, good until the next call.
func (v *rowNumbers) at(row int) []float64 {
	v.list = v.list[:0]
	if v.col == nil {
		return nil
	}
	b := v.block
	for lo, hi := b.Range(row); lo < hi; lo++ {
		x := 0.0
		switch {
		case b.Kind == column.Float64:
			x = b.Floats[lo]
		case b.Kind != column.Int64:
			return nil
		case v.field.class == classUnsigned:
			x = unsignedFloat(b.Ints[lo])
		case v.field.class == classNanos:
			x = float64(b.Ints[lo]) / nanosPerMilli
		default:
			x = float64(b.Ints[lo])
		}
		v.list = append(v.list, x)
	}
	return v.list
}

// rowPoints reads the positions that a field has in single rows.
type rowPoints struct {
	col   *leafColumn
	block *column.Block
	list  []query.Point
}

func newRowPoints(l *leaf, f *field) *rowPoints { return &rowPoints{col: l.column(f.view.column)} }

func (v *rowPoints) load(block int) (err error) {
	if v.col != nil {
		v.block, err = v.col.block(block)
	}
	return err
}

// at returns the positions of a row, good until the next call.
func (v *rowPoints) at(row int) []query.Point {
	v.list = v.list[:0]
	if v.col == nil || v.block.Kind != column.Fixed16 {
		return nil
	}
	for lo, hi := v.block.Range(row); lo < hi; lo++ {
		lat, lon := segment.GeoPoint(v.block.Bytes(lo))
		v.list = append(v.list, query.Point{Lat: lat, Lon: lon})
	}
	return v.list
}
