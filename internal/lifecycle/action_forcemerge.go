package lifecycle

import (
	"context"
	"fmt"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
)

type forceMerge struct{ segments int }

// parseForceMerge reads {"max_num_segments": 1}; index_codec is taken with its one value.
func parseForceMerge(settings *jsonval.Node) (action, error) {
	a := forceMerge{}
	for i, key := range settings.Keys {
		value := &settings.Items[i]
		switch {
		case key == "max_num_segments":
			n, err := parseCount(value.Text)
			if err != nil || n < 1 || n > 1<<20 {
				return nil, fmt.Errorf("[max_num_segments]: %q is not a number of segments", value.Text)
			}
			a.segments = int(n)
		case key == "index_codec" && value.Text == "best_compression":
		default:
			return nil, fmt.Errorf("unknown member or value [%s: %s]", key, value.Text)
		}
	}
	if a.segments == 0 {
		return nil, fmt.Errorf("needs [max_num_segments]")
	}
	return a, nil
}

// run merges once in the life of the process: where the store's own limits leave more segments than
// asked for, asking again would only repeat the work.
func (a forceMerge) run(ctx context.Context, r *Runner, ix *es.IndexInfo) (done bool, err error) {
	if ix.Closed || ix.Stats.Segments <= a.segments || !r.once("merged", ix.UUID, "") {
		return true, nil
	}
	target := es.Target{Names: []string{ix.Name}, NoWildcards: true, Hidden: true}
	if _, err := r.store.Apply(ctx, &es.ForceMerge{Target: target, MaxSegments: a.segments}); err != nil {
		return false, fmt.Errorf("force merge: %w", err)
	}
	r.logger.Info("index merged", "index", ix.Name, "segments_before", ix.Stats.Segments, "segments_at_most", a.segments)
	return true, nil
}
