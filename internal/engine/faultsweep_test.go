package engine

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/vfs"
	"elkhorn/internal/vfs/errorfs"
)

// faultRun is one run of a history in which some operation on files fails.
type faultRun struct {
	t    *testing.T
	mem  *vfs.Mem
	meta string
	e    *Engine
	// want are the documents that were acknowledged; unsure are the other states an operation that failed may have left.
	mu     sync.Mutex // guards want and unsure against a cut
	want   map[string]string
	unsure map[string][]string
	errs   []error
}

// newFaultRun makes an index with two segments and some deletes on healthy files.
func newFaultRun(t *testing.T, dir string) *faultRun {
	r := &faultRun{t: t, mem: vfs.NewMem(), meta: filepath.Join(dir, "meta.db"), want: map[string]string{}, unsure: map[string][]string{}}
	r.open(r.mem)
	r.write(0, 30, 0)
	mustApply(t, r.e, &es.FlushIndices{})
	r.write(30, 60, 0)
	mustApply(t, r.e, &es.FlushIndices{})
	r.remove(3, 40)
	r.close()
	if len(r.errs) > 0 {
		t.Fatal(r.errs)
	}
	return r
}

// open opens the store; false says that the index is not there for now, and the errors why.
func (r *faultRun) open(fsys vfs.FS) bool {
	e, err := Open(faultOptions(fsys, r.meta))
	r.e = e
	r.note(err)
	if err == nil && e.anyBroken() {
		r.note(errors.New(e.brokenReason()))
		return false
	}
	return err == nil
}

// faultOptions keep nothing decoded, so that reads reach the files.
func faultOptions(fsys vfs.FS, meta string) Options {
	return Options{Dir: "/data", FS: fsys, MetaFile: meta, CacheBytes: 1, Logger: slog.New(slog.DiscardHandler), DiskInterval: 1 << 40, LogSegmentBytes: 1 << 10}
}

func (r *faultRun) note(err error) {
	if err != nil {
		r.errs = append(r.errs, err)
	}
}

func (r *faultRun) close() {
	r.note(r.e.Close())
	r.e = nil
}

// write indexes documents of a generation under explicit ids.
func (r *faultRun) write(from, to, generation int) {
	req := &es.BulkRequest{}
	docs := map[string]string{}
	for i := from; i < to; i++ {
		id := fmt.Sprintf("id%d", i)
		docs[id] = fmt.Sprintf(`{"n":%d,"generation":%d,"text":"words of %d","@timestamp":"2026-03-%02dT10:00:00Z"}`, i, generation, i, 1+i%2)
		req.Ops = append(req.Ops, es.BulkOp{Index: "f", ID: id, Source: []byte(docs[id])})
	}
	r.bulk(req, docs)
}

// remove deletes some documents.
func (r *faultRun) remove(ids ...int) {
	req := &es.BulkRequest{}
	docs := map[string]string{}
	for _, i := range ids {
		id := fmt.Sprintf("id%d", i)
		docs[id] = ""
		req.Ops = append(req.Ops, es.BulkOp{Action: es.ActionDelete, Index: "f", ID: id})
	}
	r.bulk(req, docs)
}

// bulk notes what was acknowledged.
func (r *faultRun) bulk(req *es.BulkRequest, docs map[string]string) {
	r.mu.Lock()
	before := maps.Clone(r.unsure)
	for _, op := range req.Ops { // until it is answered
		r.unsure[op.ID] = append(slices.Clone(r.unsure[op.ID]), docs[op.ID])
	}
	r.mu.Unlock()
	resp, err := r.e.Bulk(ctx, req)
	r.note(err)
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, op := range req.Ops {
		if err == nil && (resp.Items[i].Err == nil || resp.Items[i].Status == 404) {
			r.want[op.ID] = docs[op.ID]
			delete(r.unsure, op.ID)
			continue
		}
		if err == nil {
			r.note(resp.Items[i].Err)
			r.unsure[op.ID] = before[op.ID] // it was refused
		}
	}
}

