package api

import (
	"slices"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// reindexDest is where and how copies are written.
type reindexDest struct {
	index, pipeline, versionType string
	action                       es.Action
	// routing of the copies: "" or "keep" as it was, "discard" for none, "=x" for x.
	routing string
}

// reindex answers POST /_reindex: it copies documents to another index.
func (s *Server) reindex(c *call) (answer, error) {
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	w, dest := newSweep(&reindexing), reindexDest{action: es.ActionIndex}
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
	if err := c.sweepParams(w); err != nil {
		return answer{}, err
	}
	if err := dest.validate(w); err != nil {
		return answer{}, err
	}
	switch {
	case w.remote != nil:
		err = w.remote.open(c.opts.RemoteAllowed)
	default:
		err = c.notOntoItself(w.search.Target, dest.index)
	}
	if err != nil {
		return answer{}, err
	}
	w.writeOp = dest.op
	from := strings.Join(w.search.Target.Names, ", ")
	if w.remote != nil {
		from = w.remote.String()
	}
	c.describeAs("reindex from [" + from + "] to [" + dest.index + "]")
	return c.sweep(w)
}

// validate refuses what makes no sense together.
func (d *reindexDest) validate(w *sweep) error {
	switch {
	case d.index == "":
		return eserr.Validation("Validation Failed: 1: index must be specified;")
	case len(w.search.Target.Names) == 0:
		return eserr.Validation("Validation Failed: 1: use _all if you really want to copy from all existing indexes;")
	case d.routing != "" && d.routing != "keep" && d.routing != "discard" && !strings.HasPrefix(d.routing, "="):
		return eserr.Validation("Validation Failed: 1: routing must be unset, [keep], [discard] or [=<some new value>];")
	case d.action == es.ActionCreate && d.versionType != "":
		return eserr.Validation("Validation Failed: 1: create operations only support internal versioning. use index instead;")
	}
	return nil
}

// op is the write that copies a document.
func (d *reindexDest) op(hit *es.Hit) (es.BulkOp, bool, error) {
	op := es.BulkOp{Action: d.action, Index: d.index, ID: hit.ID, Routing: hit.Routing, Source: hit.Source, Pipeline: d.pipeline}
	switch {
	case d.routing == "discard":
		op.Routing = ""
	case strings.HasPrefix(d.routing, "="):
		op.Routing = d.routing[1:]
	}
	if d.versionType != "" && hit.Version != nil {
		op.Guard = es.Guard{Version: *hit.Version, VersionType: d.versionType}
	}
	return op, false, nil
}

func (c *call) reindexSource(w *sweep, n *jsonval.Node) error {
	if n.Kind != jsonval.Object {
		return eserr.XContentParse("[%d:%d] [reindex] source doesn't support values of type: %s", n.Line, n.Col, n.Kind)
	}
	if remote := n.Get("remote"); remote != nil {
		var err error
		if w.remote, err = readRemote(remote); err != nil {
			return eserr.XContentParse("[%d:%d] [reindex] failed to parse field [source]", n.Line, n.Col).Because(err)
		}
	}
	return sourceMembers(n, func(key string, v *jsonval.Node) (bool, error) {
		var err error
		switch key {
		case "remote":
		case "index", "indices":
			var names []string
			if names, err = stringList(v, key); err == nil {
				if len(names) == 1 {
					names = splitList(names[0])
				}
				w.search.Target, err = c.targetOf(names, openIndices)
			}
		case "query":
			if w.remote != nil {
				w.remote.query = append([]byte(nil), v.Raw...) // the other store reads it
				break
			}
			w.search.Query, err = query.ParseNode(v)
		case "_source":
			if w.search.Source, err = parseSourceFilter(v); w.search.Source.Disabled {
				err = eserr.IllegalArgument("_source:false is not supported in this context")
			}
		case "size": // of a page
			var size int
			if err := readCount(&size, key, v); err != nil {
				return true, eserr.NumberFormat(v.Text)
			}
			w.page = int64(size)
		case "slice":
			err = readSlice(&w.search, v)
		case "sort":
			err = readSort(&w.search, v)
		case "runtime_mappings":
			err = readSearchMember(&w.search, key, v)
		case "from", "stored_fields", "fields":
			err = eserr.IllegalArgument("%s is not supported in this context", key)
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
			d.routing = v.Text
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
