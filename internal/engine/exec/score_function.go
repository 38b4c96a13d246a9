package exec

import (
	"hash/fnv"
	"math"
	"math/bits"
	"strconv"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
)

// valueFactor is a field's value, changed.
type valueFactor struct {
	field *field
	spec  *query.FieldValueFactor
}

func (c *compiler) valueFactor(spec *query.FieldValueFactor) (scoreFunction, error) {
	f := c.fields.lookup(spec.Field)
	if f == nil && spec.Missing == nil {
		return nil, eserr.IllegalArgument("Unable to find a field mapper for field [%s]. No 'missing' value defined.", spec.Field)
	}
	if f != nil {
		if err := f.numeric("field_value_factor"); err != nil {
			return nil, err
		}
	}
	return &valueFactor{f, spec}, nil
}

// numeric refuses a field without numbers.
func (f *field) numeric(what string) error {
	switch f.class {
	case classInt, classFloat, classBool, classDate, classNanos, classUnsigned:
		if f.docValues {
			return nil
		}
	}
	return eserr.IllegalArgument("[%s] needs a field of numbers with doc values; [%s] is of type [%s]", what, f.name, f.typ)
}

func (v *valueFactor) bind(l *leaf) (boundFunction, error) {
	return &boundFactor{v, newRowNumbers(l, v.field)}, nil
}

type boundFactor struct {
	node *valueFactor
	rows *rowNumbers
}

func (b *boundFactor) values(block int, rows column.Bitmap, _, out []float64) error {
	if err := b.rows.load(block, rows); err != nil {
		return err
	}
	spec := b.node.spec
	for r := rows.Next(0); r >= 0; r = rows.Next(r + 1) {
		value := 0.0
		switch list := b.rows.at(r); {
		case len(list) > 0:
			value = pickFloat(list, modeMin)
		case spec.Missing != nil:
			value = *spec.Missing
		default:
			return eserr.IllegalArgument("Missing value for field [%s]", spec.Field)
		}
		result := modify(spec.Modifier, value*spec.Factor)
		if result < 0 {
			hint := ""
			switch spec.Modifier {
			case "ln":
				hint = "; consider using ln1p or ln2p instead of ln to avoid negative scores"
			case "log":
				hint = "; consider using log1p or log2p instead of log to avoid negative scores"
			}
			return eserr.IllegalArgument("field value function must not produce negative scores, but got: [%s] for field value: [%s]%s",
				floatScalar(result, 64).Text, floatScalar(value, 64).Text, hint)
		}
		out[r] = result
	}
	return nil
}

func modify(modifier string, v float64) float64 {
	switch modifier {
	case "log":
		return math.Log10(v)
	case "log1p":
		return math.Log10(v + 1)
	case "log2p":
		return math.Log10(v + 2)
	case "ln":
		return math.Log(v)
	case "ln1p":
		return math.Log1p(v)
	case "ln2p":
		return math.Log1p(v + 1)
	case "square":
		return v * v
	case "sqrt":
		return math.Sqrt(v)
	case "reciprocal":
		return 1 / v
	}
	return v
}

// randomScore is a number that a seed and a field's value make; without a field the place of the row.
type randomScore struct {
	field *field
	seed  uint32
}

func (c *compiler) randomScore(spec *query.RandomScore) (scoreFunction, error) {
	r := &randomScore{seed: uint32(c.plan.req.Now.UnixNano())}
	name := spec.Field
	if !spec.Seed.IsNull() {
		h := fnv.New32a()
		h.Write([]byte(spec.Seed.Text))
		r.seed = h.Sum32()
		if name == "" {
			name = segment.SeqNoField
		}
	}
	h := fnv.New32a()
	h.Write([]byte(c.fields.index.Name))
	r.seed ^= bits.RotateLeft32(h.Sum32(), 10)
	if name != "" && name != idField {
		r.field = c.fields.lookup(name)
		if r.field == nil {
			return nil, eserr.IllegalArgument("field [%s] is not mapped and cannot be used as source of random scores.", name)
		}
		if err := r.field.aggregatable(c.fields.index.Name); err != nil {
			return nil, err
		}
	}
	if name == idField {
		r.field = &field{name: idField}
	}
	return r, nil
}

func (s *randomScore) bind(l *leaf) (boundFunction, error) {
	b := &boundRandom{node: s, leaf: l}
	if s.field != nil && s.field.name != idField {
		b.col = l.column(s.field.view.column)
	}
	return b, nil
}

