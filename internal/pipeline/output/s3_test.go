package output

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
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

func s3Server(t *testing.T) (backend *s3mem.Backend, endpoint string, broken *atomic.Int32) {
	t.Helper()
	backend, broken = s3mem.New(), &atomic.Int32{}
	if err := backend.CreateBucket("box"); err != nil {
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

// objects reads all objects of the bucket, as key without its random part and content.
func objects(t *testing.T, backend *s3mem.Backend) map[string]string {
	t.Helper()
	list, err := backend.ListBucket("box", &gofakes3.Prefix{}, gofakes3.ListBucketPage{})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, o := range list.Contents {
		object, err := backend.GetObject("box", o.Key, nil)
		if err != nil {
			t.Fatal(err)
		}
		var from io.Reader = object.Contents
		if strings.HasSuffix(o.Key, ".gz") {
			if from, err = gzip.NewReader(object.Contents); err != nil {
				t.Fatal(err)
			}
		}
		content, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		before, after, _ := strings.Cut(o.Key, "ls.s3.")
		found[before+"ls.s3."+after[min(len(after), 36):]] += string(content)
	}
	return found
}

func buildS3(t *testing.T, env *pipeline.Env, endpoint string, options ...plugin.Pair) *s3Writer {
	t.Helper()
	env.DataDir = "/data"
	out, _, err := Table.Build(env, &plugin.BlockConfig{Name: "s3", Options: append(options, text("bucket", "box"), text("endpoint", endpoint), text("access_key_id", "k"), text("secret_access_key", "s"))})
	if err != nil {
		t.Fatal(err)
	}
	o := out.(*s3Writer)
	if err := o.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestS3Objects(t *testing.T) {
	for _, encoding := range []string{"none", "gzip"} {
		backend, endpoint, _ := s3Server(t)
		env, _ := testEnv()
		o := buildS3(t, env, endpoint, text("prefix", "logs/%{s}/%{+YYYY}"), text("codec", "json"), text("encoding", encoding), text("tags", "x"))
		events := []*event.Event{doc(t, `{"s":"a","n":1}`), doc(t, `{"s":"b^","n":2}`), doc(t, `{"s":"a","n":3}`)}
		if err := o.Write(t.Context(), events); err != nil {
			t.Fatal(err)
		}
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
		ending := map[string]string{"none": "txt", "gzip": "txt.gz"}[encoding]
		want := map[string]string{
			"logs/a/2026/ls.s3..2026-01-15T12.00.tag_x.part0." + ending:  `{"@timestamp":"2026-01-15T12:00:00.000Z","s":"a","n":1}` + "\n" + `{"@timestamp":"2026-01-15T12:00:00.000Z","s":"a","n":3}` + "\n",
			"logs/b_/2026/ls.s3..2026-01-15T12.00.tag_x.part1." + ending: `{"@timestamp":"2026-01-15T12:00:00.000Z","s":"b^","n":2}` + "\n",
		}
		got := objects(t, backend)
		for key, content := range want {
			if got[key] != content {
				t.Errorf("%s has %q; there are %q", key, got[key], got)
			}
		}
		if names, err := env.FS.List(o.dir); err != nil || len(names) != 0 {
			t.Errorf("left in the folder: %q, %v", names, err)
		}
	}
}

// TestS3Rotates by size at once, and by time when a file is old.
func TestS3Rotates(t *testing.T) {
	backend, endpoint, _ := s3Server(t)
	env, _ := testEnv()
	var ahead atomic.Int64
	env.Now = func() time.Time { return noon.Add(time.Duration(ahead.Load())) }
	o := buildS3(t, env, endpoint, text("size_file", "100"), text("time_file", "5"), text("codec", "json_lines"))
	if err := o.Write(t.Context(), numbered(t, 3)); err != nil { // 150 bytes
		t.Fatal(err)
	}
	waitUntil(t, func() bool { return len(objects(t, backend)) == 1 })
	if err := o.Write(t.Context(), numbered(t, 1)); err != nil {
		t.Fatal(err)
	}
	o.closeOld()
	if len(o.mu.open) != 1 {
		t.Error("a young file is closed")
	}
	ahead.Store(int64(5 * time.Minute))
	o.closeOld()
	waitUntil(t, func() bool { return len(objects(t, backend)) == 2 })
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestS3Outage: the service is down, the process dies, and the next run puts everything that was acknowledged into the bucket.
func TestS3Outage(t *testing.T) {
	backend, endpoint, broken := s3Server(t)
	broken.Store(http.StatusServiceUnavailable)
	env, _ := testEnv()
	o := buildS3(t, env, endpoint, text("size_file", "60"), text("codec", "json_lines"))
	for range 3 {
		if err := o.Write(t.Context(), numbered(t, 2)); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.Write(t.Context(), numbered(t, 1)); err != nil { // not full: only on disk
		t.Fatal(err)
	}
	o.stop() // as if the process died: nothing is closed
	o.running.Wait()
	broken.Store(0)
	again := buildS3(t, env, endpoint, text("size_file", "60"), text("codec", "json_lines"))
	waitUntil(t, func() bool { return again.next() == "" })
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, content := range objects(t, backend) {
		lines = append(lines, strings.Split(strings.TrimSpace(content), "\n")...)
	}
	slices.Sort(lines)
	if len(lines) != 7 || !strings.HasSuffix(lines[6], `"n":1}`) {
		t.Errorf("%d lines: %q", len(lines), lines)
	}
}

func TestS3Options(t *testing.T) {
	f := func(want string, options ...plugin.Pair) {
		t.Helper()
		env, _ := testEnv()
		_, _, err := Table.Build(env, &plugin.BlockConfig{Name: "s3", Options: append(options, text("bucket", "box"))})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	f("leaves no limit", text("size_file", "0"), text("time_file", "0"))
	f("is no URL", text("endpoint", "minio:9000"))
	f("must both be given", text("access_key_id", "k"))
	f("roles are not assumed", text("role_arn", "arn:x"))
	f("takes force_path_style", hash("additional_settings", "retries", "3"))
}
