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
	{"allocate", notHere}, // one node, one place
	{"migrate", notHere},  // the same, by tier
	{"shrink", notHere},   // an index is one physical shard
	{"forcemerge", parseForceMerge},
	{"downsample", notHere},
	{"searchable_snapshot", notHere},
	{"freeze", notHere}, // removed from Elasticsearch in version 8
	{"wait_for_snapshot", parseWaitForSnapshot},
	{"delete", parseDelete},
}

// notHere is an action that is taken and does nothing.
func notHere(*jsonval.Node) (action, error) { return nil, nil }
