package output

import (
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

// Table is every output there is, in alphabetical order.
var Table = plugin.NewTable("output", pipeline.CommonOutputOptions,
	&elasticsearch,
	&email,
	&file,
	&httpOutput,
	&kafka,
	&null,
	&pipelineOutput,
	&redis,
	&s3,
	&stdout,
	&tcp,
).Without(Foreign)
