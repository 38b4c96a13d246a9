package lifecycle

import (
	"context"
	"errors"
	"fmt"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
)

type deleteAction struct{}

// parseDelete takes delete_searchable_snapshot, which means nothing as long as there are no snapshots.
func parseDelete(settings *jsonval.Node) (action, error) {
	for _, key := range settings.Keys {
		if key != "delete_searchable_snapshot" {
			return nil, fmt.Errorf("unknown member [%s]", key)
		}
	}
	return deleteAction{}, nil
}

func (deleteAction) run(ctx context.Context, r *Runner, ix *es.IndexInfo) (done bool, err error) {
	if alias, ok := writeAlias(ix); ok {
		return false, fmt.Errorf("not deleted: it is the write index of alias [%s]", alias)
	}
	target := es.Target{Names: []string{ix.Name}, NoWildcards: true, Closed: true, Hidden: true}
	if _, err := r.store.Apply(ctx, &es.DeleteIndices{Target: target}); err != nil {
		return false, fmt.Errorf("delete: %w", err)
	}
	r.logger.Info("index deleted at the end of its life", "index", ix.Name, "docs", ix.Stats.Docs, "disk_bytes", ix.Stats.DiskBytes)
	return true, nil
}

// waitForSnapshot keeps an index until a snapshot policy has saved it. There are no snapshots yet, so
// that it keeps the index: whoever asked for this does not want it gone unsaved.
type waitForSnapshot struct{}

func parseWaitForSnapshot(*jsonval.Node) (action, error) { return waitForSnapshot{}, nil }

func (waitForSnapshot) run(context.Context, *Runner, *es.IndexInfo) (done bool, err error) {
	return false, errors.New("not deleted: its policy waits for a snapshot [wait_for_snapshot], and this store takes none; take that action out to have it deleted")
}
