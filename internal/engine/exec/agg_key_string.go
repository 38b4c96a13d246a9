package exec

import (
	"elkhorn/internal/engine/column"
)

// stringKeyer hands out keys for strings and addresses. Dictionary columns are mapped ordinal by
// ordinal, so a value is hashed once per segment.
type stringKeyer struct {
	keyBuffer
	view   stringView
	accept func(value []byte) bool // include and exclude; nil accepts all
	acct   *account

	ids    map[string]uint32 // value → key, or noKey where it was refused
	values []string          // by key

	col   *leafColumn
	remap []uint32 // ordinal → key plus remapShift, 0 where not asked yet
}

func newStringKeyer(view stringView, accept func([]byte) bool, acct *account) *stringKeyer {
	return &stringKeyer{keyBuffer: keyBuffer{missing: noKey}, view: view, accept: accept, acct: acct, ids: map[string]uint32{}}
}

// presizedKeys bounds the room that is made for a dictionary's values at once.
const presizedKeys = 1 << 18

func (k *stringKeyer) limit() int { return len(k.values) }

func (k *stringKeyer) bind(l *leaf) error {
	k.col = l.column(k.view.column)
	if k.col == nil {
		return nil
	}
	if k.view.partial() {
		k.hidden = func(b *column.Block, lo, hi int) bool { return k.col.hidden(&k.view, b, lo, hi) }
	}
	if k.col.kind == column.Ordinal {
		if err := k.acct.grow(4*k.col.dict.Len() - 4*len(k.remap)); err != nil {
			return err
		}
		k.remap = make([]uint32, k.col.dict.Len())
		if len(k.ids) == 0 {
			k.ids = make(map[string]uint32, min(k.col.dict.Len(), presizedKeys))
		}
	}
	return nil
}

func (k *stringKeyer) keys(d *docs) (keyed, error) {
	if k.col == nil {
		return k.absent(d), nil
	}
	b, err := k.col.rows(d.block, d.rows)
	if err != nil {
		return keyed{}, err
	}
	if b.Kind == column.Ordinal {
		return gather(&k.keyBuffer, d, b, ordLookup{k, b.Ords})
	}
	return gather(&k.keyBuffer, d, b, bytesLookup{k, b})
}

// ordLookup finds keys by ordinal.
type ordLookup struct {
	k    *stringKeyer
	ords []uint32
}

func (l ordLookup) keyAt(i int) (uint32, error) {
	if key := l.k.remap[l.ords[i]]; key != 0 {
		return key - remapShift, nil
	}
	return l.k.resolve(l.ords[i])
}

// remapShift makes keys fit beside 0, which means not asked yet: noKey plus 2 is 1.
const remapShift = 2

// resolve maps an ordinal that is seen for the first time in the segment.
func (k *stringKeyer) resolve(ord uint32) (uint32, error) {
	key, err := k.seen(k.col.dict.Value(ord))
	k.remap[ord] = key + remapShift
	return key, err
}

// bytesLookup finds keys by value.
type bytesLookup struct {
	k *stringKeyer
	b *column.Block
}

func (l bytesLookup) keyAt(i int) (uint32, error) { return l.k.seen(l.b.Bytes(i)) }

// seen returns the key of a value of the column.
func (k *stringKeyer) seen(value []byte) (uint32, error) {
	if k.view.plain() && k.view.ignoreAbove <= 0 {
		return k.intern(value)
	}
	value, ok := k.view.see(value)
	if !ok {
		return noKey, nil
	}
	return k.intern(value)
}

// intern returns the key of a value as the field has it.
func (k *stringKeyer) intern(value []byte) (uint32, error) {
	if key, ok := k.ids[string(value)]; ok {
		return key, nil
	}
	if err := k.acct.grow(len(value) + 64); err != nil {
		return 0, err
	}
	key := noKey
	text := string(value)
	if k.accept == nil || k.accept(value) {
		key = uint32(len(k.values))
		k.values = append(k.values, text)
	}
	k.ids[text] = key
	return key, nil
}

// internAll makes keys for every value of the segment, for buckets without documents.
func (k *stringKeyer) internAll() error {
	if k.col == nil {
		return nil
	}
	if k.col.kind == column.Ordinal {
		for ord := range k.col.dict.Len() {
			if err := k.acct.stopAt(ord); err != nil {
				return err
			}
			if _, err := k.seen(k.col.dict.Value(uint32(ord))); err != nil {
				return err
			}
		}
		return nil
	}
	return eachValue(k.col, func(b *column.Block, i int) error {
		_, err := k.seen(b.Bytes(i))
		return err
	})
}

// eachValue calls fn for every value of a segment's column.
func eachValue(c *leafColumn, fn func(b *column.Block, i int) error) error {
	for block := range c.leaf.blocks {
		if err := c.leaf.acct.check(); err != nil {
			return err
		}
		b, err := c.block(block)
		if err != nil {
			return err
		}
		for r := range b.Rows {
			for lo, hi := b.Range(r); lo < hi; lo++ {
				if err := fn(b, lo); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
