package exec

import (
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
)

func compileExists(c *compiler, q *query.Exists) (node, error) {
	n := &presentNode{weight: q.Weight()}
	switch q.Field {
	case sourceField:
		return nil, eserr.QueryShard("The _source field is not searchable").With("index", c.fields.index.Name)
	case idField, indexField, "_seq_no", "_version":
		return allNode{q.Weight()}, nil
	}
	for _, f := range c.fieldsBelow(q.Field) {
		if f.typed == mapping.ConstantKeyword && f.constant != "" {
			return allNode{q.Weight()}, nil
		}
		n.views = append(n.views, f.view)
	}
	if len(n.views) == 0 {
		return noneNode{}, nil
	}
	return n, nil
}

// fieldsBelow returns the leaf fields that a name stands for: one field, those of an object, or those
// that fit a pattern.
func (c *compiler) fieldsBelow(name string) []*field {
	if f := c.fields.lookup(name); f != nil {
		return []*field{f}
	}
	if c.fields.index.Mapping == nil {
		return nil
	}
	pattern := name
	if !strings.Contains(name, "*") {
		pattern = name + ".*"
	}
	var list []*field
	for _, spec := range c.fields.index.Mapping.Matching(pattern) {
		list = append(list, c.fields.field(spec.Path, spec))
	}
	return list
}
