package pattern

// first tells how a step, or all that follows from it, can begin. It may say too much, never too little: the machine
// skips a branch whose first excludes the next byte.
type first struct {
	bytes byteSet
	// empty tells that it can succeed at the end of the text.
	empty bool
}

var firstAnything = first{bytes: allBytes, empty: true}

// admits tells whether a match can begin at pos.
func (f *first) admits(text string, pos int) bool {
	if pos < len(text) {
		return f.bytes.has(text[pos])
	}
	return f.empty
}

// nodeFirst is how n can begin when it takes at least one character; nullable tells that it can also match nothing.
func nodeFirst(n *node) (bytes byteSet, nullable bool) {
	switch n.kind {
	case nodeLiteral:
		bytes.add(n.text[0])
		return bytes, false
	case nodeSet:
		return n.set.bytes, false
	case nodeConcat:
		nullable = true
		for _, sub := range n.subs {
			b, empty := nodeFirst(sub)
			bytes = bytes.or(b)
			if !empty {
				return bytes, false
			}
		}
		return bytes, true
	case nodeChoice:
		for _, sub := range n.subs {
			b, empty := nodeFirst(sub)
			bytes, nullable = bytes.or(b), nullable || empty
		}
		return bytes, nullable
	case nodeRepeat:
		if n.max == 0 {
			return bytes, true
		}
		bytes, nullable = nodeFirst(n.subs[0])
		return bytes, nullable || n.min == 0
	case nodeCapture, nodeAtomic:
		return nodeFirst(n.subs[0])
	case nodeBackref, nodeCall, nodeCondition, nodeAbsent:
		return allBytes, true
	}
	return bytes, true // what takes no character
}

// rarest picks the literal that the fewest texts hold: one with a sign that words, numbers and times lack, the longer the
// better.
func rarest(literals []string) string {
	best, bestScore := "", 0
	for _, l := range literals {
		score := 0
		for _, c := range []byte(l) {
			switch {
			case c == ' ' || c == '-' || c == '.' || c == ':' || c == '/' || c == ',' || '0' <= c && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z':
				score++
			default:
				score += commonSigns
			}
		}
		if score > bestScore && score >= commonSigns {
			best, bestScore = l, score
		}
	}
	return best
}

// commonSigns is how many signs that are common weigh as much as one that is not.
const commonSigns = 4

// maxLiterals bounds the chain of literals; a long pattern's first and last few rule out nearly every text.
const maxLiterals = 16

// requiredLiterals lists texts that every match holds, in this order and without overlap.
func requiredLiterals(n *node, out []string) []string {
	if len(out) >= maxLiterals {
		return out
	}
	switch n.kind {
	case nodeLiteral:
		return append(out, n.text)
	case nodeConcat:
		for _, sub := range n.subs {
			out = requiredLiterals(sub, out)
		}
	case nodeCapture, nodeAtomic:
		return requiredLiterals(n.subs[0], out)
	case nodeRepeat:
		if n.min > 0 {
			return requiredLiterals(n.subs[0], out)
		}
	}
	return out
}
