package main

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// describeMachine says what a reader must know to compare figures: processor, memory, disk, system,
// Go, and how busy the machine was before.
func describeMachine(dir string) []string {
	cpu := field("/proc/cpuinfo", "model name")
	memory := field("/proc/meminfo", "MemTotal")
	return []string{
		fmt.Sprintf("%d processors %s, memory %s, %s %s, %s", runtime.NumCPU(), cpu, memory, runtime.GOOS, kernel(), runtime.Version()),
		fmt.Sprintf("data on %s; load average before the run: %s", fileSystem(dir), firstLine("/proc/loadavg")),
	}
}

// field is the first value of a name in a file of "name : value" lines, "unknown" when there is none.
func field(path, name string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(data)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

func firstLine(path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return "unknown"
	}
	line, _, _ := strings.Cut(string(data), "\n")
	return line
}

func kernel() string { return firstLine("/proc/sys/kernel/osrelease") }

// fileSystem is the type of the file system that holds a folder: the mount with the longest path above it.
func fileSystem(dir string) string {
	data, err := os.ReadFile("/proc/mounts")
	if err != nil {
		return "unknown"
	}
	best, kind := "", "unknown"
	for line := range strings.Lines(string(data)) {
		fields := strings.Fields(line)
		if len(fields) < 3 {
			continue
		}
		rel, err := filepath.Rel(fields[1], dir)
		if err == nil && !strings.HasPrefix(rel, "..") && len(fields[1]) >= len(best) {
			best, kind = fields[1], fields[2]
		}
	}
	return kind
}
