package pattern

import (
	"math/bits"
	"slices"
	"unicode/utf8"
)

// heads tells from a place's next few bytes whether a match can begin there: most places that a first byte admits are
// ruled out by the bytes behind it. The ways in which a match can begin have a bit each, or share one, and ways says for
// each byte at each offset which of them it goes with; a place must go with one of them throughout. Like first, it may
// admit too much, never too little.
type heads struct {
	ways [headBytes][256]uint16
}

const (
	// headBytes is how many bytes are looked at: a month and what follows it, or a year.
	headBytes = 4
	// maxHeads bounds the ways in which a pattern is found to begin; of one with more, the ways are put together.
	maxHeads = 128
)

// skip returns the first place from pos on where a match can begin, or where too little text is left to tell.
func (h *heads) skip(text string, pos int) int {
	for ; pos <= len(text)-headBytes; pos++ {
		if w := h.ways[0][text[pos]]; w != 0 {
			if w &= h.ways[1][text[pos+1]] & h.ways[2][text[pos+2]] & h.ways[3][text[pos+3]]; w != 0 && utf8.RuneStart(text[pos]) {
				return pos
			}
		}
	}
	return pos
}

// head is one way to begin: a set for each byte. After a closed one anything can come.
type head struct {
	bytes  []byteSet
	closed bool
}

func (h head) full() bool { return h.closed || len(h.bytes) == headBytes }

func (h head) with(b byteSet) head { return head{bytes: append(slices.Clip(h.bytes), b)} }

// newHeads finds how a tree can begin; nil when its first byte tells as much.
func newHeads(root *node) *heads {
	found := extend([]head{{}}, root)
	telling := false
	for _, h := range found {
		if len(h.bytes) == 0 {
			return nil
		}
		telling = telling || len(h.bytes) > 1
	}
	if !telling {
		return nil
	}
	h := &heads{}
	for way, f := range sortedHeads(found) {
		bit := uint16(1) << (way * 16 / len(found)) // neighbours share a bit
		for at := range headBytes {
			set := allBytes
			if at < len(f.bytes) {
				set = f.bytes[at]
			}
			for c := range 256 {
				if set.has(byte(c)) {
					h.ways[at][c] |= bit
				}
			}
		}
	}
	return h
}

// sortedHeads puts ways next to each other that begin with the same bytes.
func sortedHeads(found []head) []head {
	slices.SortStableFunc(found, func(a, b head) int {
		for at := range min(len(a.bytes), len(b.bytes)) {
			if c := lowest(a.bytes[at]) - lowest(b.bytes[at]); c != 0 {
				return c
			}
		}
		return len(a.bytes) - len(b.bytes)
	})
	return found
}

func lowest(b byteSet) int {
	for i, word := range b {
		if word != 0 {
			return 64*i + bits.TrailingZeros64(word)
		}
	}
	return 256
}

// extend adds to each way of beginning that ends where n begins those of n.
func extend(ways []head, n *node) []head {
	var out []head
	for _, w := range ways {
		if w.full() {
			out = append(out, w)
			continue
		}
		switch n.kind {
		case nodeEmpty, nodeLook, nodeAssert, nodeKeep:
			out = append(out, w)
		case nodeLiteral:
			for i := 0; i < len(n.text) && !w.full(); i++ {
				var b byteSet
				b.add(n.text[i])
				w = w.with(b)
			}
			out = append(out, w)
		case nodeSet:
			out = append(out, afterSet(w, n.set)...)
		case nodeConcat:
			one := []head{w}
			for _, sub := range n.subs {
				one = extend(one, sub)
			}
			out = append(out, one...)
		case nodeChoice:
			for _, sub := range n.subs {
				out = append(out, extend([]head{w}, sub)...)
			}
		case nodeRepeat:
			out = append(out, afterRepeat(w, n)...)
		case nodeCapture, nodeAtomic:
			out = append(out, extend([]head{w}, n.subs[0])...)
		default: // what a group matched, or calls of groups
			out = append(out, head{w.bytes, true})
		}
	}
	if len(out) > maxHeads {
		return []head{merged(out)}
	}
	return out
}

// merged is one way for several, as far as all of them go.
func merged(ways []head) head {
	m := head{closed: true}
	for at := range headBytes {
		var b byteSet
		for _, w := range ways {
			if len(w.bytes) == at {
				return m
			}
			b = b.or(w.bytes[at])
		}
		m = head{append(m.bytes, b), true}
	}
	return m
}

// afterSet is a way with a character of a set. Behind one of several bytes, the rest of it comes first.
func afterSet(w head, s *set) []head {
	ascii, beyond := s.bytes, s.bytes
	ascii[2], ascii[3], beyond[0], beyond[1] = 0, 0, 0, 0
	var out []head
	if ascii != (byteSet{}) {
		out = append(out, w.with(ascii))
	}
	if beyond != (byteSet{}) {
		long := w.with(beyond)
		long.closed = true
		out = append(out, long)
	}
	return out
}

// afterRepeat is a way with a repeat. More rounds than there are bytes tell no more.
func afterRepeat(w head, n *node) []head {
	now := []head{w}
	for range min(n.min, headBytes) {
		now = extend(now, n.subs[0])
	}
	out := slices.Clone(now)
	more := headBytes
	if n.max != unlimited {
		more = min(more, n.max-n.min)
	}
	for range more {
		now = slices.DeleteFunc(now, head.full)
		if len(now) == 0 {
			break
		}
		now = extend(now, n.subs[0])
		out = append(out, now...)
	}
	return out
}
