package mapping

// LeftOut says what of a field type of Elasticsearch is left out: type → one sentence. A type without an
// entry is whole. docs/compatibility.md prints it.
var LeftOut = map[string]string{
	"integer_range": "of the keyed aggregations only `histogram` takes it",
	"long_range":    "of the keyed aggregations only `histogram` takes it",
	"float_range":   "of the keyed aggregations only `histogram` takes it",
	"double_range":  "of the keyed aggregations only `histogram` takes it",
	"date_range":    "of the keyed aggregations only `date_histogram` takes it; bounds cannot say `now`",
	"ip_range":      "not aggregated",
	"version":       "sorts and ranges are in the order of versions; keys of aggregations in that of their letters",
}
