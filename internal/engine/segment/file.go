package segment

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"unsafe"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/vfs"
)

// File is a segment as Write and Seal leave it, on disk or in memory. It is safe for concurrent use.
// Whoever opened it closes it once, when nobody uses it any more; the engine's snapshots count users.
type File struct {
	*opened
	// meter counts what is read through this handle; nil counts nothing.
	meter *Meter
}

// opened is what all handles of one segment share.
type opened struct {
	path   string
	bytes  readerAt
	cache  *Cache // nil: nothing is kept (and not wanted, in memory)
	id     uint64 // key of the cache
	size   int64
	foot   *footer
	names  []string
	shapes []Shape
	spaces []Space
	pinned int64
	counts
	close func() error
}

// readerAt is where the bytes of a segment come from.
type readerAt interface{ io.ReaderAt }

// memory is a segment that was never written to a file.
type memory []byte

func (m memory) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off > int64(len(m)) {
		return 0, io.EOF
	}
	n := copy(p, m[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// lastFileID numbers open files for the cache's keys.
var lastFileID atomic.Uint64

// Open opens a segment file. It reads and verifies the table of contents and the shapes, which stay in memory, and the
// dictionaries, which the cache may let go of; everything else is read, verified and kept in the cache when it is wanted.
// A damaged file is a *CorruptionError.
func Open(fsys vfs.FS, path string, cache *Cache) (*File, error) {
	v, err := fsys.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open segment: %w", err)
	}
	size, err := v.Size()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open segment %s: %w", path, err), v.Close())
	}
	f := &File{opened: &opened{path: path, bytes: v, cache: cache, size: size, close: v.Close}}
	if err := f.load(); err != nil {
		if cache != nil {
			cache.dropFile(f.id)
		}
		return nil, errors.Join(fmt.Errorf("open segment: %w", err), v.Close())
	}
	if cache != nil {
		cache.pin(f.pinned)
	}
	return f, nil
}

// OpenBytes opens a segment that stands in memory, such as an upload; path names it in errors.
func OpenBytes(path string, data []byte) (*File, error) {
	f := &File{opened: &opened{path: path, bytes: memory(data), size: int64(len(data)), close: func() error { return nil }}}
	if err := f.load(); err != nil {
		return nil, err
	}
	return f, nil
}

func openMemory(data []byte) (*File, error) { return OpenBytes("segment in memory", data) }

// load reads what stays in memory.
func (f *File) load() error {
	f.id = lastFileID.Add(1)
	if err := f.readFooter(); err != nil {
		return err
	}
	raw, err := f.read(f.foot.shapes)
	if err != nil {
		return err
	}
	texts, err := column.DecodeTexts(raw)
	if err != nil {
		return asCorruption(fmt.Errorf("shapes: %w", err), f.path, int64(f.foot.shapes.offset))
	}
	for _, t := range texts {
		f.shapes = append(f.shapes, Shape{Skeleton: t})
		f.pinned += int64(len(t)) + int64(unsafe.Sizeof(Shape{}))
	}
	f.pinned += int64(len(f.foot.raw))
	return f.loadColumns()
}

// loadColumns reads what stays in memory of the columns and of the spaces inside.
func (f *File) loadColumns() error {
	for i := range f.foot.fields {
		e := &f.foot.fields[i]
		f.names = append(f.names, e.name)
		f.pinned += int64(unsafe.Sizeof(*e)) + int64(len(e.doc)+len(e.forms)+len(e.filters))*int64(unsafe.Sizeof(extent{})) +
			int64(len(e.stats))*int64(unsafe.Sizeof(column.Stats{})) + int64(len(e.known))*4
		if e.templates != nil {
			e.templates.file = f.id
			if f.cache != nil {
				e.templates.cache, e.templates.shelf = f.cache, &f.cache.templates
			}
		}
		if e.kind != column.Ordinal {
			continue
		}
		e.values = &fileDict{}
		e.values.file = f.id
		if f.cache != nil {
			e.values.cache, e.values.shelf = f.cache, &f.cache.dicts
		}
		dict, err := f.dictOf(e)
		if err != nil {
			return err
		}
		if e.values.len = dict.Len(); f.cache == nil {
			f.pinned += dict.MemoryBytes()
		}
	}
	f.pinned += int64(len(f.foot.blocks)) * int64(unsafe.Sizeof(BlockInfo{}))
	return f.loadSpaces()
}

