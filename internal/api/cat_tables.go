package api

import (
	"slices"
	"strconv"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// catList answers GET /_cat: the endpoints of this kind.
func (s *Server) catList(*call) (answer, error) {
	var b strings.Builder
	b.WriteString("=^.^=\n")
	for _, r := range routeTable() {
		if strings.HasPrefix(r.path, "/_cat/") {
			b.WriteString(r.path + "\n")
		}
	}
	return answer{text: true, body: []byte(b.String())}, nil
}

// catIndices answers GET /_cat/indices[/{index}].
func (s *Server) catIndices(c *call) (answer, error) {
	indices, err := c.indices(openAndClosed)
	if err != nil {
		return answer{}, err
	}
	t := &catTable{columns: []catColumn{
		{name: "health", aliases: "h", help: "current health status"},
		{name: "status", aliases: "s", help: "open/close status"},
		{name: "index", aliases: "i,idx", help: "index name"},
		{name: "uuid", aliases: "id,uuid", help: "index uuid"},
		{name: "pri", aliases: "p,shards.primary,shardsPrimary", help: "number of primary shards", right: true},
		{name: "rep", aliases: "r,shards.replica,shardsReplica", help: "number of replica shards", right: true},
		{name: "docs.count", aliases: "dc,docsCount", help: "available docs", right: true},
		{name: "docs.deleted", aliases: "dd,docsDeleted", help: "deleted docs", right: true},
		{name: "creation.date", aliases: "cd", help: "index creation date (millisecond value)", extra: true, right: true},
		{name: "creation.date.string", aliases: "cds", help: "index creation date (as string)", extra: true, right: true},
		{name: "store.size", aliases: "ss,storeSize", help: "store size of primaries & replicas", right: true},
		{name: "pri.store.size", aliases: "", help: "store size of primaries", right: true},
		{name: "dataset.size", aliases: "", help: "total size of dataset", right: true},
	}}
	t.columns = append(t.columns, extraColumns(true)...)
	t.columns = append(t.columns, catColumn{name: "search.throttled", aliases: "sth", help: "indicates if the index is search throttled", extra: true})
	wanted := c.text("health")
	if _, known := severity[wanted]; wanted != "" && !known {
		return answer{}, eserr.IllegalArgument("unknown cluster health status [%s]", wanted)
	}
	for i := range indices {
		if wanted == "" || indices[i].Health.Status == wanted {
			t.rows = append(t.rows, indexRow(&indices[i]))
		}
	}
	if wanted == "" || wanted == "red" {
		if err := c.addUnopened(t); err != nil {
			return answer{}, err
		}
	}
	return c.cat(t)
}

// addUnopened adds rows for the indices that are there and did not open: of them only the name is known.
func (c *call) addUnopened(t *catTable) error {
	target, err := c.target(openAndClosed)
	if err != nil {
		return err
	}
	info, err := c.info(c)
	if err != nil {
		return err
	}
	for _, name := range info.Unopened {
		if !target.Covers(name) {
			continue
		}
		row := make([]catCell, len(t.columns))
		for i := range row {
			row[i] = cellNull()
		}
		row[0], row[1], row[2] = cell("red"), cell("open"), cell(name)
		t.rows = append(t.rows, row)
	}
	return nil
}

// indices describes the indices that a request is about.
func (c *call) indices(otherwise es.Target) ([]es.IndexInfo, error) {
	target, err := c.target(otherwise)
	if err != nil {
		return nil, err
	}
	return c.store.Indices(c.ctx(), target)
}

// indexRow is one row of catIndices; a closed index has no counts.
func indexRow(info *es.IndexInfo) []catCell {
	status := "open"
	count := func(n int64) catCell { return cellInt(n) }
	size := func(n int64) catCell { return cellSize(n) }
	if info.Closed {
		status = "close"
		count = func(int64) catCell { return cellNull() }
		size = count
	}
	st := &info.Stats
	row := []catCell{
		cell(info.Health.Status), cell(status), cell(info.Name), cell(info.UUID),
		cell(setting(info, "index.number_of_shards")), cell(setting(info, "index.number_of_replicas")),
		count(st.Docs), count(st.DeletedDocs),
		cellInt(info.Created.UnixMilli()), cell(info.Created.UTC().Format("2006-01-02T15:04:05.000Z")),
		size(st.DiskBytes), size(st.DiskBytes), size(st.DiskBytes),
	}
	if info.Closed {
		st = nil
	}
	return append(append(row, extraCells(st, true)...), cell("false"))
}

// setting is an index's setting or its default.
func setting(info *es.IndexInfo, name string) string {
	if value, set := info.Settings[name]; set {
		return value
	}
	return defaultSettings[name]
}

// catHealth answers GET /_cat/health.
func (s *Server) catHealth(c *call) (answer, error) {
	h, err := s.health(c, everyIndex)
	if err != nil {
		return answer{}, err
	}
	now := s.now().UTC()
	t := &catTable{columns: []catColumn{
		{name: "epoch", aliases: "t,time", help: "seconds since 1970-01-01 00:00:00", right: true, extra: c.given("ts") && !c.flag("ts")},
		{name: "timestamp", aliases: "ts,hms,hhmmss", help: "time in HH:MM:SS", extra: c.given("ts") && !c.flag("ts")},
		{name: "cluster", aliases: "cl", help: "cluster name"},
		{name: "status", aliases: "st", help: "health status"},
		{name: "node.total", aliases: "nt,nodeTotal", help: "total number of nodes", right: true},
		{name: "node.data", aliases: "nd,nodeData", help: "number of nodes that can store data", right: true},
		{name: "shards", aliases: "t,sh,shards.total,shardsTotal", help: "total number of shards", right: true},
		{name: "pri", aliases: "p,shards.primary,shardsPrimary", help: "number of primary shards", right: true},
		{name: "relo", aliases: "r,shards.relocating,shardsRelocating", help: "number of relocating nodes", right: true},
		{name: "init", aliases: "i,shards.initializing,shardsInitializing", help: "number of initializing nodes", right: true},
		{name: "unassign", aliases: "u,shards.unassigned,shardsUnassigned", help: "number of unassigned shards", right: true},
		{name: "unassign.pri", aliases: "up,shards.unassigned.primary,shardsUnassignedPrimary", help: "number of unassigned primary shards", right: true},
		{name: "pending_tasks", aliases: "pt,pendingTasks", help: "number of pending tasks", right: true},
		{name: "max_task_wait_time", aliases: "mtwt,maxTaskWaitTime", help: "wait time of longest task pending", right: true},
		{name: "active_shards_percent", aliases: "asp,activeShardsPercent", help: "active number of shards in percent", right: true},
	}}
	active := int64(h.active)
	t.rows = [][]catCell{{
		cellInt(now.Unix()), cell(now.Format("15:04:05")), cell(h.cluster), cell(h.status),
		cellInt(1), cellInt(1), cellInt(active), cellInt(active), cellInt(0), cellInt(0),
		cellInt(int64(h.unassigned)), cellInt(int64(h.unassigned)), cellInt(0), cell("-"),
		cell(strconv.FormatFloat(h.percent(), 'f', 1, 64) + "%"),
	}}
	return c.cat(t)
}

// catCount answers GET /_cat/count[/{index}].
func (s *Server) catCount(c *call) (answer, error) {
	if err := c.emptyBody("_cat/count"); err != nil {
		return answer{}, err
	}
	target, err := c.target(openIndices)
	if err != nil {
		return answer{}, err
	}
	res, err := s.store.Search(c.ctx(), &es.SearchRequest{Target: target, TrackTotal: es.TrackAll})
	if err != nil {
		return answer{}, err
	}
	count := int64(0)
	if res.Hits.Total != nil {
		count = res.Hits.Total.Value
	}
	now := s.now().UTC()
	return c.cat(&catTable{
		columns: []catColumn{
			{name: "epoch", aliases: "t,time", help: "seconds since 1970-01-01 00:00:00"},
			{name: "timestamp", aliases: "ts,hms,hhmmss", help: "time in HH:MM:SS"},
			{name: "count", aliases: "dc,docs.count,docsCount", help: "the document count"},
		},
		rows: [][]catCell{{cellInt(now.Unix()), cell(now.Format("15:04:05")), cellInt(count)}},
	})
}

// catAliases answers GET /_cat/aliases[/{name}].
func (s *Server) catAliases(c *call) (answer, error) {
	indices, err := c.indices(everyIndex)
	if err != nil {
		return answer{}, err
	}
	streams, err := c.streamsOf(everyIndex)
	if err != nil {
		return answer{}, err
	}
	indices = withStreams(indices, streams)
	names := c.pathList("name")
	t := &catTable{columns: []catColumn{
		{name: "alias", aliases: "a", help: "alias name"},
		{name: "index", aliases: "i,idx", help: "index alias points to"},
		{name: "filter", aliases: "f,fi", help: "filter"},
		{name: "routing.index", aliases: "ri,routingIndex", help: "index routing"},
		{name: "routing.search", aliases: "rs,routingSearch", help: "search routing"},
		{name: "is_write_index", aliases: "w,isWriteIndex", help: "write index"},
	}}
	for i := range indices {
		for _, a := range indices[i].Aliases {
			if matchesAlias(names, a.Name) {
				t.rows = append(t.rows, aliasRow(indices[i].Name, &a))
			}
		}
	}
	return c.cat(t)
}

func aliasRow(index string, a *es.Alias) []catCell {
	dash := func(text string) catCell {
		if text == "" {
			return cell("-")
		}
		return cell(text)
	}
	filter, write := "", ""
	if a.Filter != nil {
		filter = "*"
	}
	if a.IsWriteIndex != nil {
		write = strconv.FormatBool(*a.IsWriteIndex)
	}
	return []catCell{cell(a.Name), cell(index), dash(filter), dash(a.IndexRouting), dash(a.SearchRouting), dash(write)}
}

// catShards answers GET /_cat/shards[/{index}]: every index is one shard on this node.
func (s *Server) catShards(c *call) (answer, error) {
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
		{name: "prirep", aliases: "p,pr,primaryOrReplica", help: "primary or replica"},
		{name: "state", aliases: "st", help: "shard state"},
		{name: "docs", aliases: "d,dc", help: "number of docs in shard", right: true},
		{name: "store", aliases: "sto", help: "store size of shard (how much disk it uses)", right: true},
		{name: "dataset", aliases: "", help: "total size of dataset", right: true},
		{name: "ip", aliases: "", help: "ip of node where it lives"},
		{name: "id", help: "unique id of node where it lives", extra: true},
		{name: "node", aliases: "n", help: "name of node where it lives"},
		{name: "sync_id", aliases: "sync_id", help: "sync id", extra: true},
		{name: "unassigned.reason", aliases: "ur", help: "reason shard became unassigned", extra: true},
		{name: "unassigned.at", aliases: "ua", help: "time shard became unassigned (UTC)", extra: true},
		{name: "unassigned.for", aliases: "uf", help: "time has been unassigned", extra: true, right: true},
		{name: "unassigned.details", aliases: "ud", help: "additional details as to why the shard became unassigned", extra: true},
		{name: "recoverysource.type", aliases: "rs", help: "recovery source type", extra: true},
		{name: "seq_no.max", aliases: "sqm,maxSeqNo", help: "max sequence number", extra: true, right: true},
		{name: "seq_no.local_checkpoint", aliases: "sql,localCheckpoint", help: "local checkpoint", extra: true, right: true},
		{name: "seq_no.global_checkpoint", aliases: "sqg,globalCheckpoint", help: "global checkpoint", extra: true, right: true},
		{name: "path.data", aliases: "pd,dataPath", help: "shard data path", extra: true, right: true},
		{name: "path.state", aliases: "ps,statsPath", help: "shard state path", extra: true, right: true},
	}}
	t.columns = append(t.columns, extraColumns(false)...)
	for i := range indices {
		st, none := &indices[i].Stats, cellNull()
		row := []catCell{
			cell(indices[i].Name), cell("0"), cell("p"), cell("STARTED"),
			cellInt(st.Docs), cellSize(st.DiskBytes), cellSize(st.DiskBytes), cell(nodeIP), cell(nodeID(&info)), cell(info.Name),
			none, none, none, none, none, none, cellInt(st.MaxSeqNo), cellInt(st.MaxSeqNo), cellInt(st.MaxSeqNo),
			cell("indices/" + indices[i].UUID), cell("indices/" + indices[i].UUID),
		}
		t.rows = append(t.rows, append(row, extraCells(st, false)...))
	}
	return c.cat(t)
}

