package ingest

import (
	"math"
	"time"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
)

// timeField is the field whose bounds blocks carry.
const timeField = "@timestamp"

// Plan is one version of a mapping made ready for ingest. It is immutable and shared by builders.
type Plan struct {
	mapping *mapping.Mapping
	root    *node
	nodes   []*node
	columns int
	spaces  []space         // nested paths, outer before inner
	runtime map[string]bool // paths of runtime fields, which are only in the source
	time    *field          // the one field that every document must have a value of, in data streams
}

// node is an object or a field at its place in documents.
type node struct {
	id int // position in Plan.nodes
	// key is how the node's key mostly stands in documents, with quotes and colon; nil where it needs escapes or has none.
	key      []byte
	path     string
	children map[string]*node
	dynamic  mapping.Dynamic
	enabled  bool
	alias    bool
	field    *field // nil for objects
	// space is the row space that the fields of an object stand in, or a field stands in; nested says
	// that each object here is a row of it.
	space  spaceID
	nested bool
	// single is the only field of a nested object that has just one: a plain value in the object's
	// place is taken as that field's.
	single *field
}

// field is a leaf of the mapping.
type field struct {
	name      string // path
	column    int
	space     spaceID // whose rows its values belong to
	inner     int     // its column in that space, when that is not the root
	includes  []place // where else its values go
	literal   bool    // written forms are kept as they are
	kind      column.Kind
	typeName  string
	typeTitle string // as Elasticsearch's messages have it: "Long" for "long"
	parse     func(*field, *walker, *token, *leaf) *eserr.Error
	whole     wholeReader // nil: values are scalars

	coerce, ignoreMalformed bool
	nullValue               *token
	copyTo                  []*field // fields that get the same values: multi-fields with a column of their own, copy_to
	multi                   []*field // the first of these alone
	copyUnmapped            bool     // copy_to names a field that the mapping may grow by
	minInt, maxInt          int64
	precision               precision
	scalingFactor           float64
	format                  *dates.Format
	nanos                   bool
	rangeOf                 mapping.Type   // of ranges: their type
	vector                  *mapping.Field // of dense_vector
	analyzer                string         // of token_count
	count                   CountTokens    // of token_count
	depthLimit, ignoreAbove int            // of flattened objects
	lengths                 []lengthLimit
	constant                string // the value of a constant_keyword, "" while it is not known
}

// lengthLimit is ignore_above of a field that reads a column of texts: longer ones are kept, but hidden from that field.
type lengthLimit struct {
	name  string // of the field that has it
	chars int    // UTF-16 units
}

// limitLength notes ignore_above of a field that reads f's column.
func (f *field) limitLength(mf *mapping.Field) {
	if f.kind == column.Bytes && (mf.Type == mapping.Keyword || mf.Type == mapping.Wildcard) && mf.IgnoreAbove != mapping.NoIgnoreAbove {
		f.lengths = append(f.lengths, lengthLimit{mf.Path, mf.IgnoreAbove})
	}
}

// precision is how exactly a floating-point type holds its values.
type precision uint8

const (
	precision64 precision = iota
	precision32
	precision16
	precisionScaled
)

// NewPlan prepares a mapping. It fails for field types that the engine does not execute.
func NewPlan(m *mapping.Mapping) (*Plan, error) { return NewPlanWith(m, nil, Defaults{}) }

// Defaults are what an index's settings say for fields whose mapping says nothing. The zero value is the usual.
type Defaults struct{ NoCoerce, IgnoreMalformed bool }

// NewPlanWith is NewPlan for an index with analyzers, which fields of type token_count need, and with defaults.
func NewPlanWith(m *mapping.Mapping, count CountTokens, defaults Defaults) (*Plan, error) {
	p := &Plan{mapping: m, columns: len(m.Fields())}
	fields := map[string]*field{}
	root, err := p.object(m.Root(), mapping.DynamicTrue, fields, rootSpace)
	if err != nil {
		return nil, err
	}
	p.root = root
	for path, f := range fields {
		if mf := m.At(path); mf != nil {
			f.coerce = f.coerce && !(defaults.NoCoerce && mf.LeavesOpen("coerce"))
			f.ignoreMalformed = f.ignoreMalformed || defaults.IgnoreMalformed && mf.LeavesOpen("ignore_malformed")
		}
	}
	for _, f := range m.Runtime() {
		if p.runtime == nil {
			p.runtime = map[string]bool{}
		}
		p.runtime[f.Path] = true
	}
	root.enabled = true
	if m.TimestampRequired() {
		p.time = fields[timeField]
	}
	if err := p.linkCopies(fields); err != nil {
		return nil, err
	}
	for _, f := range fields {
		if f.count = count; f.analyzer != "" && count == nil {
			return nil, eserr.MapperParsing("field [%s] of type [token_count] needs analyzers", f.name)
		}
	}
	return p, nil
}

