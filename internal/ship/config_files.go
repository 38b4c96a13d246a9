package ship

import (
	"path/filepath"
	"regexp"
	"strings"

	"elkhorn/internal/plugin"
	"elkhorn/internal/ship/harvest"
	"elkhorn/internal/vfs"
)

// files are those beside a configuration. The zero value has none.
type files struct {
	fs  vfs.FS
	dir string // of the configuration; path.config when that is set
}

func (f *files) setConfigDir(root *tree) {
	if dir := root.at("path.config"); dir != nil && dir.kind == treeScalar && filepath.IsAbs(dir.text) {
		f.dir = dir.text
	}
}

// lookup resolves ${path.config} beside variables.
func (f *files) lookup(variables func(name string) (string, bool)) func(name string) (string, bool) {
	return func(name string) (string, bool) {
		if name == "path.config" && f.dir != "" {
			return f.dir, true
		}
		return variables(name)
	}
}

// inputFiles reads the lists of inputs in the files of filebeat.config.inputs.
func (l *loader) inputFiles(c *Config, section *tree, readBy map[string]string) {
	l.listFiles("filebeat.config.inputs", section, func(name string, list *tree) { l.inputList(c, name, list, readBy) })
}

// listFiles reads the lists in the files that a section names, such as inputs.d/*.yml.
func (l *loader) listFiles(key string, section *tree, each func(name string, list *tree)) {
	if l.isOff(section) {
		return
	}
	for _, name := range section.keys {
		switch name {
		case "enabled", "path":
		case "reload":
			l.add(Note, section.named[name].pos, key+".reload", "the files are read at the start: start again after a change")
		default:
			l.add(Fault, section.named[name].pos, key+"."+name, "is not an option here; there are enabled, path and reload")
		}
	}
	path := section.at("path")
	if path == nil || path.kind != treeScalar {
		l.add(Fault, section.pos, key+".path", "is missing: a glob of files, each of them a list")
		return
	}
	pattern, err := expand(path.text, l.lookup)
	if err != nil {
		l.fault(path.pos, key+".path", err)
		return
	}
	if l.files.fs == nil {
		l.add(Warning, path.pos, key+".path", "the files are not looked at here")
		return
	}
	if !filepath.IsAbs(pattern) {
		pattern = filepath.Join(l.files.dir, pattern)
	}
	names := harvest.Glob(l.files.fs, pattern)
	if len(names) == 0 {
		l.add(Warning, path.pos, key+".path", "no file matches %s", pattern)
	}
	for _, name := range names {
		l.listFile(key, name, each)
	}
}

func (l *loader) listFile(key, path string, each func(name string, list *tree)) {
	data, err := vfs.ReadFile(l.files.fs, path, maxConfigBytes)
	if err != nil {
		l.add(Fault, plugin.Pos{File: path}, key, "%v", err)
		return
	}
	name := filepath.Base(path)
	list, err := parseTree(name, data, treeList)
	if err != nil {
		l.add(Fault, plugin.Pos{File: name, Line: 1, Column: 1}, key, "%v", err)
		return
	}
	each(name, list)
}

// discovered are the inputs that hints come to when no default_config says otherwise, by provider.
var discovered = map[string]string{
	"docker":     "/var/lib/docker/containers/*/*.log",
	"kubernetes": "/var/log/containers/*.log",
}

const notDiscovered = "containers are not discovered one by one: the files of all of them are read; labels and annotations (co.elastic.logs/…) " +
	"neither steer this nor leave any out, and their names are not added"

// autodiscover reads what hints and templates without a condition would read of any container.
func (l *loader) autodiscover(c *Config, section *tree, readBy map[string]string) {
	providers := section.at("providers")
	if providers == nil || providers.kind != treeList {
		l.add(Fault, section.pos, "filebeat.autodiscover.providers", "wants a list of providers")
		return
	}
	for _, provider := range providers.items {
		l.discover(c, provider, readBy)
	}
}

func (l *loader) discover(c *Config, provider *tree, readBy map[string]string) {
	const key = "filebeat.autodiscover"
	kind := provider.at("type")
	if kind == nil || discovered[kind.text] == "" {
		l.add(Warning, provider.pos, key, "only the providers docker and kubernetes are read; nothing is shipped for this one: name its files in filebeat.inputs")
		return
	}
	if l.isOff(provider) {
		return
	}
	if hints := provider.at("hints"); hints != nil && hints.at("enabled") != nil && !l.isOff(hints) {
		l.discoverHints(c, kind, hints, readBy)
	}
	templates := provider.at("templates")
	if templates == nil || templates.kind != treeList {
		return
	}
	for _, template := range templates.items {
		if template.at("condition") != nil {
			l.add(Warning, template.pos, key+".templates", "labels and names of containers are not known here, so no condition on them can hold: the template is left out; name the files in filebeat.inputs")
			continue
		}
		if config := template.at("config"); config != nil {
			l.add(Warning, template.pos, key+".templates", notDiscovered)
			l.inputList(c, key+".templates", config.anyContainer(), readBy)
		}
	}
}

func (l *loader) discoverHints(c *Config, kind, hints *tree, readBy map[string]string) {
	const key = "filebeat.autodiscover.hints"
	config := hints.at("default_config")
	switch {
	case config == nil || config.kind != treeMap:
		paths := &tree{pos: kind.pos, kind: treeScalar, text: discovered[kind.text]}
		config = (&tree{pos: kind.pos, kind: treeMap}).with("type", &tree{pos: kind.pos, kind: treeScalar, text: "container"}).with("paths", paths)
	case l.isOff(config):
		l.add(Warning, config.pos, key, "default_config is off, and annotations that would switch single containers on are not read: nothing is shipped")
		return
	}
	l.add(Warning, hints.pos, key, notDiscovered)
	list := &tree{pos: config.pos, kind: treeList, items: []*tree{config}}
	l.inputList(c, key+".default_config", list.anyContainer(), readBy)
}

// containerReference is a variable of discovery, with the stars beside it.
var containerReference = regexp.MustCompile(`\*?\$\{data\.[^}]*\}\*?`)

// anyContainer is a tree in which variables of discovery are patterns that every container matches.
func (t *tree) anyContainer() *tree {
	copied := *t
	if strings.Contains(t.text, "${data.") {
		copied.text = containerReference.ReplaceAllString(t.text, "*")
	}
	copied.items = make([]*tree, len(t.items))
	for i, item := range t.items {
		copied.items[i] = item.anyContainer()
	}
	copied.named = make(map[string]*tree, len(t.named))
	for name, child := range t.named {
		copied.named[name] = child.anyContainer()
	}
	return &copied
}
