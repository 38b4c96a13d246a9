package api

import (
	"runtime"
	"strconv"

	"elkhorn/internal/es"
)

// catNodes answers GET /_cat/nodes.
func (s *Server) catNodes(c *call) (answer, error) {
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
	t := &catTable{columns: append(nodeColumns(), extraColumns(false)...)}
	t.rows = [][]catCell{append(s.nodeRow(c, &info), extraCells(&sum, false)...)}
	return c.cat(t)
}

func nodeColumns() []catColumn {
	return []catColumn{
		{name: "id", aliases: "id,nodeId", help: "unique node id", extra: true},
		{name: "pid", aliases: "p", help: "process id", extra: true, right: true},
		{name: "ip", aliases: "i", help: "ip address"},
		{name: "port", aliases: "po", help: "bound transport port", extra: true, right: true},
		{name: "http_address", aliases: "http", help: "bound http address", extra: true},
		{name: "version", aliases: "v", help: "es version", extra: true},
		{name: "type", aliases: "t", help: "es distribution type", extra: true},
		{name: "flavor", aliases: "f", help: "es distribution flavor", extra: true},
		{name: "build", aliases: "b", help: "es build hash", extra: true},
		{name: "jdk", aliases: "j", help: "jdk version: Go's", extra: true},
		{name: "disk.total", aliases: "dt,diskTotal", help: "total disk space", extra: true, right: true},
		{name: "disk.used", aliases: "du,diskUsed", help: "used disk space", extra: true, right: true},
		{name: "disk.avail", aliases: "d,da,disk,diskAvail", help: "available disk space", extra: true, right: true},
		{name: "disk.used_percent", aliases: "dup,diskUsedPercent", help: "used disk space percentage", extra: true, right: true},
		{name: "heap.current", aliases: "hc,heapCurrent", help: "used heap", extra: true, right: true},
		{name: "heap.percent", aliases: "hp,heapPercent", help: "used heap ratio", right: true},
		{name: "heap.max", aliases: "hm,heapMax", help: "max configured heap", extra: true, right: true},
		{name: "ram.current", aliases: "rc,ramCurrent", help: "used machine memory", extra: true, right: true},
		{name: "ram.percent", aliases: "rp,ramPercent", help: "used machine memory ratio", right: true},
		{name: "ram.max", aliases: "rm,ramMax", help: "total machine memory", extra: true, right: true},
		{name: "file_desc.current", aliases: "fdc,fileDescriptorCurrent", help: "used file descriptors", extra: true, right: true},
		{name: "file_desc.percent", aliases: "fdp,fileDescriptorPercent", help: "used file descriptor ratio", extra: true, right: true},
		{name: "file_desc.max", aliases: "fdm,fileDescriptorMax", help: "max file descriptors", extra: true, right: true},
		{name: "cpu", help: "recent cpu usage", right: true},
		{name: "load_1m", aliases: "l", help: "1m load avg", right: true},
		{name: "load_5m", aliases: "l", help: "5m load avg", right: true},
		{name: "load_15m", aliases: "l", help: "15m load avg", right: true},
		{name: "available_processors", aliases: "ap", help: "number of available processors", extra: true, right: true},
		{name: "uptime", aliases: "u", help: "node uptime", extra: true, right: true},
		{name: "node.role", aliases: "r,role,nodeRole", help: "m:master eligible node, d:data node, i:ingest node, -:coordinating node only"},
		{name: "master", aliases: "m", help: "*:current master"},
		{name: "name", aliases: "n", help: "node name"},
	}
}

// nodeRow is the node's row, in the order of nodeColumns. What the system does not tell is empty.
func (s *Server) nodeRow(c *call, info *es.Info) []catCell {
	heap, m := readMemory(), readMachine()
	used, percent := info.Disk.TotalBytes-info.Disk.FreeBytes, cellNull()
	if info.Disk.TotalBytes > 0 {
		percent = cell(strconv.FormatFloat(100*float64(used)/float64(info.Disk.TotalBytes), 'f', 2, 64))
	}
	id := nodeID(info)
	if !c.flag("full_id") {
		id = id[:4]
	}
	known := func(ok bool, v catCell) catCell {
		if ok {
			return v
		}
		return cellNull()
	}
	load := func(i int) catCell { return known(m.loadKnown, cell(strconv.FormatFloat(m.load[i], 'f', 2, 64))) }
	_, port := hostAndPort(c.publishAddress())
	return []catCell{
		cell(id), cellInt(processID), cell(nodeIP), cell(port), cell(c.publishAddress()), cell(s.opts.Version), cell("tar"), cell("default"), cell(buildHash[:7]),
		cell(runtime.Version()), cellSize(info.Disk.TotalBytes), cellSize(used), cellSize(info.Disk.FreeBytes), percent,
		cellSize(heap.used), cellInt(heap.percent()), cellSize(heap.limit),
		known(m.memTotal > 0, cellSize(m.memTotal-m.memFree)), known(m.memTotal > 0, cellInt(m.memPercent())), known(m.memTotal > 0, cellSize(m.memTotal)),
		known(m.openFiles > 0, cellInt(m.openFiles)), known(m.maxFiles > 0, cellInt(100*m.openFiles/max(m.maxFiles, 1))), known(m.maxFiles > 0, cellInt(m.maxFiles)),
		known(m.memTotal > 0, cellInt(m.cpuPercent)), load(0), load(1), load(2), cellInt(int64(runtime.NumCPU())),
		cellSpan(s.now().Sub(s.started).Milliseconds()), cell(nodeRoleLetters), cell("*"), cell(info.Name),
	}
}
