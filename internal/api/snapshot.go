package api

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// createSnapshot answers PUT and POST /_snapshot/{repository}/{snapshot}.
func (s *Server) createSnapshot(c *call) (answer, error) {
	body, err := c.bodyObject(false)
	if err != nil {
		return answer{}, err
	}
	name, err := resolveName(c.path("snapshot"), c.now())
	if err != nil {
		return answer{}, err
	}
	change := &es.CreateSnapshot{Repository: c.path("repository"), Name: name, IncludeGlobalState: true, NoWait: !c.flag("wait_for_completion"), Target: es.Target{Closed: true, Hidden: true}}
	if body != nil {
		if err := c.snapshotOptions(body, change); err != nil {
			return answer{}, err
		}
	}
	info, err := apply[*es.SnapshotInfo](c, change)
	if err != nil {
		return answer{}, err
	}
	if change.NoWait {
		return ok([]byte(`{"accepted":true}`))
	}
	return ok(object(func(w *jsonval.Writer) { w.Raw("snapshot", c.snapshotJSON(info, true)) }))
}

var snapshotMembers = []string{"indices", "ignore_unavailable", "include_global_state", "metadata", "partial", "expand_wildcards", "feature_states", "allow_no_indices"}

func (c *call) snapshotOptions(body *jsonval.Node, change *es.CreateSnapshot) error {
	return members(body, "a snapshot", snapshotMembers, func(key string, n *jsonval.Node) (bool, error) {
		var err error
		switch key {
		case "indices":
			var names []string
			if names, err = nameList(n, key); err == nil {
				change.Target.Names, err = c.resolveNames(names)
			}
		case "ignore_unavailable":
			err = readBool(&change.Target.IgnoreUnavailable, key, n)
		case "include_global_state":
			err = readBool(&change.IncludeGlobalState, key, n)
		case "metadata":
			if n.Kind != jsonval.Object {
				return true, eserr.IllegalArgument("malformed metadata, should be an object")
			}
			change.Metadata = append([]byte(nil), n.Raw...)
		case "partial", "allow_no_indices": // a whole index is there or is not
		case "expand_wildcards":
			var values []string
			if values, err = nameList(n, key); err == nil {
				err = expandWildcards(&change.Target, values)
			}
		case "feature_states":
			err = noFeatureStates(n)
		default:
			return false, nil
		}
		return true, err
	})
}

// noFeatureStates refuses what asks for the state of features that are not there.
func noFeatureStates(n *jsonval.Node) error {
	names, err := nameList(n, "feature_states")
	if err != nil {
		return err
	}
	for _, name := range names {
		if name != "none" {
			return eserr.IllegalArgument("requested feature states [%s] are not there: this store has none", name)
		}
	}
	return nil
}

// nameList reads names: an array, or text with commas.
func nameList(n *jsonval.Node, key string) ([]string, error) {
	texts, err := stringList(n, key)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, text := range texts {
		names = append(names, splitList(text)...)
	}
	return names, nil
}

// getSnapshots answers GET /_snapshot/{repository}/{snapshot}.
func (s *Server) getSnapshots(c *call) (answer, error) {
	infos, err := s.snapshotsOf(c, c.pathList("repository"), c.pathList("snapshot"))
	if err != nil {
		return answer{}, err
	}
	if err := sortSnapshots(infos, c.text("sort"), c.text("order")); err != nil {
		return answer{}, err
	}
	total := len(infos)
	infos = infos[min(max(int(c.number("offset", 0)), 0), total):]
	remaining := 0
	if size := int(c.number("size", 0)); size > 0 && size < len(infos) {
		infos, remaining = infos[:size], len(infos)-size
	}
	verbose := c.flagOr("verbose", true)
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("snapshots", list(len(infos), func(dst []byte, i int) []byte { return append(dst, c.snapshotJSON(&infos[i], verbose)...) }))
		w.Int("total", int64(total))
		w.Int("remaining", int64(remaining))
	}))
}

// snapshotsOf are the snapshots of repositories; names that are missing in all of them fail.
func (s *Server) snapshotsOf(c *call, repositories, names []string) ([]es.SnapshotInfo, error) {
	objects, err := c.repositories(repositories)
	if err != nil {
		return nil, err
	}
	var infos []es.SnapshotInfo
	for _, o := range objects {
		some, err := apply[[]es.SnapshotInfo](c, &es.GetSnapshots{Repository: o.Name, Names: names, IgnoreMissing: c.flag("ignore_unavailable") || len(objects) > 1})
		if err != nil {
			return nil, err
		}
		infos = append(infos, some...)
	}
	return infos, nil
}

// snapshotOrders are the keys that snapshots are sorted by.
var snapshotOrders = map[string]func(a, b *es.SnapshotInfo) int{
	"start_time":  func(a, b *es.SnapshotInfo) int { return a.Start.Compare(b.Start) },
	"duration":    func(a, b *es.SnapshotInfo) int { return int(a.End.Sub(a.Start) - b.End.Sub(b.Start)) },
	"name":        func(a, b *es.SnapshotInfo) int { return strings.Compare(a.Name, b.Name) },
	"repository":  func(a, b *es.SnapshotInfo) int { return strings.Compare(a.Repository, b.Repository) },
	"index_count": func(a, b *es.SnapshotInfo) int { return len(a.Indices) - len(b.Indices) },
	"shard_count": func(a, b *es.SnapshotInfo) int { return len(a.Indices) - len(b.Indices) },
}

