package segment

import (
	"fmt"
	"hash/crc32"
	"sync/atomic"

	"elkhorn/internal/engine/column"
)

// fileDict is the dictionary of a column of a file. It was decoded once when the file was opened, so that damage is found then, and
// is decoded again whenever it is wanted after the cache has let go of it.
type fileDict struct {
	kept[column.MemDict]
	len    int
	failed atomic.Pointer[error] // of the last attempt to read it; nil: it was read
}

// dictOf returns a column's dictionary.
func (f *File) dictOf(e *fieldEntry) (*column.MemDict, error) {
	d := e.values
	return d.get(func() (*column.MemDict, int64, error) {
		loaded, err := f.readDict(e)
		if err != nil {
			d.failed.Store(&err)
			return nil, 0, err
		}
		d.failed.Store(nil)
		return loaded, loaded.MemoryBytes(), nil
	})
}

func (f *File) readDict(e *fieldEntry) (*column.MemDict, error) {
	raw, err := f.readOnce(e.dict)
	if err != nil {
		return nil, fmt.Errorf("dictionary of %q: %w", e.name, err)
	}
	d, err := column.DecodeDict(raw)
	if err != nil {
		return nil, asCorruption(fmt.Errorf("dictionary of %q: %w", e.name, err), f.path, int64(e.dict.offset))
	}
	return d, nil
}

// readOnce returns the bytes of an extent, verified, without leaving them in the cache.
func (f *File) readOnce(e extent) ([]byte, error) {
	if _, ok := f.bytes.(memory); ok || e.inline || e.empty() {
		return f.read(e)
	}
	data, err := f.readRange(e.offset, uint64(e.length))
	if err == nil && crc32.Checksum(data, castagnoli) != e.crc {
		err = corruption(f.path, int64(e.offset), fmt.Sprintf("checksum of %d bytes", e.length))
	}
	return data, err
}

// failure is why the dictionary could not be read the last time, or nil.
func (d *fileDict) failure() error {
	if err := d.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// Dict implements column.Column. A dictionary that cannot be read any more finds everything and knows nothing: whoever goes on to
// read the column's ordinals gets the error.
func (c *fileColumn) Dict() column.Dict {
	if c.e.values == nil {
		return nil
	}
	d, err := c.f.dictOf(c.e)
	if err != nil {
		return unreadDict{c.e}
	}
	return d
}

// unreadDict stands for a dictionary that could not be read.
type unreadDict struct{ e *fieldEntry }

func (d unreadDict) Len() int { return d.e.values.len }

func (d unreadDict) Value(uint32) []byte { return nil }

// Lookup names an ordinal that some block has, so that it is read.
func (d unreadDict) Lookup([]byte) (uint32, bool) {
	for i := range d.e.stats {
		if d.e.stats[i].HasValues {
			return d.e.stats[i].MinOrd, true
		}
	}
	return 0, true
}

func (d unreadDict) Ranks() []uint32 { return make([]uint32, d.Len()) }
