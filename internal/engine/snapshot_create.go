package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"

	"elkhorn/internal/engine/repository"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/rescue"
	"elkhorn/internal/vfs"
)

// snapshotKinds are the kinds of metadata that a snapshot's global state has.
var snapshotKinds = []es.ObjectKind{es.KindComponentTemplate, es.KindIndexTemplate, es.KindLegacyTemplate, es.KindLifecyclePolicy, es.KindIngestPipeline, es.KindClusterSettings}

func checkSnapshotName(repo, name string) error {
	why := ""
	switch {
	case name == "":
		why = "cannot be empty"
	case strings.ToLower(name) != name:
		why = "must be lowercase"
	case strings.HasPrefix(name, "_"):
		why = "must not start with '_'"
	case strings.ContainsAny(name, " #,/\\*?\"<>|") || name == "." || name == "..":
		why = `must not contain blanks or any of #,/\*?"<>|`
	case len(name) > 240:
		why = "must not be longer than 240 bytes"
	default:
		return nil
	}
	return eserr.New(http.StatusBadRequest, "invalid_snapshot_name_exception", "[%s:%s] Invalid snapshot name [%s], %s", repo, name, name, why)
}

func snapshotNameTaken(repo, name string) *eserr.Error {
	return eserr.New(http.StatusBadRequest, "invalid_snapshot_name_exception", "[%s:%s] Invalid snapshot name [%s], snapshot with the same name already exists", repo, name, name)
}

