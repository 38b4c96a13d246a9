package server

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/pipeline/queue"
	"elkhorn/internal/pipeline/runtime"
)

// fleet is the pipelines of the process: it starts them, changes them while they run, and stops them in the order in which events flow.
type fleet struct {
	server    *Server
	addresses *pipeline.Addresses
	ports     ports
	stdin     io.Reader // a standardInput; nil when the process has none
	// change is held by whoever starts, reloads or stops pipelines.
	change sync.Mutex
	seen   string // what watch saw at its last look
	mu     struct {
		sync.Mutex
		members []*member // in the order of the configuration
		reloads Reloads   // of the process
		stopped bool
		opened  map[string]*queue.Persisted // queues, by pipeline
		// changing says that members are being replaced: one that has ended may be about to run again.
		changing bool
	}
}

// member is one pipeline that runs or has ended.
type member struct {
	plan    plan
	current *runtime.Pipeline
	stop    context.CancelCauseFunc
	ended   chan struct{}
	reloads Reloads
	queue   *queue.Persisted // of the run; nil in memory
	run     string           // id of the run
	started time.Time
	err     error // with which it ended
}

// hasEnded says that the pipeline has come to its end; its fleet's change or mu is held.
func (m *member) hasEnded() bool {
	select {
	case <-m.ended:
		return true
	default:
		return false
	}
}

// plan is what a pipeline is made of, as it was read.
type plan struct {
	pc     PipelineConfig
	source runtime.Source
	sum    [sha256.Size]byte
	links  runtime.Links
	shadow *shadow // nil when nothing is on trial
}

// Reloads count changes of configuration.
type Reloads struct {
	Successes, Failures      int64
	LastSuccess, LastFailure time.Time
	LastError                string
}

// plan reads a pipeline's configuration.
func (f *fleet) plan(pc PipelineConfig) (plan, error) {
	p := plan{pc: pc, source: pc.source(f.server.opts.LookupEnv)}
	if p.source.Inline == "" {
		files, err := config.Read(pc.Paths)
		if err != nil {
			return p, err
		}
		p.source.Files = files
	}
	cfg, err := runtime.Load(p.source)
	if err != nil {
		return p, err
	}
	p.links = runtime.LinksOf(cfg)
	set := pc.Settings
	set.Text = "" // it is in the source
	trial, err := pc.Shadow.files()
	if err != nil {
		return p, fmt.Errorf("configuration on trial: %w", err)
	}
	if pc.Shadow != nil {
		p.shadow = &shadow{set: pc.Shadow, pipeline: pc.ID, server: f.server}
	}
	p.sum = sha256.Sum256(fmt.Appendf(nil, "%q %q %+v %q", p.source.Files, p.source.Inline, set, trial))
	return p, nil
}

// build makes a plan's pipeline, which is the check of its configuration.
func (f *fleet) build(p plan) (*runtime.Pipeline, error) {
	cfg, err := runtime.Load(p.source)
	if err != nil {
		return nil, err
	}
	s, set := f.server, p.pc.Settings
	letters, err := s.lettersOf(p.pc)
	if err != nil {
		return nil, err
	}
	tap := s.samplers.of(p.pc.ID).tap
	if p.shadow != nil {
		if err := p.shadow.prepare(p); err != nil {
			return nil, fmt.Errorf("configuration on trial: %w", err)
		}
		sample := tap
		tap = func(events []*event.Event) {
			sample(events)
			p.shadow.tap(events)
		}
	}
	built, err := runtime.New(runtime.Options{ID: p.pc.ID, Config: cfg, Tables: Tables(), Workers: workers(set), BatchSize: set.BatchSize, BatchDelay: set.BatchDelay,
		Ordered: set.Ordered, ECS: set.ECS, Tap: tap, Strict: compatStrict(s.opts.LookupEnv), Env: s.pipelineEnv(p.pc, p.source.ConfigDir(), letters), OpenQueue: s.queueOf(p.pc), Drain: set.Queue.Drain})
	if err != nil {
		return nil, err
	}
	for _, w := range built.Warnings() {
		s.logger.Warn(w.Error(), "pipeline", p.pc.ID)
	}
	return built, nil
}

// start builds all pipelines before it runs any, so that a fault in one is found at once.
func (f *fleet) start(ctx context.Context, configs []PipelineConfig) error {
	defer f.beginChange()()
	var plans []plan
	for _, pc := range configs {
		p, err := f.plan(pc)
		if err != nil {
			return fmt.Errorf("pipeline %s: %w", pc.ID, err)
		}
		plans = append(plans, p)
	}
	if err := checkLinks(plans); err != nil {
		return err
	}
	var built []*runtime.Pipeline
	for _, p := range plans {
		made, err := f.build(p)
		if err == nil {
			err = made.Open(ctx)
		}
		if err != nil {
			return errors.Join(fmt.Errorf("pipeline %s: %w", p.pc.ID, err), closeAll(built))
		}
		built = append(built, made)
	}
	for i, p := range plans {
		f.run(&member{plan: p}, built[i])
	}
	f.tellLeftBehind()
	return nil
}

func closeAll(built []*runtime.Pipeline) error {
	var errs []error
	for _, p := range built {
		errs = append(errs, p.Close())
	}
	return errors.Join(errs...)
}

