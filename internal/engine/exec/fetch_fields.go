package exec

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strconv"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/decimal"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/result"
)

// fieldFetcher fills a hit's "fields" from columns.
type fieldFetcher struct {
	leaf     *leaf
	docs     *segment.SourceReader
	fields   []fetchedField
	nested   []*nestedFields
	unmapped []func([]byte) bool // patterns of fields that the mapping need not have
	mapped   func(path string) bool
	within   string // the path that names count from; "" for whole names
	// objects says that rows are nested objects; nil for documents.
	objects *objectFetcher
}

// fetchedField is one field to print.
type fetchedField struct {
	field  *field
	format *dates.Format // of dates; nil for others
	// millis prints no more than milliseconds, whatever the values have.
	millis bool
	// number prints numbers as text; nil: as numbers.
	number *decimal.Format
	// sorted prints values in order and strings once, as doc values have them; otherwise they are
	// as in the document.
	sorted bool
}

func newFieldFetcher(p *plan, l *leaf, docs *segment.SourceReader, objects *objectFetcher, o *fetchOptions) (*fieldFetcher, error) {
	out := &fieldFetcher{leaf: l, docs: docs, objects: objects}
	if p.index.Mapping != nil {
		out.mapped = func(path string) bool { return p.index.Mapping.Lookup(path) != nil }
		for _, want := range o.fields {
			if want.IncludeUnmapped {
				out.unmapped = append(out.unmapped, compileWildcardPattern(want.Field, false))
			}
		}
		for _, name := range o.storedFields {
			if err := out.addStored(p, name); err != nil {
				return nil, err
			}
		}
	}
	for _, list := range []struct {
		formats   []FieldFormat
		docValues bool
	}{{o.fields, false}, {o.docvalueFields, true}} {
		for _, want := range list.formats {
			if err := out.add(p, want, list.docValues); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// add adds the fields that a name or pattern stands for.
func (f *fieldFetcher) add(p *plan, want FieldFormat, docValues bool) error {
	if p.index.Mapping == nil {
		return nil
	}
	if _, meta := metaFields[want.Field]; meta && docValues {
		f.fields = append(f.fields, fetchedField{field: p.fields.lookup(want.Field), sorted: true})
		return nil
	}
	for _, one := range p.fields.named(want.Field) {
		if docValues {
			if err := one.aggregatable(p.index.Name); err != nil {
				if hasWildcard(want.Field) {
					continue
				}
				return err
			}
		}
		to := f
		for path := to.nestedPath(p, one); path != "" && !docValues; path = to.nestedPath(p, one) {
			to = to.group(p, path).fields
		}
		// Doc values of a field come once for each format; those that "fields" asks for go before them.
		if slices.ContainsFunc(to.fields, func(have fetchedField) bool { return have.field.name == one.name && (!docValues || !have.sorted) }) {
			continue
		}
		fetched := fetchedField{field: one, sorted: docValues}
		if docValues && want.Format != "" && (one.class == classInt || one.class == classFloat || one.class == classUnsigned) {
			var err error
			if fetched.number, err = decimal.Compile(want.Format); err != nil {
				return err
			}
			to.fields = append(to.fields, fetched)
			continue
		}
		format, err := one.printFormat(want.Format)
		if err != nil && hasWildcard(want.Field) { // of the fields that a pattern stands for, those take a format that can
			format, err = one.printFormat("")
		}
		if err != nil {
			return err
		}
		fetched.format = format
		fetched.millis = want.Format == "strict_date_optional_time" || want.Format == "date_optional_time"
		to.fields = append(to.fields, fetched)
	}
	return nil
}

func (f *field) printFormat(pattern string) (*dates.Format, error) {
	switch {
	case f.isDate() && pattern == "":
		return f.dateFormat(), nil
	case pattern == "":
		return nil, nil
	case !f.isDate():
		return nil, eserr.IllegalArgument("Field [%s] of type [%s] doesn't support formats.", f.name, f.typ)
	}
	return dates.Compile(pattern)
}

// fetch reads the values of one row.
func (f *fieldFetcher) fetch(row int, h *result.Hit) error {
	for i := range f.fields {
		one := &f.fields[i]
		values, err := f.values(one, row)
		if err != nil {
			return err
		}
		if len(values) > 0 {
			h.Fields = addValues(h.Fields, one.field.name, values)
		}
		if !one.sorted && slices.Contains(h.Ignored, one.field.name) {
			if err := f.ignoredValues(one, row, h); err != nil {
				return err
			}
		}
	}
	if len(f.unmapped) > 0 {
		if err := f.unmappedValues(row, h); err != nil {
			return err
		}
	}
	for _, g := range f.nested {
		if err := g.fetch(row, h); err != nil {
			return err
		}
	}
	return nil
}

func jsonArray(values [][]byte) []byte {
	return append(append([]byte{'['}, bytes.Join(values, []byte{','})...), ']')
}

// values returns the row's values as JSON.
func (f *fieldFetcher) values(one *fetchedField, row int) ([][]byte, error) {
	if one.field.typed == mapping.ConstantKeyword && one.field.constant != "" {
		return [][]byte{jsonval.AppendString(nil, one.field.constant)}, nil
	}
	if (one.field.view.root || one.field.class == classRange || one.field.class == classVector) && !one.sorted {
		return f.sourceValues(one.field.spec.Path, row)
	}
	l := f.leaf
	if one.field.spec == nil { // metadata is the document's
		var err error
		if l, row, err = l.document(row); err != nil {
			return nil, err
		}
	}
	c := l.column(one.field.view.column)
	if c == nil {
		return nil, nil
	}
	block := l.blockOf(row)
	in := row - l.blocks[block].FirstRow
	b, err := c.granule(block, in/column.GranuleRows)
	if err != nil {
		return nil, err
	}
	lo, hi := b.Range(in % column.GranuleRows)
	at := make([]int, 0, hi-lo)
	for ; lo < hi; lo++ {
		at = append(at, lo)
	}
	if one.sorted && one.field.class == classKeyword && !one.field.view.plain() {
		return one.seenInOrder(c, b, at), nil
	}
	if one.sorted {
		slices.SortStableFunc(at, func(x, y int) int { return compareAt(c, b, x, y) })
		if c.kind != column.Int64 && c.kind != column.Float64 {
			at = slices.CompactFunc(at, func(x, y int) bool { return compareAt(c, b, x, y) == 0 })
		}
	}
	var out [][]byte
	for _, i := range at {
		if v, ok := one.print(c, b, i); ok {
			out = append(out, v)
		}
	}
	return out, nil
}

// seenInOrder are the values at some positions of a block as a field has them that makes others of the column's: each once, in
// their own order.
func (o *fetchedField) seenInOrder(c *leafColumn, b *column.Block, at []int) [][]byte {
	var texts []string
	for _, i := range at {
		if text, ok := o.field.view.see(c.text(b, i)); ok {
			texts = append(texts, string(text))
		}
	}
	slices.Sort(texts)
	var out [][]byte
	for _, text := range slices.Compact(texts) {
		out = append(out, jsonval.AppendString(nil, text))
	}
	return out
}

// sourceValues returns what a row's document has at a path, as it is written.
func (f *fieldFetcher) sourceValues(path string, row int) ([][]byte, error) {
	if f.objects != nil {
		return f.objects.values(row, path)
	}
	raw, err := f.docs.Append(nil, row)
	if err != nil {
		return nil, err
	}
	var out [][]byte
	eachAt(raw, path, func(value []byte) { out = append(out, value) })
	return out, nil
}

// compareAt orders two values of a block.
func compareAt(c *leafColumn, b *column.Block, x, y int) int {
	switch b.Kind {
	case column.Int64:
		return cmp.Compare(b.Ints[x], b.Ints[y])
	case column.Float64:
		return cmp.Compare(floatOrder(b.Floats[x]), floatOrder(b.Floats[y]))
	}
	return bytes.Compare(c.text(b, x), c.text(b, y))
}

// print writes one value as JSON; ok is false for values that the field does not see.
func (o *fetchedField) print(c *leafColumn, b *column.Block, i int) (out []byte, ok bool) {
	if o.number != nil {
		return jsonval.AppendString(nil, string(o.number.Append(nil, o.asFloat(b, i)))), true
	}
	switch o.field.class {
	case classBool:
		return strconv.AppendBool(nil, b.Ints[i] != 0), true
	case classDate:
		return o.date(dates.FromMillis(b.Ints[i])), true
	case classNanos:
		at := dates.FromNanos(b.Ints[i])
		if o.millis {
			at = dates.FromMillis(at.Millis())
		}
		return o.date(at), true
	case classUnsigned:
		return []byte(formatUnsigned(b.Ints[i])), true
	case classInt:
		return strconv.AppendInt(nil, b.Ints[i], 10), true
	case classFloat:
		return o.float(b.Floats[i]), true
	case classIP:
		return jsonval.AppendString(nil, formatIP(b.Bytes(i))), true
	case classGeo:
		lat, lon := segment.GeoPoint(b.Bytes(i))
		out = append(out, `{"coordinates":[`...)
		out = strconv.AppendFloat(out, lon, 'f', -1, 64)
		out = strconv.AppendFloat(append(out, ','), lat, 'f', -1, 64)
		return append(out, `],"type":"Point"}`...), true
	}
	text, ok := o.field.view.see(c.text(b, i))
	return jsonval.AppendString(nil, string(text)), ok
}

// asFloat is a number of a block.
func (o *fetchedField) asFloat(b *column.Block, i int) float64 {
	switch {
	case b.Kind == column.Float64:
		return b.Floats[i]
	case o.field.class == classUnsigned:
		return unsignedFloat(b.Ints[i])
	}
	return float64(b.Ints[i])
}

func (o *fetchedField) date(at dates.Instant) []byte {
	return jsonval.AppendString(nil, string(o.format.Append(nil, at, utc)))
}

func (o *fetchedField) float(v float64) []byte {
	bits := 64
	if o.field.typed == mapping.Float || o.field.typed == mapping.HalfFloat {
		bits = 32
	}
	if name := jsonval.NonFinite(v); name != "" { // of a script
		return jsonval.AppendString(nil, name)
	}
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.AppendFloat(nil, v, 'f', 1, bits)
	}
	return strconv.AppendFloat(nil, v, 'g', -1, bits)
}
