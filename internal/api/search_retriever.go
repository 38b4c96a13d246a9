package api

import (
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// standardMembers are the members of a search that a retriever standard has under the same name.
var standardMembers = []string{"query", "search_after", "terminate_after", "sort", "min_score", "collapse"}

// readRetriever reads {"standard":{…}} and {"knn":{…}}, which are another way to write query and knn.
func readRetriever(req *es.SearchRequest, n *jsonval.Node) error {
	if n.Kind != jsonval.Object || len(n.Keys) != 1 {
		return unexpectedKind(n, "retriever")
	}
	kind, body := n.Keys[0], &n.Items[0]
	if body.Kind != jsonval.Object {
		return unexpectedKind(body, kind)
	}
	if req.Query != nil || len(req.Knn) > 0 {
		return eserr.IllegalArgument("cannot specify [retriever] and [query] or [knn]")
	}
	switch kind {
	case "knn":
		var err error
		req.Knn, err = query.ParseKnn(body)
		return err
	case "standard":
	default:
		e := eserr.Unsupported("[" + kind + "] of [retriever]")
		e.Reason += ": send [query] and [knn], whose scores add up, each with its [boost]"
		return e
	}
	filter := body.Get("filter")
	err := members(body, "[standard]", append([]string{"filter", "_name"}, standardMembers...), func(key string, v *jsonval.Node) (bool, error) {
		for _, name := range standardMembers {
			if name == key {
				return true, readSearchMember(req, key, v)
			}
		}
		return key == "filter" || key == "_name", nil
	})
	if err != nil || filter == nil {
		return err
	}
	items := []jsonval.Node{*filter}
	if filter.Kind == jsonval.Array {
		items = filter.Items
	}
	both := &query.Bool{}
	if req.Query != nil {
		both.Must = []query.Query{req.Query}
	}
	for i := range items {
		q, err := query.ParseNode(&items[i])
		if err != nil {
			return err
		}
		both.Filter = append(both.Filter, q)
	}
	req.Query = both
	return nil
}
