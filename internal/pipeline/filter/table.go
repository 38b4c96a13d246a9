package filter

import (
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

// Table is every filter there is, in alphabetical order.
var Table = plugin.NewTable("filter", pipeline.CommonFilterOptions,
	&aggregate,
	&cidr,
	&clone,
	&csv,
	&date,
	&deDot,
	&dissect,
	&drop,
	&elapsed,
	&fingerprint,
	&geoIP,
	&grok,
	&jsonFilter,
	&kv,
	&metrics,
	&mutate,
	&prune,
	&rubyFilter,
	&split,
	&syslogPri,
	&throttle,
	&translate,
	&truncate,
	&urlDecode,
	&userAgent,
	&uuid,
)
