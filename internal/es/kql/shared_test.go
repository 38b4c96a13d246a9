package kql

import (
	"encoding/json"
	"os"
	"testing"

	"elkhorn/internal/es/query"
)

// sharedGolden reads one of the files that the web interface's own reading of the language has to pass too.
func sharedGolden(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile("../../../ui/src/lib/kql/testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

// TestSharedGolden compares the clauses with those of the interface, each printed in its longest form.
func TestSharedGolden(t *testing.T) {
	var golden []struct {
		KQL   string          `json:"kql"`
		Query json.RawMessage `json:"query"`
	}
	sharedGolden(t, "kql.json", &golden)
	for _, g := range golden {
		want, err := query.Parse(g.Query)
		if err != nil {
			t.Fatalf("%s: %v", g.KQL, err)
		}
		got, _, err := Query(g.KQL, Options{})
		if err != nil || query.String(got) != query.String(want) {
			t.Errorf("%s\n got %v %v\nwant %s", g.KQL, query.String(got), err, query.String(want))
		}
	}
}

func TestSharedErrors(t *testing.T) {
	var golden []struct {
		KQL string `json:"kql"`
	}
	sharedGolden(t, "kql_errors.json", &golden)
	for _, g := range golden {
		if q, _, err := Query(g.KQL, Options{}); err == nil {
			t.Errorf("%s is read as %s", g.KQL, query.String(q))
		}
	}
}
