package engine

import (
	"slices"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
)

// updateAliases carries out alias actions, all or nothing.
func (e *Engine) updateAliases(c *es.UpdateAliases) error {
	e.adminMu.Lock()
	defer e.adminMu.Unlock()
	next := map[*index][]es.Alias{}
	streams := map[string]*streamRecord{}
	var drop []*index
	for _, a := range c.Actions {
		if err := e.planAlias(a, next, streams, &drop); err != nil {
			return err
		}
	}
	if err := e.checkWriteIndices(next); err != nil {
		return err
	}
	changed := map[*index]*indexSettings{}
	for ix := range next {
		changed[ix] = nil
	}
	err := e.saveIndices(changed, func(ix *index, rec *indexRecord) {
		rec.Aliases = nil
		for _, a := range next[ix] {
			rec.Aliases = append(rec.Aliases, recordOf(a))
		}
	}, func(ix *index) {
		list := next[ix]
		ix.aliases.Store(&list)
	})
	if err == nil && len(streams) > 0 {
		err = e.saveStreams(streams)
	}
	if err != nil {
		return err
	}
	for _, ix := range drop {
		if err := e.dropIndex(ix); err != nil {
			return err
		}
	}
	return nil
}

// planAlias works one action into the lists to come.
func (e *Engine) planAlias(a es.AliasAction, next map[*index][]es.Alias, streams map[string]*streamRecord, drop *[]*index) error {
	target := a.Target
	target.Closed, target.NoStreams = true, true
	ofStreams, removed, err := e.planStreamAlias(a, streams)
	if err != nil {
		return err
	}
	target.IgnoreUnavailable = target.IgnoreUnavailable || ofStreams > 0
	found, err := e.resolve(target)
	if err != nil {
		return err
	}
	if len(found) == 0 && ofStreams == 0 && !a.Target.IgnoreUnavailable {
		return eserr.IndexNotFound(strings.Join(a.Target.Names, ","))
	}
	for _, f := range found {
		ix := f.index
		if a.RemoveIndex {
			*drop = append(*drop, ix)
			continue
		}
		if _, ok := next[ix]; !ok {
			next[ix] = slices.Clone(ix.aliasList())
		}
		if a.Remove {
			before := len(next[ix])
			next[ix] = slices.DeleteFunc(next[ix], func(have es.Alias) bool { return len(a.Names) > 0 && matchesAny(a.Names, have.Name) })
			removed += before - len(next[ix])
			continue
		}
		for _, name := range a.Names {
			if err := e.checkNewAlias(name, ix, *drop); err != nil {
				return err
			}
			alias := a.Alias
			alias.Name = name
			next[ix] = append(slices.DeleteFunc(next[ix], func(have es.Alias) bool { return have.Name == name }), alias)
		}
	}
	mustExist := a.MustExist == nil || *a.MustExist
	if a.Remove && removed == 0 && mustExist {
		return eserr.AliasesNotFound(strings.Join(a.Names, ","))
	}
	return nil
}

func (e *Engine) checkNewAlias(name string, ix *index, dropped []*index) error {
	if err := checkAliasName(name); err != nil {
		return err
	}
	e.indexMu.RLock()
	defer e.indexMu.RUnlock()
	if other := e.indexByName[name]; other != nil && !slices.Contains(dropped, other) || e.streamByName[name] != nil {
		return eserr.New(400, "invalid_alias_name_exception", "Invalid alias name [%s]: an index or data stream exists with the same name as the alias", name)
	}
	return nil
}

// checkWriteIndices refuses two write indices for one alias.
func (e *Engine) checkWriteIndices(next map[*index][]es.Alias) error {
	writers := map[string][]string{}
	for _, ix := range e.allIndices() {
		list, ok := next[ix]
		if !ok {
			list = ix.aliasList()
		}
		for _, a := range list {
			if a.IsWriteIndex != nil && *a.IsWriteIndex {
				writers[a.Name] = append(writers[a.Name], ix.name)
			}
		}
	}
	for alias, names := range writers {
		if len(names) > 1 {
			slices.Sort(names)
			return eserr.New(500, "illegal_state_exception", "alias [%s] has more than one write index [%s]", alias, strings.Join(names, ","))
		}
	}
	return nil
}

// aliasConflict refuses a new index whose aliases would clash with what exists.
func (e *Engine) aliasConflict(name string, aliases []es.Alias) error {
	for _, a := range aliases {
		if err := e.checkNewAlias(a.Name, nil, nil); err != nil {
			return err
		}
		if a.IsWriteIndex == nil || !*a.IsWriteIndex {
			continue
		}
		for _, ix := range e.allIndices() {
			if ix.name == name {
				continue // a closed index that is to be replaced
			}
			for _, have := range ix.aliasList() {
				if have.Name == a.Name && have.IsWriteIndex != nil && *have.IsWriteIndex {
					return eserr.New(500, "illegal_state_exception", "alias [%s] has more than one write index [%s,%s]", a.Name, ix.name, name)
				}
			}
		}
	}
	return nil
}

// planStreamAlias works an action into the aliases of the data streams that it names. It returns how many streams there are, and
// how many aliases were taken off.
func (e *Engine) planStreamAlias(a es.AliasAction, next map[string]*streamRecord) (named, removed int, err error) {
	found, _ := e.matchStreams(a.Target)
	if a.RemoveIndex || len(a.Target.Names) == 0 {
		return 0, 0, nil
	}
	for _, st := range found {
		rec := next[st.name]
		if rec == nil {
			rec = st.change()
		}
		if a.Remove {
			before := len(rec.Aliases)
			rec.Aliases = slices.DeleteFunc(rec.Aliases, func(have aliasRecord) bool { return len(a.Names) > 0 && matchesAny(a.Names, have.Name) })
			removed += before - len(rec.Aliases)
			next[st.name] = rec
			continue
		}
		if a.Alias.IndexRouting != "" || a.Alias.SearchRouting != "" {
			return 0, 0, eserr.IllegalArgument("aliases that point to data streams don't support routing")
		}
		for _, name := range a.Names {
			if err := e.checkNewAlias(name, nil, nil); err != nil {
				return 0, 0, err
			}
			alias := a.Alias
			alias.Name = name
			rec.Aliases = append(slices.DeleteFunc(rec.Aliases, func(have aliasRecord) bool { return have.Name == name }), recordOf(alias))
		}
		next[st.name] = rec
	}
	return len(found), removed, nil
}
