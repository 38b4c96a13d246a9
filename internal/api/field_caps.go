package api

import (
	"maps"
	"slices"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/mapping"
)

// capability is what a field of one type can do, over the indices that have it with that type.
type capability struct {
	metadata                 bool
	searchable, aggregatable bool
	indices                  []string
	notSearchable            []string
	notAggregatable          []string
}

// fieldCaps answers GET and POST /_field_caps, computed from the mappings.
func (s *Server) fieldCaps(c *call) (answer, error) {
	patterns, err := c.capsFields()
	if err != nil {
		return answer{}, err
	}
	indices, err := c.indices(openIndices)
	if err != nil {
		return answer{}, err
	}
	fields := map[string]map[string]*capability{}
	for i := range indices {
		collectCaps(fields, &indices[i], patterns)
	}
	if c.flag("include_unmapped") {
		addUnmapped(fields, indices)
	}
	return ok(object(func(w *jsonval.Writer) {
		names := make([]string, len(indices))
		for i := range indices {
			names[i] = indices[i].Name
		}
		w.Strings("indices", names)
		w.Raw("fields", object(func(w *jsonval.Writer) {
			for _, field := range slices.Sorted(maps.Keys(fields)) {
				w.Raw(field, capsJSON(fields[field]))
			}
		}))
	}))
}