// TimeNanos says that @timestamp holds nanoseconds (date_nanos) rather than milliseconds.
func (p *Plan) TimeNanos() bool {
	f := p.mapping.Lookup(timeField)
	return f != nil && f.Type == mapping.DateNanos
}

// Mapping returns the mapping that the plan was made of.
func (p *Plan) Mapping() *mapping.Mapping { return p.mapping }

func (p *Plan) add(n *node) *node {
	n.id = len(p.nodes)
	p.nodes = append(p.nodes, n)
	return n
}

func (p *Plan) object(mf *mapping.Field, inherited mapping.Dynamic, fields map[string]*field, in spaceID) (*node, error) {
	if mf.Type == mapping.Nested {
		in = p.addSpace(mf, in)
	}
	n := p.add(&node{path: mf.Path, space: in, nested: mf.Type == mapping.Nested, enabled: !mf.Disabled, dynamic: inherited, children: make(map[string]*node, len(mf.Children))})
	if mf.Dynamic != mapping.DynamicInherit {
		n.dynamic = mf.Dynamic
	}
	for _, child := range mf.Children {
		var c *node
		var err error
		switch {
		case child.Type.IsObject():
			c, err = p.object(child, n.dynamic, fields, in)
		case child.Type == mapping.Alias:
			c = p.add(&node{path: child.Path, alias: true}) // a document cannot write to it
		default:
			c, err = p.leaf(child, fields, in)
		}
		if err != nil {
			return nil, err
		}
		n.children[child.Name] = c
		c.key = plainKey(child.Name)
		if n.nested && len(mf.Children) == 1 && c.field != nil && c.field.whole == nil {
			n.single = c.field
		}
	}
	return n, nil
}

func (p *Plan) leaf(mf *mapping.Field, fields map[string]*field, in spaceID) (*node, error) {
	f, err := newField(mf)
	if err != nil {
		return nil, err
	}
	if in != rootSpace {
		p.place(f, in)
	}
	fields[mf.Path] = f
	return p.add(&node{path: mf.Path, enabled: true, field: f, space: in}), nil
}

func newField(mf *mapping.Field) (*field, error) {
	f := &field{name: mf.Path, column: mf.Ord, typeName: mf.Type.String(), coerce: mf.Coerce, ignoreMalformed: mf.IgnoreMalformed}
	if err := f.setType(mf); err != nil {
		return nil, err
	}
	if mf.NullValue != nil {
		f.nullValue = tokenOf(mf)
	}
	f.limitLength(mf)
	return f, nil
}

// tokenOf makes a token of a field's null_value.
func tokenOf(mf *mapping.Field) *token {
	s := mf.NullValue
	raw := s.Append(nil)
	t := &token{kind: tokenString, raw: raw, text: []byte(s.Text)}
	switch raw[0] {
	case '"':
	case 't', 'f':
		t.kind = tokenBool
	default:
		t.kind = tokenNumber
		_, err := s.Int64()
		t.integral = err
	}
	return t
}

// integerTypes are the whole-number types with their bounds and their titles in messages.
var integerTypes = map[mapping.Type]struct {
	min, max int64
	title    string
}{
	mapping.Long:    {math.MinInt64, math.MaxInt64, "Long"},
	mapping.Integer: {math.MinInt32, math.MaxInt32, "Integer"},
	mapping.Short:   {math.MinInt16, math.MaxInt16, "Short"},
	mapping.Byte:    {math.MinInt8, math.MaxInt8, "Byte"},
}

var floatTypes = map[mapping.Type]struct {
	precision precision
	title     string
}{
	mapping.Double:      {precision64, "Double"},
	mapping.Float:       {precision32, "Float"},
	mapping.HalfFloat:   {precision16, "Float"},
	mapping.ScaledFloat: {precisionScaled, "Double"},
}

