package runtime

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/plugin"
)

// Tables are the plugins that pipelines can use.
type Tables struct {
	Inputs  *plugin.Table[pipeline.Input, *pipeline.Env]
	Filters *plugin.Table[pipeline.Filter, *pipeline.Env]
	Outputs *plugin.Table[pipeline.Output, *pipeline.Env]
	Codecs  *plugin.Table[pipeline.NewCodec, *pipeline.Env]
}

// Options say what to build and how to run it.
type Options struct {
	ID     string
	Config *config.Config // after Substitute
	Tables Tables
	// Env is what the host offers. New fills in Pipeline and Codec, and ResolvePath when it is nil.
	Env pipeline.Env
	// Workers is the number of goroutines that filter and write; 0 is one.
	Workers int
	// BatchSize is the most events a worker takes at once; 0 is 250. More is fewer, larger bulk requests and
	// more memory.
	BatchSize int
	// BatchDelay is how long a batch that is not full waits for company; 0 does not wait.
	BatchDelay time.Duration
	// ECS is the ecs_compatibility of plugins that do not say themselves; "" leaves each its own default.
	ECS string
	// Ordered keeps the order of each input's events, by giving each input one worker.
	Ordered bool
	// OpenQueue opens the queue that keeps events, when the pipeline is opened; nil is one in memory.
	OpenQueue func() (Queue, error)
	// Drain empties a queue that keeps events before Run returns, however long that takes. Without it what is left waits for the next run.
	Drain bool
	// DrainTimeout is how long events that nobody keeps may take once Run's ctx has ended; 0 is 30 s.
	DrainTimeout time.Duration
	// Tap is called by the workers with each batch before the filters see it, for those who watch. It must not keep the events or hold
	// the workers up; nil is nobody.
	Tap func(events []*event.Event)
	// Strict turns off the tolerances for configurations that mean one thing and say another (docs/tolerances.md).
	Strict bool
}

const (
	defaultBatchSize    = 250 // twice Logstash's: batches cost one bulk request each, and a small event takes 1 kB
	defaultDrainTimeout = 30 * time.Second
	// queuedBatches is how many batches per worker wait in the intake: enough to keep workers busy while
	// an input waits for its source, few enough to bound memory.
	queuedBatches = 4
)

// Faults are all faults of a configuration, in file order.
type Faults []*plugin.Error

func (f Faults) Error() string {
	errs := make([]error, len(f))
	for i, e := range f {
		errs[i] = e
	}
	return errors.Join(errs...).Error()
}

// Pipeline is one configuration, built.
type Pipeline struct {
	id        string
	env       *pipeline.Env
	inputs    []inputNode
	filters   program
	outputs   []outputNode
	routes    program // of the output section
	queues    []Queue
	capacity  int // events of each queue in memory; 0 for a queue of the host's
	counters  []*Counters
	graph     Graph
	warnings  []*plugin.Error
	workers   int
	batchSize int
	delay     time.Duration
	drain     time.Duration
	openQueue func() (Queue, error)
	emptied   bool // a queue of the host's before Run returns
	handOver  handOver

	in, filtered, out atomic.Int64
	tap               func([]*event.Event)
}

type inputNode struct {
	input    pipeline.Input
	decorate *decoration
	counters *Counters
}

type outputNode struct {
	output   pipeline.Output
	counters *Counters
}

// New builds a pipeline. The error is Faults: all that is wrong, each with its place.
func New(o Options) (*Pipeline, error) {
	b := &builder{opts: o, env: o.Env, placed: map[plugin.Pos]*Counters{}}
	p := &Pipeline{id: o.ID, tap: o.Tap, env: &b.env, workers: max(o.Workers, 1), batchSize: o.BatchSize, delay: o.BatchDelay, drain: o.DrainTimeout}
	if p.batchSize <= 0 {
		p.batchSize = defaultBatchSize
	}
	if p.drain <= 0 {
		p.drain = defaultDrainTimeout
	}
	b.env.Pipeline = o.ID
	b.env.Codec = b.codec
	b.env.Strict = o.Strict
	b.env.Shared = pipeline.NewShared()
	switch {
	case o.Strict:
		b.env.ResolvePath = func(path string) string { return path }
	case b.env.ResolvePath == nil:
		b.env.ResolvePath = newPathMap(o.Env.ConfigDir, o.Env.Logger).resolve
	}
	b.warnings = append(b.warnings, o.Config.Warnings...)
	if !o.Strict {
		b.tolerateDecoded()
		b.tolerateIngestTime()
	}
	b.inputs(p)
	b.section(o.Config.Body(config.Filter), b.filter)
	p.filters = b.takeProgram()
	b.section(o.Config.Body(config.Output), func(pl *config.Plugin) { b.output(p, pl) })
	p.routes = b.takeProgram()
	if len(b.faults) > 0 {
		return nil, b.faults
	}
	b.keepOrder(p)
	p.counters, p.warnings = b.counters, b.warnings
	p.graph = draw(o.Config, b.placed)
	p.openQueue, p.emptied = o.OpenQueue, o.Drain
	if o.OpenQueue == nil {
		p.makeQueues(o.Ordered)
	} else if o.Ordered {
		p.workers = 1 // one queue has the order of all inputs
	}
	return p, nil
}

