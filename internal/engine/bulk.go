package engine

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"elkhorn/internal/engine/ingest"
	"elkhorn/internal/engine/wal"
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/mapping"
)

// pendingOp is one operation on its way through a bulk request.
type pendingOp struct {
	op   *es.BulkOp
	item *es.BulkItem
	row  int // in the chunk's batch; -1 for a delete
	// internal guards are those of an update's own read-modify-write.
	guard es.Guard
	// create refuses a document that is there already.
	create bool
	source []byte
}

// Bulk carries out the operations; see es.Bulker.
func (e *Engine) Bulk(ctx context.Context, req *es.BulkRequest) (*es.BulkResponse, error) {
	start := e.now()
	if err := e.logErr(); err != nil {
		return nil, err
	}
	bytes := 0
	for i := range req.Ops {
		bytes += len(req.Ops[i].Source)
	}
	release, err := e.memory.reserveWrite(ctx, int64(bytes))
	if err != nil {
		return nil, err
	}
	defer release()
	resp := &es.BulkResponse{Items: make([]es.BulkItem, len(req.Ops))}
	groups, err := e.groupOps(ctx, req, resp)
	if err != nil {
		return nil, err
	}
	var waitFor wal.Position
	for _, g := range groups {
		w := chunkWriter{ix: g.ix, ctx: ctx}
		began := e.now()
		if err := w.run(g.ops); err != nil {
			return nil, err
		}
		g.count(e.now().Sub(began))
		if !g.ix.settings.Load().async {
			waitFor = max(waitFor, w.pos)
		}
		if req.Refresh != es.RefreshNone {
			g.ix.refresh()
		}
	}
	if waitFor > 0 {
		if err := e.log.Wait(ctx, waitFor); err != nil {
			return nil, e.logFailure(err)
		}
	}
	e.notifyPublished()
	e.lastWrite.Store(e.now().UnixNano())
	resp.TookMillis = e.now().Sub(start).Milliseconds()
	return resp, nil
}

// opGroup is the operations of a bulk on one index, in order.
type opGroup struct {
	ix  *index
	ops []*pendingOp
}

// count adds the group to its index's statistics.
func (g *opGroup) count(took time.Duration) {
	bytes, deletes := 0, 0
	for _, p := range g.ops {
		bytes += len(p.source)
		if p.op.Action == es.ActionDelete {
			deletes++
		}
	}
	s := &g.ix.stats
	s.bulks.Add(1)
	s.bulkBytes.Add(int64(bytes))
	deleting := int64(took) * int64(deletes) / int64(max(len(g.ops), 1)) // they are carried out together
	s.deleteNanos.Add(deleting)
	s.indexNanos.Add(int64(took) - deleting)
	g.logSlowIndexing(took)
}

// groupOps finds each operation's index, making those that are missing. Operations that cannot go
// anywhere get their item's error at once.
func (e *Engine) groupOps(ctx context.Context, req *es.BulkRequest, resp *es.BulkResponse) ([]*opGroup, error) {
	type target struct {
		group *opGroup
		to    *writeTarget
		alias es.Alias
		err   error
	}
	targets := map[string]target{}
	written := map[string]bool{} // names that some operation writes a document to: these are made when missing
	created := map[string]bool{} // those of them that some operation creates a document in
	for i := range req.Ops {
		op := &req.Ops[i]
		if op.Action != es.ActionDelete || op.Guard.VersionType != "" {
			written[op.Index] = true
		}
		if op.Action == es.ActionCreate {
			created[op.Index] = true
		}
	}
	byIndex := map[*index]*opGroup{}
	var groups []*opGroup
	for i := range req.Ops {
		op, item := &req.Ops[i], &resp.Items[i]
		item.Action, item.Index, item.ID = op.Action, op.Index, op.ID
		if op.Err != nil {
			failItem(item, op.Err)
			continue
		}
		want := requirement{alias: op.RequireAlias || req.RequireAlias, stream: op.RequireDataStream || req.RequireDataStream}
		key := want.key(op.Index)
		t, ok := targets[key]
		if !ok {
			to, err := e.indexForWrite(ctx, op.Index, want, written[op.Index], created[op.Index])
			if err == nil {
				t.to, t.alias = to, to.aliasOf(op.Index)
				if t.group = byIndex[to.index]; t.group == nil {
					t.group = &opGroup{ix: to.index}
					byIndex[to.index] = t.group
					groups = append(groups, t.group)
				}
			}
			if err != nil && !errors.As(err, new(*eserr.Error)) {
				return nil, err
			}
			t.err = err
			targets[key] = t
		}
		if t.err != nil {
			failItem(item, eserr.From(t.err))
			continue
		}
		if refused := e.checkStreamWrite(t.to, op); refused != nil {
			failItem(item, refused)
			continue
		}
		if err := routeByAlias(&op.Routing, &t.alias); err != nil {
			failItem(item, err)
			continue
		}
		item.Index, item.Replicas = t.group.ix.name, t.group.ix.settings.Load().replicas
		t.group.ops = append(t.group.ops, &pendingOp{op: op, item: item, row: -1, guard: op.Guard, create: op.Action == es.ActionCreate, source: op.Source})
	}
	return groups, nil
}

