package segment

import (
	"sync"
	"sync/atomic"
)

// kept is something decoded from a file that the cache lets go of when it needs the room; it is decoded again when it is wanted.
type kept[T any] struct {
	cache  *Cache // nil: it is kept for good
	shelf  *shelf // of the cache
	file   uint64 // key of the cache
	used   atomic.Int64
	loaded atomic.Pointer[T]

	reading sync.Mutex
}

// droppable is what the cache needs to know of something kept.
type droppable interface {
	lastUse() int64 // by Cache.clock
	letGo()
	owner() uint64 // the file
}

func (k *kept[T]) lastUse() int64 { return k.used.Load() }
func (k *kept[T]) letGo()         { k.loaded.Store(nil) }
func (k *kept[T]) owner() uint64  { return k.file }

// get returns the thing; read decodes it and says what it takes in memory.
func (k *kept[T]) get(read func() (*T, int64, error)) (*T, error) {
	if k.cache != nil {
		k.used.Store(k.cache.clock.Add(1))
	}
	if loaded := k.loaded.Load(); loaded != nil {
		return loaded, nil
	}
	k.reading.Lock()
	defer k.reading.Unlock()
	if loaded := k.loaded.Load(); loaded != nil {
		return loaded, nil
	}
	loaded, bytes, err := read()
	if err != nil {
		return nil, err
	}
	k.loaded.Store(loaded)
	if k.cache != nil {
		k.shelf.keep(k, bytes)
	}
	return loaded, nil
}

// shelf is the part of the cache that one kind of things has. What was used longest ago goes when they take too much together.
type shelf struct {
	mu    sync.Mutex
	limit int64
	bytes map[droppable]int64
	sum   int64
}

func (s *shelf) held() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sum
}

// keep notes a thing that was decoded.
func (s *shelf) keep(d droppable, bytes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.bytes[d] = bytes
	s.sum += bytes
	for s.sum > s.limit && len(s.bytes) > 1 {
		var oldest droppable
		for other := range s.bytes {
			if other != d && (oldest == nil || other.lastUse() < oldest.lastUse()) {
				oldest = other
			}
		}
		s.dropLocked(oldest)
	}
}

// dropLocked lets go of a thing. Searches that use it keep it until they are done.
func (s *shelf) dropLocked(d droppable) {
	s.sum -= s.bytes[d]
	delete(s.bytes, d)
	d.letGo()
}

func (s *shelf) dropFile(file uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for d := range s.bytes {
		if d.owner() == file {
			s.dropLocked(d)
		}
	}
}
