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
	"dense_vector":  "`element_type` `bit` and `bfloat16`; `index_options` are kept and choose nothing: every vector is compared, so that the nearest found are exactly the nearest; arrays are not mapped to it by themselves; not in `copy_to`",
	"version":       "sorts and ranges are in the order of versions; keys of aggregations in that of their letters",
}
