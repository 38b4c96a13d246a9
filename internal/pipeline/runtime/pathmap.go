package runtime

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// pathMap finds the files that a configuration names on a machine that is not the one it was written for: a
// path that does not exist is looked for beside the configuration, by as many of its last parts as
// lead to something.
type pathMap struct {
	dir    string
	logger *slog.Logger
	mu     struct {
		sync.Mutex
		told map[string]bool
	}
}

func newPathMap(dir string, logger *slog.Logger) *pathMap {
	m := &pathMap{dir: dir, logger: logger}
	m.mu.told = map[string]bool{}
	return m
}

// resolve returns an existing path for the one written, or that one when there is none.
func (m *pathMap) resolve(path string) string {
	if _, err := os.Stat(path); err == nil || m.dir == "" || path == "" {
		return path
	}
	parts := strings.Split(strings.Trim(filepath.ToSlash(filepath.Clean(path)), "/"), "/")
	for i := range parts {
		beside := filepath.Join(append([]string{m.dir}, parts[i:]...)...)
		if _, err := os.Stat(beside); err == nil {
			m.tell(path, beside)
			return beside
		}
	}
	return path
}

// tell logs each mapping once.
func (m *pathMap) tell(from, to string) {
	m.mu.Lock()
	told := m.mu.told[from]
	m.mu.told[from] = true
	m.mu.Unlock()
	if !told && m.logger != nil {
		m.logger.Info("path does not exist; using the one beside the configuration", "path", from, "found", to)
	}
}
