package postings

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/cespare/xxhash/v2"
)

// TokenHash is what stands for a token in the index of an analyzer version.
func TokenHash(analyzer uint32, token []byte) uint64 {
	// Most tokens fit a buffer on the stack.
	var buf [64]byte
	key := append(binary.LittleEndian.AppendUint32(buf[:0], analyzer), token...)
	return xxhash.Sum64(key) >> (64 - hashBits)
}

// partitionBits cut the hashes into ranges that are sorted one at a time.
const partitionBits = 8

// An occurrence packs what is known of a token in one granule into eight bytes, so that sorting numbers
// sorts by hash and granule:
//
//	hash without its partition (32 bits) | granule (22 bits) | documents - 1 (10 bits)
const (
	documentBits = 10
	granuleBits  = 22
	hashLowBits  = hashBits - partitionBits
)

// MaxGranules is the most granules an index can tell apart; with 1,024 rows each they are four
// thousand million rows.
const MaxGranules = 1 << granuleBits

// TextBuilder collects the tokens of a segment's field, document after document.
type TextBuilder struct {
	granule    int
	documents  []uint64 // hashes of the granule's documents, each hash once a document
	partitions [1 << partitionBits][]uint64
	scratch    []uint64
}

// AddDocument adds a document's distinct token hashes.
func (b *TextBuilder) AddDocument(hashes []uint64) { b.documents = append(b.documents, hashes...) }

// EndGranule closes the granule: documents added from now on belong to the next one. A granule has at most
// 1,024 documents.
func (b *TextBuilder) EndGranule() {
	b.documents, b.scratch = sortBits(b.documents, b.scratch, 0, hashBits)
	for i := 0; i < len(b.documents); {
		hash, n := b.documents[i], 1
		for i++; i < len(b.documents) && b.documents[i] == hash; i++ {
			n++
		}
		low := hash & (1<<hashLowBits - 1)
		packed := low<<(granuleBits+documentBits) | uint64(b.granule)<<documentBits | uint64(n-1)
		p := &b.partitions[hash>>hashLowBits]
		*p = append(*p, packed)
	}
	b.documents = b.documents[:0]
	b.granule++
}

// sortBits sorts numbers by their bits [low, high), a byte at a time by counting, which beats comparing
// from a few hundred numbers on. Below low they must be in order already, or zero, for equal numbers keep
// their order; from high on they must be zero. It returns the sorted slice and the other one of the two.
func sortBits(a, scratch []uint64, low, high uint) (sorted, other []uint64) {
	if len(a) < 256 {
		slices.Sort(a)
		return a, scratch
	}
	if cap(scratch) < len(a) {
		scratch = make([]uint64, len(a))
	}
	b := scratch[:len(a)]
	for shift := low; shift < high; shift += 8 {
		var at [257]int
		for _, v := range a {
			at[v>>shift&0xff+1]++
		}
		for i := 1; i < len(at); i++ {
			at[i] += at[i-1]
		}
		for _, v := range a {
			k := v >> shift & 0xff
			b[at[k]] = v
			at[k]++
		}
		a, b = b, a
	}
	return a, b
}

// Finish writes the pages and returns the directory. The builder is spent.
func (b *TextBuilder) Finish(sink PageSink) ([]byte, error) { return b.Merge(nil, sink) }

// The forms of a list of granules.
const (
	formOne    = 0
	formList   = 1
	formBitmap = 2
	formAll    = 3
)

// textWriter writes the entries of a text index.
type textWriter struct {
	pages    pageWriter
	granules int
}

func granuleOf(occurrence uint64) uint64 { return occurrence >> documentBits & (MaxGranules - 1) }

// entry writes what is known of one hash: the number of documents and the granules, ascending.
func (w *textWriter) entry(hash, documents uint64, granules []uint32) error {
	if err := w.pages.entry(hash); err != nil {
		return err
	}
	n := len(granules)
	page := w.pages.page
	head := func(form uint64) { page = binary.AppendUvarint(page, (documents-1)<<2|form) }
	switch {
	case n == w.granules:
		head(formAll)
	case n == 1:
		head(formOne)
		page = binary.AppendUvarint(page, uint64(granules[0]))
	case w.listBytes(granules) <= (w.granules+7)/8:
		head(formList)
		page = binary.AppendUvarint(page, uint64(n))
		prev := uint32(0)
		for _, g := range granules {
			page = binary.AppendUvarint(page, uint64(g-prev))
			prev = g
		}
	default:
		head(formBitmap)
		at := len(page)
		page = append(page, make([]byte, (w.granules+7)/8)...)
		for _, g := range granules {
			page[at+int(g>>3)] |= 1 << (g & 7)
		}
	}
	w.pages.page = page
	return nil
}

// listBytes is the size of a list of granules.
func (w *textWriter) listBytes(granules []uint32) int {
	size := uvarintBytes(uint64(len(granules)))
	prev := uint32(0)
	for _, g := range granules {
		size += uvarintBytes(uint64(g - prev))
		prev = g
	}
	return size
}

func uvarintBytes(v uint64) int { return (bits.Len64(v|1) + 6) / 7 }
