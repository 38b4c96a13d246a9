package api

import (
	"elkhorn/internal/es"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// readCollapse reads {"field":…,"inner_hits":…}.
func readCollapse(req *es.SearchRequest, n *jsonval.Node) error {
	if n.Kind != jsonval.Object {
		return unexpectedKind(n, "collapse")
	}
	out := &es.Collapse{}
	names := map[string]bool{}
	err := members(n, "[collapse]", []string{"field", "inner_hits", "max_concurrent_group_searches"}, func(key string, v *jsonval.Node) (bool, error) {
		switch key {
		case "field":
			out.Field = v.Text
		case "max_concurrent_group_searches": // groups are searched one after the other
			if most, ok := v.Scalar().Int64(); !v.IsScalar() || !ok || most < 1 {
				return true, eserr.IllegalArgument("maxConcurrentGroupRequests` must be positive")
			}
		case "inner_hits":
			list := []jsonval.Node{*v}
			if v.Kind == jsonval.Array {
				list = v.Items
			}
			for i := range list {
				inner, err := agg.ParseInnerHitsNode(&list[i])
				if err != nil {
					return true, err
				}
				if names[inner.Name] {
					return true, eserr.IllegalArgument("[inner_hits] already contains an entry for key [%s]", inner.Name)
				}
				names[inner.Name] = true
				out.InnerHits = append(out.InnerHits, inner)
			}
		default:
			return false, nil
		}
		return true, nil
	})
	if err == nil && out.Field == "" {
		return eserr.ParsingException(n.Line, n.Col, "Required [field]")
	}
	req.Collapse = out
	return err
}

// readIndicesBoost reads [{"index":boost}, …], or an object of them.
func readIndicesBoost(req *es.SearchRequest, n *jsonval.Node) error {
	items := []jsonval.Node{*n}
	if n.Kind == jsonval.Array {
		items = n.Items
	}
	for i := range items {
		item := &items[i]
		if item.Kind != jsonval.Object || n.Kind == jsonval.Array && len(item.Keys) != 1 {
			return eserr.ParsingException(item.Line, item.Col, "Expected [START_OBJECT] with one index in [indices_boost] but found [%s]", item.Kind)
		}
		for k, name := range item.Keys {
			boost, ok := item.Items[k].Scalar().Float64()
			if !ok || !item.Items[k].IsScalar() || boost < 0 {
				return eserr.ParsingException(item.Items[k].Line, item.Items[k].Col, "Expected [VALUE_NUMBER] in [indices_boost] but found [%s]", item.Items[k].Kind)
			}
			req.IndicesBoost = append(req.IndicesBoost, es.IndexBoost{Index: name, Boost: boost})
		}
	}
	return nil
}
