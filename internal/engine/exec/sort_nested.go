package exec

import (
	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

// nestedStep is one step of a sort key into nested objects.
type nestedStep struct {
	path   string
	filter node // nil for none
	most   int  // objects with a value that are looked at per row; 0: all
}

// nestedSteps compiles the "nested" of a sort key.
func (c *compiler) nestedSteps(s *query.NestedSort) ([]nestedStep, error) {
	scope := c.scope
	defer func() { c.scope = scope }()
	var steps []nestedStep
	for ; s != nil; s = s.Nested {
		path, err := c.nestedPath(s.Path)
		if err != nil {
			return nil, eserr.QueryShard("%s", eserr.From(err).Reason).With("index_uuid", c.fields.index.UUID).With("index", c.fields.index.Name)
		}
		if !isBelow(path, c.scope) {
			return nil, eserr.QueryShard("[nested] path [%s] of a sort is not inside [%s]", path, c.scope).With("index_uuid", c.fields.index.UUID).With("index", c.fields.index.Name)
		}
		c.scope = path
		step := nestedStep{path: path, most: s.MaxChildren}
		if s.Filter != nil {
			nodes, err := c.unscored([]query.Query{s.Filter})
			if err != nil {
				return nil, c.shardError(err)
			}
			step.filter = nodes[0]
		}
		steps = append(steps, step)
	}
	return steps, nil
}

// visibleKey refuses to sort documents by a field inside nested objects without saying which of them.
func (c *compiler) visibleKey(f *field) error {
	m := c.fields.index.Mapping
	if c.scope != "" || f.spec == nil || m == nil {
		return nil
	}
	path := m.NestedAt(f.spec.Path)
	if path == "" {
		return nil
	}
	object := m.Lookup(path)
	if object.IncludeInRoot || object.IncludeInParent && m.NestedAt(parentPath(path)) == "" {
		return nil
	}
	return eserr.QueryShard("it is mandatory to set the [nested] context on the nested sort field: [%s].", f.name).With("index_uuid", c.fields.index.UUID).With("index", c.fields.index.Name)
}

// parentPath is a path without its last part.
func parentPath(path string) string {
	for i := len(path) - 1; i > 0; i-- {
		if path[i] == '.' {
			return path[:i]
		}
	}
	return ""
}

// nestedMode refuses what cannot be worked out over several objects.
func (k *sortKey) nestedMode() error {
	if k.mode == modeMedian {
		return eserr.IllegalArgument("Unsupported sort mode: MEDIAN")
	}
	return nil
}

// bindNested returns the reader of a key whose values are in nested objects.
func (k *sortKey) bindNested(l *leaf) (keyReader, error) {
	missing := k.missingVal()
	n := &nestedKey{key: k, missing: missing}
	for _, step := range k.nested {
		to := boundStep{descent: l.descend(step.path)}
		if to.descent == nil {
			return &missingKey{missing}, nil
		}
		l = to.descent.leaf
		if step.filter != nil {
			var err error
			if to.filter, err = step.filter.bind(l); err != nil {
				return nil, err
			}
		}
		n.steps, n.most = append(n.steps, to), step.most
	}
	if n.col = l.column(k.view.column); n.col == nil {
		return &missingKey{missing}, nil
	}
	base := columnKey{col: n.col, key: k, missing: missing}
	switch kind := n.col.kind; {
	case kind == column.Int64 && !k.class.isText():
		n.ints = &intKey{columnKey: base, scale: k.intScale()}
	case kind == column.Float64 && !k.class.isText(), kind == column.Fixed16 && k.geo != nil:
	case (k.class == sortString || k.class == sortVersion) && (kind == column.Ordinal || kind == column.Bytes), k.class == sortIP && kind == column.Fixed16:
		n.texts = &stringKey{columnKey: base}
	default:
		return nil, errKind(n.col, column.Int64)
	}
	return n, nil
}

// nestedKey reads a key's values from the nested objects of rows.
type nestedKey struct {
	key     *sortKey
	missing sortVal
	steps   []boundStep
	col     *leafColumn // of the innermost objects
	most    int
	ints    *intKey    // orders whole numbers; nil for others
	texts   *stringKey // compares texts; nil for numbers

	sel column.Bitmap
	at  []uint16 // position of each row in rows
	// Of the row at hand: its number, or -1, and the values of its objects so far.
	row     int
	objects int // with a value
	whole   []int64
	floats  []float64
	text    []byte
	found   bool
}

// boundStep is a nestedStep in a segment.
type boundStep struct {
	descent *descent
	filter  matcher // nil for none
}

func (k *nestedKey) best(int) (sortVal, bool) { return sortVal{}, false }

func (k *nestedKey) fill(block int, rows []uint16, out []sortVal) error {
	if len(rows) == 0 {
		return nil
	}
	if k.sel == nil {
		k.sel, k.at = column.NewBitmap(column.BlockRows), make([]uint16, column.BlockRows)
	}
	words := k.sel[:int(rows[len(rows)-1])>>6+1]
	words.Reset()
	for i, r := range rows {
		out[i] = k.missing
		k.at[r] = uint16(i)
		words.Set(int(r))
	}
	k.row = -1
	err := k.walk(k.steps, block, words, func(row int) int { return row }, out)
	k.settle(out)
	return err
}

// walk goes from the rows of a block into the objects that the first step names, and on from those. row
// leads from a row of the block to one of the rows that are sorted.
func (k *nestedKey) walk(steps []boundStep, block int, sel column.Bitmap, row func(int) int, out []sortVal) error {
	step := &steps[0]
	offsets, err := step.descent.objects(block)
	if err != nil {
		return err
	}
	around := rowWalk{offsets: offsets}
	return step.descent.eachBlock(offsets, sel, func(inner int, objects column.Bitmap) error {
		if step.filter != nil {
			if err := apply(step.filter, inner, objects); err != nil || !objects.Any() {
				return err
			}
		}
		first := step.descent.leaf.blocks[inner].FirstRow
		to := func(object int) int { return row(around.of(first + object)) }
		if len(steps) > 1 {
			return k.walk(steps[1:], inner, objects, to, out)
		}
		b, err := k.col.block(inner)
		if err != nil {
			return err
		}
		for at := objects.Next(0); at >= 0; at = objects.Next(at + 1) {
			if lo, hi := b.Range(at); lo < hi {
				k.take(to(at), b, lo, hi, out)
			}
		}
		return nil
	})
}

// take adds the values of an object to those of its row; a row's objects follow each other.
func (k *nestedKey) take(row int, b *column.Block, lo, hi int, out []sortVal) {
	if row != k.row {
		k.settle(out)
		k.row, k.objects, k.found = row, 0, false
		k.whole, k.floats = k.whole[:0], k.floats[:0]
	}
	if k.objects++; k.most > 0 && k.objects > k.most {
		return
	}
	if k.key.geo != nil {
		k.floats = k.key.distances(k.floats, b, lo, hi)
		return
	}
	switch b.Kind {
	case column.Int64:
		k.whole = append(k.whole, b.Ints[lo:hi]...)
	case column.Float64:
		k.floats = append(k.floats, b.Floats[lo:hi]...)
	default:
		for ; lo < hi; lo++ {
			v, ok := k.key.view.see(k.col.text(b, lo))
			if ok && (!k.found || k.texts.better(v, k.text)) {
				k.text, k.found = append(k.text[:0], v...), true
			}
		}
	}
}

// settle works out the key of the row at hand.
func (k *nestedKey) settle(out []sortVal) {
	if k.row < 0 {
		return
	}
	v := &out[k.at[k.row]]
	switch {
	case len(k.whole) > 0:
		*v = sortVal{num: k.ints.order(pickInt(k.whole, k.key.mode))}
	case len(k.floats) > 0:
		*v = sortVal{num: directed(floatOrder(pickFloat(k.floats, k.key.mode)), k.key.desc)}
	case k.found:
		*v = sortVal{str: append([]byte{}, k.text...)}
	}
}
