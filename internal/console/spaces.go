package console

import (
	"cmp"
	"context"
	"net/http"
	"path"
	"slices"
	"strings"

	"elkhorn/internal/console/saved"
)

// spacePath begins the paths of pages and requests that are about another space than the default one: /s/{space}/…
const spacePath = "/s/"

type spaceKey struct{}

// spaceOf is the space that a request's path names.
func spaceOf(r *http.Request) string {
	space, _ := r.Context().Value(spaceKey{}).(string)
	return cmp.Or(space, saved.DefaultSpace)
}

// objects are those of a request's space.
func (p Parts) objects(r *http.Request) *saved.Store { return p.Saved.In(spaceOf(r)) }

// spaced takes the space off paths and remembers it. Whether there is such a space is for those to find out who need it: its pages
// come all the same, and say so.
func (p Parts) spaced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rest, ok := strings.CutPrefix(r.URL.EscapedPath(), spacePath)
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		space, rest, within := strings.Cut(rest, "/")
		rest = "/" + rest
		switch {
		case !saved.IsSpaceID(space) && isRequest(rest):
			p.fail(w, saved.NoSpace(space))
		case !saved.IsSpaceID(space):
			next.ServeHTTP(w, r)
		case !within:
			// Links of the page are relative to what ends with a slash.
			to := *r.URL
			to.Path, to.RawPath = spacePath+space+"/", ""
			http.Redirect(w, r, to.RequestURI(), http.StatusTemporaryRedirect)
		case strings.TrimSuffix(path.Clean(rest), "/") != strings.TrimSuffix(rest, "/"):
			// To be sent on to the path without dots and double slashes would lose the space.
			p.unknown(w, r)
		default:
			inside := r.WithContext(context.WithValue(r.Context(), spaceKey{}, space))
			http.StripPrefix(spacePath+space, next).ServeHTTP(w, inside)
		}
	})
}

// isRequest tells paths that programs ask from those of pages.
func isRequest(path string) bool {
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/es/")
}

// inSpace refuses requests about a space that is not there.
func (p Parts) inSpace(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := p.Saved.HasSpace(r.Context(), spaceOf(r)); err != nil {
			p.fail(w, err)
			return
		}
		next(w, r)
	}
}

// spaceRoutes are Kibana's spaces API.
func (p Parts) spaceRoutes(mux *http.ServeMux) {
	for pattern, handler := range map[string]http.HandlerFunc{
		"GET /api/spaces/space":                               p.listSpaces,
		"POST /api/spaces/space":                              p.createSpace,
		"GET /api/spaces/space/{id}":                          p.getSpace,
		"PUT /api/spaces/space/{id}":                          p.updateSpace,
		"DELETE /api/spaces/space/{id}":                       p.deleteSpace,
		"POST /api/spaces/_copy_saved_objects":                p.inSpace(p.copyObjects),
		"POST /api/spaces/_resolve_copy_saved_objects_errors": p.inSpace(p.resolveCopy),
		"POST /api/spaces/_update_objects_spaces":             p.shareObjects,
	} {
		mux.Handle(pattern, p.writesNamed(handler))
	}
}

// spacePurposes are what a list of spaces can be asked for; everybody may do all of it here.
var spacePurposes = []string{"any", "copySavedObjectsIntoSpace"}

func (p Parts) listSpaces(w http.ResponseWriter, r *http.Request) {
	given, err := params(r, "purpose")
	if purpose := given["purpose"]; err == nil && len(purpose) > 0 && !slices.Contains(spacePurposes, purpose[0]) {
		err = badRequest("[request query.purpose]: [%s] is none of %s", purpose[0], strings.Join(spacePurposes, ", "))
	}
	if err != nil {
		p.fail(w, err)
		return
	}
	spaces, err := p.Saved.Spaces(r.Context())
	if err != nil {
		p.fail(w, err)
		return
	}
	p.answer(w, http.StatusOK, spaces)
}

func (p Parts) oneSpace(w http.ResponseWriter, space *saved.Space, err error) {
	if err != nil {
		p.fail(w, err)
		return
	}
	p.answer(w, http.StatusOK, space)
}

func (p Parts) getSpace(w http.ResponseWriter, r *http.Request) {
	space, err := p.Saved.Space(r.Context(), r.PathValue("id"))
	p.oneSpace(w, space, err)
}

func (p Parts) createSpace(w http.ResponseWriter, r *http.Request) {
	var sent saved.Space
	if err := body(w, r, &sent); err != nil {
		p.fail(w, err)
		return
	}
	space, err := p.Saved.CreateSpace(r.Context(), &sent)
	p.oneSpace(w, space, err)
}

func (p Parts) updateSpace(w http.ResponseWriter, r *http.Request) {
	var sent saved.Space
	if err := body(w, r, &sent); err != nil {
		p.fail(w, err)
		return
	}
	space, err := p.Saved.UpdateSpace(r.Context(), r.PathValue("id"), &sent)
	p.oneSpace(w, space, err)
}

