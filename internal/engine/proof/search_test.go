package proof

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"elkhorn/internal/engine/exec/brute"
	"elkhorn/internal/es"
	"elkhorn/internal/es/agg"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// search is one request in both forms.
type search struct {
	query, filter, aggs clause // filter and aggs may be empty
	sort                string
	indices             []string // for people
	fields, docvalues   []string // to print with each hit; no field is in both
	from, size          int
	track               es.TrackTotal
	pageSize            int // reads all hits with search_after besides; 0: not
}

func (s *search) String() string {
	return fmt.Sprintf(`%v {"query":%s,"post_filter":%s,"aggs":%s,"sort":%s,"from":%d,"size":%d,"track_total_hits":%d} pages of %d, fields %v, docvalue_fields %v`,
		s.indices, s.query.engine, or(s.filter.engine, "null"), or(s.aggs.engine, "{}"), s.sort, s.from, s.size, s.track, s.pageSize, s.fields, s.docvalues)
}

func or(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}

func (r *random) search(fields []brute.Info) *search {
	r.all = withKeys(fields)
	fields = scoped(r.all, "")
	s := &search{query: r.query(fields, 2), sort: r.sort(fields, false), size: r.pick10(0, 3, 10, 1000, 1000), track: es.TrackAll}
	if r.chance(15) {
		s.filter = r.query(fields, 1)
	}
	if r.chance(60) {
		s.aggs = r.aggs(fields, aggDepth)
	}
	if r.chance(15) {
		s.from = r.IntN(20)
	}
	for range r.IntN(4) {
		f, ok := some(r, fields, func(f brute.Info) bool {
			switch f.Type { // printed otherwise, or with the digits of a shorter type
			case "geo_point", "flattened", "float", "half_float":
				return false
			}
			return f.Path != "all" && !slices.Contains(s.fields, f.Path) && !slices.Contains(s.docvalues, f.Path)
		})
		switch {
		case !ok:
		case r.chance(50) || !aggregatable(f):
			s.fields = append(s.fields, f.Path)
		default:
			s.docvalues = append(s.docvalues, f.Path)
		}
	}
	if r.chance(20) && s.filter.engine == "" {
		s.pageSize = 1 + r.IntN(10)
	}
	switch r.IntN(6) {
	case 0:
		s.track = es.TrackTotal(1 + r.IntN(30))
	case 1:
		s.track = es.TrackNone
	}
	return s
}

// request is the search as the engine takes it.
func (s *search) request(indices []string) (*es.SearchRequest, error) {
	req := &es.SearchRequest{Target: es.Target{Names: indices}, From: s.from, Size: s.size, TrackTotal: s.track, Version: true, SeqNo: true}
	var err error
	if req.Query, err = query.Parse([]byte(s.query.engine)); err != nil {
		return nil, fmt.Errorf("%s: %w", s.query.engine, err)
	}
	if s.filter.engine != "" {
		if req.PostFilter, err = query.Parse([]byte(s.filter.engine)); err != nil {
			return nil, fmt.Errorf("%s: %w", s.filter.engine, err)
		}
	}
	if s.aggs.engine != "" {
		if req.Aggs, err = agg.Parse([]byte(s.aggs.engine)); err != nil {
			return nil, fmt.Errorf("%s: %w", s.aggs.engine, err)
		}
	}
	for _, name := range s.fields {
		req.Fields = append(req.Fields, es.FieldFormat{Field: name})
	}
	for _, name := range s.docvalues {
		req.DocvalueFields = append(req.DocvalueFields, es.FieldFormat{Field: name})
	}
	for _, item := range brute.MustParse(s.sort).Items {
		o := item.Items[0]
		key := es.SortKey{Field: item.Keys[0], Desc: o.Text == "desc"}
		if o.Kind == '{' {
			key.Desc = o.Get("order").Text == "desc"
			if m := o.Get("mode"); m != nil {
				key.Mode = m.Text
			}
			if m := o.Get("missing"); m != nil {
				key.Missing = jsonval.Scalar{Kind: jsonval.String, Text: m.Text}
				if m.Kind == '0' {
					key.Missing.Kind = jsonval.Number
				}
			}
		}
		req.Sort = append(req.Sort, key)
	}
	return req, nil
}

