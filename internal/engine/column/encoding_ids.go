package column

import (
	"bytes"
	"encoding/binary"
)

// The id encoding is for text that is a number in hexadecimal, all values of the stream in one form: UUIDs as
// RFC 9562 prints them, ids of traces and spans, digests. A value takes half as many bytes as it has digits, and each
// distinct value is kept once: what follows one id (the spans of a trace, the lines of a request) is a small
// number.
//
//	form (1 byte: bit 0 capitals, bit 1 hyphens of a UUID) | number of digits (1 byte, even)
//	number of distinct values (uvarint)
//	section: stream of the values' distances, or nothing when all are distinct
//	codec | length | the distinct values in order of first appearance, two digits a byte (see appendCompressed)
//
// The distance of a value is 0 for one that was not there before, else how many distinct values ago it was new,
// from 1 for the newest.

const (
	idCapitals = 1
	idHyphens  = 2
)

const (
	minIDDigits = 8
	maxIDDigits = 64
	uuidDigits  = 32
	uuidChars   = 36
)

// hexValue is the value of a digit; capitals and small letters have tables of their own. 0xff: none.
var hexValue = [2][256]byte{hexTable('a'), hexTable('A')}

func hexTable(letter byte) (table [256]byte) {
	for i := range table {
		table[i] = 0xff
	}
	for d := range byte(10) {
		table['0'+d] = d
	}
	for d := range byte(6) {
		table[letter+d] = 10 + d
	}
	return table
}

// hexPairs prints a byte, in small letters and capitals.
var hexPairs = [2][256][2]byte{pairTable("0123456789abcdef"), pairTable("0123456789ABCDEF")}

func pairTable(digits string) (table [256][2]byte) {
	for i := range table {
		table[i] = [2]byte{digits[i>>4], digits[i&15]}
	}
	return table
}

// idForm is how the ids of a stream are written.
type idForm struct {
	capitals, hyphens bool
	digits            int
}

// chars is the length of a value.
func (f idForm) chars() int {
	if f.hyphens {
		return uuidChars
	}
	return f.digits
}

func (f idForm) letters() int {
	if f.capitals {
		return 1
	}
	return 0
}

// formOf returns the form that the values have if they are ids, judging by the first and by the first letter.
func formOf(t textValues) (f idForm, ok bool) {
	first := t.data[:t.ends[0]]
	f = idForm{digits: len(first)}
	if len(first) == uuidChars && first[8] == '-' {
		f = idForm{hyphens: true, digits: uuidDigits}
	}
	if f.digits < minIDDigits || f.digits > maxIDDigits || f.digits%2 != 0 || len(t.data) != f.chars()*len(t.ends) {
		return f, false
	}
	for _, c := range t.data {
		if c >= 'A' {
			f.capitals = c < 'a'
			break
		}
	}
	_, ok = f.pack(nil, first)
	return f, ok
}

// pack appends a value's digits, two a byte. ok is false when the value is not of this form.
func (f idForm) pack(dst, v []byte) (out []byte, ok bool) {
	if len(v) != f.chars() {
		return dst, false
	}
	table := &hexValue[f.letters()]
	if !f.hyphens {
		return packHex(dst, v, table)
	}
	if v[8] != '-' || v[13] != '-' || v[18] != '-' || v[23] != '-' {
		return dst, false
	}
	for _, part := range [...][]byte{v[:8], v[9:13], v[14:18], v[19:23], v[24:]} {
		if dst, ok = packHex(dst, part, table); !ok {
			return dst, false
		}
	}
	return dst, true
}

func packHex(dst, v []byte, table *[256]byte) ([]byte, bool) {
	bad := byte(0)
	for i := 0; i+1 < len(v); i += 2 {
		high, low := table[v[i]], table[v[i+1]]
		bad |= high | low
		dst = append(dst, high<<4|low)
	}
	return dst, bad < 0x10
}

// spell appends the value whose digits are packed.
func (f idForm) spell(dst, packed []byte) []byte {
	pairs := &hexPairs[f.letters()]
	for i, b := range packed {
		if f.hyphens && (i == 4 || i == 6 || i == 8 || i == 10) {
			dst = append(dst, '-')
		}
		dst = append(dst, pairs[b][0], pairs[b][1])
	}
	return dst
}

// idSet numbers distinct packed ids in order of first appearance.
type idSet struct {
	width int
	data  []byte
	table []uint32 // number+1 by hash, linear probing; its length is a power of two
}

