package runtime

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/codec"
	pipelineinput "elkhorn/internal/pipeline/input"
	"elkhorn/internal/plugin"
	"elkhorn/internal/ship"
	"elkhorn/internal/vfs"
)

// beatsInput runs the pipeline's own beats input in this process and keeps what comes.
type beatsInput struct {
	address string

	mu struct {
		sync.Mutex
		messages []string
	}
	changed chan struct{} // capacity 1
}

func startBeats(t *testing.T) *beatsInput {
	t.Helper()
	b := &beatsInput{changed: make(chan struct{}, 1)}
	env := &pipeline.Env{
		Logger: quiet,
		Now:    time.Now,
		Listen: func(ctx context.Context, address string) (pipeline.Listener, error) {
			l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
			if err == nil {
				b.address = l.Addr().String()
			}
			return l, err
		},
	}
	env.Codec = func(block *plugin.BlockConfig) (pipeline.NewCodec, error) {
		return codec.New(env, block, func(e *plugin.Error) { t.Error(e) })
	}
	port := plugin.Pair{Key: "port", Value: plugin.Value{Kind: plugin.Number, Str: "5044"}}
	in, _, err := pipelineinput.Table.Build(env, &plugin.BlockConfig{Name: "beats", Options: []plugin.Pair{port}})
	if err != nil {
		t.Fatal(err)
	}
	if err := in.(pipeline.Opener).Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() {
		if err := in.Run(ctx, b); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	return b
}

// Push implements pipeline.Sink: what comes is safe at once.
func (b *beatsInput) Push(_ context.Context, events []*event.Event) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, ev := range events {
		m, _ := ev.Fields().Member("message")
		b.mu.messages = append(b.mu.messages, m.Str())
		ev.Done()
	}
	select {
	case b.changed <- struct{}{}:
	default:
	}
	return nil
}

func (b *beatsInput) TryPush(events []*event.Event) error {
	return b.Push(context.Background(), events)
}

func (b *beatsInput) waitFor(t *testing.T, n int) []string {
	t.Helper()
	for {
		b.mu.Lock()
		got := append([]string(nil), b.mu.messages...)
		b.mu.Unlock()
		if len(got) >= n {
			return got
		}
		select {
		case <-b.changed:
		case <-t.Context().Done():
			t.Fatalf("%d of %d events came", len(got), n)
		}
	}
}

func testdata(t *testing.T) string {
	t.Helper()
	root := os.Getenv("ELKHORN_TESTDATA")
	if root == "" {
		t.Skip("ELKHORN_TESTDATA is not set: it names the folder that holds data and seed-configs")
	}
	return root
}

// TestLoghub ships the sixteen files of the loghub collection: as many events as newlines, and the unfinished last lines once
// they are finished.
func TestLoghub(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(testdata(t), "data/loghub/*.log"))
	if err != nil || len(paths) != 16 {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	dir := t.TempDir()
	newlines := 0
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		newlines += strings.Count(string(content), "\n")
		appendTo(t, filepath.Join(dir, filepath.Base(path)), string(content))
	}
	b := startBeats(t)
	s, _ := runShipper(t, fastConfig([]string{dir + "/*.log"}, b.address), t.TempDir())
	if got := b.waitFor(t, newlines); len(got) != newlines {
		t.Fatalf("%d events of %d lines", len(got), newlines)
	}
	unfinished := 0
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(string(content), "\n") {
			appendTo(t, filepath.Join(dir, filepath.Base(path)), "\n")
			unfinished++
		}
	}
	got := b.waitFor(t, newlines+unfinished)
	for _, message := range got {
		if strings.HasSuffix(message, "\r") {
			t.Fatalf("carriage return in %q", message)
		}
	}
	if published := s.Stats().Published; len(got) != newlines+unfinished || published != int64(len(got)) {
		t.Fatalf("%d events, %d published", len(got), published)
	}
}