func (p Parts) deleteSpace(w http.ResponseWriter, r *http.Request) {
	if err := p.Saved.DeleteSpace(r.Context(), r.PathValue("id")); err != nil {
		p.fail(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// copyBody is what _copy_saved_objects is asked for.
type copyBody struct {
	Spaces            []string    `json:"spaces"`
	Objects           []saved.Key `json:"objects"`
	IncludeReferences bool        `json:"includeReferences"`
	Overwrite         bool        `json:"overwrite"`
	CreateNewCopies   *bool       `json:"createNewCopies"` // nil is true
	CompatibilityMode bool        `json:"compatibilityMode"`
}

// resolveBody is what _resolve_copy_saved_objects_errors is asked for.
type resolveBody struct {
	Objects           []saved.Key              `json:"objects"`
	IncludeReferences bool                     `json:"includeReferences"`
	CreateNewCopies   *bool                    `json:"createNewCopies"` // nil is true
	CompatibilityMode bool                     `json:"compatibilityMode"`
	Retries           map[string][]saved.Retry `json:"retries"` // by space
}

func (p Parts) copyObjects(w http.ResponseWriter, r *http.Request) {
	var asked copyBody
	err := body(w, r, &asked)
	copies := asked.CreateNewCopies == nil || *asked.CreateNewCopies
	into := map[string]saved.Import{}
	for _, space := range asked.Spaces {
		if _, twice := into[space]; twice && err == nil {
			err = badRequest("[request body.spaces]: duplicate space ids are not allowed")
		}
		into[space] = saved.Import{Overwrite: asked.Overwrite, Copies: copies}
	}
	if err == nil && copies && asked.Overwrite {
		err = badRequest("[request body]: cannot use [overwrite] with [createNewCopies], which is true unless it is given as false")
	}
	p.copyInto(w, r, asked.Objects, asked.IncludeReferences, asked.CompatibilityMode, into, err)
}

func (p Parts) resolveCopy(w http.ResponseWriter, r *http.Request) {
	var asked resolveBody
	err := body(w, r, &asked)
	into := map[string]saved.Import{}
	for space, retries := range asked.Retries {
		into[space] = saved.Import{Copies: asked.CreateNewCopies == nil || *asked.CreateNewCopies, Retries: append([]saved.Retry{}, retries...)}
	}
	p.copyInto(w, r, asked.Objects, asked.IncludeReferences, asked.CompatibilityMode, into, err)
}

// copyInto copies the objects of a request whose body has been read.
func (p Parts) copyInto(w http.ResponseWriter, r *http.Request, objects []saved.Key, deep, compatible bool, into map[string]saved.Import, err error) {
	switch {
	case err != nil:
	case compatible:
		err = badRequest("[request body.compatibilityMode]: there are no aliases for old addresses of objects here")
	case len(objects) == 0:
		err = badRequest("[request body.objects]: expected at least one object")
	}
	var done map[string]*saved.Copied
	if err == nil {
		done, err = p.objects(r).Copy(r.Context(), objects, deep, into)
	}
	if err != nil {
		p.fail(w, err)
		return
	}
	p.answer(w, http.StatusOK, done)
}

// shareObjects refuses to put one object into several spaces.
func (p Parts) shareObjects(w http.ResponseWriter, _ *http.Request) {
	p.refuse(w, http.StatusBadRequest, "an object belongs to one space here and cannot be shared; POST /api/spaces/_copy_saved_objects copies it")
}

// spacesOf reads the spaces that a list of objects is to come from; none is the request's.
func spacesOf(given []string) ([]string, error) {
	var out []string
	for _, space := range given {
		if space != "*" && !saved.IsSpaceID(space) {
			return nil, badRequest("[request query.namespaces]: [%s] is the id of no space", space)
		}
		out = append(out, space)
	}
	return out, nil
}

// spacePart are those of a request's list that are about one space, by their places in it.
type spacePart struct {
	store  *saved.Store
	places []int
}

// bySpace sorts a request's list by the spaces that its entries name in a member.
func (p Parts) bySpace(r *http.Request, member string, size int, named func(int) []string) ([]spacePart, error) {
	var out []spacePart
	known := map[string]int{} // places in out
	for i := range size {
		space := strings.Join(named(i), ",")
		n, ok := known[space]
		if !ok {
			store, err := p.storeOf(r, member, named(i))
			if err != nil {
				return nil, err
			}
			n = len(out)
			known[space] = n
			out = append(out, spacePart{store: store})
		}
		out[n].places = append(out[n].places, i)
	}
	return out, nil
}

// pick are the entries of a list at some places.
func pick[T any](list []T, places []int) []T {
	out := make([]T, len(places))
	for n, i := range places {
		out[n] = list[i]
	}
	return out
}

// storeOf are the objects of the only one of the spaces named, else of the request's.
func (p Parts) storeOf(r *http.Request, member string, spaces []string) (*saved.Store, error) {
	switch {
	case len(spaces) == 0:
		return p.objects(r), nil
	case len(spaces) > 1 || spaces[0] == "*":
		return nil, badRequest("%q can only specify a single space when used with space-isolated types", member)
	}
	if err := p.Saved.HasSpace(r.Context(), spaces[0]); err != nil {
		return nil, err
	}
	return p.Saved.In(spaces[0]), nil
}
