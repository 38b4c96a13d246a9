package pattern

import "unicode/utf8"

// node is one part of a regular expression's tree.
type node struct {
	kind nodeKind
	text string // literal, or the name of a capture or back-reference
	set  *set
	subs []*node
	// repeat
	min, max int // max is unlimited when negative
	mode     repeatMode
	// capture and backref: the group's number; assert: which one; look: see negative and behind
	group            int
	groups           []int // backref by a name that several groups have; what a condition asks for
	around           []int // call: the groups around it
	assert           assertKind
	negative, behind bool
	fold             bool // backref without regard to case
}

type nodeKind uint8

const (
	nodeEmpty nodeKind = iota
	nodeLiteral
	nodeSet
	nodeConcat
	nodeChoice
	nodeRepeat
	nodeCapture
	nodeAtomic
	nodeLook
	nodeBackref
	nodeCall // \g<name>: a copy of the group where that is finite, else a call of group
	nodeAssert
	nodeKeep      // \K
	nodeCondition // (?(1)a|b): the first sub when one of groups has matched, else the second
	nodeAbsent    // (?~a): text that does not hold a
)

type repeatMode uint8

const (
	greedy repeatMode = iota
	lazy
	possessive
)

type assertKind uint8

const (
	lineStart        assertKind = iota // ^
	lineEnd                            // $
	textStart                          // \A
	textEnd                            // \z
	textEndNewline                     // \Z
	wordBoundary                       // \b
	notWordBoundary                    // \B
	asciiBoundary                      // \b under (?a)
	notASCIIBoundary                   // \B under (?a)
	searchStart                        // \G
)

const unlimited = -1

func concat(parts []*node) *node {
	var out []*node
	for _, p := range parts {
		switch {
		case p.kind == nodeEmpty:
			continue
		case p.kind == nodeLiteral && len(out) > 0 && out[len(out)-1].kind == nodeLiteral:
			last := out[len(out)-1]
			out[len(out)-1] = &node{kind: nodeLiteral, text: last.text + p.text}
		default:
			out = append(out, p)
		}
	}
	switch len(out) {
	case 0:
		return &node{kind: nodeEmpty}
	case 1:
		return out[0]
	}
	return &node{kind: nodeConcat, subs: out}
}

// charSet returns the set of a node that matches exactly one character.
func (n *node) charSet() *set {
	switch n.kind {
	case nodeSet:
		return n.set
	case nodeLiteral:
		if r, size := utf8.DecodeRuneInString(n.text); size == len(n.text) && r != utf8.RuneError {
			return newSet(runeRange{r, r})
		}
	}
	return nil
}

// fixedChars is the number of characters that every match of n has; ok is false when it varies.
func (n *node) fixedChars() (count int, ok bool) {
	switch n.kind {
	case nodeEmpty, nodeAssert, nodeLook, nodeKeep:
		return 0, true
	case nodeLiteral:
		return utf8.RuneCountInString(n.text), true
	case nodeSet:
		return 1, true
	case nodeCapture, nodeAtomic:
		return n.subs[0].fixedChars()
	case nodeRepeat:
		count, ok = n.subs[0].fixedChars()
		return count * n.min, ok && n.min == n.max
	case nodeConcat:
		for _, sub := range n.subs {
			c, ok := sub.fixedChars()
			if !ok {
				return 0, false
			}
			count += c
		}
		return count, true
	case nodeChoice:
		for i, sub := range n.subs {
			c, ok := sub.fixedChars()
			if !ok || i > 0 && c != count {
				return 0, false
			}
			count = c
		}
		return count, true
	}
	return 0, false
}

// decided tells that n has at most one way to match at a place, so that there is nothing to give back.
func (n *node) decided() bool {
	switch n.kind {
	case nodeEmpty, nodeLiteral, nodeSet, nodeAssert, nodeAtomic, nodeLook, nodeBackref, nodeKeep:
		return true
	case nodeRepeat:
		return n.subs[0].charSet() != nil && (n.mode == possessive || n.min == n.max)
	case nodeConcat:
		for _, sub := range n.subs {
			if !sub.decided() {
				return false
			}
		}
		return true
	case nodeCapture:
		return n.subs[0].decided()
	}
	return false
}
