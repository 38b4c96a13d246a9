package api

import (
	"bytes"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/event"
	"elkhorn/internal/mustache"
)

// mustacheLang is the language of templates among the stored scripts.
const mustacheLang = "mustache"

func searchTemplateRoutes() []route {
	const one = ofIndices + ofBody + " explain preference routing rest_total_hits_as_int typed_keys scroll search_type ccs_minimize_roundtrips "
	const multi = ofIndices + ofBody + " rest_total_hits_as_int typed_keys search_type max_concurrent_searches ccs_minimize_roundtrips "
	const note = "partials are refused"
	return []route{
		{methods: "GET POST", path: "/_search/template", handler: (*Server).searchTemplate, action: "indices:data/read/search/template", params: one + " index ", help: "search all indices as a template says", note: note},
		{methods: "GET POST", path: "/{index}/_search/template", handler: (*Server).searchTemplate, action: "indices:data/read/search/template", params: one, help: "search as a template says", note: note},
		{methods: "GET POST", path: "/_msearch/template", handler: (*Server).msearchTemplate, action: "indices:data/read/msearch/template", params: multi, help: "many searches as templates say", note: note},
		{methods: "GET POST", path: "/{index}/_msearch/template", handler: (*Server).msearchTemplate, action: "indices:data/read/msearch/template", params: multi, help: "many searches as templates say", note: note},
		{methods: "GET POST", path: "/_render/template", handler: (*Server).renderTemplate, params: ofBody, help: "what a template makes of its parameters", note: note},
		{methods: "GET POST", path: "/_render/template/{id}", handler: (*Server).renderTemplate, params: ofBody, help: "what a stored template makes of its parameters", note: note},
	}
}

// templateRequest is a template, given or by the id of a stored one, with its parameters.
type templateRequest struct {
	id, source       string
	params           event.Value
	explain, profile bool
}

func parseTemplateRequest(n *jsonval.Node) (*templateRequest, error) {
	t := &templateRequest{params: event.NewObject()}
	known := []string{"id", "source", "inline", "template", "params", "explain", "profile"}
	return t, strictMembers(n, "search_template", known, func(key string, v *jsonval.Node) (bool, error) {
		var err error
		switch key {
		case "id":
			t.id = v.Text
		case "source", "inline", "template":
			t.source, err = templateSource(v)
		case "params":
			if v.Kind != jsonval.Null {
				t.params, err = event.ParseObject(v.Raw)
			}
			if err != nil {
				err = eserr.XContentParse("[%d:%d] [search_template] failed to parse field [params]: %s", v.Line, v.Col, err)
			}
		case "explain":
			err = readBool(&t.explain, key, v)
		case "profile":
			err = readBool(&t.profile, key, v)
		default:
			return false, nil
		}
		return true, err
	})
}

// templateSource is a template as text; an object stands for its JSON.
func templateSource(v *jsonval.Node) (string, error) {
	switch v.Kind {
	case jsonval.String:
		return v.Text, nil
	case jsonval.Object:
		return string(v.Raw), nil
	}
	return "", eserr.XContentParse("[%d:%d] [search_template] source doesn't support values of type: %s", v.Line, v.Col, v.Kind)
}

// render makes a request of the template.
func (t *templateRequest) render(c *call) ([]byte, error) {
	if t.id == "" && t.source == "" {
		return nil, eserr.Validation("Validation Failed: 1: template is missing;")
	}
	source, escape := t.source, mustache.JSON
	if t.id != "" {
		var err error
		if source, escape, err = c.storedTemplate(t.id); err != nil {
			return nil, err
		}
	}
	compiled, err := mustache.Compile(source, escape)
	if err != nil {
		return nil, err
	}
	text, err := compiled.Render(&paramScope{params: t.params})
	return []byte(text), err
}

// storedTemplate finds a stored template and how it escapes.
func (c *call) storedTemplate(id string) (string, mustache.Escaping, error) {
	script, err := c.scriptNamed(id)
	if err != nil {
		return "", 0, err
	}
	if script == nil {
		return "", 0, eserr.ResourceNotFound("unable to find script [%s] in cluster state", id)
	}
	n, err := jsonval.Parse(script.JSON)
	if err != nil {
		return "", 0, err
	}
	if lang := n.Get("lang"); lang == nil || lang.Text != mustacheLang {
		return "", 0, eserr.IllegalArgument("stored script [%s] is no template: its lang is not [%s]", id, mustacheLang)
	}
	escape, err := scriptEscaping(n)
	return n.Get("source").Text, escape, err
}