// TestPrintedFlow runs the printed filebeat.yml, without its container input and with logs of the system of our own, over the sample lines.
func TestPrintedFlow(t *testing.T) {
	root := testdata(t)
	data, err := os.ReadFile(filepath.Join(root, "seed-configs/chatgpt/filebeat.yml"))
	if err != nil {
		t.Fatal(err)
	}
	sample, err := os.ReadFile(filepath.Join(root, "seed-configs/chatgpt/sample-lines.log"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	appendTo(t, filepath.Join(dir, "app.log"), string(sample))
	text := strings.Replace(string(data), "type: container\n    enabled: true", "type: container\n    enabled: false", 1)
	text = strings.Replace(text, "/var/log/chatgpt-apps", dir, 1)
	text = strings.Replace(text, "multiline.match: after", "multiline.match: after\n    multiline.timeout: 50ms", 1)
	system := t.TempDir()
	for _, fileset := range []string{"syslog", "auth"} {
		option := fmt.Sprintf("    %s:\n      enabled: true", fileset)
		if !strings.Contains(text, option) {
			t.Fatalf("the printed configuration has no fileset %s", fileset)
		}
		path := filepath.Join(system, fileset+".log")
		text = strings.Replace(text, option, option+fmt.Sprintf("\n      var.paths: [%q]\n      input.multiline.timeout: 50ms", path), 1)
		appendTo(t, path, "Feb 21 21:54:44 web1 sshd[3402]: Accepted password for deploy from 10.0.2.2 port 63673 ssh2\n")
	}
	cfg, _, err := ship.Load("filebeat.yml", []byte(text), os.LookupEnv)
	if err != nil {
		t.Fatal(err)
	}
	b := startBeats(t)
	cfg.Output.Hosts, cfg.Queue.MinEvents = []string{b.address}, 1
	runShipper(t, cfg, t.TempDir())
	var got []string
	total, logins := 0, 0
	for _, message := range b.waitFor(t, 5+2) {
		if strings.HasPrefix(message, "Accepted password for deploy") {
			logins++
			continue
		}
		got = append(got, message)
		total += 1 + strings.Count(message, "\n")
	}
	if logins != 2 {
		t.Errorf("%d lines of the system's logs came, without what stands before their messages, of 2", logins)
	}
	if len(got) != 5 || total != strings.Count(string(sample), "\n") {
		t.Fatalf("%d events of %d lines: %q", len(got), total, got)
	}
}

// TestKilledShippersLoseNoLine stops shippers without warning, in the middle of their work, and starts them again on what they
// left on the disk.
func TestKilledShippersLoseNoLine(t *testing.T) {
	dir, data := t.TempDir(), t.TempDir()
	path := filepath.Join(dir, "app.log")
	b := startBeats(t)
	const rounds, perRound = 8, 400
	for round := range rounds {
		text, _ := lines(round*perRound, (round+1)*perRound)
		appendTo(t, path, text)
		s, err := New(fastConfig([]string{path}, b.address), Env{DataDir: data, Logger: quiet, FS: frozen{vfs.Default, round}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		var running sync.WaitGroup
		running.Go(func() { _ = s.Run(ctx) })
		b.waitFor(t, round*perRound+perRound/2)
		cancel()
		running.Wait()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	runShipper(t, fastConfig([]string{path}, b.address), data)
	missing := make(map[string]bool)
	for i := range rounds * perRound {
		missing[fmt.Sprint("line ", i)] = true
	}
	for seen := 0; len(missing) > 0; {
		got := b.waitFor(t, seen+1)
		for _, message := range got[seen:] {
			delete(missing, message)
		}
		seen = len(got)
	}
}

// frozen is a disk on which the registry is not written in odd rounds, as when the process dies before it could.
type frozen struct {
	vfs.FS
	round int
}

func (f frozen) Rename(oldName, newName string) error {
	if f.round%2 == 1 && strings.Contains(newName, "registry") {
		return os.ErrPermission
	}
	return f.FS.Rename(oldName, newName)
}
