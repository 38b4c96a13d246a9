package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/jsonval"
)

// rolloverAction makes the next index of the alias that writes go to.
type rolloverAction struct{ conditions es.RolloverConditions }

// parseRollover reads the conditions. Besides those that it names, an index without documents is not
// rolled over, which would only make empty indices for ever; Elasticsearch does the same.
func parseRollover(settings *jsonval.Node) (action, error) {
	a := &rolloverAction{es.RolloverConditions{MinDocs: 1}}
	c := &a.conditions
	spans := map[string]*time.Duration{"max_age": &c.MaxAge, "min_age": &c.MinAge}
	counts := map[string]*int64{"max_docs": &c.MaxDocs, "max_primary_shard_docs": &c.MaxPrimaryShardDocs,
		"min_docs": &c.MinDocs, "min_primary_shard_docs": &c.MinPrimaryShardDocs}
	sizes := map[string]*int64{"max_size": &c.MaxSizeBytes, "max_primary_shard_size": &c.MaxPrimaryShardSizeBytes,
		"min_size": &c.MinSizeBytes, "min_primary_shard_size": &c.MinPrimaryShardSizeBytes}
	hasUpper := false
	for i, key := range settings.Keys {
		text := settings.Items[i].Text
		var err error
		switch {
		case spans[key] != nil:
			var millis int64
			millis, err = dates.ParseDuration(text)
			*spans[key] = time.Duration(millis) * time.Millisecond
		case counts[key] != nil:
			*counts[key], err = parseCount(text)
		case sizes[key] != nil:
			*sizes[key], err = parseSize(text)
		default:
			return nil, fmt.Errorf("unknown condition [%s]", key)
		}
		if err != nil {
			return nil, fmt.Errorf("[%s]: %w", key, err)
		}
		hasUpper = hasUpper || strings.HasPrefix(key, "max_")
	}
	if !hasUpper {
		return nil, errors.New("needs at least one of the conditions that begin with max_")
	}
	c.MinDocs = max(c.MinDocs, 1)
	return a, nil
}

func parseCount(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%q is not a count", text)
	}
	return n, nil
}

// sizeUnits are Elasticsearch's: powers of 1024, in any case of letters.
var sizeUnits = []struct {
	suffix string
	bytes  float64
}{{"pb", 1 << 50}, {"tb", 1 << 40}, {"gb", 1 << 30}, {"mb", 1 << 20}, {"kb", 1 << 10}, {"b", 1}}

func parseSize(text string) (int64, error) {
	lower := strings.ToLower(strings.TrimSpace(text))
	for _, u := range sizeUnits {
		if digits, ok := strings.CutSuffix(lower, u.suffix); ok {
			n, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
			if err != nil || !(n >= 0 && n*u.bytes < 1<<62) {
				break
			}
			return int64(n * u.bytes), nil
		}
	}
	return 0, fmt.Errorf("%q is not a size such as 50gb", text)
}

// run asks the store, which knows whether the conditions hold. Later steps of the phase wait until the
// index is no longer written to.
func (a *rolloverAction) run(ctx context.Context, r *Runner, ix *es.IndexInfo) (done bool, err error) {
	alias, ok := writeAlias(ix)
	if !ok {
		return true, nil // rolled over, or nobody's to roll over; clockStart tells the two apart
	}
	answer, err := r.store.Apply(ctx, &es.Rollover{Alias: alias, Conditions: a.conditions})
	if err != nil {
		return false, fmt.Errorf("roll over alias [%s]: %w", alias, err)
	}
	if res, ok := answer.(*es.RolloverResult); ok && res.RolledOver {
		r.logger.Info("index rolled over", "alias", alias, "index", res.OldIndex, "new_index", res.NewIndex)
	}
	return false, nil // later steps have their turn at the next look, when the index reads as rolled over
}
