package exec

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"strconv"

	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/query"
)

// requestKey is the part of a request that decides what a run of blocks contributes to it: the filter of the alias,
// the query and the aggregations, with ranges left open. A range is closed run by run, cut to the values that the run
// has, so that one which covers the run is the same whatever its ends: a window that slides over a dashboard finds
// all runs but those at its edges.
type requestKey struct {
	base   [32]byte // digest of all but the ranges
	ranges []*intRangeNode
}

// keyOf makes the key of a request; nil says that what it finds cannot be kept: it depends on the time of asking, on
// scores, or on more than the documents of a run.
func (p *plan) keyOf(c *compiler) *requestKey {
	req := p.req
	plain := req.PostFilter == nil && req.MinScore == nil && req.TerminateAfter == 0
	counts := len(p.aggs) > 0 || req.TrackTotal == TrackAll
	if p.volatile || len(req.Runtime) > 0 || p.index.storedScripts || req.Cache == nil || req.Profile || p.index.CacheStats == nil || p.index.Restrict != nil || !plain || !counts || len(p.globals) > 0 || p.everySource ||
		aggsNeedScores(req.Aggs) || !clonable(p.aggs) {
		return nil
	}
	w := keyWriter{compiler: c, ok: true}
	for _, q := range []query.Query{p.index.Filter, req.Query} {
		if q != nil {
			w.query(q)
		}
		w.text = append(w.text, '\n')
	}
	w.text = agg.Append(w.text, collected(req.Aggs))
	for _, f := range p.index.DefaultFields {
		w.text = strconv.AppendFloat(append(append(w.text, '\n'), f.Field...), f.Boost, 'g', -1, 64)
	}
	w.text = strconv.AppendBool(w.text, p.index.LenientStrings)
	if !w.ok || bytes.Contains(w.text, []byte("now")) { // in a date it is the time of asking; elsewhere it is rare
		return nil
	}
	return &requestKey{base: sha256.Sum256(w.text), ranges: w.ranges}
}

// collected are aggregations as far as they decide what is collected from documents: without the bounds out to which a
// histogram's answer is filled with empty buckets, which slide along with the window of a dashboard.
func collected(aggs []*agg.Agg) []*agg.Agg {
	list := make([]*agg.Agg, len(aggs))
	for i, a := range aggs {
		one := *a
		switch body := a.Body.(type) {
		case *agg.DateHistogram:
			unfilled := *body
			unfilled.ExtendedBounds = nil
			one.Body = &unfilled
		case *agg.Histogram:
			unfilled := *body
			unfilled.ExtendedBounds = nil
			one.Body = &unfilled
		}
		one.Subs = collected(a.Subs)
		list[i] = &one
	}
	return list
}

// keyWriter prints a query without its ranges of whole numbers and dates, which it collects.
type keyWriter struct {
	compiler *compiler
	text     []byte
	ranges   []*intRangeNode
	ok       bool
}

func (w *keyWriter) query(q query.Query) {
	switch q := q.(type) {
	case *query.Bool:
		w.text = append(w.text, "bool("...)
		for _, part := range [][]query.Query{q.Must, q.Filter, q.Should, q.MustNot} {
			w.text = append(w.text, '[')
			for _, child := range part {
				w.query(child)
			}
			w.text = append(w.text, ']')
		}
		w.text = append(append(w.text, q.MinimumShouldMatch...), ')')
		return
	case *query.ConstantScore:
		w.query(q.Filter)
		return
	case *query.Range:
		if w.isRange(q) {
			w.text = append(w.text, "range"...)
			return
		}
	}
	w.ok = w.ok && !dependsOnOthers[q.Kind()]
	w.text = query.Append(w.text, q)
}

// dependsOnOthers are clauses of which what matches depends on more than the documents of a run: on scores, which count words
// over the whole index.
var dependsOnOthers = map[string]bool{"function_score": true, "more_like_this": true, "script_score": true}

// isRange takes a range of whole numbers or dates out.
func (w *keyWriter) isRange(q *query.Range) bool {
	f := w.compiler.fields.lookup(q.Field)
	if f == nil || f.class != classInt && f.class != classDate && f.class != classNanos {
		return false
	}
	n, err := w.compiler.rangeOn(f, q)
	r, ok := n.(*intRangeNode)
	if err != nil || !ok {
		return false
	}
	w.ranges = append(w.ranges, r)
	return true
}

// runKey is the key of one run of blocks.
func (k *requestKey) runKey(p *plan, source, run int, l *leaf, blocks []int) cacheKey {
	s := &p.index.Sources[source]
	key := cacheKey{source: s.ID, deletes: s.Deletes, run: run, mapping: p.index.Mapping}
	text := k.base[:len(k.base):len(k.base)]
	for _, r := range k.ranges {
		lo, hi, any := boundsOver(l.column(r.column), blocks)
		// What lies beyond the run's values is cut off; a range that leaves nothing is marked as such.
		state := byte('v')
		if !any || r.lo > hi || r.hi < lo {
			state, lo, hi = '0', 0, 0
		} else {
			lo, hi = max(lo, r.lo), min(hi, r.hi)
		}
		text = append(append(append(text, state), r.column...), 0)
		text = binary.LittleEndian.AppendUint64(text, uint64(lo))
		text = binary.LittleEndian.AppendUint64(text, uint64(hi))
	}
	// Other requests may leave other blocks of the run. They match the same documents all the same: one in a
	// block that is left out has no value in some range that every match lies in, as it was cut.
	key.request = sha256.Sum256(text)
	return key
}

// boundsOver are the bounds of a column of whole numbers over some blocks.
func boundsOver(c *leafColumn, blocks []int) (lo, hi int64, any bool) {
	if c == nil {
		return 0, 0, false
	}
	for _, block := range blocks {
		s := c.col.Stats(block)
		switch {
		case !s.HasValues:
		case !any:
			lo, hi, any = s.MinInt, s.MaxInt, true
		default:
			lo, hi = min(lo, s.MinInt), max(hi, s.MaxInt)
		}
	}
	return lo, hi, any
}
