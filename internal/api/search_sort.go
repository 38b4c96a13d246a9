package api

import (
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// readSort reads "sort": a field, an object of field and order, or an array of them.
func readSort(req *es.SearchRequest, n *jsonval.Node) error {
	req.Sort = nil
	items := []jsonval.Node{*n}
	if n.Kind == jsonval.Array {
		items = n.Items
	}
	for i := range items {
		item := &items[i]
		switch item.Kind {
		case jsonval.String:
			req.Sort = append(req.Sort, es.SortKey{Field: item.Text, Desc: item.Text == "_score"})
		case jsonval.Object:
			for k, field := range item.Keys {
				key, err := sortKey(field, &item.Items[k])
				if err != nil {
					return err
				}
				req.Sort = append(req.Sort, key)
			}
		default:
			return eserr.IllegalArgument("malformed sort format, within the sort array, an object, or an actual string are allowed")
		}
	}
	return nil
}

// sortKey reads one key: its order, or an object of options.
func sortKey(field string, n *jsonval.Node) (es.SortKey, error) {
	key := es.SortKey{Field: field, Desc: field == "_score"}
	switch field {
	case "_script":
		return scriptSort(n)
	case "_geo_distance":
		geo, err := query.ParseGeoSort(n)
		if err == nil {
			key.Geo, key.Desc = geo, geo.Desc
		}
		return key, err
	}
	if n.Kind != jsonval.Object {
		return key, setOrder(&key, n.Text)
	}
	known := []string{"order", "missing", "unmapped_type", "mode", "format", "numeric_type", "nested"}
	return key, members(n, "sort ["+field+"]", known, func(name string, v *jsonval.Node) (bool, error) {
		if name == "nested" {
			var err error
			key.Nested, err = query.ParseNestedSort(v)
			return true, err
		}
		if !v.IsScalar() {
			return true, eserr.Unsupported("[" + name + "] of sort [" + field + "]")
		}
		switch name {
		case "order":
			return true, setOrder(&key, v.Text)
		case "missing":
			key.Missing = v.Scalar()
		case "unmapped_type":
			key.UnmappedType = v.Text
		case "ignore_unmapped":
			key.UnmappedType = "long"
		case "mode":
			key.Mode = strings.ToLower(v.Text)
			switch key.Mode {
			case "min", "max", "sum", "avg", "median":
			default:
				return true, eserr.IllegalArgument("Unknown SortMode [%s]", v.Text)
			}
		case "format":
			key.Format = v.Text
		case "numeric_type":
			key.NumericType = v.Text
		default:
			return false, nil
		}
		return true, nil
	})
}

func setOrder(key *es.SortKey, order string) error {
	switch strings.ToLower(order) {
	case "asc":
		key.Desc = false
	case "desc":
		key.Desc = true
	default:
		return eserr.IllegalArgument("Unknown SortOrder [%s]", order)
	}
	return nil
}

// uriSort reads the sort parameter: field or field:order, separated by commas.
func uriSort(text string) ([]es.SortKey, error) {
	var keys []es.SortKey
	for _, part := range splitList(text) {
		key := es.SortKey{Field: part}
		if colon := strings.LastIndexByte(part, ':'); colon >= 0 {
			key.Field = part[:colon]
			if err := setOrder(&key, part[colon+1:]); err != nil {
				return nil, err
			}
		} else {
			key.Desc = part == "_score"
		}
		keys = append(keys, key)
	}
	return keys, nil
}
