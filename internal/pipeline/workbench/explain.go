package workbench

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"elkhorn/internal/event"
	"elkhorn/internal/pipeline/runtime"
	"elkhorn/internal/pipeline/trial"
)

// maxExplained bounds the events of one request: each step of each is told with the whole event.
const maxExplained = 100

// explainRequest is a configuration and what to send through it: events as JSON, or texts as an input would read them.
type explainRequest struct {
	draft
	Events []json.RawMessage `json:"events"`
	Lines  []string          `json:"lines"`
	// Input names an input of the configuration whose codec and fields texts get, Codec a codec instead.
	Input string `json:"input"`
	Codec string `json:"codec"`
}

// explainAnswer tells each event's way. Findings are set instead when the configuration is faulty.
type explainAnswer struct {
	Findings []found `json:"findings"`
	Runs     []run   `json:"runs"`
}

// run is the way of one event.
type run struct {
	Input json.RawMessage `json:"input"`
	Steps []step          `json:"steps"`
	// Out are the events that came out, each with where it would be written.
	Out []outcome `json:"out"`
}

type outcome struct {
	Event   json.RawMessage `json:"event"`
	Outputs []string        `json:"outputs"`
}

// step is one part of the configuration that the event met.
type step struct {
	Kind   string `json:"kind"` // condition, filter or output
	Event  int    `json:"event"`
	Place  string `json:"place"` // file:line:column
	Text   string `json:"text"`
	ID     string `json:"id,omitempty"`
	Taken  bool   `json:"taken"`
	Else   string `json:"else,omitempty"`
	Drops  bool   `json:"dropped,omitempty"`
	Makes  []int  `json:"emitted,omitempty"`
	Nanos  int64  `json:"nanos"` // since the step before
	Change []diff `json:"changes"`
	// After is the event behind a filter.
	After json.RawMessage `json:"after,omitempty"`
}

// diff is a field that changed; Before or After is "" when it was not there.
type diff struct {
	Field  string `json:"field"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

var stepKinds = map[runtime.StepKind]string{runtime.StepCondition: "condition", runtime.StepFilter: "filter", runtime.StepOutput: "output"}

func (h *handler) explain(w http.ResponseWriter, r *http.Request) {
	var q explainRequest
	if !read(w, r, &q) {
		return
	}
	if n := len(q.Events) + len(q.Lines); n == 0 || n > maxExplained {
		fail(w, http.StatusBadRequest, fmt.Sprintf("the body wants 1 to %d [events] or [lines], and has %d", maxExplained, n))
		return
	}
	source, err := h.sourceOf(q.draft)
	if err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	a := explainAnswer{Findings: []found{}, Runs: []run{}}
	t, err := h.trial(source)
	if err != nil {
		_, a.Findings = h.look(source)
		if len(a.Findings) == 0 {
			fail(w, http.StatusBadRequest, err.Error())
			return
		}
		answer(w, a)
		return
	}
	events, err := q.decode(t)
	if err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	for _, ev := range events {
		if r.Context().Err() != nil {
			return
		}
		a.Runs = append(a.Runs, follow(t, ev))
	}
	answer(w, a)
}

func (h *handler) trial(source runtime.Source) (*runtime.Trial, error) {
	return runtime.NewTrial(runtime.TrialOptions{Source: source, Tables: h.host.Tables(), Strict: h.host.Strict()})
}

// decode makes the events of a request.
func (q *explainRequest) decode(t *runtime.Trial) ([]*event.Event, error) {
	now := time.Now()
	var events []*event.Event
	for i, text := range q.Events {
		fields, err := event.ParseJSON(text)
		if err != nil {
			return nil, fmt.Errorf("event %d: %w", i+1, err)
		}
		events = append(events, event.FromObject(fields, now))
	}
	for _, line := range q.Lines {
		made, err := t.Decode(q.Input, q.Codec, line, now)
		if err != nil {
			return nil, err
		}
		events = append(events, made...)
	}
	return events, nil
}

// follow sends one event through.
func follow(t *runtime.Trial, ev *event.Event) run {
	out := run{Input: full(ev), Steps: []step{}, Out: []outcome{}}
	last := time.Now()
	results := t.Explain(ev, func(s runtime.Step) {
		took := time.Since(last)
		one := step{Kind: stepKinds[s.Kind], Event: s.Event, Place: s.Place, Text: s.Text, ID: s.ID, Taken: s.Taken, Else: s.Else, Drops: s.Dropped, Makes: s.Emitted,
			Nanos: took.Nanoseconds(), Change: []diff{}}
		if s.Kind == runtime.StepFilter {
			one.Change = diffs(trial.Changes(s.Before, s.After))
			one.After = full(s.After)
		}
		out.Steps = append(out.Steps, one)
		last = time.Now()
	})
	for _, o := range trial.Outcomes(t, results) {
		out.Out = append(out.Out, outcome{full(o.Event), append([]string{}, o.Destinations...)})
	}
	return out
}

func diffs(changes []trial.Change) []diff {
	out := make([]diff, len(changes))
	for i, c := range changes {
		out[i] = diff(c)
	}
	return out
}

// full is an event as JSON with its metadata.
func full(ev *event.Event) json.RawMessage {
	md := ev.Metadata()
	if md.Len() == 0 {
		return ev.AppendJSON(nil)
	}
	text := ev.AppendJSON(nil)
	text = append(text[:len(text)-1], `,"@metadata":`...)
	return append(md.AppendJSON(text), '}')
}
