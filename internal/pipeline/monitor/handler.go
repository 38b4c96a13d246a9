package monitor

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	goruntime "runtime"
	"slices"
	"strings"
	"time"
)

type handler struct {
	source Source
	flows  *Flows
}

// Handler serves the API. flows is what has been noted so far.
func Handler(source Source, flows *Flows) http.Handler {
	h := &handler{source, flows}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { h.answer(w, r, map[string]any{}) })
	mux.HandleFunc("GET /_node", h.node)
	mux.HandleFunc("GET /_node/{filter}", h.node)
	mux.HandleFunc("GET /_node/pipelines", h.pipelines)
	mux.HandleFunc("GET /_node/pipelines/{id}", h.pipelines)
	mux.HandleFunc("GET /_node/plugins", h.plugins)
	mux.HandleFunc("GET /_node/hot_threads", h.hotThreads)
	mux.HandleFunc("GET /_node/logging", func(w http.ResponseWriter, r *http.Request) {
		h.answer(w, r, map[string]any{"loggers": map[string]string{"root": strings.ToUpper(h.source.Node().LogLevel)}})
	})
	mux.HandleFunc("PUT /_node/logging", h.setLogging)
	mux.HandleFunc("PUT /_node/logging/reset", h.resetLogging)
	mux.HandleFunc("GET /_node/stats", h.stats)
	mux.HandleFunc("GET /_node/stats/{filter}", h.stats)
	mux.HandleFunc("GET /_node/stats/pipelines/{id}", h.pipeline)
	mux.HandleFunc("GET /_health_report", h.healthReport)
	mux.HandleFunc("POST /_reload", h.reload)
	mux.HandleFunc("GET /_dead_letters", h.letters)
	mux.HandleFunc("GET /_dead_letters/{id}", h.letters)
	mux.HandleFunc("POST /_dead_letters/{id}/_replay", h.replay)
	mux.HandleFunc("POST /_dead_letters/{id}/{letter}/_replay", h.replayLetter)
	mux.HandleFunc("DELETE /_dead_letters/{id}", h.deleteLetters)
	mux.HandleFunc("DELETE /_dead_letters/{id}/{letter}", h.deleteLetters)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		h.write(w, r, http.StatusNotFound, map[string]any{"path": r.URL.Path, "status": http.StatusNotFound, "error": map[string]string{"message": "Not Found"}})
	})
	return mux
}

// answer writes an answer with what every answer begins with.
func (h *handler) answer(w http.ResponseWriter, r *http.Request, fields map[string]any) {
	all := h.identity(h.source.Node())
	maps.Copy(all, fields)
	h.write(w, r, http.StatusOK, all)
}

// identity says which process speaks.
func (h *handler) identity(n Node) map[string]any {
	return map[string]any{"host": n.Name, "version": n.Version, "http_address": n.Address, "id": n.ID, "name": n.Name, "ephemeral_id": n.EphemeralID, "snapshot": false,
		"status": h.health().Status, "pipeline": map[string]any{"workers": n.Workers, "batch_size": n.BatchSize, "batch_delay": n.BatchDelay.Milliseconds()}}
}

func (h *handler) write(w http.ResponseWriter, r *http.Request, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if q := r.URL.Query(); q.Has("pretty") && q.Get("pretty") != "false" {
		enc.SetIndent("", "  ")
	}
	_ = enc.Encode(body) // the reader has gone
}

func fail(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": message})
}

// chosen picks the parts that a filter names, all without one; false when it names an unknown part, which is answered.
func (h *handler) chosen(w http.ResponseWriter, r *http.Request, parts map[string]func() any) bool {
	names := slices.Sorted(maps.Keys(parts))
	if filter := r.PathValue("filter"); filter != "" {
		names = strings.Split(filter, ",")
	}
	fields := map[string]any{}
	for _, name := range names {
		make := parts[name]
		if make == nil {
			h.write(w, r, http.StatusNotFound, map[string]any{"path": r.URL.Path, "status": http.StatusNotFound,
				"error": map[string]string{"message": fmt.Sprintf("there is no part %q; there are %s", name, strings.Join(slices.Sorted(maps.Keys(parts)), ", "))}})
			return false
		}
		fields[name] = make()
	}
	h.answer(w, r, fields)
	return true
}

