package es

// SimulatePipeline runs documents through an ingest pipeline and writes nothing. Apply returns the answer as JSON ([]byte).
type SimulatePipeline struct {
	Name string // of a stored pipeline; "" when the body brings a definition
	// Body holds docs and, without a Name, pipeline.
	Body []byte
	// Verbose tells what each processor did.
	Verbose bool
}

// SimulateIngest runs documents through the pipelines that they would pass when they were written, and writes nothing. Apply
// returns the answer as JSON ([]byte).
type SimulateIngest struct {
	Index    string // for documents that name none
	Pipeline string // instead of the indices' default pipelines
	Body     []byte // docs and pipeline_substitutions
}

// IngestStats asks what ingest pipelines did. Apply returns *IngestStatistics.
type IngestStats struct{}

// IngestStatistics are the counters of ingest pipelines since the store was opened.
type IngestStatistics struct {
	// Processors are the types of processors there are.
	Processors []string
	Total      IngestCounters
	Pipelines  []PipelineStatistics // by name
}

// PipelineStatistics are the counters of one pipeline.
type PipelineStatistics struct {
	Name string
	IngestCounters
	// BytesIn and BytesOut are of the documents whose first pipeline it was.
	BytesIn, BytesOut int64
	Processors        []ProcessorStatistics
}

// ProcessorStatistics are the counters of one processor.
type ProcessorStatistics struct {
	// Name is the type with the tag, or with the pipeline that it calls.
	Name, Type string
	IngestCounters
}

// IngestCounters count documents.
type IngestCounters struct {
	Count, Failed, Current, Nanos int64
}

func (*SimulatePipeline) change() {}
func (*SimulateIngest) change()   {}
func (*IngestStats) change()      {}
