package monitor

import (
	"fmt"
	"net/http"
	"time"
)

const (
	green  = "green"
	yellow = "yellow"
	red    = "red"
)

type indicator struct {
	Status     string               `json:"status"`
	Symptom    string               `json:"symptom"`
	Details    any                  `json:"details,omitempty"`
	Diagnosis  []diagnosis          `json:"diagnosis,omitempty"`
	Impacts    []impact             `json:"impacts,omitempty"`
	Indicators map[string]indicator `json:"indicators,omitempty"`
}

type diagnosis struct {
	ID     string `json:"id"`
	Cause  string `json:"cause"`
	Action string `json:"action"`
}

type impact struct {
	ID          string   `json:"id"`
	Severity    int      `json:"severity"`
	Description string   `json:"description"`
	Areas       []string `json:"impact_areas"`
}

var worse = map[string]int{green: 0, yellow: 1, red: 2}

// stuckAfter is how long an output may be at the same events before the pipeline is not well: longer than a store needs for a restart.
const stuckAfter = time.Minute

// health tells how a pipeline is.
func health(p Pipeline, now time.Time) indicator {
	state := "RUNNING"
	i := indicator{Status: green, Symptom: "The pipeline is healthy"}
	blame := func(status, symptom, id, cause, action string, severity int, what string) {
		if worse[status] > worse[i.Status] {
			i.Status, i.Symptom = status, symptom
		}
		i.Diagnosis = append(i.Diagnosis, diagnosis{"logstash:health:pipeline:" + id, cause, action})
		i.Impacts = append(i.Impacts, impact{"logstash:health:pipeline:" + id + ":impact", severity, what, []string{"pipeline_execution"}})
	}
	switch {
	case p.Ended && p.Err != nil:
		state = "TERMINATED"
		blame(red, "The pipeline is unhealthy; 1 area is impacted and 1 diagnosis is available", "status:diagnosis:terminated", p.Err.Error(),
			"mend the cause and reload", 1, "the pipeline takes no events")
	case p.Ended:
		state = "FINISHED"
		blame(yellow, "The pipeline has come to its end", "status:diagnosis:finished", "all its inputs have ended", "nothing, if that was meant", 10, "the pipeline takes no events")
	}
	if p.Queue != nil && p.Queue.Err != nil {
		blame(red, "The pipeline's queue takes nothing", "queue:diagnosis:unwritable", p.Queue.Err.Error(), "make room on the volume, or mend it", 1, "inputs wait")
	}
	if p.Queue != nil && p.Queue.Err == nil && p.Queue.Full {
		blame(yellow, "The pipeline's queue is full", "queue:diagnosis:full", fmt.Sprintf("%d events take %d bytes of %d", p.Queue.Events, p.Queue.Bytes, p.Queue.MaxBytes),
			"see why events do not leave, or raise queue.max_bytes", 3, "inputs wait")
	}
	for _, o := range p.Stats.Plugins {
		if writing := now.Sub(o.WritingSince); !o.WritingSince.IsZero() && writing > stuckAfter {
			cause := "it says nothing of a cause"
			if !o.Trouble.At.Before(o.WritingSince) {
				cause = o.Trouble.Last
			}
			blame(yellow, "An output does not get rid of its events", "output:diagnosis:stuck", fmt.Sprintf("output %s (%s) has been at the same events for %s: %s", o.ID, o.Place, writing.Round(time.Second), cause),
				"see to the destination; the events are tried again until they are delivered", 2, "events wait in the queue, and then inputs wait")
		}
	}
	if p.DeadLetters != nil && p.DeadLetters.Err != nil {
		blame(red, "Refused events cannot be kept", "dead_letter_queue:diagnosis:unwritable", p.DeadLetters.Err.Error(),
			"replay or clear the dead letters, raise dead_letter_queue.max_bytes, or mend the volume", 1, "outputs wait, and then inputs")
	}
	if r := p.Reloads; r.Failures > 0 && r.LastFailure.After(r.LastSuccess) {
		blame(yellow, "The configuration on disk is not the one that runs", "reload:diagnosis:failed", r.LastError, "mend the configuration; it is tried again when it changes", 3,
			"the configuration before is in use")
	}
	i.Details = map[string]any{"status": map[string]string{"state": state}}
	return i
}

func (h *handler) health() indicator {
	all := indicator{Status: green, Indicators: map[string]indicator{}}
	bad, now := 0, h.source.Node().Now
	for _, p := range h.source.Pipelines() {
		one := health(p, now)
		all.Indicators[p.Stats.ID] = one
		if worse[one.Status] > worse[all.Status] {
			all.Status = one.Status
		}
		if one.Status != green {
			bad++
		}
	}
	all.Symptom = fmt.Sprintf("%d indicators are healthy (`pipelines`)", len(all.Indicators)-bad)
	if bad > 0 {
		all.Symptom = fmt.Sprintf("%d of %d pipelines need a look", bad, len(all.Indicators))
	}
	return all
}

func (h *handler) healthReport(w http.ResponseWriter, r *http.Request) {
	pipelines := h.health()
	h.answer(w, r, map[string]any{"status": pipelines.Status, "symptom": pipelines.Symptom, "indicators": map[string]indicator{"pipelines": pipelines}})
}
