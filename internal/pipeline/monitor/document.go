package monitor

import (
	"time"
)

// Documents makes the documents that Logstash's own collection writes into .monitoring-logstash-7-*, for what reads these.
type Documents struct {
	Source      Source
	ClusterUUID string
	Interval    time.Duration
	// Vertices adds each plugin's counters, Graphs the state of pipelines: a document each, when its configuration is new and every StateInterval.
	Vertices, Graphs bool

	graphs   map[string]string // configuration's hash by pipeline, of what was told last
	lastTold time.Time
}

// StateInterval is how often unchanged pipelines are described again.
const StateInterval = 10 * time.Minute

// Make returns the documents that are due.
func (d *Documents) Make() []map[string]any {
	h := &handler{source: d.Source, flows: &Flows{}}
	n := d.Source.Node()
	out := []map[string]any{d.document(n.Now, "logstash_stats", h.monitored(n, d.Vertices))}
	if !d.Graphs {
		return out
	}
	all := n.Now.Sub(d.lastTold) >= StateInterval
	if all {
		d.lastTold = n.Now
	}
	told := map[string]string{}
	for _, p := range d.Source.Pipelines() {
		told[p.Stats.ID] = p.Hash
		if all || d.graphs[p.Stats.ID] != p.Hash {
			out = append(out, d.document(n.Now, "logstash_state", map[string]any{"pipeline": map[string]any{"id": p.Stats.ID, "hash": p.Hash, "ephemeral_id": p.EphemeralID,
				"workers": p.Stats.Workers, "batch_size": p.Stats.BatchSize, "representation": graphOf(p)}}))
		}
	}
	d.graphs = told
	return out
}

func (d *Documents) document(now time.Time, kind string, body map[string]any) map[string]any {
	return map[string]any{"type": kind, kind: body, "cluster_uuid": d.ClusterUUID, "interval_ms": d.Interval.Milliseconds(), "timestamp": now.UTC().Format(time.RFC3339Nano)}
}

// monitored is the process's statistics in the order of Logstash's document.
func (h *handler) monitored(n Node, vertices bool) map[string]any {
	var events eventStats
	var waiting int64
	pipelines := []map[string]any{}
	for _, p := range h.source.Pipelines() {
		s := h.pipelineStats(p, n.Now, vertices)
		events.add(s.Events)
		if p.Queue != nil {
			waiting += p.Queue.Events
		}
		one := map[string]any{"id": p.Stats.ID, "hash": p.Hash, "ephemeral_id": p.EphemeralID, "events": s.Events, "queue": queueNumbers(s.Queue),
			"reloads": map[string]int64{"successes": p.Reloads.Successes, "failures": p.Reloads.Failures}}
		if vertices {
			one["vertices"] = s.Vertices
		}
		pipelines = append(pipelines, one)
	}
	node := h.identity(n)
	delete(node, "id")
	node["uuid"] = n.ID
	return map[string]any{
		"timestamp": n.Now.UTC().Format(time.RFC3339Nano), "logstash": node, "events": map[string]int64{"in": events.In, "filtered": events.Filtered, "out": events.Out, "duration_in_millis": events.Millis},
		"process": process(), "os": map[string]any{}, "jvm": jvm(n), "pipelines": pipelines, "queue": map[string]int64{"events_count": waiting},
		"reloads": map[string]int64{"successes": n.Reloads.Successes, "failures": n.Reloads.Failures},
	}
}

// queueNumbers are what the document says of a queue.
func queueNumbers(q map[string]any) map[string]any {
	out := map[string]any{}
	for _, name := range []string{"type", "events_count", "queue_size_in_bytes", "max_queue_size_in_bytes"} {
		out[name] = q[name]
	}
	return out
}
