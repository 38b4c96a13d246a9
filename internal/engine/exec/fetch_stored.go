package exec

import (
	"bytes"
	"strings"

	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/result"
)

// noStoredFields as the only stored field leaves out _source and _id.
const noStoredFields = "_none_"

// addStored adds the fields that a name of stored_fields stands for and that the mapping stores apart. Their values are those of the document.
func (f *fieldFetcher) addStored(p *plan, name string) error {
	if name == noStoredFields || name == sourceField {
		return nil
	}
	for _, one := range p.fields.named(name) {
		if one.spec == nil || !one.spec.Store {
			continue
		}
		format, err := one.printFormat("")
		if err != nil {
			return err
		}
		f.fields = append(f.fields, fetchedField{field: one, format: format})
	}
	return nil
}

// addValues adds values of a field to those that the hit has of it.
func addValues(fields []result.Field, name string, values [][]byte) []result.Field {
	for i := range fields {
		if fields[i].Name == name {
			fields[i].Values = append(append(bytes.TrimSuffix(fields[i].Values, []byte{']'}), ','), jsonArray(values)[1:]...)
			return fields
		}
	}
	return append(fields, result.Field{Name: name, Values: jsonArray(values)})
}

// ignoredValues adds the values of a field that were left out when indexing: of a keyword those that are too long, of others all when none
// was taken.
func (f *fieldFetcher) ignoredValues(one *fetchedField, row int, h *result.Hit) error {
	if one.field.spec == nil {
		return nil
	}
	path := one.field.spec.Path
	if one.field.spec.MultiOf != "" {
		path = one.field.spec.MultiOf
	}
	list, err := f.sourceValues(path, row)
	if err != nil {
		return err
	}
	taken := false
	for i := range h.Fields {
		taken = taken || h.Fields[i].Name == one.field.name
	}
	var values [][]byte
	for _, raw := range list {
		text, ok := scalarText(raw)
		if one.field.class == classKeyword && ok && one.field.view.hides([]byte(text)) || one.field.class != classKeyword && !taken {
			values = append(values, raw)
		}
	}
	if len(values) > 0 {
		h.IgnoredValues = addValues(h.IgnoredValues, one.field.name, values)
	}
	return nil
}

// unmappedValues adds the values of fields that the mapping does not have.
func (f *fieldFetcher) unmappedValues(row int, h *result.Hit) error {
	var root *jsonval.Node
	if f.objects != nil {
		return nil
	}
	raw, err := f.docs.Append(nil, row)
	if err != nil {
		return err
	}
	if root, err = jsonval.Parse(raw); err != nil {
		return err
	}
	f.walkUnmapped(root, "", h)
	return nil
}

func (f *fieldFetcher) walkUnmapped(n *jsonval.Node, path string, h *result.Hit) {
	switch {
	case n.Kind == jsonval.Object:
		for i, key := range n.Keys {
			f.walkUnmapped(&n.Items[i], strings.TrimPrefix(path+"."+key, "."), h)
		}
	case n.Kind == jsonval.Array:
		for i := range n.Items {
			f.walkUnmapped(&n.Items[i], path, h)
		}
	case n.Kind == jsonval.Null || f.mapped(path):
	default:
		for _, match := range f.unmapped {
			if match([]byte(path)) {
				h.Fields = addValues(h.Fields, path, [][]byte{n.Raw})
				return
			}
		}
	}
}
