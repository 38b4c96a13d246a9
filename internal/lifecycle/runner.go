package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"elkhorn/internal/es"
)

// DefaultInterval is how often a Runner looks. Elasticsearch takes ten minutes, since a look costs a
// cluster's master something; here it costs microseconds an index.
const DefaultInterval = time.Minute

// Options configure a Runner. The zero value is usable.
type Options struct {
	// Interval is the time between looks; 0 is DefaultInterval. An index may live longer than its policy
	// says by so much.
	Interval time.Duration
	Now      func() time.Time
	Logger   *slog.Logger
}

// Runner carries out lifecycle policies. Its methods may not be called at the same time.
type Runner struct {
	store    es.IndexAdmin
	interval time.Duration
	now      func() time.Time
	logger   *slog.Logger

	policies map[string]parsed
	// states are where indices stood at the last look, by UUID.
	states map[string]*es.LifecycleState
	// told are the notices that were given; a notice of the same words is given once.
	told map[notice]bool
}

// parsed is a policy as of its version.
type parsed struct {
	version  int64
	modified time.Time
	policy   *policy // nil when it is faulty
}

// notice is something said about a policy or an index.
type notice struct{ kind, subject, text string }

// New is a runner over a store.
func New(store es.IndexAdmin, o Options) *Runner {
	r := &Runner{store: store, interval: o.Interval, now: o.Now, logger: o.Logger, told: map[notice]bool{}}
	if r.interval <= 0 {
		r.interval = DefaultInterval
	}
	if r.now == nil {
		r.now = time.Now
	}
	if r.logger == nil {
		r.logger = slog.Default()
	}
	return r
}

// Run looks at once and then every Interval (or indices.lifecycle.poll_interval) until ctx ends, which is no error. Faults are logged; the
// next look tries again.
func (r *Runner) Run(ctx context.Context) error {
	for {
		if err := r.RunOnce(ctx); err != nil && ctx.Err() == nil {
			r.logger.Error("lifecycle policies could not be looked at", "error", err)
		}
		next := time.NewTimer(r.pollInterval(ctx))
		select {
		case <-ctx.Done():
			next.Stop()
			return nil
		case <-next.C:
		}
	}
}

// RunOnce looks once. What goes wrong with one index is logged, once in the same words, and keeps no
// other from its turn; the error is for what concerns all of them.
func (r *Runner) RunOnce(ctx context.Context) error {
	if stopped, err := r.stopped(ctx); err != nil || stopped {
		return err
	}
	if err := r.loadPolicies(ctx); err != nil {
		return err
	}
	if err := r.loadStates(ctx); err != nil {
		return err
	}
	indices, err := r.store.Indices(ctx, es.Target{Closed: true, Hidden: true})
	if err != nil {
		return fmt.Errorf("list indices: %w", err)
	}
	if err := r.dropStates(ctx, indices); err != nil {
		return err
	}
	answer, err := r.store.Apply(ctx, &es.GetDataStreams{Target: es.Target{Hidden: true}})
	if err != nil {
		return fmt.Errorf("list data streams: %w", err)
	}
	streams, _ := answer.([]es.DataStream) // a store without streams answers nothing
	if err := r.followPolicies(ctx, indices); err != nil {
		return err
	}
	r.keepStreams(ctx, indices, streams)
	return r.keepByDefault(ctx, indices, streams)
}

// followPolicies does what policies say is due for the indices that follow one.
func (r *Runner) followPolicies(ctx context.Context, indices []es.IndexInfo) error {
	rolledOver := successors(indices)
	for i := range indices {
		ix := &indices[i]
		if ctx.Err() != nil {
			return ctx.Err()
		}
		name := ix.Settings["index.lifecycle.name"]
		if name == "" {
			continue
		}
		p, ok := r.policies[name]
		if !ok {
			missing := fmt.Errorf("policy [%s] does not exist", name)
			r.warnOnce("index", ix.Name, missing)
			if err := r.note(ctx, ix, &parsed{}, time.Time{}, place{action: "complete", step: "policy", err: missing}); err != nil {
				return err
			}
			continue
		}
		if p.policy == nil {
			continue // said when it was read
		}
		if err := r.advance(ctx, &p, ix, rolledOver[ix.Name]); err != nil && ctx.Err() == nil {
			r.warnOnce("index", ix.Name, err)
		}
	}
	return nil
}