// scriptEscaping is how a script of this language escapes: by its content type, else as JSON.
func scriptEscaping(script *jsonval.Node) (mustache.Escaping, error) {
	options := script.Get("options")
	if options == nil {
		return mustache.JSON, nil
	}
	media := options.Get("content_type")
	if media == nil || len(options.Keys) > 1 {
		return 0, eserr.IllegalArgument("illegal compiler options [%s] specified", options.Raw)
	}
	escape, known := mustache.EscapingFor(media.Text)
	if !known {
		return 0, eserr.IllegalArgument("No encoder found for media type [%s]", media.Text)
	}
	return escape, nil
}

// paramScope is what the names of a template stand for: parameters.
type paramScope struct {
	params event.Value
	spent  int
}

// maxRenderedBytes bounds what a template writes and goes through; Elasticsearch's mustache.max_output_size_bytes.
const maxRenderedBytes = 1 << 20

// Find implements mustache.Scope.
func (s *paramScope) Find(names []mustache.Part) (event.Value, bool) {
	return mustache.Follow(s.params, names)
}

// Spend implements mustache.Scope.
func (s *paramScope) Spend(bytes int) error {
	if s.spent += bytes; s.spent > maxRenderedBytes {
		return eserr.ParseException("Mustache script result size limit exceeded: [%d] bytes", maxRenderedBytes)
	}
	return nil
}

// searchOf is the search that a template makes.
func (c *call) searchOf(t *templateRequest) (*es.SearchRequest, error) {
	text, err := t.render(c)
	if err != nil {
		return nil, err
	}
	var body *jsonval.Node
	if len(bytes.TrimSpace(text)) > 0 {
		if body, err = jsonval.Parse(text); err != nil {
			return nil, err
		}
		if body.Kind != jsonval.Object {
			return nil, eserr.ParsingException(body.Line, body.Col, "Expected [START_OBJECT] but found [%s]", body.Kind)
		}
	}
	req, err := c.searchRequest(body)
	if err != nil {
		return nil, err
	}
	req.Explain, req.Profile = req.Explain || t.explain, req.Profile || t.profile
	return req, nil
}

// searchTemplate answers GET and POST /_search/template and /{index}/_search/template.
func (s *Server) searchTemplate(c *call) (answer, error) {
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	t, err := parseTemplateRequest(body)
	if err != nil {
		return answer{}, err
	}
	req, err := c.searchOf(t)
	if err != nil {
		return answer{}, err
	}
	c.describe(body)
	return s.runSearch(c, req)
}

// renderTemplate answers GET and POST /_render/template and /_render/template/{id}.
func (s *Server) renderTemplate(c *call) (answer, error) {
	body, err := c.bodyObject(false)
	if err != nil {
		return answer{}, err
	}
	if body == nil {
		body = &jsonval.Node{Kind: jsonval.Object}
	}
	t, err := parseTemplateRequest(body)
	if err != nil {
		return answer{}, err
	}
	if id := c.path("id"); id != "" {
		t.id = id
	}
	text, err := t.render(c)
	if err != nil {
		return answer{}, err
	}
	if _, err := jsonval.Parse(text); err != nil {
		return answer{}, eserr.IllegalArgument("the template does not make JSON of its parameters").Because(err)
	}
	return ok(object(func(w *jsonval.Writer) { w.Raw("template_output", text) }))
}

// msearchTemplate answers GET and POST /_msearch/template and /{index}/_msearch/template. A template that makes no search fails
// alone.
func (s *Server) msearchTemplate(c *call) (answer, error) {
	return s.multiSearch(c, func(item *call, body []byte) (*es.SearchRequest, error, error) {
		n, err := jsonval.Parse(body)
		if err != nil {
			return nil, nil, err
		}
		t, err := parseTemplateRequest(n)
		switch {
		case err != nil:
			return nil, nil, err
		case t.id == "" && t.source == "":
			return nil, nil, eserr.IllegalArgument("Malformed search template")
		}
		req, own := item.searchOf(t)
		return req, own, nil
	})
}
