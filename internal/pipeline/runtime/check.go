package runtime

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/config"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

// Severity is how bad a finding is.
type Severity string

// The severities. A configuration with an error does not run.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// Finding is one fault or doubtful construct of a configuration.
type Finding struct {
	File     string   `json:"file"`
	Line     int      `json:"line"` // 0 when it concerns no place
	Column   int      `json:"column"`
	Plugin   string   `json:"plugin,omitempty"`
	Option   string   `json:"option,omitempty"`
	Severity Severity `json:"severity"`
	Message  string   `json:"message"`
}

func (f Finding) String() string { return string(f.Severity) + ": " + f.Text() }

// Text is the finding without its severity, for logs, which have their own.
func (f Finding) Text() string {
	e := plugin.Error{Pos: plugin.Pos{File: f.File, Line: f.Line, Column: f.Column}, Plugin: f.Plugin, Option: f.Option, Reason: f.Message}
	return e.Error()
}

// HasErrors says whether a configuration with these findings cannot run.
func HasErrors(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == SeverityError })
}

// Source says where a configuration comes from and how it is read.
type Source struct {
	Paths  []string      // files, folders or globs, joined in name order
	Inline string        // the configuration itself, instead of Paths (config.string)
	Files  []config.File // what Paths name, where it was read already
	Lookup config.Lookup
	// Escapes is config.support_escapes.
	Escapes bool
	// ECS is pipeline.ecs_compatibility.
	ECS string
	// Logger hears what plugins have to tell while the pipeline is checked or tried; nil is nobody.
	Logger *slog.Logger
}

// Load reads a configuration and puts environment values in. Errors are *plugin.Error or Faults where they
// have a place.
func Load(s Source) (*config.Config, error) {
	cfg, err := read(s)
	if err != nil {
		return nil, err
	}
	if errs := config.Substitute(cfg, s.Lookup); len(errs) > 0 {
		return nil, Faults(errs)
	}
	return cfg, nil
}

func read(s Source) (*config.Config, error) {
	if s.Inline != "" {
		return config.Parse("config.string", s.Inline, config.Options{Escapes: s.Escapes})
	}
	if s.Files != nil {
		return config.ParseFiles(s.Files, config.Options{Escapes: s.Escapes})
	}
	return config.Load(s.Paths, config.Options{Escapes: s.Escapes})
}

// ConfigDir is the folder of the configuration, beside which printed paths are looked for.
func (s Source) ConfigDir() string {
	files, err := config.Files(s.Paths)
	if err != nil || len(files) == 0 {
		return ""
	}
	dir, err := filepath.Abs(filepath.Dir(files[0]))
	if err != nil {
		return ""
	}
	return dir
}

// Check reports all that is wrong or doubtful in a configuration, in file order. Plugins are made, but
// nothing is opened, read from or written to but the files that filters need (patterns, databases).
func Check(s Source, tables Tables, strict bool) []Finding {
	cfg, err := Load(s)
	if err != nil {
		return checkRest(s, tables, strict, err)
	}
	p, err := New(Options{ID: "check", Config: cfg, Tables: tables, Env: offlineEnv(s), ECS: s.ECS, Strict: strict})
	var findings []Finding
	if err != nil {
		findings = findingsOf(err, s)
	} else {
		findings = append(findings, warningFindings(p.Warnings())...)
	}
	findings = append(findings, doubtful(cfg, s.ConfigDir())...)
	return sorted(findings)
}

// checkRest reports what is wrong with the text, and what is wrong with the plugins whose text is without fault.
func checkRest(s Source, tables Tables, strict bool, fault error) []Finding {
	findings := findingsOf(fault, s)
	cfg, err := read(s)
	if err == nil || cfg == nil { // values that are missing, or a text that cannot be followed
		return findings
	}
	missing := findingsOf(Faults(config.Substitute(cfg, s.Lookup)), s)
	findings = append(findings, missing...)
	if len(missing) > 0 {
		return sorted(findings)
	}
	if _, err := New(Options{ID: "check", Config: cfg, Tables: tables, Env: offlineEnv(s), ECS: s.ECS, Strict: strict}); err != nil {
		findings = append(findings, findingsOf(err, s)...)
	}
	return sorted(findings)
}

// sorted puts findings into the order of the files, each once.
func sorted(findings []Finding) []Finding {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line, a.Column-b.Column)
	})
	return slices.Compact(findings)
}

// offlineEnv is an environment in which plugins can be made and not run.
func offlineEnv(s Source) pipeline.Env {
	logger := s.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	return pipeline.Env{Logger: logger, FS: vfs.Default, ConfigDir: s.ConfigDir(), DataDir: filepath.Join(s.ConfigDir(), "data"),
		Stdin: strings.NewReader(""), Stdout: io.Discard, Now: time.Now, Offline: true}
}

