package vfs

import (
	"maps"
	"math/rand/v2"
	"slices"
)

// CrashClone returns what a machine that lost power now would find after starting again. The receiver goes on unharmed, so one
// run can be cut at many points. Locks are not held in the clone.
//
// What was synced is there. Of what was not, rng decides: each directory keeps the first few of its unsynced changes of names,
// each file the first few of its unsynced writes, the next one torn at any byte. A write that was kept can have become zeros,
// as when a file system stores the new length before the bytes. With rng nil everything unsynced is lost.
func (m *Mem) CrashClone(rng *rand.Rand) *Mem {
	m.mu.Lock()
	defer m.mu.Unlock()
	clone := NewMem()
	c := crasher{rng: rng, done: make(map[*memNode]*memNode)}
	clone.mu.root = c.node(m.mu.root)
	clone.mu.nextInode = m.mu.nextInode
	clone.mu.clock = m.mu.clock
	clone.mu.usage = m.mu.usage
	return clone
}

type crasher struct {
	rng  *rand.Rand
	done map[*memNode]*memNode // a node reached by two names stays one node
}

// zeroedOneIn is how rarely a kept write becomes zeros: often enough for a sweep of some hundred crashes to meet it.
const zeroedOneIn = 8

// keep returns how many of n unsynced changes survive.
func (c *crasher) keep(n int) int {
	if c.rng == nil || n == 0 {
		return 0
	}
	return c.rng.IntN(n + 1)
}

func (c *crasher) node(n *memNode) *memNode {
	if after := c.done[n]; after != nil {
		return after
	}
	after := &memNode{inode: n.inode, isDir: n.isDir, modTime: n.modTime}
	c.done[n] = after
	if !n.isDir {
		after.data = c.content(n)
		after.durable.data = slices.Clone(after.data)
		return after
	}
	survivors := maps.Clone(n.durable.entries)
	for _, change := range n.pendingNames[:c.keep(len(n.pendingNames))] {
		change.applyTo(survivors)
	}
	after.entries = make(map[string]*memNode, len(survivors))
	for name := range sortedKeys(survivors) {
		after.entries[name] = c.node(survivors[name])
	}
	after.durable.entries = maps.Clone(after.entries)
	return after
}

func (c *crasher) content(n *memNode) []byte {
	content := slices.Clone(n.durable.data)
	kept := c.keep(len(n.pendingWrites))
	for _, w := range n.pendingWrites[:kept] {
		if w.data != nil && c.rng.IntN(zeroedOneIn) == 0 {
			w.data = make([]byte, len(w.data))
		}
		content = w.applyTo(content)
	}
	if kept < len(n.pendingWrites) && c.rng != nil {
		if torn := n.pendingWrites[kept]; torn.data != nil {
			torn.data = torn.data[:c.rng.IntN(len(torn.data)+1)]
			content = torn.applyTo(content)
		}
	}
	return content
}
