package processor

import "elkhorn/internal/es/eserr"

const (
	// maxRuns bounds the processors run for one document. A foreach over a list of a hundred thousand items with a few
	// processors inside stays below it.
	maxRuns = 5_000_000
	// maxWrittenBytes bounds what processors write into one document, counted without what they take away: twice the largest
	// request body. Copies of copies grow by powers of two.
	maxWrittenBytes = 200 << 20
	// maxNestedPipelines is Elasticsearch's bound on pipelines that run inside each other.
	maxNestedPipelines = 100
	// maxDefinitionDepth bounds processors nested in a definition: on_failure lists and foreach.
	maxDefinitionDepth = 50
	// maxProcessors bounds the processors of one definition.
	maxProcessors = 10_000
	// valueBytes is what a value takes beside its text.
	valueBytes = 64
)

// spend accounts for bytes written into the document.
func (d *Document) spend(bytes int) error {
	if d.written += bytes; d.written > maxWrittenBytes {
		return eserr.IllegalArgument("processors wrote more than [%d] bytes into one document", maxWrittenBytes)
	}
	return nil
}

// weight is about what a value takes in memory.
func weight(v value) int {
	bytes := valueBytes + len(v.Str())
	for i, member := range v.Items() {
		if v.Kind() == objectKind {
			bytes += len(v.NameAt(i))
		}
		bytes += weight(member)
	}
	return bytes
}