// catPlugins answers GET /_cat/plugins: everything is built in.
func (s *Server) catPlugins(c *call) (answer, error) {
	return c.cat(&catTable{columns: []catColumn{
		{name: "id", aliases: "", help: "unique node id", extra: true},
		{name: "name", aliases: "n", help: "node name"},
		{name: "component", aliases: "c", help: "component"},
		{name: "version", aliases: "v", help: "component version"},
		{name: "description", aliases: "d", help: "plugin details", extra: true},
	}})
}

// catTemplates answers GET /_cat/templates[/{name}].
func (s *Server) catTemplates(c *call) (answer, error) {
	t := &catTable{columns: []catColumn{
		{name: "name", aliases: "n", help: "template name"},
		{name: "index_patterns", aliases: "t", help: "template index patterns"},
		{name: "order", aliases: "o,p", help: "template application order/priority number"},
		{name: "version", aliases: "v", help: "version"},
		{name: "composed_of", aliases: "c", help: "component templates comprising index template"},
	}}
	for _, kind := range []es.ObjectKind{es.KindLegacyTemplate, es.KindIndexTemplate} {
		objects, err := apply[[]es.Object](c, &es.GetObjects{Kind: kind, Names: c.pathList("name")})
		if err != nil {
			return answer{}, err
		}
		for i := range objects {
			row, err := templateRow(&objects[i], kind)
			if err != nil {
				return answer{}, err
			}
			t.rows = append(t.rows, row)
		}
	}
	slices.SortFunc(t.rows, func(a, b []catCell) int { return strings.Compare(a[0].text, b[0].text) })
	return c.cat(t)
}

func templateRow(o *es.Object, kind es.ObjectKind) ([]catCell, error) {
	n, err := jsonval.Parse(o.JSON)
	if err != nil {
		return nil, err
	}
	plain := func(key, otherwise string) string {
		if v := n.Get(key); v != nil && v.IsScalar() {
			return v.Text
		}
		return otherwise
	}
	joined := func(key string) string {
		v := n.Get(key)
		if v == nil {
			return "[]"
		}
		if v.IsScalar() {
			return "[" + v.Text + "]"
		}
		texts := make([]string, len(v.Items))
		for i := range v.Items {
			texts[i] = v.Items[i].Text
		}
		return "[" + strings.Join(texts, ", ") + "]"
	}
	order, composed := plain("order", "0"), ""
	if kind == es.KindIndexTemplate {
		order, composed = plain("priority", ""), joined("composed_of")
	}
	return []catCell{cell(o.Name), cell(joined("index_patterns")), cell(order), cell(plain("version", "")), cell(composed)}, nil
}
