package queue

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"elkhorn/internal/vfs"
)

// keep makes what was written durable, tells the sources, notes what was acknowledged and removes pages, until the end. It is the only one
// who syncs: whatever is written while a sync runs goes with the next.
func (q *Persisted) keep() {
	var tick, again <-chan time.Time
	pause := firstRescue
	if q.o.CheckpointInterval > 0 {
		ticker := time.NewTicker(q.o.CheckpointInterval)
		defer ticker.Stop()
		tick = ticker.C
	}
	for {
		note := false
		select {
		case <-q.wake:
		case <-tick:
			note = true
		case <-again:
			again = nil
			if err := q.rescue(); err != nil {
				pause = min(2*pause, lastRescue)
				q.tell("the queue is not safe on the disk: inputs wait", "folder", q.dir, "error", err)
			}
		case <-q.end:
			return
		}
		if err := q.settle(note); err != nil {
			q.tell("the queue cannot be kept", "folder", q.dir, "error", err)
		}
		switch {
		case q.whole():
			again, pause = nil, firstRescue
		case again == nil:
			again = time.After(pause)
		}
	}
}

// settle syncs what was written, releases receipts, writes the checkpoint when it is due or note says so, and removes pages that are done
// with.
func (q *Persisted) settle(note bool) error {
	if err := q.sync(); err != nil {
		return err
	}
	q.mu.Lock()
	now := checkpoint{acked: min(q.mu.acks.low, q.mu.synced), synced: q.mu.synced}
	due := q.o.CheckpointAcks > 0 && now.acked-q.mu.noted.acked >= uint64(q.o.CheckpointAcks)
	due = (due || note) && now != q.mu.noted
	q.mu.Unlock()
	if due {
		if err := q.writeCheckpoint(now); err != nil {
			return fmt.Errorf("write the checkpoint: %w", err)
		}
		q.mu.Lock()
		q.mu.noted = now
		q.mu.Unlock()
	}
	return q.removeDone()
}

// sync makes everything written so far durable. After a failure nothing is known about what was written since the sync before: the queue is
// broken until rescue has written it anew.
func (q *Persisted) sync() error {
	q.mu.Lock()
	target, retired, active, renamed := q.mu.next, q.mu.retired, q.mu.active, q.mu.renamed
	if q.mu.broken != nil || target == q.mu.synced && !renamed && len(retired) == 0 {
		delivered := q.safeLocked(q.mu.acks.low)
		q.mu.Unlock()
		tell(delivered)
		return nil
	}
	q.mu.retired, q.mu.renamed = nil, false
	q.mu.Unlock()
	var err error
	for _, f := range retired {
		err = errors.Join(err, f.Sync(), f.Close())
	}
	if active != nil {
		err = errors.Join(err, active.Sync())
	}
	if renamed {
		err = errors.Join(err, vfs.SyncDir(q.fs, q.dir))
	}
	if err != nil {
		return q.breakWith(err)
	}
	q.settled(target)
	return nil
}

// settled notes that the disk has the events below a number, and tells their sources.
func (q *Persisted) settled(below uint64) {
	q.mu.Lock()
	q.mu.synced = below
	safe := q.safeLocked(below)
	q.changedLocked()
	q.mu.Unlock()
	tell(safe)
}

// safeLocked takes the sources of the events below a number off those that wait.
func (q *Persisted) safeLocked(below uint64) []waiting {
	n := 0
	for n < len(q.mu.waiting) && q.mu.waiting[n].number < below {
		n++
	}
	if n == 0 {
		return nil
	}
	safe := slices.Clone(q.mu.waiting[:n])
	left := copy(q.mu.waiting, q.mu.waiting[n:])
	clear(q.mu.waiting[left:])
	q.mu.waiting = q.mu.waiting[:left]
	return safe
}

func tell(safe []waiting) {
	for _, s := range safe {
		s.receipt.Finish()
	}
}

// changedLocked wakes those who wait for synced or broken to change.
func (q *Persisted) changedLocked() {
	close(q.mu.settled)
	q.mu.settled = make(chan struct{})
}

// removeDone removes pages whose events are all acknowledged; damaged ones are kept under another name. An active page goes too when it is
// done with and stands in the way of what comes.
func (q *Persisted) removeDone() error {
	q.w.Lock()
	q.mu.Lock()
	empty := q.mu.acks.low == q.mu.next && q.mu.active != nil
	inTheWay := empty && (q.mu.blocked || q.lastLocked().size >= q.o.PageBytes/2)
	q.mu.blocked = q.mu.blocked && !inTheWay
	q.mu.Unlock()
	if inTheWay {
		q.retire()
	}
	q.w.Unlock()
	for {
		q.mu.Lock()
		p := q.firstDoneLocked()
		q.mu.Unlock()
		if p == nil {
			return nil
		}
		q.r.Lock()
		var err error
		if q.r.page == p {
			err = q.leavePage()
		}
		q.r.Unlock()
		switch {
		case err != nil:
		case p.damaged:
			err = q.fs.Rename(q.path(p), q.path(p)+damagedSuffix)
		default:
			err = q.fs.Remove(q.path(p))
		}
		if err != nil {
			return fmt.Errorf("remove a page: %w", err)
		}
		q.mu.Lock()
		q.mu.pages = slices.Delete(q.mu.pages, 0, 1)
		q.mu.bytes -= p.size
		q.mu.Unlock()
		signal(q.space)
	}
}

// firstDoneLocked returns the oldest page when all its events are acknowledged and nobody writes to it.
func (q *Persisted) firstDoneLocked() *page {
	if len(q.mu.pages) == 0 || q.mu.acks.low < q.endLocked(0) {
		return nil
	}
	if len(q.mu.pages) == 1 && q.mu.active != nil {
		return nil
	}
	return q.mu.pages[0]
}

// endLocked is the number behind the last event of page i.
func (q *Persisted) endLocked(i int) uint64 {
	if i+1 < len(q.mu.pages) {
		return q.mu.pages[i+1].first
	}
	return q.mu.next
}

// acks are the numbers that were acknowledged: all below low, and the runs beyond.
type acks struct {
	low  uint64
	runs map[uint64]uint64 // first → behind the last
}

// add notes that the events from first up to before end are done with.
func (a *acks) add(first, end uint64) {
	if first != a.low {
		if a.runs == nil {
			a.runs = map[uint64]uint64{}
		}
		a.runs[first] = end
		return
	}
	for ok := true; ok; end, ok = a.runs[a.low] {
		delete(a.runs, a.low)
		a.low = end
	}
}

// acknowledge notes that events are done with.
func (q *Persisted) acknowledge(first, end uint64) {
	q.mu.Lock()
	q.mu.acks.add(first, end)
	low := q.mu.acks.low
	due := q.o.CheckpointAcks > 0 && low-q.mu.noted.acked >= uint64(q.o.CheckpointAcks)
	if len(q.mu.pages) > 0 && low >= q.endLocked(0) && (len(q.mu.pages) > 1 || q.mu.active == nil || q.mu.blocked) {
		due = true
	}
	q.mu.Unlock()
	if due {
		signal(q.wake)
	}
}
