package workbench

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/pipeline/trial"
)

const (
	maxLive     = 1000             // events that are taken from a running pipeline at a time
	maxLiveWait = 60 * time.Second // for them to come
	maxShown    = 20               // events that came out otherwise are told in full up to so many
)

// events answers copies of the events that come next to a pipeline.
func (h *handler) events(w http.ResponseWriter, r *http.Request) {
	size, err := whole(r, "size", 1, maxLive)
	if err == nil {
		var wait int
		if wait, err = whole(r, "wait", 5, int(maxLiveWait/time.Second)); err == nil {
			h.answerEvents(w, r, size, time.Duration(wait)*time.Second)
			return
		}
	}
	fail(w, http.StatusBadRequest, err.Error())
}

func (h *handler) answerEvents(w http.ResponseWriter, r *http.Request, size int, wait time.Duration) {
	ctx, stop := context.WithTimeout(r.Context(), wait)
	defer stop()
	events, err := h.host.Events(ctx, r.PathValue("id"), size)
	if err != nil {
		fail(w, http.StatusNotFound, err.Error())
		return
	}
	out := []json.RawMessage{}
	for _, ev := range events {
		out = append(out, full(ev))
	}
	answer(w, map[string]any{"events": out})
}

// whole reads a parameter that is a whole number from 1 on.
func whole(r *http.Request, name string, otherwise, most int) (int, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, fmt.Errorf("%s wants a whole number from 1 to %d, not %q", name, most, text)
	}
	return n, nil
}

// compareRequest is a changed configuration of a pipeline, and how many of the events that come it is tried on.
type compareRequest struct {
	Files       []file `json:"files"`
	Events      int    `json:"events"`
	WaitSeconds int    `json:"wait_seconds"`
}

// compareAnswer is how the outcomes differ.
type compareAnswer struct {
	Findings  []found  `json:"findings"`
	Events    int64    `json:"events"`
	Different int64    `json:"different"`
	OnlyOld   int64    `json:"only_old"`
	OnlyNew   int64    `json:"only_new"`
	Fields    []count  `json:"fields"`
	Samples   []sample `json:"samples"`
}

// count is how often a field differed.
type count struct {
	Field string `json:"field"`
	Count int64  `json:"count"`
}

// sample is one event that came out otherwise.
type sample struct {
	Input   json.RawMessage `json:"input"`
	Changes []diff          `json:"changes"`
}

// compare sends the events that come next through the configuration that runs and through a changed one. The pipeline itself goes on
// untouched.
func (h *handler) compare(w http.ResponseWriter, r *http.Request) {
	var q compareRequest
	if !read(w, r, &q) {
		return
	}
	if q.Events < 1 || q.Events > maxLive || q.WaitSeconds < 1 || q.WaitSeconds > int(maxLiveWait/time.Second) {
		fail(w, http.StatusBadRequest, fmt.Sprintf("events wants 1 to %d, wait_seconds 1 to %d", maxLive, int(maxLiveWait/time.Second)))
		return
	}
	id := r.PathValue("id")
	runs, err := h.sourceOf(draft{ID: id})
	if err != nil {
		fail(w, http.StatusNotFound, err.Error())
		return
	}
	changed, err := h.sourceOf(draft{ID: id, Files: q.Files})
	if err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	a := compareAnswer{Findings: []found{}, Fields: []count{}, Samples: []sample{}}
	before, err := h.trial(runs)
	if err != nil {
		fail(w, http.StatusConflict, "the configuration on disk cannot be read: "+err.Error())
		return
	}
	after, err := h.trial(changed)
	if err != nil {
		_, a.Findings = h.look(changed)
		answer(w, a)
		return
	}
	ctx, stop := context.WithTimeout(r.Context(), time.Duration(q.WaitSeconds)*time.Second)
	defer stop()
	events, err := h.host.Events(ctx, id, q.Events)
	if err != nil {
		fail(w, http.StatusNotFound, err.Error())
		return
	}
	var sum trial.Comparison
	for _, ev := range events {
		input := full(ev)
		if changes := sum.Both(before, after, ev); len(changes) > 0 && len(a.Samples) < maxShown {
			a.Samples = append(a.Samples, sample{input, diffs(changes)})
		}
	}
	a.Events, a.Different, a.OnlyOld, a.OnlyNew = sum.Events, sum.Different, sum.OnlyOld, sum.OnlyNew
	for field, n := range sum.Fields() {
		a.Fields = append(a.Fields, count{field, n})
	}
	sortCounts(a.Fields)
	answer(w, a)
}

// sortCounts puts the most frequent first.
func sortCounts(counts []count) {
	slices.SortFunc(counts, func(a, b count) int { return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Field, b.Field)) })
}
