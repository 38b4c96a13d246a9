package segment

import "elkhorn/internal/engine/column"

// RowMap says where the rows of a merge's inputs went.
type RowMap struct {
	inputs []inputRows
}

// inputRows is one input's part: its live rows follow each other from first on.
type inputRows struct {
	first, rows int
	deleted     column.Bitmap // nil: none
	// before[i] is the number of deleted rows below row i*rowMapStep.
	before []uint32
}

// rowMapStep is the distance of counted rows: a look-up counts at most 8 words.
const rowMapStep = 512

func newRowMap(inputs []Input) *RowMap {
	m := &RowMap{}
	next := 0
	for _, in := range inputs {
		rows := Rows(in.Segment)
		r := inputRows{first: next, rows: rows, deleted: in.Deleted}
		dead := 0
		if in.Deleted != nil {
			for from := 0; from < rows; from += rowMapStep {
				r.before = append(r.before, uint32(dead))
				dead += in.Deleted.CountRange(from, min(from+rowMapStep, rows))
			}
		}
		next += rows - dead
		m.inputs = append(m.inputs, r)
	}
	return m
}

// New returns the row that a row of an input has become, and whether it is still there.
func (m *RowMap) New(input, row int) (int, bool) {
	in := &m.inputs[input]
	if in.deleted == nil {
		return in.first + row, true
	}
	if in.deleted.Has(row) {
		return 0, false
	}
	at := row / rowMapStep
	dead := int(in.before[at]) + in.deleted.CountRange(at*rowMapStep, row)
	return in.first + row - dead, true
}

// live is the number of rows that are still there.
func (m *RowMap) live() int {
	n := 0
	for _, in := range m.inputs {
		n += in.rows
		if in.deleted != nil {
			n -= in.deleted.CountRange(0, in.rows)
		}
	}
	return n
}

// piece is one block of one input with the rows of it that are kept.
type piece struct {
	number       int // position among the pieces
	input, block int
	rows         int
	deleted      column.Bitmap // of the block's rows; nil: none
}

// piecesOf lists the blocks of the inputs that have a live row, in order.
func piecesOf(inputs []Input) []piece {
	var out []piece
	for i, in := range inputs {
		for b, info := range in.Segment.Blocks() {
			p := piece{number: len(out), input: i, block: b, rows: info.Rows}
			if in.Deleted != nil {
				p.deleted = in.Deleted.Slice(info.FirstRow, info.FirstRow+info.Rows)
				switch p.deleted.Count() {
				case 0:
					p.deleted = nil
				case info.Rows:
					continue
				}
			}
			out = append(out, p)
		}
	}
	return out
}

// runs calls yield for each range of rows that follow each other and are kept.
func (p *piece) runs(yield func(from, to int) error) error {
	if p.deleted == nil {
		return yield(0, p.rows)
	}
	for from := 0; from < p.rows; {
		to := p.deleted.Next(from)
		if to < 0 {
			to = p.rows
		}
		if to > from {
			if err := yield(from, to); err != nil {
				return err
			}
		}
		from = to + 1
	}
	return nil
}

// keeps says whether a row of the block is kept.
func (p *piece) keeps(row int) bool { return p.deleted == nil || !p.deleted.Has(row) }
