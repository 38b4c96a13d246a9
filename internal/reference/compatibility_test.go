package reference

import (
	"flag"
	"maps"
	"os"
	"slices"
	"testing"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
	"elkhorn/internal/ingest/processor"
)

var rewrite = flag.Bool("rewrite", false, "write the pages of this run into docs")

const (
	compatibilityPage = "../../docs/compatibility.md"
	knownFailures     = "../../docs/conformance.tsv"
)

// TestCompatibilityPage keeps the page the same as the tables.
func TestCompatibilityPage(t *testing.T) {
	conformance, err := os.ReadFile(knownFailures)
	if err != nil {
		t.Fatal(err)
	}
	want := Compatibility(string(conformance))
	if *rewrite {
		if err := os.WriteFile(compatibilityPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(compatibilityPage)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/compatibility.md is not what the tables say; run this test with -rewrite")
	}
}

// TestTablesAgree finds entries about kinds that are not there, and kinds that are both there and not.
func TestTablesAgree(t *testing.T) {
	for _, c := range []struct {
		what    string
		there   []string
		leftOut map[string]string
		foreign []string
	}{
		{"query", query.Kinds(), query.LeftOut, query.Foreign},
		{"aggregation", agg.Kinds(), agg.LeftOut, slices.Collect(maps.Keys(agg.Foreign))},
		{"processor", processor.Names(), processor.LeftOut, slices.Collect(maps.Keys(processor.Foreign))},
		{"field type", mapping.TypeNames(), mapping.LeftOut, mapping.ForeignTypes()},
	} {
		for kind := range c.leftOut {
			if !slices.Contains(c.there, kind) {
				t.Errorf("%s [%s] leaves something out and is not there", c.what, kind)
			}
		}
		for _, kind := range c.foreign {
			if slices.Contains(c.there, kind) {
				t.Errorf("%s [%s] is there and listed as foreign", c.what, kind)
			}
		}
	}
}
