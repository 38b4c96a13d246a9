package demo

import "fmt"

// startRoutine makes what services say without being asked: health checks, garbage collections,
// cache statistics, and now and then a deployment.
func (w *Workload) startRoutine(start int64) {
	rng := w.rng.fork()
	names := []string{"mcp-server", "auth-service", "restaurant-booking", "travel-planner", "document-search", "payments-service", "widget-runtime", "llm-gateway"}
	w.arrivals(start, w.rate*routineShare, func(now int64) {
		r := rng.fork()
		service := pick(&r, names)
		took := int(r.logNormal(4, 0.5)) + 1
		switch n := r.below(100); {
		case n < 45:
			o := w.serviceObject(&r, now, "DEBUG", service)
			o.integer("response_time", took)
			o.integer("status", 200)
			w.finish(now, appIndex, fmt.Sprintf("GET /healthz 200 %dms", took))
		case n < 70:
			used := r.between(180, 720)
			o := w.serviceObject(&r, now, "INFO", service)
			o.integer("heap_used_mb", used)
			w.finish(now, appIndex, fmt.Sprintf("Heap after collection: %d MB used of 1024 MB, pause %dms, event loop lag %dms", used, took, took/2))
		case n < 90:
			hits := r.between(80, 99)
			o := w.serviceObject(&r, now, "INFO", service)
			o.integer("cache_hit_percent", hits)
			w.finish(now, appIndex, fmt.Sprintf("Cache statistics: %d%% hits, %d entries, %d evicted", hits, r.between(2000, 60_000), r.below(400)))
		case n < 99:
			w.serviceEvent(&r, now, "INFO", service, fmt.Sprintf("Config reloaded: revision %s, %d flags changed", hexID(&r, 7), r.below(4)))
		default:
			w.serviceEvent(&r, now, "WARN", service, fmt.Sprintf("Clock skew of %dms against time.internal", r.between(120, 900)))
		}
	})
}
