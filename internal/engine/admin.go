package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"sort"
	"strings"

	"elkhorn/internal/engine/manifest"
	"elkhorn/internal/engine/wal"
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/wildcard"
)

// Indices describes the indices that a target names; see es.IndexAdmin.
func (e *Engine) Indices(ctx context.Context, target es.Target) ([]es.IndexInfo, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	found, err := e.resolve(target)
	if err != nil {
		return nil, err
	}
	infos := make([]es.IndexInfo, len(found))
	for i, f := range found {
		infos[i] = f.index.info(f.aliases)
	}
	return infos, nil
}

// Apply carries out a change; see es.IndexAdmin.
func (e *Engine) Apply(ctx context.Context, change es.Change) (any, error) {
	switch c := change.(type) {
	case *es.CreateIndex:
		return nil, e.createIndex(ctx, c)
	case *es.DeleteIndices:
		return nil, e.deleteIndices(c)
	case *es.PutMapping:
		return nil, e.putMapping(ctx, c)
	case *es.PutSettings:
		return nil, e.putSettings(c)
	case *es.UpdateAliases:
		return nil, e.updateAliases(c)
	case *es.Rollover:
		return e.rollover(ctx, c)
	case *es.RefreshIndices:
		return nil, e.each(c.Target, func(ix *index) error { ix.refresh(); return nil })
	case *es.FlushIndices:
		return nil, e.each(c.Target, func(ix *index) error { return ix.flush(ctx) })
	case *es.ClearCache:
		return nil, e.each(c.Target, func(ix *index) error { e.requestCache.Clear(&ix.stats.requestCache); return nil })
	case *es.ForceMerge:
		return nil, e.each(c.Target, func(ix *index) error { return ix.mergeAsked(ctx, c) })
	case *es.OpenClose:
		return nil, e.openClose(c)
	case *es.PutObject:
		return nil, e.putObject(c)
	case *es.DeleteObjects:
		return e.deleteObjects(c)
	case *es.GetObjects:
		found, err := e.meta.objects(c.Kind, c.Names)
		if err == nil && c.Kind == es.KindIndexTemplate {
			found = e.withBuiltins(c.Names, found)
		}
		return found, err
	case *es.ResizeIndex:
		return nil, e.resize(ctx, c)
	case *es.PutRepository:
		return nil, e.putRepository(c)
	case *es.VerifyRepository:
		return nil, e.verifyRepository(c)
	case *es.CleanupRepository:
		return e.cleanupRepository(c)
	case *es.CreateSnapshot:
		return e.createSnapshot(ctx, c)
	case *es.CloneSnapshot:
		return nil, e.cloneSnapshot(c)
	case *es.GetSnapshots:
		return e.getSnapshots(c)
	case *es.DeleteSnapshots:
		return nil, e.deleteSnapshots(c)
	case *es.RestoreSnapshot:
		return e.restoreSnapshot(ctx, c)
	case *es.ExecuteScript:
		return e.executeScript(ctx, c)
	case *es.SimulateIndex:
		return e.simulate(c)
	case *es.Analyze:
		return e.analyze(c)
	}
	return e.applyToStreams(ctx, change)
}

// applyToStreams carries out changes of data streams.
func (e *Engine) applyToStreams(ctx context.Context, change es.Change) (any, error) {
	switch c := change.(type) {
	case *es.CreateDataStream:
		return nil, e.createStream(ctx, c.Name)
	case *es.DeleteDataStreams:
		return nil, e.deleteStreams(c)
	case *es.GetDataStreams:
		return e.describeStreams(c.Target)
	case *es.MigrateToDataStream:
		return nil, e.migrateToStream(c.Alias)
	case *es.ModifyDataStreams:
		return nil, e.modifyStreams(c)
	case *es.DiskUsage:
		return e.diskUsage(ctx, c.Target)
	case *es.GetSegments:
		return e.segments(c.Target)
	case *es.PutStreamLifecycle:
		return nil, e.putStreamLifecycle(c)
	}
	return nil, eserr.Unsupported(fmt.Sprintf("%T", change))
}

