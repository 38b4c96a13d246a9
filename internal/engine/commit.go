package engine

import (
	"net/http"
	"runtime"
	"time"

	"github.com/klauspost/compress/s2"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/engine/wal"
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
)

// commit gives the chunk's operations their sequence numbers, logs them and publishes the batch.
func (w *chunkWriter) commit() error {
	if len(w.chunk) == 0 {
		return nil
	}
	data := w.builder.Finish()
	rows := data.Block.Rows
	buf := w.ix.engine.packBuffers.get()
	defer w.ix.engine.packBuffers.put(buf)
	packed := buf.pack(w.chunk, nil)
	known, err := w.lookupChunk()
	if err != nil {
		return err
	}
	c := &chunkCommit{chunkWriter: w, ix: w.ix, known: known, seqs: &w.seqs, rowSeqs: make([]int64, rows), versions: make([]int64, rows),
		ids: make([]string, rows), routings: make([]string, rows), chunkRows: map[int64]int{}, older: map[*partCore][]uint32{}}
	if err := c.apply(&data, packed, buf); err != nil {
		return err
	}
	w.chunk = w.chunk[:0]
	for _, path := range w.builder.Plain() {
		w.ix.warnPlain(path)
	}
	w.builder.Reset(w.ix.plan.Load())
	return nil
}

// warnPlain says, once per field, that documents have plain values where the mapping has nested objects.
func (ix *index) warnPlain(path string) {
	if _, warned := ix.warnedPlain.LoadOrStore(path, true); !warned {
		ix.logger.Warn("documents have plain values where the mapping has nested objects: each is taken as an object's only field",
			"index", ix.name, "field", path)
	}
}

// packBuffer is memory for the sources of a chunk, joined and packed; it is used again for the next.
type packBuffer struct{ sources, packed, record []byte }

// packBuffers are those that are not in use. A sync.Pool would let go of them at every collection, and a load makes many: they were
// a third of all that it allocated.
type packBuffers chan *packBuffer

// maxKeptPackBytes is the largest buffer that is kept; a bulk of 5,000 documents takes 8 MB.
const maxKeptPackBytes = 24 << 20

func newPackBuffers() packBuffers { return make(packBuffers, runtime.GOMAXPROCS(0)) }

func (p packBuffers) get() *packBuffer {
	select {
	case b := <-p:
		return b
	default:
		return new(packBuffer)
	}
}

func (p packBuffers) put(b *packBuffer) {
	if cap(b.sources)+cap(b.packed)+cap(b.record) > maxKeptPackBytes {
		return
	}
	select {
	case p <- b:
	default:
	}
}

// drop lets go of all.
func (p packBuffers) drop() {
	for {
		select {
		case <-p:
		default:
			return
		}
	}
}

// pack joins the sources of the chunk's documents, but for the refused, and packs them. The answer is
// good until the next call.
func (b *packBuffer) pack(chunk []*pendingOp, refused map[*pendingOp]bool) []byte {
	size := 0
	for _, p := range chunk {
		if p.row >= 0 && !refused[p] {
			size += len(p.source)
		}
	}
	if b.sources = b.sources[:0]; cap(b.sources) < size {
		b.sources = make([]byte, 0, size+size/8)
	}
	for _, p := range chunk {
		if p.row >= 0 && !refused[p] {
			b.sources = append(b.sources, p.source...)
		}
	}
	if need := s2.MaxEncodedLen(len(b.sources)); cap(b.packed) < need {
		b.packed = make([]byte, need+need/8)
	}
	return s2.Encode(b.packed[:cap(b.packed)], b.sources)
}

// chunkCommit is the state of one commit. All of it happens under the index's write lock.
type chunkCommit struct {
	*chunkWriter
	ix      *index
	known   map[string]docState // what segments say of the chunk's explicit ids
	logged  []loggedOp
	refused map[*pendingOp]bool

	rowSeqs, versions []int64 // per row of the batch
	ids, routings     []string
	dead              []uint32      // rows of the batch that never become visible
	chunkRows         map[int64]int // sequence number → row, for documents of this very chunk
	older             map[*partCore][]uint32
	changes           []idChange
	seqs              *seqBlocks
}

