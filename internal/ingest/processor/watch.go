package processor

import "elkhorn/internal/es/eserr"

// Result is what became of a document in one processor.
type Result struct {
	Kind, Tag, Description string
	HasTag, HasDescription bool
	Condition              string
	HasCondition, Held     bool
	// Doc is the document after the processor; nil when it was dropped or skipped, or when the processor failed and the
	// failure was not ignored.
	Doc *Document
	Err *eserr.Error
}

// Status names the outcome.
func (r *Result) Status() string {
	switch {
	case r.HasCondition && !r.Held:
		return "skipped"
	case r.Err != nil && r.Doc != nil:
		return "error_ignored"
	case r.Err != nil:
		return "error"
	case r.Doc == nil && r.Kind != "pipeline":
		return "dropped"
	}
	return "success"
}

// Watch is told what each processor did, those of pipelines that are called included.
type Watch func(Result)

// SetWatch has every processor's result told, with a copy of the document: for simulation.
func (d *Document) SetWatch(w Watch) { d.watch = w }

// reported counts what was told.
func (d *Document) reported() int { return d.told }

func (d *Document) tell(r Result) {
	if d.watch != nil {
		d.told++
		d.watch(r)
	}
}

func (d *Document) report(r Result, after *Document, failure *Failure) {
	if d.watch == nil {
		return
	}
	if after != nil {
		r.Doc = after.Clone()
	}
	if failure != nil {
		r.Err = failure.Err
	}
	d.tell(r)
}

func (d *Document) reportSkipped(r Result) { d.tell(r) }

// reportCall tells of a pipeline that is called, before its own processors do.
func (d *Document) reportCall(r Result) { d.tell(r) }
