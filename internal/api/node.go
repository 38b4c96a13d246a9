package api

import (
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/wildcard"
)

// nodeIP is the node's address for tables; clients connect by publish_address.
const nodeIP = "127.0.0.1"

// buildHash stands where Elasticsearch has the commit of its build; clients only want forty digits.
const buildHash = "e1c4000000000000000000000000000000000000"

// Versions of index and transport formats, as numbers: what Elasticsearch 8.19 says of itself. Clients read them, nothing here
// depends on them.
const (
	minIndexVersion  = 7000099
	indexVersion     = 8536000
	transportVersion = 8841000
)

// nodeRoles are those of a single node.
var nodeRoles = []string{"data", "data_content", "data_hot", "ingest", "master"}

// nodeID is the node's id: the first 22 characters of the cluster's, as long as Elasticsearch's are.
func nodeID(info *es.Info) string {
	const length = 22
	id := strings.ReplaceAll(info.ClusterUUID, "-", "")
	if len(id) < length {
		id += strings.Repeat("0", length-len(id))
	}
	return id[:length]
}

// root answers GET and HEAD /.
func (s *Server) root(c *call) (answer, error) {
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		w.String("name", info.Name)
		w.String("cluster_name", info.ClusterName)
		w.String("cluster_uuid", info.ClusterUUID)
		w.Raw("version", object(func(w *jsonval.Writer) {
			w.String("number", s.versionFor(c.req.UserAgent()))
			w.String("build_flavor", "default")
			w.String("build_type", "tar")
			w.String("build_hash", buildHash)
			w.String("build_date", "2025-07-01T00:00:00.000000000Z")
			w.Bool("build_snapshot", false)
			w.String("lucene_version", luceneVersion)
			w.String("minimum_wire_compatibility_version", "7.17.0")
			w.String("minimum_index_compatibility_version", "7.0.0")
		}))
		w.String("tagline", "You Know, for Search")
	}))
}

// versionFor is the version that a client is told. Beats refuse a server that is older than they are,
// so a newer Beat is told its own version.
func (s *Server) versionFor(userAgent string) string {
	rest, isBeat := strings.CutPrefix(userAgent, "Elastic-")
	if !isBeat {
		return s.opts.Version
	}
	_, rest, _ = strings.Cut(rest, "/")
	version, _, _ := strings.Cut(rest, " ")
	if newer(version, s.opts.Version) {
		return version
	}
	return s.opts.Version
}

// newer compares versions of three numbers; what is not of that form is not newer.
func newer(a, b string) bool {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	if len(x) != 3 || len(y) != 3 {
		return false
	}
	for i := range x {
		m, errM := strconv.Atoi(x[i])
		n, errN := strconv.Atoi(y[i])
		if errM != nil || errN != nil {
			return false
		}
		if m != n {
			return m > n
		}
	}
	return false
}

// nodeMetrics are the parts of a node's description that can be asked for by name.
var nodeMetrics = []string{"http", "os", "process", "jvm", "settings", "plugins", "ingest", "transport", "thread_pool", "indices", "aggregations", "fs", "breaker", "script", "script_cache", "discovery", "adaptive_selection", "indexing_pressure"}

// nodeFilter reads which nodes and which parts a path names. metrics is nil for all parts.
func (c *call) nodeFilter(self string, info *es.Info) (included bool, parts []string, err error) {
	nodes, metric := c.path("node_id"), c.path("metric")
	if metric == "" && nodes != "" && !slices.Contains(splitList(nodes), "_all") {
		if names := splitList(nodes); !slices.ContainsFunc(names, func(n string) bool { return !slices.Contains(nodeMetrics, n) }) {
			nodes, metric = "", nodes
		}
	}
	if parts = splitList(metric); slices.Contains(parts, "_all") {
		parts = nil
	}
	for _, part := range parts {
		if !slices.Contains(nodeMetrics, part) {
			return false, nil, eserr.IllegalArgument("request [%s] contains unrecognized metric: [%s]%s", c.req.URL.Path, part, similar(part, nodeMetrics))
		}
	}
	included = nodes == ""
	for _, node := range splitList(nodes) {
		switch {
		case node == "_all" || node == "_local" || node == "_master" || strings.Contains(node, ":"):
			included = true
		case wildcard.Match(node, self) || wildcard.Match(node, info.Name) || node == nodeIP:
			included = true
		}
	}
	return included, parts, nil
}

