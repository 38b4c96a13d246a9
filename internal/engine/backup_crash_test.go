package engine

import (
	"log/slog"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/vfs"
	"elkhorn/internal/vfs/errorfs"
)

// backupRun does what a night's maintenance does: a snapshot, another's restore, the deletion of a snapshot and of indices.
type backupRun struct {
	t *testing.T
	e *Engine
	// files and meta are what the run, or the machine after a power cut, has.
	files *vfs.Mem
	meta  string
	mu    sync.Mutex // guards what follows against a cut
	// docs are the documents of each index, kept what each snapshot has of logs.
	docs, kept map[string]string
	// doing is what was under way at a cut: its outcome is open.
	doing string
}

const backupIndices = "logs,old-1,old-2"

func newBackupRun(t *testing.T) *backupRun {
	r := &backupRun{t: t, files: vfs.NewMem(), meta: filepath.Join(t.TempDir(), "meta.db"), docs: map[string]string{}, kept: map[string]string{}}
	r.open(r.files)
	putRepository(t, r.e)
	for _, name := range strings.Split(backupIndices, ",") {
		write(t, r.e, name, `a|{"n":1}`, `b|{"n":2}`, `c|{"n":3}`)
		mustApply(t, r.e, &es.FlushIndices{})
		write(t, r.e, name, `a|{"n":4}`)
	}
	takeSnapshot(t, r.e, "first")
	r.kept["first"] = state(t, r.e, "logs")
	write(t, r.e, "logs", `b|`, `{"text":"in memory"}`)
	for _, name := range strings.Split(backupIndices, ",") {
		r.docs[name] = state(t, r.e, name)
	}
	r.close()
	return r
}

func (r *backupRun) open(fsys vfs.FS) {
	r.t.Helper()
	r.e = open(r.t, Options{Dir: "/data", FS: fsys, MetaFile: r.meta, Logger: slog.New(slog.DiscardHandler), DiskInterval: 1 << 40})
}

func (r *backupRun) close() {
	r.t.Helper()
	if err := r.e.Close(); err != nil {
		r.t.Error(err)
	}
}

// steps are the parts of the history, in order.
func (r *backupRun) steps() {
	for _, step := range []struct {
		doing string
		apply es.Change
		after func()
	}{
		{"create", &es.CreateSnapshot{Repository: "backup", Name: "second"}, func() { r.kept["second"] = r.docs["logs"] }},
		{"restore", &es.RestoreSnapshot{Repository: "backup", Name: "first", RenamePattern: "^", Rename: "copy-"}, func() { r.docs["copy-logs"] = r.kept["first"] }},
		{"close", &es.OpenClose{Target: es.Target{Names: []string{"copy-logs"}}, Close: true}, func() {}},
		{"replace", &es.RestoreSnapshot{Repository: "backup", Name: "first", Indices: []string{"logs"}, RenamePattern: "^", Rename: "copy-"}, func() {}},
		{"delete", &es.DeleteSnapshots{Repository: "backup", Names: []string{"first"}}, func() { delete(r.kept, "first") }},
		{"retention", &es.DeleteIndices{Target: es.Target{Names: []string{"old-1", "old-2"}}}, func() { delete(r.docs, "old-1"); delete(r.docs, "old-2") }},
	} {
		r.begin(step.doing, func() {})
		mustApply(r.t, r.e, step.apply)
		r.begin("", step.after)
	}
}

// begin notes what is done next, and what is known now.
func (r *backupRun) begin(doing string, note func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.doing = doing
	note()
}

// cut is what the machine finds after a power cut at this moment.
func (r *backupRun) cut(rng *rand.Rand) *backupRun {
	return &backupRun{t: r.t, files: r.files.CrashClone(rng), meta: copyFile(r.t, r.meta), docs: maps.Clone(r.docs), kept: maps.Clone(r.kept), doing: r.doing}
}

// verify starts again: what was finished is there and whole; what was under way is there whole or not at all, and can be done again.
func (r *backupRun) verify() {
	r.open(r.files)
	defer r.close()
	if r.e.anyBroken() {
		r.t.Error(r.e.brokenReason())
		return
	}
	names := slices.Collect(maps.Keys(r.docs))
	if r.doing == "restore" { // which is of all three
		names = append(names, "copy-logs")
	}
	for _, name := range names {
		want, unsure := r.docs[name], r.doing == "retention" && strings.HasPrefix(name, "old-")
		if name == "copy-logs" {
			if ix := r.e.indexByName[name]; r.doing == "replace" && ix == nil {
				r.t.Errorf("neither the old %s nor the new one is there", name)
			} else if ix != nil && ix.closed.Load() && (r.doing == "close" || r.doing == "replace") {
				continue // the one to be replaced still
			}
			if r.doing == "restore" {
				want, unsure = r.kept["first"], true
			}
		}
		if got := state(r.t, r.e, name); got != want && !(unsure && got == "" && r.e.indexByName[name] == nil) {
			r.t.Errorf("%s is\n%swant\n%s", name, got, want)
		}
	}
	r.verifyRepository()
	for _, change := range []es.Change{
		&es.CleanupRepository{Name: "backup"},
		&es.CreateSnapshot{Repository: "backup", Name: "again", Target: es.Target{Names: []string{"logs"}}},
		&es.RestoreSnapshot{Repository: "backup", Name: "again", RenamePattern: "^", Rename: "again-"},
	} {
		mustApply(r.t, r.e, change)
	}
	if got := state(r.t, r.e, "again-logs"); got != r.docs["logs"] {
		r.t.Errorf("restored again:\n%swant\n%s", got, r.docs["logs"])
	}
	r.verifyNothingElse()
}

