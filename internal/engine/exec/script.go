package exec

import (
	"math"
	"slices"
	"strings"
	"time"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/painless"
)

// scriptRun runs a script on the rows of a leaf, for one goroutine.
type scriptRun struct {
	script *painless.Script
	env    painless.Env
	doc    *scriptDoc
	docs   *segment.SourceReader
	leaf   *leaf
	loaded int // row of source; -1 for none
	source painless.Value
	asked  painless.FieldValues // of the one field that the script is asked about
}

// newScriptRun makes a run with room for vars variables: params, and those that the caller sets.
func newScriptRun(script *painless.Script, params *painless.Map, vars int, f *fields, l *leaf) *scriptRun {
	r := &scriptRun{script: script, leaf: l, loaded: -1}
	r.doc = &scriptDoc{fields: f, leaf: l}
	r.env.Vars = make([]painless.Value, max(vars, 1))
	r.env.Vars[0] = painless.MapOf(params)
	r.env.Doc = r.doc
	r.env.Source = r.sourceOf
	return r
}

// at puts the run on a row of a block.
func (r *scriptRun) at(block, row int) { r.doc.block, r.doc.row = block, row }

// run runs the script on the row at hand.
func (r *scriptRun) run() (painless.Value, error) {
	v, err := r.script.Run(&r.env)
	if r.doc.err != nil {
		return v, r.doc.err
	}
	return v, err
}

// test runs a script whose value is a boolean.
func (r *scriptRun) test() (bool, error) {
	is, err := r.script.RunBool(&r.env)
	if r.doc.err != nil {
		return false, r.doc.err
	}
	return is, err
}

// values are those of a field in the row at hand; nil when the mapping does not have it.
func (r *scriptRun) values(field string) (painless.FieldValues, error) {
	if r.asked == nil {
		var err error
		if r.asked, err = r.doc.Values(field); err != nil {
			return nil, err
		}
	}
	return r.asked, nil
}

// sourceOf reads the document of the row at hand for params._source.
func (r *scriptRun) sourceOf() (painless.Value, error) {
	row := r.leaf.blocks[r.doc.block].FirstRow + r.doc.row
	l := r.leaf
	if l.around != nil {
		var err error
		if l, row, err = l.document(row); err != nil {
			return painless.Null, err
		}
	}
	if r.loaded == row {
		return r.source, nil
	}
	if r.docs == nil {
		r.docs = segment.NewSourceReader(l.seg)
	}
	raw, err := r.docs.Append(nil, row)
	if err != nil {
		return painless.Null, err
	}
	n, err := jsonval.Parse(raw)
	if err != nil {
		return painless.Null, err
	}
	r.source, r.loaded = painless.FromJSON(n), row
	return r.source, nil
}

// scriptDoc finds fields for scripts; it implements painless.Doc.
type scriptDoc struct {
	fields     *fields
	leaf       *leaf
	block, row int
	err        error // the first failed read
}

// Values implements painless.Doc.
func (d *scriptDoc) Values(name string) (painless.FieldValues, error) {
	switch name {
	case idField:
		return &idValues{doc: d, ids: newIDReader(d.leaf, d.fields.index.IDs)}, nil
	case indexField:
		return constantValues{painless.StringOf(d.fields.index.Name)}, nil
	}
	f := d.fields.lookup(name)
	if f == nil {
		return nil, nil
	}
	if f.class == classVector {
		c := d.leaf.column(f.view.column)
		if c == nil {
			return noVector{dims: f.spec.Dims}, nil
		}
		return &vectorValues{columnValues{doc: d, field: f, col: c, block: -1}}, nil
	}
	if err := f.aggregatable(d.fields.index.Name); err != nil {
		return nil, err
	}
	if f.isConstant() {
		return constantValues{painless.StringOf(f.constant)}, nil
	}
	c := d.leaf.column(f.view.column)
	if c == nil {
		return constantValues{}, nil
	}
	return &columnValues{doc: d, field: f, col: c, block: -1}, nil
}

