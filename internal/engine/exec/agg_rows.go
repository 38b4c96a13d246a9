package exec

// rowValues gathers the values of rows with their positions among the rows, for aggregations that look at several
// fields of a document at once.
type rowValues struct {
	reader valueReader
	place  []uint32
}

func newRowValues(n *valuesNode) rowValues { return rowValues{reader: valueReader{node: n}} }

// of returns values and, for each, the position in d of its row, upwards. They are good until the next call.
func (r *rowValues) of(d *docs) (values []float64, positions []uint32, err error) {
	for len(r.place) < len(d.rows) {
		r.place = append(r.place, uint32(len(r.place)))
	}
	return r.reader.gather(&docs{block: d.block, rows: d.rows, buckets: r.place[:len(d.rows)], limit: len(d.rows)})
}
