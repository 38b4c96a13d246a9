package api

import (
	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// openPIT answers POST /{index}/_pit.
func (s *Server) openPIT(c *call) (answer, error) {
	keepAlive := c.span("keep_alive", 0)
	if keepAlive <= 0 {
		return answer{}, eserr.Validation("Validation Failed: 1: [keep_alive] is not specified;")
	}
	limit, limitText, err := c.keepAliveLimit()
	if err != nil {
		return answer{}, err
	}
	if keepAlive > limit {
		return answer{}, tooLongAlive(c.text("keep_alive"), limitText)
	}
	body, err := c.bodyObject(false)
	if err != nil {
		return answer{}, err
	}
	if body != nil && len(body.Keys) > 0 {
		return answer{}, eserr.Unsupported("[" + body.Keys[0] + "] of a point in time")
	}
	target, err := c.target(openIndices)
	if err != nil {
		return answer{}, err
	}
	id, err := s.store.OpenSnapshot(c.ctx(), target, keepAlive)
	if err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		w.String("id", string(id))
		w.Raw("_shards", []byte(`{"total":1,"successful":1,"skipped":0,"failed":0}`))
	}))
}

// closePIT answers DELETE /_pit.
func (s *Server) closePIT(c *call) (answer, error) {
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	id := ""
	err = members(body, "close point in time", []string{"id"}, func(key string, v *jsonval.Node) (bool, error) {
		id = v.Text
		return key == "id", nil
	})
	if err != nil {
		return answer{}, err
	}
	if id == "" {
		return answer{}, eserr.Validation("Validation Failed: 1: [id] is missing;")
	}
	return freedAnswer(s.closeSnapshots(c, []es.SnapshotID{es.SnapshotID(id)}), false), nil
}
