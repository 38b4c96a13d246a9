package api

import (
	"maps"
	"slices"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/mapping"
	"elkhorn/internal/es/query"
	"elkhorn/internal/es/wildcard"
)

// capability is what a field of one type can do, over the indices that have it with that type.
type capability struct {
	metadata                 bool
	searchable, aggregatable bool
	indices                  []string
	notSearchable            []string
	notAggregatable          []string
	meta                     map[string][]string // notes of mappings: sorted values by name
}

// capsRequest says which fields of which indices are wanted.
type capsRequest struct {
	patterns []string
	types    []string
	// onlyMetadata and the others are the filters: "+metadata", "-metadata", "-parent", "-nested", "-multifield".
	onlyMetadata, noMetadata, noParent, noNested, noMulti bool
	withEmpty, unmapped                                   bool
	filter                                                query.Query // of indices, nil for none
	runtime                                               *jsonval.Node
	fields                                                map[string]map[string]*capability
}

// fieldCaps answers GET and POST /_field_caps, computed from the mappings.
func (s *Server) fieldCaps(c *call) (answer, error) {
	req, err := c.capsRequest()
	if err != nil {
		return answer{}, err
	}
	target, err := c.target(openIndices)
	if err != nil {
		return answer{}, err
	}
	indices, err := s.store.Indices(c.ctx(), target)
	if err != nil {
		return answer{}, err
	}
	if req.filter != nil {
		if indices, err = c.mayMatch(indices, req); err != nil {
			return answer{}, err
		}
	}
	for i := range indices {
		req.collect(&indices[i])
	}
	if err := req.addRuntime(indices); err != nil {
		return answer{}, err
	}
	if !req.withEmpty {
		if err := c.dropEmpty(req, target); err != nil {
			return answer{}, err
		}
	}
	if req.unmapped {
		addUnmapped(req.fields, indices)
	}
	return ok(object(func(w *jsonval.Writer) {
		names := make([]string, len(indices))
		for i := range indices {
			names[i] = indices[i].Name
		}
		w.Strings("indices", names)
		w.Raw("fields", object(func(w *jsonval.Writer) {
			for _, field := range slices.Sorted(maps.Keys(req.fields)) {
				w.Raw(field, capsJSON(req.fields[field]))
			}
		}))
	}))
}

