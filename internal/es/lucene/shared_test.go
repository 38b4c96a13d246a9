package lucene

import (
	"encoding/json"
	"errors"
	"os"
	"testing"

	"elkhorn/internal/es/eserr"
)

// TestSharedGolden reads the file that the web interface's own reading of the language has to pass too: queries with their
// trees in canonical form, or with the place at which they cannot be read.
func TestSharedGolden(t *testing.T) {
	data, err := os.ReadFile("../../../ui/src/lib/lucene/testdata/lucene.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden []struct {
		Lucene       string
		Tree         *string
		Line, Column int
	}
	if err := json.Unmarshal(data, &golden); err != nil {
		t.Fatal(err)
	}
	for _, g := range golden {
		n, err := Parse(g.Lucene, false)
		var failure *eserr.Error
		switch {
		case err == nil && g.Tree == nil:
			t.Errorf("%q is read as %s", g.Lucene, String(n))
		case err == nil && String(n) != *g.Tree:
			t.Errorf("%q\n got %s\nwant %s", g.Lucene, String(n), *g.Tree)
		case err != nil && g.Tree != nil:
			t.Errorf("%q: %v", g.Lucene, err)
		case errors.As(err, &failure):
			line, _ := failure.CausedBy.Member("line")
			column, _ := failure.CausedBy.Member("col")
			if line != g.Line || column != g.Column {
				t.Errorf("%q: wrong at %v:%v, want %d:%d", g.Lucene, line, column, g.Line, g.Column)
			}
		}
	}
}