type boundRandom struct {
	node *randomScore
	leaf *leaf
	col  *leafColumn
}

func (b *boundRandom) values(block int, rows column.Bitmap, _, out []float64) error {
	var data *column.Block
	if b.col != nil {
		var err error
		if data, err = b.col.block(block); err != nil {
			return err
		}
	}
	var scratch []byte
	first := b.leaf.blocks[block].FirstRow
	for r := rows.Next(0); r >= 0; r = rows.Next(r + 1) {
		scratch = scratch[:0]
		switch {
		case b.node.field == nil || b.node.field.name == idField:
			scratch = strconv.AppendInt(scratch, int64(first+r), 10)
		case data != nil:
			if lo, hi := data.Range(r); lo < hi {
				scratch = b.bytes(scratch, data, lo)
			}
		}
		const low = 1<<24 - 1
		out[r] = float64(mix32(b.node.seed, scratch)&low) / (1 << 24)
	}
	return nil
}

func (b *boundRandom) bytes(dst []byte, data *column.Block, i int) []byte {
	switch data.Kind {
	case column.Int64:
		return strconv.AppendInt(dst, data.Ints[i], 10)
	case column.Float64:
		return strconv.AppendFloat(dst, data.Floats[i], 'g', -1, 64)
	}
	return append(dst, b.col.text(data, i)...)
}

// mix32 is murmur3 for 32 bits.
func mix32(seed uint32, data []byte) uint32 {
	const c1, c2 = 0xcc9e2d51, 0x1b873593
	h, n := seed, len(data)
	for ; len(data) >= 4; data = data[4:] {
		k := uint32(data[0]) | uint32(data[1])<<8 | uint32(data[2])<<16 | uint32(data[3])<<24
		h ^= bits.RotateLeft32(k*c1, 15) * c2
		h = bits.RotateLeft32(h, 13)*5 + 0xe6546b64
	}
	var k uint32
	for i := len(data) - 1; i >= 0; i-- {
		k = k<<8 | uint32(data[i])
	}
	h ^= bits.RotateLeft32(k*c1, 15) * c2
	h ^= uint32(n)
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	return h ^ h>>16
}

// decayFunction falls off with the distance from an origin.
type decayFunction struct {
	distance *distanceFrom
	shape    string
	mode     string
	scale    float64
	left     float64
}

func (c *compiler) decay(spec *query.Decay) (scoreFunction, error) {
	f := c.fields.lookup(spec.Field)
	if f == nil {
		return nil, eserr.ParsingException(0, 0, "unknown field [%s]", spec.Field)
	}
	if f.class != classGeo {
		if err := f.numeric(spec.Shape); err != nil {
			return nil, eserr.ParsingException(0, 0, "field [%s] is of type [%s], but only numeric types are supported.", f.name, f.typ)
		}
	}
	d := &decayFunction{distance: &distanceFrom{field: f}, shape: spec.Shape, mode: spec.Mode, left: spec.Decay}
	if err := c.readOrigin(d.distance, spec.Origin, false); err != nil {
		return nil, err
	}
	var err error
	if d.distance.offset, err = f.span(spec.Offset); err != nil {
		return nil, err
	}
	if d.scale, err = f.span(spec.Scale); err != nil {
		return nil, err
	}
	switch {
	case d.scale <= 0:
		return nil, eserr.IllegalArgument("%s : scale must be > 0.0.", spec.Shape)
	case d.distance.offset < 0:
		return nil, eserr.IllegalArgument("%s : offset must be > 0.0", spec.Shape)
	}
	return d, nil
}

func (d *decayFunction) bind(l *leaf) (boundFunction, error) {
	return &boundDecay{d, d.distance.bind(l)}, nil
}

type boundDecay struct {
	node     *decayFunction
	distance *distances
}

func (b *boundDecay) values(block int, rows column.Bitmap, _, out []float64) error {
	if err := b.distance.load(block, rows); err != nil {
		return err
	}
	for r := rows.Next(0); r >= 0; r = rows.Next(r + 1) {
		out[r] = 1
		if d, ok := b.distance.at(r, b.node.mode); ok {
			out[r] = b.node.at(d)
		}
	}
	return nil
}

// at is what is left at a distance.
func (d *decayFunction) at(distance float64) float64 {
	switch part := distance / d.scale; d.shape {
	case "gauss":
		return math.Exp(math.Log(d.left) * part * part)
	case "exp":
		return math.Exp(math.Log(d.left) * part)
	}
	reach := d.scale / (1 - d.left)
	return max(0, (reach-distance)/reach)
}
