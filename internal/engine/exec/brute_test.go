package exec_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"elkhorn/internal/engine/column"
	"elkhorn/internal/engine/exec"
	"elkhorn/internal/engine/exec/brute"
	"elkhorn/internal/engine/segment"
)

const randomMapping = `{"properties":{
	"k":{"type":"keyword"},"u":{"type":"keyword"},"t":{"type":"text","fields":{"keyword":{"type":"keyword"}}},
	"n":{"type":"long"},"f":{"type":"double"},"@timestamp":{"type":"date"},"b":{"type":"boolean"},"ip":{"type":"ip"},
	"o":{"properties":{"n":{"type":"integer"}}}}}`

// random makes documents, queries and aggregations.
type random struct{ *rand.Rand }

func (r random) pick(list ...string) string { return list[r.IntN(len(list))] }

func (r random) chance(percent int) bool { return r.IntN(100) < percent }

var vocabulary = strings.Fields("error pool connection timeout api Web db-7 request the a slow")

func (r random) text() string {
	var w []string
	for range 1 + r.IntN(6) {
		w = append(w, r.pick(vocabulary...))
	}
	return strings.Join(w, r.pick(" ", "-", ", "))
}

// value is a value of a field as JSON.
func (r random) value(field string) string {
	switch field {
	case "k":
		return fmt.Sprintf("%q", r.pick("a", "b", "c", "INFO", "ERROR", ""))
	case "u":
		return fmt.Sprintf("\"user-%d\"", r.IntN(60))
	case "t", "t.keyword":
		return fmt.Sprintf("%q", r.text())
	case "n", "o.n":
		return fmt.Sprint(r.IntN(40) - 10)
	case "f":
		return fmt.Sprint(float64(r.IntN(400)-100) / 4)
	case "@timestamp":
		return fmt.Sprintf(`"2026-03-%02dT%02d:%02d:%02d.%03dZ"`, 13+r.IntN(3), r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(1000))
	case "b":
		return r.pick("true", "false")
	case "ip":
		return fmt.Sprintf(`"10.0.%d.%d"`, r.IntN(3), r.IntN(4))
	}
	panic(field)
}

func (r random) doc() string {
	var members []string
	for _, field := range []string{"k", "u", "t", "n", "f", "@timestamp", "b", "ip"} {
		switch {
		case r.chance(15):
		case r.chance(15) && field != "@timestamp":
			var list []string
			for range r.IntN(4) {
				list = append(list, r.value(field))
			}
			members = append(members, fmt.Sprintf("%q:[%s]", field, strings.Join(list, ",")))
		default:
			members = append(members, fmt.Sprintf("%q:%s", field, r.value(field)))
		}
	}
	if r.chance(50) {
		members = append(members, fmt.Sprintf(`"o":{"n":%s}`, r.value("o.n")))
	}
	return "{" + strings.Join(members, ",") + "}"
}

func (r random) query(depth int) string {
	if depth > 0 && r.chance(40) {
		return r.boolean(depth)
	}
	field := r.pick("k", "u", "n", "f", "@timestamp", "b", "ip", "o.n", "t.keyword")
	switch r.IntN(9) {
	case 0:
		return `{"match_all":{}}`
	case 1:
		return fmt.Sprintf(`{"terms":{%q:[%s,%s]}}`, field, r.value(field), r.value(field))
	case 2, 3:
		return fmt.Sprintf(`{"range":{%q:{%q:%s,%q:%s}}}`, field, r.pick("gt", "gte"), r.value(field), r.pick("lt", "lte"), r.value(field))
	case 4:
		return fmt.Sprintf(`{"exists":{"field":%q}}`, field)
	case 5:
		return fmt.Sprintf(`{"match":{"t":{"query":%q,"operator":%q}}}`, r.text(), r.pick("or", "and"))
	case 6:
		return fmt.Sprintf(`{"match_phrase":{"t":%q}}`, r.pick(vocabulary...)+" "+r.pick(vocabulary...))
	case 7:
		return fmt.Sprintf(`{%q:{%q:%q}}`, r.pick("prefix", "wildcard"), r.pick("k", "u", "t"), r.pick("a", "user-1", "E", "*1*", "er*r", "user-?"))
	}
	if field == "ip" && r.chance(50) {
		return fmt.Sprintf(`{"term":{"ip":"10.0.%d.0/24"}}`, r.IntN(3))
	}
	return fmt.Sprintf(`{"term":{%q:%s}}`, field, r.value(field))
}

