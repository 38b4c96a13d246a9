package ingest

import (
	"context"
	"sync"
	"sync/atomic"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
)

// none is the pipeline that is none, in settings and requests.
const none = "_none"

// roles are the pipelines that a name's index has by its settings, "" where it has none.
type roles struct{ first, last string }

// targets remembers the roles of names: indices, aliases, data streams, and indices that templates would make.
type targets struct {
	store es.Store
	mu    struct {
		sync.RWMutex
		roles map[string]roles
		// changes counts changes, so that what was looked up before one is not remembered after it.
		changes int
		// missing are names remembered that there was no index of.
		missing []string
	}
	// someMissing tells whether there are any, without the lock.
	someMissing atomic.Bool
}

// maxTargets bounds the names remembered; there are rarely more indices written to.
const maxTargets = 10_000

// forget drops all: something may have changed.
func (t *targets) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mu.roles, t.mu.missing = nil, nil
	t.mu.changes++
}

// written forgets the names that there was no index of: a write may have made one, with aliases.
func (t *targets) written() {
	if !t.someMissing.Load() {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, name := range t.mu.missing {
		delete(t.mu.roles, name)
	}
	t.mu.missing = nil
	t.someMissing.Store(false)
}

// of returns the roles of a name. A name that cannot be written to has none: the store inside says why.
func (t *targets) of(ctx context.Context, name string) (roles, error) {
	t.mu.RLock()
	r, known := t.mu.roles[name]
	changes := t.mu.changes
	t.mu.RUnlock()
	if known {
		return r, nil
	}
	r, exists, err := t.lookUp(ctx, name)
	if err != nil {
		return r, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.mu.changes == changes {
		if t.mu.roles == nil || len(t.mu.roles) >= maxTargets {
			t.mu.roles = map[string]roles{}
		}
		t.mu.roles[name] = r
		if !exists {
			t.mu.missing = append(t.mu.missing, name)
			t.someMissing.Store(true)
		}
	}
	return r, nil
}

func (t *targets) lookUp(ctx context.Context, name string) (r roles, exists bool, err error) {
	found, err := t.store.Indices(ctx, es.Target{Names: []string{name}, NoWildcards: true, Closed: true, Hidden: true})
	if err == nil && len(found) > 0 {
		return rolesOf(writeIndex(found, name).Settings), true, nil
	}
	if err != nil && !eserr.Is(err, "index_not_found_exception") {
		return roles{}, false, nil // not a name to write to
	}
	made, err := t.store.Apply(ctx, &es.SimulateIndex{Name: name})
	if resolved, ok := made.(*es.ResolvedIndex); ok && err == nil {
		return rolesOf(resolved.Settings), false, nil
	}
	return roles{}, false, ctx.Err()
}

// writeIndex is the index that a write to name goes to: the one the alias or the data stream calls so, else the newest.
func writeIndex(found []es.IndexInfo, name string) *es.IndexInfo {
	for i := range found {
		if found[i].StreamWrite && found[i].DataStream == name {
			return &found[i]
		}
		for _, a := range found[i].Aliases {
			if a.Name == name && a.IsWriteIndex != nil && *a.IsWriteIndex {
				return &found[i]
			}
		}
	}
	return &found[len(found)-1]
}

func rolesOf(settings map[string]string) roles {
	setting := func(name string) string {
		if v := settings[name]; v != none {
			return v
		}
		return ""
	}
	return roles{first: setting("index.default_pipeline"), last: setting("index.final_pipeline")}
}
