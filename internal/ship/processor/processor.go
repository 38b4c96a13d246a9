package processor

import (
	"fmt"
	"log/slog"
	"strconv"
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/plugin"
)

// Processor changes one event. It is called from many goroutines, on different events.
type Processor interface {
	// Process returns false when the event is to be dropped.
	Process(ev *event.Event) bool
}

// Env is what processors get from their host.
type Env struct {
	Logger *slog.Logger
}

// Spec describes a processor.
type Spec = plugin.Spec[Processor, *Env]

// CommonOptions are taken by every processor.
var CommonOptions = []plugin.Option{
	{Name: "when", Kind: plugin.Any, Help: "Condition under which the processor works: equals, contains, regexp, range, has_fields, and, or, not."},
}

// Table is every processor there is, in alphabetical order.
var Table = plugin.NewTable("processor", CommonOptions,
	&addFields,
	&addHostMetadata,
	&addTags,
	&convert,
	&copyFields,
	&decodeJSONFields,
	&dissect,
	&dropEvent,
	&dropFields,
	&includeFields,
	&rename,
	&timestamp,
)

// Build makes a processor with its condition. Warnings are for options that have no effect.
func Build(env *Env, block *plugin.BlockConfig) (Processor, []*plugin.Error, error) {
	p, settings, err := Table.Build(env, block)
	if err != nil {
		return nil, nil, err
	}
	when, given := settings.Value("when")
	if !given {
		return p, settings.Warnings, nil
	}
	c, err := compileCondition(when)
	if err != nil {
		return nil, nil, settings.Errorf("when", "%v", err)
	}
	return &conditional{when: c, then: p}, settings.Warnings, nil
}

// conditional works only on events that meet a condition.
type conditional struct {
	when condition
	then Processor
}

func (c *conditional) Process(ev *event.Event) bool { return !c.when.holds(ev) || c.then.Process(ev) }

// Chain is processors one after the other.
type Chain []Processor

// Process stops at the first processor that drops the event.
func (c Chain) Process(ev *event.Event) bool {
	for _, p := range c {
		if !p.Process(ev) {
			return false
		}
	}
	return true
}

// fieldPath parses a dotted field name.
func fieldPath(dotted string) (*event.Path, error) {
	if dotted == "" || strings.ContainsAny(dotted, "[]") {
		return nil, fmt.Errorf("%q is not a field name", dotted)
	}
	return event.ParsePath("[" + strings.ReplaceAll(dotted, ".", "][") + "]")
}

func fieldPaths(s *plugin.Settings, option string) ([]*event.Path, error) {
	var paths []*event.Path
	for _, name := range s.Strings(option) {
		p, err := fieldPath(name)
		if err != nil {
			return nil, s.Errorf(option, "%v", err)
		}
		paths = append(paths, p)
	}
	return paths, nil
}

// ValueOf makes an event value of a configured one. Dots in keys make objects, as in Filebeat. The configuration does not keep
// quotes, so a quoted true is a boolean too.
func ValueOf(v plugin.Value) event.Value {
	switch v.Kind {
	case plugin.Number:
		return numberOf(v.Str)
	case plugin.List:
		items := make([]event.Value, len(v.List))
		for i := range v.List {
			items[i] = ValueOf(v.List[i])
		}
		return event.ArrayOf(items...)
	case plugin.Map:
		return ObjectOf(v.Pairs)
	}
	switch v.Str {
	case "true", "false":
		return event.BoolOf(v.Str == "true")
	}
	return event.StringOf(v.Str)
}

func numberOf(text string) event.Value {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return event.IntOf(n)
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		return event.FloatOf(f)
	}
	return event.StringOf(text)
}

// ObjectOf makes an object of configured pairs.
func ObjectOf(pairs []plugin.Pair) event.Value {
	object := event.NewObject()
	for _, pair := range pairs {
		at := object
		names := strings.Split(pair.Key, ".")
		for _, name := range names[:len(names)-1] {
			next, ok := at.Member(name)
			if !ok || next.Kind() != event.Object {
				next = event.NewObject()
				at.SetMember(name, next)
			}
			at = next
		}
		mergeInto(at, names[len(names)-1], ValueOf(pair.Value))
	}
	return object
}

// mergeInto sets a member; objects on both sides are merged.
func mergeInto(into event.Value, name string, v event.Value) {
	have, ok := into.Member(name)
	if !ok || have.Kind() != event.Object || v.Kind() != event.Object {
		into.SetMember(name, v)
		return
	}
	for i := range v.Len() {
		mergeInto(have, v.NameAt(i), v.At(i))
	}
}

// MergeFields puts a copy of an object's members into an event, at its root or below an object there.
func MergeFields(ev *event.Event, below string, fields event.Value) {
	into := ev.Fields()
	if below != "" {
		for name := range strings.SplitSeq(below, ".") {
			next, ok := into.Member(name)
			if !ok || next.Kind() != event.Object {
				next = event.NewObject()
				into.SetMember(name, next)
			}
			into = next
		}
	}
	for i := range fields.Len() {
		mergeInto(into, fields.NameAt(i), fields.At(i).Clone())
	}
}
