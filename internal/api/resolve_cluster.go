package api

import (
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// resolveCluster answers GET /_resolve/cluster and /_resolve/cluster/{name}: which clusters a search over some names would ask.
// There is this one.
func (s *Server) resolveCluster(c *call) (answer, error) {
	names := c.pathList("name")
	for _, name := range names {
		if cluster, _, remote := strings.Cut(name, ":"); remote && !strings.HasPrefix(name, "<") {
			return answer{}, eserr.New(404, "no_such_remote_cluster_exception", "no such remote cluster: [%s]", cluster)
		}
	}
	target, err := c.targetOf(names, openIndices)
	if err != nil {
		return answer{}, err
	}
	indices, err := s.store.Indices(c.ctx(), target)
	missing := eserr.Is(err, "index_not_found_exception")
	if err != nil && !missing {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("(local)", object(func(w *jsonval.Writer) {
			w.Bool("connected", true)
			w.Bool("skip_unavailable", false)
			if missing {
				w.String("error", eserr.From(err).Reason)
				return
			}
			if len(names) > 0 {
				w.Bool("matching_indices", len(indices) > 0)
			}
			w.Raw("version", object(func(w *jsonval.Writer) {
				w.String("number", s.opts.Version)
				w.String("build_flavor", "default")
				w.String("minimum_wire_compatibility_version", "7.17.0")
				w.String("minimum_index_compatibility_version", "7.0.0")
			}))
		}))
	}))
}