// constantValues are the same in every document.
type constantValues []painless.Value

func (v constantValues) Len() int                { return len(v) }
func (v constantValues) At(i int) painless.Value { return v[i] }

// idValues are doc['_id'].
type idValues struct {
	doc *scriptDoc
	ids *idReader
}

func (v *idValues) Len() int { return 1 }

func (v *idValues) At(int) painless.Value {
	id, err := v.ids.id(v.doc.block, v.doc.row)
	if err != nil && v.doc.err == nil {
		v.doc.err = err
	}
	return painless.StringOf(id)
}

// columnValues are a column's values in the row at hand.
type columnValues struct {
	doc        *scriptDoc
	field      *field
	col        *leafColumn
	block, row int // that are loaded
	data       *column.Block
	lo, hi     int
	order      []int            // of values that are not as they are stored; nil where they are
	texts      []string         // of keywords with a view of their own
	known      []painless.Value // entries of the dictionary, by their numbers
}

// load finds the values of the row at hand, as doc values have them: in order, texts once.
func (v *columnValues) load() {
	d := v.doc
	if v.block == d.block && v.row == d.row {
		return
	}
	v.block, v.row = d.block, d.row
	b, in, err := v.decoded()
	if err != nil {
		if d.err == nil {
			d.err = err
		}
		v.lo, v.hi = 0, 0
		return
	}
	v.data = b
	v.lo, v.hi = b.Range(in)
	v.order, v.texts = v.order[:0], v.texts[:0]
	if v.field.class == classKeyword && !v.field.view.plain() {
		for i := v.lo; i < v.hi; i++ {
			if text, ok := v.field.view.see(v.col.text(b, i)); ok {
				v.texts = append(v.texts, string(text))
			}
		}
		slices.Sort(v.texts)
		v.texts = slices.Compact(v.texts)
		v.lo, v.hi = 0, len(v.texts)
		return
	}
	if v.hi-v.lo > 1 {
		for i := v.lo; i < v.hi; i++ {
			v.order = append(v.order, i)
		}
		slices.SortStableFunc(v.order, func(x, y int) int { return compareAt(v.col, b, x, y) })
		if b.Kind != column.Int64 && b.Kind != column.Float64 {
			v.order = slices.CompactFunc(v.order, func(x, y int) bool { return compareAt(v.col, b, x, y) == 0 })
		}
		v.hi = v.lo + len(v.order)
	}
}

// decoded returns the block with the row at hand and the row's number in it.
func (v *columnValues) decoded() (*column.Block, int, error) {
	d := v.doc
	if v.col.forget(); v.col.whole == d.block {
		return &v.col.data, d.row, nil
	}
	b, err := v.col.granule(d.block, d.row/column.GranuleRows)
	return b, d.row % column.GranuleRows, err
}

// Len implements painless.FieldValues.
func (v *columnValues) Len() int {
	v.load()
	return v.hi - v.lo
}

// At implements painless.FieldValues.
func (v *columnValues) At(i int) painless.Value {
	v.load()
	if len(v.texts) > 0 {
		return painless.StringOf(v.texts[i])
	}
	if len(v.order) > 0 {
		i = v.order[i]
	} else {
		i += v.lo
	}
	b := v.data
	switch v.field.class {
	case classInt, classUnsigned:
		return painless.LongOf(b.Ints[i])
	case classBool:
		return painless.BoolOf(b.Ints[i] != 0)
	case classDate:
		return painless.DateOfMillis(b.Ints[i])
	case classNanos:
		return painless.DateOf(time.Unix(0, b.Ints[i]).UTC())
	case classFloat:
		return painless.DoubleOf(b.Floats[i])
	case classIP:
		return painless.StringOf(formatIP(b.Bytes(i)))
	case classGeo:
		lat, lon := segment.GeoPoint(b.Bytes(i))
		return painless.GeoOf(lat, lon)
	}
	if b.Kind == column.Ordinal && b.Ords[i] < maxKnownTexts {
		return v.knownText(b.Ords[i], b, i)
	}
	return painless.StringOf(string(v.col.text(b, i)))
}

