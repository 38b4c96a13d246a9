package api

import (
	"bytes"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
)

// maxSearches bounds the searches of one request; dashboards send some dozens.
const maxSearches = 1000

// subSearch is one pair of lines of a multi search.
type subSearch struct {
	header, body []byte
}

// msearch answers GET and POST /_msearch. A search that cannot be read refuses the whole request, as in
// Elasticsearch; those that can be read succeed or fail alone.
func (s *Server) msearch(c *call) (answer, error) {
	return s.multiSearch(c, func(item *call, body []byte) (*es.SearchRequest, error, error) {
		var n *jsonval.Node
		if len(bytes.TrimSpace(body)) > 0 {
			var err error
			if n, err = jsonval.Parse(body); err != nil {
				return nil, nil, err
			}
		}
		req, err := item.searchRequest(n)
		return req, nil, err
	})
}

// multiSearch carries out searches that read makes of the body lines; of its two errors the first is the search's own and the
// second one of the whole request.
func (s *Server) multiSearch(c *call, read func(item *call, body []byte) (req *es.SearchRequest, own, err error)) (answer, error) {
	data, err := c.readBody()
	if err != nil {
		return answer{}, err
	}
	searches, err := splitSearches(data)
	if err != nil {
		return answer{}, err
	}
	started := time.Now()
	requests := make([]*es.SearchRequest, len(searches))
	responses := make([][]byte, len(searches))
	for i := range searches {
		item, err := c.forHeader(searches[i].header)
		if err != nil {
			return answer{}, err
		}
		var own error
		if requests[i], own, err = read(item, searches[i].body); err != nil {
			return answer{}, err
		}
		if own != nil {
			responses[i] = failedSearch(own)
		}
	}
	var warned sync.Map
	var charging sync.Mutex
	slots := make(chan struct{}, max(1, min(int(c.number("max_concurrent_searches", 8)), runtime.GOMAXPROCS(0))))
	var wg sync.WaitGroup
	for i := range searches {
		if responses[i] != nil {
			continue
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if _, err := safely(s, func() (answer, error) {
				responses[i] = s.subSearch(c, requests[i], &warned)
				charging.Lock() // what they found is held until the last one is done
				defer charging.Unlock()
				return answer{}, c.charge(int64(len(responses[i])))
			}); err != nil {
				responses[i] = failedSearch(err)
			}
		})
	}
	wg.Wait()
	a := answer{body: object(func(w *jsonval.Writer) {
		w.Int("took", time.Since(started).Milliseconds())
		w.Key("responses")
		w.Value(func(dst []byte) []byte {
			return appendList(dst, len(responses), func(dst []byte, i int) []byte {
				dst, responses[i] = append(dst, responses[i]...), nil
				return dst
			})
		})
	})}
	warned.Range(func(text, _ any) bool {
		a.warnings = append(a.warnings, text.(string))
		return true
	})
	return a, nil
}

// splitSearches cuts the body into pairs of header and body lines.
func splitSearches(data []byte) ([]subSearch, error) {
	if len(data) == 0 {
		return nil, eserr.ParseException("request body is required")
	}
	if data[len(data)-1] != '\n' {
		return nil, eserr.IllegalArgument(`The msearch request must be terminated by a newline [\n]`)
	}
	lines := bytes.Split(data[:len(data)-1], []byte{'\n'})
	var searches []subSearch
	for i := 0; i < len(lines); i += 2 {
		if i == 0 && len(lines) > 1 && len(bytes.TrimSpace(lines[0])) == 0 && len(lines)%2 == 1 {
			lines = lines[1:] // a leading blank line
		}
		if i+1 == len(lines) {
			return nil, eserr.IllegalArgument("the last search of the request has a header and no body line")
		}
		searches = append(searches, subSearch{header: lines[i], body: lines[i+1]})
		if len(searches) > maxSearches {
			return nil, eserr.IllegalArgument("a multi search may have at most [%d] searches", maxSearches)
		}
	}
	return searches, nil
}

// subSearch carries out one search and prints its response or error.
func (s *Server) subSearch(c *call, req *es.SearchRequest, warned *sync.Map) []byte {
	res, err := s.store.Search(c.ctx(), req)
	if err != nil {
		s.tellPanic(err)
		if cancelled := c.cancelledTask(); cancelled != nil {
			err = cancelled
		}
		return failedSearch(err)
	}
	for _, text := range res.Warnings {
		warned.Store(text, true)
	}
	printed := c.appendSearch(nil, req, res, "")
	return append(printed[:len(printed)-1], `,"status":200}`...)
}

func failedSearch(err error) []byte { return eserr.From(err).AppendAnswer(nil) }

// forHeader is the call that a header line makes of its search: its own parameters over those of the
// whole request.
func (c *call) forHeader(header []byte) (*call, error) {
	item := &call{Server: c.Server, req: c.req, route: c.route, values: c.values, query: url.Values{}}
	for _, name := range []string{"rest_total_hits_as_int", "ignore_unavailable", "allow_no_indices", "expand_wildcards", "search_type", "routing"} {
		if c.given(name) {
			item.query.Set(name, c.text(name))
		}
	}
	if len(bytes.TrimSpace(header)) == 0 {
		return item, nil
	}
	n, err := jsonval.Parse(header)
	if err != nil {
		return nil, err
	}
	if n.Kind != jsonval.Object {
		return nil, eserr.ParsingException(n.Line, n.Col, "Expected [START_OBJECT] but found [%s]", n.Kind)
	}
	for i, key := range n.Keys {
		if err := item.headerMember(key, &n.Items[i]); err != nil {
			return nil, err
		}
	}
	return item, nil
}

func (c *call) headerMember(key string, v *jsonval.Node) error {
	switch key {
	case "index", "indices":
		names, err := stringList(v, key)
		if err != nil {
			return err
		}
		c.route = &entry{route: c.route.route, names: []string{"index"}, accepted: c.route.accepted}
		c.values = []string{strings.Join(names, ",")}
	case "ignore_unavailable", "ignoreUnavailable", "allow_no_indices", "allowNoIndices", "expand_wildcards", "expandWildcards", "search_type", "request_cache", "requestCache",
		"routing", "preference", "allow_partial_search_results":
		values, err := scalarList(v)
		if err != nil {
			return err
		}
		c.query.Set(headerParams[key], strings.Join(values, ","))
	case "type", "types", "ccs_minimize_roundtrips", "ccsMinimizeRoundtrips", "ignore_throttled", "max_concurrent_shard_requests", "project_routing":
	default:
		return eserr.IllegalArgument("key [%s] is not supported in the metadata section", key)
	}
	return nil
}

// headerParams maps the spellings of header members to the parameters they are.
var headerParams = map[string]string{
	"ignore_unavailable": "ignore_unavailable", "ignoreUnavailable": "ignore_unavailable",
	"request_cache": "request_cache", "requestCache": "request_cache",
	"allow_no_indices": "allow_no_indices", "allowNoIndices": "allow_no_indices",
	"expand_wildcards": "expand_wildcards", "expandWildcards": "expand_wildcards",
	"search_type": "search_type", "routing": "routing", "preference": "preference",
	"allow_partial_search_results": "allow_partial_search_results",
}

// scalarList reads a plain value or an array of them.
func scalarList(n *jsonval.Node) ([]string, error) {
	if n.IsScalar() {
		return []string{n.Text}, nil
	}
	return stringList(n, "header")
}
