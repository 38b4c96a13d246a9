package column

import (
	"errors"
	"fmt"
	"unsafe"
)

// Check says whether the parts of a block fit together. Decoders and builders keep what it asks; it
// is for blocks that come from elsewhere. A block of a batch's nested objects may have more than
// BlockRows rows.
func (b *Block) Check() error {
	if b.Rows < 0 {
		return fmt.Errorf("block of %d rows", b.Rows)
	}
	if b.Offsets != nil {
		if b.Present != nil {
			return errors.New("list block with a presence bitmap")
		}
		if err := checkOffsets(b.Offsets, b.Rows); err != nil {
			return err
		}
	}
	if b.Present != nil && len(b.Present) != (b.Rows+63)/64 {
		return fmt.Errorf("presence bitmap of %d words for %d rows", len(b.Present), b.Rows)
	}
	return b.checkValues(b.Values())
}

// checkValues says whether the block has n values of its kind.
func (b *Block) checkValues(n int) error {
	var have int
	switch b.Kind {
	case Int64:
		have = len(b.Ints)
	case Float64:
		have = len(b.Floats)
	case Ordinal:
		have = len(b.Ords)
	case Fixed16:
		if len(b.Data) != n*16 {
			return fmt.Errorf("%d bytes for %d values of 16 bytes", len(b.Data), n)
		}
		return nil
	case Bytes:
		have = len(b.Ends)
		last := uint32(0)
		for _, e := range b.Ends {
			if e < last {
				return errors.New("value ends are not ascending")
			}
			last = e
		}
		if int(last) > len(b.Data) {
			return fmt.Errorf("values end at %d of %d bytes", last, len(b.Data))
		}
	default:
		return fmt.Errorf("block of unknown kind %d", uint8(b.Kind))
	}
	if have != n {
		return fmt.Errorf("%d values where the rows have %d", have, n)
	}
	return nil
}

func checkOffsets(offsets []uint32, rows int) error {
	if len(offsets) != rows+1 || offsets[0] != 0 {
		return fmt.Errorf("%d list offsets for %d rows", len(offsets), rows)
	}
	for i := 1; i < len(offsets); i++ {
		if offsets[i] < offsets[i-1] {
			return errors.New("list offsets are not ascending")
		}
	}
	return nil
}

// MemoryBytes is what the block holds in memory.
func (b *Block) MemoryBytes() int64 {
	return int64(unsafe.Sizeof(*b)) + int64(cap(b.Present))*8 + int64(cap(b.Offsets))*4 + int64(cap(b.Ints))*8 +
		int64(cap(b.Floats))*8 + int64(cap(b.Ords))*4 + int64(cap(b.Data)) + int64(cap(b.Ends))*4
}

// MemoryBytes is what the block holds in memory.
func (s *SourceBlock) MemoryBytes() int64 {
	return int64(unsafe.Sizeof(*s)) + int64(cap(s.Offsets))*4 + int64(cap(s.Formats)) +
		int64(cap(s.LiteralEnds))*4 + int64(cap(s.Literals))
}
