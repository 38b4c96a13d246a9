package input

import "elkhorn/internal/pipeline"

// elasticAgent is beats under another name: Elastic Agent speaks the same protocol.
var elasticAgent = pipeline.InputSpec{
	Name:    "elastic_agent",
	Summary: "Takes events from Elastic Agent: another name for beats.",
	Options: beats.Options,
	New:     beats.New,
}
