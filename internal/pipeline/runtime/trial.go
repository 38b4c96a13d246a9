package runtime

import (
	"fmt"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/plugin"
)

// Trial is a pipeline that is run by hand: its inputs are never opened and its outputs never written. Events are put in and what
// becomes of each is answered. It is used by one goroutine.
type Trial struct {
	p       *Pipeline
	inputs  []*config.Plugin
	outputs []trialOutput
}

// TrialOptions say how a Trial is made.
type TrialOptions struct {
	Source Source
	Tables Tables
	Strict bool
	// Now is the clock that plugins see; nil is the machine's.
	Now func() time.Time
}

// trialOutput is an output with its texts that depend on the event.
type trialOutput struct {
	info    OutputInfo
	options []trialOption
}

type trialOption struct {
	name string
	text *event.Template
}

// OutputInfo names an output of the configuration.
type OutputInfo struct{ Name, ID, Place string }

// Result is an event that left the filters, and the outputs it would go to, as indexes into Outputs.
type Result struct {
	Event   *event.Event
	Outputs []int
}

// NewTrial makes a trial of a configuration. The error is Faults, or that of reading the files.
func NewTrial(o TrialOptions) (*Trial, error) {
	cfg, err := Load(o.Source)
	if err != nil {
		return nil, err
	}
	env := offlineEnv(o.Source)
	if o.Now != nil {
		env.Now = o.Now
	}
	p, err := New(Options{ID: "test", Config: cfg, Tables: o.Tables, Env: env, Strict: o.Strict})
	if err != nil {
		return nil, err
	}
	t := &Trial{p: p}
	cfg.Plugins(config.Input, func(pl *config.Plugin) { t.inputs = append(t.inputs, pl) })
	blocks := map[string]*config.Plugin{}
	cfg.Plugins(config.Output, func(pl *config.Plugin) { blocks[pl.Pos.String()] = pl })
	for _, out := range p.outputs {
		c := out.counters
		t.outputs = append(t.outputs, trialOutput{OutputInfo{c.Name, c.ID, c.Place}, textOptions(blocks[c.Place])})
	}
	return t, nil
}

// textOptions are the options that are one text each. A text that is no template stands for itself.
func textOptions(pl *config.Plugin) []trialOption {
	var out []trialOption
	for _, o := range pl.Options {
		switch o.Value.Kind {
		case config.String, config.Bareword, config.Number:
			if text, err := event.CompileTemplate(o.Value.Text); err == nil {
				out = append(out, trialOption{o.Name, text})
			}
		}
	}
	return out
}

// Warnings are the doubtful and ignored parts of the configuration.
func (t *Trial) Warnings() []Finding { return warningFindings(t.p.Warnings()) }

// Stats are the counters of what ran so far; those of Process only.
func (t *Trial) Stats() Stats { return t.p.Stats() }

// Outputs lists the outputs in the order written.
func (t *Trial) Outputs() []OutputInfo {
	infos := make([]OutputInfo, len(t.outputs))
	for i, o := range t.outputs {
		infos[i] = o.info
	}
	return infos
}

// OutputOption is a text option of an output with the event's values in place, such as the index of an elasticsearch
// output.
func (t *Trial) OutputOption(output int, name string, ev *event.Event) (string, bool) {
	for _, o := range t.outputs[output].options {
		if o.name == name {
			return o.text.Expand(ev), true
		}
	}
	return "", false
}

// Destination is an output with what its options that depend on the event come to, such as: elasticsearch index "logs-2026.02.27".
func (t *Trial) Destination(output int, ev *event.Event) string {
	text := t.outputs[output].info.Name
	for _, o := range t.outputs[output].options {
		if _, constant := o.text.Constant(); !constant {
			text += fmt.Sprintf(" %s %q", o.name, o.text.Expand(ev))
		}
	}
	return text
}

// Decode makes events of raw text as the codec named does, or, when input is not "", as the input of that id or plugin name
// does, with its type, tags and fields. The error says what there is instead.
func (t *Trial) Decode(input, codecName, text string, now time.Time) ([]*event.Event, error) {
	block := &plugin.BlockConfig{Name: "plain"}
	if codecName != "" {
		block.Name = codecName
	}
	var from *inputNode
	if input != "" {
		var names []string
		for i := range t.p.inputs {
			c := t.p.inputs[i].counters
			names = append(names, c.ID)
			if from == nil && (c.ID == input || c.Name == input) {
				from = &t.p.inputs[i]
				if written, ok := t.inputs[i].Option("codec"); ok && codecName == "" {
					v := written.Config()
					if v.Block != nil {
						block = v.Block
					} else {
						block.Name = v.Str
					}
				}
			}
		}
		if from == nil {
			return nil, fmt.Errorf("the configuration has no input %q; there are %v", input, names)
		}
	}
	newCodec, err := t.p.env.Codec(block)
	if err != nil {
		return nil, err
	}
	var events []*event.Event
	emit := func(ev *event.Event) { events = append(events, ev) }
	c := newCodec()
	c.Decode([]byte(text), now, emit)
	c.Flush(now, emit)
	if from != nil && !from.decorate.empty() {
		for _, ev := range events {
			from.decorate.apply(ev)
		}
	}
	return events, nil
}

