package pattern

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed library
var libraryFiles embed.FS

// Library is a set of named grok patterns. It is not safe for concurrent changes.
type Library struct {
	patterns map[string]string
}

// The built-in sets, each read once and only when some configuration uses it.
var (
	legacyPatterns = sync.OnceValue(func() map[string]string { return builtIn("library/legacy/*.txt", "$1$2") })
	ecsPatterns    = sync.OnceValue(func() map[string]string { return builtIn("library/ecs/*.txt", "$1$3") })
)

// twoNames is where a file of library/layouts names a capture, with the bar between legacy and ECS name.
var twoNames = regexp.MustCompile(`(%\{\w+:|\(\?<)([\w@\[\]:-]*)\|([\w@\[\]:-]*)`)

// noName is a capture to which twoNames left no name.
var noName = strings.NewReplacer(":}", "}", "(?<>", "(?:")

// builtIn reads the patterns of both layouts and those of one; name picks its side of a capture with two names.
func builtIn(layout, name string) map[string]string {
	l := &Library{patterns: map[string]string{}}
	for _, glob := range []string{"library/*.txt", "library/layouts/*.txt", layout} {
		files, err := fs.Glob(libraryFiles, glob)
		if err != nil {
			panic(err) // the globs are constants
		}
		for _, file := range files {
			text, err := libraryFiles.ReadFile(file)
			if err != nil {
				panic(fmt.Sprintf("pattern: built-in library: %v", err))
			}
			l.AddFile(noName.Replace(twoNames.ReplaceAllString(string(text), name)))
		}
	}
	return l.patterns
}

// NewLibrary returns the built-in patterns, all of Logstash's names: words and numbers, network, dates, log levels,
// syslog, web servers, Java, databases, proxies, firewalls, monitoring, mail, backup and Amazon's services.
// Those that capture use Logstash's legacy field names (clientip, response).
func NewLibrary() *Library { return &Library{patterns: maps.Clone(legacyPatterns())} }

// NewECSLibrary returns the same patterns with the field names of the Elastic Common Schema ([source][address],
// [http][response][status_code]).
func NewECSLibrary() *Library { return &Library{patterns: maps.Clone(ecsPatterns())} }

// dottedPatterns are the patterns of the Elastic Common Schema with fields as Elasticsearch writes them.
var dottedPatterns = sync.OnceValue(func() map[string]string {
	dotted := map[string]string{}
	for name, definition := range ecsPatterns() {
		dotted[name] = bracketedField.ReplaceAllStringFunc(definition, dotField)
	}
	return dotted
})

// bracketedField is a field reference in brackets where an expression names a capture.
var bracketedField = regexp.MustCompile(`(%\{\w+:|\(\?<)(\[[@\w.-]+\])+`)

func dotField(capture string) string {
	at := strings.IndexByte(capture, '[')
	return capture[:at] + strings.ReplaceAll(capture[at+1:len(capture)-1], "][", ".")
}

// NewDottedLibrary returns the patterns of [NewECSLibrary] with fields in Elasticsearch's writing (source.address).
func NewDottedLibrary() *Library { return &Library{patterns: maps.Clone(dottedPatterns())} }

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
// with # and those without an expression are skipped, as in Logstash; a name that no reference can have is kept.
func (l *Library) AddFile(text string) {
	for text != "" {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		line = strings.TrimLeft(strings.TrimSuffix(line, "\r"), " \t")
		if line == "" || line[0] == '#' {
			continue
		}
		end := strings.IndexAny(line, " \t")
		if end < 0 {
			continue
		}
		if definition := strings.TrimLeft(line[end:], " \t"); definition != "" {
			l.patterns[line[:end]] = definition
		}
	}
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

// hint tells what may have been meant by a name that is not defined.
func (l *Library) hint(name string) string {
	for _, have := range l.Names() {
		if differByOne(name, have) {
			return ": did you mean %{" + have + "}?"
		}
	}
	return ""
}

// differByOne tells whether one letter was left out, put in or changed, or case apart.
func differByOne(a, b string) bool {
	if strings.EqualFold(a, b) {
		return true
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	same := 0
	for same < len(a) && a[same] == b[same] {
		same++
	}
	if len(a) == len(b) {
		return same < len(a) && a[same+1:] == b[same+1:]
	}
	return a[same:] == b[same+1:]
}
