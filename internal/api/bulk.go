package api

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// bulk answers POST and PUT /_bulk.
func (s *Server) bulk(c *call) (answer, error) {
	data, err := c.readBody()
	if err != nil {
		return answer{}, err
	}
	defaults := bulkDefaults{
		routing:       c.text("routing"),
		requireAlias:  c.flag("require_alias"),
		requireStream: c.flag("require_data_stream"),
		source:        c.updateSource(),
		resolve:       func(name string) (string, error) { return resolveName(name, c.now()) },
		charge:        c.charge,
	}
	lists := pipelineLists{usual: c.flag("list_executed_pipelines")}
	defaults.listPipelines = lists.set
	if defaults.index, err = c.oneIndex(); err != nil {
		return answer{}, err
	}
	ops, err := parseBulk(data, defaults)
	if err != nil {
		return answer{}, err
	}
	c.checkCopies(ops)
	res, err := s.store.Bulk(c.ctx(), &es.BulkRequest{Ops: ops, Refresh: c.refreshMode(), Pipeline: c.text("pipeline")})
	if err != nil {
		return answer{}, err
	}
	defer recycle(data) // the store keeps no source, and the answer is printed before this runs
	return ok(appendBulkResponse(nil, res, c.refreshMode() == es.RefreshTrue, &lists))
}

// defaultWriteTimeout is how long Elasticsearch waits for copies when a write does not say.
const defaultWriteTimeout = "1m"

// checkCopies lets every operation fail that wants more copies than the one there is.
func (c *call) checkCopies(ops []es.BulkOp) {
	if copies := c.number("wait_for_active_shards", 1); copies > 1 {
		tooFewCopies(ops, copies, c.text("timeout"))
	}
}

// tooFewCopies lets operations fail because more copies are wanted than there are. There will be no more however long one waits.
func tooFewCopies(ops []es.BulkOp, copies int64, timeout string) {
	if timeout == "" {
		timeout = defaultWriteTimeout
	}
	together := map[string]int{} // operations by index
	for i := range ops {
		together[ops[i].Index]++
	}
	for i := range ops {
		op := &ops[i]
		if op.Err != nil {
			continue
		}
		request := fmt.Sprintf("%d] requests", together[op.Index])
		if together[op.Index] == 1 {
			request = describeOp(op) + "]"
		}
		op.Err = eserr.New(http.StatusServiceUnavailable, "unavailable_shards_exception",
			"[%s][0] Not enough active copies to meet shard count of [%d] (have 1, needed %d). Timeout: [%s], request: [BulkShardRequest [[%s][0]] containing [%s]",
			op.Index, copies, copies, timeout, op.Index, request)
	}
}

// maxDescribedBytes is how long a source may be that is told in an error.
const maxDescribedBytes = 2048

// describeOp tells of a single operation as Elasticsearch does.
func describeOp(op *es.BulkOp) string {
	switch source := strings.TrimSpace(string(op.Source)); {
	case op.Action == es.ActionDelete:
		return fmt.Sprintf("delete {[%s][%s]}", op.Index, op.ID)
	case op.Action == es.ActionUpdate:
		return fmt.Sprintf("update {[%s][%s]}", op.Index, op.ID)
	case len(source) > maxDescribedBytes:
		return fmt.Sprintf("index {[%s][%s], source[n/a, actual length: [%s], max length: 2kb]}", op.Index, op.ID, es.ByteSize(len(source)))
	default:
		return fmt.Sprintf("index {[%s][%s], source[%s]}", op.Index, op.ID, source)
	}
}

// refreshMode reads the refresh parameter.
func (c *call) refreshMode() es.Refresh {
	switch {
	case !c.given("refresh") || c.text("refresh") == "false":
		return es.RefreshNone
	case c.text("refresh") == "wait_for":
		return es.RefreshWait
	default:
		return es.RefreshTrue
	}
}

// updateSource is the _source member that the parameters ask updates to answer with, or nil.
func (c *call) updateSource() []byte {
	filter, given := c.sourceFilter()
	if !given {
		return nil
	}
	if filter.Disabled {
		return []byte("false")
	}
	return object(func(w *jsonval.Writer) {
		w.Strings("includes", filter.Includes)
		w.Strings("excludes", filter.Excludes)
	})
}

// pipelineLists says which items of a bulk name the pipelines that their documents went through.
type pipelineLists struct {
	usual bool
	other map[int]bool // operations that say otherwise
}

func (l *pipelineLists) set(op int, list bool) {
	if list == l.usual {
		return
	}
	if l.other == nil {
		l.other = map[int]bool{}
	}
	l.other[op] = true
}

