package column

import (
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// compressWindow is the window of the compressor: a text chunk of GranuleRows rows is about 128 KB.
const compressWindow = 256 << 10

// How the bytes of a chunk stand in a file.
const (
	codecRaw  = 0 // as they are: too short or too random to shrink
	codecZstd = 1
)

// A chunk that unpacks to more than maxInflatedFree bytes may not be more than maxInflation times as
// long as it is packed: what a reader allocates is bounded by what it was given. The writer leaves
// such a chunk unpacked.
const (
	maxInflatedFree = 16 << 20
	maxInflation    = 256
)

// Level is how hard text is compressed.
type Level uint8

const (
	// Fast is for documents as they come in.
	Fast Level = iota
	// Best takes several times as long and saves about a tenth: index.codec best_compression.
	Best
)

// compressors, one a level, and decompressor are shared by all: each runs at most one job per processor and makes
// the rest wait, so their memory is bounded.
var compressors = [...]func() *zstd.Encoder{Fast: newCompressor(zstd.SpeedFastest), Best: newCompressor(zstd.SpeedBestCompression)}

func newCompressor(level zstd.EncoderLevel) func() *zstd.Encoder {
	return sync.OnceValue(func() *zstd.Encoder {
		e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(level), zstd.WithEncoderCRC(false),
			zstd.WithWindowSize(compressWindow), zstd.WithLowerEncoderMem(true))
		if err != nil {
			panic(fmt.Sprintf("zstd refuses fixed options: %v", err))
		}
		return e
	})
}

var decompressor = sync.OnceValue(func() *zstd.Decoder {
	d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderLowmem(true), zstd.WithDecodeAllCapLimit(true))
	if err != nil {
		panic(fmt.Sprintf("zstd refuses fixed options: %v", err))
	}
	return d
})

// appendCompressed appends data as a chunk:
//
//	codec (1 byte) | length of data (uvarint) | packed data (the rest)
func appendCompressed(dst, data []byte, level Level) []byte {
	start := len(dst)
	dst = appendUvarint(append(dst, codecZstd), uint64(len(data)))
	head := len(dst)
	dst = compressors[level]().EncodeAll(data, dst)
	packed := len(dst) - head
	if packed < len(data) && (len(data) <= maxInflatedFree || len(data)/maxInflation <= packed) {
		return dst
	}
	dst = appendUvarint(append(dst[:start], codecRaw), uint64(len(data)))
	return append(dst, data...)
}

// appendDecompressed appends a chunk's data to dst. The data must be exactly want bytes long.
func appendDecompressed(dst, chunk []byte, want uint64) ([]byte, error) {
	c := cursor{rest: chunk}
	codec, size := c.byte(), c.uvarint()
	if c.bad || size != want {
		return dst, damaged("chunk of %d bytes where %d belong", size, want)
	}
	switch codec {
	case codecRaw:
		if uint64(len(c.rest)) != size {
			return dst, damaged("raw chunk of %d bytes has %d", size, len(c.rest))
		}
		return append(dst, c.rest...), nil
	case codecZstd:
		if size > maxInflatedFree && size/maxInflation > uint64(len(c.rest)) {
			return dst, damaged("chunk of %d bytes packed in %d", size, len(c.rest))
		}
	default:
		return dst, fmt.Errorf("%w: compression %d", ErrUnknownEncoding, codec)
	}
	start := len(dst)
	dst = growBytes(dst, int(size))
	out, err := decompressor().DecodeAll(c.rest, dst[start:start:start+int(size)])
	if err != nil {
		return dst[:start], damaged("unpack chunk: %v", err)
	}
	if uint64(len(out)) != size {
		return dst[:start], damaged("chunk unpacks to %d bytes instead of %d", len(out), size)
	}
	return dst[:start+len(out)], nil
}

// rawChunk returns the data of a chunk that is not packed.
func rawChunk(chunk []byte, want uint64) ([]byte, bool) {
	c := cursor{rest: chunk}
	if codec, size := c.byte(), c.uvarint(); c.bad || codec != codecRaw || size != want || uint64(len(c.rest)) != want {
		return nil, false
	}
	return c.rest, true
}

// growBytes makes room for n more bytes.
func growBytes(dst []byte, n int) []byte {
	if cap(dst)-len(dst) >= n {
		return dst
	}
	return append(make([]byte, 0, len(dst)+n), dst...)
}
