package column

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// encoding is how a stream of values is written. The list is closed: the numbers stand in files, so
// one is never changed or used again, and a reader refuses those it does not know.
type encoding byte

const (
	encConst   encoding = 1  // encoding_const.go
	encBitset  encoding = 2  // encoding_rows.go
	encPacked  encoding = 3  // encoding_packed.go
	encDelta   encoding = 4  // encoding_delta.go
	encFloat64 encoding = 5  // encoding_float64.go
	encDecimal encoding = 6  // encoding_decimal.go
	encFixed16 encoding = 7  // encoding_fixed.go
	encFixed4  encoding = 8  // encoding_fixed.go
	encText    encoding = 9  // encoding_text.go
	encHas     encoding = 10 // encoding_rows.go
	encLacks   encoding = 11 // encoding_rows.go
	encIDs     encoding = 12 // encoding_ids.go
	encPairs   encoding = 13 // encoding_fixed.go
	encTable   encoding = 14 // encoding_table.go
	encLinear  encoding = 15 // encoding_linear.go
	encFrames  encoding = 16 // encoding_frames.go

	encTemplates encoding = 17 // encoding_template.go
	encDecimal32 encoding = 18 // encoding_float32.go
	encFloat32   encoding = 19 // encoding_float32.go
	encAddresses encoding = 20 // encoding_addresses.go
)

// ErrDamaged marks bytes that no encoder wrote. The caller, who knows file and offset, adds them.
var ErrDamaged = errors.New("damaged column data")

// ErrUnknownEncoding marks bytes of an encoding or layout that this version does not know; it is an
// ErrDamaged as well, since the file's version said that it would.
var ErrUnknownEncoding = fmt.Errorf("%w: unknown encoding", ErrDamaged)

// maxConstValues is the most values that may be written as none at all (a constant, or a sequence of
// constant steps). Beyond it each value costs at least one bit, so that what a reader allocates stays
// within 64 times what it was given.
const maxConstValues = 16 * BlockRows

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
}

func unknownEncoding(what string, e encoding) error {
	return fmt.Errorf("%w %d of %s", ErrUnknownEncoding, byte(e), what)
}

// cursor reads the parts of an encoded block. After a failed read every further one fails as well.
type cursor struct {
	rest []byte
	bad  bool
}

func (c *cursor) byte() byte {
	if len(c.rest) == 0 {
		c.bad = true
		return 0
	}
	v := c.rest[0]
	c.rest = c.rest[1:]
	return v
}

func (c *cursor) uvarint() uint64 {
	v, n := binary.Uvarint(c.rest)
	if n <= 0 {
		c.bad, c.rest = true, nil
		return 0
	}
	c.rest = c.rest[n:]
	return v
}

func (c *cursor) varint() int64 {
	v, n := binary.Varint(c.rest)
	if n <= 0 {
		c.bad, c.rest = true, nil
		return 0
	}
	c.rest = c.rest[n:]
	return v
}

// take returns the next n bytes.
func (c *cursor) take(n uint64) []byte {
	if n > uint64(len(c.rest)) {
		c.bad, c.rest = true, nil
		return nil
	}
	out := c.rest[:n:n]
	c.rest = c.rest[n:]
	return out
}

// section returns the bytes of a part that is preceded by its length.
func (c *cursor) section() []byte { return c.take(c.uvarint()) }

// appendSection appends what write appends, preceded by its length. The length takes at most three
// bytes for parts under 2 MB, which nearly all are; the part is moved when it takes another number than
// the one guessed.
func appendSection(dst []byte, write func([]byte) []byte) []byte {
	const guess = 2
	start := len(dst)
	dst = append(dst, make([]byte, guess)...)
	dst = write(dst)
	var length [binary.MaxVarintLen64]byte
	n := binary.PutUvarint(length[:], uint64(len(dst)-start-guess))
	if n > guess {
		dst = append(dst, make([]byte, n-guess)...)
	}
	if n != guess {
		copy(dst[start+n:], dst[start+guess:])
		dst = dst[:len(dst)-max(guess-n, 0)]
	}
	copy(dst[start:], length[:n])
	return dst
}
