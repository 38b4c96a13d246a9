package input

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/lumberjack"
	"elkhorn/internal/pipeline"
)

const (
	// beatsChunkEvents and beatsChunkBytes bound what is handed to the pipeline at once, and so how much work a partial
	// acknowledgement saves when the sender has to repeat.
	beatsChunkEvents = 500
	beatsChunkBytes  = 1 << 20
)

// beatsConn is one sender's connection: a goroutine that reads and one that acknowledges.
type beatsConn struct {
	in     *beatsInput
	conn   *idleConn
	reader *lumberjack.Reader
	codec  pipeline.Codec
	from   string

	mu struct {
		sync.Mutex // guards pending
		pending    []*beatsChunk
	}
	safe chan struct{} // capacity 1: a chunk became safe
}

// beatsChunk is a run of a window's events that is acknowledged as one.
type beatsChunk struct {
	version  byte
	sequence uint32 // of its last event
	last     bool   // it ends the window
	safe     bool
}

func newBeatsConn(in *beatsInput, conn net.Conn) *beatsConn {
	idle := &idleConn{Conn: conn, timeout: in.inactivity}
	return &beatsConn{
		in:     in,
		conn:   idle,
		reader: lumberjack.NewReader(idle, lumberjack.DefaultLimits),
		codec:  in.newCodec(),
		from:   hostOf(conn.RemoteAddr()),
		safe:   make(chan struct{}, 1),
	}
}

func hostOf(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok {
		return tcp.IP.String()
	}
	return addr.String()
}

// idleConn is a connection whose reads time out, until stopReading makes them fail for good.
type idleConn struct {
	net.Conn
	timeout time.Duration // 0 is none
	stopped atomic.Bool
}

func (c *idleConn) Read(p []byte) (int, error) {
	var deadline time.Time
	if c.timeout > 0 {
		deadline = time.Now().Add(c.timeout)
	}
	if err := c.SetReadDeadline(deadline); err != nil {
		return 0, err
	}
	if c.stopped.Load() { // checked after the deadline was set: whoever stops sets one behind this
		return 0, os.ErrDeadlineExceeded
	}
	return c.Conn.Read(p)
}

func (c *beatsConn) stopReading() {
	c.conn.stopped.Store(true)
	if err := c.conn.SetReadDeadline(time.Unix(1, 0)); err != nil {
		c.in.logger.Debug("read deadline was not set", "error", err)
	}
}

// run serves the connection to its end. An error is worth a warning; senders that leave, or are quiet for too long, are not.
func (c *beatsConn) run(ctx context.Context, sink pipeline.Sink) error {
	finished := make(chan struct{})
	var acknowledging sync.WaitGroup
	acknowledging.Go(func() { c.acknowledge(finished) })
	err := c.read(ctx, sink)
	c.codec.Flush(c.in.events.now(), func(ev *event.Event) {
		if pushErr := sink.Push(ctx, []*event.Event{ev}); pushErr != nil {
			err = errors.Join(err, fmt.Errorf("end of the codec's text was lost: %w", pushErr))
		}
	})
	close(finished)
	acknowledging.Wait()
	if closeErr := c.conn.Close(); closeErr != nil && !errors.Is(closeErr, net.ErrClosed) {
		err = errors.Join(err, closeErr)
	}
	return err
}

func (c *beatsConn) read(ctx context.Context, sink pipeline.Sink) error {
	var events []*event.Event
	chunkBytes := 0
	for {
		if err := c.reader.WaitForByte(); err != nil {
			if errors.Is(err, os.ErrDeadlineExceeded) && c.busy() && ctx.Err() == nil && c.reader.Idle() {
				continue // the sender waits for us
			}
			return c.explain(err)
		}
		wire, err := c.reader.Next()
		if err != nil {
			return c.explain(err)
		}
		c.in.events.decode(wire, c.codec, c.from, func(ev *event.Event) { events = append(events, ev) })
		chunkBytes += len(wire.JSON)
		if !wire.Last && len(events) < beatsChunkEvents && chunkBytes < beatsChunkBytes {
			continue
		}
		if err := c.push(ctx, sink, wire, events); err != nil {
			return nil // the input stops; the sender keeps what is not acknowledged
		}
		events, chunkBytes = nil, 0
	}
}

