package exec

import (
	"cmp"
	"slices"
)

// candidate is a document that may be among the best.
type candidate struct {
	keys   []sortVal
	plan   int // position of its index in the search
	source int // position of its segment in the index
	row    int // in the segment
	score  float64
	// group is the value that documents are collapsed by, and name says which it is; name is empty where they are not.
	group sortVal
	name  string
}

// topK keeps the k documents that sort first. It is for one goroutine; see merge.
type topK struct {
	k     int
	desc  []bool      // per key, for strings
	after []sortVal   // only documents beyond these; nil: no such limit
	heap  []candidate // worst first once full
	acct  *account
	// groups says where in heap the document of each group is; nil where documents are not collapsed.
	groups map[string]int
}

func newTopK(k int, desc []bool, after []sortVal, acct *account) *topK {
	return &topK{k: k, desc: desc, after: after, acct: acct}
}

// compare orders candidates: by keys, then by index, segment and row, which is the order of arrival.
func (t *topK) compare(a, b *candidate) int {
	for i := range a.keys {
		if c := compareVals(&a.keys[i], &b.keys[i], t.desc[i]); c != 0 {
			return c
		}
	}
	return cmp.Or(cmp.Compare(a.plan, b.plan), cmp.Compare(a.source, b.source), cmp.Compare(a.row, b.row))
}

// full says whether only documents better than the worst kept one still count.
func (t *topK) full() bool { return len(t.heap) >= t.k }

// beats says whether a document with this first key may still enter. It may say yes on ties.
func (t *topK) beats(first *sortVal) bool {
	return !t.full() || t.k > 0 && compareVals(first, &t.heap[0].keys[0], t.desc[0]) <= 0
}

// blockBeats says whether a document of a block may still enter, given the value of the first key
// that sorts first in the block and where the block begins.
func (t *topK) blockBeats(first *sortVal, plan, source, firstRow int) bool {
	if t.k == 0 {
		return false
	}
	if !t.full() {
		return true
	}
	worst := &t.heap[0]
	if c := compareVals(first, &worst.keys[0], t.desc[0]); c != 0 || len(t.desc) > 1 {
		return c <= 0
	}
	return cmp.Or(cmp.Compare(plan, worst.plan), cmp.Compare(source, worst.source), cmp.Compare(firstRow, worst.row)) < 0
}

// isAfter says whether keys come after the cursor of search_after.
func (t *topK) isAfter(keys []sortVal) bool {
	for i := range t.after {
		if c := compareVals(&keys[i], &t.after[i], t.desc[i]); c != 0 {
			return c > 0
		}
	}
	return t.after == nil
}

// offer adds a candidate if it is good enough. The keys are copied.
func (t *topK) offer(c candidate) error {
	if t.k == 0 || !t.isAfter(c.keys) {
		return nil
	}
	if t.groups != nil {
		if at, ok := t.groups[c.name]; ok {
			return t.replace(at, c)
		}
	}
	if t.full() {
		if t.compare(&c, &t.heap[0]) >= 0 {
			return nil
		}
		if t.groups != nil {
			delete(t.groups, t.heap[0].name)
			t.groups[c.name] = 0
		}
		more := -textBytes(t.heap[0].keys)
		c.keys = copyKeys(t.heap[0].keys, c.keys)
		t.heap[0] = c
		more += textBytes(c.keys)
		t.down(0)
		return t.acct.grow(more)
	}
	if err := t.acct.grow(candidateBytes + len(c.keys)*sortValBytes + textBytes(c.keys)); err != nil {
		return err
	}
	c.keys = copyKeys(make([]sortVal, len(c.keys)), c.keys)
	if t.groups != nil {
		if err := t.acct.grow(groupBytes + 2*len(c.name)); err != nil {
			return err
		}
		t.groups[c.name] = len(t.heap)
	}
	t.heap = append(t.heap, c)
	t.up(len(t.heap) - 1)
	return nil
}

// groupBytes is about what a group takes besides its document and its name.
const groupBytes = 64

// replace puts a document in the place of another of the same group, if it is better.
func (t *topK) replace(at int, c candidate) error {
	if t.compare(&c, &t.heap[at]) >= 0 {
		return nil
	}
	more := textBytes(c.keys) - textBytes(t.heap[at].keys)
	c.keys = copyKeys(t.heap[at].keys, c.keys)
	t.heap[at] = c
	t.down(at) // a better one is further from the worst
	return t.acct.grow(more)
}

// swap exchanges two documents.
func (t *topK) swap(i, j int) {
	t.heap[i], t.heap[j] = t.heap[j], t.heap[i]
	if t.groups != nil {
		t.groups[t.heap[i].name], t.groups[t.heap[j].name] = i, j
	}
}

// What a kept document and one of its sort values take, texts aside.
const (
	candidateBytes = 96
	sortValBytes   = 48
)

func textBytes(keys []sortVal) int {
	n := 0
	for i := range keys {
		n += len(keys[i].str)
	}
	return n
}

// copyKeys copies src over dst, reusing the bytes of its strings.
func copyKeys(dst, src []sortVal) []sortVal {
	for i := range src {
		str := dst[i].str
		dst[i] = src[i]
		dst[i].str = nil
		if src[i].str != nil {
			dst[i].str = append(str[:0], src[i].str...)
		}
	}
	return dst
}

func (t *topK) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if t.compare(&t.heap[i], &t.heap[parent]) <= 0 {
			return
		}
		t.swap(i, parent)
		i = parent
	}
}

func (t *topK) down(i int) {
	for {
		child := 2*i + 1
		if child >= len(t.heap) {
			return
		}
		if child+1 < len(t.heap) && t.compare(&t.heap[child+1], &t.heap[child]) > 0 {
			child++
		}
		if t.compare(&t.heap[i], &t.heap[child]) >= 0 {
			return
		}
		t.swap(i, child)
		i = child
	}
}

// merge takes the candidates of another worker.
func (t *topK) merge(o *topK) error {
	for _, c := range o.heap {
		if err := t.offer(c); err != nil {
			return err
		}
	}
	return nil
}

// sorted returns the candidates, best first. The topK is used up.
func (t *topK) sorted() []candidate {
	slices.SortFunc(t.heap, func(a, b candidate) int { return t.compare(&a, &b) })
	return t.heap
}
