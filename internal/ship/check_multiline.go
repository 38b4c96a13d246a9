package ship

import (
	"regexp"
	"strings"

	"elkhorn/internal/plugin"
)

// lineForms are beginnings of log lines that are events of their own.
var lineForms = []struct{ name, sample string }{
	{"a time in brackets", "[2026-01-15 10:23:45] WARN"},
	{"a JSON object", `{"timestamp":"2026-01-15T10:23:45Z","level":"info"}`},
	{"a metric line", "METRIC latency_ms=12"},
}

// checkMultiline warns of a pattern that tells events by their first characters and would join other events to the one in front
// of them: a pattern for dates does so with JSON lines.
func (l *loader) checkMultiline(key string, s *plugin.Settings) {
	if s.Plugin == "stdin" || s.Plugin == "filestream" || !s.Has("multiline.pattern") {
		return
	}
	pattern := s.String("multiline.pattern")
	re, err := regexp.Compile(pattern)
	if err != nil || !s.Bool("multiline.negate") || s.String("multiline.match") != "after" || !strings.HasPrefix(pattern, "^") {
		return
	}
	var joined []string
	for _, form := range lineForms {
		if !re.MatchString(form.sample) {
			joined = append(joined, form.name)
		}
	}
	if len(joined) == 0 || len(joined) == len(lineForms) && !re.MatchString("2026-01-15T10:23:45Z") {
		return // a pattern of another kind
	}
	v, _ := s.Value("multiline.pattern")
	l.add(Warning, v.Pos, key+".multiline.pattern",
		"a line that begins with %s does not match and is joined to the event before it; if it is an event of its own, extend the pattern",
		strings.Join(joined, ", "))
}
