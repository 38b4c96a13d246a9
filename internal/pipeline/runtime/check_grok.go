package runtime

import (
	"os"
	"path/filepath"
	"strings"

	"elkhorn/internal/pattern"
	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/plugin"
)

// lazyGrokEnds finds grok patterns that end in a lazy part, such as %{DATA:x}: nothing comes after it that
// would make it match more than nothing, so its field is always empty.
func lazyGrokEnds(cfg *config.Config, configDir string, warn func(at plugin.Pos, pluginName, option, format string, args ...any)) {
	paths := newPathMap(configDir, nil)
	cfg.Plugins(config.Filter, func(p *config.Plugin) {
		match, ok := p.Option("match")
		if p.Name != "grok" || !ok {
			return
		}
		library := grokLibrary(p, paths)
		for _, pair := range match.Pairs {
			for _, v := range append([]config.Value{pair.Value}, pair.Value.Items...) {
				if ref, in := library.LazyEnd(v.Text); ref != "" {
					where := ""
					if in != "" {
						where = " in " + in
					}
					_, field, _ := strings.Cut(ref, ":")
					warn(v.Pos, p.Name, "match", "%%{%s} at the end%s matches nothing, so the field is never set; %%{NOTSPACE:%s} or %%{GREEDYDATA:%s} take what is there", ref, where, field, field)
				}
			}
		}
	})
}

// grokLibrary is the core patterns with those of the filter's own folders; what cannot be read is left out, as
// the filter itself reports it.
func grokLibrary(p *config.Plugin, paths *pathMap) *pattern.Library {
	library := pattern.NewLibrary()
	dirs, _ := p.Option("patterns_dir")
	for _, dir := range append([]config.Value{dirs}, dirs.Items...) {
		if dir.Text == "" {
			continue
		}
		files, err := filepath.Glob(filepath.Join(paths.resolve(dir.Text), "*"))
		if err != nil {
			continue
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				break
			}
			library.AddFile(string(text))
		}
	}
	return library
}