func (e *Engine) each(target es.Target, do func(*index) error) error {
	found, err := e.resolve(target)
	if err != nil {
		return err
	}
	for _, f := range found {
		if err := do(f.index); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) putObject(c *es.PutObject) error {
	switch c.Kind {
	case es.KindIndexTemplate, es.KindComponentTemplate, es.KindLegacyTemplate:
		if err := e.checkTemplate(c); err != nil {
			return err
		}
	}
	e.adminMu.Lock()
	defer e.adminMu.Unlock()
	if c.Kind == es.KindClusterSettings {
		settings, err := e.clusterSettings(c.Name, c.JSON)
		if err != nil {
			return err
		}
		if err := e.applyClusterSettings(settings); err != nil {
			return err
		}
	}
	return e.meta.putObject(c, e.now())
}

func (e *Engine) deleteObjects(c *es.DeleteObjects) (int, error) {
	e.adminMu.Lock()
	defer e.adminMu.Unlock()
	if err := e.checkTemplateUse(c); err != nil {
		return 0, err
	}
	return e.meta.deleteObjects(c.Kind, c.Names)
}

func (e *Engine) createIndex(ctx context.Context, c *es.CreateIndex) error {
	if err := checkIndexName(c.Name); err != nil {
		return err
	}
	e.adminMu.Lock()
	defer e.adminMu.Unlock()
	if err := e.checkNameFree(c.Name); err != nil {
		return err
	}
	bp, err := e.resolveTemplates(c.Name)
	if err != nil {
		return err
	}
	if bp.stream != nil {
		return eserr.IllegalArgument("cannot create index with name [%s], because it matches with template [%s] that creates data streams only, use create data stream api instead", c.Name, bp.template)
	}
	body, err := parseTemplateBody(c.Settings, c.Mappings, c.Aliases)
	if err == nil {
		err = bp.overlay(body)
	}
	if err != nil {
		return err
	}
	return e.makeIndex(ctx, c.Name, bp, nil)
}

func (e *Engine) checkNameFree(name string) error {
	e.indexMu.RLock()
	defer e.indexMu.RUnlock()
	if ix := e.indexByName[name]; ix != nil {
		return eserr.ResourceExists(name, ix.uuid)
	}
	if err := e.checkOpened(name); err != nil {
		return err
	}
	if e.streamByName[name] != nil {
		return eserr.New(400, "resource_already_exists_exception", "data_stream [%s] already exists", name)
	}
	for _, ix := range e.indexByName {
		for _, a := range ix.aliasList() {
			if a.Name == name {
				return eserr.InvalidIndexName(name, "already exists as alias")
			}
		}
	}
	for _, st := range e.streamByName {
		if slices.ContainsFunc(st.Aliases, func(a aliasRecord) bool { return a.Name == name }) {
			return eserr.InvalidIndexName(name, "already exists as alias")
		}
	}
	return nil
}

// makeIndex creates the folder, then the metadata, with that of the streams that change with it: a crash in between leaves an
// orphan folder, which the next start removes.
func (e *Engine) makeIndex(_ context.Context, name string, bp *blueprint, streams map[string]*streamRecord) error {
	for _, a := range bp.aliases {
		if err := checkAliasName(a.Name); err != nil {
			return err
		}
		if a.Name == name {
			return eserr.InvalidIndexName(name, "alias and index names must differ")
		}
	}
	rec := &indexRecord{UUID: newUUID(), CreatedMillis: e.now().UnixMilli(), Settings: bp.settings}
	for _, a := range bp.aliases {
		rec.Aliases = append(rec.Aliases, recordOf(a))
	}
	ix, err := e.newIndex(name, rec, parseSettings)
	if err != nil {
		return err
	}
	rec.Settings = ix.settings.Load().flat
	if err := ix.checkMappingLimits(bp.mapping, nil); err != nil {
		return err
	}
	if err := ix.checkAnalyzers(bp.mapping); err != nil {
		return err
	}
	if err := ix.setMapping(bp.mapping); err != nil {
		return err
	}
	if err := e.aliasConflict(name, bp.aliases); err != nil {
		return err
	}
	body, err := bp.mapping.MarshalJSON()
	if err != nil {
		return fmt.Errorf("print mapping: %w", err)
	}
	// The log may still hold records of positions given out before this index was made; none are its own.
	ix.manifest, err = manifest.Create(e.fs, ix.dir, e.logger, manifest.SetMapping{Version: 1, JSON: body})
	if err != nil {
		return fmt.Errorf("create index %s: %w", name, err)
	}
	ix.savedMapping, ix.nextFile = bp.mapping, 1
	ix.checkpoint.Store(-1)
	ix.views.init(nil)
	if err := e.meta.put(map[string]*indexRecord{name: rec}, streams); err != nil {
		return errors.Join(fmt.Errorf("create index %s: %w", name, err), ix.shut(), e.fs.RemoveAll(ix.dir))
	}
	e.indexMu.Lock()
	e.indexByName[name], e.indexByUUID[ix.uuid] = ix, ix
	e.indexMu.Unlock()
	return nil
}

// checkMappingLimits applies index.mapping.*.limit to a mapping that grew from before.
func (ix *index) checkMappingLimits(m, before *mapping.Mapping) error {
	s := ix.settings.Load()
	return m.Check(mapping.Limits{Fields: s.fieldLimit, Depth: s.depthLimit, NestedFields: s.nestedFields, NameLength: s.nameLimit}, before)
}

func recordOf(a es.Alias) aliasRecord {
	return aliasRecord{Name: a.Name, Filter: a.Filter, IndexRouting: a.IndexRouting, SearchRouting: a.SearchRouting, IsWriteIndex: a.IsWriteIndex, IsHidden: a.IsHidden}
}

// record is the index as the metadata store keeps it.
func (ix *index) record() *indexRecord {
	rec := &indexRecord{UUID: ix.uuid, CreatedMillis: ix.created.UnixMilli(), Settings: ix.settings.Load().flat, Closed: ix.closed.Load(),
		RolledOverMillis: ix.rolledOver.Load()}
	if ix.idSource != ix.uuid {
		rec.IDs = ix.idSource
	}
	for _, a := range ix.aliasList() {
		rec.Aliases = append(rec.Aliases, recordOf(a))
	}
	return rec
}

// namesAny reports whether a list has the name of any of the aliases as it is.
func namesAny(list []string, aliases []es.Alias) bool {
	return slices.ContainsFunc(aliases, func(a es.Alias) bool { return slices.Contains(list, a.Name) })
}

func (e *Engine) deleteIndices(c *es.DeleteIndices) error {
	e.adminMu.Lock()
	defer e.adminMu.Unlock()
	target := c.Target
	target.Closed, target.NoStreams, target.NoAliasPatterns = true, true, true
	var unopened []string
	if target.Names, unopened = e.splitBroken(target.Names); len(unopened) > 0 && len(target.Names) == 0 {
		return e.dropBroken(unopened)
	}
	found, err := e.resolve(target)
	if err != nil {
		return err
	}
	if err := e.dropBroken(unopened); err != nil {
		return err
	}
	found = slices.DeleteFunc(found, func(f resolved) bool { // aliases that were not named outright
		return !f.direct && (c.Target.IgnoreUnavailable || !namesAny(c.Target.Names, f.aliases))
	})
	for _, f := range found {
		if !f.direct {
			return eserr.IllegalArgument("The provided expression [%s] matches an alias, specify the corresponding concrete indices instead.", strings.Join(c.Target.Names, ","))
		}
		for _, b := range f.index.settings.Load().blocks {
			if b.meta && !b.allowsDelete {
				return blockError(f.index.name, b)
			}
		}
	}
	if err := e.leaveStreams(found); err != nil {
		return err
	}
	for _, f := range found {
		if err := e.dropIndex(f.index); err != nil {
			return err
		}
	}
	return nil
}

// splitBroken takes the names of indices that did not open out of a list. Only names written out
// count: a pattern must not delete what nobody could look into.
func (e *Engine) splitBroken(names []string) (others, broken []string) {
	e.indexMu.RLock()
	defer e.indexMu.RUnlock()
	for _, name := range es.SplitNames(names) {
		if _, ok := e.broken[name]; ok {
			broken = append(broken, name)
		} else {
			others = append(others, name)
		}
	}
	return others, broken
}

// dropBroken removes indices that did not open, the way out when one cannot be repaired.
func (e *Engine) dropBroken(names []string) error {
	if len(names) == 0 {
		return nil
	}
	records, err := e.meta.indices()
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := e.meta.putIndices(map[string]*indexRecord{name: nil}); err != nil {
			return fmt.Errorf("delete index %s: %w", name, err)
		}
		e.indexMu.Lock()
		delete(e.broken, name)
		e.indexMu.Unlock()
		if rec := records[name]; rec != nil {
			if err := e.fs.RemoveAll(path.Join(e.dir, "indices", rec.UUID)); err != nil {
				return fmt.Errorf("delete index %s: %w", name, err)
			}
		}
	}
	e.releaseLog()
	return nil
}

