package harvest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"

	"elkhorn/internal/vfs"
)

const (
	registryName    = "registry.jsonl"
	registryFormat  = "elkhorn-ship-registry"
	registryVersion = 1
	// maxRegistryBytes bounds what is read back: 300 bytes a file, and far more files than a host has.
	maxRegistryBytes = 256 << 20
	// fingerprintBytes is how much of a file's beginning tells it from another: a few lines, the first with its time.
	fingerprintBytes = 1024
	// registryFlush is how often changes go to disk at most; the first one goes at once, so that a program that is killed again
	// and again still gets on. A kill repeats what was acknowledged since.
	registryFlush = time.Second
)

// fileKey tells files apart: by identity, or by path where the system has none.
type fileKey struct {
	id   vfs.FileID
	path string
}

func keyOf(path string, id vfs.FileID) fileKey {
	if id == (vfs.FileID{}) {
		return fileKey{path: path}
	}
	return fileKey{id: id}
}

// fileState is what the registry knows of a file.
type fileState struct {
	path        string
	id          vfs.FileID
	offset      int64 // everything before it is delivered
	fingerprint fingerprint
}

// fingerprint is the hash of a file's first bytes.
type fingerprint struct {
	bytes int
	hash  uint64
}

func fingerprintOf(head []byte, offset int64) fingerprint {
	n := int(min(int64(len(head)), offset, fingerprintBytes))
	return fingerprint{bytes: n, hash: xxhash.Sum64(head[:n])}
}

// matches reports whether a file that begins with head can be the one of the fingerprint.
func (f fingerprint) matches(head []byte) bool {
	return f.bytes == 0 || len(head) >= f.bytes && xxhash.Sum64(head[:f.bytes]) == f.hash
}

// Registry remembers how far files are delivered. Its methods are safe for concurrent use.
type Registry struct {
	fs     vfs.FS
	path   string
	logger *slog.Logger
	// changed holds something while there is a change that Run has not seen.
	changed chan struct{}

	mu struct {
		sync.Mutex // guards what follows
		files      map[fileKey]fileState
		dirty      bool
	}
}

// OpenRegistry reads the registry in dir, which is created when missing. The caller has locked dir.
func OpenRegistry(fsys vfs.FS, dir string, logger *slog.Logger) (*Registry, error) {
	if err := vfs.MkdirAllSync(fsys, dir); err != nil {
		return nil, fmt.Errorf("open registry: %w", err)
	}
	r := &Registry{fs: fsys, path: filepath.Join(dir, registryName), logger: logger, changed: make(chan struct{}, 1)}
	r.mu.files = make(map[fileKey]fileState)
	data, err := vfs.ReadFile(fsys, r.path, maxRegistryBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open registry: %w", err)
	}
	if err := r.parse(data); err != nil {
		return nil, fmt.Errorf("open registry: %w", err)
	}
	return r, nil
}

type registryHeader struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	CRC32C  string `json:"crc32c"`
}

