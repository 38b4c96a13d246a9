package api

import (
	"fmt"
	"net/http"
	"strconv"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// search answers GET and POST /_search and /{index}/_search.
func (s *Server) search(c *call) (answer, error) {
	body, err := c.bodyObject(false)
	if err != nil {
		return answer{}, err
	}
	req, err := c.searchRequest(body)
	if err != nil {
		return answer{}, err
	}
	c.describe(body)
	return s.runSearch(c, req)
}

// runSearch carries out a search and prints what it found.
func (s *Server) runSearch(c *call, req *es.SearchRequest) (answer, error) {
	if c.given("scroll") {
		return s.openScroll(c, req)
	}
	res, err := s.store.Search(c.ctx(), req)
	if err != nil {
		return answer{}, err
	}
	if !c.flagOr("allow_partial_search_results", true) {
		switch {
		case res.Shards.Failed > 0:
			return answer{}, partialFailure(res.Shards.Failures)
		case res.TimedOut:
			return answer{}, eserr.SearchPhase("query", eserr.ShardFailure{Err: eserr.New(http.StatusGatewayTimeout, "search_timeout_exception", "Time exceeded")})
		}
	}
	return c.found(req, res, ""), nil
}

// partialFailure is the error of a search that may not leave out an index and had to.
func partialFailure(failures []es.ShardFailure) error {
	errs := make([]eserr.ShardFailure, len(failures))
	for i := range failures {
		errs[i] = eserr.ShardFailure{Index: failures[i].Index, Err: failures[i].Err}
	}
	if len(errs) == 0 {
		return eserr.New(http.StatusServiceUnavailable, "search_phase_execution_exception", "Partial shards failure")
	}
	return eserr.SearchPhase("query", errs...)
}

// found prints the answer to a search.
func (c *call) found(req *es.SearchRequest, res *es.SearchResponse, scroll string) answer {
	return answer{
		body:     c.appendSearch(nil, req, res, scroll),
		warnings: res.Warnings,
		header:   map[string]string{"X-Elkhorn-Scanned": strconv.FormatInt(res.Scanned, 10)},
	}
}

// appendSearch prints a search response; scroll is the id to go on with, "" for none.
func (c *call) appendSearch(dst []byte, req *es.SearchRequest, res *es.SearchResponse, scroll string) []byte {
	w := jsonval.Begin(dst)
	w.StringIf("_scroll_id", scroll)
	if scroll == "" {
		w.StringIf("pit_id", string(res.Snapshot))
	}
	w.Int("took", res.TookMillis)
	w.Bool("timed_out", res.TimedOut)
	w.BoolIf("terminated_early", res.TerminatedEarly)
	writeShards(&w, &res.Shards)
	if req.Explain {
		c.placeHits(res.Hits.Hits)
	}
	w.Key("hits")
	w.Value(func(dst []byte) []byte { return res.Hits.Append(dst, c.flag("rest_total_hits_as_int")) })
	if len(req.Aggs) > 0 {
		w.Key("aggregations")
		w.Value(func(dst []byte) []byte { return res.Aggs.AppendJSON(dst, c.flag("typed_keys")) })
	}
	if res.Profile != nil {
		w.Raw("profile", res.Profile)
	}
	return w.End()
}

// placeHits says of hits that are explained where they were found: the shard that would have them on a cluster, and the one node.
func (c *call) placeHits(hits []es.Hit) {
	info, err := c.store.Info(c.ctx())
	if err != nil {
		return // the hits are found all the same
	}
	shardings := map[string]es.Sharding{}
	for i := range hits {
		h := &hits[i]
		sharding, known := shardings[h.Index]
		if !known {
			indices, err := c.store.Indices(c.ctx(), es.Target{Names: []string{h.Index}, NoWildcards: true, IgnoreUnavailable: true})
			if err != nil || len(indices) != 1 {
				continue
			}
			sharding = es.ShardingOf(indices[0].Settings)
			shardings[h.Index] = sharding
		}
		h.Shard, h.Node = fmt.Sprintf("[%s][%d]", h.Index, sharding.Shard(h.ID, h.Routing)), nodeID(&info)
	}
}

// writeShards prints "_shards" with skipped and failures.
func writeShards(w *jsonval.Writer, shards *es.Shards) {
	w.Raw("_shards", object(func(w *jsonval.Writer) {
		w.Int("total", int64(shards.Total))
		w.Int("successful", int64(shards.Successful))
		w.Int("skipped", int64(shards.Skipped))
		w.Int("failed", int64(shards.Failed))
		if len(shards.Failures) == 0 {
			return
		}
		w.Raw("failures", list(len(shards.Failures), func(dst []byte, i int) []byte {
			f := &shards.Failures[i]
			item := jsonval.Begin(dst)
			item.Int("shard", 0)
			item.String("index", f.Index)
			item.Raw("reason", f.Err.AppendItem(nil))
			return item.End()
		}))
	}))
}

// count answers GET and POST /_count: how many documents match, exactly.
func (s *Server) count(c *call) (answer, error) {
	req, err := c.queryOnly("count")
	if err != nil {
		return answer{}, err
	}
	req.TrackTotal = es.TrackAll
	req.TerminateAfter = int(max(c.number("terminate_after", 0), 0))
	res, err := s.store.Search(c.ctx(), req)
	if err != nil {
		return answer{}, err
	}
	return answer{warnings: res.Warnings, body: object(func(w *jsonval.Writer) {
		count := int64(0)
		if res.Hits.Total != nil {
			count = res.Hits.Total.Value
		}
		w.Int("count", count)
		w.BoolIf("terminated_early", res.TerminatedEarly)
		writeShards(w, &res.Shards)
	})}, nil
}

// queryOnly reads a request whose body has nothing but a query, as a search without hits.
func (c *call) queryOnly(what string) (*es.SearchRequest, error) {
	body, err := c.bodyObject(false)
	if err != nil {
		return nil, err
	}
	req := &es.SearchRequest{Query: c.uriQuery()}
	if body != nil {
		for i, key := range body.Keys {
			if key != "query" {
				return nil, eserr.ParsingException(body.Items[i].Line, body.Items[i].Col, "request does not support [%s]", key)
			}
			if req.Query, err = query.ParseNode(&body.Items[i]); err != nil {
				return nil, err
			}
		}
	}
	if c.given("min_score") {
		score, ok := jsonval.Str(c.text("min_score")).Float64()
		if !ok {
			return nil, eserr.IllegalArgument("Failed to parse float parameter [min_score] with value [%s] of %s", c.text("min_score"), what)
		}
		req.MinScore = &score
	}
	req.Target, err = c.target(openIndices)
	return req, err
}