// verifyRepository looks at every snapshot that the repository lists, and restores it.
func (r *backupRun) verifyRepository() {
	r.t.Helper()
	found, err := r.e.Apply(ctx, &es.GetSnapshots{Repository: "backup"})
	if err != nil {
		r.t.Errorf("the repository cannot be listed: %v", err)
		return
	}
	listed := map[string]bool{}
	for _, s := range found.([]es.SnapshotInfo) {
		listed[s.Name] = true
		want, known := r.kept[s.Name]
		if s.Name == "second" && r.doing == "create" {
			want, known = r.docs["logs"], true
		}
		if s.State != es.SnapshotSuccess || !known {
			r.t.Errorf("snapshot %s is listed as %s", s.Name, s.State)
			continue
		}
		mustApply(r.t, r.e, &es.RestoreSnapshot{Repository: "backup", Name: s.Name, Indices: []string{"logs"}, RenamePattern: "logs", Rename: "from-" + s.Name})
		if got := state(r.t, r.e, "from-"+s.Name); got != want {
			r.t.Errorf("snapshot %s holds\n%swant\n%s", s.Name, got, want)
		}
	}
	for name := range r.kept {
		if !listed[name] && !(name == "first" && r.doing == "delete") {
			r.t.Errorf("snapshot %s is gone", name)
		}
	}
}

// verifyNothingElse looks for files that nobody will ever remove: all that are in the repository belong to a snapshot, and all folders
// of indices to an index.
func (r *backupRun) verifyNothingElse() {
	r.t.Helper()
	mustApply(r.t, r.e, &es.CleanupRepository{Name: "backup"})
	repo, err := r.e.repository("backup")
	if err != nil {
		r.t.Fatal(err)
	}
	list, err := repo.List()
	if err != nil {
		r.t.Fatal(err)
	}
	known := map[string]bool{"elkhorn-repository.json": true}
	for _, s := range list {
		known[filepath.Join("snapshots", s.Name+".json")] = true
		for f := range s.Files() {
			known[filepath.Join("blobs", f.Blob)] = true
		}
	}
	for _, file := range filesBelow(r.t, r.files, "/data") {
		if strings.HasSuffix(file, ".tmp") {
			r.t.Errorf("%s is left", file)
		}
	}
	root := filepath.Join("/data", "repositories", "nightly")
	for _, file := range filesBelow(r.t, r.files, root) {
		if !known[file] {
			r.t.Errorf("%s is left in the repository", file)
		}
	}
}

// filesBelow are the paths of all files in a folder, from there.
func filesBelow(t *testing.T, fsys vfs.FS, root string) []string {
	t.Helper()
	names, err := fsys.List(root)
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, name := range names {
		info, err := fsys.Stat(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if !info.IsDir {
			files = append(files, name)
			continue
		}
		for _, below := range filesBelow(t, fsys, filepath.Join(root, name)) {
			files = append(files, filepath.Join(name, below))
		}
	}
	return files
}

// TestBackupPowerCut cuts the power at every operation that changes files while snapshots are made, restored and deleted and indices are
// deleted, as retention does.
func TestBackupPowerCut(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 11))
	for n := int64(0); ; n += 1 + rng.Int64N(3) {
		r := newBackupRun(t)
		var cuts []*backupRun
		count := int64(0)
		r.open(errorfs.Wrap(r.files, errorfs.OnMutations(errorfs.InjectorFunc(func(errorfs.Op) *errorfs.Fault {
			r.mu.Lock()
			defer r.mu.Unlock()
			if r.doing == "" {
				return nil
			}
			if count++; count == n+1 {
				cuts = append(cuts, r.cut(nil), r.cut(rng))
			}
			return nil
		}))))
		r.steps()
		r.close()
		for i, c := range cuts {
			c.verify()
			if t.Failed() {
				t.Fatalf("operation %d, %s, cut %d", n, c.doing, i)
			}
		}
		if cuts == nil {
			t.Logf("%d operations", n)
			return
		}
	}
}

// TestBackupFaultSweep fails every operation that changes files in turn: what fails says so, and leaves what was there.
func TestBackupFaultSweep(t *testing.T) {
	for n := 0; ; n++ {
		r := newBackupRun(t)
		nth := errorfs.Nth(n)
		var armed atomic.Bool
		r.open(errorfs.Wrap(r.files, errorfs.OnMutations(errorfs.InjectorFunc(func(op errorfs.Op) *errorfs.Fault {
			if !armed.Load() {
				return nil
			}
			return nth.Inject(op)
		}))))
		armed.Store(true)
		failed := ""
		for _, step := range []struct {
			doing string
			apply es.Change
		}{
			{"restore", &es.RestoreSnapshot{Repository: "backup", Name: "first", Indices: []string{"logs"}, RenamePattern: "^", Rename: "copy-"}},
			{"delete", &es.DeleteSnapshots{Repository: "backup", Names: []string{"first"}}},
			{"retention", &es.DeleteIndices{Target: es.Target{Names: []string{"old-1", "old-2"}}}},
		} {
			_, err := r.e.Apply(ctx, step.apply)
			if err != nil {
				if !strings.Contains(err.Error(), errorfs.ErrInjected.Error()) {
					t.Errorf("operation %d: %s fails by itself: %v (%v)", n, step.doing, err, eserr.From(err))
				}
				failed = step.doing
				break
			}
			switch step.doing {
			case "restore":
				r.docs["copy-logs"] = r.kept["first"]
			case "delete":
				delete(r.kept, "first")
			case "retention":
				delete(r.docs, "old-1")
				delete(r.docs, "old-2")
			}
		}
		armed.Store(false)
		r.close()
		r.doing = failed
		r.verify()
		if t.Failed() {
			t.Fatalf("operation %d, %s", n, failed)
		}
		if !nth.Fired() {
			t.Logf("%d operations", n)
			return
		}
	}
}
