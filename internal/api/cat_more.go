package api

import (
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/wildcard"
)

const catTimeFormat = "2006-01-02T15:04:05.000Z"

// catAllocation answers GET /_cat/allocation[/{node_id}].
func (s *Server) catAllocation(c *call) (answer, error) {
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	indices, err := s.store.Indices(c.ctx(), everyIndex)
	if err != nil {
		return answer{}, err
	}
	var sum es.IndexStats
	for i := range indices {
		addStats(&sum, &indices[i].Stats)
	}
	used, percent := info.Disk.TotalBytes-info.Disk.FreeBytes, cellNull()
	if info.Disk.TotalBytes > 0 {
		percent = cellInt(100 * used / info.Disk.TotalBytes)
	}
	t := &catTable{columns: []catColumn{
		{name: "shards", aliases: "s", help: "number of shards on node", right: true},
		{name: "shards.undesired", help: "number of shards that are scheduled to be moved elsewhere in the cluster", right: true},
		{name: "write_load.forecast", aliases: "wlf,writeLoadForecast", help: "sum of index write load forecasts", right: true},
		{name: "disk.indices.forecast", aliases: "dif,diskIndicesForecast", help: "sum of shard size forecasts", right: true},
		{name: "disk.indices", aliases: "di,diskIndices", help: "disk used by ES indices", right: true},
		{name: "disk.used", aliases: "du,diskUsed", help: "disk used (total, not just ES)", right: true},
		{name: "disk.avail", aliases: "da,diskAvail", help: "disk available", right: true},
		{name: "disk.total", aliases: "dt,diskTotal", help: "total capacity of all volumes", right: true},
		{name: "disk.percent", aliases: "dp,diskPercent", help: "percent disk used", right: true},
		{name: "host", aliases: "h", help: "host of node"},
		{name: "ip", help: "ip of node"},
		{name: "node", aliases: "n", help: "name of node"},
		{name: "node.role", aliases: "r,role,nodeRole", help: "node roles"},
	}}
	if included, _, err := c.nodeFilter(nodeID(&info), &info); err != nil || !included {
		a, catErr := c.cat(t)
		if err == nil {
			err = catErr
		}
		return a, err
	}
	t.rows = [][]catCell{{
		cellInt(int64(len(indices))), cellInt(0), cell("0.0"), cellSize(sum.DiskBytes), cellSize(sum.DiskBytes), cellSize(used),
		cellSize(info.Disk.FreeBytes), cellSize(info.Disk.TotalBytes), percent, cell(nodeIP), cell(nodeIP), cell(info.Name), cell(nodeRoleLetters),
	}}
	return c.cat(t)
}

// nodeRoleLetters are the first letters of nodeRoles, as tables have them.
const nodeRoleLetters = "dhims"

// catMaster answers GET /_cat/master.
func (s *Server) catMaster(c *call) (answer, error) {
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	return c.cat(&catTable{
		columns: []catColumn{
			{name: "id", help: "node id"},
			{name: "host", aliases: "h", help: "host name"},
			{name: "ip", help: "ip address "},
			{name: "node", aliases: "n", help: "node name"},
		},
		rows: [][]catCell{{cell(nodeID(&info)), cell(nodeIP), cell(nodeIP), cell(info.Name)}},
	})
}

// catNodeattrs answers GET /_cat/nodeattrs: the node has no attributes.
func (s *Server) catNodeattrs(c *call) (answer, error) {
	return c.cat(&catTable{columns: []catColumn{
		{name: "node", help: "node name"},
		{name: "id", aliases: "id,nodeId", help: "unique node id", extra: true},
		{name: "pid", aliases: "p", help: "process id", extra: true, right: true},
		{name: "host", aliases: "h", help: "host name"},
		{name: "ip", aliases: "i", help: "ip address"},
		{name: "port", aliases: "po", help: "bound transport port", extra: true, right: true},
		{name: "attr", aliases: "attr.name", help: "attribute description"},
		{name: "value", aliases: "attr.value", help: "attribute value"},
	}})
}

// catPendingTasks answers GET /_cat/pending_tasks: changes are carried out at once.
func (s *Server) catPendingTasks(c *call) (answer, error) {
	return c.cat(&catTable{columns: []catColumn{
		{name: "insertOrder", aliases: "o", help: "task insertion order", right: true},
		{name: "timeInQueue", aliases: "t", help: "how long task has been in queue", right: true},
		{name: "priority", aliases: "p", help: "task priority"},
		{name: "source", aliases: "s", help: "task source"},
	}})
}

