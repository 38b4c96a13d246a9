package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"elkhorn/internal/lumberjack"
)

// gate lets clients wait, without asking again and again, for a program that is down.
type gate struct {
	mu   sync.Mutex
	open chan struct{} // closed while the program is up
}

func newGate() *gate { return &gate{open: make(chan struct{})} }

// lift lets everybody through; drop makes everybody wait.
func (g *gate) lift() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.open)
}

func (g *gate) drop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.open = make(chan struct{})
}

func (g *gate) wait(ctx context.Context) error {
	g.mu.Lock()
	open := g.open
	g.mu.Unlock()
	select {
	case <-open:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// loadInterval paces every source, so that the load is steady and a machine with few cores can verify it in time.
const loadInterval = 4 * time.Millisecond

// source makes load and keeps account of what the program acknowledged.
type source interface {
	name() string
	// run makes load until quit is closed and everything sent so far is acknowledged. An error is a broken promise of the
	// program; connections that break are not, they are what the test is about.
	run(ctx context.Context, g *gate, quit <-chan struct{}) error
	// acknowledged is how many events are safe by now.
	acknowledged() int
}

// startLoad runs sources until the returned function is called, which waits for their end.
func startLoad(t *testing.T, g *gate, sources ...source) (finish func()) {
	t.Helper()
	quit := make(chan struct{})
	errs := make([]error, len(sources))
	var running sync.WaitGroup
	for i, s := range sources {
		running.Go(func() { errs[i] = s.run(t.Context(), g, quit) })
	}
	return func() {
		t.Helper()
		close(quit)
		running.Wait()
		for i, err := range errs {
			if err != nil {
				t.Fatalf("%s: %v", sources[i].name(), err)
			}
		}
	}
}

// bulkBatch is the number of documents of one _bulk request.
const bulkBatch = 40

// bulkLoad sends documents with _bulk. Every document has a key of its own; a bulk without an answer is sent again.
type bulkLoad struct {
	api   string
	index string
	// ids: documents carry explicit ids, their keys; else the program makes them.
	ids bool

	acks   atomic.Int64
	keys   int             // sent; all are acknowledged once run has returned
	resent map[string]bool // keys of bulks that were sent more than once
}

func (b *bulkLoad) name() string      { return "bulk to " + b.index }
func (b *bulkLoad) acknowledged() int { return int(b.acks.Load()) }

func (b *bulkLoad) run(ctx context.Context, g *gate, quit <-chan struct{}) error {
	b.resent = map[string]bool{}
	pace := time.NewTicker(loadInterval)
	defer pace.Stop()
	for batch := 0; ; batch++ {
		select {
		case <-quit:
			return nil
		case <-pace.C:
		}
		if err := g.wait(ctx); err != nil {
			return err
		}
		if err := b.deliver(ctx, g, batch); err != nil {
			return err
		}
		b.acks.Add(bulkBatch)
	}
}

// deliver sends one batch until it is acknowledged. Batches with explicit ids take turns at index and create, and end with a
// document that every batch overwrites.
func (b *bulkLoad) deliver(ctx context.Context, g *gate, batch int) error {
	var body strings.Builder
	keys := make([]string, bulkBatch)
	for i := range keys {
		keys[i] = fmt.Sprintf("%s-%07d", b.index, b.keys)
		b.keys++
		switch {
		case !b.ids:
			body.WriteString(`{"index":{}}` + "\n")
		case batch%2 == 0:
			fmt.Fprintf(&body, `{"index":{"_id":%q}}`+"\n", keys[i])
		default:
			fmt.Fprintf(&body, `{"create":{"_id":%q}}`+"\n", keys[i])
		}
		fmt.Fprintf(&body, `{"@timestamp":"2026-03-01T12:00:00.%03dZ","key":%q,"batch":%d,"message":"a line of some length about request %d"}`+"\n", i, keys[i], batch, b.keys)
	}
	if b.ids {
		fmt.Fprintf(&body, `{"index":{"_index":"%s-latest","_id":"latest"}}`+"\n"+`{"batch":%d}`+"\n", b.index, batch)
	}
	for try := 0; ; try++ {
		status, answer, err := call(ctx, http.MethodPost, b.api+"/"+b.index+"/_bulk", body.String())
		if err == nil && status == http.StatusOK {
			return b.accepted(answer, try > 0)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for _, key := range keys {
			b.resent[key] = true
		}
		if err := g.wait(ctx); err != nil {
			return err
		}
	}
}

// accepted checks that an acknowledged bulk took every document. Only a bulk that was sent before may find its documents there.
func (b *bulkLoad) accepted(answer []byte, again bool) error {
	var parsed bulkAnswer
	if err := json.Unmarshal(answer, &parsed); err != nil {
		return fmt.Errorf("bulk answer %.200s: %w", answer, err)
	}
	want := bulkBatch
	if b.ids {
		want++
	}
	if len(parsed.Items) != want {
		return fmt.Errorf("bulk answered for %d of %d documents", len(parsed.Items), want)
	}
	for _, item := range parsed.Items {
		for action, result := range item {
			known := action == "create" && result.Status == http.StatusConflict && again
			if result.Status/100 != 2 && !known {
				return fmt.Errorf("document %s was refused with %d: %s", result.ID, result.Status, result.Error.Reason)
			}
		}
	}
	return nil
}

// beatsWindow is the number of events in flight on the Beats connection.
const beatsWindow = 50

// beatsLoad is a Beats client: it sends windows, notes what is acknowledged, and after a reconnect sends again what is not.
type beatsLoad struct {
	label   string
	address string // of the beats input

	acks   atomic.Int64
	keys   int // made
	resent int // events sent more than once
}

func (b *beatsLoad) name() string      { return b.label }
func (b *beatsLoad) acknowledged() int { return int(b.acks.Load()) }

func (b *beatsLoad) run(ctx context.Context, g *gate, quit <-chan struct{}) error {
	encoder, err := lumberjack.NewEncoder(3)
	if err != nil {
		return err
	}
	var pending [][]byte // not acknowledged, oldest first
	for {
		if err := g.wait(ctx); err != nil {
			return err
		}
		conn, err := net.Dial("tcp", b.address)
		if err != nil {
			continue // it goes down just now
		}
		b.resent += len(pending)
		pending, err = b.converse(conn, encoder, pending, quit)
		if closeErr := conn.Close(); closeErr != nil {
			return closeErr
		}
		if err == nil {
			return nil
		}
		if protocol := new(lumberjack.ProtocolError); errors.As(err, &protocol) || errors.Is(err, os.ErrDeadlineExceeded) {
			return err
		}
	}
}

// answerTimeout bounds the wait for an acknowledgement; the program sends signs of life far more often.
const answerTimeout = 60 * time.Second

// converse sends and awaits acknowledgements on one connection. It gives what is not acknowledged when the connection breaks,
// and no error when quit is closed and everything is.
func (b *beatsLoad) converse(conn net.Conn, encoder *lumberjack.Encoder, pending [][]byte, quit <-chan struct{}) ([][]byte, error) {
	pace := time.NewTicker(loadInterval)
	defer pace.Stop()
	for {
		if len(pending) == 0 {
			select {
			case <-quit:
				return nil, nil
			case <-pace.C:
			}
			for range beatsWindow {
				pending = append(pending, fmt.Appendf(nil, `{"@timestamp":"2026-03-01T12:00:00.000Z","key":"beats-%07d","message":"event %d by beats"}`, b.keys, b.keys))
				b.keys++
			}
		}
		window, err := encoder.Window(pending)
		if err != nil {
			return pending, err
		}
		if _, err := conn.Write(window); err != nil {
			return pending, err
		}
		for done := 0; done < len(pending); {
			if err := conn.SetReadDeadline(time.Now().Add(answerTimeout)); err != nil {
				return pending[done:], err
			}
			sequence, err := lumberjack.ReadACK(conn)
			if err != nil {
				return pending[done:], err
			}
			if int(sequence) > done {
				b.acks.Add(int64(int(sequence) - done))
				done = int(sequence)
			}
		}
		pending = pending[:0]
	}
}

// flushInterval paces the maintenance, so that kills meet it at work.
const flushInterval = 60 * time.Millisecond

// maintenance has the store write what it holds to files, and join them, all the time.
type maintenance struct {
	api  string
	done atomic.Int64
}

func (m *maintenance) name() string      { return "maintenance" }
func (m *maintenance) acknowledged() int { return int(m.done.Load()) }

func (m *maintenance) run(ctx context.Context, g *gate, quit <-chan struct{}) error {
	pace := time.NewTicker(flushInterval)
	defer pace.Stop()
	for round := 0; ; round++ {
		select {
		case <-quit:
			return nil
		case <-pace.C:
		}
		if err := g.wait(ctx); err != nil {
			return err
		}
		path := "/_flush"
		if round%5 == 4 {
			path = "/_forcemerge?max_num_segments=1"
		}
		if status, _, err := call(ctx, http.MethodPost, m.api+path, ""); err == nil && status == http.StatusOK {
			m.done.Add(1)
		}
	}
}

// linesPerWrite and linesPerFile shape a growing file: small writes, rotated often.
const (
	linesPerWrite = 8
	linesPerFile  = 800
)

// fileLoad appends lines to a file and rotates it as logrotate does: app.log becomes app.log.1, app.log.1 becomes app.log.2.
// It cares for nobody who reads; some lines come in two writes.
type fileLoad struct {
	path  string
	lines atomic.Int64
}

func (f *fileLoad) name() string      { return "file " + filepath.Base(f.path) }
func (f *fileLoad) acknowledged() int { return int(f.lines.Load()) }

func (f *fileLoad) run(_ context.Context, _ *gate, quit <-chan struct{}) error {
	pace := time.NewTicker(loadInterval)
	defer pace.Stop()
	for {
		file, err := os.OpenFile(f.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		done, err := f.fill(file, pace.C, quit)
		if err := errors.Join(err, file.Close()); err != nil || done {
			return err
		}
		if err := rotate(f.path); err != nil {
			return err
		}
	}
}

// fill writes one file's lines.
func (f *fileLoad) fill(file *os.File, pace <-chan time.Time, quit <-chan struct{}) (done bool, _ error) {
	for n := 0; n < linesPerFile; n += linesPerWrite {
		select {
		case <-quit:
			return true, nil
		case <-pace:
		}
		var text []byte
		for i := range int64(linesPerWrite) {
			text = fmt.Appendf(text, "%s one more line of an application's log\n", lineKey(int(f.lines.Load()+i)))
		}
		half := len(text) - 20 // in the middle of the last line
		for _, part := range [][]byte{text[:half], text[half:]} {
			if _, err := file.Write(part); err != nil {
				return false, err
			}
		}
		f.lines.Add(linesPerWrite)
	}
	return false, nil
}

func lineKey(n int) string { return fmt.Sprintf("line-%07d", n) }

// rotate shifts a file and those rotated before it by one.
func rotate(path string) error {
	last := 0
	for {
		_, err := os.Stat(fmt.Sprintf("%s.%d", path, last+1))
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		if err != nil {
			return err
		}
		last++
	}
	for n := last; n > 0; n-- {
		if err := os.Rename(fmt.Sprintf("%s.%d", path, n), fmt.Sprintf("%s.%d", path, n+1)); err != nil {
			return err
		}
	}
	return os.Rename(path, path+".1")
}
