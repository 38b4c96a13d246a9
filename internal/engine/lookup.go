package engine

import (
	"bytes"
	"context"
	"strings"
	"time"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/exec"
	"elkhorn/internal/engine/segment"
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
)

// lookupChunk finds, outside the write lock, what the parts say of the chunk's explicit ids.
func (w *chunkWriter) lookupChunk() (map[string]docState, error) {
	known := map[string]docState{}
	view := w.ix.views.acquire(true)
	defer view.release()
	for _, p := range w.chunk {
		if p.op.ID == "" {
			continue
		}
		if _, ok := known[p.op.ID]; ok {
			continue
		}
		state, err := w.ix.lookupExpected(p, view, &w.seqs)
		if err != nil {
			return nil, err
		}
		known[p.op.ID] = state
	}
	return known, nil
}

// lookupExpected finds the document of an operation. One that names the sequence number it expects, as requests by query do
// for every document, is mostly found there, without a search through the ids of all segments.
func (ix *index) lookupExpected(p *pendingOp, v *view, blocks *seqBlocks) (docState, error) {
	if p.guard.HasSeqNo {
		part, row, ok, err := v.findSeq(p.guard.SeqNo, blocks)
		if err != nil {
			return docState{}, err
		}
		if ok && !part.isDeleted(row) {
			same, err := blocks.hasID(part.partCore, row, p.op.ID)
			if err != nil {
				return docState{}, err
			}
			if same {
				return part.stateOf(row)
			}
		}
	}
	return ix.lookupStored(p.op.ID, v, blocks)
}

// lookupStored finds an id in the parts of a view.
func (ix *index) lookupStored(id string, v *view, blocks *seqBlocks) (docState, error) {
	part, row, err := ix.findDerived(id, v, blocks)
	if err == nil && part == nil {
		part, row, err = ix.findExplicit(id, v)
	}
	if err != nil || part == nil {
		return docState{}, err
	}
	return part.stateOf(row)
}

// findDerived finds the live row of a generated id; nil when the id is not of this kind or the
// document is gone.
func (ix *index) findDerived(id string, v *view, blocks *seqBlocks) (*part, int, error) {
	seq, ok := ix.ids.sequence(id)
	if !ok {
		return nil, 0, nil
	}
	p, row, ok, err := v.findSeq(seq, blocks)
	if err != nil || !ok || p.isDeleted(row) {
		return nil, 0, err
	}
	if _, explicit, err := p.textAt(segment.IDField, row); err != nil || explicit {
		return nil, 0, err
	}
	return p, row, nil
}

// findExplicit finds the live row of an explicit id, newest part first.
func (ix *index) findExplicit(id string, v *view) (*part, int, error) {
	key := []byte(id)
	for i := len(v.parts) - 1; i >= 0; i-- {
		p := v.parts[i]
		rows, err := p.seg.IDs().Lookup(key)
		if err != nil {
			return nil, 0, err
		}
		for j := len(rows) - 1; j >= 0; j-- {
			row := int(rows[j])
			if p.isDeleted(row) {
				continue
			}
			have, ok, err := p.textAt(segment.IDField, row)
			if err != nil {
				return nil, 0, err
			}
			if ok && bytes.Equal(have, key) {
				return p, row, nil
			}
		}
	}
	return nil, 0, nil
}

