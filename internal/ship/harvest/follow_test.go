package harvest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
	"elkhorn/internal/vfs/errorfs"
)

var quiet = slog.New(slog.DiscardHandler)

// collector acknowledges events at once, unless it is told to hold them.
type collector struct {
	mu   sync.Mutex
	got  []string
	held []func()
	hold bool
}

func (c *collector) Publish(_ context.Context, ev *event.Event, source *Tracker, end int64) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, _ := ev.Fields().Member("message")
	c.got = append(c.got, m.Str())
	number := source.Add(end)
	if c.hold {
		c.held = append(c.held, func() { source.Done(number) })
		return nil
	}
	source.Done(number)
	return nil
}

func (c *collector) take() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	got := strings.Join(c.got, " ")
	c.got = nil
	return got
}

// world is a file system in memory with an input over it, in the time of synctest.
type world struct {
	t    *testing.T
	fs   vfs.FS
	pub  *collector
	reg  *Registry
	stop func()
}

func inWorld(t *testing.T, run func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, fs: vfs.NewMem(), pub: &collector{}}
		w.must(w.fs.MkdirAll("/logs"))
		run(t, w)
		if w.stop != nil {
			w.stop()
		}
	})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func textPair(key, value string) plugin.Pair {
	return plugin.Pair{Key: key, Value: plugin.Value{Kind: plugin.Text, Str: value}}
}

// start runs a log input until w.stop, with the registry as it is on disk.
func (w *world) start(options ...plugin.Pair) {
	w.t.Helper()
	var err error
	w.reg, err = OpenRegistry(w.fs, "/data", quiet)
	w.must(err)
	block := &plugin.BlockConfig{Name: "log", Options: append(options, textPair("type", "log"), textPair("paths", "/logs/*.log"))}
	in, _, err := Table.Build(&Env{FS: w.fs, Registry: w.reg, Logger: quiet, Now: time.Now}, block)
	w.must(err)
	ctx, cancel := context.WithCancel(w.t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := in.Run(ctx, w.pub); err != nil {
			w.t.Error(err)
		}
	})
	w.stop = func() {
		cancel()
		running.Wait()
		w.must(w.reg.Flush())
		w.stop = nil
	}
}

func (w *world) write(name, text string) {
	w.t.Helper()
	f, err := w.fs.OpenAppend("/logs/" + name)
	w.must(err)
	_, err = f.Write([]byte(text))
	w.must(err)
	w.must(f.Close())
}

// after lets time pass and checks what came.
func (w *world) after(d time.Duration, want string) {
	w.t.Helper()
	time.Sleep(d)
	synctest.Wait()
	if got := w.pub.take(); got != want {
		w.t.Fatalf("got %q, want %q", got, want)
	}
}

// poll is long enough for a scan and the longest pause.
const poll = 21 * time.Second

func TestFollowGrowth(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.write("a.log", "1\n2\nunfinished")
		w.start()
		w.after(0, "1 2")
		w.write("a.log", " line\n3\n")
		w.write("b.log", "new\n")
		w.after(poll, "unfinished line 3 new")
		w.stop()
		w.write("a.log", "4\n")
		w.start()
		w.after(poll, "4")
	})
}

func TestFollowRotation(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.write("a.log", "1\n")
		w.start()
		w.after(0, "1")
		w.write("a.log", "2\n")
		w.must(w.fs.Rename("/logs/a.log", "/logs/a.log.1"))
		w.write("a.log", "3\n")
		w.after(poll, "2 3")
		f, err := w.fs.OpenAppend("/logs/a.log.1") // a writer that has not noticed yet
		w.must(err)
		_, err = f.Write([]byte("late\n"))
		w.must(err)
		w.after(poll, "late")
	})
}

func TestRotationWithAPauseBetweenItsSteps(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.write("a.log", "1\n")
		w.start()
		w.after(500*time.Millisecond, "1")
		w.must(w.fs.Rename("/logs/a.log", "/logs/a.log.1"))
		w.after(time.Second, "") // the reader looks, and finds no name
		w.write("a.log", "2\n")
		f, err := w.fs.OpenAppend("/logs/a.log.1")
		w.must(err)
		_, err = f.Write([]byte("late\n"))
		w.must(err)
		w.after(poll, "late 2")
	})
}

func TestFollowTruncation(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.write("a.log", "one\ntwo\n")
		w.start()
		w.after(0, "one two")
		f, err := w.fs.OpenReadWrite("/logs/a.log")
		w.must(err)
		w.must(f.Truncate(0))
		_, err = f.Write([]byte("three\n"))
		w.must(err)
		w.after(poll, "three")
		// Truncated and already longer than before: only the content tells.
		w.must(f.Truncate(0))
		_, err = f.WriteAt([]byte("another beginning\n"), 0)
		w.must(err)
		w.after(poll, "another beginning")
	})
}

