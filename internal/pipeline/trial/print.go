package trial

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"elkhorn/internal/pipeline/runtime"
)

// Printer writes reports for people.
type Printer struct {
	W     io.Writer
	Color bool
	err   error
}

// Err is the first error of writing.
func (p *Printer) Err() error { return p.err }

func (p *Printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.W, format, args...)
	}
}

// The colours, as terminals number them.
const (
	red    = 31
	green  = 32
	yellow = 33
	grey   = 90
)

func (p *Printer) paint(color int, text string) string {
	if !p.Color {
		return text
	}
	return fmt.Sprintf("\x1b[%dm%s\x1b[0m", color, text)
}

// maxShown bounds how much of one value is printed; whole events of megabytes hide what differs.
const maxShown = 2000

func shorten(text string) string {
	if len(text) <= maxShown {
		return text
	}
	return fmt.Sprintf("%s… (%d bytes)", strings.ToValidUTF8(text[:maxShown], ""), len(text))
}

// Report writes what came of a suite: a line per case, and what differs under those that failed.
func (p *Printer) Report(r *Report) {
	for _, w := range r.Warnings {
		p.printf("%s\n", p.paint(yellow, w.String()))
	}
	for i := range r.Cases {
		c := &r.Cases[i]
		if !c.Failed() {
			p.printf("%s %s:%d %s\n", p.paint(green, "ok  "), r.File, c.Line, c.Name)
		} else {
			p.printf("%s %s:%d %s\n", p.paint(red, "FAIL"), r.File, c.Line, c.Name)
			p.failure(r.File, c)
		}
		for _, x := range c.Steps {
			p.Explained(x)
		}
	}
}

func (p *Printer) failure(file string, c *CaseReport) {
	if c.Fault != "" {
		p.printf("     %s\n", c.Fault)
		return
	}
	if c.WantDropped >= 0 && c.WantDropped != c.Dropped {
		p.difference("dropped events", fmt.Sprint(c.WantDropped), fmt.Sprintf("%d of %d", c.Dropped, c.Inputs), false)
	}
	for i, e := range c.Events {
		switch {
		case e.Event == nil:
			p.printf("     event %d (%s:%d)\n", i+1, file, e.Line)
			p.printf("       %s\n", p.paint(red, "- is missing: fewer events came out than are expected"))
		case e.Unexpected:
			p.printf("     event %d is not expected\n", i+1)
			p.printf("       %s\n", p.paint(green, "+ "+shorten(string(e.Event.AppendJSON(nil)))))
		case len(e.Differences) > 0:
			p.printf("     event %d (%s:%d)\n", i+1, file, e.Line)
			for _, d := range e.Differences {
				p.difference(d.Field, d.Want, d.Got, d.Missing)
			}
			p.printf("       %s\n", p.paint(grey, "event: "+shorten(string(e.Event.AppendJSON(nil)))))
		}
	}
}

// difference writes what was expected with a minus and what came with a plus, as diff does.
func (p *Printer) difference(field, want, got string, missing bool) {
	p.printf("       %s\n", p.paint(red, "- "+field+": "+shorten(want)))
	if missing {
		got = "(missing)"
	}
	p.printf("       %s\n", p.paint(green, "+ "+field+": "+shorten(got)))
}

// Explained writes one event's way.
func (p *Printer) Explained(x Explained) {
	p.printf("     %s\n", shorten(x.Input))
	for _, s := range x.Steps {
		who := ""
		if s.Event > 0 {
			who = fmt.Sprintf(" (event %d)", s.Event+1)
		}
		switch s.Kind {
		case runtime.StepCondition:
			p.printf("       %s  %s %s%s\n", s.Place, shorten("if "+s.Text), p.verdict(s.Taken, "→ yes", "→ no"), who)
			if s.Else != "" {
				p.printf("       %s  else %s%s\n", s.Else, p.paint(green, "→ yes"), who)
			}
		case runtime.StepFilter:
			p.printf("       %s  %s %s%s\n", s.Place, s.Text, p.outcome(s), who)
			for _, c := range s.Changes {
				p.change(c)
			}
		case runtime.StepOutput:
			p.printf("       %s  %s %s%s\n", s.Place, p.paint(green, "→ output"), s.Text, who)
		}
	}
}

func (p *Printer) verdict(yes bool, ifYes, ifNo string) string {
	if yes {
		return p.paint(green, ifYes)
	}
	return p.paint(grey, ifNo)
}

func (p *Printer) outcome(s ExplainedStep) string {
	text := p.verdict(s.Taken, "succeeded", "did not match or had nothing to do")
	if s.Dropped {
		text += ", " + p.paint(yellow, "dropped the event")
	}
	if len(s.Emitted) > 0 {
		text += fmt.Sprintf(", made %d more events", len(s.Emitted))
	}
	return text
}

func (p *Printer) change(c Change) {
	switch {
	case c.Before == "":
		p.printf("         %s\n", p.paint(green, "+ "+c.Field+": "+shorten(c.After)))
	case c.After == "":
		p.printf("         %s\n", p.paint(red, "- "+c.Field+": "+shorten(c.Before)))
	default:
		p.printf("         %s\n", p.paint(yellow, "~ "+c.Field+": "+shorten(c.Before)+" → "+shorten(c.After)))
	}
}

// Profile writes the rate and each filter's share of the time, the dearest first.
func (p *Printer) Profile(events int64, took time.Duration, plugins []runtime.PluginStats) {
	var filters []runtime.PluginStats
	var total int64
	for _, s := range plugins {
		if s.Kind == "filter" && s.In > 0 {
			filters = append(filters, s)
			total += s.DurationNanos
		}
	}
	slices.SortStableFunc(filters, func(a, b runtime.PluginStats) int { return cmp.Compare(b.DurationNanos, a.DurationNanos) })
	p.printf("%d events in %s: %.0f events/s on one worker\n", events, took.Round(time.Microsecond), float64(events)/max(took.Seconds(), 1e-9))
	for _, s := range filters {
		p.printf("  %5.1f %%  %8.0f ns/event  %9d in  %9d out  %s %s\n", 100*float64(s.DurationNanos)/float64(max(total, 1)),
			float64(s.DurationNanos)/float64(s.In), s.In, s.Out, s.Name, s.Place)
	}
}
