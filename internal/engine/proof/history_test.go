package proof

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/engine"
	"elkhorn/internal/engine/exec/brute"
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/vfs"
)

var ctx = context.Background()

// history is an engine and what must be in it.
type history struct {
	*random
	t       testing.TB
	mem     *vfs.Mem
	meta    string
	metas   int
	store   *engine.Engine
	indices []*brute.Index // sorted by name
	mapping string         // of all
	log     []string       // what happened, for the report of a failure
	// snapshots are open points in time; searches are those that were made.
	snapshots []scene
	searches  []*search
	// withheld says that writes stay unseen until a refresh; seen is what was there then.
	withheld bool
	seen     []*brute.Doc
}

// now is what searches see at present.
func (h *history) now() scene {
	sc := present(h.indices...)
	if h.withheld {
		sc.docs = h.seen
	}
	return sc
}

// refreshed notes that everything in some indices is seen.
func (h *history) refreshed(names ...string) {
	var seen []*brute.Doc
	for _, ix := range h.indices {
		if slices.Contains(names, ix.Name) {
			seen = append(seen, ix.Docs()...)
			continue
		}
		for _, d := range h.seen {
			if d.Index == ix.Name {
				seen = append(seen, d)
			}
		}
	}
	h.seen = seen
}

// snapshot opens a point in time, or closes one.
func (h *history) snapshot() error {
	if len(h.snapshots) > 2 {
		found, err := h.store.CloseSnapshot(ctx, h.snapshots[0].snapshot)
		if err == nil && !found {
			err = errors.New("a snapshot is gone")
		}
		h.snapshots = h.snapshots[1:]
		return err
	}
	sc := h.now()
	var err error
	if sc.snapshot, err = h.store.OpenSnapshot(ctx, es.Target{Names: h.names()}, time.Hour); err != nil {
		return err
	}
	h.note("snapshot of %d documents", len(sc.docs))
	h.snapshots = append(h.snapshots, sc)
	return nil
}

// id is one that documents of a history have, or had. No two indices share any.
func (r *random) id() string {
	if len(r.ids) > 0 && r.chance(25) {
		return r.ids[r.IntN(len(r.ids))]
	}
	return r.idOf("h")
}

func (r *random) idOf(index string) string { return fmt.Sprintf("id-%s-%d", index, r.IntN(40)) }

// at returns the index of a name.
func (h *history) at(name string) *brute.Index {
	for _, ix := range h.indices {
		if ix.Name == name {
			return ix
		}
	}
	panic("no index " + name)
}

// create makes the indices.
func (h *history) create(names ...string) error {
	h.indices = nil
	settings := "{}"
	if h.withheld {
		settings = `{"index.refresh_interval":"-1"}`
	}
	for _, name := range names {
		h.indices = append(h.indices, brute.NewIndex(name, h.mapping))
		if err := h.apply(&es.CreateIndex{Name: name, Settings: []byte(settings), Mappings: []byte(h.mapping)}); err != nil {
			return err
		}
	}
	return nil
}

func (h *history) names() []string {
	var names []string
	for _, ix := range h.indices {
		names = append(names, ix.Name)
	}
	return names
}

func (h *history) note(format string, args ...any) {
	h.log = append(h.log, fmt.Sprintf(format, args...))
}

// openStore opens a store with room of some size for caches and logs.
func (r *random) openStore(mem vfs.FS, meta string) (*engine.Engine, error) {
	opts := engine.Options{Dir: "/data", FS: mem, MetaFile: meta, Logger: slog.New(slog.DiscardHandler), DiskInterval: time.Hour}
	if !r.big { // else all would be read again and again
		opts.CacheBytes = []int64{0, 0, 1, 64 << 10}[r.IntN(4)]
	}
	opts.RequestCacheMinRows = r.IntN(3)
	opts.LogSegmentBytes = []int64{0, 0, 1, 16 << 10}[r.IntN(4)]
	return engine.Open(opts)
}

