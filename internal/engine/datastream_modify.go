package engine

import (
	"maps"
	"slices"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
)

// migrateToStream turns an alias into a data stream over its indices, the write index last.
func (e *Engine) migrateToStream(alias string) error {
	e.adminMu.Lock()
	defer e.adminMu.Unlock()
	target, err := e.writeTarget(alias)
	switch {
	case err != nil && !eserr.Is(err, "illegal_argument_exception"):
		return err
	case err != nil || target.index == nil || !target.alias:
		if target.index == nil && err == nil || !target.alias {
			return eserr.IllegalArgument("alias [%s] does not exist", alias)
		}
		return eserr.IllegalArgument("alias [%s] must specify a write index", alias)
	}
	bp, err := e.streamBlueprint(alias)
	if err != nil {
		return err
	}
	var members []*index
	for _, ix := range e.allIndices() {
		for _, a := range ix.aliasList() {
			if a.Name != alias {
				continue
			}
			if a.Filter != nil || a.IndexRouting != "" || a.SearchRouting != "" {
				return eserr.IllegalArgument("alias [%s] may not have custom filtering or routing", alias)
			}
			if ix != target.index {
				members = append(members, ix)
			}
		}
	}
	slices.SortFunc(members, func(a, b *index) int { return a.created.Compare(b.created) })
	members = append(members, target.index)
	rec := &streamRecord{Generation: len(members), Hidden: bp.stream.hidden, CustomRouting: bp.stream.customRouting, Lifecycle: bp.lifecycle}
	for _, ix := range members {
		if err := e.fitForStream(ix); err != nil {
			return err
		}
		rec.Indices = append(rec.Indices, ix.name)
	}
	return e.adoptIndices(members, alias, map[string]*streamRecord{alias: rec})
}

// fitForStream makes an index one that a stream may have: it needs a date @timestamp, which becomes required.
func (e *Engine) fitForStream(ix *index) error {
	f := ix.mapping().At("@timestamp")
	if f == nil {
		return eserr.IllegalArgument("index [%s] has no field [@timestamp], which an index of a data stream must have", ix.name)
	}
	m, err := mapping.WithTimestamp(ix.mapping())
	if err != nil {
		return err
	}
	_, err = ix.growMapping(e.ctx, func(*mapping.Mapping) (*mapping.Mapping, error) { return m, nil })
	return err
}

// adoptIndices hides indices, takes an alias off them, and stores them with the streams they now belong to.
func (e *Engine) adoptIndices(members []*index, alias string, streams map[string]*streamRecord) error {
	records := map[string]*indexRecord{}
	next := map[*index]*indexSettings{}
	aliases := map[*index][]es.Alias{}
	for _, ix := range members {
		flat := maps.Clone(ix.settings.Load().flat)
		flat["index.hidden"] = "true"
		s, err := keptSettings(flat)
		if err != nil {
			return err
		}
		next[ix] = s
		aliases[ix] = slices.DeleteFunc(slices.Clone(ix.aliasList()), func(a es.Alias) bool { return a.Name == alias })
		rec := ix.record()
		rec.Settings, rec.Aliases = s.flat, nil
		for _, a := range aliases[ix] {
			rec.Aliases = append(rec.Aliases, recordOf(a))
		}
		records[ix.name] = rec
	}
	if err := e.meta.put(records, streams); err != nil {
		return err
	}
	for ix, s := range next {
		ix.settings.Store(s)
		list := aliases[ix]
		ix.aliases.Store(&list)
	}
	e.setStreams(streams)
	return nil
}

// modifyStreams takes indices into streams and out of them, all or nothing.
func (e *Engine) modifyStreams(c *es.ModifyDataStreams) error {
	e.adminMu.Lock()
	defer e.adminMu.Unlock()
	changed := map[string]*streamRecord{}
	var added, removed []*index
	for _, a := range c.Actions {
		ix := e.indexNamed(a.Index)
		st := e.streamOf(a.Stream)
		if st == nil {
			return eserr.IllegalArgument("data stream [%s] not found", a.Stream)
		}
		if ix == nil {
			return eserr.IllegalArgument("index [%s] not found", a.Index)
		}
		rec := changed[st.name]
		if rec == nil {
			rec = st.change()
			changed[st.name] = rec
		}
		if a.Remove {
			at := slices.Index(rec.Indices, a.Index)
			switch {
			case at < 0:
				return eserr.IllegalArgument("index [%s] is not part of data stream [%s]", a.Index, a.Stream)
			case at == len(rec.Indices)-1:
				return eserr.IllegalArgument("cannot remove backing index [%s] of data stream [%s] because it is the write index", a.Index, a.Stream)
			}
			rec.Indices = slices.Delete(rec.Indices, at, at+1)
			removed = append(removed, ix)
		} else {
			if other := ix.stream.Load(); other != nil {
				return eserr.IllegalArgument("cannot add index [%s] to data stream [%s] because it is already a backing index on data stream [%s]", a.Index, a.Stream, *other)
			}
			if err := e.fitForStream(ix); err != nil {
				return err
			}
			rec.Indices = append([]string{a.Index}, rec.Indices...)
			added = append(added, ix)
		}
		rec.Generation++
	}
	if err := e.adoptIndices(added, "", changed); err != nil {
		return err
	}
	return e.showAgain(removed)
}

// showAgain takes the hiding off indices that left their stream.
func (e *Engine) showAgain(removed []*index) error {
	next := map[*index]*indexSettings{}
	for _, ix := range removed {
		flat := maps.Clone(ix.settings.Load().flat)
		delete(flat, "index.hidden")
		s, err := keptSettings(flat)
		if err != nil {
			return err
		}
		next[ix] = s
	}
	return e.saveIndices(next, func(ix *index, rec *indexRecord) { rec.Settings = next[ix].flat }, func(ix *index) { ix.settings.Store(next[ix]) })
}

// leaveStreams takes indices that are about to be deleted out of their streams; the one that is written to stays.
func (e *Engine) leaveStreams(found []resolved) error {
	changed := map[string]*streamRecord{}
	for _, f := range found {
		name := f.index.stream.Load()
		if name == nil {
			continue
		}
		st := e.streamOf(*name)
		if st == nil {
			continue
		}
		if st.writeIndex() == f.index.name {
			return eserr.IllegalArgument("index [%s] is the write index for data stream [%s] and cannot be deleted", f.index.name, st.name)
		}
		rec := changed[st.name]
		if rec == nil {
			rec = st.change()
			changed[st.name] = rec
		}
		rec.Indices = slices.DeleteFunc(rec.Indices, func(have string) bool { return have == f.index.name })
		rec.Generation++
	}
	if len(changed) == 0 {
		return nil
	}
	return e.saveStreams(changed)
}

// checkStreamClose refuses to close the index that a stream writes to.
func (e *Engine) checkStreamClose(found []resolved) error {
	var writers []string
	for _, f := range found {
		if name := f.index.stream.Load(); name != nil {
			if st := e.streamOf(*name); st != nil && st.writeIndex() == f.index.name {
				writers = append(writers, f.index.name)
			}
		}
	}
	if len(writers) == 0 {
		return nil
	}
	return eserr.IllegalArgument("cannot close the following data stream write indices [%s]", strings.Join(writers, ","))
}
