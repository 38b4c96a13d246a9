package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"elkhorn/internal/console/saved"
	"elkhorn/internal/es/jsonval"
)

// maxObjectBodyBytes bounds the body of a request that is no file.
const maxObjectBodyBytes = 16 << 20

// savedObjectRoutes are the saved objects API, data views and the older dashboards API. Answers and errors are Kibana's.
func (p Parts) savedObjectRoutes(mux *http.ServeMux) {
	for pattern, handler := range map[string]http.HandlerFunc{
		"GET /api/saved_objects/_find":                   p.findObjects,
		"POST /api/saved_objects/_bulk_get":              p.bulkGetObjects,
		"POST /api/saved_objects/_bulk_create":           p.bulkCreateObjects,
		"PUT /api/saved_objects/_bulk_update":            p.bulkUpdateObjects,
		"POST /api/saved_objects/_bulk_delete":           p.bulkDeleteObjects,
		"POST /api/saved_objects/_bulk_resolve":          p.bulkResolveObjects,
		"GET /api/saved_objects/resolve/{type}/{id}":     p.resolveObject,
		"POST /api/saved_objects/_import":                p.importObjects,
		"POST /api/saved_objects/_resolve_import_errors": p.resolveImport,
		"POST /api/saved_objects/_export":                p.exportObjects,
		"POST /api/saved_objects/{type}":                 p.createObject,
		"POST /api/saved_objects/{type}/{id}":            p.createObject,
		"GET /api/saved_objects/{type}/{id}":             p.getObject,
		"PUT /api/saved_objects/{type}/{id}":             p.updateObject,
		"DELETE /api/saved_objects/{type}/{id}":          p.deleteObject,
		"POST /api/kibana/dashboards/import":             p.importDashboard,
		"GET /api/kibana/dashboards/export":              p.exportDashboard,
		"GET /api/console/samples":                       p.samples,
		"POST /api/console/samples/{name}":               p.addSample,
	} {
		mux.Handle(pattern, p.writesNamed(p.inSpace(handler)))
	}
	for _, form := range dataViewForms {
		p.dataViewRoutes(mux, form)
	}
}

// writesNamed refuses writes without the header that pages of other sites cannot set without asking, as Kibana does.
func (p Parts) writesNamed(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		safe := r.Method == http.MethodGet || r.Method == http.MethodHead
		if !safe && r.Header.Get("kbn-xsrf") == "" && r.Header.Get("kbn-version") == "" {
			p.refuse(w, http.StatusBadRequest, "Request must contain a kbn-xsrf header.")
			return
		}
		next(w, r)
	})
}

// fail answers an error of saved objects or of the store.
func (p Parts) fail(w http.ResponseWriter, err error) {
	var missing *saved.MissingError
	if errors.As(err, &missing) {
		p.answer(w, http.StatusBadRequest, struct {
			refusal
			Attributes struct {
				Objects []saved.Result `json:"objects"`
			} `json:"attributes"`
		}{refusal{http.StatusBadRequest, "Bad Request", "Error fetching objects to export"}, struct {
			Objects []saved.Result `json:"objects"`
		}{missing.Objects}})
		return
	}
	p.refuse(w, saved.StatusOf(err), err.Error())
}

// params reads the parameters of a request; others than those named are refused.
func params(r *http.Request, known ...string) (map[string][]string, error) {
	given := r.URL.Query()
	for name := range given {
		if !slices.Contains(known, name) {
			return nil, badRequest("[request query.%s]: definition for this key is missing%s", name, jsonval.DidYouMean(name, known))
		}
	}
	return given, nil
}

func badRequest(format string, args ...any) *saved.Error {
	return &saved.Error{Status: http.StatusBadRequest, Message: fmt.Sprintf(format, args...)}
}

func flag(given map[string][]string, name string) (bool, error) {
	values := given[name]
	if len(values) == 0 || values[0] == "false" {
		return false, nil
	}
	if values[0] == "true" {
		return true, nil
	}
	return false, badRequest("[request query.%s]: expected value of type [boolean] but got [string]", name)
}

// body reads a request's JSON; members that it does not know are refused.
func body(w http.ResponseWriter, r *http.Request, into any) error {
	return strictly(json.NewDecoder(http.MaxBytesReader(w, r.Body, maxObjectBodyBytes)), into)
}

func strictly(d *json.Decoder, into any) error {
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if err == nil {
		if _, extra := d.Token(); extra != io.EOF {
			return badRequest("[request body]: something stands behind the JSON")
		}
		return nil
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return &saved.Error{Status: http.StatusRequestEntityTooLarge, Message: fmt.Sprintf("Payload content length greater than maximum allowed: %d", large.Limit)}
	}
	return badRequest("[request body]: %s", strings.TrimPrefix(err.Error(), "json: "))
}

// newObject is an object as requests bring it.
type newObject struct {
	saved.Object
	InitialNamespaces []string `json:"initialNamespaces"`
}

