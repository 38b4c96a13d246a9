package api

import (
	"net/http"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/query"
	"elkhorn/internal/mustache"
	"elkhorn/internal/painless"
)

func scriptRoutes() []route {
	return []route{
		{methods: "PUT POST", path: "/_scripts/{id}", handler: (*Server).putScript, params: ofMaster + " context ", help: "store a script", note: "lang painless and mustache"},
		{methods: "PUT POST", path: "/_scripts/{id}/{context}", handler: (*Server).putScript, params: ofMaster + " context ", help: "store a script that compiles for a context", note: "lang painless and mustache"},
		{methods: "GET", path: "/_scripts/{id}", handler: (*Server).getScript, params: ofMaster, help: "a stored script"},
		{methods: "DELETE", path: "/_scripts/{id}", handler: (*Server).deleteScript, params: ofMaster, help: "delete a stored script"},
		{methods: "GET POST", path: "/_scripts/painless/_execute", handler: (*Server).executeScript, help: "run a script", note: "contexts painless_test, filter, score, field and those of runtime fields but geo_point and composite"},
		{methods: "GET", path: "/_script_context", handler: (*Server).scriptContexts, help: "the contexts of scripts", note: "names, without their methods"},
		{methods: "GET", path: "/_script_language", handler: (*Server).scriptLanguages, help: "the languages of scripts"},
	}
}

// putScript answers PUT /_scripts/{id}.
func (s *Server) putScript(c *call) (answer, error) {
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	n := body.Get("script")
	if n == nil || n.Kind != jsonval.Object || len(body.Keys) != 1 {
		return answer{}, eserr.ParsingException(body.Line, body.Col, "unexpected token, expected an object with the one member [script]")
	}
	lang, source := n.Get("lang"), n.Get("source")
	switch {
	case lang == nil || lang.Text == "":
		return answer{}, eserr.IllegalArgument("must specify lang for stored script")
	case source == nil || source.Text == "" && source.Kind != jsonval.Object:
		return answer{}, eserr.IllegalArgument("source cannot be empty")
	}
	for i, key := range n.Keys {
		switch key {
		case "lang", "source", "options":
		default:
			return answer{}, eserr.XContentParse("[%d:%d] [stored script source] unknown field [%s]", n.Items[i].Line, n.Items[i].Col, key)
		}
	}
	if lang.Text == mustacheLang {
		return s.putStoredTemplate(c, n)
	}
	if err := painless.CheckLang(lang.Text); err != nil {
		return answer{}, err
	}
	context := c.path("context")
	if context == "" {
		context = c.text("context")
	}
	if context != "" {
		ctx, ok := painless.ContextNamed(context)
		if !ok {
			return answer{}, eserr.IllegalArgument("Unknown context [%s]", context)
		}
		if _, err := painless.Compile(source.Text, ctx); err != nil {
			return answer{}, err
		}
	}
	return s.storeScript(c, object(func(w *jsonval.Writer) {
		w.String("lang", lang.Text)
		w.String("source", source.Text)
	}))
}

// putStoredTemplate stores a template for searches.
func (s *Server) putStoredTemplate(c *call, script *jsonval.Node) (answer, error) {
	source, err := templateSource(script.Get("source"))
	if err != nil {
		return answer{}, err
	}
	escape, err := scriptEscaping(script)
	if err != nil {
		return answer{}, err
	}
	if _, err := mustache.Compile(source, escape); err != nil {
		return answer{}, err
	}
	return s.storeScript(c, object(func(w *jsonval.Writer) {
		w.String("lang", mustacheLang)
		w.String("source", source)
		switch options := script.Get("options"); {
		case options != nil:
			w.Raw("options", options.Raw)
		case script.Get("source").Kind == jsonval.Object:
			w.Raw("options", []byte(`{"content_type":"application/json;charset=utf-8"}`))
		}
	}))
}

func (s *Server) storeScript(c *call, json []byte) (answer, error) {
	if _, err := s.store.Apply(c.ctx(), &es.PutObject{Kind: es.KindStoredScript, Name: c.path("id"), JSON: json}); err != nil {
		return answer{}, err
	}
	return acknowledged()
}

// scriptNamed finds a stored script by its name, which may look like a pattern.
func (c *call) scriptNamed(id string) (*es.Object, error) {
	found, err := apply[[]es.Object](c, &es.GetObjects{Kind: es.KindStoredScript, Names: []string{id}})
	for i := range found {
		if found[i].Name == id {
			return &found[i], err
		}
	}
	return nil, err
}

// getScript answers GET /_scripts/{id}.
func (s *Server) getScript(c *call) (answer, error) {
	id := c.path("id")
	script, err := c.scriptNamed(id)
	if err != nil {
		return answer{}, err
	}
	a := answer{body: object(func(w *jsonval.Writer) {
		w.String("_id", id)
		w.Bool("found", script != nil)
		if script != nil {
			w.Raw("script", script.JSON)
		}
	})}
	if script == nil {
		a.status = http.StatusNotFound
	}
	return a, nil
}

