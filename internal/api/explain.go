package api

import (
	"net/http"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
)

// explain answers GET and POST /{index}/_explain/{id}: whether a document matches a query, and how its score comes about.
func (s *Server) explain(c *call) (answer, error) {
	req, err := c.queryOnly("explain")
	if err != nil {
		return answer{}, err
	}
	if req.Query == nil {
		return answer{}, eserr.Validation("Validation Failed: 1: query is missing;")
	}
	index, err := c.oneIndex()
	if err != nil {
		return answer{}, err
	}
	id := c.path("id")
	source, wantsSource := c.sourceFilter()
	doc, err := s.store.Get(c.ctx(), &es.GetRequest{Index: index, ID: id, Routing: c.text("routing"), NotRealtime: true, Source: source})
	if err != nil {
		return answer{}, err
	}
	if !doc.Found {
		return answer{status: http.StatusNotFound, body: object(func(w *jsonval.Writer) {
			w.String("_index", doc.Index)
			w.String("_id", id)
			w.Bool("matched", false)
		})}, nil
	}
	req.PostFilter, req.Size, req.Explain, req.TrackTotal = &query.IDs{Values: []string{id}}, 1, true, es.TrackNone
	req.Source = es.SourceFilter{Disabled: true}
	res, err := s.store.Search(c.ctx(), req)
	if err != nil {
		return answer{}, err
	}
	if len(res.Shards.Failures) > 0 {
		return answer{}, partialFailure(res.Shards.Failures)
	}
	explanation := []byte(`{"value":0.0,"description":"no matching clause","details":[]}`)
	matched := len(res.Hits.Hits) > 0
	if matched {
		explanation = res.Hits.Hits[0].Explanation
	}
	return ok(object(func(w *jsonval.Writer) {
		w.String("_index", doc.Index)
		w.String("_id", id)
		w.Bool("matched", matched)
		w.Raw("explanation", explanation)
		if wantsSource && !source.Disabled {
			w.Raw("get", object(func(w *jsonval.Writer) {
				w.Int("_seq_no", doc.SeqNo)
				w.Int("_primary_term", doc.PrimaryTerm)
				w.Bool("found", true)
				w.Raw("_source", doc.Source)
			}))
		}
	}))
}

// validateQuery answers GET and POST /_validate/query.
func (s *Server) validateQuery(c *call) (answer, error) {
	req, fault := c.queryOnly("validate")
	var indices []es.IndexInfo
	if fault == nil {
		var err error
		if indices, err = s.store.Indices(c.ctx(), req.Target); err != nil {
			return answer{}, err
		}
		req.TrackTotal = es.TrackNone
		req.TerminateAfter = 1
		_, fault = s.store.Search(c.ctx(), req)
	}
	if c.ctx().Err() != nil {
		return answer{}, c.ctx().Err()
	}
	e := eserr.From(fault)
	if e != nil && e.Type == "index_not_found_exception" {
		return answer{}, e
	}
	explain := c.flag("explain") || c.flag("rewrite")
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("_shards", []byte(`{"total":1,"successful":1,"failed":0}`))
		w.Bool("valid", e == nil)
		switch {
		case !explain:
		case req == nil || len(indices) == 0:
			if e != nil {
				w.String("error", e.Error())
			}
		default:
			w.Raw("explanations", list(len(indices), func(dst []byte, i int) []byte {
				item := jsonval.Begin(dst)
				item.String("index", indices[i].Name)
				item.Bool("valid", e == nil)
				if e != nil {
					item.String("error", e.Error())
				} else {
					item.String("explanation", query.Text(req.Query))
				}
				return item.End()
			}))
		}
	}))
}
