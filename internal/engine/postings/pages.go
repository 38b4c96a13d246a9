package postings

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sort"
)

const (
	formatVersion  = 1
	pageBytes      = 4 << 10 // a page is closed when it has grown past this
	directoryEntry = hashBytes + 16
	hashBytes      = 5
	hashBits       = 8 * hashBytes
)

// ErrDamaged marks bytes that no writer of this package wrote.
var ErrDamaged = errors.New("damaged index")

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
}

// Page says where a page stands and what its checksum (crc32c) is.
type Page struct {
	Offset uint64
	Length uint32
	CRC    uint32
}

// PageSink stores a page, which it must not keep, and says where.
type PageSink func(data []byte) (Page, error)

// PageSource returns a page's bytes after checking them. Nobody changes them.
type PageSource func(Page) ([]byte, error)

// directory is the parsed head of an index; entries are searched where they stand.
type directory struct {
	rows    uint64 // granules or rows
	entries []byte
}

func parseDirectory(raw []byte) (directory, error) {
	if len(raw) == 0 {
		return directory{}, damaged("empty directory")
	}
	if raw[0] != formatVersion {
		return directory{}, damaged("directory of unknown version %d", raw[0])
	}
	rows, n := binary.Uvarint(raw[1:])
	if n <= 0 || rows > 1<<32 {
		return directory{}, damaged("directory of %d granules", rows)
	}
	raw = raw[1+n:]
	pages, n := binary.Uvarint(raw)
	if n <= 0 || pages > uint64(len(raw)) || uint64(len(raw)-n) != pages*directoryEntry {
		return directory{}, damaged("directory of %d pages", pages)
	}
	return directory{rows: rows, entries: raw[n:]}, nil
}

func (d directory) pages() int { return len(d.entries) / directoryEntry }

func (d directory) first(i int) uint64 { return readHash(d.entries[i*directoryEntry:]) }

func (d directory) page(i int) Page {
	e := d.entries[i*directoryEntry+hashBytes:]
	return Page{Offset: binary.LittleEndian.Uint64(e), Length: binary.LittleEndian.Uint32(e[8:]), CRC: binary.LittleEndian.Uint32(e[12:])}
}

// find returns the first page that may hold a hash: the last one that begins below it, or the first
// that begins with it if none does. A run of equal hashes may go on in the pages behind.
func (d directory) find(hash uint64) int {
	return max(sort.Search(d.pages(), func(i int) bool { return d.first(i) >= hash })-1, 0)
}

func readHash(b []byte) uint64 {
	return uint64(b[0])<<32 | uint64(binary.BigEndian.Uint32(b[1:]))
}

// pageWriter cuts sorted entries into pages and keeps the directory.
type pageWriter struct {
	sink    PageSink
	page    []byte
	first   uint64
	last    uint64
	entries []byte
	count   int
}

// entry begins an entry: the caller appends the rest to w.page.
func (w *pageWriter) entry(hash uint64) error {
	if len(w.page) >= pageBytes {
		if err := w.flush(); err != nil {
			return err
		}
	}
	if len(w.page) == 0 {
		w.first, w.last = hash, hash
	}
	w.page = binary.AppendUvarint(w.page, hash-w.last)
	w.last = hash
	return nil
}

func (w *pageWriter) flush() error {
	if len(w.page) == 0 {
		return nil
	}
	p, err := w.sink(w.page)
	if err != nil {
		return err
	}
	w.entries = append(w.entries, byte(w.first>>32))
	w.entries = binary.BigEndian.AppendUint32(w.entries, uint32(w.first))
	w.entries = binary.LittleEndian.AppendUint64(w.entries, p.Offset)
	w.entries = binary.LittleEndian.AppendUint32(w.entries, p.Length)
	w.entries = binary.LittleEndian.AppendUint32(w.entries, p.CRC)
	w.count++
	w.page = w.page[:0]
	return nil
}

// finish returns the directory.
func (w *pageWriter) finish(rows int) ([]byte, error) {
	if err := w.flush(); err != nil {
		return nil, err
	}
	out := binary.AppendUvarint([]byte{formatVersion}, uint64(rows))
	out = binary.AppendUvarint(out, uint64(w.count))
	return append(out, w.entries...), nil
}

// entryReader goes through the entries of a page.
type entryReader struct {
	rest []byte
	hash uint64
	bad  bool
}

func (r *entryReader) uvarint() uint64 {
	v, n := binary.Uvarint(r.rest)
	if n <= 0 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

// next reads the next entry's hash; it returns false at the end of the page or its damage.
func (r *entryReader) next() bool {
	if len(r.rest) == 0 {
		return false
	}
	r.hash += r.uvarint()
	return !r.bad
}

// PageBytes is the sum of the lengths of the pages that a directory names.
func PageBytes(dir []byte) (int64, error) {
	d, err := parseDirectory(dir)
	if err != nil {
		return 0, err
	}
	n := int64(0)
	for i := range d.pages() {
		n += int64(d.page(i).Length)
	}
	return n, nil
}