// newHistory opens a store and makes an index in it.
func newHistory(t testing.TB, r *random) (*history, error) {
	h := &history{random: r, t: t, mem: vfs.NewMem(), meta: filepath.Join(t.TempDir(), "meta.db")}
	r.churn, r.big, r.long = r.chance(70), r.chance(4), r.chance(8)
	r.long = r.long && !r.big
	var err error
	if h.store, err = h.openStore(h.mem, h.meta); err != nil {
		return nil, err
	}
	h.mapping = r.mapping()
	h.note("mapping %s", h.mapping)
	r.many, h.withheld = r.chance(20), r.chance(15)
	if r.many {
		return h, h.create("g", "h")
	}
	return h, h.create("h")
}

// step does one random thing to the store.
func (h *history) step() error {
	if h.long && h.chance(80) {
		return h.bulk()
	}
	switch n := h.IntN(24); {
	case n == 23:
		return h.closeAndOpen()
	case n == 22 && h.chance(30):
		return h.recreate()
	case n >= 20:
		return h.snapshot()
	case n < 11:
		return h.bulk()
	case n < 13 && h.chance(40):
		return h.bulksDuring()
	case n < 14:
		h.note("flush")
		return h.apply(&es.FlushIndices{})
	case n < 16:
		h.note("merge")
		return h.apply(&es.ForceMerge{MaxSegments: 1 + h.IntN(2)})
	case n < 17:
		h.note("refresh")
		h.refreshed(h.names()...)
		return h.apply(&es.RefreshIndices{})
	case n < 19:
		return h.restart()
	}
	return h.crash()
}

// closeAndOpen closes an index, which ends snapshots of it, and opens it again.
func (h *history) closeAndOpen() error {
	target := es.Target{Names: []string{h.names()[h.IntN(len(h.indices))]}}
	h.note("close and open %s", target.Names[0])
	h.snapshots = nil
	if err := h.apply(&es.OpenClose{Target: target, Close: true}); err != nil {
		return err
	}
	h.refreshed(target.Names...)
	return h.apply(&es.OpenClose{Target: target})
}

// recreate deletes the indices and makes them anew, without documents.
func (h *history) recreate() error {
	h.note("delete and create")
	h.snapshots, h.searches = nil, nil // a new mapping has fewer fields
	if err := h.apply(&es.DeleteIndices{Target: es.Target{Names: h.names()}}); err != nil {
		return err
	}
	err := h.create(h.names()...)
	h.refreshed(h.names()...)
	return err
}

// bulksDuring writes while a flush or a merge runs.
func (h *history) bulksDuring() error {
	var change es.Change = &es.FlushIndices{}
	if h.chance(60) {
		change = &es.ForceMerge{MaxSegments: 1}
	}
	h.note("%T and at once", change)
	done := make(chan error)
	go func() { done <- h.apply(change) }()
	var errs []error
	for range 1 + h.IntN(4) {
		errs = append(errs, h.bulk())
	}
	return errors.Join(append(errs, <-done)...)
}

func (h *history) apply(change es.Change) error {
	_, err := h.store.Apply(ctx, change)
	return err
}

func (h *history) restart() error {
	h.note("restart")
	if err := h.store.Close(); err != nil {
		return err
	}
	return h.reopen()
}

func (h *history) reopen() (err error) {
	h.snapshots = nil
	h.refreshed(h.names()...)
	h.store, err = h.openStore(h.mem, h.meta)
	return err
}

// crash cuts the power: what was not synced is lost, in part.
func (h *history) crash() error {
	h.note("crash")
	clone := h.mem.CrashClone(h.Rand)
	data, err := os.ReadFile(h.meta)
	if err != nil {
		return err
	}
	h.metas++
	meta := filepath.Join(h.t.TempDir(), fmt.Sprintf("meta%d.db", h.metas))
	if err := os.WriteFile(meta, data, 0o600); err != nil {
		return err
	}
	if err := h.store.Close(); err != nil {
		return err
	}
	h.mem, h.meta = clone, meta
	return h.reopen()
}

