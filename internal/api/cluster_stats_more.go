package api

import (
	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
)

// writeRepositories prints what GET /_cluster/stats says of repositories and their snapshots. A repository that cannot be read has none.
func (c *call) writeRepositories(w *jsonval.Writer) error {
	objects, err := c.repositories(nil)
	if err != nil {
		return err
	}
	w.Raw("repositories", object(func(w *jsonval.Writer) {
		if len(objects) > 0 {
			w.Raw("fs", object(func(w *jsonval.Writer) {
				w.Int("count", int64(len(objects)))
				w.Int("read_write", int64(len(objects)))
			}))
		}
	}))
	w.Raw("snapshots", object(func(w *jsonval.Writer) {
		all := int64(0)
		repositories := object(func(w *jsonval.Writer) {
			for _, o := range objects {
				infos, err := apply[[]es.SnapshotInfo](c, &es.GetSnapshots{Repository: o.Name, Names: []string{"_all"}, IgnoreMissing: true})
				if err != nil {
					infos = nil
				}
				running := snapshotsRunning(infos)
				all += running
				w.Raw(o.Name, object(func(w *jsonval.Writer) {
					w.String("type", "fs")
					w.Raw("current_counts", object(func(w *jsonval.Writer) {
						w.Int("snapshots", running)
						zeros(w, "clones", "finalizations", "deletions", "snapshot_deletions", "active_deletions")
						w.Raw("shards", []byte(`{"total":0,"complete":0,"incomplete":0,"states":{}}`))
					}))
					oldest := int64(0)
					for i := range infos {
						if at := infos[i].Start.UnixMilli(); oldest == 0 || at < oldest {
							oldest = at
						}
					}
					w.Int("oldest_start_time_millis", oldest)
				}))
			}
		})
		w.Raw("current_counts", object(func(w *jsonval.Writer) {
			w.Int("snapshots", all)
			zeros(w, "shard_snapshots", "snapshot_deletions", "concurrent_operations", "cleanups")
		}))
		w.Raw("repositories", repositories)
	}))
	return nil
}

func snapshotsRunning(infos []es.SnapshotInfo) int64 {
	n := int64(0)
	for i := range infos {
		if infos[i].State == es.SnapshotInProgress {
			n++
		}
	}
	return n
}

// noRemoteSearches is what GET /_cluster/stats says of searches over remote clusters, of which there are none.
const noRemoteSearches = `{"_search":{"total":0,"success":0,"skipped":0,"took":{"max":0,"avg":0,"p90":0},"took_mrt_true":{"max":0,"avg":0,"p90":0},` +
	`"took_mrt_false":{"max":0,"avg":0,"p90":0},"remotes_per_search_max":0,"remotes_per_search_avg":0.0,"failure_reasons":{},"features":{},"clients":{},"clusters":{}}}`
