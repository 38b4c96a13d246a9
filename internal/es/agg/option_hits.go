package agg

import (
	"strings"

	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// sort reads the forms a sort has: "field", {"field":"desc"},
// {"field":{"order":"desc",…}} or an array of them.
func (p *parser) sort(target *[]SortKey) option {
	return func(at place, n *jsonval.Node) error {
		*target = nil
		for _, item := range elements(n) {
			switch item.Kind {
			case jsonval.String:
				*target = append(*target, SortKey{Field: item.Text, Desc: item.Text == "_score"})
			case jsonval.Object:
				for i, field := range item.Keys {
					key, err := p.sortKey(at, field, &item.Items[i])
					if err != nil {
						return err
					}
					*target = append(*target, key)
				}
			default:
				return at.unknownToken(&item)
			}
		}
		return nil
	}
}

// geoDistance is the name of the sort key by distance.
const geoDistance = "_geo_distance"

func (p *parser) sortKey(at place, field string, n *jsonval.Node) (SortKey, error) {
	key := SortKey{Field: field, Desc: field == "_score"}
	if field == geoDistance {
		geo, err := query.ParseGeoSort(n)
		if err == nil {
			key.Geo, key.Desc = geo, geo.Desc
		}
		return key, err
	}
	order := ""
	readOrder := func(at place, n *jsonval.Node) error {
		order = strings.ToLower(n.Text)
		if n.Kind != jsonval.String || order != "asc" && order != "desc" {
			return at.malformed(n, "asc or desc")
		}
		key.Desc = order == "desc"
		return nil
	}
	if n.Kind != jsonval.Object {
		return key, readOrder(at, n)
	}
	return key, p.members(n, options{
		"order":         readOrder,
		"missing":       p.scalar(&key.Missing),
		"unmapped_type": p.text(&key.UnmappedType),
		"mode":          p.oneOf(&key.Mode, "min", "max", "avg", "sum", "median"),
		"format":        p.text(&key.Format),
		"nested": func(_ place, n *jsonval.Node) (err error) {
			key.Nested, err = query.ParseNestedSort(n)
			return err
		},
		"numeric_type": p.text(&key.NumericType),
	})
}

// sourceFilter reads true, false, a pattern, patterns, or includes and excludes.
func (p *parser) sourceFilter(f *SourceFilter) option {
	return func(at place, n *jsonval.Node) error {
		switch n.Kind {
		case jsonval.Bool:
			f.Disabled = n.Text == "false"
			return nil
		case jsonval.String, jsonval.Array:
			return p.texts(&f.Includes)(at, n)
		case jsonval.Object:
			return p.members(n, options{
				"includes": p.texts(&f.Includes), "include": p.texts(&f.Includes),
				"excludes": p.texts(&f.Excludes), "exclude": p.texts(&f.Excludes),
			})
		default:
			return at.unknownToken(n)
		}
	}
}

// fieldFormats reads an array of "field" or {"field":…,"format":…}.
func (p *parser) fieldFormats(target *[]FieldFormat) option {
	return func(at place, n *jsonval.Node) error {
		*target = []FieldFormat{}
		for _, item := range elements(n) {
			f := FieldFormat{Field: item.Text}
			switch item.Kind {
			case jsonval.String:
			case jsonval.Object:
				if err := p.members(&item, options{"field": p.text(&f.Field), "format": p.text(&f.Format), "include_unmapped": p.boolean(&f.IncludeUnmapped)}); err != nil {
					return err
				}
			default:
				return at.unknownToken(&item)
			}
			*target = append(*target, f)
		}
		return nil
	}
}