// requirement is what an operation wants its index to be named by.
type requirement struct{ alias, stream bool }

// key tells apart targets of one name that are wanted differently.
func (r requirement) key(name string) string {
	if r.alias {
		name = "\x00alias:" + name
	}
	if r.stream {
		name = "\x00stream:" + name
	}
	return name
}

// check refuses a name that is not what the operation wants.
func (r requirement) check(name string, t *writeTarget) error {
	flag, what := "require_alias", "an alias"
	if r.stream && t.index != nil && t.stream == nil {
		flag, what = "require_data_stream", "a data stream"
	} else if !r.alias || t.alias {
		return nil
	}
	return eserr.New(http.StatusNotFound, "index_not_found_exception",
		"no such index [%s] and [%s] request flag is [true] and [%s] is not %s", name, flag, name, what).With("index_uuid", "_na_").With("index", name)
}

// indexForWrite finds or makes the index that operations on name write to, and checks that it may be written.
// Deletes alone make no index; creates are what data streams take.
func (e *Engine) indexForWrite(ctx context.Context, name string, want requirement, create, creates bool) (*writeTarget, error) {
	t, err := e.writeTarget(name)
	if err == nil {
		err = want.check(name, t)
	}
	switch {
	case err != nil:
		return nil, err
	case t.index == nil && !create:
		return nil, eserr.IndexNotFound(name)
	case t.index == nil:
		if t, err = e.autoCreate(ctx, name, creates); err == nil {
			err = want.check(name, t)
		}
	default:
		err = e.rolloverBeforeWrite(ctx, t)
	}
	if err != nil {
		return nil, err
	}
	if t.index.closed.Load() {
		return nil, eserr.IndexClosed(t.index.name, t.index.uuid)
	}
	return t, e.checkWritable(t.index)
}

// aliasOf is the alias of that name by which the target was found, of the zero value where it was not.
func (t *writeTarget) aliasOf(name string) es.Alias {
	for _, a := range t.index.aliasList() {
		if t.alias && a.Name == name {
			return a
		}
	}
	return es.Alias{}
}

// routeByAlias gives an operation on a document the routing of the alias that names the index.
func routeByAlias(routing *string, alias *es.Alias) *eserr.Error {
	own := alias.IndexRouting
	switch {
	case own == "":
		return nil
	case *routing != "" && *routing != own:
		return eserr.IllegalArgument("Alias [%s] has index routing associated with it [%s], and was provided with routing value [%s], rejecting operation", alias.Name, own, *routing)
	case strings.Contains(own, ","):
		return eserr.IllegalArgument("index/alias [%s] provided with routing value [%s] that resolved to several routing values, rejecting operation", alias.Name, own)
	}
	*routing = own
	return nil
}

// checkWritable applies index blocks and the disk's flood stage.
func (e *Engine) checkWritable(ix *index) error {
	for _, b := range ix.settings.Load().blocks {
		if b.write {
			return blockError(ix.name, b)
		}
	}
	if e.disk.flooded() {
		return blockError(ix.name, indexBlocks[1])
	}
	return nil
}

