package api

import (
	"slices"
	"time"

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
