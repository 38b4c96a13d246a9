package exec

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
)

// fieldClass is what execution does with a field's values; several types share one.
type fieldClass uint8

const (
	classOther fieldClass = iota // can be fetched, not searched or aggregated
	classText
	classKeyword
	classInt
	classFloat
	classBool
	classDate
	classNanos
	classIP
	classGeo
	classUnsigned // whole numbers whose column holds the bits of an uint64
	classVector   // see segment.AppendVector
	classRange    // both ends, as segment.RangeEnd has them
)

// field is a mapped field as execution sees it.
type field struct {
	name               string // as asked for
	class              fieldClass
	view               stringView // the column to read; ignoreAbove is for keywords
	typ                string     // name of the type in a mapping
	typed              mapping.Type
	format             *dates.Format
	scalingFactor      float64
	constant           string // what a constant_keyword holds
	analyzer           string // for text: what queries are analyzed with
	indexAnalyzer      string // for text: what documents were analyzed with
	indexed, docValues bool
	spec               *mapping.Field // nil for fields that are the engine's own
	holder             mapping.Type   // of a multi-field that shares its parent's values: the type of the parent
}

// Metadata fields that queries and sorts may name.
const (
	scoreField    = "_score"
	docField      = "_doc"
	shardDocField = "_shard_doc"
	idField       = "_id"
	indexField    = "_index"
	sourceField   = "_source"
)

// metaFields are the engine's own columns that can be searched like mapped fields.
var metaFields = map[string]fieldClass{
	segment.SeqNoField:   classInt,
	segment.VersionField: classInt,
	segment.RoutingField: classKeyword,
	segment.IgnoredField: classKeyword,
}

// fields resolves names against one index's mapping while a request is compiled.
type fields struct {
	index    *Index
	warnings []string
}

// classOf groups the types of mappings.
func classOf(t mapping.Type) fieldClass {
	switch {
	case t.IsText():
		return classText
	case t.IsKeyword():
		return classKeyword
	case t == mapping.UnsignedLong:
		return classUnsigned
	case t.IsRange():
		return classRange
	case t.IsInteger() || t == mapping.TokenCount:
		return classInt
	case t.IsFloat():
		return classFloat
	}
	switch t {
	case mapping.Boolean:
		return classBool
	case mapping.Date:
		return classDate
	case mapping.DateNanos:
		return classNanos
	case mapping.IP:
		return classIP
	case mapping.GeoPoint:
		return classGeo
	case mapping.DenseVector:
		return classVector
	}
	return classOther
}

// lookup finds a leaf field, or nil when the index has none of that name.
func (f *fields) lookup(path string) *field {
	if class, ok := metaFields[path]; ok {
		return &field{name: path, class: class, view: stringView{column: path}, typ: path, indexed: true, docValues: true}
	}
	if one := f.runtimeField(path); one != nil {
		return one
	}
	if f.index.Mapping == nil {
		return nil
	}
	var spec *mapping.Field
	if f.index.Strict {
		spec = f.index.Mapping.Lookup(path)
	} else {
		var substituted bool
		if spec, substituted = f.index.Mapping.ResolveField(path); substituted {
			f.warn("field [%s] does not exist; [%s] is a keyword and was used instead", path, spec.Path)
		}
	}
	if spec == nil {
		return f.flattenedKey(path)
	}
	if !spec.IsLeaf() {
		return nil
	}
	return f.field(path, spec)
}

// flattenedKey finds a key of a flattened object, which is a keyword of its own.
func (f *fields) flattenedKey(path string) *field {
	spec, key := f.index.Mapping.FlattenedAt(path)
	if spec == nil {
		return nil
	}
	out := f.field(path, spec)
	out.view.root, out.view.prefix = false, key+string(rune(segment.FlattenedSeparator))
	return out
}

// named finds the leaf fields that a name or a pattern of a request for values stands for.
func (f *fields) named(pattern string) []*field {
	if !hasWildcard(pattern) {
		if one := f.lookup(pattern); one != nil && !isMeta(one) {
			return []*field{one}
		}
		return nil
	}
	var list []*field
	for _, name := range f.runtimeNames(pattern) {
		list = append(list, f.runtimeField(name))
	}
	for _, spec := range f.index.Mapping.Matching(pattern) {
		if f.index.runtime[spec.Path] != nil {
			continue
		}
		if one := f.field(spec.Path, spec); one.class != classOther {
			list = append(list, one)
		}
	}
	return list
}

