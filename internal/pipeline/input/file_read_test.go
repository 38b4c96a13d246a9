package input

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

func packedText(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// gathering is a sink that keeps messages; events whose message safe refuses are not acknowledged.
type gathering struct {
	mu       sync.Mutex
	messages []string
	held     []*event.Event
	safe     func(message string) bool
}

func (g *gathering) Push(_ context.Context, events []*event.Event) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, ev := range events {
		message, _ := ev.Get(messagePath)
		g.messages = append(g.messages, message.Str())
		if g.safe == nil || g.safe(message.Str()) {
			ev.Done()
		} else {
			g.held = append(g.held, ev)
		}
	}
	return nil
}

func (g *gathering) TryPush(events []*event.Event) error { return g.Push(context.Background(), events) }

// readWhole runs a file input in mode read until it ends by itself.
func readWhole(t *testing.T, env *pipeline.Env, options ...plugin.Pair) *gathering {
	t.Helper()
	sink := &gathering{}
	made, _, err := Table.Build(env, &plugin.BlockConfig{Name: "file", Options: append(options, textOption("mode", "read"), textOption("exit_after_read", "true"), textOption("stat_interval", "0.01"))})
	if err != nil {
		t.Fatal(err)
	}
	reader := made.(*fileReader)
	if err := reader.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := reader.Run(t.Context(), sink); err != nil {
		t.Fatal(err)
	}
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	return sink
}

func exists(fs vfs.FS, path string) bool {
	_, err := fs.Stat(path)
	return err == nil
}

// TestFileReadMode: each file is read once to its end, packed or not, with a last line that has no end; then it is deleted, or noted, or both.
func TestFileReadMode(t *testing.T) {
	for _, action := range []string{"", "delete", "log", "log_and_delete"} {
		fs := vfs.NewMem()
		env := testEnv(fs)
		writeFile(t, fs, "/in/a.log", "a1\na2\nrest")
		writeFile(t, fs, "/in/b.log.gz", packedText(t, "b1\nb2\n"))
		writeFile(t, fs, "/in/c.log.gzip", packedText(t, "c1\n")+packedText(t, "c2"))
		writeFile(t, fs, "/in/empty", "")
		options := []plugin.Pair{textOption("path", "/in/*")}
		if action != "" {
			options = append(options, textOption("file_completed_action", action))
		}
		if strings.HasPrefix(action, "log") {
			options = append(options, textOption("file_completed_log_path", "/done/files.log"))
		}
		if got := readWhole(t, env, options...).messages; !slices.Equal(got, []string{"a1", "a2", "rest", "b1", "b2", "c1", "c2"}) {
			t.Errorf("%s: read %q", action, got)
		}
		if got, want := exists(fs, "/in/a.log"), action == "log"; got != want || exists(fs, "/in/b.log.gz") != want || exists(fs, "/in/empty") != want {
			t.Errorf("%s: the files are there: %t, want %t", action, got, want)
		}
		writeFile(t, fs, "/in/z.log", "late\n")
		if got := readWhole(t, env, options...).messages; !slices.Equal(got, []string{"late"}) {
			t.Errorf("%s: the second run read %q", action, got)
		}
		log, err := vfs.ReadFile(fs, "/done/files.log", 1<<20)
		want := ""
		if strings.HasPrefix(action, "log") {
			want = "/in/a.log\n/in/b.log.gz\n/in/c.log.gzip\n/in/empty\n/in/z.log\n"
		}
		if string(log) != want || err != nil && want != "" {
			t.Errorf("%s: completed are %q, %v", action, log, err)
		}
	}
}

// TestFileReadModeWaits: a file is not completed before its events are safe, and a later run reads on from where they are not.
func TestFileReadModeWaits(t *testing.T) {
	for _, packed := range []bool{false, true} {
		fs := vfs.NewMem()
		env := testEnv(fs)
		var text strings.Builder
		for n := range 200_000 { // several reads
			fmt.Fprintf(&text, "%d\n", n)
		}
		path, content := "/in/a", text.String()
		if packed {
			path, content = "/in/a.gz", packedText(t, content)
		}
		writeFile(t, fs, path, content)
		options := []plugin.Pair{textOption("path", path)}
		sink := &gathering{safe: func(message string) bool { return message != "150000" }}
		made, _, err := Table.Build(env, &plugin.BlockConfig{Name: "file", Options: append(options, textOption("mode", "read"), textOption("stat_interval", "0.01"))})
		if err != nil {
			t.Fatal(err)
		}
		reader := made.(*fileReader)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- reader.Run(ctx, sink) }()
		until(t, func() bool { sink.mu.Lock(); defer sink.mu.Unlock(); return len(sink.messages) == 200_000 })
		stop()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if err := reader.Close(); err != nil {
			t.Fatal(err)
		}
		if !exists(fs, path) {
			t.Fatal("the file is gone before all of it was safe")
		}
		again := readWhole(t, env, options...).messages
		if len(again) < 50_000 || len(again) > 199_000 || again[len(again)-1] != "199999" || !slices.Contains(again, "150000") || exists(fs, path) {
			t.Errorf("packed %t: the next run read %d lines, up to %s", packed, len(again), again[len(again)-1])
		}
	}
}