// nodesInfo answers GET /_nodes and its longer forms.
func (s *Server) nodesInfo(c *call) (answer, error) {
	return s.nodes(c, func(w *jsonval.Writer, info *es.Info, wanted func(string) bool) error {
		w.String("name", info.Name)
		w.String("transport_address", c.publishAddress())
		w.String("host", nodeIP)
		w.String("ip", nodeIP)
		w.String("version", s.opts.Version)
		w.Int("transport_version", transportVersion)
		w.Int("index_version", indexVersion)
		w.Raw("component_versions", []byte("{}"))
		w.String("build_flavor", "default")
		w.String("build_type", "tar")
		w.String("build_hash", buildHash)
		w.Strings("roles", nodeRoles)
		w.Raw("attributes", []byte("{}"))
		if wanted("os") {
			w.Raw("os", osJSON())
		}
		if wanted("settings") {
			w.Raw("settings", c.nodeSettings(info))
		}
		if wanted("process") {
			w.Raw("process", object(func(w *jsonval.Writer) {
				w.Int("refresh_interval_in_millis", 1000)
				w.Int("id", processID)
				w.Bool("mlockall", false)
			}))
		}
		if wanted("thread_pool") {
			w.Raw("thread_pool", object(func(w *jsonval.Writer) {
				for _, name := range poolNames {
					w.Raw(name, object(func(w *jsonval.Writer) {
						w.String("type", "fixed")
						w.Int("size", int64(runtime.GOMAXPROCS(0)))
						w.Int("queue_size", -1)
					}))
				}
			}))
		}
		if wanted("transport") {
			w.Raw("transport", object(func(w *jsonval.Writer) {
				w.Strings("bound_address", []string{c.publishAddress()})
				w.String("publish_address", c.publishAddress())
				w.Raw("profiles", []byte("{}"))
			}))
		}
		if wanted("jvm") {
			w.Raw("jvm", object(func(w *jsonval.Writer) {
				w.Int("pid", processID)
				w.String("version", runtime.Version())
				w.String("vm_name", "Go")
				w.String("vm_vendor", "Go")
				w.String("vm_version", runtime.Version())
				w.Int("start_time_in_millis", s.started.UnixMilli())
				w.Bool("using_bundled_jdk", false)
				w.Raw("mem", object(func(w *jsonval.Writer) {
					zeros(w, "heap_init_in_bytes")
					w.Int("heap_max_in_bytes", readMemory().limit)
					zeros(w, "non_heap_init_in_bytes", "non_heap_max_in_bytes", "direct_max_in_bytes")
				}))
				w.Strings("gc_collectors", []string{"young", "old"}) // the names under which the statistics have Go's collector
				w.Strings("memory_pools", []string{"young", "survivor", "old"})
				w.Raw("input_arguments", []byte("[]"))
			}))
		}
		if wanted("http") {
			w.Raw("http", object(func(w *jsonval.Writer) {
				w.Strings("bound_address", []string{c.publishAddress()})
				w.String("publish_address", c.publishAddress())
				w.Int("max_content_length_in_bytes", s.opts.MaxBodyBytes)
			}))
		}
		if wanted("ingest") {
			if ingest, err := c.ingestInfo(); err == nil { // a store without pipelines has nothing to tell
				w.Raw("ingest", ingest)
			}
		}
		if wanted("plugins") {
			w.Raw("plugins", []byte("[]"))
			w.Raw("modules", []byte("[]"))
		}
		return nil
	})
}

