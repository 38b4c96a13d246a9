package api

import (
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// allocation is the shard that a request asks about.
type allocation struct {
	index   string
	shard   int64
	primary bool
}

func readAllocation(body *jsonval.Node) (allocation, error) {
	ask := allocation{}
	if body == nil || len(body.Keys) == 0 {
		return ask, eserr.IllegalArgument("No shard was specified in the request which means the response should explain a randomly-chosen unassigned shard, but there are no unassigned shards in this cluster. To explain the allocation of an assigned shard you must specify the target shard in the request.")
	}
	err := members(body, "allocation explain", []string{"index", "shard", "primary", "current_node"}, func(key string, v *jsonval.Node) (bool, error) {
		switch key {
		case "index":
			ask.index = v.Text
		case "shard":
			n, ok := v.Scalar().Int64()
			if !ok || n < 0 {
				return true, eserr.NumberFormat(v.Text)
			}
			ask.shard = n
		case "primary":
			ask.primary = v.Text == "true"
		case "current_node":
		default:
			return false, nil
		}
		return true, nil
	})
	if err == nil && ask.index == "" {
		err = eserr.Validation("Validation Failed: 1: index must be specified;")
	}
	return ask, err
}

func noShard(ask allocation) error {
	return eserr.New(404, "shard_not_found_exception", "no such shard").With("index", ask.index)
}

// reroute answers POST /_cluster/reroute. There is nowhere to move a shard to: a request without commands changes nothing, and
// commands are refused by name.
func (s *Server) reroute(c *call) (answer, error) {
	body, err := c.bodyObject(false)
	if err != nil {
		return answer{}, err
	}
	if body != nil {
		err := members(body, "cluster reroute", []string{"commands"}, func(key string, v *jsonval.Node) (bool, error) {
			if key != "commands" {
				return false, nil
			}
			if len(v.Items) > 0 && len(v.Items[0].Keys) > 0 {
				return true, eserr.IllegalArgument("[%s] is not supported: there is one node, so no shard can be moved, allocated or cancelled", v.Items[0].Keys[0])
			}
			return true, nil
		})
		if err != nil {
			return answer{}, err
		}
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Bool("acknowledged", true)
		if c.flag("explain") {
			w.Raw("explanations", []byte("[]"))
		}
	}))
}

// healthReport answers GET /_health_report[/{feature}]: what is wrong, why, and what it means.
func (s *Server) healthReport(c *call) (answer, error) {
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	h, err := s.health(c, everyIndex)
	if err != nil {
		return answer{}, err
	}
	stuck, err := s.stuckIndices(c)
	if err != nil {
		return answer{}, err
	}
	all := []indicator{masterIndicator(), shardsIndicator(&info, h), diskIndicator(&info), lifecycleIndicator(stuck)}
	wanted := c.path("feature")
	if wanted != "" {
		var found []indicator
		for _, i := range all {
			if i.name == wanted {
				found = append(found, i)
			}
		}
		if len(found) == 0 {
			return answer{}, eserr.ResourceNotFound("Did not find indicator [%s]", wanted)
		}
		all = found
	}
	worst := "green"
	for _, i := range all {
		if severity[i.status] > severity[worst] {
			worst = i.status
		}
	}
	return ok(object(func(w *jsonval.Writer) {
		if wanted == "" {
			w.String("status", worst)
		}
		w.String("cluster_name", info.ClusterName)
		w.Raw("indicators", object(func(w *jsonval.Writer) {
			for i := range all {
				w.Raw(all[i].name, all[i].json(c.flagOr("verbose", true)))
			}
		}))
	}))
}

// indicator is one thing that may be wrong.
type indicator struct {
	name, status, symptom string
	details               func(w *jsonval.Writer)
	impact, cause, action string // of what is wrong; "" while nothing is
	help                  string // the page of the documentation, in the project's folder
	affected              []string
}

func (i *indicator) json(verbose bool) []byte {
	return object(func(w *jsonval.Writer) {
		w.String("status", i.status)
		w.String("symptom", i.symptom)
		if verbose && i.details != nil {
			w.Raw("details", object(i.details))
		}
		if i.status == "green" {
			return
		}
		w.Raw("impacts", list(1, func(dst []byte, _ int) []byte {
			return append(dst, object(func(w *jsonval.Writer) {
				w.String("id", "elkhorn:health:"+i.name)
				w.Int("severity", 1)
				w.String("description", i.impact)
				w.Raw("impact_areas", []byte(`["ingest","search"]`))
			})...)
		}))
		w.Raw("diagnosis", list(1, func(dst []byte, _ int) []byte {
			return append(dst, object(func(w *jsonval.Writer) {
				w.String("id", "elkhorn:health:"+i.name)
				w.String("cause", i.cause)
				w.String("action", i.action)
				w.String("help_url", i.help)
				w.Raw("affected_resources", object(func(w *jsonval.Writer) { w.Strings("indices", i.affected) }))
			})...)
		}))
	})
}

