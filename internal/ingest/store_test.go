package ingest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
)

// fakeStore keeps objects, and answers every operation as created. settings are those of its indices by name.
type fakeStore struct {
	es.Store
	mu       sync.Mutex
	objects  map[string][]byte
	settings map[string]map[string]string
	lookups  int
	last     *es.BulkRequest
}

func (f *fakeStore) Bulk(_ context.Context, req *es.BulkRequest) (*es.BulkResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last = req
	res := &es.BulkResponse{}
	for i := range req.Ops {
		op := &req.Ops[i]
		item := es.BulkItem{Action: op.Action, Index: op.Index, ID: op.ID, Result: "created", Status: 201, Err: op.Err}
		res.Items = append(res.Items, item)
	}
	return res, nil
}

func (f *fakeStore) Indices(_ context.Context, target es.Target) ([]es.IndexInfo, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lookups++
	var found []es.IndexInfo
	for name, settings := range f.settings {
		if len(target.Names) == 0 || slices.Contains(target.Names, name) {
			found = append(found, es.IndexInfo{Name: name, Settings: settings})
		}
	}
	if len(found) == 0 && len(target.Names) > 0 {
		return nil, eserr.IndexNotFound(target.Names[0])
	}
	return found, nil
}

func (f *fakeStore) Apply(_ context.Context, change es.Change) (any, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch c := change.(type) {
	case *es.PutObject:
		f.objects[c.Name] = c.JSON
	case *es.GetObjects:
		var found []es.Object
		for name, definition := range f.objects {
			if len(c.Names) == 0 || slices.Contains(c.Names, name) {
				found = append(found, es.Object{Name: name, JSON: definition})
			}
		}
		return found, nil
	case *es.DeleteObjects:
		for _, name := range c.Names {
			delete(f.objects, name)
		}
		return len(c.Names), nil
	case *es.PutSettings:
		f.settings[c.Target.Names[0]] = map[string]string{"index.default_pipeline": string(c.Settings)}
	case *es.SimulateIndex:
		return &es.ResolvedIndex{Settings: f.settings["template"]}, nil
	}
	return nil, nil
}

