package filter

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
)

// TestEndlessExpressionsAreTold: the log names the filter and the expression that takes too long, once a minute.
func TestEndlessExpressionsAreTold(t *testing.T) {
	var log bytes.Buffer
	now := time.Unix(1_000, 0)
	env := &pipeline.Env{Logger: slog.New(slog.NewTextHandler(&log, nil)), Now: func() time.Time { return now }, Shared: pipeline.NewShared()}
	list := func(key string, texts ...string) plugin.Pair {
		p := plugin.Pair{Key: key, Value: plugin.Value{Kind: plugin.List}}
		for _, text := range texts {
			p.Value.List = append(p.Value.List, plugin.Value{Kind: plugin.Text, Str: text})
		}
		return p
	}
	const endless = `^(?<x>a|aa|\w\w?)+\k<x>$`
	for name, options := range map[string][]plugin.Pair{
		"grok": {{Key: "match", Value: plugin.Value{Kind: plugin.Map, Pairs: []plugin.Pair{{Key: "message", Value: plugin.Value{Kind: plugin.Text, Str: endless}}}}},
			{Key: "timeout_millis", Value: plugin.Value{Kind: plugin.Text, Str: "10"}}},
		"mutate": {list("gsub", "message", `^(a|aa|(\w)\2?)+\2$`, "x")},
	} {
		log.Reset()
		f, _, err := Table.Build(env, &plugin.BlockConfig{Name: name, Options: options, Pos: plugin.Pos{File: "a.conf", Line: 3, Column: 5}})
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			ev := event.New(now)
			ev.Set(event.MustPath("message"), event.StringOf(strings.Repeat("a", 3000)+"!"))
			f.Filter(ev, func(*event.Event) {})
		}
		if got := log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "level=WARN") || !strings.Contains(got, "at=a.conf:3:5") || name == "grok" && !strings.Contains(got, `\k<x>`) {
			t.Errorf("%s: the log is\n%s", name, got)
		}
	}
}

// TestFailingProgramsAreTold: the log says where the program stands and why it fails, at once and then one a minute.
func TestFailingProgramsAreTold(t *testing.T) {
	var log bytes.Buffer
	now := time.Unix(1_000, 0)
	env := &pipeline.Env{Logger: slog.New(slog.NewTextHandler(&log, nil)), Now: func() time.Time { return now }, Shared: pipeline.NewShared()}
	pair := func(key, text string) plugin.Pair {
		return plugin.Pair{Key: key, Value: plugin.Value{Kind: plugin.Text, Str: text}}
	}
	for name, options := range map[string][]plugin.Pair{
		"ruby":      {pair("code", `raise "no rate for #{event.get('currency')}"`)},
		"aggregate": {pair("task_id", "%{id}"), pair("code", `raise "no rate for #{event.get('currency')}"`)},
	} {
		log.Reset()
		at := plugin.Pos{File: "a.conf", Line: 3, Column: 5}
		f, _, err := Table.Build(env, &plugin.BlockConfig{Name: name, Options: options, Pos: at})
		if err != nil {
			t.Fatal(err)
		}
		run := func(times int) int {
			for range times {
				ev := event.New(now)
				ev.Set(event.MustPath("id"), event.StringOf("1"))
				ev.Set(event.MustPath("currency"), event.StringOf("XAU"))
				f.Filter(ev, func(*event.Event) {})
			}
			return strings.Count(log.String(), "\n")
		}
		if n := run(3); n != 1 {
			t.Errorf("%s: three failures at once make %d lines:\n%s", name, n, log.String())
		}
		for _, want := range []string{"level=WARN", "at=a.conf:3:5", "no rate for XAU", "events=1"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("%s: the log lacks %q:\n%s", name, want, log.String())
			}
		}
		now = now.Add(failureInterval)
		if n := run(1); n != 2 || !strings.Contains(log.String(), "events=3") {
			t.Errorf("%s: a minute later the log has %d lines:\n%s", name, n, log.String())
		}
	}
}
