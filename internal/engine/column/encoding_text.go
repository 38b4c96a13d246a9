package column

import (
	"bytes"
	"encoding/binary"
	"sync"
)

// The text encoding packs the values of each granule of rows as one chunk, so that a reader decodes
// only the granules it wants. There are as many chunks as the block has granules.
//
//	per chunk: its length (uvarint)
//	per chunk: section: stream of the values' lengths | codec | length of the values | the values (see appendCompressed)
//
// A granule without values is a chunk of length 0.

func appendUvarint(dst []byte, v uint64) []byte { return binary.AppendUvarint(dst, v) }

// textValues is a sequence of values that stand end to end.
type textValues struct {
	data []byte
	ends []uint32
}

// slice returns where values [lo, hi) stand.
func (t textValues) slice(lo, hi int) (start, end uint32) {
	if lo > 0 {
		start = t.ends[lo-1]
	}
	if hi == lo {
		return start, start
	}
	return start, t.ends[hi-1]
}

// same says whether all values are equal.
func (t textValues) same() bool {
	n := uint32(len(t.data) / len(t.ends))
	if int(n)*len(t.ends) != len(t.data) {
		return false
	}
	for i, e := range t.ends {
		if e != n*uint32(i+1) || !bytes.Equal(t.data[e-n:e], t.data[:n]) {
			return false
		}
	}
	return true
}

// appendText appends a stream of text. granule[g] is the number of the first value of granule g, with
// one more entry at the end.
func appendText(dst []byte, t textValues, granules []int, level Level) []byte {
	if len(t.ends) == 0 {
		return dst
	}
	if len(t.data) <= maxConstText && len(t.ends) <= maxConstValues && t.same() {
		return append(append(dst, byte(encConst)), t.data[:len(t.data)/len(t.ends)]...)
	}
	if out, ok := appendIDs(dst, t, level); ok {
		return out
	}
	if out, ok := appendAddresses(dst, t, level); ok {
		return out
	}
	dst = append(dst, byte(encText))
	var chunks []byte
	var lengths []uint32
	for g := range len(granules) - 1 {
		lo, hi := granules[g], granules[g+1]
		before := len(chunks)
		if lo < hi {
			start, end := t.slice(lo, hi)
			lengths = lengths[:0]
			prev := start
			for _, e := range t.ends[lo:hi] {
				lengths = append(lengths, e-prev)
				prev = e
			}
			chunks = appendSection(chunks, func(b []byte) []byte { return appendInts(b, lengths) })
			chunks = appendCompressed(chunks, t.data[start:end], level)
		}
		dst = appendUvarint(dst, uint64(len(chunks)-before))
	}
	return append(dst, chunks...)
}

// readText decodes values [lo, hi) into dst's buffers.
func readText(dst textValues, src []byte, granules []int, lo, hi int, text textSource) (textValues, error) {
	dst.data, dst.ends = dst.data[:0], dst.ends[:0]
	total := granules[len(granules)-1]
	if total == 0 {
		return dst, nil
	}
	c := cursor{rest: src}
	switch e := encoding(c.byte()); e {
	case encConst:
		return repeatText(dst, c.rest, total, hi-lo)
	case encIDs:
		return readIDs(dst, c.rest, total, lo, hi)
	case encAddresses:
		return readAddresses(dst, c.rest, total, lo, hi)
	case encTemplates:
		return readTemplated(dst, c.rest, text.templates, granules, lo, hi, text.wanted)
	case encText:
	default:
		return dst, unknownEncoding("text", e)
	}
	lengths := make([]uint64, len(granules)-1)
	for g := range lengths {
		lengths[g] = c.uvarint()
	}
	dst.ends = grow(dst.ends, hi-lo)[:0]
	var err error
	for g, length := range lengths {
		chunk := c.take(length)
		if c.bad {
			return dst, damaged("text of granule %d has %d bytes", g, length)
		}
		first, last := max(granules[g], lo), min(granules[g+1], hi)
		if first >= last {
			continue
		}
		if dst, err = readChunk(dst, chunk, granules[g+1]-granules[g], first-granules[g], last-granules[g]); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

func repeatText(dst textValues, value []byte, total, n int) (textValues, error) {
	if total > maxConstValues || len(value)*total > maxConstText {
		return dst, damaged("constant of %d texts of %d bytes", total, len(value))
	}
	for range n {
		dst.data = append(dst.data, value...)
		dst.ends = append(dst.ends, uint32(len(dst.data)))
	}
	return dst, nil
}

// readChunk appends values [lo, hi) of a chunk of total values.
func readChunk(dst textValues, chunk []byte, total, lo, hi int) (textValues, error) {
	c := cursor{rest: chunk}
	section := c.section()
	if c.bad {
		return dst, damaged("text chunk of %d bytes", len(chunk))
	}
	s, err := parseInts(section, total)
	if err != nil {
		return dst, err
	}
	scratch := chunkScratch.Get().(*textScratch)
	defer scratch.release()
	scratch.lengths = grow(scratch.lengths, total)
	decodeInts(&s, 0, scratch.lengths)
	var start, end, size uint64 // of the wanted values, and of all
	at := uint64(len(dst.data))
	for i, n := range scratch.lengths {
		if i == lo {
			start = size
		}
		size += uint64(n)
		if i >= lo && i < hi {
			end = size
			dst.ends = append(dst.ends, uint32(at+size-start))
		}
	}
	if at+size > maxTextBytes {
		return dst, damaged("text of %d bytes", at+size)
	}
	if start == 0 && end == size {
		dst.data, err = appendDecompressed(dst.data, c.rest, size)
		return dst, err
	}
	if scratch.data, err = appendDecompressed(scratch.data[:0], c.rest, size); err != nil {
		return dst, err
	}
	dst.data = append(dst.data, scratch.data[start:end]...)
	return dst, nil
}

// maxTextBytes is what the ends of values, which are 32 bits wide, can reach.
const maxTextBytes = 1<<32 - 1

// maxKeptScratch is the largest buffer that is kept for the next chunk.
const maxKeptScratch = 4 << 20

// textScratch is the memory that decoding part of a chunk needs.
type textScratch struct {
	lengths []uint32
	data    []byte
}

var chunkScratch = sync.Pool{New: func() any { return new(textScratch) }}

// unpack returns a chunk's data, which must be exactly want bytes long; it is good until the next call.
func (s *textScratch) unpack(chunk []byte, want uint64) ([]byte, error) {
	if raw, ok := rawChunk(chunk, want); ok {
		return raw, nil
	}
	var err error
	s.data, err = appendDecompressed(s.data[:0], chunk, want)
	return s.data, err
}

func (s *textScratch) release() {
	if cap(s.data) <= maxKeptScratch {
		chunkScratch.Put(s)
	}
}
