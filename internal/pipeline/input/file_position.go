package input

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"

	"elkhorn/internal/pipeline"
	"elkhorn/internal/vfs"
)

// positions is how far each file was read and acknowledged, in a file of lines
//
//	inode device offset fingerprint path
//
// in the manner of Logstash's sincedb. The fingerprint (length:hash of the file's first bytes) tells a file from
// another one that got its inode later. The file is replaced as a whole.
type positions struct {
	env  *pipeline.Env
	path string // "" keeps nothing
	mu   struct {
		sync.Mutex
		files map[string]*position
		dirty bool
	}
}

// position is one file's. Its fields belong to the lock of positions.
type position struct {
	all   *positions
	id    vfs.FileID
	path  string
	head  fingerprint
	gone  time.Time // when the file was missed, zero while it is there
	acked int64
	// read is how far this run has passed lines on, acknowledged or not. A file is read on from here when it is found again
	// under another name.
	read int64
	// waiting are the reads not acknowledged yet, in order; they are acknowledged in any order.
	waiting []*unacked
}

// unacked is one read whose events are under way.
type unacked struct {
	end  int64
	done bool
}

func newPositions(env *pipeline.Env, path string) *positions {
	if path == "/dev/null" || strings.EqualFold(path, "NUL") {
		path = ""
	}
	p := &positions{env: env, path: path}
	p.mu.files = map[string]*position{}
	return p
}

// key tells files apart by identity, or by name where the system has none.
func key(id vfs.FileID, path string) string {
	if id == (vfs.FileID{}) {
		return path
	}
	return fmt.Sprintf("%d %d", id.Inode, id.Device)
}

// of returns the position of a file and whether it was read before.
func (p *positions) of(id vfs.FileID, path string) (*position, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if have := p.mu.files[key(id, path)]; have != nil {
		have.path, have.gone = path, time.Time{}
		return have, true
	}
	fresh := &position{all: p, id: id, path: path}
	p.mu.files[key(id, path)] = fresh
	return fresh, false
}

// keepGone is how long the position of a file that is gone is kept: it may come back under another name, as
// rotated files do.
const keepGone = 24 * time.Hour

// missed notes that a file is gone.
func (p *positions) missed(gone *position) {
	if gone == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	gone.gone = p.env.Now()
}

// pruneLocked drops the positions of files that have been gone for long.
func (p *positions) pruneLocked() {
	for k, f := range p.mu.files {
		if !f.gone.IsZero() && p.env.Now().Sub(f.gone) > keepGone && len(f.waiting) == 0 {
			delete(p.mu.files, k)
			p.mu.dirty = true
		}
	}
}

// fingerprint is the hash of a file's first bytes, as many as there were.
type fingerprint struct {
	n   int
	sum uint64
}

// fingerprintBytes is enough for two logs to differ: their first lines have different times.
const fingerprintBytes = 256

func (f fingerprint) String() string { return fmt.Sprintf("%d:%016x", f.n, f.sum) }

func parseFingerprint(text string) (fingerprint, bool) {
	n, sum, ok := strings.Cut(text, ":")
	length, err := strconv.Atoi(n)
	hash, err2 := strconv.ParseUint(sum, 16, 64)
	return fingerprint{length, hash}, ok && err == nil && err2 == nil && length >= 0 && length <= fingerprintBytes
}

// readFingerprint hashes a file's first n bytes, or as many as it has.
func readFingerprint(f vfs.File, n int) (fingerprint, error) {
	var head [fingerprintBytes]byte
	got, err := f.ReadAt(head[:n], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return fingerprint{}, err
	}
	return fingerprint{got, xxhash.Sum64(head[:got])}, nil
}

// same says whether an open file is the one that the position is of. One of which nothing is known, since it was empty, may be any.
func (f *position) same(file vfs.File) (bool, error) {
	f.all.mu.Lock()
	want := f.head
	f.all.mu.Unlock()
	if want.n == 0 {
		return true, nil
	}
	got, err := readFingerprint(file, want.n)
	return got == want, err
}

