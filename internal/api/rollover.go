package api

import (
	"fmt"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// rollover answers POST /{alias}/_rollover[/{new_index}].
func (s *Server) rollover(c *call) (answer, error) {
	change := &es.Rollover{Alias: c.path("index"), DryRun: c.flag("dry_run"), Lazy: c.flag("lazy")}
	var err error
	if change.NewIndex, err = resolveName(c.path("new_index"), c.now()); err != nil {
		return answer{}, err
	}
	body, err := c.bodyObject(false)
	if err != nil {
		return answer{}, err
	}
	if change.Lazy && body != nil && body.Get("conditions") != nil {
		return answer{}, eserr.IllegalArgument("lazy rollover can be used only without any conditions")
	}
	if body != nil {
		if err := c.readRollover(change, body); err != nil {
			return answer{}, err
		}
	}
	res, err := apply[*es.RolloverResult](c, change)
	if err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Bool("acknowledged", res.RolledOver || change.Lazy)
		w.Bool("shards_acknowledged", res.RolledOver)
		w.String("old_index", res.OldIndex)
		w.String("new_index", res.NewIndex)
		w.Bool("rolled_over", res.RolledOver)
		w.Bool("dry_run", res.DryRun)
		w.Bool("lazy", change.Lazy)
		w.Raw("conditions", object(func(w *jsonval.Writer) {
			for _, text := range change.Conditions.Printed {
				w.Bool(text, res.Conditions[text])
			}
		}))
	}))
}

func (c *call) readRollover(change *es.Rollover, body *jsonval.Node) error {
	known := []string{"conditions", "settings", "mappings", "aliases"}
	return members(body, "rollover", known, func(key string, v *jsonval.Node) (bool, error) {
		switch key {
		case "conditions":
			return true, readConditions(&change.Conditions, v)
		case "settings":
			change.Settings = v.Raw
		case "mappings":
			change.Mappings = c.untyped(v).Raw
		case "aliases":
			change.Aliases = v.Raw
		default:
			return false, nil
		}
		return true, nil
	})
}

// readConditions reads the conditions of a rollover.
func readConditions(conditions *es.RolloverConditions, n *jsonval.Node) error {
	spans := map[string]*time.Duration{"max_age": &conditions.MaxAge, "min_age": &conditions.MinAge}
	counts := map[string]*int64{
		"max_docs": &conditions.MaxDocs, "max_primary_shard_docs": &conditions.MaxPrimaryShardDocs,
		"min_docs": &conditions.MinDocs, "min_primary_shard_docs": &conditions.MinPrimaryShardDocs,
	}
	sizes := map[string]*int64{
		"max_size": &conditions.MaxSizeBytes, "max_primary_shard_size": &conditions.MaxPrimaryShardSizeBytes,
		"min_size": &conditions.MinSizeBytes, "min_primary_shard_size": &conditions.MinPrimaryShardSizeBytes,
	}
	for i, key := range n.Keys {
		v := &n.Items[i]
		var err error
		switch {
		case spans[key] != nil:
			*spans[key], err = dates.ParseTimeValue(key, v.Text)
		case counts[key] != nil:
			count, ok := v.Scalar().Int64()
			if !ok {
				err = eserr.NumberFormat(v.Text)
			}
			*counts[key] = count
		case sizes[key] != nil:
			*sizes[key], err = parseBytes(key, v.Text)
		default:
			err = eserr.XContentParse("[%d:%d] [conditions] unknown field [%s]", v.Line, v.Col, key)
		}
		if err != nil {
			return err
		}
		conditions.Printed = append(conditions.Printed, fmt.Sprintf("[%s: %s]", key, v.Text))
	}
	return nil
}

// parseBytes reads a size such as 50gb.
func parseBytes(name, value string) (int64, error) {
	if size, ok := es.ParseByteSize(value); ok {
		return size, nil
	}
	return 0, eserr.ParseException("failed to parse setting [%s] with value [%s] as a size in bytes: unit is missing or unrecognized", name, value)
}
