package api

import (
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

var restoreMembers = []string{
	"indices", "ignore_unavailable", "include_global_state", "include_aliases", "rename_pattern", "rename_replacement",
	"index_settings", "ignore_index_settings", "partial", "feature_states", "allow_no_indices", "expand_wildcards",
}

// restoreSnapshot answers POST /_snapshot/{repository}/{snapshot}/_restore. The copying is done when it answers, whatever
// wait_for_completion says.
func (s *Server) restoreSnapshot(c *call) (answer, error) {
	body, err := c.bodyObject(false)
	if err != nil {
		return answer{}, err
	}
	change := &es.RestoreSnapshot{Repository: c.path("repository"), Name: c.path("snapshot")}
	if body != nil {
		if err := restoreOptions(body, change); err != nil {
			return answer{}, err
		}
	}
	result, err := apply[*es.RestoreResult](c, change)
	if err != nil {
		return answer{}, err
	}
	for i := range result.Objects {
		if _, err := s.store.Apply(c.ctx(), &result.Objects[i]); err != nil {
			return answer{}, err
		}
	}
	if !c.flag("wait_for_completion") {
		return ok([]byte(`{"accepted":true}`))
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("snapshot", object(func(w *jsonval.Writer) {
			w.String("snapshot", change.Name)
			w.Raw("indices", stringsJSON(result.Indices))
			w.Raw("shards", shardCounts(len(result.Indices), es.SnapshotSuccess))
		}))
	}))
}

func restoreOptions(body *jsonval.Node, change *es.RestoreSnapshot) error {
	return members(body, "a restore", restoreMembers, func(key string, n *jsonval.Node) (bool, error) {
		var err error
		switch key {
		case "indices":
			change.Indices, err = nameList(n, key)
		case "ignore_unavailable":
			err = readBool(&change.IgnoreUnavailable, key, n)
		case "include_global_state":
			err = readBool(&change.IncludeGlobalState, key, n)
		case "include_aliases":
			aliases := true
			err = readBool(&aliases, key, n)
			change.NoAliases = !aliases
		case "rename_pattern":
			change.RenamePattern = n.Text
		case "rename_replacement":
			change.Rename = n.Text
		case "index_settings":
			if n.Kind != jsonval.Object {
				return true, eserr.IllegalArgument("malformed index_settings section")
			}
			change.Settings = append([]byte(nil), n.Raw...)
		case "ignore_index_settings":
			change.WithoutSettings, err = nameList(n, key)
		case "partial", "allow_no_indices", "expand_wildcards": // a whole index is there or is not
		case "feature_states":
			err = noFeatureStates(n)
		default:
			return false, nil
		}
		return true, err
	})
}