func masterIndicator() indicator {
	return indicator{name: "master_is_stable", status: "green", symptom: "The cluster has a stable master node"}
}

func shardsIndicator(info *es.Info, h *clusterHealth) indicator {
	i := indicator{name: "shards_availability", help: "docs/rest-api.md", status: "green", symptom: "This cluster has all shards available.", details: func(w *jsonval.Writer) {
		w.Int("started_primaries", int64(h.active))
		w.Int("unassigned_primaries", int64(h.unassigned))
		zeros(w, "creating_primaries", "initializing_primaries", "restarting_primaries", "started_replicas", "unassigned_replicas",
			"creating_replicas", "initializing_replicas", "restarting_replicas") // one node has no replicas and moves nothing
	}}
	if info.Health.Status == "red" {
		i.status, i.symptom = "red", "Some indices, or the log of writes, are not available."
		i.impact = "Searches leave out what is not available, and writes to it are refused."
		i.cause, i.action = info.Health.Reason, "Read the reason, mend the disk or the file that it names, and start again; an index that cannot be repaired can be deleted by its name."
	}
	return i
}

func diskIndicator(info *es.Info) indicator {
	i := indicator{name: "disk", help: "docs/lifecycle.md", status: "green", symptom: "The cluster has enough available disk space.", details: func(w *jsonval.Writer) {
		w.Int("total_in_bytes", info.Disk.TotalBytes)
		w.Int("free_in_bytes", info.Disk.FreeBytes)
		w.StringIf("watermark", info.Disk.Stage)
		over := func(stage string) int64 {
			if info.Disk.Stage == stage {
				return 1
			}
			return 0
		}
		w.Int("nodes_with_enough_disk_space", 1-over("flood_stage")-over("high"))
		w.Int("nodes_over_high_watermark", over("high"))
		w.Int("nodes_over_flood_stage_watermark", over("flood_stage"))
		zeros(w, "nodes_with_unknown_disk_status", "indices_with_readonly_block") // at the flood stage no index is marked: all writes are refused
	}}
	switch info.Disk.Stage {
	case "flood_stage":
		i.status, i.symptom = "red", "The disk is above the flood-stage watermark."
		i.impact = "Writes are refused with 429 until there is room."
	case "high":
		i.status, i.symptom = "yellow", "The disk is above the high watermark."
		i.impact = "Writes will be refused soon."
	default:
		return i
	}
	i.cause = "The disk that holds the data has " + es.ByteSize(info.Disk.FreeBytes).String() + " of " + es.ByteSize(info.Disk.TotalBytes).String() + " free."
	i.action = "Delete old indices or shorten their lifecycle policies, or give the data folder a larger disk."
	return i
}

func lifecycleIndicator(stuck []stuckIndex) indicator {
	i := indicator{name: "ilm", help: "docs/lifecycle.md", status: "green", symptom: "Index Lifecycle Management is running"}
	if len(stuck) == 0 {
		return i
	}
	i.status, i.symptom = "yellow", "The lifecycle of some indices stands still."
	i.impact = "These indices do not go on to their next phase, and are not deleted when their time has come."
	i.action = "GET the index's _ilm/explain, put right what it names, and POST _ilm/retry."
	for _, s := range stuck {
		i.affected = append(i.affected, s.index)
		i.cause += s.index + ": " + s.reason + ". "
	}
	return i
}

// remoteInfo answers GET /_remote/info: there are no remote clusters.
func (s *Server) remoteInfo(*call) (answer, error) { return ok([]byte("{}")) }

// reloadSecureSettings answers POST /_nodes[/{node_id}]/reload_secure_settings. There is no keystore, so that nothing has to be read
// again; a password for it is refused.
func (s *Server) reloadSecureSettings(c *call) (answer, error) {
	if err := c.emptyBody("_nodes/reload_secure_settings"); err != nil {
		return answer{}, err
	}
	return s.nodes(c, func(w *jsonval.Writer, info *es.Info, _ func(string) bool) error {
		w.String("name", info.Name)
		return nil
	})
}

// features answers GET /_features: what snapshots can hold besides indices.
func (s *Server) features(*call) (answer, error) { return ok([]byte(`{"features":[]}`)) }

// dangling answers GET /_dangling: the folders of deleted indices are removed at start, so that there are none.
func (s *Server) dangling(c *call) (answer, error) {
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("_nodes", []byte(`{"total":1,"successful":1,"failed":0}`))
		w.String("cluster_name", info.ClusterName)
		w.Raw("dangling_indices", []byte("[]"))
	}))
}
