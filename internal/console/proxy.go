package console

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Endpoint is one path of the REST API with what it takes.
type Endpoint struct {
	Path    string   `json:"path"` // variables in braces: /{index}/_search
	Methods []string `json:"methods"`
	Params  []string `json:"params,omitempty"`
	Help    string   `json:"help,omitempty"`
}

// Endpoints is what GET /api/console/endpoints answers: the REST API's own table, for completion.
type Endpoints struct {
	// Address is the host:port that the REST API listens on by itself; "" when it does not.
	Address   string     `json:"address,omitempty"`
	Endpoints []Endpoint `json:"endpoints"`
	// CommonParams are taken by every endpoint.
	CommonParams []string `json:"common_params"`
	// Queries and Aggregations are the names of what can stand in a search.
	Queries      []string `json:"queries"`
	Aggregations []string `json:"aggregations"`
}

func (p Parts) endpoints(w http.ResponseWriter, _ *http.Request) {
	answer := p.Endpoints
	if p.Address != nil {
		answer.Address = p.Address()
	}
	p.answer(w, http.StatusOK, answer)
}

// proxied are the methods that a console can send.
var proxied = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions}

// proxy answers POST /api/console/proxy?method=M&path=P as the REST API answers M P with the same body: browsers cannot send a
// GET with a body. The request stays in this process, so a path cannot lead to another server.
func (p Parts) proxy(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	method := strings.ToUpper(asked.Get("method"))
	if !slices.Contains(proxied, method) {
		p.refuse(w, http.StatusBadRequest, "[method] must be one of "+strings.Join(proxied, ", ")+", not ["+asked.Get("method")+"]")
		return
	}
	target, err := url.ParseRequestURI("/" + strings.TrimLeft(asked.Get("path"), "/"))
	if err != nil {
		p.refuse(w, http.StatusBadRequest, "[path] is no path: "+err.Error())
		return
	}
	inner := r.Clone(r.Context())
	inner.Method, inner.URL, inner.RequestURI = method, target, target.RequestURI()
	p.API.ServeHTTP(w, inner)
}
