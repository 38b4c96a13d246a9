package api

import (
	"net/http"
	"slices"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/wildcard"
)

// mappingJSON prints an index's mapping.
func mappingJSON(info *es.IndexInfo) []byte {
	if info.Mapping == nil {
		return []byte("{}")
	}
	return info.Mapping.Append(nil)
}

// typed puts the type name around a mapping for version 7 clients that ask for it.
func (c *call) typed(mapping []byte) []byte {
	if !c.flag("include_type_name") {
		return mapping
	}
	return object(func(w *jsonval.Writer) { w.Raw("_doc", mapping) })
}

// getMapping answers GET /_mapping and /{index}/_mapping.
func (s *Server) getMapping(c *call) (answer, error) {
	target, err := c.target(openIndices)
	if err != nil {
		return answer{}, err
	}
	indices, err := s.store.Indices(c.ctx(), target)
	if err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		for i := range indices {
			w.Raw(indices[i].Name, object(func(w *jsonval.Writer) { w.Raw("mappings", c.typed(mappingJSON(&indices[i]))) }))
		}
	}))
}

// putMapping answers PUT and POST /{index}/_mapping.
func (s *Server) putMapping(c *call) (answer, error) {
	target, err := c.target(openIndices)
	if err != nil {
		return answer{}, err
	}
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	change := &es.PutMapping{Target: target, Mappings: c.untyped(body).Raw}
	if c.flag("write_index_only") {
		if change.Target, err = c.writeIndices(target); err != nil {
			return answer{}, err
		}
	}
	if _, err := s.store.Apply(c.ctx(), change); err != nil {
		return answer{}, err
	}
	return acknowledged()
}

// writeIndices narrows a target to the indices that are written to through its aliases.
func (c *call) writeIndices(target es.Target) (es.Target, error) {
	indices, err := c.store.Indices(c.ctx(), target)
	if err != nil {
		return target, err
	}
	var names []string
	for i := range indices {
		info := &indices[i]
		if len(info.Matched) == 0 || slices.ContainsFunc(info.Matched, func(alias string) bool { return isWriteIndex(info, alias, indices) }) {
			names = append(names, info.Name)
		}
	}
	target.Names = names
	return target, nil
}

// isWriteIndex reports whether writes to alias go to info: it says so, or is the alias's only index.
func isWriteIndex(info *es.IndexInfo, alias string, indices []es.IndexInfo) bool {
	for _, a := range info.Aliases {
		if a.Name == alias && a.IsWriteIndex != nil {
			return *a.IsWriteIndex
		}
	}
	count := 0
	for i := range indices {
		if slices.Contains(indices[i].Matched, alias) {
			count++
		}
	}
	return count == 1
}

// getFieldMapping answers GET /{index}/_mapping/field/{fields}.
func (s *Server) getFieldMapping(c *call) (answer, error) {
	target, err := c.target(openIndices)
	if err != nil {
		return answer{}, err
	}
	indices, err := s.store.Indices(c.ctx(), target)
	if err != nil {
		return answer{}, err
	}
	patterns := c.pathList("fields")
	a := answer{}
	if len(indices) == 0 {
		a.status = http.StatusNotFound
	}
	a.body = object(func(w *jsonval.Writer) {
		for i := range indices {
			var fields []byte
			if fields, err = fieldMappings(&indices[i], patterns, c.flag("include_defaults")); err != nil {
				return
			}
			w.Raw(indices[i].Name, object(func(w *jsonval.Writer) { w.Raw("mappings", fields) }))
		}
	})
	return a, err
}

// fieldMappings prints the mappings of the leaves whose path matches a pattern.
func fieldMappings(info *es.IndexInfo, patterns []string, full bool) ([]byte, error) {
	root, err := jsonval.Parse(mappingJSON(info))
	if err != nil {
		return nil, err
	}
	return object(func(w *jsonval.Writer) {
		walkFields("", root, func(path string, n *jsonval.Node) {
			if !slices.ContainsFunc(patterns, func(p string) bool { return wildcard.Match(p, path) }) {
				return
			}
			name := path[strings.LastIndexByte(path, '.')+1:]
			w.Raw(path, object(func(w *jsonval.Writer) {
				w.String("full_name", path)
				w.Raw("mapping", object(func(w *jsonval.Writer) { w.Raw(name, fieldJSON(info, path, n, full)) }))
			}))
		})
	}), nil
}

// fieldJSON prints one field, with the defaults of its parameters when full.
func fieldJSON(info *es.IndexInfo, path string, n *jsonval.Node, full bool) []byte {
	if f := info.Mapping.At(path); full && f != nil && f.IsLeaf() {
		return f.AppendFull(nil)
	}
	return n.Raw
}

// walkFields visits the leaves and multi-fields of a printed mapping.
func walkFields(prefix string, n *jsonval.Node, visit func(path string, n *jsonval.Node)) {
	for _, group := range []string{"properties", "fields"} {
		children := n.Get(group)
		if children == nil {
			continue
		}
		for i, name := range children.Keys {
			child := &children.Items[i]
			if child.Get("properties") == nil && child.Get("type") != nil {
				visit(prefix+name, child)
			}
			walkFields(prefix+name+".", child, visit)
		}
	}
}
