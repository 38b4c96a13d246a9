package output

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"elkhorn/internal/es"
	"elkhorn/internal/es/eserr"
	"elkhorn/internal/pipeline"
	"elkhorn/internal/pipeline/dial"
	"elkhorn/internal/vfs"
)

// httpStore is a cluster elsewhere, reached by the few requests that this output needs. It goes through the
// hosts in turn, and on to the next one when a host does not answer.
type httpStore struct {
	client *http.Client
	hosts  []string
	next   atomic.Uint64
	header http.Header
}

func newHTTPStore(env *pipeline.Env, target es.DialTarget) (*httpStore, error) {
	transport := &http.Transport{MaxIdleConnsPerHost: 8, Proxy: http.ProxyFromEnvironment}
	if target.Insecure || target.CACertFile != "" {
		transport.TLSClientConfig = &tls.Config{InsecureSkipVerify: target.Insecure}
	}
	if target.CACertFile != "" {
		pool, err := readCertificates(env, target.CACertFile)
		if err != nil {
			return nil, err
		}
		transport.TLSClientConfig.RootCAs = pool
	}
	h := &httpStore{client: &http.Client{Transport: transport}, hosts: target.Hosts, header: http.Header{}}
	switch key := target.APIKey; {
	case key != "":
		if strings.Contains(key, ":") {
			key = base64.StdEncoding.EncodeToString([]byte(key))
		}
		h.header.Set("Authorization", "ApiKey "+key)
	case target.User != "":
		h.header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(target.User+":"+target.Password)))
	}
	return h, nil
}