// history does all that changes files.
func (r *faultRun) history() {
	r.write(60, 80, 0)
	_, err := r.e.Apply(ctx, &es.FlushIndices{})
	r.note(err)
	r.write(10, 50, 1)
	r.remove(11, 61, 79)
	_, err = r.e.Apply(ctx, &es.FlushIndices{})
	r.note(err)
	_, err = r.e.Apply(ctx, &es.ForceMerge{MaxSegments: 1})
	r.note(err)
	r.remove(0, 45)
	r.write(80, 90, 1)
}

// check compares what a search finds with what was acknowledged.
func (r *faultRun) check(when string) {
	r.t.Helper()
	resp, err := r.e.Search(ctx, &es.SearchRequest{Target: es.Target{Names: []string{"f"}}, Size: 1000})
	if err != nil || len(resp.Shards.Failures) > 0 {
		r.t.Fatalf("%s: %v, %+v", when, err, resp)
	}
	have := map[string]string{}
	for _, h := range resp.Hits.Hits {
		if have[h.ID] != "" {
			r.t.Errorf("%s: %s is there twice", when, h.ID)
		}
		have[h.ID] = string(h.Source)
	}
	for _, id := range slices.Sorted(maps.Keys(r.want)) {
		if have[id] != r.want[id] && !slices.Contains(r.unsure[id], have[id]) {
			r.t.Errorf("%s: %s is %q, want %q (or %q)", when, id, have[id], r.want[id], r.unsure[id])
		}
	}
	for id := range have {
		if _, known := r.want[id]; !known && len(r.unsure[id]) == 0 {
			r.t.Errorf("%s: %s came from nowhere", when, id)
		}
	}
}

// named checks that every error tells of the fault.
func (r *faultRun) named(says string) {
	r.t.Helper()
	for _, err := range r.errs {
		if !strings.Contains(err.Error(), says) {
			r.t.Errorf("an error does not name its cause: %v", err)
		}
	}
}

// heal closes the store, opens it on healthy files and checks them, also as they are after the power went off.
func (r *faultRun) heal(rng *rand.Rand) {
	r.t.Helper()
	if r.e != nil {
		r.close()
	}
	clone := r.mem.CrashClone(rng)
	r.verify("healed", r.mem)
	r.verify("after a power cut", clone)
}

// verify opens the store on some files, checks it, and writes to it.
func (r *faultRun) verify(when string, fsys *vfs.Mem) {
	r.t.Helper()
	r.e = open(r.t, faultOptions(fsys, copyFile(r.t, r.meta)))
	if r.e.anyBroken() {
		r.t.Errorf("%s: %s", when, r.e.brokenReason())
	} else {
		r.check(when)
		wantTaken(r.t, r.e, "g")
	}
	if err := r.e.Close(); err != nil {
		r.t.Errorf("%s: close: %v", when, err)
	}
	r.e = nil
}

// TestPowerCutAtAnyOperation cuts the power at operations that change files, while the store writes, flushes, merges and
// deletes: what was acknowledged by then is there after the restart, and what was deleted is not.
func TestPowerCutAtAnyOperation(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 6))
	for n := 0; ; n += 1 + rng.IntN(3) {
		r := newFaultRun(t, t.TempDir())
		var cuts []*faultRun
		var count atomic.Int64
		at := int64(n)
		cut := errorfs.InjectorFunc(func(errorfs.Op) *errorfs.Fault {
			if count.Add(1)-1 != at {
				return nil
			}
			r.mu.Lock()
			defer r.mu.Unlock()
			for _, survives := range []*rand.Rand{nil, rng, rng} {
				cuts = append(cuts, &faultRun{t: t, mem: r.mem.CrashClone(survives), meta: r.meta, want: maps.Clone(r.want), unsure: maps.Clone(r.unsure)})
			}
			return nil
		})
		if !r.open(errorfs.Wrap(r.mem, errorfs.OnMutations(cut))) {
			t.Fatal(r.errs)
		}
		r.history()
		r.close()
		if len(r.errs) > 0 {
			t.Fatal(r.errs)
		}
		for i, c := range cuts {
			c.verify(fmt.Sprintf("operation %d, cut %d", n, i), c.mem)
		}
		if t.Failed() {
			t.Fatalf("operation %d", n)
		}
		if cuts == nil {
			t.Logf("%d operations", n)
			return
		}
	}
}

