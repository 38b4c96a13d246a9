package lifecycle

import (
	"context"
	"fmt"
	"strings"
	"time"

	"elkhorn/internal/es"
)

// keepByDefault deletes indices that follow no policy and are older than the default retention.
func (r *Runner) keepByDefault(ctx context.Context, indices []es.IndexInfo, streams []es.DataStream) error {
	settings, err := r.clusterSettings(ctx)
	if err != nil {
		return err
	}
	keep, ok := span(settings, SettingDefaultRetention)
	if !ok {
		return r.forgetDefault(ctx)
	}
	own := map[string]bool{} // streams with a lifecycle of their own
	for i := range streams {
		own[streams[i].Name] = streams[i].Lifecycle != nil
	}
	for i := range indices {
		ix := &indices[i]
		due, ok := DefaultEnd(ix, keep)
		if !ok || own[ix.DataStream] {
			continue
		}
		if err := r.keep(ctx, ix.UUID, &es.LifecycleState{Index: ix.Name, DeleteMillis: due.UnixMilli()}); err != nil {
			return err
		}
		if r.now().Before(due) {
			continue
		}
		if _, err := (deleteAction{}).run(ctx, r, ix); err != nil && ctx.Err() == nil {
			r.warnOnce("index", ix.Name, fmt.Errorf("default retention: %w", err))
		}
	}
	return nil
}

// forgetDefault forgets what the default retention was going to delete.
func (r *Runner) forgetDefault(ctx context.Context) error {
	for uuid, st := range r.states {
		if st.Policy != "" {
			continue
		}
		if err := r.forget(ctx, uuid); err != nil {
			return err
		}
	}
	return nil
}

// DefaultEnd is when an index that follows no policy is deleted by a default retention. ok is false for indices that it does not
// concern: those with a policy, those that begin with a point (but for those of data streams), and those that are written to
// through an alias or a data stream. The time counts from the newest of the index's making, its newest document and the end of the
// date in its name.
func DefaultEnd(ix *es.IndexInfo, keep time.Duration) (end time.Time, ok bool) {
	switch {
	case ix.Settings["index.lifecycle.name"] != "", ix.StreamWrite, strings.HasPrefix(ix.Name, ".") && ix.DataStream == "":
		return time.Time{}, false
	}
	for _, a := range ix.Aliases {
		if a.IsWriteIndex != nil && *a.IsWriteIndex {
			return time.Time{}, false
		}
	}
	newest := ix.Created
	if millis := ix.Stats.NewestTimestampMillis; millis > newest.UnixMilli() {
		newest = time.UnixMilli(millis)
	}
	if date, dated := endOfDate(ix.Name); dated && date.After(newest) {
		newest = date
	}
	return newest.Add(keep), true
}

// The rollover of a data stream with a lifecycle of its own: Elasticsearch's cluster.lifecycle.default.rollover.
const (
	streamMaxBytes = 50 << 30
	streamMaxDocs  = 200_000_000
)

// streamMaxAge is how long one index of a stream is written to: the shorter the retention, the sooner it ends, so that little more
// is kept than was asked for.
func streamMaxAge(keep time.Duration) time.Duration {
	const day = 24 * time.Hour
	switch {
	case keep == 0 || keep > 90*day:
		return 30 * day
	case keep > 14*day:
		return 7 * day
	case keep > day:
		return day
	}
	return time.Hour
}

// keepStreams carries out the lifecycles that data streams have themselves. A policy of an index goes before it.
func (r *Runner) keepStreams(ctx context.Context, indices []es.IndexInfo, streams []es.DataStream) {
	byName := map[string]*es.IndexInfo{}
	for i := range indices {
		byName[indices[i].Name] = &indices[i]
	}
	for i := range streams {
		d := &streams[i]
		if d.Lifecycle == nil {
			continue
		}
		lc, err := es.ParseStreamLifecycle(d.Lifecycle)
		if err == nil && lc.Enabled {
			err = r.keepStream(ctx, d, lc, byName)
		}
		if err != nil && ctx.Err() == nil {
			r.warnOnce("data_stream", d.Name, err)
		}
	}
}

func (r *Runner) keepStream(ctx context.Context, d *es.DataStream, lc *es.StreamLifecycle, byName map[string]*es.IndexInfo) error {
	for i := range d.Backing {
		ix := byName[d.Backing[i].Name]
		if ix == nil || ix.Settings["index.lifecycle.name"] != "" {
			continue
		}
		if ix.StreamWrite {
			change := &es.Rollover{Alias: d.Name, Conditions: es.RolloverConditions{MaxAge: streamMaxAge(lc.Retention),
				MaxPrimaryShardSizeBytes: streamMaxBytes, MaxPrimaryShardDocs: streamMaxDocs, MinDocs: 1}}
			answer, err := r.store.Apply(ctx, change)
			if err != nil {
				return fmt.Errorf("roll over: %w", err)
			}
			if res, ok := answer.(*es.RolloverResult); ok && res.RolledOver {
				r.logger.Info("data stream rolled over", "data_stream", d.Name, "index", res.OldIndex, "new_index", res.NewIndex)
			}
			continue
		}
		since := ix.RolledOver
		if since.IsZero() {
			since = ix.Created
		}
		if lc.Retention == 0 || r.now().Before(since.Add(lc.Retention)) {
			continue
		}
		if _, err := (deleteAction{}).run(ctx, r, ix); err != nil {
			return err
		}
	}
	return nil
}