func blockError(name string, b indexBlock) error {
	class := "FORBIDDEN"
	if b.status == http.StatusTooManyRequests {
		class = "TOO_MANY_REQUESTS"
	}
	return eserr.ClusterBlock(b.status, "index [%s] blocked by: [%s/%d/%s];", name, class, b.id, b.reason)
}

// chunkWriter takes one index's operations in chunks, each of which becomes one batch.
type chunkWriter struct {
	ix      *index
	ctx     context.Context // of the one Bulk call it lives for
	builder *ingest.Builder
	chunk   []*pendingOp
	pos     wal.Position // of the last record appended
	seqs    seqBlocks    // that the look-ups read
}

// maxChunkOps bounds a chunk of deletes, which take no rows.
const maxChunkOps = 16_384

func (w *chunkWriter) run(ops []*pendingOp) error {
	w.builder = w.ix.engine.builders.Get().(*ingest.Builder)
	w.builder.Reset(w.ix.plan.Load())
	w.builder.SetNestedLimit(w.ix.settings.Load().nestedObjects)
	defer w.ix.engine.builders.Put(w.builder)
	for _, p := range ops {
		if err := w.take(p); err != nil {
			return err
		}
	}
	return w.commit()
}

// take adds one operation to the chunk. Errors are those that end the whole request.
func (w *chunkWriter) take(p *pendingOp) error {
	if len(w.chunk) >= maxChunkOps {
		if err := w.commit(); err != nil {
			return err
		}
	}
	if p.op.Routing == "" && w.ix.mapping().RoutingRequired() {
		failItem(p.item, w.ix.routingMissing(p.op.ID))
		return nil
	}
	switch p.op.Action {
	case es.ActionUpdate:
		if err := w.commit(); err != nil {
			return err
		}
		return w.update(p)
	case es.ActionDelete:
		if p.op.ID == "" {
			failItem(p.item, eserr.Validation("Validation Failed: 1: an id is required for a delete;"))
			return nil
		}
		w.chunk = append(w.chunk, p)
		return nil
	}
	return w.addDocument(p)
}

// routingMissing refuses an operation without the routing that the mapping requires.
func (ix *index) routingMissing(id string) *eserr.Error {
	return eserr.New(http.StatusBadRequest, "routing_missing_exception", "routing is required for [%s]/[%s]", ix.name, id).
		With("index_uuid", "_na_").With("index", ix.name)
}

// maxIDBytes is Elasticsearch's limit on the length of an id.
const maxIDBytes = 512

// maxGrowth bounds how often the mapping is grown for one document. Once is enough unless other
// documents change the mapping at the same time.
const maxGrowth = 20

// addDocument parses the document into the chunk's batch.
func (w *chunkWriter) addDocument(p *pendingOp) error {
	if len(p.op.ID) > maxIDBytes {
		failItem(p.item, eserr.Validation("Validation Failed: 1: id [%s] is too long, must be no longer than 512 bytes but was: %d;", p.op.ID, len(p.op.ID)))
		return nil
	}
	settings := w.ix.settings.Load()
	for attempt := 1; ; attempt++ {
		w.builder.SetFull(settings.ignoreBeyond && attempt > 1) // once it has grown up to the limit
		err := w.builder.Add(p.source)
		switch {
		case err == nil:
			p.row = w.builder.Rows() - 1
			w.chunk = append(w.chunk, p)
			return nil
		case errors.Is(err, ingest.ErrFull):
			if err := w.commit(); err != nil {
				return err
			}
		case errors.Is(err, ingest.ErrUnknownFields) && attempt > maxGrowth:
			return w.refuse(p, eserr.MapperParsing("the mapping of index [%s] does not settle for this document", w.ix.name))
		case errors.Is(err, ingest.ErrUnknownFields):
			if err := w.grow(p); err != nil {
				return w.refuse(p, err)
			}
		default:
			return w.refuse(p, err)
		}
	}
}

// refuse gives the item its error, or passes on one that concerns the whole request.
func (w *chunkWriter) refuse(p *pendingOp, err error) error {
	var refused *eserr.Error
	if !errors.As(err, &refused) || refused.Status == http.StatusServiceUnavailable {
		return err
	}
	w.ix.stats.refused(refused)
	failItem(p.item, withDocumentID(refused, p.op.ID))
	return nil
}

