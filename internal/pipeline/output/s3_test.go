package output

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
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
	"elkhorn/internal/vfs"
	"elkhorn/internal/vfs/errorfs"
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
		if names, err := env.FS.List(o.dir); err != nil || !slices.Equal(names, []string{"lock"}) {
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
	crash(t, o)
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

// crash ends an output as if the process died: no file is closed.
func crash(t *testing.T, o *s3Writer) {
	t.Helper()
	o.stop()
	o.running.Wait()
	if err := o.folder.leave(); err != nil { // as the system does
		t.Fatal(err)
	}
}

// TestS3SharedFolder: two outputs of a pipeline with one bucket put what a crash left there once, packed where its name says so; another
// pipeline stays away from their files.
func TestS3SharedFolder(t *testing.T) {
	backend, endpoint, broken := s3Server(t)
	broken.Store(http.StatusServiceUnavailable)
	env, _ := testEnv()
	plain, packed := []plugin.Pair{text("codec", "json_lines"), text("prefix", "plain")}, []plugin.Pair{text("codec", "json_lines"), text("prefix", "packed"), text("encoding", "gzip")}
	first, second := buildS3(t, env, endpoint, plain...), buildS3(t, env, endpoint, packed...)
	for _, o := range []*s3Writer{first, second} {
		if err := o.Write(t.Context(), numbered(t, 2)); err != nil {
			t.Fatal(err)
		}
	}
	stranger := *env
	stranger.Shared = pipeline.NewShared()
	out, _, err := Table.Build(&stranger, &plugin.BlockConfig{Name: "s3", Options: []plugin.Pair{text("bucket", "box"), text("endpoint", endpoint), text("access_key_id", "k"), text("secret_access_key", "s")}})
	if err != nil {
		t.Fatal(err)
	}
	if err := out.(*s3Writer).Open(t.Context()); err == nil || !strings.Contains(err.Error(), "temporary_directory") {
		t.Errorf("another pipeline with the same folder: %v", err)
	}
	crash(t, first)
	crash(t, second)
	broken.Store(0)
	env.Shared = pipeline.NewShared()
	again := []*s3Writer{buildS3(t, env, endpoint, plain...), buildS3(t, env, endpoint, packed...)}
	for _, o := range again {
		waitUntil(t, func() bool { return o.next() == "" })
	}
	for _, o := range again {
		if err := o.Close(); err != nil {
			t.Fatal(err)
		}
	}
	found := objects(t, backend) // which unpacks what has the name of a packed object
	if len(found) != 2 {
		t.Errorf("objects: %q", found)
	}
	for key, content := range found {
		if strings.Count(content, "\n") != 2 {
			t.Errorf("%s has %q", key, content)
		}
	}
}

// TestS3DiskFails: a file whose size the disk does not tell for a while is not taken for an empty one.
func TestS3DiskFails(t *testing.T) {
	backend, endpoint, _ := s3Server(t)
	env, _ := testEnv()
	var failed atomic.Int32
	mem := env.FS
	env.FS = errorfs.Wrap(mem, errorfs.InjectorFunc(func(op errorfs.Op) *errorfs.Fault {
		if op.Kind == errorfs.Stat && strings.HasSuffix(op.Path, s3DataEnding) && failed.Add(1) == 1 {
			return &errorfs.Fault{Err: errors.New("input/output error")}
		}
		return nil
	}))
	o := buildS3(t, env, endpoint, text("codec", "json_lines"), text("size_file", "10"))
	if err := o.Write(t.Context(), numbered(t, 3)); err != nil {
		t.Fatal(err)
	}
	waitUntil(t, func() bool { return o.next() == "" })
	if err := o.Close(); err != nil {
		t.Fatal(err)
	}
	total := ""
	for _, content := range objects(t, backend) {
		total += content
	}
	if strings.Count(total, "\n") != 3 || failed.Load() < 2 {
		t.Errorf("after %d looks the bucket has %q", failed.Load(), total)
	}
}

// TestS3RefusedObject: a file that the service refuses does not hold up those behind it.
func TestS3RefusedObject(t *testing.T) {
	backend, endpoint, _ := s3Server(t)
	env, _ := testEnv()
	o := buildS3(t, env, endpoint, text("codec", "json_lines"))
	const bad = "0-bad"
	for ending, content := range map[string]string{s3KeyEnding: strings.Repeat("k", 2000), s3DataEnding: "x\n"} {
		if err := vfs.WriteFileAtomic(env.FS, filepath.Join(o.dir, bad+ending), []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	o.mu.Lock()
	o.mu.ready = append(o.mu.ready, bad)
	o.mu.Unlock()
	if err := o.Write(t.Context(), numbered(t, 1)); err != nil {
		t.Fatal(err)
	}
	o.mu.Lock()
	for prefix := range o.mu.open {
		o.closeLocked(prefix)
	}
	o.mu.Unlock()
	waitUntil(t, func() bool { return len(objects(t, backend)) == 1 })
	o.mu.Lock()
	o.mu.ready = append(o.mu.ready, bad+"-too") // of which there is nothing
	o.mu.Unlock()
	if err := o.Close(); err != nil { // it tries each once, and does not wait
		t.Fatal(err)
	}
	if names, err := env.FS.List(o.dir); err != nil || !slices.Contains(names, bad+s3KeyEnding) {
		t.Errorf("what is refused is not kept for the next run: %q, %v", names, err)
	}
}

func TestS3PossibleKey(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		if got := possibleKey(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	f("a/b c/", "a/b c/")
	f("../x/./y..", "_/x/_/y..")
	f("a\xffb^", "a_b_")
	f(strings.Repeat("x", maxS3PrefixBytes-1)+"é", strings.Repeat("x", maxS3PrefixBytes-1))
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
	f("no room for more", text("tags", strings.Repeat("t", maxS3TagBytes+1)))
	f("takes force_path_style", hash("additional_settings", "retries", "3"))
}