// maxKnownTexts bounds the entries of a dictionary that are kept as values of scripts.
const maxKnownTexts = 4096

// knownText makes a value of an entry of the column's dictionary, once.
func (v *columnValues) knownText(ord uint32, b *column.Block, i int) painless.Value {
	if int(ord) >= len(v.known) {
		v.known = append(v.known, make([]painless.Value, int(ord)+1-len(v.known))...)
	}
	if v.known[ord].IsNull() {
		v.known[ord] = painless.StringOf(string(v.col.text(b, i)))
	}
	return v.known[ord]
}

// scriptColumn is a runtime field that a script emits, or the values of a script in a sort or an aggregation.
type scriptColumn struct {
	documentColumn
	index   *Index
	segment segment.Segment
	script  *painless.Script
	run     *scriptRun
	failed  error
}

// newScriptColumn makes the column of a field with a script. around are the runtime fields whose scripts are being read.
func (s *runtimeSegment) newScriptColumn(f *mapping.Field) column.Column {
	c := &scriptColumn{index: s.index, script: s.index.scripts[f.Path]}
	c.documentColumn = documentColumn{path: f.Path, spec: f, kind: runtimeKind(f.Type), blocks: s.Blocks()}
	if slices.Contains(s.around, f.Path) {
		c.failed = eserr.IllegalArgument("Cyclic dependency detected while resolving runtime fields: %s", strings.Join(append(slices.Clone(s.around), f.Path), " -> "))
		return c
	}
	inner := *s
	inner.around = append(slices.Clone(s.around), f.Path)
	c.segment = &inner
	return c
}

// Read implements column.Column.
func (c *scriptColumn) Read(block, from, to int, dst *column.Block) error {
	if c.failed != nil {
		return c.failed
	}
	dst.Reset(c.kind)
	dst.Rows, dst.Offsets = to-from, make([]uint32, 1, to-from+1)
	c.dst = dst
	if c.run == nil {
		l := newLeaf(Source{Segment: c.segment}, c.leaf.acct)
		c.run = newScriptRun(c.script, c.spec.Script.Params, 3, &fields{index: c.index}, l)
		c.run.env.Emit = c.emit
	}
	c.run.leaf.want(c.leaf.wantedBlock, c.leaf.wanted)
	for row := from; row < to; row++ {
		if row%scriptRows == 0 {
			if err := c.leaf.acct.check(); err != nil {
				return err
			}
		}
		if !c.leaf.skips(block, row) {
			c.run.at(block, row)
			if err := c.evaluate(); err != nil {
				return err
			}
		}
		if c.kind != column.Int64 && c.kind != column.Float64 && c.kind != column.Fixed16 && len(dst.Data) > maxEmittedBytes {
			return eserr.IllegalArgument("the script of runtime field [%s] emits more than [%d] bytes for a block", c.path, maxEmittedBytes)
		}
		dst.Offsets = append(dst.Offsets, uint32(c.values()))
	}
	return nil
}

// evaluate runs the script on the row at hand: once, or for each value of the field that it is asked about.
func (c *scriptColumn) evaluate() error {
	if c.spec.ScriptOf == "" {
		v, err := c.run.run()
		if err == nil && !c.spec.Emits() {
			c.take(v)
		}
		return err
	}
	values, err := c.run.values(c.spec.ScriptOf)
	if err != nil || values == nil {
		return err
	}
	for i := range values.Len() {
		v := values.At(i)
		if v.Kind() == painless.KindDate { // numbers are what an aggregation of dates counts with
			v = painless.LongOf(v.EpochMillis())
		}
		c.run.env.Vars[1] = v
		if v, err = c.run.run(); err != nil {
			return err
		}
		c.take(v)
	}
	return c.run.doc.err
}