// Process runs a batch as a worker does. Dropped events are not in the answer.
func (t *Trial) Process(events []*event.Event) []Result {
	batch := make([]cursor, len(events))
	for i, ev := range events {
		batch[i].ev = ev
	}
	return t.results(t.p.filters.sweep(batch, nil))
}

// Flush flushes the filters, as a running pipeline does now and then. It answers the events that this makes.
func (t *Trial) Flush() []Result {
	var results []Result
	t.p.flushFilters(false, func(batch []cursor) { results = append(results, t.results(batch)...) })
	return results
}

// results finds the outputs of what left the filters.
func (t *Trial) results(batch []cursor) []Result {
	var kept []cursor
	for _, c := range batch {
		if !c.ev.Cancelled() {
			kept = append(kept, cursor{ev: c.ev})
		}
	}
	results := make([]Result, len(kept))
	places := make(map[*event.Event]int, len(kept))
	for i, c := range kept {
		results[i].Event = c.ev
		places[c.ev] = i
	}
	t.p.routes.sweep(kept, func(output int, ev *event.Event) {
		r := &results[places[ev]]
		r.Outputs = append(r.Outputs, output)
	})
	return results
}

// StepKind is what a Step tells about.
type StepKind uint8

// The kinds of Step.
const (
	StepCondition StepKind = iota
	StepFilter
	StepOutput
)

// Step is what one part of the configuration did to one event.
type Step struct {
	Kind StepKind
	// Event numbers the events: 0 is the one put in, those that filters emitted follow.
	Event int
	// Place is file:line:column.
	Place string
	// Text is the condition, or the plugin's name.
	Text string
	ID   string
	// Taken tells whether the condition held, or the filter succeeded.
	Taken bool
	// Else is the place of the else that was taken when the condition was the last one and did not hold; "" without one.
	Else    string
	Dropped bool
	// Emitted numbers the events that the filter made.
	Emitted []int
	// Before and After are the event around a filter; After is only valid during the call.
	Before, After *event.Event
}

// Explain runs one event and tells each step in the order of the configuration. It counts nothing.
func (t *Trial) Explain(ev *event.Event, tell func(Step)) []Result {
	x := &explainer{tell: tell}
	for _, c := range x.run(t.p.filters, []tracked{{cursor{ev: ev}, 0}}, nil) {
		if !c.ev.Cancelled() {
			x.kept = append(x.kept, tracked{cursor{ev: c.ev}, c.number})
		}
	}
	results := make([]Result, len(x.kept))
	for i, c := range x.kept {
		results[i].Event = c.ev
		x.run(t.p.routes, []tracked{c}, func(output int) {
			results[i].Outputs = append(results[i].Outputs, output)
			info := t.outputs[output].info
			tell(Step{Kind: StepOutput, Event: c.number, Place: info.Place, Text: info.Name, ID: info.ID, After: c.ev})
		})
	}
	return results
}

// tracked is a cursor with its event's number.
type tracked struct {
	cursor
	number int
}

type explainer struct {
	tell func(Step)
	made int
	kept []tracked
}

// run is sweep, told step by step.
func (x *explainer) run(p program, batch []tracked, route func(output int)) []tracked {
	for at := range p {
		in := &p[at]
		for i := 0; i < len(batch); i++ {
			c := &batch[i]
			if c.at != at {
				continue
			}
			switch in.op {
			case opOutput:
				route(in.output)
				c.at++
			case opJump:
				c.at = in.target
			case opJumpUnless:
				x.condition(in, c)
			case opFilter:
				made := x.filter(in.filter, c, at)
				batch = append(batch[:i+1], append(made, batch[i+1:]...)...)
				i += len(made)
			}
		}
	}
	return batch
}

func (x *explainer) condition(in *instruction, c *tracked) {
	step := Step{Kind: StepCondition, Event: c.number, Place: in.written.pos.String(), Text: in.written.text, Taken: in.cond(c.ev), After: c.ev}
	if step.Taken {
		c.at++
	} else {
		c.at = in.target
		if in.written.elseAt.Line > 0 {
			step.Else = in.written.elseAt.String()
		}
	}
	x.tell(step)
}

func (x *explainer) filter(n *filterNode, c *tracked, at int) []tracked {
	var made []tracked
	step := Step{Kind: StepFilter, Event: c.number, Place: n.counters.Place, Text: n.counters.Name, ID: n.counters.ID, Before: c.ev.Clone(), After: c.ev}
	outcome := n.run(c.ev, func(ev *event.Event) {
		x.made++
		made = append(made, tracked{cursor{ev: ev}, x.made})
		step.Emitted = append(step.Emitted, x.made)
	})
	times, timesEmitted := outcome.Times()
	c.at = n.finish(c.ev, times, at)
	for i := range made {
		made[i].at = n.finish(made[i].ev, timesEmitted, at)
	}
	step.Taken, step.Dropped = outcome != pipeline.Unmatched, c.ev.Cancelled()
	x.tell(step)
	return made
}
