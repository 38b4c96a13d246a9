package api

import (
	"bytes"
	"net/http"
	"strconv"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// policySpellings are names that printed policies carry and Elasticsearch does not know, with those they
// stand for. They are taken with a warning.
var policySpellings = [][2]string{
	{"index_lifecycle_policy", "policy"},
	{"max_primary_store_size", "max_primary_shard_size"},
}

// putPolicy answers PUT /_ilm/policy/{name}.
func (s *Server) putPolicy(c *call) (answer, error) {
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	body, warnings, err := mendPolicy(body)
	if err != nil {
		return answer{}, err
	}
	policy := body.Get("policy")
	if policy == nil || policy.Kind != jsonval.Object || len(body.Keys) != 1 {
		return answer{}, eserr.IllegalArgument("a lifecycle policy is an object with the one member [policy]")
	}
	if s.opts.CheckPolicy != nil {
		if err := s.opts.CheckPolicy(policy.Raw); err != nil {
			return answer{}, err
		}
	}
	if _, err := s.store.Apply(c.ctx(), &es.PutObject{Kind: es.KindLifecyclePolicy, Name: c.path("name"), JSON: policy.Raw}); err != nil {
		return answer{}, err
	}
	a, err := acknowledged()
	a.warnings = warnings
	return a, err
}

// mendPolicy replaces the spellings above by those that are meant.
func mendPolicy(body *jsonval.Node) (mended *jsonval.Node, warnings []string, err error) {
	raw := body.Raw
	for _, names := range policySpellings {
		wrong, right := []byte(`"`+names[0]+`"`), []byte(`"`+names[1]+`"`)
		if bytes.Contains(raw, wrong) {
			raw = bytes.ReplaceAll(raw, wrong, right)
			warnings = append(warnings, "["+names[0]+"] is taken for ["+names[1]+"]")
		}
	}
	if warnings == nil {
		return body, nil, nil
	}
	mended, err = jsonval.Parse(raw)
	return mended, warnings, err
}

// getPolicy answers GET /_ilm/policy and /_ilm/policy/{name}.
func (s *Server) getPolicy(c *call) (answer, error) {
	names := c.pathList("name")
	policies, err := apply[[]es.Object](c, &es.GetObjects{Kind: es.KindLifecyclePolicy, Names: names})
	if err != nil {
		return answer{}, err
	}
	if missing := firstMissing(names, policies); missing != "" {
		return answer{}, eserr.ResourceNotFound("Lifecycle policy not found: %s", missing)
	}
	users, err := s.policyUsers(c)
	if err != nil {
		return answer{}, err
	}
	streamUsers, templateUsers, err := c.policyUsersBesides()
	if err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		for i := range policies {
			p := &policies[i]
			w.Raw(p.Name, object(func(w *jsonval.Writer) {
				w.Int("version", p.Version)
				w.String("modified_date", p.Modified.UTC().Format("2006-01-02T15:04:05.000Z"))
				w.Raw("policy", p.JSON)
				w.Raw("in_use_by", object(func(w *jsonval.Writer) {
					w.Strings("indices", users[p.Name])
					w.Strings("data_streams", streamUsers[p.Name])
					w.Strings("composable_templates", templateUsers[p.Name])
				}))
			}))
		}
	}))
}

// policyUsersBesides lists the data streams and index templates by the policy they name.
func (c *call) policyUsersBesides() (streams, templates map[string][]string, err error) {
	streams, templates = map[string][]string{}, map[string][]string{}
	all, err := c.streamsOf(es.Target{Hidden: true})
	if err != nil {
		return nil, nil, err
	}
	for i := range all {
		if all[i].Policy != "" {
			streams[all[i].Policy] = append(streams[all[i].Policy], all[i].Name)
		}
	}
	objects, err := apply[[]es.Object](c, &es.GetObjects{Kind: es.KindIndexTemplate})
	if err != nil {
		return nil, nil, err
	}
	for i := range objects {
		n, err := jsonval.Parse(objects[i].JSON)
		if err != nil {
			return nil, nil, err
		}
		if body := n.Get("template"); body != nil && body.Get("settings") != nil {
			if policy := flattenSettings(body.Get("settings"))["index.lifecycle.name"]; policy != "" {
				templates[policy] = append(templates[policy], objects[i].Name)
			}
		}
	}
	return streams, templates, nil
}

// policyUsers lists the indices by the policy they follow.
func (s *Server) policyUsers(c *call) (map[string][]string, error) {
	indices, err := s.store.Indices(c.ctx(), everyIndex)
	if err != nil {
		return nil, err
	}
	users := map[string][]string{}
	for i := range indices {
		if policy := indices[i].Settings["index.lifecycle.name"]; policy != "" {
			users[policy] = append(users[policy], indices[i].Name)
		}
	}
	return users, nil
}

// deletePolicy answers DELETE /_ilm/policy/{name}.
func (s *Server) deletePolicy(c *call) (answer, error) {
	name := c.path("name")
	users, err := s.policyUsers(c)
	if err != nil {
		return answer{}, err
	}
	if used := users[name]; len(used) > 0 {
		return answer{}, eserr.IllegalArgument("Cannot delete policy [%s]. It is in use by one or more indices: %v", name, used)
	}
	count, err := apply[int](c, &es.DeleteObjects{Kind: es.KindLifecyclePolicy, Names: []string{name}})
	if err != nil {
		return answer{}, err
	}
	if count == 0 {
		return answer{}, eserr.New(http.StatusNotFound, "resource_not_found_exception", "Lifecycle policy not found: %s", name)
	}
	return acknowledged()
}

// ageText prints a duration in its largest unit with two digits after the point, as 1.5d.
func ageText(d time.Duration) string {
	for _, u := range []struct {
		unit   time.Duration
		suffix string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}} {
		if d >= u.unit {
			tenths := strconv.FormatFloat(float64(d/(u.unit/100))/100, 'f', -1, 64)
			return tenths + u.suffix
		}
	}
	return strconv.FormatInt(d.Milliseconds(), 10) + "ms"
}
