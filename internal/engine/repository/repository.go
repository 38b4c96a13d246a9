package repository

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"elkhorn/internal/vfs"
)

const (
	formatVersion = 1
	markerName    = "elkhorn-repository.json"
	verifyPrefix  = "verify-" // of files that are written to see whether they can be
	// maxSnapshotBytes bounds a snapshot's own file: a million files of indices have 200 MB.
	maxSnapshotBytes = 256 << 20
)

// ErrReadOnly is what a repository that may only be read answers to changes.
var ErrReadOnly = errors.New("repository is readonly")

// Repository is one folder of snapshots. One caller at a time may change it.
type Repository struct {
	fs       vfs.FS
	dir      string
	readOnly bool
}

// Open returns the repository in dir, which need not be there yet: the first change makes it.
func Open(fsys vfs.FS, dir string, readOnly bool) *Repository {
	return &Repository{fs: fsys, dir: dir, readOnly: readOnly}
}

type marker struct {
	Format int `json:"format"`
}

// prepare makes the folder, or checks that it is one of this layout.
func (r *Repository) prepare() error {
	if r.readOnly {
		return ErrReadOnly
	}
	name := filepath.Join(r.dir, markerName)
	data, err := vfs.ReadFile(r.fs, name, 1<<10)
	if err == nil {
		var m marker
		if err := json.Unmarshal(data, &m); err != nil || m.Format != formatVersion {
			return fmt.Errorf("%s says %q: this version writes repositories of format %d", name, data, formatVersion)
		}
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, dir := range []string{r.dir, filepath.Join(r.dir, "snapshots"), filepath.Join(r.dir, "blobs")} {
		if err := vfs.MkdirAllSync(r.fs, dir); err != nil {
			return err
		}
	}
	return vfs.WriteFileAtomic(r.fs, name, []byte(`{"format":1}`))
}

// Verify finds out whether the folder can be written and read, by doing so. Of a read-only repository it reads only.
func (r *Repository) Verify() error {
	if r.readOnly {
		_, err := r.List()
		return err
	}
	if err := r.prepare(); err != nil {
		return err
	}
	content := []byte(rand.Text())
	name := filepath.Join(r.dir, verifyPrefix+string(content))
	if err := vfs.WriteFileAtomic(r.fs, name, content); err != nil {
		return err
	}
	got, err := vfs.ReadFile(r.fs, name, 1<<10)
	if err == nil && !bytes.Equal(got, content) {
		err = fmt.Errorf("%s holds other bytes than were written", name)
	}
	return errors.Join(err, r.fs.Remove(name))
}

// List reads all snapshots, in the order of their names.
func (r *Repository) List() ([]*Snapshot, error) {
	names, err := r.fs.List(filepath.Join(r.dir, "snapshots"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var list []*Snapshot
	for _, name := range names {
		if !strings.HasSuffix(name, ".json") {
			continue
		}
		data, err := vfs.ReadFile(r.fs, filepath.Join(r.dir, "snapshots", name), maxSnapshotBytes)
		if err != nil {
			return nil, err
		}
		var s Snapshot
		if err := json.Unmarshal(data, &s); err != nil || s.Format != formatVersion {
			return nil, fmt.Errorf("snapshot file %s is damaged or of another version: %w", name, err)
		}
		list = append(list, &s)
	}
	return list, nil
}

// Save makes a snapshot part of the repository. Its blobs are there already.
func (r *Repository) Save(s *Snapshot) error {
	if err := r.prepare(); err != nil {
		return err
	}
	s.Format = formatVersion
	data, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("print snapshot: %w", err)
	}
	return vfs.WriteFileAtomic(r.fs, r.snapshotFile(s.Name), data)
}

func (r *Repository) snapshotFile(name string) string {
	return filepath.Join(r.dir, "snapshots", name+".json")
}

// Delete takes snapshots out, and then the blobs that no other has.
func (r *Repository) Delete(names []string) error {
	if err := r.prepare(); err != nil {
		return err
	}
	for _, name := range names {
		if err := r.fs.Remove(r.snapshotFile(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := vfs.SyncDir(r.fs, filepath.Join(r.dir, "snapshots")); err != nil {
		return err
	}
	_, _, err := r.Cleanup()
	return err
}

// Cleanup removes blobs that no snapshot has, and says how many and how large they were.
func (r *Repository) Cleanup() (blobs int, bytes int64, err error) {
	if err := r.prepare(); err != nil {
		return 0, 0, err
	}
	list, err := r.List()
	if err != nil {
		return 0, 0, err
	}
	used := map[string]bool{}
	for _, s := range list {
		for f := range s.Files() {
			used[f.Blob] = true
		}
	}
	if err := r.removeLeftovers(); err != nil {
		return 0, 0, err
	}
	owners, err := r.fs.List(filepath.Join(r.dir, "blobs"))
	if err != nil {
		return 0, 0, err
	}
	for _, owner := range owners {
		n, size, err := r.cleanOwner(owner, used)
		blobs, bytes = blobs+n, bytes+size
		if err != nil {
			return blobs, bytes, err
		}
	}
	return blobs, bytes, nil
}

// removeLeftovers removes what a crash left of checks and of files that were being written.
func (r *Repository) removeLeftovers() error {
	for _, dir := range []string{r.dir, filepath.Join(r.dir, "snapshots")} {
		names, err := r.fs.List(dir)
		if err != nil {
			return err
		}
		for _, name := range names {
			if !strings.HasSuffix(name, ".tmp") && !(dir == r.dir && strings.HasPrefix(name, verifyPrefix)) {
				continue
			}
			if err := r.fs.Remove(filepath.Join(dir, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Repository) cleanOwner(owner string, used map[string]bool) (blobs int, bytes int64, err error) {
	dir := filepath.Join(r.dir, "blobs", owner)
	names, err := r.fs.List(dir)
	if err != nil {
		return 0, 0, err
	}
	kept := 0
	for _, name := range names {
		if used[owner+"/"+name] {
			kept++
			continue
		}
		info, err := r.fs.Stat(filepath.Join(dir, name))
		if err != nil {
			return blobs, bytes, err
		}
		if err := r.fs.Remove(filepath.Join(dir, name)); err != nil {
			return blobs, bytes, err
		}
		blobs, bytes = blobs+1, bytes+info.Size
	}
	if kept == 0 {
		return blobs, bytes, r.fs.RemoveAll(dir)
	}
	return blobs, bytes, nil
}

// Put copies a file of an index into the repository, unless known, which is what an earlier snapshot has under its
// name, is the same. It returns once the copy is durable.
func (r *Repository) Put(ctx context.Context, owner, name string, src vfs.File, known *File) (File, error) {
	if known != nil && r.same(src, *known) {
		f := *known
		f.Copied = false
		return f, nil
	}
	if err := r.prepare(); err != nil {
		return File{}, err
	}
	if err := vfs.MkdirAllSync(r.fs, filepath.Join(r.dir, "blobs", owner)); err != nil {
		return File{}, err
	}
	f := File{Blob: owner + "/" + name + "." + rand.Text()[:8], Copied: true}
	hash := sha256.New()
	var err error
	f.Bytes, err = vfs.CopyFile(ctx, r.fs, r.blobFile(f.Blob), src, hash)
	f.SHA256 = hex.EncodeToString(hash.Sum(nil))
	return f, err
}

// tailBytes is how much of two files' ends is compared. A segment file ends with the checksums of its parts.
const tailBytes = 4 << 10

// same reports whether a file is what a blob holds: a number of a segment file may have been given again after a crash.
// Whatever goes wrong, a copy settles it.
func (r *Repository) same(src vfs.File, known File) bool {
	blob, err := r.fs.Open(r.blobFile(known.Blob))
	if err != nil {
		return false
	}
	ends := [2][]byte{}
	for i, f := range []vfs.File{src, blob} {
		size, sizeErr := f.Size()
		tail := make([]byte, min(size, tailBytes))
		n, readErr := f.ReadAt(tail, size-int64(len(tail)))
		if sizeErr != nil || size != known.Bytes || n < len(tail) && readErr != nil {
			err = errors.Join(sizeErr, readErr, errDiffers)
		}
		ends[i] = tail[:n]
	}
	return errors.Join(err, blob.Close()) == nil && bytes.Equal(ends[0], ends[1])
}

var errDiffers = errors.New("not the same")

// Get copies a blob to a file of the store, and fails when it is not what was put in.
func (r *Repository) Get(ctx context.Context, f File, dst string) (err error) {
	src, err := r.fs.Open(r.blobFile(f.Blob))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, src.Close()) }()
	hash := sha256.New()
	size, err := vfs.CopyFile(ctx, r.fs, dst, src, hash)
	if err != nil {
		return err
	}
	if sum := hex.EncodeToString(hash.Sum(nil)); size != f.Bytes || sum != f.SHA256 {
		return fmt.Errorf("blob %s is damaged: it has %d bytes with SHA-256 %s, and was written with %d and %s", f.Blob, size, sum, f.Bytes, f.SHA256)
	}
	return nil
}

func (r *Repository) blobFile(blob string) string {
	return filepath.Join(r.dir, "blobs", filepath.FromSlash(blob))
}
