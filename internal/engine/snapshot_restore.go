package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"elkhorn/internal/engine/manifest"
	"elkhorn/internal/engine/repository"
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/wildcard"
)

// restoreSnapshot makes indices out of a snapshot. All are copied before the first appears; an index of the same name
// has to be closed, and is replaced.
func (e *Engine) restoreSnapshot(ctx context.Context, c *es.RestoreSnapshot) (*es.RestoreResult, error) {
	repo, err := e.repository(c.Repository)
	if err != nil {
		return nil, err
	}
	snap, err := findSnapshot(repo, c.Repository, c.Name)
	if err != nil {
		return nil, err
	}
	indices, err := chooseIndices(snap, c.Indices, c.IgnoreUnavailable)
	if err != nil {
		return nil, err
	}
	if c.IncludeGlobalState && !snap.GlobalState {
		return nil, restoreFailed(c, "cannot restore global state since the snapshot was created without global state")
	}
	names, err := restoredNames(c, indices)
	if err != nil {
		return nil, err
	}
	e.adminMu.Lock()
	defer e.adminMu.Unlock()
	for i := range indices {
		if err := e.checkRestoredName(c, names[i]); err != nil {
			return nil, err
		}
	}
	streams, err := e.restoredStreams(c, snap, indices, names)
	if err != nil {
		return nil, err
	}
	result := &es.RestoreResult{}
	if c.IncludeGlobalState {
		for _, o := range snap.Objects {
			result.Objects = append(result.Objects, es.PutObject{Kind: es.ObjectKind(o.Kind), Name: o.Name, JSON: o.JSON})
		}
	}
	for i := range indices {
		rec, err := restoredRecord(c, &indices[i])
		if err != nil {
			return nil, err
		}
		if err := e.adoptIndex(ctx, names[i], rec, snapshotFiles{repo, &indices[i], c}); err != nil {
			return nil, restoreFailed(c, "index [%s]: %v", names[i], err)
		}
		result.Indices = append(result.Indices, names[i])
	}
	if len(streams) > 0 {
		return result, e.saveStreams(streams)
	}
	return result, nil
}

// restoredStreams are the data streams whose indices are restored, with those of their indices that are.
func (e *Engine) restoredStreams(c *es.RestoreSnapshot, snap *repository.Snapshot, indices []repository.Index, names []string) (map[string]*streamRecord, error) {
	streams := map[string]*streamRecord{}
	rename, err := renamer(c)
	if err != nil {
		return nil, err
	}
	for _, st := range snap.DataStreams {
		var rec streamRecord
		if err := json.Unmarshal(st.Record, &rec); err != nil {
			return nil, fmt.Errorf("record of data stream %s: %w", st.Name, err)
		}
		var members []string
		for _, member := range rec.Indices {
			if i := slices.IndexFunc(indices, func(ix repository.Index) bool { return ix.Name == member }); i >= 0 {
				members = append(members, names[i])
			}
		}
		if len(members) == 0 {
			continue
		}
		name := rename(st.Name)
		if e.streamOf(name) != nil {
			return nil, restoreFailed(c, "data stream [%s] already exists: delete it, or restore under another name with rename_pattern", name)
		}
		if err := e.checkStreamFree(name); err != nil {
			return nil, err
		}
		rec.Indices = members
		if c.NoAliases {
			rec.Aliases = nil
		}
		streams[name] = &rec
	}
	return streams, nil
}

func restoreFailed(c *es.RestoreSnapshot, format string, args ...any) *eserr.Error {
	return eserr.New(http.StatusInternalServerError, "snapshot_restore_exception", "[%s:%s] %s", c.Repository, c.Name, fmt.Sprintf(format, args...))
}