func (h *handler) node(w http.ResponseWriter, r *http.Request) {
	n := h.source.Node()
	h.chosen(w, r, map[string]func() any{
		"pipelines": func() any { return h.describe(h.source.Pipelines(), false) },
		"os": func() any {
			return map[string]any{"name": goruntime.GOOS, "arch": goruntime.GOARCH, "available_processors": goruntime.NumCPU()}
		},
		"jvm": func() any {
			return map[string]any{"pid": pid(), "version": goruntime.Version(), "vm_name": "none: the program is written in Go", "start_time_in_millis": n.Started.UnixMilli()}
		},
	})
}

func (h *handler) stats(w http.ResponseWriter, r *http.Request) {
	n, all := h.source.Node(), h.source.Pipelines()
	vertices := r.URL.Query().Get("vertices") == "true"
	h.chosen(w, r, map[string]func() any{
		"jvm":     func() any { return jvm(n) },
		"process": func() any { return process() },
		"events": func() any {
			var sum eventStats
			for _, p := range all {
				sum.add(eventsOf(p.Stats))
			}
			return sum
		},
		"flow": func() any {
			var sum Counts
			for _, p := range all {
				sum.Add(CountsOf(p))
			}
			return h.flows.metrics("", n.Now, n.Started, sum, 0)
		},
		"pipelines": func() any {
			out := map[string]pipelineStats{}
			for _, p := range all {
				out[p.Stats.ID] = h.pipelineStats(p, n.Now, vertices)
			}
			return out
		},
		"reloads": func() any { return map[string]int64{"successes": n.Reloads.Successes, "failures": n.Reloads.Failures} },
		"os":      func() any { return map[string]any{} },
		"queue": func() any {
			events := int64(0)
			for _, p := range all {
				if p.Queue != nil {
					events += p.Queue.Events
				}
			}
			return map[string]int64{"events_count": events}
		},
	})
}

// find returns a pipeline by the request's id, and answers when there is none.
func (h *handler) find(w http.ResponseWriter, r *http.Request) (Pipeline, bool) {
	id := r.PathValue("id")
	for _, p := range h.source.Pipelines() {
		if p.Stats.ID == id {
			return p, true
		}
	}
	h.write(w, r, http.StatusNotFound, map[string]any{"path": r.URL.Path, "status": http.StatusNotFound, "error": map[string]string{"message": fmt.Sprintf("there is no pipeline %q", id)}})
	return Pipeline{}, false
}

func (h *handler) pipeline(w http.ResponseWriter, r *http.Request) {
	if p, ok := h.find(w, r); ok {
		vertices := r.URL.Query().Get("vertices") == "true"
		h.answer(w, r, map[string]any{"pipelines": map[string]pipelineStats{p.Stats.ID: h.pipelineStats(p, h.source.Node().Now, vertices)}})
	}
}

func (h *handler) pipelines(w http.ResponseWriter, r *http.Request) {
	all := []Pipeline(nil)
	if r.PathValue("id") == "" {
		all = h.source.Pipelines()
	} else if p, ok := h.find(w, r); ok {
		all = []Pipeline{p}
	} else {
		return
	}
	h.answer(w, r, map[string]any{"pipelines": h.describe(all, r.URL.Query().Get("graph") == "true")})
}

// describe tells what pipelines are made of.
func (h *handler) describe(all []Pipeline, withGraph bool) map[string]any {
	out := map[string]any{}
	for _, p := range all {
		d := map[string]any{"ephemeral_id": p.EphemeralID, "hash": p.Hash, "workers": p.Stats.Workers, "batch_size": p.Stats.BatchSize, "batch_delay": p.BatchDelay.Milliseconds(),
			"config_reload_automatic": p.Reloadable, "dead_letter_queue_enabled": p.DeadLetters != nil}
		if withGraph {
			d["graph"] = graphOf(p)
		}
		out[p.Stats.ID] = d
	}
	return out
}

func (h *handler) plugins(w http.ResponseWriter, r *http.Request) {
	n := h.source.Node()
	list := []map[string]string{}
	for _, p := range n.Plugins {
		list = append(list, map[string]string{"name": "logstash-" + p.Kind + "-" + p.Name, "version": n.Version})
	}
	slices.SortFunc(list, func(a, b map[string]string) int { return strings.Compare(a["name"], b["name"]) })
	h.answer(w, r, map[string]any{"total": len(list), "plugins": list})
}

// reload is the program's own: the original reloads by signal and by the clock only.
func (h *handler) reload(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	report, err := h.source.Reload(r.Context())
	if err != nil {
		fail(w, http.StatusConflict, err.Error())
		return
	}
	h.answer(w, r, map[string]any{"reload": report, "took": time.Since(started).Milliseconds()})
}
