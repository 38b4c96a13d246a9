package runtime

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"elkhorn/internal/lumberjack"
)

// session is one connection to a receiver: a sender that writes windows and a reader of acknowledgements.
type session struct {
	w       *worker
	conn    net.Conn
	encoder *lumberjack.Encoder
	slots   chan struct{} // one element per window on its way; its capacity is the pipelining
	flying  chan []entry  // windows written, oldest first; as large as slots, so sending to it never blocks
}

// run sends until ctx ends or the connection fails. Windows that are not acknowledged go back to the queue.
// acked reports whether the receiver acknowledged anything.
func (s *session) run(ctx context.Context) (acked bool, _ error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := context.AfterFunc(ctx, func() { s.interrupt() })
	defer stop()
	var reading sync.WaitGroup
	reading.Go(func() {
		var err error
		if acked, err = s.readACKs(ctx); err != nil {
			cancel(err)
		}
	})
	err := s.send(ctx)
	cancel(err)
	close(s.flying)
	reading.Wait()
	for batch := range s.flying { // left behind by a failed reader
		s.w.giveBack(batch)
	}
	return acked, context.Cause(ctx)
}

// interrupt makes reads and writes that wait for the receiver return.
func (s *session) interrupt() {
	if err := s.conn.SetDeadline(time.Unix(1, 0)); err != nil {
		s.w.logger.Debug("deadline was not set", "error", err)
	}
}

func (s *session) send(ctx context.Context) error {
	for {
		select {
		case s.slots <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		batch, err := s.w.queue.take(ctx, s.w.window.size())
		if err != nil {
			return err
		}
		if err := s.write(ctx, batch); err != nil {
			s.w.giveBack(batch)
			return err
		}
		s.flying <- batch
	}
}

func (s *session) write(ctx context.Context, batch []entry) error {
	events := make([][]byte, len(batch))
	for i := range batch {
		events[i] = batch[i].json
	}
	window, err := s.encoder.Window(events)
	if err != nil {
		return err
	}
	if err := s.conn.SetWriteDeadline(time.Now().Add(s.w.opts.Timeout)); err != nil {
		return err
	}
	if ctx.Err() != nil { // interrupted before the deadline was set
		return ctx.Err()
	}
	if _, err := s.conn.Write(window); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	return nil
}

// readACKs settles windows as they are acknowledged, until flying is closed. After a failure the rest of the window it was
// waiting for goes back to the queue.
func (s *session) readACKs(ctx context.Context) (acked bool, _ error) {
	for batch := range s.flying {
		done, err := s.readWindow(ctx, batch)
		acked = acked || done > 0
		if err != nil {
			s.w.giveBack(batch[done:])
			return acked, err
		}
		s.w.window.grow(len(batch))
		<-s.slots
	}
	return acked, nil
}

// readWindow returns how many events of a window were acknowledged: all, or fewer with an error.
func (s *session) readWindow(ctx context.Context, batch []entry) (done int, _ error) {
	for done < len(batch) {
		// Every acknowledgement, even of nothing, shows that the receiver is at work.
		if err := s.conn.SetReadDeadline(time.Now().Add(s.w.opts.Timeout)); err != nil {
			return done, err
		}
		if ctx.Err() != nil { // interrupted before the deadline was set
			return done, ctx.Err()
		}
		sequence, err := lumberjack.ReadACK(s.conn)
		if err != nil {
			return done, fmt.Errorf("wait for acknowledgement: %w", err)
		}
		if int(sequence) > len(batch) {
			return done, fmt.Errorf("receiver acknowledged event %d of a window of %d", sequence, len(batch))
		}
		if int(sequence) > done {
			s.w.settle(batch[done:sequence])
			done = int(sequence)
		}
	}
	return done, nil
}
