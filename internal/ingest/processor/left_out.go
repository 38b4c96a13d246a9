package processor

// LeftOut says what of a processor of Elasticsearch's is left out: name → one sentence. A processor without an entry is whole.
// docs/compatibility.md prints it.
var LeftOut = map[string]string{
	"date":              "locale reads month and day names in English, German, Spanish, French, Italian, Dutch and Portuguese; a locale that is a template is refused.",
	"date_index_name":   "locale is English, German, Spanish, French, Italian, Dutch or Portuguese.",
	"geoip":             "databases are files in the folder ingest-geoip of the data folder; none is downloaded.",
	"ip_location":       "as geoip: databases are files in the folder ingest-geoip of the data folder.",
	"grok":              "patterns are this program's own set, without those for network devices, Nagios, Bacula, Bro, Exim, Rails and Maven.",
	"gsub":              "expressions have Ruby's meaning rather than Java's; they differ in rare constructs.",
	"kv":                "expressions have Ruby's meaning rather than Java's; they differ in rare constructs.",
	"registered_domain": "the list of public suffixes is the one that was built in.",
	"script":            "the language is a subset of Painless, without the class Processors.",
	"split":             "expressions have Ruby's meaning rather than Java's; they differ in rare constructs.",
	"user_agent":        "headers are read by rules of the program's own; regex_file is refused.",
}
