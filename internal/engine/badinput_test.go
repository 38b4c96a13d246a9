package engine

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/query"
	"elkhorn/internal/vfs"
	"elkhorn/internal/vfs/errorfs"
)

// What a store must take without harm: bounded memory, an error that names the cause, and all else goes on.

// heapBytes is what the program holds after a collection.
func heapBytes() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// wantHeapBelow checks that a store holds at most so many bytes more than before.
func wantHeapBelow(t *testing.T, before, most int64) {
	t.Helper()
	if grown := heapBytes() - before; grown > most {
		t.Errorf("the heap grew by %d MB, want at most %d", grown>>20, most>>20)
	}
}

// wantRefused checks that a document was refused in words that name the cause.
func wantRefused(t *testing.T, item *es.BulkItem, says string) {
	t.Helper()
	if item.Err == nil || item.Err.Status != 400 || !strings.Contains(item.Err.Error(), says) {
		t.Errorf("answer %d %v, want 400 with %q", item.Status, item.Err, says)
	}
}

// wantTaken checks that ordinary documents are still taken and found.
func wantTaken(t *testing.T, e *Engine, name string) {
	t.Helper()
	if items := write(t, e, name, `canary|{"canary":1}`); items[0].Err != nil {
		t.Errorf("an ordinary document: %v", items[0].Err)
	}
	wantSources(t, e, name, `{"ids":{"values":["canary"]}}`, `{"canary":1}`)
}

func createIndex(t *testing.T, e *Engine, name, settings, mappings string) {
	t.Helper()
	change := &es.CreateIndex{Name: name}
	if settings != "" {
		change.Settings = []byte(settings)
	}
	if mappings != "" {
		change.Mappings = []byte(mappings)
	}
	mustApply(t, e, change)
}

// TestMappingExplosion writes 10,000 distinct fields: the mapping stops growing at its limit and says so.
func TestMappingExplosion(t *testing.T) {
	const fields = 10_000
	e := openTemp(t)
	wantTaken(t, e, "m")
	before := heapBytes()
	var doc strings.Builder
	req := &es.BulkRequest{}
	for i := range fields {
		fmt.Fprintf(&doc, `,"field_%d":%d`, i, i)
		req.Ops = append(req.Ops, es.BulkOp{Index: "m", Source: fmt.Appendf(nil, `{"key_%d":%d}`, i, i)})
	}
	all := "{" + doc.String()[1:] + "}"
	wantRefused(t, &write(t, e, "m", all)[0], "Limit of total fields [1000] has been exceeded")
	if n := e.indexByName["m"].plan.Load().Mapping().FieldCount(); n != 1 {
		t.Errorf("a refused document left %d fields", n-1)
	}
	for i, item := range bulk(t, e, req) {
		if taken := i < 999; taken != (item.Err == nil) {
			t.Fatalf("field %d: %v", i, item.Err)
		} else if !taken {
			wantRefused(t, &item, "Limit of total fields [1000] has been exceeded")
		}
	}
	if n := e.indexByName["m"].plan.Load().Mapping().FieldCount(); n > 1000 {
		t.Errorf("the mapping has %d fields", n)
	}
	wantHeapBelow(t, before, 64<<20)
	wantTaken(t, e, "m")

	createIndex(t, e, "wide", `{"index.mapping.total_fields.limit":20000}`, "")
	if item := write(t, e, "wide", all)[0]; item.Err != nil {
		t.Fatal(item.Err)
	}
	mustApply(t, e, &es.FlushIndices{})
	wantSources(t, e, "wide", `{"term":{"field_9999":9999}}`, all)
	wantHeapBelow(t, before, 128<<20)
}

