package processor

import (
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/geoip"
)

// Processor changes a document. Run is called from many goroutines at once, for a document each.
type Processor interface {
	Run(d *Document) error
}

// Env is what the processors of a pipeline reach outside of a document.
type Env struct {
	// Pipeline finds another pipeline by name, nil when there is none.
	Pipeline func(name string) *Pipeline
	// GeoIP opens a database by the name of its file; nil without an error means that there is no such file.
	GeoIP func(file string) (*geoip.Database, error)
	// StoredScript finds the source of a stored script by its id.
	StoredScript func(id string) (string, error)
	Now          func() time.Time
}

// Pipeline is a compiled definition.
type Pipeline struct {
	Name      string
	Stats     Counters
	steps     []*step
	onFailure []*step
}

// step is one processor with what is common to all of them.
type step struct {
	kind           string
	tag            string
	hasTag         bool
	description    string
	condition      *condition
	ignoreFailure  bool
	onFailure      []*step
	work           Processor
	stats          Counters
	hasDescription bool
}

// Counters count what a pipeline or a processor did.
type Counters struct {
	Count, Failed, Nanos, Current atomic.Int64
}

func (c *Counters) begin() time.Time {
	c.Current.Add(1)
	return time.Now()
}

func (c *Counters) end(began time.Time, failed bool) {
	c.Nanos.Add(int64(time.Since(began)))
	c.Count.Add(1)
	c.Current.Add(-1)
	if failed {
		c.Failed.Add(1)
	}
}

func (c *Counters) adopt(old *Counters) {
	c.Count.Add(old.Count.Load())
	c.Failed.Add(old.Failed.Load())
	c.Nanos.Add(old.Nanos.Load())
}

// StepStats are the counters of one processor. Name is its type with its tag, or with the pipeline that it calls.
type StepStats struct {
	Name, Kind string
	Counters   *Counters
}

// Steps lists the counters of the pipeline's processors, but for those that run on failures.
func (p *Pipeline) Steps() []StepStats {
	list := make([]StepStats, len(p.steps))
	for i, s := range p.steps {
		name := s.kind
		if call, ok := s.work.(*pipelineProcessor); ok {
			name += ":" + call.name.Source()
		}
		if s.tag != "" {
			name += ":" + s.tag
		}
		list[i] = StepStats{Name: name, Kind: s.kind, Counters: &s.stats}
	}
	return list
}

// Adopt takes over the counters of the definition that this one replaces, those of processors when they are the same ones.
func (p *Pipeline) Adopt(old *Pipeline) {
	p.Stats.adopt(&old.Stats)
	if len(p.steps) != len(old.steps) {
		return
	}
	for i, s := range p.steps {
		if s.kind == old.steps[i].kind {
			s.stats.adopt(&old.steps[i].stats)
		}
	}
}

// Empty tells whether there is nothing to run.
func (p *Pipeline) Empty() bool { return len(p.steps) == 0 }

// Broken is a pipeline in the place of one whose stored definition does not compile: its documents fail.
func Broken(name string, err error) *Pipeline {
	message := eserr.New(500, "illegal_state_exception", "pipeline with id [%s] could not be loaded, caused by [%v]", name, err)
	return &Pipeline{Name: name, steps: []*step{{kind: "unknown", work: brokenProcessor{message}}}}
}

type brokenProcessor struct{ err error }

// Run fails.
func (p brokenProcessor) Run(*Document) error { return p.err }

// ErrDropped says that a processor dropped the document.
var ErrDropped = errors.New("document was dropped by a pipeline")

// Failure is a processor's error, with the processor that failed.
type Failure struct {
	Err       *eserr.Error
	Kind, Tag string
	HasTag    bool
	// Origin are the pipelines that were running, the innermost first.
	Origin []string
}

func (f *Failure) Error() string { return f.Err.Error() }

// Unwrap returns the processor's own error.
func (f *Failure) Unwrap() error { return f.Err }

// rootMessage is the reason of the deepest cause.
func (f *Failure) rootMessage() string {
	e := f.Err
	for e.CausedBy != nil {
		e = e.CausedBy
	}
	return e.Reason
}

