package segment

import (
	"slices"
	"sync/atomic"
)

// Meter counts the bytes of segment files that one reader asked for: those that came from the file (or the
// operating system's copy of it) and those that the cache had. It is safe for concurrent use; a nil one counts
// nothing.
type Meter struct{ DiskReads, DiskBytes, CacheReads, CacheBytes atomic.Int64 }

func (m *Meter) read(bytes int) {
	if m != nil {
		m.DiskReads.Add(1)
		m.DiskBytes.Add(int64(bytes))
	}
}

func (m *Meter) cached(bytes int) {
	if m != nil {
		m.CacheReads.Add(1)
		m.CacheBytes.Add(int64(bytes))
	}
}

// WithMeter returns a view of a segment whose reads are counted, nested objects included. Segments that are
// decoded in memory are returned as they are.
func WithMeter(s Segment, m *Meter) Segment {
	f, ok := s.(*File)
	if !ok {
		return s
	}
	return &meteredFile{File: &File{opened: f.opened, meter: m}}
}

// meteredFile counts the reads of nested objects too.
type meteredFile struct{ *File }

// Spaces implements Segment.
func (f *meteredFile) Spaces() []Space {
	spaces := slices.Clone(f.File.Spaces())
	for i := range spaces {
		spaces[i].Rows = WithMeter(spaces[i].Rows, f.meter)
	}
	return spaces
}