// findingsOf makes findings of an error, which may be several.
func findingsOf(err error, s Source) []Finding {
	var faults Faults
	var syntax config.Errors
	var one *plugin.Error
	switch {
	case errors.As(err, &faults):
	case errors.As(err, &syntax):
		faults = Faults(syntax)
	case errors.As(err, &one):
		faults = Faults{one}
	default:
		return []Finding{{File: strings.Join(s.Paths, " "), Severity: SeverityError, Message: err.Error()}}
	}
	var out []Finding
	for _, e := range faults {
		out = append(out, finding(e, SeverityError))
	}
	return out
}

func warningFindings(warnings []*plugin.Error) []Finding {
	var out []Finding
	for _, e := range warnings {
		out = append(out, finding(e, SeverityWarning))
	}
	return out
}

func finding(e *plugin.Error, s Severity) Finding {
	return Finding{File: e.Pos.File, Line: e.Pos.Line, Column: e.Pos.Column, Plugin: e.Plugin, Option: e.Option, Severity: s, Message: e.Reason}
}

// doubtful finds constructs that are legal and hardly what is meant.
func doubtful(cfg *config.Config, configDir string) []Finding {
	var out []Finding
	warn := func(at plugin.Pos, pluginName, option, format string, args ...any) {
		out = append(out, finding(&plugin.Error{Pos: at, Plugin: pluginName, Option: option, Reason: fmt.Sprintf(format, args...)}, SeverityWarning))
	}
	if len(cfg.Body(config.Input)) == 0 {
		warn(plugin.Pos{File: firstFile(cfg)}, "", "", "there is no input: this file runs only together with others")
	}
	if len(cfg.Body(config.Output)) == 0 {
		warn(plugin.Pos{File: firstFile(cfg)}, "", "", "there is no output: this file runs only together with others")
	}
	mentioned := mentions(cfg)
	cfg.Plugins(config.Output, func(p *config.Plugin) {
		id, ok := p.Option("document_id")
		if p.Name != "elasticsearch" || !ok {
			return
		}
		for _, ref := range metadataReferences(id.Text) {
			if !mentioned(ref) {
				warn(id.Pos, p.Name, "document_id", "nothing sets %s, so every event would get the same id; ids are made of the events' origin instead. "+
					`To set it: filter { fingerprint { source => ["message"] target => "%s" method => "SHA256" } }`, ref, ref)
			}
		}
	})
	lazyGrokEnds(cfg, configDir, warn)
	if !setsEventTime(cfg) {
		if at, field := copiesTime(cfg); field != "" {
			warn(at, "", "", "no date filter sets the event time, so %s is the time of arrival", field)
		}
	}
	return out
}

func firstFile(cfg *config.Config) string {
	if len(cfg.Sections) == 0 {
		return ""
	}
	return cfg.Sections[0].Pos.File
}

// metadataReferences lists the %{[@metadata]…} references of a text.
func metadataReferences(text string) []string {
	var refs []string
	for {
		_, rest, ok := strings.Cut(text, "%{[@metadata]")
		if !ok {
			return refs
		}
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			return refs
		}
		refs, text = append(refs, "[@metadata]"+name), after
	}
}

// mentions returns a test whether any text of the filters and inputs names a field, as a target, a key or in a program.
func mentions(cfg *config.Config) func(field string) bool {
	var texts []string
	var walk func(v config.Value)
	visit := func(p *config.Plugin) {
		for _, o := range p.Options {
			walk(o.Value)
		}
	}
	walk = func(v config.Value) {
		texts = append(texts, v.Text)
		for _, item := range v.Items {
			walk(item)
		}
		for _, pair := range v.Pairs {
			texts = append(texts, pair.Key.Text)
			walk(pair.Value)
		}
		if v.Block != nil {
			visit(v.Block)
		}
	}
	cfg.Plugins(config.Filter, visit)
	cfg.Plugins(config.Input, visit)
	return func(field string) bool {
		return slices.ContainsFunc(texts, func(t string) bool { return strings.Contains(t, field) })
	}
}

// setsEventTime says whether a date filter sets @timestamp.
func setsEventTime(cfg *config.Config) bool {
	found := false
	cfg.Plugins(config.Filter, func(p *config.Plugin) {
		target, ok := p.Option("target")
		found = found || p.Name == "date" && (!ok || strings.Trim(target.Text, "[]") == "@timestamp")
	})
	return found
}

// copiesTime finds an index by date, whose day is then that of arrival.
func copiesTime(cfg *config.Config) (at plugin.Pos, what string) {
	cfg.Plugins(config.Output, func(p *config.Plugin) {
		if index, ok := p.Option("index"); ok && strings.Contains(index.Text, "%{+") {
			at, what = index.Pos, "the date in index"
		}
	})
	return at, what
}

// ParseEvent reads one line of Test's input: a JSON object is an event, anything else a message.
func ParseEvent(line []byte, now time.Time) *event.Event {
	if v, err := event.ParseJSON(line); err == nil && v.Kind() == event.Object {
		return event.FromObject(v, now)
	}
	ev := event.New(now)
	ev.Set(messagePath, event.StringOf(strings.ToValidUTF8(string(line), "\ufffd")))
	return ev
}
