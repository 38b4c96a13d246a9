package segment

import (
	"sync"
	"sync/atomic"
)

// kept is something decoded from a file that the cache lets go of when it needs the room; it is decoded again when it is wanted.
type kept[T any] struct {
	cache  *Cache // nil: it is kept for good
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
		k.cache.keepDict(k, bytes)
	}
	return loaded, nil
}
