package input

import (
	"bufio"
	"context"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

// joining is a block of the multiline codec: indented lines belong to the one before.
func joining(options ...plugin.Pair) *plugin.BlockConfig {
	return &plugin.BlockConfig{Name: "multiline", Options: append([]plugin.Pair{textOption("pattern", `^\s`), textOption("what", "previous")}, options...)}
}

// taker is a sink that keeps messages and, when it is told to, acknowledges events at once.
type taker struct {
	mu          sync.Mutex // of messages
	messages    []string
	acknowledge bool
}

func (k *taker) Push(_ context.Context, events []*event.Event) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, ev := range events {
		message, _ := ev.Get(event.MustPath("message"))
		k.messages = append(k.messages, strings.ReplaceAll(message.Text(), "\n", "/"))
		if k.acknowledge {
			ev.Done()
		}
	}
	return nil
}

func (k *taker) TryPush(events []*event.Event) error { return k.Push(context.Background(), events) }

func (k *taker) expect(t *testing.T, want ...string) {
	t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	if !slices.Equal(k.messages, want) {
		t.Errorf("got %q, want %q", k.messages, want)
	}
	k.messages = nil
}

// newFileReader makes a file input over /l/*.log, without running it.
func newFileReader(t *testing.T, fs vfs.FS, now *time.Time, codec *plugin.BlockConfig) *fileReader {
	t.Helper()
	env := testEnv(fs)
	env.Now = func() time.Time { return *now }
	made, _, err := Table.Build(env, &plugin.BlockConfig{Name: "file", Options: []plugin.Pair{textOption("path", "/l/*.log"), textOption("start_position", "beginning"),
		{Key: "codec", Value: plugin.Value{Kind: plugin.Block, Block: codec}}}})
	if err != nil {
		t.Fatal(err)
	}
	f := made.(*fileReader)
	if err := f.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.discover(true)
	return f
}

func (f *fileReader) followAll(t *testing.T, sink *taker) {
	t.Helper()
	for _, path := range sortedKeys(f.tails) {
		if err := f.follow(t.Context(), f.tails[path], sink); err != nil {
			t.Fatal(err)
		}
	}
}

// TestFileAcknowledgesWholeEvents: lines that the codec holds back are read again after a restart, and no others.
func TestFileAcknowledgesWholeEvents(t *testing.T) {
	fs, now, sink := vfs.NewMem(), time.Unix(1000, 0), &taker{acknowledge: true}
	writeFile(t, fs, "/l/a.log", "one\n 1\ntwo\n 2\n")
	f := newFileReader(t, fs, &now, joining())
	f.followAll(t, sink)
	sink.expect(t, "one/ 1")
	now = now.Add(time.Hour)
	f.followAll(t, sink)
	sink.expect(t) // no auto_flush_interval: the event waits
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	appendFile(t, fs, "/l/a.log", " 3\nthree\n")
	f = newFileReader(t, fs, &now, joining())
	f.followAll(t, sink)
	sink.expect(t, "two/ 2/ 3")
}

func TestFileFlushesQuietFiles(t *testing.T) {
	fs, now, sink := vfs.NewMem(), time.Unix(1000, 0), &taker{acknowledge: true}
	writeFile(t, fs, "/l/a.log", "one\n 1\n")
	f := newFileReader(t, fs, &now, joining(textOption("auto_flush_interval", "5")))
	f.followAll(t, sink)
	now = now.Add(4 * time.Second)
	f.followAll(t, sink)
	sink.expect(t)
	now = now.Add(2 * time.Second)
	f.followAll(t, sink)
	sink.expect(t, "one/ 1")
	if got := f.tails["/l/a.log"].position.offset(); got != int64(len("one\n 1\n")) {
		t.Errorf("acknowledged to %d", got)
	}
	// A file that is replaced is complete, and so is what the codec holds of it.
	appendFile(t, fs, "/l/a.log", "two\n")
	f.followAll(t, sink)
	if err := fs.Rename("/l/a.log", "/l/a.old"); err != nil {
		t.Fatal(err)
	}
	writeFile(t, fs, "/l/a.log", "new\n")
	f.followAll(t, sink)
	sink.expect(t, "two")
}

func appendFile(t *testing.T, fs vfs.FS, path, text string) {
	t.Helper()
	f, err := fs.OpenAppend(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestStreamFlushesWhenQuiet: a connection that stays open and says nothing has its last event given out.
func TestStreamFlushesWhenQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := testEnv(vfs.NewMem())
		newCodec, err := env.Codec(joining(textOption("auto_flush_interval", "2")))
		if err != nil {
			t.Fatal(err)
		}
		r, w := io.Pipe()
		sink := &taker{}
		done := make(chan error, 1)
		reader := &streamReader{r: bufio.NewReader(r), codec: newCodec(), now: time.Now, sink: sink, memory: &memory{}}
		go func() { done <- reader.run(t.Context()) }()
		say := func(text string) {
			if _, err := io.WriteString(w, text); err != nil {
				t.Error(err)
			}
			synctest.Wait()
		}
		say("one\n")
		time.Sleep(1500 * time.Millisecond)
		say(" 1\n")
		time.Sleep(1500 * time.Millisecond)
		synctest.Wait()
		sink.expect(t)
		time.Sleep(time.Second)
		synctest.Wait()
		sink.expect(t, "one/ 1")
		say("two\n")
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		sink.expect(t, "two")
	})
}

func TestCodecsThatDoNotFit(t *testing.T) {
	env := testEnv(vfs.NewMem())
	for name, codec := range map[string]*plugin.BlockConfig{"stdin": {Name: "gzip_lines"}, "file": {Name: "gzip_lines"}, "beats": joining()} {
		options := map[string][]plugin.Pair{"file": {textOption("path", "/x")}, "beats": {textOption("port", "0")}}[name]
		_, _, err := Table.Build(env, &plugin.BlockConfig{Name: name, Options: append(options, plugin.Pair{Key: "codec", Value: plugin.Value{Kind: plugin.Block, Block: codec}})})
		if err == nil || !strings.Contains(err.Error(), `option "codec": `+codec.Name) {
			t.Errorf("%s with %s: %v", name, codec.Name, err)
		}
	}
}
