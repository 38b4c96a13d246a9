package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/wildcard"
)

// A data stream is a name over backing indices that are ordinary, hidden ones: it is written to through the last, by create
// operations only, and read through all. Everything that is known of a stream is in its record; indices point back by name.

// streamRecord is a data stream as the metadata store keeps it.
type streamRecord struct {
	Indices         []string        `json:"indices"` // oldest first
	Generation      int             `json:"generation"`
	Hidden          bool            `json:"hidden,omitempty"`
	CustomRouting   bool            `json:"allow_custom_routing,omitempty"`
	RolloverOnWrite bool            `json:"rollover_on_write,omitempty"`
	Lifecycle       json.RawMessage `json:"lifecycle,omitempty"`
	Aliases         []aliasRecord   `json:"aliases,omitempty"`
}

// stream is a data stream in memory. Immutable.
type stream struct {
	name string
	streamRecord
}

// writeIndex is the name of the index that writes go to.
func (s *stream) writeIndex() string { return s.Indices[len(s.Indices)-1] }

// change returns a copy of the record, to be changed and stored.
func (s *stream) change() *streamRecord {
	rec := s.streamRecord
	rec.Indices, rec.Aliases = slices.Clone(rec.Indices), slices.Clone(rec.Aliases)
	return &rec
}

// loadStreams reads the data streams at start. A backing index that did not open stays in the list, so that it is missed.
func (e *Engine) loadStreams() error {
	records, err := e.meta.streams()
	if err != nil {
		return err
	}
	e.setStreams(records)
	return nil
}

// setStreams puts changed streams (nil: deleted) into memory.
func (e *Engine) setStreams(records map[string]*streamRecord) {
	e.indexMu.Lock()
	defer e.indexMu.Unlock()
	for name, rec := range records {
		if old := e.streamByName[name]; old != nil {
			for _, member := range old.Indices {
				if ix := e.indexByName[member]; ix != nil {
					ix.stream.Store(nil)
				}
			}
		}
		if rec == nil {
			delete(e.streamByName, name)
			continue
		}
		e.streamByName[name] = &stream{name: name, streamRecord: *rec}
		for _, member := range rec.Indices {
			if ix := e.indexByName[member]; ix != nil {
				ix.stream.Store(&name)
			}
		}
	}
}

// streamOf is a stream by name, nil when there is none.
func (e *Engine) streamOf(name string) *stream {
	e.indexMu.RLock()
	defer e.indexMu.RUnlock()
	return e.streamByName[name]
}

// streamInfo adds what an index's stream says to its description.
func (ix *index) streamInfo(info *es.IndexInfo) {
	name := ix.stream.Load()
	if name == nil {
		return
	}
	if st := ix.engine.streamOf(*name); st != nil {
		info.DataStream, info.StreamWrite = st.name, st.writeIndex() == ix.name
	}
}

// backingName is the name of a stream's index of a generation.
func (e *Engine) backingName(stream string, generation int) string {
	return fmt.Sprintf(".ds-%s-%s-%06d", stream, e.now().UTC().Format("2006.01.02"), generation)
}

// createStream makes a data stream with its first backing index.
func (e *Engine) createStream(ctx context.Context, name string) error {
	if err := checkStreamName(name); err != nil {
		return err
	}
	e.adminMu.Lock()
	defer e.adminMu.Unlock()
	if err := e.checkStreamFree(name); err != nil {
		return err
	}
	bp, err := e.streamBlueprint(name)
	if err != nil {
		return err
	}
	rec := &streamRecord{Hidden: bp.stream.hidden, CustomRouting: bp.stream.customRouting, Lifecycle: bp.lifecycle}
	for _, a := range bp.aliases {
		if err := e.checkNewAlias(a.Name, nil, nil); err != nil {
			return err
		}
		rec.Aliases = append(rec.Aliases, recordOf(a))
	}
	return e.addBacking(ctx, name, rec, bp, e.backingName(name, 1))
}

func checkStreamName(name string) error {
	if err := checkIndexName(name); err != nil {
		return eserr.IllegalArgument("%s", strings.Replace(eserr.From(err).Reason, "Invalid index name", "Invalid data stream name", 1))
	}
	if strings.HasPrefix(name, ".ds-") {
		return eserr.IllegalArgument("data_stream [%s] must not start with '.ds-'", name)
	}
	return nil
}

// checkStreamFree refuses a name that is taken.
func (e *Engine) checkStreamFree(name string) error {
	if e.streamOf(name) != nil {
		return eserr.New(400, "resource_already_exists_exception", "data_stream [%s] already exists", name)
	}
	e.indexMu.RLock()
	ix := e.indexByName[name]
	e.indexMu.RUnlock()
	if ix != nil {
		return eserr.New(500, "illegal_state_exception", "data stream [%s] conflicts with index", name)
	}
	return e.checkNameFree(name)
}

