package exec

import (
	"math"
	"slices"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/query"
)

// sortKey is one key of a search's sort, compiled against one index.
type sortKey struct {
	sortPrinter
	kind   sortKind
	view   stringView // column to read
	field  *field     // nil for keys that are no mapped field
	mode   sortMode
	first  bool           // documents without a value go first
	absent *sortVal       // the value that stands in for a missing one; nil: first or last
	geo    *query.GeoSort // distances rather than values; nil for other keys
	nested []nestedStep   // the objects that values come from; none: the rows themselves
}

// sortKind is where a key's values come from.
type sortKind uint8

const (
	byNothing sortKind = iota // a field that the index does not have
	byColumn
	byScore
	byDoc
	byShardDoc
	byID
)

// sortMode picks one of several values.
type sortMode uint8

const (
	modeMin sortMode = iota
	modeMax
	modeSum
	modeAvg
	modeMedian
)

// missingVal is the value of a document without the field.
func (k *sortKey) missingVal() sortVal {
	switch {
	case k.geo != nil:
		return k.farAway()
	case k.absent != nil:
		return *k.absent
	case k.class.isText() && k.first:
		return sortVal{rank: -1}
	case k.class.isText():
		return sortVal{rank: 1}
	case k.first:
		return sortVal{num: numFirst}
	}
	return sortVal{num: numLast}
}

// keyReader reads one key's values in one segment, for one goroutine.
type keyReader interface {
	// fill reads the values of some rows of a block; out[i] belongs to rows[i]. The strings are good
	// until the next call.
	fill(block int, rows []uint16, out []sortVal) error
	// best is the value that sorts first among those the block may have; false: unknown.
	best(block int) (sortVal, bool)
}

// bind returns the key's reader. scores is the worker's array of scores by row of the block.
func (k *sortKey) bind(l *leaf, p *plan, source int, scores []float64, ids *idReader) (keyReader, error) {
	missing := k.missingVal()
	switch k.kind {
	case byScore:
		return &scoreKey{scores: scores, desc: k.desc, same: p.sameScore}, nil
	case byDoc:
		return &docKey{leaf: l, base: int64(source) << 32, desc: k.desc}, nil
	case byShardDoc:
		return &docKey{leaf: l, base: int64(p.position)<<40 + int64(p.firstRow(source)), desc: k.desc}, nil
	case byID:
		return &idKey{ids: ids}, nil
	case byColumn:
	default:
		return &missingKey{missing}, nil
	}
	if len(k.nested) > 0 {
		return k.bindNested(l)
	}
	c := l.column(k.view.column)
	if c == nil {
		return &missingKey{missing}, nil
	}
	base := columnKey{col: c, key: k, missing: missing}
	switch {
	case k.geo != nil && c.kind == column.Fixed16:
		return &geoReader{key: k, col: c}, nil
	case c.kind == column.Int64 && !k.class.isText():
		return &intKey{columnKey: base, scale: k.intScale()}, nil
	case c.kind == column.Float64 && !k.class.isText():
		return &floatKey{columnKey: base}, nil
	case (k.class == sortString || k.class == sortVersion) && (c.kind == column.Ordinal || c.kind == column.Bytes), k.class == sortIP && c.kind == column.Fixed16:
		return &stringKey{columnKey: base}, nil
	}
	return nil, errKind(c, column.Int64)
}

// intScale is by how much whole numbers of the column are multiplied (above 0) or divided (below) to
// be of the key's class.
func (k *sortKey) intScale() int64 {
	if k.field == nil {
		return 1
	}
	switch {
	case k.class == sortNanos && k.field.class == classDate:
		return nanosPerMilli
	case k.class == sortDate && k.field.class == classNanos:
		return -nanosPerMilli
	}
	return 1
}

// missingKey gives all documents the same value.
type missingKey struct{ val sortVal }

func (k *missingKey) fill(_ int, rows []uint16, out []sortVal) error {
	for i := range rows {
		out[i] = k.val
	}
	return nil
}

func (k *missingKey) best(int) (sortVal, bool) { return k.val, true }

