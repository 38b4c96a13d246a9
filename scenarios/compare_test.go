package scenarios

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"elkhorn/internal/es/estest"
)

// TestCompare sends every scenario to the embedded engine and to the server that ELKHORN_COMPARE_URL names,
// an OpenSearch node, and compares the answers. scripts/compare.sh starts one.
func TestCompare(t *testing.T) {
	url := strings.TrimSuffix(os.Getenv("ELKHORN_COMPARE_URL"), "/")
	if url == "" {
		t.Skip("ELKHORN_COMPARE_URL is not set: it names a node of OpenSearch, whose indices are deleted")
	}
	estest.Compare(t, os.DirFS("."), estest.Comparison{
		Ours:   embedded,
		Theirs: func(t *testing.T) string { return emptied(t, url) },
		Rules:  openSearchRules,
		Plain:  func(body string) string { return streamDate.ReplaceAllString(body, "$1-$2") },
	})
}

// emptied deletes what scenarios make on a server elsewhere.
func emptied(t *testing.T, base string) string {
	call(t, http.MethodPut, base+"/_cluster/settings", `{"transient":{"action.destructive_requires_name":false}}`)
	for _, path := range []string{
		"/_data_stream/*", "/*?expand_wildcards=all", "/_index_template/*", "/_template/*", "/_component_template/*",
		"/_ingest/pipeline/*", "/_ilm/policy/keep", "/_search/point_in_time/_all", "/_snapshot/*",
	} {
		call(t, http.MethodDelete, base+path, "")
	}
	return base
}
