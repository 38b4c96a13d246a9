package segment

import "elkhorn/internal/engine/column"

// A merge copies blocks as they are encoded: it need not decode them, and none of it is lost since most are full. Blocks
// with deleted rows and blocks less than half full are put together anew.

// minCopyRows is the fewest rows of a block that is copied. Blocks that are put together have more, but for the last of a
// segment, so that its next merge copies them.
const minCopyRows = column.BlockRows / 2

// layout says which rows go into which block.
type layout struct {
	blocks []BlockInfo
	// copies has, for each block, the number of the piece that it is a copy of, or -1.
	copies []int
	rows   int // in blocks
	// loose are rows, of the last pieces, that have no block yet.
	loose int
}

// layOut divides the kept rows of the pieces into blocks.
func layOut(inputs []Input, pieces []piece, minCopyRows int) *layout {
	l := &layout{}
	for i := range pieces {
		p := &pieces[i]
		_, encoded := inputs[p.input].Segment.(*File)
		copied := encoded && p.deleted == nil && p.rows >= minCopyRows
		if !copied || l.loose > 0 && l.loose < minCopyRows {
			// A few rows between two blocks would stay a small block for ever: the second one takes them in.
			l.loose += p.kept()
			if copied {
				l.flush()
			}
			continue
		}
		l.flush()
		l.add(p.rows, i)
	}
	l.flush()
	return l
}

// flush puts loose rows into full blocks, but for the last two, which are of about the same size: a short one would be put
// together anew by the next merge.
func (l *layout) flush() {
	for l.loose > 2*column.BlockRows {
		l.addLoose(column.BlockRows)
	}
	if l.loose > column.BlockRows {
		l.addLoose((l.loose + 1) / 2)
	}
	if l.loose > 0 {
		l.addLoose(l.loose)
	}
}

func (l *layout) addLoose(rows int) {
	l.loose -= rows
	l.add(rows, -1)
}

func (l *layout) add(rows, piece int) {
	l.blocks = append(l.blocks, BlockInfo{FirstRow: l.rows, Rows: rows})
	l.copies = append(l.copies, piece)
	l.rows += rows
}

// kept is the number of rows of the block that are kept.
func (p *piece) kept() int {
	if p.deleted == nil {
		return p.rows
	}
	return p.rows - p.deleted.Count()
}
