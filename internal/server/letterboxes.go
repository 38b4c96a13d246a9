package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/monitor"
	"elkhorn/internal/pipeline/queue"
	"elkhorn/internal/vfs"
)

// letterBoxes are the dead-letter queues of the pipelines, by folder. They stay open when a pipeline is loaded anew.
type letterBoxes struct {
	mu   sync.Mutex
	open map[string]*queue.DeadLetters
}

// DeadLetterFolder is where the dead letters of a process's pipelines are, one folder each.
func DeadLetterFolder(dataDir string) string { return filepath.Join(dataDir, "dead-letters") }

// elsewhereSuffix ends the name of a file in DeadLetterFolder that holds the folder of a pipeline's letters, where
// path.dead_letter_queue has them in another place: who looks for letters begins at the data folder.
const elsewhereSuffix = ".elsewhere"

// maxPathBytes bounds what is read of such a file.
const maxPathBytes = 32 << 10

// LetterFolders are the folders in which a process with that data folder has kept dead letters, one for each pipeline. The error names those
// that are not where they were; the others are returned all the same.
func LetterFolders(dataDir string) ([]string, error) {
	base := DeadLetterFolder(dataDir)
	names, err := vfs.Default.List(base)
	if err != nil {
		return nil, err
	}
	var all []string
	var errs []error
	for _, name := range names {
		path := filepath.Join(base, name)
		if strings.HasSuffix(name, elsewhereSuffix) {
			noted, err := vfs.ReadFile(vfs.Default, path, maxPathBytes)
			if err != nil {
				errs = append(errs, err)
				continue
			}
			path = strings.TrimSpace(string(noted))
		}
		info, err := vfs.Default.Stat(path)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("dead letters of pipeline %s: %w", folderID(strings.TrimSuffix(name, elsewhereSuffix)), err))
		case info.IsDir:
			all = append(all, path)
		}
	}
	return all, errors.Join(errs...)
}

// noteFolder leaves a note of letters that are not below the data folder.
func (s *Server) noteFolder(pc PipelineConfig, dir string) error {
	base := DeadLetterFolder(s.opts.DataDir)
	if pc.Settings.DeadLetters.Dir == "" {
		return nil
	}
	dir, err := filepath.Abs(dir)
	if err == nil {
		err = vfs.MkdirAllSync(vfs.Default, base)
	}
	if err == nil {
		err = vfs.WriteFileAtomic(vfs.Default, filepath.Join(base, folderName(pc.ID)+elsewhereSuffix), []byte(dir+"\n"))
	}
	if err != nil {
		return fmt.Errorf("note where the dead letters are: %w", err)
	}
	return nil
}

func (s *Server) letterFolder(pc PipelineConfig) string {
	return filepath.Join(cmp.Or(pc.Settings.DeadLetters.Dir, DeadLetterFolder(s.opts.DataDir)), folderName(pc.ID))
}

// lettersOf opens a pipeline's dead-letter queue, as its settings say.
func (s *Server) lettersOf(pc PipelineConfig) (pipeline.DeadLetters, error) {
	set := pc.Settings.DeadLetters
	if set.Disabled {
		return thrownAway{}, nil
	}
	o := queue.LetterOptions{MaxBytes: set.MaxBytes, Full: queue.FullPolicy(set.Policy), RetainAge: set.RetainAge, Now: s.opts.Now}
	s.letters.mu.Lock()
	defer s.letters.mu.Unlock()
	dir := s.letterFolder(pc)
	if q := s.letters.open[dir]; q != nil {
		q.Change(o)
		return q, nil
	}
	q, err := queue.OpenDeadLetters(vfs.Default, dir, o)
	if err != nil {
		return nil, err
	}
	if err := s.noteFolder(pc, dir); err != nil {
		return nil, errors.Join(err, q.Close())
	}
	if s.letters.open == nil {
		s.letters.open = map[string]*queue.DeadLetters{}
	}
	s.letters.open[dir] = q
	return q, nil
}

