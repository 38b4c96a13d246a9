package segment

import "sync"

// FieldCounts is what scoring needs to know of a keyword field in a segment.
type FieldCounts struct {
	// Docs is the number of rows with a value; Values that of their distinct values, a row's repeats not
	// counted.
	Docs, Values int64
}

// Counted is a segment that remembers counts, which are worked out once, when they are first wanted.
type Counted interface {
	// Counts returns the counts under a key, calling count when they are not known yet.
	Counts(key string, count func() (FieldCounts, error)) (FieldCounts, error)
}

// counts remembers FieldCounts by key. There is one per field that was scored, so it needs no bound.
type counts struct {
	mu    sync.Mutex
	byKey map[string]FieldCounts
}

// Counts implements Counted.
func (c *counts) Counts(key string, count func() (FieldCounts, error)) (FieldCounts, error) {
	c.mu.Lock()
	found, ok := c.byKey[key]
	c.mu.Unlock()
	if ok {
		return found, nil
	}
	found, err := count()
	if err != nil {
		return found, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey == nil {
		c.byKey = map[string]FieldCounts{}
	}
	c.byKey[key] = found
	return found, nil
}
