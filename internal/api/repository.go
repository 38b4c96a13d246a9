package api

import (
	"net/http"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// putRepository answers PUT and POST /_snapshot/{repository}.
func (s *Server) putRepository(c *call) (answer, error) {
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	if err := members(body, "a repository", []string{"type", "settings"}, func(key string, _ *jsonval.Node) (bool, error) {
		return key == "type" || key == "settings", nil
	}); err != nil {
		return answer{}, err
	}
	if _, err := s.store.Apply(c.ctx(), &es.PutRepository{Name: c.path("repository"), JSON: body.Raw, NoVerify: !c.flagOr("verify", true)}); err != nil {
		return answer{}, err
	}
	return acknowledged()
}

// repositories are those that names (patterns) stand for; a plain name that is not there is an error.
func (c *call) repositories(names []string) ([]es.Object, error) {
	if len(names) == 1 && names[0] == "_all" {
		names = nil
	}
	objects, err := apply[[]es.Object](c, &es.GetObjects{Kind: es.KindRepository, Names: names})
	if err != nil {
		return nil, err
	}
	if missing := firstMissing(names, objects); missing != "" {
		return nil, eserr.New(http.StatusNotFound, "repository_missing_exception", "[%s] missing", missing)
	}
	return objects, nil
}

// getRepository answers GET /_snapshot and GET /_snapshot/{repository}.
func (s *Server) getRepository(c *call) (answer, error) {
	objects, err := c.repositories(c.pathList("repository"))
	if err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		for i := range objects {
			w.Raw(objects[i].Name, objects[i].JSON)
		}
	}))
}

// deleteRepository answers DELETE /_snapshot/{repository}. What lies in it stays.
func (s *Server) deleteRepository(c *call) (answer, error) {
	names := c.pathList("repository")
	if _, err := c.repositories(names); err != nil {
		return answer{}, err
	}
	if _, err := s.store.Apply(c.ctx(), &es.DeleteObjects{Kind: es.KindRepository, Names: names}); err != nil {
		return answer{}, err
	}
	return acknowledged()
}

// verifyRepository answers POST /_snapshot/{repository}/_verify.
func (s *Server) verifyRepository(c *call) (answer, error) {
	if _, err := s.store.Apply(c.ctx(), &es.VerifyRepository{Name: c.path("repository")}); err != nil {
		return answer{}, err
	}
	info, err := s.store.Info(c.ctx())
	if err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("nodes", object(func(w *jsonval.Writer) {
			w.Raw(nodeID(&info), object(func(w *jsonval.Writer) { w.String("name", info.Name) }))
		}))
	}))
}

// cleanupRepository answers POST /_snapshot/{repository}/_cleanup.
func (s *Server) cleanupRepository(c *call) (answer, error) {
	result, err := apply[*es.CleanupResult](c, &es.CleanupRepository{Name: c.path("repository")})
	if err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("results", object(func(w *jsonval.Writer) {
			w.Int("deleted_bytes", result.Bytes)
			w.Int("deleted_blobs", int64(result.Files))
		}))
	}))
}
