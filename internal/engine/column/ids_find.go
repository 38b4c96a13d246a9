package column

import "bytes"

// KeepTexts narrows sel to the rows of an encoded block of text that have one of some values, without spelling out the
// others. ok is false, and sel as it was, where the block's encoding or layout does not allow that: it is for blocks of
// ids whose rows have one value each, which are compared packed.
func KeepTexts(src []byte, rows int, values [][]byte, sel Bitmap) (ok bool, err error) {
	c, layout, err := blockHead(src, Bytes, rows)
	if err != nil || layout != layoutDense || encoding(c.byte()) != encIDs {
		return false, err
	}
	var ids idStream
	scratch := chunkScratch.Get().(*textScratch)
	defer scratch.release()
	if err := ids.parse(c.rest, rows, scratch); err != nil {
		return false, err
	}
	found := NewBitmap(rows)
	for _, v := range values {
		packed, fits := ids.form.pack(nil, v)
		if !fits {
			continue
		}
		if n := ids.find(packed); n >= 0 {
			ids.mark(n, found)
		}
	}
	sel.And(found)
	return true, nil
}

// find returns the number of a distinct id, or -1.
func (s *idStream) find(packed []byte) int {
	for from := 0; ; {
		at := bytes.Index(s.packed[from:], packed)
		if at < 0 {
			return -1
		}
		if at += from; at%len(packed) == 0 {
			return at / len(packed)
		}
		from = at + 1 // across two ids
	}
}

// mark adds the values that are distinct id n.
func (s *idStream) mark(n int, found Bitmap) {
	if s.numbers == nil {
		found.Set(n)
		return
	}
	for i, number := range s.numbers {
		if int(number) == n {
			found.Set(i)
		}
	}
}