// createSnapshot starts a snapshot, and waits for it unless the request says otherwise.
func (e *Engine) createSnapshot(ctx context.Context, c *es.CreateSnapshot) (*es.SnapshotInfo, error) {
	if err := checkSnapshotName(c.Repository, c.Name); err != nil {
		return nil, err
	}
	repo, err := e.repository(c.Repository)
	if err != nil {
		return nil, err
	}
	if _, err := findSnapshot(repo, c.Repository, c.Name); err == nil {
		return nil, snapshotNameTaken(c.Repository, c.Name)
	}
	found, err := e.resolve(c.Target)
	if err != nil {
		return nil, err
	}
	if missing := e.unopened(c.Target); len(missing) > 0 {
		return nil, missing[0].Err
	}
	job := &snapshotJob{engine: e, repo: repo, change: c, indices: found}
	if err := job.begin(); err != nil {
		return nil, err
	}
	// The job goes on when the client leaves: it is the engine's, and ends with it.
	done := make(chan error, 1)
	e.workers.Go(func() {
		err := rescue.Do(job.run)
		if err != nil && c.NoWait {
			e.logger.Error("snapshot failed", "repository", c.Repository, "snapshot", c.Name, "error", err)
		}
		done <- err
	})
	if c.NoWait {
		return job.progress(), nil
	}
	select {
	case err := <-done:
		if err != nil {
			return nil, err
		}
		info := snapshotInfo(c.Repository, &job.result)
		return &info, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// snapshotJob is one snapshot on its way.
type snapshotJob struct {
	engine  *Engine
	repo    *repository.Repository
	change  *es.CreateSnapshot
	indices []resolved
	ctx     context.Context
	cancel  context.CancelFunc
	result  repository.Snapshot
	// known are the files that earlier snapshots have, by index and name.
	known map[string]repository.File
}

// begin makes the job the one that runs; a second one is refused as long as it does.
func (j *snapshotJob) begin() error {
	e, c := j.engine, j.change
	current := &e.backups.current
	current.Lock()
	defer current.Unlock()
	if current.info != nil {
		return eserr.New(http.StatusServiceUnavailable, "concurrent_snapshot_execution_exception", "[%s:%s] snapshot [%s:%s] is running: one runs at a time", c.Repository, c.Name, current.info.Repository, current.info.Name)
	}
	j.ctx, j.cancel = context.WithCancel(e.ctx)
	j.result = repository.Snapshot{
		Name: c.Name, UUID: newUUID(), Version: e.opts.Version, StartMillis: e.now().UnixMilli(), GlobalState: c.IncludeGlobalState, Metadata: c.Metadata,
	}
	info := snapshotInfo(c.Repository, &j.result)
	info.State, info.End = es.SnapshotInProgress, info.Start
	for _, r := range j.indices {
		info.Indices = append(info.Indices, es.SnapshotIndex{Name: r.index.name})
	}
	current.info, current.cancel = &info, j.cancel
	return nil
}

// progress is the state of the job that clients see.
func (j *snapshotJob) progress() *es.SnapshotInfo {
	j.engine.backups.current.Lock()
	defer j.engine.backups.current.Unlock()
	if now := j.engine.backups.current.info; now != nil {
		info := *now
		return &info
	}
	info := snapshotInfo(j.change.Repository, &j.result) // done already
	return &info
}

// run copies everything and saves the snapshot; what an attempt that fails left goes with the next cleanup.
func (j *snapshotJob) run() (err error) {
	e := j.engine
	e.backups.mu.Lock()
	defer e.backups.mu.Unlock()
	defer func() {
		e.backups.current.Lock()
		e.backups.current.info = nil
		e.backups.current.Unlock()
		j.cancel()
		if err != nil {
			err = repositoryError(http.StatusInternalServerError, "snapshot_exception", j.change.Repository+":"+j.change.Name, "failed: %v", err)
		}
	}()
	if err := j.findKnown(); err != nil {
		return err
	}
	if err := j.dataStreams(); err != nil {
		return err
	}
	if j.change.IncludeGlobalState {
		if err := j.globalState(); err != nil {
			return err
		}
	}
	for _, r := range j.indices {
		one, err := j.index(r.index)
		if err != nil {
			return fmt.Errorf("index [%s]: %w", r.index.name, err)
		}
		j.result.Indices = append(j.result.Indices, *one)
	}
	j.result.EndMillis = e.now().UnixMilli()
	return j.repo.Save(&j.result)
}

func (j *snapshotJob) findKnown() error {
	list, err := j.repo.List()
	if err != nil {
		return err
	}
	j.known = map[string]repository.File{}
	for _, s := range list {
		for _, ix := range s.Indices {
			for _, seg := range ix.Segments {
				if seg.Source != "" {
					j.known[ix.UUID+"/"+seg.Source] = seg.File
				}
			}
		}
	}
	return nil
}

// dataStreams notes the streams that the indices belong to.
func (j *snapshotJob) dataStreams() error {
	noted := map[string]bool{}
	for _, r := range j.indices {
		name := r.index.stream.Load()
		if name == nil || noted[*name] {
			continue
		}
		noted[*name] = true
		if st := j.engine.streamOf(*name); st != nil {
			record, err := json.Marshal(&st.streamRecord)
			if err != nil {
				return err
			}
			j.result.DataStreams = append(j.result.DataStreams, repository.DataStream{Name: st.name, Record: record})
		}
	}
	return nil
}

func (j *snapshotJob) globalState() error {
	for _, kind := range snapshotKinds {
		objects, err := j.engine.meta.objects(kind, nil)
		if err != nil {
			return err
		}
		for _, o := range objects {
			j.result.Objects = append(j.result.Objects, repository.Object{Kind: string(kind), Name: o.Name, JSON: o.JSON})
		}
	}
	return nil
}

// index copies one index as it is at one moment: all operations up to a sequence number, and none after it.
func (j *snapshotJob) index(ix *index) (*repository.Index, error) {
	if err := ix.flush(j.ctx); err != nil { // so that little is left to be written twice
		return nil, err
	}
	ix.write.Lock()
	view, next, mapped := ix.views.acquire(true), ix.write.nextSeq, ix.mapping()
	ix.write.Unlock()
	defer view.release()
	one := &repository.Index{Name: ix.name, UUID: ix.uuid, NextSequence: next, Docs: view.docs}
	var err error
	if one.Mapping, err = mapped.MarshalJSON(); err != nil {
		return nil, err
	}
	if one.Record, err = json.Marshal(ix.record()); err != nil {
		return nil, err
	}
	var memory []*part
	for _, p := range view.parts {
		if p.file == nil {
			memory = append(memory, p)
			continue
		}
		if err := j.file(one, ix, p); err != nil {
			return nil, err
		}
	}
	return one, j.memory(one, ix, memory)
}

// file copies a segment file and, as of the view, its deletes.
func (j *snapshotJob) file(one *repository.Index, ix *index, p *part) (err error) {
	name := segmentName(p.id)
	src, err := j.engine.fs.Open(ix.segmentPath(name))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	seg := repository.Segment{Source: name}
	if seg.File, err = j.put(ix, name, src); err != nil {
		return err
	}
	if p.deletes > 0 {
		deletes, err := j.bytes(ix, deletesName(p.id, 0), encodeDeletes(p.deleted, p.rows))
		if err != nil {
			return err
		}
		seg.Deletes = &deletes
	}
	one.Segments = append(one.Segments, seg)
	return nil
}

// memory writes rows that are in no file yet to one of their own.
func (j *snapshotJob) memory(one *repository.Index, ix *index, parts []*part) (err error) {
	for i, inputs := range splitByDay(parts, ix.plan.Load().TimeNanos()) {
		rw := planRewrite(inputs)
		rows := 0
		for k := range rw.inputs {
			rows += rw.inputs[k].copied()
		}
		if rows == 0 {
			continue
		}
		opts := ix.writeOptions()
		opts.Memory = &segment.TemplateMemory{} // the index's own belongs to its flushes
		tmp := path.Join(ix.dir, fmt.Sprintf("snapshot-%d.tmp", i))
		if _, err := segment.Write(j.engine.fs, tmp, rw.segmentInputs(), opts); err != nil {
			return errors.Join(err, removeIfThere(j.engine.fs, tmp))
		}
		if err := j.temporary(one, ix, tmp); err != nil {
			return err
		}
	}
	return nil
}

// temporary copies a file that is there only to be copied.
func (j *snapshotJob) temporary(one *repository.Index, ix *index, tmp string) (err error) {
	defer func() { err = errors.Join(err, removeIfThere(j.engine.fs, tmp)) }()
	src, err := j.engine.fs.Open(tmp)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	f, err := j.put(ix, "memory", src)
	one.Segments = append(one.Segments, repository.Segment{File: f})
	return err
}

// bytes puts content that is in memory, by way of a file.
func (j *snapshotJob) bytes(ix *index, name string, content []byte) (_ repository.File, err error) {
	tmp := path.Join(ix.dir, "snapshot-deletes.tmp")
	if err := vfs.WriteFileAtomic(j.engine.fs, tmp, content); err != nil {
		return repository.File{}, err
	}
	defer func() { err = errors.Join(err, removeIfThere(j.engine.fs, tmp)) }()
	src, err := j.engine.fs.Open(tmp)
	if err != nil {
		return repository.File{}, err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	return j.put(ix, name, src)
}

func (j *snapshotJob) put(ix *index, name string, src vfs.File) (repository.File, error) {
	var known *repository.File
	if f, ok := j.known[ix.uuid+"/"+name]; ok {
		known = &f
	}
	f, err := j.repo.Put(j.ctx, ix.uuid, name, src, known)
	if f.Copied {
		j.result.CopiedFiles++
		j.result.CopiedBytes += f.Bytes
		j.engine.backups.current.Lock()
		if now := j.engine.backups.current.info; now != nil {
			now.CopiedFiles, now.CopiedBytes = j.result.CopiedFiles, j.result.CopiedBytes
		}
		j.engine.backups.current.Unlock()
	}
	return f, err
}
