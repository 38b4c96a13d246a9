package input

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

// s3Server is a service in the process with one bucket, which answers with what broken says when that is not 0.
func s3Server(t *testing.T, bucket string) (backend *s3mem.Backend, endpoint string, broken *atomic.Int32) {
	t.Helper()
	backend, broken = s3mem.New(), &atomic.Int32{}
	if err := backend.CreateBucket(bucket); err != nil {
		t.Fatal(err)
	}
	service := gofakes3.New(backend).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status := broken.Load(); status != 0 {
			w.WriteHeader(int(status))
			return
		}
		service.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return backend, server.URL, broken
}

func putObject(t *testing.T, backend *s3mem.Backend, bucket, key, content string) {
	t.Helper()
	if strings.HasSuffix(key, ".gz") {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		content = b.String()
	}
	if _, err := backend.PutObject(bucket, key, map[string]string{"Last-Modified": time.Now().UTC().Format(http.TimeFormat)}, strings.NewReader(content), int64(len(content)), nil); err != nil {
		t.Fatal(err)
	}
}

// lines makes messages from..to-1 of an object's content.
func numberLines(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, "%d\n", i)
	}
	return b.String()
}

func startS3(t *testing.T, env *pipeline.Env, sink pipeline.Sink, endpoint string, options ...plugin.Pair) (stop func()) {
	t.Helper()
	_, stop = startInput(t, env, sink, "s3", append(options, textOption("bucket", "box"), textOption("endpoint", endpoint), textOption("access_key_id", "k"), textOption("secret_access_key", "s"),
		textOption("interval", "0.02"), textOption("cutoff_second", "0"))...)
	return stop
}

// s3Env has a clock that is ahead, so that no object is too young.
func s3Env() *pipeline.Env {
	env := netEnv()
	env.Now = func() time.Time { return time.Now().Add(time.Hour) }
	return env
}

// TestS3ReadsEachObjectOnce: also over restarts, packed and with failures of the service in between; an object with an event that is not
// safe is read again as a whole.
func TestS3ReadsEachObjectOnce(t *testing.T) {
	backend, endpoint, broken := s3Server(t, "box")
	putObject(t, backend, "box", "logs/1.txt", numberLines(0, 1200))
	putObject(t, backend, "box", "logs/2.txt.gz", numberLines(1200, 1300))
	putObject(t, backend, "box", "other/3.txt", "x\n")
	putObject(t, backend, "box", "logs/skip.tmp", "x\n")
	env := s3Env()
	options := []plugin.Pair{textOption("prefix", "logs/"), textOption("exclude_pattern", `\.tmp$`)}
	broken.Store(http.StatusServiceUnavailable)
	first := newNumbers(always)
	stop := startS3(t, env, first, endpoint, options...)
	broken.Store(0)
	first.wait(t, 1300)
	broken.Store(http.StatusInternalServerError)
	putObject(t, backend, "box", "logs/4.txt", numberLines(1300, 1310))
	broken.Store(0)
	first.wait(t, 1310)
	stop()
	for text, times := range first.seen {
		if times != 1 {
			t.Fatalf("line %s came %d times", text, times)
		}
	}
	putObject(t, backend, "box", "logs/5.txt", numberLines(2000, 2010))
	second := newNumbers(func(message string) bool { return message != "2005" })
	stop = startS3(t, env, second, endpoint, options...)
	second.wait(t, 10)
	stop()
	third := newNumbers(always)
	stop = startS3(t, env, third, endpoint, options...)
	third.wait(t, 10)
	stop()
	if third.seen["2000"] != 1 || third.seen["2005"] != 1 || len(third.seen) != 10 || len(second.seen) != 10 {
		t.Errorf("after the restarts came %v, then %v", second.seen, third.seen)
	}
}

func TestS3DeletesWhatIsSafe(t *testing.T) {
	backend, endpoint, _ := s3Server(t, "box")
	if err := backend.CreateBucket("kept"); err != nil {
		t.Fatal(err)
	}
	putObject(t, backend, "box", "1.txt", "a\n")
	putObject(t, backend, "box", "2.txt", "stays\n")
	sink := newNumbers(func(message string) bool { return message != "stays" })
	stop := startS3(t, s3Env(), sink, endpoint, textOption("delete", "true"), textOption("backup_to_bucket", "kept"), textOption("backup_add_prefix", "old/"))
	sink.wait(t, 2)
	until(t, func() bool {
		_, err := backend.HeadObject("box", "1.txt")
		return err != nil
	})
	stop()
	if _, err := backend.HeadObject("kept", "old/1.txt"); err != nil {
		t.Errorf("the copy: %v", err)
	}
	if _, err := backend.HeadObject("box", "2.txt"); err != nil {
		t.Errorf("an object whose events are not safe: %v", err)
	}
}