// explain keeps silent about the ordinary ends of a connection.
func (c *beatsConn) explain(err error) error {
	switch {
	case errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil
	case c.conn.stopped.Load(), errors.Is(err, net.ErrClosed):
		return nil
	case errors.Is(err, os.ErrDeadlineExceeded) && c.reader.Idle():
		return nil
	}
	return err
}

func (c *beatsConn) push(ctx context.Context, sink pipeline.Sink, wire lumberjack.Event, events []*event.Event) error {
	chunk := &beatsChunk{version: wire.Version, sequence: wire.Sequence, last: wire.Last}
	c.mu.Lock()
	c.mu.pending = append(c.mu.pending, chunk)
	c.mu.Unlock()
	receipt := event.NewReceipt(len(events), func() { c.markSafe(chunk) })
	for _, ev := range events {
		ev.SetReceipt(receipt)
	}
	if len(events) == 0 {
		return nil
	}
	if err := sink.Push(ctx, events); err != nil {
		// Nothing was taken, so nothing will become safe: do not wait for it.
		c.mu.Lock()
		c.mu.pending = c.mu.pending[:len(c.mu.pending)-1]
		c.mu.Unlock()
		return err
	}
	return nil
}

// markSafe is called when the pipeline has a chunk durably. It must not block.
func (c *beatsConn) markSafe(chunk *beatsChunk) {
	c.mu.Lock()
	chunk.safe = true
	c.mu.Unlock()
	select {
	case c.safe <- struct{}{}:
	default:
	}
}

func (c *beatsConn) busy() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.mu.pending) > 0
}

// acknowledge writes acknowledgements, in order, and signs of life while events are in work. After the reader has finished it
// goes on for beatsDrain at most.
func (c *beatsConn) acknowledge(finished <-chan struct{}) {
	alive := time.NewTicker(beatsKeepAlive)
	defer alive.Stop()
	var drained <-chan time.Time
	for {
		var frames []byte
		select {
		case <-c.safe:
			frames = c.takeSafe()
		case <-alive.C:
			frames = c.signOfLife()
		case <-finished:
			finished = nil
			timer := time.NewTimer(beatsDrain)
			defer timer.Stop()
			drained = timer.C
		case <-drained:
			return
		}
		if len(frames) > 0 {
			if err := c.write(frames); err != nil {
				c.stopReading()
				return
			}
		}
		if drained != nil && !c.busy() {
			return
		}
	}
}

func (c *beatsConn) write(frames []byte) error {
	if err := c.conn.SetWriteDeadline(time.Now().Add(beatsWriteTimeout)); err != nil {
		return err
	}
	_, err := c.conn.Write(frames)
	return err
}

// takeSafe returns acknowledgements for the chunks at the front that are safe: one for the end of each window, and one for
// the part of a window that is safe so far.
func (c *beatsConn) takeSafe() (frames []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for n < len(c.mu.pending) && c.mu.pending[n].safe {
		n++
	}
	for i, chunk := range c.mu.pending[:n] {
		if chunk.last || i == n-1 {
			frames = lumberjack.AppendACK(frames, chunk.version, chunk.sequence)
		}
	}
	clear(c.mu.pending[:n])
	c.mu.pending = c.mu.pending[n:]
	return frames
}

// signOfLife is an acknowledgement of nothing, which version 1 does not know.
func (c *beatsConn) signOfLife() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.mu.pending) == 0 || c.mu.pending[0].version == lumberjack.V1 {
		return nil
	}
	return lumberjack.AppendACK(nil, lumberjack.V2, 0)
}
