package segment

import (
	"encoding/binary"
	"errors"
)

// A skeleton is a document whose leaf values are cut out. All other bytes stand as they were
// written: keys, punctuation, white space. In place of a value stands a hole,
//
//	mark (1 byte) | length of the field's name (uvarint) | the field's name
//
// where mark says what was cut out. Marks are control characters, which JSON allows nowhere outside an
// escape, so they cannot be mistaken for the document's own bytes. Skeletons carry names rather than
// numbers so that equal shapes of different segments are equal bytes.
const (
	// HoleScalar stands for one value.
	HoleScalar = 0x00
	// HoleList stands for an array of scalars, brackets included, separated by "," alone.
	HoleList = 0x01
	// HoleSpacedList is HoleList with ", " between the values, as Python's json module writes.
	HoleSpacedList = 0x02
)

// MaxShapes is the most shapes a segment keeps. Data with more (keys that are values, for instance)
// gains nothing from shapes; its documents are kept whole.
const MaxShapes = 1024

// AppendHole appends a hole to a skeleton.
func AppendHole(dst []byte, mark byte, field string) []byte {
	dst = append(dst, mark)
	dst = binary.AppendUvarint(dst, uint64(len(field)))
	return append(dst, field...)
}

// shapePart is a piece of a parsed skeleton: bytes to copy, then a hole (field is "" at the end).
type shapePart struct {
	literal []byte
	mark    byte
	field   string
}

// errSkeleton marks a skeleton that does not parse; skeletons come from checksummed blocks, so it
// means a fault in this program or in memory.
var errSkeleton = errors.New("damaged document skeleton")

func parseSkeleton(s []byte) ([]shapePart, error) {
	var parts []shapePart
	start := 0
	for i := 0; i < len(s); {
		if s[i] > HoleSpacedList {
			i++
			continue
		}
		n, width := binary.Uvarint(s[i+1:])
		end := i + 1 + width + int(n)
		if width <= 0 || n > uint64(len(s)) || end > len(s) {
			return nil, errSkeleton
		}
		parts = append(parts, shapePart{literal: s[start:i], mark: s[i], field: string(s[i+1+width : end])})
		i, start = end, end
	}
	return append(parts, shapePart{literal: s[start:]}), nil
}
