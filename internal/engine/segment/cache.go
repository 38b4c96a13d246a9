package segment

import (
	"sync"
	"sync/atomic"
)

// Cache holds bytes of segment files that were read and verified, up to a budget, decoded dictionaries, up to half of it, and beside
// it dictionaries of templates, up to as much again: to decode one of those again takes as long as a search.
// What files keep in memory for as long as they are open (footers) and the dictionaries leave less room for the rest, but at least
// a quarter. What is larger than a sixteenth of that room is not kept. It is safe for concurrent use.
type Cache struct {
	maxBytes int64
	pinned   atomic.Int64
	shards   [cacheShards]cacheShard

	// clock counts uses of dictionaries.
	clock     atomic.Int64
	dicts     shelf
	templates shelf
}

// cacheShards is a power of two well above the number of goroutines that read at a time.
const cacheShards = 16

// cacheEntryBytes is about what an entry costs beside its data.
const cacheEntryBytes = 128

type cacheKey struct {
	file   uint64
	offset uint64
}

type cacheShard struct {
	mu struct {
		sync.Mutex
		entries map[cacheKey]*cacheEntry
		bytes   int64
		// newest and oldest are the ends of the list of entries by last use.
		newest, oldest *cacheEntry
	}
}

type cacheEntry struct {
	key          cacheKey
	data         []byte
	newer, older *cacheEntry
}

// NewCache makes a cache of maxBytes: too low and searches read the same blocks again and again, too
// high and memory is missing elsewhere; the operating system keeps recently read file pages anyway.
func NewCache(maxBytes int64) *Cache {
	c := &Cache{maxBytes: maxBytes}
	c.dicts = shelf{limit: maxBytes / 2, bytes: map[droppable]int64{}}
	c.templates = shelf{limit: maxBytes, bytes: map[droppable]int64{}}
	for i := range c.shards {
		c.shards[i].mu.entries = map[cacheKey]*cacheEntry{}
	}
	return c
}

// Bytes is what the cache holds at present, pinned memory included.
func (c *Cache) Bytes() int64 {
	n := c.pinned.Load() + c.dicts.held() + c.templates.held()
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		n += s.mu.bytes
		s.mu.Unlock()
	}
	return n
}

// pin counts memory that cannot be dropped; a negative n gives it back.
func (c *Cache) pin(n int64) { c.pinned.Add(n) }

func (c *Cache) shard(k cacheKey) *cacheShard {
	h := (k.file*0x9e3779b97f4a7c15 ^ k.offset) * 0xbf58476d1ce4e5b9
	return &c.shards[h>>60&(cacheShards-1)]
}

// get returns the data kept for a key, or nil.
func (c *Cache) get(k cacheKey) []byte {
	s := c.shard(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.mu.entries[k]
	if e == nil {
		return nil
	}
	s.unlinkLocked(e)
	s.pushLocked(e)
	return e.data
}

// put keeps data, which nobody may change any more, and drops what was used longest ago.
func (c *Cache) put(k cacheKey, data []byte) {
	room := max(c.maxBytes-c.pinned.Load()-c.dicts.held(), c.maxBytes/4) / cacheShards
	size := int64(len(data)) + cacheEntryBytes
	if size > room {
		return
	}
	s := c.shard(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.mu.entries[k] != nil {
		return
	}
	for s.mu.bytes+size > room && s.mu.oldest != nil {
		s.dropLocked(s.mu.oldest)
	}
	e := &cacheEntry{key: k, data: data}
	s.mu.entries[k] = e
	s.mu.bytes += size
	s.pushLocked(e)
}

// dropFile forgets everything of a file.
func (c *Cache) dropFile(file uint64) {
	c.dicts.dropFile(file)
	c.templates.dropFile(file)
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		for k, e := range s.mu.entries {
			if k.file == file {
				s.dropLocked(e)
			}
		}
		s.mu.Unlock()
	}
}

func (s *cacheShard) dropLocked(e *cacheEntry) {
	s.unlinkLocked(e)
	delete(s.mu.entries, e.key)
	s.mu.bytes -= int64(len(e.data)) + cacheEntryBytes
}

func (s *cacheShard) pushLocked(e *cacheEntry) {
	e.older, e.newer = s.mu.newest, nil
	if s.mu.newest != nil {
		s.mu.newest.newer = e
	}
	s.mu.newest = e
	if s.mu.oldest == nil {
		s.mu.oldest = e
	}
}

func (s *cacheShard) unlinkLocked(e *cacheEntry) {
	if e.newer != nil {
		e.newer.older = e.older
	} else {
		s.mu.newest = e.older
	}
	if e.older != nil {
		e.older.newer = e.newer
	} else {
		s.mu.oldest = e.newer
	}
	e.newer, e.older = nil, nil
}
