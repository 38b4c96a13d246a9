package runtime

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/lumberjack"
	"elkhorn/internal/ship"
	"elkhorn/internal/vfs"
)

// receiver is a Lumberjack server whose behaviour the test decides.
type receiver struct {
	listener net.Listener
	// decide is called for each event; false cuts the connection instead of acknowledging.
	decide func(n int) bool

	mu struct {
		sync.Mutex
		events []event.Value
		conns  int
	}
	changed chan struct{} // capacity 1
}

func startReceiver(t *testing.T, decide func(n int) bool, configure ...func(*receiver)) *receiver {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &receiver{listener: listener, decide: decide, changed: make(chan struct{}, 1)}
	for _, c := range configure {
		c(r)
	}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := r.listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { r.serve(conn) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		serving.Wait()
	})
	return r
}

func (r *receiver) address() string { return r.listener.Addr().String() }

func (r *receiver) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	r.mu.Lock()
	r.mu.conns++
	r.mu.Unlock()
	reader := lumberjack.NewReader(conn, lumberjack.DefaultLimits)
	var window []event.Value
	for {
		ev, err := reader.Next()
		if err != nil {
			return
		}
		v, err := event.ParseJSON(ev.JSON)
		if err != nil {
			panic(err)
		}
		window = append(window, v)
		if !ev.Last {
			continue
		}
		r.mu.Lock()
		keep := r.decide == nil || r.decide(len(r.mu.events))
		if keep {
			r.mu.events = append(r.mu.events, window...)
		}
		r.mu.Unlock()
		if !keep {
			return
		}
		window = nil
		if _, err := conn.Write(lumberjack.AppendACK(nil, lumberjack.V2, ev.Sequence)); err != nil {
			return
		}
		select {
		case r.changed <- struct{}{}:
		default:
		}
	}
}

// waitFor returns the messages received once there are n.
func (r *receiver) waitFor(t *testing.T, n int) []string {
	t.Helper()
	for {
		r.mu.Lock()
		got := r.messagesLocked()
		r.mu.Unlock()
		if len(got) >= n {
			return got
		}
		select {
		case <-r.changed:
		case <-t.Context().Done():
			t.Fatalf("%d of %d events came", len(got), n)
		}
	}
}

func (r *receiver) messagesLocked() []string {
	var messages []string
	for _, v := range r.mu.events {
		m, _ := v.Member("message")
		messages = append(messages, m.Str())
	}
	return messages
}

var quiet = slog.New(slog.DiscardHandler)