// idChange is a new entry of index.write.recent.
type idChange struct {
	id string
	op recentOp
}

func (c *chunkCommit) apply(data *segment.BatchData, packed []byte, buf *packBuffer) error {
	ix := c.ix
	ix.write.Lock()
	defer ix.write.Unlock()
	if ix.dropped.Load() {
		return eserr.IndexNotFound(ix.name)
	}
	view := ix.views.acquire(true)
	defer view.release()
	first := ix.write.nextSeq
	for _, p := range c.chunk {
		if err := c.decide(p, view); err != nil {
			ix.write.nextSeq = first
			c.forget()
			return err
		}
	}
	if len(c.logged) == 0 {
		return nil
	}
	if len(c.refused) > 0 {
		packed = buf.pack(c.chunk, c.refused)
	}
	buf.record = append(appendDocsHeader(buf.record[:0], c.logged), packed...)
	pos, err := ix.engine.log.Append(c.ctx, wal.Record{Kind: recordDocs, Index: ix.uuid, Payload: buf.record, Packed: true})
	if err != nil {
		ix.write.nextSeq = first
		c.forget()
		return ix.engine.logFailure(err)
	}
	c.pos = pos
	ix.notePosLocked(pos)
	parts, err := c.parts(view, data)
	if err != nil {
		return err
	}
	ix.views.set(parts, ix.settings.Load().withhold)
	ix.noteIngested(data.Block, packed)
	return nil
}

// forget undoes what decide noted, after a failure before anything was logged.
func (c *chunkCommit) forget() {
	for i := len(c.changes) - 1; i >= 0; i-- {
		ch := &c.changes[i]
		if ch.op.seq < 0 {
			delete(c.ix.write.recent, ch.id)
		} else {
			c.ix.write.recent[ch.id] = ch.op
		}
	}
}

// decide checks one operation against the document's present state and numbers it.
func (c *chunkCommit) decide(p *pendingOp, view *view) error {
	if p.op.ID == "" {
		c.accept(p, docState{})
		return nil
	}
	now, err := c.state(p.op.ID, view)
	if err != nil {
		return err
	}
	if now.exists && p.op.Action == es.ActionDelete && c.ix.settings.Load().sharding.Shards > 1 {
		has, err := c.routingOf(now.seq, view)
		if err != nil {
			return err
		}
		if c.ix.elsewhere(p.op.ID, p.op.Routing, has) {
			return c.deleteElsewhere(p)
		}
	}
	if conflict := c.ix.checkGuard(p, now); conflict != nil {
		c.refuseLate(p, conflict)
		return nil
	}
	if p.op.Action == es.ActionDelete && !now.exists {
		c.acceptMissingDelete(p, now)
		return nil
	}
	if now.exists {
		if err := c.bury(now.seq, view); err != nil {
			return err
		}
	}
	c.accept(p, now)
	return nil
}

// state is the present state of an id: from operations since the last flush, else from what was
// looked up in the segments.
func (c *chunkCommit) state(id string, view *view) (docState, error) {
	if r, ok := c.ix.write.recent[id]; ok {
		if r.deleted && c.ix.engine.now().UnixMilli()-r.deletedMillis > c.ix.settings.Load().gcDeletes.Milliseconds() {
			return docState{}, nil
		}
		return docState{known: true, exists: !r.deleted, seq: r.seq, version: r.version}, nil
	}
	known := c.known[id]
	if !known.exists {
		return known, nil
	}
	// A flush may have dropped a newer operation on this id from recent since the look-up.
	part, row, ok, err := view.findSeq(known.seq, c.seqs)
	if err != nil {
		return docState{}, err
	}
	if ok && !part.isDeleted(row) {
		return known, nil
	}
	return c.ix.lookupStored(id, view, c.seqs)
}

