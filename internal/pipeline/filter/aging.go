package filter

import "container/list"

// aging is a map whose entries are in the order in which they were put there, oldest first. It is not safe for
// concurrent use.
type aging[V any] struct {
	entries map[string]*list.Element
	order   list.List
}

type agingEntry[V any] struct {
	key   string
	value V
}

func newAging[V any]() *aging[V] { return &aging[V]{entries: map[string]*list.Element{}} }

func (a *aging[V]) len() int { return len(a.entries) }

func (a *aging[V]) get(key string) (v V, ok bool) {
	e, ok := a.entries[key]
	if ok {
		v = e.Value.(*agingEntry[V]).value
	}
	return v, ok
}

// put sets the value of a key and makes it the youngest.
func (a *aging[V]) put(key string, v V) {
	if e, ok := a.entries[key]; ok {
		e.Value.(*agingEntry[V]).value = v
		a.order.MoveToBack(e)
		return
	}
	a.entries[key] = a.order.PushBack(&agingEntry[V]{key, v})
}

func (a *aging[V]) remove(key string) (v V, ok bool) {
	e, ok := a.entries[key]
	if ok {
		delete(a.entries, key)
		v = a.order.Remove(e).(*agingEntry[V]).value
	}
	return v, ok
}

// oldest returns the entry that was put first.
func (a *aging[V]) oldest() (key string, v V, ok bool) {
	if e := a.order.Front(); e != nil {
		entry := e.Value.(*agingEntry[V])
		return entry.key, entry.value, true
	}
	return "", v, false
}

// each calls visit with the entries, oldest first; visit may remove the one that it is called with.
func (a *aging[V]) each(visit func(key string, v V)) {
	for e := a.order.Front(); e != nil; {
		next := e.Next()
		entry := e.Value.(*agingEntry[V])
		visit(entry.key, entry.value)
		e = next
	}
}
