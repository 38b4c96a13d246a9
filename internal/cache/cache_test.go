package cache

import (
	"strconv"
	"sync"
	"testing"
)

func TestCacheIsBoundedAndKeepsWhatIsUsed(t *testing.T) {
	c := New[int](10)
	for i := range 1000 {
		c.Put(strconv.Itoa(i), i)
		if _, ok := c.Get("0"); !ok {
			t.Fatalf("an entry in use is gone after %d others", i)
		}
		if n := len(c.mu.young) + len(c.mu.old); n > 20 {
			t.Fatalf("%d entries, want at most 20", n)
		}
	}
	if _, ok := c.Get("1"); ok {
		t.Error("an entry that is not used is still there")
	}
}

func TestCacheConcurrently(t *testing.T) {
	c := New[int](8)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for i := range 1000 {
				key := strconv.Itoa(i % 20)
				if v, ok := c.Get(key); ok && v != i%20 {
					t.Errorf("%s is %d", key, v)
				}
				c.Put(key, i%20)
			}
		})
	}
	wait.Wait()
}