func (p Parts) createObject(w http.ResponseWriter, r *http.Request) {
	given, err := params(r, "overwrite")
	var overwrite bool
	if err == nil {
		overwrite, err = flag(given, "overwrite")
	}
	var sent newObject
	if err == nil {
		err = body(w, r, &sent)
	}
	if err != nil {
		p.fail(w, err)
		return
	}
	store, err := p.storeOf(r, "initialNamespaces", sent.InitialNamespaces)
	if err != nil {
		p.fail(w, err)
		return
	}
	sent.Type, sent.ID = r.PathValue("type"), r.PathValue("id")
	created, err := store.Create(r.Context(), []*saved.Object{&sent.Object}, overwrite)
	p.one(w, created, err)
}

// one answers the only result of a request for one object.
func (p Parts) one(w http.ResponseWriter, results []saved.Result, err error) {
	if err == nil {
		err = results[0].Err
	}
	if err != nil {
		p.fail(w, err)
		return
	}
	p.answer(w, http.StatusOK, results[0].Object)
}

// many answers results, each with its object or its error.
func (p Parts) many(w http.ResponseWriter, results []saved.Result, err error) {
	if err != nil {
		p.fail(w, err)
		return
	}
	p.answer(w, http.StatusOK, map[string]any{"saved_objects": results})
}

func keyOf(r *http.Request) saved.Key {
	return saved.Key{Type: r.PathValue("type"), ID: r.PathValue("id")}
}

func (p Parts) getObject(w http.ResponseWriter, r *http.Request) {
	o, err := p.objects(r).Get(r.Context(), keyOf(r))
	if err != nil {
		p.fail(w, err)
		return
	}
	p.answer(w, http.StatusOK, o)
}

// resolved is an object with the way it was found: there are no aliases here, so always by its own id.
type resolved struct {
	Object  any    `json:"saved_object"`
	Outcome string `json:"outcome"`
}

func (p Parts) resolveObject(w http.ResponseWriter, r *http.Request) {
	o, err := p.objects(r).Get(r.Context(), keyOf(r))
	if err != nil {
		p.fail(w, err)
		return
	}
	p.answer(w, http.StatusOK, resolved{o, "exactMatch"})
}

func (p Parts) updateObject(w http.ResponseWriter, r *http.Request) {
	var change saved.Change
	if err := body(w, r, &change); err != nil {
		p.fail(w, err)
		return
	}
	o, err := p.objects(r).Update(r.Context(), keyOf(r), change)
	if err != nil {
		p.fail(w, err)
		return
	}
	p.answer(w, http.StatusOK, o)
}

func (p Parts) deleteObject(w http.ResponseWriter, r *http.Request) {
	if _, err := params(r, "force"); err != nil {
		p.fail(w, err)
		return
	}
	results, err := p.objects(r).Delete(r.Context(), []saved.Key{keyOf(r)})
	if err == nil {
		err = results[0].Err
	}
	if err != nil {
		p.fail(w, err)
		return
	}
	p.answer(w, http.StatusOK, struct{}{})
}

// wantedObject is an entry of _bulk_get.
type wantedObject struct {
	saved.Key
	Fields     []string `json:"fields"`
	Namespaces []string `json:"namespaces"`
}

func (p Parts) bulkGetObjects(w http.ResponseWriter, r *http.Request) {
	var wanted []wantedObject
	if err := body(w, r, &wanted); err != nil {
		p.fail(w, err)
		return
	}
	bySpace, err := p.bySpace(r, "namespaces", len(wanted), func(i int) []string { return wanted[i].Namespaces })
	if err != nil {
		p.fail(w, err)
		return
	}
	results := make([]saved.Result, len(wanted))
	for _, part := range bySpace {
		found, err := part.store.GetMany(r.Context(), pick(keysOf(wanted), part.places))
		if err != nil {
			p.fail(w, err)
			return
		}
		for n, i := range part.places {
			found[n].Pick(wanted[i].Fields)
			results[i] = found[n]
		}
	}
	p.many(w, results, nil)
}

func keysOf(wanted []wantedObject) []saved.Key {
	keys := make([]saved.Key, len(wanted))
	for i := range wanted {
		keys[i] = wanted[i].Key
	}
	return keys
}

func (p Parts) bulkResolveObjects(w http.ResponseWriter, r *http.Request) {
	var wanted []saved.Key
	if err := body(w, r, &wanted); err != nil {
		p.fail(w, err)
		return
	}
	results, err := p.objects(r).GetMany(r.Context(), wanted)
	if err != nil {
		p.fail(w, err)
		return
	}
	out := make([]resolved, len(results))
	for i := range results {
		out[i] = resolved{results[i], "exactMatch"}
	}
	p.answer(w, http.StatusOK, map[string]any{"resolved_objects": out})
}