// refuseLate gives an operation its error after its document was put into the batch: the row stays
// and is dead.
func (c *chunkCommit) refuseLate(p *pendingOp, reason *eserr.Error) {
	failItem(p.item, reason)
	c.ix.stats.refused(reason)
	if p.row < 0 {
		return
	}
	if c.refused == nil {
		c.refused = map[*pendingOp]bool{}
	}
	c.refused[p] = true
	c.dead = append(c.dead, uint32(p.row))
	c.rowSeqs[p.row] = c.ix.write.nextSeq - 1 // keeps the column in order; the row is never found by it
	c.versions[p.row] = 1
}

// accept numbers an operation that goes in.
func (c *chunkCommit) accept(p *pendingOp, now docState) {
	seq := c.ix.write.nextSeq
	c.ix.write.nextSeq++
	version := int64(1)
	if now.known {
		version = now.version + 1
	}
	if p.guard.VersionType != "" {
		version = p.guard.Version
	}
	c.logged = append(c.logged, loggedOp{action: es.ActionIndex, seq: seq, version: version, id: p.op.ID, routing: p.op.Routing, source: p.source, fresh: !now.known})
	item := p.item
	item.SeqNo, item.PrimaryTerm, item.Version = seq, primaryTerm, version
	if p.op.Action == es.ActionDelete {
		c.logged[len(c.logged)-1].action, c.logged[len(c.logged)-1].source = es.ActionDelete, nil
		item.Result, item.Status = "deleted", http.StatusOK
		c.remember(p.op.ID, recentOp{seq: seq, version: version, deleted: true, deletedMillis: c.ix.engine.now().UnixMilli()})
		c.ix.stats.deleted.Add(1)
		return
	}
	c.rowSeqs[p.row], c.versions[p.row], c.ids[p.row], c.routings[p.row] = seq, version, p.op.ID, p.op.Routing
	c.chunkRows[seq] = p.row
	item.Result, item.Status = "created", http.StatusCreated
	if now.exists {
		item.Result, item.Status = "updated", http.StatusOK
	}
	if p.op.ID == "" {
		item.ID = c.ix.ids.derive(seq)
	} else {
		c.remember(p.op.ID, recentOp{seq: seq, version: version})
	}
}

// acceptMissingDelete numbers a delete of what is not there: Elasticsearch keeps it as a tombstone.
func (c *chunkCommit) acceptMissingDelete(p *pendingOp, now docState) {
	c.accept(p, now)
	p.item.Result, p.item.Status = "not_found", http.StatusNotFound
}

// deleteElsewhere answers a delete whose routing leads to another shard than the document's: there it finds nothing.
func (c *chunkCommit) deleteElsewhere(p *pendingOp) error {
	if conflict := c.ix.checkGuard(p, docState{}); conflict != nil {
		c.refuseLate(p, conflict)
		return nil
	}
	item := p.item
	item.Result, item.Status, item.Version, item.SeqNo, item.PrimaryTerm = "not_found", http.StatusNotFound, 1, max(c.ix.write.nextSeq-1, 0), primaryTerm
	return nil
}

func (c *chunkCommit) remember(id string, op recentOp) {
	before, ok := c.ix.write.recent[id]
	if !ok {
		before.seq = -1
	}
	c.changes = append(c.changes, idChange{id: id, op: before})
	c.ix.write.recent[id] = op
}

// bury deletes the row that operation seq wrote.
func (c *chunkCommit) bury(seq int64, view *view) error {
	if row, ok := c.chunkRows[seq]; ok {
		c.dead = append(c.dead, uint32(row))
		return nil
	}
	part, row, ok, err := view.findSeq(seq, c.seqs)
	if err != nil || !ok {
		return err
	}
	c.older[part.partCore] = append(c.older[part.partCore], uint32(row))
	return nil
}

// parts is the view's list with the chunk's deletes and batch in it.
func (c *chunkCommit) parts(view *view, data *segment.BatchData) ([]*part, error) {
	parts := make([]*part, 0, len(view.parts)+1)
	for _, p := range view.parts {
		parts = append(parts, p.withDeleted(c.older[p.partCore]))
	}
	if data.Block.Rows == 0 {
		return parts, nil
	}
	batch, err := c.batch(data)
	if err != nil {
		return nil, err
	}
	return append(parts, batch.withDeleted(sortedUnique(c.dead))), nil
}

