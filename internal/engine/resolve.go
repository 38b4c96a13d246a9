package engine

import (
	"slices"
	"sort"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/wildcard"
)

// resolved is one index that a target names, and the aliases by which it was reached (empty when by
// its own name, which lifts any alias's filter).
type resolved struct {
	index   *index
	aliases []es.Alias
	direct  bool
}

// resolve finds the indices that a target names, sorted by name.
func (e *Engine) resolve(t es.Target) ([]resolved, error) {
	e.indexMu.RLock()
	defer e.indexMu.RUnlock()
	r := resolver{engine: e, target: t, found: map[string]*resolved{}}
	names := es.SplitNames(t.Names)
	if len(names) == 0 || len(names) == 1 && names[0] == "_all" {
		names = []string{"*"}
	}
	for i, name := range names {
		if err := r.add(name, i > 0); err != nil {
			return nil, err
		}
	}
	if len(r.found) == 0 && t.NoIndices {
		return nil, eserr.IndexNotFound(strings.Join(names, ","))
	}
	out := make([]resolved, 0, len(r.found))
	for _, f := range r.found {
		out = append(out, *f)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].index.name < out[j].index.name })
	return out, nil
}

type resolver struct {
	engine *Engine
	target es.Target
	found  map[string]*resolved
}

func (r *resolver) add(name string, mayExclude bool) error {
	if mayExclude && strings.HasPrefix(name, "-") {
		for have := range r.found {
			if wildcard.Match(name[1:], have) {
				delete(r.found, have)
			}
		}
		return nil
	}
	if strings.Contains(name, "*") {
		if r.target.NoWildcards && !r.target.NoIndices {
			return nil // wildcards stand for nothing
		}
		if !r.target.NoWildcards {
			return r.addPattern(name)
		}
	}
	if ix := r.engine.indexByName[name]; ix != nil {
		if ix.closed.Load() && !r.target.Closed {
			if r.target.IgnoreUnavailable {
				return nil
			}
			return eserr.IndexClosed(ix.name, ix.uuid)
		}
		r.note(ix, nil)
		return nil
	}
	if st := r.engine.streamByName[name]; st != nil && !r.target.NoStreams {
		r.noteStream(st, nil)
		return nil
	}
	if r.addAlias(func(a string) bool { return a == name }, true) {
		return nil
	}
	if err := r.engine.checkOpened(name); err != nil {
		return err
	}
	if r.target.IgnoreUnavailable {
		return nil
	}
	if strings.HasPrefix(name, "_") {
		return eserr.InvalidIndexName(name, "must not start with '_'.")
	}
	return eserr.IndexNotFound(name)
}

// checkOpened refuses the name of an index that is there but did not open: it must not look as if it did not exist.
// The caller holds indexMu.
func (e *Engine) checkOpened(name string) error {
	if err, broken := e.broken[name]; broken {
		return notOpened(name, err)
	}
	return nil
}

func notOpened(name string, err error) *eserr.Error {
	return eserr.New(503, "no_shard_available_action_exception", "index [%s] exists but did not open: %s", name, err)
}

// unopened lists the indices that a target's patterns name and that did not open: their part of every answer is missing.
func (e *Engine) unopened(t es.Target) []es.ShardFailure {
	var missing []es.ShardFailure
	e.indexMu.RLock()
	defer e.indexMu.RUnlock()
	for broken, err := range e.broken {
		if t.Covers(broken) {
			missing = append(missing, es.ShardFailure{Index: broken, Err: notOpened(broken, err)})
		}
	}
	return missing
}

func (r *resolver) addPattern(pattern string) error {
	matches := func(name string) bool { return wildcard.Match(pattern, name) }
	found := !r.target.NoAliasPatterns && r.addAlias(matches, false)
	if r.addStreams(matches, pattern) {
		found = true
	}
	for name, ix := range r.engine.indexByName {
		if !matches(name) || !r.wanted(ix, pattern) {
			continue
		}
		r.note(ix, nil)
		found = true
	}
	if !found && r.target.NoIndices {
		return eserr.IndexNotFound(pattern)
	}
	return nil
}

// wanted says whether a wildcard takes an index in its present state.
func (r *resolver) wanted(ix *index, pattern string) bool {
	closed := ix.closed.Load()
	if closed && !r.target.Closed || !closed && r.target.OpenExcluded {
		return false
	}
	dotted := strings.HasPrefix(ix.name, ".") && strings.HasPrefix(pattern, ".")
	return !ix.settings.Load().hidden || r.target.Hidden || dotted
}

