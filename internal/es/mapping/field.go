package mapping

import (
	"math"
	"strconv"

	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/painless"
)

// Field is one field of a mapping. It is read-only.
type Field struct {
	// Name is the last part of the path; Path the whole, with dots.
	Name, Path string
	Type       Type
	// Ord numbers the leaves of a mapping from 0 without gaps; it is -1 for
	// objects and aliases.
	Ord int

	// Index and DocValues say whether a field can be searched and whether it
	// can be sorted and aggregated; Store keeps it apart from _source.
	Index, DocValues, Store bool
	// Norms keeps text's lengths for scoring.
	Norms bool
	// Coerce takes "5" and 5.0 for the number 5; IgnoreMalformed keeps the
	// document when a value does not fit, leaving the value out.
	Coerce, IgnoreMalformed bool
	// IgnoreAbove is the length in characters beyond which a keyword is not
	// indexed; math.MaxInt when there is no limit.
	IgnoreAbove int
	// NullValue stands for an explicit null; nil for none.
	NullValue *jsonval.Scalar
	// Value is what a constant_keyword always holds; empty until it is known.
	Value string
	// Format reads and prints dates; nil for other types.
	Format *dates.Format
	// Analyzer and SearchAnalyzer are empty for the index's default.
	// Normalizer is a keyword's.
	Analyzer, SearchAnalyzer, Normalizer string
	// ScalingFactor is what a scaled_float is multiplied by.
	ScalingFactor float64
	// DepthLimit is how deep a flattened object may go.
	DepthLimit int
	// IgnoreZ drops the third coordinate of a geo_point rather than refuse it.
	IgnoreZ bool
	// Fielddata allows to aggregate and sort text by its words.
	Fielddata bool
	// EagerOrdinals asks for fast ordinals at the cost of refresh.
	EagerOrdinals bool

	// Dims is the number of dimensions of a dense_vector; 0 until its first document says it. Similarity is how two vectors
	// are compared, empty where the field is not indexed. WholeDims says that dimensions are whole numbers from -128 to 127.
	Dims       int
	Similarity string
	WholeDims  bool

	// CopyTo lists the paths of fields that get the same values.
	CopyTo []string
	// Multi holds the multi-fields: the same value, indexed otherwise.
	Multi []*Field
	// MultiOf is the path of the field that this is a multi-field of, else empty.
	MultiOf string
	// Target is the path that an alias stands for.
	Target string
	// Runtime fields are in no column: searches read them out of _source, or ask their script.
	Runtime bool
	// Script computes a runtime field's values; nil reads them out of _source.
	Script *painless.Spec
	// Context is where the script runs; nil is that of runtime fields of the type, whose scripts emit.
	Context *painless.Context
	// ScriptOf is the field whose values the script is asked about one by one, as _value; empty for none.
	ScriptOf string

	// Dynamic says what an object does with unknown fields; Inherit takes the
	// parent's rule.
	Dynamic Dynamic
	// Disabled objects are kept in _source and not looked into.
	Disabled bool
	// NoSubobjects keeps dots in the names below as part of the name.
	NoSubobjects bool
	// IncludeInParent and IncludeInRoot also index nested fields further out.
	IncludeInParent, IncludeInRoot bool
	// saysParent and saysRoot tell that the mapping says so, or says not: one template overrules another.
	saysParent, saysRoot bool
	// Children are the fields of an object, sorted by name.
	Children []*Field

	// params are the explicit parameters, for printing: canonical JSON by name
	// in the order of paramOrder. "type", "fields" and "properties" are apart.
	params []param
}

type param struct {
	name string
	json string
}

// Dynamic says what happens to fields that a mapping does not have.
type Dynamic uint8

// The rules. A mapping's root that says nothing is DynamicTrue.
const (
	DynamicInherit Dynamic = iota
	// DynamicTrue adds the field.
	DynamicTrue
	// DynamicFalse keeps it in _source alone.
	DynamicFalse
	// DynamicStrict refuses the document.
	DynamicStrict
	// DynamicRuntime makes a runtime field.
	DynamicRuntime
)

// String returns the rule as a mapping prints it.
func (d Dynamic) String() string {
	return [...]string{"inherit", "true", "false", "strict", "runtime"}[d]
}

// NoIgnoreAbove is IgnoreAbove's value when there is no limit.
const NoIgnoreAbove = math.MaxInt

// WithValue returns a copy of a constant_keyword that always holds a value.
func (f *Field) WithValue(value string) *Field {
	out := *f
	out.Value = value
	out.params = append([]param{{"value", string(jsonval.AppendString(nil, value))}}, f.params...)
	return &out
}

// IsLeaf reports whether the field holds values itself.
func (f *Field) IsLeaf() bool { return !f.Type.IsObject() && f.Type != Alias }

// WithDims returns a copy of a dense_vector whose number of dimensions is known.
func (f *Field) WithDims(dims int) *Field {
	out := *f
	out.Dims = dims
	out.params = append([]param{{"dims", strconv.Itoa(dims)}}, f.params...)
	return &out
}

// MultiField returns the multi-field of the given name, or nil.
func (f *Field) MultiField(name string) *Field {
	for _, m := range f.Multi {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// Child returns an object's field of the given name, or nil.
func (f *Field) Child(name string) *Field {
	i, found := findChild(f.Children, name)
	if !found {
		return nil
	}
	return f.Children[i]
}

// Meta are the notes that a mapping has on a field: values by name.
func (f *Field) Meta() map[string]string {
	raw, ok := f.param("meta")
	if !ok {
		return nil
	}
	n, err := jsonval.Parse([]byte(raw))
	if err != nil {
		return nil
	}
	meta := map[string]string{}
	for i, key := range n.Keys {
		meta[key] = n.Items[i].Text
	}
	return meta
}

// param returns the explicit JSON of a parameter.
func (f *Field) param(name string) (json string, ok bool) {
	for _, p := range f.params {
		if p.name == name {
			return p.json, true
		}
	}
	return "", false
}