// TestFileReadModeBroken: what is whole of a broken archive is read, and the file stays.
func TestFileReadModeBroken(t *testing.T) {
	fs := vfs.NewMem()
	env := testEnv(fs)
	whole := packedText(t, strings.Repeat("a line of text\n", 1000))
	writeFile(t, fs, "/in/cut.gz", whole[:len(whole)-10])
	writeFile(t, fs, "/in/none.gz", "no archive\n")
	writeFile(t, fs, "/in/ok.log", "fine\n")
	got := readWhole(t, env, textOption("path", "/in/*")).messages
	if len(got) < 1 || got[len(got)-1] != "fine" || slices.Contains(got, "no archive") || !exists(fs, "/in/cut.gz") || !exists(fs, "/in/none.gz") || exists(fs, "/in/ok.log") {
		t.Errorf("read %d lines; there are %t, %t, %t", len(got), exists(fs, "/in/cut.gz"), exists(fs, "/in/none.gz"), exists(fs, "/in/ok.log"))
	}
}

// TestFileReadModeJoins: lines that the codec holds back are given out at a file's end, and do not run on into the next one.
func TestFileReadModeJoins(t *testing.T) {
	fs := vfs.NewMem()
	writeFile(t, fs, "/in/a", "one\n two\n")
	writeFile(t, fs, "/in/b", " three\nfour\n")
	joined := plugin.Pair{Key: "codec", Value: plugin.Value{Kind: plugin.Block, Block: &plugin.BlockConfig{Name: "multiline", Options: []plugin.Pair{textOption("pattern", "^ "), textOption("what", "previous")}}}}
	if got := readWhole(t, testEnv(fs), textOption("path", "/in/*"), joined).messages; !slices.Equal(got, []string{"one\n two", " three", "four"}) {
		t.Errorf("read %q", got)
	}
}

// TestFileIgnoresOlder: files that have not been changed for long are left out, in both modes.
func TestFileIgnoresOlder(t *testing.T) {
	fs := vfs.NewMem()
	env := testEnv(fs)
	writeFile(t, fs, "/in/a", "old\n")
	info, err := fs.Stat("/in/a")
	if err != nil {
		t.Fatal(err)
	}
	for age, want := range map[time.Duration]int{47 * time.Hour: 1, 49 * time.Hour: 0} {
		env.Now = func() time.Time { return info.ModTime.Add(age) }
		got := readWhole(t, env, textOption("path", "/in/*"), textOption("ignore_older", "2 d"), textOption("file_completed_action", "log"), textOption("file_completed_log_path", "/log"), textOption("sincedb_path", "/dev/null"))
		if len(got.messages) != want {
			t.Errorf("after %s: read %q", age, got.messages)
		}
	}
	for text, want := range map[string]time.Duration{"3600": time.Hour, "1.5h": 90 * time.Minute, "2 weeks": 14 * 24 * time.Hour, "10 min": 10 * time.Minute, "250 msec": 250 * time.Millisecond, "x": -1, "5 parsecs": -1, "": -1, "-1": -1} {
		if got, err := parseAge(text); got != want && (want >= 0 || err == nil) {
			t.Errorf("%q is %s, %v", text, got, err)
		}
	}
}

func TestFileModeOptions(t *testing.T) {
	path := textOption("path", "/x")
	for want, options := range map[string][]plugin.Pair{
		`option "file_completed_action": is for mode => read`: {path, textOption("file_completed_action", "log")},
		`option "exit_after_read": is for mode => read`:       {path, textOption("exit_after_read", "true")},
		"is needed for file_completed_action => log":          {path, textOption("mode", "read"), textOption("file_completed_action", "log")},
		`option "ignore_older": "soon" is no time`:            {path, textOption("ignore_older", "soon")},
	} {
		if _, _, err := Table.Build(testEnv(vfs.NewMem()), &plugin.BlockConfig{Name: "file", Options: options}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestUnpackedFile: any place can be read, in any order, and is what was packed.
func TestUnpackedFile(t *testing.T) {
	fs := vfs.NewMem()
	random := rand.New(rand.NewPCG(1, 2))
	content := make([]byte, 5*unpackedRecent)
	for i := range content {
		content[i] = byte('a' + random.IntN(16))
	}
	writeFile(t, fs, "/x.gz", packedText(t, string(content)))
	opened, err := fs.Open("/x.gz")
	if err != nil {
		t.Fatal(err)
	}
	u := &unpackedFile{File: opened}
	for range 60 {
		from := random.IntN(len(content) + 100)
		p := make([]byte, random.IntN(readBytes))
		n, err := u.ReadAt(p, int64(from))
		want := content[min(from, len(content)):min(from+len(p), len(content))]
		if string(p[:n]) != string(want) || n < len(p) && err == nil {
			t.Fatalf("at %d: %d bytes, want %d, %v", from, n, len(want), err)
		}
	}
	if err := u.Close(); err != nil {
		t.Fatal(err)
	}
}
