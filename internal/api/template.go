package api

import (
	"net/http"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// templateKind says how one kind of template is named in paths, answers and errors.
type templateKind struct {
	kind es.ObjectKind
	list string // member that lists them
	item string // member beside the name
	noun string // in errors
}

var (
	indexTemplates     = templateKind{es.KindIndexTemplate, "index_templates", "index_template", "index template"}
	componentTemplates = templateKind{es.KindComponentTemplate, "component_templates", "component_template", "component template"}
	legacyTemplates    = templateKind{es.KindLegacyTemplate, "", "", "template"}
)

// putTemplate answers PUT and POST of a template.
func (k templateKind) put(s *Server, c *call) (answer, error) {
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	if _, err := s.store.Apply(c.ctx(), &es.PutObject{Kind: k.kind, Name: c.path("name"), JSON: body.Raw, Create: c.flag("create")}); err != nil {
		return answer{}, err
	}
	return acknowledged()
}

// get answers GET of templates by name or wildcard.
func (k templateKind) get(s *Server, c *call) (answer, error) {
	objects, missing, err := k.find(c)
	if err != nil {
		return answer{}, err
	}
	if missing != "" && k.list != "" {
		return answer{}, eserr.ResourceNotFound("%s matching [%s] not found", k.noun, missing)
	}
	a := answer{}
	if missing != "" {
		a.status = http.StatusNotFound
	}
	flat := c.flag("flat_settings")
	if k.list == "" {
		a.body = object(func(w *jsonval.Writer) {
			for i := range objects {
				w.Raw(objects[i].Name, templateJSON(&objects[i], flat, true))
			}
		})
		return a, nil
	}
	a.body = object(func(w *jsonval.Writer) {
		w.Raw(k.list, list(len(objects), func(dst []byte, i int) []byte {
			item := jsonval.Begin(dst)
			item.String("name", objects[i].Name)
			item.Raw(k.item, templateJSON(&objects[i], flat, false))
			return item.End()
		}))
	})
	return a, nil
}

// head answers HEAD of a template.
func (k templateKind) head(_ *Server, c *call) (answer, error) {
	objects, _, err := k.find(c)
	if err == nil && len(objects) == 0 {
		return answer{status: http.StatusNotFound}, nil
	}
	return answer{}, err
}

// find reads the templates that the path names; missing is a plain name that does not exist.
func (k templateKind) find(c *call) (objects []es.Object, missing string, err error) {
	names := c.pathList("name")
	objects, err = apply[[]es.Object](c, &es.GetObjects{Kind: k.kind, Names: names})
	if err != nil {
		return nil, "", err
	}
	return objects, firstMissing(names, objects), nil
}

// firstMissing returns the first plain name that no object has.
func firstMissing(names []string, objects []es.Object) string {
	seen := map[string]bool{}
	for i := range objects {
		seen[objects[i].Name] = true
	}
	if missing := unseen(names, seen); len(missing) > 0 {
		return missing[0]
	}
	return ""
}

// delete answers DELETE of templates.
func (k templateKind) delete(s *Server, c *call) (answer, error) {
	names := c.pathList("name")
	count, err := apply[int](c, &es.DeleteObjects{Kind: k.kind, Names: names})
	if err != nil {
		return answer{}, err
	}
	if count == 0 && len(unseen(names, nil)) > 0 {
		return answer{}, k.missing(c.path("name"))
	}
	return acknowledged()
}

// missing is the error for deleting what does not exist.
func (k templateKind) missing(name string) error {
	if k.kind == es.KindComponentTemplate {
		return eserr.ResourceNotFound("component templates [%s] missing", name)
	}
	return eserr.New(http.StatusNotFound, "index_template_missing_exception", "index_template [%s] missing", name)
}

// templateJSON prints a stored template with its settings in the form that Elasticsearch gives them.
// A template that does not read as JSON, which no store accepts, is printed as it is.
func templateJSON(o *es.Object, flat, legacy bool) []byte {
	n, err := jsonval.Parse(o.JSON)
	if err != nil {
		return o.JSON
	}
	return object(func(w *jsonval.Writer) {
		if legacy && n.Get("order") == nil {
			w.Int("order", 0)
		}
		for i, key := range n.Keys {
			v := &n.Items[i]
			switch {
			case key == "template" && v.Kind == jsonval.Object:
				w.Raw(key, object(func(w *jsonval.Writer) { writeTemplateParts(w, v, flat) }))
			case legacy:
				writeTemplatePart(w, key, v, flat)
			default:
				writeIndexTemplateMember(w, key, v)
			}
		}
		if legacy {
			for _, part := range []string{"settings", "mappings", "aliases"} {
				if n.Get(part) == nil {
					w.Raw(part, []byte("{}"))
				}
			}
		} else if n.Get("index_patterns") != nil && n.Get("composed_of") == nil {
			w.Raw("composed_of", []byte("[]"))
		}
	})
}

// writeIndexTemplateMember prints a member beside "template"; a single pattern becomes a list.
func writeIndexTemplateMember(w *jsonval.Writer, key string, v *jsonval.Node) {
	if key == "index_patterns" && v.Kind == jsonval.String {
		w.Strings(key, []string{v.Text})
		return
	}
	if key == "data_stream" && v.Kind == jsonval.Object {
		w.Raw(key, object(func(w *jsonval.Writer) {
			for _, option := range []string{"hidden", "allow_custom_routing"} {
				w.Bool(option, v.Get(option) != nil && v.Get(option).Text == "true")
			}
		}))
		return
	}
	w.Raw(key, v.Raw)
}

func writeTemplateParts(w *jsonval.Writer, n *jsonval.Node, flat bool) {
	for i, key := range n.Keys {
		writeTemplatePart(w, key, &n.Items[i], flat)
	}
}

func writeTemplatePart(w *jsonval.Writer, key string, v *jsonval.Node, flat bool) {
	switch {
	case key == "settings" && v.Kind == jsonval.Object:
		w.Raw(key, settingsJSON(flattenSettings(v), flat))
	case key == "index_patterns" && v.Kind == jsonval.String:
		w.Strings(key, []string{v.Text})
	case key == "aliases" && v.Kind == jsonval.Object:
		w.Raw(key, object(func(w *jsonval.Writer) {
			for i, name := range v.Keys {
				w.Raw(name, templateAlias(&v.Items[i]))
			}
		}))
	default:
		w.Raw(key, v.Raw)
	}
}

// templateAlias prints an alias of a template with "routing" as the two members it stands for.
func templateAlias(v *jsonval.Node) []byte {
	routing := v.Get("routing")
	if routing == nil {
		return v.Raw
	}
	return object(func(w *jsonval.Writer) {
		for i, key := range v.Keys {
			if key != "routing" {
				w.Raw(key, v.Items[i].Raw)
			}
		}
		for _, key := range []string{"index_routing", "search_routing"} {
			if v.Get(key) == nil {
				w.String(key, routing.Text)
			}
		}
	})
}

// simulateIndex answers POST /_index_template/_simulate_index/{name}: what an index of that name would
// get, with the template of the body as if it were stored too.
func (s *Server) simulateIndex(c *call) (answer, error) {
	return s.simulate(c, &es.SimulateIndex{Name: c.path("name"), TemplateName: simulatedName})
}

// simulateTemplate answers POST /_index_template/_simulate[/{name}]: what a template, stored or of the
// body, gives with its components.
func (s *Server) simulateTemplate(c *call) (answer, error) {
	change := &es.SimulateIndex{TemplateName: c.path("name")}
	if change.TemplateName == "" {
		change.TemplateName = simulatedName
	}
	return s.simulate(c, change)
}

// simulatedName stands for a template of a body that has no name; no stored template can be called so.
const simulatedName = "<simulated>"

func (s *Server) simulate(c *call, change *es.SimulateIndex) (answer, error) {
	body, err := c.bodyObject(change.Name == "" && change.TemplateName == simulatedName)
	if err != nil {
		return answer{}, err
	}
	if body != nil && len(body.Keys) > 0 {
		change.Template = body.Raw
	}
	res, err := apply[*es.ResolvedIndex](c, change)
	if err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) {
		if res.Template == "" {
			return
		}
		w.Raw("template", object(func(w *jsonval.Writer) {
			w.Raw("settings", settingsJSON(res.Settings, c.flag("flat_settings")))
			mappings := res.Mappings
			if mappings == nil {
				mappings = []byte("{}")
			}
			w.Raw("mappings", mappings)
			w.Raw("aliases", aliasesJSON(res.Aliases))
		}))
		w.Raw("overlapping", list(len(res.Overlapping), func(dst []byte, i int) []byte {
			item := jsonval.Begin(dst)
			item.String("name", res.Overlapping[i].Name)
			item.Strings("index_patterns", res.Overlapping[i].Patterns)
			return item.End()
		}))
	}))
}
