package config

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxFileBytes bounds one configuration file. The largest in the field are some hundred kilobytes.
const maxFileBytes = 16 << 20

// Load reads the files that paths name (files, folders, globs) and joins them in name order, as
// path.config does. Of a folder every file is read, but for hidden and backup files.
func Load(paths []string, opts Options) (*Config, error) {
	files, err := Read(paths)
	if err != nil {
		return nil, err
	}
	return ParseFiles(files, opts)
}

// File is one file of a configuration, as it was read.
type File struct{ Name, Text string }

// Read reads the files that paths name, in the order in which they are joined.
func Read(paths []string) ([]File, error) {
	names, err := Files(paths)
	if err != nil {
		return nil, err
	}
	files := make([]File, len(names))
	for i, name := range names {
		text, err := readFile(name)
		if err != nil {
			return nil, err
		}
		files[i] = File{name, text}
	}
	return files, nil
}

// ParseFiles parses files and joins them.
func ParseFiles(files []File, opts Options) (*Config, error) {
	joined := &Config{}
	for _, f := range files {
		cfg, err := Parse(f.Name, f.Text, opts)
		if err != nil {
			return nil, err
		}
		joined.Sections = append(joined.Sections, cfg.Sections...)
		joined.Warnings = append(joined.Warnings, cfg.Warnings...)
	}
	return joined, nil
}

func readFile(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("read configuration: %w", err)
	}
	if info.Size() > maxFileBytes {
		return "", fmt.Errorf("read configuration: %s has %d bytes, more than the %d a configuration may have", path, info.Size(), maxFileBytes)
	}
	src, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read configuration: %w", err)
	}
	return string(src), nil
}

// Files lists the configuration files that paths name, in the order in which they are joined.
func Files(paths []string) ([]string, error) {
	var files []string
	for _, p := range paths {
		found, err := filesOf(p)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fmt.Errorf("no configuration file at %s", p)
		}
		files = append(files, found...)
	}
	slices.SortFunc(files, func(a, b string) int {
		return cmp.Or(strings.Compare(filepath.Base(a), filepath.Base(b)), strings.Compare(a, b))
	})
	return slices.Compact(files), nil
}

func filesOf(path string) ([]string, error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && !info.IsDir():
		return []string{path}, nil
	case err == nil:
		path = filepath.Join(path, "*")
	}
	matches, err := filepath.Glob(path)
	if err != nil {
		return nil, fmt.Errorf("configuration path %s: %w", path, err)
	}
	var files []string
	for _, m := range matches {
		base := filepath.Base(m)
		info, err := os.Stat(m)
		if err == nil && info.Mode().IsRegular() && !strings.HasPrefix(base, ".") && !strings.HasSuffix(base, "~") {
			files = append(files, m)
		}
	}
	return files, nil
}