func TestReplacedWhileStopped(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.write("a.log", "one\n")
		w.start()
		w.after(0, "one")
		w.stop()
		f, err := w.fs.Create("/logs/a.log") // same identity, other content, longer
		w.must(err)
		_, err = f.Write([]byte("something else\n"))
		w.must(err)
		w.start()
		w.after(0, "something else")
	})
}

func TestInactiveFilesAreClosedAndReopened(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.write("a.log", "1\n")
		w.start(textPair("close_inactive", "1m"))
		w.after(5*time.Minute, "1")
		w.write("a.log", "2\n")
		w.after(poll, "2")
		w.must(w.fs.Remove("/logs/a.log"))
		w.after(5*time.Minute, "")
		w.must(w.reg.Flush())
		if n := len(w.reg.snapshot()); n != 0 {
			t.Fatalf("the registry holds %d files that are gone", n)
		}
	})
}

func TestMultilineTimeout(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.write("a.log", "2026 error\n at x\n")
		w.start(textPair("multiline.pattern", `^\d`), textPair("multiline.negate", "true"))
		w.after(4*time.Second, "")
		w.after(2*time.Second, "2026 error\n at x")
	})
}

func TestUnacknowledgedEventsAreReadAgain(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.write("a.log", "1\n2\n3\n")
		w.pub.hold = true
		w.start()
		w.after(0, "1 2 3")
		w.pub.held[0]() // 2 and 3 are on their way
		w.pub.held[2]()
		w.stop()
		w.start()
		w.after(0, "2 3")
	})
}

func TestReopenedFilesGoOnBehindWhatIsOnItsWay(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.write("a.log", "1\n")
		w.pub.hold = true
		w.start(textPair("close_inactive", "1m"))
		w.after(5*time.Minute, "1")
		w.write("a.log", "2\n")
		w.after(poll, "2")
	})
}

func TestOptionsOfTheLogInput(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.write("a.log", "old\n")
		w.write("b.log", "excluded\n")
		w.start(textPair("tail_files", "true"), textPair("exclude_files", "b"), textPair("exclude_lines", "DEBUG"), textPair("max_bytes", "5"))
		w.after(0, "")
		w.write("a.log", "DEBUG x\nlong line\nINFO\n")
		w.after(poll, "long  INFO")
	})
}

func TestReadFailuresAreTriedAgain(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.write("a.log", "1\n")
		gate := errorfs.NewSwitch(errorfs.OnPath(errorfs.OnKinds(errorfs.Always(errors.New("bad sector")), errorfs.FileRead), "a.log"))
		w.fs = errorfs.Wrap(w.fs, gate)
		gate.Set(true)
		w.start()
		w.after(poll, "")
		gate.Set(false)
		w.after(poll, "1")
	})
}

func TestRegistrySurvivesACrash(t *testing.T) {
	mem := vfs.NewMem()
	r, err := OpenRegistry(mem, "/data", quiet)
	if err != nil {
		t.Fatal(err)
	}
	state := fileState{path: "/logs/a \"quoted\".log", id: vfs.FileID{Device: 1, Inode: 2}, offset: 77, fingerprint: fingerprintOf([]byte("head"), 77)}
	r.store(keyOf(state.path, state.id), state)
	if err := r.Flush(); err != nil {
		t.Fatal(err)
	}
	after, err := OpenRegistry(mem.CrashClone(nil), "/data", quiet)
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := after.lookup(keyOf(state.path, state.id)); !ok || got != state {
		t.Fatalf("after a crash: %+v", got)
	}
}

func TestRegistryFailuresAreTriedAgain(t *testing.T) {
	nth := errorfs.Nth(0)
	r, err := OpenRegistry(errorfs.Wrap(vfs.NewMem(), errorfs.OnKinds(nth, errorfs.FileSync)), "/data", quiet)
	if err != nil {
		t.Fatal(err)
	}
	r.store(fileKey{path: "/a"}, fileState{path: "/a", offset: 1})
	if err := r.Flush(); !errors.Is(err, errorfs.ErrInjected) {
		t.Fatalf("first: %v", err)
	}
	if err := r.Flush(); err != nil {
		t.Fatalf("second: %v", err)
	}
	if _, ok := mustReopen(t, r).lookup(fileKey{path: "/a"}); !ok {
		t.Fatal("the second flush wrote nothing")
	}
}

func mustReopen(t *testing.T, r *Registry) *Registry {
	t.Helper()
	again, err := OpenRegistry(r.fs, filepath.Dir(r.path), quiet)
	if err != nil {
		t.Fatal(err)
	}
	return again
}

