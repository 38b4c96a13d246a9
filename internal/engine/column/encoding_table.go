package column

// The table encoding is for integers of few distinct values that lie far apart: status codes, sizes, time-outs. The
// distinct values are kept once, in order of first appearance, and each value is its place among them.
//
//	number of distinct values (uvarint, 2-256) | section: stream of them | width in bits (1 byte, 1-8) | packed places

// maxTable is the most distinct values of a table.
const maxTable = 256

// tableSlots is the size of the hash table that finds places; it is at most half full.
const (
	tableSlotBits = 9
	tableSlots    = 1 << tableSlotBits
)

// tableWidth is the width of packed values from which on a table is tried.
const tableWidth = 7

// valueTable finds the places of values.
type valueTable[T integer] struct {
	values []T
	slots  [tableSlots]uint16 // place+1
}

// slot returns where a value's place stands, or belongs.
func (t *valueTable[T]) slot(v T) int {
	for i := int(uint64(v) * 0x9e3779b97f4a7c15 >> (64 - tableSlotBits)); ; i = (i + 1) % tableSlots {
		if n := t.slots[i]; n == 0 || t.values[n-1] == v {
			return i
		}
	}
}

// add takes a value in; it is false when there are too many.
func (t *valueTable[T]) add(v T) bool {
	slot := t.slot(v)
	if t.slots[slot] == 0 {
		if len(t.values) == maxTable {
			return false
		}
		t.values = append(t.values, v)
		t.slots[slot] = uint16(len(t.values))
	}
	return true
}

// appendTable appends the values by a table, unless there are too many or it takes more than limit bytes.
func appendTable[T integer](dst []byte, values []T, limit int) ([]byte, bool) {
	var t valueTable[T]
	for _, v := range values {
		if !t.add(v) {
			return dst, false
		}
	}
	if len(t.values) < 2 {
		return dst, false
	}
	width := bitsOf(uint64(len(t.values) - 1))
	if packedBytes(len(values), width) >= limit {
		return dst, false
	}
	places := make([]uint8, len(values))
	for i, v := range values {
		places[i] = uint8(t.slots[t.slot(v)] - 1)
	}
	start := len(dst)
	dst = appendUvarint(append(dst, byte(encTable)), uint64(len(t.values)))
	dst = appendSection(dst, func(d []byte) []byte { return appendRun(d, t.values, planRun(t.values, boundsOf(t.values))) })
	dst = appendPacked(append(dst, byte(width)), places, 0, width)
	return dst, len(dst)-start < limit
}

// parseTable reads a table's distinct values into the stream, padded so that any place of the width has one.
func (s *intStream) parseTable(c *cursor) error {
	count, section := c.uvarint(), c.section()
	s.width = uint(c.byte())
	if c.bad || count < 2 || count > maxTable || s.width != bitsOf(count-1) {
		return damaged("table of %d values", count)
	}
	run, err := parseRun(section, int(count))
	if err != nil {
		return err
	}
	s.table = make([]int64, 1<<s.width)
	decodeRun(&run, 0, s.table[:count])
	fill(s.table[count:], s.table[0])
	s.packed = c.rest
	if len(s.packed) < packedBytes(s.n, s.width) {
		return damaged("%d places of %d bits in %d bytes", s.n, s.width, len(s.packed))
	}
	return nil
}

func decodeTable[T integer](s *intStream, first int, dst []T) {
	unpack(dst, s.packed, first, 0, s.width)
	for i, place := range dst {
		dst[i] = T(s.table[uint8(place)])
	}
}
