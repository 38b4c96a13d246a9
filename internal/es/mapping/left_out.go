package mapping

// LeftOut says what of a field type of Elasticsearch is left out: type → one sentence. A type without an
// entry is whole. docs/compatibility.md prints it.
var LeftOut = map[string]string{
	"integer_range": "not aggregated",
	"long_range":    "not aggregated",
	"float_range":   "not aggregated",
	"double_range":  "not aggregated",
	"date_range":    "not aggregated; bounds cannot say `now`",
	"ip_range":      "not aggregated",
}