// Warnings are the doubtful and ignored parts of the configuration.
func (p *Pipeline) Warnings() []*plugin.Error { return p.warnings }

// makeQueues makes one intake for all workers or, when order counts, one for each.
func (p *Pipeline) makeQueues(ordered bool) {
	queues := 1
	p.capacity = p.workers * p.batchSize * queuedBatches
	if ordered {
		queues, p.capacity = p.workers, p.batchSize*queuedBatches
	}
	for range queues {
		p.queues = append(p.queues, newIntake(p.capacity))
	}
}

// builder compiles a configuration and gathers all that is wrong with it.
type builder struct {
	opts     Options
	env      pipeline.Env
	code     program
	counters []*Counters
	placed   map[plugin.Pos]*Counters
	faults   Faults
	warnings []*plugin.Error
}

func (b *builder) takeProgram() program {
	code := b.code
	b.code = nil
	return code
}

// fail notes an error; one without a place gets the plugin's.
func (b *builder) fail(at plugin.Pos, err error) {
	var e *plugin.Error
	if !errors.As(err, &e) {
		e = &plugin.Error{Pos: at, Reason: err.Error()}
	}
	b.faults = append(b.faults, e)
}

func (b *builder) codec(block *plugin.BlockConfig) (pipeline.NewCodec, error) {
	made, settings, err := b.opts.Tables.Codecs.Build(&b.env, block)
	if err != nil {
		return nil, err
	}
	b.warnings = append(b.warnings, settings.Warnings...)
	return made, nil
}

// pluginEnv is a plugin's environment, and what notes its troubles.
func (b *builder) pluginEnv() (pipeline.Env, *troubles) {
	env, t := b.env, &troubles{}
	env.Logger = watched(env.Logger, t)
	return env, t
}

func (b *builder) counter(kind string, pl *config.Plugin, s *plugin.Settings, t *troubles) *Counters {
	c := &Counters{Kind: kind, Name: pl.Name, ID: s.String("id"), Place: pl.Pos.String(), troubles: t}
	c.Named = c.ID != ""
	if !c.Named {
		c.ID = fmt.Sprintf("%s_%d_%d", pl.Name, pl.Pos.Line, pl.Pos.Column)
	}
	b.counters = append(b.counters, c)
	b.placed[pl.Pos] = c
	return c
}

// withECS gives a plugin the pipeline's ecs_compatibility when it has that option and the configuration leaves it open.
func withECS[T any](b *builder, table *plugin.Table[T, *pipeline.Env], pl *config.Plugin) *plugin.BlockConfig {
	const option = "ecs_compatibility"
	block := pl.Config()
	if b.opts.ECS == "" {
		return block
	}
	spec := table.Find(pl.Name)
	named := func(o plugin.Option) bool { return o.Name == option && o.Unsupported == "" }
	_, given := pl.Option(option)
	if spec != nil && !given && slices.ContainsFunc(spec.Options, named) {
		block.Options = append(block.Options, plugin.Pair{Key: option, Value: plugin.Value{Str: b.opts.ECS, Pos: pl.Pos}, Pos: pl.Pos})
	}
	return block
}

func (b *builder) inputs(p *Pipeline) {
	ports := map[string]plugin.Pos{}
	b.opts.Config.Plugins(config.Input, func(pl *config.Plugin) {
		env, t := b.pluginEnv()
		made, s, err := b.opts.Tables.Inputs.Build(&env, withECS(b, b.opts.Tables.Inputs, pl))
		if err != nil {
			b.fail(pl.Pos, err)
			return
		}
		b.warnings = append(b.warnings, s.Warnings...)
		d, err := newDecoration(s, true)
		if err != nil {
			b.fail(pl.Pos, err)
			return
		}
		p.inputs = append(p.inputs, inputNode{made, d, b.counter("input", pl, s, t)})
		if _, opens := made.(pipeline.Opener); opens {
			b.claimPorts(ports, pl)
		}
	})
	for _, section := range b.opts.Config.Sections {
		if section.Kind != config.Input {
			continue
		}
		for _, st := range section.Body {
			if branch, ok := st.(*config.Branch); ok {
				b.fail(branch.Pos, errors.New("an input section has no conditions: there is no event yet"))
			}
		}
	}
}

