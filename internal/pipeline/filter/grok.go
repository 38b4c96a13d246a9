package filter

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pattern"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/plugin"
	"elkhorn/internal/vfs"
)

var grok = pipeline.FilterSpec{
	Name:    "grok",
	Summary: "Takes text apart into fields with named patterns.",
	Options: []plugin.Option{
		{Name: "match", Kind: plugin.Hash, Help: "Field to expression, or to an array of expressions that are tried in order."},
		{Name: "patterns_dir", Kind: plugin.Strings, Help: "Files of patterns, or folders of such files. A line is a name, blanks and an expression; later definitions win over earlier and built-in ones."},
		{Name: "patterns_files_glob", Kind: plugin.String, Default: "*", Help: "Which files of the folders in patterns_dir are read."},
		{Name: "pattern_definitions", Kind: plugin.Hash, Help: "Patterns for this filter: name to expression. They win over files."},
		{Name: "break_on_match", Kind: plugin.Boolean, Default: true, Help: "Stop at the first expression that matches; false tries all."},
		{Name: "named_captures_only", Kind: plugin.Boolean, Default: true, Help: "Keep %{NAME:field} only; false makes %{NAME} a field NAME too."},
		{Name: "keep_empty_captures", Kind: plugin.Boolean, Help: "Set fields whose text is empty."},
		{Name: "overwrite", Kind: plugin.Strings, Help: "Fields whose value a capture replaces; others become arrays."},
		{Name: "target", Kind: plugin.Field, Help: "Field below which captures are put."},
		{Name: "timeout_millis", Kind: plugin.Millis, Default: 30_000, Help: "Time one expression may take for one text, in milliseconds; 0 sets no limit. Too high lets one bad line hold up a worker; too low gives up lines that are only long."},
		{Name: "tag_on_timeout", Kind: plugin.String, Default: "_groktimeout", Help: "Tag for an event on which an expression was given up."},
		{Name: "timeout_scope", Kind: plugin.String, Default: "pattern", Allowed: []string{"pattern", "event"}, Help: "What timeout_millis limits: each expression, or all that are tried on one text."},
		failureTagOption("_grokparsefailure"), ecsOption,
	},
	New: newGrok,
}

type grokFilter struct {
	fields       []grokField
	breakOnMatch bool
	keepEmpty    bool
	failureTags  []string
	timeoutTag   string
	// textLimit bounds all expressions tried on one text; 0 when each has its own limit.
	textLimit time.Duration
	buffers   sync.Pool // *[]int: bounds of one match
	gaveUp    failures
}

// grokField is one entry of match.
type grokField struct {
	source      *event.Path
	expressions []grokExpression
	together    *pattern.Together
}

type grokExpression struct {
	text     string
	grok     *pattern.Grok
	captures []grokCapture
}

// grokCapture is where a capture goes.
type grokCapture struct {
	group      int
	path       *event.Path
	conversion pattern.Conversion
	overwrite  bool
}

// noTimeout is the limit of a filter that wants none: longer than any process runs.
const noTimeout = 100 * 365 * 24 * time.Hour

// maxPatternFileBytes bounds a file of patterns; the largest published ones have 20 kB.
const maxPatternFileBytes = 4 << 20