// withDocumentID puts the id into the message of a document that failed to parse, where
// Elasticsearch has it.
func withDocumentID(e *eserr.Error, id string) *eserr.Error {
	if e.Type != "document_parsing_exception" || id == "" {
		return e
	}
	const preview = ". Preview of field's value"
	out := *e
	if at := strings.Index(out.Reason, preview); at >= 0 {
		out.Reason = out.Reason[:at] + " in document with id '" + id + "'" + out.Reason[at:]
	}
	return &out
}

// grow extends the mapping by the fields of a document that it lacks. What the chunk holds so far was
// parsed by the old mapping and goes in first.
func (w *chunkWriter) grow(p *pendingOp) error {
	if err := w.commit(); err != nil {
		return err
	}
	pos, err := w.ix.growMapping(w.ctx, w.growth(p.source, p.op.DynamicTemplates))
	w.builder.Reset(w.ix.plan.Load())
	w.pos = max(w.pos, pos)
	return err
}

// growth is what a document asks of the mapping, once it is sure that the document fits what the mapping
// would become: a document that is refused must leave no fields behind.
func (w *chunkWriter) growth(source []byte, templates map[string]string) func(*mapping.Mapping) (*mapping.Mapping, error) {
	return func(m *mapping.Mapping) (*mapping.Mapping, error) {
		limit := 0
		if s := w.ix.settings.Load(); s.ignoreBeyond {
			limit = s.fieldLimit
		}
		next, err := ingest.GrowthUpTo(source, limit, templates)(m)
		if err != nil || next == m {
			return next, err
		}
		if err := w.ix.checkMappingLimits(next, m); err != nil {
			return nil, err
		}
		plan, err := w.ix.newPlan(next)
		if err != nil {
			return nil, err
		}
		w.builder.Reset(plan) // empty by now, and reset again when the mapping has grown
		if err := w.builder.Add(source); err != nil && !errors.Is(err, ingest.ErrUnknownFields) {
			return nil, err
		}
		return next, nil
	}
}

// failItem gives an item its error.
func failItem(item *es.BulkItem, err *eserr.Error) {
	item.Err, item.Status = err, err.Status
}

// versionConflict is the error of an operation whose guard does not hold.
func (ix *index) versionConflict(id, format string, args ...any) *eserr.Error {
	return eserr.VersionConflict(ix.name, id, format, args...).With("index_uuid", ix.uuid).With("shard", "0")
}

// checkGuard applies optimistic concurrency control against the document's present state.
func (ix *index) checkGuard(p *pendingOp, now docState) *eserr.Error {
	g, id := &p.guard, p.op.ID
	switch {
	case g.HasSeqNo && (!now.exists || now.seq != g.SeqNo || g.PrimaryTerm != primaryTerm):
		if !now.exists {
			return ix.versionConflict(id, "required seqNo [%d], primary term [%d]. but no document was found", g.SeqNo, g.PrimaryTerm)
		}
		return ix.versionConflict(id, "required seqNo [%d], primary term [%d]. current document has seqNo [%d] and primary term [%d]",
			g.SeqNo, g.PrimaryTerm, now.seq, primaryTerm)
	case p.create && now.exists:
		return ix.versionConflict(id, "document already exists (current version [%d])", now.version)
	case g.VersionType == "external" && now.known && g.Version <= now.version:
		return ix.versionConflict(id, "current version [%d] is higher or equal to the one provided [%d]", now.version, g.Version)
	case g.VersionType == "external_gte" && now.known && g.Version < now.version:
		return ix.versionConflict(id, "current version [%d] is higher than the one provided [%d]", now.version, g.Version)
	}
	return nil
}

// docState is what is known of a document id.
type docState struct {
	known   bool // there is or was such a document, as far as anyone remembers
	exists  bool
	seq     int64
	version int64
}

// refresh makes what is pending visible.
func (ix *index) refresh() {
	began := ix.engine.now()
	ix.views.refresh()
	ix.stats.refreshes.Add(1)
	ix.stats.refreshNanos.Add(int64(ix.engine.now().Sub(began)))
}

// sortedUnique sorts rows and drops repeats.
func sortedUnique(rows []uint32) []uint32 {
	slices.Sort(rows)
	return slices.Compact(rows)
}
