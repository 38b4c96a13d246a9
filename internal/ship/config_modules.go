package ship

import (
	"fmt"
	"strconv"
	"strings"

	"elkhorn/internal/plugin"
	"elkhorn/internal/ship/module"
)

// modules reads the modules of this file and those of the files that it names. Those we lack are warned about and left out.
func (l *loader) modules(c *Config, root *tree, readBy map[string]string) {
	read := func(key string, list *tree) {
		if list.kind != treeList {
			l.add(Fault, list.pos, key, "wants a list of modules")
			return
		}
		for i, t := range list.items {
			l.module(c, fmt.Sprintf("%s.%d", key, i), t, readBy)
		}
	}
	if list := root.at("filebeat.modules"); list != nil && list.kind != treeNull {
		read("filebeat.modules", list)
	}
	if files := root.at("filebeat.config.modules"); files != nil && files.kind == treeMap {
		l.listFiles("filebeat.config.modules", files, read)
	}
}

const moduleInstead = "name its files in an input, such as {type: filestream, id: nginx, paths: [/var/log/nginx/*.log]}, and take lines apart in a pipeline with grok"

func (l *loader) module(c *Config, key string, t *tree, readBy map[string]string) {
	name := t.at("module")
	if name == nil || name.kind != treeScalar {
		l.add(Fault, t.pos, key+".module", "is missing: the name of a module, such as system")
		return
	}
	if l.isOff(t) {
		return
	}
	key += "." + name.text
	if !module.Known(name.text) {
		near := ""
		if n := module.Nearest(name.text); n != "" {
			near = fmt.Sprintf("did you mean %q? Else ", n)
		}
		l.add(Warning, name.pos, key, "this module is not built yet, there are %s: %s%s", strings.Join(module.Names(), ", "), near, moduleInstead)
		return
	}
	enabled := false
	for _, fileset := range t.keys {
		switch fileset {
		case "module", "enabled":
			continue
		}
		f, options := module.Find(name.text, fileset), t.named[fileset]
		if f == nil {
			if options.kind == treeMap && l.isOff(options) {
				continue
			}
			l.add(Warning, options.pos, key+"."+fileset, "is no fileset of this module; there are %s", strings.Join(module.FilesetsOf(name.text), " and "))
			continue
		}
		enabled = l.fileset(c, key+"."+fileset, f, options, readBy) || enabled
	}
	if !enabled {
		l.add(Warning, name.pos, key, "no fileset is enabled: write %s", strings.Join(module.FilesetsOf(name.text), ".enabled: true or ")+".enabled: true")
	}
}

// filesetOptions are those of Filebeat's filesets.
var filesetOptions = []plugin.Option{
	{Name: "enabled", Kind: plugin.Boolean, Help: "true reads the files; as in Filebeat 8, a fileset that does not say so is off."},
	{Name: "var.paths", Kind: plugin.Strings, Help: "Globs of files instead of the usual ones."},
	{Name: "var.tags", Kind: plugin.Strings, Help: "Tags for its events."},
	{Name: "var.convert_timezone", Kind: plugin.Boolean, Ignored: "times without a zone are always in this machine's"},
	{Name: "var.use_files", Kind: plugin.Boolean, Ignored: "files are always read"},
	{Name: "var.use_journald", Kind: plugin.Boolean, Ignored: "the journal is not read: journalctl -f -o json | elkhorn ship - does, or let rsyslog write it to a file"},
	{Name: "input", Kind: plugin.Any, Help: "Options of the input that reads the files."},
}

// fileset reads one fileset; false when it is off or at fault. It becomes an input as a person would write it.
func (l *loader) fileset(c *Config, key string, f *module.Fileset, t *tree, readBy map[string]string) bool {
	if t.kind == treeNull || t.kind == treeMap && (t.at("enabled") == nil || l.isOff(t)) {
		return false
	}
	if t.kind != treeMap {
		l.add(Fault, t.pos, key, "wants options, such as {enabled: true}")
		return false
	}
	if l.settings(key, t, filesetOptions) == nil {
		return false
	}
	scalar := func(text string) *tree { return &tree{pos: t.pos, kind: treeScalar, text: text} }
	list := func(texts ...string) *tree {
		l := &tree{pos: t.pos, kind: treeList}
		for _, text := range texts {
			l.items = append(l.items, scalar(text))
		}
		return l
	}
	input := (&tree{pos: t.pos, kind: treeMap}).with("type", scalar("log")).with("exclude_files", list(`\.gz$`))
	if f.Lines != nil {
		lines := (&tree{pos: t.pos, kind: treeMap}).with("pattern", scalar(f.Lines.Pattern)).with("match", scalar("after"))
		input = input.with("multiline", lines.with("negate", scalar(strconv.FormatBool(f.Lines.Negate))))
	}
	paths := t.at("var.paths")
	if paths == nil || paths.kind == treeNull {
		paths = list(f.Paths...)
	}
	input = input.with("paths", paths)
	if tags := t.at("var.tags"); tags != nil {
		input = input.with("tags", tags)
	}
	if own := t.at("input"); own != nil && own.kind == treeMap {
		input = input.under(own)
	}
	made := l.input(key, input)
	if made == nil {
		return false
	}
	made.Fileset = f
	c.Inputs = append(c.Inputs, *made)
	l.checkShared(key, made.Block, readBy)
	return true
}
