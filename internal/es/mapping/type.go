package mapping

import (
	"maps"
	"slices"
)

// Type is a field's type.
type Type uint8

// The types. Object and Nested have fields inside; Alias stands for another
// field and holds nothing itself.
const (
	Object Type = iota
	Nested
	Alias
	Keyword
	ConstantKeyword
	Wildcard
	Text
	MatchOnlyText
	Long
	Integer
	Short
	Byte
	UnsignedLong
	Double
	Float
	HalfFloat
	ScaledFloat
	Boolean
	Date
	DateNanos
	IP
	GeoPoint
	Flattened
	Binary
	TokenCount
	IntegerRange
	LongRange
	FloatRange
	DoubleRange
	DateRange
	IPRange
	Version
	DenseVector
)

var typeNames = [...]string{
	Object: "object", Nested: "nested", Alias: "alias", Keyword: "keyword", ConstantKeyword: "constant_keyword",
	Wildcard: "wildcard", Text: "text", MatchOnlyText: "match_only_text", Long: "long", Integer: "integer",
	Short: "short", Byte: "byte", UnsignedLong: "unsigned_long", Double: "double", Float: "float",
	HalfFloat: "half_float", ScaledFloat: "scaled_float", Boolean: "boolean", Date: "date", DateNanos: "date_nanos",
	IP: "ip", GeoPoint: "geo_point", Flattened: "flattened", Binary: "binary", TokenCount: "token_count", IntegerRange: "integer_range", LongRange: "long_range",
	FloatRange: "float_range", DoubleRange: "double_range", DateRange: "date_range", IPRange: "ip_range", Version: "version",
	DenseVector: "dense_vector",
}

// foreignTypes are types that Elasticsearch has and this program has not.
var foreignTypes = map[string]bool{
	"aggregate_metric_double": true, "annotated_text": true, "completion": true, "counted_keyword": true, "geo_shape": true,
	"histogram": true, "icu_collation_keyword": true, "join": true, "murmur3": true, "passthrough": true, "percolator": true, "point": true,
	"rank_feature": true, "rank_features": true, "search_as_you_type": true, "semantic_text": true, "shape": true, "sparse_vector": true,
}

// String returns the type's name in a mapping.
func (t Type) String() string { return typeNames[t] }

// TypeNames returns the names of all types.
func TypeNames() []string { return slices.Clone(typeNames[:]) }

// ForeignTypes returns the types that Elasticsearch has and this program has not.
func ForeignTypes() []string { return slices.Sorted(maps.Keys(foreignTypes)) }

// ParseType returns the type of a name.
func ParseType(name string) (Type, bool) {
	t, ok := typesByName[name]
	return t, ok
}

var typesByName = func() map[string]Type {
	byName := make(map[string]Type, len(typeNames))
	for t, name := range typeNames {
		byName[name] = Type(t)
	}
	return byName
}()

// IsObject reports whether fields of the type have fields inside.
func (t Type) IsObject() bool { return t == Object || t == Nested }

// IsText reports whether values are analyzed into words.
func (t Type) IsText() bool { return t == Text || t == MatchOnlyText }

// IsKeyword reports whether values are strings taken as a whole.
func (t Type) IsKeyword() bool {
	return t == Keyword || t == ConstantKeyword || t == Wildcard || t == Flattened || t == Version
}

// IsInteger reports whether values are whole numbers.
func (t Type) IsInteger() bool { return Long <= t && t <= UnsignedLong }

// IsFloat reports whether values are numbers with a fraction.
func (t Type) IsFloat() bool { return Double <= t && t <= ScaledFloat }

// IsNumber reports whether values are numbers.
func (t Type) IsNumber() bool { return t.IsInteger() || t.IsFloat() }

// IsRange reports whether values are ranges of numbers, dates or addresses.
func (t Type) IsRange() bool { return IntegerRange <= t && t <= IPRange }

// HasFormat reports whether values are written in a date format.
func (t Type) HasFormat() bool { return t.IsDate() || t == DateRange }

// IsDate reports whether values are points in time.
func (t Type) IsDate() bool { return t == Date || t == DateNanos }
