package console

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"path/filepath"
	"sync"
	"time"

	"elkhorn/internal/vfs"
)

// A file of samples has a header and then a slot for each interval of its span, a ring by the time of the sample: what is written stays in
// the place of its time until a span later, and the file never grows. A slot is a checksum and the numbers of a sample:
//
//	header   16 bytes: metricsMagic
//	slot     crc32 (Castagnoli) of the rest | At, Run (epoch milliseconds) and the numbers of Metric.numbers, 8 bytes each
//
// All is little-endian. A slot whose checksum is wrong, such as one that a crash left half written, is empty. A file with another header, as of
// another version, is begun anew.
const (
	metricsMagic = "elkhorn samples2"
	slotBytes    = 4 + 8*(2+18)

	// Either file has some 1.4 MB.
	fineEvery, fineSlots     = MetricsInterval, 24 * 360     // a day
	coarseEvery, coarseSlots = 5 * time.Minute, 30 * 24 * 12 // a month
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Metrics keeps samples: those of a day, and some of a month. It is safe for concurrent use; the zero value keeps them in memory only.
type Metrics struct {
	mu           sync.Mutex
	fine, coarse samples
}

// samples are the samples of a span, each in the slot of its time.
type samples struct {
	slots  []Metric // with a zero At where there is none
	newest Metric
	file   vfs.File // nil in memory
}

// OpenMetrics reads what a folder keeps and goes on in it.
func OpenMetrics(fsys vfs.FS, dir string) (*Metrics, error) {
	m := &Metrics{}
	if err := vfs.MkdirAllSync(fsys, dir); err != nil {
		return nil, err
	}
	if err := m.fine.open(fsys, filepath.Join(dir, "day"), fineEvery, fineSlots); err != nil {
		return nil, err
	}
	if err := m.coarse.open(fsys, filepath.Join(dir, "month"), coarseEvery, coarseSlots); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return m, nil
}

// Close makes all of it durable.
func (m *Metrics) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var errs []error
	for _, s := range []*samples{&m.fine, &m.coarse} {
		if s.file != nil {
			errs = append(errs, s.file.Sync(), s.file.Close())
			s.file = nil
		}
	}
	return errors.Join(errs...)
}

// Note takes a sample. After an error it is kept in memory.
func (m *Metrics) Note(s Metric) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	err := m.fine.put(s, fineEvery, fineSlots)
	if !s.At.Truncate(coarseEvery).Equal(m.coarse.newest.At.Truncate(coarseEvery)) {
		err = errors.Join(err, m.coarse.put(s, coarseEvery, coarseSlots))
	}
	return err
}

// since returns the samples from a time on, the oldest first, with the one before them, from which their changes count.
func (m *Metrics) since(from time.Time) []Metric {
	m.mu.Lock()
	defer m.mu.Unlock()
	newest := m.fine.newest
	if from.After(newest.At.Add(-fineEvery * (fineSlots + 1))) {
		return m.fine.since(from, fineEvery)
	}
	out := m.coarse.since(from, coarseEvery)
	if len(out) > 0 && out[len(out)-1].At.Before(newest.At) {
		out = append(out, newest)
	}
	return out
}

// since goes through the ring from the slot behind the newest, which is the oldest. What is older than the span, or from before the
// clock was set back, is left out.
func (s *samples) since(from time.Time, every time.Duration) []Metric {
	var out []Metric
	n := len(s.slots)
	start := 0
	if n > 0 {
		start = slotOf(s.newest.At, every, n) + 1
	}
	oldest := s.newest.At.Add(-every * time.Duration(n))
	for i := range n {
		one := s.slots[(start+i)%n]
		if one.At.IsZero() || !one.At.After(oldest) || one.At.After(s.newest.At) {
			continue
		}
		if one.At.Before(from) {
			out = append(out[:0], one)
			continue
		}
		out = append(out, one)
	}
	return out
}

func slotOf(at time.Time, every time.Duration, slots int) int {
	return int(at.UnixMilli() / every.Milliseconds() % int64(slots))
}

func (s *samples) put(one Metric, every time.Duration, slots int) error {
	if s.slots == nil {
		s.slots = make([]Metric, slots)
	}
	slot := slotOf(one.At, every, slots)
	s.slots[slot], s.newest = one, one
	if s.file == nil {
		return nil
	}
	if _, err := s.file.WriteAt(appendSlot(nil, one), int64(len(metricsMagic)+slot*slotBytes)); err != nil {
		return fmt.Errorf("keep a sample: %w", err)
	}
	return nil
}

// open reads a file, or begins it.
func (s *samples) open(fsys vfs.FS, path string, every time.Duration, slots int) error {
	size := len(metricsMagic) + slots*slotBytes
	data, err := vfs.ReadFile(fsys, path, int64(size))
	if err != nil || len(data) < len(metricsMagic) || string(data[:len(metricsMagic)]) != metricsMagic {
		data = []byte(metricsMagic)
		if err := vfs.WriteFileAtomic(fsys, path, data); err != nil {
			return err
		}
	}
	s.slots = make([]Metric, slots)
	for i := range slots {
		at := len(metricsMagic) + i*slotBytes
		if at+slotBytes > len(data) {
			break
		}
		if one, ok := readSlot(data[at : at+slotBytes]); ok && slotOf(one.At, every, slots) == i {
			s.slots[i] = one
			if one.At.After(s.newest.At) {
				s.newest = one
			}
		}
	}
	if s.file, err = fsys.OpenReadWrite(path); err != nil {
		return fmt.Errorf("keep samples: %w", err)
	}
	return nil
}

// numbers are those of a sample in the order of a slot.
func (m *Metric) numbers() [18]*int64 {
	return [...]*int64{&m.Indexed, &m.IndexNanos, &m.Searched, &m.SearchNanos, &m.Merges, &m.Docs, &m.Segments, &m.StoreBytes, &m.LogBytes, &m.HeapBytes, &m.MemoryBytes,
		&m.DiskFreeBytes, &m.DiskTotalBytes, &m.ProcessorNanos, &m.EventsIn, &m.EventsOut, &m.Queued, &m.Letters}
}

func appendSlot(dst []byte, m Metric) []byte {
	start := len(dst)
	dst = binary.LittleEndian.AppendUint32(dst, 0)
	dst = binary.LittleEndian.AppendUint64(dst, uint64(m.At.UnixMilli()))
	dst = binary.LittleEndian.AppendUint64(dst, uint64(m.Run.UnixMilli()))
	for _, n := range m.numbers() {
		dst = binary.LittleEndian.AppendUint64(dst, uint64(*n))
	}
	binary.LittleEndian.PutUint32(dst[start:], crc32.Checksum(dst[start+4:], castagnoli))
	return dst
}

func readSlot(slot []byte) (m Metric, ok bool) {
	if binary.LittleEndian.Uint32(slot) != crc32.Checksum(slot[4:], castagnoli) {
		return m, false
	}
	next := func() int64 {
		n := binary.LittleEndian.Uint64(slot[4:])
		slot = slot[8:]
		return int64(n)
	}
	m.At, m.Run = time.UnixMilli(next()), time.UnixMilli(next())
	for _, n := range m.numbers() {
		*n = next()
	}
	return m, true
}
