package filter

// Foreign are the filters of Logstash's that are not here, and what to use instead: those of its default set, its built-in ones,
// and others that configurations have.
var Foreign = map[string]string{
	"alter":                  "use mutate with replace in a condition",
	"anonymize":              "use fingerprint, which hashes with the same methods and a key, or masks addresses",
	"bytes":                  "a ruby filter can turn a size such as 5 KB into a number",
	"cipher":                 "to make values unreadable use fingerprint with a key; encrypting is not supported",
	"elastic_integration":    "ingest pipelines run in the store itself: name one with pipeline in the elasticsearch output",
	"elasticsearch":          "for known values use translate with a dictionary file",
	"emoji":                  "use translate",
	"environment":            "write ${VARIABLE} in the configuration, as in mutate's add_field",
	"extractnumbers":         "use grok or a ruby filter with scan",
	"http":                   "fetch what is looked up into a file and use translate with dictionary_path",
	"i18n":                   "a ruby filter can replace characters with gsub or tr",
	"jdbc_static":            "export the tables to files and use translate with dictionary_path",
	"jdbc_streaming":         "export what is looked up to a file and use translate with dictionary_path",
	"math":                   "a ruby filter can calculate with event.get and event.set",
	"memcached":              "use translate with a dictionary file",
	"multiline":              "use the multiline codec in the input, as in Logstash since version 5",
	"punct":                  "use fingerprint with method PUNCTUATION",
	"range":                  "use conditions, or a ruby filter with case and when",
	"sleep":                  "slow the source down instead; the throttle filter tags events that are too many",
	"tld":                    "use grok, or an ingest pipeline with the registered_domain processor",
	"wurfl_device_detection": "use useragent",
	"xml":                    "use grok for single values; XML is not parsed",
}