// capsRequest reads what is asked for from parameters and body.
func (c *call) capsRequest() (*capsRequest, error) {
	req := &capsRequest{
		patterns: splitList(c.text("fields")), types: splitList(c.text("types")), withEmpty: c.flagOr("include_empty_fields", true),
		unmapped: c.flag("include_unmapped"), fields: map[string]map[string]*capability{},
	}
	for _, filter := range splitList(c.text("filters")) {
		switch filter {
		case "+metadata":
			req.onlyMetadata = true
		case "-metadata":
			req.noMetadata = true
		case "-parent":
			req.noParent = true
		case "-nested":
			req.noNested = true
		case "-multifield":
			req.noMulti = true
		default:
			return nil, eserr.IllegalArgument("Unknown field caps filter [%s]", filter)
		}
	}
	body, err := c.bodyObject(false)
	if err != nil {
		return nil, err
	}
	if body != nil {
		err = members(body, "field caps", []string{"fields", "index_filter", "runtime_mappings"}, func(key string, v *jsonval.Node) (bool, error) {
			switch key {
			case "fields":
				req.patterns, err = stringList(v, key)
				return true, err
			case "index_filter":
				req.filter, err = query.ParseNode(v)
				return true, err
			case "runtime_mappings":
				req.runtime = v
				return true, nil
			}
			return false, nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(req.patterns) == 0 {
		return nil, eserr.Validation("Validation Failed: 1: no fields specified;")
	}
	return req, nil
}

// mayMatch leaves out the indices of which it is known, without looking at documents, that the filter matches nothing in them.
func (c *call) mayMatch(indices []es.IndexInfo, req *capsRequest) ([]es.IndexInfo, error) {
	kept := indices[:0:0]
	for i := range indices {
		res, err := c.store.Search(c.ctx(), &es.SearchRequest{
			Target: es.Target{Names: []string{indices[i].Name}, IgnoreUnavailable: true}, Query: req.filter, Size: 1, TerminateAfter: 1, TrackTotal: es.TrackNone, Source: es.SourceFilter{Disabled: true},
		})
		if err != nil {
			return nil, err
		}
		if res.Shards.Skipped == 0 && len(res.Shards.Failures) == 0 {
			kept = append(kept, indices[i])
		}
	}
	return kept, nil
}

// dropEmpty leaves out the fields that no document has, and the objects that hold only such.
func (c *call) dropEmpty(req *capsRequest, target es.Target) error {
	holds := map[string]bool{} // objects with a field that is left
	var objects []string
	for _, path := range slices.Sorted(maps.Keys(req.fields)) {
		types := req.fields[path]
		if types["object"] != nil || types["nested"] != nil {
			objects = append(objects, path)
			continue
		}
		if _, metadata := metadataFields[path]; metadata {
			continue
		}
		res, err := c.store.Search(c.ctx(), &es.SearchRequest{
			Target: target, Query: &query.Exists{Field: path}, Size: 1, TerminateAfter: 1, TrackTotal: es.TrackNone, Source: es.SourceFilter{Disabled: true},
		})
		if err != nil {
			return err
		}
		if len(res.Hits.Hits) == 0 {
			delete(req.fields, path)
			continue
		}
		for at := strings.LastIndexByte(path, '.'); at > 0; at = strings.LastIndexByte(path[:at], '.') {
			holds[path[:at]] = true
		}
	}
	for _, path := range objects {
		if !holds[path] {
			delete(req.fields, path)
		}
	}
	return nil
}

// add notes what a field of an index can do.
func (r *capsRequest) add(path, typ, index string, found capability, meta map[string]string) {
	if r.fields[path] == nil {
		r.fields[path] = map[string]*capability{}
	}
	sum := r.fields[path][typ]
	if sum == nil {
		sum = &capability{metadata: found.metadata, searchable: true, aggregatable: true}
		r.fields[path][typ] = sum
	}
	sum.add(index, found)
	for key, value := range meta {
		if sum.meta == nil {
			sum.meta = map[string][]string{}
		}
		if at, has := slices.BinarySearch(sum.meta[key], value); !has {
			sum.meta[key] = slices.Insert(sum.meta[key], at, value)
		}
	}
}

// wants says whether a field is asked for.
func (r *capsRequest) wants(path, typ string) bool {
	return slices.ContainsFunc(r.patterns, func(p string) bool { return wildcard.Match(p, path) }) && (len(r.types) == 0 || slices.Contains(r.types, typ))
}

// collect adds the fields of one index that are asked for.
func (r *capsRequest) collect(info *es.IndexInfo) {
	for path, typ := range metadataFields {
		if r.wants(path, typ) && !r.noMetadata {
			r.add(path, typ, info.Name, capability{metadata: true, searchable: true, aggregatable: typ == "_id" || typ == "_index" || typ == "_seq_no"}, nil)
		}
	}
	if info.Mapping == nil || r.onlyMetadata {
		return
	}
	var visit func(f *mapping.Field, parents []*mapping.Field)
	visit = func(f *mapping.Field, parents []*mapping.Field) {
		if f.Type.IsObject() {
			if f.Type == mapping.Nested && r.noNested {
				return
			}
			for _, child := range f.Children {
				visit(child, append(parents[:len(parents):len(parents)], f))
			}
			return
		}
		if !r.noMulti || f.MultiOf == "" {
			r.leaf(info, f, parents)
		}
		for _, sub := range f.Multi {
			visit(sub, parents)
		}
	}
	for _, f := range info.Mapping.Root().Children {
		visit(f, nil)
	}
	for _, f := range info.Mapping.Runtime() {
		if typ := f.Type.String(); r.wants(f.Path, typ) {
			r.add(f.Path, typ, info.Name, capability{searchable: true, aggregatable: true}, nil)
		}
	}
}

// leaf adds a field that holds values, and the objects that it is in.
func (r *capsRequest) leaf(info *es.IndexInfo, f *mapping.Field, parents []*mapping.Field) {
	typ := capsType(info.Mapping, f)
	if info.Mapping.RuntimeAt(f.Path) != nil || !r.wants(f.Path, typ) { // a runtime field hides another
		return
	}
	path, meta := f.Path, f.Meta()
	if f.Type == mapping.Alias {
		if target := info.Mapping.Lookup(f.Path); target != nil {
			f = target
		}
	}
	r.add(path, typ, info.Name, capsOf(f), meta)
	if r.noParent {
		return
	}
	for _, p := range parents {
		known := r.fields[p.Path]
		if have := known[p.Type.String()]; have != nil && slices.Contains(have.indices, info.Name) {
			continue
		}
		r.add(p.Path, p.Type.String(), info.Name, capability{}, nil)
	}
}

// capsOf is what a field can do. One that is not indexed is searched in its column.
func capsOf(f *mapping.Field) capability {
	if f.Type.IsText() {
		return capability{searchable: f.Index, aggregatable: f.Fielddata}
	}
	if f.Type == mapping.DenseVector {
		return capability{searchable: f.Index}
	}
	return capability{searchable: f.Index || f.DocValues, aggregatable: f.DocValues && !f.Type.IsRange()}
}

// addRuntime adds the fields that the request defines.
func (r *capsRequest) addRuntime(indices []es.IndexInfo) error {
	if r.runtime == nil {
		return nil
	}
	fields, _, err := mapping.ParseRuntime(r.runtime)
	if err != nil {
		return err
	}
	for _, f := range fields {
		if typ := f.Type.String(); r.wants(f.Path, typ) && !r.onlyMetadata {
			delete(r.fields, f.Path) // hidden
			for i := range indices {
				r.add(f.Path, typ, indices[i].Name, capability{searchable: true, aggregatable: true}, nil)
			}
		}
	}
	return nil
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
				if len(found.meta) > 0 {
					w.Raw("meta", object(func(w *jsonval.Writer) {
						for _, key := range slices.Sorted(maps.Keys(found.meta)) {
							w.Strings(key, found.meta[key])
						}
					}))
				}
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
	if err := c.emptyBody("_resolve/index"); err != nil {
		return answer{}, err
	}
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