type registryLine struct {
	Path        string `json:"path"`
	Device      uint64 `json:"device"`
	Inode       uint64 `json:"inode"`
	Offset      int64  `json:"offset"`
	Fingerprint struct {
		Bytes int    `json:"bytes"`
		XXH64 string `json:"xxh64"`
	} `json:"fingerprint"`
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksumText(data []byte) string { return fmt.Sprintf("%08x", crc32.Checksum(data, castagnoli)) }

func (r *Registry) parse(data []byte) error {
	first, rest, _ := bytes.Cut(data, []byte{'\n'})
	var header registryHeader
	if err := json.Unmarshal(first, &header); err != nil || header.Format != registryFormat {
		return r.corrupted("it does not begin with a registry's first line")
	}
	if header.Version != registryVersion {
		return fmt.Errorf("%s has format version %d, this program reads %d: use the version that wrote it", r.path, header.Version, registryVersion)
	}
	if header.CRC32C != checksumText(rest) {
		return r.corrupted("its checksum is wrong")
	}
	for text := range bytes.Lines(rest) {
		state, err := parseRegistryLine(text)
		if err != nil {
			return r.corrupted(err.Error())
		}
		r.mu.files[keyOf(state.path, state.id)] = state
	}
	return nil
}

func parseRegistryLine(text []byte) (fileState, error) {
	var l registryLine
	if err := json.Unmarshal(text, &l); err != nil {
		return fileState{}, err
	}
	state := fileState{path: l.Path, id: vfs.FileID{Device: l.Device, Inode: l.Inode}, offset: l.Offset}
	state.fingerprint.bytes = l.Fingerprint.Bytes
	if _, err := fmt.Sscanf(l.Fingerprint.XXH64, "%x", &state.fingerprint.hash); err != nil {
		return fileState{}, fmt.Errorf("fingerprint of %s: %w", l.Path, err)
	}
	if n := state.fingerprint.bytes; l.Offset < 0 || n < 0 || n > fingerprintBytes {
		return fileState{}, fmt.Errorf("%s has offset %d and a fingerprint of %d bytes", l.Path, l.Offset, n)
	}
	return state, nil
}

func (r *Registry) corrupted(detail string) error {
	return &vfs.CorruptionError{Path: r.path, Offset: -1, Detail: detail, Repair: "remove it to ship all files from their beginning"}
}

func (r *Registry) lookup(key fileKey) (fileState, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	state, ok := r.mu.files[key]
	return state, ok
}

func (r *Registry) store(key fileKey, state fileState) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.mu.files[key] != state {
		r.mu.files[key] = state
		r.noteChangeLocked()
	}
}

func (r *Registry) forget(key fileKey) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.mu.files[key]; ok {
		delete(r.mu.files, key)
		r.noteChangeLocked()
	}
}

// snapshot returns a copy of all states.
func (r *Registry) snapshot() map[fileKey]fileState {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.mu.files)
}

func (r *Registry) noteChangeLocked() {
	r.mu.dirty = true
	select {
	case r.changed <- struct{}{}:
	default:
	}
}

// Run writes changes to disk until ctx ends. The caller calls Flush when the last event is settled.
func (r *Registry) Run(ctx context.Context) {
	pause := time.NewTicker(registryFlush)
	defer pause.Stop()
	for {
		select {
		case <-r.changed:
		case <-ctx.Done():
			return
		}
		if err := r.Flush(); err != nil {
			r.logger.Error("registry was not written, it is tried again", "path", r.path, "error", err)
		}
		pause.Reset(registryFlush)
		select {
		case <-pause.C:
		case <-ctx.Done():
			return
		}
	}
}

// Flush writes the registry when it has changed. Calls must not overlap.
func (r *Registry) Flush() error {
	r.mu.Lock()
	if !r.mu.dirty {
		r.mu.Unlock()
		return nil
	}
	r.mu.dirty = false
	states := slices.Collect(maps.Values(r.mu.files))
	r.mu.Unlock()
	data, err := encodeRegistry(states)
	if err == nil {
		err = vfs.WriteFileAtomic(r.fs, r.path, data)
	}
	if err != nil {
		r.mu.Lock()
		r.noteChangeLocked()
		r.mu.Unlock()
		return fmt.Errorf("write registry: %w", err)
	}
	return nil
}

func encodeRegistry(states []fileState) ([]byte, error) {
	slices.SortFunc(states, func(a, b fileState) int {
		return bytes.Compare([]byte(a.path), []byte(b.path))
	})
	var rest bytes.Buffer
	enc := json.NewEncoder(&rest)
	enc.SetEscapeHTML(false)
	for _, s := range states {
		l := registryLine{Path: s.path, Device: s.id.Device, Inode: s.id.Inode, Offset: s.offset}
		l.Fingerprint.Bytes = s.fingerprint.bytes
		l.Fingerprint.XXH64 = fmt.Sprintf("%016x", s.fingerprint.hash)
		if err := enc.Encode(l); err != nil {
			return nil, err
		}
	}
	header, err := json.Marshal(registryHeader{registryFormat, registryVersion, checksumText(rest.Bytes())})
	if err != nil {
		return nil, err
	}
	return append(append(header, '\n'), rest.Bytes()...), nil
}
