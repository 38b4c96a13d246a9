package postings

import (
	"math/bits"
	"slices"
)

// TextInput is a text index that goes into another as a whole.
type TextInput struct {
	Dir   []byte
	Pages PageSource
	// Granules has, for each granule of the index, its number in the new one, ascending.
	Granules []uint32
}

// SkipGranules leaves out granules whose documents come with a TextInput, or that have none.
func (b *TextBuilder) SkipGranules(n int) { b.granule += n }

// Granules is the number of granules so far.
func (b *TextBuilder) Granules() int { return b.granule }

// Merge is Finish for an index that also holds what is in others. Their entries stand in order of hash, so that nothing is
// tokenized or sorted again.
func (b *TextBuilder) Merge(inputs []TextInput, sink PageSink) ([]byte, error) {
	m := textMerge{writer: textWriter{pages: pageWriter{sink: sink}, granules: b.granule}}
	for i := range inputs {
		s := &textStream{input: &inputs[i]}
		var err error
		if s.dir, err = parseDirectory(inputs[i].Dir); err != nil {
			return nil, err
		}
		if s.dir.rows != uint64(len(inputs[i].Granules)) {
			return nil, damaged("index of %d granules, want %d", s.dir.rows, len(inputs[i].Granules))
		}
		s.entries.granules = s.dir.rows
		if err := m.add(s); err != nil {
			return nil, err
		}
	}
	if err := m.add(&builtStream{builder: b}); err != nil {
		return nil, err
	}
	for len(m.streams) > 0 {
		if err := m.next(); err != nil {
			return nil, err
		}
	}
	return m.writer.pages.finish(b.granule)
}

// textEntry is what an index knows of a hash.
type textEntry struct {
	hash      uint64
	documents uint64
	granules  []uint32 // numbers in the new index
}

// entryStream gives the entries of an index in order of hash.
type entryStream interface {
	// next reads the next entry into e; it is false behind the last.
	next(e *textEntry) (bool, error)
}

// textMerge merges streams. There are few of them, so that the next one is found by looking at all.
type textMerge struct {
	writer  textWriter
	streams []entryStream
	heads   []*textEntry // of the streams
	merged  textEntry
}

func (m *textMerge) add(s entryStream) error {
	head := &textEntry{}
	ok, err := s.next(head)
	if ok {
		m.streams, m.heads = append(m.streams, s), append(m.heads, head)
	}
	return err
}

// next writes the entry of the lowest hash of all streams.
func (m *textMerge) next() error {
	hash := m.heads[0].hash
	for _, h := range m.heads[1:] {
		hash = min(hash, h.hash)
	}
	m.merged = textEntry{hash: hash, granules: m.merged.granules[:0]}
	for i := 0; i < len(m.heads); i++ {
		head := m.heads[i]
		if head.hash != hash {
			continue
		}
		m.merged.documents += head.documents
		m.merged.granules = append(m.merged.granules, head.granules...)
		ok, err := m.streams[i].next(head)
		if err != nil {
			return err
		}
		if !ok {
			m.streams, m.heads = slices.Delete(m.streams, i, i+1), slices.Delete(m.heads, i, i+1)
			i--
		}
	}
	if !slices.IsSorted(m.merged.granules) {
		slices.Sort(m.merged.granules)
	}
	return m.writer.entry(hash, m.merged.documents, m.merged.granules)
}

// textStream reads an index page by page.
type textStream struct {
	input   *TextInput
	dir     directory
	page    int
	entries textEntries
}

func (s *textStream) next(e *textEntry) (bool, error) {
	for !s.entries.next() {
		if s.entries.bad {
			return false, damaged("page of tokens")
		}
		if s.page == s.dir.pages() {
			return false, nil
		}
		raw, err := s.input.Pages(s.dir.page(s.page))
		if err != nil {
			return false, err
		}
		s.entries.entryReader = entryReader{rest: raw, hash: s.dir.first(s.page)}
		s.page++
	}
	if s.entries.hash < e.hash {
		return false, damaged("tokens are not in order")
	}
	e.hash, e.granules = s.entries.hash, e.granules[:0]
	e.documents, e.granules = s.entries.list(e.granules, s.input.Granules)
	if s.entries.bad {
		return false, damaged("page of tokens")
	}
	return true, nil
}

// list reads what follows an entry's hash and appends the granules, by their new numbers.
func (r *textEntries) list(dst, numbers []uint32) (documents uint64, granules []uint32) {
	add := func(granule uint64) {
		if granule >= uint64(len(numbers)) {
			r.fail()
			return
		}
		dst = append(dst, numbers[granule])
	}
	head := r.uvarint()
	switch head & 3 {
	case formOne:
		add(r.uvarint())
	case formList:
		n := r.uvarint()
		for at := uint64(0); n > 0 && !r.bad; n-- {
			at += r.uvarint()
			add(at)
		}
	case formBitmap:
		n := (r.granules + 7) / 8
		if n > uint64(len(r.rest)) {
			r.fail()
			break
		}
		for i, b := range r.rest[:n] {
			for ; b != 0; b &= b - 1 {
				add(uint64(8*i + bits.TrailingZeros8(b)))
			}
		}
		if !r.bad {
			r.rest = r.rest[n:]
		}
	case formAll:
		dst = append(dst, numbers...)
	}
	return head>>2 + 1, dst
}

// builtStream gives what a builder has collected.
type builtStream struct {
	builder   *TextBuilder
	partition int
	at        int
	sorted    bool
}

func (s *builtStream) next(e *textEntry) (bool, error) {
	b := s.builder
	for ; s.partition < len(b.partitions); s.partition++ {
		if !s.sorted { // the occurrences came in order of granule
			b.partitions[s.partition], b.scratch = sortBits(b.partitions[s.partition], b.scratch, granuleBits+documentBits, 64)
			s.sorted, s.at = true, 0
		}
		entries := b.partitions[s.partition]
		if s.at == len(entries) {
			b.partitions[s.partition], s.sorted = nil, false
			continue
		}
		low := entries[s.at] >> (granuleBits + documentBits)
		*e = textEntry{hash: uint64(s.partition)<<hashLowBits | low, granules: e.granules[:0]}
		for ; s.at < len(entries) && entries[s.at]>>(granuleBits+documentBits) == low; s.at++ {
			e.documents += entries[s.at]&(1<<documentBits-1) + 1
			e.granules = append(e.granules, uint32(granuleOf(entries[s.at])))
		}
		return true, nil
	}
	return false, nil
}