func (p Parts) bulkCreateObjects(w http.ResponseWriter, r *http.Request) {
	given, err := params(r, "overwrite")
	var overwrite bool
	if err == nil {
		overwrite, err = flag(given, "overwrite")
	}
	var sent []newObject
	if err == nil {
		err = body(w, r, &sent)
	}
	var bySpace []spacePart
	if err == nil {
		bySpace, err = p.bySpace(r, "initialNamespaces", len(sent), func(i int) []string { return sent[i].InitialNamespaces })
	}
	if err != nil {
		p.fail(w, err)
		return
	}
	objects := make([]*saved.Object, len(sent))
	for i := range sent {
		objects[i] = &sent[i].Object
	}
	results := make([]saved.Result, len(sent))
	for _, part := range bySpace {
		created, err := part.store.Create(r.Context(), pick(objects, part.places), overwrite)
		if err != nil {
			p.fail(w, err)
			return
		}
		for n, i := range part.places {
			results[i] = created[n]
		}
	}
	p.many(w, results, nil)
}

func (p Parts) bulkUpdateObjects(w http.ResponseWriter, r *http.Request) {
	var changes []struct {
		saved.Key
		saved.Change
	}
	if err := body(w, r, &changes); err != nil {
		p.fail(w, err)
		return
	}
	if len(changes) > saved.MaxObjects {
		p.fail(w, badRequest("%d objects were sent; at most %d can be at a time", len(changes), saved.MaxObjects))
		return
	}
	results := make([]saved.Result, len(changes))
	for i := range changes {
		o, err := p.objects(r).Update(r.Context(), changes[i].Key, changes[i].Change)
		results[i] = saved.Result{Key: changes[i].Key, Object: o, Err: err}
	}
	p.many(w, results, r.Context().Err())
}

// deletion is what became of one object of _bulk_delete.
type deletion struct {
	Success bool `json:"success"`
	saved.Key
	Error *saved.ItemError `json:"error,omitempty"`
}

func (p Parts) bulkDeleteObjects(w http.ResponseWriter, r *http.Request) {
	var keys []saved.Key
	_, err := params(r, "force")
	if err == nil {
		err = body(w, r, &keys)
	}
	if err != nil {
		p.fail(w, err)
		return
	}
	results, err := p.objects(r).Delete(r.Context(), keys)
	if err != nil {
		p.fail(w, err)
		return
	}
	statuses := make([]deletion, len(results))
	for i, result := range results {
		statuses[i] = deletion{Success: result.Err == nil, Key: result.Key, Error: result.ItemError()}
	}
	p.answer(w, http.StatusOK, map[string]any{"statuses": statuses})
}

func (p Parts) findObjects(w http.ResponseWriter, r *http.Request) {
	search, err := readFind(r)
	if err != nil {
		p.fail(w, err)
		return
	}
	page, err := p.objects(r).Find(r.Context(), *search)
	if err != nil {
		p.fail(w, err)
		return
	}
	p.answer(w, http.StatusOK, page)
}

// readFind reads the parameters of _find.
func readFind(r *http.Request) (*saved.Search, error) {
	given, err := params(r, "type", "search", "search_fields", "default_search_operator", "sort_field", "sort_order", "page", "per_page",
		"has_reference", "has_reference_operator", "fields", "namespaces")
	if err != nil {
		return nil, err
	}
	get := r.URL.Query().Get
	s := &saved.Search{Types: given["type"], Text: get("search"), SearchFields: given["search_fields"], Fields: given["fields"], SortField: get("sort_field")}
	if len(s.Types) == 0 {
		return nil, badRequest("[request query.type]: expected at least one defined value but got [undefined]")
	}
	if s.Spaces, err = spacesOf(given["namespaces"]); err != nil {
		return nil, err
	}
	for name, rule := range map[string]struct {
		known []string
		set   *bool // whether it is the last of known
	}{
		"default_search_operator": {[]string{"", "OR", "or", "AND"}, &s.AllWords}, "has_reference_operator": {[]string{"", "OR", "AND"}, &s.AllReferences},
		"sort_order": {[]string{"", "asc", "desc"}, &s.Desc},
	} {
		value := get(name)
		if !slices.Contains(rule.known, value) {
			return nil, badRequest("[request query.%s]: [%s] is none of %s", name, value, strings.Join(rule.known[1:], ", "))
		}
		*rule.set = value == rule.known[len(rule.known)-1]
	}
	if s.Page, err = whole(get("page"), "page", 1, 1, 10_000); err != nil {
		return nil, err
	}
	if s.PerPage, err = whole(get("per_page"), "per_page", 20, 0, 10_000); err != nil {
		return nil, err
	}
	if text := get("has_reference"); text != "" {
		if err := oneOrMany([]byte(text), &s.References); err != nil {
			return nil, badRequest("[request query.has_reference]: %s", err)
		}
	}
	return s, nil
}

func whole(text, name string, otherwise, least, most int) (int, error) {
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, badRequest("[request query.%s]: expected a number from %d to %d but got [%s]", name, least, most, text)
	}
	return n, nil
}

// oneOrMany reads a list, or one value as a list of one.
func oneOrMany[T any](raw []byte, into *[]T) error {
	if strings.HasPrefix(strings.TrimSpace(string(raw)), "[") {
		return json.Unmarshal(raw, into)
	}
	var one T
	if err := json.Unmarshal(raw, &one); err != nil {
		return err
	}
	*into = []T{one}
	return nil
}
