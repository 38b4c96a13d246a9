package api

import (
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
)

// catRepositories answers GET /_cat/repositories.
func (s *Server) catRepositories(c *call) (answer, error) {
	t := &catTable{columns: []catColumn{
		{name: "id", aliases: "id,repoId", help: "unique repository id"},
		{name: "type", aliases: "t,type", help: "repository type"},
	}}
	objects, err := c.repositories(nil)
	if err != nil {
		return answer{}, err
	}
	for _, o := range objects {
		n, err := jsonval.Parse(o.JSON)
		if err != nil {
			return answer{}, err
		}
		kind := ""
		if v := n.Get("type"); v != nil {
			kind = v.Text
		}
		t.rows = append(t.rows, []catCell{cell(o.Name), cell(kind)})
	}
	return c.cat(t)
}

// catSnapshots answers GET /_cat/snapshots and GET /_cat/snapshots/{repository}.
func (s *Server) catSnapshots(c *call) (answer, error) {
	t := &catTable{columns: []catColumn{
		{name: "id", aliases: "id,snapshot", help: "unique snapshot"},
		{name: "repository", aliases: "re,repo", help: "repository name"},
		{name: "status", aliases: "s,status", help: "snapshot name"},
		{name: "start_epoch", aliases: "ste,startEpoch", help: "start time in seconds since 1970-01-01 00:00:00"},
		{name: "start_time", aliases: "sti,startTime", help: "start time in HH:MM:SS"},
		{name: "end_epoch", aliases: "ete,endEpoch", help: "end time in seconds since 1970-01-01 00:00:00"},
		{name: "end_time", aliases: "eti,endTime", help: "end time in HH:MM:SS"},
		{name: "duration", aliases: "dur,duration", help: "duration"},
		{name: "indices", aliases: "i,indices", help: "number of indices"},
		{name: "successful_shards", aliases: "ss", help: "number of successful shards"},
		{name: "failed_shards", aliases: "fs", help: "number of failed shards"},
		{name: "total_shards", aliases: "ts", help: "number of total shards"},
		{name: "reason", aliases: "r,reason", help: "reason for failures", extra: true},
	}}
	infos, err := s.snapshotsOf(c, c.pathList("repository"), nil)
	if err != nil {
		return answer{}, err
	}
	for i := range infos {
		t.rows = append(t.rows, snapshotRow(&infos[i]))
	}
	return c.cat(t)
}

func snapshotRow(info *es.SnapshotInfo) []catCell {
	end, n := info.End, int64(len(info.Indices))
	done := n
	if info.State == es.SnapshotInProgress {
		end, done = time.UnixMilli(0), 0
	}
	clock := func(at time.Time) catCell { return cell(at.UTC().Format(time.TimeOnly)) }
	return []catCell{
		cell(info.Name), cell(info.Repository), cell(string(info.State)),
		cellInt(info.Start.Unix()), clock(info.Start), cellInt(end.Unix()), clock(end), cell(max(end.Sub(info.Start), 0).Round(time.Millisecond).String()),
		cellInt(n), cellInt(done), cellInt(0), cellInt(n), cell(""),
	}
}