// TestHugeDocument takes a document of 30 MB like any other, and gives its memory back.
func TestHugeDocument(t *testing.T) {
	e := openTemp(t)
	wantTaken(t, e, "huge")
	before := heapBytes()
	doc := `{"n":1,"text":"` + strings.Repeat("some words that come again and again ", 30<<20/37) + `","end":true}`
	if item := write(t, e, "huge", "big|"+doc)[0]; item.Err != nil {
		t.Fatal(item.Err)
	}
	check := func() {
		t.Helper()
		got, err := e.Get(ctx, &es.GetRequest{Index: "huge", ID: "big"})
		if err != nil || string(got.Source) != doc {
			t.Fatalf("the document does not come back: %d bytes, %v", len(got.Source), err)
		}
		if n := len(sources(t, e, "huge", `{"bool":{"filter":[{"match_phrase":{"text":"come again"}},{"term":{"end":true}}]}}`)); n != 1 {
			t.Errorf("a search finds %d", n)
		}
	}
	check()
	mustApply(t, e, &es.FlushIndices{})
	check()
	mustApply(t, e, &es.ForceMerge{MaxSegments: 1})
	check()
	mustApply(t, e, &es.DeleteIndices{Target: es.Target{Names: []string{"huge"}}})
	wantHeapBelow(t, before, 200<<20)
	wantTaken(t, e, "other")
}

// TestHugeArrays takes 100,000 items of each kind; objects of their own have a limit.
func TestHugeArrays(t *testing.T) {
	const items = 100_000
	list := func(item func(i int) string) string {
		var b strings.Builder
		for i := range items {
			b.WriteString("," + item(i))
		}
		return `{"list":[` + b.String()[1:] + `],"end":1}`
	}
	e := openTemp(t)
	before := heapBytes()
	for name, c := range map[string]struct{ doc, find string }{
		"numbers": {list(func(i int) string { return fmt.Sprint(i * 3) }), `{"range":{"list":{"gte":299997}}}`},
		"strings": {list(func(i int) string { return fmt.Sprintf("%q", fmt.Sprint("item-", i)) }), `{"term":{"list.keyword":"item-99999"}}`},
		"objects": {list(func(i int) string { return fmt.Sprintf(`{"a":%d,"b":"x"}`, i) }), `{"term":{"list.a":99999}}`},
		"mixed":   {list(func(i int) string { return []string{"null", "[]", "[1]", "2"}[i%4] }), `{"term":{"list":2}}`},
	} {
		t.Run(name, func(t *testing.T) {
			if item := write(t, e, name, c.doc)[0]; item.Err != nil {
				t.Fatal(item.Err)
			}
			wantSources(t, e, name, c.find, c.doc)
			mustApply(t, e, &es.FlushIndices{})
			wantSources(t, e, name, c.find, c.doc)
			wantTaken(t, e, name)
		})
	}
	createIndex(t, e, "nested", "", `{"properties":{"list":{"type":"nested"}}}`)
	wantRefused(t, &write(t, e, "nested", list(func(int) string { return `{"a":1}` }))[0], "nested_objects.limit")
	wantTaken(t, e, "nested")
	wantHeapBelow(t, before, 128<<20)
}

// TestDeepNesting refuses objects beyond the mapping's depth by name, and takes them where nothing looks into them.
func TestDeepNesting(t *testing.T) {
	deep := func(levels int) string {
		return strings.Repeat(`{"a":`, levels) + "1" + strings.Repeat("}", levels)
	}
	e := openTemp(t)
	wantTaken(t, e, "d")
	wantRefused(t, &write(t, e, "d", deep(50))[0], "Limit of mapping depth [20] has been exceeded")
	if n := e.indexByName["d"].plan.Load().Mapping().FieldCount(); n != 1 {
		t.Errorf("a refused document left %d fields", n-1)
	}
	wantTaken(t, e, "d")
	createIndex(t, e, "deeper", `{"index.mapping.depth.limit":60}`, "")
	path := strings.TrimSuffix(strings.Repeat("a.", 50), ".")
	write(t, e, "deeper", deep(50))
	wantSources(t, e, "deeper", `{"term":{"`+path+`":1}}`, deep(50))
	createIndex(t, e, "closed", "", `{"properties":{"a":{"type":"object","enabled":false}}}`)
	write(t, e, "closed", deep(50))
	mustApply(t, e, &es.FlushIndices{})
	wantSources(t, e, "closed", all, deep(50))
	createIndex(t, e, "flat", "", `{"properties":{"a":{"type":"flattened"}}}`)
	wantRefused(t, &write(t, e, "flat", deep(50))[0], "depth")
	arrays := `{"a":` + strings.Repeat("[", 50) + "1" + strings.Repeat("]", 50) + "}"
	write(t, e, "arrays", arrays)
	wantSources(t, e, "arrays", `{"term":{"a":1}}`, arrays)
	wantRefused(t, &write(t, e, "d", `{"a":`+strings.Repeat("[", 100_000))[0], "")
	wantTaken(t, e, "d")
}

