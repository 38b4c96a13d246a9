package input

import (
	"path/filepath"
	"slices"
	"strings"

	"elkhorn/internal/vfs"
)

// maxGlobMatches bounds what one glob can find, and maxGlobDepth how deep ** goes: a glob over a whole disk is a mistake.
const (
	maxGlobMatches = 10_000
	maxGlobDepth   = 16
)

// glob lists the files that an absolute pattern matches, sorted. Folders that cannot be read are passed over.
func glob(fsys vfs.FS, pattern string) []string {
	volume := filepath.VolumeName(pattern)
	parts := strings.Split(strings.Trim(filepath.ToSlash(pattern[len(volume):]), "/"), "/")
	found := expand(fsys, volume+string(filepath.Separator), parts, 0, nil)
	slices.Sort(found)
	return slices.Compact(found)
}

func expand(fsys vfs.FS, dir string, parts []string, depth int, found []string) []string {
	if len(found) >= maxGlobMatches || depth > maxGlobDepth {
		return found
	}
	if len(parts) == 0 {
		return append(found, dir)
	}
	part := parts[0]
	if !strings.ContainsAny(part, `*?[\`) {
		next := filepath.Join(dir, part)
		if _, err := fsys.Stat(next); err != nil {
			return found
		}
		return expand(fsys, next, parts[1:], depth, found)
	}
	names, err := fsys.List(dir)
	if err != nil {
		return found
	}
	if part == "**" {
		found = expand(fsys, dir, parts[1:], depth, found)
	}
	for _, name := range names {
		next := filepath.Join(dir, name)
		if part == "**" {
			if info, err := fsys.Stat(next); err == nil && info.IsDir {
				found = expand(fsys, next, parts, depth+1, found)
			}
			continue
		}
		if ok, err := filepath.Match(part, name); ok && err == nil {
			found = expand(fsys, next, parts[1:], depth, found)
		}
	}
	return found
}
