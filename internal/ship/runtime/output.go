package runtime

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"elkhorn/internal/lumberjack"
	"elkhorn/internal/ship"
)

// dialTimeout is how long a receiver may take to accept a connection.
const dialTimeout = 30 * time.Second

// output delivers the queue's events to the receivers.
type output struct {
	opts     ship.Output
	queue    *queue
	counters *counters
	logger   *slog.Logger
	dial     func(ctx context.Context, network, address string) (net.Conn, error)
	tls      *tls.Config  // nil for none
	stores   *storeClient // nil for receivers of Lumberjack
}

// run returns when ctx ends.
func (o *output) run(ctx context.Context) {
	var workers sync.WaitGroup
	hosts := &hostList{hosts: o.opts.Hosts}
	for range o.opts.Workers {
		if !o.opts.LoadBalance {
			w := o.newWorker(hosts)
			workers.Go(func() { w.run(ctx) })
			continue
		}
		for i := range o.opts.Hosts {
			w := o.newWorker(&hostList{hosts: o.opts.Hosts[i : i+1]})
			workers.Go(func() { w.run(ctx) })
		}
	}
	workers.Wait()
}

func (o *output) newWorker(hosts *hostList) *worker {
	return &worker{output: o, hosts: hosts, window: newWindow(o.opts)}
}

// hostList is the receivers a worker may use. Workers of one list move to the next host together.
type hostList struct {
	hosts []string
	at    atomic.Int64
}

func (h *hostList) current() (index int64, host string) {
	index = h.at.Load()
	return index, h.hosts[int(index)%len(h.hosts)]
}

// leave moves on from a host that failed, unless another worker has done so.
func (h *hostList) leave(index int64) { h.at.CompareAndSwap(index, index+1) }

// worker keeps one connection at a time.
type worker struct {
	*output
	hosts  *hostList
	window *window
}

func (w *worker) run(ctx context.Context) {
	pause := backoff{first: w.opts.BackoffInit, longest: w.opts.BackoffMax}
	for {
		index, host := w.hosts.current()
		acked, err := w.connect(ctx, host)
		if ctx.Err() != nil {
			return
		}
		if acked {
			pause.reset()
		}
		w.window.shrink()
		w.hosts.leave(index)
		wait := pause.next()
		w.logger.Warn("connection to receiver failed", "host", hostOnly(host), "error", err, "retry_after", wait.Round(time.Millisecond).String())
		if !sleep(ctx, wait) {
			return
		}
	}
}

// connect sends to one receiver until that fails.
func (w *worker) connect(ctx context.Context, host string) (acked bool, err error) {
	if w.stores != nil {
		return w.sendBulks(ctx, host)
	}
	encoder, err := lumberjack.NewEncoder(w.opts.CompressionLevel)
	if err != nil {
		return false, err
	}
	dialing, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	conn, err := w.dial(dialing, "tcp", host)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if w.tls != nil {
		if conn, err = w.encrypt(dialing, conn, host); err != nil {
			return false, err
		}
	}
	w.logger.Debug("connected to receiver", "host", host)
	windows := max(w.opts.Pipelining, 1)
	s := &session{w: w, conn: conn, encoder: encoder, slots: make(chan struct{}, windows), flying: make(chan []entry, windows)}
	return s.run(ctx)
}

// encrypt makes a TLS connection of one in the clear. Closing either closes both.
func (w *worker) encrypt(ctx context.Context, conn net.Conn, address string) (net.Conn, error) {
	name, _, err := net.SplitHostPort(address)
	if err != nil {
		return conn, err
	}
	config := w.tls.Clone()
	config.ServerName = name
	secure := tls.Client(conn, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		return conn, fmt.Errorf("TLS: %w", err)
	}
	return secure, nil
}

func (w *worker) settle(batch []entry) {
	w.counters.acked.Add(int64(len(batch)))
	w.queue.settle(batch)
}

func (w *worker) giveBack(batch []entry) {
	w.counters.resent.Add(int64(len(batch)))
	w.queue.giveBack(batch)
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// backoff doubles from first to longest; each pause is drawn from its upper half, so that shippers do not return all at once.
type backoff struct {
	first, longest, last time.Duration
}

func (b *backoff) reset() { b.last = 0 }

func (b *backoff) next() time.Duration {
	b.last = min(max(2*b.last, b.first), b.longest)
	return b.last/2 + rand.N(b.last/2+1)
}

// slowStartEvents is the first window of a slow start, Beats' value.
const slowStartEvents = 10

// window is how many events a worker sends at once. With slow start it begins small, grows by half with each full window that
// is acknowledged, and begins again after a failure.
type window struct {
	slow    bool
	longest int
	now     atomic.Int64
}

func newWindow(opts ship.Output) *window {
	w := &window{slow: opts.SlowStart && opts.BulkMaxSize > slowStartEvents, longest: opts.BulkMaxSize}
	w.now.Store(int64(w.longest))
	w.shrink()
	return w
}

func (w *window) size() int { return int(w.now.Load()) }

func (w *window) grow(acked int) {
	if now := w.size(); w.slow && acked >= now {
		w.now.Store(int64(min(now+now/2, w.longest)))
	}
}

func (w *window) shrink() {
	if w.slow {
		w.now.Store(slowStartEvents)
	}
}