func sortSnapshots(infos []es.SnapshotInfo, key, order string) error {
	if key == "" {
		key = "start_time"
	}
	compare := snapshotOrders[key]
	if compare == nil {
		return eserr.IllegalArgument("unknown sort order [%s]", key)
	}
	slices.SortStableFunc(infos, func(a, b es.SnapshotInfo) int {
		if order == "desc" {
			return compare(&b, &a)
		}
		return compare(&a, &b)
	})
	return nil
}

// snapshotJSON describes a snapshot as the snapshot APIs do.
func (c *call) snapshotJSON(info *es.SnapshotInfo, verbose bool) []byte {
	var names []string
	for _, ix := range info.Indices {
		names = append(names, ix.Name)
	}
	return object(func(w *jsonval.Writer) {
		w.String("snapshot", info.Name)
		w.String("uuid", info.UUID)
		if c.flagOr("include_repository", true) {
			w.String("repository", info.Repository)
		}
		if c.flagOr("index_names", true) {
			w.Raw("indices", stringsJSON(names))
		}
		w.Raw("data_streams", stringsJSON(info.DataStreams))
		w.String("state", string(info.State))
		if !verbose {
			return
		}
		w.String("version", info.Version)
		w.Int("version_id", versionID(info.Version))
		w.Bool("include_global_state", info.IncludeGlobalState)
		if info.Metadata != nil {
			w.Raw("metadata", info.Metadata)
		}
		writeMoment(w, "start_time", info.Start)
		end := info.End
		if info.State == es.SnapshotInProgress {
			end = time.UnixMilli(0)
		}
		writeMoment(w, "end_time", end)
		w.Int("duration_in_millis", max(end.Sub(info.Start).Milliseconds(), 0))
		w.Raw("failures", []byte("[]"))
		w.Raw("shards", shardCounts(len(info.Indices), info.State))
		w.Raw("feature_states", []byte("[]"))
		if c.flag("index_details") {
			w.Raw("index_details", indexDetails(info))
		}
	})
}

func indexDetails(info *es.SnapshotInfo) []byte {
	return object(func(w *jsonval.Writer) {
		for _, ix := range info.Indices {
			w.Raw(ix.Name, object(func(w *jsonval.Writer) {
				w.Int("shard_count", 1)
				w.Int("size_in_bytes", ix.Bytes)
				w.Int("max_segments_per_shard", int64(ix.Segments))
			}))
		}
	})
}

func shardCounts(n int, state es.SnapshotState) []byte {
	done := n
	if state == es.SnapshotInProgress {
		done = 0
	}
	return object(func(w *jsonval.Writer) {
		w.Int("total", int64(n))
		w.Int("failed", 0)
		w.Int("successful", int64(done))
	})
}

func writeMoment(w *jsonval.Writer, name string, at time.Time) {
	w.String(name, at.UTC().Format("2006-01-02T15:04:05.000Z"))
	w.Int(name+"_in_millis", at.UnixMilli())
}

func stringsJSON(texts []string) []byte {
	return list(len(texts), func(dst []byte, i int) []byte { return jsonval.Str(texts[i]).Append(dst) })
}

// versionID is a version as Elasticsearch numbers it: 8.19.0 is 8190099.
func versionID(version string) int64 {
	var major, minor, patch int64
	if _, err := fmt.Sscanf(version, "%d.%d.%d", &major, &minor, &patch); err != nil {
		return 0
	}
	return major*1_000_000 + minor*10_000 + patch*100 + 99
}

// deleteSnapshots answers DELETE /_snapshot/{repository}/{snapshot}.
func (s *Server) deleteSnapshots(c *call) (answer, error) {
	if _, err := s.store.Apply(c.ctx(), &es.DeleteSnapshots{Repository: c.path("repository"), Names: c.pathList("snapshot")}); err != nil {
		return answer{}, err
	}
	return acknowledged()
}

// cloneSnapshot answers PUT /_snapshot/{repository}/{snapshot}/_clone/{target_snapshot}.
func (s *Server) cloneSnapshot(c *call) (answer, error) {
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	change := &es.CloneSnapshot{Repository: c.path("repository"), Name: c.path("snapshot"), NewName: c.path("target_snapshot")}
	if err := members(body, "a clone of a snapshot", []string{"indices"}, func(key string, n *jsonval.Node) (bool, error) {
		if key != "indices" {
			return false, nil
		}
		var err error
		change.Indices, err = nameList(n, key)
		return true, err
	}); err != nil {
		return answer{}, err
	}
	if len(change.Indices) == 0 {
		return answer{}, eserr.Validation("Validation Failed: 1: indices patterns are empty;")
	}
	if _, err := s.store.Apply(c.ctx(), change); err != nil {
		return answer{}, err
	}
	return acknowledged()
}
