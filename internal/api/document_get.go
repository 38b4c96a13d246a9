package api

import (
	"net/http"
	"slices"
	"strconv"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/result"
)

// getDocument answers GET and HEAD /{index}/_doc/{id}.
func (s *Server) getDocument(c *call) (answer, error) {
	res, err := c.get()
	if err != nil {
		return answer{}, err
	}
	_, asked := c.sourceFilter()
	fields, err := c.storedFields(res, splitList(c.text("stored_fields")), asked)
	if err != nil {
		return answer{}, err
	}
	a := answer{body: appendGet(nil, res, fields)}
	if !res.Found {
		a.status = http.StatusNotFound
	}
	return a, nil
}

// getSource answers GET and HEAD /{index}/_source/{id}: the document alone.
func (s *Server) getSource(c *call) (answer, error) {
	if filter, _ := c.sourceFilter(); filter.Disabled {
		return answer{}, eserr.Validation("Validation Failed: 1: fetching source can not be disabled;")
	}
	res, err := c.get()
	if err != nil {
		return answer{}, err
	}
	if !res.Found {
		return answer{}, eserr.ResourceNotFound("Document not found [%s]/[%s]", c.path("index"), c.path("id"))
	}
	if res.Source == nil {
		return answer{}, eserr.ResourceNotFound("Source not found [%s]/[%s]", c.path("index"), c.path("id"))
	}
	return ok(res.Source)
}

// get fetches the document that the path names.
func (c *call) get() (*es.GetResponse, error) {
	index, err := c.oneIndex()
	if err != nil {
		return nil, err
	}
	filter, _ := c.sourceFilter()
	req := &es.GetRequest{
		Index:       index,
		ID:          c.path("id"),
		Routing:     c.text("routing"),
		NotRealtime: !c.flagOr("realtime", true),
		Source:      filter,
	}
	if c.given("version") {
		n, ok := jsonval.Str(c.text("version")).Int64()
		if !ok {
			return nil, eserr.IllegalArgument("Failed to parse long parameter [version] with value [%s]", c.text("version"))
		}
		req.Version, req.VersionType = n, c.text("version_type")
		if req.VersionType == "" {
			req.VersionType = "internal"
		}
	}
	if err := c.refreshFirst(index); err != nil {
		return nil, err
	}
	return c.store.Get(c.ctx(), req)
}

// refreshFirst makes pending documents of an index visible when the request asks for that.
func (c *call) refreshFirst(index string) error {
	if c.refreshMode() == es.RefreshNone {
		return nil
	}
	_, err := c.store.Apply(c.ctx(), &es.RefreshIndices{Target: es.Target{Names: []string{index}}})
	return err
}

// refreshAll is refreshFirst for the indices of many gets; those that do not exist are reported later.
func (c *call) refreshAll(requests []mgetRequest) error {
	if c.refreshMode() == es.RefreshNone {
		return nil
	}
	target := es.Target{IgnoreUnavailable: true}
	for i := range requests {
		if !slices.Contains(target.Names, requests[i].Index) {
			target.Names = append(target.Names, requests[i].Index)
		}
	}
	_, err := c.store.Apply(c.ctx(), &es.RefreshIndices{Target: target})
	return err
}

// appendGet prints a document that was fetched by id, with the stored fields asked for.
func appendGet(dst []byte, res *es.GetResponse, fields []result.Field) []byte {
	w := jsonval.Begin(dst)
	w.String("_index", res.Index)
	w.String("_id", res.ID)
	if res.Found {
		w.Int("_version", res.Version)
		w.Int("_seq_no", res.SeqNo)
		w.Int("_primary_term", res.PrimaryTerm)
		w.StringIf("_routing", res.Routing)
	}
	w.Bool("found", res.Found)
	if res.Found && res.Source != nil {
		w.Raw("_source", res.Source)
	}
	if len(fields) > 0 {
		w.Raw("fields", object(func(w *jsonval.Writer) {
			for _, f := range fields {
				w.Raw(f.Name, f.Values)
			}
		}))
	}
	return w.End()
}

// sourceFilter reads the parameters that say how much of _source to return. given is false when
// there is none of them.
func (c *call) sourceFilter() (filter es.SourceFilter, given bool) {
	if source := c.text("_source"); source != "" {
		given = true
		switch source {
		case "true":
		case "false":
			filter.Disabled = true
		default:
			filter.Includes = splitList(source)
		}
	}
	for _, name := range []string{"_source_includes", "_source_include"} {
		if v := splitList(c.text(name)); len(v) > 0 {
			filter.Includes, given = v, true
		}
	}
	for _, name := range []string{"_source_excludes", "_source_exclude"} {
		if v := splitList(c.text(name)); len(v) > 0 {
			filter.Excludes, given = v, true
		}
	}
	return filter, given
}

