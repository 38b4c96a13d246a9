package engine

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/query"
)

// slowThreshold is from when on a search, or a bulk's part for one index, is logged at a level.
type slowThreshold struct {
	level slog.Level
	limit time.Duration
}

// slowLevels are Elasticsearch's, as levels of this program's log.
var slowLevels = []struct {
	name  string
	level slog.Level
}{{"warn", slog.LevelWarn}, {"info", slog.LevelInfo}, {"debug", slog.LevelDebug}, {"trace", slog.LevelDebug}}

// readSlowLogs reads index.search.slowlog.threshold.query.* and index.indexing.slowlog.threshold.index.*. The former holds for a
// whole search, with the fetching of hits; those of fetch alone are taken and hold nothing.
func (s *indexSettings) readSlowLogs(r *settingsReader) {
	read := func(prefix string) []slowThreshold {
		var all []slowThreshold
		for _, l := range slowLevels {
			if limit := r.duration(prefix+l.name, -1); limit >= 0 {
				all = append(all, slowThreshold{l.level, limit})
			}
		}
		slices.SortStableFunc(all, func(a, b slowThreshold) int { return cmp.Compare(b.level, a.level) })
		return all
	}
	s.slowQueries = read("index.search.slowlog.threshold.query.")
	s.slowIndexing = read("index.indexing.slowlog.threshold.index.")
}

// slow returns the highest level whose threshold a time is past; ok is false when it is past none.
func slow(thresholds []slowThreshold, took time.Duration) (level slog.Level, ok bool) {
	for _, t := range thresholds {
		if took >= t.limit {
			return t.level, true
		}
	}
	return 0, false
}

// logSlowSearch logs a search that was slow for one of its indices.
func (e *Engine) logSlowSearch(ctx context.Context, state *pinned, req *es.SearchRequest, took time.Duration, total *es.Total) {
	for _, i := range state.indices {
		level, ok := slow(i.ix.settings.Load().slowQueries, took)
		if !ok {
			continue
		}
		source := []byte(`{"match_all":{}}`)
		if req.Query != nil {
			source = query.Append(nil, req.Query)
		}
		hits := int64(-1)
		if total != nil {
			hits = total.Value
		}
		e.logger.Log(ctx, level, "slow search", "index", i.ix.name, "took", took, "total_hits", hits, "query", string(source))
	}
}

// logSlowIndexing logs a bulk's part for an index that was slow.
func (g *opGroup) logSlowIndexing(took time.Duration) {
	if level, ok := slow(g.ix.settings.Load().slowIndexing, took); ok {
		g.ix.logger.Log(context.Background(), level, "slow indexing", "took", took, "operations", len(g.ops))
	}
}