// locate returns the block of a row and the row's place in it.
func (c *partCore) locate(row int) (block, inBlock int) {
	blocks := c.seg.Blocks()
	lo, hi := 0, len(blocks)-1
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if blocks[mid].FirstRow <= row {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return lo, row - blocks[lo].FirstRow
}

// textAt reads one value of a text column; ok is false where the row has none.
func (c *partCore) textAt(field string, row int) (text []byte, ok bool, err error) {
	col := c.seg.Column(field)
	if col == nil {
		return nil, false, nil
	}
	block, at := c.locate(row)
	var b column.Block
	if err := col.Read(block, at, at+1, &b); err != nil {
		return nil, false, err
	}
	lo, hi := b.Range(0)
	if lo == hi {
		return nil, false, nil
	}
	if b.Kind == column.Ordinal {
		return col.Dict().Value(b.Ords[lo]), true, nil
	}
	return b.Bytes(lo), true, nil
}

// intAt reads one value of an integer column, 0 where the row has none.
func (c *partCore) intAt(field string, row int) (int64, error) {
	col := c.seg.Column(field)
	if col == nil {
		return 0, nil
	}
	block, at := c.locate(row)
	var b column.Block
	if err := col.Read(block, at, at+1, &b); err != nil {
		return 0, err
	}
	lo, hi := b.Range(0)
	if lo == hi {
		return 0, nil
	}
	return b.Ints[lo], nil
}

// stateOf reads the sequence number and version of a live row.
func (p *part) stateOf(row int) (docState, error) {
	seq, err := p.intAt(segment.SeqNoField, row)
	if err != nil {
		return docState{}, err
	}
	version, err := p.intAt(segment.VersionField, row)
	return docState{known: true, exists: true, seq: seq, version: version}, err
}

// Get fetches one document; see es.Reader.
func (e *Engine) Get(ctx context.Context, req *es.GetRequest) (*es.GetResponse, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	found, err := e.resolve(es.Target{Names: []string{req.Index}, NoIndices: true, NoWildcards: true})
	if err != nil {
		return nil, err
	}
	if len(found) > 1 {
		names := make([]string, len(found))
		for i := range found {
			names[i] = found[i].index.name
		}
		return nil, eserr.IllegalArgument("alias [%s] has more than one index associated with it [%s], can't execute a single index op", req.Index, strings.Join(names, ", "))
	}
	if len(found) == 0 {
		return nil, eserr.IndexNotFound(req.Index)
	}
	if !found[0].direct && len(found[0].aliases) == 1 {
		routed := *req
		if err := routeByAlias(&routed.Routing, &found[0].aliases[0]); err != nil {
			return nil, err
		}
		req = &routed
	}
	if req.Routing == "" && found[0].index.mapping().RoutingRequired() {
		return nil, found[0].index.routingMissing(req.ID)
	}
	began := e.now()
	resp, err := found[0].index.get(req)
	found[0].index.countGet(resp, e.now().Sub(began))
	if err != nil || !resp.Found || req.VersionType == "" {
		return resp, err
	}
	if req.Version != resp.Version {
		return nil, found[0].index.versionConflict(req.ID, "current version [%d] is different than the one provided [%d]", resp.Version, req.Version)
	}
	return resp, nil
}

// countGet adds a get to the statistics.
func (ix *index) countGet(resp *es.GetResponse, took time.Duration) {
	ix.stats.gets.Add(1)
	ix.stats.getNanos.Add(int64(took))
	if resp == nil || !resp.Found {
		ix.stats.getsMissing.Add(1)
		ix.stats.getMissingNanos.Add(int64(took))
	}
}

func (ix *index) get(req *es.GetRequest) (*es.GetResponse, error) {
	resp := &es.GetResponse{Index: ix.name, ID: req.ID}
	v := ix.views.acquire(!req.NotRealtime)
	defer v.release()
	p, row, err := ix.findDerived(req.ID, v, new(seqBlocks))
	if err == nil && p == nil {
		p, row, err = ix.findExplicit(req.ID, v)
	}
	if err != nil || p == nil {
		return resp, err
	}
	state, err := p.stateOf(row)
	if err != nil {
		return nil, err
	}
	routing, _, err := p.textAt(segment.RoutingField, row)
	if err != nil {
		return nil, err
	}
	if ix.elsewhere(req.ID, req.Routing, string(routing)) {
		return resp, nil
	}
	if !req.Source.Disabled && ix.mapping().SourceEnabled() {
		if resp.Source, err = segment.NewSourceReader(p.seg).Append(nil, row); err != nil {
			return nil, err
		}
		resp.Source = exec.FilterSource(resp.Source, exec.SourceFilter(req.Source))
	}
	resp.Found, resp.SeqNo, resp.PrimaryTerm, resp.Version, resp.Routing = true, state.seq, primaryTerm, state.version, string(routing)
	return resp, err
}
