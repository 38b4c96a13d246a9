package api

import (
	"net/http"
	"net/url"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// indexDocument answers PUT and POST /{index}/_doc[/{id}].
func (s *Server) indexDocument(c *call) (answer, error) {
	action := es.ActionIndex
	switch op := c.text("op_type"); op {
	case "":
		if c.path("id") == "" { // nothing can be overwritten; data streams take creates only
			action = es.ActionCreate
		}
	case "index":
	case "create":
		action = es.ActionCreate
	default:
		return answer{}, eserr.IllegalArgument("opType must be 'create' or 'index', found: [%s]", op)
	}
	return s.writeDocument(c, action)
}

// createDocument answers PUT and POST /{index}/_create/{id}.
func (s *Server) createDocument(c *call) (answer, error) { return s.writeDocument(c, es.ActionCreate) }

// updateDocument answers POST /{index}/_update/{id}.
func (s *Server) updateDocument(c *call) (answer, error) { return s.writeDocument(c, es.ActionUpdate) }

// deleteDocument answers DELETE /{index}/_doc/{id}.
func (s *Server) deleteDocument(c *call) (answer, error) { return s.writeDocument(c, es.ActionDelete) }

// writeDocument carries out one write as a bulk request of one operation.
func (s *Server) writeDocument(c *call, action es.Action) (answer, error) {
	op, err := c.writeOp(action)
	if err != nil {
		return answer{}, err
	}
	ops := []es.BulkOp{op}
	c.checkCopies(ops)
	res, err := s.store.Bulk(c.ctx(), &es.BulkRequest{Ops: ops, Refresh: c.refreshMode(), Single: true})
	if err != nil {
		return answer{}, err
	}
	item := &res.Items[0]
	if item.Err != nil {
		return answer{}, item.Err
	}
	return c.written(item), nil
}

// writeOp reads the operation from the path, the parameters and the body.
func (c *call) writeOp(action es.Action) (es.BulkOp, error) {
	op := es.BulkOp{
		Action:       action,
		ID:           c.path("id"),
		Routing:      c.text("routing"),
		Pipeline:     c.text("pipeline"),
		RequireAlias: c.flag("require_alias"),

		RequireDataStream: c.flag("require_data_stream"),
	}
	var err error
	if err = c.checkPipeline(); err != nil {
		return op, err
	}
	if op.Index, err = c.oneIndex(); err != nil {
		return op, err
	}
	if err = c.guardOf(&op); err != nil {
		return op, err
	}
	if len(op.ID) > maxIDBytes {
		return op, eserr.Validation("Validation Failed: 1: id [%s] is too long, must be no longer than 512 bytes but was: %d;", op.ID, len(op.ID))
	}
	if action == es.ActionUpdate && op.Guard.HasSeqNo && c.number("retry_on_conflict", 0) > 0 {
		return op, eserr.Validation("Validation Failed: 1: compare and write operations can not be retried;")
	}
	if action == es.ActionDelete {
		return op, nil
	}
	if op.Source, err = c.readBody(); err != nil {
		return op, err
	}
	if len(op.Source) == 0 {
		return op, eserr.ParseException("request body is required")
	}
	if source := c.updateSource(); action == es.ActionUpdate && source != nil {
		op.Source = withMember(op.Source, "_source", source)
	}
	return op, nil
}

// guardOf reads the parameters of optimistic concurrency control.
func (c *call) guardOf(op *es.BulkOp) error {
	if c.given("if_seq_no") || c.given("if_primary_term") {
		op.Guard = es.Guard{HasSeqNo: true, SeqNo: c.number("if_seq_no", -1), PrimaryTerm: c.number("if_primary_term", 0)}
		switch {
		case !c.given("if_primary_term") || op.Guard.PrimaryTerm == 0:
			return eserr.Validation("Validation Failed: 1: ifSeqNo is set, but primary term is [0];")
		case op.Guard.SeqNo < 0:
			return eserr.Validation("Validation Failed: 1: ifSeqNo is unassigned, but primary term is [%d];", op.Guard.PrimaryTerm)
		}
	}
	if !c.given("version") && !c.given("version_type") {
		return nil
	}
	if op.Guard.HasSeqNo {
		return eserr.Validation("Validation Failed: 1: compare and write operations can not use versioning;")
	}
	n, ok := jsonval.Str(c.text("version")).Int64()
	if !ok {
		return eserr.IllegalArgument("Failed to parse long parameter [version] with value [%s]", c.text("version")).Because(eserr.NumberFormat(c.text("version")))
	}
	op.Guard.Version, op.Guard.VersionType = n, c.text("version_type")
	switch op.Guard.VersionType {
	case "external", "external_gt", "external_gte":
		if op.Action == es.ActionCreate {
			return eserr.Validation("Validation Failed: 1: create operations only support internal versioning. use index instead;")
		}
		return nil
	case "", "internal":
		return eserr.Validation("Validation Failed: 1: internal versioning can not be used for optimistic concurrency control. Please use `if_seq_no` and `if_primary_term` instead;")
	default:
		return eserr.IllegalArgument("No version type match [%s]", op.Guard.VersionType)
	}
}

// written prints the answer to a single write that succeeded.
func (c *call) written(item *es.BulkItem) answer {
	body := jsonval.AppendString([]byte(`{"_index":`), item.Index)
	body = jsonval.AppendString(append(body, `,"_id":`...), item.ID)
	if item.Result == "noop" { // alone, it has touched no shard
		body = appendNoop(body, item)
	} else {
		body = appendWriteResult(body, item, c.refreshMode() == es.RefreshTrue)
	}
	if item.Get != nil {
		body = append(body, `,"get":`...)
		body = appendUpdatedDoc(body, item)
	}
	a := answer{status: item.Status, body: append(body, '}')}
	if item.Status == http.StatusCreated {
		a.header = map[string]string{"Location": "/" + url.PathEscape(item.Index) + "/_doc/" + url.PathEscape(item.ID)}
	}
	return a
}
