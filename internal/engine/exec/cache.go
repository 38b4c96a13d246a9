package exec

import (
	"encoding/binary"
	"sync"
	"sync/atomic"

	"elkhorn/internal/es/mapping"
)

// Cache keeps what runs of blocks contributed to earlier searches: how many documents matched, and the partial
// results of the aggregations. Dashboards ask the same again and again while most of the data stays as it is.
//
// Nothing in it is ever wrong: segments do not change, and an entry is found by segment, number of deleted rows, run,
// mapping and a digest of the request as far as it concerns the run (see runKey). Entries that nobody can find any
// more are forgotten with their segment, or drop out as the least recently used. It is safe for concurrent use.
//
// While there is plenty of room everything is kept, so that a dashboard's second look finds it. From then on only what is
// asked for a second time is: searches that are made once push nothing out.
type Cache struct {
	maxBytes int64
	minRows  int

	mu struct {
		sync.Mutex
		entries        map[cacheKey]*cacheEntry
		bytes          int64
		newest, oldest *cacheEntry // ends of the list by last use
		asked          [askedSlots]uint64
	}
}

const (
	// minCachedRows is the default of how many rows a run must have: fewer are counted as fast as looked up.
	minCachedRows = 1024
	// askedSlots is how many requests are remembered as asked once, at most.
	askedSlots = 1 << 13
	// cacheEntryBytes is about what an entry takes besides its partial results.
	cacheEntryBytes = 256
	// plentyShare is the part of the cache up to which there is plenty of room.
	plentyShare = 2
	// largestShare is the part of the cache that one entry may take.
	largestShare = 8
)

// cacheKey names an entry. The mapping is compared by identity and kept alive: a grown one is another.
type cacheKey struct {
	source  uint64
	deletes int
	run     int
	mapping *mapping.Mapping
	request [32]byte
}

type cacheEntry struct {
	key          cacheKey
	owner        *CacheStats
	hits         int64
	parts        partials // immutable; see cloner
	bytes        int64
	newer, older *cacheEntry
}

// CacheStats count what happens in the cache on behalf of one index.
type CacheStats struct {
	Hits, Misses, Evictions, Bytes atomic.Int64
}

// NewCache makes a cache of maxBytes. Runs of fewer than minRows are left out; 0 is the default.
func NewCache(maxBytes int64, minRows int) *Cache {
	if minRows == 0 {
		minRows = minCachedRows
	}
	c := &Cache{maxBytes: maxBytes, minRows: minRows}
	c.mu.entries = map[cacheKey]*cacheEntry{}
	return c
}

// Bytes is what the cache holds at present.
func (c *Cache) Bytes() int64 {
	if c == nil {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.mu.bytes
}

// look finds an entry. When there is none, keep says that what is found instead is worth keeping.
func (c *Cache) look(key *cacheKey, owner *CacheStats) (entry *cacheEntry, keep bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.mu.entries[*key]; e != nil {
		c.unlinkLocked(e)
		c.pushLocked(e)
		owner.Hits.Add(1)
		return e, false
	}
	owner.Misses.Add(1)
	mark := key.mark()
	slot := &c.mu.asked[mark%askedSlots]
	keep = *slot == mark || c.mu.bytes < c.maxBytes/plentyShare
	*slot = mark
	return nil, keep
}

// mark stands for a key among those asked once; that two look alike costs nothing but an early entry.
func (k *cacheKey) mark() uint64 {
	mark := binary.LittleEndian.Uint64(k.request[:]) ^ mix64(k.source<<20^uint64(k.run)^uint64(k.deletes)<<40)
	return max(mark, 1)
}

// put keeps an entry unless it is too large, and drops what was used longest ago.
func (c *Cache) put(e *cacheEntry) {
	e.bytes += cacheEntryBytes
	if e.bytes > c.maxBytes/largestShare {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.mu.entries[e.key] != nil {
		return
	}
	for c.mu.bytes+e.bytes > c.maxBytes && c.mu.oldest != nil {
		c.mu.oldest.owner.Evictions.Add(1)
		c.dropLocked(c.mu.oldest)
	}
	c.mu.entries[e.key] = e
	c.mu.bytes += e.bytes
	e.owner.Bytes.Add(e.bytes)
	c.pushLocked(e)
}

// Forget drops what is kept of a segment that is gone.
func (c *Cache) Forget(source uint64) {
	c.dropWhere(func(e *cacheEntry) bool { return e.key.source == source })
}

// Clear drops what is kept of an index; nil is all.
func (c *Cache) Clear(owner *CacheStats) {
	c.dropWhere(func(e *cacheEntry) bool { return owner == nil || e.owner == owner })
}

func (c *Cache) dropWhere(gone func(*cacheEntry) bool) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for e := c.mu.newest; e != nil; {
		older := e.older
		if gone(e) {
			c.dropLocked(e)
		}
		e = older
	}
}

func (c *Cache) dropLocked(e *cacheEntry) {
	c.unlinkLocked(e)
	delete(c.mu.entries, e.key)
	c.mu.bytes -= e.bytes
	e.owner.Bytes.Add(-e.bytes)
}

func (c *Cache) pushLocked(e *cacheEntry) {
	e.older, e.newer = c.mu.newest, nil
	if c.mu.newest != nil {
		c.mu.newest.newer = e
	}
	c.mu.newest = e
	if c.mu.oldest == nil {
		c.mu.oldest = e
	}
}

func (c *Cache) unlinkLocked(e *cacheEntry) {
	if e.newer != nil {
		e.newer.older = e.older
	} else {
		c.mu.newest = e.older
	}
	if e.older != nil {
		e.older.newer = e.newer
	} else {
		c.mu.oldest = e.newer
	}
	e.newer, e.older = nil, nil
}