// add returns the number of the id that stands at the end of the data, and whether it is new; if not, it is taken off.
func (s *idSet) add() (number int, fresh bool) {
	count := len(s.data)/s.width - 1
	v := s.data[count*s.width:]
	mask := len(s.table) - 1
	for i := int(hashID(v)) & mask; ; i = (i + 1) & mask {
		n := int(s.table[i])
		if n == 0 {
			s.table[i] = uint32(count + 1)
			return count, true
		}
		if bytes.Equal(s.data[(n-1)*s.width:n*s.width], v) {
			s.data = s.data[:count*s.width]
			return n - 1, false
		}
	}
}

// hashID mixes the last bytes of an id with the first: ids made in a row share one end or the other.
func hashID(v []byte) uint64 {
	h := uint64(binary.LittleEndian.Uint32(v))<<32 ^ uint64(binary.LittleEndian.Uint32(v[len(v)-4:]))
	h *= 0x9e3779b97f4a7c15
	return h ^ h>>32
}

// appendIDs appends the values as ids, unless one of them is none.
func appendIDs(dst []byte, t textValues, level Level) ([]byte, bool) {
	form, ok := formOf(t)
	if !ok {
		return dst, false
	}
	slots := 64
	for slots < 2*len(t.ends) {
		slots *= 2
	}
	set := idSet{width: form.digits / 2, table: make([]uint32, slots), data: make([]byte, 0, len(t.ends)*form.digits/2)}
	distances := make([]uint32, len(t.ends))
	distinct := 0
	for i := range t.ends {
		lo, hi := t.slice(i, i+1)
		if set.data, ok = form.pack(set.data, t.data[lo:hi]); !ok {
			return dst, false
		}
		number, fresh := set.add()
		if fresh {
			distinct++
		} else {
			distances[i] = uint32(distinct - number)
		}
	}
	flags := byte(0)
	if form.capitals {
		flags |= idCapitals
	}
	if form.hyphens {
		flags |= idHyphens
	}
	dst = appendUvarint(append(dst, byte(encIDs), flags, byte(form.digits)), uint64(distinct))
	dst = appendSection(dst, func(d []byte) []byte {
		if distinct == len(t.ends) {
			return d
		}
		return appendInts(d, distances)
	})
	return appendCompressed(dst, set.data, level), true
}

// idStream is a parsed stream of ids.
type idStream struct {
	form    idForm
	packed  []byte   // the distinct ids
	numbers []uint32 // of the distinct id of each value; nil: all are distinct
}

// parse reads a stream of total ids, behind its encoding. What it reads lives as long as scratch.
func (s *idStream) parse(src []byte, total int, scratch *textScratch) error {
	c := cursor{rest: src}
	flags, digits, distinct, distances := c.byte(), c.byte(), c.uvarint(), c.section()
	s.form = idForm{capitals: flags&idCapitals != 0, hyphens: flags&idHyphens != 0, digits: int(digits)}
	if c.bad || flags > idCapitals|idHyphens || digits < minIDDigits || digits > maxIDDigits || digits%2 != 0 ||
		s.form.hyphens && digits != uuidDigits || distinct == 0 || distinct > uint64(total) || len(distances) == 0 && distinct != uint64(total) {
		return damaged("ids of %d digits, %d distinct of %d", digits, distinct, total)
	}
	var err error
	if s.packed, err = scratch.unpack(c.rest, distinct*uint64(digits/2)); err != nil {
		return err
	}
	s.numbers, err = scratch.idNumbers(distances, total, int(distinct))
	return err
}

// readIDs decodes values [lo, hi) of a stream of total ids, behind its encoding.
func readIDs(dst textValues, src []byte, total, lo, hi int) (textValues, error) {
	scratch := chunkScratch.Get().(*textScratch)
	defer scratch.release()
	var s idStream
	if err := s.parse(src, total, scratch); err != nil {
		return dst, err
	}
	width := s.form.digits / 2
	dst.data = growBytes(dst.data, (hi-lo)*s.form.chars())
	for i := lo; i < hi; i++ {
		n := i
		if s.numbers != nil {
			n = int(s.numbers[i])
		}
		dst.data = s.form.spell(dst.data, s.packed[n*width:(n+1)*width])
		dst.ends = append(dst.ends, uint32(len(dst.data)))
	}
	return dst, nil
}

// idNumbers turns distances into the numbers of distinct values; nil means that all values are distinct.
func (s *textScratch) idNumbers(distances []byte, total, distinct int) ([]uint32, error) {
	if len(distances) == 0 {
		return nil, nil
	}
	var err error
	if s.lengths, err = readInts(s.lengths, distances, total, 0, total); err != nil {
		return nil, err
	}
	count := uint32(0)
	for i, d := range s.lengths {
		if d > count {
			return nil, damaged("id %d values back of %d", d, count)
		}
		s.lengths[i] = count - d
		if d == 0 {
			count++
		}
	}
	if int(count) != distinct {
		return nil, damaged("%d distinct ids where %d belong", count, distinct)
	}
	return s.lengths, nil
}