func readCertificates(env *pipeline.Env, path string) (*x509.CertPool, error) {
	const maxBytes = 1 << 20
	pem, err := vfs.ReadFile(env.FS, path, maxBytes)
	if err != nil {
		return nil, fmt.Errorf("read certificate authority: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("certificate authority %s holds no PEM certificate", path)
	}
	return pool, nil
}

func (h *httpStore) close() error {
	h.client.CloseIdleConnections()
	return nil
}

// maxAnswerBytes bounds an answer: a bulk answer has some hundred bytes per document.
const maxAnswerBytes = 64 << 20

// send makes one request and decodes the answer into out, unless that is nil. Answers of 400 and above are *eserr.Error.
func (h *httpStore) send(ctx context.Context, method, path, contentType string, body []byte, out any) error {
	var last error
	for range h.hosts {
		host := h.hosts[h.next.Load()%uint64(len(h.hosts))]
		err := h.sendTo(ctx, host, method, path, contentType, body, out)
		var answered *eserr.Error
		if err == nil || errors.As(err, &answered) || ctx.Err() != nil {
			return err
		}
		last = err
		h.next.Add(1)
	}
	return last
}

func (h *httpStore) sendTo(ctx context.Context, host, method, path, contentType string, body []byte, out any) (err error) {
	req, err := http.NewRequestWithContext(ctx, method, host+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	for name, values := range h.header {
		req.Header[name] = values
	}
	if len(body) > 0 {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := h.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswerBytes))
	if err != nil {
		return fmt.Errorf("read the answer of %s: %w", dial.Redacted(host), err)
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return answeredError(resp.StatusCode, answer)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("read the answer of %s: %w", dial.Redacted(host), err)
	}
	return nil
}

// answeredError reads Elasticsearch's error, as an object or as a text.
func answeredError(status int, answer []byte) *eserr.Error {
	var body struct {
		Error json.RawMessage `json:"error"`
	}
	var detail struct{ Type, Reason string }
	if json.Unmarshal(answer, &body) == nil && json.Unmarshal(body.Error, &detail) == nil && detail.Type != "" {
		return eserr.New(status, detail.Type, "%s", detail.Reason)
	}
	const most = 300
	return eserr.New(status, "http_error", "status %d: %s", status, strings.ToValidUTF8(string(answer[:min(most, len(answer))]), "\ufffd"))
}

func isStatus(err error, status int, typ string) bool {
	var e *eserr.Error
	return errors.As(err, &e) && (status != 0 && e.Status == status || typ != "" && e.Type == typ)
}

func isNotFound(err error) bool {
	return isStatus(err, http.StatusNotFound, "index_not_found_exception")
}

func isExists(err error) bool { return isStatus(err, 0, "resource_already_exists_exception") }

type bulkMeta struct {
	Index    string `json:"_index"`
	ID       string `json:"_id,omitempty"`
	Routing  string `json:"routing,omitempty"`
	Pipeline string `json:"pipeline,omitempty"`
}

type bulkAnswer struct {
	Took  int64 `json:"took"`
	Items []map[string]struct {
		Index  string `json:"_index"`
		ID     string `json:"_id"`
		Status int    `json:"status"`
		Result string `json:"result"`
		Error  *struct {
			Type   string `json:"type"`
			Reason string `json:"reason"`
			Caused *struct {
				Type   string `json:"type"`
				Reason string `json:"reason"`
			} `json:"caused_by"`
		} `json:"error"`
	} `json:"items"`
}

// Bulk posts the operations to _bulk.
func (h *httpStore) Bulk(ctx context.Context, req *es.BulkRequest) (*es.BulkResponse, error) {
	var body []byte
	for i := range req.Ops {
		op := &req.Ops[i]
		meta, err := json.Marshal(map[string]bulkMeta{op.Action.String(): {op.Index, op.ID, op.Routing, op.Pipeline}})
		if err != nil {
			return nil, err
		}
		body = append(append(body, meta...), '\n')
		if op.Action != es.ActionDelete {
			body = append(append(body, op.Source...), '\n')
		}
	}
	var answer bulkAnswer
	if err := h.send(ctx, http.MethodPost, "/_bulk", "application/x-ndjson", body, &answer); err != nil {
		return nil, err
	}
	resp := &es.BulkResponse{TookMillis: answer.Took, Items: make([]es.BulkItem, 0, len(answer.Items))}
	for _, named := range answer.Items {
		for _, item := range named {
			out := es.BulkItem{Index: item.Index, ID: item.ID, Status: item.Status, Result: item.Result}
			if item.Error != nil {
				out.Err = eserr.New(item.Status, item.Error.Type, "%s", item.Error.Reason)
				if c := item.Error.Caused; c != nil {
					out.Err.CausedBy = eserr.New(item.Status, c.Type, "%s", c.Reason)
				}
			}
			resp.Items = append(resp.Items, out)
		}
	}
	return resp, nil
}

// Indices looks for one index or alias; only whether there are any counts here.
func (h *httpStore) Indices(ctx context.Context, target es.Target) ([]es.IndexInfo, error) {
	var found map[string]json.RawMessage
	if err := h.send(ctx, http.MethodGet, "/"+url.PathEscape(strings.Join(target.Names, ",")), "", nil, &found); err != nil {
		return nil, err
	}
	infos := make([]es.IndexInfo, 0, len(found))
	for name := range found {
		infos = append(infos, es.IndexInfo{Name: name})
	}
	return infos, nil
}

// objectPaths are the endpoints of the kinds of metadata that this output reads and writes.
var objectPaths = map[es.ObjectKind]string{es.KindIndexTemplate: "/_index_template/", es.KindLifecyclePolicy: "/_ilm/policy/"}

// Apply carries out the changes that prepare makes.
func (h *httpStore) Apply(ctx context.Context, change es.Change) (any, error) {
	const jsonType = "application/json"
	switch c := change.(type) {
	case *es.CreateIndex:
		body, err := json.Marshal(map[string]json.RawMessage{"settings": c.Settings, "aliases": c.Aliases})
		if err != nil {
			return nil, err
		}
		return nil, h.send(ctx, http.MethodPut, "/"+url.PathEscape(c.Name), jsonType, body, nil)
	case *es.PutObject:
		return nil, h.send(ctx, http.MethodPut, objectPaths[c.Kind]+url.PathEscape(c.Name), jsonType, c.JSON, nil)
	case *es.GetObjects:
		if err := h.send(ctx, http.MethodGet, objectPaths[c.Kind]+url.PathEscape(c.Names[0]), "", nil, nil); err != nil {
			return nil, err
		}
		return []es.Object{{Name: c.Names[0]}}, nil
	}
	return nil, fmt.Errorf("the change %T is not made by this output", change)
}
