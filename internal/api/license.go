package api

import (
	"net/http"
	"slices"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/jsonval"
)

// license answers GET /_license. Shippers go on only with an active licence; basic is the one that
// has no end and asks for nothing.
func (s *Server) license(c *call) (answer, error) {
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("license", object(func(w *jsonval.Writer) {
			w.String("status", "active")
			w.String("uid", info.ClusterUUID)
			w.String("type", "basic")
			w.String("issue_date", s.started.UTC().Format("2006-01-02T15:04:05.000Z"))
			w.Int("issue_date_in_millis", s.started.UnixMilli())
			w.Int("max_nodes", 1000)
			w.Raw("max_resource_units", []byte("null"))
			w.String("issued_to", info.ClusterName)
			w.String("issuer", "elasticsearch")
			w.Int("start_date_in_millis", -1)
		}))
	}))
}

// xpack answers GET /_xpack, by which older shippers ask for the licence and the features.
func (s *Server) xpack(c *call) (answer, error) {
	info, err := s.info(c)
	if err != nil {
		return answer{}, err
	}
	wanted := func(category string) bool {
		return !c.given("categories") || slices.Contains(splitList(c.text("categories")), category)
	}
	return ok(object(func(w *jsonval.Writer) {
		if wanted("build") {
			w.Raw("build", object(func(w *jsonval.Writer) {
				w.String("hash", buildHash)
				w.String("date", s.started.UTC().Format(time.RFC3339))
			}))
		}
		if wanted("license") {
			w.Raw("license", object(func(w *jsonval.Writer) {
				w.String("uid", info.ClusterUUID)
				w.String("type", "basic")
				w.String("mode", "basic")
				w.String("status", "active")
			}))
		}
		if wanted("features") {
			w.Raw("features", []byte(`{"ilm":{"available":true,"enabled":true}}`))
		}
		w.String("tagline", "You know, for X")
	}))
}

// xpackUsage answers GET /_xpack/usage.
func (s *Server) xpackUsage(c *call) (answer, error) {
	policies, err := apply[[]es.Object](c, &es.GetObjects{Kind: es.KindLifecyclePolicy})
	if err != nil {
		return answer{}, err
	}
	streams, err := c.streamsOf(es.Target{Hidden: true})
	if err != nil {
		return answer{}, err
	}
	backing := 0
	for i := range streams {
		backing += len(streams[i].Backing)
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("security", []byte(`{"available":false,"enabled":false}`))
		w.Raw("ilm", object(func(w *jsonval.Writer) {
			w.Bool("available", true)
			w.Bool("enabled", true)
			w.Int("policy_count", int64(len(policies)))
		}))
		w.Raw("data_streams", object(func(w *jsonval.Writer) {
			w.Bool("available", true)
			w.Bool("enabled", true)
			w.Int("data_streams", int64(len(streams)))
			w.Int("indices_count", int64(backing))
		}))
	}))
}

// basicStatus answers GET /_license/basic_status.
func (s *Server) basicStatus(*call) (answer, error) {
	return ok([]byte(`{"eligible_to_start_basic":false}`))
}

// trialStatus answers GET /_license/trial_status.
func (s *Server) trialStatus(*call) (answer, error) {
	return ok([]byte(`{"eligible_to_start_trial":false}`))
}

// startBasic answers POST /_license/start_basic.
func (s *Server) startBasic(*call) (answer, error) {
	return answer{status: http.StatusForbidden, body: []byte(`{"acknowledged":true,"basic_was_started":false,"error_message":"Operation failed: Current license is basic."}`)}, nil
}
