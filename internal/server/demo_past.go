package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"time"

	"elkhorn/internal/demo"
	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
	"elkhorn/internal/vfs"
)

const (
	// demoPast is how much of the past the demo fills in, so that there is something to look at from
	// the first minute: a full day's curve.
	demoPast = 24 * time.Hour
	// demoFirst is the end of the past, which is written before the rest of it: what the sample dashboards show.
	demoFirst = time.Hour
	// demoWarm is how long the workload takes until as many sessions are open as at any time.
	demoWarm = 10 * time.Minute
	// demoBulk is how many demo events go in at once.
	demoBulk = 1000
	// demoTold is how long filling in the past may take without a word about it, and the time from word to word.
	demoTold = time.Second
)

// demoFill is a past to be filled in. While it is, a file in the data folder holds it, so that a process that was ended on the way
// leaves no hole: the same seed, rate and times make the same events again. Times are epoch milliseconds.
type demoFill struct {
	Seed uint64  `json:"seed"`
	Rate float64 `json:"rate"`
	From int64   `json:"from"`
	To   int64   `json:"to"`
}

// first is where the part that is written first begins.
func (f demoFill) first() int64 { return max(f.From, f.To-demoFirst.Milliseconds()) }

// parts are the workloads of the past, each with a story of its own, so that the newest is there at once: recent is at first() and goes on
// into the present, earlier is at the start. Other starts have other ids.
func (f demoFill) parts() (recent, earlier *demo.Workload) {
	begin := func(at int64) *demo.Workload {
		return demo.New(demo.Options{Seed: f.Seed + uint64(at), Rate: f.Rate, Start: time.UnixMilli(at)})
	}
	recent, earlier = begin(f.first()-demoWarm.Milliseconds()), begin(f.From)
	for range recent.Until(time.UnixMilli(f.first())) {
	}
	return recent, earlier
}

func (s *Server) demoFillPath() string { return filepath.Join(s.opts.DataDir, "demo-fill.json") }

// resumeDemo ends what a process before this one began to fill in.
func (s *Server) resumeDemo(ctx context.Context) error {
	text, err := vfs.ReadFile(s.files, s.demoFillPath(), 1<<10)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	} else if err != nil {
		return fmt.Errorf("read what the demo has to fill in: %w", err)
	}
	var fill demoFill
	if err := json.Unmarshal(text, &fill); err != nil || fill.To < fill.From || fill.To-fill.From > demoPast.Milliseconds() {
		return fmt.Errorf("%s is damaged: remove it, and the demo goes on from its newest event", s.demoFillPath())
	}
	stored, err := s.storedDemo(ctx, fill)
	if err != nil {
		return err
	}
	_, err = s.fillDemo(ctx, fill, stored)
	return err
}

// demoPart is one of the two parts of a past in one index.
type demoPart struct {
	index string
	first bool // of the two
}

// storedDemo counts the events of a past that the store has. Those of a part and an index were written in the order of time, so their
// number says which are left.
func (s *Server) storedDemo(ctx context.Context, fill demoFill) (map[demoPart]int64, error) {
	stored := map[demoPart]int64{}
	for _, first := range []bool{true, false} {
		from, to := fill.From, fill.first()
		if first {
			from, to = fill.first(), fill.To
		}
		infos, err := s.store.Indices(ctx, es.Target{Names: demoIndices, IgnoreUnavailable: true})
		if err != nil {
			return nil, err
		}
		for _, info := range infos {
			res, err := s.store.Search(ctx, &es.SearchRequest{Target: es.Target{Names: []string{info.Name}}, TrackTotal: es.TrackAll,
				Query: &query.Range{Field: "@timestamp", Format: "epoch_millis", Lower: &query.Bound{Value: jsonval.Int(from), Inclusive: true}, Upper: &query.Bound{Value: jsonval.Int(to)}}})
			if err != nil {
				return nil, err
			}
			stored[demoPart{info.Name, first}] = res.Hits.Total.Value
		}
	}
	return stored, nil
}

// fillDemo writes the past, its newest part first, and then the rest while the present goes on; stored is what the store has of it already.
// The workload it returns goes on from there. After the end of the context it returns its error.
func (s *Server) fillDemo(ctx context.Context, fill demoFill, stored map[demoPart]int64) (*demo.Workload, error) {
	text, err := json.Marshal(fill)
	if err != nil {
		return nil, err
	}
	if err := vfs.WriteFileAtomic(s.files, s.demoFillPath(), text); err != nil {
		return nil, err
	}
	began := time.Now()
	past := demoWriter{server: s, stored: stored, told: began}
	recent, earlier := fill.parts()
	if err := past.write(ctx, recent.Until(time.UnixMilli(fill.To)), true, func(time.Time) {}); err != nil {
		return nil, err
	}
	live := stored == nil // a past that another process began does not go on into the present
	err = past.write(ctx, earlier.Until(time.UnixMilli(fill.first())), false, func(at time.Time) {
		if live {
			s.writeDue(ctx, recent)
		}
		if time.Since(past.told) >= demoTold {
			past.told = time.Now()
			s.logger.Info("the demo fills in the day behind its last hour", "done", fmt.Sprintf("%d%%", 100*(at.UnixMilli()-fill.From)/(fill.first()-fill.From)))
		}
	})
	if err != nil {
		return nil, err
	}
	if took := time.Since(began); took >= demoTold {
		s.logger.Info("the demo has filled in its past", "events", past.written, "seconds", fmt.Sprintf("%.1f", took.Seconds()))
	}
	return recent, s.files.Remove(s.demoFillPath())
}

// demoWriter writes the parts of a past.
type demoWriter struct {
	server  *Server
	stored  map[demoPart]int64 // counted down
	written int
	told    time.Time // when something was last said
}

// write writes events but those that are stored, and calls after once a bulk is in, with the time of its last event.
func (w *demoWriter) write(ctx context.Context, events iter.Seq[demo.Event], first bool, after func(time.Time)) error {
	batch := make([]demo.Event, 0, demoBulk)
	flush := func() error {
		if len(batch) == 0 {
			return ctx.Err()
		}
		if err := w.server.writeDemo(ctx, batch); err != nil {
			return err
		}
		w.written += len(batch)
		after(batch[len(batch)-1].Time)
		batch = batch[:0]
		return ctx.Err()
	}
	for ev := range events {
		if part := (demoPart{ev.Index, first}); w.stored[part] > 0 {
			w.stored[part]--
			continue
		}
		if batch = append(batch, ev); len(batch) == demoBulk {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}
