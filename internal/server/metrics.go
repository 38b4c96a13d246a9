package server

import (
	"context"
	"path/filepath"
	"runtime/metrics"
	"time"

	"elkhorn/internal/console"
	"elkhorn/internal/es"
	"elkhorn/internal/pipeline/monitor"
)

// openMetrics opens what earlier processes kept. Without it the charts still show this one.
func (s *Server) openMetrics() {
	kept, err := console.OpenMetrics(s.files, filepath.Join(s.opts.DataDir, "metrics"))
	if err != nil {
		s.logger.Warn("what the charts of stack monitoring show is not kept", "error", err)
		kept = &console.Metrics{}
	}
	s.metrics = kept
}

// startMetrics takes samples of the process for the UI's charts, when there is a UI.
func (s *Server) startMetrics() {
	if s.uiAddr == nil {
		return
	}
	s.goPart(&s.senders, "metrics", func(ctx context.Context) error {
		ticker := time.NewTicker(console.MetricsInterval)
		defer ticker.Stop()
		for {
			sample, err := s.metric(ctx)
			if err == nil {
				err = s.metrics.Note(sample)
			}
			if err != nil {
				s.logger.Debug("no sample for the charts", "error", err)
			}
			select {
			case <-ctx.Done():
				return nil
			case <-ticker.C:
			}
		}
	})
}

// metric is how the process is now.
func (s *Server) metric(ctx context.Context) (console.Metric, error) {
	m := console.Metric{At: s.opts.Now(), Run: s.began}
	info, err := s.store.Info(ctx)
	if err != nil {
		return m, err
	}
	indices, err := s.store.Indices(ctx, es.Target{Closed: true, Hidden: true})
	if err != nil {
		return m, err
	}
	for _, index := range indices {
		st := &index.Stats
		m.Indexed, m.IndexNanos = m.Indexed+st.IndexTotal, m.IndexNanos+st.IndexNanos
		m.Searched, m.SearchNanos = m.Searched+st.Search.Queries, m.SearchNanos+st.Search.QueryNanos+st.Search.FetchNanos
		m.Merges += st.MergeTotal
		m.Docs, m.Segments = m.Docs+st.Docs, m.Segments+int64(st.Segments)
		m.StoreBytes, m.LogBytes = m.StoreBytes+st.DiskBytes, m.LogBytes+st.LogBytes
	}
	m.DiskFreeBytes, m.DiskTotalBytes = info.Disk.FreeBytes, info.Disk.TotalBytes
	m.HeapBytes, m.MemoryBytes = memory()
	if cpu, ok := monitor.ProcessorTime(); ok {
		m.ProcessorNanos = cpu.Nanoseconds()
	}
	s.addPipelines(&m)
	return m, nil
}

// addPipelines adds what the pipelines count.
func (s *Server) addPipelines(m *console.Metric) {
	if s.fleet == nil {
		return
	}
	for _, p := range (&monitored{server: s}).Pipelines() {
		m.EventsIn, m.EventsOut = m.EventsIn+p.Stats.In, m.EventsOut+p.Stats.Out
		m.Queued += int64(p.Stats.QueuedEvents)
		if p.Queue != nil {
			m.Queued += p.Queue.Events
		}
		if p.DeadLetters != nil {
			m.Letters += p.DeadLetters.Letters
		}
	}
}

// memory is what the objects of the process take, and what it holds of the system's memory.
func memory() (heap, all int64) {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return int64(samples[0].Value.Uint64()), int64(samples[1].Value.Uint64()) - int64(samples[2].Value.Uint64())
}