// streamBlueprint is what the next backing index of a stream is made of.
func (e *Engine) streamBlueprint(name string) (*blueprint, error) {
	bp, err := e.resolveTemplates(name)
	if err != nil {
		return nil, err
	}
	if bp.template == "" && !bp.legacy {
		if builtin := e.builtinFor(name); builtin != nil {
			if bp, err = builtin.blueprint(); err != nil {
				return nil, err
			}
		}
	}
	switch {
	case bp.template == "":
		return nil, eserr.IllegalArgument("no matching index template found for data stream [%s]", name)
	case bp.stream == nil:
		return nil, eserr.IllegalArgument("matching index template [%s] for data stream [%s] has no data stream template", bp.template, name)
	}
	if bp.mapping, err = mapping.WithTimestamp(bp.mapping); err != nil {
		return nil, err
	}
	bp.settings["index.hidden"] = "true"
	return bp, nil
}

// addBacking makes the next backing index of a stream and stores both at once. The caller holds adminMu.
func (e *Engine) addBacking(ctx context.Context, name string, rec *streamRecord, bp *blueprint, index string) error {
	rec.Indices = append(rec.Indices, index)
	rec.Generation++
	rec.RolloverOnWrite = false
	bp.aliases = nil
	if err := e.checkNameFree(index); err != nil {
		return err
	}
	streams := map[string]*streamRecord{name: rec}
	if err := e.makeIndex(ctx, index, bp, streams); err != nil {
		return err
	}
	e.setStreams(streams)
	return nil
}

// matchStreams returns the streams that a target names, sorted by name, and the first plain name that is none.
func (e *Engine) matchStreams(t es.Target) (found []*stream, missing string) {
	names := es.SplitNames(t.Names)
	e.indexMu.RLock()
	defer e.indexMu.RUnlock()
	chosen := map[string]*stream{}
	if len(names) == 0 {
		names = []string{"*"}
	}
	for i, name := range names {
		if excluded, is := strings.CutPrefix(name, "-"); is && i > 0 {
			maps.DeleteFunc(chosen, func(have string, _ *stream) bool { return wildcard.Match(excluded, have) })
			continue
		}
		pattern := name == "_all" || strings.Contains(name, "*")
		if st := e.streamByName[name]; st != nil {
			chosen[name] = st
		} else if !pattern && missing == "" {
			missing = name
		}
		if !pattern || t.NoWildcards {
			continue
		}
		for have, st := range e.streamByName {
			if (name == "_all" || wildcard.Match(name, have)) && st.shownTo(&t, name) {
				chosen[have] = st
			}
		}
	}
	for _, st := range chosen {
		found = append(found, st)
	}
	sort.Slice(found, func(i, j int) bool { return found[i].name < found[j].name })
	return found, missing
}

// shownTo says whether a pattern may name the stream: hidden ones show only to those who ask for them.
func (s *stream) shownTo(t *es.Target, pattern string) bool {
	dotted := strings.HasPrefix(s.name, ".") && strings.HasPrefix(pattern, ".")
	return !s.Hidden || t.Hidden || dotted
}

