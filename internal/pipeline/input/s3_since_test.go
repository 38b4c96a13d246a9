package input

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"

	"elkhorn/internal/vfs"
	"elkhorn/internal/vfs/errorfs"
)

// TestS3Since: which objects were read is known after a restart, whatever their names, and noting one does not write the others again.
func TestS3Since(t *testing.T) {
	env := netEnv()
	written := 0
	env.FS = errorfs.Wrap(env.FS, errorfs.InjectorFunc(func(op errorfs.Op) *errorfs.Fault {
		if op.Kind == errorfs.Create {
			written++
		}
		return nil
	}))
	const path = "/state/since"
	open := func() *s3Reader {
		t.Helper()
		r := &s3Reader{env: env, sincePath: path}
		if err := r.Open(t.Context()); err != nil {
			t.Fatal(err)
		}
		return r
	}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	r := open()
	names := []string{"plain", "with\nnewline", "with\r", `"quoted"`, `"`, " blank ", "ünï"}
	for i := range 100 {
		names = append(names, fmt.Sprintf("many/%d", i))
	}
	for _, name := range names {
		if err := r.keep([]minio.ObjectInfo{{Key: name, LastModified: at}}); err != nil {
			t.Fatal(err)
		}
	}
	if written != 1 {
		t.Errorf("the file was written anew %d times for %d objects of one second", written, len(names))
	}
	r = open()
	for _, name := range names {
		if !r.mu.since.has(minio.ObjectInfo{Key: name, LastModified: at}) {
			t.Errorf("%q is not known after a restart", name)
		}
	}
	if len(r.mu.since.keys) != len(names) || r.mu.since.has(minio.ObjectInfo{Key: "other", LastModified: at}) || r.mu.since.has(minio.ObjectInfo{Key: "plain", LastModified: at.Add(1)}) {
		t.Errorf("known: %v", r.mu.since.keys)
	}
	later := at.Add(time.Second)
	if err := r.keep([]minio.ObjectInfo{{Key: "last of its time", LastModified: at}, {Key: "a", LastModified: later}, {Key: "b", LastModified: later}}); err != nil {
		t.Fatal(err)
	}
	text, err := vfs.ReadFile(env.FS, path, 1<<20)
	if err != nil || strings.Count(string(text), "\n") != 3 || !strings.HasPrefix(string(text), "2026-01-02T03:04:06Z\n") {
		t.Errorf("%q, %v", text, err)
	}
	for _, c := range []struct{ text, known, unknown string }{
		{"2026-01-02T03:04:06Z\na\nhalf a na", "a", "half a na"},           // what a crash left of a line
		{"2026-01-02 03:04:06 UTC\n", "", "a"},                             // Logstash's
		{"2026-01-02T03:04:06Z\n\"not ours\nb\n", `"not ours`, "not ours"}, // of a version that wrote names as they are
	} {
		if err := vfs.WriteFileAtomic(env.FS, path, []byte(c.text)); err != nil {
			t.Fatal(err)
		}
		r := open()
		if c.known != "" && !r.mu.since.keys[c.known] || r.mu.since.keys[c.unknown] || !r.mu.since.at.Equal(later) {
			t.Errorf("%q is read as %v", c.text, r.mu.since)
		}
	}
	if err := vfs.WriteFileAtomic(env.FS, path, []byte("no time\n")); err != nil {
		t.Fatal(err)
	}
	if err := (&s3Reader{env: env, sincePath: path}).Open(t.Context()); err == nil || !strings.Contains(err.Error(), "does not begin with a time") {
		t.Errorf("got %v", err)
	}
}
