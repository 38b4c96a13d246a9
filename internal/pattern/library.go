package pattern

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
)

//go:embed library/*.txt
var libraryFiles embed.FS

// Library is a set of named grok patterns. It is not safe for concurrent changes.
type Library struct {
	patterns map[string]string
}

// core is the built-in set, read once and only when some configuration uses grok.
var core = sync.OnceValue(func() map[string]string {
	l := &Library{patterns: map[string]string{}}
	files, err := fs.Glob(libraryFiles, "library/*.txt")
	if err != nil {
		panic(err) // the glob is a constant
	}
	for _, name := range files {
		text, err := libraryFiles.ReadFile(name)
		if err == nil {
			err = l.AddFile(name, string(text))
		}
		if err != nil {
			panic(fmt.Sprintf("pattern: built-in library: %v", err))
		}
	}
	return l.patterns
})

// NewLibrary returns the built-in patterns under Logstash's legacy names: words and numbers, network, dates, log levels,
// syslog, Apache httpd and Java.
func NewLibrary() *Library { return &Library{patterns: maps.Clone(core())} }

// Names lists the patterns in alphabetical order, without the library's private parts.
func (l *Library) Names() []string {
	names := make([]string, 0, len(l.patterns))
	for name := range l.patterns {
		if name[0] != '_' {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Definition returns a pattern's expression.
func (l *Library) Definition(name string) (string, bool) {
	d, ok := l.patterns[name]
	return d, ok
}

// Add defines a pattern, replacing one of the same name.
func (l *Library) Add(name, definition string) error {
	if scanName(name) != len(name) || name == "" {
		return fmt.Errorf("grok pattern name %q may hold letters, digits and _ only", name)
	}
	l.patterns[name] = definition
	return nil
}

// AddFile reads pattern definitions, one a line: a name, blanks, the expression to the end of the line. Lines that begin
// with # and empty lines are skipped. Errors name file and line.
func (l *Library) AddFile(file, text string) error {
	for number := 1; text != ""; number++ {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		line = strings.TrimLeft(strings.TrimSuffix(line, "\r"), " \t")
		if line == "" || line[0] == '#' {
			continue
		}
		end := strings.IndexAny(line, " \t")
		if end < 0 {
			return fmt.Errorf("%s:%d: a pattern wants a name and an expression", file, number)
		}
		if err := l.Add(line[:end], strings.TrimLeft(line[end:], " \t")); err != nil {
			return fmt.Errorf("%s:%d: %w", file, number, err)
		}
	}
	return nil
}

// scanName counts the bytes text begins with that can stand in a pattern's name.
func scanName(text string) int {
	for i := range len(text) {
		if c := text[i]; !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_') {
			return i
		}
	}
	return len(text)
}
