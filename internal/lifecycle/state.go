package lifecycle

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"elkhorn/internal/es"
)

// loadStates reads where indices stood at the last look.
func (r *Runner) loadStates(ctx context.Context) error {
	answer, err := r.store.Apply(ctx, &es.GetObjects{Kind: es.KindLifecycleState})
	if err != nil {
		return fmt.Errorf("read states: %w", err)
	}
	objects, ok := answer.([]es.Object)
	if !ok {
		return fmt.Errorf("read states: the store answered %T", answer)
	}
	r.states = make(map[string]*es.LifecycleState, len(objects))
	for i := range objects {
		st, err := es.ParseLifecycleState(objects[i].JSON)
		if err != nil {
			r.logger.Warn("lifecycle state does not read and is begun anew", "index_uuid", objects[i].Name, "error", err)
			continue
		}
		r.states[objects[i].Name] = st
	}
	return nil
}

// dropStates forgets the states of indices that are gone or follow no policy any more.
func (r *Runner) dropStates(ctx context.Context, indices []es.IndexInfo) error {
	there, follows := map[string]bool{}, map[string]bool{}
	for i := range indices {
		there[indices[i].UUID] = true
		follows[indices[i].UUID] = indices[i].Settings["index.lifecycle.name"] != ""
	}
	for uuid, st := range r.states {
		if there[uuid] && follows[uuid] == (st.Policy != "") {
			continue
		}
		if err := r.forget(ctx, uuid); err != nil {
			return err
		}
	}
	return nil
}

func (r *Runner) forget(ctx context.Context, uuid string) error {
	if _, err := r.store.Apply(ctx, &es.DeleteObjects{Kind: es.KindLifecycleState, Names: []string{uuid}}); err != nil {
		return fmt.Errorf("forget the state of an index: %w", err)
	}
	delete(r.states, uuid)
	return nil
}

// place is where an index stands: the action that waits, failed or was the last one.
type place struct {
	phase        *phase
	action, step string
	err          error // of an action that failed
}

// note stores where an index stands, if that has changed.
func (r *Runner) note(ctx context.Context, ix *es.IndexInfo, p *parsed, clock time.Time, at place) error {
	now := r.now().UnixMilli()
	old := r.states[ix.UUID]
	next := es.LifecycleState{Phase: "new", Action: "complete", Step: "complete", PhaseMillis: now, ActionMillis: now, StepMillis: now}
	if old != nil {
		next = *old
	}
	if next.Policy != ix.Settings["index.lifecycle.name"] {
		next.Forced = ""
	}
	next.Index, next.Policy, next.PolicyVersion, next.PolicyMillis = ix.Name, ix.Settings["index.lifecycle.name"], p.version, p.modified.UnixMilli()
	if next.ClockMillis = 0; !clock.IsZero() {
		next.ClockMillis = clock.UnixMilli()
	}
	if at.phase != nil && at.phase.name != next.Phase {
		next.Phase, next.PhaseMillis, next.Action, next.Step = at.phase.name, now, "", ""
	}
	if at.phase != nil {
		next.PhaseJSON = at.phase.json
	}
	if at.action != next.Action {
		next.Action, next.ActionMillis, next.Step = at.action, now, ""
	}
	step := at.step
	if at.err != nil {
		step = es.StepError
	}
	if step != next.Step {
		next.Step, next.StepMillis = step, now
	}
	if at.err == nil {
		next.FailedStep, next.Reason, next.Retries = "", "", 0
	} else {
		if next.FailedStep == at.step {
			next.Retries++
		}
		next.FailedStep, next.Reason = at.step, at.err.Error()
	}
	return r.keep(ctx, ix.UUID, &next)
}

// keep stores a state that has changed.
func (r *Runner) keep(ctx context.Context, uuid string, next *es.LifecycleState) error {
	if old := r.states[uuid]; old != nil && reflect.DeepEqual(old, next) {
		return nil
	}
	body, err := next.JSON()
	if err != nil {
		return err
	}
	if _, err := r.store.Apply(ctx, &es.PutObject{Kind: es.KindLifecycleState, Name: uuid, JSON: body}); err != nil {
		return fmt.Errorf("keep the state of an index: %w", err)
	}
	r.states[uuid] = next
	return nil
}

// stopped says whether somebody has stopped the work on policies.
func (r *Runner) stopped(ctx context.Context) (bool, error) {
	answer, err := r.store.Apply(ctx, &es.GetObjects{Kind: es.KindLifecycleMode, Names: []string{"mode"}})
	if err != nil {
		return false, fmt.Errorf("read mode: %w", err)
	}
	objects, ok := answer.([]es.Object)
	if !ok || len(objects) == 0 {
		return false, nil
	}
	var mode struct{ Mode string }
	if err := json.Unmarshal(objects[0].JSON, &mode); err != nil {
		return false, fmt.Errorf("read mode: %w", err)
	}
	return mode.Mode == "STOPPED", nil
}
