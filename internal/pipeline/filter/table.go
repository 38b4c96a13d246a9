package filter

import (
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

// Table is every filter there is, in alphabetical order.
var Table = plugin.NewTable("filter", pipeline.CommonFilterOptions,
	&date,
	&drop,
	&fingerprint,
	&geoIP,
	&grok,
	&jsonFilter,
	&mutate,
	&rubyFilter,
	&userAgent,
)
