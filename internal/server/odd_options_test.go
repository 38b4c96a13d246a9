package server

import (
	"log/slog"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

// oddTexts are what people write, or a variable of the environment leaves, where something else was meant.
var oddTexts = []string{"", " ", "[", "[]", "@timestamp", "%{", "%{message}", "%{+}", "0", "-1", "9223372036854775807", "1e400", "\x00", "\xff", "(?<x>", "127.0.0.1:1", "http://127.0.0.1:1"}

// TestOddOptions gives every option of the inputs, outputs and codecs texts that make no sense: they are refused or taken, and nothing panics.
// Filters have such a test of their own.
func TestOddOptions(t *testing.T) {
	tables := Tables()
	env := &pipeline.Env{FS: vfs.NewMem(), Shared: pipeline.NewShared(), Now: time.Now, ResolvePath: func(path string) string { return path },
		Logger: slog.New(slog.DiscardHandler)}
	env.Codec = func(block *plugin.BlockConfig) (pipeline.NewCodec, error) {
		made, _, err := tables.Codecs.Build(env, block)
		return made, err
	}
	takeOddOptions(t, env, tables.Inputs, func(pipeline.Input) {})
	takeOddOptions(t, env, tables.Outputs, func(pipeline.Output) {})
	takeOddOptions(t, env, tables.Codecs, func(made pipeline.NewCodec) {
		c := made()
		for _, data := range []string{"", "a", "{}", `[1,{"a":[]}]`, "CEF:0|a|b|c|d|e|1|x=1", "a,b\nc,d\n", "\x00\xff"} {
			c.Decode([]byte(data), time.Unix(0, 0), func(ev *event.Event) { c.Encode(nil, ev) })
		}
		c.Flush(time.Unix(0, 0), func(*event.Event) {})
	})
}

func takeOddOptions[T any](t *testing.T, env *pipeline.Env, table *plugin.Table[T, *pipeline.Env], use func(T)) {
	for _, spec := range table.Specs() {
		taken, options := 0, slices.Concat(spec.Options, table.Common())
		for _, usual := range []string{"message", "127.0.0.1:1", "http://127.0.0.1:1"} {
			for i := range options {
				for _, odd := range oddTexts {
					for _, v := range []plugin.Value{oddText(odd), {Kind: plugin.List, List: []plugin.Value{oddText(odd)}}, {Kind: plugin.Map, Pairs: []plugin.Pair{{Key: odd, Value: oddText(odd)}}}} {
						block := &plugin.BlockConfig{Name: spec.Name, Options: append(requiredOptions(options, i, usual), plugin.Pair{Key: options[i].Name, Value: v})}
						if takesBlock(t, env, table, block, use) {
							taken++
						}
					}
				}
			}
		}
		if taken == 0 {
			t.Errorf("%s %s took nothing: the test proves nothing", table.Kind, spec.Name)
		}
	}
}

func takesBlock[T any](t *testing.T, env *pipeline.Env, table *plugin.Table[T, *pipeline.Env], block *plugin.BlockConfig, use func(T)) bool {
	defer func() {
		if fault := recover(); fault != nil {
			t.Errorf("%s %s with %+v panics: %v\n%s", table.Kind, block.Name, block.Options, fault, debug.Stack())
		}
	}()
	made, _, err := table.Build(env, block)
	if err == nil {
		use(made)
	}
	return err == nil
}

func oddText(text string) plugin.Value { return plugin.Value{Kind: plugin.Text, Str: text} }

// requiredOptions gives usual values to the options that a block must have, but for one.
func requiredOptions(options []plugin.Option, except int, usual string) []plugin.Pair {
	var pairs []plugin.Pair
	for i, o := range options {
		if !o.Required || i == except {
			continue
		}
		v := oddText(usual)
		switch {
		case len(o.Allowed) > 0:
			v = oddText(o.Allowed[0])
		case o.Kind == plugin.Integer:
			v = oddText("1")
		case o.Name == "schedule":
			v = plugin.Value{Kind: plugin.Map, Pairs: []plugin.Pair{{Key: "every", Value: oddText("1m")}}}
		case o.Kind == plugin.Hash:
			v = plugin.Value{Kind: plugin.Map, Pairs: []plugin.Pair{{Key: "message", Value: v}}}
		}
		pairs = append(pairs, plugin.Pair{Key: o.Name, Value: v})
	}
	return pairs
}