// TestFaultSweep fails each operation that changes files in turn, whole and in part, while the store writes, flushes, merges,
// deletes and opens. Nothing acknowledged is lost, errors name the fault, and healthy files open.
func TestFaultSweep(t *testing.T) {
	for name, kind := range map[string]func(errorfs.Injector) errorfs.Injector{
		"whole": errorfs.OnMutations,
		"partial": func(next errorfs.Injector) errorfs.Injector {
			return errorfs.ShortWrite(errorfs.OnKinds(next, errorfs.FileWrite))
		},
	} {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 2))
			n := 0
			for ; ; n++ {
				r := newFaultRun(t, t.TempDir())
				nth := errorfs.Nth(n)
				if r.open(errorfs.Wrap(r.mem, kind(nth))) {
					r.history()
					r.check(fmt.Sprintf("operation %d", n))
				}
				r.named(errorfs.ErrInjected.Error())
				r.heal(rng)
				if t.Failed() {
					t.Fatalf("operation %d: %v", n, r.errs)
				}
				if !nth.Fired() {
					break
				}
			}
			if n < 20 {
				t.Errorf("only %d operations", n)
			}
			t.Logf("%d operations", n)
		})
	}
}

// TestNoSpaceSweep lets the disk run full after more and more bytes.
func TestNoSpaceSweep(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for room := int64(0); ; room += 331 {
		r := newFaultRun(t, t.TempDir())
		if r.open(errorfs.Wrap(r.mem, errorfs.NoSpaceAfter(room))) {
			r.history()
			r.check(fmt.Sprintf("%d bytes of room", room))
		}
		r.named("no space left")
		failed := len(r.errs) > 0
		r.heal(rng)
		if t.Failed() {
			t.Fatalf("%d bytes of room", room)
		}
		if !failed {
			break
		}
	}
}

// TestReadFaultSweep fails some reads in turn: a search answers right or says what failed, and the store works once files can be
// read again.
func TestReadFaultSweep(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 5))
	for n := 0; ; n += 1 + rng.IntN(15) {
		r := newFaultRun(t, t.TempDir())
		nth := errorfs.Nth(n)
		reads := errorfs.OnKinds(nth, errorfs.FileRead, errorfs.Open, errorfs.Stat, errorfs.List, errorfs.FileSize, errorfs.OpenDir)
		if r.open(errorfs.Wrap(r.mem, reads)) {
			for _, q := range []string{all, `{"match":{"text":"words"}}`, `{"range":{"n":{"gte":10}}}`, `{"ids":{"values":["id1","id59"]}}`} {
				resp, err := search(r.e, "f", q)
				want := map[string]int64{all: 58, `{"match":{"text":"words"}}`: 58, `{"range":{"n":{"gte":10}}}`: 49, `{"ids":{"values":["id1","id59"]}}`: 2}[q]
				switch {
				case err != nil:
					r.note(err)
				case len(resp.Shards.Failures) > 0:
					r.note(resp.Shards.Failures[0].Err)
				case resp.Hits.Total.Value != want:
					t.Errorf("read %d: %s finds %d without an error, want %d", n, q, resp.Hits.Total.Value, want)
				}
			}
			r.history()
		}
		r.named(errorfs.ErrInjected.Error())
		r.heal(rng)
		if t.Failed() {
			t.Fatalf("read %d", n)
		}
		if !nth.Fired() {
			t.Logf("%d reads", n)
			return
		}
	}
}