// claimPorts notes where an input listens, and that another one does already. UDP and TCP have ports of their own.
func (b *builder) claimPorts(ports map[string]plugin.Pos, pl *config.Plugin) {
	port, ok := pl.Option("port")
	if !ok || port.Text == "0" {
		return
	}
	transports, listed := map[string][]string{"redis": nil, "udp": {"udp"}, "syslog": {"tcp", "udp"}}[pl.Name] // redis names the server's port
	if !listed {
		transports = []string{"tcp"}
	}
	for _, transport := range transports {
		key := transport + " " + port.Text
		if first, taken := ports[key]; taken {
			b.fail(port.Pos, &plugin.Error{Pos: port.Pos, Plugin: pl.Name, Option: "port", Reason: fmt.Sprintf("%s is taken by the input of line %d already", port.Text, first.Line)})
			return
		}
		ports[key] = pl.Pos
	}
}

// section compiles statements to the program, calling add for each plugin.
func (b *builder) section(body []config.Statement, add func(*config.Plugin)) {
	for _, st := range body {
		switch st := st.(type) {
		case *config.Plugin:
			add(st)
		case *config.Branch:
			b.branch(st, add)
		}
	}
}

// branch compiles arms to: unless cond jump to the next arm; body; jump to the end.
func (b *builder) branch(br *config.Branch, add func(*config.Plugin)) {
	var exits []int
	for i, arm := range br.Arms {
		unless := -1
		if arm.Cond != nil {
			cond, err := compileCondition(arm.Cond)
			if err != nil {
				b.fail(arm.Pos, err)
			}
			unless = len(b.code)
			written := &conditionText{text: config.PrintExpr(arm.Cond), pos: arm.Pos}
			if i+1 < len(br.Arms) && br.Arms[i+1].Cond == nil {
				written.elseAt = br.Arms[i+1].Pos
			}
			b.code = append(b.code, instruction{op: opJumpUnless, cond: cond, written: written})
		}
		b.section(arm.Body, add)
		if i < len(br.Arms)-1 {
			exits = append(exits, len(b.code))
			b.code = append(b.code, instruction{op: opJump})
		}
		if unless >= 0 {
			b.code[unless].target = len(b.code)
		}
	}
	for _, at := range exits {
		b.code[at].target = len(b.code)
	}
}

func (b *builder) filter(pl *config.Plugin) {
	env, t := b.pluginEnv()
	made, s, err := b.opts.Tables.Filters.Build(&env, withECS(b, b.opts.Tables.Filters, pl))
	if err != nil {
		b.fail(pl.Pos, err)
		return
	}
	b.warnings = append(b.warnings, s.Warnings...)
	d, err := newDecoration(s, false)
	if err != nil {
		b.fail(pl.Pos, err)
		return
	}
	n := &filterNode{filter: made, counters: b.counter("filter", pl, s, t), pos: pl.Pos, logger: env.Logger}
	if !d.empty() {
		n.after = d
	}
	b.code = append(b.code, instruction{op: opFilter, filter: n})
}

func (b *builder) output(p *Pipeline, pl *config.Plugin) {
	env, t := b.pluginEnv()
	letters := &countedLetters{to: env.DeadLetters, pipeline: b.opts.ID}
	env.DeadLetters = letters
	made, s, err := b.opts.Tables.Outputs.Build(&env, withECS(b, b.opts.Tables.Outputs, pl))
	if err != nil {
		b.fail(pl.Pos, err)
		return
	}
	b.warnings = append(b.warnings, s.Warnings...)
	c := b.counter("output", pl, s, t)
	letters.counters = c
	b.code = append(b.code, instruction{op: opOutput, output: len(p.outputs)})
	p.outputs = append(p.outputs, outputNode{made, c})
}

// countedLetters names the pipeline and the plugin in dead letters and counts them.
type countedLetters struct {
	to       pipeline.DeadLetters
	pipeline string
	counters *Counters
}

// Keep hands letters on.
func (l *countedLetters) Keep(ctx context.Context, letters []pipeline.DeadLetter) error {
	for i := range letters {
		letters[i].Pipeline, letters[i].Plugin = l.pipeline, l.counters.ID
	}
	if l.to == nil {
		return errors.New("there is no dead-letter queue")
	}
	if err := l.to.Keep(ctx, letters); err != nil {
		return err
	}
	l.counters.deadLetters.Add(int64(len(letters)))
	return nil
}