// scene is what a search must see: documents, in the order of index and sequence number, now or as a snapshot has them.
type scene struct {
	indices  []*brute.Index
	docs     []*brute.Doc
	snapshot es.SnapshotID // "" for now
}

// present is all that is there now.
func present(indices ...*brute.Index) scene {
	out := scene{indices: indices}
	for _, ix := range indices {
		out.docs = append(out.docs, ix.Docs()...)
	}
	return out
}

// check runs a search in the engine and in the reference; an empty answer means they agree.
func check(store es.Store, sc scene, s *search) string {
	var names []string
	for _, ix := range sc.indices {
		names = append(names, ix.Name)
	}
	req, err := s.request(names)
	if err != nil {
		return err.Error()
	}
	if sc.snapshot != "" {
		req.Target, req.Snapshot, req.KeepAlive = es.Target{}, sc.snapshot, time.Hour
		names = append(names, "snapshot")
	}
	got, err := store.Search(context.Background(), req)
	if err != nil && strings.Contains(err.Error(), "too_many_buckets_exception") && s.buckets(sc) > maxBuckets {
		return ""
	}
	if err != nil {
		return fmt.Sprintf("search failed: %v", err)
	}
	if len(got.Shards.Failures) > 0 {
		return fmt.Sprintf("shard failed: %v", got.Shards.Failures[0].Err)
	}
	s.indices = names
	q := brute.MustParse(s.query.brute)
	matched := keep(sc.docs, q)
	hits := matched
	if s.filter.brute != "" {
		hits = keep(matched, brute.MustParse(s.filter.brute))
	}
	keys := brute.Keys(brute.MustParse(s.sort))
	hits = brute.Sort(hits, keys)
	if problem := checkTotal(s, got, len(hits)); problem != "" {
		return problem
	}
	if problem := checkHits(hits[min(s.from, len(hits)):min(s.from+s.size, len(hits))], keys, got.Hits.Hits); problem != "" {
		return problem
	}
	for i := range got.Hits.Hits {
		if problem := s.checkFields(&got.Hits.Hits[i], hits[s.from+i]); problem != "" {
			return problem
		}
	}
	if s.aggs.engine != "" {
		a := &brute.Aggregator{All: sc.docs, Indices: sc.indices}
		want := a.Aggs(matched, brute.MustParse(s.aggs.brute))
		printed := got.Aggs.AppendJSON(nil, false)
		if !brute.Equal(want, simplify(brute.Decode(printed))) {
			text, err := json.Marshal(want)
			if err != nil {
				panic(err)
			}
			return fmt.Sprintf("aggregations\ngot  %s\nwant %s", printed, text)
		}
	}
	if s.pageSize > 0 {
		return checkPages(store, req, hits, s.pageSize)
	}
	return ""
}

// maxBuckets is how many buckets an answer may have.
const maxBuckets = 65_536

// buckets counts those that a search asks for.
func (s *search) buckets(sc scene) int {
	a := &brute.Aggregator{All: sc.docs, Indices: sc.indices}
	n := 0
	var count func(v any)
	count = func(v any) {
		switch x := v.(type) {
		case map[string]any:
			if _, ok := x["doc_count"]; ok {
				n++
			}
			for _, inner := range x {
				count(inner)
			}
		case []any:
			for _, inner := range x {
				count(inner)
			}
		}
	}
	count(a.Aggs(keep(sc.docs, brute.MustParse(s.query.brute)), brute.MustParse(s.aggs.brute)))
	return n
}

func keep(docs []*brute.Doc, q *brute.Node) []*brute.Doc {
	var out []*brute.Doc
	for _, d := range docs {
		if d.Matches(q) {
			out = append(out, d)
		}
	}
	return out
}

func checkTotal(s *search, got *es.SearchResponse, n int) string {
	if s.track == es.TrackNone {
		if got.Hits.Total != nil {
			return "a total that was not asked for"
		}
		return ""
	}
	want := es.Total{Value: min(int64(n), int64(s.track)), LowerBound: int64(n) > int64(s.track)}
	if got.Hits.Total == nil || *got.Hits.Total != want {
		var ids []string
		for _, h := range got.Hits.Hits {
			ids = append(ids, h.ID)
		}
		return fmt.Sprintf("total is %+v, want %+v; hits %v", got.Hits.Total, want, ids)
	}
	return ""
}