// catFielddata answers GET /_cat/fielddata[/{fields}]: columns are on disk, nothing is loaded for sorting.
func (s *Server) catFielddata(c *call) (answer, error) {
	return c.cat(&catTable{columns: []catColumn{
		{name: "id", help: "node id"},
		{name: "host", aliases: "h", help: "host name"},
		{name: "ip", help: "ip address"},
		{name: "node", aliases: "n", help: "node name"},
		{name: "field", aliases: "f", help: "field name"},
		{name: "size", aliases: "s", help: "field data usage", right: true},
	}})
}

// catComponentTemplates answers GET /_cat/component_templates[/{name}].
func (s *Server) catComponentTemplates(c *call) (answer, error) {
	components, err := apply[[]es.Object](c, &es.GetObjects{Kind: es.KindComponentTemplate, Names: c.pathList("name")})
	if err != nil {
		return answer{}, err
	}
	templates, err := apply[[]es.Object](c, &es.GetObjects{Kind: es.KindIndexTemplate})
	if err != nil {
		return answer{}, err
	}
	t := &catTable{columns: []catColumn{
		{name: "name", aliases: "n", help: "component template name"},
		{name: "version", aliases: "v", help: "version"},
		{name: "alias_count", aliases: "a", help: "number of aliases in the template", right: true},
		{name: "mapping_count", aliases: "m", help: "number of mappings in the template", right: true},
		{name: "settings_count", aliases: "s", help: "number of settings in the template", right: true},
		{name: "metadata_count", aliases: "me", help: "number of metadata in the template", right: true},
		{name: "included_in", aliases: "i", help: "included_in"},
	}}
	for i := range components {
		n, err := jsonval.Parse(components[i].JSON)
		if err != nil {
			return answer{}, err
		}
		row := []catCell{cell(components[i].Name), cell("")}
		if v := n.Get("version"); v != nil {
			row[1] = cell(v.Text)
		}
		body := n.Get("template")
		for _, part := range []string{"aliases", "mappings", "settings"} {
			row = append(row, cellInt(membersOf(body, part)))
		}
		row = append(row, cellInt(membersOf(n, "_meta")), cell("["+strings.Join(usersOf(components[i].Name, templates), ", ")+"]"))
		t.rows = append(t.rows, row)
	}
	return c.cat(t)
}

// membersOf counts the members of an object inside another.
func membersOf(n *jsonval.Node, name string) int64 {
	if n == nil || n.Get(name) == nil {
		return 0
	}
	return int64(len(n.Get(name).Keys))
}

// usersOf names the index templates that are composed of a component.
func usersOf(component string, templates []es.Object) []string {
	var users []string
	for i := range templates {
		n, err := jsonval.Parse(templates[i].JSON)
		if err != nil {
			continue // no store accepts such a template
		}
		if list := n.Get("composed_of"); list != nil && slices.ContainsFunc(list.Items, func(v jsonval.Node) bool { return v.Text == component }) {
			users = append(users, templates[i].Name)
		}
	}
	return users
}

// catRecovery answers GET /_cat/recovery[/{index}]: each index was made here, or opened from this node's disk.
func (s *Server) catRecovery(c *call) (answer, error) {
	indices, err := c.indices(everyIndex)
	if err != nil {
		return answer{}, err
	}
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	t := &catTable{columns: []catColumn{
		{name: "index", aliases: "i,idx", help: "index name"},
		{name: "shard", aliases: "s,sh", help: "shard name"},
		{name: "start_time", aliases: "start", help: "recovery start time", extra: true},
		{name: "start_time_millis", aliases: "start_millis", help: "recovery start time in epoch milliseconds", extra: true, right: true},
		{name: "stop_time", aliases: "stop", help: "recovery stop time", extra: true},
		{name: "stop_time_millis", aliases: "stop_millis", help: "recovery stop time in epoch milliseconds", extra: true, right: true},
		{name: "time", aliases: "t,ti", help: "recovery time", right: true},
		{name: "type", aliases: "ty", help: "recovery type"},
		{name: "stage", aliases: "st", help: "recovery stage"},
		{name: "source_host", aliases: "shost", help: "source host"},
		{name: "source_node", aliases: "snode", help: "source node name"},
		{name: "target_host", aliases: "thost", help: "target host"},
		{name: "target_node", aliases: "tnode", help: "target node name"},
		{name: "repository", aliases: "rep", help: "repository"},
		{name: "snapshot", aliases: "snap", help: "snapshot"},
		{name: "files", aliases: "f", help: "number of files to recover", right: true},
		{name: "files_recovered", aliases: "fr", help: "files recovered", right: true},
		{name: "files_percent", aliases: "fp", help: "percent of files recovered", right: true},
		{name: "files_total", aliases: "tf", help: "total number of files", right: true},
		{name: "bytes", aliases: "b", help: "number of bytes to recover", right: true},
		{name: "bytes_recovered", aliases: "br", help: "bytes recovered", right: true},
		{name: "bytes_percent", aliases: "bp", help: "percent of bytes recovered", right: true},
		{name: "bytes_total", aliases: "tb", help: "total number of bytes", right: true},
		{name: "translog_ops", aliases: "to", help: "number of translog ops to recover", right: true},
		{name: "translog_ops_recovered", aliases: "tor", help: "translog ops recovered", right: true},
		{name: "translog_ops_percent", aliases: "top", help: "percent of translog ops recovered", right: true},
	}}
	for i := range indices {
		r := s.recoveryOf(&indices[i])
		t.rows = append(t.rows, []catCell{
			cell(indices[i].Name), cell("0"), cell(r.start.Format(catTimeFormat)), cellInt(r.start.UnixMilli()), cell(r.stop.Format(catTimeFormat)), cellInt(r.stop.UnixMilli()),
			cellSpan(r.stop.Sub(r.start).Milliseconds()), cell(strings.ToLower(r.kind)), cell("done"),
			cell("n/a"), cell("n/a"), cell(nodeIP), cell(info.Name), cell(r.repository), cell(r.snapshot),
			cellInt(r.copied), cellInt(r.copied), cell("100.0%"), cellInt(r.files), cellInt(r.copiedBytes), cellInt(r.copiedBytes), cell("100.0%"), cellInt(r.bytes),
			cellInt(0), cellInt(0), cell("100.0%"),
		})
	}
	return c.cat(t)
}

