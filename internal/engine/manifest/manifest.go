package manifest

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"sync"

	"elkhorn/internal/vfs"
)

// FileName is the name of the manifest in the folder of its index.
const FileName = "MANIFEST"

// ErrClosed is what Apply answers after Close.
var ErrClosed = errors.New("manifest is closed")

const (
	// minCompactBytes keeps small manifests from being rewritten: below it reading takes no time.
	minCompactBytes = 64 << 10
	// compactRatio is how much larger than its state a manifest may grow. 4 writes each state some 1.3 times in the long run.
	compactRatio = 4
)

// Manifest is the open manifest of one index. Its methods are safe for concurrent use.
type Manifest struct {
	fs     vfs.FS
	dir    string
	path   string
	logger *slog.Logger

	// applying serializes Apply and Close, I/O included, and guards the fields of the file.
	applying      sync.Mutex
	file          vfs.File // nil after Close
	salt          uint64
	nextRecord    uint64
	fileBytes     int64
	snapshotBytes int64 // size after the last compaction, the measure for the next
	err           error // sticky

	mu struct {
		sync.Mutex // guards the state, which readers copy while an Apply is writing
		state      State
	}
}

// Create makes the manifest of a new index in dir, with the given edits, and opens it. The folder is created when missing; a
// manifest that is there already is an error for which errors.Is(err, fs.ErrExist) holds.
func Create(fsys vfs.FS, dir string, logger *slog.Logger, edits ...Edit) (*Manifest, error) {
	path := filepath.Join(dir, FileName)
	if _, err := fsys.Stat(path); err == nil {
		return nil, fmt.Errorf("create %s: %w", path, fs.ErrExist)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("create manifest: %w", err)
	}
	state := newState()
	if err := state.applyAll(edits); err != nil {
		return nil, fmt.Errorf("create manifest: %w", err)
	}
	if err := vfs.MkdirAllSync(fsys, dir); err != nil {
		return nil, fmt.Errorf("create manifest: %w", err)
	}
	if err := vfs.WriteFileAtomic(fsys, path, encodeFile(&state, rand.Uint64())); err != nil {
		return nil, fmt.Errorf("create manifest: %w", err)
	}
	return Open(fsys, dir, logger)
}

// Open reads the manifest in dir. It cuts off the torn end that a crash during Apply left; other damage is an error for which
// vfs.IsCorruption holds. Logger gets recovery messages; nil means slog.Default.
func Open(fsys vfs.FS, dir string, logger *slog.Logger) (*Manifest, error) {
	if logger == nil {
		logger = slog.Default()
	}
	m := &Manifest{fs: fsys, dir: dir, path: filepath.Join(dir, FileName), logger: logger}
	data, err := vfs.ReadFile(fsys, m.path, maxFileBytes)
	if err != nil {
		return nil, fmt.Errorf("open manifest: %w", err)
	}
	goodBytes, err := m.load(data)
	if err != nil {
		return nil, fmt.Errorf("open manifest: %w", err)
	}
	if m.file, err = fsys.OpenAppend(m.path); err != nil {
		return nil, fmt.Errorf("open manifest: %w", err)
	}
	if goodBytes < len(data) {
		logger.Warn("cut off the torn end of the manifest", "path", m.path, "offset", goodBytes, "bytes", len(data)-goodBytes)
		if err := cutOff(m.file, int64(goodBytes)); err != nil {
			return nil, errors.Join(fmt.Errorf("open manifest: cut off torn end of %s: %w", m.path, err), m.file.Close())
		}
	}
	m.fileBytes = int64(goodBytes)
	return m, nil
}

func cutOff(f vfs.File, size int64) error {
	if err := f.Truncate(size); err != nil {
		return err
	}
	return f.Sync()
}

// load applies the records of a manifest file and returns how many bytes of it are good.
func (m *Manifest) load(data []byte) (goodBytes int, err error) {
	if m.salt, err = decodeFileHeader(m.path, data); err != nil {
		return 0, err
	}
	state := newState()
	rest := data[fileHeaderBytes:]
	m.nextRecord = 1
	for len(rest) > 0 {
		offset := len(data) - len(rest)
		body, after, err := splitRecord(rest, m.salt, m.nextRecord)
		if err != nil {
			// The first record came with the file, whose name was given to it when it was whole.
			if m.nextRecord == 1 || !isTorn(rest, m.salt, offset) || wasSynced(rest, m.salt, m.nextRecord) {
				return 0, corruption(m.path, int64(offset), "%v", err)
			}
			break
		}
		edits, err := decodeEdits(body)
		if err == nil {
			err = state.applyAll(edits)
		}
		if err != nil {
			return 0, corruption(m.path, int64(offset), "record %d: %v", m.nextRecord, err)
		}
		if m.nextRecord == 1 {
			m.snapshotBytes = int64(len(data) - len(after))
		}
		m.nextRecord++
		rest = after
	}
	if m.nextRecord == 1 {
		return 0, corruption(m.path, fileHeaderBytes, "it has no records")
	}
	m.mu.state = state
	return len(data) - len(rest), nil
}

