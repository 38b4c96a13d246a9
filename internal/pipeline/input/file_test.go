package input

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/codec"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

func writeFile(t testing.TB, fs vfs.FS, path, text string) {
	t.Helper()
	if err := fs.MkdirAll(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	f, err := fs.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Write([]byte(text))
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestGlob(t *testing.T) {
	fs := vfs.NewMem()
	for _, path := range []string{"/logs/a.log", "/logs/b.txt", "/logs/x/c.log", "/logs/x/y/d.log", "/other/e.log"} {
		writeFile(t, fs, path, "")
	}
	f := func(pattern string, want ...string) {
		t.Helper()
		if got := glob(fs, pattern); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", pattern, got, want)
		}
	}
	f("/logs/*.log", "/logs/a.log")
	f("/logs/**/*.log", "/logs/a.log", "/logs/x/c.log", "/logs/x/y/d.log")
	f("/*/[ae].log", "/logs/a.log", "/other/e.log")
	f("/logs/x/?/d.log", "/logs/x/y/d.log")
	f("/logs/a.log", "/logs/a.log")
	f("/nowhere/*.log")
}

func testEnv(fs vfs.FS) *pipeline.Env {
	env := &pipeline.Env{Logger: slog.New(slog.DiscardHandler), FS: fs, DataDir: "/data", Now: func() time.Time { return time.Unix(0, 0) },
		ResolvePath: func(p string) string { return p }, Shared: pipeline.NewShared()}
	env.Codec = func(block *plugin.BlockConfig) (pipeline.NewCodec, error) { return codec.New(env, block, nil) }
	return env
}

func TestPositionsAreThoseAcknowledged(t *testing.T) {
	fs := vfs.NewMem()
	p := newPositions(testEnv(fs), "/data/positions")
	f, known := p.of(vfs.FileID{Inode: 7, Device: 1}, "/logs/with blank.log")
	if known {
		t.Error("a new file is known")
	}
	f.begin(0)
	first, second, third := f.pending(10), f.pending(20), f.pending(30)
	second()
	if f.offset() != 0 {
		t.Errorf("offset %d before the first read is acknowledged", f.offset())
	}
	first()
	if f.offset() != 20 {
		t.Errorf("offset %d, want 20", f.offset())
	}
	if err := p.save(); err != nil {
		t.Fatal(err)
	}
	third()

	again := newPositions(testEnv(fs), "/data/positions")
	if err := again.load(); err != nil {
		t.Fatal(err)
	}
	if f, known := again.of(vfs.FileID{Inode: 7, Device: 1}, "/logs/renamed.log"); !known || f.offset() != 20 {
		t.Errorf("after a restart: known %v, offset %d", known, f.offset())
	}
	writeFile(t, fs, "/data/positions", "garbage\n1 2 three 0:0 /x\n5 1 9 0:0 /y\n")
	if err := again.load(); err != nil {
		t.Fatal(err)
	}
	if _, known := again.of(vfs.FileID{Inode: 5, Device: 1}, "/y"); !known {
		t.Error("a good line beside damaged ones was not read")
	}
}

// TestEmptyFileGrows: a file that was empty when it was opened, and had lines by the time it was read, is not one that was emptied since.
func TestEmptyFileGrows(t *testing.T) {
	fs := vfs.NewMem()
	writeFile(t, fs, "/empty", "")
	writeFile(t, fs, "/grown", "one\ntwo\n")
	empty, err := fs.Open("/empty")
	if err != nil {
		t.Fatal(err)
	}
	defer empty.Close()
	grown, err := fs.Open("/grown")
	if err != nil {
		t.Fatal(err)
	}
	defer grown.Close()
	p, _ := newPositions(testEnv(fs), "/data/positions").of(vfs.FileID{Inode: 7, Device: 1}, "/log")
	p.begin(0)
	if err := p.learn(empty); err != nil {
		t.Fatal(err)
	}
	if same, err := p.same(grown); !same || err != nil {
		t.Errorf("the file is taken for another: %v, %v", same, err)
	}
	if err := p.learn(grown); err != nil {
		t.Fatal(err)
	}
	if same, err := p.same(empty); same || err != nil {
		t.Errorf("a file that was emptied is taken for the same: %v, %v", same, err)
	}
}

// TestStoppedFileReaderReadsNoMore: once it is told to stop, a reader leaves the rest of a file to the next run, however much a pipeline takes.
func TestStoppedFileReaderReadsNoMore(t *testing.T) {
	fs := vfs.NewMem()
	writeFile(t, fs, "/log", strings.Repeat("a line\n", 100_000))
	in, _, err := Table.Build(testEnv(fs), &plugin.BlockConfig{Name: "file", Options: []plugin.Pair{
		{Key: "path", Value: plugin.Value{Kind: plugin.Text, Str: "/log"}}, {Key: "start_position", Value: plugin.Value{Kind: plugin.Text, Str: "beginning"}}}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	sink := &stopping{stop: stop}
	if err := in.Run(ctx, sink); err != nil {
		t.Fatal(err)
	}
	if sink.pushes != 1 {
		t.Errorf("%d pushes, of which all but the first came after the end", sink.pushes)
	}
}

// stopping is a sink that takes everything, and has its input told to stop at once.
type stopping struct {
	stop   func()
	pushes int
}

func (s *stopping) Push(context.Context, []*event.Event) error { s.stop(); s.pushes++; return nil }
func (s *stopping) TryPush([]*event.Event) error               { return nil }

func TestTailReadsWholeLines(t *testing.T) {
	fs := vfs.NewMem()
	env := testEnv(fs)
	newCodec, err := env.Codec(&plugin.BlockConfig{Name: "plain"})
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", readBytes+10)
	writeFile(t, fs, "/l", "one\r\n\n"+long+"\nthree\nunfinished")
	opened, err := fs.Open("/l")
	if err != nil {
		t.Fatal(err)
	}
	tl := &tail{codec: newCodec(), file: opened}
	var buf []byte
	var got []string
	for {
		events, end, err := tl.readLines(&buf, time.Unix(0, 0))
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 && end == tl.offset {
			break
		}
		for _, ev := range events {
			m, _ := ev.Get(event.MustPath("message"))
			at, _ := ev.Get(metadataOffsetPath)
			got = append(got, m.Str()[:min(5, len(m.Str()))]+"@"+at.Text())
		}
		tl.offset = end
	}
	if want := []string{"one@0", "xxxxx@6", "three@262161"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// FuzzTail: whatever is in a file, every byte up to the last newline is read once.
func FuzzTail(f *testing.F) {
	f.Add("a\nb\r\n\n\nc")
	f.Fuzz(func(t *testing.T, text string) {
		fs := vfs.NewMem()
		env := testEnv(fs)
		newCodec, err := env.Codec(&plugin.BlockConfig{Name: "plain"})
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, fs, "/l", text)
		opened, err := fs.Open("/l")
		if err != nil {
			t.Fatal(err)
		}
		tl := &tail{codec: newCodec(), file: opened}
		var buf []byte
		for {
			_, end, err := tl.readLines(&buf, time.Unix(0, 0))
			if err != nil {
				t.Fatal(err)
			}
			if end == tl.offset {
				break
			}
			tl.offset = end
		}
		if want := int64(strings.LastIndexByte(text, '\n') + 1); tl.offset != want {
			t.Errorf("read to %d, want %d", tl.offset, want)
		}
	})
}
