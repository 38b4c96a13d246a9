package module

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/cache"
	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
	"elkhorn/internal/ship/processor"
)

// Fileset is one kind of a module's files.
type Fileset struct {
	Module string
	Name   string
	Paths  []string // globs, when none are configured
	Lines  *Lines   // how lines are joined; nil for each by itself
	parse  func(p *parser, ev *event.Event, line string)
}

// Lines join a line to the event before it when a regular expression matches it, or with Negate when it does not.
type Lines struct {
	Pattern string
	Negate  bool
}

// filesets are all there are, in alphabetical order.
var filesets = []*Fileset{&apacheAccess, &apacheError, &nginxAccess, &nginxError, &systemAuth, &systemSyslog}

// Find returns a fileset; nil when there is none of this name.
func Find(module, name string) *Fileset {
	for _, f := range filesets {
		if f.Module == module && f.Name == name {
			return f
		}
	}
	return nil
}

// Known says whether there is a module of this name.
func Known(module string) bool { return len(FilesetsOf(module)) > 0 }

// FilesetsOf are the names of a module's filesets.
func FilesetsOf(module string) []string {
	var names []string
	for _, f := range filesets {
		if f.Module == module {
			names = append(names, f.Name)
		}
	}
	return names
}

// Names are the modules there are.
func Names() []string {
	var names []string
	for _, f := range filesets {
		if !slices.Contains(names, f.Module) {
			names = append(names, f.Module)
		}
	}
	return names
}

// Nearest is the module whose name is most like another; empty when none is.
func Nearest(name string) string { return plugin.Nearest(name, Names()) }

// Processor makes what takes lines of the fileset apart. Times that name no zone are in zone, and without a year in the last one
// in which they are not yet to come.
func (f *Fileset) Processor(zone *time.Location, now func() time.Time) processor.Processor {
	fixed := event.NewObject()
	of := func(name string, members ...string) {
		object := event.NewObject()
		for i := 0; i < len(members); i += 2 {
			object.SetMember(members[i], event.StringOf(members[i+1]))
		}
		fixed.SetMember(name, object)
	}
	of("event", "module", f.Module, "dataset", f.Module+"."+f.Name, "kind", "event")
	of("fileset", "name", f.Name)
	of("service", "type", f.Module)
	return &parser{fileset: f, fixed: fixed, zone: zone, now: now, agents: cache.New[event.Value](agentCacheSize)}
}

// parser takes the lines of one fileset apart, from many goroutines.
type parser struct {
	fileset *Fileset
	fixed   event.Value // of every event
	zone    *time.Location
	now     func() time.Time
	agents  *cache.Cache[event.Value] // by header
}

var (
	messagePath = event.MustPath("message")
	errorPath   = event.MustPath("[error][message]")
)

// Process implements processor.Processor. It drops nothing.
func (p *parser) Process(ev *event.Event) bool {
	processor.MergeFields(ev, "", p.fixed)
	if message, ok := ev.Get(messagePath); ok && message.Kind() == event.String {
		p.fileset.parse(p, ev, message.Str())
	}
	return true
}

// set sets a text at a dotted field, unless it is empty.
func set(ev *event.Event, path *event.Path, text string) {
	if text != "" {
		ev.Set(path, event.StringOf(text))
	}
}

// addOnce adds a text to a list, unless it is empty or there.
func addOnce(ev *event.Event, path *event.Path, text string) {
	if text == "" {
		return
	}
	have, ok := ev.Get(path)
	if !ok {
		ev.Set(path, event.ArrayOf(event.StringOf(text)))
		return
	}
	if have.Kind() != event.Array || slices.ContainsFunc(have.Items(), func(v event.Value) bool { return v.Text() == text }) {
		return
	}
	have.Append(event.StringOf(text))
}

// setList sets a list of texts.
func setList(ev *event.Event, path *event.Path, texts ...string) {
	values := make([]event.Value, len(texts))
	for i, text := range texts {
		values[i] = event.StringOf(text)
	}
	ev.Set(path, event.ArrayOf(values...))
}

// setNumber sets a whole number; a text that is none, or too large, is left out.
func setNumber(ev *event.Event, path *event.Path, text string) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		ev.Set(path, event.IntOf(n))
	}
}

// localTime reads a time without a zone as one of this machine's.
func (p *parser) localTime(ev *event.Event, layout, text string) bool {
	at, err := time.ParseInLocation(layout, strings.TrimSpace(text), p.zone)
	if err != nil {
		return false
	}
	ev.SetTimestamp(at)
	ev.Set(timezonePath, event.StringOf(at.Format("-07:00")))
	return true
}

// unread says of a line that it was not taken apart.
func (p *parser) unread(ev *event.Event) {
	ev.Set(errorPath, event.StringOf(p.fileset.Module+"."+p.fileset.Name+": the line has another form"))
}

// pathOf is the path of a dotted field.
func pathOf(dotted string) *event.Path {
	return event.MustPath("[" + strings.ReplaceAll(dotted, ".", "][") + "]")
}
