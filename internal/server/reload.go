package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"elkhorn/internal/pipeline/runtime"
)

// ReloadReport says what a reload did, by pipeline.
type ReloadReport struct {
	Started   []string          `json:"started"`
	Reloaded  []string          `json:"reloaded"`
	Stopped   []string          `json:"stopped"`
	Unchanged []string          `json:"unchanged"`
	Failed    map[string]string `json:"failed"` // and why; what ran before goes on
}

// Reload reads the configurations again and puts what changed in place of what runs: checked first, so that a faulty one changes nothing,
// and without losing an event.
func (s *Server) Reload(ctx context.Context) (ReloadReport, error) {
	if s.fleet == nil {
		return ReloadReport{}, errors.New("no pipelines run here")
	}
	return s.fleet.reload(ctx)
}

func (f *fleet) reload(ctx context.Context) (ReloadReport, error) {
	defer f.beginChange()()
	report := ReloadReport{Started: []string{}, Reloaded: []string{}, Stopped: []string{}, Unchanged: []string{}, Failed: map[string]string{}}
	f.mu.Lock()
	stopped := f.mu.stopped
	f.mu.Unlock()
	if stopped {
		return report, errors.New("the process is stopping")
	}
	configs := f.server.opts.Pipelines
	if read := f.server.opts.ReadPipelines; read != nil {
		var err error
		if configs, err = read(); err != nil {
			f.failed(nil, err)
			return report, fmt.Errorf("the list of pipelines stays as it is: %w", err)
		}
		configs = append(configs, f.server.own...)
	}
	f.apply(ctx, configs, &report)
	return report, nil
}

// apply makes the fleet that of configs.
func (f *fleet) apply(ctx context.Context, configs []PipelineConfig, report *ReloadReport) {
	wanted := map[string]bool{}
	var plans []plan // that the fleet would have
	changed := map[string]plan{}
	for _, pc := range configs {
		wanted[pc.ID] = true
		m := f.find(pc.ID)
		p, err := f.plan(pc)
		switch {
		case err == nil && (m == nil || m.plan.sum != p.sum):
			changed[pc.ID] = p
			plans = append(plans, p)
			continue
		case err != nil:
			f.reject(m, pc.ID, err, report)
		default:
			report.Unchanged = append(report.Unchanged, pc.ID)
		}
		if m != nil {
			plans = append(plans, m.plan)
		}
	}
	if err := checkLinks(plans); err != nil {
		for id := range changed {
			f.reject(f.find(id), id, err, report)
		}
		return
	}
	for _, m := range f.members() {
		if !wanted[m.plan.pc.ID] {
			f.remove(m)
			report.Stopped = append(report.Stopped, m.plan.pc.ID)
		}
	}
	for _, p := range plans {
		id := p.pc.ID
		if _, ok := changed[id]; !ok {
			continue
		}
		m := f.find(id)
		fresh := m == nil
		if err := f.replace(ctx, m, p); err != nil {
			f.reject(f.find(id), id, err, report)
			continue
		}
		if fresh {
			report.Started = append(report.Started, id)
		} else {
			report.Reloaded = append(report.Reloaded, id)
		}
		f.succeeded(f.find(id))
		f.server.logger.Info("pipeline was loaded", "pipeline", id)
	}
	if len(report.Stopped)+len(report.Reloaded) > 0 {
		f.tellLeftBehind()
	}
}

func (f *fleet) find(id string) *member {
	for _, m := range f.members() {
		if m.plan.pc.ID == id {
			return m
		}
	}
	return nil
}

func (f *fleet) remove(m *member) {
	f.stopMembers([]*member{m})
	f.mu.Lock()
	defer f.mu.Unlock()
	f.mu.members = slices.DeleteFunc(f.mu.members, func(other *member) bool { return other == m })
}

// replace puts a new pipeline in place of a member's, nil for one more. After an error the old one runs.
func (f *fleet) replace(ctx context.Context, m *member, p plan) error {
	built, err := f.build(p)
	if err != nil {
		return err
	}
	if m == nil {
		if err := built.Open(ctx); err != nil {
			return err
		}
		f.run(&member{plan: p}, built)
		return nil
	}
	if !m.plan.pc.Settings.Reloadable {
		return errors.New("pipeline.reloadable is false")
	}
	// Ports stay open from here to the end: connections wait and are not refused.
	release := f.ports.hold(m.plan.pc.ID)
	defer release()
	m.current.PrepareHandOver()
	f.stopMembers([]*member{m})
	left := m.current.Leftover()
	if err := built.Open(ctx); err != nil {
		return errors.Join(err, f.goBack(ctx, m, left))
	}
	built.Adopt(left)
	f.mu.Lock()
	m.plan = p
	f.mu.Unlock()
	f.run(m, built)
	return nil
}

// goBack runs a member's old pipeline again, as it was read then.
func (f *fleet) goBack(ctx context.Context, m *member, left runtime.Leftover) error {
	old, err := f.build(m.plan)
	if err == nil {
		err = old.Open(ctx)
	}
	if err != nil {
		return fmt.Errorf("the old pipeline cannot run any more either, %d events are lost unless their sources send them again: %w", left.Len(), err)
	}
	old.Adopt(left)
	f.run(m, old)
	return nil
}

// reject notes a pipeline that could not be loaded.
func (f *fleet) reject(m *member, id string, err error, report *ReloadReport) {
	report.Failed[id] = err.Error()
	f.failed(m, err)
	f.server.logger.Error("pipeline was not loaded; what ran before goes on", "pipeline", id, "error", err)
}

func (f *fleet) failed(m *member, err error) {
	now := f.server.opts.Now()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range f.countersLocked(m) {
		r.Failures++
		r.LastFailure, r.LastError = now, err.Error()
	}
}

func (f *fleet) succeeded(m *member) {
	now := f.server.opts.Now()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range f.countersLocked(m) {
		r.Successes++
		r.LastSuccess = now
	}
}

func (f *fleet) countersLocked(m *member) []*Reloads {
	if m == nil {
		return []*Reloads{&f.mu.reloads}
	}
	return []*Reloads{&f.mu.reloads, &m.reloads}
}

// differs says whether what is on disk is other than at the last look.
func (f *fleet) differs() bool {
	seen := ""
	configs := f.server.opts.Pipelines
	if read := f.server.opts.ReadPipelines; read != nil {
		var err error
		if configs, err = read(); err != nil {
			seen = err.Error()
		}
	}
	for _, pc := range configs {
		p, err := f.plan(pc)
		seen += fmt.Sprintf("%s %x %v\n", pc.ID, p.sum, err)
	}
	same := seen == f.seen
	f.seen = seen
	return !same
}

// watch reloads by the clock and by signal, as the settings say, until ctx ends. What fails is said once, not at every look.
func (f *fleet) watch(ctx context.Context) error {
	reload := f.server.opts.Node.Reload
	var tick <-chan time.Time
	if reload.Automatic {
		ticker := time.NewTicker(reload.Interval)
		defer ticker.Stop()
		tick = ticker.C
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick:
			if !f.differs() {
				continue
			}
		case <-f.server.opts.ReloadSignal:
		}
		if _, err := f.reload(ctx); err != nil {
			f.server.logger.Error("reload failed", "error", err)
		}
	}
}
