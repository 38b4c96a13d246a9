package scenarios

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestReindexFromRemote copies documents of one server to another, page by page, some by a query and in an order, with their
// routing and under guard of their versions.
func TestReindexFromRemote(t *testing.T) {
	const documents = 25
	from, to := embedded(t), embedded(t)
	var body strings.Builder
	for n := range documents {
		fmt.Fprintf(&body, "{\"index\":{\"_id\":\"%d\",\"routing\":\"r%d\"}}\n{\"n\":%d,\"secret\":\"x\"}\n", n, n%3, n)
	}
	expect := func(method, url, body, want string) {
		t.Helper()
		if status, answer := call(t, method, url, body); status != http.StatusOK || answer != want {
			t.Errorf("%s %s: %d %s, want %s", method, url, status, answer, want)
		}
	}
	expect("POST", from+"/a/_bulk?refresh=true&filter_path=errors", body.String(), `{"errors":false}`)
	counts := "filter_path=total,created,version_conflicts,batches,failures"
	expect("POST", to+"/_reindex?refresh=true&"+counts, `{"source":{"remote":{"host":"`+from+`"},"index":"a","size":10,"_source":["n"]},"dest":{"index":"b","version_type":"external"}}`,
		`{"total":25,"created":25,"batches":3,"version_conflicts":0,"failures":[]}`)
	expect("GET", to+"/b/_doc/7?routing=r1&filter_path=_routing,_source", "", `{"_routing":"r1","_source":{"n":7}}`)
	expect("POST", to+"/_reindex?"+counts, `{"conflicts":"proceed","source":{"remote":{"host":"`+from+`"},"index":"a"},"dest":{"index":"b","version_type":"external"}}`,
		`{"total":25,"created":0,"batches":1,"version_conflicts":25,"failures":[]}`)
	expect("POST", to+"/_reindex?refresh=true&max_docs=3&"+counts, `{"source":{"remote":{"host":"`+from+`"},"index":"a","sort":{"n":"desc"},"query":{"range":{"n":{"lt":20}}}},"dest":{"index":"c"}}`,
		`{"total":3,"created":3,"batches":1,"version_conflicts":0,"failures":[]}`)
	expect("GET", to+"/c/_search?sort=n&filter_path=hits.hits._id", "", `{"hits":{"hits":[{"_id":"17"},{"_id":"18"},{"_id":"19"}]}}`)
	expect("GET", from+"/_stats/search?filter_path=_all.total.search.open_contexts", "", `{"_all":{"total":{"search":{"open_contexts":0}}}}`)
	status, answer := call(t, "POST", to+"/_reindex", `{"source":{"remote":{"host":"`+from+`"},"index":"nowhere"},"dest":{"index":"c"}}`)
	if status != http.StatusNotFound || !strings.Contains(answer, "index_not_found_exception") {
		t.Errorf("an index that the remote store lacks: %d %s", status, answer)
	}
}