// dropIndex removes an index: first from the metadata, so that a crash cannot bring it back half.
func (e *Engine) dropIndex(ix *index) error {
	if err := e.meta.putIndices(map[string]*indexRecord{ix.name: nil}); err != nil {
		return fmt.Errorf("delete index %s: %w", ix.name, err)
	}
	e.indexMu.Lock()
	delete(e.indexByName, ix.name)
	delete(e.indexByUUID, ix.uuid)
	e.indexMu.Unlock()
	return e.removeDropped(ix)
}

// removeDropped closes an index that is in the metadata no more and removes its files.
func (e *Engine) removeDropped(ix *index) error {
	ix.write.Lock()
	ix.dropped.Store(true)
	ix.write.firstPos = 0
	ix.write.Unlock()
	if err := ix.shut(); err != nil {
		e.logger.Warn("deleted index was not closed cleanly", "index", ix.name, "error", err)
	}
	// Searches that began before still read its open files; their names may go at once.
	if err := e.fs.RemoveAll(ix.dir); err != nil {
		return fmt.Errorf("delete index %s: %w", ix.name, err)
	}
	e.releaseLog()
	return nil
}

func (e *Engine) putMapping(ctx context.Context, c *es.PutMapping) error {
	addition, err := parseMappings(c.Mappings)
	if err != nil {
		return err
	}
	found, err := e.resolve(c.Target)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return eserr.IndexNotFound(strings.Join(c.Target.Names, ","))
	}
	var pos wal.Position
	for _, f := range found {
		ix := f.index
		if err := ix.checkAnalyzers(addition); err != nil {
			return err
		}
		at, err := ix.growMapping(ctx, func(m *mapping.Mapping) (*mapping.Mapping, error) { return mapping.Merge(m, addition) })
		if err != nil {
			return err
		}
		pos = max(pos, at)
	}
	if pos == 0 {
		return nil
	}
	if err := e.log.Wait(ctx, pos); err != nil {
		return e.logFailure(err)
	}
	return nil
}

