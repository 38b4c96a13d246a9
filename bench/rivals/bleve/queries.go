package main

import (
	"strconv"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
)

// params is what the rows look for.
type params struct {
	FirstMillis, EndMillis, LastHourMillis, SlowFromMillis int64
	RareWord, Phrase, CommonPhrase, CommonWord             string
	RequestID, TraceID                                     string
}

// plan is the row of that name, or why there is no such query.
func plan(row string, p *params) (r *bleve.SearchRequest, cannot string) {
	all := bleve.NewMatchAllQuery()
	switch row {
	case "a":
		return counting(times(p.FirstMillis, p.EndMillis)), ""
	case "b":
		return histogram(counting(both(term("level", "ERROR"), times(p.FirstMillis, p.EndMillis))), p, time.Minute), ""
	case "c":
		return top(counting(all), "tool", 10), ""
	case "d":
		return nil, "it has no percentiles"
	case "e":
		return newest(bleve.NewDisjunctionQuery(match("message", p.RareWord), match("stack_trace", p.RareWord)), 50), ""
	case "f1":
		return newest(phrase(p.Phrase), 50), ""
	case "f2":
		return newest(phrase(p.CommonPhrase), 50), ""
	case "f3":
		return counting(phrase(p.CommonPhrase)), ""
	case "g":
		return newest(term("request_id", p.RequestID), 10), ""
	case "h":
		r := newest(term("trace_id", p.TraceID), 100)
		r.SortBy([]string{"@timestamp"})
		return r, ""
	case "i1":
		return newest(both(term("level", "ERROR"), times(p.LastHourMillis, p.EndMillis)), 100), ""
	case "i2":
		return newest(all, 100), ""
	case "j":
		return nil, "it does not count distinct values"
	case "k":
		least, exclusive := 5000.0, false
		slow := bleve.NewNumericRangeInclusiveQuery(&least, nil, &exclusive, nil)
		slow.SetField("latency_ms")
		return top(counting(both(term("level", "ERROR"), slow, times(p.SlowFromMillis, p.EndMillis))), "service", 20), ""
	case "l":
		return nil, "it has no averages and sums"
	case "m":
		return top(counting(all), "user_id", 10), ""
	case "n":
		return histogram(newest(match("message", p.CommonWord), 50), p, 30*time.Minute), ""
	}
	return nil, "there is no such row"
}

// counting wants no documents; nothing here is sorted by score.
func counting(q query.Query) *bleve.SearchRequest {
	r := bleve.NewSearchRequestOptions(q, 0, 0, false)
	r.Score = "none"
	return r
}

func newest(q query.Query, size int) *bleve.SearchRequest {
	r := bleve.NewSearchRequestOptions(q, size, 0, false)
	r.Score = "none"
	r.Fields = []string{"*"}
	r.SortBy([]string{"-@timestamp"})
	return r
}

func top(r *bleve.SearchRequest, field string, size int) *bleve.SearchRequest {
	r.AddFacet("top", bleve.NewFacetRequest(field, size))
	return r
}

// histogram counts in ranges, one for each interval of the day and an hour around it: there is nothing
// that makes them.
func histogram(r *bleve.SearchRequest, p *params, interval time.Duration) *bleve.SearchRequest {
	begin, end := time.UnixMilli(p.FirstMillis).Add(-time.Hour).UTC(), time.UnixMilli(p.EndMillis).Add(time.Hour).UTC()
	var ranges int
	facet := bleve.NewFacetRequest("@timestamp", 0)
	for at := begin; at.Before(end); at = at.Add(interval) {
		facet.AddDateTimeRange(strconv.FormatInt(at.UnixMilli(), 10), at, at.Add(interval))
		ranges++
	}
	facet.Size = ranges
	r.AddFacet("time", facet)
	return r
}

func term(field, text string) query.Query {
	q := bleve.NewTermQuery(text)
	q.SetField(field)
	return q
}

func match(field, text string) query.Query {
	q := bleve.NewMatchQuery(text)
	q.SetField(field)
	return q
}

func phrase(text string) query.Query {
	q := bleve.NewMatchPhraseQuery(text)
	q.SetField("message")
	return q
}

func both(queries ...query.Query) query.Query { return bleve.NewConjunctionQuery(queries...) }

// times is a query for [from, to).
func times(from, to int64) query.Query {
	inclusive, exclusive := true, false
	q := bleve.NewDateRangeInclusiveQuery(time.UnixMilli(from).UTC(), time.UnixMilli(to).UTC(), &inclusive, &exclusive)
	q.SetField("@timestamp")
	return q
}

type table struct {
	Columns []string `json:"columns"`
	Rows    [][]any  `json:"rows"`
}

// tables prints an answer as the driver reads it.
func tables(row string, wanted *bleve.SearchRequest, found *bleve.SearchResult) []table {
	var all []table
	if facet := found.Facets["top"]; facet != nil {
		t := table{Columns: []string{"key", "count"}}
		for _, b := range facet.Terms.Terms() {
			t.Rows = append(t.Rows, []any{b.Term, b.Count})
		}
		return append(all, t)
	}
	if row == "a" || row == "f3" || row == "h" || row == "n" {
		all = append(all, table{Columns: []string{"total"}, Rows: [][]any{{found.Total}}})
	}
	if facet := found.Facets["time"]; facet != nil {
		t := table{Columns: []string{"bucket", "count"}}
		for _, b := range facet.DateRanges {
			t.Rows = append(t.Rows, []any{b.Name, b.Count})
		}
		all = append(all, t)
	}
	if wanted.Size > 0 {
		all = append(all, documents(found.Hits))
	}
	return all
}

func documents(hits search.DocumentMatchCollection) table {
	t := table{Columns: []string{"@timestamp", "level", "message", "stack_trace", "request_id", "trace_id"}}
	for _, hit := range hits {
		values := make([]any, len(t.Columns))
		for i, column := range t.Columns {
			values[i] = hit.Fields[column]
		}
		t.Rows = append(t.Rows, values)
	}
	return t
}
