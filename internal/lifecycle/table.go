package lifecycle

import (
	"context"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
)

// action does one thing to an index whose phase has come. It is called at every look while the phase
// lasts and must find out by itself whether anything is left to do. done is false when the steps after
// it must wait.
type action interface {
	run(ctx context.Context, r *Runner, ix *es.IndexInfo) (done bool, err error)
}

// definition is an action by name.
type definition struct {
	name string
	// parse reads the action's settings; a nil action does nothing here, which is said once.
	parse func(settings *jsonval.Node) (action, error)
}

// actionTable lists the actions in the order in which a phase does them.
var actionTable = []definition{
	{"set_priority", parseSetPriority},
	{"unfollow", notHere}, // of replication between clusters
	{"rollover", parseRollover},
	{"readonly", parseReadonly},
	{"allocate", parseAllocate},
	{"migrate", notHere}, // one node, one place
	{"shrink", parseShrink},
	{"forcemerge", parseForceMerge},
	{"downsample", notHere}, // of time series, which there are none of
	{"searchable_snapshot", parseSearchableSnapshot},
	{"freeze", notHere}, // removed from Elasticsearch in version 8
	{"wait_for_snapshot", parseWaitForSnapshot},
	{"delete", parseDelete},
}

// stepName is the step of an action that waits or failed, as Elasticsearch names it.
func (s step) stepName() string {
	switch s.name {
	case "rollover":
		return "check-rollover-ready"
	case "wait_for_snapshot":
		return "wait-for-snapshot"
	}
	return s.name
}

// notHere is an action that is taken and does nothing.
func notHere(*jsonval.Node) (action, error) { return nil, nil }
