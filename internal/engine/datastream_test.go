package engine

import (
	"strings"
	"testing"
	"time"

	"elkhorn/internal/es"
)

// create is a bulk operation that data streams take.
func create(name, doc string) es.BulkOp {
	return es.BulkOp{Action: es.ActionCreate, Index: name, Source: []byte(doc)}
}

// backing are the names of a stream's indices.
func backing(t *testing.T, e *Engine, name string) string {
	t.Helper()
	list, err := e.Apply(t.Context(), &es.GetDataStreams{Target: es.Target{Names: []string{name}}})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, b := range list.([]es.DataStream)[0].Backing {
		names = append(names, b.Name)
	}
	return strings.Join(names, " ")
}

// TestDataStreamSurvivesRestart: a stream, its aliases, its lifecycle and a rollover that waits for a write are as they were after a
// restart, and the next write goes on from there.
func TestDataStreamSurvivesRestart(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	opts := Options{Dir: t.TempDir(), Now: func() time.Time { return now }}
	e := open(t, opts)
	mustApply(t, e, &es.PutObject{Kind: es.KindIndexTemplate, Name: "t",
		JSON: []byte(`{"index_patterns":["s-*"],"data_stream":{},"template":{"lifecycle":{"data_retention":"7d"},"aliases":{"all":{}}}}`)})
	bulk(t, e, &es.BulkRequest{Ops: []es.BulkOp{create("s-1", `{"@timestamp":1,"n":1}`)}})
	mustApply(t, e, &es.Rollover{Alias: "s-1", Lazy: true})
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, opts)
	if got := backing(t, e, "s-1"); got != ".ds-s-1-2026.03.01-000001" {
		t.Errorf("after the restart: %s", got)
	}
	now = now.Add(24 * time.Hour)
	items := bulk(t, e, &es.BulkRequest{Ops: []es.BulkOp{create("all", `{"@timestamp":2,"n":2}`), {Action: es.ActionIndex, Index: "s-1", Source: []byte(`{"@timestamp":3}`)}}})
	if items[0].Index != ".ds-s-1-2026.03.02-000002" || items[1].Err == nil {
		t.Errorf("written %+v", items)
	}
	if got := backing(t, e, "s-1"); got != ".ds-s-1-2026.03.01-000001 .ds-s-1-2026.03.02-000002" {
		t.Errorf("after the rollover: %s", got)
	}
	wantSources(t, e, "all", all, `{"@timestamp":1,"n":1}`, `{"@timestamp":2,"n":2}`)
	infos, err := e.Indices(t.Context(), es.Target{Names: []string{"s-1"}})
	if err != nil || len(infos) != 2 || infos[0].RolledOver.IsZero() || infos[0].StreamWrite || !infos[1].StreamWrite || infos[1].DataStream != "s-1" {
		t.Errorf("%+v, %v", infos, err)
	}
	mustApply(t, e, &es.DeleteDataStreams{Target: es.Target{Names: []string{"s-*"}}})
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	e = open(t, opts)
	defer e.Close()
	if infos, err = e.Indices(t.Context(), es.Target{Closed: true, Hidden: true}); err != nil || len(infos) > 0 {
		t.Errorf("deleted, and there are %d indices, %v", len(infos), err)
	}
}

// TestBuiltinTemplatesGiveWay: names with a built-in template make streams by creates and plain indices by index operations; a stored
// template goes before, of any priority.
func TestBuiltinTemplatesGiveWay(t *testing.T) {
	e := openTemp(t)
	items := bulk(t, e, &es.BulkRequest{Ops: []es.BulkOp{
		create("logs-app-default", `{"@timestamp":1}`),
		{Action: es.ActionIndex, Index: "logs-app-2026.03.02", Source: []byte(`{"a":1}`)},
	}})
	if !strings.HasPrefix(items[0].Index, ".ds-logs-app-default-") || items[1].Index != "logs-app-2026.03.02" {
		t.Errorf("written %+v", items)
	}
	mustApply(t, e, &es.PutObject{Kind: es.KindLegacyTemplate, Name: "mine", JSON: []byte(`{"index_patterns":["logs-mine-*"]}`)})
	mustApply(t, e, &es.PutObject{Kind: es.KindIndexTemplate, Name: "ours", JSON: []byte(`{"index_patterns":["logs-ours-*"],"priority":0}`)})
	mustApply(t, e, &es.PutObject{Kind: es.KindClusterSettings, Name: "persistent", JSON: []byte(`{}`)})
	items = bulk(t, e, &es.BulkRequest{Ops: []es.BulkOp{create("logs-mine-1", `{"a":1}`), create("logs-ours-1", `{"a":1}`)}})
	if items[0].Index != "logs-mine-1" || items[1].Index != "logs-ours-1" {
		t.Errorf("written %+v", items)
	}
	mustApply(t, e, &es.PutObject{Kind: es.KindClusterSettings, Name: "persistent", JSON: []byte(`{"stack.templates.enabled":"false"}`)})
	if items = bulk(t, e, &es.BulkRequest{Ops: []es.BulkOp{create("metrics-a-b", `{"a":1}`)}}); items[0].Index != "metrics-a-b" {
		t.Errorf("switched off, and written to %s", items[0].Index)
	}
}
