package config

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"elkhorn/internal/plugin"
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

// ParseFiles parses files and joins them. Its results are as those of Parse.
func ParseFiles(files []File, opts Options) (*Config, error) {
	joined := &Config{}
	var faults Errors
	lost := false
	for _, f := range files {
		cfg, err := Parse(f.Name, f.Text, opts)
		var one *plugin.Error
		var several Errors
		switch {
		case errors.As(err, &several):
			faults = append(faults, several...)
		case errors.As(err, &one):
			faults = append(faults, one)
		}
		if cfg == nil {
			lost = true
			continue
		}
		joined.Sections = append(joined.Sections, cfg.Sections...)
		joined.Warnings = append(joined.Warnings, cfg.Warnings...)
	}
	if lost {
		return nil, faults.asError()
	}
	return joined, faults.asError()
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
			return nil, noFile(p)
		}
		files = append(files, found...)
	}
	slices.SortFunc(files, func(a, b string) int {
		return cmp.Or(strings.Compare(filepath.Base(a), filepath.Base(b)), strings.Compare(a, b))
	})
	return slices.Compact(files), nil
}

// noFile says what is at a path that names no configuration file.
func noFile(path string) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("no configuration file in the folder %s: hidden files, copies that end in ~ and folders inside it do not count", path)
	case strings.ContainsAny(path, "*?["):
		return fmt.Errorf("no configuration file matches %s", path)
	}
	return fmt.Errorf("no configuration file at %s", path)
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
