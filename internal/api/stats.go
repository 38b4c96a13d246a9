package api

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// indexStats answers GET /_stats, /{index}/_stats and both with /{metric}.
func (s *Server) indexStats(c *call) (answer, error) {
	indices, err := c.indices(openIndices)
	if err != nil {
		return answer{}, err
	}
	wanted, err := c.indexMetrics("metric")
	if err != nil {
		return answer{}, err
	}
	node, err := s.taskNode(c)
	if err != nil {
		return answer{}, err
	}
	var sum es.IndexStats
	for i := range indices {
		c.chooseGroups(&indices[i].Stats)
		addStats(&sum, &indices[i].Stats)
	}
	both := func(w *jsonval.Writer, st *es.IndexStats) {
		part := object(func(w *jsonval.Writer) { c.writeStats(w, st, wanted) })
		w.Raw("primaries", part)
		w.Raw("total", part)
	}
	return ok(object(func(w *jsonval.Writer) {
		writeShardCount(w, len(indices))
		w.Raw("_all", object(func(w *jsonval.Writer) { both(w, &sum) }))
		if level := c.text("level"); level == "cluster" {
			return
		}
		w.Raw("indices", object(func(w *jsonval.Writer) {
			for i := range indices {
				w.Raw(indices[i].Name, object(func(w *jsonval.Writer) {
					w.String("uuid", indices[i].UUID)
					w.String("health", indices[i].Health.Status)
					w.String("status", "open")
					both(w, &indices[i].Stats)
					if c.text("level") == "shards" {
						w.Raw("shards", shardStats(c, &indices[i], wanted, node))
					}
				}))
			}
		}))
	}))
}

// indexMetrics reads which sections a variable of the path names; nil is all.
func (c *call) indexMetrics(variable string) ([]string, error) {
	wanted := c.pathList(variable)
	for _, metric := range wanted {
		if err := c.checkMetric(metric); err != nil {
			return nil, err
		}
	}
	if slices.Contains(wanted, "_all") {
		return nil, nil
	}
	return wanted, nil
}

func (c *call) checkMetric(metric string) error {
	known := []string{"_all", "suggest"}
	for _, section := range statsSections {
		known = append(known, section.metric)
	}
	if slices.Contains(known, metric) {
		return nil
	}
	return eserr.IllegalArgument("request [%s] contains unrecognized metric: [%s]%s", c.req.URL.Path, metric, similar(metric, known))
}

// shardStats prints the statistics of an index's one shard.
func shardStats(c *call, info *es.IndexInfo, wanted []string, node string) []byte {
	return object(func(w *jsonval.Writer) {
		w.Raw("0", list(1, func(dst []byte, _ int) []byte {
			shard := jsonval.Begin(dst)
			shard.Raw("routing", object(func(w *jsonval.Writer) {
				w.String("state", "STARTED")
				w.Bool("primary", true)
				w.String("node", node)
				w.Raw("relocating_node", []byte("null"))
			}))
			c.writeStats(&shard, &info.Stats, wanted)
			shard.Raw("commit", object(func(w *jsonval.Writer) {
				w.String("id", commitID(info))
				w.Int("generation", info.Stats.FlushTotal+1)
				w.Raw("user_data", []byte("{}"))
				w.Int("num_docs", info.Stats.Docs)
			}))
			shard.Raw("seq_no", object(func(w *jsonval.Writer) {
				w.Int("max_seq_no", info.Stats.MaxSeqNo)
				w.Int("local_checkpoint", info.Stats.MaxSeqNo)
				w.Int("global_checkpoint", info.Stats.MaxSeqNo)
			}))
			shard.Raw("retention_leases", []byte(`{"primary_term":1,"version":0,"leases":[]}`))
			shard.Raw("shard_path", object(func(w *jsonval.Writer) {
				w.String("state_path", "indices/"+info.UUID)
				w.String("data_path", "indices/"+info.UUID)
				w.Bool("is_custom_data_path", false)
			}))
			return shard.End()
		}))
	})
}

// commitID names the state that an index has on the disk: it changes whenever that does.
func commitID(info *es.IndexInfo) string {
	h := sha256.Sum256([]byte(info.UUID + "/" + strconv.FormatInt(info.Stats.Checkpoint, 10) + "/" + strconv.FormatInt(info.Stats.MergeTotal, 10)))
	return base64.StdEncoding.EncodeToString(h[:16])
}

// writeStats prints the wanted sections, all when none are named.
func (c *call) writeStats(w *jsonval.Writer, st *es.IndexStats, wanted []string) {
	for _, section := range statsSections {
		if len(wanted) == 0 || slices.Contains(wanted, section.metric) {
			w.Raw(section.name, object(func(w *jsonval.Writer) { section.print(w, st) }))
		}
	}
}