// State returns the current state. It does not wait for an Apply that is writing.
func (m *Manifest) State() State {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.mu.state.clone()
}

// Apply makes all edits durable, or none. An edit that does not fit the state is refused and nothing is written. The byte
// slices in edits become part of the state and must not be changed afterwards.
func (m *Manifest) Apply(edits ...Edit) error {
	if len(edits) == 0 {
		return nil
	}
	m.applying.Lock()
	defer m.applying.Unlock()
	if m.file == nil && m.err == nil {
		return ErrClosed
	}
	if m.err != nil {
		return m.err
	}
	next := m.State()
	if err := next.applyAll(edits); err != nil {
		return fmt.Errorf("apply to %s: %w", m.path, err)
	}
	record := appendRecord(nil, m.salt, m.nextRecord, encodeEdits(edits))
	if m.fileBytes+int64(len(record)) > maxFileBytes {
		return fmt.Errorf("apply to %s: the file would have more than %d bytes", m.path, maxFileBytes)
	}
	if err := m.append(record); err != nil {
		m.err = fmt.Errorf("manifest %s failed, no more changes are taken: %w", m.path, err)
		return m.err
	}
	m.mu.Lock()
	m.mu.state = next
	m.mu.Unlock()
	m.compactWhenLarge(&next)
	return nil
}

func (m *Manifest) append(record []byte) error {
	if _, err := m.file.Write(record); err != nil {
		return err
	}
	if err := m.file.Sync(); err != nil {
		return err
	}
	m.fileBytes += int64(len(record))
	m.nextRecord++
	return nil
}

// compactWhenLarge replaces a file that has outgrown its state. What was applied is durable already: a compaction that fails
// before the rename is a warning, and one that fails afterwards fails the manifest, since which file a crash leaves is unknown.
func (m *Manifest) compactWhenLarge(state *State) {
	if m.fileBytes < minCompactBytes || m.fileBytes < compactRatio*m.snapshotBytes {
		return
	}
	salt := rand.Uint64()
	content := encodeFile(state, salt)
	file, err := m.replaceFile(content)
	if err != nil {
		m.logger.Warn("manifest was not compacted", "path", m.path, "error", err)
		// Do not try again with every Apply.
		m.snapshotBytes = m.fileBytes
		return
	}
	old := m.file
	m.file, m.salt, m.nextRecord = file, salt, 2
	m.fileBytes, m.snapshotBytes = int64(len(content)), int64(len(content))
	if err := old.Close(); err != nil {
		m.logger.Warn("replaced manifest was not closed", "path", m.path, "error", err)
	}
	if err := vfs.SyncDir(m.fs, m.dir); err != nil {
		m.err = fmt.Errorf("manifest %s failed, no more changes are taken: %w", m.path, err)
		m.logger.Error("manifest failed", "path", m.path, "error", err)
	}
}

// replaceFile writes a file beside the manifest, opens it for appending and renames it over the manifest. The directory is not
// synced yet. The file is opened before the rename, so that an error leaves the old manifest in place and in use.
func (m *Manifest) replaceFile(content []byte) (_ vfs.File, err error) {
	tmp := m.path + ".tmp"
	f, err := m.fs.Create(tmp)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), m.fs.Remove(tmp))
		}
	}()
	if _, err := f.Write(content); err != nil {
		return nil, err
	}
	if err := f.Sync(); err != nil {
		return nil, err
	}
	return f, m.fs.Rename(tmp, m.path)
}

// encodeFile returns a manifest file whose only record is a snapshot of state.
func encodeFile(state *State, salt uint64) []byte {
	return appendRecord(encodeFileHeader(salt), salt, 1, encodeEdits(state.snapshot()))
}

// Close releases the file. Everything applied is durable already.
func (m *Manifest) Close() error {
	m.applying.Lock()
	defer m.applying.Unlock()
	if m.file == nil {
		return ErrClosed
	}
	f := m.file
	m.file = nil
	if err := f.Close(); err != nil {
		return fmt.Errorf("close manifest: %w", err)
	}
	return nil
}

func corruption(path string, offset int64, format string, args ...any) error {
	return &vfs.CorruptionError{
		Path:   path,
		Offset: offset,
		Detail: fmt.Sprintf(format, args...),
		Repair: "restore the index from a snapshot or a backup, or delete the folder of the index to go on without it",
	}
}
