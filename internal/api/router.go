package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// handler answers one request. An error is printed in Elasticsearch's shape.
type handler func(*Server, *call) (answer, error)

// route is one line of the table.
type route struct {
	methods string // separated by blanks
	path    string // a template: {name} stands for one segment
	handler handler
	params  string // accepted query parameters besides the common ones, separated by blanks
	help    string
	// action names what the request does where it may take long, as Elasticsearch names the action of a task; ""
	// for what is done at once.
	action string
	// note says what of Elasticsearch's endpoint is left out or answered in a fixed way.
	note string
	// own marks an endpoint that Elasticsearch has not.
	own bool
}

// router finds the route of a request in a tree of path segments.
type router struct{ root segment }

// segment is one node of the tree: what may stand in one place of a path.
type segment struct {
	literal map[string]*segment
	// variable is the {…} that may stand here; routes that meet here share its place, not its name.
	variable *segment
	byMethod map[string]*entry
	first    bool // of a path
}

// entry is a route with the names its variables have, in order.
type entry struct {
	*route
	names    []string
	accepted []string
	pool     int // of poolNames
}

func newRouter(table []route) *router {
	r := &router{root: segment{first: true}}
	for i := range table {
		r.add(&table[i])
	}
	return r
}

func (r *router) add(rt *route) {
	at, names := &r.root, []string(nil)
	for _, part := range splitPath(rt.path) {
		if !strings.HasPrefix(part, "{") {
			at = at.child(part)
			continue
		}
		names = append(names, strings.Trim(part, "{}"))
		if at.variable == nil {
			at.variable = &segment{}
		}
		at = at.variable
	}
	if at.byMethod == nil {
		at.byMethod = map[string]*entry{}
	}
	e := &entry{route: rt, names: names, accepted: strings.Fields(rt.params), pool: poolOf(rt)}
	for _, method := range strings.Fields(rt.methods) {
		at.byMethod[method] = e
	}
}

func (s *segment) child(name string) *segment {
	if s.literal == nil {
		s.literal = map[string]*segment{}
	}
	next := s.literal[name]
	if next == nil {
		next = &segment{}
		s.literal[name] = next
	}
	return next
}

// find walks the tree, literal segments first. values are those of the variables passed.
func (s *segment) find(parts, values []string) (*segment, []string) {
	if len(parts) == 0 {
		if s.byMethod == nil {
			return nil, nil
		}
		return s, values
	}
	if next := s.literal[parts[0]]; next != nil {
		if found, vs := next.find(parts[1:], values); found != nil {
			return found, vs
		}
	}
	if s.variable == nil || s.first && reserved(parts[0]) {
		return nil, nil
	}
	return s.variable.find(parts[1:], append(values, parts[0]))
}

// reserved reports whether a first segment cannot be an index: names of indices do not begin with an
// underscore, so such a path is an endpoint that does not exist.
func reserved(part string) bool {
	return strings.HasPrefix(part, "_") && part != "_all" && !strings.HasPrefix(part, "_all,")
}

// splitPath returns the non-empty segments of a path.
func splitPath(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
}

// route finds the handler of a request. When there is none it returns the answer and false.
func (s *Server) route(c *call) (answer, bool) {
	parts := splitPath(c.req.URL.EscapedPath())
	for i, part := range parts {
		plain, err := url.PathUnescape(part)
		if err != nil {
			return s.noHandler(c), false
		}
		parts[i] = plain
	}
	found, values := s.router.root.find(parts, nil)
	if found == nil {
		return s.notFound(c, parts), false
	}
	e := found.byMethod[c.req.Method]
	if e == nil {
		return s.wrongMethod(c, found), false
	}
	c.route, c.values = e, values
	return answer{}, true
}

// notFound answers a path that is not in the table. A single segment is taken for an index, which may
// not begin with an underscore.
func (s *Server) notFound(c *call, parts []string) answer {
	if len(parts) == 1 && c.req.Method != http.MethodPost {
		return c.failure(eserr.InvalidIndexName(parts[0], "must not start with '_'."))
	}
	return s.noHandler(c)
}

// noHandler answers a path that nobody has. Elasticsearch says so with a 400 whose error is text.
func (s *Server) noHandler(c *call) answer {
	body := object(func(w *jsonval.Writer) {
		w.String("error", "no handler found for uri ["+c.req.URL.RequestURI()+"] and method ["+c.req.Method+"]")
	})
	return answer{status: http.StatusBadRequest, body: body}
}

// wrongMethod answers a path that exists with other methods.
func (s *Server) wrongMethod(c *call, at *segment) answer {
	var allowed []string
	for method := range at.byMethod {
		allowed = append(allowed, method)
	}
	slices.Sort(allowed)
	list := strings.Join(allowed, ", ")
	if c.req.Method == http.MethodOptions {
		return answer{status: http.StatusOK, header: map[string]string{"Allow": strings.Join(allowed, ",")}}
	}
	body := object(func(w *jsonval.Writer) {
		w.String("error", "Incorrect HTTP method for uri ["+c.req.URL.RequestURI()+"] and method ["+c.req.Method+"], allowed: ["+list+"]")
		w.Int("status", http.StatusMethodNotAllowed)
	})
	return answer{status: http.StatusMethodNotAllowed, body: body, header: map[string]string{"Allow": list}}
}
