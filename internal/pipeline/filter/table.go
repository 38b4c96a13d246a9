package filter

import (
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

// Table is every filter there is, in alphabetical order.
var Table = plugin.NewTable("filter", pipeline.CommonFilterOptions,
	&aggregate,
	&cardinality,
	&cidr,
	&clone,
	&csv,
	&date,
	&deDot,
	&dissect,
	&dns,
	&drop,
	&elapsed,
	&fingerprint,
	&genAI,
	&geoIP,
	&grok,
	&javaUUID,
	&jsonFilter,
	&jsonEncode,
	&kv,
	&metrics,
	&mutate,
	&normalizePath,
	&prune,
	&redactFilter,
	&rubyFilter,
	&sampleFilter,
	&schemaFilter,
	&split,
	&summarize,
	&syslogPri,
	&throttle,
	&translate,
	&truncate,
	&urlDecode,
	&userAgent,
	&uuid,
).Without(Foreign)