func (r random) boolean(depth int) string {
	list := func() string {
		var parts []string
		for range r.IntN(3) {
			parts = append(parts, r.query(depth-1))
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	should := list()
	minimum := ""
	if n := strings.Count(should, `{"`); n > 3 && r.chance(30) {
		minimum = `,"minimum_should_match":1`
	}
	return fmt.Sprintf(`{"bool":{"must":%s,"filter":%s,"should":%s,"must_not":%s%s}}`, list(), list(), should, list(), minimum)
}

func (r random) aggs(depth int) string {
	var parts []string
	for i := range 1 + r.IntN(2) {
		parts = append(parts, fmt.Sprintf(`"a%d":%s`, i, r.agg(depth)))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

func (r random) agg(depth int) string {
	number := r.pick("n", "f", "o.n")
	any := r.pick("k", "u", "n", "f", "b", "ip", "o.n", "@timestamp", "t.keyword")
	if depth == 0 || r.chance(25) {
		kind := r.pick("avg", "min", "max", "sum", "stats", "value_count", "cardinality", "percentiles")
		if kind == "value_count" || kind == "cardinality" {
			number = any
		}
		return fmt.Sprintf(`{%q:{"field":%q}}`, kind, number)
	}
	body := ""
	switch r.IntN(10) {
	case 8:
		body = fmt.Sprintf(`"auto_date_histogram":{"field":"@timestamp","buckets":%d%s}`, 1+r.IntN(30), r.pick("", "", `,"minimum_interval":"hour"`, `,"time_zone":"+05:30"`))
	case 9:
		if depth < 2 { // a bucket is compared with the indices it has documents in, which the slow store does not know
			return fmt.Sprintf(`{"missing":{"field":%q}}`, any)
		}
		body = fmt.Sprintf(`"significant_terms":{"field":%q,"min_doc_count":%d}`, r.pick("k", "u", "n", "b", "ip", "t.keyword"), 1+r.IntN(4))
	case 0, 1, 2:
		body = fmt.Sprintf(`"terms":{"field":%q,"size":%d}`, any, 1+r.IntN(8))
	case 3:
		body = fmt.Sprintf(`"date_histogram":{"field":"@timestamp","fixed_interval":%q,"min_doc_count":%d}`, r.pick("1h", "12h", "1d"), r.IntN(2))
	case 4:
		body = fmt.Sprintf(`"histogram":{"field":%q,"interval":%s,"min_doc_count":%d}`, number, r.pick("5", "2.5", "10"), r.IntN(3))
	case 5:
		body = fmt.Sprintf(`"range":{"field":%q,"ranges":[{"key":"x","to":5},{"key":"y","from":3,"to":12},{"key":"z","from":12}]}`, number)
	case 6:
		body = fmt.Sprintf(`"filters":{"filters":{"p":%s,"q":%s}}`, r.query(1), r.query(0))
	case 7:
		body = r.pick(fmt.Sprintf(`"missing":{"field":%q}`, any), fmt.Sprintf(`"filter":%s`, r.query(1)))
	}
	if r.chance(40) {
		return "{" + body + "}"
	}
	return fmt.Sprintf(`{%s,"aggs":%s}`, body, r.aggs(depth-1))
}

// TestAgainstBrute compares random searches over one or many segments with an evaluator that shares
// no code with this package.
func TestAgainstBrute(t *testing.T) {
	for seed := range uint64(60) {
		r := random{rand.New(rand.NewPCG(seed, 1))}
		c := newComparison(t, r, 1+r.IntN(200))
		for i := range 24 {
			if i == 12 { // the same documents as they are on disk
				seal(t, &c.index, 1+r.IntN(len(c.index.Sources)))
			}
			if !c.search(t, r) {
				t.Fatalf("seed %d, search %d", seed, i)
			}
		}
	}
}

// TestStoredBlocksAnswerAsDecodedOnes compares searches over blocks in memory, which are decoded, with the
// same blocks as they are stored, most columns of which have a value in every row.
func TestStoredBlocksAnswerAsDecodedOnes(t *testing.T) {
	r := random{rand.New(rand.NewPCG(8, 8))}
	var lines []string
	for i := range 9000 {
		at := fmt.Sprintf("2026-03-%02dT%02d:%02d:%02d.%03dZ", 13+i/4000, i%4000/200, i%200/4, i%4*15, i%1000)
		lines = append(lines, fmt.Sprintf(`{"@timestamp":%q,"k":%s,"u":%s,"n":%s,"f":%s,"b":%s,"o":{"n":%d}}`,
			at, r.value("k"), r.value("u"), r.value("n"), r.value("f"), r.value("b"), i/100))
	}
	decoded := testIndex(t, "test", randomMapping, lines, 8000)
	stored := decoded
	stored.Sources = slices.Clone(decoded.Sources)
	seal(t, &stored, 1)
	for i := range 150 {
		sort := r.sort()
		req := parseRequest(t, fmt.Sprintf(`{"query":%s,"aggs":%s,"sort":[%s],"size":20,"track_total_hits":true,"workers":1}`, r.query(2), r.aggs(2), sort))
		want, err := exec.Search(context.Background(), []exec.Index{decoded}, req)
		if err != nil {
			t.Fatal(err)
		}
		got, err := exec.Search(context.Background(), []exec.Index{stored}, req)
		if err != nil {
			t.Fatal(err)
		}
		if printResponse(got) != printResponse(want) {
			t.Fatalf("search %d: stored blocks answer\n%s\nand decoded ones\n%s", i, printResponse(got), printResponse(want))
		}
	}
}

// comparison is an index in both forms.
type comparison struct {
	index exec.Index
	brute *brute.Index // without the deleted documents
}

func newComparison(t *testing.T, r random, n int) *comparison {
	var lines []string
	for range n {
		lines = append(lines, r.doc())
	}
	return compareLines(t, r, randomMapping, lines)
}

// compareLines indexes documents both ways and deletes some.
func compareLines(t *testing.T, r random, mapping string, lines []string) *comparison {
	c := &comparison{brute: brute.NewIndex("test", mapping)}
	c.index = testIndex(t, "test", mapping, lines, 1+r.IntN(len(lines)))
	row := 0
	for i := range c.index.Sources {
		s := &c.index.Sources[i]
		rows := segment.Rows(s.Segment)
		if r.chance(50) {
			s.Deleted = column.NewBitmap(rows)
		}
		for local := range rows {
			if s.Deleted != nil && r.chance(10) {
				s.Deleted.Set(local)
			} else if out := c.brute.Put(fmt.Sprintf("auto-%d", row), lines[row], true, brute.NoGuard); out.Status != 201 {
				t.Fatalf("%s: %+v", lines[row], out)
			}
			row++
		}
	}
	return c
}

// indices divides the index into two at times, since what workers and indices found merges alike.
func (c *comparison) indices(r random) []exec.Index {
	at := r.IntN(len(c.index.Sources) + 1)
	if r.chance(60) || at == 0 || at == len(c.index.Sources) {
		return []exec.Index{c.index}
	}
	a, b := c.index, c.index
	a.Sources, b.Sources, b.Name = c.index.Sources[:at], c.index.Sources[at:], "more"
	return []exec.Index{a, b}
}

// search runs one random search in both ways.
func (c *comparison) search(t *testing.T, r random) bool {
	query, aggs, sort := r.query(2), r.aggs(2), "["+r.sort()+"]"
	body := fmt.Sprintf(`{"query":%s,"aggs":%s,"sort":%s,"size":500,"track_total_hits":true,"workers":%d}`, query, aggs, sort, 1+r.IntN(3))
	req := parseRequest(t, body)
	indices := c.indices(r)
	got, err := exec.Search(context.Background(), indices, req)
	if err != nil {
		t.Errorf("%s: %v", body, err)
		return false
	}
	var want []*brute.Doc
	for _, d := range c.brute.Docs() {
		if d.Matches(brute.MustParse(query)) {
			want = append(want, d)
		}
	}
	sorted := brute.Sort(want, brute.Keys(brute.MustParse(sort)))
	return c.compareHits(t, body, got, sorted) && c.compareAggs(t, body, got, want, aggs) && c.pages(t, r, indices, req, got)
}

func (r random) sort() string {
	var parts []string
	for range 1 + r.IntN(2) {
		parts = append(parts, fmt.Sprintf(`{%q:%q}`, r.pick("k", "n", "f", "@timestamp", "b", "ip", "t.keyword"), r.pick("asc", "desc")))
	}
	return strings.Join(parts, ",")
}

func (c *comparison) compareHits(t *testing.T, body string, got *exec.Response, want []*brute.Doc) bool {
	if got.Hits.Total.Value != int64(len(want)) || len(got.Hits.Hits) != len(want) {
		t.Errorf("%s: %d hits of %d, want %d", body, len(got.Hits.Hits), got.Hits.Total.Value, len(want))
		return false
	}
	for i, d := range want {
		if got.Hits.Hits[i].ID != d.ID {
			t.Errorf("%s: hit %d is %s, want %s", body, i, got.Hits.Hits[i].ID, d.ID)
			return false
		}
	}
	return true
}

func (c *comparison) compareAggs(t *testing.T, body string, got *exec.Response, docs []*brute.Doc, aggs string) bool {
	printed := got.Aggs.AppendJSON(nil, false)
	a := &brute.Aggregator{All: c.brute.Docs(), Indices: []*brute.Index{c.brute}}
	if want := a.Aggs(docs, brute.MustParse(aggs)); !brute.Equal(want, brute.Decode(printed)) {
		t.Errorf("%s:\ngot  %s\nwant %v", body, printed, want)
		return false
	}
	return true
}

// pages reads the same hits page by page with search_after. Ties are only told apart by the order of
// arrival, so that becomes the last key.
func (c *comparison) pages(t *testing.T, r random, indices []exec.Index, req *exec.Request, whole *exec.Response) bool {
	page := *req
	page.Aggs, page.Size, page.TrackTotal = nil, 1+r.IntN(20), exec.TrackNone
	page.Sort = append(page.Sort[:len(page.Sort):len(page.Sort)], exec.SortKey{Field: "_shard_doc"})
	var ids []string
	for {
		got, err := exec.Search(context.Background(), indices, &page)
		if err != nil {
			t.Errorf("page: %v", err)
			return false
		}
		for i := range got.Hits.Hits {
			ids = append(ids, got.Hits.Hits[i].ID)
		}
		if len(got.Hits.Hits) < page.Size {
			break
		}
		page.SearchAfter = got.Hits.Hits[page.Size-1].Sort
	}
	for i := range whole.Hits.Hits {
		if i >= len(ids) || ids[i] != whole.Hits.Hits[i].ID {
			t.Errorf("pages of %d give %v; hit %d should be %s", page.Size, ids, i, whole.Hits.Hits[i].ID)
			return false
		}
	}
	return len(ids) == len(whole.Hits.Hits)
}