// run runs an opened pipeline as a member's, which joins the fleet when it is new.
func (f *fleet) run(m *member, p *runtime.Pipeline) {
	ctx, stop := context.WithCancelCause(context.Background())
	f.mu.Lock()
	m.current, m.stop, m.ended, m.err = p, stop, make(chan struct{}), nil
	m.run, m.started, m.queue = randomID(), f.server.opts.Now(), f.mu.opened[m.plan.pc.ID]
	if !m.plan.pc.Settings.Queue.Persisted {
		m.queue = nil
	}
	ended, shadow := m.ended, m.plan.shadow
	if !slices.Contains(f.mu.members, m) {
		f.mu.members = append(f.mu.members, m)
	}
	f.mu.Unlock()
	f.server.receivers.work.Go(func() {
		defer stop(nil)
		err := p.Run(ctx)
		if shadow != nil {
			shadow.end()
		}
		f.mu.Lock()
		m.err = err
		close(ended)
		f.mu.Unlock()
		if err != nil && ctx.Err() == nil {
			f.server.partEnded("pipeline "+m.plan.pc.ID, err)
		}
		f.stopIdle()
	})
}

// config is how a pipeline is configured now; false when there is none of that id.
func (f *fleet) config(id string) (PipelineConfig, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, m := range f.mu.members {
		if m.plan.pc.ID == id {
			return m.plan.pc, true
		}
	}
	return PipelineConfig{}, false
}

// members returns those that are there now.
func (f *fleet) members() []*member {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.mu.members)
}

// stopIdle stops pipelines that only others of this process feed, once none of these runs any more.
func (f *fleet) stopIdle() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.mu.changing {
		return
	}
	for _, m := range f.mu.members {
		if !m.plan.links.Inner || m.hasEnded() {
			continue
		}
		feeders, running := 0, 0
		for _, from := range f.mu.members {
			if feeds(from.plan, m.plan) {
				feeders++
				if !from.hasEnded() {
					running++
				}
			}
		}
		if feeders > 0 && running == 0 {
			m.stop(runtime.ErrSourcesEnded)
		}
	}
}

// beginChange holds off changes by others and what follows from a member's end, until the function it returns is called.
func (f *fleet) beginChange() (end func()) {
	f.change.Lock()
	f.setChanging(true)
	return func() {
		f.setChanging(false)
		f.stopIdle()
		f.change.Unlock()
	}
}

func (f *fleet) setChanging(yes bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mu.changing = yes
}

// feeds says whether one pipeline sends to another.
func feeds(from, to plan) bool {
	return slices.ContainsFunc(from.links.Sends, func(address string) bool { return slices.Contains(to.links.Listens, address) })
}

// stopAll stops the pipelines, each after those that send to it, and waits for what is in flight.
func (f *fleet) stopAll() {
	f.change.Lock()
	defer f.change.Unlock()
	f.mu.Lock()
	f.mu.stopped = true
	left := slices.Clone(f.mu.members)
	f.mu.Unlock()
	for len(left) > 0 {
		var next, later []*member
		for _, m := range left {
			if slices.ContainsFunc(left, func(from *member) bool { return feeds(from.plan, m.plan) }) {
				later = append(later, m)
			} else {
				next = append(next, m)
			}
		}
		f.stopMembers(next)
		left = later
	}
}

func (f *fleet) stopMembers(members []*member) {
	for _, m := range members {
		m.stop(nil)
	}
	for _, m := range members {
		<-m.ended
	}
}

// checkLinks refuses addresses that two pipelines listen at, and pipelines that send to each other in a circle: an event could go round for
// ever, and no order of stopping would do.
func checkLinks(plans []plan) error {
	at := map[string]string{}
	for _, p := range plans {
		for _, address := range p.links.Listens {
			if other, taken := at[address]; taken {
				return fmt.Errorf("pipeline %s: another input of pipeline %s listens at the address %q", p.pc.ID, other, address)
			}
			at[address] = p.pc.ID
		}
	}
	next := map[string][]string{}
	for _, from := range plans {
		for _, to := range plans {
			if feeds(from, to) {
				next[from.pc.ID] = append(next[from.pc.ID], to.pc.ID)
			}
		}
	}
	for _, p := range plans {
		if circle := circleFrom(next, p.pc.ID, nil); circle != nil {
			return fmt.Errorf("pipelines send to each other in a circle: %s", strings.Join(circle, " → "))
		}
	}
	return nil
}

// circleFrom follows the links from a pipeline and returns the way back to one that was met, nil when there is none.
func circleFrom(next map[string][]string, id string, way []string) []string {
	if i := slices.Index(way, id); i >= 0 {
		return append(slices.Clone(way[i:]), id)
	}
	way = append(way, id)
	for _, to := range next[id] {
		if circle := circleFrom(next, to, way); circle != nil {
			return circle
		}
	}
	return nil
}

// wait returns when every pipeline has ended and none is being changed.
func (f *fleet) wait() {
	for {
		running := (*member)(nil)
		f.change.Lock()
		for _, m := range f.members() {
			if !m.hasEnded() {
				running = m
			}
		}
		f.change.Unlock()
		if running == nil {
			return
		}
		f.mu.Lock()
		ended := running.ended
		f.mu.Unlock()
		<-ended
	}
}
