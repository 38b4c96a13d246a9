package exec

import (
	"time"

	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// searchTimes are what a profiled search took as a whole, by the clock.
type searchTimes struct {
	scan, fetch, reduce time.Duration
	workers             int
}

// printProfile prints what was measured in the shape of Elasticsearch's profile, one shard an index. What is beyond
// that stands in members named elkhorn, in terms of this store: segments, blocks and columns.
func (s *search) printProfile(t *searchTimes) []byte {
	w := jsonval.Begin(nil)
	w.Raw("shards", appendList(nil, len(s.plans), func(dst []byte, i int) []byte { return s.plans[i].appendShard(dst) }))
	w.Raw("elkhorn", object(func(w *jsonval.Writer) {
		w.Int("workers", int64(t.workers))
		w.Int("plan_and_scan_nanos", t.scan.Nanoseconds())
		w.Int("fetch_nanos", t.fetch.Nanoseconds())
		w.Int("reduce_nanos", t.reduce.Nanoseconds())
	}))
	return w.End()
}

func object(build func(w *jsonval.Writer)) []byte {
	w := jsonval.Begin(nil)
	build(&w)
	return w.End()
}

func appendList(dst []byte, n int, item func(dst []byte, i int) []byte) []byte {
	dst = append(dst, '[')
	for i := range n {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = item(dst, i)
	}
	return append(dst, ']')
}

func (p *plan) appendShard(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.String("id", "["+p.req.NodeID+"]["+p.index.Name+"][0]")
	w.String("node_id", p.req.NodeID)
	w.Int("shard_id", 0)
	w.String("index", p.index.Name)
	w.String("cluster", "(local)")
	w.Raw("searches", appendList(nil, 1, func(dst []byte, _ int) []byte { return p.appendSearch(dst) }))
	w.Raw("aggregations", appendList(nil, len(p.profile.aggs), func(dst []byte, i int) []byte { return p.profile.aggs[i].append(dst) }))
	if p.profile.hits.Load() > 0 {
		w.Raw("fetch", p.fetchJSON())
	}
	w.Raw("elkhorn", p.storeJSON())
	return w.End()
}

func (p *plan) appendSearch(dst []byte) []byte {
	w := jsonval.Begin(dst)
	clauses := p.profile.root.children
	w.Raw("query", appendList(nil, len(clauses), func(dst []byte, i int) []byte { return clauses[i].append(dst) }))
	w.Int("rewrite_time", p.profile.prune.Load())
	name, reason := "SimpleTopScoreDocCollector", "search_top_hits"
	switch {
	case p.req.Size == 0 && len(p.all) == 0:
		name, reason = "TotalHitCountCollector", "search_count"
	case p.req.Size == 0:
		name, reason = "MultiBucketCollector", "aggregation"
	case len(p.req.Sort) > 0:
		name = "SimpleFieldCollector"
	}
	w.Raw("collector", appendList(nil, 1, func(dst []byte, _ int) []byte {
		c := jsonval.Begin(dst)
		c.String("name", name)
		c.String("reason", reason)
		c.Int("time_in_nanos", max(p.profile.scan.Load()-p.profile.filterNanos(), 0))
		return c.End()
	}))
	return w.End()
}

// filterNanos is what the query's own clauses took while blocks were scanned.
func (p *planProfile) filterNanos() (n int64) {
	for _, c := range p.root.children {
		n += c.boundNanos.Load() + c.filterNanos.Load() + c.scoreNanos.Load()
	}
	return n
}

func (p *plan) fetchJSON() []byte {
	return object(func(w *jsonval.Writer) {
		w.String("type", "fetch")
		w.String("description", "")
		w.Int("time_in_nanos", p.profile.fetch.Load())
		w.Raw("breakdown", object(func(w *jsonval.Writer) {
			w.Int("next_reader", 0)
			w.Int("next_reader_count", 0)
			w.Int("load_stored_fields", p.profile.fetch.Load())
			w.Int("load_stored_fields_count", p.profile.hits.Load())
			w.Int("load_source", 0)
			w.Int("load_source_count", 0)
		}))
	})
}

// luceneNames are the types that Elasticsearch's profile gives for clauses, where there is one that says the same.
var luceneNames = map[string]string{
	"bool": "BooleanQuery", "constant_score": "ConstantScoreQuery", "exists": "FieldExistsQuery", "fuzzy": "FuzzyQuery", "match_all": "MatchAllDocsQuery",
	"match_none": "MatchNoDocsQuery", "match_phrase": "PhraseQuery", "match_phrase_prefix": "MultiPhrasePrefixQuery", "multi_match": "DisjunctionMaxQuery",
	"nested": "ESToParentBlockJoinQuery", "prefix": "PrefixQuery", "range": "IndexOrDocValuesQuery", "regexp": "RegexpQuery", "term": "TermQuery",
	"terms": "TermInSetQuery", "wildcard": "WildcardQuery", "match": "TermQuery",
}

func (c *clauseProfile) append(dst []byte) []byte {
	w := jsonval.Begin(dst)
	kind := c.query.Kind()
	if name, ok := luceneNames[kind]; ok {
		w.String("type", name)
	} else {
		w.String("type", kind)
	}
	w.String("description", query.String(c.query))
	w.Int("time_in_nanos", c.compile+c.bindNanos.Load()+c.boundNanos.Load()+c.filterNanos.Load()+c.scoreNanos.Load())
	w.Raw("breakdown", object(c.breakdown))
	w.Raw("elkhorn", object(func(w *jsonval.Writer) {
		w.Int("blocks_asked", c.bounds.Load())
		w.Int("blocks_without_match_by_bounds", c.boundNone.Load())
		w.Int("blocks_all_match_by_bounds", c.boundAll.Load())
		w.Int("blocks_compared", c.filters.Load())
		w.Int("rows_compared", c.rowsIn.Load())
		w.Int("rows_matched", c.rowsOut.Load())
	}))
	if len(c.children) > 0 {
		w.Raw("children", appendList(nil, len(c.children), func(dst []byte, i int) []byte { return c.children[i].append(dst) }))
	}
	return w.End()
}

// breakdown prints Lucene's phases: a weight is the compiled clause, a scorer the clause bound to a segment, and next_doc
// the comparing of a block's rows.
func (c *clauseProfile) breakdown(w *jsonval.Writer) {
	timed := func(name string, nanos, count int64) {
		w.Int(name, nanos)
		w.Int(name+"_count", count)
	}
	timed("create_weight", c.compile, 1)
	timed("build_scorer", c.bindNanos.Load(), c.binds.Load())
	timed("advance", c.boundNanos.Load(), c.bounds.Load())
	timed("next_doc", c.filterNanos.Load(), c.filters.Load())
	timed("score", c.scoreNanos.Load(), c.rowScore.Load())
	for _, name := range []string{"match", "shallow_advance", "compute_max_score", "set_min_competitive_score", "count_weight"} {
		timed(name, 0, 0)
	}
}

func (a *aggProfile) append(dst []byte) []byte {
	w := jsonval.Begin(dst)
	w.String("type", a.kind)
	w.String("description", a.name)
	w.Int("time_in_nanos", a.bindNanos.Load()+a.collectNanos.Load()+a.partialNanos.Load())
	w.Raw("breakdown", object(func(w *jsonval.Writer) {
		timed := func(name string, nanos, count int64) {
			w.Int(name, nanos)
			w.Int(name+"_count", count)
		}
		timed("initialize", 0, a.collectors.Load())
		timed("build_leaf_collector", a.bindNanos.Load(), a.binds.Load())
		timed("collect", a.collectNanos.Load(), a.rows.Load())
		timed("post_collection", 0, 0)
		timed("build_aggregation", a.partialNanos.Load(), a.partials.Load())
		timed("reduce", 0, 0)
	}))
	w.Raw("debug", object(func(w *jsonval.Writer) { w.Int("blocks_collected", a.collects.Load()) }))
	if len(a.subs) > 0 {
		w.Raw("children", appendList(nil, len(a.subs), func(dst []byte, i int) []byte { return a.subs[i].append(dst) }))
	}
	return w.End()
}

// storeJSON says in this store's terms where an index's part of the time went. Times are sums over the workers.
func (p *plan) storeJSON() []byte {
	m := p.profile
	return object(func(w *jsonval.Writer) {
		w.Raw("time", object(func(w *jsonval.Writer) {
			w.Int("compile_nanos", m.compile.Load())
			w.Int("prune_nanos", m.prune.Load())
			w.Int("bind_nanos", m.bind.Load())
			w.Int("scan_nanos", m.scan.Load())
			w.Int("fetch_nanos", m.fetch.Load())
		}))
		w.Raw("segments", object(func(w *jsonval.Writer) {
			w.Int("all", m.segments.Load())
			w.Int("searched", m.segmentsBound.Load())
		}))
		w.Raw("blocks", object(func(w *jsonval.Writer) {
			w.Int("all", m.blocks.all.Load())
			w.Int("outside_of_ranges", m.blocks.outside.Load())
			w.Int("excluded_by_index_or_bounds", m.blocks.excluded.Load())
			w.Int("not_needed", m.blocks.unneeded.Load())
			w.Int("all_rows_match", m.blocks.allMatch.Load())
			w.Int("compared", m.blocks.looked.Load())
			w.Int("compared_without_match", m.blocks.matchless.Load())
		}))
		w.Raw("rows", object(func(w *jsonval.Writer) {
			w.Int("in_blocks_looked_at", m.rowsScanned.Load())
			w.Int("matched", m.rowsMatched.Load())
		}))
		w.Raw("columns", object(func(w *jsonval.Writer) {
			w.Int("blocks_decoded", m.decodedBlocks.Load())
			w.Int("values_decoded", m.decodedValues.Load())
			w.Int("blocks_read_as_stored", m.storedBlocks.Load())
		}))
		w.Raw("bytes", object(func(w *jsonval.Writer) {
			w.Int("from_files", m.meter.DiskBytes.Load())
			w.Int("file_reads", m.meter.DiskReads.Load())
			w.Int("from_cache", m.meter.CacheBytes.Load())
			w.Int("cache_reads", m.meter.CacheReads.Load())
		}))
	})
}