func (e *Engine) putSettings(c *es.PutSettings) error {
	flat, err := flattenSettings(c.Settings)
	if err != nil {
		return err
	}
	e.adminMu.Lock()
	defer e.adminMu.Unlock()
	found, err := e.resolve(c.Target)
	if err != nil {
		return err
	}
	next := map[*index]*indexSettings{}
	for _, f := range found {
		s, err := f.index.changedSettings(flat, c)
		if err != nil {
			return err
		}
		next[f.index] = s
	}
	return e.saveIndices(next, func(ix *index, rec *indexRecord) { rec.Settings = next[ix].flat }, func(ix *index) {
		ix.settings.Store(next[ix])
		e.requestCache.Clear(&ix.stats.requestCache) // what a search means may depend on settings
		if !next[ix].withhold {
			ix.refresh()
		}
	})
}

// saveIndices writes changed records in one transaction and then applies the change in memory.
func (e *Engine) saveIndices(changed map[*index]*indexSettings, edit func(*index, *indexRecord), apply func(*index)) error {
	records := map[string]*indexRecord{}
	for ix := range changed {
		rec := ix.record()
		edit(ix, rec)
		records[ix.name] = rec
	}
	if err := e.meta.putIndices(records); err != nil {
		return err
	}
	for ix := range changed {
		apply(ix)
	}
	return nil
}

func (ix *index) changedSettings(flat map[string]string, c *es.PutSettings) (*indexSettings, error) {
	now := maps.Clone(ix.settings.Load().flat)
	names := make([]string, 0, len(flat))
	for name := range flat {
		names = append(names, name)
	}
	sort.Strings(names)
	parse := keptSettings
	for _, name := range names {
		if strings.HasPrefix(name, analysisPrefix) || name == "index.max_ngram_diff" || name == "index.max_shingle_diff" {
			parse = parseSettings
		}
		if fixedSettings[name] && !ix.closed.Load() && !c.Fixed {
			return nil, eserr.IllegalArgument("Can't update non dynamic settings [[%s]] for open indices [[%s/%s]]", name, ix.name, ix.uuid)
		}
		if _, have := now[name]; have && c.PreserveExisting {
			continue
		}
		if err := ix.checkAnalysisChange(name, flat[name]); err != nil {
			return nil, err
		}
		if flat[name] == resetSetting {
			for have := range now {
				if wildcard.Match(name, have) {
					delete(now, have)
				}
			}
			continue
		}
		now[name] = flat[name]
	}
	return parse(now)
}

func (e *Engine) openClose(c *es.OpenClose) error {
	e.adminMu.Lock()
	defer e.adminMu.Unlock()
	target := c.Target
	target.Closed = true
	found, err := e.resolve(target)
	if err != nil {
		return err
	}
	changed := map[*index]*indexSettings{}
	for _, f := range found {
		changed[f.index] = nil
	}
	if c.Close {
		if err := e.checkStreamClose(found); err != nil {
			return err
		}
	}
	return e.saveIndices(changed, func(_ *index, rec *indexRecord) { rec.Closed = c.Close }, func(ix *index) {
		if !c.Close {
			ix.views.refresh() // an index that opens shows all it has
		}
		ix.closed.Store(c.Close)
	})
}