// capsFields reads the field patterns from the parameter or the body.
func (c *call) capsFields() ([]string, error) {
	patterns := splitList(c.text("fields"))
	if !c.flagOr("include_empty_fields", true) {
		return nil, eserr.Unsupported("[include_empty_fields=false] of [_field_caps]")
	}
	for _, name := range []string{"filters", "types"} {
		if c.text(name) != "" {
			return nil, eserr.Unsupported("[" + name + "] of [_field_caps]")
		}
	}
	body, err := c.bodyObject(false)
	if err != nil {
		return nil, err
	}
	if body != nil {
		err = members(body, "field caps", []string{"fields", "index_filter"}, func(key string, v *jsonval.Node) (bool, error) {
			switch key {
			case "fields":
				patterns, err = stringList(v, key)
				return true, err
			case "index_filter", "runtime_mappings":
				if len(v.Keys) > 0 {
					return true, eserr.Unsupported("[" + key + "] of [_field_caps]")
				}
				return true, nil
			}
			return false, nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(patterns) == 0 {
		return nil, eserr.Validation("Validation Failed: 1: no fields specified;")
	}
	return patterns, nil
}

// collectCaps adds the fields of one index that match a pattern.
func collectCaps(fields map[string]map[string]*capability, info *es.IndexInfo, patterns []string) {
	wanted := func(path string) bool {
		return slices.ContainsFunc(patterns, func(p string) bool { return matchGlob(p, path) })
	}
	add := func(path, typ string, found capability) {
		if !wanted(path) {
			return
		}
		if fields[path] == nil {
			fields[path] = map[string]*capability{}
		}
		sum := fields[path][typ]
		if sum == nil {
			sum = &capability{metadata: found.metadata, searchable: true, aggregatable: true}
			fields[path][typ] = sum
		}
		sum.add(info.Name, found)
	}
	for path, typ := range metadataFields {
		add(path, typ, capability{metadata: true, searchable: true, aggregatable: typ == "_id" || typ == "_index" || typ == "_seq_no"})
	}
	if info.Mapping == nil {
		return
	}
	var visit func(f *mapping.Field)
	visit = func(f *mapping.Field) {
		if info.Mapping.RuntimeAt(f.Path) != nil {
			return // hidden
		}
		found := capability{searchable: f.Index || f.DocValues && !f.Type.IsText(), aggregatable: f.DocValues && !f.Type.IsText() && !f.Type.IsRange()}
		add(f.Path, capsType(info.Mapping, f), found)
		for _, sub := range f.Multi {
			visit(sub)
		}
		for _, child := range f.Children {
			visit(child)
		}
	}
	for _, f := range info.Mapping.Root().Children {
		visit(f)
	}
	for _, f := range info.Mapping.Runtime() {
		add(f.Path, f.Type.String(), capability{searchable: true, aggregatable: true})
	}
}

// metadataFields are the fields every document has, with their types.
var metadataFields = map[string]string{
	"_id": "_id", "_index": "_index", "_routing": "_routing", "_seq_no": "_seq_no", "_source": "_source", "_version": "_version",
}

// capsType names a field's type as searches see it: the family where types of a family behave alike.
func capsType(m *mapping.Mapping, f *mapping.Field) string {
	if f.Type == mapping.Alias {
		if target := m.Lookup(f.Path); target != nil {
			f = target
		}
	}
	switch f.Type {
	case mapping.ConstantKeyword, mapping.Wildcard:
		return "keyword"
	case mapping.MatchOnlyText:
		return "text"
	}
	return f.Type.String()
}

// add counts one index in.
func (c *capability) add(index string, found capability) {
	c.indices = append(c.indices, index)
	if !found.searchable {
		c.notSearchable = append(c.notSearchable, index)
	}
	if !found.aggregatable {
		c.notAggregatable = append(c.notAggregatable, index)
	}
	c.searchable = c.searchable && found.searchable
	c.aggregatable = c.aggregatable && found.aggregatable
}

// addUnmapped adds the type "unmapped" for indices that lack a field which others have.
func addUnmapped(fields map[string]map[string]*capability, indices []es.IndexInfo) {
	for _, types := range fields {
		lacking := &capability{}
		for i := range indices {
			has := false
			for _, found := range types {
				has = has || slices.Contains(found.indices, indices[i].Name)
			}
			if !has {
				lacking.indices = append(lacking.indices, indices[i].Name)
			}
		}
		if len(lacking.indices) > 0 {
			types["unmapped"] = lacking
		}
	}
}

// capsJSON prints one field's types; which indices have a type is said when there are several.
func capsJSON(types map[string]*capability) []byte {
	return object(func(w *jsonval.Writer) {
		for _, typ := range slices.Sorted(maps.Keys(types)) {
			found := types[typ]
			w.Raw(typ, object(func(w *jsonval.Writer) {
				w.String("type", typ)
				w.Bool("metadata_field", found.metadata)
				w.Bool("searchable", found.searchable)
				w.Bool("aggregatable", found.aggregatable)
				if len(types) > 1 {
					w.Strings("indices", found.indices)
				}
				someOf(w, "non_searchable_indices", found.notSearchable, found.indices)
				someOf(w, "non_aggregatable_indices", found.notAggregatable, found.indices)
			}))
		}
	})
}

// someOf prints a list of indices when it is neither empty nor all of them.
func someOf(w *jsonval.Writer, key string, some, all []string) {
	if len(some) > 0 && len(some) < len(all) {
		w.Strings(key, some)
	}
}

// resolveIndex answers GET /_resolve/index/{name}: what a list of names and wildcards means.
func (s *Server) resolveIndex(c *call) (answer, error) {
	names := c.pathList("name")
	target, err := c.targetOf(slices.Clone(names), es.Target{IgnoreUnavailable: !hasPlainName(names)})
	if err != nil {
		return answer{}, err
	}
	indices, err := s.store.Indices(c.ctx(), target)
	if err != nil {
		return answer{}, err
	}
	all, err := s.store.Indices(c.ctx(), everyIndex)
	if err != nil {
		return answer{}, err
	}
	streams, err := c.streamsOf(target)
	if err != nil {
		return answer{}, err
	}
	everyStream, err := c.streamsOf(es.Target{Hidden: true})
	if err != nil {
		return answer{}, err
	}
	aliases := map[string][]string{}
	for i := range all {
		for _, a := range all[i].Aliases {
			if matchesAlias(target.Names, a.Name) && (!a.IsHidden || target.Hidden) {
				aliases[a.Name] = append(aliases[a.Name], all[i].Name)
			}
		}
	}
	for i := range everyStream {
		for _, a := range everyStream[i].Aliases {
			if matchesAlias(target.Names, a.Name) && (!a.IsHidden || target.Hidden) {
				aliases[a.Name] = append(aliases[a.Name], everyStream[i].Name)
			}
		}
	}
	byName := indices[:0:0]
	for i := range indices {
		if info := &indices[i]; matchesAlias(target.Names, info.Name) && (info.DataStream == "" || target.Hidden || slices.Contains(target.Names, info.Name)) {
			byName = append(byName, indices[i])
		}
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("indices", list(len(byName), func(dst []byte, i int) []byte { return appendResolved(dst, &byName[i]) }))
		sorted := slices.Sorted(maps.Keys(aliases))
		w.Raw("aliases", list(len(sorted), func(dst []byte, i int) []byte {
			item := jsonval.Begin(dst)
			item.String("name", sorted[i])
			item.Strings("indices", aliases[sorted[i]])
			return item.End()
		}))
		w.Raw("data_streams", list(len(streams), func(dst []byte, i int) []byte { return appendResolvedStream(dst, &streams[i]) }))
	}))
}

func hasPlainName(names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return !strings.Contains(n, "*") })
}

func appendResolved(dst []byte, info *es.IndexInfo) []byte {
	item := jsonval.Begin(dst)
	item.String("name", info.Name)
	if len(info.Aliases) > 0 {
		names := make([]string, len(info.Aliases))
		for i := range info.Aliases {
			names[i] = info.Aliases[i].Name
		}
		item.Strings("aliases", names)
	}
	state := "open"
	if info.Closed {
		state = "closed"
	}
	attributes := []string{state}
	if info.Hidden {
		attributes = []string{"hidden", state}
	}
	item.Strings("attributes", attributes)
	item.StringIf("data_stream", info.DataStream)
	return item.End()
}

func appendResolvedStream(dst []byte, d *es.DataStream) []byte {
	names := make([]string, len(d.Backing))
	for i := range d.Backing {
		names[i] = d.Backing[i].Name
	}
	item := jsonval.Begin(dst)
	item.String("name", d.Name)
	item.Strings("backing_indices", names)
	item.String("timestamp_field", "@timestamp")
	return item.End()
}