func (r *resolver) addAlias(matches func(string) bool, exact bool) bool {
	any := false
	for _, ix := range r.engine.indexByName {
		for _, a := range ix.aliasList() {
			if !matches(a.Name) || !exact && a.IsHidden && !r.target.Hidden {
				continue
			}
			if ix.closed.Load() && !r.target.Closed {
				continue
			}
			alias := a
			r.note(ix, &alias)
			any = true
		}
	}
	if r.target.NoStreams {
		return any
	}
	for _, st := range r.engine.streamByName {
		for _, rec := range st.Aliases {
			if !matches(rec.Name) || !exact && rec.IsHidden && !r.target.Hidden {
				continue
			}
			alias := aliasOf(&rec)
			r.noteStream(st, &alias)
			any = true
		}
	}
	return any
}

// addStreams adds the streams that a pattern names.
func (r *resolver) addStreams(matches func(string) bool, pattern string) bool {
	any := false
	for name, st := range r.engine.streamByName {
		if r.target.NoStreams || !matches(name) || !st.shownTo(&r.target, pattern) {
			continue
		}
		r.noteStream(st, nil)
		any = true
	}
	return any
}

// noteStream adds the indices of a stream, or of an alias of one.
func (r *resolver) noteStream(st *stream, alias *es.Alias) {
	for _, name := range st.Indices {
		ix := r.engine.indexByName[name]
		if ix == nil || ix.closed.Load() && !r.target.Closed || !ix.closed.Load() && r.target.OpenExcluded {
			continue
		}
		r.note(ix, alias)
	}
}

func (r *resolver) note(ix *index, alias *es.Alias) {
	f := r.found[ix.name]
	if f == nil {
		f = &resolved{index: ix}
		r.found[ix.name] = f
	}
	switch {
	case alias == nil:
		f.direct, f.aliases = true, nil
	case !f.direct && !slices.ContainsFunc(f.aliases, func(a es.Alias) bool { return a.Name == alias.Name }):
		f.aliases = append(f.aliases, *alias)
	}
}

// writeTarget is where a write to a name goes: an index that the name is of, by an alias, or by a data stream. index is nil when
// there is nothing of that name.
type writeTarget struct {
	index  *index
	alias  bool
	stream *stream // nil: not by a data stream
}

// writeTarget finds the one index that a write to name goes to.
func (e *Engine) writeTarget(name string) (*writeTarget, error) {
	e.indexMu.RLock()
	defer e.indexMu.RUnlock()
	if ix := e.indexByName[name]; ix != nil {
		return &writeTarget{index: ix}, nil
	}
	if st := e.streamByName[name]; st != nil {
		return e.streamTargetLocked(st, false)
	}
	var candidates []*index
	explicit := false
	for _, ix := range e.indexByName {
		for _, a := range ix.aliasList() {
			if a.Name != name {
				continue
			}
			if a.IsWriteIndex != nil && *a.IsWriteIndex {
				return &writeTarget{index: ix, alias: true}, nil
			}
			explicit = explicit || a.IsWriteIndex != nil
			candidates = append(candidates, ix)
		}
	}
	switch {
	case len(candidates) == 0:
		return e.streamByAliasLocked(name)
	case len(candidates) == 1 && !explicit:
		return &writeTarget{index: candidates[0], alias: true}, nil
	}
	return &writeTarget{alias: true}, noWriteIndex(name)
}

func noWriteIndex(alias string) error {
	return eserr.IllegalArgument("no write index is defined for alias [%s]. The write index may be explicitly disabled using is_write_index=false or the alias points to multiple indices without one being designated as a write index", alias)
}

// streamTargetLocked is the write index of a stream.
func (e *Engine) streamTargetLocked(st *stream, alias bool) (*writeTarget, error) {
	ix := e.indexByName[st.writeIndex()]
	if ix == nil {
		if err := e.checkOpened(st.writeIndex()); err != nil {
			return nil, err
		}
		return nil, eserr.IndexNotFound(st.writeIndex())
	}
	return &writeTarget{index: ix, alias: alias, stream: st}, nil
}

// streamByAliasLocked finds the stream that an alias writes to.
func (e *Engine) streamByAliasLocked(name string) (*writeTarget, error) {
	var all []*stream
	for _, st := range e.streamByName {
		for _, a := range st.Aliases {
			if a.Name != name {
				continue
			}
			if a.IsWriteIndex != nil && *a.IsWriteIndex {
				return e.streamTargetLocked(st, true)
			}
			all = append(all, st)
		}
	}
	switch len(all) {
	case 0:
		return &writeTarget{}, nil
	case 1:
		return e.streamTargetLocked(all[0], true)
	}
	return &writeTarget{alias: true}, noWriteIndex(name)
}
