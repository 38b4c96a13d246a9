package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
	"elkhorn/internal/vfs"
)

var ctx = context.Background()

// open opens an engine over a folder that the test keeps.
func open(t testing.TB, opts Options) *Engine {
	t.Helper()
	if opts.Dir == "" {
		opts.Dir = t.TempDir()
	}
	if opts.Logger == nil {
		opts.Logger = slog.New(slog.DiscardHandler)
	}
	e, err := Open(opts)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func openTemp(t testing.TB) *Engine {
	t.Helper()
	e := open(t, Options{})
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

// write writes documents; an id before "|" is explicit.
func write(t testing.TB, e *Engine, name string, docs ...string) []es.BulkItem {
	t.Helper()
	req := &es.BulkRequest{}
	for _, d := range docs {
		op := es.BulkOp{Action: es.ActionIndex, Index: name}
		if id, rest, ok := strings.Cut(d, "|"); ok && !strings.HasPrefix(d, "{") {
			op.ID, d = id, rest
		}
		if d == "" {
			op.Action = es.ActionDelete
		} else {
			op.Source = []byte(d)
		}
		req.Ops = append(req.Ops, op)
	}
	return bulk(t, e, req)
}

func bulk(t testing.TB, e *Engine, req *es.BulkRequest) []es.BulkItem {
	t.Helper()
	resp, err := e.Bulk(ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	return resp.Items
}

// sources searches and returns the documents found, in the order of _seq_no.
func sources(t testing.TB, e *Engine, name, q string) []string {
	t.Helper()
	parsed, err := query.Parse([]byte(q))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := e.Search(ctx, &es.SearchRequest{Target: es.Target{Names: []string{name}}, Query: parsed, Size: 10_000, Sort: []es.SortKey{{Field: "_seq_no"}}})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, h := range resp.Hits.Hits {
		out = append(out, string(h.Source))
	}
	return out
}

func wantSources(t testing.TB, e *Engine, name, q string, want ...string) {
	t.Helper()
	got := sources(t, e, name, q)
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s in %s found\n%s\nwant\n%s", q, name, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

const all = `{"match_all":{}}`

func TestIndexSearchRestart(t *testing.T) {
	dir := t.TempDir()
	docs := []string{
		`{"@timestamp":"2026-02-27T14:32:15.847Z","level":"ERROR","message":"Connection timeout","n":1}`,
		`{"@timestamp":"2026-02-27T14:32:16Z","level":"INFO","message":"all  good","n":2.5,"list":[1, 2]}`,
		`{"@timestamp":"2026-02-28T00:00:00.000Z","level":"ERROR","message":"connection-pool exhausted"}`,
	}
	check := func(e *Engine) {
		t.Helper()
		wantSources(t, e, "logs", all, docs...)
		wantSources(t, e, "logs", `{"match_phrase":{"message":"connection pool"}}`, docs[2])
		wantSources(t, e, "logs", `{"term":{"level.keyword":"ERROR"}}`, docs[0], docs[2])
		wantSources(t, e, "logs", `{"range":{"@timestamp":{"lt":"2026-02-28"}}}`, docs[0], docs[1])
		wantSources(t, e, "logs", `{"range":{"n":{"gte":2}}}`, docs[1])
	}
	e := open(t, Options{Dir: dir})
	write(t, e, "logs", docs...)
	check(e)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, Options{Dir: dir}) // from segment files
	check(e)
	if ix := e.indexByName["logs"]; ix.statistics().Segments != 2 {
		t.Errorf("%d segments for two days", ix.statistics().Segments)
	}
	if _, err := e.Apply(ctx, &es.ForceMerge{Target: es.Target{Names: []string{"logs"}}, MaxSegments: 1}); err != nil {
		t.Fatal(err)
	}
	check(e)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, Options{Dir: dir})
	check(e)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestReplayAfterCrash(t *testing.T) {
	mem := vfs.NewMem()
	meta := filepath.Join(t.TempDir(), "meta.db")
	e := open(t, Options{Dir: "/data", FS: mem, MetaFile: meta})
	write(t, e, "a", `1|{"v":1}`, `2|{"v":1}`, `{"v":9}`)
	write(t, e, "a", `1|{"v":2,"new":"field"}`, `2|`, `3|{"v":1}`)
	clone := mem.CrashClone(rand.New(rand.NewPCG(1, 2)))
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, Options{Dir: "/data", FS: clone, MetaFile: meta})
	defer e.Close()
	wantSources(t, e, "a", all, `{"v":9}`, `{"v":2,"new":"field"}`, `{"v":1}`)
	got, err := e.Get(ctx, &es.GetRequest{Index: "a", ID: "1"})
	if err != nil || !got.Found || got.Version != 2 || got.SeqNo != 3 {
		t.Errorf("document 1 after replay: %+v, %v", got, err)
	}
	if items := write(t, e, "a", `{"v":10}`); items[0].SeqNo != 6 {
		t.Errorf("next sequence number is %d, want 6", items[0].SeqNo)
	}
}

func TestVersions(t *testing.T) {
	e := openTemp(t)
	items := write(t, e, "v", `a|{"n":1}`, `a|{"n":2}`, `a|`, `a|{"n":3}`, `missing|`)
	for i, want := range []struct {
		result  string
		status  int
		version int64
	}{{"created", 201, 1}, {"updated", 200, 2}, {"deleted", 200, 3}, {"created", 201, 4}, {"not_found", 404, 1}} {
		if items[i].Result != want.result || items[i].Status != want.status || items[i].Version != want.version || items[i].SeqNo != int64(i) {
			t.Errorf("operation %d: %+v, want %+v", i, items[i], want)
		}
	}
	wantSources(t, e, "v", all, `{"n":3}`)
	refused := bulk(t, e, &es.BulkRequest{Ops: []es.BulkOp{
		{Action: es.ActionCreate, Index: "v", ID: "a", Source: []byte(`{"n":4}`)},
		{Action: es.ActionIndex, Index: "v", ID: "a", Source: []byte(`{"n":5}`), Guard: es.Guard{HasSeqNo: true, SeqNo: 0, PrimaryTerm: 1}},
		{Action: es.ActionIndex, Index: "v", ID: "a", Source: []byte(`{"n":6}`), Guard: es.Guard{HasSeqNo: true, SeqNo: 3, PrimaryTerm: 1}},
		{Action: es.ActionIndex, Index: "v", ID: "x", Source: []byte(`{"n":7}`), Guard: es.Guard{Version: 40, VersionType: "external"}},
		{Action: es.ActionIndex, Index: "v", ID: "x", Source: []byte(`{"n":8}`), Guard: es.Guard{Version: 40, VersionType: "external"}},
	}})
	for i, want := range []int{409, 409, 200, 201, 409} {
		if refused[i].Status != want {
			t.Errorf("guarded operation %d: status %d (%v), want %d", i, refused[i].Status, refused[i].Err, want)
		}
	}
	wantSources(t, e, "v", all, `{"n":6}`, `{"n":7}`)
}

func TestUpdate(t *testing.T) {
	e := openTemp(t)
	items := write(t, e, "u", `{"keep":1,"o":{"a":1,"b":[1]}}`)
	id := items[0].ID
	update := func(id, body string) es.BulkItem {
		return bulk(t, e, &es.BulkRequest{Ops: []es.BulkOp{{Action: es.ActionUpdate, Index: "u", ID: id, Source: []byte(body)}}})[0]
	}
	if it := update(id, `{"doc":{"o":{"b":2},"new":true}}`); it.Result != "updated" || it.Version != 2 {
		t.Errorf("update: %+v", it)
	}
	if it := update(id, `{"doc":{"new":true}}`); it.Result != "noop" {
		t.Errorf("update that changes nothing: %+v", it)
	}
	if it := update("other", `{"doc":{"x":1}}`); it.Status != 404 || it.Err.Type != "document_missing_exception" {
		t.Errorf("update of a missing document: %+v", it)
	}
	if it := update("other", `{"doc":{"x":1},"doc_as_upsert":true}`); it.Result != "created" {
		t.Errorf("upsert: %+v", it)
	}
	if it := update("other", `{"script":"x"}`); it.Status != 400 {
		t.Errorf("script: %+v", it)
	}
	wantSources(t, e, "u", all, `{"keep":1,"o":{"a":1,"b":2},"new":true}`, `{"x":1}`)
}

func TestOneBadDocumentHarmsNoOther(t *testing.T) {
	e := openTemp(t)
	items := write(t, e, "b", `{"n":1}`, `{"n":"x"}`, `{"n":`, "{\"s\":\"\xff\"}", `{"n":{"o":1}}`, `{"n":2}`)
	for i, want := range []int{201, 400, 400, 400, 400, 201} {
		if items[i].Status != want {
			t.Errorf("document %d: status %d (%v), want %d", i, items[i].Status, items[i].Err, want)
		}
	}
	if items[1].Err.Type != "document_parsing_exception" {
		t.Errorf("misfit: %v", items[1].Err)
	}
	wantSources(t, e, "b", all, `{"n":1}`, `{"n":2}`)
}

func TestRefusedDocumentLeavesNoFields(t *testing.T) {
	e := openTemp(t)
	write(t, e, "g", `{"a":1}`)
	for _, doc := range []string{`{"new":1,"a.b":3}`, `{"new":1,"a":{"b":3}}`, `{"new":1,"a":"x"}`, `{"new":1,"other":{"x":1},"other.x":{"y":2}}`} {
		items := write(t, e, "g", doc)
		if items[0].Status != 400 || items[0].Err.Type != "document_parsing_exception" {
			t.Errorf("%s: %d %v", doc, items[0].Status, items[0].Err)
		}
	}
	if m := e.indexByName["g"].mapping(); m.FieldCount() != 1 {
		t.Errorf("the mapping has %d fields after refused documents, want 1", m.FieldCount())
	}
	wantSources(t, e, "g", all, `{"a":1}`)
}

func TestWithheldUntilRefresh(t *testing.T) {
	e := openTemp(t)
	if _, err := e.Apply(ctx, &es.CreateIndex{Name: "w", Settings: []byte(`{"refresh_interval":"-1"}`)}); err != nil {
		t.Fatal(err)
	}
	write(t, e, "w", `a|{"n":1}`)
	wantSources(t, e, "w", all)
	if got, err := e.Get(ctx, &es.GetRequest{Index: "w", ID: "a"}); err != nil || !got.Found {
		t.Errorf("realtime get of a pending document: %+v, %v", got, err)
	}
	if _, err := e.Apply(ctx, &es.RefreshIndices{Target: es.Target{Names: []string{"w"}}}); err != nil {
		t.Fatal(err)
	}
	wantSources(t, e, "w", all, `{"n":1}`)
	write(t, e, "w", `a|`)
	wantSources(t, e, "w", all, `{"n":1}`)
	bulk(t, e, &es.BulkRequest{Refresh: es.RefreshTrue, Ops: []es.BulkOp{{Action: es.ActionIndex, Index: "w", ID: "b", Source: []byte(`{"n":2}`)}}})
	wantSources(t, e, "w", all, `{"n":2}`)
}

func TestTemplatesAliasesRollover(t *testing.T) {
	e := openTemp(t)
	apply := func(c es.Change) any {
		t.Helper()
		v, err := e.Apply(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	apply(&es.PutObject{Kind: es.KindComponentTemplate, Name: "base", JSON: []byte(`{"template":{"mappings":{"properties":{"level":{"type":"keyword"}}}}}`)})
	apply(&es.PutObject{Kind: es.KindIndexTemplate, Name: "app", JSON: []byte(`{"index_patterns":["app-*"],"composed_of":["base"],"priority":5,
		"template":{"settings":{"number_of_shards":3},"mappings":{"properties":{"n":{"type":"long"}}},"aliases":{"everything":{}}}}`)})
	apply(&es.CreateIndex{Name: "app-000001", Aliases: []byte(`{"app":{"is_write_index":true}}`)})
	write(t, e, "app", `{"n":1,"level":"a"}`)
	res := apply(&es.Rollover{Alias: "app", Conditions: es.RolloverConditions{MaxDocs: 1, Printed: []string{"[max_docs: 1]"}}}).(*es.RolloverResult)
	if !res.RolledOver || res.NewIndex != "app-000002" || !res.Conditions["[max_docs: 1]"] {
		t.Errorf("rollover: %+v", res)
	}
	items := write(t, e, "app", `{"n":2,"level":"b"}`)
	if items[0].Index != "app-000002" {
		t.Errorf("write went to %s", items[0].Index)
	}
	wantSources(t, e, "app", all, `{"n":1,"level":"a"}`, `{"n":2,"level":"b"}`)
	wantSources(t, e, "everything", `{"term":{"level":"b"}}`, `{"n":2,"level":"b"}`)
	infos, err := e.Indices(ctx, es.Target{Names: []string{"app-*"}})
	if err != nil || len(infos) != 2 || infos[0].Settings["index.number_of_shards"] != "3" {
		t.Errorf("indices: %+v, %v", infos, err)
	}
	if _, err := e.Apply(ctx, &es.CreateIndex{Name: "Bad"}); !eserr.Is(err, "invalid_index_name_exception") {
		t.Errorf("upper case: %v", err)
	}
	if _, err := e.Apply(ctx, &es.CreateIndex{Name: "x", Mappings: []byte(`{"properties":{"a":{"type":"nonsense"}}}`)}); !eserr.Is(err, "mapper_parsing_exception") {
		t.Errorf("unknown type: %v", err)
	}
	apply(&es.DeleteIndices{Target: es.Target{Names: []string{"app-*"}}})
	if _, err := e.Search(ctx, &es.SearchRequest{Target: es.Target{Names: []string{"app"}}}); !eserr.Is(err, "index_not_found_exception") {
		t.Errorf("search of a deleted alias: %v", err)
	}
}

func TestSnapshotOutlivesMergeAndDelete(t *testing.T) {
	e := openTemp(t)
	var want []string
	for i := range 20 {
		doc := fmt.Sprintf(`{"n":%d}`, i)
		write(t, e, "s", fmt.Sprintf("%d|%s", i, doc))
		want = append(want, doc)
		if i%5 == 4 {
			if _, err := e.Apply(ctx, &es.FlushIndices{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	id, err := e.OpenSnapshot(ctx, es.Target{Names: []string{"s"}}, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		write(t, e, "s", fmt.Sprintf("%d|", i))
	}
	if _, err := e.Apply(ctx, &es.ForceMerge{MaxSegments: 1}); err != nil {
		t.Fatal(err)
	}
	wantSources(t, e, "s", all)
	var got []string
	var after []jsonval.Scalar
	for {
		resp, err := e.Search(ctx, &es.SearchRequest{Snapshot: id, Size: 7, Sort: []es.SortKey{{Field: "n"}}, SearchAfter: after})
		if err != nil {
			t.Fatal(err)
		}
		if len(resp.Hits.Hits) == 0 {
			break
		}
		for _, h := range resp.Hits.Hits {
			got = append(got, string(h.Source))
			after = h.Sort
		}
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("snapshot has %v", got)
	}
	if found, err := e.CloseSnapshot(ctx, id); !found || err != nil {
		t.Errorf("close: %v, %v", found, err)
	}
}

func TestWaitForWakesOnPublication(t *testing.T) {
	e := openTemp(t)
	write(t, e, "t", `{"n":1}`)
	found := make(chan int, 1)
	go func() {
		q, _ := query.Parse([]byte(`{"term":{"n":2}}`))
		resp, err := e.Search(ctx, &es.SearchRequest{Target: es.Target{Names: []string{"t"}}, Query: q, Size: 1, WaitFor: time.Minute})
		if err != nil {
			found <- -1
			return
		}
		found <- len(resp.Hits.Hits)
	}()
	write(t, e, "t", `{"n":2}`)
	if n := <-found; n != 1 {
		t.Errorf("the waiting search found %d", n)
	}
}

// TestRandomHistory runs one random history of operations under different flushes, merges and
// restarts; a map of documents says what must be there.
func TestRandomHistory(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	dir := t.TempDir()
	e := open(t, Options{Dir: dir})
	want := map[string]string{}
	for step := range 150 {
		req := &es.BulkRequest{}
		for range 1 + rng.IntN(40) {
			id := fmt.Sprintf("id%d", rng.IntN(200))
			doc := fmt.Sprintf(`{"id":%q,"step":%d,"@timestamp":"2026-01-%02dT00:00:00Z","text":"word%d and more"}`, id, step, 1+rng.IntN(12), rng.IntN(30))
			if rng.IntN(5) == 0 {
				req.Ops = append(req.Ops, es.BulkOp{Action: es.ActionDelete, Index: "h", ID: id})
				delete(want, id)
				continue
			}
			req.Ops = append(req.Ops, es.BulkOp{Action: es.ActionIndex, Index: "h", ID: id, Source: []byte(doc)})
			want[id] = doc
		}
		for _, it := range bulk(t, e, req) {
			if it.Err != nil && it.Action != es.ActionDelete {
				t.Fatalf("step %d: %v", step, it.Err)
			}
		}
		switch rng.IntN(12) {
		case 0:
			mustApply(t, e, &es.FlushIndices{})
		case 1:
			mustApply(t, e, &es.ForceMerge{MaxSegments: 1 + rng.IntN(3)})
		case 2:
			if err := e.Close(); err != nil {
				t.Fatal(err)
			}
			e = open(t, Options{Dir: dir})
		case 3:
			if err := e.indexByName["h"].seal(); err != nil {
				t.Fatal(err)
			}
		}
		if step%10 == 9 && len(want) > 0 {
			checkHistory(t, e, want)
		}
	}
	checkHistory(t, e, want)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

func mustApply(t *testing.T, e *Engine, c es.Change) {
	t.Helper()
	if _, err := e.Apply(ctx, c); err != nil {
		t.Fatal(err)
	}
}

func checkHistory(t *testing.T, e *Engine, want map[string]string) {
	t.Helper()
	var expected []string
	words := map[string]int{}
	for _, doc := range want {
		expected = append(expected, doc)
		var d struct{ Text string }
		if err := json.Unmarshal([]byte(doc), &d); err != nil {
			t.Fatal(err)
		}
		words[strings.Fields(d.Text)[0]]++
	}
	got := sources(t, e, "h", all)
	sort.Strings(expected)
	sort.Strings(got)
	if strings.Join(got, "\n") != strings.Join(expected, "\n") {
		t.Fatalf("%d documents, want %d; first difference:\n%s", len(got), len(expected), firstDifference(got, expected))
	}
	for word, n := range words {
		if found := len(sources(t, e, "h", fmt.Sprintf(`{"match":{"text":%q}}`, word))); found != n {
			t.Fatalf("match %s found %d, want %d", word, found, n)
		}
	}
	for id, doc := range want {
		got, err := e.Get(ctx, &es.GetRequest{Index: "h", ID: id})
		if err != nil || string(got.Source) != doc {
			t.Fatalf("get %s: %s, %v; want %s", id, got.Source, err, doc)
		}
	}
}

func firstDifference(a, b []string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return a[i] + "\n" + b[i]
		}
	}
	return "one list is longer"
}

func TestDocIDs(t *testing.T) {
	ids := newDocIDs("some-uuid")
	other := newDocIDs("another")
	for _, seq := range []int64{0, 1, 2, 1000, 1 << 40, 1<<55 - 1} {
		id := ids.derive(seq)
		if got, ok := ids.sequence(id); !ok || got != seq || len(id) != 20 {
			t.Errorf("sequence(%s) = %d, %v; want %d", id, got, ok, seq)
		}
		if _, ok := other.sequence(id); ok {
			t.Errorf("another index takes %s for its own", id)
		}
	}
	if _, ok := ids.sequence("01234567890123456789"); ok {
		t.Error("an explicit id was taken for a derived one")
	}
}