// TestRegistrySample opens a registry of every format version there was.
func TestRegistrySample(t *testing.T) {
	data, err := os.ReadFile("testdata/v1.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	mem := vfs.NewMem()
	if err := mem.MkdirAll("/data"); err != nil {
		t.Fatal(err)
	}
	if err := vfs.WriteFileAtomic(mem, "/data/"+registryName, data); err != nil {
		t.Fatal(err)
	}
	r, err := OpenRegistry(mem, "/data", quiet)
	if err != nil {
		t.Fatal(err)
	}
	got, ok := r.lookup(fileKey{id: vfs.FileID{Device: 64769, Inode: 1311025}})
	if !ok || got.path != "/var/log/app.log" || got.offset != 4096 || got.fingerprint != (fingerprint{bytes: 1024, hash: 0x0123456789abcdef}) {
		t.Fatalf("read %+v", got)
	}
	for i := range data {
		damaged := append([]byte(nil), data...)
		damaged[i] ^= 1
		r := &Registry{path: "r"}
		r.mu.files = make(map[fileKey]fileState)
		if err := r.parse(damaged); err == nil {
			t.Fatalf("byte %d was flipped and nobody noticed", i)
		}
	}
}

// FuzzRegistry: hostile bytes never panic.
func FuzzRegistry(f *testing.F) {
	sample, err := os.ReadFile("testdata/v1.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sample)
	f.Fuzz(func(t *testing.T, data []byte) {
		r := &Registry{path: "r"}
		r.mu.files = make(map[fileKey]fileState)
		if err := r.parse(data); err != nil {
			return
		}
		for text := range strings.Lines(string(data)) {
			_, _ = parseRegistryLine([]byte(text))
		}
	})
}

func TestGlob(t *testing.T) {
	mem := vfs.NewMem()
	for _, dir := range []string{"/a/b/c", "/a/.hidden", "/d"} {
		if err := mem.MkdirAll(dir); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"/a/1.log", "/a/b/2.log", "/a/b/c/3.log", "/a/.hidden/4.log", "/d/5.txt"} {
		f, err := mem.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for pattern, want := range map[string]string{
		"/a/*.log":         "/a/1.log",
		"/a/**/*.log":      "/a/1.log /a/b/2.log /a/b/c/3.log",
		"/**/?.log":        "/a/1.log /a/b/2.log /a/b/c/3.log",
		"/*/[0-9].*":       "/a/1.log /d/5.txt",
		"/a/1.log":         "/a/1.log",
		"/a/none.log":      "",
		"/a/.hidden/*.log": "/a/.hidden/4.log",
		"/a/[":             "",
	} {
		got := strings.Join(glob(mem, pattern, func(string) {}), " ")
		if got != want {
			t.Errorf("%s: %s, want %s", pattern, got, want)
		}
	}
}

func TestTracker(t *testing.T) {
	var offsets []int64
	tracker := NewTracker(func(offset int64) { offsets = append(offsets, offset) })
	a, b := tracker.Add(10), tracker.Add(20)
	tracker.Skip(25)
	c := tracker.Add(30)
	tracker.Done(b)
	tracker.Done(a)
	idle := tracker.Idle()
	tracker.Done(c)
	<-idle
	<-tracker.Idle()
	if fmt.Sprint(offsets) != "[25 30]" {
		t.Fatalf("offsets %v", offsets)
	}
}

func TestBadOptions(t *testing.T) {
	for _, test := range []struct {
		option plugin.Pair
		want   string
	}{
		{textPair("multiline.pattern", "("), "missing closing"},
		{textPair("multiline.negate", "true"), `option "multiline.pattern": is missing`},
		{textPair("scan_frequency", "soon"), "is not a time span"},
		{textPair("encoding", "utf-16le"), "must be one of plain, utf-8"},
		{textPair("close_inactiv", "5m"), `did you mean "close_inactive"?`},
	} {
		block := &plugin.BlockConfig{Name: "log", Options: []plugin.Pair{textPair("type", "log"), textPair("paths", "/a"), test.option}}
		if _, _, err := Table.Build(&Env{Logger: quiet}, block); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.option.Key, err, test.want)
		}
	}
}

func TestWatcherReportsNamesAsTheyAreKnown(t *testing.T) {
	w := &watcher{written: make(chan string, 1), renamed: make(chan struct{}, 1), closing: make(chan struct{})}
	w.report(fsnotify.Event{Name: "./app.log", Op: fsnotify.Write})
	if got := <-w.written; got != "app.log" {
		t.Fatalf("reported %q", got)
	}
	for range 3 { // more than anybody waits for
		w.report(fsnotify.Event{Name: "new.log", Op: fsnotify.Create})
	}
	<-w.renamed
}
