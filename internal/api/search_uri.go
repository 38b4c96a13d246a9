package api

import (
	"slices"
	"strings"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// defaultHits is how many hits a search returns when it does not say.
const defaultHits = 10

// searchRequest reads a search from body and parameters; parameters win, as in Elasticsearch.
func (c *call) searchRequest(body *jsonval.Node) (*es.SearchRequest, error) {
	req := &es.SearchRequest{Size: defaultHits}
	if body == nil {
		body = &jsonval.Node{Kind: jsonval.Object}
	}
	if c.compatible == "7" {
		c.deprecated = append(c.deprecated, asVersion7(body)...)
	}
	if err := readSearchBody(req, body); err != nil {
		return nil, err
	}
	if err := c.searchParams(req, body); err != nil {
		return nil, err
	}
	target, err := c.target(openIndices)
	if err != nil {
		return nil, err
	}
	req.Target = target
	if req.Slice != nil && req.Snapshot == "" && !c.given("scroll") {
		return nil, eserr.Validation("Validation Failed: 1: [slice] can only be used with [scroll] or [point-in-time] requests;")
	}
	return req, validateSearch(req)
}

// searchParams applies the parameters of a search.
func (c *call) searchParams(req *es.SearchRequest, body *jsonval.Node) error {
	if q := c.uriQuery(); q != nil {
		req.Query = q
	}
	for name, target := range map[string]*int{"from": &req.From, "size": &req.Size, "terminate_after": &req.TerminateAfter} {
		if c.given(name) {
			if err := setCount(target, name, c.number(name, 0)); err != nil {
				return err
			}
		}
	}
	if c.given("sort") {
		keys, err := uriSort(c.text("sort"))
		if err != nil {
			return err
		}
		req.Sort = keys
	}
	if c.given("track_total_hits") {
		total, err := parseTrackTotal(c.text("track_total_hits"))
		if err != nil {
			return err
		}
		req.TrackTotal = total
	}
	if fields := splitList(c.text("stored_fields")); fields != nil {
		req.StoredFields = fields
	}
	if filter, given := c.sourceFilter(); given {
		req.Source = filter // asking for stored fields leaves out _source, which is one of them
	} else if req.StoredFields != nil && !slices.Contains(req.StoredFields, "_source") && body.Get("_source") == nil {
		req.Source.Disabled = true
	}
	for _, field := range splitList(c.text("docvalue_fields")) {
		req.DocvalueFields = append(req.DocvalueFields, es.FieldFormat{Field: field})
	}
	req.TrackScores = c.flagOr("track_scores", req.TrackScores)
	req.Version = c.flagOr("version", req.Version)
	req.NamedScores = c.flagOr("include_named_queries_score", req.NamedScores)
	req.SeqNo = c.flagOr("seq_no_primary_term", req.SeqNo)
	req.Explain = c.flagOr("explain", req.Explain)
	req.NoRequestCache = !c.flagOr("request_cache", true)
	req.Timeout = max(c.span("timeout", req.Timeout), 0)
	req.WaitFor = max(c.span("wait_for_hits", 0), 0)
	return c.searchChoices(req)
}

// searchChoices checks the parameters with a fixed set of values.
func (c *call) searchChoices(req *es.SearchRequest) error {
	switch searchType := c.text("search_type"); searchType {
	case "", "query_then_fetch", "dfs_query_then_fetch":
	default:
		return eserr.IllegalArgument("No search type for [%s]", searchType)
	}
	if c.number("batched_reduce_size", 2) < 2 {
		return eserr.IllegalArgument("batchedReduceSize must be >= 2")
	}
	if c.flag("rest_total_hits_as_int") {
		switch req.TrackTotal {
		case 0:
			req.TrackTotal = es.TrackAll
		case es.TrackAll, es.TrackNone:
		default:
			return eserr.IllegalArgument("[rest_total_hits_as_int] cannot be used if the tracking of total hits is not accurate, got %d", req.TrackTotal)
		}
	}
	return nil
}

// uriQuery builds the query that q and its companions ask for, nil without q.
func (c *call) uriQuery() query.Query {
	if c.text("q") == "" {
		return nil
	}
	q := &query.QueryString{
		Text:            c.text("q"),
		DefaultField:    c.text("df"),
		Analyzer:        c.text("analyzer"),
		AnalyzeWildcard: c.flag("analyze_wildcard"),
		Lenient:         c.flag("lenient"),
	}
	if strings.EqualFold(c.text("default_operator"), "and") {
		q.DefaultOperator = query.And
	}
	return q
}

// validateSearch refuses what excludes each other.
func validateSearch(req *es.SearchRequest) error {
	if len(req.SearchAfter) > 0 && req.From > 0 {
		return eserr.Validation("Validation Failed: 1: `from` parameter must be set to 0 when `search_after` is used;")
	}
	if len(req.SearchAfter) > 0 && len(req.Sort) == 0 {
		return eserr.IllegalArgument("Sort must contain at least one field.")
	}
	if req.Snapshot == "" {
		return nil
	}
	switch {
	case req.Target.Routing != nil:
		return eserr.Validation("Validation Failed: 1: [routing] cannot be used with point in time. Do not specify any routing with point in time.;")
	case len(req.Target.Names) > 0:
		return eserr.Validation("Validation Failed: 1: [indices] cannot be used with point in time. Do not specify any index with point in time.;")
	}
	if len(req.Sort) > 0 {
		req.Sort = withTieBreaker(req.Sort)
	}
	return nil
}

// withTieBreaker makes an order over a snapshot total, so that pages neither repeat nor lose a hit.
func withTieBreaker(keys []es.SortKey) []es.SortKey {
	for _, key := range keys {
		if key.Field == "_shard_doc" {
			return keys
		}
	}
	return append(keys, es.SortKey{Field: "_shard_doc"})
}
