package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// call sends a request and gives the answer's status and body.
func call(ctx context.Context, method, url, body string) (status int, answer []byte, _ error) {
	request, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}

// mustCall sends a request to a running process and reads its answer into out, which may be nil.
func (p *process) mustCall(method, path, body string, out any) {
	p.tb.Helper()
	status, answer, err := call(p.tb.Context(), method, p.api+path, body)
	if err != nil {
		p.tb.Fatalf("%s %s: %v\n%s", method, path, err, &p.stderr)
	}
	if status/100 != 2 {
		p.tb.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(answer, out); err != nil {
		p.tb.Fatalf("%s %s: %v in %s", method, path, err, answer)
	}
}

// failedCall sends a request that must be refused, and gives the refusal's status, type and text.
func (p *process) failedCall(method, path, body string) (status int, kind, text string) {
	p.tb.Helper()
	status, answer, err := call(p.tb.Context(), method, p.api+path, body)
	if err != nil {
		p.tb.Fatalf("%s %s: %v", method, path, err)
	}
	var failure struct {
		Error struct{ Type string }
	}
	if err := json.Unmarshal(answer, &failure); err != nil || status < 400 {
		p.tb.Fatalf("%s %s: %d %s: not a refusal", method, path, status, answer)
	}
	return status, failure.Error.Type, string(answer)
}

// count counts documents; query is the search body, "" for all. An index that is not there has none.
func (p *process) count(index, query string) int {
	p.tb.Helper()
	var answer struct{ Count int }
	p.mustCall("POST", "/"+index+"/_count?ignore_unavailable=true", query, &answer)
	return answer.Count
}

// waitForCount waits until an index holds so many documents, and fails when it ever holds more.
func (p *process) waitForCount(index, query string, want int) {
	p.tb.Helper()
	eventually(p.tb, fmt.Sprintf("%d documents in %s", want, index), func() (bool, string) {
		got := p.count(index, query)
		if got > want {
			p.tb.Fatalf("%s holds %d documents that match %s, want %d", index, got, query, want)
		}
		return got == want, fmt.Sprintf("%d documents\n%s", got, &p.stderr)
	})
}

// document is one search hit.
type document struct {
	Index  string          `json:"_index"`
	ID     string          `json:"_id"`
	Source json.RawMessage `json:"_source"`
	Sort   json.RawMessage `json:"sort"`
}

// fields gives a document's source as values, numbers as printed.
func (d document) fields(tb testing.TB) map[string]any {
	tb.Helper()
	var out map[string]any
	decoder := json.NewDecoder(bytes.NewReader(d.Source))
	decoder.UseNumber()
	if err := decoder.Decode(&out); err != nil {
		tb.Fatalf("document %s: %v", d.ID, err)
	}
	return out
}

// scanPage is how many documents a scan asks for at once.
const scanPage = 5000

// scan visits every document of an index that matches a query, page by page in a point in time.
func (p *process) scan(index, query string, visit func(document)) {
	p.tb.Helper()
	var pit struct{ ID string }
	p.mustCall("POST", "/"+index+"/_pit?keep_alive=1m&ignore_unavailable=true", "", &pit)
	after := ""
	for {
		var answer struct {
			PitID string `json:"pit_id"`
			Hits  struct{ Hits []document }
		}
		p.mustCall("POST", "/_search", fmt.Sprintf(`{"size":%d,"track_total_hits":false,"query":%s,"pit":{"id":%q,"keep_alive":"1m"},"sort":["_shard_doc"]%s}`,
			scanPage, query, pit.ID, after), &answer)
		for _, hit := range answer.Hits.Hits {
			visit(hit)
		}
		if len(answer.Hits.Hits) < scanPage {
			break
		}
		after = `,"search_after":` + string(answer.Hits.Hits[scanPage-1].Sort)
	}
	p.mustCall("DELETE", "/_pit", fmt.Sprintf(`{"id":%q}`, pit.ID), nil)
}

// bucket is one bucket of a terms or date_histogram aggregation.
type bucket struct {
	Key         json.RawMessage
	KeyAsString string `json:"key_as_string"`
	DocCount    int    `json:"doc_count"`
}

// countBy counts documents by the value of an aggregation, given as JSON.
func (p *process) countBy(index, query, aggregation string) map[string]int {
	p.tb.Helper()
	var answer struct {
		Aggregations struct {
			By struct {
				Buckets []bucket
				Others  int `json:"sum_other_doc_count"`
			}
		}
	}
	p.mustCall("POST", "/"+index+"/_search", fmt.Sprintf(`{"size":0,"query":%s,"aggs":{"by":%s}}`, query, aggregation), &answer)
	if n := answer.Aggregations.By.Others; n != 0 {
		p.tb.Fatalf("%s: %d documents are in buckets that were not asked for", aggregation, n)
	}
	counts := map[string]int{}
	for _, b := range answer.Aggregations.By.Buckets {
		key := b.KeyAsString
		if key == "" {
			key = strings.Trim(string(b.Key), `"`)
		}
		if b.DocCount > 0 {
			counts[key] = b.DocCount
		}
	}
	return counts
}

// bulkAnswer is what _bulk answers.
type bulkAnswer struct {
	Errors bool
	Items  []map[string]struct {
		ID     string `json:"_id"`
		Status int
		Error  struct {
			Type, Reason string
			CausedBy     struct{ Type, Reason string } `json:"caused_by"`
		}
	}
}

// matchAll is the query for everything.
const matchAll = `{"match_all":{}}`
