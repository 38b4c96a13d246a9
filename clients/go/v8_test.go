package clients

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	elasticsearch "github.com/elastic/go-elasticsearch/v8"
	"github.com/elastic/go-elasticsearch/v8/esutil"
	"github.com/elastic/go-elasticsearch/v8/typedapi/core/search"
	"github.com/elastic/go-elasticsearch/v8/typedapi/types"
	"github.com/elastic/go-elasticsearch/v8/typedapi/types/enums/calendarinterval"
)

const indexV8 = "go-client-8"

// event is one log line of the test's data: every tenth is an error.
type event struct {
	Time    time.Time `json:"@timestamp"`
	Level   string    `json:"level"`
	Service string    `json:"service"`
	Millis  int       `json:"ms"`
}

func newEvent(i int) event {
	e := event{Time: time.Date(2026, 2, 27, 22, 0, i, 0, time.UTC), Level: "INFO", Service: "booking", Millis: i}
	if i%10 == 0 {
		e.Level = "ERROR"
	}
	if i%2 == 0 {
		e.Service = "orders"
	}
	return e
}

func TestV8BulkIndexerAndSearch(t *testing.T) {
	rec := &recorder{}
	cfg := elasticsearch.Config{Addresses: []string{serverURL(t)}, Transport: rec, CompressRequestBody: true}
	client, err := elasticsearch.NewClient(cfg)
	if err != nil {
		t.Fatal(err)
	}
	makeIndexV8(t, client)
	const events = 5000
	indexWithBulkIndexer(t, client, events)

	res, err := client.Search(client.Search.WithContext(t.Context()), client.Search.WithIndex(indexV8), client.Search.WithTrackTotalHits(true),
		client.Search.WithBody(strings.NewReader(`{"query":{"term":{"level":"ERROR"}},"sort":[{"ms":"desc"}],"size":1,"aggs":{"s":{"terms":{"field":"service"}}}}`)))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.IsError() {
		t.Fatal(res.String())
	}
	var found struct {
		Hits struct {
			Total struct {
				Value    int
				Relation string
			}
			Hits []struct {
				Source event `json:"_source"`
			}
		}
		Aggregations struct {
			S struct {
				Buckets []struct {
					Key      string
					DocCount int `json:"doc_count"`
				}
			}
		}
	}
	if err := json.NewDecoder(res.Body).Decode(&found); err != nil {
		t.Fatal(err)
	}
	if found.Hits.Total.Value != events/10 || found.Hits.Total.Relation != "eq" || found.Hits.Hits[0].Source != newEvent(events-10) {
		t.Errorf("found %+v", found)
	}
	if b := found.Aggregations.S.Buckets; len(b) != 1 || b[0].Key != "orders" || b[0].DocCount != events/10 {
		t.Errorf("buckets %+v", b)
	}
	typedSearchV8(t, cfg, events)
	rec.check(t)
}

// makeIndexV8 makes an empty index with an explicit mapping.
func makeIndexV8(t *testing.T, client *elasticsearch.Client) {
	t.Helper()
	res, err := client.Indices.Delete([]string{indexV8}, client.Indices.Delete.WithIgnoreUnavailable(true))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	mapping := `{"mappings":{"properties":{"@timestamp":{"type":"date"},"level":{"type":"keyword"},"service":{"type":"keyword"},"ms":{"type":"long"}}}}`
	if res, err = client.Indices.Create(indexV8, client.Indices.Create.WithBody(strings.NewReader(mapping))); err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.IsError() {
		t.Fatal(res.String())
	}
}

func indexWithBulkIndexer(t *testing.T, client *elasticsearch.Client, events int) {
	t.Helper()
	indexer, err := esutil.NewBulkIndexer(esutil.BulkIndexerConfig{Client: client, Index: indexV8, NumWorkers: 2, FlushBytes: 100 << 10, Refresh: "true"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range events {
		body, err := json.Marshal(newEvent(i))
		if err != nil {
			t.Fatal(err)
		}
		err = indexer.Add(t.Context(), esutil.BulkIndexerItem{
			Action: "create", DocumentID: fmt.Sprint("e", i), Body: bytes.NewReader(body),
			OnFailure: func(_ context.Context, item esutil.BulkIndexerItem, res esutil.BulkIndexerResponseItem, err error) {
				t.Errorf("%s: %v %+v", item.DocumentID, err, res.Error)
			},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := indexer.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if stats := indexer.Stats(); stats.NumCreated != uint64(events) || stats.NumFailed != 0 {
		t.Errorf("stats %+v", stats)
	}
}

// typedSearchV8 asks through the typed API, which decodes aggregations by their typed keys.
func typedSearchV8(t *testing.T, cfg elasticsearch.Config, events int) {
	t.Helper()
	client, err := elasticsearch.NewTypedClient(cfg)
	if err != nil {
		t.Fatal(err)
	}
	field, service, size := "ms", "service", 0
	time := "@timestamp"
	res, err := client.Search().Index(indexV8).Request(&search.Request{
		Size:  &size,
		Query: &types.Query{Range: map[string]types.RangeQuery{"ms": types.NumberRangeQuery{Lt: ptr(types.Float64(100))}}},
		Aggregations: map[string]types.Aggregations{
			"services": {Terms: &types.TermsAggregation{Field: &service}, Aggregations: map[string]types.Aggregations{"mean": {Avg: &types.AverageAggregation{Field: &field}}}},
			"days":     {DateHistogram: &types.DateHistogramAggregation{Field: &time, CalendarInterval: &calendarinterval.Day}},
			"p":        {Percentiles: &types.PercentilesAggregation{Field: &field}},
		},
	}).Do(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if res.Hits.Total.Value != 100 {
		t.Errorf("total %+v of %d", res.Hits.Total, events)
	}
	terms, ok := res.Aggregations["services"].(*types.StringTermsAggregate)
	if !ok {
		t.Fatalf("services came as %T", res.Aggregations["services"])
	}
	buckets, ok := terms.Buckets.([]types.StringTermsBucket)
	if !ok || len(buckets) != 2 || buckets[0].DocCount != 50 {
		t.Fatalf("buckets %+v", terms.Buckets)
	}
	if mean, ok := buckets[0].Aggregations["mean"].(*types.AvgAggregate); !ok || mean.Value == nil {
		t.Errorf("mean came as %T", buckets[0].Aggregations["mean"])
	}
	if _, ok := res.Aggregations["days"].(*types.DateHistogramAggregate); !ok {
		t.Errorf("days came as %T", res.Aggregations["days"])
	}
	if _, ok := res.Aggregations["p"].(*types.TDigestPercentilesAggregate); !ok {
		t.Errorf("percentiles came as %T", res.Aggregations["p"])
	}
}

func ptr[T any](v T) *T { return &v }
