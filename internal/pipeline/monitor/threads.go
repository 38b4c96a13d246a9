package monitor

import (
	"fmt"
	"net/http"
	goruntime "runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxStackBytes bounds the dump of all goroutines.
const maxStackBytes = 8 << 20

type hotThread struct {
	Name   string   `json:"name"`
	ID     string   `json:"thread_id"`
	State  string   `json:"state"`
	Traces []string `json:"traces"`
}

// hotThreads lists goroutines, those that run first. How much of a processor each had is not known, so it is not said.
func (h *handler) hotThreads(w http.ResponseWriter, r *http.Request) {
	count := 10
	if text := r.URL.Query().Get("threads"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			fail(w, http.StatusBadRequest, fmt.Sprintf("threads wants a whole number, not %q", text))
			return
		}
		count = n
	}
	idle := r.URL.Query().Get("ignore_idle_threads") == "false"
	buf := make([]byte, maxStackBytes)
	threads := goroutines(string(buf[:goruntime.Stack(buf, true)]), idle)
	threads = threads[:min(count, len(threads))]
	node := h.source.Node()
	if human := r.URL.Query(); human.Has("human") && human.Get("human") != "false" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprintf(w, "::: {%s}\nHot threads at %s, busiestThreads=%d:\n", node.Name, node.Now.UTC().Format(time.RFC3339), len(threads))
		for _, t := range threads {
			fmt.Fprintf(w, "%s\n%s, state %s, thread id %s\n\t%s\n", strings.Repeat("-", 80), t.Name, t.State, t.ID, strings.Join(t.Traces, "\n\t"))
		}
		return
	}
	h.answer(w, r, map[string]any{"hot_threads": map[string]any{"time": node.Now.UTC().Format(time.RFC3339), "busiest_threads": len(threads), "threads": threads}})
}

// goroutines reads a dump of stacks.
func goroutines(dump string, idle bool) []hotThread {
	threads := []hotThread{}
	for stack := range strings.SplitSeq(dump, "\n\n") {
		lines := strings.Split(strings.TrimSpace(stack), "\n")
		id, state, ok := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(lines[0], "goroutine "), "]:"), " [")
		if !ok || len(lines) < 2 {
			continue
		}
		t := hotThread{Name: lines[1], ID: id, State: state, Traces: []string{}}
		if i := strings.LastIndexByte(lines[1], '('); i > 0 {
			t.Name = lines[1][:i]
		}
		busy := strings.HasPrefix(state, "run")
		if !busy && !idle {
			continue
		}
		for _, line := range lines[1:] {
			t.Traces = append(t.Traces, strings.TrimSpace(line))
		}
		threads = append(threads, t)
	}
	slices.SortStableFunc(threads, func(a, b hotThread) int {
		switch run, other := strings.HasPrefix(a.State, "run"), strings.HasPrefix(b.State, "run"); {
		case run == other:
			return 0
		case run:
			return -1
		}
		return 1
	})
	return threads
}
