package runtime

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"elkhorn/internal/event"
	"elkhorn/internal/ship"
	"elkhorn/internal/ship/processor"
)

// bulkEncoder prints events as operations of _bulk. They create documents, which data streams demand.
type bulkEncoder struct {
	index         *processor.Selector
	pipeline      *processor.Selector // nil for none
	inputPipeline string              // of the input, which goes before the output's
}

var (
	metaIDPath   = event.MustPath("[@metadata][_id]")
	defaultIndex = event.MustTemplate("filebeat-" + compatVersion + "-%{+yyyy.MM.dd}")
)

func (b *bulkEncoder) append(buf []byte, ev *event.Event) []byte {
	buf = append(buf, `{"create":{"_index":`...)
	buf = appendQuoted(buf, b.indexOf(ev))
	if id, ok := ev.Get(metaIDPath); ok && id.Kind() == event.String {
		buf = appendQuoted(append(buf, `,"_id":`...), id.Str())
	}
	if name := b.pipelineOf(ev); name != "" {
		buf = appendQuoted(append(buf, `,"pipeline":`...), name)
	}
	buf = append(buf, "}}\n"...)
	return append(ev.AppendJSON(buf), '\n')
}

// indexOf is the index of an event; names are in lower case, as stores want them.
func (b *bulkEncoder) indexOf(ev *event.Event) string {
	name, ok := b.index.Select(nil, ev)
	if !ok {
		name, _ = defaultIndex.Append(nil, ev)
	}
	return strings.ToLower(string(name))
}

func (b *bulkEncoder) pipelineOf(ev *event.Event) string {
	if b.inputPipeline != "" || b.pipeline == nil {
		return b.inputPipeline
	}
	name, _ := b.pipeline.Select(nil, ev)
	return string(name)
}

func appendQuoted(buf []byte, text string) []byte { return event.StringOf(text).AppendJSON(buf) }

// storeClient sends bulk requests.
type storeClient struct {
	http  *http.Client
	opts  ship.Output
	query string // of each request, with its question mark
}

func newStoreClient(opts ship.Output, dial func(context.Context, string, string) (net.Conn, error), secure *tls.Config) *storeClient {
	parameters := url.Values{}
	for _, p := range opts.Elasticsearch.Parameters {
		parameters.Set(p.Key, p.Value.Str)
	}
	c := &storeClient{opts: opts, http: &http.Client{
		Timeout: opts.Timeout,
		Transport: &http.Transport{
			DialContext: dial, TLSClientConfig: secure, MaxIdleConnsPerHost: opts.Workers, IdleConnTimeout: idleConnections,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // credentials go where they were meant to
	}}
	if len(parameters) > 0 {
		c.query = "?" + parameters.Encode()
	}
	return c
}

func (c *storeClient) close() { c.http.CloseIdleConnections() }

// idleConnections is how long a connection without requests stays open.
const idleConnections = 90 * time.Second

// maxBulkAnswerBytes bounds what an answer may take in memory.
const maxBulkAnswerBytes = 64 << 20

// errTooLarge is the answer to a request that must be cut in pieces.
var errTooLarge = errors.New("the store says that the request is too large")

// send sends one request and returns the status of each of its events, and why they were refused.
func (c *storeClient) send(ctx context.Context, host string, batch []entry) ([]bulkStatus, error) {
	body, err := c.body(batch)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, host+"/_bulk"+c.query, body)
	if err != nil {
		return nil, err
	}
	c.setHeaders(req)
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, withoutURL(err)
	}
	defer func() { _ = resp.Body.Close() }() // its bytes are read, or of no use
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxBulkAnswerBytes))
	if err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	switch {
	case resp.StatusCode == http.StatusRequestEntityTooLarge:
		return nil, errTooLarge
	case resp.StatusCode != http.StatusOK:
		const most = 300
		return nil, fmt.Errorf("the store answers %s: %.*s", resp.Status, most, bytes.TrimSpace(answer))
	}
	return readStatuses(answer, len(batch))
}

func (c *storeClient) body(batch []entry) (*bytes.Buffer, error) {
	body := &bytes.Buffer{}
	if c.opts.CompressionLevel == 0 {
		for _, e := range batch {
			body.Write(e.json)
		}
		return body, nil
	}
	w, err := gzip.NewWriterLevel(body, c.opts.CompressionLevel)
	if err != nil {
		return nil, err
	}
	for _, e := range batch {
		if _, err := w.Write(e.json); err != nil {
			return nil, err
		}
	}
	return body, w.Close()
}

