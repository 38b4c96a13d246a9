package processor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/event"
	"elkhorn/internal/geoip"
)

var noon = time.Date(2026, 2, 27, 12, 0, 0, 123_000_000, time.UTC)

func testEnv(others map[string]*Pipeline) *Env {
	return &Env{
		Pipeline: func(name string) *Pipeline { return others[name] },
		GeoIP:    func(string) (*geoip.Database, error) { return nil, nil },
		StoredScript: func(id string) (string, error) {
			if id == "double" {
				return "ctx.n *= params.by", nil
			}
			return "", eserr.ResourceNotFound("unable to find script [%s]", id)
		},
		Now: func() time.Time { return noon },
	}
}

// TestProcessors runs testdata/*.txt. "run" takes processors, as the list of a definition or one a line, and documents; it
// prints what becomes of each. "pipeline NAME" keeps a definition for others to call; "compile" prints a definition's fault.
func TestProcessors(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		others := map[string]*Pipeline{}
		env := testEnv(others)
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			definition, docs, _ := strings.Cut(d.Input, "\n=>\n")
			if strings.HasPrefix(definition, `{"`) && !strings.HasPrefix(definition, `{"processors"`) {
				definition = `{"processors":[` + strings.ReplaceAll(definition, "\n", ",") + `]}`
			}
			name := "test"
			if len(d.CmdArgs) > 0 {
				name = d.CmdArgs[0].Key
			}
			tree, err := event.ParseObject([]byte(definition))
			if err != nil {
				return "not JSON: " + err.Error()
			}
			p, err := Compile(name, tree, env)
			if err != nil {
				return string(eserr.From(err).AppendItem(nil)) + "\n"
			}
			switch d.Cmd {
			case "compile":
				return "ok\n"
			case "pipeline":
				others[name] = p
				return "ok\n"
			}
			var out strings.Builder
			for doc := range strings.SplitSeq(docs, "\n") {
				out.WriteString(runOne(t, p, doc) + "\n")
			}
			return out.String()
		})
	})
}

func runOne(t *testing.T, p *Pipeline, doc string) string {
	source, err := event.ParseObject([]byte(doc))
	if err != nil {
		t.Fatalf("%s: %v", doc, err)
	}
	d := NewDocument(context.Background(), Metadata{Index: "i", ID: "1", HasID: true, Version: AnyVersion}, source, noon)
	err = p.Run(d)
	var failure *Failure
	switch {
	case errors.Is(err, ErrDropped):
		return "dropped"
	case errors.As(err, &failure):
		return fmt.Sprintf("%s failed: %s", failure.Kind, failure.Err.AppendItem(nil))
	case err != nil:
		return "error: " + err.Error()
	}
	out := string(d.Source().AppendJSON(nil))
	if !json.Valid([]byte(out)) {
		t.Errorf("not JSON: %s", out)
	}
	if m := d.Metadata(); m.Index != "i" || m.ID != "1" {
		out += fmt.Sprintf(" in %s as %s", m.Index, m.ID)
	}
	if d.Ingest().Len() != 1 {
		out += " _ingest " + string(d.Ingest().AppendJSON(nil))
	}
	return out
}
