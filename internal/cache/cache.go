package cache

import (
	"strings"
	"sync"
)

// Cache keeps what was worked out for a text, since logs repeat user agents and addresses. It holds two generations of
// at most size entries: a full young one becomes the old one, and what is asked for again moves back to the young one.
// That bounds memory and keeps what is in use, at the cost of a map look-up.
type Cache[V any] struct {
	size int
	mu   struct {
		sync.RWMutex
		young, old map[string]V
	}
}

// New makes a cache for about size entries; up to twice as many are held.
func New[V any](size int) *Cache[V] {
	c := &Cache[V]{size: max(size, 1)}
	c.mu.young = map[string]V{}
	return c
}

// Get returns what was kept for key.
func (c *Cache[V]) Get(key string) (v V, ok bool) {
	c.mu.RLock()
	v, ok = c.mu.young[key]
	old := false
	if !ok {
		v, old = c.mu.old[key]
	}
	c.mu.RUnlock()
	if old {
		c.Put(key, v)
	}
	return v, ok || old
}

// Put keeps v for key, and its own copy of key, which is mostly a part of a much longer line.
func (c *Cache[V]) Put(key string, v V) {
	key = strings.Clone(key)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.mu.young) >= c.size {
		c.mu.old, c.mu.young = c.mu.young, make(map[string]V, c.size)
	}
	c.mu.young[key] = v
}