// scoreKey is _score.
type scoreKey struct {
	scores []float64
	desc   bool
	// same is the score of every match of a query that scores them all alike; nil: they differ.
	same *float64
}

func (k *scoreKey) fill(_ int, rows []uint16, out []sortVal) error {
	for i, r := range rows {
		out[i] = sortVal{num: directed(floatOrder(k.scores[r]), k.desc)}
	}
	return nil
}

func (k *scoreKey) best(int) (sortVal, bool) {
	if k.same == nil {
		return sortVal{}, false
	}
	return sortVal{num: directed(floatOrder(*k.same), k.desc)}, true
}

// docKey is _doc and _shard_doc: the order of arrival.
type docKey struct {
	leaf *leaf
	base int64
	desc bool
}

func (k *docKey) fill(block int, rows []uint16, out []sortVal) error {
	base := k.base + int64(k.leaf.blocks[block].FirstRow)
	for i, r := range rows {
		out[i] = sortVal{num: directed(base+int64(r), k.desc)}
	}
	return nil
}

func (k *docKey) best(block int) (sortVal, bool) {
	info := k.leaf.blocks[block]
	at := k.base + int64(info.FirstRow)
	if k.desc {
		at += int64(info.Rows) - 1
	}
	return sortVal{num: directed(at, k.desc)}, true
}

// idKey is _id.
type idKey struct{ ids *idReader }

func (k *idKey) fill(block int, rows []uint16, out []sortVal) error {
	for i, r := range rows {
		id, err := k.ids.id(block, int(r))
		if err != nil {
			return err
		}
		out[i] = sortVal{str: []byte(id)}
	}
	return nil
}

func (k *idKey) best(int) (sortVal, bool) { return sortVal{}, false }

// columnKey is what keys over doc values share.
type columnKey struct {
	col     *leafColumn
	key     *sortKey
	missing sortVal
}

// read decodes a block for some of its rows. Keys after the first are asked for row by row, and one
// decoded block serves all of those.
func (k *columnKey) read(block int, rows []uint16) (*column.Block, error) {
	if len(rows) == 1 {
		return k.col.block(block)
	}
	return k.col.rows(block, rows)
}

// missingFirst is best, or the value of documents without one if that sorts first.
func (k *columnKey) missingFirst(best sortVal) sortVal {
	if compareVals(&k.missing, &best, k.key.desc) < 0 {
		return k.missing
	}
	return best
}

// intKey reads an Int64 column.
type intKey struct {
	columnKey
	scale int64
}

func (k *intKey) fill(block int, rows []uint16, out []sortVal) error {
	b, err := k.read(block, rows)
	if err != nil {
		return err
	}
	for i, r := range rows {
		lo, hi := b.Range(int(r))
		if lo == hi {
			out[i] = k.missing
			continue
		}
		out[i] = sortVal{num: k.order(k.pick(b.Ints[lo:hi]))}
	}
	return nil
}

func (k *intKey) order(n int64) int64 {
	switch {
	case k.key.class == sortFloat && k.unsigned():
		return directed(floatOrder(unsignedFloat(n)), k.key.desc)
	case k.key.class == sortFloat:
		return directed(floatOrder(float64(n)), k.key.desc)
	case k.key.class == sortUnsigned:
		n = unsignedOrder(n)
	case k.scale > 1:
		n *= k.scale
	case k.scale < 0:
		n = floorDiv(n, -k.scale)
	}
	return directed(n, k.key.desc)
}

// unsigned says that the column holds the bits of numbers from 0 to 2^64-1.
func (k *intKey) unsigned() bool { return k.key.field != nil && k.key.field.class == classUnsigned }

// pick reduces the values of a document to one.
func (k *intKey) pick(values []int64) int64 {
	if len(values) > 1 && k.unsigned() {
		ordered := make([]int64, len(values))
		for i, v := range values {
			ordered[i] = unsignedOrder(v)
		}
		return unsignedOrder(pickInt(ordered, k.key.mode))
	}
	return pickInt(values, k.key.mode)
}

