package codec

// Foreign are the codecs of Logstash's that are not here, and what to use instead: those of its default set, its built-in ones,
// and others that configurations have.
var Foreign = map[string]string{
	"avro":             "let the producer write JSON, or a converter stand between (ksqlDB, Kafka Connect)",
	"cloudfront":       "use gzip_lines, and dissect or grok on the lines",
	"cloudtrail":       "use json and split on the field Records",
	"collectd":         "let collectd's write_http send JSON to the http input",
	"compress_spooler": "use json_lines; the http output compresses",
	"edn":              "let the source write JSON",
	"edn_lines":        "let the source write lines of JSON",
	"fluent":           "let Fluentd or Fluent Bit send JSON over http, or use their Elasticsearch output",
	"graphite":         "use line, and a dissect filter on \"%{name} %{value} %{time}\"",
	"json_pretty":      "use rubydebug to read, json_lines to process",
	"json_spooler":     "use json_lines",
	"msgpack":          "let the source write JSON",
	"netflow":          "let a collector (goflow2, nfcapd) write JSON",
	"nmap":             "let nmap write greppable output and use grok",
	"oldlogstashjson":  "use json",
	"protobuf":         "let the producer write JSON",
	"s3plain":          "use plain",
	"sflow":            "let a collector write JSON",
	"spool":            "use json_lines",
}
