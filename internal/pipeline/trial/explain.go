package trial

import (
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline/runtime"
)

// Explained is one event's way through a pipeline.
type Explained struct {
	Input string // the event as it went in, JSON
	Steps []ExplainedStep
}

// ExplainedStep is what one part of the configuration did.
type ExplainedStep struct {
	runtime.Step
	Changes []Change
	// Tags are those that were added.
	Tags []string
}

// Change is a field that a filter changed: Before is "" when it is new, After is "" when it is gone.
type Change struct{ Field, Before, After string }

// Explain runs one event and keeps what each step did.
func Explain(t *runtime.Trial, ev *event.Event) (Explained, []runtime.Result) {
	x := Explained{Input: string(ev.AppendJSON(nil))}
	results := t.Explain(ev, func(s runtime.Step) {
		step := ExplainedStep{Step: s}
		if s.Kind == runtime.StepFilter {
			step.Changes = Changes(s.Before, s.After)
		}
		step.Before, step.After = nil, nil // valid during the call only
		x.Steps = append(x.Steps, step)
	})
	return x, results
}

// Changes lists the fields in which two states of an event differ, objects member by member.
func Changes(before, after *event.Event) []Change {
	var out []Change
	if a, b := before.Timestamp(), after.Timestamp(); !a.Equal(b) {
		out = append(out, Change{"@timestamp", show(event.TimeOf(a)), show(event.TimeOf(b))})
	}
	changes(&out, before.Fields(), after.Fields(), "")
	changes(&out, before.Metadata(), after.Metadata(), "[@metadata]")
	return out
}

func changes(out *[]Change, before, after event.Value, parent string) {
	for i, old := range before.Items() {
		name := before.NameAt(i)
		now, ok := after.Member(name)
		switch {
		case !ok:
			*out = append(*out, Change{Field: reference(parent, name), Before: show(old)})
		case old.Kind() == event.Object && now.Kind() == event.Object:
			changes(out, old, now, "["+strings.TrimSuffix(strings.TrimPrefix(reference(parent, name), "["), "]")+"]")
		case old.Kind() != now.Kind() || !old.Equal(now):
			*out = append(*out, Change{reference(parent, name), show(old), show(now)})
		}
	}
	for i, v := range after.Items() {
		if _, had := before.Member(after.NameAt(i)); !had {
			*out = append(*out, Change{Field: reference(parent, after.NameAt(i)), After: show(v)})
		}
	}
}

// reference is how a configuration names a member: name at the root, [a][b] below.
func reference(parent, name string) string {
	if parent == "" && !strings.ContainsAny(name, "[]") {
		return name
	}
	return parent + "[" + name + "]"
}
