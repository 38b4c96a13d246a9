package filter

import (
	"errors"
	"io/fs"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/ruby"
	"elkhorn/internal/vfs"
)

// aggregateTask is one task with its map.
type aggregateTask struct {
	ruby.Task
	fields       *ruby.Hash
	began, heard time.Time // by the clock
	bytes        int       // at most what the map takes
}

// taskTable is the tasks of one task_id.
type taskTable struct {
	all   *aggregateTasks
	tasks *aging[*aggregateTask]
	owner *aggregateFilter // the filter whose timeouts count
}

// aggregateTasks is the tasks of a pipeline.
type aggregateTasks struct {
	fs      vfs.FS
	path    string // of the file that keeps them; "" for none
	offline bool   // neither read nor write it
	filters int    // that have not been flushed for good
	tables  map[string]*taskTable
	mu      sync.Mutex // guards all of it once events come
	loaded  bool
	bytes   int // at most what all maps take
}

type aggregateTasksKey struct{}

// pipelineTasks are those that the filters of a pipeline have in common.
func pipelineTasks(env *pipeline.Env) *aggregateTasks {
	all, _ := env.Shared.Get(aggregateTasksKey{}, func() any {
		return &aggregateTasks{fs: env.FS, offline: env.Offline, tables: map[string]*taskTable{}}
	}).(*aggregateTasks)
	all.filters++
	return all
}

func (a *aggregateTasks) table(pattern string) *taskTable {
	t := a.tables[pattern]
	if t == nil {
		t = &taskTable{all: a, tasks: newAging[*aggregateTask]()}
		a.tables[pattern] = t
	}
	return t
}

// ownerLocked is the filter whose timeouts count; the one that asks, when none has any.
func (t *taskTable) ownerLocked(f *aggregateFilter) *aggregateFilter {
	if t.owner == nil {
		t.owner = f
	}
	return t.owner
}

func (t *taskTable) removeLocked(id string) {
	if task, ok := t.tasks.remove(id); ok {
		t.all.bytes -= task.bytes
	}
}

// secondsOr is a number of seconds that a program has set, or else the filter's own time.
func secondsOr(v ruby.Value, otherwise time.Duration) time.Duration {
	switch v := v.(type) {
	case int64:
		return time.Duration(v) * time.Second
	case float64:
		return time.Duration(v * float64(time.Second))
	}
	return otherwise
}

func zeroSeconds(v ruby.Value) bool { return v != nil && secondsOr(v, 1) == 0 }

const (
	// maxTaskBytes bounds the maps of all tasks of a pipeline.
	maxTaskBytes = 256 << 20
	// taskBytes is what a task counts for beside its map.
	taskBytes = 500
)

var errTooLarge = errors.New("the maps of all tasks take more than 256 MB; what this event added stays, but no more is taken")

// accountLocked counts what a run has added to a task's map. What it took is an upper bound, so that maps are measured only
// when the bounds come to too much.
func (a *aggregateTasks) accountLocked(task *aggregateTask, took int) error {
	added := took
	if task.bytes == 0 {
		added += taskBytes
	}
	task.bytes += added
	if a.bytes += added; a.bytes <= maxTaskBytes {
		return nil
	}
	a.bytes = 0
	for _, t := range a.tables {
		t.tasks.each(func(_ string, task *aggregateTask) {
			task.bytes = taskBytes + rubySize(task.fields)
			a.bytes += task.bytes
		})
	}
	if a.bytes > maxTaskBytes/2 { // else it would soon be measured again
		return errTooLarge
	}
	return nil
}

// rubySize estimates the bytes of a value. One that holds itself counts as more than there may be.
func rubySize(v ruby.Value) int {
	size, parts := 0, maxRubyNodes
	addRubySize(v, 0, &size, &parts)
	if parts < 0 {
		return maxTaskBytes
	}
	return size
}

func addRubySize(v ruby.Value, depth int, size, parts *int) {
	*size += 16
	if *parts--; *parts < 0 || depth > maxRubyDepth {
		return
	}
	switch v := v.(type) {
	case string:
		*size += len(v)
	case ruby.Symbol:
		*size += len(v)
	case *ruby.Array:
		for _, item := range v.Items {
			addRubySize(item, depth+1, size, parts)
		}
	case *ruby.Hash:
		for i := range v.Len() {
			name, item := v.At(i)
			addRubySize(name, depth+1, size, parts)
			addRubySize(item, depth+1, size, parts)
		}
	}
}

// maxTaskFileBytes bounds the file of tasks, which has no more than the memory that they may take.
const maxTaskFileBytes = 2 * maxTaskBytes

// loadLocked reads the tasks of the file, once, and removes it: what is in memory counts from now on.
func (a *aggregateTasks) loadLocked(logger *slog.Logger) {
	if a.loaded || a.path == "" || a.offline {
		return
	}
	a.loaded = true
	data, err := vfs.ReadFile(a.fs, a.path, maxTaskFileBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err == nil {
		err = a.parseLocked(data)
	}
	if err == nil {
		err = a.fs.Remove(a.path)
	}
	if err != nil {
		logger.Error("the tasks of aggregate filters cannot be read from their file; they begin anew", "path", a.path, "error", err)
	}
}

func (a *aggregateTasks) parseLocked(data []byte) error {
	tables, err := event.ParseJSON(data)
	if err != nil {
		return err
	}
	for i, tasks := range tables.Items() {
		t := a.table(tables.NameAt(i))
		for j, stored := range tasks.Items() {
			task, err := taskOf(tasks.NameAt(j), stored)
			if err != nil {
				return err
			}
			t.tasks.put(task.ID, task)
			if err := a.accountLocked(task, rubySize(task.fields)); err != nil {
				return err
			}
		}
	}
	return nil
}

// endLocked writes the tasks to their file when the last filter of the pipeline has been flushed for good.
func (a *aggregateTasks) endLocked(logger *slog.Logger) {
	if a.filters--; a.filters > 0 || a.path == "" || !a.loaded {
		return
	}
	tables := event.NewObject()
	for _, pattern := range slices.Sorted(maps.Keys(a.tables)) {
		tasks := event.NewObject()
		a.tables[pattern].tasks.each(func(id string, task *aggregateTask) { tasks.SetMember(id, task.stored()) })
		if tasks.Len() > 0 {
			tables.SetMember(pattern, tasks)
		}
	}
	if tables.Len() == 0 {
		return
	}
	if err := vfs.WriteFileAtomic(a.fs, a.path, tables.AppendJSON(nil)); err != nil {
		logger.Error("the tasks of aggregate filters cannot be kept in their file", "path", a.path, "error", err)
	}
}
