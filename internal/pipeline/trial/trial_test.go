package trial_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline/codec"
	"elkhorn/internal/pipeline/filter"
	"elkhorn/internal/pipeline/input"
	"elkhorn/internal/pipeline/output"
	"elkhorn/internal/pipeline/runtime"
	"elkhorn/internal/pipeline/trial"
)

var host = trial.Host{Tables: runtime.Tables{Inputs: input.Table, Filters: filter.Table, Outputs: output.Table, Codecs: codec.Table},
	LookupEnv: func(string) (string, bool) { return "", false }}

// TestSuites runs files of commands: "file" writes a file; "run" runs cases and answers the report; "update" lets the file expect
// what came and answers it; "diff" sends events through two configurations.
func TestSuites(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		dir := t.TempDir()
		tidy := func(text string) string { return strings.ReplaceAll(text, dir+string(filepath.Separator), "") }
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			var name string
			d.ScanArgs(t, "name", &name)
			name = filepath.Join(dir, name)
			switch d.Cmd {
			case "file":
				if err := os.WriteFile(name, []byte(d.Input), 0o600); err != nil {
					t.Fatal(err)
				}
				return ""
			case "run", "update":
				report, err := run(name, d.HasArg("explain"), d.Cmd == "update")
				if err != nil {
					report = err.Error() + "\n"
				}
				return tidy(report)
			case "diff":
				var with string
				d.ScanArgs(t, "with", &with)
				return tidy(diff(t, name, filepath.Join(dir, with), d.Input))
			}
			t.Fatalf("unknown command %q", d.Cmd)
			return ""
		})
	})
}

func run(file string, explain, update bool) (string, error) {
	suite, err := trial.Load(file)
	if err != nil {
		return "", err
	}
	report, err := suite.Run(host, trial.RunOptions{Explain: explain})
	if err != nil {
		return "", err
	}
	if update {
		if _, err := suite.Update(report); err != nil {
			return "", err
		}
		data, err := os.ReadFile(file)
		return string(data), err
	}
	var out strings.Builder
	p := &trial.Printer{W: &out}
	p.Report(report)
	return out.String(), p.Err()
}

func diff(t *testing.T, before, after, lines string) string {
	t.Helper()
	made := func(file string) *runtime.Trial {
		tr, err := runtime.NewTrial(runtime.TrialOptions{Source: runtime.Source{Paths: []string{file}, Lookup: host.LookupEnv}, Tables: host.Tables})
		if err != nil {
			t.Fatal(err)
		}
		return tr
	}
	was, is := made(before), made(after)
	sum := &trial.Comparison{Ignore: []*event.Path{event.MustPath("ignored")}}
	var out strings.Builder
	p := &trial.Printer{W: &out}
	for line := range strings.Lines(lines) {
		v, err := event.ParseObject([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		if diffs := sum.Both(was, is, event.FromObject(v, defaultTime)); len(diffs) > 0 {
			p.EventDifference(strings.TrimSpace(line), diffs)
		}
	}
	p.Comparison(sum)
	return out.String()
}

var defaultTime = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func TestFaultsHavePlaces(t *testing.T) {
	for text, want := range map[string]string{
		"":                            "is empty; it needs cases:",
		"cases: []":                   "1:1: cases: must list at least one case",
		"cases:\n  - nam: x":          `2:5: a case has no "nam"; known are name, input, expect, drops, now, from, codec, ignore, exact, unordered`,
		"cases:\n  - name: x":         `2:5: case "x" has no input`,
		"now: noon\ncases: [{}]":      `1:6: now: "noon" is no time such as 2026-02-27T12:00:00Z`,
		"a: [":                        "did not find expected node content",
		"x: &a 1\ncases: [*a]":        "2:9: aliases (*a) are not taken here; write the value out",
		"cases:\n- input: [[1]]":      "2:11: an input is a text (a raw line), a mapping (an event), or {$advance: 30s}",
		"cases:\n- drops: -1":         "2:10: drops must be a number of input events",
		"cases:\n- expect: x":         "2:11: expect must list events; [] means that every event is dropped",
		"cases:\n- exact: perhaps":    "2:10: exact must be true or false",
		"cases:\n- ignore: ['[a']":    `2:11: ignore: field reference "[a": a [ is never closed`,
		"cases:\n- input: [{$no: 1}]": `2:12: an input has no "$no"; known are $line, $event, $repeat, $advance`,
		"cases:\n- input: [{$line: x, $repeat: 0}]":          "2:31: $repeat must be a number from 1 to 100000",
		"cases:\n- input: [{$advance: soon}]":                `2:22: $advance: "soon" is no duration such as 30s or 5m`,
		"cases:\n- expect: [{a: {$regex: '('}}]":             "2:25: $regex: ",
		"cases:\n- expect: [{a: {$regx: x}}]":                `2:17: a condition has no "$regx"; known are $exists, $equals, $regex, $contains, $type, $gt, $gte, $lt, $lte, $near, $length`,
		"cases:\n- expect: [{a: {$gt: x}}]":                  "2:22: $gt must be a number",
		"cases:\n- expect: [{a: {$near: 1}}]":                "2:24: $near must be [value, distance]",
		"cases:\n- expect: [{a: {$type: colour}}]":           "2:24: $type must be one of null, boolean,",
		"cases:\n- expect: [{a: {$exists: maybe}}]":          "2:26: $exists must be true or false",
		"cases:\n- expect: [{$outputs: stdout}]":             "2:23: $outputs must be a list of names or ids; [] means that no output gets the event",
		"cases:\n- expect: [{$outputs: [[x]]}]":              "2:24: an output is a name or {name: {option: value}}",
		"cases:\n- expect: [{'[a': 1}]":                      `2:13: field reference "[a": a [ is never closed`,
		"cases:\n- input: [{n: 99999999999999999999999999}]": "",
		"cases:\n- input: [{n: 0x7fffffffffffffffff}]":       "",
		"pipeline: {a: b}\ncases: [{}]":                      "1:11: wants a text or a list of texts",
		"env: [a]\ncases: [{}]":                              "1:6: env must be names and texts",
		"- a":                                                "1:1: a file of cases must be a mapping",
		"cases: [" + strings.Repeat("[", 20000) + "]":        "exceeded max depth",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "x.conf"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, "x.test.yml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := trial.Load(file)
		if want == "" {
			if err != nil {
				t.Errorf("%.60q: got %v", text, err)
			}
			continue
		}
		var at *trial.Fault
		if !errors.As(err, &at) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q:\ngot  %v\nwant %s", text, err, want)
		}
	}
}

func TestProfileCountsEveryFilter(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	write("p.conf", `filter { mutate { add_field => { "a" => "b" } } if [message] == "x" { drop {} } }`)
	suite, err := trial.Load(write("p.test.yml", "cases:\n- input: [x, y]\n  drops: 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	events, took, plugins, err := suite.Profile(host)
	if err != nil || events == 0 || took <= 0 || len(plugins) != 2 {
		t.Fatalf("%d events in %v, %v: %v", events, took, plugins, err)
	}
	if plugins[0].In != events || plugins[1].In != events/2 || plugins[1].Out != 0 {
		t.Errorf("of %d events the filters saw %+v", events, plugins)
	}
}

func TestCasesBeside(t *testing.T) {
	dir := t.TempDir()
	conf := filepath.Join(dir, "a.conf")
	if got := trial.CasesOf(conf); got != "" {
		t.Errorf("found %q", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.test.yaml"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := trial.CasesOf(conf); filepath.Base(got) != "a.test.yaml" {
		t.Errorf("found %q", got)
	}
}