func (c *chunkCommit) batch(data *segment.BatchData) (*part, error) {
	info := &data.Block
	info.MinSeq, info.MaxSeq = c.logged[0].seq, c.logged[len(c.logged)-1].seq
	for row, seq := range c.rowSeqs { // a refused row before the first accepted one has the number before it
		c.rowSeqs[row] = max(seq, info.MinSeq-1)
	}
	rows := info.Rows
	data.Fields = append(data.Fields,
		segment.BatchField{Name: segment.SeqNoField, Doc: &column.Block{Kind: column.Int64, Rows: rows, Ints: c.rowSeqs}},
		segment.BatchField{Name: segment.VersionField, Doc: &column.Block{Kind: column.Int64, Rows: rows, Ints: c.versions}})
	if doc := textColumn(c.ids); doc != nil {
		data.Fields = append(data.Fields, segment.BatchField{Name: segment.IDField, Doc: doc})
	}
	if doc := textColumn(c.routings); doc != nil {
		data.Fields = append(data.Fields, segment.BatchField{Name: segment.RoutingField, Doc: doc})
	}
	seg, err := segment.NewBatch(*data)
	if err != nil {
		return nil, err
	}
	return &part{partCore: c.ix.newMemoryCore(seg)}, nil
}

// newMemoryCore wraps a segment that lives in memory.
func (ix *index) newMemoryCore(seg segment.Segment) *partCore {
	core := coreOf(seg)
	memory := ix.engine.memory
	size := seg.MemoryBytes()
	memory.addParts(size)
	core.release = func(*partCore) { memory.addParts(-size) }
	return core
}

// coreOf gathers a segment's bounds.
func coreOf(seg segment.Segment) *partCore {
	core := &partCore{seg: seg, rows: segment.Rows(seg), minSeq: 1<<63 - 1, maxSeq: -1}
	for _, b := range seg.Blocks() {
		core.minSeq, core.maxSeq = min(core.minSeq, b.MinSeq), max(core.maxSeq, b.MaxSeq)
		switch {
		case !b.HasTime:
		case !core.hasTime:
			core.hasTime, core.minTime, core.maxTime = true, b.MinTime, b.MaxTime
		default:
			core.minTime, core.maxTime = min(core.minTime, b.MinTime), max(core.maxTime, b.MaxTime)
		}
	}
	return core
}

// textColumn makes a text column of which empty texts are absent; nil when all are.
func textColumn(texts []string) *column.Block {
	n, present := 0, 0
	for _, t := range texts {
		n += len(t)
		if t != "" {
			present++
		}
	}
	if present == 0 {
		return nil
	}
	b := &column.Block{Kind: column.Bytes, Rows: len(texts), Data: make([]byte, 0, n), Ends: make([]uint32, len(texts))}
	if present < len(texts) {
		b.Present = column.NewBitmap(len(texts))
	}
	for row, t := range texts {
		b.Data = append(b.Data, t...)
		b.Ends[row] = uint32(len(b.Data))
		if b.Present != nil && t != "" {
			b.Present.Set(row)
		}
	}
	return b
}

// noteIngested keeps the index's counters.
func (ix *index) noteIngested(info segment.BlockInfo, packed []byte) {
	ix.stats.indexed.Add(int64(info.Rows))
	if info.HasTime && info.MaxTime > ix.stats.newestMillis.Load() {
		ix.stats.newestMillis.Store(info.MaxTime) // under the write lock: no other writer
	}
	ix.engine.kickFlush(ix, int64(len(packed)))
}

// unflushedFor is how long the index has had documents in memory only.
func (ix *index) unflushedFor(now time.Time) time.Duration {
	since := ix.unflushedSince.Load()
	if since == 0 {
		return 0
	}
	return now.Sub(time.Unix(0, since))
}