// letterSource opens the dead letters of a pipeline that may not run yet.
func (s *Server) letterSource(id string) (pipeline.LetterSource, error) {
	pc := PipelineConfig{ID: id, Settings: s.opts.Node.Pipeline}
	for _, known := range s.opts.Pipelines {
		if known.ID == id {
			pc = known
		}
	}
	if pc.Settings.DeadLetters.Disabled {
		return nil, fmt.Errorf("pipeline %q keeps no dead letters: dead_letter_queue.enable is false", id)
	}
	if q := s.box(pc); q != nil {
		return q, nil
	}
	if _, err := s.lettersOf(pc); err != nil {
		return nil, err
	}
	return s.box(pc), nil
}

// box returns a pipeline's queue that is open, nil when it has none.
func (s *Server) box(pc PipelineConfig) *queue.DeadLetters {
	s.letters.mu.Lock()
	defer s.letters.mu.Unlock()
	if pc.Settings.DeadLetters.Disabled {
		return nil
	}
	return s.letters.open[s.letterFolder(pc)]
}

func (b *letterBoxes) close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	var errs []error
	for _, q := range b.open {
		errs = append(errs, q.Close())
	}
	b.open = nil
	return errors.Join(errs...)
}

// thrownAway is dead_letter_queue.enable: false.
type thrownAway struct{}

// Keep keeps nothing.
func (thrownAway) Keep(context.Context, []pipeline.DeadLetter) error { return nil }

// replayBatch is how many letters are read and written at a time.
const replayBatch = 500

// ReplayLetters writes a pipeline's dead letters again, in order, and clears those that were written, by whole files. What is refused again
// becomes a letter anew, which this replay does not touch.
func (s *Server) ReplayLetters(ctx context.Context, id string, filters bool) (replayed int, err error) {
	if s.fleet == nil {
		return 0, fmt.Errorf("there is no pipeline %q", id)
	}
	s.fleet.change.Lock() // the pipeline is not replaced meanwhile
	defer s.fleet.change.Unlock()
	m := s.fleet.find(id)
	if m == nil || m.hasEnded() {
		return 0, fmt.Errorf("pipeline %q does not run", id)
	}
	box := s.box(m.plan.pc)
	if box == nil {
		return 0, fmt.Errorf("pipeline %q keeps no dead letters", id)
	}
	last, err := box.EndFile() // what is refused again goes to another file
	if err != nil {
		return 0, err
	}
	var after queue.ID
	for {
		letters, err := box.Read(after, replayBatch)
		if err != nil && !vfs.IsCorruption(err) {
			return replayed, err
		}
		var events []*event.Event
		for _, l := range letters {
			if l.ID.File > last {
				break
			}
			ev, err := l.Restore()
			if err != nil {
				return replayed, fmt.Errorf("dead letter %s: %w", l.ID, err)
			}
			events = append(events, ev)
			after = l.ID
		}
		if len(events) == 0 {
			break
		}
		if err := m.current.Replay(ctx, events, filters); err != nil {
			return replayed, err
		}
		replayed += len(events)
	}
	if replayed > 0 {
		_, err = box.Clear(after)
	}
	return replayed, err
}

// Letters lists dead letters of the pipelines, oldest first.
func (m *monitored) Letters(id string, limit int) ([]monitor.Letter, error) {
	all := []monitor.Letter{}
	for _, one := range m.server.fleet.members() {
		if id != "" && one.plan.pc.ID != id {
			continue
		}
		box := m.server.box(one.plan.pc)
		if box == nil {
			continue
		}
		letters, err := box.Read(queue.ID{}, limit-len(all))
		if err != nil && !vfs.IsCorruption(err) {
			return nil, err
		}
		for _, l := range letters {
			all = append(all, monitor.Letter{ID: l.ID.String(), Time: l.Time.UTC().Format(time.RFC3339Nano), Pipeline: l.Pipeline, Plugin: l.Plugin, Status: l.Status, Reason: l.Reason,
				Event: l.Event, Metadata: l.Metadata})
		}
	}
	return all, nil
}

// Replay writes dead letters again.
func (m *monitored) Replay(ctx context.Context, id string, filters bool) (int, error) {
	return m.server.ReplayLetters(ctx, id, filters)
}