func newGrok(env *pipeline.Env, s *plugin.Settings) (pipeline.Filter, error) {
	library, err := grokLibrary(env, s)
	if err != nil {
		return nil, err
	}
	f := &grokFilter{breakOnMatch: s.Bool("break_on_match"), keepEmpty: s.Bool("keep_empty_captures"),
		failureTags: s.Strings("tag_on_failure"), timeoutTag: s.String("tag_on_timeout")}
	f.buffers.New = func() any { return new([]int) }
	f.gaveUp.tellOf("a grok expression takes too long and is given up; its events get a tag", env, s)
	timeout := s.Duration("timeout_millis")
	if timeout <= 0 {
		timeout = noTimeout
	}
	if s.String("timeout_scope") == "event" {
		f.textLimit = timeout
	}
	options := pattern.GrokOptions{KeepUnnamed: !s.Bool("named_captures_only"), Timeout: timeout}
	for _, pair := range s.Pairs("match") {
		source, err := event.ParsePath(pair.Key)
		if err != nil {
			return nil, s.Errorf("match", "%v", err)
		}
		field := grokField{source: source}
		sources, err := expressionTexts(pair.Value)
		if err != nil {
			return nil, s.Errorf("match", "%v", err)
		}
		var groks []*pattern.Grok
		for _, text := range sources {
			g, err := library.Compile(text, options)
			if err != nil {
				return nil, s.Errorf("match", "%v", err)
			}
			captures, err := grokCaptures(g, s)
			if err != nil {
				return nil, err
			}
			groks = append(groks, g)
			field.expressions = append(field.expressions, grokExpression{text: text, grok: g, captures: captures})
		}
		field.together = pattern.NewTogether(groks)
		f.fields = append(f.fields, field)
	}
	return f, nil
}

func expressionTexts(v plugin.Value) ([]string, error) {
	items := []plugin.Value{v}
	if v.Kind == plugin.List {
		items = v.List
	}
	texts := make([]string, len(items))
	for i, item := range items {
		if item.Kind != plugin.Text && item.Kind != plugin.Number {
			return nil, errors.New("wants an expression or an array of expressions for each field")
		}
		texts[i] = item.Str
	}
	return texts, nil
}

func grokCaptures(g *pattern.Grok, s *plugin.Settings) ([]grokCapture, error) {
	overwrite := s.Strings("overwrite")
	var captures []grokCapture
	for _, field := range g.Fields() {
		name := field.Name
		if target := s.String("target"); target != "" {
			name = bracketed(target) + bracketed(name)
		}
		path, err := event.ParsePath(name)
		if err != nil {
			return nil, s.Errorf("match", "%v", err)
		}
		captures = append(captures, grokCapture{group: field.Group, path: path, conversion: field.Conversion,
			overwrite: slices.Contains(overwrite, field.Name)})
	}
	return captures, nil
}

// bracketed writes a field reference in brackets, so that two can be joined.
func bracketed(reference string) string {
	if strings.HasPrefix(reference, "[") {
		return reference
	}
	return "[" + reference + "]"
}

// grokLibrary is the built-in patterns, those of files, and those of the block, later ones winning.
func grokLibrary(env *pipeline.Env, s *plugin.Settings) (*pattern.Library, error) {
	library := pattern.NewLibrary()
	if ecsLayout(s) {
		library = pattern.NewECSLibrary()
	}
	glob := s.String("patterns_files_glob")
	if _, err := filepath.Match(glob, ""); err != nil {
		return nil, s.Errorf("patterns_files_glob", "%v", err)
	}
	for _, path := range s.Strings("patterns_dir") {
		if err := addPatternFiles(env, s, library, path, glob); err != nil {
			return nil, err
		}
	}
	for _, pair := range s.Pairs("pattern_definitions") {
		if err := library.Add(pair.Key, pair.Value.Str); err != nil {
			return nil, s.Errorf("pattern_definitions", "%v", err)
		}
	}
	return library, nil
}

// addPatternFiles reads a file or the files of a folder. A path that does not exist is only warned about, as in
// Logstash: printed configurations name folders of containers; a pattern that is then missing is an error of its own.
func addPatternFiles(env *pipeline.Env, s *plugin.Settings, library *pattern.Library, path, glob string) error {
	path = env.ResolvePath(path)
	info, err := env.FS.Stat(path)
	if err != nil && strings.ContainsAny(filepath.Base(path), "*?[") { // the last part may be a pattern of names
		path, glob = filepath.Split(path)
		info, err = env.FS.Stat(filepath.Clean(path))
		path = filepath.Clean(path)
	}
	if err != nil {
		s.Warn("patterns_dir", "%s cannot be read, so it adds no patterns: %v", path, err)
		return nil
	}
	files := []string{path}
	if info.IsDir {
		names, err := env.FS.List(path)
		if err != nil {
			return s.Errorf("patterns_dir", "%v", err)
		}
		slices.Sort(names)
		files = nil
		for _, name := range names {
			if ok, err := filepath.Match(glob, name); err != nil || !ok {
				continue
			}
			file := filepath.Join(path, name)
			if info, err := env.FS.Stat(file); err == nil && !info.IsDir {
				files = append(files, file)
			}
		}
	}
	for _, file := range files {
		text, err := vfs.ReadFile(env.FS, file, maxPatternFileBytes)
		if err != nil {
			return s.Errorf("patterns_dir", "read patterns: %v", err)
		}
		library.AddFile(string(text))
	}
	return nil
}

