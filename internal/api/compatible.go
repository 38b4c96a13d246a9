package api

import (
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/jsonval"
)

// asVersion7 writes a search that was sent for version 7 (compatible-with=7) in terms of version 8, in place: the interval of a date_histogram,
// which Elasticsearch 8 knows no more under that name, is a calendar interval where it names one unit, and a fixed one otherwise. It
// returns what to warn of.
func asVersion7(body *jsonval.Node) []string {
	old := false
	for i, key := range body.Keys {
		if key == "aggs" || key == "aggregations" {
			renameIntervals(&body.Items[i], &old)
		}
	}
	if !old {
		return nil
	}
	return []string{"[interval] on [date_histogram] is deprecated, use [fixed_interval] or [calendar_interval] in the future."}
}

func renameIntervals(n *jsonval.Node, found *bool) {
	for i := range n.Items {
		if n.Kind == jsonval.Object && n.Keys[i] == "date_histogram" {
			h := &n.Items[i]
			for j, key := range h.Keys {
				if key == "interval" {
					h.Keys[j], *found = renamedInterval(&h.Items[j]), true
				}
			}
		}
		renameIntervals(&n.Items[i], found)
	}
}

// renamedInterval is the name that an interval has now; a number, of milliseconds, becomes a text.
func renamedInterval(v *jsonval.Node) string {
	if v.Kind == jsonval.Number {
		v.Kind, v.Text = jsonval.String, v.Text+"ms"
	}
	if _, calendar := dates.ParseUnit(v.Text); calendar {
		return "calendar_interval"
	}
	return "fixed_interval"
}
