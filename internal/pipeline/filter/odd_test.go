package filter_test

import (
	"path/filepath"
	"runtime/debug"
	"testing"

	"github.com/cockroachdb/datadriven"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/pipeline/filter"
	"elkhorn/internal/plugin"
)

// oddTexts are what people write, or a variable of the environment leaves, where something else was meant.
var oddTexts = []string{"", " ", "[", "[]", "[a][", "@timestamp", "[@metadata]", "%{", "%{message}", "%{+}", "0", "-1", "9223372036854775807", "1e400", "\x00", "\xff", "]-[", "(?<x>", "a=>b"}

// oddEvents are events of shapes that no filter hopes for.
var oddEvents = []string{
	`{}`, `{"message":null,"tags":null}`, `{"message":"","tags":""}`, `{"message":[],"tags":{}}`, `{"message":{},"tags":[]}`, `{"message":[null,[],{"a":""}]}`,
	`{"message":-0.0,"a":{"b":[1]}}`, `{"message":true,"a":"1"}`, `{"message":"a=1 b=\"2\" <5>x, 10.0.0.1 %41 2026-01-01","x":[0]}`, `{"message":"\u0000\ufffd=\\\"["}`, `{"":"","@metadata":1}`,
}

// TestOddOptions puts texts that make no sense in place of each option in the examples of every filter, and gives the filters that take them
// events of odd shapes: no filter panics.
func TestOddOptions(t *testing.T) {
	for _, spec := range filter.Table.Specs() {
		t.Run(spec.Name, func(t *testing.T) {
			t.Parallel()
			env := testEnv(t)
			taken := 0
			for _, example := range exampleBlocks(t, spec.Name) {
				for i := range spec.Options {
					for _, odd := range oddValues(&spec.Options[i]) {
						block := &plugin.BlockConfig{Name: spec.Name, Options: []plugin.Pair{{Key: spec.Options[i].Name, Value: odd}}}
						for _, pair := range example.Options {
							if pair.Key != spec.Options[i].Name {
								block.Options = append(block.Options, pair)
							}
						}
						if takes(t, env, block) {
							taken++
						}
					}
				}
			}
			if taken == 0 {
				t.Error("no option took anything: the test proves nothing")
			}
		})
	}
}

// exampleBlocks are the first blocks of a filter's examples that work.
func exampleBlocks(t *testing.T, name string) []*plugin.BlockConfig {
	const enough = 6
	var blocks []*plugin.BlockConfig
	datadriven.Walk(t, filepath.Join("testdata", name), func(t *testing.T, path string) {
		env := testEnv(t)
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			if d.Cmd != "filter" || len(blocks) == enough {
				return d.Expected
			}
			cfg, err := config.Parse("example.conf", "filter {\n"+d.Input+"\n}", config.Options{})
			if err != nil {
				t.Fatal(err)
			}
			cfg.Plugins(config.Filter, func(p *config.Plugin) {
				if block := p.Config(); takes(t, env, block) {
					blocks = append(blocks, block)
				}
			})
			return d.Expected
		})
	})
	return blocks
}

// takes makes a filter and runs odd events through it; it is false for a filter that refuses its options.
func takes(t *testing.T, env *pipeline.Env, block *plugin.BlockConfig) bool {
	defer func() {
		if fault := recover(); fault != nil {
			t.Errorf("%s with %+v panics: %v\n%s", block.Name, block.Options, fault, debug.Stack())
		}
	}()
	f, _, err := filter.Table.Build(env, block)
	if err != nil {
		return false
	}
	for _, text := range oddEvents {
		fields, err := event.ParseJSON([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		f.Filter(event.FromObject(fields, testNow), func(*event.Event) {})
	}
	if flusher, ok := f.(pipeline.Flusher); ok {
		flusher.Flush(testNow, true, func(*event.Event, pipeline.Outcome) {})
	}
	return true
}

func text(s string) plugin.Value { return plugin.Value{Kind: plugin.Text, Str: s} }

// oddValues are odd values of the option's kind.
func oddValues(o *plugin.Option) []plugin.Value {
	var values []plugin.Value
	for _, odd := range oddTexts {
		switch o.Kind {
		case plugin.Strings, plugin.Any:
			values = append(values, plugin.Value{Kind: plugin.List, List: []plugin.Value{text(odd)}}, plugin.Value{Kind: plugin.List, List: []plugin.Value{text("message"), text(odd)}})
		case plugin.Hash:
			for _, pair := range []plugin.Pair{{Key: odd, Value: text("message")}, {Key: "message", Value: text(odd)}, {Key: odd, Value: text(odd)}} {
				values = append(values, plugin.Value{Kind: plugin.Map, Pairs: []plugin.Pair{pair}})
			}
			continue
		}
		values = append(values, text(odd))
	}
	return append(values, plugin.Value{Kind: plugin.List}, plugin.Value{Kind: plugin.Map})
}