// Run takes a document through the pipeline. The error is ErrDropped, a *Failure, or that of the document's context.
func (p *Pipeline) Run(d *Document) error {
	if p.Empty() {
		return nil
	}
	switch {
	case len(d.running) >= maxNestedPipelines:
		return eserr.New(500, "graph_structure_exception", "Too many nested pipelines. Cannot have more than %d nested pipelines", maxNestedPipelines)
	case slices.Contains(d.running, p.Name):
		return eserr.New(500, "graph_structure_exception", "Cycle detected for pipeline: %s", p.Name)
	}
	outer, nested := d.ingest.Member("pipeline")
	d.running = append(d.running, p.Name)
	d.executed = append(d.executed, p.Name)
	d.ingest.SetMember("pipeline", event.StringOf(p.Name))
	began := p.Stats.begin()
	err := d.runAll(p.steps, p.onFailure)
	p.Stats.end(began, err != nil && err != ErrDropped)
	d.running = d.running[:len(d.running)-1]
	d.ended = false
	if nested {
		d.ingest.SetMember("pipeline", outer)
	} else {
		d.ingest.RemoveMember("pipeline")
	}
	return err
}

func (d *Document) runAll(steps, onFailure []*step) error {
	for _, s := range steps {
		err := d.runStep(s)
		if err != nil {
			return d.recover(onFailure, err)
		}
		if d.ended || d.rerouted {
			return nil
		}
	}
	return nil
}

// runStep runs one processor, and what it has for its failures.
func (d *Document) runStep(s *step) error {
	if err := d.count(); err != nil {
		return err
	}
	result := Result{Kind: s.kind, Tag: s.tag, HasTag: s.hasTag, Description: s.description, HasDescription: s.hasDescription}
	if s.condition != nil {
		holds, err := s.condition.holds(d)
		if err != nil {
			failure := d.failed(err, s)
			d.report(result, nil, failure)
			return failure
		}
		result.Condition, result.HasCondition, result.Held = s.condition.source, true, holds
		if !holds {
			d.reportSkipped(result)
			return nil
		}
	}
	_, calls := s.work.(*pipelineProcessor)
	reported := d.reported()
	if calls {
		d.reportCall(result)
	}
	began := s.stats.begin()
	err := s.work.Run(d)
	s.stats.end(began, err != nil && err != ErrDropped)
	if err == nil {
		if !calls {
			d.report(result, d, nil)
		}
		return nil
	}
	if err == ErrDropped {
		if !calls {
			d.report(result, nil, nil)
		}
		return err
	}
	if d.ctx.Err() != nil && errors.Is(err, d.ctx.Err()) {
		return err
	}
	failure := d.failed(err, s)
	switch {
	case calls && d.reported() > reported+1: // the processor that failed has told already
	case s.ignoreFailure:
		d.report(result, d, failure)
	default:
		d.report(result, nil, failure)
	}
	if s.ignoreFailure {
		return nil
	}
	return d.recover(s.onFailure, failure)
}

// count bounds the processors run for one document, and looks now and then whether anyone still waits for it.
func (d *Document) count() error {
	if d.runs++; d.runs > maxRuns {
		return eserr.IllegalArgument("more than [%d] processors ran for one document", maxRuns)
	}
	const between = 16
	if d.runs%between == 0 {
		return d.ctx.Err()
	}
	return nil
}

// failed makes a processor's error a Failure, unless one further inside did.
func (d *Document) failed(err error, s *step) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	f = &Failure{Err: eserr.From(err), Kind: s.kind, Tag: s.tag, HasTag: s.hasTag}
	for i := len(d.running) - 1; i >= 0; i-- {
		f.Origin = append(f.Origin, d.running[i])
	}
	return f
}

// failureFields are what processors that handle a failure find of it below _ingest.
var failureFields = []string{"on_failure_message", "on_failure_processor_type", "on_failure_processor_tag", "on_failure_pipeline"}

// recover runs the processors that handle a failure. Without any it is the failure itself.
func (d *Document) recover(handlers []*step, err error) error {
	var f *Failure
	if len(handlers) == 0 || !errors.As(err, &f) {
		return err
	}
	d.ingest.SetMember(failureFields[0], event.StringOf(f.rootMessage()))
	d.ingest.SetMember(failureFields[1], event.StringOf(f.Kind))
	tag := event.NullValue
	if f.HasTag {
		tag = event.StringOf(f.Tag)
	}
	d.ingest.SetMember(failureFields[2], tag)
	if len(f.Origin) > 0 {
		d.ingest.SetMember(failureFields[3], event.StringOf(f.Origin[0]))
	}
	defer func() {
		for _, name := range failureFields {
			d.ingest.RemoveMember(name)
		}
	}()
	for _, s := range handlers {
		if err := d.runStep(s); err != nil {
			return err
		}
		if d.ended || d.rerouted {
			return nil
		}
	}
	return nil
}