// recovery is how an index came to be open in this process.
type recovery struct {
	kind                 string // EMPTY_STORE, EXISTING_STORE, SNAPSHOT or LOCAL_SHARDS
	repository, snapshot string // "n/a" for none
	start, stop          time.Time
	files, bytes         int64 // in all
	copied, copiedBytes  int64 // as far as they were not there already
}

func (s *Server) recoveryOf(info *es.IndexInfo) recovery {
	r := recovery{kind: "EXISTING_STORE", repository: "n/a", snapshot: "n/a", start: s.started.UTC(), files: int64(info.Stats.Segments), bytes: info.Stats.DiskBytes}
	switch made := info.Recovery; {
	case made != nil:
		r.kind, r.files, r.bytes, r.copied, r.copiedBytes = "LOCAL_SHARDS", int64(made.Files), made.Bytes, int64(made.Files), made.Bytes
		r.start, r.stop = made.Start.UTC(), made.End.UTC()
		if made.Snapshot != "" {
			r.kind, r.repository, r.snapshot = "SNAPSHOT", made.Repository, made.Snapshot
		}
		return r
	case !info.Closed && !info.Created.Before(s.started.Truncate(time.Millisecond)):
		r.kind, r.start, r.files, r.bytes = "EMPTY_STORE", info.Created.UTC(), 0, 0
	}
	r.stop = r.start
	return r
}

// catTasks answers GET /_cat/tasks.
func (s *Server) catTasks(c *call) (answer, error) {
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	t := &catTable{columns: []catColumn{
		{name: "id", aliases: "id", help: "id of the task with the node", extra: true},
		{name: "action", aliases: "ac", help: "task action"},
		{name: "task_id", aliases: "ti", help: "unique task id"},
		{name: "parent_task_id", aliases: "pti", help: "parent task id"},
		{name: "type", aliases: "ty", help: "task type"},
		{name: "start_time", aliases: "start", help: "start time in ms", right: true},
		{name: "timestamp", aliases: "ts,hms,hhmmss", help: "start time in HH:MM:SS"},
		{name: "running_time_ns", aliases: "time", help: "running time ns", extra: true, right: true},
		{name: "running_time", aliases: "time", help: "running time", right: true},
		{name: "node_id", aliases: "ni", help: "unique node id", extra: true},
		{name: "ip", aliases: "i", help: "ip address"},
		{name: "port", aliases: "po", help: "bound transport port", extra: true},
		{name: "node", aliases: "n", help: "node name"},
		{name: "version", aliases: "v", help: "es version", extra: true},
		{name: "x_opaque_id", aliases: "x", help: "X-Opaque-ID header", extra: true},
		{name: "description", aliases: "desc", help: "task action", extra: !c.flag("detailed")},
	}}
	t.rows = s.taskRows(c, &info)
	return c.cat(t)
}

