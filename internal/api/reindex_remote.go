package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"elkhorn/internal/es"
	"elkhorn/internal/es/dates"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/es/jsonval"
	"elkhorn/internal/es/wildcard"
)

const (
	// defaultRemoteTimeout is how long another store may take to answer, and to connect, when the request does not say.
	defaultRemoteTimeout = 30 * time.Second
	// maxRemoteAnswer bounds a page of documents from another store.
	maxRemoteAnswer = 100 << 20
)

// remoteSource is documents of another store, read with a scroll over its REST API.
type remoteSource struct {
	base            *url.URL // scheme, host, port and path
	user, password  string
	headers         map[string]string
	socket, connect time.Duration
	query           []byte            // JSON, nil for all documents
	search          *es.SearchRequest // of the sweep
	client          *http.Client
	scroll          string
	begun           bool
}

func (r *remoteSource) String() string {
	return "host=" + r.base.Hostname() + " port=" + r.base.Port()
}

// readRemote reads the "remote" of a reindex's source.
func readRemote(n *jsonval.Node) (*remoteSource, error) {
	if n.Kind != jsonval.Object {
		return nil, unexpectedKind(n, "remote")
	}
	r := &remoteSource{socket: defaultRemoteTimeout, connect: defaultRemoteTimeout, headers: map[string]string{}}
	host := n.Get("host")
	if host == nil {
		return nil, eserr.IllegalArgument("[host] must be specified to reindex from a remote cluster")
	}
	var err error
	if r.base, err = url.Parse(host.Text); err != nil || r.base.Scheme == "" || r.base.Hostname() == "" || r.base.Port() == "" {
		return nil, eserr.IllegalArgument("[host] must be of the form [scheme]://[host]:[port](/[pathPrefix])? but was [%s]", host.Text)
	}
	if r.base.Scheme != "http" && r.base.Scheme != "https" {
		return nil, eserr.IllegalArgument("[host] must be http or https but was [%s]", r.base.Scheme)
	}
	var foreign []string
	for i, key := range n.Keys {
		v := &n.Items[i]
		switch key {
		case "host":
		case "username":
			r.user = v.Text
		case "password":
			r.password = v.Text
		case "headers":
			for k, name := range v.Keys {
				r.headers[name] = v.Items[k].Text
			}
		case "socket_timeout":
			r.socket, err = dates.ParseTimeValue(key, v.Text)
		case "connect_timeout":
			r.connect, err = dates.ParseTimeValue(key, v.Text)
		default:
			foreign = append(foreign, key)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(foreign) > 0 {
		return nil, eserr.IllegalArgument("Unsupported fields in [remote]: [%s]", strings.Join(foreign, ","))
	}
	return r, nil
}

// open readies the client, if the store is one that may be read from.
func (r *remoteSource) open(allowed []string) error {
	address := r.base.Hostname() + ":" + r.base.Port()
	if !slices.ContainsFunc(allowed, func(pattern string) bool { return wildcard.Match(pattern, address) }) {
		return eserr.IllegalArgument("[%s] not whitelisted in reindex.remote.whitelist", address)
	}
	dialer := net.Dialer{Timeout: max(r.connect, 0)}
	r.client = &http.Client{
		Transport: &http.Transport{DialContext: dialer.DialContext, ResponseHeaderTimeout: max(r.socket, 0), TLSHandshakeTimeout: max(r.connect, 0)},
		// An allowed store must not send us on to one that is not.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return nil
}

// next implements hitSource.
func (r *remoteSource) next(ctx context.Context, size int, keepAlive time.Duration) ([]es.Hit, int64, error) {
	keep := strconv.FormatInt(max(keepAlive.Milliseconds(), 1), 10) + "ms"
	var answer *jsonval.Node
	var err error
	if !r.begun {
		params := url.Values{"scroll": {keep}, "size": {strconv.Itoa(size)}, "version": {"true"}}
		if len(r.search.Sort) == 1 {
			params.Set("sort", "_doc") // nothing but our own tie-breaker
		}
		answer, err = r.send(ctx, http.MethodPost, "/"+url.PathEscape(strings.Join(r.search.Target.Names, ","))+"/_search?"+params.Encode(), r.searchBody())
		r.begun = true
	} else {
		answer, err = r.send(ctx, http.MethodPost, "/_search/scroll", object(func(w *jsonval.Writer) {
			w.String("scroll", keep)
			w.String("scroll_id", r.scroll)
		}))
	}
	if err != nil {
		return nil, 0, err
	}
	if id := answer.Get("_scroll_id"); id != nil {
		r.scroll = id.Text
	}
	return remoteHits(answer)
}

// searchBody is the search for the other store.
func (r *remoteSource) searchBody() []byte {
	return object(func(w *jsonval.Writer) {
		if r.query != nil {
			w.Raw("query", r.query)
		} else {
			w.Raw("query", []byte(`{"match_all":{}}`))
		}
		if f := r.search.Source; f.Includes != nil || f.Excludes != nil {
			w.Raw("_source", object(func(w *jsonval.Writer) {
				w.Strings("includes", f.Includes)
				w.Strings("excludes", f.Excludes)
			}))
		} else {
			w.Bool("_source", true)
		}
		if keys := r.search.Sort; len(keys) > 1 {
			w.Raw("sort", list(len(keys)-1, func(dst []byte, i int) []byte {
				key := jsonval.Begin(dst)
				order := "asc"
				if keys[i].Desc {
					order = "desc"
				}
				key.String(keys[i].Field, order)
				return key.End()
			}))
		}
	})
}

// remoteHits reads the documents of an answer.
func remoteHits(answer *jsonval.Node) ([]es.Hit, int64, error) {
	found := answer.Get("hits")
	if found == nil || found.Kind != jsonval.Object {
		return nil, 0, remoteFault("the answer has no hits")
	}
	var total int64
	if n := found.Get("total"); n != nil {
		if n.Kind == jsonval.Object {
			n = n.Get("value")
		}
		if n != nil {
			total, _ = n.Scalar().Int64()
		}
	}
	if shards := answer.Get("_shards"); shards != nil {
		if failed := shards.Get("failed"); failed != nil && failed.Text != "0" {
			return nil, 0, remoteFault("[%s] of its shards failed", failed.Text)
		}
	}
	inner := found.Get("hits")
	if inner == nil {
		return nil, total, nil
	}
	hits := make([]es.Hit, len(inner.Items))
	for i := range inner.Items {
		n := &inner.Items[i]
		for k, key := range n.Keys {
			v := &n.Items[k]
			switch key {
			case "_index":
				hits[i].Index = v.Text
			case "_id":
				hits[i].ID = v.Text
			case "_routing":
				hits[i].Routing = v.Text
			case "_version":
				if version, ok := v.Scalar().Int64(); ok {
					hits[i].Version = &version
				}
			case "_source":
				hits[i].Source = v.Raw
			}
		}
	}
	return hits, total, nil
}

func remoteFault(format string, args ...any) error {
	return eserr.New(http.StatusBadGateway, "remote_transport_exception", "reindex from the remote store: %s", fmt.Sprintf(format, args...))
}

// send sends one request and reads the JSON of its answer.
func (r *remoteSource) send(ctx context.Context, method, path string, body []byte) (*jsonval.Node, error) {
	target := strings.TrimSuffix(r.base.Scheme+"://"+r.base.Host+r.base.Path, "/") + path
	req, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(body))
	if err != nil {
		return nil, remoteFault("%s", err)
	}
	for name, value := range r.headers {
		req.Header.Set(name, value)
	}
	req.Header.Set("Content-Type", mediaJSON)
	if r.user != "" {
		req.SetBasicAuth(r.user, r.password)
	}
	res, err := r.client.Do(req)
	if err != nil {
		var inner *url.Error
		if errors.As(err, &inner) { // the message must not repeat what the URL may carry
			err = inner.Err
		}
		return nil, remoteFault("%s", err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, maxRemoteAnswer+1))
	switch {
	case err != nil:
		return nil, remoteFault("%s", err)
	case len(data) > maxRemoteAnswer:
		return nil, remoteFault("Remote responded with a chunk that was too large. Use a smaller batch size.")
	case res.StatusCode >= http.StatusBadRequest:
		const shown = 1000
		return nil, eserr.New(res.StatusCode, "status_exception", "method [%s], host [%s], URI [%s], status line [%s]\n%s", method, r.base.Scheme+"://"+r.base.Host, path, res.Status, data[:min(len(data), shown)])
	}
	n, err := jsonval.Parse(data)
	if err != nil {
		return nil, remoteFault("the answer is not JSON: %s", err)
	}
	return n, nil
}

// close ends the scroll. One that cannot be ended goes with its keep-alive.
func (r *remoteSource) close(ctx context.Context) {
	if r.scroll == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, defaultRemoteTimeout)
	defer cancel()
	body := object(func(w *jsonval.Writer) { w.Strings("scroll_id", []string{r.scroll}) })
	_, _ = r.send(ctx, http.MethodDelete, "/_search/scroll", body)
	r.client.CloseIdleConnections()
}
