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
	legacyPatterns = sync.OnceValue(func() map[string]string { return builtIn("library/*.txt", "library/legacy/*.txt") })
	ecsPatterns    = sync.OnceValue(func() map[string]string { return builtIn("library/*.txt", "library/ecs/*.txt") })
)

func builtIn(globs ...string) map[string]string {
	l := &Library{patterns: map[string]string{}}
	for _, glob := range globs {
		files, err := fs.Glob(libraryFiles, glob)
		if err != nil {
			panic(err) // the globs are constants
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
	}
	return l.patterns
}

// NewLibrary returns the built-in patterns: words and numbers, network, dates, log levels, syslog, Apache
// httpd, Java, Redis, PostgreSQL, MongoDB, Squid, HAProxy, BIND and Amazon's S3 and load balancers.
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

// absentSets are the sets of Logstash's that are not built in, by how their names begin.
var absentSets = []struct{ prefix, what string }{
	{"CISCO", "network devices"}, {"NETSCREEN", "network devices"}, {"SHOREWALL", "network devices"}, {"SFW2", "network devices"},
	{"RT_FLOW", "network devices"}, {"NAGIOS", "Nagios"}, {"BACULA", "Bacula"}, {"BRO_", "Bro"}, {"ZEEK_", "Zeek"}, {"EXIM", "Exim"},
	{"CLOUDFRONT_", "Amazon CloudFront"}, {"RAILS", "Rails"}, {"MCOLLECTIVE", "MCollective"}, {"MAVEN_", "Maven"},
}

// hint tells what may have been meant by a name that is not defined.
func (l *Library) hint(name string) string {
	for _, set := range absentSets {
		if strings.HasPrefix(name, set.prefix) {
			return ": the patterns for " + set.what + " are not built in; define it in a file of patterns_dir or in pattern_definitions"
		}
	}
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