func checkHits(want []*brute.Doc, keys []brute.Key, got []es.Hit) string {
	for i, d := range want {
		if i >= len(got) {
			return fmt.Sprintf("%d hits, want %d; hit %d should be %s %s", len(got), len(want), i, d.ID, d.Source)
		}
		h := got[i]
		if h.ID != d.ID || h.Index != d.Index {
			return fmt.Sprintf("hit %d of %d is %s/%s %s\nwant %s/%s %s", i, len(want), h.Index, h.ID, h.Source, d.Index, d.ID, d.Source)
		}
		if problem := checkHit(&h, d); problem != "" {
			return problem
		}
		for k := range keys {
			value := brute.Decode(h.Sort[k].Append(nil))
			if wanted := keys[k].Print(d); !brute.Equal(wanted, value) {
				return fmt.Sprintf("sort value %d of %s is %v, want %v; %s", k, d.ID, value, wanted, d.Source)
			}
		}
	}
	if len(got) > len(want) {
		return fmt.Sprintf("%d hits, want %d; the first too many is %s %s", len(got), len(want), got[len(want)].ID, got[len(want)].Source)
	}
	return ""
}

// checkFields compares the values that are printed beside a source.
func (s *search) checkFields(h *es.Hit, d *brute.Doc) string {
	have := map[string]any{}
	for _, f := range h.Fields {
		have[f.Name] = brute.Decode(f.Values)
	}
	for i, name := range slices.Concat(s.fields, s.docvalues) {
		want := d.Printed(name, i >= len(s.fields))
		if got, ok := have[name]; ok != (len(want) > 0) || ok && !brute.Equal(want, got) {
			return fmt.Sprintf("field %s of %s prints %v, want %v; %s", name, d.ID, got, want, d.Source)
		}
		delete(have, name)
	}
	if len(have) > 0 {
		return fmt.Sprintf("fields that were not asked for: %v", have)
	}
	return ""
}

// checkHit compares what is kept of a document.
func checkHit(h *es.Hit, d *brute.Doc) string {
	switch {
	case string(h.Source) != d.Source:
		return fmt.Sprintf("source of %s is\n%q\nwant\n%q", d.ID, h.Source, d.Source)
	case h.Version == nil || *h.Version != d.Version:
		return fmt.Sprintf("version of %s is %v, want %d", d.ID, *h.Version, d.Version)
	case h.SeqNo == nil || *h.SeqNo != d.SeqNo:
		return fmt.Sprintf("seq_no of %s is %v, want %d", d.ID, *h.SeqNo, d.SeqNo)
	}
	return ""
}

// checkPages reads all hits page by page with search_after.
func checkPages(store es.Store, req *es.SearchRequest, want []*brute.Doc, size int) string {
	page := *req
	page.Aggs, page.From, page.Size, page.TrackTotal = nil, 0, size, es.TrackNone
	var ids []string
	for len(ids) <= len(want) {
		got, err := store.Search(context.Background(), &page)
		if err != nil {
			return fmt.Sprintf("page after %v: %v", page.SearchAfter, err)
		}
		for _, h := range got.Hits.Hits {
			ids = append(ids, h.ID)
		}
		if len(got.Hits.Hits) < page.Size {
			break
		}
		page.SearchAfter = got.Hits.Hits[page.Size-1].Sort
	}
	var wanted []string
	for _, d := range want {
		wanted = append(wanted, d.ID)
	}
	if !slices.Equal(ids, wanted) {
		return fmt.Sprintf("pages of %d give\n%s\nwant\n%s", page.Size, strings.Join(ids, " "), strings.Join(wanted, " "))
	}
	return ""
}

// simplify turns the hits of top_hits into the reference's form.
func simplify(v any) any {
	switch x := v.(type) {
	case map[string]any:
		if hits, ok := x["hits"].(map[string]any); ok {
			if total, ok := hits["total"].(map[string]any); ok {
				ids := []any{}
				for _, h := range hits["hits"].([]any) {
					ids = append(ids, h.(map[string]any)["_id"])
				}
				return map[string]any{"total": total["value"], "ids": ids}
			}
		}
		for k := range x {
			x[k] = simplify(x[k])
		}
	case []any:
		for i := range x {
			x[i] = simplify(x[i])
		}
	}
	return v
}