// isMeta says whether a field is one of the engine's own.
func isMeta(f *field) bool {
	_, meta := metaFields[f.name]
	return meta
}

// field describes a mapped leaf under the name it was asked for.
func (f *fields) field(name string, spec *mapping.Field) *field {
	out := &field{
		name: name, class: classOf(spec.Type), view: stringView{column: spec.Path}, typ: spec.Type.String(), typed: spec.Type,
		format: spec.Format, scalingFactor: spec.ScalingFactor, constant: spec.Value,
		analyzer: spec.SearchAnalyzer, indexAnalyzer: spec.Analyzer,
		indexed: spec.Index, docValues: spec.DocValues, spec: spec,
	}
	if spec.MultiOf != "" {
		out.view.column = f.index.Mapping.Column(spec)
		if parent := f.index.Mapping.At(spec.MultiOf); parent != nil && out.view.column == parent.Path {
			out.holder = parent.Type
		}
	}
	if out.analyzer == "" {
		out.analyzer = spec.Analyzer
	}
	if out.analyzer == "" {
		out.analyzer = "default_search"
	}
	out.view.root = spec.Type == mapping.Flattened
	out.view.normalizer = f.normalizer(spec)
	if out.class == classKeyword && !out.view.root && spec.IgnoreAbove != mapping.NoIgnoreAbove {
		out.view.ignoreAbove = spec.IgnoreAbove
	}
	return out
}

// normalizer finds what brings a keyword's values into the form that is compared; nil for none.
func (f *fields) normalizer(spec *mapping.Field) func([]byte) []byte {
	if spec.Normalizer == "" || f.index.Analyzers == nil {
		return nil
	}
	return f.index.Analyzers.Normalizer(spec.Normalizer)
}

func (f *fields) warn(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(f.warnings, text) {
		f.warnings = append(f.warnings, text)
	}
}

// searchable refuses fields that cannot be searched.
func (f *field) searchable() error {
	switch {
	case !f.indexed && f.class == classText:
		return eserr.IllegalArgument("Cannot search on field [%s] since it is not indexed.", f.name)
	case !f.indexed && !f.docValues:
		return eserr.IllegalArgument("Cannot search on field [%s] since it is not indexed nor has doc values.", f.name)
	case f.class == classVector:
		return eserr.IllegalArgument("Field [%s] of type [%s] is searched by [knn] queries and functions of scripts, and by no other", f.name, f.typ)
	case f.class == classOther:
		return eserr.IllegalArgument("field [%s] of type [%s] cannot be searched", f.name, f.typ)
	}
	return nil
}

// aggregatable refuses fields that have no values per document to sort or aggregate by.
func (f *field) aggregatable(index string) error {
	switch {
	case f.class == classText:
		return eserr.IllegalArgument("Fielddata is disabled on [%s] in [%s]. Text fields are not optimised for operations that require "+
			"per-document field data like aggregations and sorting, so these operations are disabled by default. "+
			"Please use a keyword field instead. Alternatively, set fielddata=true on [%s] in order to load field data by "+
			"uninverting the inverted index. Note that this can use significant memory.", f.name, index, f.name)
	case f.class == classRange || f.class == classVector:
		return eserr.IllegalArgument("Field [%s] of type [%s] is not supported for sorting and aggregations", f.name, f.typ)
	case !f.docValues || f.class == classOther:
		return eserr.IllegalArgument("Can't load fielddata on [%s] because fielddata is unsupported on fields of type [%s]. Use doc values instead.", f.name, f.typ)
	}
	return nil
}

// isConstant says that all documents have the same value, which no column holds: a constant_keyword whose value is known.
func (f *field) isConstant() bool {
	return f != nil && f.typed == mapping.ConstantKeyword && f.constant != ""
}

// isDate says whether values are points in time.
func (f *field) isDate() bool { return f.class == classDate || f.class == classNanos }

func (f *field) dateFormat() *dates.Format {
	if f.format != nil {
		return f.format
	}
	return dates.Default
}

// formatIP prints a 16-byte address.
func formatIP(v []byte) string { return netip.AddrFrom16([16]byte(v)).Unmap().String() }

// utc is where times are printed unless a request names a zone.
var utc = time.UTC
