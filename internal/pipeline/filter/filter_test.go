package filter_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/pipeline/filter"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

// testNow is the clock of the examples, and the time of an event that has none of its own.
var testNow = time.Date(2026, 12, 25, 12, 0, 0, 0, time.UTC)

// testEnv is an environment with the files that the examples name.
func testEnv(t testing.TB) *pipeline.Env {
	t.Helper()
	fsys := vfs.NewMem()
	if err := fsys.MkdirAll("/patterns"); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{
		"/patterns/shop":  "# orders\nORDERID [A-Z]{2}-\\d+\nORDER %{ORDERID:order} by %{USER:customer}\n",
		"/patterns/other": "ORDERID late\n",
	}
	for name, text := range files {
		if err := vfs.WriteFileAtomic(fsys, name, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	for name, data := range testDatabases() {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return &pipeline.Env{
		FS:  fsys,
		Now: func() time.Time { return testNow },
		ResolvePath: func(path string) string {
			if strings.HasSuffix(path, ".mmdb") {
				return filepath.Join(dir, path)
			}
			return path
		},
	}
}

// build makes the filter of a block as it stands in a configuration.
func build(t testing.TB, env *pipeline.Env, block string) (pipeline.Filter, *plugin.Settings, error) {
	t.Helper()
	cfg, err := config.Parse("example.conf", "filter {\n"+block+"\n}", config.Options{})
	if err != nil {
		t.Fatalf("%s: %v", block, err)
	}
	var made pipeline.Filter
	var settings *plugin.Settings
	cfg.Plugins(config.Filter, func(p *config.Plugin) { made, settings, err = filter.Table.Build(env, p.Config()) })
	return made, settings, err
}

func mustBuild(t testing.TB, block string) pipeline.Filter {
	t.Helper()
	f, _, err := build(t, testEnv(t), block)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestExamples runs the examples of each plugin. The command "filter" has a block and answers its warnings or its error;
// "events" has one JSON event a line and answers what became of each.
func TestExamples(t *testing.T) {
	for _, spec := range filter.Table.Specs() {
		dir := filepath.Join("testdata", spec.Name)
		if _, err := os.Stat(dir); err != nil {
			t.Errorf("%s has no examples: %v", spec.Name, err)
			continue
		}
		datadriven.Walk(t, dir, func(t *testing.T, path string) {
			env := testEnv(t)
			var current pipeline.Filter
			datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
				switch d.Cmd {
				case "filter":
					made, settings, err := build(t, env, d.Input)
					if err != nil {
						return err.Error()
					}
					current = made
					var out strings.Builder
					for _, warning := range settings.Warnings {
						fmt.Fprintf(&out, "warning: %v\n", warning)
					}
					return out.String()
				case "events":
					return runEvents(t, current, d.Input)
				}
				t.Fatalf("unknown command %q", d.Cmd)
				return ""
			})
		})
	}
}

func runEvents(t *testing.T, f pipeline.Filter, lines string) string {
	var out strings.Builder
	for line := range strings.Lines(lines) {
		v, err := event.ParseJSON([]byte(line))
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		ev := event.FromObject(v, testNow)
		outcome := f.Filter(ev, func(*event.Event) { t.Error("an event was emitted") })
		out.WriteString(describe(ev, outcome))
	}
	return out.String()
}

// describe writes the outcome, the event's fields, and time and metadata where they are not the ones it began with.
func describe(ev *event.Event, outcome pipeline.Outcome) string {
	var b strings.Builder
	b.WriteString(map[pipeline.Outcome]string{pipeline.Matched: "matched", pipeline.Unmatched: "unmatched"}[outcome])
	if ev.Cancelled() {
		b.WriteString(" dropped")
	}
	b.WriteString(" " + string(ev.Fields().AppendJSON(nil)))
	if !ev.Timestamp().Equal(testNow) {
		b.WriteString(" @timestamp " + ev.Timestamp().Format(time.RFC3339Nano))
	}
	if ev.Metadata().Len() > 0 {
		b.WriteString(" @metadata " + string(ev.Metadata().AppendJSON(nil)))
	}
	return b.String() + "\n"
}
