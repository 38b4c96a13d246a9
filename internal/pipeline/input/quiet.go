package input

import (
	"sync"
	"time"

	"elkhorn/internal/pipeline"
)

// quietFlush has a codec give out what it holds when its source has been quiet for as long as the codec asks for. Its lock
// guards the codec: whoever decodes holds it. A nil quietFlush does nothing.
type quietFlush struct {
	mu      sync.Mutex
	codec   pipeline.Joiner
	flush   func()
	timer   *time.Timer
	stopped bool
	running sync.WaitGroup
}

// newQuietFlush returns nil for a codec that does not ask for it. flush is called with the lock held.
func newQuietFlush(codec pipeline.Codec, flush func()) *quietFlush {
	joiner, ok := codec.(pipeline.Joiner)
	if !ok || joiner.FlushAfter() <= 0 {
		return nil
	}
	return &quietFlush{codec: joiner, flush: flush}
}

func (q *quietFlush) lock() {
	if q != nil {
		q.mu.Lock()
	}
}

// unlock begins to wait anew when the codec holds something.
func (q *quietFlush) unlock() {
	if q == nil {
		return
	}
	defer q.mu.Unlock()
	if q.timer != nil && q.timer.Stop() {
		q.running.Done()
	}
	q.timer = nil
	if q.codec.Held() == 0 || q.stopped {
		return
	}
	q.running.Add(1)
	q.timer = time.AfterFunc(q.codec.FlushAfter(), q.fire)
}

func (q *quietFlush) fire() {
	defer q.running.Done()
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.stopped {
		q.flush()
	}
}

// stop ends it and waits for a flush under way.
func (q *quietFlush) stop() {
	if q == nil {
		return
	}
	q.mu.Lock()
	q.stopped = true
	if q.timer != nil && q.timer.Stop() {
		q.running.Done()
	}
	q.mu.Unlock()
	q.running.Wait()
}