// catThreadPool answers GET /_cat/thread_pool[/{name}]. There are no pools of threads; those named are the places where work
// waits and is refused here.
func (s *Server) catThreadPool(c *call) (answer, error) {
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	t := &catTable{columns: []catColumn{
		{name: "node_name", aliases: "nn", help: "node name"},
		{name: "node_id", aliases: "id", help: "persistent node id", extra: true},
		{name: "ephemeral_node_id", aliases: "eid", help: "ephemeral node id", extra: true},
		{name: "pid", aliases: "p", help: "process id", extra: true},
		{name: "host", aliases: "h", help: "host name", extra: true},
		{name: "ip", aliases: "i", help: "ip address", extra: true},
		{name: "port", aliases: "po", help: "bound transport port", extra: true},
		{name: "name", aliases: "n", help: "thread pool name"},
		{name: "type", aliases: "t", help: "thread pool type", extra: true},
		{name: "active", aliases: "a", help: "number of active threads", right: true},
		{name: "pool_size", aliases: "psz", help: "number of threads", extra: true, right: true},
		{name: "queue", aliases: "q", help: "number of tasks currently in queue", right: true},
		{name: "queue_size", aliases: "qs", help: "maximum number of tasks permitted in queue", extra: true, right: true},
		{name: "rejected", aliases: "r", help: "number of rejected tasks", right: true},
		{name: "largest", aliases: "l", help: "highest number of seen active threads", extra: true, right: true},
		{name: "completed", aliases: "c", help: "number of completed tasks", extra: true, right: true},
		{name: "core", aliases: "cr", help: "core number of threads in a scaling thread pool", extra: true, right: true},
		{name: "max", aliases: "mx", help: "maximum number of threads in a scaling thread pool", extra: true, right: true},
		{name: "size", aliases: "sz", help: "number of threads in a fixed thread pool", extra: true, right: true},
		{name: "keep_alive", aliases: "ka", help: "thread keep alive time", extra: true, right: true},
	}}
	host, port := hostAndPort(c.publishAddress())
	names := c.pathList("name")
	for _, p := range s.threadPools() {
		if len(names) > 0 && !slices.ContainsFunc(names, func(n string) bool { return wildcard.Match(n, p.name) }) {
			continue
		}
		threads := int64(runtime.GOMAXPROCS(0))
		t.rows = append(t.rows, []catCell{
			cell(info.Name), cell(nodeID(&info)), cell(nodeID(&info)), cellInt(processID), cell(host), cell(nodeIP), cell(port),
			cell(p.name), cell("fixed"), cellInt(p.active), cellInt(threads), cellInt(0), cellInt(-1), cellInt(p.rejected), cellInt(p.largest),
			cellInt(p.completed), cellNull(), cellNull(), cellInt(threads), cellNull(),
		})
	}
	return c.cat(t)
}

// hostAndPort splits an address; what is not of that form is a host.
func hostAndPort(address string) (host, port string) {
	if i := strings.LastIndexByte(address, ':'); i >= 0 {
		return address[:i], address[i+1:]
	}
	return address, ""
}

// catSegments answers GET /_cat/segments[/{index}].
func (s *Server) catSegments(c *call) (answer, error) {
	target, err := c.target(openIndices)
	if err != nil {
		return answer{}, err
	}
	all, err := apply[[]es.IndexSegments](c, &es.GetSegments{Target: target})
	if err != nil {
		return answer{}, err
	}
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	t := &catTable{columns: []catColumn{
		{name: "index", aliases: "i,idx", help: "index name"},
		{name: "shard", aliases: "s,sh", help: "shard name"},
		{name: "prirep", aliases: "p,pr,primaryOrReplica", help: "primary or replica"},
		{name: "ip", help: "ip of node where it lives"},
		{name: "id", help: "unique id of node where it lives", extra: true},
		{name: "segment", aliases: "seg", help: "segment name"},
		{name: "generation", aliases: "g,gen", help: "segment generation", right: true},
		{name: "docs.count", aliases: "dc,docsCount", help: "number of docs in segment", right: true},
		{name: "docs.deleted", aliases: "dd,docsDeleted", help: "number of deleted docs in segment", right: true},
		{name: "size", aliases: "si", help: "segment size in bytes", right: true},
		{name: "size.memory", aliases: "sm,sizeMemory", help: "segment memory in bytes", right: true},
		{name: "committed", aliases: "ic,isCommitted", help: "is segment committed"},
		{name: "searchable", aliases: "is,isSearchable", help: "is segment searched"},
		{name: "version", aliases: "v,ver", help: "version"},
		{name: "compound", aliases: "ico,isCompound", help: "is segment compound"},
	}}
	for i := range all {
		for _, seg := range all[i].Segments {
			t.rows = append(t.rows, []catCell{
				cell(all[i].Index), cell("0"), cell("p"), cell(nodeIP), cell(nodeID(&info)), cell(segmentLabel(seg.ID)), cellInt(int64(seg.ID)),
				cellInt(seg.Docs), cellInt(seg.Deleted), cellSize(seg.DiskBytes), cellInt(seg.MemoryBytes),
				cell(strconv.FormatBool(seg.OnDisk)), cell("true"), cell(luceneVersion), cell("true"),
			})
		}
	}
	return c.cat(t)
}

// segmentLabel names a segment as Lucene does: an underscore and its number in base 36.
func segmentLabel(id uint64) string { return fmt.Sprintf("_%s", strconv.FormatUint(id, 36)) }
