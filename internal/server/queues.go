package server

import (
	"cmp"
	"path/filepath"
	"slices"

	"elkhorn/internal/pipeline/queue"
	"elkhorn/internal/pipeline/runtime"
	"elkhorn/internal/vfs"
)

// queueFolder is the folder in which a pipeline's persisted queue would have a folder of its own.
func (s *Server) queueFolder(pc PipelineConfig) string {
	return cmp.Or(pc.Settings.Queue.Dir, filepath.Join(s.opts.DataDir, "queue"))
}

// queueOf opens a pipeline's persisted queue; nil when it has none.
func (s *Server) queueOf(pc PipelineConfig) func() (runtime.Queue, error) {
	set := pc.Settings.Queue
	if !set.Persisted {
		return nil
	}
	return func() (runtime.Queue, error) {
		q, err := queue.Open(vfs.Default, filepath.Join(s.queueFolder(pc), folderName(pc.ID)), queue.Options{
			PageBytes: set.PageBytes, MaxBytes: set.MaxBytes, MaxEvents: set.MaxEvents, CheckpointWrites: set.CheckpointWrites, CheckpointAcks: set.CheckpointAcks,
			CheckpointInterval: set.CheckpointInterval, Logger: s.logger.With("pipeline", pc.ID)})
		if err != nil {
			return nil, err
		}
		s.fleet.mu.Lock()
		defer s.fleet.mu.Unlock()
		if s.fleet.mu.opened == nil {
			s.fleet.mu.opened = map[string]*queue.Persisted{}
		}
		s.fleet.mu.opened[pc.ID] = q
		return q, nil
	}
}

// tellLeftBehind warns of queues with events that none of the process's pipelines reads: the pipeline's queue is one in memory now, or
// there is no pipeline of that name any more. Logstash leaves them without a word.
func (f *fleet) tellLeftBehind() {
	var folders, read []string
	for _, m := range f.members() {
		folder := f.server.queueFolder(m.plan.pc)
		folders = append(folders, folder)
		if m.plan.pc.Settings.Queue.Persisted {
			read = append(read, filepath.Join(folder, folderName(m.plan.pc.ID)))
		}
	}
	f.mu.Lock()
	for _, q := range f.mu.opened { // also of pipelines that were removed, or have another folder now
		folders = append(folders, filepath.Dir(q.Stats().Dir))
	}
	f.mu.Unlock()
	slices.Sort(folders)
	for _, folder := range slices.Compact(folders) {
		names, err := vfs.Default.List(folder)
		if err != nil {
			continue // none was ever there
		}
		for _, name := range names {
			dir := filepath.Join(folder, name)
			if info, err := vfs.Default.Stat(dir); err != nil || !info.IsDir || slices.Contains(read, dir) {
				continue
			}
			events, err := queue.Unread(vfs.Default, dir)
			if err != nil {
				f.server.logger.Warn("a queue that no pipeline reads cannot be looked into", "folder", dir, "error", err)
			}
			if events > 0 {
				f.server.logger.Warn("events are left in a queue that no pipeline reads: give the pipeline queue.type: persisted until the queue is empty, or remove the folder",
					"pipeline", folderID(name), "events", events, "folder", dir)
			}
		}
	}
}