// restoredNames are the names that the indices get.
func restoredNames(c *es.RestoreSnapshot, indices []repository.Index) ([]string, error) {
	names, taken := make([]string, len(indices)), map[string]string{}
	rename, err := renamer(c)
	if err != nil {
		return nil, err
	}
	for i := range indices {
		names[i] = rename(indices[i].Name)
		if other, twice := taken[names[i]]; twice {
			return nil, restoreFailed(c, "indices [%s] and [%s] are renamed into the same index [%s]", other, indices[i].Name, names[i])
		}
		taken[names[i]] = indices[i].Name
		if err := checkIndexName(names[i]); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// renamer is what rename_pattern and rename_replacement make of a name.
func renamer(c *es.RestoreSnapshot) (func(string) string, error) {
	if c.RenamePattern == "" {
		return func(name string) string { return name }, nil
	}
	pattern, err := regexp.Compile(c.RenamePattern)
	if err != nil {
		return nil, eserr.IllegalArgument("rename_pattern [%s] cannot be read: %v", c.RenamePattern, err)
	}
	return func(name string) string { return pattern.ReplaceAllString(name, goReplacement(c.Rename)) }, nil
}

var groupReference = regexp.MustCompile(`\$(\d+)`)

// goReplacement writes Java's $1 so that letters may follow it.
func goReplacement(text string) string { return groupReference.ReplaceAllString(text, "$${${1}}") }

func (e *Engine) checkRestoredName(c *es.RestoreSnapshot, name string) error {
	e.indexMu.RLock()
	old := e.indexByName[name]
	e.indexMu.RUnlock()
	if old == nil {
		return e.checkNameFree(name)
	}
	if !old.closed.Load() {
		return restoreFailed(c, "cannot restore index [%s] because an open index with same name already exists in the cluster. "+
			"Either close or delete the existing index or restore the index under a different name by providing a rename pattern and replacement name", name)
	}
	return nil
}

// restoredRecord is the metadata that a restored index gets.
func restoredRecord(c *es.RestoreSnapshot, ix *repository.Index) (*indexRecord, error) {
	var rec indexRecord
	if err := json.Unmarshal(ix.Record, &rec); err != nil {
		return nil, fmt.Errorf("record of index %s: %w", ix.Name, err)
	}
	rec.Closed = false
	if c.NoAliases {
		rec.Aliases = nil
	}
	for _, name := range c.WithoutSettings {
		for have := range rec.Settings {
			if wildcard.Match(strings.TrimPrefix(name, "index."), strings.TrimPrefix(have, "index.")) {
				delete(rec.Settings, have)
			}
		}
	}
	if c.Settings != nil {
		changed, err := parseTemplateBody(c.Settings, nil, nil)
		if err != nil {
			return nil, err
		}
		for name, value := range changed.settings {
			if name == "index.number_of_shards" {
				return nil, restoreFailed(c, "cannot modify setting [%s] on restore", name)
			}
			rec.Settings[name] = value
		}
	}
	return &rec, nil
}

// adoptedFiles is where the files of an index to be made come from.
type adoptedFiles interface {
	// mapping, nextSequence: of the moment the files are from.
	mapping() []byte
	nextSequence() int64
	segments() int
	// copySegment makes segment number i at path and says whether it has deleted rows, which copyDeletes writes.
	copySegment(ctx context.Context, i int, path string) (deletes bool, err error)
	copyDeletes(ctx context.Context, i int, path string) error
	// origin says where the files are from.
	origin() es.Recovery
}

// snapshotFiles are the files of an index in a snapshot.
type snapshotFiles struct {
	repo *repository.Repository
	ix   *repository.Index
	from *es.RestoreSnapshot
}

func (s snapshotFiles) mapping() []byte     { return s.ix.Mapping }
func (s snapshotFiles) nextSequence() int64 { return s.ix.NextSequence }
func (s snapshotFiles) segments() int       { return len(s.ix.Segments) }

func (s snapshotFiles) origin() es.Recovery {
	return es.Recovery{Repository: s.from.Repository, Snapshot: s.from.Name}
}

func (s snapshotFiles) copySegment(ctx context.Context, i int, path string) (deletes bool, err error) {
	seg := &s.ix.Segments[i]
	return seg.Deletes != nil, s.repo.Get(ctx, seg.File, path)
}

func (s snapshotFiles) copyDeletes(ctx context.Context, i int, path string) error {
	return s.repo.Get(ctx, *s.ix.Segments[i].Deletes, path)
}

// adoptIndex makes an index out of files that another index wrote. It has a UUID of its own and derives ids as the other did,
// so that documents keep theirs. A crash before the metadata is written leaves an orphan folder, which the next start
// removes. A closed index of the same name is replaced. The caller holds adminMu.
func (e *Engine) adoptIndex(ctx context.Context, name string, rec *indexRecord, files adoptedFiles) (err error) {
	start := e.now()
	rec.IDs, rec.UUID, rec.CreatedMillis = rec.idSource(), newUUID(), start.UnixMilli()
	ix, err := e.newIndex(name, rec, keptSettings)
	if err != nil {
		return err
	}
	dir := ix.dir
	defer func() {
		if err != nil {
			err = errors.Join(err, e.fs.RemoveAll(dir))
		}
	}()
	if err := e.aliasConflict(name, *ix.aliases.Load()); err != nil {
		return err
	}
	if _, err := mapping.Parse(files.mapping()); err != nil {
		return fmt.Errorf("mapping of index %s: %w", name, err)
	}
	if err := e.fs.MkdirAll(ix.dir); err != nil {
		return err
	}
	edits := []manifest.Edit{manifest.SetMapping{Version: 1, JSON: files.mapping()}}
	for i := range files.segments() {
		id := uint64(i + 1)
		edits = append(edits, manifest.AddSegment{ID: id})
		deletes, err := files.copySegment(ctx, i, ix.segmentPath(segmentName(id)))
		if err != nil {
			return err
		}
		if deletes {
			if err := files.copyDeletes(ctx, i, ix.segmentPath(deletesName(id, 1))); err != nil {
				return err
			}
			edits = append(edits, manifest.SetDeletes{ID: id, Generation: 1})
		}
	}
	edits = append(edits, manifest.Checkpoint{NextSequence: uint64(files.nextSequence())})
	made, err := manifest.Create(e.fs, ix.dir, e.logger, edits...)
	if err != nil {
		return err
	}
	if err := made.Close(); err != nil {
		return err
	}
	if ix, err = e.addAdopted(name, rec); err != nil {
		return err
	}
	recovery := files.origin()
	recovery.Files, recovery.Bytes = files.segments()+1, ix.statistics().DiskBytes+int64(len(files.mapping()))
	recovery.Start, recovery.End = start, e.now()
	ix.recovery.Store(&recovery)
	return nil
}

// addAdopted opens an index whose files are there and puts it into the store.
func (e *Engine) addAdopted(name string, rec *indexRecord) (*index, error) {
	ix, _, err := e.openIndex(name, rec)
	if err != nil {
		return nil, err
	}
	// This takes the place of a closed index of the same name, if there is one: whenever the power goes, one of the two is there.
	if err := e.meta.putIndices(map[string]*indexRecord{name: rec}); err != nil {
		return nil, errors.Join(err, ix.shut())
	}
	e.indexMu.Lock()
	old := e.indexByName[name]
	if old != nil {
		delete(e.indexByUUID, old.uuid)
	}
	e.indexByName[name], e.indexByUUID[ix.uuid] = ix, ix
	e.indexMu.Unlock()
	if old != nil {
		if err := e.removeDropped(old); err != nil {
			e.logger.Warn("the files of a replaced index stay until the next start", "index", name, "error", err)
		}
	}
	e.notifyPublished()
	return ix, nil
}
