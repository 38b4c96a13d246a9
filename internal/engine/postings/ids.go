package postings

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/FastFilter/xorfilter"
	"github.com/cespare/xxhash/v2"
)

// idHash is what stands for an id in the index.
func idHash(id []byte) uint64 { return xxhash.Sum64(id) >> (64 - hashBits) }

// IDBuilder collects the explicit ids of a segment.
type IDBuilder struct {
	entries []idEntry
}

type idEntry struct {
	hash uint64
	row  uint32
}

// Add notes that a row has an id.
func (b *IDBuilder) Add(id []byte, row uint32) {
	b.entries = append(b.entries, idEntry{idHash(id), row})
}

// Finish writes the pages and returns the directory and the filter. Without ids both are nil.
func (b *IDBuilder) Finish(sink PageSink) (dir, filter []byte, err error) {
	if len(b.entries) == 0 {
		return nil, nil, nil
	}
	slices.SortFunc(b.entries, func(x, y idEntry) int {
		if x.hash != y.hash {
			if x.hash < y.hash {
				return -1
			}
			return 1
		}
		return int(int64(x.row) - int64(y.row))
	})
	w := pageWriter{sink: sink}
	hashes := make([]uint64, 0, len(b.entries))
	for i, e := range b.entries {
		if err := w.entry(e.hash); err != nil {
			return nil, nil, err
		}
		w.page = binary.AppendUvarint(w.page, uint64(e.row))
		if i == 0 || e.hash != b.entries[i-1].hash {
			hashes = append(hashes, e.hash)
		}
	}
	if dir, err = w.finish(len(b.entries)); err != nil {
		return nil, nil, err
	}
	filter, err = BuildFilter(hashes)
	return dir, filter, err
}

// FilterHash is what stands for an id, or another value, in a filter.
func FilterHash(value []byte) uint64 { return idHash(value) }

// BuildFilter makes the filter over distinct hashes, at least one. It may change their order.
func BuildFilter(hashes []uint64) ([]byte, error) {
	f, err := xorfilter.NewBinaryFuse[uint8](hashes)
	if err != nil {
		return nil, err
	}
	out := binary.LittleEndian.AppendUint64([]byte{formatVersion}, f.Seed)
	out = binary.LittleEndian.AppendUint32(out, f.SegmentLength)
	out = binary.LittleEndian.AppendUint32(out, f.SegmentCount)
	return append(out, f.Fingerprints...), nil
}

const filterHead = 1 + 8 + 4 + 4

// parseFilter checks what the filter's own code relies on.
func parseFilter(raw []byte) (*xorfilter.BinaryFuse[uint8], error) {
	if len(raw) < filterHead || raw[0] != formatVersion {
		return nil, damaged("filter of %d bytes", len(raw))
	}
	f := &xorfilter.BinaryFuse[uint8]{
		Seed:          binary.LittleEndian.Uint64(raw[1:]),
		SegmentLength: binary.LittleEndian.Uint32(raw[9:]),
		SegmentCount:  binary.LittleEndian.Uint32(raw[13:]),
		Fingerprints:  raw[filterHead:],
	}
	if bits.OnesCount32(f.SegmentLength) != 1 || (uint64(f.SegmentCount)+2)*uint64(f.SegmentLength) != uint64(len(f.Fingerprints)) {
		return nil, damaged("filter of %d segments of %d", f.SegmentCount, f.SegmentLength)
	}
	f.SegmentLengthMask = f.SegmentLength - 1
	f.SegmentCountLength = f.SegmentCount * f.SegmentLength
	return f, nil
}

// MayHaveID says whether the filter lets an id, or another value, pass.
func MayHaveID(filter, id []byte) (bool, error) {
	f, err := parseFilter(filter)
	if err != nil {
		return false, err
	}
	return f.Contains(idHash(id)), nil
}

// LookupID returns the rows that may have an id, ascending.
func LookupID(dir []byte, pages PageSource, id []byte) ([]uint32, error) {
	d, err := parseDirectory(dir)
	if err != nil {
		return nil, err
	}
	hash := idHash(id)
	var rows []uint32
	for i := d.find(hash); i < d.pages() && d.first(i) <= hash; i++ {
		raw, err := pages(d.page(i))
		if err != nil {
			return nil, err
		}
		r := entryReader{rest: raw, hash: d.first(i)}
		for r.next() && r.hash <= hash {
			row := r.uvarint()
			if r.hash == hash && row <= 1<<32-1 {
				rows = append(rows, uint32(row))
			}
		}
		if r.bad {
			return nil, damaged("page of ids")
		}
	}
	return rows, nil
}
