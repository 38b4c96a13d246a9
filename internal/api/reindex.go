package api

import (
	"slices"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// reindexDest is where and how copies are written.
type reindexDest struct {
	index, pipeline, versionType string
	action                       es.Action
}

// reindex answers POST /_reindex: it copies documents to another index.
func (s *Server) reindex(c *call) (answer, error) {
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	w, dest := &sweep{}, reindexDest{action: es.ActionIndex}
	if err := c.sweepParams(w); err != nil {
		return answer{}, err
	}
	known := []string{"source", "dest", "max_docs", "conflicts"}
	err = strictMembers(body, "reindex", known, func(key string, v *jsonval.Node) (bool, error) {
		switch key {
		case "source":
			return true, c.reindexSource(w, v)
		case "dest":
			return true, dest.read(c, v)
		case "max_docs", "size":
			return true, setMaxDocs(w, v.Text)
		case "conflicts":
			return true, setConflicts(w, v.Text)
		case "script":
			w.script, err = c.sweepScript(v, true)
			return true, err
		}
		return false, nil
	})
	if err != nil {
		return answer{}, err
	}
	switch {
	case dest.index == "":
		return answer{}, eserr.Validation("Validation Failed: 1: index must be specified;")
	case len(w.search.Target.Names) == 0:
		return answer{}, eserr.Validation("Validation Failed: 1: use _all if you really want to copy from all existing indexes;")
	}
	if err := c.notOntoItself(w.search.Target, dest.index); err != nil {
		return answer{}, err
	}
	w.writeOp = dest.op
	return c.sweep(w, "updated", "created", "deleted")
}

// op is the write that copies a document.
func (d *reindexDest) op(hit *es.Hit) es.BulkOp {
	op := es.BulkOp{Action: d.action, Index: d.index, ID: hit.ID, Routing: hit.Routing, Source: hit.Source, Pipeline: d.pipeline}
	if d.versionType != "" && hit.Version != nil {
		op.Guard = es.Guard{Version: *hit.Version, VersionType: d.versionType}
	}
	return op
}

func (c *call) reindexSource(w *sweep, n *jsonval.Node) error {
	return sourceMembers(n, func(key string, v *jsonval.Node) (bool, error) {
		var err error
		switch key {
		case "index":
			var names []string
			if names, err = stringList(v, key); err == nil {
				if len(names) == 1 {
					names = splitList(names[0])
				}
				w.search.Target, err = c.targetOf(names, openIndices)
			}
		case "query":
			w.search.Query, err = query.ParseNode(v)
		case "_source":
			if w.search.Source, err = parseSourceFilter(v); w.search.Source.Disabled {
				err = eserr.IllegalArgument("_source:false is not supported in this context")
			}
		case "size": // of a page
			if err := readCount(new(int), key, v); err != nil {
				return true, eserr.NumberFormat(v.Text)
			}
		case "from", "stored_fields", "fields":
			err = eserr.IllegalArgument("%s is not supported in this context", key)
		case "remote", "slice", "sort", "runtime_mappings":
			err = eserr.Unsupported("[" + key + "] of a reindex's source")
		default:
			return false, nil
		}
		return true, err
	})
}

func (d *reindexDest) read(c *call, n *jsonval.Node) error {
	known := []string{"index", "op_type", "version_type", "pipeline", "routing"}
	return strictMembers(n, "dest", known, func(key string, v *jsonval.Node) (bool, error) {
		var err error
		switch key {
		case "index":
			d.index, err = resolveName(v.Text, c.now())
		case "op_type":
			if v.Text == "create" {
				d.action = es.ActionCreate
			} else if v.Text != "index" {
				err = eserr.IllegalArgument("opType must be 'create' or 'index', found: [%s]", v.Text)
			}
		case "version_type":
			switch v.Text {
			case "internal":
			case "external", "external_gt", "external_gte":
				d.versionType = v.Text
			default:
				err = eserr.IllegalArgument("No version type match [%s]", v.Text)
			}
		case "pipeline":
			d.pipeline = v.Text
		case "routing":
			if v.Text != "keep" {
				err = eserr.Unsupported("[routing=" + v.Text + "] of a reindex")
			}
		default:
			return false, nil
		}
		return true, err
	})
}

// strictMembers is members for the objects whose unknown members Elasticsearch calls fields.
func strictMembers(n *jsonval.Node, what string, known []string, handle func(key string, v *jsonval.Node) (bool, error)) error {
	for i, key := range n.Keys {
		v := &n.Items[i]
		found, err := handle(key, v)
		if err != nil {
			return err
		}
		if !found {
			return eserr.XContentParse("[%d:%d] [%s] unknown field [%s]%s", v.Line, v.Col, what, key, jsonval.DidYouMean(key, known))
		}
	}
	return nil
}

// sourceMembers is members for a search inside a reindex.
func sourceMembers(n *jsonval.Node, handle func(key string, v *jsonval.Node) (bool, error)) error {
	for i, key := range n.Keys {
		found, err := handle(key, &n.Items[i])
		if err != nil {
			return err
		}
		if !found {
			return unexpectedKind(&n.Items[i], key)
		}
	}
	return nil
}

// notOntoItself refuses to copy an index onto itself.
func (c *call) notOntoItself(source es.Target, dest string) error {
	indices, err := c.store.Indices(c.ctx(), source)
	if err != nil {
		return err
	}
	for i := range indices {
		named := slices.ContainsFunc(indices[i].Aliases, func(a es.Alias) bool { return a.Name == dest })
		if indices[i].Name == dest || named && len(indices) == 1 {
			return eserr.Validation("Validation Failed: 1: reindex cannot write into an index its reading from [%s];", dest)
		}
	}
	return nil
}
