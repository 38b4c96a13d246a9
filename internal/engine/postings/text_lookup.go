package postings

import "math/bits"

// LookupText returns the granules that may hold a token with the given hash, as a set of bits, and how
// many documents do. A token that is nowhere has no bits and no documents.
func LookupText(dir []byte, pages PageSource, hash uint64) (granules []uint64, documents int, err error) {
	d, err := parseDirectory(dir)
	if err != nil {
		return nil, 0, err
	}
	if d.rows > MaxGranules {
		return nil, 0, damaged("index of %d granules", d.rows)
	}
	granules = make([]uint64, (d.rows+63)/64)
	for i := d.find(hash); i < d.pages() && d.first(i) <= hash; i++ {
		raw, err := pages(d.page(i))
		if err != nil {
			return nil, 0, err
		}
		r := textEntries{entryReader: entryReader{rest: raw, hash: d.first(i)}, granules: d.rows}
		for r.next() && r.hash <= hash {
			if r.hash == hash {
				n := r.read(granules)
				if r.bad {
					break
				}
				return granules, n, nil
			}
			r.read(nil)
		}
		if r.bad {
			return nil, 0, damaged("page of tokens")
		}
	}
	return granules, 0, nil
}

// textEntries goes through the entries of a page of a text index.
type textEntries struct {
	entryReader
	granules uint64
}

// read reads what follows an entry's hash, adds the granules to set unless that is nil, and returns the
// number of documents.
func (r *textEntries) read(set []uint64) int {
	head := r.uvarint()
	switch head & 3 {
	case formOne:
		r.add(set, r.uvarint())
	case formList:
		n := r.uvarint()
		if n > r.granules {
			r.fail()
			return 0
		}
		for at := uint64(0); n > 0 && !r.bad; n-- {
			at += r.uvarint()
			r.add(set, at)
		}
	case formBitmap:
		r.addBitmap(set)
	case formAll:
		for g := range set {
			set[g] = ^uint64(0)
		}
		if rest := r.granules & 63; rest != 0 && set != nil {
			set[len(set)-1] = 1<<rest - 1
		}
	}
	return int(head>>2) + 1
}

func (r *textEntries) add(set []uint64, granule uint64) {
	if granule >= r.granules {
		r.fail()
		return
	}
	if set != nil {
		set[granule>>6] |= 1 << (granule & 63)
	}
}

func (r *textEntries) addBitmap(set []uint64) {
	n := (r.granules + 7) / 8
	if n > uint64(len(r.rest)) {
		r.fail()
		return
	}
	if set != nil {
		for i, b := range r.rest[:n] {
			set[i>>3] |= uint64(b) << (i & 7 * 8)
		}
		if rest := r.granules & 63; rest != 0 && bits.Len64(set[len(set)-1]) > int(rest) {
			r.fail()
			return
		}
	}
	r.rest = r.rest[n:]
}

func (r *textEntries) fail() { r.bad, r.rest = true, nil }

// VerifyText reads every page of a text index.
func VerifyText(dir []byte, pages PageSource) error {
	d, err := parseDirectory(dir)
	if err != nil {
		return err
	}
	for i := range d.pages() {
		raw, err := pages(d.page(i))
		if err != nil {
			return err
		}
		r := textEntries{entryReader: entryReader{rest: raw, hash: d.first(i)}, granules: d.rows}
		for r.next() {
			r.read(nil)
		}
		if r.bad {
			return damaged("page of tokens")
		}
	}
	return nil
}

// VerifyIDs reads every page of an id index, and its filter.
func VerifyIDs(dir, filter []byte, pages PageSource) error {
	if _, err := parseFilter(filter); err != nil {
		return err
	}
	d, err := parseDirectory(dir)
	if err != nil {
		return err
	}
	for i := range d.pages() {
		raw, err := pages(d.page(i))
		if err != nil {
			return err
		}
		r := entryReader{rest: raw, hash: d.first(i)}
		for r.next() {
			r.uvarint()
		}
		if r.bad {
			return damaged("page of ids")
		}
	}
	return nil
}
