package trial

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline/runtime"
)

// Comparison adds up how two configurations differ on the same events. It keeps counts and one sample a field, not the events.
type Comparison struct {
	Ignore []*event.Path
	// Events is how many were compared, Different how many of them came out otherwise.
	Events, Different int64
	// OnlyOld and OnlyNew count input events of which only the one configuration made anything.
	OnlyOld, OnlyNew int64
	fields           map[string]*fieldDifference
}

type fieldDifference struct {
	count         int64
	before, after string // the first
}

// maxDifferentFields bounds the fields that are told apart; names made of data have no end.
const maxDifferentFields = 1000

// Outcome is what one configuration made of an event.
type Outcome struct {
	Event        *event.Event
	Destinations []string
}

// Outcomes are the results of a trial with their destinations.
func Outcomes(t *runtime.Trial, results []runtime.Result) []Outcome {
	out := make([]Outcome, len(results))
	for i, r := range results {
		out[i].Event = r.Event
		for _, o := range r.Outputs {
			out[i].Destinations = append(out[i].Destinations, t.Destination(o, r.Event))
		}
	}
	return out
}

// Both runs an event through two configurations and answers the differences; none when they agree.
func (c *Comparison) Both(before, after *runtime.Trial, ev *event.Event) []Change {
	other := ev.Clone()
	was := Outcomes(before, before.Process([]*event.Event{ev}))
	return c.Add(was, Outcomes(after, after.Process([]*event.Event{other})))
}

// Add compares what two configurations made of one event.
func (c *Comparison) Add(was, is []Outcome) []Change {
	var diffs []Change
	if len(was) != len(is) {
		diffs = append(diffs, Change{"number of events", fmt.Sprint(len(was)), fmt.Sprint(len(is))})
		switch {
		case len(is) == 0:
			c.OnlyOld++
		case len(was) == 0:
			c.OnlyNew++
		}
	}
	for i := range min(len(was), len(is)) {
		for _, d := range Changes(was[i].Event, is[i].Event) {
			if p, err := event.ParsePath(d.Field); err != nil || !ignored(c.Ignore, p) {
				diffs = append(diffs, d)
			}
		}
		if a, b := destinations(was[i]), destinations(is[i]); a != b {
			diffs = append(diffs, Change{"outputs", a, b})
		}
	}
	c.Events++
	if len(diffs) > 0 {
		c.Different++
	}
	for _, d := range diffs {
		c.note(d)
	}
	return diffs
}

func destinations(o Outcome) string {
	return "[" + strings.Join(slices.Sorted(slices.Values(o.Destinations)), ", ") + "]"
}

func (c *Comparison) note(d Change) {
	if c.fields == nil {
		c.fields = map[string]*fieldDifference{}
	}
	f := c.fields[d.Field]
	if f == nil {
		if len(c.fields) >= maxDifferentFields {
			return
		}
		f = &fieldDifference{before: shorten(d.Before), after: shorten(d.After)}
		c.fields[d.Field] = f
	}
	f.count++
}

// Fields counts how often each field differed.
func (c *Comparison) Fields() map[string]int64 {
	counts := map[string]int64{}
	for name, f := range c.fields {
		counts[name] = f.count
	}
	return counts
}

// EventDifference writes how one event came out.
func (p *Printer) EventDifference(input string, diffs []Change) {
	p.printf("%s\n", shorten(input))
	for _, d := range diffs {
		p.change(d)
	}
}

// NotCompared says how many events the sum does not speak for; 0 is nothing to say.
func (p *Printer) NotCompared(events int64) {
	if events > 0 {
		p.printf("%d more events passed while others were compared: nothing is known of them\n", events)
	}
}

// Comparison writes the sum: the fields that differ, the most frequent first.
func (p *Printer) Comparison(c *Comparison) {
	if c.Different == 0 {
		p.printf("%s\n", p.paint(green, fmt.Sprintf("%d events: no difference", c.Events)))
		return
	}
	p.printf("%s\n", p.paint(red, fmt.Sprintf("%d of %d events come out differently", c.Different, c.Events)))
	if c.OnlyOld+c.OnlyNew > 0 {
		p.printf("  %d come out only by the old configuration, %d only by the new one\n", c.OnlyOld, c.OnlyNew)
	}
	names := slices.SortedFunc(maps.Keys(c.fields), func(a, b string) int {
		return cmp.Or(cmp.Compare(c.fields[b].count, c.fields[a].count), cmp.Compare(a, b))
	})
	for _, name := range names {
		f := c.fields[name]
		p.printf("  %8d × %s\n", f.count, name)
		if f.before != "" {
			p.printf("           %s\n", p.paint(red, "- "+f.before))
		}
		if f.after != "" {
			p.printf("           %s\n", p.paint(green, "+ "+f.after))
		}
	}
}
