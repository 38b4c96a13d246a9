package harvest

import (
	"path/filepath"
	"slices"
	"strings"

	"elkhorn/internal/vfs"
)

// maxGlobDepth is how deep ** goes, as in Filebeat.
const maxGlobDepth = 8

// glob returns the files and directories that match a pattern, sorted: *, ? and […] within a name, ** for any number of folders
// up to maxGlobDepth. Folders that cannot be listed match nothing; visited is called with each folder looked into.
func glob(fsys vfs.FS, pattern string, visited func(dir string)) []string {
	volume := filepath.VolumeName(pattern)
	rest := filepath.ToSlash(pattern[len(volume):])
	base := volume
	if strings.HasPrefix(rest, "/") {
		base += string(filepath.Separator)
	}
	parts := slices.DeleteFunc(strings.Split(rest, "/"), func(part string) bool { return part == "" })
	found := make(map[string]bool)
	g := globber{fs: fsys, visited: visited, found: found}
	g.match(base, parts, maxGlobDepth)
	paths := make([]string, 0, len(found))
	for path := range found {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	return paths
}

// Glob returns what matches a pattern, sorted, as the inputs read their paths.
func Glob(fsys vfs.FS, pattern string) []string { return glob(fsys, pattern, func(string) {}) }

type globber struct {
	fs      vfs.FS
	visited func(dir string)
	found   map[string]bool
}

func (g *globber) match(base string, parts []string, depth int) {
	if len(parts) == 0 {
		g.found[base] = true
		return
	}
	part, rest := parts[0], parts[1:]
	switch {
	case part == "**":
		g.match(base, rest, depth)
		if depth > 0 {
			g.each(base, func(name string) bool { return !strings.HasPrefix(name, ".") }, func(path string) {
				if info, err := g.fs.Stat(path); err == nil && info.IsDir {
					g.match(path, parts, depth-1)
				}
			})
		}
	case strings.ContainsAny(part, `*?[`):
		g.each(base, func(name string) bool {
			ok, err := filepath.Match(part, name)
			return err == nil && ok
		}, func(path string) { g.match(path, rest, depth) })
	default:
		path := filepath.Join(base, part)
		if len(rest) == 0 {
			g.visited(orDot(base))
		}
		if _, err := g.fs.Stat(path); err == nil {
			g.match(path, rest, depth)
		}
	}
}

func (g *globber) each(dir string, wanted func(name string) bool, do func(path string)) {
	names, err := g.fs.List(orDot(dir))
	if err != nil {
		return
	}
	g.visited(orDot(dir))
	for _, name := range names {
		if wanted(name) {
			do(filepath.Join(dir, name))
		}
	}
}

func orDot(dir string) string {
	if dir == "" {
		return "."
	}
	return dir
}