// TestSlowPatterns looks for patterns that take exponential time where matching goes back and forth.
func TestSlowPatterns(t *testing.T) {
	e := openTemp(t)
	createIndex(t, e, "p", "", `{"properties":{"k":{"type":"keyword"},"t":{"type":"text"}}}`)
	long := strings.Repeat("a", 30_000)
	var docs []string
	for i := range 50 {
		docs = append(docs, fmt.Sprintf(`{"k":"%s%d","t":"%s word%d"}`, long, i, strings.Repeat("a", 250), i))
	}
	write(t, e, "p", docs...)
	began := time.Now()
	for _, file := range []bool{false, true} {
		if file {
			mustApply(t, e, &es.FlushIndices{})
		}
		for q, want := range map[string]int{
			`{"regexp":{"k":"(a*)*(a*)*b"}}`:                            0,
			`{"regexp":{"k":"(a|aa)+c"}}`:                               0,
			`{"regexp":{"t":"(a+)+b"}}`:                                 0,
			`{"regexp":{"k":".*a.*a.*a.*7"}}`:                           5,
			`{"wildcard":{"k":"*a*a*a*a*a*a*a*a*a*b"}}`:                 0,
			`{"wildcard":{"k":"` + strings.Repeat("*a", 500) + `*49"}}`: 1,
			`{"wildcard":{"t":"*?*?*?*?*?*z"}}`:                         0,
			`{"query_string":{"query":"k:/(a*)*b/"}}`:                   0,
		} {
			if n := len(sources(t, e, "p", q)); n != want {
				t.Errorf("%.60s finds %d, want %d", q, n, want)
			}
		}
	}
	if took := time.Since(began); took > 60*time.Second {
		t.Errorf("the patterns took %v", took)
	}
	for q, says := range map[string]string{
		`{"regexp":{"k":"a{1000}{1000}{1000}"}}`:                      "regexp",
		`{"regexp":{"k":"(((("}}`:                                     "regexp",
		`{"regexp":{"k":"` + strings.Repeat("(a|b)", 100_000) + `"}}`: "max_regex_length",
	} {
		_, err := search(e, "p", q)
		if err == nil || eserr.From(err).Status != 400 || !strings.Contains(err.Error(), says) {
			t.Errorf("%.60s: %.200v, want 400 with %q", q, err, says)
		}
	}
}

// search runs a query.
func search(e *Engine, name, q string) (*es.SearchResponse, error) {
	parsed, err := query.Parse([]byte(q))
	if err != nil {
		return nil, err
	}
	return e.Search(ctx, &es.SearchRequest{Target: es.Target{Names: []string{name}}, Query: parsed, Size: 10})
}