func wrap(t *testing.T, objects ...string) (*Store, *fakeStore) {
	t.Helper()
	f := &fakeStore{objects: map[string][]byte{}, settings: map[string]map[string]string{"i": {}}}
	for i := 0; i < len(objects); i += 2 {
		f.objects[objects[i]] = []byte(objects[i+1])
	}
	s, err := Wrap(t.Context(), f, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s, f
}

func bulk(t *testing.T, s *Store, req *es.BulkRequest) *es.BulkResponse {
	t.Helper()
	res, err := s.Bulk(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Items) != len(req.Ops) {
		t.Fatalf("%d items for %d operations", len(res.Items), len(req.Ops))
	}
	return res
}

func TestOperationsWithoutPipelinePassAsTheyAre(t *testing.T) {
	s, f := wrap(t)
	req := &es.BulkRequest{Ops: []es.BulkOp{{Index: "i", Source: []byte("not JSON")}, {Index: "i", Source: []byte(`{}`)}}}
	res := bulk(t, s, req)
	if f.last != req || res.Ingested {
		t.Error("the request was changed")
	}
	before := f.lookups
	bulk(t, s, req)
	if f.lookups != before {
		t.Error("the index was looked up again")
	}
}

func TestChangesCountAtOnce(t *testing.T) {
	s, f := wrap(t, "p", `{"processors":[{"set":{"field":"a","value":1}}]}`)
	req := &es.BulkRequest{Ops: []es.BulkOp{{Index: "i", Source: []byte(`{}`)}}}
	bulk(t, s, req)
	if _, err := s.Apply(t.Context(), &es.PutSettings{Target: es.Target{Names: []string{"i"}}, Settings: []byte("p")}); err != nil {
		t.Fatal(err)
	}
	res := bulk(t, s, req)
	if got := string(f.last.Ops[0].Source); got != `{"a":1}` || !res.Ingested || string(req.Ops[0].Source) != `{}` {
		t.Errorf("%s, of %s", got, req.Ops[0].Source)
	}
	if _, err := s.Apply(t.Context(), &es.PutObject{Kind: es.KindIngestPipeline, Name: "p", JSON: []byte(`{"processors":[{"set":{"field":"a","value":2}}]}`)}); err != nil {
		t.Fatal(err)
	}
	bulk(t, s, req)
	if got := string(f.last.Ops[0].Source); got != `{"a":2}` {
		t.Error(got)
	}
	if st := s.statistics(); len(st.Pipelines) != 1 || st.Pipelines[0].Count != 2 || st.Total.Count != 2 || st.Pipelines[0].BytesOut != 14 {
		t.Errorf("%+v", st)
	}
	if _, err := s.Apply(t.Context(), &es.PutObject{Kind: es.KindIngestPipeline, Name: "p", JSON: []byte(`{"processors":[{"nope":{}}]}`)}); err == nil {
		t.Error("a definition at fault was stored")
	}
	if string(f.objects["p"]) != `{"processors":[{"set":{"field":"a","value":2}}]}` {
		t.Errorf("%s", f.objects["p"])
	}
	if _, err := s.Apply(t.Context(), &es.DeleteObjects{Kind: es.KindIngestPipeline, Names: []string{"p"}}); err == nil || !strings.Contains(err.Error(), "default pipeline for 1 index(es) including [i]") {
		t.Errorf("%v", err)
	}
}

// TestTemplateOfAnIndexToCome remembers what a template would give, but not beyond the write that makes the index.
func TestTemplateOfAnIndexToCome(t *testing.T) {
	s, f := wrap(t, "p", `{"processors":[{"set":{"field":"a","value":1}}]}`)
	f.settings["template"] = map[string]string{"index.default_pipeline": "p"}
	req := &es.BulkRequest{Ops: []es.BulkOp{{Index: "new", Source: []byte(`{}`)}}}
	if bulk(t, s, req); string(f.last.Ops[0].Source) != `{"a":1}` {
		t.Errorf("%s", f.last.Ops[0].Source)
	}
	f.settings["new"] = map[string]string{} // made by the write, by a template that has changed meanwhile
	if bulk(t, s, req); string(f.last.Ops[0].Source) != `{}` {
		t.Errorf("%s", f.last.Ops[0].Source)
	}
}

func TestDefinitionThatNoLongerCompiles(t *testing.T) {
	s, _ := wrap(t, "old", `{"processors":[{"from_another_version":{}}]}`, "good", `{"processors":[]}`)
	res := bulk(t, s, &es.BulkRequest{Pipeline: "old", Ops: []es.BulkOp{{Index: "i", Source: []byte(`{}`)}, {Index: "i", Pipeline: "good", Source: []byte(`{}`)}}})
	if e := res.Items[0].Err; e == nil || !strings.Contains(e.Reason, "pipeline with id [old] could not be loaded") || res.Items[1].Err != nil {
		t.Errorf("%v", e)
	}
}

// TestItemsKeepTheirPlaces mixes all outcomes in a bulk that several goroutines work on, while the pipeline is replaced.
func TestItemsKeepTheirPlaces(t *testing.T) {
	definition := []byte(`{"processors":[{"pipeline":{"name":"{{then}}"}}]}`)
	s, f := wrap(t, "p", string(definition), "dropping", `{"processors":[{"drop":{}}]}`, "failing", `{"processors":[{"fail":{"message":"{{n}}"}}]}`, "setting", `{"processors":[{"set":{"field":"set","value":"{{n}}"}}]}`)
	var ops []es.BulkOp
	kinds := []string{"dropping", "failing", "setting", ""}
	const n = 1000
	for i := range n {
		op := es.BulkOp{Index: "i", ID: fmt.Sprint(i), Pipeline: "p", Source: fmt.Appendf(nil, `{"n":%d,"then":"%s"}`, i, kinds[i%4])}
		if kinds[i%4] == "" {
			op.Pipeline = none
		}
		ops = append(ops, op)
	}
	var wait sync.WaitGroup
	wait.Go(func() {
		for range 50 {
			if _, err := s.Apply(t.Context(), &es.PutObject{Kind: es.KindIngestPipeline, Name: "p", JSON: definition}); err != nil {
				t.Error(err)
			}
		}
	})
	defer wait.Wait()
	res := bulk(t, s, &es.BulkRequest{Ops: ops})
	for i := range res.Items {
		item := &res.Items[i]
		if item.ID != fmt.Sprint(i) {
			t.Fatalf("item %d is of %s", i, item.ID)
		}
		var want string
		switch kinds[i%4] {
		case "dropping":
			want = "noop"
		case "failing":
			want = "fail_processor_exception: " + fmt.Sprint(i)
		default:
			want = "created"
		}
		got := item.Result
		if item.Err != nil {
			got = item.Err.Error()
		}
		if got != want {
			t.Fatalf("item %d is %s, want %s", i, got, want)
		}
	}
	if len(f.last.Ops) != n*3/4 {
		t.Errorf("%d operations passed on", len(f.last.Ops))
	}
	for _, op := range f.last.Ops {
		if op.Pipeline == "p" && op.Err == nil && string(op.Source) != fmt.Sprintf(`{"n":%s,"then":"setting","set":"%s"}`, op.ID, op.ID) {
			t.Fatalf("%s: %s", op.ID, op.Source)
		}
	}
}

// TestPanicIsOneItem: a fault that a document meets is its item's error.
func TestPanicIsOneItem(t *testing.T) {
	s, _ := wrap(t, "p", `{"processors":[{"set":{"field":"a","value":1}}]}`)
	var calls, faults atomic.Int64
	now := s.now
	s.now = func() time.Time {
		if calls.Add(1)%5 == 0 {
			faults.Add(1)
			panic("a fault")
		}
		return now()
	}
	ops := make([]es.BulkOp, 300)
	for i := range ops {
		ops[i] = es.BulkOp{Index: "i", ID: fmt.Sprint(i), Pipeline: "p", Source: []byte(`{}`)}
	}
	failed := int64(0)
	for _, item := range bulk(t, s, &es.BulkRequest{Ops: ops}).Items {
		if item.Err != nil {
			failed++
			if item.Err.Status != 500 || !strings.Contains(item.Err.Error(), "internal fault: a fault") {
				t.Errorf("item %s: %v", item.ID, item.Err)
			}
		}
	}
	if failed == 0 || failed != faults.Load() {
		t.Errorf("%d of 300 documents fail, of %d faults", failed, faults.Load())
	}
}

func TestSourceThatIsNoDocument(t *testing.T) {
	s, _ := wrap(t, "p", `{"processors":[{"set":{"field":"a","value":1}}]}`)
	for _, source := range []string{``, `[]`, `{"a":1,"a":2}`, `{"a"`, "{\"a\":\"\xff\"}"} {
		res := bulk(t, s, &es.BulkRequest{Pipeline: "p", Ops: []es.BulkOp{{Index: "i", Source: []byte(source)}}})
		if item := &res.Items[0]; item.Err == nil || item.Err.Status != 400 || item.Err.Type != "parse_exception" || item.ID != es.NoID {
			t.Errorf("%q: %+v", source, item)
		}
	}
}

func TestEndedRequest(t *testing.T) {
	s, _ := wrap(t, "p", `{"processors":[{"foreach":{"field":"v","processor":{"trim":{"field":"_ingest._value"}}}}]}`)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	source := `{"v":[` + strings.Repeat(`"a",`, 5000) + `"a"]}`
	if _, err := s.Bulk(ctx, &es.BulkRequest{Pipeline: "p", Ops: []es.BulkOp{{Index: "i", Source: []byte(source)}}}); err == nil {
		t.Error("a request that nobody waits for was carried out")
	}
}

// TestSimulationsThatPrintTooMuch: one small request may have a document printed after each of thousands of processors.
func TestSimulationsThatPrintTooMuch(t *testing.T) {
	s, _ := wrap(t)
	var grow []string
	for i := range 100 {
		grow = append(grow, fmt.Sprintf(`{"set":{"field":"f%d","copy_from":"m"}}`, i))
	}
	body := fmt.Sprintf(`{"pipeline":{"processors":[%s]},"docs":[{"_source":{"m":%q}}]}`, strings.Join(grow, ","), strings.Repeat("x", 25_000))
	out, err := s.Apply(t.Context(), &es.SimulatePipeline{Body: []byte(body)})
	if printed, _ := out.([]byte); err != nil || len(printed) < 100*25_000 {
		t.Errorf("one document takes %d bytes, %v", len(printed), err)
	}
	out, err = s.Apply(t.Context(), &es.SimulatePipeline{Body: []byte(body), Verbose: true})
	if printed, _ := out.([]byte); !eserr.Is(err, "illegal_argument_exception") || len(printed) > 0 {
		t.Errorf("one document after each of 100 processors takes %d bytes, %v", len(printed), err)
	}
}

// TestGsubThatMultiplies: what an expression is replaced by may grow the text by any factor, and is bounded while it is written.
func TestGsubThatMultiplies(t *testing.T) {
	s, _ := wrap(t)
	body := fmt.Sprintf(`{"pipeline":{"processors":[{"gsub":{"field":"a","pattern":"a","replacement":%q}}]},"docs":[{"_source":{"a":%q}}]}`,
		strings.Repeat("b", 10_000), strings.Repeat("a", 50_000)) // 500 MB
	out, err := s.Apply(t.Context(), &es.SimulatePipeline{Body: []byte(body)})
	if printed, _ := out.([]byte); err != nil || !strings.Contains(string(printed), "the text with its replacements is too long") {
		t.Errorf("%.300s, %v", printed, err)
	}
}