func (c *storeClient) setHeaders(req *http.Request) {
	e := c.opts.Elasticsearch
	req.Header.Set("Content-Type", "application/x-ndjson")
	if c.opts.CompressionLevel > 0 {
		req.Header.Set("Content-Encoding", "gzip")
	}
	for _, h := range e.Headers {
		req.Header.Set(h.Key, h.Value.Str)
	}
	switch {
	case e.APIKey != "":
		req.Header.Set("Authorization", "ApiKey "+encodedKey(e.APIKey))
	case e.User != "":
		req.SetBasicAuth(e.User, e.Password)
	}
}

// bulkStatus is what became of one event.
type bulkStatus struct {
	code   int
	reason string // when it was refused
}

// taken says whether the event is stored. 409 means that it was stored before, under the same id.
func (s bulkStatus) taken() bool { return s.code < 300 || s.code == http.StatusConflict }

// later says whether the store may take the event another time.
func (s bulkStatus) later() bool { return s.code == http.StatusTooManyRequests || s.code >= 500 }

func readStatuses(answer []byte, want int) ([]bulkStatus, error) {
	var parsed struct {
		Items []map[string]struct {
			Status int
			Error  struct{ Type, Reason string }
		}
	}
	if err := json.Unmarshal(answer, &parsed); err != nil {
		return nil, fmt.Errorf("the answer is no answer to _bulk: %w", err)
	}
	if len(parsed.Items) != want {
		return nil, fmt.Errorf("the answer to _bulk is about %d events instead of %d", len(parsed.Items), want)
	}
	statuses := make([]bulkStatus, 0, want)
	for _, item := range parsed.Items {
		for _, result := range item {
			s := bulkStatus{code: result.Status}
			if result.Error.Type != "" {
				s.reason = result.Error.Type + ": " + result.Error.Reason
			}
			statuses = append(statuses, s)
		}
	}
	if len(statuses) != want {
		return nil, errors.New("the answer to _bulk has items without a result")
	}
	return statuses, nil
}

// sendBulks sends to one store until it fails or cannot take more for now. Events that it refuses for good are dropped with a warning.
func (w *worker) sendBulks(ctx context.Context, host string) (acked bool, _ error) {
	for {
		batch, err := w.queue.take(ctx, w.opts.BulkMaxSize)
		if err != nil {
			return acked, err
		}
		waiting, err := w.sendBulk(ctx, host, batch)
		acked = acked || len(waiting) < len(batch)
		w.giveBack(waiting)
		if err != nil {
			return acked, err
		}
	}
}

// sendBulk sends a batch, in pieces when the store wants smaller ones, and returns the events that are not settled.
func (w *worker) sendBulk(ctx context.Context, host string, batch []entry) (waiting []entry, _ error) {
	statuses, err := w.stores.send(ctx, host, batch)
	switch {
	case errors.Is(err, errTooLarge) && len(batch) > 1:
		half := len(batch) / 2
		waiting, err = w.sendBulk(ctx, host, batch[:half])
		if err != nil {
			return append(waiting, batch[half:]...), err
		}
		return w.sendBulk(ctx, host, batch[half:])
	case errors.Is(err, errTooLarge):
		w.drop(host, batch, err.Error())
		return nil, nil
	case err != nil:
		return batch, err
	}
	var done, refused []entry
	var reason, later string
	for i, s := range statuses {
		switch {
		case s.taken():
			done = append(done, batch[i])
		case s.later():
			waiting, later = append(waiting, batch[i]), s.reason
		default:
			refused, reason = append(refused, batch[i]), s.reason
		}
	}
	w.settle(done)
	w.drop(host, refused, reason)
	if len(waiting) > 0 {
		return waiting, fmt.Errorf("the store does not take %d of %d events now: %s", len(waiting), len(batch), later)
	}
	return nil, nil
}

// drop gives up events that the store will never take.
func (w *worker) drop(host string, refused []entry, reason string) {
	if len(refused) == 0 {
		return
	}
	w.logger.Warn("the store refuses events for good, they are dropped", "host", hostOnly(host), "events", len(refused), "reason", reason)
	w.counters.dropped.Add(int64(len(refused)))
	w.queue.settle(refused)
}
