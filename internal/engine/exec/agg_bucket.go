package exec

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
)

// bucketPart is one bucket of a partial result. Its key is a number or a string, as its aggregation
// says.
type bucketPart struct {
	num   int64
	str   string
	count int64
	subs  partials
}

// bucketList are the buckets of one parent, found by key when lists merge.
type bucketList struct {
	acct     *account
	textKeys bool
	list     []bucketPart
	byNum    map[int64]int
	byStr    map[string]int
}

// mergeList adds the buckets of o.
func (l *bucketList) mergeList(o *bucketList) error {
	if err := l.index(); err != nil {
		return err
	}
	for i := range o.list {
		if err := l.acct.stopAt(i); err != nil {
			return err
		}
		b := &o.list[i]
		at, ok := l.find(b)
		if !ok {
			if err := l.acct.grow(mergedBytes); err != nil {
				return err
			}
			l.put(b, len(l.list))
			l.list = append(l.list, *b)
			continue
		}
		l.list[at].count += b.count
		if err := l.list[at].subs.merge(b.subs); err != nil {
			return err
		}
	}
	return nil
}

// mergedBytes is about what a bucket takes in a list and its index.
const mergedBytes = 160

func (l *bucketList) index() error {
	if l.byNum != nil || l.byStr != nil {
		return nil
	}
	if err := l.acct.grow(mergedBytes * len(l.list)); err != nil {
		return err
	}
	if l.textKeys {
		l.byStr = make(map[string]int, len(l.list))
	} else {
		l.byNum = make(map[int64]int, len(l.list))
	}
	for i := range l.list {
		l.put(&l.list[i], i)
	}
	return nil
}

func (l *bucketList) find(b *bucketPart) (at int, ok bool) {
	if l.textKeys {
		at, ok = l.byStr[b.str]
	} else {
		at, ok = l.byNum[b.num]
	}
	return at, ok
}

func (l *bucketList) put(b *bucketPart, at int) {
	if l.textKeys {
		l.byStr[b.str] = at
	} else {
		l.byNum[b.num] = at
	}
}

// bucketOrder is a compiled order of buckets.
type bucketOrder []orderKey

type orderKey struct {
	by   orderBy
	desc bool
	path []string // of a metric: names of aggregations from the bucket inwards
	sub  int      // position of path[0] among the bucket's aggregations
	prop string   // property of the metric, "" for its only one
}

type orderBy uint8

const (
	orderCount orderBy = iota
	orderKeyOf
	orderMetric
)

// bucketOrder compiles an order; fallback is used when none is given. Ties always end in the key, upwards.
func (c *compiler) bucketOrder(orders []agg.Order, fallback orderKey, subs []*aggPlan) (bucketOrder, error) {
	var out bucketOrder
	for _, o := range orders {
		k, err := orderOf(o, subs)
		if err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	if len(out) == 0 {
		out = append(out, fallback)
	}
	if out[len(out)-1].by != orderKeyOf {
		out = append(out, orderKey{by: orderKeyOf})
	}
	return out, nil
}

func orderOf(o agg.Order, subs []*aggPlan) (orderKey, error) {
	switch o.Path {
	case "_count":
		return orderKey{by: orderCount, desc: o.Desc}, nil
	case "_key":
		return orderKey{by: orderKeyOf, desc: o.Desc}, nil
	}
	k := orderKey{by: orderMetric, desc: o.Desc, path: strings.Split(o.Path, ">")}
	last := len(k.path) - 1
	for i := range subs {
		if subs[i].name == k.path[last] && last == 0 {
			k.sub = i
			return k, nil
		}
	}
	name, prop, found := strings.Cut(k.path[last], ".")
	if strings.HasSuffix(k.path[last], "]") { // latency[99.9]
		name, prop, found = strings.Cut(strings.TrimSuffix(k.path[last], "]"), "[")
	}
	if found {
		k.path[last], k.prop = name, prop
	}
	k.sub = slices.IndexFunc(subs, func(p *aggPlan) bool { return p.name == k.path[0] })
	if k.sub < 0 {
		return k, eserr.New(500, "aggregation_execution_exception",
			"Invalid aggregator order path [%s]. The provided aggregation [%s] either does not exist, or is a pipeline aggregation and cannot be used to sort the buckets.", o.Path, k.path[0])
	}
	return k, nil
}

// value is the number a bucket is ordered by; NaN when there is none.
func (k *orderKey) value(b *bucketPart) float64 {
	var p partial = b.subs[k.sub]
	for _, name := range k.path[1:] {
		outer, ok := p.(interface{ inner(name string) partial })
		if !ok {
			return math.NaN()
		}
		if p = outer.inner(name); p == nil {
			return math.NaN()
		}
	}
	if v, ok := p.(valued); ok {
		if x, ok := v.value(k.prop); ok {
			return x
		}
	}
	return math.NaN()
}

func compareTexts(a, b *bucketPart) int { return strings.Compare(a.str, b.str) }

// sorter compares buckets of one list by position; metrics are worked out once.
type sorter struct {
	order   bucketOrder
	list    []bucketPart
	metrics [][]float64 // by order key, nil for those that are no metric
	keys    func(a, b *bucketPart) int
}

func newSorter(order bucketOrder, list []bucketPart, keys func(a, b *bucketPart) int) *sorter {
	s := &sorter{order: order, list: list, keys: keys, metrics: make([][]float64, len(order))}
	for i := range order {
		if order[i].by != orderMetric {
			continue
		}
		s.metrics[i] = make([]float64, len(list))
		for j := range list {
			s.metrics[i][j] = order[i].value(&list[j])
		}
	}
	return s
}

func (s *sorter) compare(a, b int) int {
	for i := range s.order {
		k := &s.order[i]
		c := 0
		switch k.by {
		case orderCount:
			c = cmp.Compare(s.list[a].count, s.list[b].count)
		case orderKeyOf:
			c = s.keys(&s.list[a], &s.list[b])
		default:
			x, y := s.metrics[i][a], s.metrics[i][b]
			if math.IsNaN(x) || math.IsNaN(y) { // no value goes last, whatever the direction
				if c := cmp.Compare(bit(math.IsNaN(x)), bit(math.IsNaN(y))); c != 0 {
					return c
				}
				continue
			}
			c = cmp.Compare(x, y)
		}
		if c != 0 {
			if k.desc {
				return -c
			}
			return c
		}
	}
	return 0
}

// best returns the positions of the first k buckets in order, among those that pass.
func (s *sorter) best(k int, pass func(b *bucketPart) bool) []int {
	var heap []int // worst first
	for i := range s.list {
		switch {
		case !pass(&s.list[i]):
		case len(heap) < k:
			heap = append(heap, i)
			s.up(heap, len(heap)-1)
		case s.compare(i, heap[0]) < 0:
			heap[0] = i
			s.down(heap)
		}
	}
	slices.SortFunc(heap, s.compare)
	return heap
}

func (s *sorter) up(heap []int, i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if s.compare(heap[i], heap[parent]) <= 0 {
			return
		}
		heap[i], heap[parent] = heap[parent], heap[i]
		i = parent
	}
}

func (s *sorter) down(heap []int) {
	i := 0
	for {
		child := 2*i + 1
		if child >= len(heap) {
			return
		}
		if child+1 < len(heap) && s.compare(heap[child+1], heap[child]) > 0 {
			child++
		}
		if s.compare(heap[i], heap[child]) >= 0 {
			return
		}
		heap[i], heap[child] = heap[child], heap[i]
		i = child
	}
}
