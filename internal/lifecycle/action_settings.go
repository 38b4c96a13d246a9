package lifecycle

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
)

// setting is an action that gives settings of an index values. notice, if any, is said once per index.
type setting struct {
	values map[string]string
	notice string
}

// parseSetPriority reads {"priority": 100}; null resets it to the default, which is 1.
func parseSetPriority(settings *jsonval.Node) (action, error) {
	value := settings.Get("priority")
	if value == nil || len(settings.Keys) != 1 {
		return nil, fmt.Errorf("has the one member [priority]")
	}
	priority := int64(1)
	if value.Kind != jsonval.Null {
		n, err := parseCount(value.Text)
		if err != nil {
			return nil, fmt.Errorf("[priority]: %w", err)
		}
		priority = n
	}
	return setting{values: map[string]string{"index.priority": strconv.FormatInt(priority, 10)}}, nil
}

// parseReadonly takes no settings.
func parseReadonly(*jsonval.Node) (action, error) {
	return setting{values: map[string]string{"index.blocks.write": "true"}}, nil
}

// parseAllocate reads replicas and attributes of nodes. They are kept as settings, for the day the index moves to a cluster: here
// is one node, so that there is nothing to wait for.
func parseAllocate(settings *jsonval.Node) (action, error) {
	a := setting{values: map[string]string{}}
	for i, key := range settings.Keys {
		v := &settings.Items[i]
		switch key {
		case "number_of_replicas", "total_shards_per_node":
			if _, err := parseCount(v.Text); err != nil && v.Text != "-1" {
				return nil, fmt.Errorf("[%s]: %w", key, err)
			}
			name := "index.number_of_replicas"
			if key == "total_shards_per_node" {
				name = "index.routing.allocation.total_shards_per_node"
			}
			a.values[name] = v.Text
		case "require", "include", "exclude":
			for j, attribute := range v.Keys {
				a.values["index.routing.allocation."+key+"."+attribute] = v.Items[j].Text
				a.notice = "[allocate] names attributes of nodes: the index stays where it is, for there is one node, and its phases go on"
			}
		default:
			return nil, fmt.Errorf("unknown member [%s]", key)
		}
	}
	if len(a.values) == 0 {
		return nil, fmt.Errorf("needs one of [number_of_replicas], [total_shards_per_node], [require], [include] and [exclude]")
	}
	return a, nil
}

func (s setting) run(ctx context.Context, r *Runner, ix *es.IndexInfo) (done bool, err error) {
	object := jsonval.Begin(nil)
	changes := false
	for _, name := range slices.Sorted(maps.Keys(s.values)) {
		if ix.Settings[name] != s.values[name] {
			object.String(name, s.values[name])
			changes = true
		}
	}
	if s.notice != "" && r.once("notice", ix.UUID, s.notice) {
		r.logger.Warn("lifecycle action does less here than in a cluster", "index", ix.Name, "notice", s.notice)
	}
	if !changes {
		return true, nil
	}
	if err := r.put(ctx, ix, object.End(), false); err != nil {
		return false, fmt.Errorf("set %s: %w", strings.Join(slices.Sorted(maps.Keys(s.values)), ", "), err)
	}
	return true, nil
}

// put changes settings of an index; fixed allows those that only the store itself may change.
func (r *Runner) put(ctx context.Context, ix *es.IndexInfo, settings []byte, fixed bool) error {
	change := &es.PutSettings{Target: es.Target{Names: []string{ix.Name}, NoWildcards: true, Closed: true, Hidden: true}, Settings: settings, Fixed: fixed}
	_, err := r.store.Apply(ctx, change)
	return err
}

// superseded says whether an action sets what a later phase, reached as well, sets again: otherwise
// every look would set the one and then the other.
func superseded(act action, later []phase) bool {
	mine, ok := act.(setting)
	if !ok {
		return false
	}
	for _, ph := range later {
		for _, s := range ph.actions {
			if theirs, ok := s.act.(setting); ok && covers(theirs.values, mine.values) {
				return true
			}
		}
	}
	return false
}

// covers says whether a has all names of b.
func covers(a, b map[string]string) bool {
	for name := range b {
		if _, ok := a[name]; !ok {
			return false
		}
	}
	return true
}
