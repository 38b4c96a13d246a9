package input

import (
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

// Table is every input there is, in alphabetical order.
var Table = plugin.NewTable("input", pipeline.CommonInputOptions,
	&beats,
	&deadLetterQueue,
	&elasticAgent,
	&elasticsearch,
	&file,
	&generator,
	&heartbeat,
	&httpInput,
	&httpPoller,
	&kafka,
	&pipelineInput,
	&redis,
	&s3,
	&stdin,
	&syslog,
	&tcp,
	&udp,
).Without(Foreign)