// bulk writes some operations and compares the answers.
func (h *history) bulk() error {
	req := &es.BulkRequest{}
	n := 1 + h.IntN(25)
	if h.big {
		n *= 1 + h.IntN(120)
	}
	for range n {
		req.Ops = append(req.Ops, h.operation())
	}
	if h.chance(20) {
		req.Refresh = es.RefreshTrue
	}
	resp, err := h.store.Bulk(ctx, req)
	if err != nil {
		return fmt.Errorf("bulk: %w", err)
	}
	for i := range req.Ops {
		if err := h.follow(&req.Ops[i], &resp.Items[i]); err != nil {
			return err
		}
	}
	if req.Refresh == es.RefreshTrue {
		h.note("and a refresh")
		var names []string // of the indices that were written to
		for _, op := range req.Ops {
			names = append(names, op.Index)
		}
		h.refreshed(slices.Compact(slices.Sorted(slices.Values(names)))...)
	}
	return nil
}

func (h *history) operation() es.BulkOp {
	ix := h.indices[h.IntN(len(h.indices))]
	op := es.BulkOp{Action: es.ActionIndex, Index: ix.Name}
	n := h.IntN(20)
	if !h.churn {
		n = 0
	}
	switch {
	case n < 8:
		op.Source = []byte(h.document())
		return op
	case n < 13:
		op.Source = []byte(h.document())
	case n < 15:
		op.Action, op.Source = es.ActionCreate, []byte(h.document())
	case n < 17:
		op.Action, op.Source = es.ActionUpdate, []byte(`{"doc":`+h.document()+`}`)
		if h.chance(30) {
			op.Source = []byte(`{"doc":` + h.document() + `,"upsert":` + h.document() + `}`)
		}
	default:
		op.Action = es.ActionDelete
	}
	op.ID = h.idOf(ix.Name)
	if id := h.id(); ix.Get(id) != nil {
		op.ID = id
	}
	if d := ix.Get(op.ID); op.Action != es.ActionUpdate && h.chance(15) {
		op.Guard = es.Guard{HasSeqNo: true, SeqNo: int64(h.IntN(50)), PrimaryTerm: 1}
		if d != nil && h.chance(70) {
			op.Guard.SeqNo = d.SeqNo
		}
	}
	return op
}

// follow does an operation to the reference and compares the answers.
func (h *history) follow(op *es.BulkOp, item *es.BulkItem) error {
	guard, ix := brute.NoGuard, h.at(op.Index)
	if op.Guard.HasSeqNo {
		guard.IfSeqNo = op.Guard.SeqNo
	}
	h.note("%s %s/%s %s guard %d", op.Action, op.Index, or(op.ID, item.ID), op.Source, guard.IfSeqNo)
	id := op.ID
	if id == "" {
		if id = item.ID; item.Err == nil && (id == "" || ix.Get(id) != nil) {
			return fmt.Errorf("generated id %q is empty or was there already", id)
		}
		if id != "" {
			h.ids = append(h.ids, id)
		}
	}
	var want brute.Outcome
	switch op.Action {
	case es.ActionDelete:
		want = ix.Delete(id, guard)
	case es.ActionUpdate:
		body := brute.MustParse(string(op.Source))
		upsert := ""
		if u := body.Get("upsert"); u != nil {
			_, upsert, _ = strings.Cut(string(op.Source), `,"upsert":`)
			upsert = strings.TrimSuffix(upsert, "}")
		}
		change, _, _ := strings.Cut(strings.TrimPrefix(string(op.Source), `{"doc":`), `,"upsert":`)
		if u := body.Get("upsert"); u == nil {
			change = strings.TrimSuffix(change, "}")
		}
		want = ix.Update(id, change, upsert)
	default:
		want = ix.Put(id, string(op.Source), op.Action == es.ActionCreate, guard)
	}
	return h.compare(op, id, item, want)
}