// nodeSettings prints the node's settings. The types of HTTP and transport are Elasticsearch's only ones, which clients expect.
func (c *call) nodeSettings(info *es.Info) []byte {
	settings := map[string]string{"cluster.name": info.ClusterName, "discovery.type": "single-node", "http.publish_address": c.publishAddress(),
		"cluster.election.strategy": "default", "http.type.default": "netty4", "transport.type.default": "netty4"}
	if c.flag("flat_settings") {
		settings["node.name"] = info.Name
		return settingsJSON(settings, true)
	}
	nested := settingsJSON(settings, false)
	node := object(func(w *jsonval.Writer) {
		w.String("name", info.Name)
		w.Raw("attr", []byte("{}"))
	})
	return append(append(append(nested[:len(nested)-1], `,"node":`...), node...), '}')
}

// nodes prints a list of this one node.
func (s *Server) nodes(c *call, describe func(w *jsonval.Writer, info *es.Info, wanted func(string) bool) error) (answer, error) {
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	included, parts, err := c.nodeFilter(nodeID(&info), &info)
	if err != nil {
		return answer{}, err
	}
	count := []byte(`{"total":1,"successful":1,"failed":0}`)
	if !included {
		count = []byte(`{"total":0,"successful":0,"failed":0}`)
	}
	body := object(func(w *jsonval.Writer) {
		w.Raw("_nodes", count)
		w.String("cluster_name", info.ClusterName)
		w.Raw("nodes", object(func(w *jsonval.Writer) {
			if !included {
				return
			}
			w.Raw(nodeID(&info), object(func(w *jsonval.Writer) {
				err = describe(w, &info, func(part string) bool { return len(parts) == 0 || slices.Contains(parts, part) })
			}))
		}))
	})
	return answer{body: body}, err
}

// publishAddress is the host:port that clients reach this server under.
func (c *call) publishAddress() string {
	if c.opts.PublishAddress != "" {
		return c.opts.PublishAddress
	}
	if local, ok := c.req.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
		return local.String()
	}
	return c.req.Host
}

// memory is what the Go runtime uses and may use, in bytes.
type memory struct{ used, limit int64 }

func (m memory) percent() int64 {
	if m.limit == 0 {
		return 0
	}
	return 100 * m.used / m.limit
}

// readMemory reads the runtime's figures. Without a memory limit the memory obtained from the system
// stands for it.
func readMemory() memory {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/total:bytes"}}
	metrics.Read(samples)
	m := memory{used: int64(samples[0].Value.Uint64()), limit: int64(samples[1].Value.Uint64())}
	const none = 1 << 62
	if limit := debug.SetMemoryLimit(-1); limit < none {
		m.limit = limit
	}
	return m
}

func osJSON() []byte {
	return object(func(w *jsonval.Writer) {
		w.Int("refresh_interval_in_millis", 1000)
		w.String("name", osName())
		w.String("pretty_name", osName())
		w.String("arch", runtime.GOARCH)
		w.String("version", osVersion())
		w.Int("available_processors", int64(runtime.NumCPU()))
		w.Int("allocated_processors", int64(runtime.GOMAXPROCS(0)))
	})
}

// breakersJSON prints the limits on memory: the store's, and that of request bodies.
func (s *Server) breakersJSON(store []es.Breaker) []byte {
	bodies := es.Breaker{Name: "in_flight_requests", LimitBytes: s.bodies.limit, UsedBytes: s.bodies.used.Load(), Tripped: s.bodies.refused.Load()}
	return object(func(w *jsonval.Writer) {
		for _, b := range append([]es.Breaker{bodies}, store...) {
			w.Raw(b.Name, object(func(w *jsonval.Writer) {
				w.Int("limit_size_in_bytes", b.LimitBytes)
				w.String("limit_size", es.ByteSize(b.LimitBytes).String())
				w.Int("estimated_size_in_bytes", b.UsedBytes)
				w.String("estimated_size", es.ByteSize(b.UsedBytes).String())
				w.Raw("overhead", []byte("1.0"))
				w.Int("tripped", b.Tripped)
			}))
		}
	})
}
