package trial

import (
	"fmt"
	"path"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline/runtime"
)

// Host is what running suites needs of the program.
type Host struct {
	Tables runtime.Tables
	Strict bool
	// LookupEnv is asked for variables that the suite does not set.
	LookupEnv func(string) (string, bool)
}

// Report is what came of a suite.
type Report struct {
	File     string
	Cases    []CaseReport
	Warnings []runtime.Finding
	// Stats are the plugins' counters over all cases.
	Stats []runtime.PluginStats
}

// CaseReport is what came of one case.
type CaseReport struct {
	Name string
	Line int
	// Fault is why the case could not run; "" when it ran.
	Fault   string
	Events  []EventReport
	Inputs  int
	Dropped int
	// WantDropped is -1 when nothing is expected.
	WantDropped int
	Steps       []Explained // when asked for
	results     []runtime.Result
}

// EventReport is one resulting event, or one that is missing.
type EventReport struct {
	// Event is nil when an expected event is missing.
	Event       *event.Event
	Unexpected  bool
	Line        int // of the expectation
	Differences []Difference
	want        *expectation
}

// Failed tells whether anything is not as expected.
func (c *CaseReport) Failed() bool {
	if c.Fault != "" || c.WantDropped >= 0 && c.WantDropped != c.Dropped {
		return true
	}
	for _, e := range c.Events {
		if e.Event == nil || e.Unexpected || len(e.Differences) > 0 {
			return true
		}
	}
	return false
}

// Failed counts the cases that are not as expected.
func (r *Report) Failed() int {
	failed := 0
	for i := range r.Cases {
		if r.Cases[i].Failed() {
			failed++
		}
	}
	return failed
}

// RunOptions choose what is run and told.
type RunOptions struct {
	// Match is a pattern (path.Match) that names of cases must have; "" is all.
	Match   string
	Explain bool
}

// Run runs the cases. Each has a pipeline of its own, so that what filters remember does not leak from case to case. The error is
// that of the configuration.
func (s *Suite) Run(h Host, o RunOptions) (*Report, error) {
	r := &Report{File: s.File}
	for _, c := range s.cases {
		if ok, err := path.Match(o.Match, c.name); o.Match != "" && !ok {
			if err != nil {
				return nil, fmt.Errorf("pattern of case names %q: %w", o.Match, err)
			}
			continue
		}
		clock := &clock{now: c.now}
		t, err := s.trial(h, clock)
		if err != nil {
			return nil, err
		}
		if r.Warnings == nil {
			r.Warnings = t.Warnings()
		}
		r.Cases = append(r.Cases, c.run(t, clock, o.Explain))
		r.Stats = addStats(r.Stats, t.Stats().Plugins)
	}
	if len(r.Cases) == 0 && o.Match != "" {
		return nil, fmt.Errorf("%s: no case is called %q", s.File, o.Match)
	}
	return r, nil
}

// clock is the time of a case.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

func (s *Suite) trial(h Host, c *clock) (*runtime.Trial, error) {
	lookup := func(name string) (string, bool) {
		if v, ok := s.Env[name]; ok {
			return v, true
		}
		if h.LookupEnv == nil {
			return "", false
		}
		return h.LookupEnv(name)
	}
	return runtime.NewTrial(runtime.TrialOptions{Source: runtime.Source{Paths: s.Pipelines, Lookup: lookup}, Tables: h.Tables, Strict: h.Strict, Now: c.Now})
}

// run puts the input through and compares.
func (c *testCase) run(t *runtime.Trial, clock *clock, explain bool) CaseReport {
	r := CaseReport{Name: c.name, Line: c.line, WantDropped: c.drops}
	for _, item := range c.input {
		if item.advance > 0 {
			clock.now = clock.now.Add(item.advance)
			r.results = append(r.results, t.Flush()...)
		}
		for range item.repeat {
			events, err := c.events(t, item, clock.now)
			if err != nil {
				r.Fault = err.Error()
				return r
			}
			for _, ev := range events {
				r.Inputs++
				results := c.process(t, ev, explain, &r)
				if len(results) == 0 {
					r.Dropped++
				}
				r.results = append(r.results, results...)
			}
		}
	}
	if !c.expects && c.drops < 0 {
		r.Fault = "the case expects nothing: add expect: or drops:, or let --update write what comes out now"
		return r
	}
	if c.expects {
		r.Events = c.compare(t, r.results)
	}
	return r
}

func (c *testCase) process(t *runtime.Trial, ev *event.Event, explain bool, r *CaseReport) []runtime.Result {
	if !explain {
		return t.Process([]*event.Event{ev})
	}
	steps, results := Explain(t, ev)
	r.Steps = append(r.Steps, steps)
	return results
}

// events makes the events of one item.
func (c *testCase) events(t *runtime.Trial, item inputItem, now time.Time) ([]*event.Event, error) {
	if item.event.Kind() == event.Object {
		return []*event.Event{event.FromObject(item.event.Clone(), now)}, nil
	}
	return t.Decode(c.from, c.codec, item.line, now)
}

// compare pairs results with expectations: in order, or each expectation with the result that differs least.
func (c *testCase) compare(t *runtime.Trial, results []runtime.Result) []EventReport {
	var reports []EventReport
	left := append([]runtime.Result(nil), results...)
	for _, e := range c.expect {
		if len(left) == 0 {
			reports = append(reports, EventReport{Line: e.line, want: e})
			continue
		}
		best, diffs := 0, e.compare(t, left[0], c)
		for i := 1; i < len(left) && !c.ordered && len(diffs) > 0; i++ {
			if d := e.compare(t, left[i], c); len(d) < len(diffs) {
				best, diffs = i, d
			}
		}
		reports = append(reports, EventReport{Event: left[best].Event, Line: e.line, Differences: diffs, want: e})
		left = append(left[:best], left[best+1:]...)
	}
	for _, r := range left {
		reports = append(reports, EventReport{Event: r.Event, Unexpected: true})
	}
	return reports
}

// addStats adds the counters of one run to those of others; plugins are in the same order in all of them.
func addStats(sum, more []runtime.PluginStats) []runtime.PluginStats {
	if sum == nil {
		return append(sum, more...)
	}
	for i := range sum {
		sum[i].In += more[i].In
		sum[i].Out += more[i].Out
		sum[i].DurationNanos += more[i].DurationNanos
	}
	return sum
}