// TestTermsOverTooManyValues asks for buckets of more distinct values than the budget holds: the search is refused by name or
// answers right, and the budget is free again.
func TestTermsOverTooManyValues(t *testing.T) {
	const values = 200_000
	e := open(t, Options{QueryBytes: 4 << 20, TotalBytes: 1 << 30})
	defer e.Close()
	createIndex(t, e, "u", "", `{"properties":{"u":{"type":"keyword"},"n":{"type":"long"}}}`)
	for from := 0; from < values; from += 10_000 {
		req := &es.BulkRequest{}
		for i := from; i < from+10_000; i++ {
			req.Ops = append(req.Ops, es.BulkOp{Index: "u", Source: fmt.Appendf(nil, `{"u":"user-%d","n":%d}`, i, i)})
		}
		bulk(t, e, req)
	}
	mustApply(t, e, &es.FlushIndices{})
	before := heapBytes()
	broken := 0
	for _, body := range []string{
		`{"a":{"terms":{"field":"u","size":10}}}`,
		`{"a":{"terms":{"field":"n","size":10,"order":{"_key":"asc"}}}}`,
		`{"a":{"terms":{"field":"u","size":10},"aggs":{"m":{"max":{"field":"n"}}}}}`,
		`{"a":{"terms":{"field":"u","size":10},"aggs":{"h":{"top_hits":{}}}}}`,
		`{"a":{"cardinality":{"field":"u","precision_threshold":40000}}}`,
		`{"a":{"histogram":{"field":"n","interval":1}}}`,
	} {
		aggs, err := agg.Parse([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := e.Search(ctx, &es.SearchRequest{Target: es.Target{Names: []string{"u"}}, Aggs: aggs})
		switch {
		case eserr.Is(err, "search_phase_execution_exception") && (strings.Contains(err.Error(), "circuit_breaking_exception") || strings.Contains(err.Error(), "too_many_buckets")):
			broken++
		case err != nil:
			t.Errorf("%s: %v", body, err)
		case len(resp.Aggs) != 1:
			t.Errorf("%s: no answer", body)
		}
		if used := e.memory.breakers()[0].UsedBytes; used != 0 {
			t.Errorf("%s: %d bytes are still reserved", body, used)
		}
	}
	if broken < 3 {
		t.Errorf("the budget stopped only %d searches", broken)
	}
	wantHeapBelow(t, before, 64<<20)
	if n := len(sources(t, e, "u", `{"term":{"u":"user-199999"}}`)); n != 1 {
		t.Errorf("an ordinary search finds %d", n)
	}
	wantTaken(t, e, "u")
}

// TestOneBadLineInAThousand loses the bad ones alone, each with its cause.
func TestOneBadLineInAThousand(t *testing.T) {
	const docs = 20_000
	bad := []string{`{"n":"no number"}`, `{"n":1`, `{"n":1,"n":2}`, `[1]`, "{\"s\":\"\xff\"}", `{"n":{"x":1}}`, `{"_id":"x"}`}
	says := []string{"failed to parse field [n]", "end-of-input", "Duplicate field", "failed to parse", "UTF-8", "failed to parse field [n]", "metadata field"}
	e := openTemp(t)
	createIndex(t, e, "b", "", `{"properties":{"n":{"type":"long"}}}`)
	req := &es.BulkRequest{}
	for i := range docs {
		op := es.BulkOp{Index: "b", Source: fmt.Appendf(nil, `{"n":%d,"s":"text %d"}`, i, i%7)}
		if i%1000 == 500 {
			op.Source = []byte(bad[i/1000%len(bad)])
		}
		req.Ops = append(req.Ops, op)
	}
	for i, item := range bulk(t, e, req) {
		if i%1000 == 500 {
			wantRefused(t, &item, says[i/1000%len(bad)])
		} else if item.Err != nil || item.Status != 201 {
			t.Fatalf("document %d: %d %v", i, item.Status, item.Err)
		}
	}
	resp, err := search(e, "b", all)
	if err != nil || resp.Hits.Total.Value != 10_000 || !resp.Hits.Total.LowerBound {
		t.Errorf("%+v, %v", resp, err)
	}
	if n := e.indexByName["b"].statistics().Docs; n != docs-docs/1000 {
		t.Errorf("%d documents, want %d", n, docs-docs/1000)
	}
	wantTaken(t, e, "b")
}

// TestTruncatedSegment cuts a segment file at every length: what is damaged is named, other indices do not notice.
func TestTruncatedSegment(t *testing.T) {
	mem, dir := vfs.NewMem(), t.TempDir()
	opts := Options{Dir: "/data", FS: mem, MetaFile: filepath.Join(dir, "meta.db")}
	e := open(t, opts)
	write(t, e, "good", `{"n":1}`)
	write(t, e, "bad", `{"n":1,"text":"some words"}`)
	folder := "/data/indices/" + e.indexByName["bad"].uuid
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	path := ""
	names, err := mem.List(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, ".seg") {
			path = folder + "/" + name
		}
	}
	data, err := vfs.ReadFile(mem, path, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(data); n += 7 {
		if err := vfs.WriteFileAtomic(mem, path, data[:n]); err != nil {
			t.Fatal(err)
		}
		e := open(t, opts)
		wantSources(t, e, "good", all, `{"n":1}`)
		if err := searchDamaged(t, e); err == nil || !strings.Contains(err.Error(), filepath.Base(path)) {
			t.Errorf("cut to %d of %d bytes: %v, want an error that names %s", n, len(data), err, filepath.Base(path))
		}
		wantTaken(t, e, "new")
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDiskFullWhileMerging runs out of space at every stage of a merge: the merge fails by name, nothing is lost, nothing is
// left behind, and with room again it works.
func TestDiskFullWhileMerging(t *testing.T) {
	mem := vfs.NewMem()
	space := errorfs.NoSpaceAfter(1 << 40)
	full := errorfs.NewSwitch(errorfs.OnPath(space, ".seg"))
	e := open(t, Options{Dir: "/data", FS: errorfs.Wrap(mem, full), MetaFile: filepath.Join(t.TempDir(), "meta.db")})
	var want []string
	for i := range 6 {
		var docs []string
		for j := range 50 {
			docs = append(docs, fmt.Sprintf(`{"n":%d,"text":"%x"}`, 50*i+j, sha256.Sum256([]byte{byte(i), byte(j)})))
		}
		write(t, e, "m", docs...)
		want = append(want, docs...)
		mustApply(t, e, &es.FlushIndices{})
	}
	full.Set(true)
	for _, left := range []int64{0, 1, 100, 1000, 3000} {
		space.Free(left - (1 << 40)) // from what is left, or from too much at first
		_, err := e.Apply(ctx, &es.ForceMerge{MaxSegments: 1})
		if err == nil {
			t.Fatalf("a merge with %d bytes of room succeeded", left)
		}
		if !vfs.IsNoSpace(err) {
			t.Errorf("a merge with %d bytes of room: %v, want no space", left, err)
		}
		wantSources(t, e, "m", all, want...)
		space.Free(1 << 40)
	}
	wantTaken(t, e, "other")
	full.Set(false)
	mustApply(t, e, &es.ForceMerge{MaxSegments: 1})
	wantSources(t, e, "m", all, want...)
	names, err := mem.List("/data/indices/" + e.indexByName["m"].uuid)
	if err != nil {
		t.Fatal(err)
	}
	segments := 0
	for _, name := range names {
		if strings.Contains(name, ".seg") {
			segments++
		}
	}
	if segments != 1 {
		t.Errorf("files %v, want one segment", names)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestCancelledSlowSearch ends a search that goes through much when its request ends.
func TestCancelledSlowSearch(t *testing.T) {
	e := openTemp(t)
	var docs []string
	for i := range 5000 {
		docs = append(docs, fmt.Sprintf(`{"t":"%s word%d"}`, strings.Repeat("some text ", 50), i))
	}
	write(t, e, "c", docs...)
	ended, cancel := context.WithCancel(ctx)
	cancel()
	parsed, err := query.Parse([]byte(`{"regexp":{"t":".*(x|y).*z"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Search(ended, &es.SearchRequest{Target: es.Target{Names: []string{"c"}}, Query: parsed}); err == nil {
		t.Error("a search without a request went on")
	}
	wantTaken(t, e, "c")
}
