package brute

import (
	"maps"
	"slices"
)

// Index is a set of documents under a mapping.
type Index struct {
	Name   string
	schema *schema
	docs   map[string]*Doc
	// gone are the versions of deleted documents.
	gone map[string]int64
	next int64 // sequence number of the next operation
}

// NewIndex makes an index without documents.
func NewIndex(name, mapping string) *Index {
	return &Index{Name: name, schema: newSchema(mapping), docs: map[string]*Doc{}, gone: map[string]int64{}}
}

// Outcome is what an operation must answer.
type Outcome struct {
	Status  int // HTTP status
	Result  string
	SeqNo   int64
	Version int64
	// Forgettable says that the version goes on from that of a deleted document. A store may have forgotten that and
	// begin with 1: tell it to Forget then.
	Forgettable bool
	Reason      string // of a refusal, for people
}

// Guard is what an operation demands of the document's present state; -1 is nothing.
type Guard struct{ IfSeqNo int64 }

// NoGuard demands nothing.
var NoGuard = Guard{-1}

// Fits says whether the mapping takes a document, without changing anything.
func (ix *Index) Fits(source string) bool {
	tree, err := Parse(source)
	if err != nil {
		return false
	}
	_, err = ix.schema.read(tree)
	return err == nil
}

// Put indexes a document; create refuses one that is there.
func (ix *Index) Put(id, source string, create bool, guard Guard) Outcome {
	tree, err := Parse(source)
	if err != nil {
		return Outcome{Status: 400, Reason: err.Error()}
	}
	r, err := ix.schema.read(tree)
	if err != nil {
		return Outcome{Status: 400, Reason: err.Error()}
	}
	before := ix.docs[id]
	ix.schema = r.schema // the mapping grows before the version is looked at
	if conflict := ix.conflict(id, create, guard); conflict != nil {
		return *conflict
	}
	d := r.root
	d.Index, d.ID, d.Source, d.SeqNo, d.Version, d.schema, d.tree = ix.Name, id, source, ix.next, 1, ix, tree
	d.own(d)
	ix.next++
	out := Outcome{Status: 201, Result: "created", SeqNo: d.SeqNo}
	if v, ok := ix.gone[id]; ok {
		d.Version, out.Forgettable = v+1, true
	}
	if before != nil {
		d.Version = before.Version + 1
		out.Status, out.Result = 200, "updated"
	}
	out.Version = d.Version
	ix.docs[id] = d
	delete(ix.gone, id)
	return out
}

func (ix *Index) conflict(id string, create bool, guard Guard) *Outcome {
	before := ix.docs[id]
	if create && before != nil || guard.IfSeqNo >= 0 && (before == nil || before.SeqNo != guard.IfSeqNo) {
		return &Outcome{Status: 409, Reason: "version conflict"}
	}
	return nil
}

// Delete removes a document.
func (ix *Index) Delete(id string, guard Guard) Outcome {
	if conflict := ix.conflict(id, false, guard); conflict != nil {
		return *conflict
	}
	out := Outcome{Status: 404, Result: "not_found", SeqNo: ix.next, Version: 1}
	ix.next++
	if v, ok := ix.gone[id]; ok {
		out.Version, out.Forgettable = v+1, true
	}
	if before := ix.docs[id]; before != nil {
		out.Status, out.Result, out.Version = 200, "deleted", before.Version+1
		delete(ix.docs, id)
	}
	ix.gone[id] = out.Version
	return out
}

// Update merges a change into a document, or indexes upsert ("" for none) where there is none. The merged source is content: a
// store may write it in its own way, see Adopt.
func (ix *Index) Update(id, change, upsert string) Outcome {
	for _, part := range []string{change, cmpOr(upsert, "{}")} {
		if err := noDuplicates(MustParse(part)); err != nil {
			return Outcome{Status: 400, Reason: err.Error()}
		}
	}
	before := ix.docs[id]
	if before == nil {
		if upsert == "" {
			return Outcome{Status: 404, Reason: "document missing"}
		}
		return ix.Put(id, upsert, false, NoGuard)
	}
	merged, changed := merge(before.tree, MustParse(change))
	if !changed {
		return Outcome{Status: 200, Result: "noop", SeqNo: before.SeqNo, Version: before.Version}
	}
	return ix.Put(id, Print(merged), false, NoGuard)
}

// merge replaces members of objects, recursively.
func merge(old, change *Node) (*Node, bool) {
	out := &Node{Kind: '{', Keys: slices.Clone(old.Keys), Items: slices.Clone(old.Items)}
	changed := false
	for i, key := range change.Keys {
		is := change.Items[i]
		at := slices.Index(out.Keys, key)
		switch {
		case at < 0:
			out.Keys, out.Items = append(out.Keys, key), append(out.Items, is)
			changed = true
		case out.Items[at].Kind == '{' && is.Kind == '{':
			inner, deeper := merge(out.Items[at], is)
			out.Items[at] = inner
			changed = changed || deeper
		case !out.Items[at].Same(is):
			out.Items[at] = is
			changed = true
		}
	}
	return out, changed
}

// Adopt takes over how a store wrote a merged source, if it says the same.
func (ix *Index) Adopt(id, source string) bool {
	d := ix.docs[id]
	tree, err := Parse(source)
	if d == nil || err != nil || !tree.Same(d.tree) {
		return false
	}
	d.Source = source
	return true
}

// Forget makes the version of the document, or of its deletion, 1.
func (ix *Index) Forget(id string) {
	if d := ix.docs[id]; d != nil {
		d.Version = 1
		return
	}
	ix.gone[id] = 1
}

// Get returns a document, or nil.
func (ix *Index) Get(id string) *Doc { return ix.docs[id] }

// Docs are the documents in the order of their sequence numbers.
func (ix *Index) Docs() []*Doc {
	return slices.SortedFunc(maps.Values(ix.docs), func(a, b *Doc) int { return int(a.SeqNo - b.SeqNo) })
}