func (l *pipelineLists) of(op int) bool { return l.usual != l.other[op] }

// appendBulkResponse prints the answer to a bulk request. refreshed says that it asked for a refresh.
func appendBulkResponse(dst []byte, res *es.BulkResponse, refreshed bool, lists *pipelineLists) []byte {
	const itemBytes = 200 // a usual item
	if dst == nil {
		dst = make([]byte, 0, 64+itemBytes*len(res.Items))
	}
	dst = append(dst, `{"errors":`...)
	dst = strconv.AppendBool(dst, res.HasErrors())
	dst = append(dst, `,"took":`...)
	dst = strconv.AppendInt(dst, res.TookMillis, 10)
	dst = appendIngestTook(dst, res)
	dst = append(dst, `,"items":[`...)
	for i := range res.Items {
		if i > 0 {
			dst = append(dst, ',')
		}
		item := &res.Items[i]
		dst = append(dst, `{"`...)
		dst = append(dst, item.Action.String()...)
		dst = append(dst, `":`...)
		dst = appendBulkItem(dst, item, refreshed)
		if lists.of(i) {
			dst = append(appendPipelines(dst[:len(dst)-1], item.Pipelines), '}')
		}
		dst = append(dst, '}')
	}
	return append(dst, `]}`...)
}

func appendBulkItem(dst []byte, item *es.BulkItem, refreshed bool) []byte {
	dst = append(dst, `{"_index":`...)
	dst = jsonval.AppendString(dst, item.Index)
	dst = append(dst, `,"_id":`...)
	if item.ID == "" {
		dst = append(dst, "null"...)
	} else {
		dst = jsonval.AppendString(dst, item.ID)
	}
	if item.Err != nil {
		dst = append(dst, `,"status":`...)
		dst = strconv.AppendInt(dst, int64(itemStatus(item)), 10)
		dst = append(dst, `,"error":`...)
		dst = item.Err.AppendItem(dst)
		return append(dst, '}')
	}
	dst = appendWriteResult(dst, item, refreshed)
	dst = append(dst, `,"status":`...)
	dst = strconv.AppendInt(dst, int64(item.Status), 10)
	if item.Get != nil {
		dst = append(dst, `,"get":`...)
		dst = appendUpdatedDoc(dst, item)
	}
	return append(dst, '}')
}

// itemStatus is the status of a failed item.
func itemStatus(item *es.BulkItem) int {
	if item.Status >= http.StatusBadRequest {
		return item.Status
	}
	return item.Err.Status
}

// appendWriteResult prints the members that a bulk item and the answer to a single write share.
func appendWriteResult(dst []byte, item *es.BulkItem, refreshed bool) []byte {
	dst = append(dst, `,"_version":`...)
	dst = strconv.AppendInt(dst, item.Version, 10)
	dst = append(dst, `,"result":"`...)
	dst = append(dst, item.Result...)
	switch {
	case item.SeqNo < 0: // dropped by a pipeline
		return append(dst, `","_shards":{"total":0,"successful":0,"failed":0}`...)
	case refreshed:
		dst = append(dst, `","forced_refresh":true,"_shards":{"total":`...)
	default:
		dst = append(dst, `","_shards":{"total":`...)
	}
	dst = strconv.AppendInt(dst, 1+int64(item.Replicas), 10)
	dst = append(dst, `,"successful":1,"failed":0},"_seq_no":`...)
	dst = strconv.AppendInt(dst, item.SeqNo, 10)
	dst = append(dst, `,"_primary_term":`...)
	return strconv.AppendInt(dst, item.PrimaryTerm, 10)
}

// appendNoop is appendWriteResult for an update by itself that changed nothing.
func appendNoop(dst []byte, item *es.BulkItem) []byte {
	dst = append(dst, `,"_version":`...)
	dst = strconv.AppendInt(dst, item.Version, 10)
	dst = append(dst, `,"result":"noop","_shards":{"total":0,"successful":0,"failed":0},"_seq_no":`...)
	dst = strconv.AppendInt(dst, item.SeqNo, 10)
	dst = append(dst, `,"_primary_term":`...)
	return strconv.AppendInt(dst, item.PrimaryTerm, 10)
}

// appendUpdatedDoc prints the document that an update was asked to answer with.
func appendUpdatedDoc(dst []byte, item *es.BulkItem) []byte {
	w := jsonval.Begin(dst)
	w.Int("_seq_no", item.SeqNo)
	w.Int("_primary_term", item.PrimaryTerm)
	w.Bool("found", true)
	w.Raw("_source", item.Get)
	return w.End()
}
