package demo

// scheduled is something that happens at a time: an action of the simulation, or an event to hand out.
type scheduled struct {
	at    int64 // epoch milliseconds
	order uint64
	act   func(now int64) // nil for an event
	event Event
}

// queue hands out what is scheduled in the order of time; at the same time, in the order of pushing.
// It is a binary heap.
type queue struct {
	items  []scheduled
	pushed uint64
}

func (q *queue) push(s scheduled) {
	if s.order == 0 { // else it was popped before and keeps its place
		q.pushed++
		s.order = q.pushed
	}
	q.items = append(q.items, s)
	for i := len(q.items) - 1; i > 0; {
		parent := (i - 1) / 2
		if !q.before(i, parent) {
			return
		}
		q.items[i], q.items[parent] = q.items[parent], q.items[i]
		i = parent
	}
}

// pop takes the first; the queue is never empty, since every source schedules its next action before
// it acts.
func (q *queue) pop() scheduled {
	first := q.items[0]
	last := len(q.items) - 1
	q.items[0] = q.items[last]
	q.items[last] = scheduled{}
	q.items = q.items[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			return first
		}
		if child+1 < last && q.before(child+1, child) {
			child++
		}
		if !q.before(child, i) {
			return first
		}
		q.items[i], q.items[child] = q.items[child], q.items[i]
		i = child
	}
}

func (q *queue) before(i, j int) bool {
	a, b := &q.items[i], &q.items[j]
	return a.at < b.at || a.at == b.at && a.order < b.order
}
