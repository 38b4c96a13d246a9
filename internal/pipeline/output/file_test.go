package output

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"

	"elkhorn/internal/event"
	"elkhorn/internal/vfs"
	"elkhorn/internal/vfs/errorfs"
)

func read(t testing.TB, fs vfs.FS, path string) string {
	t.Helper()
	f, err := fs.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestFileByEvent(t *testing.T) {
	env, _ := testEnv()
	out := build(t, env, "file", "path", "/logs/%{service}/%{+YYYY}.log", "codec", "json")
	events := []*event.Event{doc(t, `{"service":"a","n":1}`), doc(t, `{"service":"b","n":2}`), doc(t, `{"service":"a","n":3}`), doc(t, `{"service":"../../etc","n":4}`)}
	if err := out.Write(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	if err := env.FS.Rename("/logs/a/2026.log", "/logs/a/2026.log.1"); err != nil { // rotated by someone else
		t.Fatal(err)
	}
	if err := out.Write(t.Context(), events[:1]); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	line := func(service string, n int) string {
		return fmt.Sprintf(`{"@timestamp":"2026-01-15T12:00:00.000Z","service":"%s","n":%d}`+"\n", service, n)
	}
	for path, want := range map[string]string{
		"/logs/a/2026.log.1": line("a", 1) + line("a", 3), "/logs/a/2026.log": line("a", 1),
		"/logs/b/2026.log": line("b", 2), "/logs/_filepath_failures": line("../../etc", 4),
	} {
		if got := read(t, env.FS, path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

func TestManyFilesAreClosed(t *testing.T) {
	env, _ := testEnv()
	out := build(t, env, "file", "path", "/logs/%{n}.log").(*fileWriter)
	for i := range 2 * maxOpenFiles {
		if err := out.Write(t.Context(), []*event.Event{doc(t, fmt.Sprintf(`{"n":%d}`, i))}); err != nil {
			t.Fatal(err)
		}
	}
	if len(out.mu.open) > maxOpenFiles {
		t.Errorf("%d files are open", len(out.mu.open))
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestFileSurvivesDiskErrors fails operation 1, 2, 3 … of a write: the events are in the file in the end, whole.
func TestFileSurvivesDiskErrors(t *testing.T) {
	for nth := 0; ; nth++ {
		failed := false
		synctest.Test(t, func(t *testing.T) {
			env, _ := testEnv()
			mem := env.FS
			fault := errorfs.Nth(nth)
			env.FS = errorfs.Wrap(mem, errorfs.ShortWrite(fault))
			out := build(t, env, "file", "path", "/logs/x.log", "codec", "json")
			if err := out.Write(t.Context(), []*event.Event{doc(t, `{"n":1}`), doc(t, `{"n":2}`)}); err != nil {
				t.Fatal(err)
			}
			if got := read(t, mem, "/logs/x.log"); !strings.HasSuffix(got, "\n") || strings.Count(got, `"n":1}`+"\n") < 1 || strings.Count(got, `"n":2}`+"\n") < 1 {
				t.Errorf("operation %d failed: %q", nth, got)
			}
			if err := out.Close(); err != nil && !errors.Is(err, errorfs.ErrInjected) {
				t.Fatal(err)
			}
			failed = fault.Fired()
		})
		if !failed {
			break
		}
	}
}

// TestFilePacked: what is in the file can be unpacked after each batch, and after a restart goes on in the same file.
func TestFilePacked(t *testing.T) {
	env, _ := testEnv()
	want := ""
	for n := range 3 {
		out := build(t, env, "file", "path", "/logs/x.gz", "gzip", "true", "codec", "json")
		if err := out.Write(t.Context(), []*event.Event{doc(t, fmt.Sprintf(`{"n":%d}`, n))}); err != nil {
			t.Fatal(err)
		}
		want += fmt.Sprintf(`{"@timestamp":"2026-01-15T12:00:00.000Z","n":%d}`+"\n", n)
		r, err := gzip.NewReader(strings.NewReader(read(t, env.FS, "/logs/x.gz")))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != want {
			t.Errorf("got %q, %v", got, err)
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// unpacked is what a packed file holds.
func unpacked(t *testing.T, text string) string {
	t.Helper()
	r, err := gzip.NewReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

// TestFileTornMember: wherever a crash has cut the last batch off, what was acknowledged before and what comes after can be unpacked.
func TestFileTornMember(t *testing.T) {
	env, _ := testEnv()
	write := func(text string) {
		t.Helper()
		out := build(t, env, "file", "path", "/x.gz", "gzip", "true", "codec", "json")
		if err := errors.Join(out.Write(t.Context(), []*event.Event{doc(t, fmt.Sprintf(`{"n":%q}`, text))}), out.Close()); err != nil {
			t.Fatal(err)
		}
	}
	line := func(text string) string {
		return fmt.Sprintf(`{"@timestamp":"2026-01-15T12:00:00.000Z","n":%q}`+"\n", text)
	}
	write("first")
	whole := read(t, env.FS, "/x.gz")
	write("torn")
	both := read(t, env.FS, "/x.gz")
	var foreign strings.Builder // another program's member, of which only unpacking tells the end
	w := gzip.NewWriter(&foreign)
	if _, err := io.WriteString(w, "foreign\n"); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	after := func(file, want string) {
		t.Helper()
		if err := vfs.WriteFileAtomic(env.FS, "/x.gz", []byte(file)); err != nil {
			t.Fatal(err)
		}
		write("last")
		if got := unpacked(t, read(t, env.FS, "/x.gz")); got != want+line("last") {
			t.Errorf("%d bytes, of which %d are whole: got %q", len(file), len(whole), got)
		}
	}
	for cut := len(whole); cut < len(both); cut++ {
		after(both[:cut], line("first"))
	}
	after(both, line("first")+line("torn"))
	after(foreign.String()+both, "foreign\n"+line("first")+line("torn"))
	after(whole+foreign.String(), line("first")+"foreign\n")
	for cut := 1; cut < foreign.Len(); cut++ {
		after(whole+foreign.String()[:cut], line("first"))
	}
	after(whole+strings.Repeat("\x00", 100), line("first"))
	after("", "")
	if err := vfs.WriteFileAtomic(env.FS, "/x.gz", []byte(whole+"plain text\n")); err != nil {
		t.Fatal(err)
	}
	write("last")
	if got := read(t, env.FS, "/x.gz"); !strings.HasPrefix(got, whole+"plain text\n") || unpacked(t, strings.TrimPrefix(got, whole+"plain text\n")) != line("last") {
		t.Errorf("what is not packed was touched: %q", got)
	}
}