// advance does what is due for one index: the actions of every phase that it has reached, from the
// first on, up to the first that is not done.
func (r *Runner) advance(ctx context.Context, from *parsed, ix *es.IndexInfo, successor time.Time) error {
	p := from.policy
	if origin, ok := parsedOrigin(ix); ok {
		ix = &origin
	}
	start, running, clockErr := clockStart(ix, p.rollover(), successor)
	if clockErr != nil && !errors.Is(clockErr, errNeverRolled) {
		return clockErr
	}
	if !running {
		start = time.Time{}
	}
	forced := r.forcedPhase(p, ix)
	reached := p.phases
	if i := slices.IndexFunc(p.phases, func(ph phase) bool {
		first := ph.name == p.phases[0].name && ph.minAge == 0
		return !first && !forced[ph.name] && (!running || r.now().Before(start.Add(ph.minAge)))
	}); i >= 0 {
		reached = p.phases[:i]
	}
	for i := range reached {
		ph := &reached[i]
		for _, s := range ph.actions {
			if s.act == nil || superseded(s.act, reached[i+1:]) {
				continue
			}
			done, err := s.act.run(ctx, r, ix)
			if err != nil {
				return errors.Join(fmt.Errorf("phase [%s], action [%s]: %w", ph.name, s.name, err),
					r.note(ctx, ix, from, start, place{phase: ph, action: s.name, step: s.stepName(), err: err}))
			}
			if s.name == "delete" {
				return nil // gone, and its state with the next look
			}
			if !done {
				return r.note(ctx, ix, from, start, place{phase: ph, action: s.name, step: s.stepName()})
			}
		}
	}
	at := place{action: "complete", step: "complete"}
	if len(reached) > 0 {
		at.phase = &reached[len(reached)-1]
	}
	if clockErr != nil {
		at.action, at.step, at.err = "rollover", "check-rollover-ready", clockErr
	}
	return errors.Join(clockErr, r.note(ctx, ix, from, start, at))
}

// forcedPhase are the phases up to the one that somebody moved the index to.
func (r *Runner) forcedPhase(p *policy, ix *es.IndexInfo) map[string]bool {
	st := r.states[ix.UUID]
	if st == nil || st.Forced == "" {
		return nil
	}
	forced := map[string]bool{}
	for _, ph := range p.phases {
		forced[ph.name] = true
		if ph.name == st.Forced {
			return forced
		}
	}
	return nil // the policy has no such phase any more
}

// loadPolicies reads the policies that are new or changed.
func (r *Runner) loadPolicies(ctx context.Context) error {
	answer, err := r.store.Apply(ctx, &es.GetObjects{Kind: es.KindLifecyclePolicy})
	if err != nil {
		return fmt.Errorf("read policies: %w", err)
	}
	objects, ok := answer.([]es.Object)
	if !ok {
		return fmt.Errorf("read policies: the store answered %T", answer)
	}
	known := make(map[string]parsed, len(objects))
	for i := range objects {
		o := &objects[i]
		if have, ok := r.policies[o.Name]; ok && have.version == o.Version {
			known[o.Name] = have
			continue
		}
		p, err := parsePolicy(o.JSON)
		if err != nil {
			r.logger.Warn("lifecycle policy is not carried out", "policy", o.Name, "error", err)
			known[o.Name] = parsed{version: o.Version}
			continue
		}
		if names := p.notActing(); names != "" {
			r.logger.Warn("lifecycle policy has actions that do nothing in this store; the others are carried out", "policy", o.Name, "actions", names)
		}
		known[o.Name] = parsed{version: o.Version, modified: o.Modified, policy: p}
	}
	r.policies = known
	return nil
}

// once is true the first time that it is called with these words.
func (r *Runner) once(kind, subject, text string) bool {
	n := notice{kind, subject, text}
	if r.told[n] {
		return false
	}
	if len(r.told) > maxTold {
		clear(r.told)
	}
	r.told[n] = true
	return true
}

// maxTold bounds the memory of what was said; past it everything may be said, and merged, once more.
const maxTold = 10_000

func (r *Runner) warnOnce(kind, subject string, err error) {
	if r.once(kind, subject, err.Error()) {
		r.logger.Warn("lifecycle of an index stands still", kind, subject, "error", err)
	}
}