func (h *history) compare(op *es.BulkOp, id string, item *es.BulkItem, want brute.Outcome) error {
	ix := h.at(op.Index)
	status := item.Status
	if item.Err != nil {
		status = item.Err.Status
	}
	if status != want.Status {
		return fmt.Errorf("%s of %s %s answers %d (%v), want %d %s %s", op.Action, id, op.Source, status, item.Err, want.Status, want.Result, want.Reason)
	}
	if item.Err != nil {
		return nil
	}
	if want.Forgettable && item.Version == 1 {
		ix.Forget(id)
		want.Version = 1
	}
	if item.Result != want.Result || item.SeqNo != want.SeqNo || item.Version != want.Version {
		return fmt.Errorf("%s of %s answers %s, seq_no %d, version %d; want %s, %d, %d", op.Action, id, item.Result, item.SeqNo, item.Version, want.Result, want.SeqNo, want.Version)
	}
	if op.Action == es.ActionUpdate && item.Result == "updated" {
		got, err := h.store.Get(ctx, &es.GetRequest{Index: op.Index, ID: id})
		if err != nil {
			return err
		}
		// A later operation of the bulk may have replaced it; then the reference is behind.
		if got.SeqNo == item.SeqNo && !ix.Adopt(id, string(got.Source)) {
			return fmt.Errorf("update of %s by %s gives %s", id, op.Source, got.Source)
		}
	}
	return nil
}

// verify compares every document.
func (h *history) verify() error {
	if h.big && h.chance(60) {
		return nil
	}
	s := &search{query: both(`{"match_all":{}}`), sort: `[{"_seq_no":"asc"}]`, size: 1000, track: es.TrackAll}
	for _, ix := range h.indices {
		sc := scene{indices: []*brute.Index{ix}}
		for _, d := range h.now().docs {
			if d.Index == ix.Name {
				sc.docs = append(sc.docs, d)
			}
		}
		for s.from = 0; s.from <= len(sc.docs) && s.from < 10_000; s.from += s.size {
			if problem := check(h.store, sc, s); problem != "" {
				return errors.New(problem)
			}
		}
	}
	ix := h.indices[h.IntN(len(h.indices))]
	id := h.idOf(ix.Name)
	if other := h.id(); ix.Get(other) != nil {
		id = other
	}
	got, err := h.store.Get(ctx, &es.GetRequest{Index: ix.Name, ID: id})
	if err != nil && !eserr.Is(err, "resource_not_found_exception") {
		return err
	}
	d := ix.Get(id)
	switch {
	case (d != nil) != (err == nil && got.Found):
		return fmt.Errorf("get of %s: found is %v, want %v", id, got.Found, d != nil)
	case d != nil && (string(got.Source) != d.Source || got.Version != d.Version || got.SeqNo != d.SeqNo):
		return fmt.Errorf("get of %s gives %s, version %d, seq_no %d; want %s, %d, %d", id, got.Source, got.Version, got.SeqNo, d.Source, d.Version, d.SeqNo)
	}
	return nil
}

// fill makes the index anew with some documents.
func (h *history) fill(names []string, docs []*brute.Doc) (err error) {
	h.meta = filepath.Join(h.t.TempDir(), "meta.db")
	if h.store, err = h.openStore(h.mem, h.meta); err != nil {
		return err
	}
	if err := h.create(names...); err != nil {
		return err
	}
	req := &es.BulkRequest{}
	for _, d := range docs {
		req.Ops = append(req.Ops, es.BulkOp{Index: d.Index, ID: d.ID, Source: []byte(d.Source)})
	}
	if len(req.Ops) == 0 {
		return nil
	}
	resp, err := h.store.Bulk(ctx, req)
	if err != nil {
		return err
	}
	for i := range req.Ops {
		if err := h.follow(&req.Ops[i], &resp.Items[i]); err != nil {
			return err
		}
	}
	return nil
}
