package exec

import "slices"

// tupleTable gives tuples of keys, one from each of several keyers, dense numbers: an open hash table whose entries
// stand one after the other, so that a look-up is one probe and no tuple is an object of its own.
type tupleTable struct {
	width int
	acct  *account
	ids   []uint32 // of all tuples, width for each
	slots []uint32 // tuple plus 1, 0 is free
}

// minTupleSlots is what a table begins with.
const minTupleSlots = 256

func newTupleTable(width int, acct *account) *tupleTable {
	return &tupleTable{width: width, acct: acct, slots: make([]uint32, minTupleSlots)}
}

// len is how many tuples there are.
func (t *tupleTable) len() int { return len(t.ids) / t.width }

// tuple returns the keys of a tuple.
func (t *tupleTable) tuple(id uint32) []uint32 {
	return t.ids[int(id)*t.width : (int(id)+1)*t.width]
}

func hashTuple(key []uint32) uint64 {
	h := uint64(key[0]) * 0x9e3779b97f4a7c15
	for _, k := range key[1:] {
		h = (h ^ h>>29 ^ uint64(k)) * 0xbf58476d1ce4e5b9
	}
	return h ^ h>>32
}

// find returns the number of a tuple, noKey when it has none, and the slot where it belongs.
func (t *tupleTable) find(key []uint32) (id uint32, slot uint64) {
	mask := uint64(len(t.slots) - 1)
	for slot = hashTuple(key) & mask; ; slot = (slot + 1) & mask {
		at := t.slots[slot]
		if at == 0 {
			return noKey, slot
		}
		if slices.Equal(t.tuple(at-1), key) {
			return at - 1, slot
		}
	}
}

// add numbers a tuple that find did not find.
func (t *tupleTable) add(key []uint32, slot uint64) (uint32, error) {
	if err := t.acct.grow(4*t.width + 8); err != nil {
		return 0, err
	}
	id := uint32(t.len())
	t.ids = append(t.ids, key...)
	t.slots[slot] = id + 1
	if 2*t.len() > len(t.slots) {
		t.rehash(2 * len(t.slots))
	}
	return id, nil
}

func (t *tupleTable) rehash(slots int) {
	t.slots = make([]uint32, slots)
	mask := uint64(slots - 1)
	for id := range t.len() {
		slot := hashTuple(t.tuple(uint32(id))) & mask
		for t.slots[slot] != 0 {
			slot = (slot + 1) & mask
		}
		t.slots[slot] = uint32(id) + 1
	}
}

// keep forgets all tuples but some, which get the numbers of their places in the list.
func (t *tupleTable) keep(list []uint32) {
	ids := make([]uint32, 0, len(list)*t.width)
	for _, id := range list {
		ids = append(ids, t.tuple(id)...)
	}
	t.ids = ids
	slots := minTupleSlots
	for slots < 4*len(list) {
		slots *= 2
	}
	t.rehash(slots)
}

// tupleJoin brings the keys of several keyers together: a row has a tuple for each way to take one key from each.
type tupleJoin struct {
	keyers []keyer
	places []uint32 // 0, 1, 2 …
	found  []keyed
	at     []int // by keyer: where the keys of the place at hand begin, and where they end
	end    []int
	key    []uint32
}

// each calls fn for every tuple of the rows of d with the row's place in d. key is good until fn returns.
func (j *tupleJoin) each(d *docs, fn func(place int, key []uint32) error) error {
	n := len(j.keyers)
	if j.key == nil {
		j.key, j.found, j.at, j.end = make([]uint32, n), make([]keyed, n), make([]int, n), make([]int, n)
	}
	for len(j.places) < len(d.rows) {
		j.places = append(j.places, uint32(len(j.places)))
	}
	at := docs{block: d.block, rows: d.rows, buckets: j.places[:len(d.rows)], limit: len(d.rows)}
	single := true
	for i, k := range j.keyers {
		var err error
		if j.found[i], err = k.keys(&at); err != nil {
			return err
		}
		if len(j.found[i].keys) == 0 {
			return nil
		}
		// Keyers hand back what they were given when each row has exactly one key.
		single = single && &j.found[i].parents[0] == &at.buckets[0]
	}
	if single {
		for place := range d.rows {
			for i := range j.found {
				j.key[i] = j.found[i].keys[place]
			}
			if err := fn(place, j.key); err != nil {
				return err
			}
		}
		return nil
	}
	clear(j.at)
	for place := range d.rows {
		if err := j.combine(uint32(place), fn); err != nil {
			return err
		}
	}
	return nil
}

// combine calls fn for the tuples of one place.
func (j *tupleJoin) combine(place uint32, fn func(place int, key []uint32) error) error {
	complete := true
	for i := range j.found {
		parents, to := j.found[i].parents, 0
		for to = j.at[i]; to < len(parents) && parents[to] == place; to++ {
		}
		j.end[i] = to
		complete = complete && to > j.at[i]
	}
	if complete {
		if err := j.product(0, int(place), fn); err != nil {
			return err
		}
	}
	copy(j.at, j.end)
	return nil
}

func (j *tupleJoin) product(i, place int, fn func(place int, key []uint32) error) error {
	if i == len(j.found) {
		return fn(place, j.key)
	}
	for _, key := range j.found[i].keys[j.at[i]:j.end[i]] {
		j.key[i] = key
		if err := j.product(i+1, place, fn); err != nil {
			return err
		}
	}
	return nil
}