// learn takes the fingerprint of a file that has grown beyond what is known of it.
func (f *position) learn(file vfs.File) error {
	f.all.mu.Lock()
	known := f.head.n
	f.all.mu.Unlock()
	if known == fingerprintBytes {
		return nil
	}
	got, err := readFingerprint(file, fingerprintBytes)
	if err != nil || got.n == known {
		return err
	}
	f.all.mu.Lock()
	defer f.all.mu.Unlock()
	f.head = got
	f.all.mu.dirty = true
	return nil
}

// offset is how far everything is acknowledged.
func (f *position) offset() int64 {
	f.all.mu.Lock()
	defer f.all.mu.Unlock()
	return f.acked
}

// next is where to read on.
func (f *position) next() int64 {
	f.all.mu.Lock()
	defer f.all.mu.Unlock()
	return f.read
}

// passed notes that lines up to end are on their way.
func (f *position) passed(end int64) {
	f.all.mu.Lock()
	defer f.all.mu.Unlock()
	f.read = max(f.read, end)
}

// begin sets the position in a file that is new or was emptied; reads still under way no longer count.
func (f *position) begin(offset int64) {
	f.all.mu.Lock()
	defer f.all.mu.Unlock()
	f.acked, f.read, f.waiting, f.head = offset, offset, nil, fingerprint{}
	f.all.mu.dirty = true
}

// pending notes a read up to end and returns what to call when its events are done.
func (f *position) pending(end int64) func() {
	r := &unacked{end: end}
	f.all.mu.Lock()
	f.waiting = append(f.waiting, r)
	f.all.mu.Unlock()
	return func() {
		f.all.mu.Lock()
		defer f.all.mu.Unlock()
		r.done = true
		for len(f.waiting) > 0 && f.waiting[0].done {
			f.acked = f.waiting[0].end
			f.waiting = f.waiting[1:]
			f.all.mu.dirty = true
		}
	}
}

// load reads the file; a line that cannot be read is left out, and its file read again.
func (p *positions) load() error {
	if p.path == "" {
		return nil
	}
	f, err := p.env.FS.Open(p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open file positions: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		parts := strings.SplitN(lines.Text(), " ", 5)
		if len(parts) != 5 {
			continue
		}
		var n [3]uint64
		head, ok := parseFingerprint(parts[3])
		for i := range n {
			var err error
			n[i], err = strconv.ParseUint(parts[i], 10, 63)
			ok = ok && err == nil
		}
		if ok {
			id := vfs.FileID{Inode: n[0], Device: n[1]}
			p.mu.files[key(id, parts[4])] = &position{all: p, id: id, path: parts[4], head: head, acked: int64(n[2]), read: int64(n[2])}
		}
	}
	if err := errors.Join(lines.Err(), f.Close()); err != nil {
		return fmt.Errorf("read file positions %s: %w", p.path, err)
	}
	return nil
}

// save writes the file when something has changed.
func (p *positions) save() error {
	p.mu.Lock()
	p.pruneLocked()
	dirty := p.mu.dirty && p.path != ""
	p.mu.dirty = false
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(p.mu.files)) {
		f := p.mu.files[k]
		fmt.Fprintf(&b, "%d %d %d %s %s\n", f.id.Inode, f.id.Device, f.acked, f.head, f.path)
	}
	p.mu.Unlock()
	if !dirty {
		return nil
	}
	err := vfs.MkdirAllSync(p.env.FS, filepath.Dir(p.path))
	if err == nil {
		err = vfs.WriteFileAtomic(p.env.FS, p.path, []byte(b.String()))
	}
	if err != nil {
		p.mu.Lock()
		p.mu.dirty = true
		p.mu.Unlock()
		return fmt.Errorf("write file positions: %w", err)
	}
	return nil
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
