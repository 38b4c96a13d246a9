package ingest

import "elkhorn/internal/es/eserr"

// checkTime refuses a document that has not exactly one @timestamp, where the mapping requires it.
func (b *Builder) checkTime() error {
	n := 0
	for i := range b.leaves {
		if b.leaves[i].field == b.plan.time && b.leaves[i].value != noValue {
			n++
		}
	}
	if n == 1 {
		return nil
	}
	cause := eserr.IllegalArgument("data stream timestamp field [@timestamp] is missing")
	if n > 1 {
		cause = eserr.IllegalArgument("data stream timestamp field [@timestamp] encountered multiple values")
	}
	return eserr.DocumentParsing("[1:1] failed to parse: %s", cause.Reason).Because(cause)
}
