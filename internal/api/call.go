package api

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// call is one request on its way through the surface. It lives as long as the request.
type call struct {
	*Server
	req    *http.Request
	writer http.ResponseWriter
	route  *entry
	values []string // of the path's variables, in the order of route.names
	query  url.Values
	// compatible is the major version after compatible-with= in the Accept header, "" for none.
	compatible string
	// yamlBody: the body is YAML; yaml: so shall the answer be.
	yamlBody, yaml bool
	bodyRead       bodyState
	sent           []byte   // the body where it is an object; as long as the call lasts
	reserved       int64    // bytes taken from the body budget
	task           *task    // nil for what is done at once
	deprecated     []string // what the answer warns of
}

// answer is what a handler gives back. The zero status is 200 and the zero kind is JSON.
type answer struct {
	status int
	body   []byte
	// text says that body is plain text, to be sent as it is.
	text bool
	// failed says that body is an error, which filter_path leaves whole: who asks for some members has to see why there are none.
	failed bool
	// stream, where it is set, writes the answer event by event in place of body.
	stream   func(*eventWriter)
	header   map[string]string
	warnings []string
}

// ok answers 200 with JSON.
func ok(body []byte) (answer, error) { return answer{body: body}, nil }

// object builds one JSON object.
func object(build func(w *jsonval.Writer)) []byte {
	w := jsonval.Begin(nil)
	build(&w)
	return w.End()
}

// list builds a JSON array of n elements, each appended by add.
func list(n int, add func(dst []byte, i int) []byte) []byte { return appendList(nil, n, add) }

// appendList is list after what dst holds.
func appendList(dst []byte, n int, add func(dst []byte, i int) []byte) []byte {
	dst = append(dst, '[')
	for i := range n {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = add(dst, i)
	}
	return append(dst, ']')
}

// acknowledged answers {"acknowledged":true}.
func acknowledged() (answer, error) { return ok([]byte(`{"acknowledged":true}`)) }

// ctx is the request's context: it ends when the client goes away.
func (c *call) ctx() context.Context { return c.req.Context() }

// path returns a variable of the path, "" when this route has none of that name.
func (c *call) path(name string) string {
	for i, n := range c.route.names {
		if n == name {
			return c.values[i]
		}
	}
	return ""
}

// pathList returns a comma-separated variable of the path.
func (c *call) pathList(name string) []string { return splitList(c.path(name)) }

// splitList returns the non-empty, trimmed parts of a comma-separated list.
func splitList(text string) []string {
	var parts []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// emptyBody refuses a body that says something, for endpoints that clients of version 9 post an empty one to.
func (c *call) emptyBody(endpoint string) error {
	body, err := c.bodyObject(false)
	if err == nil && body != nil && len(body.Keys) > 0 {
		err = eserr.Unsupported("[" + body.Keys[0] + "] in the body of [" + endpoint + "]")
	}
	return err
}

// bodyObject reads the body as a JSON object. It is nil when there is no body and required is false.
func (c *call) bodyObject(required bool) (*jsonval.Node, error) {
	data, err := c.readBody()
	if err != nil {
		return nil, err
	}
	c.sent = data
	if len(data) == 0 {
		if required {
			return nil, eserr.ParseException("request body is required")
		}
		return nil, nil
	}
	n, err := jsonval.Parse(data)
	if err != nil {
		return nil, err
	}
	if n.Kind != jsonval.Object {
		return nil, eserr.ParsingException(n.Line, n.Col, "Expected [START_OBJECT] but found [%s]", n.Kind)
	}
	return n, nil
}

// members visits the members of a body by name; one that handle does not know (it returns false) is
// refused by name with the names that are known.
func members(n *jsonval.Node, what string, known []string, handle func(key string, value *jsonval.Node) (bool, error)) error {
	for i, key := range n.Keys {
		found, err := handle(key, &n.Items[i])
		if err != nil {
			return err
		}
		if !found {
			return eserr.ParseException("unknown key [%s] for %s%s", key, what, jsonval.DidYouMean(key, known))
		}
	}
	return nil
}
