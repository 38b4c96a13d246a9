package filter

import (
	"strings"
	"sync"
)

// cache keeps what was worked out for a text, since logs repeat user agents and addresses. It holds two generations of
// at most size entries: a full young one becomes the old one, and what is asked for again moves back to the young one.
// That bounds memory and keeps what is in use, at the cost of a map look-up.
type cache[V any] struct {
	size int
	mu   struct {
		sync.RWMutex
		young, old map[string]V
	}
}

func newCache[V any](size int) *cache[V] {
	c := &cache[V]{size: max(size, 1)}
	c.mu.young = map[string]V{}
	return c
}

func (c *cache[V]) get(key string) (v V, ok bool) {
	c.mu.RLock()
	v, ok = c.mu.young[key]
	old := false
	if !ok {
		v, old = c.mu.old[key]
	}
	c.mu.RUnlock()
	if old {
		c.put(key, v)
	}
	return v, ok || old
}

// put keeps its own copy of key, which is mostly a part of a much longer line.
func (c *cache[V]) put(key string, v V) {
	key = strings.Clone(key)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.mu.young) >= c.size {
		c.mu.old, c.mu.young = c.mu.young, make(map[string]V, c.size)
	}
	c.mu.young[key] = v
}