// readFooter reads the head, the trailer and the footer.
func (f *File) readFooter() error {
	if f.size < int64(len(magic)+trailerBytes) {
		return corruption(f.path, -1, fmt.Sprintf("%d bytes are too few for a segment", f.size))
	}
	head, err := f.readRange(0, uint64(len(magic)))
	if err != nil {
		return err
	}
	at := f.size - int64(trailerBytes)
	t, err := f.readRange(uint64(at), uint64(trailerBytes))
	if err != nil {
		return err
	}
	if string(head) != magic || string(t[24:]) != magic {
		return corruption(f.path, 0, "it does not begin and end as a segment does")
	}
	if crc32.Checksum(t[:20], castagnoli) != binary.LittleEndian.Uint32(t[20:]) {
		return corruption(f.path, at, "checksum of the trailer")
	}
	version := binary.LittleEndian.Uint32(t[16:])
	if version < oldestVersion || version > formatVersion {
		return fmt.Errorf("segment %s has format version %d; this program reads versions %d to %d: open it with the program that wrote it", f.path, version, oldestVersion, formatVersion)
	}
	offset, length := binary.LittleEndian.Uint64(t), binary.LittleEndian.Uint32(t[8:])
	if offset < uint64(len(magic)) || offset+uint64(length) != uint64(at) || length > maxFooterBytes {
		return corruption(f.path, at, fmt.Sprintf("footer of %d bytes at %d", length, offset))
	}
	raw, err := f.readRange(offset, uint64(length))
	if err != nil {
		return err
	}
	if crc32.Checksum(raw, castagnoli) != binary.LittleEndian.Uint32(t[12:]) {
		return corruption(f.path, int64(offset), "checksum of the footer")
	}
	if f.foot, err = parseFooter(raw, offset, version); err != nil {
		return corruption(f.path, int64(offset), err.Error())
	}
	return nil
}

func (f *File) readRange(offset, length uint64) ([]byte, error) {
	if m, ok := f.bytes.(memory); ok {
		return m[offset : offset+length : offset+length], nil
	}
	buf := make([]byte, length)
	return buf, f.readFull(buf, offset)
}

func (f *File) readFull(buf []byte, offset uint64) error {
	if n, err := f.bytes.ReadAt(buf, int64(offset)); n < len(buf) {
		if errors.Is(err, io.EOF) {
			return corruption(f.path, int64(offset), "the file ends early")
		}
		return fmt.Errorf("read %s at %d: %w", f.path, offset, err)
	}
	return nil
}

// read returns the bytes of an extent, verified. Nobody may change them.
func (f *File) read(e extent) ([]byte, error) {
	if e.inline {
		return f.foot.raw[e.offset : e.offset+uint64(e.length) : e.offset+uint64(e.length)], nil
	}
	if e.empty() {
		return nil, nil
	}
	key := cacheKey{f.id, e.offset}
	if f.cache != nil {
		if data := f.cache.get(key); data != nil {
			f.meter.cached(len(data))
			return data, nil
		}
	}
	data, err := f.readRange(e.offset, uint64(e.length))
	if err != nil {
		return nil, err
	}
	if _, ok := f.bytes.(memory); ok {
		return data, nil // was never out of sight
	}
	f.meter.read(len(data))
	if crc32.Checksum(data, castagnoli) != e.crc {
		return nil, corruption(f.path, int64(e.offset), fmt.Sprintf("checksum of %d bytes", e.length))
	}
	if f.cache != nil {
		f.cache.put(key, data)
	}
	return data, nil
}

// Close closes the file and gives back what the cache holds of it. Nobody may use the segment, or
// anything got from it, any more.
func (f *File) Close() error {
	if f.cache != nil {
		f.cache.dropFile(f.id)
		f.cache.pin(-f.pinned)
	}
	return f.close()
}

// Path is the name of the file.
func (f *File) Path() string { return f.path }

// Verify reads the whole file and checks every checksum and encoding.
func (f *File) Verify() error {
	var doc column.Block
	var forms column.SourceBlock
	for i := range f.foot.fields {
		e := &f.foot.fields[i]
		for b := range f.foot.blocks {
			if e.kind != 0 {
				if err := (&fileColumn{f, e}).Read(b, 0, f.foot.blocks[b].Rows, &doc); err != nil {
					return err
				}
			}
			if e.forms != nil {
				if err := (&fileSource{f, e}).Read(b, &forms); err != nil {
					return err
				}
			}
		}
		for b := range e.filters {
			if _, err := (&fileColumn{f, e}).MayHold(b, nil); err != nil {
				return err
			}
		}
		if !e.text.dir.empty() {
			if err := f.verifyText(e); err != nil {
				return err
			}
		}
	}
	if err := f.verifyIDs(); err != nil {
		return err
	}
	return f.verifySpaces()
}

// Blocks implements Segment.
func (f *File) Blocks() []BlockInfo { return f.foot.blocks }

// Fields implements Segment.
func (f *File) Fields() []string { return f.names }

func (f *File) field(name string) *fieldEntry {
	i, ok := slices.BinarySearchFunc(f.foot.fields, name, func(e fieldEntry, name string) int { return strings.Compare(e.name, name) })
	if !ok {
		return nil
	}
	return &f.foot.fields[i]
}

// Column implements Segment.
func (f *File) Column(field string) column.Column {
	if e := f.field(field); e != nil && e.kind != 0 {
		return &fileColumn{f, e}
	}
	return nil
}

// Source implements Segment.
func (f *File) Source(field string) column.Source {
	if e := f.field(field); e != nil && e.forms != nil {
		return &fileSource{f, e}
	}
	return nil
}

// Shapes implements Segment.
func (f *File) Shapes() []Shape { return f.shapes }

// MemoryBytes implements Segment. What the cache holds is the cache's.
func (f *File) MemoryBytes() int64 {
	if _, ok := f.bytes.(memory); ok {
		return f.pinned + f.size
	}
	return f.pinned
}

// DiskBytes implements Segment.
func (f *File) DiskBytes() int64 {
	if _, ok := f.bytes.(memory); ok {
		return 0
	}
	return f.size
}
