package api

import (
	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
)

// snapshotStatus answers GET /_snapshot/_status and below.
func (s *Server) snapshotStatus(c *call) (answer, error) {
	repositories, names := c.pathList("repository"), c.pathList("snapshot")
	if len(names) == 0 {
		names = []string{"_current"} // without names: those that run
	}
	infos, err := s.snapshotsOf(c, repositories, names)
	if err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("snapshots", list(len(infos), func(dst []byte, i int) []byte { return append(dst, statusJSON(&infos[i])...) }))
	}))
}

func statusJSON(info *es.SnapshotInfo) []byte {
	end := info.End
	running := info.State == es.SnapshotInProgress
	if running {
		end = info.Start
	}
	return object(func(w *jsonval.Writer) {
		w.String("snapshot", info.Name)
		w.String("repository", info.Repository)
		w.String("uuid", info.UUID)
		w.String("state", string(info.State))
		w.Bool("include_global_state", info.IncludeGlobalState)
		done, stage := len(info.Indices), "DONE"
		if running {
			done, stage = 0, "STARTED"
		}
		w.Raw("shards_stats", shardsStats(len(info.Indices), done))
		w.Raw("stats", object(func(w *jsonval.Writer) {
			files, bytes, described := 0, int64(0), int64(0)
			for _, ix := range info.Indices {
				files, bytes, described = files+ix.Files, bytes+ix.Bytes, described+ix.DescriptionBytes
			}
			// What describes an index is written with each snapshot.
			w.Raw("incremental", fileCount(info.CopiedFiles+len(info.Indices), info.CopiedBytes+described))
			w.Raw("total", fileCount(files, bytes))
			w.Int("start_time_in_millis", info.Start.UnixMilli())
			w.Int("time_in_millis", end.Sub(info.Start).Milliseconds())
		}))
		w.Raw("indices", object(func(w *jsonval.Writer) {
			for _, ix := range info.Indices {
				w.Raw(ix.Name, object(func(w *jsonval.Writer) {
					w.Raw("shards_stats", shardsStats(1, min(done, 1)))
					stats := object(func(w *jsonval.Writer) {
						w.Raw("incremental", fileCount(ix.CopiedFiles+1, ix.CopiedBytes+ix.DescriptionBytes))
						w.Raw("total", fileCount(ix.Files, ix.Bytes))
						w.Int("start_time_in_millis", info.Start.UnixMilli())
						w.Int("time_in_millis", end.Sub(info.Start).Milliseconds())
					})
					w.Raw("stats", stats)
					w.Raw("shards", object(func(w *jsonval.Writer) {
						w.Raw("0", object(func(w *jsonval.Writer) {
							w.String("stage", stage)
							w.Raw("stats", stats)
						}))
					}))
				}))
			}
		}))
	})
}

func fileCount(files int, bytes int64) []byte {
	return object(func(w *jsonval.Writer) {
		w.Int("file_count", int64(files))
		w.Int("size_in_bytes", bytes)
	})
}

func shardsStats(total, done int) []byte {
	return object(func(w *jsonval.Writer) {
		w.Int("initializing", 0)
		w.Int("started", int64(total-done))
		w.Int("finalizing", 0)
		w.Int("done", int64(done))
		w.Int("failed", 0)
		w.Int("total", int64(total))
	})
}