func (f *field) setType(mf *mapping.Field) error {
	if t, ok := integerTypes[mf.Type]; ok {
		f.kind, f.parse, f.minInt, f.maxInt, f.typeTitle = column.Int64, parseInt, t.min, t.max, t.title
		return nil
	}
	if t, ok := floatTypes[mf.Type]; ok {
		f.kind, f.parse, f.precision, f.typeTitle, f.scalingFactor = column.Float64, parseFloat, t.precision, t.title, mf.ScalingFactor
		return nil
	}
	switch mf.Type {
	case mapping.Keyword, mapping.Text, mapping.MatchOnlyText, mapping.Wildcard, mapping.ConstantKeyword, mapping.Version:
		f.kind, f.parse, f.constant = column.Bytes, parseText, mf.Value
		if mf.Type == mapping.ConstantKeyword {
			f.parse = parseConstant
		}
	case mapping.Binary:
		f.kind, f.parse = column.Bytes, parseBinary
	case mapping.Boolean:
		f.kind, f.parse = column.Int64, parseBool
	case mapping.Date, mapping.DateNanos:
		f.kind, f.parse, f.format, f.nanos = column.Int64, parseDate, mf.Format, mf.Type == mapping.DateNanos
	case mapping.IP:
		f.kind, f.parse = column.Fixed16, parseIP
	case mapping.GeoPoint:
		f.kind, f.parse, f.whole = column.Fixed16, parseWhole, readPoints
	case mapping.UnsignedLong:
		f.kind, f.parse, f.typeTitle = column.Int64, parseUnsigned, "Long"
	case mapping.TokenCount:
		f.kind, f.parse, f.analyzer = column.Int64, parseCount, mf.Analyzer
	case mapping.IntegerRange, mapping.LongRange, mapping.FloatRange, mapping.DoubleRange, mapping.DateRange, mapping.IPRange:
		f.kind, f.parse, f.whole, f.rangeOf, f.format = column.Bytes, parseWhole, readRange, mf.Type, mf.Format
	case mapping.DenseVector:
		f.kind, f.parse, f.whole, f.vector = column.Bytes, parseWhole, readVector, mf
	case mapping.Flattened:
		f.kind, f.parse, f.whole, f.depthLimit, f.ignoreAbove = column.Bytes, parseWhole, readFlattened, mf.DepthLimit, mf.IgnoreAbove
	default:
		return eserr.MapperParsing("field [%s] of type [%s]: this store keeps no fields of this type yet", mf.Path, mf.Type)
	}
	return nil
}

// parseTime reads a date by the field's formats: milliseconds, or nanoseconds for date_nanos.
func (f *field) parseTime(t *token) (int64, *eserr.Error) {
	at, ok := f.format.ParseBytes(t.text)
	if !ok {
		_, err := f.format.Parse(string(t.text), time.UTC)
		return 0, eserr.From(err)
	}
	if !f.nanos {
		return at.Millis(), nil
	}
	ns, ok := at.Nanos()
	if !ok {
		return 0, eserr.IllegalArgument("date[%s] is outside the range that date_nanos holds (1970 to 2262)", t.text)
	}
	return ns, nil
}

// plainKey is a key as it stands in a document without escapes and spaces; nil for one that needs escapes.
func plainKey(name string) []byte {
	for i := range len(name) {
		if c := name[i]; c < ' ' || c == '"' || c == '\\' {
			return nil
		}
	}
	return []byte(`"` + name + `":`)
}

// label names an object in messages.
func (n *node) label() string {
	if n.path == "" {
		return "_doc"
	}
	return n.path
}

func (n *node) childPath(key string) string {
	if n.path == "" {
		return key
	}
	return n.path + "." + key
}

// leafName is the last part of the path.
func (n *node) leafName() string {
	for i := len(n.path) - 1; i >= 0; i-- {
		if n.path[i] == '.' {
			return n.path[i+1:]
		}
	}
	return n.path
}

// dynamicFor is the rule for an unknown key directly below n; a dotted key follows the objects it
// names as far as they exist.
func (n *node) dynamicFor(key string) mapping.Dynamic {
	for i := 0; i < len(key); i++ {
		if key[i] != '.' {
			continue
		}
		if child := n.children[key[:i]]; child != nil && child.field == nil {
			return child.dynamicFor(key[i+1:])
		}
	}
	return n.dynamic
}
