package api

import (
	"encoding/base64"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// stateMetrics are the parts of the cluster's state that can be asked for by name.
var stateMetrics = []string{"version", "master_node", "blocks", "nodes", "metadata", "routing_table", "routing_nodes", "customs"}

// clusterState answers GET /_cluster/state[/{metric}[/{index}]]. There is no state that is passed between nodes: it is put
// together from what the store says of its indices, and its version counts their changes as far as they can be told.
func (s *Server) clusterState(c *call) (answer, error) {
	wanted, err := stateParts(c)
	if err != nil {
		return answer{}, err
	}
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	target, err := c.targetOf(c.pathList("index"), es.Target{Closed: true, Hidden: true, IgnoreUnavailable: true})
	if err != nil {
		return answer{}, err
	}
	indices, err := s.store.Indices(c.ctx(), target)
	if err != nil {
		return answer{}, err
	}
	st := &stateAnswer{call: c, info: &info, indices: indices, node: nodeID(&info)}
	if wanted("metadata") {
		if st.metadata, err = st.metadataJSON(); err != nil {
			return answer{}, err
		}
	}
	return ok(object(func(w *jsonval.Writer) {
		w.String("cluster_name", info.ClusterName)
		w.String("cluster_uuid", info.ClusterUUID)
		if wanted("version") {
			version, uuid := st.version()
			w.Int("version", version)
			w.String("state_uuid", uuid)
		}
		if wanted("master_node") {
			w.String("master_node", st.node)
		}
		if wanted("blocks") {
			w.Raw("blocks", st.blocks())
		}
		if wanted("nodes") {
			w.Raw("nodes", st.nodes())
		}
		if wanted("metadata") {
			w.Raw("metadata", st.metadata)
		}
		if wanted("routing_table") {
			w.Raw("routing_table", st.routingTable())
		}
		if wanted("routing_nodes") {
			w.Raw("routing_nodes", st.routingNodes())
		}
	}))
}

// stateParts reads which parts a path names.
func stateParts(c *call) (func(string) bool, error) {
	names := c.pathList("metric")
	for _, name := range names {
		if name != "_all" && !slices.Contains(stateMetrics, name) {
			return nil, eserr.IllegalArgument("request [%s] contains unrecognized metric: [%s]%s", c.req.URL.Path, name, similar(name, stateMetrics))
		}
	}
	all := len(names) == 0 || slices.Contains(names, "_all")
	return func(part string) bool { return all || slices.Contains(names, part) }, nil
}

// stateAnswer is what the parts of a state are printed from.
type stateAnswer struct {
	*call
	info     *es.Info
	indices  []es.IndexInfo
	node     string
	metadata []byte
}

// version is a number that differs when the indices do, and an id made of it.
func (st *stateAnswer) version() (int64, string) {
	h := fnv.New64a()
	version := int64(1)
	for i := range st.indices {
		info := &st.indices[i]
		version += 1 + int64(len(info.Aliases))
		for _, text := range []string{info.UUID, strconv.FormatBool(info.Closed), string(settingsJSON(info.Settings, true)), string(mappingJSON(info))} {
			h.Write([]byte(text)) // a hash takes everything
		}
	}
	return version, base64.RawURLEncoding.EncodeToString(h.Sum([]byte(st.info.ClusterUUID + "state---"))[:16])
}

// stateBlock is a block as the state prints it.
type stateBlock struct {
	id, setting, description string
	retryable                bool
	levels                   []string
}

var stateBlocks = []stateBlock{
	{"5", "index.blocks.read_only", "index read-only (api)", false, []string{"write", "metadata_write"}},
	{"7", "index.blocks.read", "index read (api)", false, []string{"read"}},
	{"8", "index.blocks.write", "index write (api)", false, []string{"write"}},
	{"9", "index.blocks.metadata", "index metadata (api)", false, []string{"metadata_read", "metadata_write"}},
	{"12", "index.blocks.read_only_allow_delete", "disk usage exceeded flood-stage watermark, index has read-only-allow-delete block", false, []string{"write", "metadata_write"}},
}

var closedBlock = stateBlock{"4", "", "index closed", false, []string{"read", "write"}}

func (st *stateAnswer) blocks() []byte {
	return object(func(w *jsonval.Writer) {
		byIndex := object(func(w *jsonval.Writer) {
			for i := range st.indices {
				if blocks := blocksOf(&st.indices[i]); len(blocks) > 0 {
					w.Raw(st.indices[i].Name, blocksJSON(blocks))
				}
			}
		})
		if len(byIndex) > len("{}") {
			w.Raw("indices", byIndex)
		}
	})
}

func blocksOf(info *es.IndexInfo) []stateBlock {
	var blocks []stateBlock
	if info.Closed {
		blocks = append(blocks, closedBlock)
	}
	for _, b := range stateBlocks {
		if info.Settings[b.setting] == "true" {
			blocks = append(blocks, b)
		}
	}
	return blocks
}

func blocksJSON(blocks []stateBlock) []byte {
	return object(func(w *jsonval.Writer) {
		for _, b := range blocks {
			w.Raw(b.id, object(func(w *jsonval.Writer) {
				w.String("description", b.description)
				w.Bool("retryable", b.retryable)
				w.Strings("levels", b.levels)
			}))
		}
	})
}

func (st *stateAnswer) nodes() []byte {
	return object(func(w *jsonval.Writer) {
		w.Raw(st.node, object(func(w *jsonval.Writer) {
			w.String("name", st.info.Name)
			w.String("ephemeral_id", st.node)
			w.String("transport_address", st.publishAddress())
			w.String("external_id", st.info.Name)
			w.Raw("attributes", []byte("{}"))
			w.Strings("roles", nodeRoles)
			w.String("version", st.opts.Version)
			w.Int("min_index_version", 7000099)
			w.Int("max_index_version", createdVersion)
		}))
	})
}

// createdVersion is index.version.created of a new index.
const createdVersion = 8536000

// metadataJSON prints templates, policies, streams and, per index, settings and mappings.
func (st *stateAnswer) metadataJSON() ([]byte, error) {
	parts := map[es.ObjectKind][]es.Object{}
	for _, kind := range []es.ObjectKind{es.KindLegacyTemplate, es.KindIndexTemplate, es.KindComponentTemplate, es.KindLifecyclePolicy} {
		objects, err := apply[[]es.Object](st.call, &es.GetObjects{Kind: kind})
		if err != nil {
			return nil, err
		}
		parts[kind] = objects
	}
	streams, err := st.streamsOf(es.Target{Hidden: true})
	if err != nil {
		return nil, err
	}
	named := func(objects []es.Object, print func(o *es.Object) []byte) []byte {
		return object(func(w *jsonval.Writer) {
			for i := range objects {
				w.Raw(objects[i].Name, print(&objects[i]))
			}
		})
	}
	flat := st.flag("flat_settings")
	return object(func(w *jsonval.Writer) {
		w.String("cluster_uuid", st.info.ClusterUUID)
		w.Bool("cluster_uuid_committed", true)
		w.Raw("cluster_coordination", object(func(w *jsonval.Writer) {
			w.Int("term", 1)
			w.Strings("last_committed_config", []string{st.node})
			w.Strings("last_accepted_config", []string{st.node})
			w.Raw("voting_config_exclusions", []byte("[]"))
		}))
		w.Raw("templates", named(parts[es.KindLegacyTemplate], func(o *es.Object) []byte { return templateJSON(o, flat, true) }))
		w.Raw("indices", object(func(w *jsonval.Writer) {
			for i := range st.indices {
				w.Raw(st.indices[i].Name, st.indexMetadata(&st.indices[i]))
			}
		}))
		template := func(o *es.Object) []byte { return templateJSON(o, flat, false) }
		w.Raw("index_template", object(func(w *jsonval.Writer) { w.Raw("index_template", named(parts[es.KindIndexTemplate], template)) }))
		w.Raw("component_template", object(func(w *jsonval.Writer) { w.Raw("component_template", named(parts[es.KindComponentTemplate], template)) }))
		w.Raw("data_stream", object(func(w *jsonval.Writer) {
			w.Raw("data_stream", object(func(w *jsonval.Writer) {
				for i := range streams {
					w.Raw(streams[i].Name, object(func(w *jsonval.Writer) { st.writeStream(w, &streams[i]) }))
				}
			}))
		}))
		w.Raw("index_lifecycle", object(func(w *jsonval.Writer) {
			w.Raw("policies", named(parts[es.KindLifecyclePolicy], func(o *es.Object) []byte {
				return object(func(w *jsonval.Writer) { w.Raw("policy", o.JSON) })
			}))
		}))
		w.Raw("index-graveyard", []byte(`{"tombstones":[]}`))
	}), nil
}

func (st *stateAnswer) indexMetadata(info *es.IndexInfo) []byte {
	state := "open"
	if info.Closed {
		state = "close"
	}
	return object(func(w *jsonval.Writer) {
		w.String("state", state)
		w.Raw("settings", settingsJSON(info.Settings, st.flag("flat_settings")))
		w.Raw("mappings", object(func(w *jsonval.Writer) {
			if m := mappingJSON(info); len(m) > len("{}") {
				w.Raw("_doc", m)
			}
		}))
		names := make([]string, len(info.Aliases))
		for i := range info.Aliases {
			names[i] = info.Aliases[i].Name
		}
		w.Strings("aliases", names)
		w.Raw("primary_terms", []byte(`{"0":1}`))
		w.Raw("in_sync_allocations", object(func(w *jsonval.Writer) { w.Strings("0", []string{info.UUID}) }))
		w.Raw("rollover_info", object(func(w *jsonval.Writer) {
			if info.RolledOver.IsZero() {
				return
			}
			w.Raw(rolloverTarget(info), object(func(w *jsonval.Writer) { w.Int("time", info.RolledOver.UnixMilli()) }))
		}))
		w.Bool("system", strings.HasPrefix(info.Name, ".kibana"))
		w.Raw("timestamp_range", []byte(`{"shards":[]}`))
	})
}

// rolloverTarget is the stream or alias by which an index was rolled over.
func rolloverTarget(info *es.IndexInfo) string {
	if info.DataStream != "" {
		return info.DataStream
	}
	for i := range info.Aliases {
		if info.Aliases[i].IsWriteIndex != nil {
			return info.Aliases[i].Name
		}
	}
	return info.Settings["index.lifecycle.rollover_alias"]
}

// shardRouting prints the one shard of an index.
func (st *stateAnswer) shardRouting(info *es.IndexInfo) []byte {
	return object(func(w *jsonval.Writer) {
		w.String("state", "STARTED")
		w.Bool("primary", true)
		w.String("node", st.node)
		w.Raw("relocating_node", []byte("null"))
		w.Int("shard", 0)
		w.String("index", info.Name)
		w.Raw("allocation_id", object(func(w *jsonval.Writer) { w.String("id", info.UUID) }))
	})
}

func (st *stateAnswer) routingTable() []byte {
	return object(func(w *jsonval.Writer) {
		w.Raw("indices", object(func(w *jsonval.Writer) {
			for i := range st.indices {
				w.Raw(st.indices[i].Name, object(func(w *jsonval.Writer) {
					w.Raw("shards", object(func(w *jsonval.Writer) {
						w.Raw("0", list(1, func(dst []byte, _ int) []byte { return append(dst, st.shardRouting(&st.indices[i])...) }))
					}))
				}))
			}
		}))
	})
}

func (st *stateAnswer) routingNodes() []byte {
	return object(func(w *jsonval.Writer) {
		w.Raw("unassigned", []byte("[]"))
		w.Raw("nodes", object(func(w *jsonval.Writer) {
			w.Raw(st.node, list(len(st.indices), func(dst []byte, i int) []byte { return append(dst, st.shardRouting(&st.indices[i])...) }))
		}))
	})
}