func TestS3Events(t *testing.T) {
	backend, endpoint, _ := s3Server(t, "box")
	putObject(t, backend, "box", "cf.log.gz", "#Version: 1.0\n#Fields: date time\n2026 01\n")
	sink := newBeatsSink(10)
	stop := startS3(t, s3Env(), sink, endpoint, textOption("include_object_properties", "true"), textOption("watch_for_new_files", "false"))
	ev := <-sink.events
	key, _ := ev.Get(event.MustPath("[@metadata][s3][key]"))
	size, _ := ev.Get(event.MustPath("[@metadata][s3][content_length]"))
	ev.SetTimestamp(time.Unix(0, 0))
	if got := string(ev.AppendJSON(nil)); got != `{"@timestamp":"1970-01-01T00:00:00.000Z","message":"2026 01","cloudfront_version":"1.0","cloudfront_fields":"date time"}` || key.Str() != "cf.log.gz" || size.Int() == 0 {
		t.Errorf("got %s of %s with %d bytes", got, key.Str(), size.Int())
	}
	stop()
}

// TestS3BrokenObjects: an object that is not packed as its name says, or cut off, is passed by: what can be read of it comes once, and
// those behind it come. One that is put anew is read.
func TestS3BrokenObjects(t *testing.T) {
	backend, endpoint, _ := s3Server(t, "box")
	put := func(key, content string) {
		t.Helper()
		if _, err := backend.PutObject("box", key, map[string]string{"Last-Modified": time.Now().UTC().Format(http.TimeFormat)}, strings.NewReader(content), int64(len(content)), nil); err != nil {
			t.Fatal(err)
		}
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	for _, part := range []string{numberLines(0, 10), numberLines(10, 20)} {
		if _, err := w.Write([]byte(part)); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	put("1.gz", "not gzip\n")
	put("2.gz", packed.String()) // without its end
	put("3.txt", numberLines(100, 110))
	env := s3Env()
	sink := newNumbers(always)
	stop := startS3(t, env, sink, endpoint)
	sink.wait(t, 30)
	put("4.gz", "not gzip\n")
	put("5.txt", "last\n")
	sink.wait(t, 31)
	stop()
	for text, times := range sink.seen {
		if times != 1 {
			t.Errorf("line %q came %d times", text, times)
		}
	}
	again := newNumbers(always)
	stop = startS3(t, env, again, endpoint)
	putObject(t, backend, "box", "6.gz", "now it is\n")
	again.wait(t, 1)
	stop()
	if len(again.seen) != 1 || again.seen["now it is"] != 1 {
		t.Errorf("after a restart came %v", again.seen)
	}
}

// TestS3ManyObjects: of more objects than are held in memory, the oldest are read first, and the others right after them.
func TestS3ManyObjects(t *testing.T) {
	backend, endpoint, _ := s3Server(t, "box")
	const objects = 25
	for i := range objects {
		putObject(t, backend, "box", fmt.Sprintf("%02d.txt", objects-i), numberLines(i, i+1))
	}
	env := s3Env()
	made, _, err := Table.Build(env, &plugin.BlockConfig{Name: "s3", Options: []plugin.Pair{textOption("bucket", "box"), textOption("endpoint", endpoint), textOption("access_key_id", "k"),
		textOption("secret_access_key", "s"), textOption("cutoff_second", "0"), textOption("interval", "3600"), textOption("watch_for_new_files", "false")}})
	if err != nil {
		t.Fatal(err)
	}
	r := made.(*s3Reader)
	r.listed = 4
	if err := r.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	sink := newNumbers(always)
	if err := r.Run(t.Context(), sink); err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	for text, times := range sink.seen {
		if times != 1 {
			t.Errorf("line %s came %d times", text, times)
		}
	}
	if len(sink.seen) != objects {
		t.Errorf("%d lines came, want %d", len(sink.seen), objects)
	}
}
