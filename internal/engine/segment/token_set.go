package segment

// tokenSet gathers the distinct token hashes of one document after the other. It is emptied without
// touching its table: each slot carries the number of the document that filled it.
type tokenSet struct {
	hashes []uint64 // of the document at hand, each once, in order of first appearance
	slots  []uint64 // hash<<roundBits | round, open addressing; a power of two, at most half full
	round  uint64   // number of the document, from 1 to maxRound; 0 fills no slot
}

const (
	// roundBits are what a 40-bit hash leaves of a slot.
	roundBits     = 24
	maxRound      = 1<<roundBits - 1
	leastSetSlots = 256
	// maxKeptSlots bounds what one huge document leaves behind: 512 KB.
	maxKeptSlots = 1 << 16
)

// reset begins the next document.
func (s *tokenSet) reset() {
	s.hashes = s.hashes[:0]
	if len(s.slots) == 0 || len(s.slots) > maxKeptSlots {
		s.slots, s.round = make([]uint64, leastSetSlots), 0
	}
	if s.round == maxRound {
		clear(s.slots)
		s.round = 0
	}
	s.round++
}

// add takes a 40-bit hash in, unless the document has it already.
func (s *tokenSet) add(hash uint64) {
	if slot := s.find(hash); s.slots[slot]&maxRound != s.round {
		s.slots[slot] = hash<<roundBits | s.round
		s.hashes = append(s.hashes, hash)
		if 2*len(s.hashes) > len(s.slots) {
			s.grow()
		}
	}
}

// find returns the slot of a hash, or the free one where it belongs. The hashes are uniform: their low bits
// are as good as any.
func (s *tokenSet) find(hash uint64) int {
	mask := len(s.slots) - 1
	want := hash<<roundBits | s.round
	for i := int(hash) & mask; ; i = (i + 1) & mask {
		if s.slots[i] == want || s.slots[i]&maxRound != s.round {
			return i
		}
	}
}

func (s *tokenSet) grow() {
	s.slots = make([]uint64, 2*len(s.slots))
	for _, h := range s.hashes {
		s.slots[s.find(h)] = h<<roundBits | s.round
	}
}
