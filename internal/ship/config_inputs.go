package ship

import (
	"cmp"
	"fmt"
	"log/slog"
	"slices"

	"elkhorn/internal/plugin"
	"elkhorn/internal/ship/harvest"
	"elkhorn/internal/ship/processor"
)

// inputs reads the inputs of this file, those of the files that it names, and those that discovery comes to here.
func (l *loader) inputs(c *Config, root *tree) {
	seen := len(l.all)
	readBy := make(map[string]string)
	list := root.at("filebeat.inputs")
	if list != nil && list.kind != treeNull {
		l.inputList(c, "filebeat.inputs", list, readBy)
	}
	files := root.at("filebeat.config.inputs")
	if files != nil && files.kind == treeMap {
		l.inputFiles(c, files, readBy)
	}
	modules := cmp.Or(root.at("filebeat.modules"), root.at("filebeat.config.modules"))
	before := len(l.all)
	l.modules(c, root, readBy)
	after := len(l.all)
	discovery := root.at("filebeat.autodiscover")
	if discovery != nil {
		l.autodiscover(c, discovery, readBy)
	}
	if len(c.Inputs) > 0 || slices.ContainsFunc(l.all[seen:], func(f Finding) bool { return f.Severity == Fault }) {
		return
	}
	leftOut := false
	for i := range l.all[before:after] {
		if f := &l.all[before+i]; f.Severity == Warning {
			f.Severity, leftOut = Fault, true // it is all there is
		}
	}
	if leftOut {
		return
	}
	if list == nil && files == nil && discovery == nil && modules == nil {
		l.add(Fault, root.pos, "filebeat.inputs", "is missing: a list of inputs, such as {type: filestream, id: app, paths: [/var/log/app/*.log]}")
		return
	}
	l.add(Fault, root.pos, "filebeat.inputs", "no input is enabled")
}

func (l *loader) inputList(c *Config, key string, list *tree, readBy map[string]string) {
	if list.kind != treeList {
		l.add(Fault, list.pos, key, "wants a list of inputs")
		return
	}
	for i, t := range list.items {
		key := fmt.Sprintf("%s.%d", key, i)
		input := l.input(key, t)
		if input == nil {
			continue
		}
		c.Inputs = append(c.Inputs, *input)
		l.checkShared(key, input.Block, readBy)
	}
}

// checkShared warns of paths that two inputs read: there is one offset per file, and each would move it.
func (l *loader) checkShared(key string, block *plugin.BlockConfig, readBy map[string]string) {
	for _, pair := range block.Options {
		if pair.Key != "paths" {
			continue
		}
		for _, path := range append(pair.Value.List, pair.Value) {
			if path.Kind != plugin.Text {
				continue
			}
			if other := readBy[path.Str]; other != "" && other != key {
				l.add(Warning, path.Pos, key+".paths", "%s is read by %s as well: lines can be missed or sent twice, leave it to one input", path.Str, other)
			}
			readBy[path.Str] = key
		}
	}
}

// input reads one input; nil when it is disabled or at fault. The rest of a disabled one is not looked at: its variables need
// not be set.
func (l *loader) input(key string, t *tree) *Input {
	if t.kind != treeMap {
		l.add(Fault, t.pos, key, "wants an input with its options")
		return nil
	}
	kind := t.at("type")
	if kind == nil {
		kind = &tree{pos: t.pos, kind: treeScalar, text: "log"}
		t = t.with("type", kind)
		l.add(Warning, t.pos, key+".type", "is missing: log is taken")
	}
	if kind.kind != treeScalar {
		l.add(Fault, kind.pos, key+".type", "wants the name of an input")
		return nil
	}
	if enabled := t.at("enabled"); enabled != nil {
		v, err := l.scalar(enabled, plugin.Boolean, false)
		if err != nil {
			l.fault(enabled.pos, key+".enabled", err)
			return nil
		}
		if v.Str == "false" {
			return nil
		}
	}
	if instead, ok := harvest.Foreign(kind.text); ok {
		l.add(Fault, kind.pos, key+"."+kind.text, "%s", instead)
		return nil
	}
	spec := harvest.Table.Find(kind.text)
	if spec == nil {
		_, err := harvest.Table.Check(&plugin.BlockConfig{Name: kind.text, Pos: kind.pos})
		l.fault(kind.pos, key, err)
		return nil
	}
	block, err := l.block(kind.text, t.without("processors"), spec.Options, harvest.CommonOptions)
	if err != nil {
		l.fault(t.pos, key, err)
		return nil
	}
	// Making the input checks more than the options: patterns, time spans, what must go together.
	env := &harvest.Env{Logger: slog.New(slog.DiscardHandler)}
	_, settings, err := harvest.Table.Build(env, block)
	if err != nil {
		l.fault(t.pos, key, err)
		return nil
	}
	for _, w := range settings.Warnings {
		l.addPluginError(Warning, key, w)
	}
	l.checkMultiline(key, settings)
	return &Input{
		Block:       block,
		Fields:      processor.ObjectOf(settings.Pairs("fields")),
		FieldsRoot:  settings.Bool("fields_under_root"),
		Tags:        settings.Strings("tags"),
		Pipeline:    settings.String("pipeline"),
		DisableHost: settings.Bool("publisher_pipeline.disable_host"),
		Processors:  l.processors(key+".processors", t.at("processors")),
	}
}