// deleteScript answers DELETE /_scripts/{id}.
func (s *Server) deleteScript(c *call) (answer, error) {
	id := c.path("id")
	script, err := c.scriptNamed(id)
	if err != nil {
		return answer{}, err
	}
	if script == nil {
		return answer{}, eserr.ResourceNotFound("stored script [%s] does not exist and cannot be deleted", id)
	}
	if _, err := s.store.Apply(c.ctx(), &es.DeleteObjects{Kind: es.KindStoredScript, Names: []string{id}}); err != nil {
		return answer{}, err
	}
	return acknowledged()
}

// execution is what _scripts/painless/_execute is asked for.
type execution struct {
	spec     *painless.Spec
	context  painless.Context
	index    string
	document []byte
	query    query.Query
}

// executeScript answers /_scripts/painless/_execute.
func (s *Server) executeScript(c *call) (answer, error) {
	body, err := c.bodyObject(true)
	if err != nil {
		return answer{}, err
	}
	x := &execution{context: painless.Test}
	if err := x.read(body); err != nil {
		return answer{}, err
	}
	if x.spec == nil {
		return answer{}, eserr.IllegalArgument("Required [script]")
	}
	if !x.context.Doc {
		script, err := x.spec.Compile(x.context, c.storedScript)
		if err != nil {
			return answer{}, err
		}
		v, err := script.Run(&painless.Env{Vars: []painless.Value{painless.MapOf(x.spec.Params)}})
		if err != nil {
			return answer{}, err
		}
		return ok(object(func(w *jsonval.Writer) { w.String("result", v.String()) }))
	}
	if x.index == "" || x.document == nil {
		return answer{}, eserr.IllegalArgument("[index] and [document] of [context_setup] are required in context [%s]", x.context.Name)
	}
	found, err := apply[*es.ScriptResult](c, &es.ExecuteScript{Script: x.spec, Context: x.context, Index: x.index, Document: x.document, Query: x.query})
	if err != nil {
		return answer{}, err
	}
	json, err := x.print(found)
	if err != nil {
		return answer{}, err
	}
	return ok(object(func(w *jsonval.Writer) { w.Raw("result", json) }))
}

// executable are the contexts of _execute besides painless_test.
var executable = map[string]bool{
	"filter": true, "score": true, "field": true, "keyword_field": true, "long_field": true, "double_field": true, "date_field": true, "boolean_field": true, "ip_field": true,
}

func (x *execution) read(body *jsonval.Node) error {
	return strictMembers(body, "painless_execute_request", []string{"script", "context", "context_setup"}, func(key string, v *jsonval.Node) (bool, error) {
		var err error
		switch key {
		case "script":
			x.spec, err = painless.ParseSpec(v)
		case "context":
			known := false
			x.context, known = painless.ContextNamed(v.Text)
			switch {
			case !known:
				err = eserr.IllegalArgument("unsupported script context name [%s]", v.Text)
			case x.context.Name != painless.Test.Name && !executable[v.Text]:
				err = eserr.Unsupported("context [" + v.Text + "] of [_scripts/painless/_execute]")
			}
		case "context_setup":
			err = strictMembers(v, "execute_script_context", []string{"index", "document", "query"}, func(key string, v *jsonval.Node) (bool, error) {
				switch key {
				case "index":
					x.index = v.Text
				case "document":
					x.document = v.Raw
				case "query":
					x.query, err = query.ParseNode(v)
				default:
					return false, nil
				}
				return true, err
			})
		default:
			return false, nil
		}
		return true, err
	})
}

// print writes the result: a boolean, a number, or values.
func (x *execution) print(found *es.ScriptResult) ([]byte, error) {
	switch x.context.Name {
	case "filter", "score":
		return painless.AppendJSON(nil, found.Value)
	case "field":
		v := found.Value
		if v.List() == nil && v.Kind() != painless.KindValues {
			v = painless.ListOf(v)
		}
		return painless.AppendJSON(nil, v)
	case "date_field":
		for i, v := range found.Emitted {
			found.Emitted[i] = painless.DateOfMillis(v.Long())
		}
	}
	return painless.AppendJSON(nil, painless.ListOf(found.Emitted...))
}

// scriptContexts answers GET /_script_context.
func (s *Server) scriptContexts(*call) (answer, error) {
	names := painless.ContextNames()
	return ok(object(func(w *jsonval.Writer) {
		w.Raw("contexts", list(len(names), func(dst []byte, i int) []byte {
			o := jsonval.Begin(dst)
			o.String("name", names[i])
			o.Raw("methods", []byte("[]"))
			return o.End()
		}))
	}))
}

// scriptLanguages answers GET /_script_language.
func (s *Server) scriptLanguages(*call) (answer, error) {
	return ok(object(func(w *jsonval.Writer) {
		w.Strings("types_allowed", []string{"inline", "stored"})
		languages := []struct {
			name     string
			contexts []string
		}{{mustacheLang, []string{"template"}}, {painless.Lang, painless.ContextNames()}}
		w.Raw("language_contexts", list(len(languages), func(dst []byte, i int) []byte {
			o := jsonval.Begin(dst)
			o.String("language", languages[i].name)
			o.Strings("contexts", languages[i].contexts)
			return o.End()
		}))
	}))
}