// runShipper runs until stop is called.
func runShipper(t *testing.T, cfg *ship.Config, dataDir string) (s *Shipper, stop func()) {
	t.Helper()
	s, err := New(cfg, Env{DataDir: dataDir, Logger: quiet, Watch: true, HostName: "web-1"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := s.Run(ctx); err != nil {
			t.Errorf("run: %v", err)
		}
	})
	stop = sync.OnceFunc(func() {
		cancel()
		running.Wait()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return s, stop
}

// fastConfig ships at once.
func fastConfig(paths []string, hosts ...string) *ship.Config {
	cfg := ship.FilesConfig(paths, hosts)
	cfg.Queue.MinEvents = 1
	cfg.Output.BackoffInit, cfg.Output.BackoffMax = time.Millisecond, time.Millisecond
	return cfg
}

func appendTo(t testing.TB, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func lines(from, to int) (text string, want []string) {
	for i := from; i < to; i++ {
		want = append(want, fmt.Sprint("line ", i))
		text += fmt.Sprint("line ", i, "\n")
	}
	return text, want
}

func wantMessages(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Fatalf("got %d messages %.300q, want %d %.300q", len(got), got, len(want), want)
	}
}

func TestShipsAFileAndGoesOnAfterARestart(t *testing.T) {
	dir, data := t.TempDir(), t.TempDir()
	path := filepath.Join(dir, "app.log")
	first, want := lines(0, 100)
	appendTo(t, path, first+"not finished")
	r := startReceiver(t, nil)
	_, stop := runShipper(t, fastConfig([]string{dir + "/*.log"}, r.address()), data)
	wantMessages(t, r.waitFor(t, 100), want)
	appendTo(t, path, " before\n")
	wantMessages(t, r.waitFor(t, 101), append(want, "not finished before"))
	stop()

	r = startReceiver(t, nil)
	second, want := lines(100, 150)
	appendTo(t, path, second)
	_, stop = runShipper(t, fastConfig([]string{dir + "/*.log"}, r.address()), data)
	wantMessages(t, r.waitFor(t, 50), want)
	stop()
	wantMessages(t, r.waitFor(t, 50), want)
}

func TestEventLooksLikeFilebeats(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "app.log")
	appendTo(t, path, "first\nhello\r\n")
	r := startReceiver(t, nil)
	cfg := fastConfig([]string{path}, r.address())
	cfg.Inputs[0].Fields.SetMember("log_source", event.StringOf("file_system"))
	cfg.Tags = []string{"production"}
	runShipper(t, cfg, t.TempDir())
	r.waitFor(t, 2)
	r.mu.Lock()
	defer r.mu.Unlock()
	got := r.mu.events[1]
	got.RemoveMember("@timestamp")
	want := `{"@metadata":{"beat":"filebeat","type":"_doc","version":"8.19.0"},"input":{"type":"log"},` +
		`"log":{"offset":6,"file":{"path":"` + path + `"}},"message":"hello",` +
		`"agent":{"type":"filebeat","name":"web-1","version":"8.19.0"},"ecs":{"version":"8.0.0"},"host":{"name":"web-1"},` +
		`"fields":{"log_source":"file_system"},"tags":["production"]}`
	if text := string(got.AppendJSON(nil)); text != want {
		t.Fatalf("got  %s\nwant %s", text, want)
	}
}

func TestFailedConnectionsLoseNothing(t *testing.T) {
	for _, balance := range []bool{false, true} {
		dir := t.TempDir()
		text, want := lines(0, 1000)
		appendTo(t, filepath.Join(dir, "app.log"), text)
		calls := 0
		r := startReceiver(t, func(int) bool { calls++; return calls%3 != 0 })
		cfg := fastConfig([]string{dir + "/*"}, r.address(), "127.0.0.1:1") // nobody listens on the second
		cfg.Output.LoadBalance = balance
		cfg.Output.BulkMaxSize = 100
		cfg.Output.SlowStart = true
		cfg.Queue.Events = 500
		s, stop := runShipper(t, cfg, t.TempDir())
		got := r.waitFor(t, len(want))
		stop()
		slices.Sort(got)
		got = slices.Compact(got)
		slices.Sort(want)
		wantMessages(t, got, want)
		if stats := s.Stats(); stats.Resent == 0 || stats.Acknowledged != 1000 || stats.Published != 1000 {
			t.Fatalf("stats %+v", stats)
		}
	}
}

func TestLoadBalanceUsesAllHosts(t *testing.T) {
	text, want := lines(0, 200)
	// Each receiver takes a first window only when the other has one in hand as well.
	var both sync.WaitGroup
	both.Add(2)
	meet := func(n int) bool {
		if n == 0 {
			both.Done()
			both.Wait()
		}
		return true
	}
	a, b := startReceiver(t, meet), startReceiver(t, meet)
	cfg := ship.StdinConfig([]string{a.address(), b.address()})
	cfg.Queue.MinEvents = 1
	cfg.Output.LoadBalance = true
	cfg.Output.BulkMaxSize = 10
	s, err := New(cfg, Env{Logger: quiet, Stdin: strings.NewReader(text)})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	// The sizes of the windows are the shipper's: the first one may hold a single line.
	got := append(a.waitFor(t, 1), b.waitFor(t, 1)...)
	slices.Sort(got)
	slices.Sort(want)
	wantMessages(t, got, want)
}

func TestStdinEndsWhenEverythingIsAcknowledged(t *testing.T) {
	r := startReceiver(t, nil)
	cfg := ship.StdinConfig([]string{r.address()})
	s, err := New(cfg, Env{Logger: quiet, Stdin: strings.NewReader("one\n\ntwo\r\nlast without newline")})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantMessages(t, r.waitFor(t, 3), []string{"one", "two", "last without newline"})
}

func TestDataFolderIsLocked(t *testing.T) {
	data := t.TempDir()
	r := startReceiver(t, nil)
	cfg := fastConfig([]string{"/nowhere/*"}, r.address())
	runShipper(t, cfg, data)
	_, err := New(cfg, Env{DataDir: data, Logger: quiet})
	var locked *vfs.LockedError
	if !errors.As(err, &locked) {
		t.Fatalf("second shipper: %v", err)
	}
}
