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
	var drop []*index
	for _, a := range c.Actions {
		if err := e.planAlias(a, next, &drop); err != nil {
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
func (e *Engine) planAlias(a es.AliasAction, next map[*index][]es.Alias, drop *[]*index) error {
	target := a.Target
	target.Closed = true
	found, err := e.resolve(target)
	if err != nil {
		return err
	}
	if len(found) == 0 && !a.Target.IgnoreUnavailable {
		return eserr.IndexNotFound(strings.Join(a.Target.Names, ","))
	}
	removed := 0
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
	if other := e.indexByName[name]; other != nil && !slices.Contains(dropped, other) {
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
			for _, have := range ix.aliasList() {
				if have.Name == a.Name && have.IsWriteIndex != nil && *have.IsWriteIndex {
					return eserr.New(500, "illegal_state_exception", "alias [%s] has more than one write index [%s,%s]", a.Name, ix.name, name)
				}
			}
		}
	}
	return nil
}
