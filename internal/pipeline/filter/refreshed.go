package filter

import (
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"elkhorn/internal/pipeline"
	"elkhorn/internal/vfs"
)

// refreshed is what a file says, read again when the file has changed. Whoever asks first after the interval reads it;
// the others go on with what there is. A file that has gone or cannot be understood leaves what was there before.
type refreshed[T any] struct {
	path     string
	interval time.Duration // 0 for a file that is read once
	maxBytes int64
	parse    func(data []byte, before T) (T, error)
	fs       vfs.FS
	logger   *slog.Logger
	now      func() time.Time

	current atomic.Pointer[T]
	next    atomic.Int64 // Unix nanoseconds
	mu      struct {
		sync.Mutex // held while the file is read
		modified   time.Time
		size       int64
	}
}

// open reads the file for the first time.
func (r *refreshed[T]) open(env *pipeline.Env) error {
	r.path, r.fs, r.now, r.logger = env.ResolvePath(r.path), env.FS, env.Now, loggerOf(env)
	var empty T
	r.current.Store(&empty)
	r.schedule()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.readLocked()
}

func (r *refreshed[T]) schedule() { r.next.Store(r.now().Add(r.interval).UnixNano()) }

// get returns what the file says.
func (r *refreshed[T]) get() T {
	if r.interval > 0 && r.now().UnixNano() >= r.next.Load() && r.mu.TryLock() {
		if err := r.readLocked(); err != nil {
			r.logger.Warn("a file cannot be read again; what it said before stays in use", "path", r.path, "error", err)
		}
		r.schedule()
		r.mu.Unlock()
	}
	return *r.current.Load()
}

func (r *refreshed[T]) readLocked() error {
	info, err := r.fs.Stat(r.path)
	if err != nil {
		return err
	}
	if info.ModTime.Equal(r.mu.modified) && info.Size == r.mu.size {
		return nil
	}
	data, err := vfs.ReadFile(r.fs, r.path, r.maxBytes)
	if err != nil {
		return err
	}
	parsed, err := r.parse(data, *r.current.Load())
	if err != nil {
		return err
	}
	r.current.Store(&parsed)
	r.mu.modified, r.mu.size = info.ModTime, info.Size
	return nil
}