// deleteStreams deletes streams with their indices.
func (e *Engine) deleteStreams(c *es.DeleteDataStreams) error {
	e.adminMu.Lock()
	defer e.adminMu.Unlock()
	found, missing := e.matchStreams(c.Target)
	if missing != "" && !c.Target.IgnoreUnavailable {
		return eserr.IndexNotFound(missing)
	}
	for _, st := range found {
		indices := map[string]*indexRecord{}
		for _, name := range st.Indices {
			indices[name] = nil
		}
		gone := map[string]*streamRecord{st.name: nil}
		if err := e.meta.put(indices, gone); err != nil {
			return fmt.Errorf("delete data stream %s: %w", st.name, err)
		}
		e.setStreams(gone)
		for _, name := range st.Indices {
			if ix := e.indexNamed(name); ix != nil {
				if err := e.dropIndex(ix); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// indexNamed is an index by its name, nil when there is none.
func (e *Engine) indexNamed(name string) *index {
	e.indexMu.RLock()
	defer e.indexMu.RUnlock()
	return e.indexByName[name]
}

// describeStreams answers es.GetDataStreams.
func (e *Engine) describeStreams(t es.Target) ([]es.DataStream, error) {
	found, missing := e.matchStreams(t)
	if missing != "" && !t.IgnoreUnavailable {
		return nil, eserr.IndexNotFound(missing)
	}
	list := make([]es.DataStream, len(found))
	for i, st := range found {
		list[i] = e.describeStream(st)
	}
	return list, nil
}

func (e *Engine) describeStream(st *stream) es.DataStream {
	d := es.DataStream{Name: st.name, Generation: st.Generation, Hidden: st.Hidden, CustomRouting: st.CustomRouting,
		RolloverOnWrite: st.RolloverOnWrite, Lifecycle: st.Lifecycle, Aliases: *aliasesOf(&indexRecord{Aliases: st.Aliases})}
	for _, name := range st.Indices {
		b := es.BackingIndex{Name: name, Health: es.Health{Status: "red"}}
		if ix := e.indexNamed(name); ix != nil {
			info := ix.info(nil)
			b = es.BackingIndex{Name: name, UUID: info.UUID, Policy: info.Settings["index.lifecycle.name"], Health: info.Health,
				DiskBytes: info.Stats.DiskBytes, NewestTimestampMillis: info.Stats.NewestTimestampMillis, Created: info.Created, RolledOver: info.RolledOver}
		}
		d.Backing = append(d.Backing, b)
	}
	if bp, err := e.streamBlueprint(st.name); err == nil { // else the template is gone: so is what it would say
		d.Template, d.Meta, d.Policy = bp.template, bp.meta, bp.settings["index.lifecycle.name"]
	}
	return d
}

// putStreamLifecycle gives streams a lifecycle of their own, or takes it away.
func (e *Engine) putStreamLifecycle(c *es.PutStreamLifecycle) error {
	e.adminMu.Lock()
	defer e.adminMu.Unlock()
	found, missing := e.matchStreams(c.Target)
	if missing != "" {
		return eserr.IndexNotFound(missing)
	}
	changed := map[string]*streamRecord{}
	for _, st := range found {
		changed[st.name] = st.change()
		changed[st.name].Lifecycle = c.Lifecycle
	}
	return e.saveStreams(changed)
}

// saveStreams stores changed streams and puts them into memory.
func (e *Engine) saveStreams(changed map[string]*streamRecord) error {
	if err := e.meta.put(nil, changed); err != nil {
		return err
	}
	e.setStreams(changed)
	return nil
}

// rolloverStream makes the next backing index of a stream when the conditions hold.
func (e *Engine) rolloverStream(ctx context.Context, st *stream, c *es.Rollover) (*es.RolloverResult, error) {
	if c.NewIndex != "" {
		return nil, eserr.IllegalArgument("new index name may not be specified when rolling over a data stream")
	}
	if c.Settings != nil || c.Mappings != nil || c.Aliases != nil {
		return nil, eserr.IllegalArgument("aliases, mappings, and index settings may not be specified when rolling over a data stream")
	}
	e.adminMu.Lock()
	defer e.adminMu.Unlock()
	if st = e.streamOf(st.name); st == nil {
		return nil, eserr.IndexNotFound(c.Alias)
	}
	old := e.indexNamed(st.writeIndex())
	if old == nil {
		return nil, eserr.IndexNotFound(st.writeIndex())
	}
	met, due := e.rolloverDue(old, &c.Conditions)
	res := &es.RolloverResult{OldIndex: old.name, NewIndex: e.backingName(st.name, st.Generation+1), DryRun: c.DryRun, Conditions: met}
	if c.DryRun || !due {
		return res, nil
	}
	rec := st.change()
	if c.Lazy {
		rec.RolloverOnWrite = true
		return res, e.saveStreams(map[string]*streamRecord{st.name: rec})
	}
	bp, err := e.streamBlueprint(st.name)
	if err != nil {
		return nil, err
	}
	if err := e.addBacking(ctx, st.name, rec, bp, res.NewIndex); err != nil {
		return nil, err
	}
	res.RolledOver = true
	return res, e.noteRollover(old)
}

// noteRollover keeps when an index was rolled over.
func (e *Engine) noteRollover(old *index) error {
	old.rolledOver.Store(e.now().UnixMilli())
	return e.meta.putIndices(map[string]*indexRecord{old.name: old.record()})
}

// checkStreamWrite refuses operations that a data stream, or an index of one that is named directly, does not take.
func (e *Engine) checkStreamWrite(t *writeTarget, op *es.BulkOp) *eserr.Error {
	if t.stream == nil {
		if t.index.stream.Load() == nil || t.alias {
			return nil
		}
		name := *t.index.stream.Load()
		switch {
		case op.Action == es.ActionCreate:
			return eserr.IllegalArgument("index request with op_type=create targeting backing indices is disallowed, target corresponding data stream [%s] instead", name)
		case op.Action == es.ActionIndex && !op.Guard.HasSeqNo:
			return eserr.IllegalArgument("index request with op_type=index and no if_primary_term and if_seq_no set targeting backing indices is disallowed, target corresponding data stream [%s] instead", name)
		}
		return nil
	}
	if op.Action != es.ActionCreate {
		return eserr.IllegalArgument("only write ops with an op_type of create are allowed in data streams")
	}
	if op.Routing != "" && !t.stream.CustomRouting {
		return eserr.IllegalArgument("index request targeting data stream [%s] specifies a custom routing but the [allow_custom_routing] setting was not enabled in the data stream's template.", t.stream.name)
	}
	return nil
}

// rolloverBeforeWrite carries out a rollover that waited for a write.
func (e *Engine) rolloverBeforeWrite(ctx context.Context, t *writeTarget) error {
	if t.stream == nil || !t.stream.RolloverOnWrite {
		return nil
	}
	if _, err := e.rolloverStream(ctx, t.stream, &es.Rollover{Alias: t.stream.name}); err != nil && !eserr.Is(err, "resource_already_exists_exception") {
		return err
	}
	t.stream = e.streamOf(t.stream.name)
	if t.stream != nil {
		t.index = e.indexNamed(t.stream.writeIndex())
	}
	return nil
}