func (f *grokFilter) Filter(ev *event.Event, _ func(*event.Event)) pipeline.Outcome {
	buffer := f.buffers.Get().(*[]int)
	defer f.buffers.Put(buffer)
	matched := false
	for i := range f.fields {
		found, err := f.matchField(ev, &f.fields[i], buffer)
		if err != nil { // as in Logstash, that is the end of it, whatever matched before
			ev.Tag(f.timeoutTag)
			f.gaveUp.add(err)
			return pipeline.Unmatched
		}
		if found {
			matched = true
			if f.breakOnMatch {
				break
			}
		}
	}
	if !matched {
		tagAll(ev, f.failureTags)
		return pipeline.Unmatched
	}
	return pipeline.Matched
}

// matchField tries the field's expressions on its text, or on each text of its array. A field that is missing or null is
// tried as the empty text, as in Logstash: an expression that can match nothing does.
func (f *grokFilter) matchField(ev *event.Event, field *grokField, buffer *[]int) (matched bool, err error) {
	v, _ := ev.Get(field.source)
	if v.Kind() != event.Array {
		return f.matchText(ev, field, grokText(v), buffer)
	}
	for _, item := range slices.Clone(v.Items()) { // a capture may change the field itself
		found, err := f.matchText(ev, field, grokText(item), buffer)
		if err != nil {
			return false, err
		}
		matched = matched || found
	}
	return matched, nil
}

func grokText(v event.Value) string {
	if v.Kind() == event.Null {
		return ""
	}
	return v.Text()
}

// matchText tries the field's expressions on one text. The error says that one of them was given up.
func (f *grokFilter) matchText(ev *event.Event, field *grokField, text string, buffer *[]int) (matched bool, err error) {
	var limit *pattern.Limit
	if f.textLimit > 0 {
		limit = &pattern.Limit{Duration: f.textLimit}
	}
	trial := field.together.Begin(text)
	defer trial.End()
	for i := range field.expressions {
		x := &field.expressions[i]
		bounds, err := trial.Match(i, (*buffer)[:0], limit)
		if err != nil {
			return false, fmt.Errorf("%s on a text of %d bytes: %w", x.text, len(text), err)
		}
		if bounds == nil {
			continue
		}
		*buffer = bounds
		matched = true
		ev.Fields().Reserve(len(x.captures))
		for j := range x.captures {
			f.capture(ev, &x.captures[j], text, bounds)
		}
		if f.breakOnMatch {
			break
		}
	}
	return matched, nil
}

// capture puts one capture into the event. Beside a text it makes an array; a value of another kind stays as it is.
func (f *grokFilter) capture(ev *event.Event, c *grokCapture, text string, bounds []int) {
	start, end := bounds[2*c.group], bounds[2*c.group+1]
	if start < 0 || start == end && !f.keepEmpty {
		return
	}
	var v event.Value
	switch part := text[start:end]; c.conversion {
	case pattern.AsInt:
		v = event.IntOf(leadingInt(part))
	case pattern.AsFloat:
		v = event.FloatOf(leadingFloat(part))
	default:
		v = event.StringOf(part)
	}
	if !c.overwrite {
		switch have, _ := ev.Get(c.path); have.Kind() {
		case event.Array, event.String:
			ev.Add(c.path, v)
			return
		case event.Null:
		default:
			return
		}
	}
	ev.Set(c.path, v)
}
