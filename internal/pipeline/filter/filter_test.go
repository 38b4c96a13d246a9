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
		"/patterns/shop":  "# orders\nUNFINISHED\nNO-REFERENCE x\nORDERID [A-Z]{2}-\\d+\nORDER %{ORDERID:order} by %{USER:customer}\n",
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
		FS:     fsys,
		Shared: pipeline.NewShared(),
		Now:    func() time.Time { return testNow },
		ResolvePath: func(path string) string {
			if strings.HasSuffix(path, ".mmdb") {
				return filepath.Join(dir, path)
			}
			return path
		},
	}
}

// thisHost puts a name in place of the machine's own.
var thisHost = func() *strings.Replacer {
	name, err := os.Hostname()
	if err != nil || name == "" {
		return strings.NewReplacer(`"host":""`, `"host":"this-host"`)
	}
	return strings.NewReplacer(name, "this-host")
}()

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
// "events" has one JSON event a line and answers what became of each, and what was emitted; "flush" moves the clock by
// after and flushes, for good with final; "file" writes a file.
func TestExamples(t *testing.T) {
	for _, spec := range filter.Table.Specs() {
		dir := filepath.Join("testdata", spec.Name)
		if _, err := os.Stat(dir); err != nil {
			t.Errorf("%s has no examples: %v", spec.Name, err)
			continue
		}
		datadriven.Walk(t, dir, func(t *testing.T, path string) {
			env := testEnv(t)
			now := testNow
			env.Now = func() time.Time { return now }
			var current pipeline.Filter
			datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
				switch d.Cmd {
				case "filter":
					env.Shared = pipeline.NewShared()
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
				case "flush":
					var after string
					d.MaybeScanArgs(t, "after", &after)
					passed, err := time.ParseDuration(after)
					if err != nil {
						t.Fatal(err)
					}
					now = now.Add(passed)
					return flush(current, now, d.HasArg("final"))
				case "file":
					var name string
					d.ScanArgs(t, "name", &name)
					if err := env.FS.MkdirAll(filepath.Dir(name)); err != nil {
						t.Fatal(err)
					}
					if err := vfs.WriteFileAtomic(env.FS, name, []byte(d.Input)); err != nil {
						t.Fatal(err)
					}
					return ""
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
		var emitted []*event.Event
		outcome := f.Filter(ev, func(made *event.Event) { emitted = append(emitted, made) })
		out.WriteString(describe(ev, outcome))
		for _, made := range emitted {
			if outcome == pipeline.MatchedAlone {
				out.WriteString("alone ")
			}
			out.WriteString("emitted " + describeFields(made))
		}
	}
	return out.String()
}

func flush(f pipeline.Filter, now time.Time, final bool) string {
	flusher, ok := f.(pipeline.Flusher)
	if !ok {
		return "is not flushed\n"
	}
	var out strings.Builder
	flusher.Flush(now, final, func(made *event.Event, outcome pipeline.Outcome) {
		if outcome == pipeline.Unmatched {
			out.WriteString("alone ")
		}
		out.WriteString("emitted " + describeFields(made))
	})
	return out.String()
}

// describe writes the outcome, the event's fields, and time and metadata where they are not the ones it began with.
func describe(ev *event.Event, outcome pipeline.Outcome) string {
	var b strings.Builder
	switch outcome {
	case pipeline.Unmatched:
		b.WriteString("unmatched")
	case pipeline.Matched, pipeline.MatchedAlone:
		b.WriteString("matched")
	case pipeline.OnlyEmitted:
		b.WriteString("passed")
	default:
		fmt.Fprintf(&b, "matched %d times", outcome)
	}
	if ev.Cancelled() {
		b.WriteString(" dropped")
	}
	b.WriteString(" " + describeFields(ev))
	return b.String()
}

func describeFields(ev *event.Event) string {
	var b strings.Builder
	b.WriteString(thisHost.Replace(string(ev.Fields().AppendJSON(nil))))
	if !ev.Timestamp().Equal(testNow) {
		b.WriteString(" @timestamp " + ev.Timestamp().Format(time.RFC3339Nano))
	}
	if ev.Metadata().Len() > 0 {
		b.WriteString(" @metadata " + string(ev.Metadata().AppendJSON(nil)))
	}
	return b.String() + "\n"
}