// maxEmittedBytes bounds the texts that a script emits for one block.
const maxEmittedBytes = 256 << 20

// take takes in the value of a script that does not emit: null is none, a list all of its elements.
func (c *scriptColumn) take(v painless.Value) {
	switch {
	case v.IsNull():
	case v.List() != nil:
		for _, item := range v.List().Items() {
			c.take(item)
		}
	default:
		c.emit(v)
	}
}

// emit takes in one value.
func (c *scriptColumn) emit(v painless.Value) {
	switch c.spec.Type {
	case mapping.Long:
		c.dst.Ints = append(c.dst.Ints, v.Long())
	case mapping.Boolean:
		c.dst.Ints = append(c.dst.Ints, int64(boolBit(v.Bool())))
	case mapping.Date:
		if v.Kind() == painless.KindDate {
			c.dst.Ints = append(c.dst.Ints, v.EpochMillis())
		} else {
			c.dst.Ints = append(c.dst.Ints, v.Long())
		}
	case mapping.Double:
		c.dst.Floats = append(c.dst.Floats, scriptNumber(v))
	case mapping.IP:
		c.add(jsonval.AppendString(nil, v.Text()))
	default:
		c.dst.Data = append(c.dst.Data, v.String()...)
		c.dst.Ends = append(c.dst.Ends, uint32(len(c.dst.Data)))
	}
}

func boolBit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// scriptNumber is a value as a number of an aggregation or a sort: dates in milliseconds, booleans 1 and 0.
func scriptNumber(v painless.Value) float64 {
	switch v.Kind() {
	case painless.KindDate:
		return float64(v.EpochMillis())
	case painless.KindBool:
		return float64(boolBit(v.Bool()))
	}
	if x := v.Double(); !math.IsNaN(x) {
		return x
	}
	return math.NaN() // the one of Java, which is the greatest number of all
}

// scriptedFields are the scripts of a request's sort and aggregations, each as a runtime field under a name of its own.
func scriptedFields(ix *Index, req *Request) []*mapping.Field {
	var list []*mapping.Field
	for i := range req.Sort {
		k := &req.Sort[i]
		switch {
		case k.Script == nil:
		case k.ScriptText:
			list = append(list, mapping.NewScripted(k.Field, mapping.Keyword, k.Script, &painless.StringSort, ""))
		default:
			list = append(list, mapping.NewScripted(k.Field, mapping.Double, k.Script, &painless.NumberSort, ""))
		}
	}
	agg.Walk(req.Aggs, func(a *agg.Agg) {
		for _, s := range agg.Sources(a.Body) {
			if s.Script != nil {
				list = append(list, mapping.NewScripted(s.Field, scriptedType(ix, s.Script), s.Script.Spec, &painless.Aggs, s.Script.Field))
			}
		}
	})
	return list
}

// scriptedType is what an aggregation takes its script's values for: what the request says, what the kind needs, or texts.
func scriptedType(ix *Index, s *agg.ValueScript) mapping.Type {
	switch s.ValueType {
	case "long", "integer", "short", "byte":
		return mapping.Long
	case "double", "float", "number", "numeric":
		return mapping.Double
	case "date":
		return mapping.Date
	case "boolean":
		return mapping.Boolean
	case "ip":
		return mapping.IP
	}
	switch s.Kind {
	case "date_histogram", "date_range", "auto_date_histogram":
		return mapping.Date
	case "ip_range", "ip_prefix":
		return mapping.IP
	case "terms", "cardinality", "value_count", "multi_terms", "rare_terms", "significant_terms", "diversified_sampler":
		if f := (&fields{index: ix}).lookup(s.Field); s.Field != "" && f != nil {
			switch f.class {
			case classInt, classFloat, classDate, classNanos, classBool, classUnsigned:
				return mapping.Double
			}
		}
		return mapping.Keyword
	}
	return mapping.Double
}
