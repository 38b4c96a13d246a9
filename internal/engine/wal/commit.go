package wal

import "time"

// minGroupWaiters is how many waiters make a commit worth delaying.
const minGroupWaiters = 2

// run is the writer goroutine: it takes what is queued, writes it in order, and syncs when somebody waits, when the sync
// interval is over or when the log closes. It ends with Close or with the first failure.
func (l *Log) run() {
	defer close(l.stopped)
	interval := time.NewTimer(l.opts.SyncInterval)
	defer interval.Stop()
	companions := 0 // waiters served by the last sync
	for {
		due, closing := false, false
		select {
		case <-l.wake:
		case <-interval.C:
			due = true
			interval.Reset(l.opts.SyncInterval)
		case <-l.closing:
			closing = true
		}
		if !closing {
			l.holdForCompany(companions)
		}
		group, wanted, waiting := l.takeQueue()
		if err := l.w.write(group); err != nil {
			l.fail(err)
			return
		}
		if due || closing || wanted {
			if err := l.w.sync(); err != nil {
				l.fail(err)
				return
			}
			companions = waiting
		}
		rotate := l.rotationWanted()
		if rotate {
			if err := l.w.rotate(); err != nil {
				l.fail(err)
				return
			}
		}
		l.publish(group, rotate)
		if closing {
			return
		}
	}
}

// holdForCompany delays a commit by the group window when several writers wait now or did last time, so that one fsync serves
// them all. A lone writer is never delayed, and one that was left alone by the others only once.
func (l *Log) holdForCompany(companions int) {
	l.mu.Lock()
	somebodyWaits := l.mu.wanted > l.mu.durable
	companions = max(companions, l.mu.waiting)
	l.mu.Unlock()
	if !somebodyWaits || companions < minGroupWaiters {
		return
	}
	window := time.NewTimer(l.opts.GroupWindow)
	defer window.Stop()
	select {
	case <-window.C:
	case <-l.closing:
	}
}

func (l *Log) takeQueue() (group []*frame, wanted bool, waiting int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	group = l.mu.queue
	l.mu.queue = nil
	return group, l.mu.wanted > l.mu.durable, l.mu.waiting
}

func (l *Log) rotationWanted() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.mu.rotate
}

// publish shows the state after a group to waiters and readers, and gives the frames back.
func (l *Log) publish(group []*frame, rotated bool) {
	l.mu.Lock()
	for _, f := range group {
		l.mu.queuedBytes -= cap(f.buf)
	}
	if rotated {
		l.mu.rotate = false
	}
	if len(group) > 0 || rotated || l.mu.durable < l.w.synced {
		l.mu.durable = l.w.synced
		l.mu.segments = l.w.mergeInto(l.mu.segments)
		l.progressLocked()
	}
	l.mu.Unlock()
	for _, f := range group {
		f.release()
	}
}

func (l *Log) fail(err error) {
	l.mu.Lock()
	l.mu.err = err
	l.mu.queue = nil
	// A segment that was synced before the failure keeps its promise.
	l.mu.durable = max(l.mu.durable, l.w.synced)
	l.progressLocked()
	l.mu.Unlock()
	l.opts.Logger.Error("write-ahead log failed", "error", err)
}