// mget answers GET and POST /_mget.
func (s *Server) mget(c *call) (answer, error) {
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	requests, err := c.mgetRequests(body)
	if err != nil {
		return answer{}, err
	}
	if err := c.refreshAll(requests); err != nil {
		return answer{}, err
	}
	dst := []byte(`{"docs":[`)
	for i := range requests {
		if i > 0 {
			dst = append(dst, ',')
		}
		before := len(dst)
		if dst, err = c.appendMget(dst, &requests[i]); err != nil {
			return answer{}, err
		}
		if err := c.charge(int64(len(dst) - before)); err != nil {
			return answer{}, err
		}
	}
	return ok(append(dst, `]}`...))
}

// mgetRequest is one document of a multi get.
type mgetRequest struct {
	es.GetRequest
	storedFields []string
	asksSource   bool // says itself how much of _source it wants
}

// appendMget prints one document, or why it cannot be had.
func (c *call) appendMget(dst []byte, req *mgetRequest) ([]byte, error) {
	res, err := c.store.Get(c.ctx(), &req.GetRequest)
	if err == nil {
		var fields []result.Field
		if fields, err = c.storedFields(res, req.storedFields, req.asksSource); err == nil {
			return appendGet(dst, res, fields), nil
		}
	}
	if c.ctx().Err() != nil {
		return dst, c.ctx().Err()
	}
	w := jsonval.Begin(dst)
	w.String("_index", req.Index)
	w.String("_id", req.ID)
	w.Raw("error", eserr.From(err).Append(nil))
	return w.End(), nil
}

// mgetRequests reads the docs or ids of the body.
func (c *call) mgetRequests(body *jsonval.Node) ([]mgetRequest, error) {
	filter, asked := c.sourceFilter()
	base := mgetRequest{
		GetRequest:   es.GetRequest{Index: c.path("index"), Routing: c.text("routing"), NotRealtime: !c.flagOr("realtime", true), Source: filter},
		storedFields: splitList(c.text("stored_fields")), asksSource: asked,
	}
	var requests []mgetRequest
	err := members(body, "multi get", []string{"docs", "ids"}, func(key string, n *jsonval.Node) (bool, error) {
		if key != "docs" && key != "ids" {
			return false, nil
		}
		if n.Kind != jsonval.Array {
			return true, eserr.ParsingException(n.Line, n.Col, "unexpected token [%s], expected [START_ARRAY]", n.Kind)
		}
		for i := range n.Items {
			req := base
			if err := c.mgetDoc(&req, key, &n.Items[i]); err != nil {
				return true, err
			}
			requests = append(requests, req)
		}
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	if len(requests) == 0 {
		return nil, eserr.Validation("Validation Failed: 1: no documents to get;")
	}
	return requests, validateMget(requests)
}

// mgetDoc reads one element: an id, or an object.
func (c *call) mgetDoc(req *mgetRequest, key string, n *jsonval.Node) error {
	if key == "ids" {
		if !n.IsScalar() {
			return eserr.IllegalArgument("ids array element should only contain ids")
		}
		req.ID = n.Text
		return nil
	}
	if n.Kind != jsonval.Object {
		return eserr.IllegalArgument("docs array element should include an object")
	}
	known := []string{"_index", "_id", "routing", "_source", "stored_fields", "version", "version_type"}
	return members(n, "multi get document", known, func(key string, v *jsonval.Node) (bool, error) {
		switch key {
		case "_index":
			req.Index = v.Text
		case "_id":
			req.ID = v.Text
		case "routing":
			req.Routing = v.Text
		case "_type":
		case "version":
			number, ok := v.Scalar().Int64()
			if !ok {
				return true, eserr.IllegalArgument("Failed to parse long parameter [version] with value [%s]", v.Text)
			}
			if req.Version = number; req.VersionType == "" {
				req.VersionType = "internal"
			}
		case "version_type":
			req.VersionType = v.Text
		case "_source":
			filter, err := parseSourceFilter(v)
			req.Source, req.asksSource = filter, true
			return true, err
		case "stored_fields":
			var err error
			req.storedFields, err = stringList(v, key)
			return true, err
		default:
			return false, nil
		}
		return true, nil
	})
}

func validateMget(requests []mgetRequest) error {
	faults := ""
	count := 0
	for i := range requests {
		switch {
		case requests[i].Index == "":
			count++
			faults += strconv.Itoa(count) + ": index is missing for doc " + strconv.Itoa(i) + ";"
		case requests[i].ID == "":
			count++
			faults += strconv.Itoa(count) + ": id is missing for doc " + strconv.Itoa(i) + ";"
		}
		if count == maxValidationFailures {
			break
		}
	}
	if count > 0 {
		return eserr.Validation("Validation Failed: %s", faults)
	}
	return nil
}
