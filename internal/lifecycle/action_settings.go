package lifecycle

import (
	"context"
	"fmt"
	"strconv"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
)

// setting is an action that gives an index's setting a value.
type setting struct{ name, value string }

// parseSetPriority reads {"priority": 100}; null resets it to the default, which is 1.
func parseSetPriority(settings *jsonval.Node) (action, error) {
	value := settings.Get("priority")
	switch {
	case value == nil || len(settings.Keys) != 1:
		return nil, fmt.Errorf("has the one member [priority]")
	case value.Kind == jsonval.Null:
		return setting{"index.priority", "1"}, nil
	}
	n, err := parseCount(value.Text)
	if err != nil {
		return nil, fmt.Errorf("[priority]: %w", err)
	}
	return setting{"index.priority", strconv.FormatInt(n, 10)}, nil
}

// parseReadonly takes no settings.
func parseReadonly(*jsonval.Node) (action, error) { return setting{"index.blocks.write", "true"}, nil }

func (s setting) run(ctx context.Context, r *Runner, ix *es.IndexInfo) (done bool, err error) {
	if ix.Settings[s.name] == s.value {
		return true, nil
	}
	object := jsonval.Begin(nil)
	object.String(s.name, s.value)
	change := &es.PutSettings{Target: es.Target{Names: []string{ix.Name}, NoWildcards: true, Closed: true, Hidden: true}, Settings: object.End()}
	if _, err := r.store.Apply(ctx, change); err != nil {
		return false, fmt.Errorf("set %s to %s: %w", s.name, s.value, err)
	}
	return true, nil
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
			if theirs, ok := s.act.(setting); ok && theirs.name == mine.name {
				return true
			}
		}
	}
	return false
}