func (k *intKey) best(block int) (sortVal, bool) {
	s := k.col.col.Stats(block)
	switch {
	case !s.HasValues:
		return k.missing, true
	case k.key.mode > modeMax || k.unsigned() && s.MinInt < 0 && s.MaxInt >= 0:
		return sortVal{}, false
	case k.key.desc:
		return k.missingFirst(sortVal{num: k.order(s.MaxInt)}), true
	}
	return k.missingFirst(sortVal{num: k.order(s.MinInt)}), true
}

// floatKey reads a Float64 column.
type floatKey struct{ columnKey }

func (k *floatKey) fill(block int, rows []uint16, out []sortVal) error {
	b, err := k.read(block, rows)
	if err != nil {
		return err
	}
	for i, r := range rows {
		lo, hi := b.Range(int(r))
		if lo == hi {
			out[i] = k.missing
			continue
		}
		out[i] = sortVal{num: k.order(pickFloat(b.Floats[lo:hi], k.key.mode))}
	}
	return nil
}

func (k *floatKey) best(block int) (sortVal, bool) {
	s := k.col.col.Stats(block)
	switch {
	case !s.HasValues:
		return k.missing, true
	case k.key.mode > modeMax:
		return sortVal{}, false
	case k.key.desc:
		return k.missingFirst(sortVal{num: k.order(s.MaxFloat)}), true
	}
	return k.missingFirst(sortVal{num: k.order(s.MinFloat)}), true
}

// order maps a number to the key's class: one that sorts whole numbers takes it without its fraction.
func (k *floatKey) order(v float64) int64 {
	if k.key.class == sortFloat {
		return directed(floatOrder(v), k.key.desc)
	}
	whole := max(min(v, math.MaxInt64), math.MinInt64)
	if whole >= math.MaxInt64 {
		return directed(math.MaxInt64, k.key.desc)
	}
	return directed(int64(whole), k.key.desc)
}

// stringKey reads a column of strings or addresses.
type stringKey struct{ columnKey }

func (k *stringKey) fill(block int, rows []uint16, out []sortVal) error {
	b, err := k.read(block, rows)
	if err != nil {
		return err
	}
	for i, r := range rows {
		out[i] = k.missing
		found := false
		for lo, hi := b.Range(int(r)); lo < hi; lo++ {
			v, ok := k.key.view.see(k.col.text(b, lo))
			if !ok {
				continue
			}
			if !found || k.better(v, out[i].str) {
				out[i], found = sortVal{str: v}, true
			}
		}
	}
	return nil
}

func (k *stringKey) better(v, than []byte) bool {
	if k.key.mode == modeMax {
		return string(v) > string(than)
	}
	return string(v) < string(than)
}

func (k *stringKey) best(block int) (sortVal, bool) {
	if !k.col.col.Stats(block).HasValues {
		return k.missing, true
	}
	return sortVal{}, false
}

// pickInt reduces the values of a document to one; there is at least one.
func pickInt(values []int64, mode sortMode) int64 {
	if len(values) == 1 {
		return values[0]
	}
	switch mode {
	case modeMin:
		return slices.Min(values)
	case modeMax:
		return slices.Max(values)
	case modeMedian:
		sorted := slices.Sorted(slices.Values(values))
		mid := len(sorted) / 2
		if len(sorted)%2 == 1 {
			return sorted[mid]
		}
		return int64(math.Round((float64(sorted[mid-1]) + float64(sorted[mid])) / 2))
	}
	var sum int64
	for _, v := range values {
		sum += v
	}
	if mode == modeAvg {
		return int64(math.Round(float64(sum) / float64(len(values))))
	}
	return sum
}

// pickFloat reduces the values of a document to one; there is at least one.
func pickFloat(values []float64, mode sortMode) float64 {
	if len(values) == 1 {
		return values[0]
	}
	switch mode {
	case modeMin:
		return slices.Min(values)
	case modeMax:
		return slices.Max(values)
	case modeMedian:
		sorted := slices.Sorted(slices.Values(values))
		mid := len(sorted) / 2
		if len(sorted)%2 == 1 {
			return sorted[mid]
		}
		return (sorted[mid-1] + sorted[mid]) / 2
	}
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	if mode == modeAvg {
		return sum / float64(len(values))
	}
	return sum
}
